/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What sends, retrievals, relinquishments and reclaims are refused for, by the normal world and by a partition:
 * a descriptor that is right but for one thing. memory_clean_up() sees that nothing was taken from anybody.
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define SEND_BYTES (48U + 32U + 16U + 16U) /* one borrower, one range, v1.2 */
#define REQUEST_BYTES (48U + 32U)
#define ROOT_MEMORY 0x0E000000U
#define SPMC_MEMORY 0x0E110000U
#define NOWHERE 0x90000000U

/* Offsets in a descriptor of v1.2 with one borrower. */
enum {
	AT_SENDER = 0,
	AT_ATTRIBUTES = 2,
	AT_FLAGS = 4,
	AT_HANDLE = 8,
	AT_TAG = 16,
	AT_ACCESS_SIZE = 24,
	AT_ACCESS_COUNT = 28,
	AT_ACCESS_OFFSET = 32,
	AT_HEADER_RESERVED = 36,
	AT_RECEIVER = 48,
	AT_PERMISSIONS = 50,
	AT_ACCESS_FLAGS = 51,
	AT_COMPOSITE = 52,
	AT_VALUE = 56,
	AT_ACCESS_RESERVED = 72,
	AT_PAGES = 80,
	AT_RANGES = 84,
	AT_ADDRESS = 96,
	AT_RANGE_PAGES = 104,
};

/** One thing that is wrong. */
struct flaw {
	unsigned at, size;
	uint64_t value;
	enum ffa_status status;
};

/** Puts @bytes into TX of @id. */
static void put(uint16_t id, const uint8_t *bytes, uint32_t size)
{
	if ((id & FFA_ID_SECURE_BIT) == 0) {
		memcpy(os_tx, bytes, size);
		return;
	}
	for (uint32_t i = 0; i < size; i++) {
		area_of(id)->bulk[i] = bytes[i];
	}
	(void)COMMAND(id, TEST_PUT, tx_of(id), size, 0, 0);
}

/** The call with @deal as it is but for @flaw, by its sender. */
static struct ffa_regs send_flawed(const struct deal *deal, const struct flaw *flaw)
{
	uint8_t bytes[SEND_BYTES];
	struct ffa_memory_range range = {
		.address = deal->ranges.base,
		.page_count = (uint32_t)deal->ranges.page_count,
	};
	uint32_t head = memory_write_head(bytes, FFA_VERSION_1_2, &deal->transaction);

	CHECK_EQ(head + sizeof(range), SEND_BYTES);
	memcpy(bytes + head, &range, sizeof(range));
	memcpy(bytes + flaw->at, &flaw->value, flaw->size);
	put(deal->transaction.sender, bytes, sizeof(bytes));
	return AS(deal->transaction.sender, deal->function, SEND_BYTES, SEND_BYTES);
}

static void check_flaws(const struct deal *deal, const struct flaw *flaws, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct ffa_regs regs = send_flawed(deal, &flaws[i]);

		if (regs.x[0] != (uint32_t)FFA_ERROR_32 || regs.x[2] != (uint32_t)flaws[i].status) {
			test_note("%x: %u bytes at %u are %lx", deal->transaction.sender,
				  flaws[i].size, flaws[i].at, flaws[i].value);
		}
		CHECK_ERROR(regs, flaws[i].status);
	}
}

#define CHECK_FLAWS(deal, flaws) check_flaws(deal, flaws, sizeof(flaws) / sizeof((flaws)[0]))

#define INVALID FFA_INVALID_PARAMETERS
#define DENIED FFA_DENIED

