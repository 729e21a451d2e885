/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_SHARE, FFA_MEM_LEND and FFA_MEM_DONATE (DEN0140): what a first fragment is refused for, in the order
 * of the checks, for the normal world and a partition, in each version with a layout of its own: registers,
 * buffers, header and access descriptors. What they say: test_mem_send_terms.c; the memory itself:
 * test_mem_send_memory.c.
 */
#include "tests/unit/ffa/sender_fixture.h"

/* ---- registers and buffers ---------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(a_buffer_in_registers_is_refused_before_all_else)
{
	compose_usual(TRANSACTION_SHARE);
	run_as(sent.who);
	mem_fill_tx(sent.who, sent.bytes, sent.size);
	CALL(sent.who, FFA_MEM_SHARE_64, sent.size, sent.size, UINT64_C(1) << 40);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CALL(sent.who, FFA_MEM_SHARE_64, sent.size, sent.size, 0, 1);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);

	put(0, SP3, 2); /* another sender: DENIED */
	mem_fill_tx(sent.who, sent.bytes, sent.size);
	CALL(sent.who, FFA_MEM_SHARE_32, sent.size, sent.size, 0, 1);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(a_fragment_longer_than_the_whole_is_refused)
{
	compose_usual(TRANSACTION_SHARE);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size - 16, sent.size),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, 0, sent.size), FFA_INVALID_PARAMETERS);
	put(0, SP3, 2);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size - 16, sent.size),
		    FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(without_a_tx_buffer_nothing_is_sent)
{
	compose_usual(TRANSACTION_SHARE);
	run_as(sent.who);
	CALL(sent.who, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(sent.who);

	CALL(sent.who, FFA_MEM_SHARE_64, sent.size, sent.size);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CALL(sent.who, FFA_MEM_DONATE_32, sent.size, sent.size);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(a_fragment_longer_than_the_tx_buffer_is_refused)
{
	compose_usual(TRANSACTION_SHARE);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, PAGE_SIZE + 16, PAGE_SIZE + 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, UINT32_MAX, UINT32_MAX), FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(a_tx_buffer_that_has_vanished_aborts_the_call)
{
	uint64_t tx = sent.who == NW ? vm_tx(NW) : tx_of(sent.who);
	enum world world = sent.who == NW ? WORLD_NON_SECURE : WORLD_SECURE;
	struct page_range page = { .base = paddr(tx), .page_count = 1 };

	compose_usual(TRANSACTION_SHARE);
	run_as(sent.who);
	mem_fill_tx(sent.who, sent.bytes, sent.size);
	host_memory_move(page, world == WORLD_SECURE ? WORLD_NON_SECURE : WORLD_SECURE);
	CALL(sent.who, FFA_MEM_SHARE_64, sent.size, sent.size);
	CHECK_REFUSED(sent.who, FFA_ABORTED);

	host_memory_move(page, world);
	CHECK_SENT(FFA_OK);
}

/* ---- header and access descriptors -------------------------------------------------------------- */

TEST_OF_EACH_SENDER(a_fragment_without_a_whole_header_is_refused)
{
	compose_usual(TRANSACTION_SHARE);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, 16), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.access - 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.access), FFA_INVALID_PARAMETERS);
}

/** The reserved byte @offset of a descriptor that is refused for its sender otherwise. */
static void check_reserved(size_t offset)
{
	compose_usual(TRANSACTION_SHARE);
	put(0, SP3, 2);
	put(offset, 0x80, 1);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(reserved_fields_of_the_header_are_zero)
{
	if (sent.version < FFA_VERSION_1_1) {
		check_reserved(3);
		check_reserved(24);
		check_reserved(27);
	} else {
		check_reserved(36);
		check_reserved(40);
		check_reserved(47);
	}
}

/** An access descriptor of @size bytes, one only. */
static void check_access_size(uint32_t size, enum ffa_status status)
{
	compose_usual(TRANSACTION_SHARE);
	put(ACCESS_SIZE, size, 4);
	CHECK_SENT(status);
}

TEST_OF_EACH_SENDER(access_descriptors_have_the_sizes_that_the_version_has)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	if (sent.version < FFA_VERSION_1_1) {
		return;
	}
	check_access_size(0, FFA_INVALID_PARAMETERS);
	check_access_size(8, FFA_INVALID_PARAMETERS);
	check_access_size(24, FFA_INVALID_PARAMETERS);
	check_access_size(48, FFA_INVALID_PARAMETERS);
	check_access_size(0x80000010, FFA_INVALID_PARAMETERS);
	message.access_size = 32;
	check_message(TRANSACTION_SHARE, &message,
		      sent.version < FFA_VERSION_1_2 ? FFA_INVALID_PARAMETERS : FFA_OK);
	sent.range[0].address += 2 * PAGE_SIZE;
	message.access_size = 16;
	check_message(TRANSACTION_SHARE, &message, FFA_OK);
}

