/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_RELINQUISH and FFA_MEM_RECLAIM (DEN0140): what they are refused for, in the order of the checks, for a
 * partition and a hypervisor's VM; what is zeroed, and when.
 */
#include "tests/unit/ffa/borrower_fixture.h"

/** What a relinquish descriptor says. */
struct relinquishing {
	struct ffa_memory_relinquish head;
	uint16_t ids[2];
};

/** The one that fits what was offered. */
static struct relinquishing usual(void)
{
	return (struct relinquishing){
		.head = { .handle = borrowing.handle, .endpoint_count = 1 },
		.ids = { borrowing.id },
	};
}

static enum ffa_status relinquish(const struct relinquishing *relinquishing)
{
	run_as(borrowing.who);
	mem_fill_tx(borrowing.who, (const uint8_t *)relinquishing, sizeof(*relinquishing));
	CALL(borrowing.who, FFA_MEM_RELINQUISH_32);
	return last_status();
}

/** The usual descriptor, and @change of it: @status. */
#define CHECK_RELINQUISHED(status, change)              \
	do {                                            \
		struct relinquishing said = usual();    \
		change;                                 \
		CHECK_EQUAL(relinquish(&said), status); \
	} while (0)

/** Offered as @kind with @flags and retrieved; RX is given back. */
static void offer_and_retrieve(enum transaction_kind kind, uint32_t flags)
{
	struct mem_message message = offer_message(kind);

	message.flags = flags;
	offer(kind, &message);
	CHECK_EQUAL(ask(), FFA_OK);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
}

/* ---- relinquish --------------------------------------------------------------------------------- */

TEST_OF_EACH_BORROWER(without_a_tx_buffer_nothing_is_relinquished)
{
	run_as(borrowing.who);
	CALL(borrowing.who, FFA_RXTX_UNMAP_32);
	CALL(borrowing.who, FFA_MEM_RELINQUISH_32);
	CHECK_REFUSED(borrowing.who, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_BORROWER(a_tx_buffer_that_has_vanished_aborts_the_call)
{
	struct page_range tx = { .base = paddr(borrowing.who == NW ? vm_tx(NW) : tx_of(SP2)),
				 .page_count = 1 };
	enum world world = borrowing.who == NW ? WORLD_NON_SECURE : WORLD_SECURE;

	offer_and_retrieve(TRANSACTION_SHARE, 0);
	host_memory_move(tx, world == WORLD_SECURE ? WORLD_NON_SECURE : WORLD_SECURE);
	CALL(borrowing.who, FFA_MEM_RELINQUISH_32);
	CHECK_REFUSED(borrowing.who, FFA_ABORTED);
	host_memory_move(tx, world);
	CHECK_RELINQUISHED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(one_endpoint_is_listed_and_it_is_the_caller)
{
	offer_and_retrieve(TRANSACTION_SHARE, 0);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.endpoint_count = 0);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.endpoint_count = 2; said.ids[1] = SP3);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.endpoint_count = UINT32_MAX);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.ids[0] = SP3);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.ids[0] = VM2);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.ids[0] = borrowing.id == VM1 ? SP2 : VM1);
	CHECK_RELINQUISHED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(what_was_not_retrieved_is_not_relinquished)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, );
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.handle++);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.handle |= UINT64_C(1) << 63);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.handle = UINT64_MAX);
	CHECK_EQUAL(mem_try_relinquish(SP3, SP3, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_relinquish(SP1, SP1, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_RELINQUISHED(FFA_OK, );
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, );
}

TEST_OF_EACH_BORROWER(flags_that_are_none_are_refused)
{
	offer_and_retrieve(TRANSACTION_LEND, 0);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x2);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x4);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x80000000);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x3);
	CHECK_RELINQUISHED(FFA_OK, said.head.flags = 0x1);
}

TEST_OF_EACH_BORROWER(shared_memory_is_not_zeroed)
{
	offer_and_retrieve(TRANSACTION_SHARE, 0);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x1);
	CHECK_RELINQUISHED(FFA_OK, );
}

TEST_OF_EACH_BORROWER(who_only_reads_has_nothing_zeroed)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_OK, borrowing.request.receivers[0].permissions = RO | NX);
	CHECK_RELINQUISHED(FFA_DENIED, said.head.flags = 0x1);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, said.head.flags = 0x3);
	CHECK_RELINQUISHED(FFA_OK, );
}

TEST(what_was_donated_is_not_relinquished)
{
	borrower_boot(SP2, FFA_VERSION_1_2);
	offer_and_retrieve(TRANSACTION_DONATE, 0);
	CHECK_RELINQUISHED(FFA_INVALID_PARAMETERS, );
	CHECK_EQUAL(mem_try_reclaim(SP1, borrowing.handle, 0), FFA_INVALID_PARAMETERS);
}

/* ---- reclaim ------------------------------------------------------------------------------------ */

#define CHECK_RECLAIMED(status, who, handle, flags) \
	CHECK_EQUAL(mem_try_reclaim(who, handle, flags), status)

TEST_OF_EACH_BORROWER(a_handle_that_nobody_has_is_not_reclaimed)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle + 1, 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle + (UINT64_C(1) << 32), 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle | UINT64_C(1) << 63, 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, UINT64_MAX, 0);
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle, 0);
}

TEST_OF_EACH_BORROWER(only_the_sender_reclaims)
{
	offer_usual(TRANSACTION_SHARE);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP2, borrowing.handle, 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP3, borrowing.handle, 0);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, NW, borrowing.handle, 0);
	CHECK_EQUAL(ask(), FFA_OK); /* and that comes before who holds it */
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP3, borrowing.handle, 0);
	CHECK_RECLAIMED(FFA_DENIED, SP1, borrowing.handle, 0);
}

