/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RX/TX buffers (DEN0077A, "RX/TX buffer management"): FFA_RXTX_MAP, FFA_RXTX_UNMAP, FFA_RX_RELEASE.
 * The SPMC does not keep them mapped: it opens a window while it copies. A hypervisor's buffers for its
 * VMs are not served yet.
 * Locks: RANK_MAILBOX of the caller, then RANK_SPACE of the caller's address space.
 */
#include "ffa/call.h"
#include "ffa/mailbox.h"

#define RXTX_PAGE_COUNT_MASK 0x3FU

struct rx_writer rx_writer_open(struct pe *pe, const struct mailbox *mailbox)
{
	struct page_range range = mailbox->rx;

	if (range.page_count > ARCH_WINDOW_PAGES) {
		range.page_count = ARCH_WINDOW_PAGES;
	}
	return (struct rx_writer){
		.pe = pe,
		.at = arch_window_open(&pe->arch, ARCH_WINDOW_TARGET, range, mailbox->world),
		.room = range.page_count * PAGE_SIZE,
	};
}

void rx_writer_add(struct rx_writer *writer, const void *bytes, size_t size)
{
	if (size > writer->room || !arch_copy_to(writer->at, bytes, size)) {
		writer->failed = true;
		return;
	}
	writer->at += size;
	writer->room -= size;
}

bool rx_writer_close(struct rx_writer *writer)
{
	bool zeroed = arch_fill_zero(writer->at, writer->room);

	arch_window_close(&writer->pe->arch, ARCH_WINDOW_TARGET);
	return zeroed && !writer->failed;
}

/** @page_count whole pages from @address on, or false when that is no range of pages. */
static bool make_range(uint64_t address, uint32_t page_count, struct page_range *range)
{
	if (!page_aligned(address) || page_count == 0 || page_count > SPMC_RXTX_PAGES_MAX ||
	    address >> 48 != 0) {
		return false;
	}
	*range = (struct page_range){ .base = paddr(address), .page_count = page_count };
	return true;
}

/** How @range of the calling partition is mapped: alike throughout, in one of its two spaces. */
static bool own_memory(struct partition *partition, struct page_range range, unsigned *map)
	REQUIRES(partition -> space.lock)
{
	return space_lookup(&partition->space, range, WORLD_SECURE, map) ||
	       space_lookup(&partition->space, range, WORLD_NON_SECURE, map);
}

/** TX must be the partition's normal memory that it can write, RX one that it can read; both alike secure. */
static bool partition_may_map(struct partition *partition, const struct mailbox *wanted,
			      unsigned *map) REQUIRES(partition -> space.lock)
{
	unsigned tx, rx;

	if (!own_memory(partition, wanted->tx, &tx) || !own_memory(partition, wanted->rx, &rx)) {
		return false;
	}
	*map = rx;
	return (tx & ARCH_MAP_WRITE) && (rx & ARCH_MAP_READ) && !((tx | rx) & ARCH_MAP_DEVICE) &&
	       (tx & ARCH_MAP_NON_SECURE) == (rx & ARCH_MAP_NON_SECURE);
}

/** An S-EL0 partition may only read its RX buffer: the SPMC writes it. */
static enum ffa_status map_for_partition(struct partition *partition, struct mailbox *wanted)
{
	enum ffa_status status = FFA_INVALID_PARAMETERS;
	struct space_plan plan;
	unsigned map = 0;

	lock_acquire(&partition->space.lock);
	if (partition_may_map(partition, wanted, &map)) {
		wanted->world = map & ARCH_MAP_NON_SECURE ? WORLD_NON_SECURE : WORLD_SECURE;
		wanted->map_before = map;
		status = FFA_OK;
	}
	if (status == FFA_OK && partition->endpoint.instance == INSTANCE_S0) {
		unsigned read_only = map & ~(unsigned)(ARCH_MAP_WRITE | ARCH_MAP_EXECUTE);

		if (space_plan(&partition->space, wanted->rx, read_only, &plan) == SPACE_OK) {
			space_commit(&partition->space, &plan);
		} else {
			status = FFA_NO_MEMORY;
		}
	}
	lock_release(&partition->space.lock);
	return status;
}

