/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_FRAG_TX (DEN0140, "Transmission of transaction descriptor in fragments"): descriptors that are sent
 * in parts, from the normal world and a partition, in each version with a layout of its own. Responses in parts:
 * test_mem_fragments_rx.c.
 */
#include "tests/unit/ffa/sender_fixture.h"

enum { UNIT = sizeof(struct ffa_memory_range) };

static struct ffa_memory_range ranges[600];

/** The @n-th page that tests of fragments send. */
static uint64_t page_in_parts(unsigned n)
{
	return sent.who == NW ? ns_page(n) : page_of(SP1, 40 + n);
}

/** Composes @count single pages, two pages apart from each other, for SP2. */
static void compose_parts(uint32_t count)
{
	struct mem_message message = message_for(TRANSACTION_SHARE, sent.who, SP2, ranges);

	message.range_count = count;
	for (unsigned i = 0; i < count; i++) {
		ranges[i] = (struct ffa_memory_range){ page_in_parts(2 * i), 1, 0 };
	}
	compose(&message);
}

static uint64_t handle_of_answer(void)
{
	bool more = (uint32_t)registers()[0] == FFA_MEM_FRAG_RX_32;

	return more ? registers()[2] << 32 | registers()[1] : registers()[3] << 32 | registers()[2];
}

/** Sends all but the last @left constituents of @count as the first fragment. Returns the handle. */
static uint64_t send_first(uint32_t count, uint32_t left)
{
	size_t first;

	compose_parts(count);
	first = sent.size - left * UNIT;
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, first), FFA_OK);
	CHECK_GOT(sent.who, FFA_MEM_FRAG_RX_32, registers()[1], registers()[2], first);
	return handle_of_answer();
}

/** The last @left constituents, but for the last @behind. */
static enum ffa_status send_next(uint64_t handle, uint32_t left, uint32_t behind)
{
	return mem_frag_tx(sent.who, handle, sent.bytes + sent.size - left * UNIT,
			   (left - behind) * UNIT, sent.who);
}

/** As above; it ends the transaction. */
static void fail_with(uint64_t handle, const void *bytes, size_t size, enum ffa_status status)
{
	expect_refusal_to_free_pages(true);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, bytes, size, sent.who), status);
	expect_refusal_to_free_pages(false);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, bytes, size, sent.who), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_reclaim(sent.who, handle, 0), FFA_INVALID_PARAMETERS);
}

