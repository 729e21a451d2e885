/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of device trees: what it yields, and that no malformed tree gets past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "config/dt.h"
#include "tests/unit/config/dtb.h"

/** /{ a = <7>; empty; one@1 { b = "x"; inner { }; }; two { }; } */
static struct dtb sample(void)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_number(&dtb, "a", 7);
	dtb_property(&dtb, "empty", NULL, 0);
	dtb_begin(&dtb, "one@1");
	dtb_text(&dtb, "b", "x");
	dtb_begin(&dtb, "inner");
	dtb_end_node(&dtb);
	dtb_end_node(&dtb);
	dtb_begin(&dtb, "two");
	dtb_end_node(&dtb);
	dtb_end_node(&dtb);
	return dtb;
}

/** Reads all of a tree two levels deep and skips the rest, as the parsers do; true when it was
 * sound. */
static bool read_all(const uint8_t *blob, size_t size, struct config_report *report)
{
	struct dt_property property;
	struct dt dt;

	config_report_on_spmc(report);
	if (!dt_open(&dt, blob, size, report)) {
		return false;
	}
	while (dt_property(&dt, &property)) {
	}
	while (dt_enter(&dt)) {
		while (dt_property(&dt, &property)) {
		}
		dt_leave(&dt);
	}
	return dt_close(&dt);
}

static void expect_fault(struct dtb *dtb, const char *sentence)
{
	struct config_report report = { 0 };
	size_t size;
	uint8_t *blob = dtb_finish(dtb, &size);

	assert_false(read_all(blob, size, &report));
	assert_string_equal(report.error, sentence);
	free(blob);
}

static void expect_header_fault(uint32_t field, uint32_t value, const char *why)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);
	char sentence[CONFIG_SENTENCE_MAX];

	dtb_put(blob + field, value);
	assert_false(read_all(blob, size, &report));
	config_text(sentence, sizeof(sentence),
		    "spmc manifest: /: malformed device tree at offset 0x0: %s", why);
	assert_string_equal(report.error, sentence);
	free(blob);
}

static void reads_properties_then_nodes_in_order(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	struct dt_property property;
	struct dt dt;
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);
	char path[DT_PATH_MAX];

	assert_true(dt_open(&dt, blob, size, &report));
	assert_true(dt_property(&dt, &property));
	assert_string_equal(property.name, "a");
	assert_int_equal(property.size, 4);
	assert_int_equal(dt_u32(property.value), 7);
	assert_true(dt_property(&dt, &property));
	assert_string_equal(property.name, "empty");
	assert_int_equal(property.size, 0);
	assert_false(dt_property(&dt, &property));
	assert_true(dt_enter(&dt));
	assert_string_equal(dt_name(&dt), "one@1");
	assert_true(dt_property(&dt, &property));
	assert_true(dt_enter(&dt));
	dt_path(&dt, path);
	assert_string_equal(path, "/one@1/inner");
	assert_false(dt_enter(&dt));
	dt_leave(&dt);
	dt_leave(&dt);
	assert_true(dt_enter(&dt));
	assert_string_equal(dt_name(&dt), "two");
	dt_leave(&dt);
	assert_false(dt_enter(&dt));
	assert_true(dt_close(&dt));
	free(blob);
}

static void leaves_what_was_not_read(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	struct dt_property property;
	struct dt dt;
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);

	assert_true(dt_open(&dt, blob, size, &report));
	while (dt_property(&dt, &property)) {
	}
	assert_true(dt_enter(&dt));
	dt_leave(&dt);
	assert_true(dt_enter(&dt));
	assert_string_equal(dt_name(&dt), "two");
	dt_leave(&dt);
	assert_true(dt_close(&dt));
	free(blob);
}

static void nops_are_skipped_everywhere(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = { 0 };
	size_t size;
	uint8_t *blob;

	dtb_cell(&dtb, DTB_TOKEN_NOP);
	dtb_begin(&dtb, "");
	dtb_cell(&dtb, DTB_TOKEN_NOP);
	dtb_number(&dtb, "a", 7);
	dtb_cell(&dtb, DTB_TOKEN_NOP);
	dtb_begin(&dtb, "one");
	dtb_cell(&dtb, DTB_TOKEN_NOP);
	dtb_end_node(&dtb);
	dtb_cell(&dtb, DTB_TOKEN_NOP);
	dtb_end_node(&dtb);
	dtb_cell(&dtb, DTB_TOKEN_NOP);
	blob = dtb_finish(&dtb, &size);

	assert_true(read_all(blob, size, &report));
	free(blob);
}

