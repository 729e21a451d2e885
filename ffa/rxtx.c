/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mapping and unmapping RX/TX buffers (DEN0077A, "RX/TX buffer management"): FFA_RXTX_MAP, FFA_RXTX_UNMAP.
 * The SPMC does not keep them mapped in EL2: it opens a window while it copies (buffer.c). Who may write
 * RX is rx.c's.
 * Locks: of the normal world RANK_VM_TABLE, then of the endpoint RANK_TX and RANK_RX, then RANK_NOTIF_SET,
 * RANK_SPACE of a partition. RANK_NS_SNAPSHOT when the normal world has unmapped its own.
 */
#include "ffa/rxtx.h"

#include "core/ns_record.h"
#include "ffa/mem_end.h"
#include "ffa/notification.h"
#include "ffa/ns_res_info.h"

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

/** How a partition has its buffers before they are buffers. */
struct maps {
	unsigned tx, rx; /* enum arch_map */
};

/** Puts @pair into the mailbox of @owner. */
static void enter(struct mailbox *mailbox, uint16_t owner, const struct rxtx_pair *pair,
		  enum world world, struct maps before)
	REQUIRES(mailbox -> tx_lock, mailbox->rx_lock)
{
	mailbox->tx = pair->tx;
	mailbox->rx = pair->rx;
	mailbox->world = world;
	mailbox->tx_before = before.tx;
	mailbox->rx_before = before.rx;
	mailbox->owner = owner;
	mailbox_set_rx_state(mailbox, RX_EMPTY);
	mailbox_set_mapped(mailbox, true);
}

/* ---- partitions --------------------------------------------------------------------------------- */

/** How @range of the calling partition is mapped: alike throughout, in one of its two spaces. */
static bool own_memory(struct partition *partition, struct page_range range, unsigned *map)
	REQUIRES(partition -> space.lock)
{
	return space_lookup(&partition->space, range, WORLD_SECURE, map) ||
	       space_lookup(&partition->space, range, WORLD_NON_SECURE, map);
}

/**
 * TX must be normal memory that the partition can write, RX such that it can read; both alike secure, and in
 * no memory transaction: nobody takes them away while they are buffers.
 */
static bool may_map(struct partition *partition, const struct rxtx_pair *pair, struct maps *maps)
	REQUIRES(partition -> space.lock)
{
	const unsigned not_plain = ARCH_MAP_DEVICE | ARCH_MAP_SHARED | ARCH_MAP_BORROWED;

	return own_memory(partition, pair->tx, &maps->tx) &&
	       own_memory(partition, pair->rx, &maps->rx) && (maps->tx & ARCH_MAP_WRITE) &&
	       (maps->rx & ARCH_MAP_READ) && !((maps->tx | maps->rx) & not_plain) &&
	       (maps->tx & ARCH_MAP_NON_SECURE) == (maps->rx & ARCH_MAP_NON_SECURE);
}

/**
 * Maps @range as @map says. Back to what it was before, this cannot fail: its tables are there.
 */
static bool remap(struct space *space, struct page_range range, unsigned map)
	REQUIRES(space -> lock)
{
	struct space_plan plan;

	if (space_plan(space, range, map, &plan) != SPACE_OK) {
		return false;
	}
	space_commit(space, &plan);
	return true;
}

/** Makes buffers of the pages, both or none: an S-EL0 partition may only read RX from now on. */
static bool mark(struct partition *partition, const struct rxtx_pair *pair, struct maps maps)
	REQUIRES(partition -> space.lock)
{
	unsigned rx = maps.rx;

	if (partition->endpoint.instance == INSTANCE_S0) {
		rx &= ~(unsigned)(ARCH_MAP_WRITE | ARCH_MAP_EXECUTE);
	}
	if (!remap(&partition->space, pair->rx, rx | ARCH_MAP_SHARED)) {
		return false;
	}
	if (!remap(&partition->space, pair->tx, maps.tx | ARCH_MAP_SHARED)) {
		(void)remap(&partition->space, pair->rx, maps.rx);
		return false;
	}
	return true;
}

/** Checks the buffers against the caller's memory and claims them. *@maps: how they were mapped before. */
static enum ffa_status claim_pages(struct partition *partition, const struct rxtx_pair *pair,
				   struct maps *maps)
{
	enum ffa_status status = FFA_OK;

	lock_acquire(&partition->space.lock);
	if (!may_map(partition, pair, maps)) {
		status = FFA_INVALID_PARAMETERS;
	} else if (!mark(partition, pair, *maps)) {
		status = FFA_NO_MEMORY;
	}
	lock_release(&partition->space.lock);
	return status;
}

static enum ffa_status map_partition(const struct call *call)
{
	struct partition *partition = call->ctx->partition;
	struct mailbox *mailbox = &partition->endpoint.mailbox;
	struct maps maps = { 0 };
	struct rxtx_pair pair;
	enum ffa_status status;

