/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What transactions are about beside one page for one borrower: several borrowers, zeroing, values, hints,
 * hypervisors that look, who may end what, calls of the normal world that are refused.
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define PAGES 2U

/* ---- several borrowers ------------------------------------------------------------------------------ */

/** Each comes and goes when it likes; the memory is back when the last has gone. */
static void check_crowd(uint32_t function, uint16_t sender, uint64_t base)
{
	static const uint16_t crowd[] = { MEM_OLD, MEM_MP2, MEM_EL0, MEM_UP11 };
	struct deal deal = deal_of(function, sender, base, PAGES, crowd[0]);
	uint64_t seed = 1;

	deal_add(&deal, crowd[1], RO);
	deal_add(&deal, crowd[2], RW);
	deal_add(&deal, crowd[3], RW);
	write_ranges(sender, &deal.ranges, seed);
	CHECK_OK(deal_send(&deal));
	for (unsigned i = 0; i < 4; i++) {
		CHECK_OK(deal_retrieve(&deal, crowd[i]));
		CHECK_HOLDS(crowd[i], &deal, seed);
		if (crowd[i] != MEM_MP2) {
			write_ranges(crowd[i], &deal.ranges, ++seed);
		}
		CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);
	}
	check_read_only(MEM_MP2, base);
	for (unsigned i = 0; i < 4; i++) {
		CHECK_HOLDS(crowd[i], &deal, seed);
	}
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	check_faults(MEM_MP2, base);
	CHECK_HOLDS(MEM_OLD, &deal, seed);
	CHECK_OK(deal_relinquish(&deal, MEM_OLD, 0));
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_OK(deal_relinquish(&deal, MEM_EL0, 0));
	CHECK_OK(deal_relinquish(&deal, MEM_UP11, 0));
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, seed);
}

MEMORY_TEST(several_borrowers_have_memory_at_the_same_time)
{
	check_crowd(SHARE, MEM_MP, POOL_MP);
	check_crowd(LEND, MEM_MP, POOL_MP);
	check_crowd(SHARE, OS, OS_POOL(0));
	check_crowd(LEND, OS, OS_POOL(0));
	check_crowd(SHARE, MEM_MP, OPEN_MP);
	check_crowd(LEND, 4, OS_POOL(0));
}

MEMORY_TEST(a_partition_shares_with_partitions_and_vms_in_one_transaction)
{
	struct deal deal = deal_of(SHARE, MEM_MP, OPEN_MP, PAGES, MEM_UP11);

	deal_add(&deal, 6, RW);
	deal_add(&deal, OS, RO);
	write_ranges(MEM_MP, &deal.ranges, 1);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, 6));
	CHECK_OK(deal_retrieve(&deal, MEM_UP11));
	CHECK_OK(deal_retrieve(&deal, OS));
	CHECK_HOLDS(OS, &deal, 1);
	write_ranges(OS, &deal.ranges, 2);
	CHECK_HOLDS(MEM_UP11, &deal, 2);
	CHECK_STATUS(deal_retrieve(&deal, 6), FFA_DENIED);
	CHECK_STATUS(deal_retrieve(&deal, 7), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, 6, 0));
	CHECK_STATUS(deal_relinquish(&deal, 6, 0), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, MEM_UP11, 0));
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);
	CHECK_OK(deal_relinquish(&deal, OS, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

/** With the bypass flag a borrower lists itself alone; without it all. */
MEMORY_TEST(a_borrower_of_several_may_list_itself_alone)
{
	struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP, PAGES, MEM_UP11);
	struct memory_transaction request;

	deal_add(&deal, MEM_MP2, RW);
	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, MEM_MP2);
	request.borrowers[0] = request.borrowers[1];
	request.borrower_count = 1;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_MP2, &request), FFA_INVALID_PARAMETERS);
	request.flags = FFA_MEMORY_FLAG_BYPASS;
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	request = deal_request(&deal, MEM_UP11);
	request.borrowers[1].id = MEM_OLD;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_UP11, &request), FFA_INVALID_PARAMETERS);
	request = deal_request(&deal, MEM_UP11);
	request.flags = FFA_MEMORY_FLAG_BYPASS;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_UP11, &request), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

MEMORY_TEST(borrowers_are_listed_once_and_may_deal_with_the_sender)
{
	struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP, PAGES, MEM_UP11);

	deal_add(&deal, MEM_UP11, RO);
	CHECK_STATUS(deal_send(&deal), FFA_INVALID_PARAMETERS);
	deal = deal_of(DONATE, MEM_MP, POOL_MP, PAGES, MEM_UP11);
	deal_add(&deal, MEM_OLD, 0);
	CHECK_STATUS(deal_send(&deal), FFA_INVALID_PARAMETERS);
	deal = deal_of(LEND, OS, OS_POOL(0), PAGES, MEM_UP11);
	deal_add(&deal, 3, RW);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	deal = deal_of(SHARE, MEM_MP, POOL_MP, PAGES, MEM_UP11);
	deal_add(&deal, 3, RW);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
}

/* ---- values and hints ------------------------------------------------------------------------------- */

