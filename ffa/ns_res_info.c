/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_NS_RES_INFO_GET (v1.3): the normal world learns which of its memory the secure world reaches. The first
 * call makes a list while nothing changes (core/freeze.h); the normal world fetches it piece by piece, as it
 * was then. When it takes memory back the list is no longer true and goes.
 *
 * The list, in this order:
 *   - what partitions have mapped, with the rights of the mapping (S-EL0: of the unprivileged level);
 *   - buffers in memory of the normal world, which the SPMC reads (TX) and writes (RX): a partition's under its
 *     own ID, the normal world's, if all partitions are asked for, under the SPMC's;
 *   - memory in transactions: what borrowers may still retrieve, what senders have lent and may reclaim.
 *
 * There is one list at a time. It is paid for by the normal world, and lives until it has been read, until any
 * of these calls is refused, until the normal world reclaims memory or unmaps its buffers, or another list begins.
 * Locks: RANK_NS_SNAPSHOT; in it RANK_FREEZE, in that one after the other RANK_VM_TABLE and RANK_RX,
 * RANK_TRANSACTION, RANK_SPACE; RANK_RX of the caller.
 */
#include "ffa/ns_res_info.h"

#include "abi/ffa_memory.h"
#include "ffa/buffer.h"

enum {
	USER_READ_WRITE = FFA_NS_RANGE_USER_READ | FFA_NS_RANGE_USER_WRITE,
	SPMC_READS = FFA_NS_RANGE_USER_READ << FFA_NS_RANGE_PRIVILEGED_SHIFT,
	SPMC_WRITES = USER_READ_WRITE << FFA_NS_RANGE_PRIVILEGED_SHIFT,
};

/** A list on its way. */
struct listing {
	struct spmc *spmc;
	struct ns_snapshot *snapshot;
	uint16_t id; /* of the partition asked for; 0: all */
	bool failed; /* no room for more */
};

static void add(struct listing *listing, struct page_range range, struct ffa_ns_range how)
	REQUIRES(listing -> snapshot->lock)
{
	listing->failed = listing->failed || !ns_snapshot_add(listing->snapshot, range, how);
}

static bool is_wanted(const struct listing *listing, uint16_t id)
{
	return listing->id == 0 || listing->id == id;
}

/** What @map (enum arch_map) allows @partition. */
static uint8_t permissions_of(const struct partition *partition, unsigned map)
{
	unsigned permissions = ((map & ARCH_MAP_READ) != 0 ? FFA_NS_RANGE_USER_READ : 0U) |
			       ((map & ARCH_MAP_WRITE) != 0 ? FFA_NS_RANGE_USER_WRITE : 0U) |
			       ((map & ARCH_MAP_EXECUTE) != 0 ? FFA_NS_RANGE_USER_EXECUTE : 0U);

	return (uint8_t)(partition->endpoint.instance == INSTANCE_S0
				 ? permissions
				 : permissions << FFA_NS_RANGE_PRIVILEGED_SHIFT);
}

/* ---- what is mapped ----------------------------------------------------------------------------- */

static void add_mapped(struct listing *listing, struct partition *partition)
	REQUIRES(listing -> snapshot->lock)
{
	ipaddr_t at = ipaddr(0);
	uint64_t count;
	unsigned map;

	lock_acquire(&partition->space.lock);
	while (!listing->failed &&
	       (count = space_next_extent(&partition->space, &at, WORLD_NON_SECURE, &map)) != 0) {
		add(listing, (struct page_range){ .base = paddr(at.ipa), .page_count = count },
		    (struct ffa_ns_range){ .permissions = permissions_of(partition, map),
					   .endpoint = partition->endpoint.id });
		at.ipa += count << PAGE_SHIFT;
	}
	lock_release(&partition->space.lock);
}

/* ---- buffers ------------------------------------------------------------------------------------ */

static void add_buffers(struct listing *listing, struct mailbox *mailbox, uint16_t id)
	REQUIRES(listing -> snapshot->lock)
{
	struct ffa_ns_range how = { .endpoint = id, .flags = FFA_NS_RANGE_INDIRECT };

	lock_acquire(&mailbox->rx_lock);
	if (mailbox->mapped && mailbox->world == WORLD_NON_SECURE) {
		how.permissions = SPMC_READS;
		add(listing, mailbox->tx, how);
		how.permissions = SPMC_WRITES;
		add(listing, mailbox->rx, how);
	}
	lock_release(&mailbox->rx_lock);
}

