/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mapping and unmapping RX/TX buffers (DEN0077A, "RX/TX buffer management"): FFA_RXTX_MAP, FFA_RXTX_UNMAP.
 * The SPMC does not keep them mapped in EL2: it opens a window while it copies (buffer.c). Who may write
 * RX is rx.c's.
 * Locks: of the normal world RANK_VM_TABLE, then of the endpoint RANK_TX and RANK_RX, then RANK_SPACE of a
 * partition.
 */
#include "ffa/rxtx.h"

#define RXTX_PAGE_COUNT_MASK 0x3FU
#define UNMAP_ID(w1) ((uint16_t)((w1) >> 16))
#define UNMAP_RESERVED 0xFFFFU

bool rxtx_make_pair(uint64_t tx, uint64_t rx, uint32_t page_count, struct rxtx_pair *pair)
{
	if (!page_aligned(tx) || !page_aligned(rx) || page_count == 0 ||
	    page_count > SPMC_RXTX_PAGES_MAX || (tx | rx) >> 48 != 0) {
		return false;
	}
	pair->tx = (struct page_range){ .base = paddr(tx), .page_count = page_count };
	pair->rx = (struct page_range){ .base = paddr(rx), .page_count = page_count };
	return !page_range_overlaps(pair->tx, pair->rx);
}

/** Puts @pair into the mailbox of @owner. */
static void enter(struct mailbox *mailbox, uint16_t owner, const struct rxtx_pair *pair,
		  enum world world, unsigned map_before)
	REQUIRES(mailbox -> tx_lock, mailbox->rx_lock)
{
	mailbox->tx = pair->tx;
	mailbox->rx = pair->rx;
	mailbox->world = world;
	mailbox->map_before = map_before;
	mailbox->owner = owner;
	mailbox_set_rx_state(mailbox, RX_EMPTY);
	mailbox->mapped = true;
}

/* ---- partitions --------------------------------------------------------------------------------- */

/** How @range of the calling partition is mapped: alike throughout, in one of its two spaces. */
static bool own_memory(struct partition *partition, struct page_range range, unsigned *map)
	REQUIRES(partition -> space.lock)
{
	return space_lookup(&partition->space, range, WORLD_SECURE, map) ||
	       space_lookup(&partition->space, range, WORLD_NON_SECURE, map);
}

/** TX must be the partition's normal memory that it can write, RX one that it can read; both alike secure. */
static bool may_map(struct partition *partition, const struct rxtx_pair *pair, unsigned *map)
	REQUIRES(partition -> space.lock)
{
	unsigned tx, rx;

	if (!own_memory(partition, pair->tx, &tx) || !own_memory(partition, pair->rx, &rx)) {
		return false;
	}
	*map = rx;
	return (tx & ARCH_MAP_WRITE) && (rx & ARCH_MAP_READ) && !((tx | rx) & ARCH_MAP_DEVICE) &&
	       (tx & ARCH_MAP_NON_SECURE) == (rx & ARCH_MAP_NON_SECURE);
}

/**
 * Checks the buffers against the caller's memory; an S-EL0 partition may only read its RX buffer from now
 * on. *@map: how RX was mapped before.
 */
static enum ffa_status claim_pages(struct partition *partition, const struct rxtx_pair *pair,
				   unsigned *map)
{
	enum ffa_status status = FFA_OK;
	struct space_plan plan;

	lock_acquire(&partition->space.lock);
	if (!may_map(partition, pair, map)) {
		status = FFA_INVALID_PARAMETERS;
	} else if (partition->endpoint.instance == INSTANCE_S0) {
		unsigned read_only = *map & ~(unsigned)(ARCH_MAP_WRITE | ARCH_MAP_EXECUTE);

		if (space_plan(&partition->space, pair->rx, read_only, &plan) == SPACE_OK) {
			space_commit(&partition->space, &plan);
		} else {
			status = FFA_NO_MEMORY;
		}
	}
	lock_release(&partition->space.lock);
	return status;
}

static enum ffa_status map_partition(const struct call *call)
{
	struct partition *partition = call->ctx->partition;
	struct mailbox *mailbox = &partition->endpoint.mailbox;
	struct rxtx_pair pair;
	enum ffa_status status;
	unsigned map = 0;

	mailbox_lock(mailbox);
	if (mailbox->mapped) {
		status = FFA_DENIED;
	} else if (!rxtx_make_pair(call->x[1], call->x[2], call_w(call, 3), &pair)) {
		status = FFA_INVALID_PARAMETERS;
	} else {
		status = claim_pages(partition, &pair, &map);
		if (status == FFA_OK) {
			enter(mailbox, partition->endpoint.id, &pair,
			      map & ARCH_MAP_NON_SECURE ? WORLD_NON_SECURE : WORLD_SECURE, map);
		}
	}
	mailbox_unlock(mailbox);
	return status;
}

/* ---- the normal world --------------------------------------------------------------------------- */

static bool pairs_overlap(const struct mailbox *mailbox, const struct rxtx_pair *pair)
{
	return page_range_overlaps(mailbox->tx, pair->tx) ||
	       page_range_overlaps(mailbox->tx, pair->rx) ||
	       page_range_overlaps(mailbox->rx, pair->tx) ||
	       page_range_overlaps(mailbox->rx, pair->rx);
}

