/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Retrieving memory (DEN0140, "Memory management interfaces"): FFA_MEM_RETRIEVE_REQ of borrowers, and of a
 * hypervisor that looks at what its VMs share. The rest of long responses is mem_fragments.c's.
 * Locks: RANK_TX and RANK_RX of the caller, then RANK_TRANSACTION, then those of mem_borrower.c and
 * mem_owner.c.
 */
#include "ffa/mem_borrower.h"
#include "ffa/mem_descriptor.h"
#include "ffa/mem_owner.h"
#include "ffa/mem_terms.h"

/** A retrieval on its way. */
struct retrieval {
	struct call *call;
	struct mailbox *mailbox; /* of the caller, locked */
	uint32_t length; /* of the request */
	uint16_t id; /* of the borrower */
	struct mem_descriptor descriptor;
	struct mem_terms terms;
};

static size_t rx_size(const struct mailbox *mailbox)
{
	return mailbox->rx.page_count << PAGE_SHIFT;
}

/* ---- the response ------------------------------------------------------------------------------- */

/** The NS bit, for callers that know of it. */
static uint16_t security_bit(const struct call *call, const struct transaction *transaction)
{
	bool knows = call->version >= FFA_VERSION_1_1 ||
		     atomic_load_explicit(&call->ctx->endpoint->knows_ns_bit, memory_order_relaxed);

	return knows && (transaction->sender_map & ARCH_MAP_NON_SECURE) != 0 ? FFA_MEMORY_NON_SECURE
									     : 0;
}

/** Writes @response into the caller's RX buffer. *@next and *@sent: how far it got. False: it cannot be written. */
static bool write_response(const struct retrieval *retrieval, const struct transaction *transaction,
			   const struct mem_response *response, uint32_t *next, uint32_t *sent)
{
	struct buffer rx = buffer_open_rx(retrieval->call->pe, retrieval->mailbox);

	*sent = mem_response_write(&rx, rx_size(retrieval->mailbox), transaction, response, next);
	return buffer_close_rx(&rx);
}

/** Hands the RX buffer with the first @sent bytes of a response over to the caller. */
static void answer(const struct retrieval *retrieval, const struct transaction *transaction,
		   uint32_t access_count, uint32_t sent) NO_THREAD_SAFETY
{
	uint32_t total = mem_response_head(retrieval->call->version, access_count) +
			 transaction->constituent_count * (uint32_t)sizeof(struct constituent);

	mailbox_set_rx_state(retrieval->mailbox, RX_FULL);
	complete(retrieval->call->ctx, FFA_MEM_RETRIEVE_RESP_32, total, sent, 0);
}

static bool write_borrowers_response(const struct retrieval *retrieval,
				     const struct transaction *transaction, uint32_t *next,
				     uint32_t *sent)
{
	const struct mem_terms *terms = &retrieval->terms;
	struct ffa_memory_access access = {
		.receiver = retrieval->id,
		.permissions = terms->permissions,
		.value = { terms->borrower->value[0], terms->borrower->value[1] },
	};
	struct mem_response response = {
		.version = retrieval->call->version,
		.attributes = (uint16_t)(terms->attributes |
					 security_bit(retrieval->call, transaction)),
		.flags = (uint32_t)transaction->kind << FFA_MEMORY_FLAG_KIND_SHIFT |
			 (transaction->flags & FFA_MEMORY_FLAG_ZERO),
		.tag = transaction->tag,
		.access_count = 1,
		.access = &access,
	};

	return write_response(retrieval, transaction, &response, next, sent);
}

/* ---- a borrower's retrieval --------------------------------------------------------------------- */

/**
 * Maps the memory for the calling partition and writes the response; or neither. A VM's is mapped by its
 * hypervisor.
 */
