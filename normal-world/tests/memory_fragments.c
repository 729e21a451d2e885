/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors longer than a buffer, sent and retrieved in fragments by endpoints of every version; hypervisors that
 * look at what their VMs have sent (DEN0140, "Transmission of transaction descriptor in fragments").
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define RANGES 500U /* a page each, every second one */

#define STRIDE 0x2000U

static struct deal scattered(uint32_t function, uint16_t sender, uint16_t borrower, uint64_t count)
{
	struct deal deal = deal_of(function, sender, pool_of(sender), 1, borrower);

	deal_spread(&deal, 1, STRIDE, count);
	return deal;
}

static void check_scattered(uint32_t function, uint16_t sender, uint16_t borrower, uint64_t count)
{
	struct deal deal = scattered(function, sender, borrower, count);
	struct deal gap = deal_of(LEND, sender, pool_of(sender) + 0x1000, 1, borrower);
	uint64_t last = deal.ranges.base + (count - 1) * STRIDE;

	write_ranges(sender, &deal.ranges, 1);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, borrower));
	CHECK_HOLDS(borrower, &deal, 1);
	write_ranges(borrower, &deal.ranges, 0x1001);
	/* What lies between is still the sender's. */
	CHECK_OK(deal_send(&gap));
	CHECK_OK(deal_reclaim(&gap, 0));
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	if (subject_of(borrower)->el1) {
		check_faults(borrower, deal.ranges.base);
		check_faults(borrower, last);
	}
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, 0x1001);
}

MEMORY_TEST(hundreds_of_ranges_of_the_normal_world_reach_every_partition)
{
	check_scattered(SHARE, OS, MEM_MP, RANGES);
	check_scattered(LEND, OS, MEM_UP11, RANGES);
	check_scattered(SHARE, 5, MEM_OLD, RANGES);
	check_scattered(LEND, 5, MEM_EL0, RANGES);
}

MEMORY_TEST(hundreds_of_ranges_of_a_partition_reach_every_other_one)
{
	check_scattered(SHARE, MEM_MP, MEM_MP2, RANGES);
	check_scattered(LEND, MEM_MP, MEM_UP11, RANGES);
	check_scattered(LEND, MEM_MP, MEM_OLD, RANGES);
	check_scattered(SHARE, MEM_MP, MEM_EL0, RANGES);
}

/** As many as just fit a buffer, one less, one more: 250 in all versions, give or take. */
MEMORY_TEST(descriptors_around_the_size_of_a_buffer_are_whole)
{
	for (uint64_t count = 246; count <= 255; count++) {
		struct deal deal = scattered(LEND, OS, MEM_OLD, count);
		struct deal own = scattered(LEND, MEM_MP, MEM_UP11, count);

		CHECK_OK(deal_send(&deal));
		CHECK_OK(deal_retrieve(&deal, MEM_OLD));
		CHECK_OK(deal_relinquish(&deal, MEM_OLD, 0));
		CHECK_OK(deal_reclaim(&deal, 0));
		CHECK_OK(deal_send(&own));
		CHECK_OK(deal_retrieve(&own, MEM_UP11));
		CHECK_OK(deal_relinquish(&own, MEM_UP11, 0));
		CHECK_OK(deal_reclaim(&own, 0));
	}
}

MEMORY_TEST(a_partition_donates_hundreds_of_ranges)
{
	struct deal there = scattered(DONATE, MEM_MP, MEM_MP2, RANGES);
	struct deal back = there;

	write_ranges(MEM_MP, &there.ranges, 1);
	CHECK_OK(deal_send(&there));
	CHECK_OK(deal_retrieve(&there, MEM_MP2));
	CHECK_HOLDS(MEM_MP2, &there, 1);
	check_faults(MEM_MP, POOL_MP + (RANGES - 1) * STRIDE);
	CHECK_STATUS(deal_reclaim(&there, 0), FFA_INVALID_PARAMETERS);
	back.transaction.sender = MEM_MP2;
	back.transaction.borrowers[0].id = MEM_MP;
	CHECK_OK(deal_send(&back));
	CHECK_OK(deal_retrieve(&back, MEM_MP));
	CHECK_HOLDS(MEM_MP, &back, 1);
}

/* ---- step by step ----------------------------------------------------------------------------------- */

/** Sends the head of a lend with @inside of @count ranges of the normal world; the answer. */
static struct ffa_regs send_head(const struct deal *deal, uint32_t inside)
{
	struct ffa_memory_range *ranges;
	uint32_t head = memory_write_head(os_tx, FFA_VERSION_1_2, &deal->transaction);

	ranges = (struct ffa_memory_range *)(void *)(os_tx + head);
	for (uint32_t i = 0; i < inside; i++) {
		ranges[i] = (struct ffa_memory_range){ .address = OS_POOL(2 * i), .page_count = 1 };
	}
	return FFA(FFA_MEM_LEND_32, head + deal->transaction.range_count * 16, head + inside * 16);
}

