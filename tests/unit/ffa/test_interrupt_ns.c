/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Non-secure interrupts while partitions run (DEN0077A, "Interrupt management"): queued, managed exit, signaled,
 * and chains of two. A FIQ is taken only where nothing masks it, as the machine has it.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

#define MEI VIRQ_MANAGED_EXIT

/** A non-secure interrupt comes: it waits where it is masked, else who runs is stopped. */
static void ns_interrupt(void)
{
	if (!is_masked()) {
		fiq();
	}
}

static void set_action(uint16_t id, uint8_t action)
{
	config_of(id)->ns_interrupts_action = action;
}

/** SP1 and SP2, S-EL1, with these actions; SP3: S-EL1 UP, SP4: S-EL0. */
static void boot(uint8_t action1, uint8_t action2)
{
	interrupts_add_usual(INSTANCE_S1MP);
	set_action(SP1, action1);
	set_action(SP2, action2);
	interrupts_boot(1);
}

#define QUEUED NS_INTERRUPTS_QUEUED
#define MANAGED NS_INTERRUPTS_MANAGED_EXIT
#define SIGNALED NS_INTERRUPTS_SIGNALED

static void check_preempted(uint16_t id)
{
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(id, 0));
	CHECK_EQUAL(state_of(id, 0), CTX_PREEMPTED);
	CHECK(!is_masked());
}

static void check_leaving(uint16_t id)
{
	CHECK_EQUAL(running(), id);
	CHECK(is_masked());
	CHECK(fiq_line(id, 0));
	CHECK(!irq_line(id, 0));
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), this_pe()->exit_at);
}

/* ---- one partition ------------------------------------------------------------------------------ */

TEST(signaled_preempts)
{
	boot(SIGNALED, SIGNALED);
	request(NW, SP1);
	CHECK(!is_masked());

	ns_interrupt();
	check_preempted(SP1);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1)); /* as before */
	respond(SP1, NW);
}

TEST(queued_masks_as_long_as_it_runs)
{
	boot(QUEUED, SIGNALED);
	request(NW, SP1);
	CHECK(is_masked());

	fiq(); /* though it is masked: the partition cannot undo that */
	CHECK_EQUAL(running(), SP1);
	respond(SP1, NW);
	CHECK(!is_masked());
	run(SP1);
	CHECK(is_masked());
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK(!is_masked());
}

TEST(queued_masks_not_while_it_waits_or_has_yielded)
{
	boot(QUEUED, SIGNALED);
	CHECK(!is_masked());
	run(SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK(!is_masked());
	run(SP1);
	CHECK(is_masked());
}

TEST(the_mask_of_before_comes_back)
{
	boot(QUEUED, SIGNALED);
	this_pe()->arch.normal_world_masked = true;
	this_pe()->mask_before = 1;
	request(NW, SP1);
	CHECK(is_masked());

	respond(SP1, NW);
	CHECK(is_masked());
}

TEST(a_managed_exit_tells_the_partition_to_leave)
{
	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	CHECK(!is_masked());

	ns_interrupt();
	check_leaving(SP1);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1));
	CHECK_EQUAL(fetch(), MEI);
	CHECK(!fiq_line(SP1, 0));
	respond(SP1, NW);
	CHECK(!is_masked());
	CHECK_EQUAL(this_pe()->exit_at, ARCH_NEVER);
	timer_comes(); /* it was left set, once */
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
}

TEST(a_managed_exit_may_come_as_irq)
{
	interrupts_add_usual(INSTANCE_S1MP);
	set_action(SP1, MANAGED);
	config_of(SP1)->managed_exit_virq = true;
	interrupts_boot(1);
	request(NW, SP1);

	ns_interrupt();
	CHECK(irq_line(SP1, 0));
	CHECK(!fiq_line(SP1, 0));
}

