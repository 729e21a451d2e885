/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_SHARE, FFA_MEM_LEND and FFA_MEM_DONATE (DEN0140): what a send takes - a page, a slot, tables - and that
 * it is refused without, before anything has changed.
 */
#include "tests/unit/ffa/sender_fixture.h"

#define NS_DEVICE_PAGE UINT64_C(0x0a000000)

/** The pages @address and behind it as @kind: @status. */
static void check_pages(enum transaction_kind kind, uint64_t address, enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	sent.range[0] = (struct ffa_memory_range){ address, 2, 0 };
	check_message(kind, &message, status);
}

TEST_OF_EACH_SENDER(who_has_used_up_its_pages_sends_nothing_and_others_do)
{
	uint16_t other = sent.who == NW ? SP1 : NW;
	uint32_t limit = quota_of(sent.who)->limit_pages;
	struct ffa_memory_range range = { other == NW ? ns_page(0) : page_of(SP1, 40), 1, 0 };
	struct mem_message message = message_for(TRANSACTION_SHARE, other, SP2, &range);

	quota_of(sent.who)->limit_pages = quota_of(sent.who)->used_pages;
	compose_usual(TRANSACTION_SHARE);
	CHECK_SENT(FFA_NO_MEMORY);
	put(sent.access + 2, 0, 1); /* without permissions: that comes first */
	CHECK_SENT(FFA_INVALID_PARAMETERS);
	mem_send(other, TRANSACTION_SHARE, &message);
	quota_of(sent.who)->limit_pages = limit;
	compose_usual(TRANSACTION_SHARE);
	CHECK_SENT(FFA_OK);
}

TEST_OF_EACH_SENDER(without_a_slot_nothing_is_sent)
{
	struct transaction_table *table = &the_spmc()->transactions;
	uint64_t free[TRANSACTION_SLOTS / 64];

	compose_usual(TRANSACTION_SHARE);
	run_as(sent.who);
	memcpy(free, table->free, sizeof(free));
	memset(table->free, 0, sizeof(free));
	CHECK_SENT(FFA_NO_MEMORY);
	put(2, 0x2D, 1); /* attributes are denied before */
	CHECK_SENT(FFA_DENIED);
	memcpy(table->free, free, sizeof(free));
	compose_usual(TRANSACTION_SHARE);
	CHECK_SENT(FFA_OK);
}

TEST(without_tables_a_block_is_not_split_and_nothing_is_sent)
{
	struct quota *quota;

	system_reset();
	/* 4 MiB from a 2 MiB boundary on: mapped by blocks. */
	system_add(SP1, INSTANCE_S1UP)->vm.memory = (struct page_range){ .base = paddr(0x0f200000),
									 .page_count = 1024 };
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	run_as(SP1);
	CALL(SP1, FFA_RXTX_MAP_64, 0x0f200000, 0x0f201000, 1);
	CHECK_SUCCESS(SP1);
	sent.who = SP1;
	sent.version = FFA_VERSION_1_2;
	quota = quota_of(SP1);
	quota->limit_pages = quota->used_pages + 1; /* the transaction, no table */

	check_pages(TRANSACTION_LEND, 0x0f500000, FFA_NO_MEMORY);
	check_pages(TRANSACTION_DONATE, 0x0f500000, FFA_NO_MEMORY);
	quota->limit_pages++;
	check_pages(TRANSACTION_LEND, 0x0f500000, FFA_OK);
}

TEST(without_tables_the_normal_world_sends_nothing)
{
	struct quota *quota;

	sender_boot(NW, FFA_VERSION_1_2);
	quota = quota_of(NW);
	system_ns_device((struct page_range){ .base = paddr(NS_DEVICE_PAGE), .page_count = 4 });
	quota->limit_pages = quota->used_pages + 1;

	check_pages(TRANSACTION_LEND, NS_DEVICE_PAGE, FFA_NO_MEMORY);
	quota->limit_pages += 2;
	check_pages(TRANSACTION_LEND, NS_DEVICE_PAGE, FFA_OK);
}

TEST_OF_EACH_SENDER(memory_that_the_sender_does_not_have_comes_before_tables)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);
	struct quota *quota = quota_of(sent.who);

	run_as(sent.who);
	quota->limit_pages = quota->used_pages + 1;
	sent.range[0].address = 0x3000;
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
	sent.range[0].address = UINT64_C(0x7000000000);
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
}

TEST_OF_EACH_SENDER(sending_and_reclaiming_leaves_no_page_behind)
{
	uint32_t free_pages = pages_outside_transactions();
	struct mem_message message = sender_message(TRANSACTION_LEND);

	for (unsigned i = 0; i < 5; i++) {
		mem_reclaim(sent.who, mem_send(sent.who, TRANSACTION_LEND, &message));
	}
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}