/* Wrong whoever sends, in SHARE as well as LEND. */
static const struct flaw flaws_of_all[] = {
	{ AT_ATTRIBUTES, 2, FFA_MEMORY_NON_SECURE | 0x2F, INVALID },
	{ AT_ATTRIBUTES, 2, 0x8000 | 0x2F, INVALID },
	{ AT_FLAGS, 4, FFA_MEMORY_FLAG_TIME_SLICE, INVALID },
	{ AT_FLAGS, 4, 4, INVALID },
	{ AT_FLAGS, 4, 8, INVALID },
	{ AT_FLAGS, 4, 0x80000000, INVALID },
	{ AT_HANDLE, 8, 1, INVALID },
	{ AT_ACCESS_SIZE, 4, 0, INVALID },
	{ AT_ACCESS_SIZE, 4, 24, INVALID },
	{ AT_ACCESS_SIZE, 4, 64, INVALID },
	{ AT_ACCESS_COUNT, 4, 0, INVALID },
	{ AT_ACCESS_COUNT, 4, 2, INVALID },
	{ AT_ACCESS_COUNT, 4, 0xFFFFFFFF, INVALID },
	{ AT_ACCESS_OFFSET, 4, 32, INVALID },
	{ AT_ACCESS_OFFSET, 4, 56, INVALID },
	{ AT_ACCESS_OFFSET, 4, 0xFFFFFFF0, INVALID },
	{ AT_HEADER_RESERVED, 4, 1, INVALID },
	{ AT_HEADER_RESERVED + 8, 4, 1, INVALID },
	{ AT_RECEIVER, 2, 0x8077, INVALID },
	{ AT_RECEIVER, 2, 0x8000, INVALID },
	{ AT_RECEIVER, 2, 0xFFFF, INVALID },
	{ AT_PERMISSIONS, 1, 0, INVALID },
	{ AT_PERMISSIONS, 1, 3, INVALID },
	{ AT_PERMISSIONS, 1, RW | NX, INVALID },
	{ AT_PERMISSIONS, 1, RW | X, INVALID },
	{ AT_PERMISSIONS, 1, RW | 0x10, INVALID },
	{ AT_ACCESS_FLAGS, 1, 1, INVALID },
	{ AT_ACCESS_FLAGS, 1, 2, INVALID },
	{ AT_COMPOSITE, 4, 0, INVALID },
	{ AT_COMPOSITE, 4, 64, INVALID },
	{ AT_COMPOSITE, 4, 88, INVALID },
	{ AT_COMPOSITE, 4, 0xFFFFFFF0, INVALID },
	{ AT_ACCESS_RESERVED, 8, 1, INVALID },
	{ AT_PAGES, 4, 0, INVALID },
	{ AT_PAGES, 4, 2, INVALID },
	{ AT_RANGES, 4, 0, INVALID },
	{ AT_RANGES, 4, 2, INVALID },
	{ AT_RANGES, 4, 0xFFFFFFFF, INVALID },
	{ AT_RANGE_PAGES, 4, 0, INVALID },
	{ AT_ADDRESS, 8, 0x0E900800, INVALID },
	{ AT_ADDRESS, 8, NOWHERE, DENIED },
	{ AT_ADDRESS, 8, ROOT_MEMORY, DENIED },
	{ AT_ADDRESS, 8, SPMC_MEMORY, DENIED },
	{ AT_ADDRESS, 8, POOL_MP2, DENIED },
};

static const struct flaw flaws_of_share[] = {
	{ AT_FLAGS, 4, FFA_MEMORY_FLAG_ZERO, INVALID },
	{ AT_ATTRIBUTES, 2, 0, INVALID },
	{ AT_ATTRIBUTES, 2, 0x3F, DENIED },
	{ AT_ATTRIBUTES, 2, 0x2D, DENIED },
};

static const struct flaw flaws_of_lend[] = {
	{ AT_ATTRIBUTES, 2, FFA_MEMORY_NORMAL_WRITE_BACK_INNER, INVALID },
	{ AT_ATTRIBUTES, 2, FFA_MEMORY_TYPE_DEVICE | 3, INVALID },
};

static const struct flaw flaws_of_donate[] = {
	{ AT_PERMISSIONS, 1, RW, INVALID },
	{ AT_PERMISSIONS, 1, RO, INVALID },
	{ AT_ATTRIBUTES, 2, FFA_MEMORY_NORMAL_WRITE_BACK_INNER, INVALID },
};

static void check_sender(uint16_t sender, uint64_t base, uint16_t receiver)
{
	struct deal share = deal_of(SHARE, sender, base, 1, receiver);
	struct deal lend = deal_of(LEND, sender, base, 1, receiver);
	struct deal donate = deal_of(DONATE, sender, base, 1, receiver);

	CHECK_FLAWS(&share, flaws_of_all);
	CHECK_FLAWS(&lend, flaws_of_all);
	CHECK_FLAWS(&share, flaws_of_share);
	CHECK_FLAWS(&lend, flaws_of_lend);
	CHECK_FLAWS(&donate, flaws_of_donate);
}

MEMORY_TEST(sends_of_a_partition_are_refused_for_each_thing_that_is_wrong)
{
	static const struct flaw own[] = {
		{ AT_SENDER, 2, MEM_OLD, DENIED },    { AT_SENDER, 2, OS, DENIED },
		{ AT_RECEIVER, 2, MEM_MP, INVALID },  { AT_RECEIVER, 2, OS, DENIED },
		{ AT_RECEIVER, 2, 5, DENIED },        { AT_ADDRESS, 8, 0x50000000, DENIED },
		{ AT_ADDRESS, 8, OPEN_UP11, DENIED },
	};
	struct deal deal = deal_of(LEND, MEM_MP, POOL_MP, 1, MEM_UP11);

	check_sender(MEM_MP, POOL_MP, MEM_UP11);
	CHECK_FLAWS(&deal, own);
}

