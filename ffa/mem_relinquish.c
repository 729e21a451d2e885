/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Giving memory back (DEN0140, "Memory management interfaces"): FFA_MEM_RELINQUISH of borrowers,
 * FFA_MEM_RECLAIM of owners.
 * Locks: RANK_TX of a borrower while its descriptor is read, then RANK_TRANSACTION, then those of
 * mem_borrower.c and mem_owner.c; RANK_NS_SNAPSHOT when the normal world has reclaimed.
 */
#include "ffa/mem_borrower.h"
#include "ffa/mem_descriptor.h"
#include "ffa/mem_end.h"
#include "ffa/mem_owner.h"
#include "ffa/ns_res_info.h"

/* ---- FFA_MEM_RELINQUISH ------------------------------------------------------------------------- */

/** A descriptor, and the one endpoint that it lists. */
struct relinquishing {
	struct ffa_memory_relinquish head;
	uint16_t id;
};

/**
 * FFA_INVALID_PARAMETERS  no TX buffer; not one endpoint, or another one than the caller or a VM of it.
 * FFA_ABORTED             TX cannot be read.
 */
static enum ffa_status read_descriptor(const struct call *call, struct relinquishing *relinquishing)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	lock_acquire(&mailbox->tx_lock);
	if (mailbox_is_mapped(mailbox)) {
		struct buffer tx = buffer_open_tx(call->pe, mailbox);

		buffer_read(&tx, &relinquishing->head, sizeof(relinquishing->head));
		buffer_read(&tx, &relinquishing->id, sizeof(relinquishing->id));
		status = buffer_close_tx(&tx) ? FFA_OK : FFA_ABORTED;
	}
	lock_release(&mailbox->tx_lock);
	if (status != FFA_OK) {
		return status;
	}
	if (relinquishing->head.endpoint_count != 1) {
		return FFA_INVALID_PARAMETERS;
	}
	return call_from_normal_world(call) ? (relinquishing->id & FFA_ID_SECURE_BIT) == 0
						      ? FFA_OK
						      : FFA_INVALID_PARAMETERS
	       : relinquishing->id == call->ctx->endpoint->id ? FFA_OK
							      : FFA_INVALID_PARAMETERS;
}

/** What the flags ask for is possible. */
static enum ffa_status check_flags(uint32_t flags, const struct transaction *transaction,
				   const struct borrower *borrower)
{
	if ((flags & ~FFA_MEMORY_FLAG_ZERO) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	if (flags == 0) {
		return FFA_OK;
	}
	if (transaction->kind == TRANSACTION_SHARE) {
		return FFA_INVALID_PARAMETERS;
	}
	return (borrower->granted & FFA_MEMORY_DATA_MASK) == FFA_MEMORY_DATA_RW &&
			       transaction_can_be_zeroed(transaction)
		       ? FFA_OK
		       : FFA_DENIED;
}

static enum ffa_status relinquish(const struct call *call,
				  const struct relinquishing *relinquishing) NO_THREAD_SAFETY
{
	struct transaction_slot *slot = transaction_find(&call->spmc->transactions,
							 relinquishing->head.handle);
	enum ffa_status status = FFA_INVALID_PARAMETERS;
	struct transaction *transaction;
	struct borrower *borrower;

	if (slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	transaction = slot->transaction;
	borrower = transaction_borrower(transaction, relinquishing->id);
	if (transaction->complete && borrower != NULL && borrower->retrieved &&
	    borrower->sent_bytes == 0) {
		status = check_flags(relinquishing->head.flags, transaction, borrower);
	}
	if (status != FFA_OK) {
		transaction_leave(slot);
		return status;
	}
	borrower->zero_after = borrower->zero_after || relinquishing->head.flags != 0;
	mem_borrower_leave(call->spmc, call->pe, transaction, borrower);
	mem_end_if_orphaned(call->spmc, slot);
	return FFA_OK;
}

/**
 * FFA_INVALID_PARAMETERS  no TX buffer, the descriptor, flags; nothing that the caller has (all of) retrieved.
 * FFA_DENIED              zeroing of what it can only read.
 * FFA_ABORTED             TX cannot be read.
 */
enum ffa_status ffa_mem_relinquish(struct call *call)
{
	struct relinquishing relinquishing = { 0 };
	enum ffa_status status = read_descriptor(call, &relinquishing);

	if (status != FFA_OK) {
		return status;
	}
	freeze_change_begin(call->pe);
	status = relinquish(call, &relinquishing);
	freeze_change_end(call->pe);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/* ---- FFA_MEM_RECLAIM ---------------------------------------------------------------------------- */

/** The normal world's hypervisor answers for all of its VMs. */
static bool is_sender(const struct call *call, const struct transaction *transaction)
{
	return call_from_normal_world(call) ? (transaction->sender & FFA_ID_SECURE_BIT) == 0
					    : transaction->sender == call->ctx->endpoint->id;
}

static enum ffa_status check_reclaim(const struct call *call, const struct transaction *transaction)
{
	uint32_t flags = call_w(call, 3);

	if (!transaction->complete || transaction->orphaned || !is_sender(call, transaction)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (transaction_is_held(transaction)) {
		return FFA_DENIED;
	}
	if ((flags & ~FFA_MEMORY_FLAG_ZERO) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	return flags == 0 || transaction_can_be_zeroed(transaction) ? FFA_OK : FFA_DENIED;
}

static enum ffa_status reclaim(const struct call *call) NO_THREAD_SAFETY
{
	struct transaction_slot *slot = transaction_find(&call->spmc->transactions,
							 mem_handle(call));
	struct transaction *transaction;
	enum ffa_status status;

	if (slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	transaction = slot->transaction;
	status = check_reclaim(call, transaction);
	if (status == FFA_OK && call_w(call, 3) != 0 && !mem_zero(call->pe, transaction)) {
		status = FFA_ABORTED;
	}
	if (status != FFA_OK) {
		transaction_leave(slot);
		return status;
	}
	mem_owner_take_back(call->spmc, transaction);
	transaction_destroy(&call->spmc->transactions, slot);
	return FFA_OK;
}

/**
 * FFA_INVALID_PARAMETERS  no transaction that the caller has sent, completely; flags.
 * FFA_DENIED              somebody holds it; zeroing of what its owner can only read.
 * FFA_ABORTED             it cannot be zeroed: the memory has vanished.
 */
enum ffa_status ffa_mem_reclaim(struct call *call)
{
	enum ffa_status status;

	freeze_change_begin(call->pe);
	status = reclaim(call);
	freeze_change_end(call->pe);
	if (status != FFA_OK) {
		return status;
	}
	if (call_from_normal_world(call)) {
		ns_res_info_end(call->spmc);
	}
	return call_success(call, 0, 0);
}
