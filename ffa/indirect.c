/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Indirect messages (DEN0077A, "Indirect messaging"): FFA_MSG_SEND2, from the sender's TX to the receiver's
 * RX buffer. The header is copied once and checked then; the receiver gets one made anew, in its own
 * version. Every byte of TX is read once.
 * Locks: RANK_TX of the sender, then RANK_RX and RANK_NOTIF_SET of the receiver.
 */
#include "ffa/buffer.h"
#include "ffa/call.h"
#include "ffa/notification.h"

#define SEND2_SENDER(w1) ((uint16_t)((w1) >> 16))
#define SEND2_RESERVED 0xFFFFU

/** One message on its way. */
struct message {
	struct endpoint *sender, *receiver;
	struct partition *to; /* the receiver; NULL: a VM */
	uint16_t sender_id, receiver_id;
	uint32_t receiver_version;
	struct ffa_message_header header; /* as sent; the UUID is nil before v1.2 */
};

static size_t header_size(uint32_t version)
{
	return version < FFA_VERSION_1_2 ? FFA_MESSAGE_HEADER_SIZE_1_1
					 : sizeof(struct ffa_message_header);
}

static size_t buffer_size(struct page_range buffer)
{
	return buffer.page_count << PAGE_SHIFT;
}

/* ---- checks ------------------------------------------------------------------------------------- */

/** True when both ends take part in indirect messages at all; of VMs the hypervisor knows. */
static bool ends_take_part(const struct call *call, const struct message *message)
{
	const struct partition *from = call->ctx->partition;

	return (from == NULL || (from->config->messaging_method & FFA_PROPERTY_INDIRECT) != 0) &&
	       (message->to == NULL ||
		(message->to->config->messaging_method & FFA_PROPERTY_INDIRECT) != 0) &&
	       message->receiver_version >= FFA_VERSION_1_1;
}

/** Who gets it, as the header says. */
static enum ffa_status find_receiver(const struct call *call, struct message *message)
{
	uint16_t id = FFA_RECEIVER(message->header.endpoints);

	if (FFA_SENDER(message->header.endpoints) != message->sender_id ||
	    id == message->sender_id) {
		return FFA_INVALID_PARAMETERS;
	}
	if (call_from_normal_world(call) && (id & FFA_ID_SECURE_BIT) == 0) {
		return FFA_INVALID_PARAMETERS; /* from VM to VM is the hypervisor's business */
	}
	message->receiver_id = id;
	message->receiver = spmc_endpoint(call->spmc, id);
	if (message->receiver == NULL || !mailbox_is_mapped(&message->receiver->mailbox)) {
		return FFA_INVALID_PARAMETERS; /* a hint; deliver() looks again */
	}
	message->to = spmc_partition(call->spmc, id);
	message->receiver_version = message->to != NULL
					    ? endpoint_version(message->receiver)
					    : endpoint_version(call->spmc->normal_world);
	return FFA_OK;
}

/** All that can be said without the receiver's buffer. */
static enum ffa_status check_header(const struct call *call, struct message *message)
{
	enum ffa_status status = find_receiver(call, message);
	uint32_t method = FFA_PROPERTY_INDIRECT;

	if (status != FFA_OK) {
		return status;
	}
	if (!ends_take_part(call, message)) {
		return FFA_DENIED;
	}
	if (message->to != NULL &&
	    !partition_service_method(message->to, &message->header.uuid, &method)) {
		return FFA_INVALID_PARAMETERS;
	}
	return (method & FFA_PROPERTY_INDIRECT) != 0 ? FFA_OK : FFA_DENIED;
}

/** The payload lies behind the header, in the sender's buffer. */
static bool payload_is_inside(const struct call *call, const struct message *message)
{
	uint64_t end = (uint64_t)message->header.offset + message->header.size;

	return message->header.offset >= header_size(call->version) &&
	       end <= buffer_size(message->sender->mailbox.tx);
}

/* ---- delivery ----------------------------------------------------------------------------------- */

/**
 * Where the payload goes: where the sender had it, or behind the receiver's header, which may be longer,
 * with the sender's alignment, so that it can be copied fast, if the receiver's buffer of @room bytes allows.
 */
static uint32_t payload_offset(const struct message *message, uint64_t room)
{
	uint32_t first = (uint32_t)header_size(message->receiver_version);
	uint32_t offset = message->header.offset;

	if (offset < first) {
		offset = first + ((offset - first) & 7);
		offset = (uint64_t)offset + message->header.size <= room ? offset : first;
	}
	return offset;
}

/** Writes header and payload, which @tx has next, into the receiver's RX. False: a buffer cannot be accessed. */
static bool write_message(struct pe *pe, const struct message *message, struct buffer *tx,
			  uint32_t offset)
{
	const struct ffa_message_header *sent = &message->header;
	size_t size = header_size(message->receiver_version);
	struct ffa_message_header header = {
		.offset = offset,
		.endpoints = sent->endpoints,
		.size = sent->size,
		.uuid = sent->uuid,
	};
	struct buffer rx = buffer_open_rx(pe, &message->receiver->mailbox);

	buffer_write(&rx, &header, size);
	buffer_write_zero(&rx, offset - size);
	buffer_copy(&rx, tx, sent->size);
	return buffer_finish_rx(&rx) && !tx->failed;
}