static enum ffa_status deliver(const struct retrieval *retrieval, struct transaction *transaction,
			       uint32_t *next, uint32_t *sent)
{
	struct partition *partition = retrieval->call->ctx->partition;
	struct space_edit edit;
	enum ffa_status status;

	if (partition == NULL) {
		return write_borrowers_response(retrieval, transaction, next, sent) ? FFA_OK
										    : FFA_ABORTED;
	}
	lock_acquire(&partition->space.lock);
	status = mem_borrower_prepare(partition, transaction, &edit);
	if (status == FFA_OK) {
		if (write_borrowers_response(retrieval, transaction, next, sent)) {
			mem_borrower_map(transaction, retrieval->terms.map, &edit);
		} else {
			mem_borrower_cancel(transaction, &edit);
			status = FFA_ABORTED;
		}
	}
	lock_release(&partition->space.lock);
	return status;
}

/** The borrower has it: what is remembered of that. */
static void enter(const struct retrieval *retrieval, struct transaction *transaction, uint32_t next,
		  uint32_t sent)
{
	const struct mem_terms *terms = &retrieval->terms;
	struct borrower *borrower = terms->borrower;
	bool more = next < transaction->constituent_count;

	borrower->retrieved = true;
	borrower->granted = terms->permissions;
	borrower->attributes = terms->attributes;
	borrower->zero_after = (retrieval->descriptor.flags & FFA_MEMORY_FLAG_ZERO_AFTER) != 0;
	borrower->next_constituent = more ? next : 0;
	borrower->sent_bytes = more ? sent : 0;
}

static enum ffa_status retrieve_locked(struct retrieval *retrieval, struct transaction_slot *slot)
{
	const struct call *call = retrieval->call;
	struct transaction *transaction = slot->transaction;
	enum ffa_status status = mem_terms_check(call, &retrieval->descriptor, transaction,
						 retrieval->id, &retrieval->terms);
	uint32_t next, sent;

	if (status == FFA_OK && call_is_gone(call)) {
		status = FFA_ABORTED;
	}
	if (status == FFA_OK) {
		status = deliver(retrieval, transaction, &next, &sent);
	}
	if (status != FFA_OK) {
		transaction_leave(slot);
		return status;
	}
	enter(retrieval, transaction, next, sent);
	answer(retrieval, transaction, 1, sent);
	if (transaction->kind == TRANSACTION_DONATE && retrieval->terms.borrower->sent_bytes == 0) {
		mem_owner_forget(call->spmc, transaction);
		transaction_destroy(&call->spmc->transactions, slot);
	} else {
		transaction_leave(slot);
	}
	return FFA_OK;
}

/**
 * The transaction that @descriptor names, complete and not orphaned, locked.
 *
 * FFA_INVALID_PARAMETERS  no such handle, or not all of it was sent.
 * FFA_DENIED              its sender is gone.
 */
static enum ffa_status find(const struct retrieval *retrieval, struct transaction_slot **slot)
	NO_THREAD_SAFETY
{
	enum ffa_status status = FFA_OK;

	*slot = transaction_find(&retrieval->call->spmc->transactions,
				 retrieval->descriptor.handle);
	if (*slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!(*slot)->transaction->complete) {
		status = FFA_INVALID_PARAMETERS;
	} else if ((*slot)->transaction->orphaned) {
		status = FFA_DENIED;
	}
	if (status != FFA_OK) {
		transaction_leave(*slot);
	}
	return status;
}

