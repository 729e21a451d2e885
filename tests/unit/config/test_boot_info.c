/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot information, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "config/config.h"

static char warning[CONFIG_SENTENCE_MAX];

static void keep_warning(void *context, enum config_level level, const char *sentence)
{
	strncpy(warning, sentence, sizeof(warning) - 1);
}

static struct config_report listening_report(void)
{
	struct config_report report = { .say = keep_warning };

	warning[0] = '\0';
	config_report_on_partition(&report, 1, "sp");
	return report;
}

/** A v1.2 partition at 0x7000000 that asks for its manifest, 0xa00 bytes at offset 0x1000. */
static struct partition_config asking_partition(void)
{
	return (struct partition_config){
		.ffa_version = FFA_VERSION_1_2,
		.exception_level = EXCEPTION_LEVEL_S_EL1,
		.vm = { .memory = { .base = { 0x7000000 }, .page_count = 256 } },
		.package = { .manifest_offset = 0x1000,
			     .manifest_size = 0xA00,
			     .image_offset = 0x4000,
			     .boot_info_size = 0x1000 },
		.gp_register = 0,
		.boot_info = true,
		.boot_info_manifest = true,
	};
}

static void manifest_is_laid_out_as_in_the_specification(void **state)
{
	static const uint8_t expected[64] = {
		0xFA, 0x0F, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x00, 0x1A, 0x00, 0x00, 0x20,
		0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x0A, 0x00, 0x00, 0x00, 0x10, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00,
	};
	struct config_report report = listening_report();
	const struct partition_config partition = asking_partition();
	uint8_t area[4096];

	memset(area, 0xEE, sizeof(area));
	assert_int_equal(boot_info_build(area, &partition, &report), 64);
	assert_memory_equal(area, expected, sizeof(expected));
	assert_int_equal(area[64], 0xEE);
	assert_string_equal(warning, "");
}

static void hob_list_comes_behind_the_manifest(void **state)
{
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[4096] = { 0 };

	partition.boot_info_hob_list = true;
	partition.package.hob_offset = 0x2000;
	partition.package.hob_size = 0x100;
	assert_int_equal(boot_info_build(area, &partition, &report), 96);
	assert_int_equal(area[8] | area[9] << 8, 0x1B00);
	assert_int_equal(area[16], 2);
	assert_int_equal(area[32 + 16], 0);
	assert_int_equal(area[64 + 16], 1);
	assert_int_equal(area[64 + 20] | area[64 + 21] << 8, 0x100);
	assert_int_equal(area[64 + 25], 0x20);
	assert_int_equal(area[64 + 27], 0x07);
}

static void a_missing_hob_list_is_named(void **state)
{
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[4096] = { 0 };

	partition.boot_info_hob_list = true;
	assert_int_equal(boot_info_build(area, &partition, &report), 64);
	assert_string_equal(warning,
			    "partition vm1 \"sp\": /boot-info: property \"hob_list\": the package "
			    "has no HOB list");
}

static void version_1_1_is_the_oldest_of_this_form(void **state)
{
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[4096] = { 0 };

	partition.ffa_version = FFA_VERSION_1_0;
	assert_int_equal(boot_info_build(area, &partition, &report), 64);
	assert_int_equal(area[4], 1);
	assert_int_equal(area[6], 1);
}

static void version_1_0_at_s_el0_gets_name_value_pairs(void **state)
{
	static const uint8_t expected[40] = {
		'F', 'F', '-', 'A', 1, 0,    0, 0, 'T', 'Y', 'P', 'E',  '_', 'D',
		'T', 0,   0,   0,   0, 0,    0, 0, 0,   0,   0,   0x10, 0,   0x07,
		0,   0,   0,   0,   0, 0x0A, 0, 0, 0,   0,   0,   0,
	};
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[4096] = { 0 };

	partition.ffa_version = FFA_VERSION_1_0;
	partition.exception_level = EXCEPTION_LEVEL_S_EL0;
	assert_int_equal(boot_info_build(area, &partition, &report), 40);
	assert_memory_equal(area, expected, sizeof(expected));
}

static void no_room_writes_nothing_and_is_named(void **state)
{
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[64] = { 0 };

	partition.package.boot_info_size = 24;
	assert_int_equal(boot_info_build(area, &partition, &report), 0);
	assert_int_equal(area[0], 0);
	assert_string_equal(
		warning, "partition vm1 \"sp\": /boot-info: no room: expected 64 bytes in front of "
			 "the manifest, there are 24");
}

static void who_does_not_ask_gets_nothing(void **state)
{
	struct config_report report = listening_report();
	struct partition_config partition = asking_partition();
	uint8_t area[4096] = { 0 };

	partition.boot_info = false;
	assert_int_equal(boot_info_build(area, &partition, &report), 0);
	partition.boot_info = true;
	partition.gp_register = CONFIG_NO_REGISTER;
	assert_int_equal(boot_info_build(area, &partition, &report), 0);
	assert_int_equal(area[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest_is_laid_out_as_in_the_specification),
		cmocka_unit_test(hob_list_comes_behind_the_manifest),
		cmocka_unit_test(a_missing_hob_list_is_named),
		cmocka_unit_test(version_1_1_is_the_oldest_of_this_form),
		cmocka_unit_test(version_1_0_at_s_el0_gets_name_value_pairs),
		cmocka_unit_test(no_room_writes_nothing_and_is_named),
		cmocka_unit_test(who_does_not_ask_gets_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
