/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Non-secure interrupts while partitions run (action "signalled"): the chain unwinds to the normal world,
 * FFA_RUN takes it up again (DEN0077A, "Non-secure interrupts"; worked example in the reference 11.5).
 */
#include "normal-world/tests/fixture.h"

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))
#define LONG_ENOUGH 4096U /* times 2^20 rounds: longer than any interrupt takes */
#define TICK 2000U
#define READ_PMR() READ_SYSREG(s3_0_c4_c6_0)
#define WRITE_PMR(value) WRITE_SYSREG(s3_0_c4_c6_0, value)

static void check_preempted(uint16_t id, const struct ffa_regs *regs)
{
	if (regs->x[0] != (uint32_t)FFA_INTERRUPT_32) {
		test_note("%x: %lx %lx %lx %lx", id, regs->x[0], regs->x[1], regs->x[2],
			  regs->x[3]);
	}
	CHECK_EQ(regs->x[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(regs->x[1], HERE(id));
	fixture_check_zero(regs, 2, __FILE__, __LINE__);
}

/** Takes the interrupt that stopped the partition. */
static void take_interrupt(uint32_t intid)
{
	uint32_t before = pe_self()->interrupts;

	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->interrupts, before + 1);
	CHECK_EQ(pe_self()->last_interrupt, intid);
}

/** Starts what makes @last spin and returns when it has been preempted there, not on the way. */
static struct ffa_regs start_until_spinning(struct ffa_regs call, uint16_t first, uint16_t last)
{
	struct ffa_regs regs;

	area_of(last)->stop = 0;
	area_of(last)->progress = 0;
	timer_start(TICK);
	regs = fixture_call(call, __FILE__, __LINE__);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32 && area_of(last)->progress == 0) {
		take_interrupt(INTID_TIMER);
		timer_start(TICK);
		regs = FFA(FFA_RUN_32, HERE(first));
	}
	return regs;
}

static struct ffa_regs start_spinning(uint16_t id)
{
	return start_until_spinning(command_call(id, TEST_SPIN, LONG_ENOUGH, 0, 0, 0), id, id);
}

static void preempt_and_resume(uint16_t id)
{
	struct ffa_regs regs = start_spinning(id);

	check_preempted(id, &regs);
	take_interrupt(INTID_TIMER);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, id), 0, TEST_ECHO), FFA_BUSY);

	area_of(id)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_NE(regs.x[4], 0);
	CHECK_ALIVE(id);
}

static void preempt_all_here(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		preempt_and_resume(subject->id);
	}
}

TEST(a_timer_interrupt_preempts_and_run_resumes_every_partition_on_every_pe)
{
	on_each_pe(preempt_all_here, NULL);
}

/* QEMU has no virtual CPU interface at S-EL1: there a partition writes the registers themselves. */
static void mask(uint16_t id, uint64_t which)
{
	CHECK_EQ(COMMAND(id, TEST_MASK, which, 0, 0, 0).x[4], 1);
	(void)COMMAND(SP_EL0, TEST_FORWARD, id, TEST_MASK, which, 0);
}

TEST(a_partition_that_masks_interrupts_masks_nobodys)
{
	uint64_t before = READ_PMR();

	for (uint64_t which = 0; which < 4; which++) {
		WRITE_PMR(0xB0 + 16 * which);
		mask(SP_MP1, which);
		mask(SP_UP, which);
		mask(SP_MP1, 0);
		CHECK_EQ(READ_PMR(), 0xB0 + 16 * which);
	}
	WRITE_PMR(before);
	preempt_and_resume(SP_MP1);
}

TEST(a_partition_is_preempted_as_often_as_interrupts_come)
{
	static const uint16_t ids[] = { SP_MP1, SP_EL0 };

	for (unsigned i = 0; i < 2; i++) {
		uint16_t id = ids[i];
		struct ffa_regs regs = start_spinning(id);
		uint64_t progress = 0;

		for (unsigned round = 0; round < 20; round++) {
			check_preempted(id, &regs);
			take_interrupt(INTID_TIMER);
			CHECK(area_of(id)->progress >= progress);
			progress = area_of(id)->progress;
			timer_start(TICK);
			regs = FFA(FFA_RUN_32, HERE(id));
		}
		check_preempted(id, &regs);
		take_interrupt(INTID_TIMER);
		area_of(id)->stop = 1;
		regs = FFA(FFA_RUN_32, HERE(id));
		CHECK(is_answer(&regs, id));
	}
}