/* ---- what works --------------------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(each_fragment_is_answered_with_the_offset_of_the_next)
{
	uint64_t handle = send_first(4, 3);
	uint32_t w1 = (uint32_t)handle, w2 = (uint32_t)(handle >> 32);

	CHECK_EQUAL(send_next(handle, 3, 2), FFA_OK);
	CHECK_GOT(sent.who, FFA_MEM_FRAG_RX_32, w1, w2, sent.size - 2 * UNIT);
	CHECK_EQUAL(send_next(handle, 2, 1), FFA_OK);
	CHECK_GOT(sent.who, FFA_MEM_FRAG_RX_32, w1, w2, sent.size - UNIT);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
	CHECK_GOT(sent.who, FFA_SUCCESS_32, 0, w1, w2);
	mem_reclaim(sent.who, handle);
}

TEST_OF_EACH_SENDER(a_first_fragment_may_have_no_constituents)
{
	uint64_t handle = send_first(3, 3);

	CHECK_EQUAL(send_next(handle, 3, 0), FFA_OK);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	mem_reclaim(sent.who, handle);
}

TEST_OF_EACH_SENDER(memory_is_the_senders_until_the_last_fragment)
{
	uint64_t handle = send_first(3, 1);
	struct mem_message message = sender_message(TRANSACTION_LEND);
	uint64_t other;

	sent.range[0].address = page_in_parts(0);
	CHECK_EQUAL(mem_try_send(sent.who, TRANSACTION_LEND, &message, &other), FFA_OK);
	compose_parts(3);
	fail_with(handle, sent.bytes + sent.size - UNIT, UNIT, FFA_DENIED);
	mem_reclaim(sent.who, other);
}

TEST_OF_EACH_SENDER(two_descriptors_may_be_on_their_way_at_once)
{
	uint64_t first = send_first(2, 1);
	uint64_t second;
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.range_count = 2;
	sent.range[0].address = page_in_parts(10);
	sent.range[1].address = page_in_parts(11);
	compose(&message);
	CHECK_EQUAL(send_part(TRANSACTION_LEND, sent.size, sent.size - UNIT),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.size - UNIT), FFA_OK);
	second = handle_of_answer();
	CHECK(first != second);
	CHECK_EQUAL(send_next(second, 1, 0), FFA_OK);
	compose_parts(2);
	CHECK_EQUAL(send_next(first, 1, 0), FFA_OK);
	mem_reclaim(sent.who, first);
	mem_reclaim(sent.who, second);
}

/* ---- registers and buffers ---------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(reserved_bits_and_other_endpoints_are_refused)
{
	uint64_t handle = send_first(2, 1);
	uint32_t w1 = (uint32_t)handle, w2 = (uint32_t)(handle >> 32);

	mem_fill_tx(sent.who, sent.bytes + sent.size - UNIT, UNIT);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, w1, w2, UNIT, 1);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, w1, w2, UNIT, 0x8000);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, w1, w2, UNIT, (uint32_t)VM1 << 16);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, w1, w2, UNIT, (uint32_t)SP1 << 16);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
}

TEST_OF_EACH_SENDER(a_fragment_is_made_of_constituents_and_fits_tx)
{
	uint64_t handle = send_first(2, 1);
	const uint8_t *last = sent.bytes + sent.size - UNIT;

	CHECK_EQUAL(mem_frag_tx(sent.who, handle, last, 0, sent.who), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, last, 8, sent.who), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, last, 24, sent.who), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, last, PAGE_SIZE + UNIT, sent.who),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle, last, 0xFFFFFFF0, sent.who),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
}

TEST_OF_EACH_SENDER(nobody_waits_for_a_fragment)
{
	uint64_t handle = send_first(2, 1);
	const uint8_t *last = sent.bytes + sent.size - UNIT;
	uint16_t other = sent.who == NW ? SP1 : NW;

	CHECK_EQUAL(mem_frag_tx(sent.who, handle + 1, last, UNIT, sent.who),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, handle | UINT64_C(1) << 63, last, UNIT, sent.who),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(sent.who, UINT64_MAX, last, UNIT, sent.who),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(other, handle, last, UNIT, other), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(SP2, handle, last, UNIT, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_INVALID_PARAMETERS); /* complete */
}

TEST_OF_EACH_SENDER(without_a_tx_buffer_nothing_goes_on)
{
	uint64_t handle;

	run_as(sent.who);
	CALL(sent.who, FFA_RXTX_UNMAP_32);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, 0, 1, UNIT);
	CHECK_REFUSED(sent.who, FFA_INVALID_PARAMETERS);
	map_rxtx(sent.who);
	handle = send_first(2, 1);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
}

TEST_OF_EACH_SENDER(what_is_half_sent_can_be_neither_retrieved_nor_given_back)
{
	uint64_t handle = send_first(2, 1);
	struct mem_message message = message_for(TRANSACTION_SHARE, sent.who, SP2, ranges);
	struct mem_message request = request_for(&message, TRANSACTION_SHARE, handle);

	CHECK_EQUAL(mem_try_reclaim(sent.who, handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(SP2, &request), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_relinquish(SP2, SP2, handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_rx(SP2, handle, 0, 0), FFA_INVALID_PARAMETERS);
}

/* ---- what ends it ------------------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(more_constituents_than_announced_end_the_transaction)
{
	uint32_t free_pages = pages_outside_transactions();
	uint64_t handle = send_first(3, 1);

	fail_with(handle, ranges, 2 * UNIT, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
	handle = send_first(3, 1); /* its memory is free */
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_OK);
}