TEST(a_managed_exit_ends_with_waiting_or_yielding_as_well)
{
	boot(MANAGED, SIGNALED);
	run(SP1);
	ns_interrupt();
	check_leaving(SP1);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	CHECK(!is_masked());

	run(SP1);
	ns_interrupt();
	check_leaving(SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_GOT(NW, FFA_YIELD_32, FFA_TARGET(SP1, 0));
	CHECK(!is_masked());
}

TEST(a_managed_exit_that_was_not_fetched_is_over_with_it)
{
	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	ns_interrupt();
	respond(SP1, NW);

	request(NW, SP1);
	CHECK(!fiq_line(SP1, 0));
	CHECK_EQUAL(fetch(), VIRQ_NONE);
	ns_interrupt();
	check_leaving(SP1); /* the next one is a new one */
}

TEST(a_partition_that_does_not_leave_is_preempted_when_its_budget_ends)
{
	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	ns_interrupt();
	CHECK_EQUAL(this_pe()->exit_at, arch_counter() + BUDGET);

	timer_comes();
	CHECK_EQUAL(running(), SP1);
	CHECK(!is_masked());
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	ns_interrupt();
	check_preempted(SP1);
	run(SP1);
	ns_interrupt();
	check_leaving(SP1); /* it may try again */
	respond(SP1, NW);
}

TEST(the_budget_of_a_managed_exit_is_the_partitions)
{
	interrupts_add_usual(INSTANCE_S1MP);
	set_action(SP1, MANAGED);
	config_of(SP1)->interrupt_budget_us = 250;
	interrupts_boot(1);
	request(NW, SP1);

	ns_interrupt();
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), arch_counter() + 250 * US);
}

TEST(a_managed_exit_that_was_not_enabled_is_one_all_the_same)
{
	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, MEI, 0, 0), 0);

	ns_interrupt();
	CHECK(!fiq_line(SP1, 0));
	timer_comes();
	ns_interrupt();
	check_preempted(SP1);
}

/* ---- chains ------------------------------------------------------------------------------------- */

/** NW -> SP1 -> SP2. */
static void chain(uint8_t action1, uint8_t action2)
{
	boot(action1, action2);
	request(NW, SP1);
	request(SP1, SP2);
}

TEST(who_queues_queues_for_whom_it_calls)
{
	chain(QUEUED, SIGNALED);
	CHECK(is_masked());
	respond(SP2, SP1);
	CHECK(is_masked());
	respond(SP1, NW);
	CHECK(!is_masked());

	chain(QUEUED, MANAGED);
	CHECK(is_masked());
	CHECK(!fiq_line(SP2, 0));
}

TEST(a_callee_that_queues_does_so_for_itself)
{
	chain(SIGNALED, QUEUED);
	CHECK(is_masked());
	respond(SP2, SP1);
	CHECK(!is_masked());
	ns_interrupt();
	check_preempted(SP1);

	chain(MANAGED, QUEUED);
	CHECK(is_masked());
	respond(SP2, SP1);
	CHECK(!is_masked());
	ns_interrupt();
	check_leaving(SP1);
}

TEST(a_signaled_callee_is_preempted_and_then_its_signaled_caller)
{
	chain(SIGNALED, SIGNALED);

	ns_interrupt();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0));
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	ns_interrupt();
	check_preempted(SP1);
	run(SP1);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	respond(SP1, NW);
}

TEST(a_signaled_callee_is_preempted_and_its_caller_told_to_leave)
{
	chain(MANAGED, SIGNALED);

	ns_interrupt();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0));
	ns_interrupt();
	check_leaving(SP1);
	CHECK_EQUAL(fetch(), MEI);
	respond(SP1, NW);
	request(NW, SP1);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	respond(SP2, SP1);
	respond(SP1, NW);
}

TEST(a_callee_is_told_to_leave_and_its_signaled_caller_preempted_afterwards)
{
	chain(SIGNALED, MANAGED);

	ns_interrupt();
	check_leaving(SP2);
	CHECK_EQUAL(fetch(), MEI);
	respond(SP2, SP1);
	CHECK(!is_masked());
	ns_interrupt();
	check_preempted(SP1);
}

TEST(of_two_with_managed_exits_each_is_told_in_its_turn)
{
	chain(MANAGED, MANAGED);

	ns_interrupt();
	check_leaving(SP2);
	CHECK_EQUAL(fetch(), MEI);
	respond(SP2, SP1);
	CHECK(!is_masked());
	ns_interrupt();
	check_leaving(SP1);
	respond(SP1, NW);
}

