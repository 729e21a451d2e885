/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_FRAG_RX (DEN0140, "Transmission of transaction descriptor in fragments"): responses that borrowers,
 * partitions and VMs, fetch in parts, in each version with a layout of its own.
 */
#include "tests/unit/ffa/borrower_fixture.h"

enum {
	UNIT = sizeof(struct ffa_memory_range),
	COUNT = 600,
};

static struct ffa_memory_range ranges[COUNT];

/* Where the memory of so many pages lies. */
#define LONG_BASE UINT64_C(0x50000000)

/** SP1 shares COUNT pages, one by one from behind, so that no two are one range. */
static struct mem_message long_message(void)
{
	struct mem_message message = message_for(TRANSACTION_SHARE, SP1, borrowing.id, ranges);

	for (unsigned i = 0; i < COUNT; i++) {
		ranges[i] = (struct ffa_memory_range){ LONG_BASE + (COUNT - 1 - i) * PAGE_SIZE, 1,
						       0 };
	}
	message.range_count = COUNT;
	return message;
}

/** Boots another system, where SP1 has as much of the normal world's memory, and offers it. */
static void offer_long(uint32_t version)
{
	struct mem_message message = long_message();
	struct page_range more = { .base = paddr(LONG_BASE), .page_count = COUNT };
	struct partition_config *config;

	system_reset();
	host_memory_add(more, WORLD_NON_SECURE);
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = more,
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_add(SP2, INSTANCE_S1UP)->ffa_version = version;
	system_boot(1);
	nw_version(version);
	map_hypervisor(1);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(SP2);
	map_rxtx(SP2);
	offer(TRANSACTION_SHARE, &message);
}

/** Retrieves the first fragment of a long response; RX is given back. Returns its bytes. */
static size_t fetch_first(void)
{
	offer_long(borrowing.version);
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK_EQUAL(registers()[2], PAGE_SIZE);
	CHECK_EQUAL(registers()[1], borrowing.access + borrowing.access_size + 16 + COUNT * UNIT);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(borrowing.who);
	return PAGE_SIZE;
}

static enum ffa_status fetch(uint64_t handle, uint64_t offset)
{
	return mem_frag_rx(borrowing.who, handle, offset, borrowing.id);
}

static const uint8_t *rx(void)
{
	return host_ram(paddr(borrowing.who == NW ? vm_rx(NW) : rx_of(SP2)));
}

TEST_OF_EACH_BORROWER(fragments_go_on_where_the_last_one_ended)
{
	size_t at = fetch_first();
	size_t first = (PAGE_SIZE - borrowing.access - borrowing.access_size - 16) / UNIT;
	uint32_t w4 = borrowing.who == NW ? (uint32_t)SP1 << 16 : 0;
	uint32_t w1 = (uint32_t)borrowing.handle, w2 = (uint32_t)(borrowing.handle >> 32);

	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
	CHECK_GOT(borrowing.who, FFA_MEM_FRAG_TX_32, w1, w2, PAGE_SIZE, w4);
	CHECK_BYTES(rx(), ranges + first, PAGE_SIZE);
	CALL(borrowing.who, FFA_RX_RELEASE_32);

	CHECK_EQUAL(fetch(borrowing.handle, at + PAGE_SIZE), FFA_OK);
	CHECK_GOT(borrowing.who, FFA_MEM_FRAG_TX_32, w1, w2, (COUNT - first - 256) * UNIT, w4);
	CHECK_BYTES(rx(), ranges + first + 256, (COUNT - first - 256) * UNIT);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(borrowing.handle, at + 2 * PAGE_SIZE), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_relinquish(borrowing.who, borrowing.id, borrowing.handle, 0), FFA_OK);
	take_back();
}

