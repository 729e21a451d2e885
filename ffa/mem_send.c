/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sending memory (DEN0140, "Memory management interfaces"): FFA_MEM_SHARE, FFA_MEM_LEND, FFA_MEM_DONATE, and
 * FFA_MEM_FRAG_TX for descriptors longer than a TX buffer. The descriptor is copied part by part and
 * checked; when its last constituent is there, mem_owner.c takes the memory away from the sender.
 * Locks: RANK_TX of the sender, then RANK_TRANSACTION, then those of mem_owner.c.
 */
#include "ffa/mem_descriptor.h"
#include "ffa/mem_owner.h"

#define SEND_FLAGS (FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE)

/** A send or fragment on its way. */
struct sending {
	struct call *call;
	struct buffer tx;
	uint32_t total, length; /* bytes: of the descriptor, of this fragment */
	enum transaction_kind kind;
	struct mem_descriptor descriptor;
};

static struct quota *quota_of(const struct call *call)
{
	return call_from_normal_world(call) ? &call->spmc->ns_quota : &call->ctx->partition->quota;
}

/* ---- checks of a first fragment ------------------------------------------------------------------ */

/** A partition that has ended is none any more, as in FFA_PARTITION_INFO_GET. */
static bool receiver_exists(struct spmc *spmc, uint16_t id)
{
	const struct partition *partition;

	if (!id_is_secure(id)) {
		return true; /* for its hypervisor to say */
	}
	partition = spmc_partition(spmc, id);
	return partition != NULL && partition_state(partition) != PARTITION_ABORTED;
}

/** Who the borrowers are: they exist, none of them is the sender. */
static bool receivers_exist(const struct sending *sending)
{
	const struct mem_descriptor *descriptor = &sending->descriptor;

	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		uint16_t id = descriptor->access[i].receiver;

		if (id == descriptor->sender || !receiver_exists(sending->call->spmc, id)) {
			return false;
		}
	}
	return true;
}

/**
 * Which worlds may deal with each other: memory of the normal world is given to partitions, to VMs as well
 * only when it is shared; a partition donates nothing to VMs. (What it may lend is decided by its memory.)
 */
static bool worlds_are_allowed(const struct sending *sending)
{
	const struct mem_descriptor *descriptor = &sending->descriptor;
	uint32_t vms = 0;

	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		vms += id_is_secure(descriptor->access[i].receiver) ? 0 : 1;
	}
	if (vms == 0) {
		return true;
	}
	if (call_from_normal_world(sending->call)) {
		return sending->kind == TRANSACTION_SHARE && vms < descriptor->access_count;
	}
	return sending->kind != TRANSACTION_DONATE;
}

static bool sender_is_genuine(const struct sending *sending)
{
	uint16_t sender = sending->descriptor.sender;

	return call_from_normal_world(sending->call) ? !id_is_secure(sender)
						     : sender == sending->call->ctx->endpoint->id;
}

/** The fragment has all before the constituents; lengths are those of whole records. */
static bool lengths_are_valid(const struct sending *sending)
{
	uint32_t unit = mem_composite_alignment(sending->call->version);
	uint64_t head = (uint64_t)sending->descriptor.composite_offset +
			sizeof(struct ffa_memory_composite);

	return sending->length >= head && sending->total % unit == 0 && sending->length % unit == 0;
}

/** The lengths fit the composite, where it must be, and its number of constituents. */
static bool lengths_fit(const struct sending *sending, const struct ffa_memory_composite *composite)
{
	uint64_t head = sending->descriptor.composite_offset + sizeof(*composite);

	return composite->range_count > 0 &&
	       sending->descriptor.composite_offset %
			       mem_composite_alignment(sending->call->version) ==
		       0 &&
	       head + (uint64_t)composite->range_count * sizeof(struct ffa_memory_range) ==
		       sending->total &&
	       (sending->length - head) % sizeof(struct ffa_memory_range) == 0;
}

static bool has_duplicates(const struct mem_descriptor *descriptor)
{
	for (uint32_t i = 1; i < descriptor->access_count; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (descriptor->access[i].receiver == descriptor->access[j].receiver) {
				return true;
			}
		}
	}
	return false;
}

static bool permissions_are_valid(const struct sending *sending)
{
	for (uint32_t i = 0; i < sending->descriptor.access_count; i++) {
		const struct ffa_memory_access *access = &sending->descriptor.access[i];
		unsigned data = access->permissions & FFA_MEMORY_DATA_MASK;

		if (access->flags != 0 || (access->permissions & ~FFA_MEMORY_DATA_MASK) != 0 ||
		    data == FFA_MEMORY_DATA_RESERVED ||
		    (sending->kind == TRANSACTION_DONATE) != (data == 0)) {
			return false;
		}
	}
	return true;
}

