/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sender's side of memory transactions (DEN0140, "Memory region states"): from Owner-EA to Owner-SA or
 * Owner-NA and back. A partition's memory is marked in its own tables; what the normal world has given
 * away, or uses for buffers, is marked in a record of the same form that no PE walks.
 * Locks: RANK_SPACE of the sender; the caller holds RANK_TRANSACTION.
 */
#include "ffa/mem_owner.h"

#include "abi/ffa_memory.h"
#include "core/ns_record.h"
#include "core/space_edit.h"

enum { OVERLAP_SEARCH_MAX = 64 }; /* constituents that are all compared with each other */

/** The sender, and how its memory is found. */
struct owner {
	struct spmc *spmc;
	struct space *space;
	enum world world; /* IPA space */
	bool is_normal_world;

	/* Entries of pages of space_edit_leaf() while one map is given away. */
	uint64_t own, marked;
	uint64_t whole_base,
		whole_size; /* memory that is all like the last constituent: a node's */
};

/** The IPA space of @partition that has the page at @address. */
static enum world world_of(struct partition *partition, uint64_t address)
	REQUIRES(partition -> space.lock)
{
	unsigned map;

	return space_extent(&partition->space, ipaddr(address), WORLD_SECURE, 1, &map) != 0
		       ? WORLD_SECURE
		       : WORLD_NON_SECURE;
}

/** Finds the sender of @transaction and locks its space. */
static struct owner lock_owner(struct spmc *spmc, const struct transaction *transaction)
	NO_THREAD_SAFETY
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *first = constituent_next(&walk);
	struct partition *partition = spmc_partition(spmc, transaction->sender);
	struct owner owner = { .spmc = spmc, .is_normal_world = partition == NULL };

	if (partition == NULL) {
		owner.space = &spmc->ns_record;
		lock_acquire(&owner.space->lock);
		return owner;
	}
	owner.space = &partition->space;
	lock_acquire(&owner.space->lock);
	if (transaction->complete) {
		owner.world = transaction_world(transaction);
	} else if (first != NULL) {
		owner.world = world_of(partition, first->address);
	}
	return owner;
}

/* ---- what the sender has ------------------------------------------------------------------------ */

/** How the normal world has @range, which is in one node of the manifest; 0: not at all. */
static unsigned normal_world_map(struct owner *owner, struct page_range range)
{
	const struct spmc_config *config = owner->spmc->config;

	for (size_t i = 0; i < config->ns_memory.count; i++) {
		if (page_range_contains(config->ns_memory.range[i], range)) {
			owner->whole_base = config->ns_memory.range[i].base.pa;
			owner->whole_size = config->ns_memory.range[i].page_count << PAGE_SHIFT;
			return ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_NON_SECURE;
		}
	}
	if (memory_ranges_contain(&config->ns_devices, range)) {
		return ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_NON_SECURE | ARCH_MAP_DEVICE;
	}
	return 0;
}

/** How the sender has the prepared @range: *@map. False: not all of it alike, or not as its own alone. */
static bool has_alone(struct owner *owner, struct space_edit *edit, struct page_range range,
		      unsigned *map)
{
	if (!space_edit_alike(edit, range, map)) {
		return false;
	}
	if (owner->is_normal_world) {
		bool is_free = *map == 0;

		*map = normal_world_map(owner, range);
		return is_free && *map != 0;
	}
	return *map != 0 && (*map & (ARCH_MAP_SHARED | ARCH_MAP_BORROWED)) == 0;
}

/**
 * The same for a range that there were no tables to prepare for, as far as it can be seen without: who asks for
 * what it does not have is told that.
 */
static bool may_have_alone(struct owner *owner, struct page_range range) NO_THREAD_SAFETY
{
	unsigned map = 0;

	if (owner->is_normal_world) {
		return normal_world_map(owner, range) != 0 &&
		       space_extent(owner->space, ipaddr(range.base.pa), owner->world, 1, &map) ==
			       0;
	}
	return space_lookup(owner->space, range, owner->world, &map) &&
	       (map & (ARCH_MAP_SHARED | ARCH_MAP_BORROWED)) == 0;
}

/** How @map is recorded while it is given away. */
static unsigned marked_map(const struct owner *owner, unsigned map)
{
	return owner->is_normal_world ? NS_RECORD_TAKEN : map | ARCH_MAP_SHARED;
}

