/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptors are compared with values composed by hand from the Arm ARM, D8.3. */
#include "arch/aarch64/table.h"

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	R = ARCH_MAP_READ,
	W = ARCH_MAP_WRITE,
	X = ARCH_MAP_EXECUTE,
	NS = ARCH_MAP_NON_SECURE,
	DEVICE = ARCH_MAP_DEVICE,
};

#define PA UINT64_C(0x0000123440000000) /* 1 GiB aligned, 48 bits */

/* AF, SH inner. */
#define AF_ISH (UINT64_C(1) << 10 | UINT64_C(3) << 8)
#define AF (UINT64_C(1) << 10)
#define XN (UINT64_C(1) << 54)
#define PXN (UINT64_C(1) << 53)
#define NG (UINT64_C(1) << 11)

static void use_format(bool forced_write_back)
{
	table_setup(
		(struct table_format){ .forced_write_back = forced_write_back, .first_level = 1 });
}

static uint64_t stage2(unsigned map)
{
	return arch_pte_leaf(ARCH_SPACE_STAGE2, 3, paddr(PA), map);
}

static uint64_t stage1(unsigned map)
{
	return arch_pte_leaf(ARCH_SPACE_STAGE1, 3, paddr(PA), map);
}

TEST(stage_2_normal_memory_is_write_back_inner_shareable)
{
	use_format(false);
	CHECK_EQUAL(stage2(R | W | X), PA | 3 | UINT64_C(0xf) << 2 | UINT64_C(3) << 6 | AF_ISH);
	CHECK_EQUAL(stage2(R | W), PA | 3 | UINT64_C(0xf) << 2 | UINT64_C(3) << 6 | AF_ISH | XN);
	CHECK_EQUAL(stage2(R), PA | 3 | UINT64_C(0xf) << 2 | UINT64_C(1) << 6 | AF_ISH | XN);
	CHECK_EQUAL(stage2(W), PA | 3 | UINT64_C(0xf) << 2 | UINT64_C(2) << 6 | AF_ISH | XN);
}

TEST(stage_2_forces_write_back_where_the_machine_can)
{
	use_format(true);
	CHECK_EQUAL(stage2(R | X), PA | 3 | UINT64_C(6) << 2 | UINT64_C(1) << 6 | AF_ISH);
}

TEST(stage_2_device_memory_is_ngnrne_and_never_executable)
{
	use_format(true);
	CHECK_EQUAL(stage2(R | W | DEVICE), PA | 3 | UINT64_C(3) << 6 | AF | XN);
	CHECK_EQUAL(stage2(R | W | X | DEVICE), PA | 3 | UINT64_C(3) << 6 | AF | XN);
}

TEST(stage_2_non_secure_memory_is_marked_by_a_software_bit_and_never_executable)
{
	use_format(true);
	CHECK_EQUAL(stage2(R | X | NS),
		    PA | 3 | UINT64_C(6) << 2 | UINT64_C(1) << 6 | AF_ISH | XN | UINT64_C(1) << 56);
}

TEST(stage_1_pages_are_the_users_not_global_and_never_privileged_code)
{
	use_format(true);
	CHECK_EQUAL(stage1(R | W), PA | 3 | 1 << 2 | 1 << 6 | AF_ISH | NG | PXN | XN);
	CHECK_EQUAL(stage1(R), PA | 3 | 1 << 2 | 3 << 6 | AF_ISH | NG | PXN | XN);
	CHECK_EQUAL(stage1(R | X), PA | 3 | 1 << 2 | 3 << 6 | AF_ISH | NG | PXN);
}

TEST(stage_1_device_memory_has_attribute_index_0_and_is_never_executable)
{
	use_format(true);
	CHECK_EQUAL(stage1(R | W | X | DEVICE), PA | 3 | 1 << 6 | AF | NG | PXN | XN);
}

TEST(stage_1_non_secure_memory_has_the_ns_bit_and_is_never_executable)
{
	use_format(true);
	CHECK_EQUAL(stage1(R | X | NS), PA | 3 | 1 << 2 | 1 << 5 | 3 << 6 | AF_ISH | NG | PXN | XN);
}

