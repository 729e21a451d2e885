/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_RETRIEVE_REQ (DEN0140): what a request asks for against what was sent, in the order of the checks,
 * for a partition and a hypervisor's VM, in each version with a layout of its own. Attributes of memory:
 * test_mem_attributes.c.
 */
#include "tests/unit/ffa/borrower_fixture.h"

#define X FFA_MEMORY_INSTRUCTION_X

/* ---- identity ----------------------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(lengths_come_before_the_sender)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(0, SP3, 2); borrowing.size += 16);
	CHECK_COMPOSED(FFA_DENIED, poke(0, SP3, 2));
}

TEST_OF_EACH_BORROWER(the_sender_is_who_sent_and_that_comes_before_kind_and_tag)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_DENIED, borrowing.request.sender = SP3);
	CHECK_ASKED(FFA_DENIED, borrowing.request.sender = NW);
	CHECK_ASKED(FFA_DENIED, borrowing.request.sender = borrowing.id);
	CHECK_ASKED(FFA_DENIED, borrowing.request.sender = SP3; borrowing.request.flags = 0x8;
		    borrowing.request.tag++);
}

TEST_OF_EACH_BORROWER(the_kind_is_that_which_was_sent_or_not_given)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags = 0x8);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags = 0x18);
	CHECK_ASKED(FFA_OK, borrowing.request.flags = 0x0);
	give_back();
	CHECK_ASKED(FFA_OK, borrowing.request.flags = 0x10);
}

TEST_OF_EACH_BORROWER(the_tag_is_that_which_was_sent)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.tag++);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.tag |= UINT64_C(1) << 63);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.tag = 0);
	/* More than offered is DENIED, but later. */
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.tag = 0;
		    borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO);
}

TEST_OF_EACH_BORROWER(who_is_no_borrower_retrieves_nothing)
{
	struct mem_message message = offer_message(TRANSACTION_LEND);

	message.receivers[0].id = SP3;
	offer(TRANSACTION_LEND, &message);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, );
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].id = borrowing.id);
	/* DENIED, but later. */
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].id = borrowing.id;
		    borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO);
}

/* ---- flags -------------------------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(flags_that_a_request_does_not_have_are_refused)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= 0x800);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= 0x80000000);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_TIME_SLICE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= 0x20); /* hint, not valid */
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= 0x100);
	CHECK_ASKED(FFA_INVALID_PARAMETERS,
		    borrowing.request.flags |= 0x800 | FFA_MEMORY_FLAG_ZERO); /* DENIED later */
}

TEST_OF_EACH_BORROWER(shared_memory_is_not_zeroed)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER);
}

TEST_OF_EACH_BORROWER(zeroed_memory_is_what_the_sender_had_zeroed)
{
	struct mem_message message = offer_message(TRANSACTION_LEND);

	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO);
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO;
		    borrowing.request.attributes = FFA_MEMORY_NON_SECURE);
	take_back();
	message.flags = FFA_MEMORY_FLAG_ZERO;
	offer(TRANSACTION_LEND, &message);
	CHECK_ASKED(FFA_OK, borrowing.request.flags &= ~FFA_MEMORY_FLAG_ZERO);
	give_back();
	CHECK_ASKED(FFA_OK, );
}

/* ---- borrowers ---------------------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(the_ns_bit_is_not_the_borrowers_to_set)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS,
		    borrowing.request.attributes = WB | FFA_MEMORY_NON_SECURE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.attributes = FFA_MEMORY_NON_SECURE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.attributes = WB | 0x80);
	CHECK_ASKED(FFA_INVALID_PARAMETERS,
		    borrowing.request.attributes = 0x21 | FFA_MEMORY_NON_SECURE);
}

/** SP1 offers to the borrower (RW) and to SP3 (RO). */
static void offer_to_two(enum transaction_kind kind)
{
	struct mem_message message = offer_message(kind);

	message.attributes = WB;
	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RO };
	offer(kind, &message);
}

TEST_OF_EACH_BORROWER(all_borrowers_are_listed_in_any_order)
{
	struct mem_receiver first;

	offer_to_two(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receiver_count = 1);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receiver_count = 3;
		    borrowing.request.receivers[2].id = SP1);
	CHECK_ASKED(FFA_DENIED, borrowing.request.receiver_count = 1;
		    borrowing.request.attributes = 0x21); /* attributes come before */
	CHECK_ASKED(FFA_OK, first = borrowing.request.receivers[0];
		    borrowing.request.receivers[0] = borrowing.request.receivers[1];
		    borrowing.request.receivers[1] = first);
}

TEST_OF_EACH_BORROWER(who_bypasses_lists_itself_only)
{
	offer_to_two(TRANSACTION_LEND);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_BYPASS);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_BYPASS;
		    borrowing.request.receiver_count = 1;
		    borrowing.request.receivers[0] = borrowing.request.receivers[1]);
	CHECK_ASKED(FFA_OK, borrowing.request.flags |= FFA_MEMORY_FLAG_BYPASS;
		    borrowing.request.receiver_count = 1);
}

