/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A borrower, who is a partition (SP2) or a VM (VM1, for which its hypervisor retrieves), of some version, and
 * the request that it is about to make. SP1 sends it memory of the normal world that SP1 has; SP1 has a page
 * of that which it only reads, too.
 */
#ifndef TESTS_UNIT_FFA_BORROWER_FIXTURE_H
#define TESTS_UNIT_FFA_BORROWER_FIXTURE_H

#include "tests/unit/ffa/mem_fixture.h"

/* Offsets in a request of any version. */
enum {
	FLAGS = 4,
	HANDLE = 8,
	TAG = 16,
	ACCESS_SIZE = 24, /* in 1.0: reserved */
	ACCESS_COUNT = 28,
	ACCESS_OFFSET = 32, /* from 1.1 on */
};

struct borrowing {
	uint16_t who; /* calls */
	uint16_t id; /* borrows */
	uint32_t version;
	enum transaction_kind kind;
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t handle;
	uint8_t bytes[2 * PAGE_SIZE];
	size_t size, access, access_size;
};

extern struct borrowing borrowing;

/** Boots everybody in @version, SP1 apart, which has 1.2; @who (SP2, NW) is to retrieve. */
void borrower_boot(uint16_t who, uint32_t version);

/** Page @n (0-7) of what SP1 sends: of the normal world; one that it only reads; a secure one. */
uint64_t offered_page(unsigned n);
uint64_t read_only_page(void);
uint64_t secure_page(void);

/** What SP1 would send to the borrower as @kind: offered_page(0). */
struct mem_message offer_message(enum transaction_kind kind);

/** SP1 sends it; the request that fits is made up. */
void offer(enum transaction_kind kind, const struct mem_message *message);
void offer_usual(enum transaction_kind kind);

/** The sender takes back what was offered last. */
void take_back(void);

/** Composes the request for the borrower's version. */
void compose_request(void);

/** Writes the low @size bytes of @value at @offset of what was composed. */
void poke(size_t offset, uint64_t value, size_t size);

/** Composes the request and makes it; makes it as it was composed and changed. */
enum ffa_status ask(void);
enum ffa_status ask_as_composed(void);

/** Makes the request that fits what was offered again, and @change of it: @status. */
#define CHECK_ASKED(status, change)                                              \
	do {                                                                     \
		borrowing.request = request_for(&borrowing.sent, borrowing.kind, \
						borrowing.handle);               \
		change;                                                          \
		CHECK_EQUAL(ask(), status);                                      \
	} while (0)

/** The request, composed, and @change of its bytes: @status. */
#define CHECK_COMPOSED(status, change)                                           \
	do {                                                                     \
		borrowing.request = request_for(&borrowing.sent, borrowing.kind, \
						borrowing.handle);               \
		compose_request();                                               \
		change;                                                          \
		CHECK_EQUAL(ask_as_composed(), status);                          \
	} while (0)

/** Gives RX and the memory back. */
void give_back(void);

/** @body for a partition and a VM of each version with a layout of its own. */
void for_each_borrower(void (*body)(void));

#define TEST_OF_EACH_BORROWER(sentence)                \
	static void body_of_##sentence(void);          \
	TEST(sentence)                                 \
	{                                              \
		for_each_borrower(body_of_##sentence); \
	}                                              \
	static void body_of_##sentence(void)

#endif
