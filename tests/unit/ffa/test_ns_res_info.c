/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NS_RES_INFO_GET (DEN0077A v1.3): what is listed, and each refusal. */
#include "tests/unit/ffa/ns_list_fixture.h"

/* ---- what is listed ----------------------------------------------------------------------------- */

TEST(one_range_of_a_partition_is_listed_as_in_the_worked_example)
{
	static const uint8_t expected[] = {
		0x10, 0, 0, 0, 0x01, 0, 0, 0, 0x10,      0, 0, 0, 0,    0,    0,    0,
		0,    0, 0, 0, 0,    0, 0, 0, /**/ 0x08, 0, 0, 0, 0x30, 0x01, 0x80, 0,
	};
	uint64_t address = SP1_REGION;
	uint8_t bytes[sizeof(expected)];

	ns_list_boot(1);
	memset(host_ram(paddr(vm_rx(NW))), 0xA5, PAGE_SIZE);
	CALL(NW, FFA_NS_RES_INFO_GET_64, SP1, TARGET);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, UINT64_C(0x20) << 32);

	memcpy(bytes, expected, sizeof(bytes));
	memcpy(bytes + 16, &address, sizeof(address));
	CHECK_BYTES(host_ram(paddr(vm_rx(NW))), bytes, sizeof(bytes));
	for (unsigned i = sizeof(bytes); i < PAGE_SIZE; i++) {
		CHECK_EQUAL(((const uint8_t *)host_ram(paddr(vm_rx(NW))))[i], 0);
	}
}

TEST(all_partitions_and_the_normal_worlds_buffers_are_listed)
{
	ns_list_boot(1);
	map_vm(VM1, 2);

	ns_list_fetch(0);
	CHECK_EQUAL(ns_list_count, 6);
	ns_list_check(0, SP1_REGION, SP1_PAGES, P_RW, SP1, 0);
	ns_list_check(1, SP4_REGION, 1, U_R, SP4, 0);
	ns_list_check(2, vm_tx(NW), 1, P_R, SPMC, INDIRECT);
	ns_list_check(3, vm_rx(NW), 1, P_RW, SPMC, INDIRECT);
	ns_list_check(4, vm_tx(VM1), 2, P_R, SPMC, INDIRECT);
	ns_list_check(5, vm_rx(VM1), 2, P_RW, SPMC, INDIRECT);
}

TEST(a_partition_that_reaches_nothing_has_an_empty_list)
{
	ns_list_boot(1);

	CHECK_EQUAL(ns_list_get(SP2, TARGET), FFA_OK);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, UINT64_C(0x10) << 32);
	CHECK_EQUAL(ns_list_take(true), 0);
	CHECK_EQUAL(ns_list_count, 0);
	CHECK(!ns_list_is_kept());
}

TEST(buffers_that_a_partition_has_in_memory_of_the_normal_world_are_listed)
{
	ns_list_boot(1);
	run_as(SP1);
	CALL(SP1, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(SP1);
	CALL(SP1, FFA_RXTX_MAP_64, SP1_REGION, SP1_REGION + 2 * PAGE_SIZE, 1);
	CHECK_SUCCESS(SP1);

	ns_list_fetch(SP1);
	/* Its own mapping says what is special about a buffer in bits that are nobody's business. */
	CHECK_EQUAL(ns_list_count, 3);
	ns_list_check(0, SP1_REGION, SP1_PAGES, P_RW, SP1, 0);
	ns_list_check(1, SP1_REGION, 1, P_R, SP1, INDIRECT);
	ns_list_check(2, SP1_REGION + 2 * PAGE_SIZE, 1, P_RW, SP1, INDIRECT);
}

TEST(memory_that_the_normal_world_shares_is_listed_as_long_as_a_partition_can_reach_it)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_SHARE, NW, SP2, ns_page(3), 2);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(3), 2, P_RW, SP2, INDIRECT);

	ns_list_retrieve(SP2, TRANSACTION_SHARE, NW, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(3), 2, P_RW, SP2, 0);

	mem_relinquish(SP2, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(3), 2, P_RW, SP2, INDIRECT);

	mem_reclaim(NW, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 0);
}

