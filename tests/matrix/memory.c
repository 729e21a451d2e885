/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/matrix/memory.h"

#include "tests/unit/ffa/mem_fixture.h"

enum {
	VM = 3,
	OWN_PAGE = 40, /* of a partition */
	HELPER_PAGES = 256, /* more constituents than a response has room for */
};

/* The first handle ever: slot 0, generation 1. */
#define HANDLE (UINT64_C(1) << 32)

static uint16_t borrower_of(const struct situation *situation)
{
	uint16_t caller = situation_caller(situation);

	return caller == NW ? VM : caller;
}

struct page_range memory_of_helper(void)
{
	return (struct page_range){ .base = paddr(NS_BASE + NS_PAGES / 2 * PAGE_SIZE),
				    .page_count = HELPER_PAGES };
}

/** What SP2 shares: page by page. */
static struct mem_message message_of_helper(const struct situation *situation)
{
	static struct ffa_memory_range ranges[HELPER_PAGES];
	struct mem_message message = message_for(TRANSACTION_SHARE, SP2, borrower_of(situation),
						 ranges);

	message.range_count = HELPER_PAGES;
	for (unsigned i = 0; i < HELPER_PAGES; i++) {
		ranges[i] = (struct ffa_memory_range){ memory_of_helper().base.pa + i * PAGE_SIZE,
						       1, 0 };
	}
	return message;
}

static enum transaction_kind kind_of(const struct situation *situation)
{
	switch (FFA_FID_NUMBER(situation->fid)) {
	case 0x71:
		return TRANSACTION_DONATE;
	case 0x72:
		return TRANSACTION_LEND;
	default:
		return TRANSACTION_SHARE;
	}
}

/** What the caller sends to SP2: two pages, which it may only read if it is at S-EL0. */
static struct mem_message message_of_caller(const struct situation *situation)
{
	static struct ffa_memory_range ranges[2];
	enum transaction_kind kind = kind_of(situation);
	uint16_t caller = situation_caller(situation);
	uint64_t base = caller == NW ? NS_BASE + OWN_PAGE * PAGE_SIZE
				     : base_of(caller) + OWN_PAGE * PAGE_SIZE;
	struct mem_message message = message_for(kind, caller, SP2, ranges);

	message.range_count = 2;
	message.receivers[0].permissions = kind == TRANSACTION_DONATE ? 0 : RO;
	ranges[0] = (struct ffa_memory_range){ base, 1, 0 };
	ranges[1] = (struct ffa_memory_range){ base + 2 * PAGE_SIZE, 1, 0 };
	return message;
}

static uint32_t version_in(const struct situation *situation)
{
	return FFA_VERSION_OF(1, situation->minor);
}

/** Bytes of @message as the caller sends it, put to @bytes. */
static size_t compose(const struct situation *situation, const struct mem_message *message,
		      uint8_t *bytes)
{
	return mem_compose(bytes, version_in(situation), message);
}

static uint8_t *tx_bytes(const struct situation *situation)
{
	uint16_t caller = situation_caller(situation);

	return host_ram(paddr(caller == NW ? NS_TX : tx_of(caller)));
}

/* ---- preparing ---------------------------------------------------------------------------------- */

static bool is_of_borrower(enum preparation wanted)
{
	return wanted == OFFERED || wanted == HALF_RETRIEVED || wanted == RETRIEVED;
}

void memory_prepare_helper(const struct situation *situation)
{
	struct mem_message message;

	if (is_of_borrower(situation->expectation->preparation)) {
		message = message_of_helper(situation);
		map_rxtx(SP2);
		CHECK_EQUAL(mem_send(SP2, TRANSACTION_SHARE, &message), HANDLE);
	}
}

/** All but the last constituent; that is left in TX. */
static void send_half(const struct situation *situation)
{
	struct mem_message message = message_of_caller(situation);
	uint8_t *tx = tx_bytes(situation);
	size_t size = compose(situation, &message, tx);
	size_t first = size - sizeof(struct ffa_memory_range);

	CALL(situation_caller(situation), FFA_MEM_SHARE_64, size, first);
	CHECK_EQUAL(registers()[0], FFA_MEM_FRAG_RX_32);
	memmove(tx, tx + first, sizeof(struct ffa_memory_range));
}

/** Retrieves what SP2 shares, the first fragment or all of it. */
static void retrieve(const struct situation *situation)
{
	struct mem_message message = message_of_helper(situation);
	struct mem_message request = request_for(&message, TRANSACTION_SHARE, HANDLE);
	uint16_t caller = situation_caller(situation);
	struct ffa_memory_relinquish head = { .handle = HANDLE, .endpoint_count = 1 };
	uint16_t borrower = borrower_of(situation);

	if (situation->expectation->preparation == HALF_RETRIEVED) {
		CHECK_EQUAL(mem_try_retrieve(caller, &request), FFA_OK);
		CALL(caller, FFA_RX_RELEASE_32);
		CHECK_SUCCESS(caller);
		return;
	}
	mem_retrieve(caller, &request);
	memcpy(tx_bytes(situation), &head, sizeof(head));
	memcpy(tx_bytes(situation) + sizeof(head), &borrower, sizeof(borrower));
}

void memory_prepare(const struct situation *situation)
{
	struct mem_message message = message_of_caller(situation);
	uint16_t caller = situation_caller(situation);

	map_rxtx(caller);
	switch (situation->expectation->preparation) {
	case HALF_SENT:
		send_half(situation);
		break;
	case SENT:
		CHECK_EQUAL(mem_send(caller, TRANSACTION_SHARE, &message), HANDLE);
		break;
	case OFFERED:
		message = message_of_helper(situation);
		message = request_for(&message, TRANSACTION_SHARE, HANDLE);
		compose(situation, &message, tx_bytes(situation));
		break;
	case HALF_RETRIEVED:
	case RETRIEVED:
		retrieve(situation);
		break;
	default:
		compose(situation, &message, tx_bytes(situation));
	}
}

/* ---- arguments ---------------------------------------------------------------------------------- */

void memory_arguments(const struct situation *situation, uint64_t x[8])
{
	static uint8_t bytes[PAGE_SIZE * 2];
	struct mem_message message;

	switch (FFA_FID_NUMBER(situation->fid)) {
	case 0x71:
	case 0x72:
	case 0x73:
		message = message_of_caller(situation);
		x[1] = x[2] = compose(situation, &message, bytes);
		break;
	case 0x74:
		message = message_of_helper(situation);
		message = request_for(&message, TRANSACTION_SHARE, HANDLE);
		x[1] = x[2] = compose(situation, &message, bytes);
		break;
	case 0x77:
		x[2] = HANDLE >> 32;
		break;
	case 0x7A:
		x[2] = HANDLE >> 32;
		x[3] = PAGE_SIZE;
		x[4] = situation_caller(situation) == NW ? VM << 16 : 0;
		break;
	case 0x7B:
		x[2] = HANDLE >> 32;
		x[3] = sizeof(struct ffa_memory_range);
		break;
	default:
		break;
	}
}
