/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions that do not go their way (DEN0140; DEN0077A, fatal errors): a party is aborted at any
 * moment, buffers are unmapped, an endpoint cancels what it has begun. Nothing is leaked or stuck, and nobody
 * sees what it should not.
 */
#include "tests/unit/ffa/mem_fixture.h"

enum { UNIT = sizeof(struct ffa_memory_range) };

static struct ffa_memory_range range;
static struct mem_message sent, asked;
static uint64_t handle;
static uint32_t free_pages;

/** Boots; @sender's page 40 (NW: a page of its) is to be sent to SP2 as @kind. */
static void boot(enum transaction_kind kind, uint16_t sender)
{
	memory_boot(1);
	range = (struct ffa_memory_range){ sender == NW ? ns_page(0) : page_of(sender, 40), 1, 0 };
	sent = message_for(kind, sender, SP2, &range);
	free_pages = pages_outside_transactions();
}

static void send_it(enum transaction_kind kind)
{
	handle = mem_send(sent.sender, kind, &sent);
	asked = request_for(&sent, kind, handle);
}

/** @id runs and cannot go on. */
static void abort_partition(uint16_t id)
{
	run_as(id);
	fault("data abort", 0);
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(partition_state(partition_of(id)), PARTITION_ABORTED);
}

/** No transaction has a page any more. */
static void check_nothing_is_left(void)
{
	struct transaction_table *table = &the_spmc()->transactions;

	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		CHECK(table->slots[i].transaction == NULL);
	}
	for (unsigned i = 0; i < TRANSACTION_SLOTS / 64; i++) {
		CHECK_EQUAL(table->free[i], UINT64_MAX);
	}
}

/* ---- the sender is aborted ---------------------------------------------------------------------- */