static void put_ranges(uint32_t first, uint32_t count)
{
	struct ffa_memory_range *ranges = (struct ffa_memory_range *)(void *)os_tx;

	for (uint32_t i = 0; i < count; i++) {
		ranges[i] = (struct ffa_memory_range){ .address = OS_POOL(2 * (first + i)),
						       .page_count = 1 };
	}
}

#define FRAGMENT(handle, size) \
	FFA(FFA_MEM_FRAG_TX_32, (uint32_t)(handle), (uint64_t)(handle) >> 32, size)

/** Starts a lend of four ranges, the head alone; the handle. */
static uint64_t start(struct deal *deal)
{
	struct ffa_regs regs;

	*deal = scattered(LEND, OS, MEM_MP2, 4);
	regs = send_head(deal, 0);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_FRAG_RX_32);
	CHECK_EQ(regs.x[3], 96);
	CHECK_EQ(regs.x[4], 0);
	deal->transaction.handle = (uint32_t)regs.x[1] | regs.x[2] << 32;
	return deal->transaction.handle;
}

MEMORY_TEST(a_transaction_half_sent_is_nobodys_yet)
{
	struct deal deal;
	uint64_t handle = start(&deal);
	struct ffa_regs regs;

	CHECK_STATUS(deal_retrieve(&deal, MEM_MP2), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&deal, MEM_MP2, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_INVALID_PARAMETERS);
	put_ranges(0, 1);
	CHECK_ERROR(FRAGMENT(handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle, 8), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle, 24), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle, 8192), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle ^ 1ULL << 33, 16), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16, 1),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16, 3U << 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(AS(MEM_MP, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16),
		    FFA_INVALID_PARAMETERS);
	/* None of it has hurt. */
	regs = FRAGMENT(handle, 16);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_FRAG_RX_32);
	CHECK_EQ(regs.x[3], 112);
	put_ranges(1, 3);
	regs = FRAGMENT(handle, 48);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ((uint32_t)regs.x[2] | regs.x[3] << 32, handle);
	CHECK_ERROR(FRAGMENT(handle, 16), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

MEMORY_TEST(a_wrong_fragment_ends_the_transaction)
{
	struct deal deal;
	uint64_t handle = start(&deal);

	put_ranges(0, 5);
	CHECK_ERROR(FRAGMENT(handle, 80), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle, 64), FFA_INVALID_PARAMETERS);

	handle = start(&deal);
	put_ranges(0, 4);
	((struct ffa_memory_range *)(void *)os_tx)[3].address += 8;
	CHECK_ERROR(FRAGMENT(handle, 64), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FRAGMENT(handle, 64), FFA_INVALID_PARAMETERS);

	handle = start(&deal);
	put_ranges(0, 4);
	((struct ffa_memory_range *)(void *)os_tx)[3].address = OS_POOL(2);
	CHECK_ERROR(FRAGMENT(handle, 64), FFA_INVALID_PARAMETERS);

	handle = start(&deal);
	put_ranges(0, 4);
	((struct ffa_memory_range *)(void *)os_tx)[2].address = POOL_MP;
	CHECK_ERROR(FRAGMENT(handle, 64), FFA_DENIED);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_INVALID_PARAMETERS);
}

/** The first part of a response of two fragments, by partition @id. */
static uint32_t fetch_first(const struct deal *deal, uint16_t id)
{
	uint8_t bytes[112];
	struct memory_transaction request = deal_request(deal, id);
	uint32_t length = memory_write_request(bytes, version_of(id), &request);
	struct ffa_regs regs;

	for (uint32_t i = 0; i < length; i++) {
		area_of(id)->bulk[i] = bytes[i];
	}
	(void)COMMAND(id, TEST_PUT, tx_of(id), length, 0, 0);
	regs = BY(id, FFA_MEM_RETRIEVE_REQ_32, length, length);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_RETRIEVE_RESP_32);
	CHECK(regs.x[2] < regs.x[1] && regs.x[2] <= 4096);
	return (uint32_t)regs.x[2];
}

#define FETCH(id, handle, offset, w4)                                            \
	BY(id, FFA_MEM_FRAG_RX_32, (uint32_t)(handle), (uint64_t)(handle) >> 32, \
	   (uint64_t)(offset), w4)