TEST_OF_EACH_BORROWER(a_single_borrower_has_nothing_to_bypass)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.flags |= FFA_MEMORY_FLAG_BYPASS);
}

TEST_OF_EACH_BORROWER(who_is_listed_is_a_borrower)
{
	offer_to_two(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[1].id = SP1);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[1].id = 0x8009);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].id = SP1;
		    borrowing.request.receivers[1].permissions = RW); /* DENIED, but behind */
}

TEST_OF_EACH_BORROWER(other_borrowers_may_be_listed_as_not_retrieving)
{
	offer_to_two(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_OK,
		    borrowing.request.receivers[1].flags = FFA_MEMORY_ACCESS_NOT_RETRIEVING);
	CHECK_EQUAL(mem_map_of(SP3, borrowing.range.address), 0);
}

TEST_OF_EACH_BORROWER(who_asks_for_others_only_is_refused)
{
	offer_to_two(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].id = SP3;
		    borrowing.request.receivers[0].permissions = RO);
}

/* ---- permissions -------------------------------------------------------------------------------- */

/** The borrower asks for @permissions. */
static void check_permissions(unsigned permissions, enum ffa_status status)
{
	CHECK_ASKED(status, borrowing.request.receivers[0].permissions = (uint8_t)permissions);
}

/** As above, and it is granted @granted; given back. */
static void check_granted(unsigned permissions, uint8_t granted)
{
	const uint8_t *rx = host_ram(paddr(borrowing.who == NW ? vm_rx(NW) : rx_of(borrowing.who)));

	check_permissions(permissions, FFA_OK);
	CHECK_EQUAL(rx[borrowing.access + 2], granted);
	give_back();
}

TEST_OF_EACH_BORROWER(shared_memory_is_granted_as_it_was_sent_or_less)
{
	offer_usual(TRANSACTION_SHARE);
	check_permissions(0x3, FFA_INVALID_PARAMETERS);
	check_permissions(RW | 0x10, FFA_INVALID_PARAMETERS);
	check_permissions(RW | NX, FFA_INVALID_PARAMETERS);
	check_permissions(RW | X, FFA_INVALID_PARAMETERS);
	check_permissions(RW | 0xC, FFA_INVALID_PARAMETERS);
	check_permissions(NX, FFA_INVALID_PARAMETERS);
	check_granted(0, RW | NX);
	check_granted(RO, RO | NX);
	check_granted(RW, RW | NX);
}

TEST_OF_EACH_BORROWER(more_than_was_sent_is_denied)
{
	struct mem_message message = offer_message(TRANSACTION_SHARE);

	message.receivers[0].permissions = RO;
	offer(TRANSACTION_SHARE, &message);
	check_permissions(RW, FFA_DENIED);
	check_permissions(RW | NX, FFA_DENIED); /* data before instructions */
	check_granted(0, RO | NX);
	check_granted(RO, RO | NX);
}

TEST_OF_EACH_BORROWER(a_single_borrower_of_lent_memory_says_whether_it_executes)
{
	offer_usual(TRANSACTION_LEND);
	check_permissions(RW, FFA_INVALID_PARAMETERS);
	check_permissions(RO, FFA_INVALID_PARAMETERS);
	check_permissions(RW | 0xC, FFA_INVALID_PARAMETERS);
	check_permissions(RW | X, FFA_INVALID_PARAMETERS); /* it is the normal world's */
	check_permissions(RO | X, FFA_INVALID_PARAMETERS);
	check_granted(NX, RW | NX);
	check_granted(RO | NX, RO | NX);
	check_granted(RW | NX, RW | NX);
}

TEST_OF_EACH_BORROWER(several_borrowers_of_lent_memory_do_not_execute)
{
	offer_to_two(TRANSACTION_LEND);
	check_permissions(RW | NX, FFA_INVALID_PARAMETERS);
	check_permissions(RW | X, FFA_INVALID_PARAMETERS);
	check_granted(0, RW | NX);
	check_granted(RO, RO | NX);
	CHECK_ASKED(FFA_DENIED, borrowing.request.receivers[1].permissions = RW);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[1].permissions = RO | NX);
	CHECK_ASKED(FFA_OK, borrowing.request.receivers[1].permissions = 0);
}

/* ---- zeroing, values, what it holds ------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(who_only_reads_has_nothing_zeroed)
{
	struct mem_message message = offer_message(TRANSACTION_LEND);

	message.flags = FFA_MEMORY_FLAG_ZERO;
	message.receivers[0].permissions = RO;
	offer(TRANSACTION_LEND, &message);
	CHECK_ASKED(FFA_DENIED, );
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags = FFA_MEMORY_FLAG_ZERO_AFTER);
	CHECK_ASKED(FFA_DENIED, borrowing.request.receivers[0].permissions = NX);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].permissions = RO);
	CHECK_ASKED(FFA_OK, borrowing.request.flags = 0);
}

/** SP1 sends values along, as the borrower will say them. */
static void offer_with_values(enum transaction_kind kind)
{
	struct mem_message message = offer_message(kind);

	message.receivers[0].value[0] = 0x1122334455667788;
	message.receivers[0].value[1] = 0x99AABBCCDDEEFF00;
	offer(kind, &message);
}