/** Address ranges of a request: where the borrower wants the memory. It is where it is, or nowhere. */
static enum ffa_status check_ranges(const struct retrieval *retrieval,
				    const struct transaction *transaction, struct buffer *tx)
{
	const struct mem_descriptor *descriptor = &retrieval->descriptor;
	struct constituent_walk walk = transaction_walk(transaction, 0);
	struct ffa_memory_composite composite = { 0 };
	const struct constituent *constituent;
	uint64_t end;
	bool same = true;

	buffer_skip(tx, descriptor->composite_offset - descriptor->end);
	buffer_read(tx, &composite, sizeof(composite));
	end = descriptor->composite_offset + sizeof(composite) +
	      (uint64_t)composite.range_count * sizeof(struct ffa_memory_range);
	if (tx->failed) {
		return FFA_ABORTED;
	}
	if (end != retrieval->length || composite.page_count != transaction->page_count) {
		return FFA_INVALID_PARAMETERS;
	}
	same = composite.range_count == transaction->constituent_count;
	while (same && (constituent = constituent_next(&walk)) != NULL) {
		struct ffa_memory_range range = { 0 };

		buffer_read(tx, &range, sizeof(range));
		same = !tx->failed && range.address == constituent->address &&
		       range.page_count == constituent->page_count;
	}
	return same ? FFA_OK : tx->failed ? FFA_ABORTED : FFA_DENIED;
}

/**
 * Whom the caller retrieves for: itself, or one VM of a hypervisor.
 *
 * FFA_NOT_SUPPORTED       several VMs at once.
 * FFA_INVALID_PARAMETERS  no VM; the caller's own descriptor says that it does not retrieve.
 */
static enum ffa_status find_borrower(struct retrieval *retrieval)
{
	const struct mem_descriptor *descriptor = &retrieval->descriptor;
	bool normal_world = call_from_normal_world(retrieval->call);
	uint32_t count = 0;

	retrieval->id = retrieval->call->ctx->endpoint->id;
	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		const struct ffa_memory_access *access = &descriptor->access[i];
		bool retrieves = (access->flags & FFA_MEMORY_ACCESS_NOT_RETRIEVING) == 0;

		if (normal_world && !id_is_secure(access->receiver) && retrieves) {
			retrieval->id = access->receiver;
			count++;
		} else if (!normal_world && access->receiver == retrieval->id && !retrieves) {
			return FFA_INVALID_PARAMETERS;
		}
	}
	if (normal_world && count != 1) {
		return count == 0 ? FFA_INVALID_PARAMETERS : FFA_NOT_SUPPORTED;
	}
	return FFA_OK;
}

static enum ffa_status retrieve_as_borrower(struct retrieval *retrieval, struct buffer *tx)
	NO_THREAD_SAFETY
{
	const struct mem_descriptor *descriptor = &retrieval->descriptor;
	struct transaction_slot *slot;
	enum ffa_status status = find(retrieval, &slot);

	if (status != FFA_OK) {
		return status;
	}
	status = find_borrower(retrieval);
	if (status == FFA_OK) {
		if (descriptor->composite_offset != 0) {
			status = check_ranges(retrieval, slot->transaction, tx);
		} else if (retrieval->length != descriptor->end) {
			status = FFA_INVALID_PARAMETERS;
		}
	}
	if (status != FFA_OK) {
		transaction_leave(slot);
		return status;
	}
	return retrieve_locked(retrieval, slot);
}

/* ---- a hypervisor's look ------------------------------------------------------------------------ */

/** Only the handle is given. */
static bool names_handle_only(const struct retrieval *retrieval)
{
	const struct mem_descriptor *descriptor = &retrieval->descriptor;

	return descriptor->sender == 0 && descriptor->attributes == 0 && descriptor->flags == 0 &&
	       descriptor->tag == 0 && retrieval->length == descriptor->end;
}

/** The normal world has a part in it. */
static bool concerns_normal_world(const struct transaction *transaction)
{
	bool concerned = !id_is_secure(transaction->sender);

	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		concerned = concerned || !id_is_secure(transaction->borrowers[i].id);
	}
	return concerned;
}

static enum ffa_status show(struct retrieval *retrieval, struct transaction *transaction)
{
	struct ffa_memory_access *access = retrieval->descriptor.access;
	struct mem_response response = {
		.version = retrieval->call->version,
		.attributes = transaction->attributes,
		.flags = transaction->flags | (uint32_t)transaction->kind
						      << FFA_MEMORY_FLAG_KIND_SHIFT,
		.access_count = transaction->borrower_count,
		.access = access,
	};
	uint32_t next, sent;

	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		const struct borrower *borrower = &transaction->borrowers[i];