/** True when the sender leaves it to the borrower how it maps the memory. */
static bool is_exclusive(const struct sending *sending)
{
	return sending->kind == TRANSACTION_DONATE ||
	       (sending->kind == TRANSACTION_LEND && sending->descriptor.access_count == 1);
}

/**
 * The attributes field.
 *
 * FFA_INVALID_PARAMETERS  reserved bits; a type where it is left to the borrower, or none where not.
 * FFA_DENIED              reserved encodings.
 */
static enum ffa_status check_attributes(const struct sending *sending)
{
	uint16_t attributes = sending->descriptor.attributes;
	unsigned type = attributes & FFA_MEMORY_TYPE_MASK;
	unsigned cacheability = attributes & FFA_MEMORY_CACHEABILITY_MASK;

	if ((attributes & (FFA_MEMORY_NON_SECURE | FFA_MEMORY_ATTRIBUTES_RESERVED)) != 0 ||
	    is_exclusive(sending) != (type == FFA_MEMORY_TYPE_UNSPECIFIED)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (type == FFA_MEMORY_TYPE_UNSPECIFIED) {
		return FFA_OK;
	}
	if (type == FFA_MEMORY_TYPE_RESERVED ||
	    (attributes & FFA_MEMORY_SHAREABILITY_MASK) == FFA_MEMORY_SHAREABILITY_RESERVED ||
	    (type == FFA_MEMORY_TYPE_NORMAL && cacheability != FFA_MEMORY_WRITE_BACK &&
	     cacheability != FFA_MEMORY_NON_CACHEABLE)) {
		return FFA_DENIED;
	}
	return FFA_OK;
}

/** The checks of a send that its header and access descriptors decide, in the order of DEN0140. */
static enum ffa_status check_parties(const struct sending *sending)
{
	const struct mem_descriptor *descriptor = &sending->descriptor;

	if ((descriptor->flags & ~SEND_FLAGS) != 0 || descriptor->handle != 0 ||
	    (sending->kind == TRANSACTION_SHARE && (descriptor->flags & FFA_MEMORY_FLAG_ZERO)) ||
	    (sending->kind == TRANSACTION_DONATE && descriptor->access_count != 1) ||
	    !receivers_exist(sending)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!worlds_are_allowed(sending)) {
		return FFA_DENIED;
	}
	if (!lengths_are_valid(sending)) {
		return FFA_INVALID_PARAMETERS;
	}
	return sender_is_genuine(sending) ? FFA_OK : FFA_DENIED;
}

static enum ffa_status check_terms(const struct sending *sending,
				   const struct ffa_memory_composite *composite)
{
	const struct mem_descriptor *descriptor = &sending->descriptor;

	if (!lengths_fit(sending, composite) ||
	    (descriptor->flags & FFA_MEMORY_FLAG_TIME_SLICE) != 0 || has_duplicates(descriptor) ||
	    !permissions_are_valid(sending)) {
		return FFA_INVALID_PARAMETERS;
	}
	return check_attributes(sending);
}

/* ---- constituents ------------------------------------------------------------------------------- */

/** Whole pages below 2^48. */
static bool constituent_is_valid(const struct constituent *constituent)
{
	return page_aligned(constituent->address) && constituent->page_count > 0 &&
	       constituent->address >> 48 == 0 &&
	       constituent->page_count <= ((UINT64_C(1) << 48) - constituent->address) >>
		       PAGE_SHIFT;
}

/** Takes @count constituents from TX into @transaction. */
static enum ffa_status take_constituents(struct sending *sending, struct transaction *transaction,
					 uint32_t count)
{
	while (count > 0) {
		uint32_t piece;
		struct constituent *room = transaction_extend(&sending->call->spmc->transactions,
							      transaction, count, &piece);

		if (room == NULL) {
			return FFA_NO_MEMORY;
		}
		buffer_read(&sending->tx, room, piece * sizeof(*room));
		if (sending->tx.failed) {
			return FFA_ABORTED;
		}
		for (uint32_t i = 0; i < piece; i++) {
			room[i].reserved = 0;
			transaction->received_pages += room[i].page_count;
			if (!constituent_is_valid(&room[i])) {
				return FFA_INVALID_PARAMETERS;
			}
		}
		transaction->received_count += piece;
		count -= piece;
	}
	return FFA_OK;
}

/** Ends the transaction's send: the sender gives the memory away. Statuses of mem_owner_give(). */
static enum ffa_status finish(const struct call *call, struct transaction *transaction)
{
	enum ffa_status status;

