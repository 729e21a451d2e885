/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers of partitions: when they fire, what a write of them means, and where their interrupt finds its context.
 * What the table of states says of an interrupt (test_interrupt_delivery.c) holds for them as well.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

#define PHYSICAL ARCH_TIMER_PHYSICAL
#define VIRTUAL ARCH_TIMER_VIRTUAL
#define TIMER VIRQ_TIMER

static uint64_t in(uint64_t ns)
{
	return arch_counter() + ns;
}

static void boot(enum instance instance, unsigned pe_count)
{
	interrupts_add_usual(instance);
	interrupts_boot(pe_count);
}

/** SP1 runs for the normal world. */
static void sp1_runs(void)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP1);
}

static void check_timer_at(uint64_t at)
{
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), at);
}

/* ---- while it runs ------------------------------------------------------------------------------ */

TEST(a_timer_raises_the_line_when_its_time_has_come)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	check_timer_at(in(10 * MS));
	CHECK(!irq_line(SP1, 0));

	timer_comes();
	CHECK_EQUAL(running(), SP1);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), TIMER);
	CHECK(!irq_line(SP1, 0));
	check_timer_at(ARCH_NEVER); /* once */
}

TEST(either_timer_has_the_same_interrupt)
{
	sp1_runs();
	write_timer(VIRTUAL, in(20 * MS));
	write_timer(PHYSICAL, in(10 * MS));
	check_timer_at(in(10 * MS));

	timer_comes();
	CHECK_EQUAL(fetch(), TIMER);
	check_timer_at(in(10 * MS));
	timer_comes();
	CHECK_EQUAL(fetch(), TIMER);
	CHECK_EQUAL(fetch(), VIRQ_NONE);
}

TEST(a_timer_whose_time_is_past_fires_at_once)
{
	sp1_runs();
	host_time_advance(MS);
	write_timer(PHYSICAL, in(0));
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), TIMER);
	write_timer(PHYSICAL, 1);
	CHECK(irq_line(SP1, 0));
	check_timer_at(ARCH_NEVER);
}

TEST(a_timer_that_is_off_or_masked_does_not_fire)
{
	sp1_runs();
	write_timer_control(PHYSICAL, in(10 * MS), 0);
	check_timer_at(ARCH_NEVER);
	write_timer_control(PHYSICAL, in(10 * MS), ARCH_TIMER_ENABLE | ARCH_TIMER_MASKED);
	check_timer_at(ARCH_NEVER);
	write_timer_control(VIRTUAL, 0, ARCH_TIMER_MASKED);
	CHECK(!irq_line(SP1, 0));
}

TEST(a_timer_that_is_set_anew_fires_at_the_new_time_alone)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	write_timer(PHYSICAL, in(30 * MS));
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), in(30 * MS));
	write_timer(PHYSICAL, in(5 * MS));
	check_timer_at(in(5 * MS));

	timer_comes();
	CHECK_EQUAL(fetch(), TIMER);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);
}

TEST(a_timer_that_is_stopped_in_time_does_not_fire)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	write_timer_control(PHYSICAL, in(10 * MS), 0);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);
	check_timer_at(ARCH_NEVER);
}

TEST(writing_a_timer_so_that_it_has_not_fired_withdraws_its_interrupt)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	timer_comes();
	CHECK(irq_line(SP1, 0));

	write_timer(PHYSICAL, in(10 * MS));
	CHECK(!irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), VIRQ_NONE);
	timer_comes();
	write_timer_control(PHYSICAL, 0, 0);
	CHECK(!irq_line(SP1, 0));
}

TEST(the_other_timer_that_has_fired_keeps_the_interrupt)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	write_timer(VIRTUAL, in(10 * MS));
	timer_comes();

	write_timer_control(PHYSICAL, 0, 0);
	CHECK(irq_line(SP1, 0));
	write_timer_control(VIRTUAL, 0, 0);
	CHECK(!irq_line(SP1, 0));
}

TEST(a_timer_that_is_not_enabled_pends_until_it_is)
{
	sp1_runs();
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, TIMER, 0, 0), 0);
	write_timer(PHYSICAL, in(10 * MS));
	timer_comes();
	CHECK(!irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), VIRQ_NONE);

	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, TIMER, 1, 1), 0);
	CHECK(fiq_line(SP1, 0));
	CHECK_EQUAL(fetch(), TIMER);
}

/* ---- while it does not -------------------------------------------------------------------------- */

static void wait_with_timer(enum instance instance)
{
	boot(instance, 1);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), NW);
	check_timer_at(in(10 * MS));
}

