/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What EL2 sees besides its image: memory of its own for good, other people's while it copies. Permanent
 * mappings and the boot window are made at boot, on one PE; a window is one PE's business. No locks.
 *
 * Windows: each PE has its own addresses for them and no other PE ever uses these. Hence invalidation on
 * this PE is enough; what another PE may have cached of them by speculation is never used there.
 */
#include "arch/aarch64/mmu.h"
#include "arch/aarch64/boot_mmu.h"
#include "arch/aarch64/copy.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/el2_table.h"
#include "arch/aarch64/layout.h"
#include "arch/arch.h"
#include "core/assert.h"
#include "lib/string.h"

enum {
	WINDOWS_PER_PE = 2,
	PE_WINDOW_PAGES = WINDOWS_PER_PE * ARCH_WINDOW_PAGES,
};

_Static_assert(PAGE_BYTES == PAGE_SIZE, "one page size");

/* ---- addresses ---------------------------------------------------------------------------------- */

void *arch_pointer(paddr_t address)
{
	return (void *)(EL2_BASE | address.pa);
}

paddr_t arch_address(const void *pointer)
{
	return paddr((uintptr_t)pointer & ~EL2_BASE);
}

static struct page_range range_between(const char *start, const char *end)
{
	return (struct page_range){
		.base = arch_address(start),
		.page_count = (uint64_t)(end - start) / PAGE_SIZE,
	};
}

struct page_range arch_image(void)
{
	return range_between(image_start, image_end);
}

struct page_range arch_image_pool(void)
{
	return range_between(pool_start, pool_end);
}

/* ---- permanent mappings ------------------------------------------------------------------------- */

static void publish_tables(void)
{
	__asm__ volatile(
		"dsb ishst\n\tisb" ::
			: "memory"); /* new entries visible to walks, then to what follows */
}

/** See arch.h. */
void *arch_map_permanent(struct page_range range)
{
	void *pointer = arch_pointer(range.base);

	if (page_range_end(range) >> EL2_ADDRESS_BITS != 0 ||
	    !el2_map(EL2_UPPER, (uintptr_t)pointer, range.base.pa, range.page_count * PAGE_SIZE,
		     EL2_DATA)) {
		return NULL;
	}
	publish_tables();
	return pointer;
}

/* ---- windows ------------------------------------------------------------------------------------ */

/** Fills @range into consecutive entries of a last-level table. */
static void show(uint64_t *entries, struct page_range range, enum world world,
		 enum el2_access access)
{
	uint64_t pte = world == WORLD_NON_SECURE ? el2_page_non_secure(range.base.pa, access)
						 : el2_page(range.base.pa, access);

	for (uint64_t i = 0; i < range.page_count; i++) {
		entries[i] = pte + i * PAGE_SIZE;
	}
	publish_tables();
}

/** Removes @count pages at @va, seen by this PE alone. */
static void hide(uint64_t *entries, uint64_t va, uint64_t count)
{
	uint64_t page = (va >> PAGE_SHIFT) & ((UINT64_C(1) << 44) - 1);

	for (uint64_t i = 0; i < count; i++) {
		entries[i] = 0;
	}
	__asm__ volatile("dsb ishst" ::: "memory"); /* entries gone before the TLBI */
	for (uint64_t i = 0; i < count; i++) {
		__asm__ volatile("tlbi vale2, %0" ::"r"(page + i) : "memory");
	}
	__asm__ volatile("dsb nsh\n\tisb" ::: "memory"); /* complete before it is used again */
}

static size_t window_slot(const struct arch_pe *pe, enum arch_window window)
{
	return (size_t)pe->index * PE_WINDOW_PAGES + (size_t)window * ARCH_WINDOW_PAGES;
}

void mmu_init_pe(struct arch_pe *pe)
{
	pe->windows = el2_last_table(WINDOWS_BASE) + window_slot(pe, ARCH_WINDOW_SOURCE);
	memset(pe->window_pages, 0, sizeof(pe->window_pages));
}

/** See arch.h. What is copied from cannot be written. */
void *arch_window_open(struct arch_pe *pe, enum arch_window window, struct page_range range,
		       enum world world)
{
	uint64_t *entries = pe->windows + (size_t)window * ARCH_WINDOW_PAGES;

	assert(pe->window_pages[window] == 0 && range.page_count <= ARCH_WINDOW_PAGES);

	show(entries, range, world, window == ARCH_WINDOW_SOURCE ? EL2_RODATA : EL2_DATA);
	pe->window_pages[window] = (uint8_t)range.page_count;
	return (void *)(WINDOWS_BASE + window_slot(pe, window) * PAGE_SIZE);
}

void arch_window_close(struct arch_pe *pe, enum arch_window window)
{
	hide(pe->windows + (size_t)window * ARCH_WINDOW_PAGES,
	     WINDOWS_BASE + window_slot(pe, window) * PAGE_SIZE, pe->window_pages[window]);
	pe->window_pages[window] = 0;
}

/** See arch.h. What the last one showed is gone. */
const void *arch_boot_window(struct page_range range, enum world world)
{
	static uint64_t shown_count;
	uint64_t *entries = el2_last_table(BOOT_WINDOW_BASE);

	assert(range.page_count <= ARCH_BOOT_WINDOW_PAGES);

	hide(entries, BOOT_WINDOW_BASE, shown_count);
	show(entries, range, world, EL2_RODATA);
	shown_count = range.page_count;
	return (const void *)BOOT_WINDOW_BASE;
}

/* ---- contents ----------------------------------------------------------------------------------- */

/** See arch.h. */
void arch_clean(const void *pointer, size_t size)
{
	size_t line = cpu_line_size();
	uintptr_t end = (uintptr_t)pointer + size;

	for (uintptr_t at = (uintptr_t)pointer & ~(line - 1); at < end; at += line) {
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	}
	dsb_sy(); /* complete before anyone is told */
}

/** See arch.h. */
void arch_clear_page(void *page)
{
	(void)copy_zero_pages(page, PAGE_SIZE);
}

/**
 * See arch.h. With FEAT_S2FWB, which we use when it is there, secure partitions reach their memory through
 * the caches only, even with their MMU off: then there is nothing to clean.
 */
bool arch_zero(struct arch_pe *pe, struct page_range range, enum world world)
{
	bool clean = world == WORLD_NON_SECURE || !cpu_features.s2fwb;
	size_t line = cpu_line_size();
	bool done = true;

	while (range.page_count > 0 && done) {
		struct page_range step = range;
		void *window;

		if (step.page_count > ARCH_WINDOW_PAGES) {
			step.page_count = ARCH_WINDOW_PAGES;
		}
		window = arch_window_open(pe, ARCH_WINDOW_TARGET, step, world);
		done = copy_zero_pages(window, step.page_count * PAGE_SIZE) &&
		       (!clean || copy_clean_pages(window, step.page_count * PAGE_SIZE, line));
		arch_window_close(pe, ARCH_WINDOW_TARGET);
		range.base.pa += step.page_count * PAGE_SIZE;
		range.page_count -= step.page_count;
	}
	return done;
}
