/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Responses that are fetched in fragments (DEN0140) and not to the end: the borrower or the sender is aborted,
 * buffers are unmapped, the borrower cancels. What was half retrieved was retrieved, and is given back.
 */
#include "tests/unit/ffa/borrower_fixture.h"

enum { COUNT = 300 };

/* Where the memory of so many pages lies. */
#define LONG_BASE UINT64_C(0x50000000)
#define SECURE_BASE UINT64_C(0x60000000)

static struct ffa_memory_range ranges[COUNT];

/** SP1, which has memory enough, sends COUNT constituents as @kind to SP2, or VM1 (by NW). */
static void offer_long(uint16_t who, enum transaction_kind kind)
{
	bool secure = kind == TRANSACTION_DONATE;
	struct page_range more = { .base = paddr(secure ? SECURE_BASE : LONG_BASE),
				   .page_count = COUNT };
	struct partition_config *config;
	struct mem_message message;

	system_reset();
	host_memory_add(more, secure ? WORLD_SECURE : WORLD_NON_SECURE);
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = more,
		.attributes = REGION_READ | REGION_WRITE | (secure ? 0 : REGION_NON_SECURE),
	};
	config->memory_region_count = 1;
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	map_hypervisor(1);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(SP2);
	map_rxtx(SP2);
	borrowing.who = who;
	borrowing.id = who == NW ? VM1 : who;
	borrowing.version = FFA_VERSION_1_2;
	for (unsigned i = 0; i < COUNT; i++) {
		ranges[i] = (struct ffa_memory_range){ more.base.pa + (COUNT - 1 - i) * PAGE_SIZE,
						       1, 0 };
	}
	message = message_for(kind, SP1, borrowing.id, ranges);
	message.range_count = COUNT;
	offer(kind, &message);
}

/** Retrieves the first fragment; RX is given back. */
static void retrieve_half(uint16_t who, enum transaction_kind kind)
{
	offer_long(who, kind);
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK_EQUAL(registers()[2], PAGE_SIZE);
	CALL(who, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(who);
}

static enum ffa_status fetch(void)
{
	return mem_frag_rx(borrowing.who, borrowing.handle, PAGE_SIZE, borrowing.id);
}

static void abort_partition(uint16_t id)
{
	run_as(id);
	fault("data abort", 0);
	CHECK_EQUAL(running(), NW);
}

/** What was fetched in part is nobody's but the sender's again. */
static void check_is_over(void)
{
	CHECK_EQUAL(fetch(), FFA_INVALID_PARAMETERS);
	if (borrowing.who == SP2) {
		CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), 0);
		CHECK_EQUAL(mem_map_of(SP2, ranges[COUNT - 1].address), 0);
	}
	take_back();
}

TEST(a_partition_cancels_what_it_has_half_retrieved)
{
	retrieve_half(SP2, TRANSACTION_SHARE);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP2);
	check_is_over();
	retrieve_half(SP2, TRANSACTION_LEND);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP2);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP2, FFA_DENIED);
	mem_retrieve(SP2, &borrowing.request);
	mem_relinquish(SP2, borrowing.handle);
	check_is_over();
}

TEST(a_hypervisor_cancels_what_a_vm_has_half_retrieved)
{
	retrieve_half(NW, TRANSACTION_SHARE);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_ERROR_32, (uint32_t)VM1 << 16, CODE(FFA_ABORTED));
	CHECK_SUCCESS(NW);
	check_is_over();
}

TEST(what_a_vm_has_half_retrieved_ends_when_its_buffers_are_unmapped)
{
	retrieve_half(NW, TRANSACTION_SHARE);
	map_vm(VM1, 1);
	unmap_vm(VM1);
	check_is_over();
}

/** The hypervisor fetches the first fragment of what SP1 shares with VM1, to look at it. */
static void look_at_half(void)
{
	struct mem_message look = { 0 };

	offer_long(NW, TRANSACTION_SHARE);
	look.handle = borrowing.handle;
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_DENIED);
}

/** It can look again, from the beginning. */
static void check_look_is_over(void)
{
	struct mem_message look = { .handle = borrowing.handle };

	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE, SP1), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	CHECK_EQUAL(registers()[2], PAGE_SIZE);
}

TEST(a_hypervisor_cancels_its_look)
{
	look_at_half();
	CALL(NW, FFA_ERROR_32, (uint32_t)VM1 << 16, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(NW);
	check_look_is_over();
}

TEST(a_look_ends_when_the_hypervisors_buffers_are_unmapped)
{
	look_at_half();
	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	map_hypervisor(1);
	check_look_is_over();
}

TEST(what_is_half_retrieved_ends_with_its_borrower)
{
	retrieve_half(SP2, TRANSACTION_LEND);
	abort_partition(SP2);
	CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), 0);
	take_back();
}

TEST(what_is_half_retrieved_is_fetched_to_its_end_though_its_sender_has_ended)
{
	retrieve_half(SP2, TRANSACTION_LEND);
	abort_partition(SP1);
	CHECK_EQUAL(fetch(), FFA_OK);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK(mem_map_of(SP2, ranges[0].address) != 0);
	mem_relinquish(SP2, borrowing.handle);
	CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), 0);
	CHECK_EQUAL(ask(), FFA_INVALID_PARAMETERS);
}

TEST(what_was_half_retrieved_of_a_sender_that_has_ended_can_be_cancelled)
{
	retrieve_half(SP2, TRANSACTION_SHARE);
	abort_partition(SP1);
	run_as(SP2);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP2);
	CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), 0);
	CHECK_EQUAL(ask(), FFA_INVALID_PARAMETERS);
}

/* ---- donated ------------------------------------------------------------------------------------ */

TEST(a_donation_is_over_when_all_of_it_was_fetched)
{
	retrieve_half(SP2, TRANSACTION_DONATE);
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_DENIED);
	CHECK_EQUAL(mem_try_relinquish(SP2, SP2, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(fetch(), FFA_OK);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_EQUAL(fetch(), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), ARCH_MAP_READ | ARCH_MAP_WRITE);
	CHECK_EQUAL(mem_map_of(SP1, ranges[0].address), 0);
}

TEST(who_does_not_fetch_all_of_a_donation_owns_it_none_the_less)
{
	retrieve_half(SP2, TRANSACTION_DONATE);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP2);
	CHECK_EQUAL(mem_map_of(SP2, ranges[COUNT - 1].address), ARCH_MAP_READ | ARCH_MAP_WRITE);
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
}

TEST(a_donation_that_is_half_fetched_survives_its_sender)
{
	retrieve_half(SP2, TRANSACTION_DONATE);
	abort_partition(SP1);
	CHECK_EQUAL(fetch(), FFA_OK);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_map_of(SP2, ranges[0].address), ARCH_MAP_READ | ARCH_MAP_WRITE);
	CHECK_EQUAL(fetch(), FFA_INVALID_PARAMETERS);
}

TEST(a_donation_that_is_half_fetched_ends_with_its_new_owner)
{
	retrieve_half(SP2, TRANSACTION_DONATE);
	abort_partition(SP2);
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_map_of(SP1, ranges[0].address), 0);
}
