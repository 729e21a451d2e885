/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_RETRIEVE_REQ (DEN0140): what a request is refused for, in the order of the checks, for a partition
 * and a hypervisor's VM, in each version with a layout of its own: registers, buffers, header, access
 * descriptors, handle. What is asked for: test_mem_retrieve_terms.c.
 */
#include "tests/unit/ffa/borrower_fixture.h"

/* ---- registers and buffers ---------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(a_buffer_in_registers_is_refused)
{
	uint16_t who = borrowing.who;

	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(who);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size, UINT64_C(1) << 40);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size, 0, 1);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_32, borrowing.size, borrowing.size, 1);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_BORROWER(a_request_is_one_fragment_no_longer_than_tx)
{
	uint16_t who = borrowing.who;

	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(who);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size - 16);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size + 16);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, PAGE_SIZE + 16, PAGE_SIZE + 16);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, UINT32_MAX, UINT32_MAX);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS);
	CALL(who, FFA_MEM_RETRIEVE_REQ_32, borrowing.size, borrowing.size);
	CHECK_EQUAL(registers()[0], FFA_MEM_RETRIEVE_RESP_32);
}

TEST_OF_EACH_BORROWER(without_buffers_nothing_is_retrieved)
{
	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(borrowing.who);
	CALL(borrowing.who, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(borrowing.who);
	CALL(borrowing.who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size);
	CHECK_REFUSED(borrowing.who, FFA_INVALID_PARAMETERS);
}

static uint64_t buffer_of_borrower(bool tx)
{
	return borrowing.who == NW ? tx ? vm_tx(NW) : vm_rx(NW) : tx ? tx_of(SP2) : rx_of(SP2);
}

/** The borrower's buffer is not there any more; or again. */
static void move_buffer(bool tx, bool away)
{
	bool secure = (borrowing.who != NW) != away;

	host_memory_move((struct page_range){ .base = paddr(buffer_of_borrower(tx)),
					      .page_count = 1 },
			 secure ? WORLD_SECURE : WORLD_NON_SECURE);
}

TEST_OF_EACH_BORROWER(a_tx_buffer_that_has_vanished_aborts_the_call)
{
	uint16_t who = borrowing.who;

	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(who);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	CALL(who, FFA_PARTITION_INFO_GET_32); /* RX is full: that comes later */
	move_buffer(true, true);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size);
	CHECK_REFUSED(who, FFA_ABORTED);
	move_buffer(true, false);
	CALL(who, FFA_RX_RELEASE_32);
	CHECK_EQUAL(ask_as_composed(), FFA_OK);
}

TEST_OF_EACH_BORROWER(an_rx_buffer_that_has_vanished_aborts_the_call)
{
	uint16_t who = borrowing.who;

	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(who);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	move_buffer(false, true);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size);
	CHECK_REFUSED(who, FFA_ABORTED);
	move_buffer(false, false);
	CHECK_EQUAL(ask_as_composed(), FFA_OK);
}

TEST_OF_EACH_BORROWER(a_full_rx_buffer_is_busy_whatever_is_asked)
{
	uint16_t who = borrowing.who;

	offer_usual(TRANSACTION_SHARE);
	compose_request();
	run_as(who);
	CALL(who, FFA_PARTITION_INFO_GET_32);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size);
	CHECK_REFUSED(who, FFA_BUSY);
	poke(ACCESS_COUNT, 99, 4);
	mem_fill_tx(who, borrowing.bytes, borrowing.size);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size);
	CHECK_REFUSED(who, FFA_BUSY);
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, borrowing.size, borrowing.size, 0, 1);
	CHECK_REFUSED(who, FFA_INVALID_PARAMETERS); /* registers come first */
}

/* ---- header and access descriptors -------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(a_request_has_a_whole_header_and_what_it_announces)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size = 0);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size = borrowing.access - 16);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size = borrowing.access);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size -= 1);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size += 16);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, borrowing.size += 1);
}

TEST_OF_EACH_BORROWER(access_descriptors_are_where_and_as_many_as_may_be)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_COUNT, 2, 4));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS,
		       poke(ACCESS_COUNT, TRANSACTION_BORROWERS_MAX + 1, 4));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_COUNT, 0x10000001, 4));
	if (borrowing.version >= FFA_VERSION_1_1) {
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_OFFSET, 0, 4));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_OFFSET, 40, 4));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_OFFSET, 56, 4));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_OFFSET, 64, 4));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_SIZE, 0, 4));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_SIZE, 24, 4));
	}
	if (borrowing.version == FFA_VERSION_1_1) {
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(ACCESS_SIZE, 32, 4);
			       borrowing.size += 16);
	}
}

TEST_OF_EACH_BORROWER(reserved_fields_are_zero_and_that_comes_before_the_handle)
{
	offer_usual(TRANSACTION_SHARE);
	if (borrowing.version < FFA_VERSION_1_1) {
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(3, 1, 1));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(24, 1, 4));
	} else {
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(36, 1, 1));
		CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(47, 1, 1));
	}
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 3, 2, 1));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 3, 0x80, 1));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS,
		       poke(borrowing.access + borrowing.access_size - 8, 1, 1));
}

TEST_OF_EACH_BORROWER(a_borrower_does_not_say_that_it_does_not_retrieve)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS,
		       poke(borrowing.access + 3, FFA_MEMORY_ACCESS_NOT_RETRIEVING, 1));
}

TEST_OF_EACH_BORROWER(a_composite_without_room_is_refused)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 4, borrowing.size, 4));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 4, borrowing.access, 4));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 4, 0xFFFFFFF0, 4));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 4, 4, 4));
	CHECK_COMPOSED(FFA_OK, poke(borrowing.access + 4, 0, 4));
}

/* ---- handle ------------------------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(a_handle_that_nobody_has_is_refused)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle |= UINT64_C(1) << 63);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle = UINT64_MAX);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle = 0);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle++);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle += UINT64_C(1) << 32);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle++;
		    borrowing.request.sender = SP3); /* the sender comes later */
	take_back();
	CHECK_ASKED(FFA_INVALID_PARAMETERS, );
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(what_is_not_sent_completely_is_not_retrieved)
{
	struct ffa_memory_range ranges[] = { { offered_page(0), 1, 0 }, { offered_page(2), 1, 0 } };
	struct mem_message message = offer_message(TRANSACTION_SHARE);
	uint8_t bytes[256];
	size_t size;

	message.ranges = ranges;
	message.range_count = 2;
	size = mem_compose(bytes, FFA_VERSION_1_2, &message);
	CHECK_EQUAL(mem_send_bytes(SP1, TRANSACTION_SHARE, bytes, size, size - 16), FFA_OK);
	borrowing.kind = TRANSACTION_SHARE;
	borrowing.sent = message;
	borrowing.handle = registers()[2] << 32 | registers()[1];

	CHECK_ASKED(FFA_INVALID_PARAMETERS, );
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.sender = SP3);
	CHECK_EQUAL(mem_frag_tx(SP1, borrowing.handle, bytes + size - 16, 16, 0), FFA_OK);
	CHECK_ASKED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(memory_of_a_sender_that_is_gone_is_denied_before_lengths)
{
	struct mem_message message = offer_message(TRANSACTION_SHARE);

	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RW };
	offer(TRANSACTION_SHARE, &message);
	mem_retrieve(SP3, &borrowing.request);
	run_as(SP1);
	fault("data abort", 0);
	CHECK_ASKED(FFA_DENIED, );
	CHECK_COMPOSED(FFA_DENIED, borrowing.size += 16);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.handle++);
	mem_relinquish(SP3, borrowing.handle);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, );
}
