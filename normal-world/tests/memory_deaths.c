/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parties of transactions that die (DEN0140; DEN0077A, "Fatal errors of partitions"), and S-EL0 partitions that touch
 * what they have no more. Each has a boot of its own.
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define PAGES 2U

static struct ffa_regs die(uint16_t id, enum test_death how, uint64_t address)
{
	return fixture_call(command_call(id, TEST_DIE, how, address, 0, 0), __FILE__, __LINE__);
}

#define CHECK_DIES(id) CHECK_ERROR(die(id, TEST_DEATH_UNHANDLED, 0), FFA_ABORTED)
#define CHECK_DIES_READING(id, address) CHECK_ERROR(die(id, TEST_DEATH_READ, address), FFA_ABORTED)
#define CHECK_DIES_WRITING(id, address) CHECK_ERROR(die(id, TEST_DEATH_WRITE, address), FFA_ABORTED)

/* ---- what the dead had borrowed --------------------------------------------------------------------- */

/** Lent memory comes back to owners at once; other borrowers keep it. */
static void check_death_of_borrower(uint16_t dead)
{
	struct deal lent = deal_of(LEND, MEM_MP, POOL_MP, PAGES, dead);
	struct deal zeroed = deal_of(LEND, MEM_MP, POOL_MP + 0x8000, PAGES, dead);
	struct deal shared = deal_of(SHARE, OS, OS_POOL(0), PAGES, dead);
	struct deal several = deal_of(LEND, MEM_UP11, POOL_UP11, PAGES, dead);
	struct deal unseen = deal_of(LEND, MEM_MP, POOL_MP + 0x10000, PAGES, dead);
	struct memory_transaction request;

	memory_prepare();
	deal_add(&several, MEM_MP, RW);
	write_ranges(MEM_MP, &lent.ranges, 1);
	write_ranges(MEM_MP, &zeroed.ranges, 2);
	write_ranges(OS, &shared.ranges, 3);
	write_ranges(MEM_UP11, &several.ranges, 4);
	CHECK_OK(deal_send(&lent));
	CHECK_OK(deal_send(&zeroed));
	CHECK_OK(deal_send(&shared));
	CHECK_OK(deal_send(&several));
	CHECK_OK(deal_send(&unseen));
	CHECK_OK(deal_retrieve(&lent, dead));
	request = deal_request(&zeroed, dead);
	request.flags = FFA_MEMORY_FLAG_ZERO_AFTER;
	CHECK_OK(deal_retrieve_as(&zeroed, dead, &request));
	CHECK_OK(deal_retrieve(&shared, dead));
	CHECK_OK(deal_retrieve(&several, dead));
	CHECK_OK(deal_retrieve(&several, MEM_MP));
	CHECK_STATUS(deal_reclaim(&lent, 0), FFA_DENIED);

	CHECK_DIES(dead);

	CHECK_OK(deal_reclaim(&lent, 0));
	CHECK_HOLDS(MEM_MP, &lent, 1);
	CHECK_OK(deal_reclaim(&zeroed, 0));
	CHECK_HOLDS(MEM_MP, &zeroed, 0);
	CHECK_OK(deal_reclaim(&shared, 0));
	CHECK_HOLDS(OS, &shared, 3);
	CHECK_OK(deal_reclaim(&unseen, 0));
	CHECK_STATUS(deal_reclaim(&several, 0), FFA_DENIED);
	CHECK_HOLDS(MEM_MP, &several, 4);
	CHECK_OK(deal_relinquish(&several, MEM_MP, 0));
	CHECK_OK(deal_reclaim(&several, 0));
	CHECK_HOLDS(MEM_UP11, &several, 4);
	/* The dead are not there to be lent anything. */
	CHECK_STATUS(deal_send(&lent), FFA_INVALID_PARAMETERS);
	CHECK_HOLDS(MEM_MP, &lent, 1);
	CHECK_STATUS(deal_send(&several), FFA_INVALID_PARAMETERS);
	CHECK_ALL_ALIVE_BUT(dead);
}

