/* SPDX-License-Identifier: BSD-3-Clause */
/* Packages: where their parts are found, and each way in which one can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/package.h"
#include "config/config.h"

enum {
	MEMORY_SIZE = 0x10000,
	MANIFEST = 0x1000,
	HOB = 0x2000,
	IMAGE = 0x4000,
};

struct fixture {
	uint8_t *memory;
	struct package_layout layout;
	struct config_report report;
};

static struct fixture empty_memory(void)
{
	struct fixture f = { .memory = calloc(1, MEMORY_SIZE) };

	assert_non_null(f.memory);
	config_report_on_partition(&f.report, 1, "sp");
	return f;
}

static void put(struct fixture *f, size_t offset, const void *bytes, size_t size)
{
	memcpy(f->memory + offset, bytes, size);
}

static void put_u32(struct fixture *f, size_t offset, uint32_t number)
{
	put(f, offset, &number, sizeof(number));
}

static struct fixture spkg(uint32_t version, uint32_t manifest, uint32_t manifest_size)
{
	const struct spkg_header header = { SPKG_MAGIC,    version, manifest,
					    manifest_size, IMAGE,   0x2345 };
	struct fixture f = empty_memory();

	put(&f, 0, &header, sizeof(header));
	return f;
}

static bool parse(struct fixture *f, size_t memory_size)
{
	const struct package_source source = { f->memory, memory_size, memory_size };

	return package_parse(&source, &f->layout, &f->report);
}

/** Only the first @visible_size bytes of the memory may be read. */
static bool parse_visible(struct fixture *f, size_t visible_size)
{
	uint8_t *visible = malloc(visible_size);
	const struct package_source source = { visible, visible_size, MEMORY_SIZE };
	bool accepted;

	memcpy(visible, f->memory, visible_size);
	accepted = package_parse(&source, &f->layout, &f->report);
	free(visible);
	return accepted;
}

static void expect_accepted(struct fixture *f, size_t memory_size)
{
	assert_true(parse(f, memory_size));
	assert_string_equal(f->report.error, "");
	free(f->memory);
}

static void expect_refused(struct fixture *f, size_t memory_size, const char *why)
{
	char sentence[CONFIG_SENTENCE_MAX];

	assert_false(parse(f, memory_size));
	snprintf(sentence, sizeof(sentence), "partition vm1 \"sp\": package: %s", why);
	assert_string_equal(f->report.error, sentence);
	free(f->memory);
}

static void expect_spkg_refused(size_t field, uint32_t value, const char *why)
{
	struct fixture f = spkg(2, MANIFEST, 0xA00);

	put_u32(&f, field, value);
	expect_refused(&f, MEMORY_SIZE, why);
}

static void spkg_version_2_is_accepted(void **state)
{
	struct fixture f = spkg(2, MANIFEST, 0xA00);

	expect_accepted(&f, MEMORY_SIZE);
	assert_int_equal(f.layout.manifest_offset, MANIFEST);
	assert_int_equal(f.layout.manifest_size, 0xA00);
	assert_int_equal(f.layout.image_offset, IMAGE);
	assert_int_equal(f.layout.image_size, 0x2345);
	assert_int_equal(f.layout.hob_size, 0);
	assert_int_equal(f.layout.boot_info_size, MANIFEST);
	assert_int_equal(f.layout.total_size, IMAGE + 0x2345);
}

static void spkg_version_1_is_accepted(void **state)
{
	struct fixture f = spkg(1, 24, 0xA00);

	expect_accepted(&f, MEMORY_SIZE);
	assert_int_equal(f.layout.manifest_offset, 24);
	assert_int_equal(f.layout.boot_info_size, 24);
}

static void spkg_that_just_fits_is_accepted(void **state)
{
	struct fixture f = spkg(2, MANIFEST, IMAGE - MANIFEST);

	expect_accepted(&f, IMAGE + 0x2345);
}

static void spkg_that_is_a_byte_too_long_is_refused(void **state)
{
	struct fixture f = spkg(2, MANIFEST, 0xA00);

	expect_refused(
		&f, IMAGE + 0x2344,
		"field \"img_size\" = 9029: expected an image that ends inside the partition's memory "
		"(mem_size)");
}

