/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts among the contexts of a partition (0xff0a): who may send to whom, and what a context does with one
 * in each state. An IPI alone takes nobody's cycles: the scheduler is told.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

#define IPI VIRQ_IPI
#define FAILED UINT64_MAX

static void boot(unsigned pe_count)
{
	interrupts_add_usual(INSTANCE_S1MP);
	interrupts_boot(pe_count);
}

static uint64_t send(uint64_t vcpu)
{
	return paravirt(INTERRUPT_SEND_IPI, vcpu, 0, 0);
}

/** SP1 runs on PE 0 and has sent an IPI to its context of PE 1, which is the test's now. */
static void sent_to_pe1(void)
{
	on_pe(0);
	request(NW, SP1);
	CHECK_EQUAL(send(1), 0);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
}

/** As sent_to_pe1(), by SP1 that runs there still. */
static void sent_again_to_pe1(void)
{
	on_pe(0);
	CHECK_EQUAL(send(1), 0);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
}

/* ---- who, to whom ------------------------------------------------------------------------------- */

TEST(an_ipi_to_oneself_raises_the_line)
{
	boot(2);
	request(NW, SP1);

	CHECK_EQUAL(send(0), 0);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(host_kick_count(&this_pe()->arch), 0);
	CHECK_EQUAL(fetch(), IPI);
	CHECK(!irq_line(SP1, 0));
}

TEST(an_ipi_goes_to_contexts_that_there_are)
{
	boot(2);
	request(NW, SP1);

	CHECK_EQUAL(send(2), FAILED);
	CHECK_EQUAL(send(UINT64_C(0x100000001)), FAILED);
	CHECK_EQUAL(send(UINT64_MAX), FAILED);
	CHECK_EQUAL(send(1), 0);
}

TEST(an_ipi_to_a_context_that_is_off_fails)
{
	boot(2);
	on_pe(1);
	power_off();
	on_pe(0);
	request(NW, SP1);

	CHECK_EQUAL(send(1), FAILED);
	CHECK_EQUAL(context_of(SP1, 1)->virqs.pending, 0);
}

TEST(a_partition_with_one_context_sends_to_itself)
{
	boot(2);
	on_pe(1);
	request(NW, SP3);

	CHECK_EQUAL(send(0), 0);
	CHECK(irq_line(SP3, 1));
	CHECK_EQUAL(send(1), FAILED);
	CHECK_EQUAL(fetch(), IPI);
}

TEST(an_ipi_is_of_the_own_partition)
{
	boot(2);
	request(NW, SP1);
	CHECK_EQUAL(send(1), 0);
	CHECK_EQUAL(context_of(SP2, 1)->virqs.pending, 0);
	CHECK(context_of(SP1, 1)->virqs.pending != 0);
}

/* ---- in each state ------------------------------------------------------------------------------ */

TEST(a_running_context_gets_its_line)
{
	boot(2);
	on_pe(1);
	request(NW, SP1);
	sent_to_pe1();

	CHECK_EQUAL(running(), SP1);
	CHECK(irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), IPI);
	CHECK_EQUAL(sri_count(), 0);
}

TEST(the_scheduler_is_told_of_one_for_a_waiting_context)
{
	boot(2);
	sent_to_pe1();

	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK_EQUAL(state_of(SP1, 1), CTX_WAITING);
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 1);
	run(SP1);
	CHECK(irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), IPI);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
}

TEST(who_runs_meanwhile_goes_on)
{
	boot(2);
	on_pe(1);
	request(NW, SP2);
	sent_to_pe1();

	CHECK_GOT(SP2, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK_EQUAL(sri_count(), 1);
	respond(SP2, NW);
	check_told_of(SP1, 1);
}

TEST(the_scheduler_is_told_later_while_an_ipi_of_who_runs_pends)
{
	boot(2);
	on_pe(1);
	request(NW, SP2);
	CHECK_EQUAL(send(1), 0);
	sent_to_pe1();

	CHECK_EQUAL(sri_count(), 0);
	CHECK_EQUAL(fetch(), IPI);
	respond(SP2, NW);
	turn();
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 1);
}

TEST(one_that_pends_when_a_context_waits_is_left_to_the_scheduler)
{
	boot(2);
	request(NW, SP1);
	CHECK_EQUAL(send(0), 0);
	respond(SP1, NW);

	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 0);
}