TEST(each_borrower_is_listed_with_its_own_rights)
{
	struct ffa_memory_range range = { ns_page(0), 1, 0 };
	struct mem_message message = message_for(TRANSACTION_SHARE, NW, SP2, &range);

	ns_list_boot(1);
	message.receiver_count = 3;
	message.receivers[1] = (struct mem_receiver){ .id = SP4, .permissions = RW };
	message.receivers[2] = (struct mem_receiver){ .id = SP1, .permissions = RO };
	(void)mem_send(NW, TRANSACTION_SHARE, &message);

	ns_list_fetch(0);
	CHECK_EQUAL(ns_list_count, 7);
	ns_list_check(4, ns_page(0), 1, P_RW, SP2, INDIRECT);
	ns_list_check(5, ns_page(0), 1, U_RW, SP4, INDIRECT);
	ns_list_check(6, ns_page(0), 1, P_R, SP1, INDIRECT);
	ns_list_fetch(SP4);
	CHECK_EQUAL(ns_list_count, 2);
	ns_list_check(0, SP4_REGION, 1, U_R, SP4, 0);
	ns_list_check(1, ns_page(0), 1, U_RW, SP4, INDIRECT);
}

TEST(memory_that_a_partition_has_lent_is_still_listed_for_it)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_LEND, SP1, SP2, SP1_REGION + PAGE_SIZE, 1);
	ns_list_fetch(0);
	CHECK_EQUAL(ns_list_count, 7);
	ns_list_check(0, SP1_REGION, 1, P_RW, SP1, 0);
	ns_list_check(1, SP1_REGION + 2 * PAGE_SIZE, SP1_PAGES - 2, P_RW, SP1, 0);
	ns_list_check(5, SP1_REGION + PAGE_SIZE, 1, P_RW, SP1, INDIRECT);
	ns_list_check(6, SP1_REGION + PAGE_SIZE, 1, P_RW, SP2, INDIRECT);

	ns_list_retrieve(SP2, TRANSACTION_LEND, SP1, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, SP1_REGION + PAGE_SIZE, 1, P_RW, SP2, 0);
}

TEST(memory_that_was_donated_changes_its_owner_in_the_list)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_DONATE, NW, SP2, ns_page(7), 1);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(7), 1, P_RW, SP2, INDIRECT);

	ns_list_retrieve(SP2, TRANSACTION_DONATE, NW, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(7), 1, P_RW, SP2, 0);
}

TEST(secure_memory_and_what_is_for_vms_only_is_not_listed)
{
	ns_list_boot(1);
	(void)ns_list_give(TRANSACTION_SHARE, SP1, SP2, page_of(SP1, 40), 1);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 0);

	(void)ns_list_give(TRANSACTION_SHARE, SP1, VM1, SP1_REGION, 1);
	ns_list_fetch(SP1);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, SP1_REGION, SP1_PAGES, P_RW, SP1, 0);
}

TEST(memory_of_which_only_a_part_was_sent_is_not_listed)
{
	struct ffa_memory_range ranges[2];
	uint8_t bytes[256];
	struct mem_message message = message_for(TRANSACTION_SHARE, NW, SP2, ranges);
	size_t size;

	ns_list_boot(1);
	ranges[0] = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	ranges[1] = (struct ffa_memory_range){ ns_page(4), 1, 0 };
	message.range_count = 2;
	size = mem_compose(bytes, FFA_VERSION_1_3, &message);
	CHECK_EQUAL(mem_send_bytes(NW, TRANSACTION_SHARE, bytes, size, size - 16), FFA_OK);
	CHECK_EQUAL(registers()[0], FFA_MEM_FRAG_RX_32);

	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 0);
}

TEST(what_a_partition_had_borrowed_that_died_is_not_listed_any_more)
{
	uint64_t handle;

	ns_list_boot(1);
	handle = ns_list_give(TRANSACTION_SHARE, NW, SP2, ns_page(3), 1);
	ns_list_retrieve(SP2, TRANSACTION_SHARE, NW, handle);
	run_as(SP2);
	fault("data abort", 0);

	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 1);
	ns_list_check(0, ns_page(3), 1, P_RW, SP2, INDIRECT);
	mem_reclaim(NW, handle);
	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, 0);
}

/* ---- refusals ----------------------------------------------------------------------------------- */

