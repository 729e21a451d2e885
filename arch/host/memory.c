/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fake RAM and the ways EL2 reaches it. RAM is a list of regions; each page belongs to one world. Windows
 * are addresses without memory: only arch_copy_to() and its kin can use them, and only while they are open.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/host/internal.h"

enum {
	REGION_MAX = 64,
	WINDOW_COUNT = 2,
	WINDOW_SIZE = ARCH_WINDOW_PAGES * 4096,
	POOL_FIRST_PAGE = HOST_IMAGE_PAGES - HOST_POOL_PAGES,
};

struct region {
	struct page_range range;
	uint8_t *bytes;
	uint8_t *worlds; /* enum world of each page */
	bool permanent; /* EL2 has it mapped: the image, arch_map_permanent() */
};

static struct region regions[REGION_MAX];
static unsigned region_count;
static _Atomic uint64_t zeroed_pages;

/* One stretch of inaccessible addresses per thread: two windows. */
static _Thread_local uint8_t *window_space;

static struct region *region_of(uint64_t address)
{
	for (unsigned i = 0; i < region_count; i++) {
		struct region *region = &regions[i];

		if (address >= region->range.base.pa && address < page_range_end(region->range)) {
			return region;
		}
	}
	return NULL;
}

static size_t page_in(const struct region *region, uint64_t address)
{
	return (size_t)((address - region->range.base.pa) >> PAGE_SHIFT);
}

static void *map_pages(uint64_t page_count, int protection)
{
	void *pages = mmap(NULL, page_count << PAGE_SHIFT, protection,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pages == MAP_FAILED) {
		perror("host: mmap");
		abort();
	}
	return pages;
}

void memory_reset(void)
{
	for (unsigned i = 0; i < region_count; i++) {
		munmap(regions[i].bytes, regions[i].range.page_count << PAGE_SHIFT);
		free(regions[i].worlds);
	}
	region_count = 0;
	zeroed_pages = 0;
	host_memory_add(arch_image(), WORLD_SECURE);
	regions[0].permanent = true;
}

void host_memory_add(struct page_range range, enum world world)
{
	struct region *region;

	for (unsigned i = 0; i < region_count; i++) {
		if (page_range_overlaps(regions[i].range, range)) {
			host_stop("host: RAM at 0x%llx added twice",
				  (unsigned long long)range.base.pa);
		}
	}
	if (region_count == REGION_MAX) {
		host_stop("host: more than %d ranges of RAM", REGION_MAX);
	}

	region = &regions[region_count++];
	region->range = range;
	region->bytes = map_pages(range.page_count, PROT_READ | PROT_WRITE);
	region->worlds = malloc(range.page_count);
	if (region->worlds == NULL) {
		abort();
	}
	memset(region->worlds, (int)world, range.page_count);
	region->permanent = false;
}

void host_memory_move(struct page_range range, enum world world)
{
	for (uint64_t at = range.base.pa; at < page_range_end(range); at += PAGE_SIZE) {
		struct region *region = region_of(at);

		if (region == NULL) {
			host_stop("host: no RAM at 0x%llx to move", (unsigned long long)at);
		}
		region->worlds[page_in(region, at)] = (uint8_t)world;
	}
}

void *host_ram(paddr_t address)
{
	struct region *region = region_of(address.pa);

	return region == NULL ? NULL : region->bytes + (address.pa - region->range.base.pa);
}

bool host_ram_world(paddr_t address, enum world *world)
{
	const struct region *region = region_of(address.pa);

	if (region == NULL) {
		return false;
	}
	*world = (enum world)region->worlds[page_in(region, address.pa)];
	return true;
}

void *memory_at(uint64_t address, enum world world)
{
	struct region *region = region_of(address);

	if (region == NULL || region->worlds[page_in(region, address)] != (uint8_t)world) {
		return NULL;
	}
	return region->bytes + (address - region->range.base.pa);
}

uint64_t host_zeroed_pages(void)
{
	return zeroed_pages;
}

/* ---- EL2's own memory --------------------------------------------------------------------------- */

struct page_range arch_image(void)
{
	return (struct page_range){ .base = paddr(HOST_IMAGE_BASE),
				    .page_count = HOST_IMAGE_PAGES };
}

struct page_range arch_image_pool(void)
{
	return (struct page_range){ .base = paddr(HOST_IMAGE_BASE + POOL_FIRST_PAGE * PAGE_SIZE),
				    .page_count = HOST_POOL_PAGES };
}

/** The whole region becomes reachable, which is more than was asked for. */
void *arch_map_permanent(struct page_range range)
{
	struct region *region = region_of(range.base.pa);

	if (region == NULL || !page_range_contains(region->range, range)) {
		host_stop("host: 0x%llx is mapped for EL2, but not all of it is RAM",
			  (unsigned long long)range.base.pa);
	}
	region->permanent = true;
	return region->bytes + (range.base.pa - region->range.base.pa);
}

void *arch_pointer(paddr_t address)
{
	struct region *region = region_of(address.pa);

	if (region == NULL || !region->permanent) {
		host_stop("host: EL2 has not mapped 0x%llx", (unsigned long long)address.pa);
	}
	return region->bytes + (address.pa - region->range.base.pa);
}

paddr_t arch_address(const void *pointer)
{
	const uint8_t *byte = pointer;

	for (unsigned i = 0; i < region_count; i++) {
		const struct region *region = &regions[i];

		if (region->permanent && byte >= region->bytes &&
		    byte < region->bytes + (region->range.page_count << PAGE_SHIFT)) {
			return paddr(region->range.base.pa + (uint64_t)(byte - region->bytes));
		}
	}
	host_stop("host: %p is not memory of EL2", pointer);
}