TEST_IN(memory, what_a_dead_partition_had_borrowed_comes_back)
{
	check_death_of_borrower(MEM_MP2);
}

TEST_IN(memory, what_a_dead_s_el0_partition_had_borrowed_comes_back)
{
	check_death_of_borrower(MEM_EL0);
}

/* ---- what the dead had lent ------------------------------------------------------------------------- */

static void check_death_of_lender(uint16_t dead)
{
	uint64_t base = pool_of(dead);
	struct deal held = deal_of(LEND, dead, base, PAGES, MEM_UP11);
	struct deal unseen = deal_of(SHARE, dead, base + 0x8000, PAGES, MEM_MP);
	struct deal donated = deal_of(DONATE, dead, base + 0x10000, PAGES, MEM_MP);
	struct deal taken = deal_of(DONATE, dead, base + 0x18000, PAGES, MEM_MP);
	struct deal on;

	memory_prepare();
	deal_add(&held, MEM_OLD, RW);
	write_ranges(dead, &held.ranges, 1);
	write_ranges(dead, &taken.ranges, 2);
	CHECK_OK(deal_send(&held));
	CHECK_OK(deal_send(&unseen));
	CHECK_OK(deal_send(&donated));
	CHECK_OK(deal_send(&taken));
	CHECK_OK(deal_retrieve(&held, MEM_UP11));
	CHECK_OK(deal_retrieve(&taken, MEM_MP));

	CHECK_DIES(dead);

	/* Who has it keeps it until it gives it back, and nobody comes to it any more. */
	CHECK_HOLDS(MEM_UP11, &held, 1);
	CHECK_STATUS(deal_retrieve(&held, MEM_OLD), FFA_DENIED);
	CHECK_STATUS(deal_retrieve(&unseen, MEM_MP), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_retrieve(&donated, MEM_MP), FFA_INVALID_PARAMETERS);
	CHECK_OK(deal_relinquish(&held, MEM_UP11, 0));
	check_faults(MEM_UP11, base);
	CHECK_STATUS(deal_retrieve(&held, MEM_UP11), FFA_INVALID_PARAMETERS);
	/* What was donated before is the receiver's. */
	CHECK_HOLDS(MEM_MP, &taken, 2);
	on = deal_of(LEND, MEM_MP, base + 0x18000, PAGES, MEM_UP11);
	CHECK_OK(deal_send(&on));
	CHECK_OK(deal_retrieve(&on, MEM_UP11));
	CHECK_HOLDS(MEM_UP11, &on, 2);
	CHECK_OK(deal_relinquish(&on, MEM_UP11, 0));
	CHECK_OK(deal_reclaim(&on, 0));
	CHECK_ALL_ALIVE_BUT(dead);
}

TEST_IN(memory, what_a_dead_partition_had_lent_stays_with_who_has_it)
{
	check_death_of_lender(MEM_MP2);
}

TEST_IN(memory, what_a_dead_s_el0_partition_had_lent_stays_with_who_has_it)
{
	check_death_of_lender(MEM_EL0);
}

