/* SPDX-License-Identifier: BSD-3-Clause */
/* PEs that go off and come back (PSCI; DEN0077A, "Power management"). */
#include "normal-world/tests/fixture.h"

#define CYCLES 100U

static uint64_t contexts_started(uint16_t id)
{
	(void)COMMAND(id, TEST_STATE, TEST_STATE_ENTRY, 0, 0, 0);
	return STATE(partition_entry, id)->seen;
}

static void count_starts(void *argument)
{
	uint64_t *starts = argument;

	starts[0] = contexts_started(SP_MP1);
	starts[1] = contexts_started(SP_MP2);
}

static void talk(void *unused)
{
	CHECK_ALL_ALIVE_BUT(0);
	(void)COMMAND(SP_MP1, TEST_FORWARD, SP_MP2, TEST_ECHO, 0, 0);
}

/** What all PEs may do at the same time: single contexts would be busy. */
static void talk_own(void *unused)
{
	CHECK_ALIVE(SP_MP1);
	CHECK_ALIVE(SP_MP2);
}

static void cycle(unsigned pe)
{
	CHECK_EQ(pe_stop(pe), 0);
	CHECK_ALIVE(SP_UP);
	CHECK_EQ(pe_start(pe), 0);
	on_pe(pe, talk, NULL);
}

TEST_MP(pes_go_off_and_on_a_hundred_times_with_messages_between)
{
	uint64_t before[2], after[2];

	on_pe(1, count_starts, before);
	for (unsigned i = 0; i < CYCLES; i++) {
		cycle(1);
	}
	on_pe(1, count_starts, after);
	/* The pinned contexts start anew each time. */
	CHECK_EQ(after[0], before[0] + CYCLES);
	CHECK_EQ(after[1], before[1] + CYCLES);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_MP(all_other_pes_go_off_and_come_back)
{
	for (unsigned round = 0; round < 5; round++) {
		for (unsigned pe = 1; pe < pe_count; pe++) {
			CHECK_EQ(pe_stop(pe), 0);
		}
		CHECK_ALL_ALIVE_BUT(0);
		for (unsigned pe = pe_count - 1; pe > 0; pe--) {
			CHECK_EQ(pe_start(pe), 0);
		}
		on_all_pes(talk_own, NULL);
	}
}

static void leave_yielded(void *unused)
{
	struct ffa_regs regs = fixture_call(
		command_call(SP_UP, TEST_KEEP, 0x99, TEST_PAUSE_YIELD, 0, 0), __FILE__, __LINE__);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
}

TEST_MP(a_single_context_left_on_a_pe_that_goes_off_goes_on_elsewhere)
{
	struct ffa_regs regs;

	on_pe(1, leave_yielded, NULL);
	CHECK_EQ(pe_stop(1), 0);
	regs = FFA(FFA_RUN_32, FFA_TARGET(SP_UP, 0));
	CHECK(is_answer(&regs, SP_UP));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
	CHECK_EQ(pe_start(1), 0);
	on_pe(1, talk, NULL);
}

static void leave_pinned_yielded(void *unused)
{
	struct ffa_regs regs = fixture_call(
		command_call(SP_MP1, TEST_KEEP, 0x98, TEST_PAUSE_YIELD, 0, 0), __FILE__, __LINE__);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
}

TEST_MP(a_pinned_context_left_unfinished_starts_anew_with_its_pe)
{
	on_pe(1, leave_pinned_yielded, NULL);
	CHECK_EQ(pe_stop(1), 0);
	CHECK_EQ(pe_start(1), 0);
	on_pe(1, talk, NULL);
}

TEST_MP(the_first_pe_goes_off_and_comes_back)
{
	uint64_t before[2], after[2];

	count_starts(before);
	for (unsigned i = 0; i < 10; i++) {
		CHECK_EQ(pe_off_and_on(1 + i % (pe_count - 1)), 0);
		CHECK_ALL_ALIVE_BUT(0);
	}
	count_starts(after);
	CHECK_EQ(after[0], before[0] + 10);
	CHECK_EQ(after[1], before[1] + 10);
}