static void check_access_offset(uint32_t offset)
{
	compose_usual(TRANSACTION_SHARE);
	put(ACCESS_OFFSET, offset, 4);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(access_descriptors_lie_behind_the_header_and_in_the_fragment)
{
	if (sent.version < FFA_VERSION_1_1) {
		return;
	}
	check_access_offset(0);
	check_access_offset(32);
	check_access_offset(47);
	check_access_offset(49);
	check_access_offset(56);
	check_access_offset((uint32_t)sent.size);
	check_access_offset(0xFFFFFFF0);
}

/** Access descriptors and all behind them lie 32 bytes further on than they must. */
TEST_OF_EACH_SENDER(access_descriptors_may_lie_further_on)
{
	compose_usual(TRANSACTION_SHARE);
	if (sent.version < FFA_VERSION_1_1) {
		return;
	}
	memmove(sent.bytes + sent.access + 32, sent.bytes + sent.access, sent.size - sent.access);
	put(ACCESS_OFFSET, 80, 4);
	put(80 + 4, sent.composite + 32, 4);
	sent.size += 32;
	CHECK_SENT(FFA_OK);
}

static void check_access_count(uint32_t count)
{
	compose_usual(TRANSACTION_SHARE);
	put(ACCESS_COUNT, count, 4);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(there_is_a_borrower_and_no_more_than_fit)
{
	check_access_count(0);
	check_access_count(TRANSACTION_BORROWERS_MAX + 1);
	check_access_count(0x10000000);
	check_access_count(0x10000001);
	check_access_count(UINT32_MAX);
}

TEST_OF_EACH_SENDER(as_many_borrowers_as_are_allowed_and_one_more)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.receiver_count = TRANSACTION_BORROWERS_MAX + 1;
	for (unsigned i = 1; i <= TRANSACTION_BORROWERS_MAX; i++) {
		message.receivers[i] = (struct mem_receiver){ .id = SP2, .permissions = RW };
	}
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	message.receiver_count = TRANSACTION_BORROWERS_MAX;
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS); /* duplicates */
}

/** The composite of the one access descriptor at @offset; another sender, which would be DENIED. */
static void check_composite(uint32_t offset, enum ffa_status status)
{
	compose_usual(TRANSACTION_SHARE);
	put(0, SP3, 2);
	put(sent.access + 4, offset, 4);
	CHECK_SENT(status);
}

TEST_OF_EACH_SENDER(the_composite_lies_behind_the_access_descriptors_and_in_the_fragment)
{
	compose_usual(TRANSACTION_SHARE);
	check_composite(0, FFA_INVALID_PARAMETERS);
	check_composite((uint32_t)sent.access, FFA_INVALID_PARAMETERS);
	check_composite((uint32_t)sent.composite - 16, FFA_INVALID_PARAMETERS);
	check_composite((uint32_t)sent.size + 16, FFA_INVALID_PARAMETERS);
	check_composite(0xFFFFFFF0, FFA_INVALID_PARAMETERS);
	check_composite((uint32_t)sent.composite, FFA_DENIED);
	check_composite((uint32_t)sent.composite + 4, FFA_DENIED); /* alignment comes later */
}

TEST_OF_EACH_SENDER(all_access_descriptors_name_the_same_composite)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.sender = SP2; /* which would be DENIED, or a borrower */
	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RW };
	compose(&message);
	put(sent.access + sent.access_size + 4, sent.composite + 16, 4);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(reserved_fields_of_access_descriptors_are_zero)
{
	compose_usual(TRANSACTION_SHARE);
	check_reserved(sent.access + 3);
	if (sent.access_size == 16) {
		check_reserved(sent.access + 8);
		check_reserved(sent.access + 15);
	} else {
		check_reserved(sent.access + 24);
		check_reserved(sent.access + 31);
	}
	compose_usual(TRANSACTION_SHARE);
	put(sent.access + 3, FFA_MEMORY_ACCESS_NOT_RETRIEVING, 1);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}