/** Readies @owner for pages that it all has as @map says. */
static void set_leaves(struct owner *owner, unsigned map)
{
	if (owner->is_normal_world) {
		owner->own = 0;
	} else {
		owner->own = space_edit_leaf(owner->space, map);
		owner->whole_size = UINT64_MAX; /* its tables say it all */
	}
	owner->marked = space_edit_leaf(owner->space, marked_map(owner, map));
}

static void unmark(const struct owner *owner, struct space_edit *edit, struct page_range range,
		   unsigned map)
{
	if (owner->is_normal_world) {
		space_edit_clear(edit, range);
	} else {
		space_edit_set(edit, range, map);
	}
}

/** Prunes what was prepared or cleared for the first @count constituents. */
static void prune(struct space_edit *edit, const struct transaction *transaction, uint32_t count)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	while (count-- > 0 && (constituent = constituent_next(&walk)) != NULL) {
		space_edit_prune(edit, constituent_range(constituent));
	}
}

/** Undoes mark() for the first @marked constituents and what was prepared for the first @prepared. */
static void undo(const struct owner *owner, struct space_edit *edit,
		 const struct transaction *transaction, uint32_t marked, uint32_t prepared)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	while (marked-- > 0 && (constituent = constituent_next(&walk)) != NULL) {
		unmark(owner, edit, constituent_range(constituent), transaction->sender_map);
	}
	prune(edit, transaction, prepared);
}

/** True when one of the first @count constituents overlaps @range; only for those who are refused. */
static bool overlaps_earlier(const struct transaction *transaction, uint32_t count,
			     struct page_range range)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	while (count-- > 0 && (constituent = constituent_next(&walk)) != NULL) {
		if (page_range_overlaps(constituent_range(constituent), range)) {
			return true;
		}
	}
	return false;
}

/**
 * True when two constituents overlap, which DEN0140 asks for before whose they are. Only for those who are
 * refused, and of long lists only for those up to the one with number @refused: time stays linear.
 */
static bool overlaps_any(const struct transaction *transaction, uint32_t refused)
{
	uint32_t count = transaction->received_count;
	struct constituent_walk walk;
	const struct constituent *constituent;

	if (count > OVERLAP_SEARCH_MAX) {
		walk = transaction_walk(transaction, refused);
		constituent = constituent_next(&walk);
		return constituent != NULL &&
		       overlaps_earlier(transaction, refused, constituent_range(constituent));
	}
	walk = transaction_walk(transaction, 0);
	for (uint32_t n = 0; (constituent = constituent_next(&walk)) != NULL; n++) {
		if (overlaps_earlier(transaction, n, constituent_range(constituent))) {
			return true;
		}
	}
	return false;
}

/** Marks one more constituent, the one with number @n. */
static enum ffa_status mark_next(struct owner *owner, struct space_edit *edit,
				 struct transaction *transaction, uint32_t n,
				 struct page_range range)
{
	enum space_result result = space_edit_prepare(edit, range);
	unsigned map = 0;

	if (result != SPACE_OK) {
		return result == SPACE_NO_MEMORY && may_have_alone(owner, range) ? FFA_NO_MEMORY
										 : FFA_DENIED;
	}
	if (!has_alone(owner, edit, range, &map) || (n > 0 && map != transaction->sender_map)) {
		return FFA_DENIED;
	}
	if (n == 0) {
		transaction->sender_map = map;
		set_leaves(owner, map);
	}
	space_edit_set(edit, range, marked_map(owner, map));
	return FFA_OK;
}

/** Marks a page like those before, where that is simple. */
static bool mark_page(const struct owner *owner, struct space_edit *edit, uint64_t address)
{
	return address - owner->whole_base < owner->whole_size &&
	       space_edit_page_swap(edit, address, owner->own, owner->marked);
}

/** Marks all constituents, or none. */
static enum ffa_status mark_all(struct owner *owner, struct space_edit *edit,
				struct transaction *transaction)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	for (uint32_t n = 0; (constituent = constituent_next(&walk)) != NULL; n++) {
		enum ffa_status status = FFA_OK;

		if (constituent->page_count != 1 || !mark_page(owner, edit, constituent->address)) {
			status = mark_next(owner, edit, transaction, n,
					   constituent_range(constituent));
		}
		if (status != FFA_OK) {
			undo(owner, edit, transaction, n, n + 1);
			return overlaps_any(transaction, n) ? FFA_INVALID_PARAMETERS : status;
		}
	}
	return FFA_OK;
}

/* ---- what may be given -------------------------------------------------------------------------- */