/**
 * Can the receiver's RX buffer take the message, @offset bytes into it the payload?
 *
 * FFA_INVALID_PARAMETERS  the receiver has no buffer; the payload is not inside the sender's.
 * FFA_BUSY                the receiver has not released its buffer.
 * FFA_NO_MEMORY           the message is longer than the receiver's buffer.
 */
static enum ffa_status check_rx(const struct call *call, const struct message *message,
				uint32_t offset)
{
	const struct mailbox *mailbox = &message->receiver->mailbox;

	if (!mailbox_is_mapped(mailbox) || mailbox->owner != message->receiver_id) {
		return FFA_INVALID_PARAMETERS;
	}
	if (mailbox_rx_state(mailbox) != RX_EMPTY) {
		return FFA_BUSY;
	}
	if (!payload_is_inside(call, message)) {
		return FFA_INVALID_PARAMETERS;
	}
	return (uint64_t)offset + message->header.size <= buffer_size(mailbox->rx) ? FFA_OK
										   : FFA_NO_MEMORY;
}

/**
 * Puts the message into the receiver's RX buffer, which is then the receiver's, and lets the framework
 * notification pend. *@told: the receiver has notifications.
 *
 * FFA_ABORTED  a buffer cannot be accessed. Statuses of check_rx() besides.
 */
static enum ffa_status deliver(const struct call *call, const struct message *message,
			       struct buffer *tx, bool *told)
{
	struct mailbox *mailbox = &message->receiver->mailbox;
	uint32_t offset;
	uint64_t bit = call_from_normal_world(call) ? NOTIF_HYPERVISOR_RX_FULL : NOTIF_SPMC_RX_FULL;
	enum ffa_status status;

	lock_acquire(&mailbox->rx_lock);
	offset = payload_offset(message, mailbox->rx.page_count << PAGE_SHIFT);
	status = check_rx(call, message, offset);
	if (status == FFA_OK && !write_message(call->pe, message, tx, offset)) {
		status = FFA_ABORTED;
	}
	if (status == FFA_OK) {
		mailbox_set_rx_state(mailbox, RX_FULL);
		*told = notif_set_signal_framework(&message->receiver->notifications,
						   message->receiver_id, bit);
	}
	lock_release(&mailbox->rx_lock);
	return status;
}

/** Reads the header out of the sender's TX, checks and delivers; TX is open meanwhile. */
static enum ffa_status send_from_tx(const struct call *call, struct message *message, bool *told)
{
	size_t size = header_size(call->version);
	struct buffer tx = buffer_open_tx(call->pe, &message->sender->mailbox);
	enum ffa_status status;

	message->header.uuid = (struct ffa_uuid){ 0 };
	buffer_read(&tx, &message->header, size);
	status = tx.failed ? FFA_ABORTED : check_header(call, message);
	if (status == FFA_OK && payload_is_inside(call, message)) {
		buffer_skip(&tx, message->header.offset - size);
	}
	if (status == FFA_OK) {
		status = deliver(call, message, &tx, told);
	}
	(void)buffer_close_tx(&tx);
	return status;
}

/** The endpoint whose TX buffer holds the message: the caller, or a VM that its hypervisor speaks for. */
static struct endpoint *find_sender(const struct call *call, uint16_t id)
{
	if (!call_from_normal_world(call)) {
		return call->ctx->endpoint;
	}
	return (id & FFA_ID_SECURE_BIT) != 0 ? NULL : spmc_endpoint(call->spmc, id);
}

/**
 * FFA_INVALID_PARAMETERS  reserved bits, flags; a header that makes no sense; IDs, UUID; no RX buffer.
 * FFA_DENIED              the sender has no TX buffer; an end does not take part in indirect messages.
 * FFA_BUSY, FFA_NO_MEMORY, FFA_ABORTED: see deliver().
 */
enum ffa_status ffa_msg_send2(struct call *call)
{
	bool delayed = (call_w(call, 2) & FFA_MSG_SEND2_DELAY_SRI) != 0;
	struct message message; /* filled as the header is read */
	enum ffa_status status = FFA_DENIED;
	struct mailbox *mailbox;
	bool told = false;

	message.sender_id = SEND2_SENDER(call_w(call, 1));
	if ((call_w(call, 1) & SEND2_RESERVED) != 0 ||
	    (!call_from_normal_world(call) && message.sender_id != 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	message.sender = find_sender(call, message.sender_id);
	if (message.sender == NULL) {
		return FFA_DENIED;
	}
	if (!call_from_normal_world(call)) {
		message.sender_id = message.sender->id;
	}
	mailbox = &message.sender->mailbox;

	lock_acquire(&mailbox->tx_lock);
	if (mailbox_is_mapped(mailbox) && mailbox->owner == message.sender_id) {
		bool flags_are_valid = (call_w(call, 2) & ~FFA_MSG_SEND2_DELAY_SRI) == 0 &&
				       !(delayed && call_from_normal_world(call));

		status = flags_are_valid ? send_from_tx(call, &message, &told)
					 : FFA_INVALID_PARAMETERS;
	}
	lock_release(&mailbox->tx_lock);
	if (status != FFA_OK) {
		return status;
	}
	if (told) {
		notification_tell_scheduler(call->pe, delayed);
	}
	return call_success(call, 0, 0);
}
