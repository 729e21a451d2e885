/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_FRAG_RX (DEN0140, "Transmission of transaction descriptor in fragments"): what of a retrieve
 * response did not fit into the RX buffer before.
 * Locks: RANK_RX of the caller, then RANK_TRANSACTION, then those of mem_owner.c.
 */
#include "ffa/mem_descriptor.h"
#include "ffa/mem_owner.h"

/** Where in a response its reader is. */
struct cursor {
	struct borrower *borrower; /* NULL: the hypervisor, which only looks */
	uint32_t *next; /* constituent */
	uint32_t *bytes; /* so far; 0: no response is being fetched */
};

static struct cursor cursor_of(struct borrower *borrower)
{
	return (struct cursor){ borrower, &borrower->next_constituent, &borrower->sent_bytes };
}

/** The VM that the normal world fetches for: it says which, or names the sender of the memory. */
static struct borrower *find_vm(struct transaction *transaction, uint16_t id)
{
	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		struct borrower *borrower = &transaction->borrowers[i];

		if ((borrower->id & FFA_ID_SECURE_BIT) == 0 && borrower->sent_bytes != 0 &&
		    (borrower->id == id || transaction->sender == id)) {
			return borrower;
		}
	}
	return NULL;
}

/** The response that the caller is fetching. False: none. */
static bool find_cursor(const struct call *call, struct transaction *transaction,
			struct cursor *cursor)
{
	uint16_t id = mem_fragment_endpoint(call);
	struct borrower *borrower;

	if (call_from_normal_world(call) && transaction->hypervisor_retrieving &&
	    transaction->sender == id) {
		*cursor = (struct cursor){ NULL, &transaction->hypervisor_next,
					   &transaction->hypervisor_bytes };
		return true;
	}
	borrower = call_from_normal_world(call)
			   ? find_vm(transaction, id)
			   : transaction_borrower(transaction, call->ctx->endpoint->id);
	if (borrower == NULL || borrower->sent_bytes == 0) {
		return false;
	}
	*cursor = cursor_of(borrower);
	return true;
}

/** The last fragment is out; unlocks the slot. */
static void end(const struct call *call, struct transaction_slot *slot, const struct cursor *cursor)
	NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;

	if (cursor->borrower == NULL) {
		transaction->hypervisor_retrieving = false;
	}
	*cursor->next = 0;
	*cursor->bytes = 0;
	if (cursor->borrower != NULL && transaction->kind == TRANSACTION_DONATE) {
		mem_owner_forget(call->spmc, transaction);
		transaction_destroy(&call->spmc->transactions, slot);
	} else {
		transaction_leave(slot);
	}
}

/** Writes the next fragment and hands RX over; unlocks the slot. */
static enum ffa_status send_next(const struct call *call, struct mailbox *mailbox,
				 struct transaction_slot *slot, const struct cursor *cursor)
	NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;
	struct buffer rx = buffer_open_rx(call->pe, mailbox);
	uint32_t next = *cursor->next;
	uint32_t sent = mem_response_continue(&rx, mailbox->rx.page_count << PAGE_SHIFT,
					      transaction, &next);

	if (!buffer_close_rx(&rx)) {
		transaction_leave(slot);
		return FFA_ABORTED;
	}
	mailbox_set_rx_state(mailbox, RX_FULL);
	complete(call->ctx, FFA_MEM_FRAG_TX_32, (uint32_t)transaction->handle,
		 transaction->handle >> 32, sent);
	if (call_from_normal_world(call)) {
		call->ctx->arch.x[4] = (uint32_t)transaction->sender << 16;
	}
	*cursor->next = next;
	*cursor->bytes += sent;
	if (next == transaction->constituent_count) {
		end(call, slot, cursor);
	} else {
		transaction_leave(slot);
	}
	return FFA_OK;
}

static enum ffa_status fetch(const struct call *call, struct mailbox *mailbox) NO_THREAD_SAFETY
{
	uint64_t handle = mem_handle(call);
	struct transaction_slot *slot = transaction_find(&call->spmc->transactions, handle);
	struct cursor cursor;

	if (slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!find_cursor(call, slot->transaction, &cursor) || call_w(call, 3) != *cursor.bytes) {
		transaction_leave(slot);
		return FFA_INVALID_PARAMETERS;
	}
	return send_next(call, mailbox, slot, &cursor);
}

/**
 * FFA_INVALID_PARAMETERS  reserved bits, no buffers; no response of this transaction is being fetched; another
 *                         offset than the next one.
 * FFA_BUSY                the RX buffer is full.
 * FFA_ABORTED             RX cannot be written; the fragment can be asked for again.
 */
enum ffa_status ffa_mem_frag_rx(struct call *call)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (!mem_fragment_endpoint_is_valid(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	freeze_change_begin(call->pe);
	lock_acquire(&mailbox->rx_lock);
	if (mailbox_is_mapped(mailbox)) {
		status = mailbox_rx_state(mailbox) == RX_EMPTY ? fetch(call, mailbox) : FFA_BUSY;
	}
	lock_release(&mailbox->rx_lock);
	freeze_change_end(call->pe);
	return status;
}