TEST_OF_EACH_SENDER(constituents_that_are_none_end_the_transaction)
{
	struct ffa_memory_range none = { page_in_parts(5) + 8, 1, 0 };

	fail_with(send_first(3, 1), &none, UNIT, FFA_INVALID_PARAMETERS);
	none = (struct ffa_memory_range){ page_in_parts(5), 0, 0 };
	fail_with(send_first(3, 1), &none, UNIT, FFA_INVALID_PARAMETERS);
	none = (struct ffa_memory_range){ page_in_parts(0), 1, 0 }; /* sent before */
	fail_with(send_first(3, 1), &none, UNIT, FFA_INVALID_PARAMETERS);
	none = (struct ffa_memory_range){ page_in_parts(5), 2, 0 }; /* not the sum */
	fail_with(send_first(3, 1), &none, UNIT, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(memory_that_is_not_the_senders_ends_the_transaction)
{
	struct ffa_memory_range foreign = { page_of(SP3, 40), 1, 0 };

	fail_with(send_first(3, 1), &foreign, UNIT, FFA_DENIED);
	foreign.address = sent.who == NW ? vm_rx(NW) : rx_of(SP1);
	fail_with(send_first(3, 1), &foreign, UNIT, FFA_DENIED);
}

TEST_OF_EACH_SENDER(a_tx_buffer_that_has_vanished_ends_the_transaction)
{
	uint64_t handle = send_first(3, 1);
	struct page_range tx = { .base = paddr(sent.who == NW ? vm_tx(NW) : tx_of(SP1)),
				 .page_count = 1 };
	enum world world = sent.who == NW ? WORLD_NON_SECURE : WORLD_SECURE;

	host_memory_move(tx, world == WORLD_SECURE ? WORLD_NON_SECURE : WORLD_SECURE);
	expect_refusal_to_free_pages(true);
	CALL(sent.who, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, UNIT);
	CHECK_REFUSED(sent.who, FFA_ABORTED);
	expect_refusal_to_free_pages(false);
	host_memory_move(tx, world);
	CHECK_EQUAL(send_next(handle, 1, 0), FFA_INVALID_PARAMETERS);
}

/** A descriptor that needs more pages than the sender may have. */
TEST(a_sender_that_runs_out_of_pages_ends_its_transaction_and_harms_nobody)
{
	struct mem_message message;
	uint32_t free_pages;
	uint64_t handle;

	sender_boot(NW, FFA_VERSION_1_2);
	message = message_for(TRANSACTION_SHARE, NW, SP2, ranges);
	message.range_count = 250;
	free_pages = pages_outside_transactions();
	quota_of(NW)->limit_pages = quota_of(NW)->used_pages + 1;
	for (unsigned i = 0; i < 250; i++) {
		ranges[i] = (struct ffa_memory_range){ ns_page(255 - i), 1, 0 };
	}
	compose(&message);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.size - 150 * UNIT), FFA_OK);
	handle = handle_of_answer();
	fail_with(handle, ranges + 100, 150 * UNIT, FFA_NO_MEMORY);
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
	quota_of(NW)->limit_pages += 4;
	CHECK_EQUAL(mem_try_send(NW, TRANSACTION_SHARE, &message, &handle), FFA_OK);
	mem_reclaim(NW, handle);
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

/* ---- VMs ---------------------------------------------------------------------------------------- */

TEST(fragments_of_a_vm_name_it)
{
	struct mem_message message;
	uint64_t handle;

	sender_boot(NW, FFA_VERSION_1_2);
	compose_parts(3);
	message = message_for(TRANSACTION_SHARE, VM2, SP2, ranges);
	message.range_count = 3;
	compose(&message);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.size - 2 * UNIT), FFA_OK);
	handle = handle_of_answer();
	CHECK_GOT(NW, FFA_MEM_FRAG_RX_32, registers()[1], registers()[2], sent.size - 2 * UNIT,
		  (uint32_t)VM2 << 16);
	CHECK_EQUAL(mem_frag_tx(NW, handle, ranges + 1, UNIT, VM1), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(NW, handle, ranges + 1, UNIT, NW), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_tx(NW, handle, ranges + 1, UNIT, VM2), FFA_OK);
	CHECK_GOT(NW, FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32, sent.size - UNIT,
		  (uint32_t)VM2 << 16);
	CHECK_EQUAL(mem_frag_tx(NW, handle, ranges + 2, UNIT, VM2), FFA_OK);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, (uint32_t)handle, handle >> 32);
}
