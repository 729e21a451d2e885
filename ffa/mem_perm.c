/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_PERM_GET and FFA_MEM_PERM_SET (DEN0140, memory permissions of S-EL0 partitions): such a
 * partition does not own its translation tables and sets the rights of its image's parts while it
 * starts. Takes RANK_SPACE of the caller.
 */
#include "ffa/call.h"

/** Permission word of a mapping: data access in [1:0], NX in bit 2. */
static uint32_t permissions_of(unsigned map)
{
	uint32_t data = map & ARCH_MAP_WRITE  ? FFA_MEM_PERM_DATA_RW
			: map & ARCH_MAP_READ ? FFA_MEM_PERM_DATA_RO
					      : FFA_MEM_PERM_DATA_NONE;

	return data | (map & ARCH_MAP_EXECUTE ? 0 : FFA_MEM_PERM_NX);
}

/** Rights that a permission word asks for; false: not one of RO+X, RW+NX, RO+NX. */
static bool rights_of(uint32_t permissions, unsigned *rights)
{
	switch (permissions) {
	case FFA_MEM_PERM_DATA_RO:
		*rights = ARCH_MAP_READ | ARCH_MAP_EXECUTE;
		return true;
	case FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX:
		*rights = ARCH_MAP_READ | ARCH_MAP_WRITE;
		return true;
	case FFA_MEM_PERM_DATA_RO | FFA_MEM_PERM_NX:
		*rights = ARCH_MAP_READ;
		return true;
	default:
		return false;
	}
}

/** Whole pages inside the address space, or false. */
static bool make_range(uint64_t address, uint64_t page_count, struct page_range *range)
{
	if (!page_aligned(address) || address >> 48 != 0 || page_count == 0 ||
	    page_count > (((uint64_t)1 << 48) - address) >> PAGE_SHIFT) {
		return false;
	}
	*range = (struct page_range){ .base = paddr(address), .page_count = page_count };
	return true;
}

/** How many pages from where @range begins are mapped alike, at most all of them; 0: the first one is not. */
static uint64_t extent(struct space *space, struct page_range range, unsigned *map)
	REQUIRES(space -> lock)
{
	uint64_t pages = space_extent(space, ipaddr(range.base.pa), WORLD_SECURE, range.page_count,
				      map);

	return pages != 0 ? pages
			  : space_extent(space, ipaddr(range.base.pa), WORLD_NON_SECURE,
					 range.page_count, map);
}

/** How many pages from where @range begins have its first page's *@permissions; 0: there is none. */
static uint64_t alike(struct space *space, struct page_range range, uint32_t *permissions)
	REQUIRES(space -> lock)
{
	uint64_t done = 0;

	while (done < range.page_count) {
		struct page_range rest = { .base = paddr(range.base.pa + (done << PAGE_SHIFT)),
					   .page_count = range.page_count - done };
		unsigned map = 0;
		uint64_t pages = extent(space, rest, &map);

		if (pages == 0 || (done != 0 && permissions_of(map) != *permissions)) {
			break;
		}
		*permissions = permissions_of(map);
		done += pages;
	}
	return done;
}

/** How many pages GET is about: w2 + 1 from v1.3 on, where w2 is not reserved. False: no such number. */
static bool pages_asked_for(const struct call *call, uint64_t *page_count)
{
	uint32_t less_one = call_w(call, 2);

	if (less_one == UINT32_MAX || (less_one != 0 && call->version < FFA_VERSION_1_3)) {
		return false;
	}
	*page_count = (uint64_t)less_one + 1;
	return call_arg(call, 1) <= UINT64_MAX - ((*page_count << PAGE_SHIFT) - 1);
}

/**
 * FFA_INVALID_PARAMETERS  w2 (pages less one; reserved before v1.3), a range that wraps, x1 is not a page
 *                         that it has.
 * FFA_DENIED              the caller is not an S-EL0 partition that starts.
 */
enum ffa_status ffa_mem_perm_get(struct call *call)
{
	struct partition *partition = call->ctx->partition;
	struct page_range range;
	uint32_t permissions = 0;
	uint64_t page_count;

	if (!pages_asked_for(call, &page_count)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (call->refused || partition->endpoint.instance != INSTANCE_S0) {
		return FFA_DENIED;
	}
	if (!make_range(call_arg(call, 1), page_count, &range)) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&partition->space.lock);
	page_count = alike(&partition->space, range, &permissions);
	lock_release(&partition->space.lock);
	return page_count != 0 ? call_success(call, permissions, (uint32_t)(page_count - 1))
			       : FFA_INVALID_PARAMETERS;
}

/** Gives @rights to @range, which keeps all else that it is: its world, its kind. */
static enum ffa_status set_rights(struct space *space, struct page_range range, unsigned rights)
	REQUIRES(space -> lock)
{
	const unsigned foreign = ARCH_MAP_NON_SECURE | ARCH_MAP_DEVICE | ARCH_MAP_SHARED |
				 ARCH_MAP_BORROWED;
	struct space_plan plan;
	unsigned map;

	for (uint64_t done = 0; done < range.page_count;) {
		ipaddr_t at = ipaddr(range.base.pa + (done << PAGE_SHIFT));
		uint64_t run = space_extent(space, at, WORLD_SECURE, range.page_count - done, &map);

		if (run == 0 || (map & foreign) != 0) {
			return FFA_INVALID_PARAMETERS; /* only its own secure memory, no buffer */
		}
		done += run;
	}
	if (space_plan(space, range, rights, &plan) != SPACE_OK) {
		return FFA_NO_MEMORY;
	}

	space_commit(space, &plan);
	return FFA_OK;
}

/**
 * FFA_DENIED              the caller is not an S-EL0 partition.
 * FFA_INVALID_PARAMETERS  no range of pages, a right that does not exist (RW+X, none), a page that is
 *                         not there, not its own normal memory, or a buffer.
 * FFA_NO_MEMORY           no table for the split.
 */
enum ffa_status ffa_mem_perm_set(struct call *call)
{
	struct partition *partition = call->ctx->partition;
	struct page_range range;
	unsigned rights;
	enum ffa_status status;

	if (partition->endpoint.instance != INSTANCE_S0) {
		return FFA_DENIED;
	}
	if (!make_range(call_arg(call, 1), call_w(call, 2), &range) ||
	    !rights_of(call_w(call, 3), &rights)) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&partition->space.lock);
	status = set_rights(&partition->space, range, rights);
	lock_release(&partition->space.lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}