MEMORY_TEST(implementation_defined_values_reach_the_borrower_who_knows_them)
{
	struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP, 1, MEM_MP2);
	struct memory_transaction request;

	deal.transaction.borrowers[0].value[0] = 0x1122334455667788ULL;
	deal.transaction.borrowers[0].value[1] = 0x99AABBCCDDEEFF00ULL;
	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, MEM_MP2);
	request.borrowers[0].value[1]++;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_MP2, &request), FFA_INVALID_PARAMETERS);
	request = deal_request(&deal, MEM_MP2);
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_EQ(request.borrowers[0].value[0], 0x1122334455667788ULL);
	CHECK_EQ(request.borrowers[0].value[1], 0x99AABBCCDDEEFF00ULL);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	/* Short access descriptors say nothing of them. */
	request = deal_request(&deal, MEM_MP2);
	request.access_size = FFA_MEMORY_ACCESS_SIZE_1_0;
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

MEMORY_TEST(an_alignment_hint_is_served_where_it_fits)
{
	struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP + 0x4000, 4, MEM_MP2);
	struct memory_transaction request;

	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, MEM_MP2);
	request.flags = FFA_MEMORY_FLAG_HINT_VALID | 3U << FFA_MEMORY_FLAG_HINT_SHIFT;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_MP2, &request), FFA_DENIED);
	request = deal_request(&deal, MEM_MP2);
	request.flags = FFA_MEMORY_FLAG_HINT_VALID | 2U << FFA_MEMORY_FLAG_HINT_SHIFT;
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

/* ---- zeroing ---------------------------------------------------------------------------------------- */

/** A transaction ready to be sent, the sender's pages full of a pattern. */
static struct deal full_pages(uint32_t function, uint16_t sender, uint16_t borrower)
{
	uint64_t base = sender == MEM_MP ? POOL_MP : OS_POOL(0);
	struct deal deal = deal_of(function, sender, base, PAGES, borrower);

	write_ranges(sender, &deal.ranges, 1);
	return deal;
}

static void check_zeroing(uint16_t sender, uint16_t borrower)
{
	struct deal deal = full_pages(LEND, sender, borrower);
	struct memory_transaction request;

	/* Before the borrower sees it. */
	deal.transaction.flags = FFA_MEMORY_FLAG_ZERO;
	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, borrower);
	request.flags = FFA_MEMORY_FLAG_ZERO;
	CHECK_OK(deal_retrieve_as(&deal, borrower, &request));
	CHECK_HOLDS(borrower, &deal, 0);
	write_ranges(borrower, &deal.ranges, 2);
	/* By relinquishing it. */
	CHECK_STATUS(deal_relinquish(&deal, borrower, 4), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&deal, borrower, 2), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, borrower, FFA_MEMORY_FLAG_ZERO));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, 0);

	/* After it, as asked for when it was retrieved. */
	deal = full_pages(LEND, sender, borrower);
	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, borrower);
	request.flags = FFA_MEMORY_FLAG_ZERO_AFTER;
	CHECK_OK(deal_retrieve_as(&deal, borrower, &request));
	CHECK_HOLDS(borrower, &deal, 1);
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, 0);

	/* When it comes back. */
	deal = full_pages(SHARE, sender, borrower);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, borrower));
	CHECK_STATUS(deal_relinquish(&deal, borrower, FFA_MEMORY_FLAG_ZERO),
		     FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	CHECK_STATUS(deal_reclaim(&deal, 4), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_reclaim(&deal, 2), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_reclaim(&deal, FFA_MEMORY_FLAG_ZERO));
	CHECK_HOLDS(sender, &deal, 0);
}

MEMORY_TEST(memory_is_zeroed_when_that_was_asked_for)
{
	check_zeroing(MEM_MP, MEM_MP2);
	check_zeroing(MEM_MP, MEM_OLD);
	check_zeroing(MEM_MP, MEM_EL0);
	check_zeroing(OS, MEM_UP11);
	check_zeroing(OS, MEM_EL0);
	check_zeroing(2, MEM_MP);
}

MEMORY_TEST(the_last_of_several_borrowers_zeroes)
{
	struct deal deal = full_pages(LEND, MEM_MP, MEM_UP11);

	deal_add(&deal, MEM_MP2, RW);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_UP11));
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_OK(deal_relinquish(&deal, MEM_UP11, FFA_MEMORY_FLAG_ZERO));
	CHECK_HOLDS(MEM_MP2, &deal, 1);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(MEM_MP, &deal, 0);
}

/** Who only reads cannot zero, neither as an owner nor as a borrower. */
MEMORY_TEST(zeroing_what_is_read_only_is_denied)
{
	struct deal deal = deal_of(LEND, MEM_MP, CONSTANT_MP, 1, MEM_MP2);

	deal.transaction.borrowers[0].permissions = RO;
	deal.transaction.flags = FFA_MEMORY_FLAG_ZERO;
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	deal.transaction.flags = 0;
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_STATUS(deal_relinquish(&deal, MEM_MP2, FFA_MEMORY_FLAG_ZERO), FFA_DENIED);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_STATUS(deal_reclaim(&deal, FFA_MEMORY_FLAG_ZERO), FFA_DENIED);
	CHECK_OK(deal_reclaim(&deal, 0));
}

