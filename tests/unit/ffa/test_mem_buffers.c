/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RX/TX buffers (DEN0077A) and memory transactions (DEN0140): no page is both. That buffers cannot be sent:
 * test_mem_send_memory.c.
 */
#include "tests/unit/ffa/sender_fixture.h"

/** Buffers of the sender's that are not in its way. */
static uint64_t other_page(unsigned n)
{
	return sent.who == NW ? ns_page(20 + n) : page_of(sent.who, 50 + n);
}

/** The sender maps @tx and @rx: @status. */
static void check_map(uint64_t tx, uint64_t rx, enum ffa_status status)
{
	run_as(sent.who);
	CALL(sent.who, FFA_RXTX_MAP_64, tx, rx, 1);
	CHECK_EQUAL(last_status(), status);
}

/** What the sender has sent as @kind is no buffer until it is reclaimed. */
static void check_sent_is_no_buffer(enum transaction_kind kind)
{
	enum ffa_status status = sent.who == NW ? FFA_DENIED : FFA_INVALID_PARAMETERS;
	struct mem_message message = sender_message(kind);
	uint64_t page = sent.range[0].address;
	uint64_t handle = mem_send(sent.who, kind, &message);

	CALL(sent.who, FFA_RXTX_UNMAP_32);
	check_map(page, other_page(0), status);
	check_map(other_page(0), page, status);
	mem_reclaim(sent.who, handle);
	check_map(page, other_page(0), FFA_OK);
	CALL(sent.who, FFA_RXTX_UNMAP_32);
	map_rxtx(sent.who);
}

TEST_OF_EACH_SENDER(what_is_sent_is_no_buffer)
{
	check_sent_is_no_buffer(TRANSACTION_SHARE);
	check_sent_is_no_buffer(TRANSACTION_LEND);
	check_sent_is_no_buffer(TRANSACTION_DONATE);
}

TEST_OF_EACH_SENDER(what_is_borrowed_is_no_buffer)
{
	struct mem_message message = sender_message(TRANSACTION_LEND);
	uint64_t page = sent.range[0].address;
	uint64_t handle = mem_send(sent.who, TRANSACTION_LEND, &message);
	struct mem_message asked = request_for(&message, TRANSACTION_LEND, handle);

	mem_retrieve(SP2, &asked);
	CALL(SP2, FFA_RXTX_UNMAP_32);
	CALL(SP2, FFA_RXTX_MAP_64, page, page_of(SP2, 50), 1);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	CALL(SP2, FFA_RXTX_MAP_64, page_of(SP2, 50), page, 1);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	map_rxtx(SP2);
	mem_relinquish(SP2, handle);
	mem_reclaim(sent.who, handle);
}

TEST(what_was_donated_may_be_a_buffer)
{
	struct ffa_memory_range range;
	struct mem_message message, asked;

	memory_boot(1);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 2, 0 };
	message = message_for(TRANSACTION_DONATE, SP1, SP2, &range);
	asked = request_for(&message, TRANSACTION_DONATE,
			    mem_send(SP1, TRANSACTION_DONATE, &message));
	mem_retrieve(SP2, &asked);
	CALL(SP2, FFA_RXTX_UNMAP_32);
	CALL(SP2, FFA_RXTX_MAP_64, range.address, range.address + PAGE_SIZE, 1);
	CHECK_SUCCESS(SP2);
}

TEST(buffers_of_vms_are_not_sent_and_what_is_sent_is_no_buffer_of_theirs)
{
	struct ffa_memory_range range;
	struct vm_descriptor descriptor;
	struct mem_message message;
	uint64_t handle;

	memory_boot(1);
	map_vm(VM1, 1);
	range = (struct ffa_memory_range){ vm_rx(VM1), 1, 0 };
	message = message_for(TRANSACTION_SHARE, VM2, SP1, &range);
	CHECK_EQUAL(mem_try_send(NW, TRANSACTION_SHARE, &message, &handle), FFA_DENIED);
	unmap_vm(VM1);
	CHECK_EQUAL(mem_try_send(NW, TRANSACTION_SHARE, &message, &handle), FFA_OK);
	descriptor = describe_vm(VM1, 1);
	forward_map(&descriptor);
	CHECK_REFUSED(NW, FFA_DENIED);
	mem_reclaim(NW, handle);
	map_vm(VM1, 1);
}