TEST(whom_a_leaving_partition_calls_is_not_told)
{
	boot(MANAGED, MANAGED);
	request(NW, SP1);
	ns_interrupt();
	check_leaving(SP1);
	request(SP1, SP2);
	CHECK(is_masked());
	CHECK(!fiq_line(SP2, 0));

	respond(SP2, SP1);
	check_leaving(SP1);
	respond(SP1, NW);
}

TEST(a_leaving_partition_whose_callee_hangs_is_preempted_with_it)
{
	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	ns_interrupt();
	request(SP1, SP2);

	timer_comes();
	CHECK_EQUAL(running(), SP2);
	CHECK(!is_masked());
	ns_interrupt();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0));
	CHECK(!is_masked());
	ns_interrupt();
	check_preempted(SP1);
}

TEST(a_callee_that_queues_does_so_though_its_leaving_caller_has_had_its_time)
{
	boot(MANAGED, QUEUED);
	request(NW, SP1);
	ns_interrupt();
	request(SP1, SP2);
	request(SP2, SP3);

	timer_comes();
	CHECK_EQUAL(running(), SP3);
	CHECK(is_masked());
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	respond(SP3, SP2);
	CHECK(is_masked());
	respond(SP2, SP1);
	CHECK(!is_masked());
	ns_interrupt();
	check_preempted(SP1);
}

/* ---- together with secure ones ------------------------------------------------------------------ */

TEST(non_secure_interrupts_wait_while_a_secure_one_is_handled)
{
	boot(SIGNALED, SIGNALED);
	interrupt_comes(SPI_OF(SP1));
	CHECK_ENTERED(SP1, SPI_OF(SP1));
	CHECK(is_masked());
	request(SP1, SP2); /* for its callees as well */
	CHECK(is_masked());
	fiq();
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	CHECK_EQUAL(fetch(), SPI_OF(SP1));

	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK(!is_masked());
}

TEST(who_was_told_to_leave_is_so_still_after_a_secure_interrupt)
{
	uint64_t at;

	boot(MANAGED, SIGNALED);
	request(NW, SP1);
	ns_interrupt();
	at = this_pe()->exit_at;
	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	CALL(SP2, FFA_MSG_WAIT_32);

	check_leaving(SP1);
	CHECK_EQUAL(this_pe()->exit_at, at);
	CHECK_EQUAL(fetch(), MEI);
	respond(SP1, NW);
	CHECK(!is_masked());
}

/** SP1 -> SP2, which is told to leave; SP1 is taken out of its call meanwhile. */
static void caller_of_a_leaving_one(void)
{
	chain(SIGNALED, MANAGED);
	ns_interrupt();
	check_leaving(SP2);
	interrupt_comes(SPI_OF(SP1));
	CHECK_GOT(SP1, FFA_INTERRUPT_32);
	CHECK(is_masked());
	CHECK_EQUAL(fetch(), SPI_OF(SP1));
}

TEST(a_managed_exit_has_its_time_though_the_caller_has_an_interrupt)
{
	uint64_t at;

	caller_of_a_leaving_one();
	at = this_pe()->exit_at;
	CHECK(at != ARCH_NEVER);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	check_leaving(SP2);
	CHECK_EQUAL(this_pe()->exit_at, at);
	timer_comes();
	CHECK(!is_masked());
	ns_interrupt();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0));
}

TEST(time_that_a_secure_interrupt_took_is_not_the_leaving_partitions)
{
	interrupts_add_usual(INSTANCE_S1MP);
	set_action(SP2, MANAGED);
	config_of(SP2)->interrupt_budget_us = 100;
	interrupts_boot(1);
	request(NW, SP1);
	request(SP1, SP2);
	ns_interrupt();
	interrupt_comes(SPI_OF(SP1));
	CHECK_EQUAL(fetch(), SPI_OF(SP1));

	time_comes(100 * US); /* of SP2's exit, while SP1 runs */
	CHECK_EQUAL(running(), SP1);
	CHECK(is_masked());
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	check_leaving(SP2);
	timer_comes();
	CHECK_EQUAL(running(), SP2);
	CHECK(!is_masked());
}