MEMORY_TEST(sends_of_the_normal_world_are_refused_for_each_thing_that_is_wrong)
{
	static const struct flaw own[] = {
		{ AT_SENDER, 2, MEM_OLD, DENIED },     { AT_SENDER, 2, MEM_MP, DENIED },
		{ AT_RECEIVER, 2, OS, INVALID },       { AT_RECEIVER, 2, 5, DENIED },
		{ AT_ADDRESS, 8, POOL_MP, DENIED },    { AT_ADDRESS, 8, OPEN_MP, DENIED },
		{ AT_ADDRESS, 8, UART_MP, DENIED },    { AT_ADDRESS, 8, 1ULL << 50, INVALID },
		{ AT_ADDRESS, 8, 0x4E010000, DENIED }, /* an area of a partition */
	};
	struct deal deal = deal_of(LEND, OS, OS_POOL(0), 1, MEM_UP11);

	check_sender(OS, OS_POOL(0), MEM_UP11);
	CHECK_FLAWS(&deal, own);
}

MEMORY_TEST(constituents_overlap_before_they_are_somebody_elses)
{
	struct deal os = deal_of(SHARE, OS, POOL_MP, 1, MEM_UP11);
	struct deal mp = deal_of(LEND, MEM_MP, POOL_MP2, 1, MEM_UP11);

	deal_spread(&os, 2, 4096, 3);
	CHECK_STATUS(deal_send(&os), INVALID);
	deal_spread(&os, 2, 8192, 3);
	CHECK_STATUS(deal_send(&os), DENIED);
	deal_spread(&mp, 1, 0, 2);
	CHECK_STATUS(deal_send(&mp), INVALID);
	deal_spread(&mp, 1, 4096, 2);
	CHECK_STATUS(deal_send(&mp), DENIED);
}

/** Buffers are neither party's to give away while they are mapped. */
MEMORY_TEST(buffers_are_denied)
{
	struct flaw one[1] = { { AT_ADDRESS, 8, (uintptr_t)os_tx, DENIED } };
	struct deal os = deal_of(LEND, OS, OS_POOL(0), 1, MEM_UP11);
	struct deal own = deal_of(SHARE, MEM_MP, POOL_MP, 1, MEM_UP11);

	CHECK_FLAWS(&os, one);
	one[0].value = (uintptr_t)os_rx;
	CHECK_FLAWS(&os, one);
	one[0].value = tx_of(MEM_MP);
	CHECK_FLAWS(&own, one);
	one[0].value = rx_of(MEM_MP);
	CHECK_FLAWS(&own, one);
	/* And what is given away cannot become a buffer. */
	CHECK_OK(deal_send(&os));
	unmap(OS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, os.ranges.base, (uintptr_t)os_rx, 1), FFA_DENIED);
	map(OS, 1);
	CHECK_OK(deal_reclaim(&os, 0));
}

/** Asks for @base as a pair of buffers of @id, whose own are unmapped meanwhile. */
static void check_no_buffer(uint16_t id, uint64_t base)
{
	enum ffa_status status = id == OS ? DENIED : INVALID;

	unmap(id);
	CHECK_ERROR(AS(id, FFA_RXTX_MAP_64, base, rx_of(id), 1), status);
	CHECK_ERROR(AS(id, FFA_RXTX_MAP_64, tx_of(id), base, 1), status);
	map(id, 1);
}

/** What is shared, lent or borrowed becomes nobody's buffer. */
MEMORY_TEST(memory_of_a_transaction_is_no_buffer)
{
	static const uint32_t functions[] = { SHARE, LEND, DONATE };

	for (unsigned i = 0; i < 3; i++) {
		struct deal deal = deal_of(functions[i], MEM_MP, POOL_MP, 1, MEM_MP2);
		struct deal os = deal_of(functions[i], OS, OS_POOL(0), 1, MEM_EL0);

		CHECK_OK(deal_send(&deal));
		CHECK_OK(deal_send(&os));
		check_no_buffer(MEM_MP, POOL_MP);
		check_no_buffer(MEM_MP2, POOL_MP);
		check_no_buffer(OS, OS_POOL(0));
		check_no_buffer(MEM_EL0, OS_POOL(0));
		if (functions[i] != DONATE) {
			CHECK_OK(deal_retrieve(&deal, MEM_MP2));
			CHECK_OK(deal_retrieve(&os, MEM_EL0));
			check_no_buffer(MEM_MP2, POOL_MP);
			check_no_buffer(MEM_EL0, OS_POOL(0));
			check_no_buffer(OS, OS_POOL(0));
			CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
			CHECK_OK(deal_relinquish(&os, MEM_EL0, 0));
		}
		CHECK_OK(deal_reclaim(&deal, 0));
		CHECK_OK(deal_reclaim(&os, 0));
	}
}