const void *arch_boot_window(struct page_range range, enum world world)
{
	struct region *region = region_of(range.base.pa);

	if (range.page_count > ARCH_BOOT_WINDOW_PAGES) {
		return NULL;
	}
	if (region == NULL || !page_range_contains(region->range, range) ||
	    memory_at(range.base.pa, world) == NULL) {
		host_stop("host: no such RAM behind the boot window at 0x%llx",
			  (unsigned long long)range.base.pa);
	}
	return memory_at(range.base.pa, world);
}

void arch_clean(const void *pointer, size_t size)
{
	(void)pointer; /* the host's caches are coherent */
	(void)size;
}

bool arch_zero(struct arch_pe *pe, struct page_range range, enum world world)
{
	(void)pe;
	for (uint64_t at = range.base.pa; at < page_range_end(range); at += PAGE_SIZE) {
		void *page = memory_at(at, world);

		if (page == NULL) {
			return false;
		}
		memset(page, 0, PAGE_SIZE);
		zeroed_pages++;
	}
	return true;
}

/* ---- windows ------------------------------------------------------------------------------------ */

void *arch_window_open(struct arch_pe *pe, enum arch_window window, struct page_range range,
		       enum world world)
{
	struct host_window *open = &pe->windows[window];

	if (pe != arch_pe_self()) {
		host_stop("host: window of another PE opened");
	}
	if (open->open) {
		host_stop("host: window opened that is open already");
	}
	if (range.page_count == 0 || range.page_count > ARCH_WINDOW_PAGES) {
		host_stop("host: window of %llu pages", (unsigned long long)range.page_count);
	}

	if (window_space == NULL) {
		window_space = map_pages(WINDOW_COUNT * (uint64_t)ARCH_WINDOW_PAGES, PROT_NONE);
	}
	*open = (struct host_window){
		.open = true, .base = range.base.pa, .page_count = range.page_count, .world = world
	};
	return window_space + (size_t)window * WINDOW_SIZE;
}

void arch_window_close(struct arch_pe *pe, enum arch_window window)
{
	if (!pe->windows[window].open) {
		host_stop("host: window closed that is not open");
	}
	pe->windows[window].open = false;
}

/** RAM behind the window's address @pointer; NULL: the page is not there in that world. */
static uint8_t *behind_window(const uint8_t *pointer)
{
	struct arch_pe *pe = arch_pe_self();
	size_t offset = (size_t)(pointer - window_space);
	const struct host_window *window;

	if (window_space == NULL || pointer < window_space ||
	    offset >= (size_t)WINDOW_COUNT * WINDOW_SIZE) {
		host_stop("host: %p is not in a window", (const void *)pointer);
	}
	window = &pe->windows[offset / WINDOW_SIZE];
	offset %= WINDOW_SIZE;
	if (!window->open || offset >= window->page_count << PAGE_SHIFT) {
		host_stop("host: access behind a window that is closed or too small");
	}
	return memory_at(window->base + offset, (enum world)window->world);
}

/** A stretch of RAM behind a window that does not cross a page. */
struct piece {
	uint8_t *ram; /* NULL: not there */
	size_t size;
};

static struct piece first_piece(const uint8_t *pointer, size_t size)
{
	size_t rest = PAGE_SIZE - ((uintptr_t)pointer & PAGE_MASK);

	return (struct piece){ .ram = behind_window(pointer), .size = rest < size ? rest : size };
}

bool arch_copy_to(void *window, const void *source, size_t size)
{
	for (size_t done = 0; done < size;) {
		struct piece piece = first_piece((uint8_t *)window + done, size - done);

		if (piece.ram == NULL) {
			return false;
		}
		memcpy(piece.ram, (const uint8_t *)source + done, piece.size);
		done += piece.size;
	}
	return true;
}

bool arch_copy_from(void *target, const void *window, size_t size)
{
	for (size_t done = 0; done < size;) {
		struct piece piece = first_piece((const uint8_t *)window + done, size - done);

		if (piece.ram == NULL) {
			return false;
		}
		memcpy((uint8_t *)target + done, piece.ram, piece.size);
		done += piece.size;
	}
	return true;
}

bool arch_copy_between(void *target_window, const void *source_window, size_t size)
{
	for (size_t done = 0; done < size;) {
		struct piece piece = first_piece((const uint8_t *)source_window + done,
						 size - done);

		if (piece.ram == NULL ||
		    !arch_copy_to((uint8_t *)target_window + done, piece.ram, piece.size)) {
			return false;
		}
		done += piece.size;
	}
	return true;
}

bool arch_fill_zero(void *window, size_t size)
{
	for (size_t done = 0; done < size;) {
		struct piece piece = first_piece((uint8_t *)window + done, size - done);

		if (piece.ram == NULL) {
			return false;
		}
		memset(piece.ram, 0, piece.size);
		done += piece.size;
	}
	return true;
}

void arch_clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

bool host_windows_are_closed(const struct arch_pe *first, size_t stride, unsigned count)
{
	const uint8_t *at = (const uint8_t *)first;

	for (unsigned i = 0; i < count; i++, at += stride) {
		const struct arch_pe *pe = (const void *)at;

		if (pe->windows[ARCH_WINDOW_SOURCE].open || pe->windows[ARCH_WINDOW_TARGET].open) {
			return false;
		}
	}
	return true;
}