/** Sent as @kind and never retrieved. */
static void sender_ends_before_retrieval(enum transaction_kind kind)
{
	boot(kind, SP1);
	send_it(kind);
	abort_partition(SP1);
	CHECK_EQUAL(mem_try_retrieve(SP2, &asked), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_map_of(SP2, range.address), 0);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

TEST(what_a_sender_sent_ends_with_it_when_nobody_has_it)
{
	sender_ends_before_retrieval(TRANSACTION_SHARE);
	sender_ends_before_retrieval(TRANSACTION_LEND);
	sender_ends_before_retrieval(TRANSACTION_DONATE);
}

/** Retrieved as @kind: the borrower keeps it till it gives it back. */
static void sender_ends_while_it_is_held(enum transaction_kind kind)
{
	boot(kind, SP1);
	sent.receiver_count = 2;
	sent.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RO };
	sent.attributes = WB;
	send_it(kind);
	mem_retrieve(SP2, &asked);
	abort_partition(SP1);
	CHECK(mem_map_of(SP2, range.address) != 0);
	CHECK_EQUAL(mem_try_retrieve(SP3, &asked), FFA_DENIED);
	mem_relinquish(SP2, handle);
	CHECK_EQUAL(mem_map_of(SP2, range.address), 0);
	CHECK_EQUAL(mem_try_retrieve(SP2, &asked), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(SP3, &asked), FFA_INVALID_PARAMETERS);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

TEST(a_borrower_keeps_what_it_has_when_its_sender_ends_and_nobody_else_gets_it)
{
	sender_ends_while_it_is_held(TRANSACTION_SHARE);
	sender_ends_while_it_is_held(TRANSACTION_LEND);
}

TEST(a_sender_that_ends_after_its_memory_was_given_back_leaves_nothing)
{
	boot(TRANSACTION_LEND, SP1);
	send_it(TRANSACTION_LEND);
	mem_retrieve(SP2, &asked);
	mem_relinquish(SP2, handle);
	abort_partition(SP1);
	CHECK_EQUAL(mem_try_retrieve(SP2, &asked), FFA_INVALID_PARAMETERS);
	check_nothing_is_left();
}

TEST(donated_memory_is_its_new_owners_whatever_becomes_of_the_old_one)
{
	boot(TRANSACTION_DONATE, SP1);
	send_it(TRANSACTION_DONATE);
	mem_retrieve(SP2, &asked);
	check_nothing_is_left();
	abort_partition(SP1);
	CHECK_EQUAL(mem_map_of(SP2, range.address), ARCH_MAP_READ | ARCH_MAP_WRITE);
	sent = message_for(TRANSACTION_LEND, SP2, SP3, &range);
	send_it(TRANSACTION_LEND);
	mem_retrieve(SP3, &asked);
	mem_relinquish(SP3, handle);
	mem_reclaim(SP2, handle);
}

TEST(zeroing_that_a_borrower_wants_is_done_though_its_sender_has_ended)
{
	uint8_t *bytes;

	boot(TRANSACTION_LEND, SP1);
	bytes = host_ram(paddr(range.address));
	send_it(TRANSACTION_LEND);
	asked.flags |= FFA_MEMORY_FLAG_ZERO_AFTER;
	mem_retrieve(SP2, &asked);
	abort_partition(SP1);
	memset(bytes, 0x77, PAGE_SIZE);
	mem_relinquish(SP2, handle);
	CHECK(bytes[0] == 0 && bytes[PAGE_SIZE - 1] == 0);
}

/* ---- a borrower is aborted ---------------------------------------------------------------------- */

/** SP2 ends with what @sender sent as @kind. */
static void borrower_ends(enum transaction_kind kind, uint16_t sender)
{
	boot(kind, sender);
	send_it(kind);
	mem_retrieve(SP2, &asked);
	CHECK_EQUAL(mem_try_reclaim(sender, handle, 0), FFA_DENIED);
	abort_partition(SP2);
	CHECK_EQUAL(mem_map_of(SP2, range.address), 0);
	mem_reclaim(sender, handle);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

TEST(what_a_borrower_had_can_be_reclaimed_when_it_has_ended)
{
	borrower_ends(TRANSACTION_SHARE, SP1);
	borrower_ends(TRANSACTION_LEND, SP1);
	borrower_ends(TRANSACTION_SHARE, NW);
	borrower_ends(TRANSACTION_LEND, NW);
}

TEST(what_a_borrower_never_retrieved_can_be_reclaimed_when_it_has_ended)
{
	boot(TRANSACTION_DONATE, SP1);
	send_it(TRANSACTION_DONATE);
	abort_partition(SP2);
	mem_reclaim(SP1, handle);
	CHECK(mem_map_of(SP1, range.address) != 0);
	check_nothing_is_left();
}

TEST(nothing_is_sent_to_a_borrower_that_has_ended)
{
	boot(TRANSACTION_LEND, SP1);
	abort_partition(SP2);
	CHECK_EQUAL(mem_try_send(SP1, TRANSACTION_LEND, &sent, &handle), FFA_INVALID_PARAMETERS);
	CHECK(mem_map_of(SP1, range.address) != 0);
	check_nothing_is_left();
	boot(TRANSACTION_SHARE, NW);
	sent.receivers[sent.receiver_count] = sent.receivers[0];
	sent.receivers[sent.receiver_count++].id = SP3;
	abort_partition(SP3); /* one of two */
	CHECK_EQUAL(mem_try_send(NW, TRANSACTION_SHARE, &sent, &handle), FFA_INVALID_PARAMETERS);
	check_nothing_is_left();
	abort_partition(SP2);
	CHECK_EQUAL(mem_try_send(NW, TRANSACTION_SHARE, &sent, &handle), FFA_INVALID_PARAMETERS);
	check_nothing_is_left();
}

TEST(zeroing_that_a_borrower_wanted_is_done_when_it_ends)
{
	uint8_t *bytes;

	boot(TRANSACTION_LEND, SP1);
	bytes = host_ram(paddr(range.address));
	send_it(TRANSACTION_LEND);
	asked.flags |= FFA_MEMORY_FLAG_ZERO_AFTER;
	mem_retrieve(SP2, &asked);
	memset(bytes, 0x77, PAGE_SIZE);
	abort_partition(SP2);
	CHECK(bytes[0] == 0 && bytes[PAGE_SIZE - 1] == 0);
	memset(bytes, 0x77, PAGE_SIZE);
	mem_reclaim(SP1, handle);
	CHECK_EQUAL(bytes[0], 0x77);
}

TEST(others_keep_what_they_borrowed_when_one_borrower_ends)
{
	boot(TRANSACTION_SHARE, NW);
	sent.receiver_count = 2;
	sent.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RO };
	send_it(TRANSACTION_SHARE);
	mem_retrieve(SP2, &asked);
	mem_retrieve(SP3, &asked);
	abort_partition(SP2);
	CHECK(mem_map_of(SP3, range.address) != 0);
	CHECK_EQUAL(mem_try_reclaim(NW, handle, 0), FFA_DENIED);
	mem_relinquish(SP3, handle);
	mem_reclaim(NW, handle);
	check_nothing_is_left();
}

TEST(a_partition_that_ends_is_sender_and_borrower_at_once)
{
	struct ffa_memory_range other;
	struct mem_message second;
	uint64_t second_handle;

	boot(TRANSACTION_LEND, SP1);
	send_it(TRANSACTION_LEND);
	mem_retrieve(SP2, &asked);
	other = (struct ffa_memory_range){ page_of(SP2, 50), 2, 0 };
	second = message_for(TRANSACTION_SHARE, SP2, SP1, &other);
	second_handle = mem_send(SP2, TRANSACTION_SHARE, &second);
	second = request_for(&second, TRANSACTION_SHARE, second_handle);
	mem_retrieve(SP1, &second);
	abort_partition(SP2);
	mem_reclaim(SP1, handle);
	CHECK(mem_map_of(SP1, other.address) != 0);
	mem_relinquish(SP1, second_handle);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

/* ---- half sent ---------------------------------------------------------------------------------- */

static uint8_t bytes_to_send[PAGE_SIZE];
static size_t size_to_send;

/** @who sends all but the last of two constituents, of itself or (NW) of @sender. */
static void send_half(uint16_t who, uint16_t sender)
{
	static struct ffa_memory_range ranges[2];
	uint64_t base = who == NW ? ns_page(0) : page_of(who, 40);

	memory_boot(1);
	free_pages = pages_outside_transactions();
	ranges[0] = (struct ffa_memory_range){ base, 1, 0 };
	ranges[1] = (struct ffa_memory_range){ base + 2 * PAGE_SIZE, 1, 0 };
	sent = message_for(TRANSACTION_SHARE, sender, SP2, ranges);
	sent.range_count = 2;
	size_to_send = mem_compose(bytes_to_send, FFA_VERSION_1_2, &sent);
	CHECK_EQUAL(mem_send_bytes(who, TRANSACTION_SHARE, bytes_to_send, size_to_send,
				   size_to_send - UNIT),
		    FFA_OK);
	handle = registers()[2] << 32 | registers()[1];
}

static enum ffa_status send_rest(uint16_t who, uint16_t sender)
{
	return mem_frag_tx(who, handle, bytes_to_send + size_to_send - UNIT, UNIT, sender);
}

TEST(what_is_half_sent_ends_with_its_sender)
{
	send_half(SP1, SP1);
	abort_partition(SP1);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

TEST(what_is_half_sent_goes_on_when_its_borrower_has_ended)
{
	send_half(SP1, SP1);
	abort_partition(SP2);
	CHECK_EQUAL(send_rest(SP1, SP1), FFA_OK);
	mem_reclaim(SP1, handle);
	check_nothing_is_left();
}

TEST(a_partition_cancels_what_it_has_half_sent)
{
	send_half(SP1, SP1);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP1);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
	CHECK_EQUAL(send_rest(SP1, SP1), FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(the_normal_world_cancels_what_it_has_half_sent)
{
	send_half(NW, NW);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(NW);
	check_nothing_is_left();
	CHECK_EQUAL(send_rest(NW, NW), FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(a_hypervisor_cancels_for_the_vm_that_it_names)
{
	send_half(NW, VM2);
	CALL(NW, FFA_ERROR_32, (uint32_t)VM1 << 16, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_ERROR_32, (uint32_t)VM2 << 16, CODE(FFA_ABORTED));
	CHECK_SUCCESS(NW);
	check_nothing_is_left();
}

TEST(only_aborted_cancels)
{
	send_half(SP1, SP1);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_NO_MEMORY));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_ERROR_32, 0, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CHECK_EQUAL(send_rest(SP1, SP1), FFA_OK);
	send_half(NW, NW);
	CALL(NW, FFA_ERROR_32, 0, CODE(FFA_DENIED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CHECK_EQUAL(send_rest(NW, NW), FFA_OK);
}

TEST(nobody_cancels_for_another)
{
	send_half(SP1, SP1);
	run_as(NW);
	CALL(NW, FFA_ERROR_32, (uint32_t)SP1 << 16, CODE(FFA_ABORTED));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	run_as(SP3);
	CALL(SP3, FFA_ERROR_32, (uint32_t)SP1 << 16, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP3, FFA_DENIED);
	CHECK_EQUAL(send_rest(SP1, SP1), FFA_OK);
}

TEST(what_was_sent_completely_is_not_cancelled)
{
	boot(TRANSACTION_SHARE, SP1);
	send_it(TRANSACTION_SHARE);
	mem_retrieve(SP2, &asked);
	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP2, FFA_DENIED);
	run_as(SP1);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP1, FFA_DENIED);
	mem_relinquish(SP2, handle);
	mem_reclaim(SP1, handle);
}

TEST(what_a_vm_has_half_sent_ends_when_its_buffers_are_unmapped)
{
	send_half(NW, VM2);
	map_vm(VM1, 1);
	map_vm(VM2, 1);
	unmap_vm(VM1);
	CHECK(the_spmc()->transactions.free[0] != UINT64_MAX);
	unmap_vm(VM2);
	check_nothing_is_left();
	CHECK_EQUAL(send_rest(NW, VM2), FFA_INVALID_PARAMETERS);
}

TEST(what_the_normal_world_has_half_sent_ends_when_its_buffers_are_unmapped)
{
	send_half(NW, NW);
	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	check_nothing_is_left();
	map_rxtx(NW);
	CHECK_EQUAL(send_rest(NW, NW), FFA_INVALID_PARAMETERS);
}

/** The transaction is its sender's, who may have new buffers by then. */
TEST(what_a_partition_has_half_sent_goes_on_from_new_buffers)
{
	send_half(SP1, SP1);
	CALL(SP1, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(SP1);
	CALL(SP1, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, UNIT);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	map_rxtx(SP1);
	CHECK_EQUAL(send_rest(SP1, SP1), FFA_OK);
	mem_reclaim(SP1, handle);
}

/** A sender may begin as many as its quota allows; cancelling ends all of them. */
TEST(cancelling_ends_all_that_is_half_sent)
{
	send_half(SP1, SP1);
	for (unsigned i = 0; i < 4; i++) {
		CHECK_EQUAL(mem_send_bytes(SP1, TRANSACTION_SHARE, bytes_to_send, size_to_send,
					   size_to_send - UNIT),
			    FFA_OK);
	}
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_SUCCESS(SP1);
	check_nothing_is_left();
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}