static void preempt_by_sgi(void *unused)
{
	uint16_t id = SP_MP1;
	struct ffa_regs regs;

	area_of(id)->stop = 0;
	area_of(id)->progress = 0;
	regs = fixture_call(command_call(id, TEST_SPIN, LONG_ENOUGH, 0, 0, 0), __FILE__, __LINE__);
	check_preempted(id, &regs);
	take_interrupt(INTID_SGI_TEST);
	area_of(id)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
}

TEST_MP(an_interrupt_from_another_pe_preempts)
{
	area_on(SP_MP1, 1)->progress = 0;
	pe_post(1, preempt_by_sgi, NULL);
	while (area_on(SP_MP1, 1)->progress == 0) {
		CHECK(!pe_wait(1, 1));
	}
	gic_send_sgi(1, INTID_SGI_TEST);
	wait_for_pe(1);
}

TEST(an_interrupt_that_is_pending_preempts_at_once)
{
	struct ffa_regs regs;

	area_of(SP_MP1)->stop = 0;
	timer_start(0);
	while (gic_pending() != INTID_TIMER) {
		/* comes */
	}
	regs = fixture_call(command_call(SP_MP1, TEST_SPIN, LONG_ENOUGH, 0, 0, 0), __FILE__,
			    __LINE__);
	check_preempted(SP_MP1, &regs);
	/* Still there: another attempt gets no further. */
	regs = FFA(FFA_RUN_32, HERE(SP_MP1));
	check_preempted(SP_MP1, &regs);
	take_interrupt(INTID_TIMER);
	area_of(SP_MP1)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(SP_MP1));
	CHECK(is_answer(&regs, SP_MP1));
}

/* ---- registers ----------------------------------------------------------------------------------------- */

static void keep_here(uint16_t id)
{
	struct ffa_regs regs;
	unsigned rounds = 0;

	area_of(id)->stop = 0;
	timer_start(TICK);
	regs = fixture_call(command_call(id, TEST_KEEP, 0x7070 + id, TEST_PAUSE_SPIN, 0, 0),
			    __FILE__, __LINE__);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		check_preempted(id, &regs);
		take_interrupt(INTID_TIMER);
		/* Somebody else uses this PE meanwhile. */
		CHECK_ALIVE(id == SP_MP2 ? SP_UP : SP_MP2);
		if (++rounds == 3) {
			area_of(id)->stop = 1;
		} else {
			timer_start(TICK);
		}
		regs = FFA(FFA_RUN_32, HERE(id));
	}
	CHECK_EQ(rounds, 3);
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
}

static void keep_all_here(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		keep_here(subject->id);
	}
}

TEST(a_preempted_partition_keeps_all_its_registers)
{
	on_each_pe(keep_all_here, NULL);
}

static void resume_elsewhere(void *argument)
{
	uint16_t id = *(const uint16_t *)argument;
	struct ffa_regs regs;

	area_of(id)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
}

TEST_MP(a_preempted_single_context_goes_on_elsewhere_with_its_registers)
{
	static const uint16_t ids[] = { SP_UP, SP_UP0, SP_EL0 };

	for (unsigned i = 0; i < 3; i++) {
		uint16_t id = ids[i];
		struct ffa_regs regs;

		area_of(id)->stop = 0;
		timer_start(TICK);
		regs = fixture_call(command_call(id, TEST_KEEP, 0x6060, TEST_PAUSE_SPIN, 0, 0),
				    __FILE__, __LINE__);
		check_preempted(id, &regs);
		take_interrupt(INTID_TIMER);
		on_pe(1 + i % (pe_count - 1), resume_elsewhere, &id);
		CHECK_ALIVE(id);
	}
}

TEST_MP(a_preempted_pinned_context_does_not_run_elsewhere)
{
	uint16_t id = SP_MP1;
	struct ffa_regs regs;
	uint16_t unaffected = SP_MP2;

	regs = start_spinning(id);
	check_preempted(id, &regs);
	take_interrupt(INTID_TIMER);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(id, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ALIVE(unaffected);
	area_of(id)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
}

/* ---- chains ---------------------------------------------------------------------------------------------- */

#define HOPS(a, b) ((uint64_t)(a) | (uint64_t)(b) << 16)

/** NWd -> first -> hops..., the last one spins. */
static struct ffa_regs start_chain(uint16_t first, uint64_t hops, uint16_t last)
{
	return start_until_spinning(
		command_call(first, TEST_FORWARD, hops, TEST_SPIN, LONG_ENOUGH, 0), first, last);
}

static void check_forward_saw(uint16_t caller, uint16_t preempted)
{
	volatile struct test_area *area = area_of(caller);

	CHECK_EQ(area->forward[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(area->forward[1], HERE(preempted));
	for (unsigned i = 2; i < 8; i++) {
		CHECK_EQ(area->forward[i], 0);
	}
}

/**
 * The interrupt unwinds link by link: each caller's request ends with FFA_INTERRUPT naming its callee, and
 * as it is still pending, the caller is preempted in turn; the normal world sees the first of the chain.
 */
static void check_chain_of_two(uint16_t first, uint16_t last)
{
	struct ffa_regs regs = start_chain(first, last, last);

	check_preempted(first, &regs);
	take_interrupt(INTID_TIMER);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, first), 0, TEST_ECHO),
		    FFA_BUSY);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, last), 0, TEST_ECHO),
		    FFA_BUSY);

	area_of(last)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(first));
	CHECK(is_answer(&regs, first));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK(regs.x[7] >= 1); /* it resumed its callee */
	check_forward_saw(first, last);
	CHECK_ALIVE(first);
	CHECK_ALIVE(last);
}