TEST(blocks_differ_from_pages_by_their_type_alone)
{
	for (unsigned level = 1; level <= 2; level++) {
		uint64_t block = arch_pte_leaf(ARCH_SPACE_STAGE2, level, paddr(PA), R | W);

		CHECK_EQUAL(block, (stage2(R | W) & ~UINT64_C(3)) | 1);
		CHECK(arch_pte_is_leaf(block, level));
		CHECK(!arch_pte_is_table(block, level));
		CHECK_EQUAL(arch_pte_address(block, level).pa, PA);
	}
}

TEST(the_leaf_of_the_memory_behind_is_larger_by_the_size)
{
	uint64_t low = UINT64_C(0x7fffc0000000); /* the carry goes through many bits */

	for (unsigned level = 1; level <= 3; level++) {
		uint64_t size = UINT64_C(1) << (12 + 9 * (3 - level));
		uint64_t leaf = arch_pte_leaf(ARCH_SPACE_STAGE2, level, paddr(low), R | W);

		CHECK_EQUAL(leaf + size,
			    arch_pte_leaf(ARCH_SPACE_STAGE2, level, paddr(low + size), R | W));
	}
}

TEST(a_table_entry_is_a_table_above_the_last_level_only)
{
	uint64_t pte = arch_pte_table(paddr(0x80001000));

	CHECK_EQUAL(pte, 0x80001003);
	for (unsigned level = 0; level <= 2; level++) {
		CHECK(arch_pte_is_table(pte, level));
		CHECK(!arch_pte_is_leaf(pte, level));
		CHECK_EQUAL(arch_pte_address(pte, level).pa, 0x80001000);
	}
	CHECK(!arch_pte_is_table(pte, 3));
}

TEST(level_0_has_no_blocks_and_the_last_level_no_other_type_than_page)
{
	CHECK(!arch_pte_is_leaf(PA | 1, 0));
	CHECK(!arch_pte_is_table(PA | 1, 0));
	CHECK(!arch_pte_is_leaf(PA | 1, 3));
}

TEST(an_entry_of_zero_is_nothing_at_any_level)
{
	for (unsigned level = 0; level <= 3; level++) {
		CHECK(!arch_pte_is_leaf(0, level));
		CHECK(!arch_pte_is_table(0, level));
	}
}

TEST(every_combination_of_attributes_reads_back_as_what_was_granted)
{
	use_format(true);
	for (unsigned kind = ARCH_SPACE_STAGE2; kind <= ARCH_SPACE_STAGE1; kind++) {
		for (unsigned map = 1; map < 0x20; map++) {
			unsigned granted = map;

			if ((map & (R | W | X)) == 0) {
				continue;
			}
			granted &= (map & (NS | DEVICE)) != 0 ? ~(unsigned)X : ~0U;
			granted |= kind == ARCH_SPACE_STAGE1 ? (unsigned)R : 0;
			for (unsigned level = 1; level <= 3; level++) {
				uint64_t pte = arch_pte_leaf((enum arch_space_kind)kind, level,
							     paddr(PA), map);

				CHECK_EQUAL(arch_pte_map((enum arch_space_kind)kind, pte, level),
					    granted);
			}
		}
	}
}

TEST(a_hidden_entry_is_invalid_and_comes_back_as_it_was_without_the_hint)
{
	uint64_t page = stage2(R), block = arch_pte_leaf(ARCH_SPACE_STAGE2, 2, paddr(0), R);
	uint64_t table = arch_pte_table(paddr(0x1000));

	CHECK_EQUAL(arch_pte_hide(page) & 1, 0);
	CHECK_EQUAL(arch_pte_hide(block) & 1, 0);
	CHECK_EQUAL(arch_pte_reveal(arch_pte_hide(page)), page);
	CHECK_EQUAL(arch_pte_reveal(arch_pte_hide(block)), block);
	CHECK_EQUAL(arch_pte_reveal(arch_pte_hide(table)), table);
	CHECK_EQUAL(arch_pte_reveal(arch_pte_hide(page | ARCH_PTE_CONTIGUOUS)), page);
	CHECK_EQUAL(arch_pte_reveal(page), page);
	CHECK_EQUAL(arch_pte_hide(0), 0);
	CHECK_EQUAL(arch_pte_reveal(0), 0);
}

TEST(the_machine_decides_where_tables_start)
{
	table_setup((struct table_format){ .first_level = 0 });
	CHECK_EQUAL(arch_space_first_level(), 0);
	table_setup((struct table_format){ .first_level = 1 });
	CHECK_EQUAL(arch_space_first_level(), 1);
}