static void spkg_faults_are_named(void **state)
{
	expect_spkg_refused(
		0, 0,
		"field \"magic\" = 0: expected 0x474b5053 (SPKG) or 0x4a0fb10b (transfer list)");
	expect_spkg_refused(4, 0, "field \"version\" = 0: expected 1 or 2");
	expect_spkg_refused(4, 3, "field \"version\" = 3: expected 1 or 2");
	expect_spkg_refused(4, 1, "field \"pm_offset\" = 4096: expected 24 in version 1");
	expect_spkg_refused(8, 24,
			    "field \"pm_offset\" = 24: expected a multiple of 4096 in version 2");
	expect_spkg_refused(8, 0,
			    "field \"pm_offset\" = 0: expected a multiple of 4096 in version 2");
	expect_spkg_refused(
		8, 0x8000,
		"field \"pm_size\" = 2560: expected a manifest that ends before the image");
	expect_spkg_refused(12, 0, "field \"pm_size\" = 0: expected 1 or more");
	expect_spkg_refused(
		12, 0x3001,
		"field \"pm_size\" = 0x3001: expected a manifest that ends before the image");
	expect_spkg_refused(
		12, 0xFFFFFFFF,
		"field \"pm_size\" = 0xffffffff: expected a manifest that ends before the image");
	expect_spkg_refused(16, 0x4010,
			    "field \"img_offset\" = 0x4010: expected a multiple of 4096");
	expect_spkg_refused(
		16, 0xFFFFF000,
		"field \"img_size\" = 9029: expected an image that ends inside the partition's "
		"memory (mem_size)");
	expect_spkg_refused(20, 0, "field \"img_size\" = 0: expected 1 or more");
	expect_spkg_refused(
		20, 0xFFFFFFFF,
		"field \"img_size\" = 0xffffffff: expected an image that ends inside the "
		"partition's memory (mem_size)");
}

static void memory_without_room_for_a_header_is_refused(void **state)
{
	struct fixture f = empty_memory();

	expect_refused(&f, 23, "23 bytes of memory: expected room for its header");
}

static void put_entry(struct fixture *f, size_t data, uint32_t tag, uint32_t size)
{
	const struct transfer_list_entry entry = { tag | 8U << 24, size };

	put(f, data - sizeof(entry), &entry, sizeof(entry));
}

/** An entry without content that reaches from @from to the header of the entry whose data is at
 * @to. */
static void put_padding(struct fixture *f, size_t from, size_t to)
{
	put_entry(f, from + 8, TRANSFER_LIST_EMPTY, (uint32_t)(to - 16 - from));
}

static void put_hob_list(struct fixture *f)
{
	static const uint16_t handoff[4] = { 1, 56, 0, 0 }, end[4] = { 0xFFFF, 8, 0, 0 };

	put(f, HOB, handoff, sizeof(handoff));
	put(f, HOB + 56, end, sizeof(end));
}

static void set_checksum(struct fixture *f, uint32_t size)
{
	uint8_t sum = 0;

	f->memory[4] = 0;
	for (uint32_t i = 0; i < size; i++) {
		sum = (uint8_t)(sum + f->memory[i]);
	}
	f->memory[4] = (uint8_t)(0 - sum);
}

/** Manifest, HOB list and image, each on its page; the list ends with the image. */
static struct fixture transfer_list(void)
{
	const struct transfer_list_header header = { .signature = TRANSFER_LIST_SIGNATURE,
						     .version = 1,
						     .header_size = 24,
						     .alignment = 12,
						     .size = IMAGE + 0x2341,
						     .max_size = MEMORY_SIZE,
						     .flags = TRANSFER_LIST_HAS_CHECKSUM };
	struct fixture f = empty_memory();

	put(&f, 0, &header, sizeof(header));
	put_padding(&f, 24, MANIFEST);
	put_entry(&f, MANIFEST, TRANSFER_LIST_PARTITION_MANIFEST, 0xA00);
	put_padding(&f, MANIFEST + 0xA00, HOB);
	put_entry(&f, HOB, TRANSFER_LIST_HOB_LIST, 64);
	put_padding(&f, HOB + 64, IMAGE);
	put_entry(&f, IMAGE, TRANSFER_LIST_PARTITION_IMAGE, 0x2341);
	put_hob_list(&f);
	for (uint32_t i = 0; i < 0x2341; i++) {
		f.memory[IMAGE + i] = (uint8_t)(i * 7 + 255);
	}
	set_checksum(&f, header.size);
	return f;
}

static void expect_list_refused(struct fixture *f, const char *why)
{
	set_checksum(f, IMAGE + 0x2341);
	expect_refused(f, MEMORY_SIZE, why);
}

static void transfer_list_is_accepted(void **state)
{
	struct fixture f = transfer_list();

	expect_accepted(&f, MEMORY_SIZE);
	assert_int_equal(f.layout.manifest_offset, MANIFEST);
	assert_int_equal(f.layout.manifest_size, 0xA00);
	assert_int_equal(f.layout.hob_offset, HOB);
	assert_int_equal(f.layout.hob_size, 64);
	assert_int_equal(f.layout.image_offset, IMAGE);
	assert_int_equal(f.layout.image_size, 0x2341);
	assert_int_equal(f.layout.boot_info_size, 4096);
	assert_int_equal(f.layout.total_size, IMAGE + 0x2341);
}