TEST_OF_EACH_BORROWER(what_somebody_holds_is_not_reclaimed_whatever_the_flags)
{
	offer_and_retrieve(TRANSACTION_LEND, 0);
	CHECK_RECLAIMED(FFA_DENIED, SP1, borrowing.handle, 0);
	CHECK_RECLAIMED(FFA_DENIED, SP1, borrowing.handle, 0x1);
	CHECK_RECLAIMED(FFA_DENIED, SP1, borrowing.handle, 0x4);
	CHECK_RELINQUISHED(FFA_OK, );
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle, 0x4);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle, 0x2);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle, 0x80000001);
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0x1);
}

TEST_OF_EACH_BORROWER(what_its_owner_only_reads_is_not_zeroed)
{
	struct mem_message message = offer_message(TRANSACTION_SHARE);

	borrowing.range.address = read_only_page();
	message.receivers[0].permissions = RO;
	offer(TRANSACTION_SHARE, &message);
	CHECK_RECLAIMED(FFA_DENIED, SP1, borrowing.handle, 0x1);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, borrowing.handle, 0x3);
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0);
}

TEST_OF_EACH_BORROWER(memory_that_vanishes_before_it_is_zeroed_is_not_reclaimed_yet)
{
	struct page_range page = { .base = paddr(offered_page(0)), .page_count = 1 };

	offer_usual(TRANSACTION_LEND);
	host_memory_move(page, WORLD_SECURE);
	CHECK_RECLAIMED(FFA_ABORTED, SP1, borrowing.handle, 0x1);
	host_memory_move(page, WORLD_NON_SECURE);
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0x1);
}

TEST(reserved_registers_of_reclaim_are_zero)
{
	borrower_boot(SP2, FFA_VERSION_1_2);
	offer_usual(TRANSACTION_LEND);
	run_as(SP1);
	CALL(SP1, FFA_MEM_RECLAIM_32, (uint32_t)borrowing.handle, borrowing.handle >> 32, 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	mem_reclaim(SP1, borrowing.handle);
}

/** A hypervisor reclaims for all of its VMs. */
TEST(what_a_vm_sent_its_hypervisor_reclaims)
{
	struct ffa_memory_range range;
	struct mem_message message;
	uint64_t handle;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	message = message_for(TRANSACTION_SHARE, VM2, SP1, &range);
	handle = mem_send(NW, TRANSACTION_SHARE, &message);
	CHECK_RECLAIMED(FFA_INVALID_PARAMETERS, SP1, handle, 0);
	CHECK_RECLAIMED(FFA_OK, NW, handle, 0);
}

/* ---- zeroing ------------------------------------------------------------------------------------ */

static uint8_t *page_bytes(void)
{
	return host_ram(paddr(borrowing.range.address));
}

static void make_dirty(void)
{
	memset(page_bytes(), 0x77, PAGE_SIZE);
}

static bool is_zero(void)
{
	for (size_t i = 0; i < PAGE_SIZE; i++) {
		if (page_bytes()[i] != 0) {
			return false;
		}
	}
	return true;
}

TEST_OF_EACH_BORROWER(memory_is_zeroed_before_it_is_lent_and_not_when_it_is_retrieved)
{
	struct mem_message message = offer_message(TRANSACTION_LEND);

	make_dirty();
	message.flags = FFA_MEMORY_FLAG_ZERO;
	offer(TRANSACTION_LEND, &message);
	CHECK(is_zero());
	make_dirty();
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK(!is_zero());
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_RELINQUISHED(FFA_OK, );
	CHECK(!is_zero());
}

TEST_OF_EACH_BORROWER(memory_is_zeroed_when_it_is_relinquished_so)
{
	offer_and_retrieve(TRANSACTION_LEND, 0);
	make_dirty();
	CHECK_RELINQUISHED(FFA_OK, said.head.flags = 0x1);
	CHECK(is_zero());
	make_dirty();
	CHECK_EQUAL(ask(), FFA_OK);
	CHECK_RELINQUISHED(FFA_OK, );
	CHECK(!is_zero());
}

TEST_OF_EACH_BORROWER(memory_is_zeroed_after_it_was_used_when_that_was_asked_at_retrieval)
{
	offer_usual(TRANSACTION_LEND);
	CHECK_ASKED(FFA_OK, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER);
	make_dirty();
	CHECK_RELINQUISHED(FFA_OK, );
	CHECK(is_zero());
}

TEST_OF_EACH_BORROWER(memory_of_several_is_zeroed_when_the_last_one_leaves)
{
	struct mem_message message = offer_message(TRANSACTION_LEND);

	message.attributes = WB;
	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RO };
	offer(TRANSACTION_LEND, &message);
	CHECK_EQUAL(ask(), FFA_OK);
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	mem_retrieve(SP3, &borrowing.request);
	make_dirty();
	CHECK_RELINQUISHED(FFA_OK, said.head.flags = 0x1);
	CHECK(!is_zero());
	mem_relinquish(SP3, borrowing.handle);
	CHECK(is_zero());
}

TEST_OF_EACH_BORROWER(memory_is_zeroed_when_it_is_reclaimed_so)
{
	offer_usual(TRANSACTION_LEND);
	make_dirty();
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0x1);
	CHECK(is_zero());
	offer_usual(TRANSACTION_SHARE);
	make_dirty();
	CHECK_RECLAIMED(FFA_OK, SP1, borrowing.handle, 0x1);
	CHECK(is_zero());
}