static void add_normal_worlds_buffers(struct listing *listing) REQUIRES(listing -> snapshot->lock)
{
	struct vm_table *vms = &listing->spmc->vms;

	lock_acquire(&vms->lock);
	for (unsigned i = 0; i < vms->count; i++) {
		add_buffers(listing, &vms->vms[i].endpoint.mailbox, listing->spmc->id);
	}
	lock_release(&vms->lock);
}

/* ---- transactions ------------------------------------------------------------------------------- */

/** Partition @id, if it is one that is asked for, may have the memory of @transaction as @map says. */
static void add_possible(struct listing *listing, const struct transaction *transaction,
			 uint16_t id, unsigned map) REQUIRES(listing -> snapshot->lock)
{
	const struct partition *partition = spmc_partition(listing->spmc, id);
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	if (partition == NULL || !is_wanted(listing, id)) {
		return;
	}
	while (!listing->failed && (constituent = constituent_next(&walk)) != NULL) {
		add(listing, constituent_range(constituent),
		    (struct ffa_ns_range){ .permissions = permissions_of(partition, map),
					   .endpoint = id,
					   .flags = FFA_NS_RANGE_INDIRECT });
	}
}

/** What @borrower may retrieve: nothing of the normal world's is executable. */
static unsigned possible_map(const struct transaction *transaction, const struct borrower *borrower)
{
	unsigned data = borrower->permissions & FFA_MEMORY_DATA_MASK;
	bool writes = data == 0 ? (transaction->sender_map & ARCH_MAP_WRITE) != 0 /* donated */
				: data == FFA_MEMORY_DATA_RW;

	return ARCH_MAP_READ | (writes ? ARCH_MAP_WRITE : 0U);
}

/** Of a transaction whose sender is gone only what is retrieved, which is mapped, is left. */
static void add_transaction(struct listing *listing, const struct transaction *transaction)
	REQUIRES(listing -> snapshot->lock)
{
	if (!transaction->complete || transaction->orphaned ||
	    transaction_world(transaction) != WORLD_NON_SECURE) {
		return;
	}
	if (transaction->kind != TRANSACTION_SHARE) {
		add_possible(listing, transaction, transaction->sender, transaction->sender_map);
	}
	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		const struct borrower *borrower = &transaction->borrowers[i];

		if (!borrower->retrieved) {
			add_possible(listing, transaction, borrower->id,
				     possible_map(transaction, borrower));
		}
	}
}

static void add_transactions(struct listing *listing) NO_THREAD_SAFETY
{
	for (unsigned i = 0; i < TRANSACTION_SLOTS && !listing->failed; i++) {
		struct transaction_slot *slot = transaction_at(&listing->spmc->transactions, i);

		if (slot != NULL) {
			add_transaction(listing, slot->transaction);
			transaction_leave(slot);
		}
	}
}

/* ---- the list ----------------------------------------------------------------------------------- */

static void list_all(struct listing *listing) REQUIRES(listing -> snapshot->lock)
{
	struct spmc *spmc = listing->spmc;

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		if (is_wanted(listing, spmc->partitions[i].endpoint.id)) {
			add_mapped(listing, &spmc->partitions[i]);
		}
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct endpoint *endpoint = &spmc->partitions[i].endpoint;

		if (is_wanted(listing, endpoint->id)) {
			add_buffers(listing, &endpoint->mailbox, endpoint->id);
		}
	}
	if (listing->id == 0) {
		add_normal_worlds_buffers(listing);
	}
	add_transactions(listing);
}

/**
 * Makes the list of what partition @id reaches, 0: all.
 *
 * FFA_NO_MEMORY           the normal world's quota, or more than a list may have.
 * FFA_INVALID_PARAMETERS  no such partition.
 */
static enum ffa_status begin(struct spmc *spmc, uint16_t id) NO_THREAD_SAFETY
{
	struct listing listing = { .spmc = spmc, .snapshot = &spmc->ns_snapshot, .id = id };

	if (!ns_snapshot_begin(listing.snapshot)) {
		return FFA_NO_MEMORY;
	}
	if (id != 0 && spmc_partition(spmc, id) == NULL) {
		return FFA_INVALID_PARAMETERS;
	}

	freeze_begin(spmc);
	list_all(&listing);
	freeze_end(spmc);
	return listing.failed ? FFA_NO_MEMORY : FFA_OK;
}

/* ---- the answer --------------------------------------------------------------------------------- */