static void transfer_list_of_all_ones_has_the_right_sum(void **state)
{
	struct fixture f = transfer_list();

	memset(f.memory + IMAGE, 0xFF, 0x2341);
	set_checksum(&f, IMAGE + 0x2341);
	expect_accepted(&f, MEMORY_SIZE);
}

static void transfer_list_without_hob_is_accepted(void **state)
{
	struct fixture f = transfer_list();

	put_entry(&f, HOB, TRANSFER_LIST_EMPTY, 64);
	set_checksum(&f, IMAGE + 0x2341);
	expect_accepted(&f, MEMORY_SIZE);
	assert_int_equal(f.layout.hob_size, 0);
}

static void transfer_list_with_foreign_entries_is_accepted(void **state)
{
	struct fixture f = transfer_list();

	put_entry(&f, HOB, TRANSFER_LIST_FDT, 64);
	set_checksum(&f, IMAGE + 0x2341);
	expect_accepted(&f, MEMORY_SIZE);
}

static void a_flipped_bit_breaks_the_checksum(void **state)
{
	struct fixture f = transfer_list();

	f.memory[IMAGE + 0x2340] ^= 0x10;
	assert_false(parse(&f, MEMORY_SIZE));
	assert_non_null(strstr(f.report.error, "package: field \"checksum\" = "));
	free(f.memory);
}

static void without_the_flag_the_checksum_does_not_count(void **state)
{
	struct fixture f = transfer_list();

	put_u32(&f, 16, 0);
	f.memory[4] = 0x77;
	expect_accepted(&f, MEMORY_SIZE);
}

static void transfer_list_header_faults_are_named(void **state)
{
	struct fixture f = transfer_list();

	f.memory[5] = 0;
	expect_list_refused(&f, "field \"version\" = 0: expected 1 or more in a transfer list");
	f = transfer_list();
	f.memory[6] = 32;
	expect_list_refused(&f, "field \"hdr_size\" = 32: expected 24");
	f = transfer_list();
	put_u32(&f, 8, MEMORY_SIZE + 1);
	expect_list_refused(
		&f,
		"field \"size\" = 0x10001: expected a list inside the partition's memory (mem_size)");
	f = transfer_list();
	put_u32(&f, 8, 23);
	expect_list_refused(&f, "field \"size\" = 23: expected 24 or more");
	f = transfer_list();
	put_u32(&f, 12, 0);
	expect_list_refused(&f, "field \"max_size\" = 0: expected no less than \"size\"");
}

static void transfer_list_entry_faults_are_named(void **state)
{
	struct fixture f = transfer_list();

	put_u32(&f, MANIFEST - 8, TRANSFER_LIST_PARTITION_MANIFEST | 4U << 24);
	expect_list_refused(&f, "field \"hdr_size of an entry\" = 4: expected 8");
	f = transfer_list();
	put_u32(&f, IMAGE - 4, 0x2342);
	expect_list_refused(
		&f, "field \"data_size of an entry\" = 9026: expected data inside the list");
	f = transfer_list();
	put_u32(&f, 24 + 4, 0xFFFFFFFF);
	expect_list_refused(
		&f, "field \"data_size of an entry\" = 0xffffffff: expected data inside the list");
	f = transfer_list();
	put_entry(&f, HOB, TRANSFER_LIST_PARTITION_MANIFEST, 64);
	expect_list_refused(&f, "field \"tag_id\" = 262: expected an entry of this tag only once");
	f = transfer_list();
	put_entry(&f, HOB, TRANSFER_LIST_PARTITION_IMAGE, 64);
	expect_list_refused(&f,
			    "field \"tag_id\" = 0: expected the image (0x103) only once, and last");
	f = transfer_list();
	put_entry(&f, MANIFEST, TRANSFER_LIST_PARTITION_MANIFEST, 0);
	expect_list_refused(&f, "field \"tag_id\" = 262: expected its data not to be empty");
	f = transfer_list();
	put_entry(&f, 24 + 8, TRANSFER_LIST_PARTITION_MANIFEST, MANIFEST - 16 - 24);
	expect_list_refused(&f, "field \"tag_id\" = 262: expected its data at a multiple of 4096");
	f = transfer_list();
	put_entry(&f, MANIFEST, TRANSFER_LIST_EMPTY, 0xA00);
	expect_list_refused(&f, "no entry with tag 0x106: expected the manifest");
	f = transfer_list();
	put_entry(&f, IMAGE, TRANSFER_LIST_EMPTY, 0x2341);
	expect_list_refused(&f, "no entry with tag 0x103: expected the image");
}