/** Non-secure memory that the dead had lent to the normal world, and the normal world's that it held. */
TEST_IN(memory, the_normal_world_gives_back_to_the_dead)
{
	struct deal open = deal_of(LEND, MEM_MP, OPEN_MP, PAGES, 4);
	struct deal again = deal_of(LEND, OS, OPEN_MP, PAGES, MEM_UP11);

	memory_prepare();
	write_ranges(MEM_MP, &open.ranges, 1);
	CHECK_OK(deal_send(&open));
	CHECK_OK(deal_retrieve(&open, 4));
	CHECK_DIES(MEM_MP);
	CHECK_STATUS(deal_retrieve(&open, 4), FFA_DENIED);
	CHECK_HOLDS(OS, &open, 1);
	CHECK_OK(deal_relinquish(&open, 4, 0));
	CHECK_STATUS(deal_relinquish(&open, 4, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_send(&again), FFA_DENIED); /* it is not the normal world's, dead or not */
	CHECK_ALL_ALIVE_BUT(MEM_MP);
}

/* ---- half done -------------------------------------------------------------------------------------- */

/** Dies between two fragments of what it sends and of what it retrieves. */
TEST_IN(memory, transactions_half_done_end_with_the_partition)
{
	struct deal sent = deal_of(LEND, MEM_MP2, POOL_MP2, 1, MEM_MP);
	struct deal fetched = deal_of(LEND, MEM_MP, POOL_MP, 1, MEM_MP2);
	struct memory_transaction request;
	uint8_t bytes[112];
	uint32_t length;
	struct ffa_regs regs;

	memory_prepare();
	length = memory_write_head(bytes, FFA_VERSION_1_2, &sent.transaction);
	for (uint32_t i = 0; i < length; i++) {
		area_of(MEM_MP2)->bulk[i] = bytes[i];
	}
	(void)COMMAND(MEM_MP2, TEST_PUT, tx_of(MEM_MP2), length, 0, 0);
	regs = BY(MEM_MP2, FFA_MEM_LEND_32, length + 16, length);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_FRAG_RX_32);
	sent.transaction.handle = (uint32_t)regs.x[1] | regs.x[2] << 32;

	deal_spread(&fetched, 1, 0x2000, 300);
	write_ranges(MEM_MP, &fetched.ranges, 1);
	CHECK_OK(deal_send(&fetched));
	request = deal_request(&fetched, MEM_MP2);
	length = memory_write_request(bytes, FFA_VERSION_1_2, &request);
	for (uint32_t i = 0; i < length; i++) {
		area_of(MEM_MP2)->bulk[i] = bytes[i];
	}
	(void)COMMAND(MEM_MP2, TEST_PUT, tx_of(MEM_MP2), length, 0, 0);
	regs = BY(MEM_MP2, FFA_MEM_RETRIEVE_REQ_32, length, length);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MEM_RETRIEVE_RESP_32);
	CHECK_STATUS(deal_reclaim(&fetched, 0), FFA_DENIED);

	CHECK_DIES(MEM_MP2);

	CHECK_OK(deal_reclaim(&fetched, 0));
	CHECK_HOLDS(MEM_MP, &fetched, 1);
	CHECK_STATUS(deal_retrieve(&sent, MEM_MP), FFA_INVALID_PARAMETERS);
	CHECK_ALL_ALIVE_BUT(MEM_MP2);
}

/* ---- S-EL0 partitions that touch what they have not --------------------------------------------------- */

static struct deal deal_retrieved(uint16_t sender, uint8_t permissions)
{
	struct deal deal = deal_of(SHARE, sender, pool_of(sender), PAGES, MEM_EL0);

	memory_prepare();
	deal.transaction.borrowers[0].permissions = permissions;
	write_ranges(sender, &deal.ranges, 1);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_EL0));
	CHECK_HOLDS(MEM_EL0, &deal, 1);
	return deal;
}

TEST_IN(memory, an_s_el0_partition_that_reads_what_it_has_relinquished_dies)
{
	struct deal deal = deal_retrieved(MEM_MP, RW);

	CHECK_OK(deal_relinquish(&deal, MEM_EL0, 0));
	CHECK_DIES_READING(MEM_EL0, POOL_MP + 0x1000);
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_ALL_ALIVE_BUT(MEM_EL0);
}

TEST_IN(memory, an_s_el0_partition_that_writes_what_it_may_read_dies)
{
	struct deal deal = deal_retrieved(OS, RO);

	CHECK_DIES_WRITING(MEM_EL0, OS_POOL(1));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(OS, &deal, 1);
	CHECK_ALL_ALIVE_BUT(MEM_EL0);
}

TEST_IN(memory, an_s_el0_partition_that_reads_what_it_has_lent_dies)
{
	struct deal deal = deal_of(LEND, MEM_EL0, POOL_EL0, PAGES, MEM_MP);

	memory_prepare();
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_MP));
	CHECK_DIES_READING(MEM_EL0, POOL_EL0 + 0x1000);
	CHECK_OK(deal_relinquish(&deal, MEM_MP, 0));
	CHECK_ALL_ALIVE_BUT(MEM_EL0);
}