TEST(a_timer_interrupts_the_normal_world_for_a_context_that_waits)
{
	static const enum instance kinds[] = { INSTANCE_S1MP, INSTANCE_S1UP, INSTANCE_S0 };

	for (unsigned i = 0; i < 3; i++) {
		wait_with_timer(kinds[i]);
		timer_comes();
		CHECK_ENTERED(SP1, TIMER);
		CHECK_EQUAL(fetch(), kinds[i] == INSTANCE_S0 ? VIRQ_NONE : (uint32_t)TIMER);
		CALL(SP1, FFA_MSG_WAIT_32);
		CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	}
}

TEST(a_timer_takes_a_caller_out_of_its_call)
{
	sp1_runs();
	write_timer(VIRTUAL, in(10 * MS));
	request(SP1, SP2);

	timer_comes();
	CHECK_GOT(SP1, FFA_INTERRUPT_32);
	CHECK_EQUAL(fetch(), TIMER);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK_EQUAL(running(), SP2);
}

TEST(a_timer_of_a_preempted_context_waits_for_it)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	fiq();

	timer_comes();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	run(SP1);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), TIMER);
}

TEST(a_timer_that_the_policy_leaves_to_the_scheduler_is_told)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->sri_interrupts_policy = 0x1;
	interrupts_boot(1);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);

	timer_comes();
	CHECK_EQUAL(running(), NW);
	turn();
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 0);
}

TEST(several_timers_that_are_due_are_all_served)
{
	boot(INSTANCE_S1MP, 1);
	for (uint16_t id = SP1; id <= SP4; id++) {
		run(id);
		write_timer(PHYSICAL, UINT64_C(50) * MS + id);
		write_timer(VIRTUAL, UINT64_C(60) * MS + id);
		CALL(id, FFA_MSG_WAIT_32);
	}
	host_time_advance(100 * MS);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_TIMER);

	take_interrupt();
	for (unsigned i = 0; i < 4; i++) {
		uint16_t id = running();

		CHECK_ENTERED(id, TIMER);
		CHECK_EQUAL(fetch(), id == SP4 ? VIRQ_NONE : (uint32_t)TIMER);
		CALL(id, FFA_MSG_WAIT_32);
	}
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);
}

/* ---- on other PEs ------------------------------------------------------------------------------- */

TEST(each_context_has_timers_of_its_own)
{
	boot(INSTANCE_S1MP, 2);
	request(NW, SP1);
	write_timer(PHYSICAL, in(10 * MS));
	on_pe(1);
	request(NW, SP1);
	check_timer_at(ARCH_NEVER);
	write_timer(PHYSICAL, in(20 * MS));
	check_timer_at(in(20 * MS));
	on_pe(0);
	check_timer_at(in(10 * MS));
	timer_comes();
	CHECK_EQUAL(fetch(), TIMER);
	CHECK(!irq_line(SP1, 1));
}

TEST(a_timer_of_a_context_that_has_migrated_finds_it)
{
	boot(INSTANCE_S1UP, 2);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);

	timer_comes();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK_EQUAL(running(), SP1);
	CHECK(irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), TIMER);
}

TEST(a_timer_that_a_migrated_context_sets_anew_moves_with_it)
{
	boot(INSTANCE_S1UP, 2);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);
	on_pe(1);
	request(NW, SP1);
	write_timer(PHYSICAL, in(20 * MS));
	check_timer_at(in(20 * MS));
	on_pe(0);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);

	time_comes(10 * MS); /* nobody has told this PE: for nothing, once */
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	check_timer_at(ARCH_NEVER);
	on_pe(1);
	CHECK_EQUAL(running(), SP1);
	CHECK(!irq_line(SP1, 1));
	timer_comes();
	CHECK(irq_line(SP1, 1));
}

/* ---- ends --------------------------------------------------------------------------------------- */

TEST(timers_of_a_context_that_ended_are_gone)
{
	sp1_runs();
	write_timer(PHYSICAL, in(10 * MS));
	write_timer(VIRTUAL, in(20 * MS));

	fault("data abort", 0);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);
}

TEST(timers_of_other_contexts_of_a_partition_that_ended_do_nothing)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	timer_comes();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK_EQUAL(state_of(SP1, 1), CTX_WAITING);
	check_timer_at(ARCH_NEVER);
}

TEST(timers_are_off_in_a_context_that_starts)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	run(SP1);
	write_timer(PHYSICAL, in(10 * MS));
	CALL(SP1, FFA_MSG_WAIT_32);
	power_off();
	interrupts_power_on(1);
	CHECK_EQUAL(context_of(SP1, 1)->arch.timers[PHYSICAL].control, 0);
	check_timer_at(ARCH_NEVER);
}