/* ---- who may end what ------------------------------------------------------------------------------- */

static struct ffa_regs reclaim_by(uint16_t id, uint64_t handle, uint32_t flags)
{
	return AS(id, FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, flags);
}

MEMORY_TEST(only_parties_end_a_transaction)
{
	struct deal secure = deal_of(SHARE, MEM_MP, POOL_MP, 1, MEM_MP2);
	struct deal os = deal_of(SHARE, OS, OS_POOL(0), 1, MEM_MP2);
	uint64_t handle;

	CHECK_OK(deal_send(&secure));
	CHECK_OK(deal_send(&os));
	handle = secure.transaction.handle;
	CHECK_NE(handle, os.transaction.handle);
	CHECK_ERROR(reclaim_by(OS, handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_MP2, handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_UP11, handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_MP, handle | 1ULL << 63, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_MP, handle ^ 1ULL << 40, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_MP, UINT64_MAX, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(reclaim_by(MEM_MP, os.transaction.handle, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&secure, MEM_MP, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&secure, MEM_MP2, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&secure, OS, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(AS(OS, FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32, 112),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(AS(OS, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(AS(MEM_MP, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(AS(MEM_MP2, FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32, 112),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_FID32(0x79), (uint32_t)handle, handle >> 32), FFA_NOT_SUPPORTED);
	CHECK_SUCCESS(reclaim_by(MEM_MP, handle, 0));
	CHECK_OK(deal_reclaim(&os, 0));
}

/** What has been given away cannot be given once more, not even a page of it. */
MEMORY_TEST(memory_is_given_away_once)
{
	static const uint32_t functions[] = { SHARE, LEND, DONATE };

	for (unsigned i = 0; i < 3; i++) {
		struct deal first = deal_of(functions[i], MEM_MP, POOL_MP, 4, MEM_MP2);
		struct deal os = deal_of(functions[i], OS, OS_POOL(0), 4, MEM_MP2);

		CHECK_OK(deal_send(&first));
		CHECK_OK(deal_send(&os));
		for (unsigned k = 0; k < 3; k++) {
			struct deal again = deal_of(functions[k], MEM_MP, POOL_MP + 0x3000, 2,
						    MEM_UP11);

			CHECK_STATUS(deal_send(&again), FFA_DENIED);
			again = deal_of(functions[k], 5, OS_POOL(3), 2, MEM_UP11);
			CHECK_STATUS(deal_send(&again), FFA_DENIED);
		}
		CHECK_OK(deal_reclaim(&first, 0));
		CHECK_OK(deal_reclaim(&os, 0));
	}
}

/** A borrower has it on loan: it cannot give it to others. */
MEMORY_TEST(borrowed_memory_is_nobodys_to_give)
{
	struct deal deal = deal_of(LEND, MEM_MP, POOL_MP, 1, MEM_MP2);
	struct deal on = deal_of(SHARE, MEM_MP2, POOL_MP, 1, MEM_UP11);

	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_STATUS(deal_send(&on), FFA_DENIED);
	on = deal_of(LEND, MEM_MP2, POOL_MP, 1, MEM_MP);
	CHECK_STATUS(deal_send(&on), FFA_DENIED);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

/* ---- quotas ----------------------------------------------------------------------------------------- */

/** @sender sends page by page until it is refused: only itself. */
static void check_exhaustion(uint16_t sender, uint64_t base, unsigned page_count)
{
	static struct deal deals[OS_PAGES];
	unsigned sent = 0;
	enum ffa_status status = FFA_OK;

	while (sent < page_count && status == FFA_OK) {
		deals[sent] = deal_of(LEND, sender, base + sent * 4096UL, 1, MEM_OLD);
		status = deal_send(&deals[sent]);
		sent += status == FFA_OK;
	}
	test_note("%x: %u transactions, then %u", sender, sent, (unsigned)-status);
	if (status != FFA_OK) {
		CHECK_STATUS(status, FFA_NO_MEMORY);
	}
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->id != sender && subject->id != MEM_UP11) {
			struct deal other = deal_of(LEND, subject->id,
						    pool_of(subject->id) + 0x1000, 2, MEM_UP11);

			CHECK_OK(deal_send(&other));
			CHECK_OK(deal_retrieve(&other, MEM_UP11));
			CHECK_OK(deal_relinquish(&other, MEM_UP11, 0));
			CHECK_OK(deal_reclaim(&other, 0));
		}
	}
	while (sent > 0) {
		CHECK_OK(deal_reclaim(&deals[--sent], 0));
	}
}

MEMORY_TEST(who_has_sent_all_it_may_disturbs_nobody)
{
	check_exhaustion(OS, OS_POOL(0), OS_PAGES);
	check_exhaustion(MEM_MP, POOL_MP, 1024);
	check_exhaustion(MEM_EL0, POOL_EL0, 64);
	check_exhaustion(OS, OS_POOL(0), OS_PAGES);
}