static void deep_nodes_are_skipped_but_not_entered(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = { 0 };
	struct dt dt;
	size_t size;
	uint8_t *blob;

	for (int i = 0; i < 40; i++) {
		dtb_begin(&dtb, "n");
	}
	for (int i = 0; i < 40; i++) {
		dtb_end_node(&dtb);
	}
	blob = dtb_finish(&dtb, &size);

	assert_true(read_all(blob, size, &report));

	assert_true(dt_open(&dt, blob, size, &report));
	while (dt_enter(&dt)) {
	}
	assert_true(dt.faulty);
	assert_non_null(strstr(report.error, "nodes nested too deep"));
	free(blob);
}

static void a_long_path_is_cut(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = { 0 };
	struct dt dt;
	size_t size;
	uint8_t *blob;
	char name[100], path[DT_PATH_MAX];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	dtb_begin(&dtb, "");
	dtb_begin(&dtb, name);
	dtb_begin(&dtb, name);
	dtb_begin(&dtb, name);
	for (int i = 0; i < 4; i++) {
		dtb_end_node(&dtb);
	}
	blob = dtb_finish(&dtb, &size);

	assert_true(dt_open(&dt, blob, size, &report));
	assert_true(dt_enter(&dt) && dt_enter(&dt) && dt_enter(&dt));
	dt_path(&dt, path);
	assert_int_equal(strlen(path), DT_PATH_MAX - 1);
	free(blob);
}

static void header_faults_are_found(void **state)
{
	expect_header_fault(0, 0, "FDT_ERR_BADMAGIC");
	expect_header_fault(20, 16, "expected format version 17");
	expect_header_fault(24, 18, "FDT_ERR_BADVERSION");
	expect_header_fault(4, 0x1000, "larger than the memory that holds it");
	expect_header_fault(4, 0xFFFFFFFF, "FDT_ERR_TRUNCATED");
	expect_header_fault(8, 4, "FDT_ERR_TRUNCATED");
	expect_header_fault(8, 58, "expected a structure block at a multiple of 4");
	expect_header_fault(8, 0xFFFFFFFC, "FDT_ERR_TRUNCATED");
	expect_header_fault(36, 0xFFFFFFFC, "FDT_ERR_TRUNCATED");
	expect_header_fault(12, 4, "FDT_ERR_TRUNCATED");
	expect_header_fault(12, 0xFFFFFFFF, "FDT_ERR_TRUNCATED");
	expect_header_fault(32, 0xFFFFFFFF, "FDT_ERR_TRUNCATED");
	expect_header_fault(16, 0xFFFFFFFF, "FDT_ERR_TRUNCATED");
}

static void every_shorter_blob_is_a_fault(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);

	for (size_t shorter = 0; shorter < size; shorter++) {
		uint8_t *copy = malloc(shorter + 1);

		memcpy(copy, blob, shorter);
		assert_false(read_all(copy, shorter, &report));
		free(copy);
	}
	free(blob);
}

static void every_shorter_structure_is_a_fault(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);

	for (uint32_t shorter = 0; shorter < dtb.structure_size; shorter++) {
		dtb_put(blob + 36, shorter);
		assert_false(read_all(blob, size, &report));
	}
	free(blob);
}

static void an_unaligned_blob_is_a_fault(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = sample();
	size_t size;
	uint8_t *blob = dtb_finish(&dtb, &size);
	uint8_t *copy = malloc(size + 2);

	memcpy(copy + 2, blob, size);
	assert_false(read_all(copy + 2, size, &report));
	free(copy);
	free(blob);
}

static void a_property_behind_a_subnode_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_begin(&dtb, "one");
	dtb_end_node(&dtb);
	dtb_number(&dtb, "a", 7);
	dtb_end_node(&dtb);
	expect_fault(
		&dtb,
		"spmc manifest: /: malformed device tree at offset 0x14: a property behind a subnode");
}