TEST(together_with_another_interrupt_it_takes_cycles)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupts[0].has_target = true;
	config_of(SP1)->interrupts[0].target_mpidr = 1;
	interrupts_boot(2);
	sent_to_pe1();
	CHECK_EQUAL(running(), NW);

	interrupt_comes(SPI_OF(SP1));
	CHECK_ENTERED(SP1, IPI); /* the lowest bit; all are to be fetched */
	CHECK_EQUAL(fetch(), IPI);
	CHECK_EQUAL(fetch(), SPI_OF(SP1));
	CHECK_EQUAL(fetch(), VIRQ_NONE);
}

TEST(a_preempted_context_gets_it_when_it_is_resumed)
{
	boot(2);
	on_pe(1);
	request(NW, SP1);
	fiq();
	sent_to_pe1();

	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(state_of(SP1, 1), CTX_PREEMPTED);
	CHECK_EQUAL(sri_count(), 0);
	run(SP1);
	CHECK(irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), IPI);
}

TEST(a_context_that_has_yielded_gets_it_when_it_is_resumed)
{
	boot(2);
	on_pe(1);
	run(SP1);
	CALL(SP1, FFA_YIELD_32);
	sent_to_pe1();

	CHECK_EQUAL(state_of(SP1, 1), CTX_YIELDED);
	run(SP1);
	CHECK_EQUAL(fetch(), IPI);
}

TEST(a_caller_is_taken_out_of_its_call)
{
	boot(2);
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP2);
	sent_to_pe1();

	CHECK_GOT(SP1, FFA_INTERRUPT_32);
	CHECK_EQUAL(fetch(), IPI);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 1));
	CHECK_EQUAL(running(), SP2);
}

TEST(one_that_is_not_enabled_pends_until_it_is)
{
	boot(2);
	on_pe(1);
	run(SP1);
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, IPI, 0, 0), 0);
	CALL(SP1, FFA_MSG_WAIT_32);
	sent_to_pe1();
	CHECK_EQUAL(sri_count(), 0);
	check_nothing_told();

	run(SP1);
	CHECK(!irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), VIRQ_NONE);
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, IPI, 1, 0), 0);
	CHECK(irq_line(SP1, 1));
}

TEST(several_are_one)
{
	boot(2);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	request(NW, SP1);
	for (unsigned i = 0; i < 5; i++) {
		CHECK_EQUAL(send(1), 0);
	}
	on_pe(1);
	take_interrupt();
	CHECK_EQUAL(fetch(), IPI);
	CHECK_EQUAL(fetch(), VIRQ_NONE);
}

TEST(a_storm_of_them_disturbs_the_pe_of_a_waiting_context_once)
{
	boot(2);
	sent_to_pe1();
	on_pe(0);
	for (unsigned i = 0; i < 100; i++) {
		CHECK_EQUAL(send(1), 0);
	}
	on_pe(1);

	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	CHECK_EQUAL(host_kick_count(&this_pe()->arch), 1);
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 1);
	run(SP1);
	CHECK_EQUAL(fetch(), IPI);
	CALL(SP1, FFA_MSG_WAIT_32);
	sent_again_to_pe1();
	check_told_of(SP1, 1);
}

TEST(a_storm_of_them_comes_as_one_kick_before_it_is_looked_at)
{
	boot(2);
	on_pe(1);
	request(NW, SP1);
	CHECK_EQUAL(send(1), 0);
	on_pe(0);
	request(NW, SP1);
	for (unsigned i = 0; i < 100; i++) {
		CHECK_EQUAL(send(1), 0);
		on_pe(1);
		(void)fetch(); /* in time, though nobody told it to */
		on_pe(0);
	}
	CHECK_EQUAL(host_kick_count(&the_spmc()->pes[1].arch), 1);
}

TEST(contexts_on_all_pes_send_to_all)
{
	boot(4);
	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		request(NW, SP1);
	}
	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		for (unsigned other = 0; other < 4; other++) {
			CHECK_EQUAL(send(other), 0);
		}
	}
	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		if (pe > 0) { /* PE 0 was its own first, and has its line */
			take_interrupt();
		}
		CHECK_EQUAL(fetch(), IPI);
		CHECK_EQUAL(fetch(), VIRQ_NONE);
		respond(SP1, NW);
	}
}
