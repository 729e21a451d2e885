/* SPDX-License-Identifier: BSD-3-Clause */
/* Containment of a range in the memory of the SPMC manifest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/partition_config.h"

static const struct memory_ranges ranges = {
	.range = { { { 0x1000 }, 1 }, { { 0x4000 }, 4 }, { { 0x10000 }, 16 } },
	.count = 3,
};

static bool contains(uint64_t base, uint64_t end)
{
	const struct page_range inner = { { base }, (end - base) >> PAGE_SHIFT };

	return memory_ranges_contain(&ranges, inner);
}

static void what_lies_in_one_range_is_contained(void **state)
{
	assert_true(contains(0x1000, 0x2000));
	assert_true(contains(0x4000, 0x8000));
	assert_true(contains(0x5000, 0x6000));
	assert_true(contains(0x10000, 0x20000));
	assert_true(contains(0x1f000, 0x20000));
}

static void what_reaches_out_is_not_contained(void **state)
{
	assert_false(contains(0, 0x1000));
	assert_false(contains(0, 0x2000));
	assert_false(contains(0x2000, 0x3000));
	assert_false(contains(0x3000, 0x5000));
	assert_false(contains(0x7000, 0x9000));
	assert_false(contains(0x4000, 0x20000));
	assert_false(contains(0x20000, 0x21000));
	assert_false(contains(0xf000, 0x11000));
}

static void nothing_is_contained_in_no_ranges(void **state)
{
	static const struct memory_ranges none;

	assert_false(memory_ranges_contain(&none, (struct page_range){ { 0x1000 }, 1 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lies_in_one_range_is_contained),
		cmocka_unit_test(what_reaches_out_is_not_contained),
		cmocka_unit_test(nothing_is_contained_in_no_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