MEMORY_TEST(sends_are_refused_for_their_registers)
{
	static const uint32_t functions[] = { SHARE, LEND, DONATE };

	for (unsigned i = 0; i < 3; i++) {
		uint64_t n = SEND_BYTES;
		uint32_t function = functions[i];

		CHECK_ERROR(AS(OS, function, n, n, OS_POOL(0), 1), INVALID);
		CHECK_ERROR(AS(OS, function, n, n, 0, 1), INVALID);
		CHECK_ERROR(AS(OS, function, n, n + 16), INVALID);
		CHECK_ERROR(AS(OS, function, 8192, 8192), INVALID);
		CHECK_ERROR(AS(OS, function, 0, 0), INVALID);
		CHECK_ERROR(AS(MEM_MP, function, 0x20000, 0x11000), INVALID);
		unmap(OS);
		CHECK_ERROR(AS(OS, function, n, n), INVALID);
		map(OS, 1);
	}
}

/* ---- retrievals ------------------------------------------------------------------------------------- */

/** The request of @id for @deal but for @flaw. */
static struct ffa_regs retrieve_flawed(const struct deal *deal, uint16_t id,
				       const struct flaw *flaw)
{
	uint8_t bytes[REQUEST_BYTES];
	struct memory_transaction request = deal_request(deal, id);

	CHECK_EQ(memory_write_request(bytes, FFA_VERSION_1_2, &request), REQUEST_BYTES);
	memcpy(bytes + flaw->at, &flaw->value, flaw->size);
	put(id, bytes, sizeof(bytes));
	return AS(id, FFA_MEM_RETRIEVE_REQ_32, REQUEST_BYTES, REQUEST_BYTES);
}

static void check_request_flaws(const struct deal *deal, uint16_t id, const struct flaw *flaws,
				unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct ffa_regs regs = retrieve_flawed(deal, id, &flaws[i]);

		if (regs.x[2] != (uint32_t)flaws[i].status) {
			test_note("%u bytes at %u are %lx", flaws[i].size, flaws[i].at,
				  flaws[i].value);
		}
		CHECK_ERROR(regs, flaws[i].status);
	}
}

#define CHECK_REQUEST_FLAWS(deal, id, flaws) \
	check_request_flaws(deal, id, flaws, sizeof(flaws) / sizeof((flaws)[0]))

static const struct flaw flaws_of_requests[] = {
	{ AT_SENDER, 2, MEM_UP11, DENIED },
	{ AT_SENDER, 2, OS, DENIED },
	{ AT_ATTRIBUTES, 2, FFA_MEMORY_NON_SECURE, INVALID },
	{ AT_ATTRIBUTES, 2, 0x100, INVALID },
	{ AT_ATTRIBUTES, 2, 0x3F, DENIED },
	{ AT_ATTRIBUTES, 2, 0x2D, DENIED },
	{ AT_FLAGS, 4, FFA_MEMORY_FLAG_TIME_SLICE, INVALID },
	{ AT_FLAGS, 4, FFA_MEMORY_FLAG_BYPASS, INVALID },
	{ AT_FLAGS, 4, 1U << 5, INVALID },
	{ AT_FLAGS, 4, 1U << 11, INVALID },
	{ AT_FLAGS, 4, 3U << 3, INVALID },
	{ AT_FLAGS, 4, FFA_MEMORY_FLAG_HINT_VALID | 15U << 5, DENIED },
	{ AT_HANDLE, 8, UINT64_MAX, INVALID },
	{ AT_HANDLE, 8, FFA_MEMORY_HANDLE_HYPERVISOR, INVALID },
	{ AT_HANDLE, 8, 0x123456789ULL, INVALID },
	{ AT_TAG, 8, 0, INVALID },
	{ AT_ACCESS_COUNT, 4, 0, INVALID },
	{ AT_ACCESS_COUNT, 4, 2, INVALID },
	{ AT_RECEIVER, 2, MEM_UP11, INVALID },
	{ AT_RECEIVER, 2, MEM_MP, INVALID },
	{ AT_ACCESS_FLAGS, 1, 1, INVALID },
	{ AT_PERMISSIONS, 1, 3, INVALID },
	{ AT_PERMISSIONS, 1, RO | 0xC, INVALID },
	{ AT_PERMISSIONS, 1, RO | NX | 0x80, INVALID },
	{ AT_COMPOSITE, 4, 80, INVALID },
	{ AT_VALUE, 8, 1, INVALID },
};