/** Rights of borrowers beyond the sender's own; secure memory for the normal world. */
static bool borrowers_are_allowed(const struct transaction *transaction)
{
	bool writable = (transaction->sender_map & ARCH_MAP_WRITE) != 0;
	bool secure = (transaction->sender_map & ARCH_MAP_NON_SECURE) == 0;

	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		const struct borrower *borrower = &transaction->borrowers[i];

		if ((!writable &&
		     (borrower->permissions & FFA_MEMORY_DATA_MASK) == FFA_MEMORY_DATA_RW) ||
		    (secure && (borrower->id & FFA_ID_SECURE_BIT) == 0)) {
			return false;
		}
	}
	return true;
}

/** Devices are lent, to one borrower. */
static bool kind_is_allowed(const struct transaction *transaction)
{
	return (transaction->sender_map & ARCH_MAP_DEVICE) == 0 ||
	       (transaction->kind == TRANSACTION_LEND && transaction->borrower_count == 1);
}

static bool may_be_zeroed(const struct transaction *transaction)
{
	return (transaction->flags & FFA_MEMORY_FLAG_ZERO) == 0 ||
	       transaction_can_be_zeroed(transaction);
}

/* ---- the edits ---------------------------------------------------------------------------------- */

/** Takes what was marked out of the sender's reach. */
static void hide(const struct owner *owner, struct space_edit *edit,
		 const struct transaction *transaction)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	if (owner->is_normal_world || transaction->kind == TRANSACTION_SHARE) {
		return;
	}
	while ((constituent = constituent_next(&walk)) != NULL) {
		space_edit_hide(edit, constituent_range(constituent));
	}
}

enum ffa_status mem_owner_give(struct spmc *spmc, struct transaction *transaction) NO_THREAD_SAFETY
{
	struct owner owner = lock_owner(spmc, transaction);
	struct space_edit edit = space_edit_begin(owner.space, owner.world);
	enum ffa_status status = mark_all(&owner, &edit, transaction);

	if (status == FFA_OK && !(kind_is_allowed(transaction) && may_be_zeroed(transaction) &&
				  borrowers_are_allowed(transaction))) {
		undo(&owner, &edit, transaction, transaction->received_count,
		     transaction->received_count);
		status = FFA_DENIED;
	}
	if (status == FFA_OK) {
		hide(&owner, &edit, transaction);
	}
	space_edit_end(&edit);
	lock_release(&owner.space->lock);
	return status;
}

/** Gives a page back like those before, where that is simple. */
static bool unmark_page(const struct owner *owner, struct space_edit *edit, uint64_t address)
{
	uint64_t *entry;

	if (owner->is_normal_world) {
		return space_edit_page_clear(edit, address);
	}
	entry = space_edit_entry(edit, address);
	if (entry == NULL) {
		return false;
	}
	arch_pte_write(entry, owner->own + address);
	return true;
}

void mem_owner_take_back(struct spmc *spmc, const struct transaction *transaction) NO_THREAD_SAFETY
{
	struct owner owner = lock_owner(spmc, transaction);
	struct space_edit edit = space_edit_begin(owner.space, owner.world);
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	set_leaves(&owner, transaction->sender_map);
	while ((constituent = constituent_next(&walk)) != NULL) {
		if (constituent->page_count != 1 ||
		    !unmark_page(&owner, &edit, constituent->address)) {
			unmark(&owner, &edit, constituent_range(constituent),
			       transaction->sender_map);
		}
	}
	space_edit_end(&edit);
	lock_release(&owner.space->lock);
}

void mem_owner_forget(struct spmc *spmc, const struct transaction *transaction) NO_THREAD_SAFETY
{
	struct owner owner = lock_owner(spmc, transaction);
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	if (!owner.is_normal_world) { /* whose record says that it has it no more */
		struct space_edit edit = space_edit_begin(owner.space, owner.world);

		while ((constituent = constituent_next(&walk)) != NULL) {
			space_edit_clear(&edit, constituent_range(constituent));
		}
		space_edit_end(&edit);
	}
	lock_release(&owner.space->lock);
}

bool mem_zero(struct pe *pe, const struct transaction *transaction)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	enum world world = transaction_world(transaction);
	const struct constituent *constituent;

	while ((constituent = constituent_next(&walk)) != NULL) {
		if (!arch_zero(&pe->arch, constituent_range(constituent), world)) {
			return false;
		}
	}
	return true;
}