	if (transaction->received_pages != transaction->page_count) {
		return FFA_INVALID_PARAMETERS;
	}
	status = mem_owner_give(call->spmc, transaction);
	if (status != FFA_OK) {
		return status;
	}
	transaction->complete = true;
	if ((transaction->flags & FFA_MEMORY_FLAG_ZERO) != 0 && !mem_zero(call->pe, transaction)) {
		mem_owner_take_back(call->spmc, transaction);
		return FFA_ABORTED;
	}
	return FFA_OK;
}

static void answer_handle(const struct call *call, uint32_t fid, uint64_t handle)
{
	bool success = fid == FFA_SUCCESS_32;

	complete(call->ctx, fid, success ? 0 : (uint32_t)handle,
		 success ? (uint32_t)handle : handle >> 32, success ? handle >> 32 : 0);
}

/** Goes on or comes to the end with what has been received; unlocks the slot. */
static enum ffa_status proceed(struct call *call, struct transaction_slot *slot,
			       enum ffa_status status)
{
	struct transaction_table *table = &call->spmc->transactions;
	struct transaction *transaction = slot->transaction;
	bool more = transaction->received_count < transaction->constituent_count;

	if (status == FFA_OK && call_is_gone(call)) {
		status = FFA_ABORTED;
	}
	if (status == FFA_OK && !more) {
		status = finish(call, transaction);
	}
	if (status != FFA_OK) {
		transaction_destroy(table, slot);
		return status;
	}
	answer_handle(call, more ? FFA_MEM_FRAG_RX_32 : FFA_SUCCESS_32, transaction->handle);
	if (more) {
		call->ctx->arch.x[3] = transaction->received_bytes;
		call->ctx->arch.x[4] = call_from_normal_world(call)
					       ? (uint32_t)transaction->sender << 16
					       : 0;
	}
	transaction_leave(slot);
	return FFA_OK;
}

/* ---- the first fragment ------------------------------------------------------------------------- */

static void fill_in(const struct sending *sending, const struct ffa_memory_composite *composite,
		    struct transaction *transaction)
{
	const struct mem_descriptor *descriptor = &sending->descriptor;

	transaction->tag = descriptor->tag;
	transaction->sender = descriptor->sender;
	transaction->kind = (uint16_t)sending->kind;
	transaction->attributes = descriptor->attributes;
	transaction->flags = descriptor->flags;
	transaction->page_count = composite->page_count;
	transaction->constituent_count = composite->range_count;
	transaction->received_bytes = sending->length;
	transaction->borrower_count = (uint16_t)descriptor->access_count;
	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		const struct ffa_memory_access *access = &descriptor->access[i];

		transaction->borrowers[i] = (struct borrower){
			.id = access->receiver,
			.permissions = access->permissions,
			.has_value = descriptor->access_size == FFA_MEMORY_ACCESS_SIZE_1_2,
			.value = { access->value[0], access->value[1] },
		};
	}
}

/** Reads and checks all of the first fragment before its constituents. */
static enum ffa_status read_head(struct sending *sending, struct ffa_memory_composite *composite)
{
	struct mem_descriptor *descriptor = &sending->descriptor;
	enum ffa_status status = mem_descriptor_read(sending->call, &sending->tx, sending->length,
						     MEM_COMPOSITE_REQUIRED, descriptor);

	if (status == FFA_OK) {
		status = check_parties(sending);
	}
	if (status != FFA_OK) {
		return status;
	}
	buffer_skip(&sending->tx, descriptor->composite_offset - descriptor->end);
	buffer_read(&sending->tx, composite, sizeof(*composite));
	return sending->tx.failed ? FFA_ABORTED : check_terms(sending, composite);
}

static enum ffa_status send_from_tx(struct sending *sending)
{
	struct call *call = sending->call;
	struct ffa_memory_composite composite = { 0 };
	enum ffa_status status = read_head(sending, &composite);
	struct transaction_slot *slot;
	uint32_t head;

