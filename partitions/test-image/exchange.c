/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TEST_EXCHANGE: two partitions send to each other as fast as they can, each on a PE of its own. A message
 * is a number, words made of it and of its sender, and their sum; what comes must be the next one, whole.
 */
#include "partitions/test-image/image.h"

enum {
	WORDS_MIN = 4, /* number, size, a word, sum */
	SPREAD = 7, /* of sizes: odd, so that all come */
};

/** 64-bit words of message @number. */
static uint64_t word_count(uint64_t number, uint64_t size_max)
{
	uint64_t span = size_max / 8 - WORDS_MIN;

	return WORDS_MIN + (span == 0 ? 0 : number * SPREAD % (span + 1));
}

static uint64_t word_of(uint64_t number, uint16_t sender, uint64_t i)
{
	return (number << 16 | sender) * 0x9E3779B97F4A7C15ULL + i;
}

/** Writes message @number behind the header; returns its size in bytes. */
static uint32_t write_payload(uint64_t *words, uint64_t number, uint64_t size_max)
{
	uint64_t count = word_count(number, size_max);
	uint64_t sum = number + count;

	words[0] = number;
	words[1] = count;
	for (uint64_t i = 2; i < count - 1; i++) {
		words[i] = word_of(number, partition.id, i);
		sum = (sum << 1 | sum >> 63) + words[i];
	}
	words[count - 1] = sum;
	return (uint32_t)(count * 8);
}

static bool fail(volatile struct test_exchange *exchange, enum test_exchange_failure failure,
		 uint64_t status, uint64_t expected)
{
	exchange->failed = failure;
	exchange->status = status;
	exchange->expected = expected;
	return false;
}

/** Sends the next message if the peer's buffer is free. The payload lies on words: offset 40 in every version. */
static bool send_next(volatile struct test_exchange *exchange)
{
	uint8_t *tx = image_tx_buffer();
	struct ffa_message message = {
		.sender = partition.id,
		.receiver = (uint16_t)exchange->peer,
		.offset = sizeof(struct ffa_message_header),
	};
	enum ffa_status status;

	message.size = write_payload((uint64_t *)(void *)(tx + message.offset), exchange->sent,
				     exchange->size_max);
	(void)ffa_message_write(tx, partition.version, &message);
	status = ffa_msg_send2(0, (uint32_t)exchange->flags);
	if (status == FFA_OK) {
		exchange->sent++;
	} else if (status == FFA_BUSY) {
		exchange->busy++;
	} else {
		return fail(exchange, TEST_EXCHANGE_SEND, (uint64_t)status, 0);
	}
	return true;
}

static bool check_payload(volatile struct test_exchange *exchange, const uint64_t *words,
			  uint64_t size)
{
	uint64_t number = exchange->received;
	uint64_t count = word_count(number, exchange->size_max);
	uint64_t sum = number + count;

	if (size != count * 8) {
		return fail(exchange, TEST_EXCHANGE_SIZE, size, count * 8);
	}
	if (words[0] != number) {
		return fail(exchange, TEST_EXCHANGE_NUMBER, words[0], number);
	}
	for (uint64_t i = 2; i < count - 1; i++) {
		if (words[i] != word_of(number, (uint16_t)exchange->peer, i)) {
			return fail(exchange, TEST_EXCHANGE_TORN, words[i], i);
		}
		sum = (sum << 1 | sum >> 63) + words[i];
	}
	if (words[1] != count || words[count - 1] != sum) {
		return fail(exchange, TEST_EXCHANGE_TORN, words[count - 1], sum);
	}
	return true;
}

/** Takes a message if there is one. */
static bool take_next(unsigned context, volatile struct test_exchange *exchange)
{
	const uint8_t *rx = image_rx_buffer();
	struct ffa_notifications fetched;
	enum ffa_status status = ffa_notification_get(partition.id, (uint16_t)context,
						      FFA_NOTIFICATION_FROM_SPMC, &fetched);
	struct ffa_message message;

	if (status != FFA_OK) {
		return fail(exchange, TEST_EXCHANGE_GET, (uint64_t)status, 0);
	}
	if ((fetched.from_spmc & FFA_NOTIFICATION_RX_FULL) == 0) {
		exchange->empty++;
		return true;
	}
	message = ffa_message_read(rx, partition.version);
	if (message.sender != exchange->peer || message.receiver != partition.id) {
		return fail(exchange, TEST_EXCHANGE_SENDER, message.sender, exchange->peer);
	}
	if (!check_payload(exchange, (const uint64_t *)(const void *)(rx + message.offset),
			   message.size)) {
		return false;
	}
	status = ffa_rx_release();
	if (status != FFA_OK) {
		return fail(exchange, TEST_EXCHANGE_RELEASE, (uint64_t)status, 0);
	}
	exchange->received++;
	return true;
}

void exchange_messages(unsigned context, volatile struct test_area *area)
{
	volatile struct test_exchange *exchange = &area->exchange;
	uint64_t count = exchange->count;

	while (area->stop == 0 && (exchange->sent < count || exchange->received < count)) {
		if (exchange->sent < count && !send_next(exchange)) {
			return;
		}
		if (exchange->received < count && !take_next(context, exchange)) {
			return;
		}
	}
}