/** True when a page of @pair is another endpoint's buffer. */
static bool is_taken(const struct vm_table *vms, const struct rxtx_pair *pair) REQUIRES(vms -> lock)
{
	for (unsigned i = 0; i < vms->count; i++) {
		const struct mailbox *mailbox = &vms->vms[i].endpoint.mailbox;

		/* Without its locks: the normal world's buffers change under the table's. */
		if (mailbox->mapped && pairs_overlap(mailbox, pair)) {
			return true;
		}
	}
	return false;
}

enum ffa_status rxtx_map_normal_world(struct spmc *spmc, struct vm *vm,
				      const struct rxtx_pair *pair)
{
	const struct memory_ranges *memory = &spmc->config->ns_memory;
	struct mailbox *mailbox = &vm->endpoint.mailbox;

	if (!memory_ranges_contain(memory, pair->tx) || !memory_ranges_contain(memory, pair->rx) ||
	    is_taken(&spmc->vms, pair)) {
		return FFA_DENIED;
	}

	mailbox_lock(mailbox);
	enter(mailbox, vm->endpoint.id, pair, WORLD_NON_SECURE, 0);
	mailbox_unlock(mailbox);
	return FFA_OK;
}

static enum ffa_status map_hypervisor(const struct call *call)
{
	struct spmc *spmc = call->spmc;
	struct vm *hypervisor = &spmc->vms.vms[0];
	struct rxtx_pair pair;
	enum ffa_status status;

	lock_acquire(&spmc->vms.lock);
	if (hypervisor->endpoint.mailbox.mapped) {
		status = FFA_DENIED;
	} else if (!rxtx_make_pair(call->x[1], call->x[2], call_w(call, 3), &pair)) {
		status = FFA_INVALID_PARAMETERS;
	} else {
		status = rxtx_map_normal_world(spmc, hypervisor, &pair);
	}
	lock_release(&spmc->vms.lock);
	return status;
}

/** A hypervisor maps a VM's buffers without naming any in registers. */
static bool is_forwarded(const struct call *call)
{
	return call_from_normal_world(call) && (call->x[1] | call->x[2] | call_w(call, 3)) == 0;
}

/* ---- the calls ---------------------------------------------------------------------------------- */

/**
 * FFA_DENIED              the endpoint has a pair; the normal world's are not in its memory, or taken.
 * FFA_INVALID_PARAMETERS  count, alignment, overlap; memory that is not the partition's to use so.
 * FFA_NO_MEMORY           no translation tables to make an S-EL0 partition's RX read-only; no record
 *                         for another VM.
 */
enum ffa_status ffa_rxtx_map(struct call *call)
{
	enum ffa_status status;

	if (is_forwarded(call)) {
		status = rxtx_map_forwarded(call);
	} else if (call_from_normal_world(call)) {
		status = map_hypervisor(call);
	} else {
		status = map_partition(call);
	}
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/** Gives an S-EL0 partition its RX buffer back as it was: tables for these pages exist, it cannot fail. */
static void restore_rx(struct partition *partition, const struct mailbox *mailbox)
{
	(void)space_map(&partition->space, mailbox->rx, mailbox->map_before);
}

static void forget(struct mailbox *mailbox) REQUIRES(mailbox -> tx_lock, mailbox->rx_lock)
{
	mailbox->mapped = false;
	mailbox->fixed = false;
	mailbox_set_rx_state(mailbox, RX_EMPTY);
}

static enum ffa_status unmap_partition(struct partition *partition, uint16_t id)
{
	struct mailbox *mailbox = &partition->endpoint.mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (id != 0 && id != partition->endpoint.id) {
		return FFA_INVALID_PARAMETERS;
	}
	mailbox_lock(mailbox);
	if (mailbox->mapped) {
		if (partition->endpoint.instance == INSTANCE_S0 && !mailbox->fixed) {
			restore_rx(partition, mailbox);
		}
		forget(mailbox);
		status = FFA_OK;
	}
	mailbox_unlock(mailbox);
	return status;
}

static enum ffa_status unmap_normal_world(struct spmc *spmc, uint16_t id)
{
	enum ffa_status status = FFA_INVALID_PARAMETERS;
	struct vm *vm;

	lock_acquire(&spmc->vms.lock);
	vm = vm_find(&spmc->vms, id);
	if (vm != NULL && vm->endpoint.mailbox.mapped) {
		mailbox_lock(&vm->endpoint.mailbox);
		forget(&vm->endpoint.mailbox);
		mailbox_unlock(&vm->endpoint.mailbox);
		vm_leave(&spmc->vms, vm);
		status = FFA_OK;
	}
	lock_release(&spmc->vms.lock);
	return status;
}

/**
 * FFA_INVALID_PARAMETERS  no pair; another endpoint's ID (a partition's own is tolerated); reserved bits.
 */
enum ffa_status ffa_rxtx_unmap(struct call *call)
{
	uint16_t id = UNMAP_ID(call_w(call, 1));
	enum ffa_status status;

	if ((call_w(call, 1) & UNMAP_RESERVED) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	status = call_from_normal_world(call) ? unmap_normal_world(call->spmc, id)
					      : unmap_partition(call->ctx->partition, id);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}