static void hob_list_faults_are_named(void **state)
{
	struct fixture f = transfer_list();

	f.memory[HOB] = 5;
	expect_list_refused(&f, "HOB list starts with type 0x5: expected 1, the hand-off block");
	f = transfer_list();
	f.memory[HOB + 2] = 4;
	expect_list_refused(
		&f, "HOB at offset 0x0 has length 4: expected a multiple of 8 inside the list");
	f = transfer_list();
	f.memory[HOB + 2] = 0;
	expect_list_refused(
		&f, "HOB at offset 0x0 has length 0: expected a multiple of 8 inside the list");
	f = transfer_list();
	f.memory[HOB + 2] = 57;
	expect_list_refused(
		&f, "HOB at offset 0x0 has length 57: expected a multiple of 8 inside the list");
	f = transfer_list();
	f.memory[HOB + 2] = 72;
	expect_list_refused(
		&f, "HOB at offset 0x0 has length 72: expected a multiple of 8 inside the list");
	f = transfer_list();
	f.memory[HOB + 56] = 4;
	expect_list_refused(&f, "HOB list does not end: expected a block of type 0xffff");
}

static void an_image_need_not_be_visible(void **state)
{
	struct fixture f = spkg(2, MANIFEST, 0xA00);

	assert_true(parse_visible(&f, MANIFEST + 0xA00));
	assert_int_equal(f.layout.image_size, 0x2345);
	free(f.memory);
	f = transfer_list();
	put_u32(&f, 16, 0);
	assert_true(parse_visible(&f, IMAGE));
	assert_int_equal(f.layout.image_size, 0x2341);
	free(f.memory);
}

static void a_manifest_must_be_visible(void **state)
{
	struct fixture f = spkg(2, MANIFEST, 0xA00);

	assert_false(parse_visible(&f, MANIFEST + 0x9FF));
	assert_string_equal(f.report.error,
			    "partition vm1 \"sp\": package: manifest ends at 0x1a00: "
			    "expected within the first 0x19ff bytes");
	free(f.memory);
}

static void headers_of_entries_must_be_visible(void **state)
{
	struct fixture f = transfer_list();

	put_u32(&f, 16, 0);
	assert_false(parse_visible(&f, IMAGE - 1));
	assert_string_equal(f.report.error,
			    "partition vm1 \"sp\": package: header of an entry ends at "
			    "0x4000: expected within the first 0x3fff bytes");
	free(f.memory);
}

static const char *heard;

static void hear(void *context, enum config_level level, const char *sentence)
{
	heard = strstr(sentence, "not checked") != NULL ? "not checked" : "something else";
}

static void the_checksum_of_a_list_that_is_not_visible_is_not_checked(void **state)
{
	struct fixture f = transfer_list();

	f.report.say = hear;
	f.memory[4] ^= 0x55;
	assert_true(parse_visible(&f, IMAGE + 0x2340));
	assert_string_equal(heard, "not checked");
	assert_false(parse_visible(&f, IMAGE + 0x2341));
	free(f.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spkg_version_2_is_accepted),
		cmocka_unit_test(spkg_version_1_is_accepted),
		cmocka_unit_test(spkg_that_just_fits_is_accepted),
		cmocka_unit_test(spkg_that_is_a_byte_too_long_is_refused),
		cmocka_unit_test(spkg_faults_are_named),
		cmocka_unit_test(memory_without_room_for_a_header_is_refused),
		cmocka_unit_test(transfer_list_is_accepted),
		cmocka_unit_test(transfer_list_of_all_ones_has_the_right_sum),
		cmocka_unit_test(transfer_list_without_hob_is_accepted),
		cmocka_unit_test(transfer_list_with_foreign_entries_is_accepted),
		cmocka_unit_test(a_flipped_bit_breaks_the_checksum),
		cmocka_unit_test(without_the_flag_the_checksum_does_not_count),
		cmocka_unit_test(transfer_list_header_faults_are_named),
		cmocka_unit_test(transfer_list_entry_faults_are_named),
		cmocka_unit_test(hob_list_faults_are_named),
		cmocka_unit_test(an_image_need_not_be_visible),
		cmocka_unit_test(a_manifest_must_be_visible),
		cmocka_unit_test(headers_of_entries_must_be_visible),
		cmocka_unit_test(the_checksum_of_a_list_that_is_not_visible_is_not_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
