/* SPDX-License-Identifier: BSD-3-Clause */
/* Composing indirect messages in TX buffers and looking at what arrives in RX buffers, byte for byte. */
#include "tests/unit/ffa/indirect_fixture.h"

#define SP_TX_OFFSET UINT64_C(0x10000)
#define SP_RX_OFFSET UINT64_C(0x20000)

enum { JUNK = 0xA5 };

static bool is_partition(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0;
}

uint64_t message_tx(uint16_t id)
{
	return is_partition(id) ? base_of(id) + SP_TX_OFFSET : vm_tx(id);
}

uint64_t message_rx(uint16_t id)
{
	return is_partition(id) ? base_of(id) + SP_RX_OFFSET : vm_rx(id);
}

static struct mailbox *mailbox_of(uint16_t id)
{
	return is_partition(id) ? &partition_of(id)->endpoint.mailbox : vm_mailbox(id);
}

enum rx_state rx_state_of(uint16_t id)
{
	return mailbox_rx_state(mailbox_of(id));
}

struct indirect usual_message(uint32_t size)
{
	return (struct indirect){
		.sender = SP1,
		.receiver = SP2,
		.header_size = HEADER_1_2,
		.offset = HEADER_1_2,
		.size = size,
	};
}

void give_buffers(uint16_t id, uint32_t page_count)
{
	request(NW, id);
	CALL(id, FFA_RXTX_MAP_64, message_tx(id), message_rx(id), page_count);
	CHECK_SUCCESS(id);
	respond(id, NW);
}

void two_ends(uint32_t from, uint32_t to, uint32_t page_count)
{
	struct partition_config *config;

	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = from;
	config = system_add(SP2, INSTANCE_S1MP);
	config->ffa_version = to;
	config->notification_support = true;
	system_boot(1);
	give_buffers(SP1, page_count);
	give_buffers(SP2, page_count);
	request(NW, SP1);
}

/* ---- sending ------------------------------------------------------------------------------------ */

static uint8_t pattern(uint32_t n)
{
	return (uint8_t)(n * 7 + n / 251 + 1);
}

void compose_message(const struct indirect *message)
{
	const struct mailbox *mailbox = mailbox_of(message->sender);
	uint64_t buffer_size = mailbox->tx.page_count * PAGE_SIZE;
	uint8_t *tx = host_ram(paddr(message_tx(message->sender)));
	struct ffa_message_header header = {
		.offset = message->offset,
		.endpoints = FFA_ENDPOINTS(message->sender, message->receiver),
		.size = message->size,
		.uuid = message->uuid,
	};

	memset(tx, JUNK, buffer_size);
	for (uint32_t i = 0; i < message->size && message->offset + (uint64_t)i < buffer_size;
	     i++) {
		tx[message->offset + i] = pattern(i);
	}
	memcpy(tx, &header, message->header_size);
}

void spoil_rx(uint16_t id)
{
	memset(host_ram(paddr(message_rx(id))), JUNK, mailbox_of(id)->rx.page_count * PAGE_SIZE);
}

void send_message(const struct indirect *message)
{
	compose_message(message);
	if (rx_state_of(message->receiver) == RX_EMPTY) {
		spoil_rx(message->receiver);
	}
	if (is_partition(message->sender)) {
		CALL(message->sender, SEND2);
	} else {
		CALL(NW, SEND2, (uint64_t)message->sender << 16);
	}
}

/* ---- looking ------------------------------------------------------------------------------------ */

static void check_zero(const uint8_t *from, const uint8_t *to)
{
	for (; from < to; from++) {
		CHECK_EQUAL(*from, 0);
	}
}

void check_received(const struct indirect *message, uint32_t header_size, uint32_t offset)
{
	uint8_t *rx = host_ram(paddr(message_rx(message->receiver)));
	const uint8_t *end = rx + mailbox_of(message->receiver)->rx.page_count * PAGE_SIZE;
	struct ffa_message_header header = {
		.offset = offset,
		.endpoints = FFA_ENDPOINTS(message->sender, message->receiver),
		.size = message->size,
	};

	if (message->header_size == HEADER_1_2) {
		header.uuid = message->uuid;
	}
	CHECK_EQUAL(rx_state_of(message->receiver), RX_FULL);
	CHECK_BYTES(rx, &header, header_size);
	check_zero(rx + header_size, rx + offset);
	for (uint32_t i = 0; i < message->size; i++) {
		CHECK_EQUAL(rx[offset + i], pattern(i));
	}
	check_zero(rx + offset + message->size, end);
}

static uint16_t caller_of(const struct indirect *message)
{
	return is_partition(message->sender) ? message->sender : NW;
}

void deliver_message(const struct indirect *message, uint32_t header_size, uint32_t offset)
{
	send_message(message);
	CHECK_SUCCESS(caller_of(message));
	check_received(message, header_size, offset);
}

void refuse_message(const struct indirect *message, enum ffa_status status)
{
	enum rx_state before = rx_state_of(message->receiver);

	send_message(message);
	CHECK_REFUSED(caller_of(message), status);
	CHECK_EQUAL(rx_state_of(message->receiver), before);
}
