/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_NS_RES_INFO_GET (DEN0077A v1.3): lists in several parts, which stay as they began whatever happens until
 * they have been read, or end.
 */
#include "tests/unit/ffa/ns_list_fixture.h"

static void check_scattered(unsigned first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		ns_list_check(first + i, FURTHER_BASE + i * 2 * PAGE_SIZE, 1, P_RW, SP2, INDIRECT);
	}
}

TEST(a_long_list_comes_in_parts_as_large_as_the_rx_buffer)
{
	uint32_t before;

	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);
	before = ns_list_free_pages();

	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, UINT64_C(0x1000) << 32 | 345 * 16);
	CHECK_EQUAL(ns_list_take(true), 345 * 16);
	CHECK_EQUAL(ns_list_get(SP2, TARGET | CONTINUE), FFA_OK);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, UINT64_C(0x1000) << 32 | 89 * 16);
	CHECK_EQUAL(ns_list_take(false), 89 * 16);
	CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_OK);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, (UINT64_C(89) * 16) << 32);
	CHECK_EQUAL(ns_list_take(false), 0);

	CHECK_EQUAL(ns_list_count, 600);
	check_scattered(0, 600);
	CHECK_EQUAL(ns_list_free_pages(), before);
	CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_ABORTED);
}

TEST(a_larger_rx_buffer_takes_more_at_once)
{
	ns_list_boot(3);
	(void)ns_list_share_scattered(600, false);

	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	CHECK_EQUAL(ns_list_take(true), 0);
	check_scattered(0, 600);
}

TEST(a_list_stays_as_it_began_while_partitions_and_the_normal_world_go_on)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_SHARE, NW, SP2, ns_page(3), 1);
	ns_list_retrieve(SP2, TRANSACTION_SHARE, NW, handle);
	(void)ns_list_share_scattered(600, false);
	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	(void)ns_list_take(true);

	mem_relinquish(SP2, handle);
	(void)ns_list_give(TRANSACTION_SHARE, NW, SP2, ns_page(9), 1);
	(void)ns_list_give(TRANSACTION_LEND, SP1, SP2, SP1_REGION, 1);
	run_as(NW);
	map_vm(VM1, 1);
	run_as(SP1);
	fault("data abort", 0);
	on_pe(1); /* and it may be fetched anywhere */
	ns_list_finish();
	on_pe(0);

	CHECK_EQUAL(ns_list_count, 601);
	ns_list_check(0, ns_page(3), 1, P_RW, SP2, 0);
	check_scattered(1, 600);
}

TEST(a_reclaim_of_the_normal_world_ends_the_list)
{
	uint64_t handle;
	uint32_t before;

	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);
	handle = ns_list_give(TRANSACTION_SHARE, NW, SP2, ns_page(3), 1);
	before = ns_list_free_pages();
	CHECK_EQUAL(ns_list_get(0, START), FFA_OK);
	(void)ns_list_take(true);
	CHECK(ns_list_free_pages() < before);

	/* One that is refused does not. */
	CHECK_EQUAL(mem_try_reclaim(NW, handle + 1, 0), FFA_INVALID_PARAMETERS);
	CHECK(ns_list_is_kept());
	mem_reclaim(NW, handle);
	CHECK(!ns_list_is_kept());
	CHECK(ns_list_free_pages() > before);
	CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_ABORTED);
}

TEST(a_reclaim_of_a_partition_does_not_end_the_list)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_LEND, SP1, SP2, SP1_REGION, 1);
	(void)ns_list_share_scattered(600, false);
	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	(void)ns_list_take(true);

	mem_reclaim(SP1, handle);
	ns_list_finish();
	CHECK_EQUAL(ns_list_count, 601);
	ns_list_check(0, SP1_REGION, 1, P_RW, SP2, INDIRECT);
}

TEST(without_its_buffers_the_normal_world_has_no_list_either)
{
	uint32_t before;

	ns_list_boot(1);
	map_vm(VM1, 1);
	(void)ns_list_share_scattered(600, false);
	before = ns_list_free_pages();
	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	(void)ns_list_take(true);

	unmap_vm(VM1); /* somebody else's */
	CHECK(ns_list_is_kept());
	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	CHECK(!ns_list_is_kept());
	map_hypervisor(1);
	CHECK_EQUAL(ns_list_get(SP2, TARGET | CONTINUE), FFA_ABORTED);
	CHECK(ns_list_free_pages() >= before);
}

TEST(a_list_that_nobody_goes_on_with_costs_nothing_beyond_the_next_one)
{
	uint32_t before, meanwhile;

	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);
	before = ns_list_free_pages();
	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	(void)ns_list_take(true);
	meanwhile = ns_list_free_pages();
	for (unsigned i = 0; i < 10; i++) {
		on_pe(i % 2);
		CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
		(void)ns_list_take(true);
		CHECK_EQUAL(ns_list_free_pages(), meanwhile);
	}
	on_pe(0);
	ns_list_finish();
	CHECK_EQUAL(ns_list_free_pages(), before);
}

/** @refused ends the list that was begun. */
static void check_loss(uint64_t id, uint64_t flags, enum ffa_status refused)
{
	uint32_t before = ns_list_free_pages();

	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	(void)ns_list_take(true);
	CHECK_EQUAL(ns_list_get_and_lose(id, flags), refused);
	CHECK(!ns_list_is_kept());
	CHECK_EQUAL(ns_list_free_pages(), before);
	CHECK_EQUAL(ns_list_get(SP2, TARGET | CONTINUE), FFA_ABORTED);
}

TEST(any_refusal_ends_the_list)
{
	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);

	check_loss(0, TARGET | CONTINUE, FFA_INVALID_PARAMETERS);
	check_loss(0, CONTINUE | 0x4, FFA_INVALID_PARAMETERS);
	check_loss(VM1, CONTINUE, FFA_INVALID_PARAMETERS);
	check_loss(SP5, TARGET, FFA_INVALID_PARAMETERS);

	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	CHECK_EQUAL(ns_list_get_and_lose(SP2, TARGET | CONTINUE),
		    FFA_RETRY); /* RX was not released */
	ns_list_release_rx();
	CHECK_EQUAL(ns_list_get(SP2, TARGET | CONTINUE), FFA_ABORTED);
}
