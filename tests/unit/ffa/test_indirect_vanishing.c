/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND2 (DEN0077A, "Indirect messaging") whose buffers are taken away from their world: the call
 * is aborted, nobody owns a message then, and it works again when the memory is back.
 */
#include "tests/unit/ffa/indirect_fixture.h"

enum { PAGES = 16 };

static struct page_range pages_of(uint64_t buffer, unsigned page, unsigned count)
{
	return (struct page_range){ .base = paddr(buffer + page * PAGE_SIZE), .page_count = count };
}

static void usual_ends(void)
{
	two_ends(FFA_VERSION_1_2, FFA_VERSION_1_2, PAGES);
}

static void check_nobody_was_told(void)
{
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
	CHECK(!this_pe()->sri_delayed);
	CHECK_EQUAL(partition_of(SP2)->endpoint.notifications.framework, 0);
}

/** Page @page of @buffer vanishes: @message is aborted, and arrives when the page is back. */
static void abort_without(const struct indirect *message, uint64_t buffer, unsigned page)
{
	host_memory_move(pages_of(buffer, page, 1), WORLD_NON_SECURE);
	refuse_message(message, FFA_ABORTED);
	CHECK_EQUAL(rx_state_of(SP2), RX_EMPTY);
	check_nobody_was_told();

	host_memory_move(pages_of(buffer, page, 1), WORLD_SECURE);
	deliver_message(message, HEADER_1_2, message->offset);
}

TEST(a_tx_buffer_that_vanishes_under_the_header_is_aborted)
{
	struct indirect message = usual_message(5);

	usual_ends();
	abort_without(&message, message_tx(SP1), 0);
}

TEST(a_tx_buffer_that_vanishes_under_the_payload_is_aborted)
{
	struct indirect message = usual_message(3 * 4096);

	usual_ends();
	abort_without(&message, message_tx(SP1), 2);
}

TEST(a_tx_buffer_that_vanishes_under_the_last_byte_is_aborted)
{
	struct indirect message = usual_message(16 * 4096 - 40);

	usual_ends();
	abort_without(&message, message_tx(SP1), 15);
}

TEST(an_rx_buffer_that_vanishes_under_the_header_is_aborted)
{
	struct indirect message = usual_message(5);

	usual_ends();
	abort_without(&message, message_rx(SP2), 0);
}

TEST(an_rx_buffer_that_vanishes_under_the_payload_is_aborted)
{
	struct indirect message = usual_message(12 * 4096);

	usual_ends();
	abort_without(&message, message_rx(SP2), 9);
}

TEST(an_rx_buffer_that_vanishes_in_front_of_the_payload_is_aborted)
{
	struct indirect message = usual_message(5);

	usual_ends();
	message.offset = 4 * 4096;
	abort_without(&message, message_rx(SP2), 2);
}

TEST(an_rx_buffer_that_vanishes_behind_the_payload_is_aborted)
{
	struct indirect message = usual_message(5);

	usual_ends();
	abort_without(&message, message_rx(SP2), 15);
}

TEST(what_a_message_does_not_use_of_tx_may_vanish)
{
	struct indirect message = usual_message(5);

	usual_ends();
	message.offset = 4 * 4096;
	host_memory_move(pages_of(message_tx(SP1), 1, 3), WORLD_NON_SECURE);
	host_memory_move(pages_of(message_tx(SP1), 5, 11), WORLD_NON_SECURE);

	deliver_message(&message, HEADER_1_2, message.offset);
}

TEST(a_message_that_is_refused_anyway_does_not_touch_the_receivers_buffer)
{
	struct indirect message = usual_message(5);

	usual_ends();
	host_memory_move(pages_of(message_rx(SP2), 0, PAGES), WORLD_NON_SECURE);

	message.offset = 39;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_vm_whose_tx_buffer_vanishes_is_aborted)
{
	struct indirect message = usual_message(5);

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	message.sender = VM1;
	host_memory_move(pages_of(vm_tx(VM1), 0, 1), WORLD_SECURE);

	refuse_message(&message, FFA_ABORTED);
	check_nobody_was_told();
}

TEST(a_vm_whose_rx_buffer_vanishes_aborts_the_senders_call)
{
	struct indirect message = usual_message(5);

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	request(NW, SP1);
	message.receiver = VM1;
	host_memory_move(pages_of(vm_rx(VM1), 0, 1), WORLD_SECURE);

	refuse_message(&message, FFA_ABORTED);
	check_nobody_was_told();
}
