/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions of endpoints that are gone, or give up half-way (DEN0140; DEN0077A, fatal errors). The
 * owner's memory stays its own, only nobody may retrieve it any more.
 * Locks: RANK_TRANSACTION of one slot after the other, then those of mem_borrower.c and mem_owner.c.
 */
#include "ffa/mem_end.h"

#include "ffa/mem_borrower.h"
#include "ffa/mem_owner.h"

void mem_end_if_orphaned(struct spmc *spmc, struct transaction_slot *slot) NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;

	if (!transaction->orphaned || transaction_is_held(transaction)) {
		transaction_leave(slot);
		return;
	}
	mem_owner_take_back(spmc, transaction);
	transaction_destroy(&spmc->transactions, slot);
}

/** The part of @borrower, which has retrieved the memory, ends; unlocks the slot. */
static void end_borrower(struct spmc *spmc, struct pe *pe, struct transaction_slot *slot,
			 struct borrower *borrower) NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;

	if (transaction->kind == TRANSACTION_DONATE) { /* the memory is its own already */
		mem_owner_forget(spmc, transaction);
		transaction_destroy(&spmc->transactions, slot);
		return;
	}
	mem_borrower_leave(spmc, pe, transaction, borrower);
	mem_end_if_orphaned(spmc, slot);
}

/** The end of @id in the transaction of @slot, which it unlocks. */
static void end_in(struct spmc *spmc, struct pe *pe, struct transaction_slot *slot, uint16_t id)
	NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;
	struct borrower *borrower = transaction_borrower(transaction, id);

	if (transaction->sender == id && !transaction->complete) {
		transaction_destroy(&spmc->transactions, slot);
		return;
	}
	transaction->orphaned = transaction->orphaned || transaction->sender == id;
	if (borrower != NULL && borrower->retrieved) {
		end_borrower(spmc, pe, slot, borrower);
	} else {
		mem_end_if_orphaned(spmc, slot);
	}
}

void mem_end_of_endpoint(struct spmc *spmc, struct pe *pe, uint16_t id)
{
	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		struct transaction_slot *slot = transaction_at(&spmc->transactions, i);

		if (slot != NULL) {
			end_in(spmc, pe, slot, id);
		}
	}
}

/** Ends what @id has left half done in @slot, which it unlocks. False: nothing. */
static bool end_half_done(struct spmc *spmc, struct pe *pe, struct transaction_slot *slot,
			  uint16_t id) NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;
	struct borrower *borrower = transaction_borrower(transaction, id);
	bool looks;

	if (transaction->sender == id && !transaction->complete) {
		transaction_destroy(&spmc->transactions, slot);
		return true;
	}
	if (borrower != NULL && borrower->sent_bytes != 0) {
		end_borrower(spmc, pe, slot, borrower);
		return true;
	}
	looks = id == spmc->normal_world->id && transaction->hypervisor_retrieving;
	if (looks) {
		transaction->hypervisor_retrieving = false;
	}
	transaction_leave(slot);
	return looks;
}

unsigned mem_end_half_done(struct spmc *spmc, struct pe *pe, uint16_t id)
{
	unsigned count = 0;

	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		struct transaction_slot *slot = transaction_at(&spmc->transactions, i);

		if (slot != NULL && end_half_done(spmc, pe, slot, id)) {
			count++;
		}
	}
	return count;
}

enum ffa_status mem_cancel(struct call *call)
{
	bool normal_world = call_from_normal_world(call);
	uint16_t id = normal_world ? FFA_SENDER(call_w(call, 1)) : call->ctx->endpoint->id;
	unsigned count = 0;

	if ((int32_t)call_w(call, 2) == FFA_ABORTED &&
	    !(normal_world && (id & FFA_ID_SECURE_BIT) != 0)) {
		freeze_change_begin(call->pe);
		count = mem_end_half_done(call->spmc, call->pe, id);
		freeze_change_end(call->pe);
	}
	if (count == 0) {
		return normal_world ? FFA_NOT_SUPPORTED : FFA_DENIED;
	}
	return call_success(call, 0, 0);
}
