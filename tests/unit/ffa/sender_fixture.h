/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sender, who is the normal world or a partition of some version, and the descriptor that it is about to
 * send: composed as it should be, then changed byte by byte.
 */
#ifndef TESTS_UNIT_FFA_SENDER_FIXTURE_H
#define TESTS_UNIT_FFA_SENDER_FIXTURE_H

#include "tests/unit/ffa/mem_fixture.h"

/* Offsets in a descriptor of any version. */
enum {
	FLAGS = 4,
	HANDLE = 8,
	TAG = 16,
	ACCESS_SIZE = 24, /* in 1.0: reserved */
	ACCESS_COUNT = 28,
	ACCESS_OFFSET = 32, /* from 1.1 on */
};

/** The sender, its version, and what it is about to send. */
struct sender {
	uint16_t who;
	uint32_t version;
	struct ffa_memory_range range[2]; /* memory of its own, apart from each other */
	uint8_t bytes[2 * PAGE_SIZE];
	size_t size, access, access_size, composite;
};

extern struct sender sent;

/** Boots everybody in @version; @who is the sender. */
void sender_boot(uint16_t who, uint32_t version);

/** One page for SP2, as it should be. */
struct mem_message sender_message(enum transaction_kind kind);

/** Composes @message; as above. */
void compose(const struct mem_message *message);
void compose_usual(enum transaction_kind kind);

/** Writes the low @size bytes of @value at @offset of what is sent. */
void put(size_t offset, uint64_t value, size_t size);

/** Sends the first @length of @total bytes; all of them. */
enum ffa_status send_part(enum transaction_kind kind, size_t total, size_t length);
enum ffa_status send_it(enum transaction_kind kind);
#define CHECK_SENT(status) CHECK_EQUAL(send_it(TRANSACTION_SHARE), status)

/** Sends @message as @kind: @status. */
void check_message(enum transaction_kind kind, const struct mem_message *message,
		   enum ffa_status status);

/** @body for the normal world and a partition of each version with a layout of its own. */
void for_each_sender(void (*body)(void));

#define TEST_OF_EACH_SENDER(sentence)                \
	static void body_of_##sentence(void);        \
	TEST(sentence)                               \
	{                                            \
		for_each_sender(body_of_##sentence); \
	}                                            \
	static void body_of_##sentence(void)

#endif
