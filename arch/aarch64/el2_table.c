/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EL2's own stage-1 tables (Arm ARM, D8.3): 4 KiB granule, from a fixed set of table pages. The code runs
 * before the MMU is on, where the image is seen at its physical address, and later, where it is seen in
 * the upper half: in both, a table's address is that of the set with other low bits. No locks: boot only.
 */
#include "arch/aarch64/el2_table.h"

#include <stdatomic.h>
#include <stddef.h>

#include "arch/aarch64/layout.h"
#include "arch/aarch64/memory_attributes.h"
#include "arch/aarch64/registers.h"
#include "platform.h"

#define PTE_BLOCK UINT64_C(1)
#define PTE_PAGE UINT64_C(3)
#define PTE_TABLE UINT64_C(3)
#define PTE_NON_SECURE REG_BIT(5)
#define PTE_READ_ONLY REG_BIT(7)
#define PTE_INNER_SHAREABLE (UINT64_C(3) << 8)
#define PTE_ACCESSED REG_BIT(10)
#define PTE_GUARDED REG_BIT(50)
#define PTE_PXN REG_BIT(53)
#define PTE_UXN REG_BIT(54)
#define PTE_ADDRESS UINT64_C(0x0000fffffffff000)

enum {
	ENTRY_COUNT = 512,
	LAST_LEVEL = 3,
	BLOCK_LEVEL = 2, /* the largest leaf used: 2 MiB */
	TABLE_COUNT = 24,
};

_Static_assert(EL2_ADDRESS_BITS == 39, "the upper half starts at level 1");

/* Not in BSS: written before that is cleared. */
struct table_set {
	_Alignas(PAGE_BYTES) uint64_t entry[TABLE_COUNT][ENTRY_COUNT];
	uint64_t used;
	uint64_t *root[2]; /* by enum el2_half; low bits only mean something */
};

static const uint8_t first_level[] = {
	[EL2_UPPER] = 1,
	[EL2_IDENTITY] = PLATFORM_ADDRESS_BITS > 39 ? 0 : 1,
};

static struct table_set tables __attribute__((section(".early")));

static uint64_t physical(const void *pointer)
{
	return (uintptr_t)pointer & ~EL2_BASE;
}

/** Where the table at @pa is seen now. */
static uint64_t *visible(uint64_t pa)
{
	return (uint64_t *)(((uintptr_t)&tables & EL2_BASE) | pa);
}

static uint64_t *take_table(void)
{
	uint64_t *table;

	if (tables.used == TABLE_COUNT) {
		return NULL;
	}
	table = tables.entry[tables.used++];
	for (size_t i = 0; i < ENTRY_COUNT; i++) {
		((volatile uint64_t *)table)[i] =
			0; /* volatile: no memset() before there are caches */
	}
	return table;
}

static unsigned level_shift(unsigned level)
{
	return 12 + 9 * (LAST_LEVEL - level);
}

static uint64_t attributes(enum el2_access access)
{
	uint64_t normal = PTE_ACCESSED | PTE_UXN | PTE_INNER_SHAREABLE |
			  (uint64_t)MEMORY_NORMAL << 2;

	if (access == EL2_TEXT) {
		return normal | PTE_READ_ONLY | PTE_GUARDED;
	}
	if (access == EL2_RODATA) {
		return normal | PTE_READ_ONLY | PTE_PXN;
	}
	if (access == EL2_DATA) {
		return normal | PTE_PXN;
	}
	return PTE_ACCESSED | PTE_UXN | PTE_PXN | (uint64_t)MEMORY_DEVICE << 2;
}

uint64_t el2_page(uint64_t pa, enum el2_access access)
{
	return PTE_PAGE | attributes(access) | pa;
}

uint64_t el2_page_non_secure(uint64_t pa, enum el2_access access)
{
	return el2_page(pa, access) | PTE_NON_SECURE;
}

/** The entry for @va at @level of @half, with tables made on the way; NULL: none left. */
static uint64_t *entry_for(enum el2_half half, uint64_t va, unsigned level)
{
	uint64_t *table = visible(physical(tables.root[half]));
	unsigned at = first_level[half];

	for (;; at++) {
		uint64_t *entry = &table[(va >> level_shift(at)) % ENTRY_COUNT];

		if (at == level) {
			return entry;
		}
		if (*entry == 0) {
			uint64_t *next = take_table();

			if (next == NULL) {
				return NULL;
			}
			atomic_thread_fence(memory_order_release); /* a walk finds it zeroed */
			*entry = physical(next) | PTE_TABLE;
		}
		table = visible(*entry & PTE_ADDRESS);
	}
}

/** Fills pages into one last-level table, up to its end; returns how many bytes that were. */
static uint64_t fill_pages(uint64_t *entry, uint64_t pa, uint64_t size, enum el2_access access)
{
	uint64_t pte = el2_page(pa, access);
	uint64_t done = 0;

	do {
		*entry++ = pte + done;
		done += PAGE_BYTES;
	} while (done < size && ((uintptr_t)entry & (PAGE_BYTES - 1)) != 0);
	return done;
}

bool el2_map(enum el2_half half, uint64_t va, uint64_t pa, uint64_t size, enum el2_access access)
{
	const uint64_t block = UINT64_C(1) << level_shift(BLOCK_LEVEL);

	while (size > 0) {
		bool fits = ((va | pa) & (block - 1)) == 0 && size >= block;
		uint64_t *entry = entry_for(half, va, fits ? BLOCK_LEVEL : LAST_LEVEL);
		uint64_t step = block;

		if (entry == NULL) {
			return false;
		}
		if (fits) {
			*entry = PTE_BLOCK | attributes(access) | pa;
		} else {
			step = fill_pages(entry, pa, size, access);
		}
		va += step;
		pa += step;
		size -= step;
	}
	return true;
}

uint64_t *el2_last_table(uint64_t va)
{
	const uint64_t block = UINT64_C(1) << level_shift(BLOCK_LEVEL);

	return entry_for(EL2_UPPER, va & ~(block - 1), LAST_LEVEL);
}

uint64_t el2_root(enum el2_half half)
{
	return physical(tables.root[half]);
}

void el2_table_init(void)
{
	tables.used = 0;
	tables.root[EL2_UPPER] = take_table();
	tables.root[EL2_IDENTITY] = take_table();
}