TEST_OF_EACH_BORROWER(values_are_those_that_were_sent_where_both_have_some)
{
	bool has = borrowing.version >= FFA_VERSION_1_2;

	offer_with_values(TRANSACTION_LEND);
	CHECK_ASKED(has ? FFA_INVALID_PARAMETERS : FFA_OK,
		    borrowing.request.receivers[0].value[1]++);
	if (!has) {
		give_back();
		return;
	}
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.receivers[0].value[0] = 0);
	CHECK_ASKED(FFA_OK, borrowing.request.receivers[0].value[0] = 0;
		    borrowing.request.access_size = 16);
	give_back();
	CHECK_ASKED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(values_come_behind_what_only_reads)
{
	if (borrowing.version < FFA_VERSION_1_2) {
		return;
	}
	offer_with_values(TRANSACTION_LEND);
	CHECK_ASKED(FFA_DENIED, borrowing.request.receivers[0].value[0] = 0;
		    borrowing.request.receivers[0].permissions = RO | NX;
		    borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER);
}

TEST_OF_EACH_BORROWER(memory_is_retrieved_once_until_it_is_given_back)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_OK, );
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_ASKED(FFA_DENIED, );
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.tag++);
	CHECK_EQUAL(mem_try_relinquish(borrowing.who, borrowing.id, borrowing.handle, 0), FFA_OK);
	CHECK_ASKED(FFA_OK, );
}

/* ---- partitions only ---------------------------------------------------------------------------- */

/** SP1 sends its page 40 as @kind to SP2. */
static void offer_secure(enum transaction_kind kind)
{
	struct mem_message message;

	borrower_boot(SP2, FFA_VERSION_1_2);
	message = offer_message(kind);
	borrowing.range.address = secure_page();
	offer(kind, &message);
}

TEST(an_only_borrower_of_secure_memory_may_execute_it)
{
	offer_secure(TRANSACTION_LEND);
	check_permissions(RW | 0xC, FFA_INVALID_PARAMETERS);
	check_granted(RO | X, RO | X);
	check_granted(RW | X, RW | X);
	check_granted(X, RW | X);
}

TEST(a_new_owner_says_whether_it_executes)
{
	offer_secure(TRANSACTION_DONATE);
	check_permissions(0, FFA_INVALID_PARAMETERS);
	check_permissions(RW, FFA_INVALID_PARAMETERS);
	check_permissions(0x3 | NX, FFA_INVALID_PARAMETERS);
	check_permissions(NX, FFA_OK);
	CHECK_EQUAL(mem_map_of(SP2, secure_page()), ARCH_MAP_READ | ARCH_MAP_WRITE);
}

TEST(a_new_owner_may_execute)
{
	offer_secure(TRANSACTION_DONATE);
	check_permissions(RO | X, FFA_OK);
	CHECK_EQUAL(mem_map_of(SP2, secure_page()), ARCH_MAP_READ | ARCH_MAP_EXECUTE);
}

TEST(who_has_something_mapped_there_retrieves_nothing)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t first, second;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	sent = message_for(TRANSACTION_SHARE, NW, SP1, &range);
	first = mem_send(NW, TRANSACTION_SHARE, &sent);
	request = request_for(&sent, TRANSACTION_SHARE, first);
	mem_retrieve(SP1, &request);
	CHECK_EQUAL(mem_try_retrieve(SP1, &request), FFA_DENIED);
	mem_relinquish(SP1, first);
	mem_reclaim(NW, first);
	second = mem_send(NW, TRANSACTION_SHARE, &sent);
	CHECK(second != first);
	CHECK_EQUAL(mem_try_retrieve(SP1, &request), FFA_INVALID_PARAMETERS);
}

TEST(without_tables_nothing_is_retrieved_and_others_are_unharmed)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t handle;
	uint32_t limit;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	sent = message_for(TRANSACTION_SHARE, NW, SP1, &range);
	sent.receiver_count = 2;
	sent.receivers[1] = (struct mem_receiver){ .id = SP2, .permissions = RW };
	handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	request = request_for(&sent, TRANSACTION_SHARE, handle);
	limit = quota_of(SP1)->limit_pages;
	quota_of(SP1)->limit_pages = quota_of(SP1)->used_pages;
	CHECK_EQUAL(mem_try_retrieve(SP1, &request), FFA_NO_MEMORY);
	mem_retrieve(SP2, &request);
	quota_of(SP1)->limit_pages = limit;
	mem_retrieve(SP1, &request);
	mem_relinquish(SP1, handle);
	mem_relinquish(SP2, handle);
	mem_reclaim(NW, handle);
}