TEST_OF_EACH_BORROWER(reserved_bits_are_refused)
{
	size_t at = fetch_first();
	uint32_t w1 = (uint32_t)borrowing.handle, w2 = (uint32_t)(borrowing.handle >> 32);

	CALL(borrowing.who, FFA_MEM_FRAG_RX_32, w1, w2, at, 1);
	CHECK_REFUSED(borrowing.who, FFA_INVALID_PARAMETERS);
	CALL(borrowing.who, FFA_MEM_FRAG_RX_32, w1, w2, at, 0x8000);
	CHECK_REFUSED(borrowing.who, FFA_INVALID_PARAMETERS);
	CALL(borrowing.who, FFA_MEM_FRAG_RX_32, w1, w2, at, (uint32_t)SP2 << 16);
	CHECK_REFUSED(borrowing.who, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
}

TEST_OF_EACH_BORROWER(a_full_rx_buffer_is_busy_whichever_handle)
{
	offer_long(borrowing.version);
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK_EQUAL(fetch(borrowing.handle, PAGE_SIZE), FFA_BUSY);
	CHECK_EQUAL(fetch(UINT64_MAX, PAGE_SIZE), FFA_BUSY);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(UINT64_MAX, PAGE_SIZE), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, PAGE_SIZE), FFA_OK);
}

TEST_OF_EACH_BORROWER(only_the_next_offset_is_fetched)
{
	size_t at = fetch_first();

	CHECK_EQUAL(fetch(borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, at - UNIT), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, at + UNIT), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, at + 1), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_BORROWER(nobody_fetches_what_is_not_being_handed_out_to_it)
{
	size_t at;

	offer_long(borrowing.version);
	CHECK_EQUAL(fetch(borrowing.handle, 0), FFA_INVALID_PARAMETERS); /* not retrieved */
	at = fetch_first();
	CHECK_EQUAL(fetch(borrowing.handle + 1, at), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(borrowing.handle | UINT64_C(1) << 63, at), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_rx(SP1, borrowing.handle, at, 0), FFA_INVALID_PARAMETERS);
	if (borrowing.who == NW) {
		CHECK_EQUAL(mem_frag_rx(NW, borrowing.handle, at, VM2), FFA_INVALID_PARAMETERS);
		CHECK_EQUAL(mem_frag_rx(SP2, borrowing.handle, at, 0), FFA_INVALID_PARAMETERS);
		CHECK_EQUAL(mem_frag_rx(NW, borrowing.handle, at, SP1), FFA_OK); /* by its sender */
	} else {
		CHECK_EQUAL(mem_frag_rx(NW, borrowing.handle, at, SP1), FFA_INVALID_PARAMETERS);
		CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
	}
}

TEST_OF_EACH_BORROWER(a_fragment_whose_rx_has_vanished_can_be_fetched_again)
{
	size_t at = fetch_first();
	struct page_range page = { .base = paddr(borrowing.who == NW ? vm_rx(NW) : rx_of(SP2)),
				   .page_count = 1 };
	enum world world = borrowing.who == NW ? WORLD_NON_SECURE : WORLD_SECURE;

	host_memory_move(page, world == WORLD_SECURE ? WORLD_NON_SECURE : WORLD_SECURE);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_ABORTED);
	host_memory_move(page, world);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
}

TEST_OF_EACH_BORROWER(what_is_half_retrieved_is_held_and_cannot_be_relinquished)
{
	size_t at = fetch_first();

	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_DENIED);
	CHECK_EQUAL(mem_try_relinquish(borrowing.who, borrowing.id, borrowing.handle, 0),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ask(), FFA_DENIED);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
}

TEST_OF_EACH_BORROWER(without_an_rx_buffer_nothing_is_fetched)
{
	size_t at;

	if (borrowing.who == NW) {
		return; /* unmapping ends it: test_mem_endings.c */
	}
	at = fetch_first();
	CALL(borrowing.who, FFA_RXTX_UNMAP_32);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_INVALID_PARAMETERS);
	map_rxtx(SP2);
	CHECK_EQUAL(fetch(borrowing.handle, at), FFA_OK);
}

/** A normal world without hypervisor: it borrows itself, as endpoint 0. */
TEST(an_os_fetches_for_itself)
{
	borrowing.who = NW;
	borrowing.id = NW;
	borrowing.version = FFA_VERSION_1_2;
	offer_long(FFA_VERSION_1_2);
	CHECK_EQUAL(ask(), FFA_OK);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(borrowing.handle, PAGE_SIZE), FFA_OK);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(borrowing.handle, 2 * PAGE_SIZE), FFA_OK);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_DENIED);
	CHECK_EQUAL(mem_try_relinquish(NW, NW, borrowing.handle, 0), FFA_OK);
	take_back();
}