/** Writes the header, if it is the first answer, and as many entries as fit. Returns the number of bytes. */
static uint32_t write_entries(struct ns_snapshot *snapshot, struct buffer *rx, size_t room)
	REQUIRES(snapshot -> lock)
{
	size_t size = 0;

	if (snapshot->read_count == 0) {
		struct ffa_ns_res_info head = {
			.entry_size = sizeof(struct ffa_ns_range),
			.entry_count = snapshot->count,
			.entry_offset = sizeof(head),
		};

		buffer_write(rx, &head, sizeof(head));
		size = sizeof(head);
	}
	while (ns_snapshot_left(snapshot) > 0 && size + sizeof(struct ffa_ns_range) <= room) {
		struct ffa_ns_range entry = ns_snapshot_next(snapshot);

		buffer_write(rx, &entry, sizeof(entry));
		size += sizeof(entry);
	}
	return (uint32_t)size;
}

/**
 * Puts the next part of the list into the caller's RX buffer, which is then the caller's. *@size: its bytes.
 *
 * FFA_RETRY    no RX buffer, or the caller has not released it.
 * FFA_ABORTED  there is no list; RX cannot be written.
 */
static enum ffa_status deliver(const struct call *call, struct ns_snapshot *snapshot,
			       uint32_t *size) REQUIRES(snapshot -> lock)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_OK;

	lock_acquire(&mailbox->rx_lock);
	if (!mailbox->mapped || mailbox_rx_state(mailbox) != RX_EMPTY) {
		status = FFA_RETRY;
	} else if (!ns_snapshot_exists(snapshot)) {
		status = FFA_ABORTED;
	} else {
		struct buffer rx = buffer_open_rx(call->pe, mailbox);

		*size = write_entries(snapshot, &rx, mailbox->rx.page_count << PAGE_SHIFT);
		status = buffer_finish_rx(&rx) ? FFA_OK : FFA_ABORTED;
		mailbox_set_rx_state(mailbox, status == FFA_OK ? RX_FULL : RX_EMPTY);
	}
	lock_release(&mailbox->rx_lock);
	return status;
}

/** Which partition, and of what kind of resource, as far as the numbers tell. */
static enum ffa_status check_arguments(const struct call *call)
{
	uint16_t id = (uint16_t)call->x[1];
	bool targeted = (call->x[2] & FFA_NS_RES_INFO_TARGET) != 0;

	if ((targeted && id == 0) || (id != 0 && !id_is_secure(id)) ||
	    (call->x[2] & (FFA_NS_RES_INFO_TYPE_MASK | FFA_NS_RES_INFO_RESERVED)) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	return FFA_OK;
}

static enum ffa_status serve(const struct call *call, struct ns_snapshot *snapshot, uint32_t *size)
	REQUIRES(snapshot -> lock)
{
	bool targeted = (call->x[2] & FFA_NS_RES_INFO_TARGET) != 0;
	enum ffa_status status = check_arguments(call);

	if (status == FFA_OK && (call->x[2] & FFA_NS_RES_INFO_CONTINUE) == 0) {
		status = begin(call->spmc, targeted ? (uint16_t)call->x[1] : 0);
	}
	return status == FFA_OK ? deliver(call, snapshot, size) : status;
}

/**
 * FFA_INVALID_PARAMETERS  x1 names no partition; another resource than memory; reserved bits.
 * Statuses of begin() and deliver() besides. After any of them there is no list any more.
 */
enum ffa_status ffa_ns_res_info_get(struct call *call)
{
	struct ns_snapshot *snapshot = &call->spmc->ns_snapshot;
	enum ffa_status status;
	uint32_t size = 0, left = 0;

	lock_acquire(&snapshot->lock);
	status = serve(call, snapshot, &size);
	if (status == FFA_OK) {
		left = ns_snapshot_left(snapshot) * (uint32_t)sizeof(struct ffa_ns_range);
	}
	if (left == 0) {
		ns_snapshot_drop(snapshot);
	}
	lock_release(&snapshot->lock);
	if (status == FFA_OK) {
		complete(call->ctx, FFA_SUCCESS_64, 0,
			 (uint64_t)size << FFA_NS_RES_INFO_SIZE_SHIFT | left, 0);
	}
	return status;
}

void ns_res_info_end(struct spmc *spmc)
{
	lock_acquire(&spmc->ns_snapshot.lock);
	ns_snapshot_drop(&spmc->ns_snapshot);
	lock_release(&spmc->ns_snapshot.lock);
}