	mailbox_lock(mailbox);
	if (mailbox_is_mapped(mailbox)) {
		status = FFA_DENIED;
	} else if (!rxtx_make_pair(call->x[1], call->x[2], call_w(call, 3), &pair)) {
		status = FFA_INVALID_PARAMETERS;
	} else {
		status = claim_pages(partition, &pair, &maps);
		if (status == FFA_OK) {
			enter(mailbox, partition->endpoint.id, &pair,
			      maps.rx & ARCH_MAP_NON_SECURE ? WORLD_NON_SECURE : WORLD_SECURE,
			      maps);
		}
	}
	mailbox_unlock(mailbox);
	return status;
}

/* ---- the normal world --------------------------------------------------------------------------- */

enum ffa_status rxtx_map_normal_world(struct spmc *spmc, struct vm *vm,
				      const struct rxtx_pair *pair)
{
	const struct memory_ranges *memory = &spmc->config->ns_memory;
	const struct page_range ranges[] = { pair->tx, pair->rx };
	struct mailbox *mailbox = &vm->endpoint.mailbox;
	enum ns_record_result result;

	if (!memory_ranges_contain(memory, pair->tx) || !memory_ranges_contain(memory, pair->rx)) {
		return FFA_DENIED;
	}
	result = ns_record_take(&spmc->ns_record, ranges, 2);
	if (result != NS_RECORD_OK) {
		return result == NS_RECORD_NO_MEMORY ? FFA_NO_MEMORY : FFA_DENIED;
	}

	mailbox_lock(mailbox);
	enter(mailbox, vm->endpoint.id, pair, WORLD_NON_SECURE, (struct maps){ 0 });
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
	if (mailbox_is_mapped(&hypervisor->endpoint.mailbox)) {
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
 * FFA_NO_MEMORY           no translation tables for pages of their own; no record for another VM.
 */
enum ffa_status ffa_rxtx_map(struct call *call)
{
	enum ffa_status status;

	freeze_change_begin(call->pe);
	if (is_forwarded(call)) {
		status = rxtx_map_forwarded(call);
	} else if (call_from_normal_world(call)) {
		status = map_hypervisor(call);
	} else {
		status = map_partition(call);
	}
	freeze_change_end(call->pe);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/** The buffers are gone, and so is a message that nobody has taken out of them, of which @told may tell. */
static void forget(struct mailbox *mailbox, struct notif_set *told)
	REQUIRES(mailbox -> tx_lock, mailbox->rx_lock)
{
	mailbox_set_mapped(mailbox, false);
	mailbox_set_rx_state(mailbox, RX_EMPTY);
	notif_set_withdraw_framework(told, NOTIF_RX_FULL);
}

static enum ffa_status unmap_partition(struct partition *partition, uint16_t id)
{
	struct mailbox *mailbox = &partition->endpoint.mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (id != 0 && id != partition->endpoint.id) {
		return FFA_INVALID_PARAMETERS;
	}
	mailbox_lock(mailbox);
	if (mailbox_is_mapped(mailbox)) {
		lock_acquire(&partition->space.lock);
		(void)remap(&partition->space, mailbox->rx, mailbox->rx_before);
		(void)remap(&partition->space, mailbox->tx, mailbox->tx_before);
		lock_release(&partition->space.lock);
		forget(mailbox, &partition->endpoint.notifications);
		status = FFA_OK;
	}
	mailbox_unlock(mailbox);
	return status;
}

/** Unmaps the buffers of @vm, which has some. */
static void unmap_vm(struct spmc *spmc, struct vm *vm) REQUIRES(spmc -> vms.lock)
{
	struct mailbox *mailbox = &vm->endpoint.mailbox;
	struct page_range ranges[2];

	mailbox_lock(mailbox);
	ranges[0] = mailbox->tx;
	ranges[1] = mailbox->rx;
	forget(mailbox, &vm->endpoint.notifications);
	mailbox_unlock(mailbox);
	ns_record_give(&spmc->ns_record, ranges, 2);
	vm_leave(&spmc->vms, vm);
}

/** What the VM, or the hypervisor for one, was sending or fetching meanwhile has no way on either. */
static enum ffa_status unmap_normal_world(const struct call *call, uint16_t id)
{
	struct spmc *spmc = call->spmc;
	enum ffa_status status = FFA_INVALID_PARAMETERS;
	struct vm *vm;

	lock_acquire(&spmc->vms.lock);
	vm = vm_find(&spmc->vms, id);
	if (vm != NULL && mailbox_is_mapped(&vm->endpoint.mailbox)) {
		unmap_vm(spmc, vm);
		status = FFA_OK;
	}
	lock_release(&spmc->vms.lock);
	if (status == FFA_OK) {
		(void)mem_end_half_done(spmc, call->pe, id);
	}
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
	freeze_change_begin(call->pe);
	status = call_from_normal_world(call) ? unmap_normal_world(call, id)
					      : unmap_partition(call->ctx->partition, id);
	freeze_change_end(call->pe);
	if (status != FFA_OK) {
		return status;
	}
	notification_withdraw(call->ctx);
	if (call_from_normal_world(call) && id == call->spmc->normal_world->id) {
		ns_res_info_end(call->spmc); /* there is nowhere to put the rest of it */
	}
	return call_success(call, 0, 0);
}