		access[i] = (struct ffa_memory_access){
			.receiver = borrower->id,
			.permissions = borrower->permissions,
			.value = { borrower->value[0], borrower->value[1] },
		};
	}
	if (!write_response(retrieval, transaction, &response, &next, &sent)) {
		return FFA_ABORTED;
	}
	transaction->hypervisor_retrieving = next < transaction->constituent_count;
	transaction->hypervisor_next = next;
	transaction->hypervisor_bytes = sent;
	answer(retrieval, transaction, transaction->borrower_count, sent);
	return FFA_OK;
}

/**
 * FFA_INVALID_PARAMETERS  not the normal world; more than a handle, or none that concerns it.
 * FFA_DENIED              it has not fetched all of an earlier response.
 */
static enum ffa_status retrieve_as_hypervisor(struct retrieval *retrieval) NO_THREAD_SAFETY
{
	struct transaction_slot *slot;
	enum ffa_status status;

	if (!call_from_normal_world(retrieval->call) || !names_handle_only(retrieval)) {
		return FFA_INVALID_PARAMETERS;
	}
	slot = transaction_find(&retrieval->call->spmc->transactions, retrieval->descriptor.handle);
	if (slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!slot->transaction->complete || !concerns_normal_world(slot->transaction)) {
		status = FFA_INVALID_PARAMETERS;
	} else if (slot->transaction->hypervisor_retrieving) {
		status = FFA_DENIED;
	} else {
		status = show(retrieval, slot->transaction);
	}
	transaction_leave(slot);
	return status;
}

/* ---- the call ----------------------------------------------------------------------------------- */

static enum ffa_status retrieve_from_tx(struct retrieval *retrieval, struct buffer *tx)
{
	enum ffa_status status = mem_descriptor_read(retrieval->call, tx, retrieval->length,
						     MEM_COMPOSITE_OPTIONAL,
						     &retrieval->descriptor);

	if (status != FFA_ABORTED && mailbox_rx_state(retrieval->mailbox) != RX_EMPTY) {
		status = FFA_BUSY;
	}
	if (status != FFA_OK) {
		return status;
	}
	return retrieval->descriptor.access_count == 0 ? retrieve_as_hypervisor(retrieval)
						       : retrieve_as_borrower(retrieval, tx);
}

/**
 * Statuses of mem_terms_check() and mem_borrower_prepare() besides:
 *
 * FFA_INVALID_PARAMETERS  a buffer in registers, lengths, no buffers; a descriptor that makes no sense; no
 *                         transaction with this handle, or not all of it was sent.
 * FFA_BUSY                the RX buffer is full.
 * FFA_DENIED              the sender is gone.
 * FFA_ABORTED             TX or RX cannot be accessed.
 * FFA_NOT_SUPPORTED       a hypervisor retrieves for several VMs at once.
 */
enum ffa_status ffa_mem_retrieve_req(struct call *call)
{
	struct ffa_memory_access access[TRANSACTION_BORROWERS_MAX];
	struct retrieval retrieval = {
		.call = call,
		.descriptor.access = access,
		.mailbox = &call->ctx->endpoint->mailbox,
		.length = call_w(call, 1),
	};
	struct mailbox *mailbox = retrieval.mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (call_arg(call, 3) != 0 || call_w(call, 4) != 0 || call_w(call, 2) != retrieval.length) {
		return FFA_INVALID_PARAMETERS;
	}
	freeze_change_begin(call->pe);
	mailbox_lock(mailbox);
	if (mailbox_is_mapped(mailbox) && retrieval.length <= mailbox->tx.page_count
								      << PAGE_SHIFT) {
		struct buffer tx = buffer_open_tx(call->pe, mailbox);

		status = retrieve_from_tx(&retrieval, &tx);
		(void)buffer_close_tx(&tx);
	}
	mailbox_unlock(mailbox);
	freeze_change_end(call->pe);
	return status;
}