MEMORY_TEST(a_response_is_fetched_piece_by_piece_and_only_so)
{
	struct deal deal = scattered(LEND, MEM_MP, MEM_MP2, 300);
	uint64_t handle;
	uint32_t sent;
	struct ffa_regs regs;

	CHECK_OK(deal_send(&deal));
	handle = deal.transaction.handle;
	CHECK_ERROR(FETCH(MEM_MP2, handle, 0, 0), FFA_INVALID_PARAMETERS);
	sent = fetch_first(&deal, MEM_MP2);
	CHECK_ERROR(FETCH(MEM_MP2, handle, sent, 0), FFA_BUSY);
	CHECK_SUCCESS(BY(MEM_MP2, FFA_RX_RELEASE_32));
	CHECK_ERROR(FETCH(MEM_MP2, handle, sent + 16, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FETCH(MEM_MP2, handle, 0, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FETCH(MEM_MP2, handle, sent, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FETCH(MEM_MP2, handle, sent, (uint32_t)MEM_MP << 16), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FETCH(MEM_UP11, handle, sent, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&deal, MEM_MP2, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);
	regs = FETCH(MEM_MP2, handle, sent, 0);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_FRAG_TX_32);
	CHECK_EQ(regs.x[3], 96 + 300 * 16 - sent);
	CHECK_EQ(regs.x[4], 0);
	CHECK_SUCCESS(BY(MEM_MP2, FFA_RX_RELEASE_32));
	CHECK_ERROR(FETCH(MEM_MP2, handle, sent + regs.x[3], 0), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

/** The head of a lend of a page by partition @id; the handle. */
static uint64_t start_by(uint16_t id, struct deal *deal)
{
	uint8_t bytes[112];
	uint32_t head;
	struct ffa_regs regs;

	*deal = deal_of(LEND, id, pool_of(id), 1, MEM_MP);
	head = memory_write_head(bytes, version_of(id), &deal->transaction);
	for (uint32_t i = 0; i < head; i++) {
		area_of(id)->bulk[i] = bytes[i];
	}
	(void)COMMAND(id, TEST_PUT, tx_of(id), head, 0, 0);
	regs = BY(id, FFA_MEM_LEND_32, head + 16, head);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_FRAG_RX_32);
	CHECK_EQ(regs.x[3], head);
	return (uint32_t)regs.x[1] | regs.x[2] << 32;
}

MEMORY_TEST(a_partition_gives_up_what_it_has_half_done)
{
	struct deal deal, fetched = scattered(LEND, MEM_MP, MEM_MP2, 300);
	uint64_t handle = start_by(MEM_UP11, &deal);

	CHECK_SUCCESS(BY(MEM_UP11, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED));
	CHECK_ERROR(BY(MEM_UP11, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(MEM_UP11, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED), FFA_DENIED);

	/* Who gives up fetching has relinquished. */
	CHECK_OK(deal_send(&fetched));
	(void)fetch_first(&fetched, MEM_MP2);
	CHECK_SUCCESS(BY(MEM_MP2, FFA_RX_RELEASE_32));
	CHECK_SUCCESS(BY(MEM_MP2, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED));
	check_faults(MEM_MP2, POOL_MP);
	CHECK_OK(deal_retrieve(&fetched, MEM_MP2));
	CHECK_OK(deal_relinquish(&fetched, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&fetched, 0));
}

/* ---- hypervisors ------------------------------------------------------------------------------------ */

/** The request of a hypervisor: nothing but the handle. */
static enum ffa_status look(const struct deal *deal, struct memory_transaction *response,
			    struct ffa_memory_range *ranges)
{
	struct memory_caller os = {
		.tx = os_tx,
		.rx = os_rx,
		.size = FFA_PAGE_SIZE,
		.version = FFA_VERSION_1_2,
		.endpoint = deal->transaction.sender,
	};
	struct memory_transaction request = { .handle = deal->transaction.handle };

	return memory_retrieve(&os, &request, response, ranges, TEST_RANGES_MAX);
}

MEMORY_TEST(a_hypervisor_looks_at_what_its_vm_has_sent)
{
	static struct ffa_memory_range ranges[TEST_RANGES_MAX];
	struct deal deal = scattered(SHARE, 12, MEM_MP2, RANGES);
	struct deal secure = deal_of(SHARE, MEM_MP, POOL_MP, 1, MEM_MP2);
	struct memory_transaction response, request;

	deal_add(&deal, MEM_UP11, RO);
	CHECK_OK(deal_send(&deal));
	for (unsigned round = 0; round < 2; round++) {
		CHECK_OK(look(&deal, &response, ranges));
		CHECK_EQ(response.sender, 12);
		CHECK_EQ(response.handle, deal.transaction.handle);
		CHECK_EQ(response.tag, 0);
		CHECK_EQ(response.flags, 1U << FFA_MEMORY_FLAG_KIND_SHIFT);
		CHECK_EQ(response.borrower_count, 2);
		CHECK_EQ(response.borrowers[0].id, MEM_MP2);
		CHECK_EQ(response.borrowers[0].permissions, RW);
		CHECK_EQ(response.borrowers[1].permissions, RO);
		CHECK_EQ(response.page_count, RANGES);
		for (unsigned i = 0; i < RANGES; i++) {
			CHECK_EQ(ranges[i].address, OS_POOL(2 * i));
			CHECK_EQ(ranges[i].page_count, 1);
		}
		/* Looking changes nothing. */
		CHECK_OK(deal_retrieve(&deal, MEM_MP2));
		CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	}
	request = (struct memory_transaction){ .handle = deal.transaction.handle, .tag = 1 };
	CHECK_EQ(memory_write_request(os_tx, FFA_VERSION_1_2, &request), 48);
	CHECK_ERROR(FFA(FFA_MEM_RETRIEVE_REQ_32, 48, 48), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_STATUS(look(&deal, &response, ranges), FFA_INVALID_PARAMETERS);

	/* Of partitions among themselves it learns nothing. */
	CHECK_OK(deal_send(&secure));
	CHECK_STATUS(look(&secure, &response, ranges), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_reclaim(&secure, 0));
}