static void chains_of_two_here(void *unused)
{
	check_chain_of_two(SP_MP1, SP_MP2);
	check_chain_of_two(SP_MP2, SP_UP);
	check_chain_of_two(SP_UP, SP_EL0);
	check_chain_of_two(SP_EL0, SP_MP1);
	check_chain_of_two(SP_UP0, SP_EL0B);
}

TEST(an_interrupt_unwinds_a_chain_and_run_takes_it_up_on_every_pe)
{
	on_each_pe(chains_of_two_here, NULL);
}

TEST(an_interrupt_unwinds_a_chain_of_three)
{
	struct ffa_regs regs = start_chain(SP_MP1, HOPS(SP_MP2, SP_UP), SP_UP);

	check_preempted(SP_MP1, &regs);
	take_interrupt(INTID_TIMER);
	area_of(SP_UP)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(SP_MP1));
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_DONE);
	check_forward_saw(SP_MP2, SP_UP);
	check_forward_saw(SP_MP1, SP_MP2);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(a_chain_survives_many_interrupts)
{
	struct ffa_regs regs = start_chain(SP_MP1, HOPS(SP_UP, SP_EL0), SP_EL0);

	for (unsigned round = 0; round < 15; round++) {
		check_preempted(SP_MP1, &regs);
		take_interrupt(INTID_TIMER);
		timer_start(TICK);
		regs = FFA(FFA_RUN_32, HERE(SP_MP1));
	}
	area_of(SP_EL0)->stop = 1;
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		take_interrupt(INTID_TIMER);
		regs = FFA(FFA_RUN_32, HERE(SP_MP1));
	}
	timer_stop();
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_ALL_ALIVE_BUT(0);
}

/** Messages while interrupts come at any moment: none is lost, no answer is wrong. */
static void messages_under_interrupts(void *unused)
{
	for (uint64_t i = 0; i < 200; i++) {
		struct ffa_regs regs = command_call(SP_MP1, TEST_FORWARD, SP_MP2, TEST_ECHO, i, 0);

		timer_start(i % 64);
		regs = fixture_call(regs, __FILE__, __LINE__);
		while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
			check_preempted(SP_MP1, &regs);
			interrupts_enable();
			interrupts_disable();
			regs = FFA(FFA_RUN_32, HERE(SP_MP1));
		}
		CHECK(is_answer(&regs, SP_MP1));
		CHECK_EQ(regs.x[3], TEST_DONE);
		CHECK_EQ(regs.x[4], ~i);
		interrupts_enable();
		interrupts_disable();
	}
	timer_stop();
}

TEST(messages_arrive_while_interrupts_come_at_any_moment)
{
	on_all_pes(messages_under_interrupts, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- FFA_RUN ---------------------------------------------------------------------------------------------- */

TEST(cycles_given_by_run_are_preempted_too)
{
	static const uint16_t ids[] = { SP_MP1, SP_UP, SP_EL0 };

	for (unsigned i = 0; i < 3; i++) {
		volatile struct test_area *area = area_of(ids[i]);
		struct ffa_regs regs;

		area->stop = 0;
		area->run_command[1] = LONG_ENOUGH;
		area->run_command[0] = TEST_SPIN;
		timer_start(TICK);
		regs = FFA(FFA_RUN_32, HERE(ids[i]));
		check_preempted(ids[i], &regs);
		take_interrupt(INTID_TIMER);
		area->stop = 1;
		regs = FFA(FFA_RUN_32, HERE(ids[i]));
		CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
		fixture_check_zero(&regs, 1, __FILE__, __LINE__);
		CHECK_EQ(area->run_result[0], TEST_DONE);
	}
}