/** The normal world's buffers lie in what the manifest calls its memory. */
static enum ffa_status map_for_normal_world(const struct spmc *spmc, struct mailbox *wanted)
{
	wanted->world = WORLD_NON_SECURE;
	return memory_ranges_contain(&spmc->config->ns_memory, wanted->tx) &&
			       memory_ranges_contain(&spmc->config->ns_memory, wanted->rx)
		       ? FFA_OK
		       : FFA_DENIED;
}

/**
 * FFA_DENIED              the caller has a pair; the normal world's are not in its memory.
 * FFA_INVALID_PARAMETERS  count, alignment, overlap; memory that is not the partition's to use so.
 * FFA_NO_MEMORY           no translation tables to make an S-EL0 partition's RX read-only.
 */
enum ffa_status ffa_rxtx_map(struct call *call)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	struct mailbox wanted = { .mapped = true };
	uint32_t pages = call_w(call, 3);
	enum ffa_status status;

	lock_acquire(&mailbox->lock);
	if (mailbox->mapped) {
		status = FFA_DENIED;
	} else if (pages & ~RXTX_PAGE_COUNT_MASK || !make_range(call->x[1], pages, &wanted.tx) ||
		   !make_range(call->x[2], pages, &wanted.rx) ||
		   page_range_overlaps(wanted.tx, wanted.rx)) {
		status = FFA_INVALID_PARAMETERS;
	} else if (call_from_normal_world(call)) {
		status = map_for_normal_world(call->spmc, &wanted);
	} else {
		status = map_for_partition(call->ctx->partition, &wanted);
	}
	if (status == FFA_OK) {
		mailbox->tx = wanted.tx;
		mailbox->rx = wanted.rx;
		mailbox->world = wanted.world;
		mailbox->map_before = wanted.map_before;
		mailbox->rx_full = false;
		mailbox->mapped = true;
	}
	lock_release(&mailbox->lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/** Gives an S-EL0 partition its RX buffer back as it was: tables for these pages exist, it cannot fail. */
static void restore_rx(struct partition *partition, const struct mailbox *mailbox)
{
	(void)space_map(&partition->space, mailbox->rx, mailbox->map_before);
}

/**
 * FFA_INVALID_PARAMETERS  no pair; another endpoint's ID (the caller's own is tolerated); reserved bits.
 */
enum ffa_status ffa_rxtx_unmap(struct call *call)
{
	struct endpoint *endpoint = call->ctx->endpoint;
	struct mailbox *mailbox = &endpoint->mailbox;
	uint16_t id = (uint16_t)(call_w(call, 1) >> 16);
	enum ffa_status status = FFA_OK;

	if ((call_w(call, 1) & 0xFFFFU) != 0 || (id != 0 && id != endpoint->id)) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&mailbox->lock);
	if (!mailbox->mapped) {
		status = FFA_INVALID_PARAMETERS;
	} else {
		if (endpoint->instance == INSTANCE_S0 && !mailbox->fixed) {
			restore_rx(call->ctx->partition, mailbox);
		}
		mailbox->mapped = false;
		mailbox->fixed = false;
		mailbox->rx_full = false;
	}
	lock_release(&mailbox->lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/**
 * FFA_INVALID_PARAMETERS  another endpoint's ID.
 * FFA_DENIED              there is no RX buffer or nothing in it to release.
 */
enum ffa_status ffa_rx_release(struct call *call)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_DENIED;

	if (call_w(call, 1) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&mailbox->lock);
	if (mailbox->mapped && mailbox->rx_full) {
		mailbox->rx_full = false;
		status = FFA_OK;
	}
	lock_release(&mailbox->lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}
