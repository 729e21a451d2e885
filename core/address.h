/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses, security states and page counts. Wrapped so that a physical address is never taken for an
 * intermediate physical or an EL0 virtual one by accident.
 */
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT 12U
#define PAGE_SIZE ((size_t)1 << PAGE_SHIFT)
#define PAGE_MASK ((uint64_t)PAGE_SIZE - 1)

typedef struct {
	uint64_t pa;
} paddr_t;

/* Address as a partition uses it: IPA of an S-EL1, VA of an S-EL0 partition. */
typedef struct {
	uint64_t ipa;
} ipaddr_t;

/** Physical address space a page belongs to. */
enum world {
	WORLD_SECURE,
	WORLD_NON_SECURE,
};

/** Whole pages from @base; [base, base + page_count * PAGE_SIZE) does not wrap. */
struct page_range {
	paddr_t base;
	uint64_t page_count;
};

static inline paddr_t paddr(uint64_t pa)
{
	return (paddr_t){ .pa = pa };
}

static inline ipaddr_t ipaddr(uint64_t ipa)
{
	return (ipaddr_t){ .ipa = ipa };
}

static inline bool page_aligned(uint64_t address)
{
	return (address & PAGE_MASK) == 0;
}

/** First address behind @range; 0 never happens for a checked range. */
static inline uint64_t page_range_end(struct page_range range)
{
	return range.base.pa + (range.page_count << PAGE_SHIFT);
}

static inline bool page_range_overlaps(struct page_range a, struct page_range b)
{
	return a.base.pa < page_range_end(b) && b.base.pa < page_range_end(a);
}

static inline bool page_range_contains(struct page_range outer, struct page_range inner)
{
	return outer.base.pa <= inner.base.pa && page_range_end(inner) <= page_range_end(outer);
}

#endif
