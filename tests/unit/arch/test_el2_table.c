/* SPDX-License-Identifier: BSD-3-Clause */
/* EL2's own tables, walked as the hardware does it: three levels from the root, 4 KiB granule. */
#include "arch/aarch64/el2_table.h"

#include "arch/aarch64/layout.h"
#include "tests/unit/unit.h"

#define VA UINT64_C(0xffffff8012345000)
#define PA UINT64_C(0x0000000012345000)
#define BLOCK UINT64_C(0x200000)

#define ADDRESS UINT64_C(0x0000fffffffff000)
#define READ_ONLY (UINT64_C(1) << 7)
#define EL0 (UINT64_C(1) << 6)
#define NON_SECURE (UINT64_C(1) << 5)
#define GUARDED (UINT64_C(1) << 50)
#define PXN (UINT64_C(1) << 53)
#define UXN (UINT64_C(1) << 54)
#define ATTRIBUTE(pte) (((pte) >> 2) & 7)

static struct {
	char place; /* the half of the host's addresses that the tables' are in */
} here;

static const uint64_t *table_at(uint64_t pa)
{
	return (const uint64_t *)(((uintptr_t)&here & EL2_BASE) | pa);
}

/** The leaf for @va, 0: none; *@block: it is one of level 2. */
static uint64_t walk(enum el2_half half, uint64_t va, bool *block)
{
	const uint64_t *table = table_at(el2_root(half));

	*block = false;
	for (unsigned shift = 30; shift > 12; shift -= 9) {
		uint64_t entry = table[(va >> shift) % 512];

		if ((entry & 3) != 3) {
			*block = (entry & 3) == 1;
			return *block ? entry : 0;
		}
		table = table_at(entry & ADDRESS);
	}
	return (table[(va >> 12) % 512] & 3) == 3 ? table[(va >> 12) % 512] : 0;
}

static uint64_t page(uint64_t va)
{
	bool block;

	return walk(EL2_UPPER, va, &block);
}

TEST(text_is_read_executed_by_el2_alone_and_guarded)
{
	uint64_t pte = el2_page(PA, EL2_TEXT);

	CHECK_EQUAL(pte & (READ_ONLY | EL0 | PXN | UXN | GUARDED), READ_ONLY | UXN | GUARDED);
}

TEST(nothing_else_is_executed)
{
	CHECK_EQUAL(el2_page(PA, EL2_RODATA) & (READ_ONLY | EL0 | PXN | UXN),
		    READ_ONLY | PXN | UXN);
	CHECK_EQUAL(el2_page(PA, EL2_DATA) & (READ_ONLY | EL0 | PXN | UXN), PXN | UXN);
	CHECK_EQUAL(el2_page(PA, EL2_DEVICE) & (READ_ONLY | EL0 | PXN | UXN), PXN | UXN);
}

TEST(devices_are_ngnrne_memory_is_write_back_inner_shareable)
{
	CHECK_EQUAL(ATTRIBUTE(el2_page(PA, EL2_DEVICE)), 0);
	CHECK_EQUAL(ATTRIBUTE(el2_page(PA, EL2_DATA)), 1);
	CHECK_EQUAL((el2_page(PA, EL2_DATA) >> 8) & 3, 3);
}

TEST(the_address_space_is_chosen_page_by_page)
{
	CHECK_EQUAL(el2_page(PA, EL2_DATA) & NON_SECURE, 0);
	CHECK_EQUAL(el2_page_non_secure(PA, EL2_DATA), el2_page(PA, EL2_DATA) | NON_SECURE);
}

TEST(a_range_is_mapped_page_by_page_and_no_further)
{
	el2_table_init();
	CHECK(el2_map(EL2_UPPER, VA, PA, 3 * PAGE_BYTES, EL2_RODATA));

	CHECK_EQUAL(page(VA - PAGE_BYTES), 0);
	CHECK_EQUAL(page(VA), el2_page(PA, EL2_RODATA));
	CHECK_EQUAL(page(VA + 2 * PAGE_BYTES), el2_page(PA + 2 * PAGE_BYTES, EL2_RODATA));
	CHECK_EQUAL(page(VA + 3 * PAGE_BYTES), 0);
}

TEST(a_range_over_the_end_of_a_table_goes_on_in_the_next)
{
	const uint64_t va = (VA | (BLOCK - 1)) + 1 - PAGE_BYTES,
		       pa = (PA | (BLOCK - 1)) + 1 - PAGE_BYTES;

	el2_table_init();
	CHECK(el2_map(EL2_UPPER, va, pa, 2 * PAGE_BYTES, EL2_DATA));

	CHECK_EQUAL(page(va), el2_page(pa, EL2_DATA));
	CHECK_EQUAL(page(va + PAGE_BYTES), el2_page(pa + PAGE_BYTES, EL2_DATA));
	CHECK_EQUAL(page(va + 2 * PAGE_BYTES), 0);
}

TEST(blocks_are_used_where_they_fit)
{
	const uint64_t va = EL2_BASE | 0x40000000, pa = 0x40000000;
	bool block;

	el2_table_init();
	CHECK(el2_map(EL2_UPPER, va - PAGE_BYTES, pa - PAGE_BYTES, BLOCK + 2 * PAGE_BYTES,
		      EL2_DATA));

	CHECK(walk(EL2_UPPER, va - PAGE_BYTES, &block) != 0 && !block);
	CHECK_EQUAL(walk(EL2_UPPER, va, &block) & ADDRESS, pa);
	CHECK(block);
	CHECK(walk(EL2_UPPER, va + BLOCK, &block) != 0 && !block);
	CHECK_EQUAL(page(va + BLOCK + PAGE_BYTES), 0);
}

TEST(blocks_are_not_used_where_addresses_differ_within_them)
{
	const uint64_t va = EL2_BASE | 0x40000000;
	bool block;

	el2_table_init();
	CHECK(el2_map(EL2_UPPER, va, 0x40001000, BLOCK, EL2_DATA));

	CHECK_EQUAL(walk(EL2_UPPER, va, &block), el2_page(0x40001000, EL2_DATA));
	CHECK(!block);
}

TEST(the_halves_have_nothing_in_common)
{
	bool block;

	el2_table_init();
	CHECK(el2_map(EL2_IDENTITY, PA, PA, PAGE_BYTES, EL2_TEXT));

	CHECK_EQUAL(page(EL2_BASE | PA), 0);
	CHECK_EQUAL(walk(EL2_IDENTITY, PA, &block), el2_page(PA, EL2_TEXT));
}

TEST(the_table_for_a_window_is_found_again)
{
	uint64_t *table;

	el2_table_init();
	table = el2_last_table(WINDOWS_BASE + 5 * PAGE_BYTES);
	table[5] = el2_page(PA, EL2_DATA);

	CHECK_EQUAL(page(WINDOWS_BASE + 5 * PAGE_BYTES), el2_page(PA, EL2_DATA));
	CHECK(el2_last_table(WINDOWS_BASE) == table);
}

TEST(without_tables_left_mapping_fails)
{
	bool done = true;

	el2_table_init();
	for (uint64_t i = 0; i < 64 && done; i++) {
		done = el2_map(EL2_UPPER, EL2_BASE | i * BLOCK, i * BLOCK, PAGE_BYTES, EL2_DATA);
	}
	CHECK(!done);
	CHECK(el2_last_table(STACKS_BASE) == NULL);
}