	if (status != FFA_OK) {
		return status;
	}
	slot = transaction_create(&call->spmc->transactions, quota_of(call));
	if (slot == NULL) {
		return FFA_NO_MEMORY;
	}
	fill_in(sending, &composite, slot->transaction);
	head = sending->descriptor.composite_offset + (uint32_t)sizeof(composite);
	status = take_constituents(sending, slot->transaction,
				   (sending->length - head) /
					   (uint32_t)sizeof(struct ffa_memory_range));
	return proceed(call, slot, status);
}

/**
 * The three sends. Statuses of mem_owner_give() besides:
 *
 * FFA_INVALID_PARAMETERS  a buffer in registers, lengths, no TX buffer; a descriptor that makes no sense.
 * FFA_DENIED              the sender is not the caller; worlds that may not deal so with each other.
 * FFA_NO_MEMORY           the sender's quota, or no slot.
 * FFA_ABORTED             TX, or memory to be zeroed, cannot be accessed.
 */
static enum ffa_status send(struct call *call, enum transaction_kind kind)
{
	struct ffa_memory_access access[TRANSACTION_BORROWERS_MAX];
	struct sending sending = {
		.call = call,
		.descriptor.access = access,
		.total = call_w(call, 1),
		.length = call_w(call, 2),
		.kind = kind,
	};
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (call_arg(call, 3) != 0 || call_w(call, 4) != 0 || sending.length > sending.total) {
		return FFA_INVALID_PARAMETERS;
	}
	freeze_change_begin(call->pe);
	lock_acquire(&mailbox->tx_lock);
	if (mailbox_is_mapped(mailbox) && sending.length <= mailbox->tx.page_count << PAGE_SHIFT) {
		sending.tx = buffer_open_tx(call->pe, mailbox);
		status = send_from_tx(&sending);
		(void)buffer_close_tx(&sending.tx);
	}
	lock_release(&mailbox->tx_lock);
	freeze_change_end(call->pe);
	return status;
}

enum ffa_status ffa_mem_share(struct call *call)
{
	return send(call, TRANSACTION_SHARE);
}

enum ffa_status ffa_mem_lend(struct call *call)
{
	return send(call, TRANSACTION_LEND);
}

enum ffa_status ffa_mem_donate(struct call *call)
{
	return send(call, TRANSACTION_DONATE);
}

/* ---- further fragments -------------------------------------------------------------------------- */

/** The caller is who sends @transaction, and has not sent all of it. */
static bool is_awaited(const struct call *call, const struct transaction *transaction)
{
	uint16_t endpoint = mem_fragment_endpoint(call);
	bool genuine = call_from_normal_world(call)
			       ? !id_is_secure(transaction->sender) &&
					 endpoint == transaction->sender
			       : transaction->sender == call->ctx->endpoint->id;

	return genuine && !transaction->complete;
}

static enum ffa_status fragment_from_tx(struct sending *sending)
{
	struct call *call = sending->call;
	uint64_t handle = mem_handle(call);
	uint32_t count = sending->length / (uint32_t)sizeof(struct ffa_memory_range);
	struct transaction_slot *slot = transaction_find(&call->spmc->transactions, handle);
	struct transaction *transaction;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (slot == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	transaction = slot->transaction;
	if (!is_awaited(call, transaction)) {
		transaction_leave(slot);
		return FFA_INVALID_PARAMETERS;
	}
	if (count <= transaction->constituent_count - transaction->received_count) {
		transaction->received_bytes += sending->length;
		status = take_constituents(sending, transaction, count);
	}
	return proceed(call, slot, status);
}

/**
 * Constituents that did not fit into the fragments before. A transaction that a fragment fails is over.
 *
 * FFA_INVALID_PARAMETERS  reserved bits, no TX buffer, lengths; nobody waits for it; too many constituents.
 * Statuses of the sends besides.
 */
enum ffa_status ffa_mem_frag_tx(struct call *call)
{
	struct sending sending = { .call = call, .length = call_w(call, 3) };
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (!mem_fragment_endpoint_is_valid(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	freeze_change_begin(call->pe);
	lock_acquire(&mailbox->tx_lock);
	if (mailbox_is_mapped(mailbox) && sending.length <= mailbox->tx.page_count << PAGE_SHIFT &&
	    sending.length >= sizeof(struct ffa_memory_range) &&
	    sending.length % sizeof(struct ffa_memory_range) == 0) {
		sending.tx = buffer_open_tx(call->pe, mailbox);
		status = fragment_from_tx(&sending);
		(void)buffer_close_tx(&sending.tx);
	}
	lock_release(&mailbox->tx_lock);
	freeze_change_end(call->pe);
	return status;
}