static void an_unknown_token_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_cell(&dtb, 5);
	dtb_end_node(&dtb);
	expect_fault(&dtb,
		     "spmc manifest: /: malformed device tree at offset 0x8: FDT_ERR_BADSTRUCTURE");
}

static void a_second_root_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_end_node(&dtb);
	dtb_begin(&dtb, "");
	dtb_end_node(&dtb);
	expect_fault(
		&dtb,
		"spmc manifest: /: malformed device tree at offset 0xc: expected the end of the tree");
}

static void a_tree_without_root_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	expect_fault(&dtb,
		     "spmc manifest: /: malformed device tree at offset 0x0: expected a root node");
}

static void a_property_that_is_too_long_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_number(&dtb, "a", 7);
	dtb_put(dtb.structure + 12, 0xFFFFFFFF);
	dtb_end_node(&dtb);
	expect_fault(&dtb,
		     "spmc manifest: /: malformed device tree at offset 0x8: FDT_ERR_BADSTRUCTURE");
}

static void a_property_that_ends_a_byte_too_late_is_a_fault(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = { 0 };
	size_t size;
	uint8_t *blob;

	dtb_begin(&dtb, "");
	dtb_number(&dtb, "a", 7);
	blob = dtb_finish(&dtb, &size);
	dtb_put(blob + 36, 8 + 12 + 3);

	assert_false(read_all(blob, size, &report));
	assert_string_equal(report.error, "spmc manifest: /: malformed device tree at offset 0x8: "
					  "FDT_ERR_BADSTRUCTURE");
	free(blob);
}

static void a_property_name_outside_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_number(&dtb, "a", 7);
	dtb_put(dtb.structure + 16, 2);
	dtb_end_node(&dtb);
	expect_fault(&dtb,
		     "spmc manifest: /: malformed device tree at offset 0x8: FDT_ERR_BADOFFSET");
}

static void a_property_name_without_end_is_a_fault(void **state)
{
	struct dtb dtb = { 0 };

	dtb_begin(&dtb, "");
	dtb_number(&dtb, "a", 7);
	dtb.strings[1] = 'b';
	dtb_end_node(&dtb);
	expect_fault(&dtb,
		     "spmc manifest: /: malformed device tree at offset 0x8: FDT_ERR_TRUNCATED");
}

static void a_node_name_without_end_is_a_fault(void **state)
{
	struct config_report report = { 0 };
	struct dtb dtb = { 0 };
	size_t size;
	uint8_t *blob;

	dtb_cell(&dtb, DTB_TOKEN_BEGIN);
	dtb_cell(&dtb, 0x61616161);
	blob = dtb_finish(&dtb, &size);
	dtb_put(blob + 36, 8);

	assert_false(read_all(blob, size, &report));
	assert_string_equal(
		report.error,
		"spmc manifest: /: malformed device tree at offset 0x0: FDT_ERR_BADSTRUCTURE");
	free(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_properties_then_nodes_in_order),
		cmocka_unit_test(leaves_what_was_not_read),
		cmocka_unit_test(nops_are_skipped_everywhere),
		cmocka_unit_test(deep_nodes_are_skipped_but_not_entered),
		cmocka_unit_test(a_long_path_is_cut),
		cmocka_unit_test(header_faults_are_found),
		cmocka_unit_test(every_shorter_blob_is_a_fault),
		cmocka_unit_test(every_shorter_structure_is_a_fault),
		cmocka_unit_test(an_unaligned_blob_is_a_fault),
		cmocka_unit_test(a_property_behind_a_subnode_is_a_fault),
		cmocka_unit_test(an_unknown_token_is_a_fault),
		cmocka_unit_test(a_second_root_is_a_fault),
		cmocka_unit_test(a_tree_without_root_is_a_fault),
		cmocka_unit_test(a_property_that_is_too_long_is_a_fault),
		cmocka_unit_test(a_property_that_ends_a_byte_too_late_is_a_fault),
		cmocka_unit_test(a_property_name_outside_is_a_fault),
		cmocka_unit_test(a_property_name_without_end_is_a_fault),
		cmocka_unit_test(a_node_name_without_end_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