MEMORY_TEST(retrievals_are_refused_for_each_thing_that_is_wrong)
{
	static const struct flaw of_lend[] = {
		{ AT_PERMISSIONS, 1, RW | NX, DENIED }, /* only RO is lent */
		{ AT_PERMISSIONS, 1, RO, INVALID }, /* the borrower must say whether it executes */
		{ AT_PERMISSIONS, 1, RO | X, DENIED },
		{ AT_FLAGS, 4, FFA_MEMORY_FLAG_ZERO, DENIED },
		{ AT_FLAGS, 4, FFA_MEMORY_FLAG_ZERO_AFTER, DENIED },
	};
	static const struct flaw of_share[] = {
		{ AT_PERMISSIONS, 1, RW | NX, INVALID },
		{ AT_PERMISSIONS, 1, RO | X, INVALID },
		{ AT_FLAGS, 4, FFA_MEMORY_FLAG_ZERO, INVALID },
		{ AT_FLAGS, 4, FFA_MEMORY_FLAG_ZERO_AFTER, INVALID },
	};
	struct deal deal = deal_of(LEND, MEM_MP, POOL_MP + 0x1000, 1, MEM_MP2);

	deal.transaction.borrowers[0].permissions = RO;
	CHECK_OK(deal_send(&deal));
	CHECK_REQUEST_FLAWS(&deal, MEM_MP2, flaws_of_requests);
	CHECK_REQUEST_FLAWS(&deal, MEM_MP2, of_lend);
	CHECK_STATUS(deal_retrieve(&deal, MEM_UP11), INVALID);
	CHECK_STATUS(deal_retrieve(&deal, MEM_MP), INVALID);
	CHECK_STATUS(deal_retrieve(&deal, OS), INVALID);
	CHECK_STATUS(deal_relinquish(&deal, MEM_MP2, 0), INVALID);
	CHECK_OK(deal_reclaim(&deal, 0));

	deal = deal_of(SHARE, MEM_MP, POOL_MP + 0x1000, 1, MEM_MP2);
	CHECK_OK(deal_send(&deal));
	CHECK_REQUEST_FLAWS(&deal, MEM_MP2, of_share);
	CHECK_OK(deal_reclaim(&deal, 0));
}

/** Non-secure memory is executed by no partition; a full RX buffer takes nothing. */
MEMORY_TEST(retrievals_are_refused_for_what_the_borrower_is)
{
	struct deal deal = deal_of(LEND, OS, OS_POOL(0), 1, MEM_MP2);
	struct flaw executable = { AT_PERMISSIONS, 1, RW | X, INVALID };
	struct flaw none = { AT_TAG, 0, 0, FFA_BUSY };

	CHECK_OK(deal_send(&deal));
	CHECK_ERROR(retrieve_flawed(&deal, MEM_MP2, &executable), INVALID);
	CHECK_EQ(BY(MEM_MP2, FFA_PARTITION_INFO_GET_32).x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_ERROR(retrieve_flawed(&deal, MEM_MP2, &none), FFA_BUSY);
	CHECK_SUCCESS(BY(MEM_MP2, FFA_RX_RELEASE_32));
	unmap(MEM_MP2);
	CHECK_ERROR(BY(MEM_MP2, FFA_MEM_RETRIEVE_REQ_32, REQUEST_BYTES, REQUEST_BYTES), INVALID);
	CHECK_ERROR(BY(MEM_MP2, FFA_MEM_RELINQUISH_32), INVALID);
	map(MEM_MP2, 1);
	CHECK_ERROR(BY(MEM_MP2, FFA_MEM_RETRIEVE_REQ_32, REQUEST_BYTES, 64), INVALID);
	CHECK_ERROR(BY(MEM_MP2, FFA_MEM_RETRIEVE_REQ_32, 0, 0), INVALID);
	CHECK_ERROR(BY(MEM_MP2, FFA_MEM_RETRIEVE_REQ_32, 80, 80, POOL_MP2, 1), INVALID);
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}