TEST(arguments_that_make_no_sense_are_refused)
{
	ns_list_boot(1);

	CHECK_EQUAL(ns_list_get(0, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ns_list_get(VM1, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ns_list_get(VM1, START), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ns_list_get(SPMC, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ns_list_get(SP5, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(ns_list_get(0xFFC0, TARGET), FFA_INVALID_PARAMETERS);
	for (unsigned bit = 0; bit < 64; bit++) {
		if (bit != 0 && bit != 4) {
			CHECK_EQUAL(ns_list_get(SP1, TARGET | UINT64_C(1) << bit),
				    FFA_INVALID_PARAMETERS);
		}
	}
	CHECK(!ns_list_is_kept());
}

TEST(an_id_that_does_not_count_is_still_one_of_a_partition)
{
	ns_list_boot(1);

	CHECK_EQUAL(ns_list_get(SP1, START), FFA_OK);
	(void)ns_list_take(true);
	CHECK_EQUAL(ns_list_count, 4);
}

TEST(without_memory_no_list_begins)
{
	uint32_t limit, before;

	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);
	before = ns_list_free_pages();
	limit = quota_of(NW)->limit_pages;

	/* 600 pages, 4 more entries: 3 pages of the pool. */
	for (uint32_t pages = 0; pages < 3; pages++) {
		quota_of(NW)->limit_pages = quota_used(quota_of(NW)) + pages;
		CHECK_EQUAL(ns_list_get(0, START), FFA_NO_MEMORY);
		CHECK_EQUAL(ns_list_free_pages(), before);
		CHECK(!ns_list_is_kept());
		/* It comes before the unknown partition. */
		CHECK_EQUAL(ns_list_get(SP5, TARGET),
			    pages == 0 ? FFA_NO_MEMORY : FFA_INVALID_PARAMETERS);
	}
	quota_of(NW)->limit_pages = quota_used(quota_of(NW)) + 3;
	ns_list_fetch(0);
	CHECK_EQUAL(ns_list_count, 604);
	quota_of(NW)->limit_pages = limit;
}

TEST(a_list_has_a_limit)
{
	const uint32_t most = NS_SNAPSHOT_PAGES_MAX * NS_SNAPSHOT_PAGE_ENTRIES;
	uint32_t before;

	ns_list_boot(16);
	(void)ns_list_share_scattered(most / 3, true);
	before = ns_list_free_pages();
	CHECK_EQUAL(ns_list_get(0, START), FFA_NO_MEMORY);
	CHECK_EQUAL(ns_list_free_pages(), before);

	ns_list_fetch(SP2);
	CHECK_EQUAL(ns_list_count, most / 3);
	CHECK_EQUAL(ns_list_free_pages(), before);
}

TEST(without_an_rx_buffer_of_its_own_the_normal_world_is_to_try_again)
{
	uint32_t before;

	ns_list_boot(1);
	CALL(NW, FFA_PARTITION_INFO_GET_32);
	before = ns_list_free_pages();
	CHECK_EQUAL(ns_list_get(SP1, TARGET), FFA_RETRY);
	CHECK_EQUAL(ns_list_get(SP1, TARGET | CONTINUE), FFA_RETRY);
	CHECK_EQUAL(ns_list_free_pages(), before);
	ns_list_release_rx();
	ns_list_fetch(SP1);

	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(ns_list_get(SP1, TARGET), FFA_RETRY);
	CHECK(!ns_list_is_kept());
}

TEST(without_a_list_there_is_nothing_to_continue)
{
	ns_list_boot(1);

	CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_ABORTED);
	ns_list_fetch(SP1); /* in one part: it is over */
	CHECK_EQUAL(ns_list_get(SP1, TARGET | CONTINUE), FFA_ABORTED);
}

TEST(an_rx_buffer_that_has_vanished_ends_the_list)
{
	struct page_range rx = { .base = paddr(vm_rx(NW)), .page_count = 1 };
	uint32_t before;

	ns_list_boot(1);
	(void)ns_list_share_scattered(600, false);
	before = ns_list_free_pages();
	host_memory_move(rx, WORLD_SECURE);
	CHECK_EQUAL(ns_list_get(0, START), FFA_ABORTED);
	host_memory_move(rx, WORLD_NON_SECURE);
	CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_ABORTED);
	CHECK_EQUAL(ns_list_free_pages(), before);

	ns_list_fetch(0);
	CHECK_EQUAL(ns_list_count, 604);
}
