/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that is counted (core/budget.h): who hangs where nobody else could stop it ends, nobody pays for
 * somebody else, and interrupts of one partition take no more than their share of a PE.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

#define MINE SPI_OF(SP1)
#define START_BUDGET (10000 * MS)

static void boot(unsigned pe_count)
{
	interrupts_add_usual(INSTANCE_S1MP);
	interrupts_boot(pe_count);
}

static uint64_t left(void)
{
	return host_timer_at(&this_pe()->arch) - arch_counter();
}

static bool is_aborted(uint16_t id)
{
	return partition_state(partition_of(id)) == PARTITION_ABORTED;
}

static void check_logged(const char *text)
{
	if (strstr(host_console(), text) == NULL) {
		print_error("not in the log: %s\n%s", text, host_console());
		fail();
	}
}

/** @id, which the normal world sees through, answers who is not there to hear it. */
static void respond_to_nobody(uint16_t id)
{
	CALL(id, RESP, FFA_ENDPOINTS(id, this_pe()->current->requester));
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
}

/* ---- who hangs ---------------------------------------------------------------------------------- */

TEST(a_handler_that_hangs_ends_and_whom_it_interrupted_goes_on)
{
	boot(1);
	request(NW, SP2);
	interrupt_comes(MINE);
	CHECK_EQUAL(left(), BUDGET);

	timer_comes();
	CHECK(is_aborted(SP1));
	CHECK_EQUAL(state_of(SP1, 0), CTX_ABORTED);
	CHECK_GOT(SP2, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK(!is_masked());
	CHECK(!is_active(MINE));
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	check_logged(
		"0x8001 sp1: vCPU 0 stopped: what it did for an interrupt or EL3 took too long");
	respond(SP2, NW);
}

TEST(a_handler_that_hangs_gives_the_normal_world_its_pe_back)
{
	boot(1);
	interrupt_comes(MINE);

	timer_comes();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(!is_masked());
}

TEST(a_budget_is_the_manifests)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupt_budget_us = 300;
	interrupts_boot(1);

	interrupt_comes(MINE);
	CHECK_EQUAL(left(), 300 * US);
}

TEST(a_callee_of_a_handler_that_takes_too_long_is_preempted)
{
	boot(1);
	interrupt_comes(MINE);
	host_time_advance(100 * MS);
	request(SP1, SP2);
	CHECK_EQUAL(left(), BUDGET); /* its own */

	timer_comes();
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0), 0);
	CHECK_EQUAL(left(), BUDGET - 100 * MS); /* it goes on with what it had left */
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);

	turn();
	CHECK_EQUAL(sri_count(), 1); /* the scheduler may see it through */
	check_told_of(SP2, 0);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CALL(SP2, RESP, FFA_ENDPOINTS(SP2, SP1));
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
}

TEST(who_resumes_a_callee_that_has_no_time_left_is_told_at_once)
{
	boot(1);
	interrupt_comes(MINE);
	request(SP1, SP2);
	timer_comes();
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(left(), 0);

	take_interrupt();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0), 0);
}

TEST(a_callee_of_a_callee_has_a_budget_of_its_own_too)
{
	boot(1);
	interrupt_comes(MINE);
	request(SP1, SP2);
	host_time_advance(200 * MS);
	request(SP2, SP3);
	CHECK_EQUAL(left(), BUDGET);
	host_time_advance(300 * MS);
	respond(SP3, SP2);
	CHECK_EQUAL(left(), BUDGET - 200 * MS);
	respond(SP2, SP1);
	CHECK_EQUAL(left(), BUDGET);
}

TEST(two_that_call_each_other_again_and_again_come_to_an_end)
{
	unsigned turns = 0;

	boot(1);
	interrupt_comes(MINE);
	while (!is_aborted(SP1) && state_of(SP2, 0) != CTX_PREEMPTED) {
		CHECK(turns++ < 20);
		request(SP1, SP2);
		host_time_advance(100 * MS);
		if (host_timer_asserts(&this_pe()->arch)) {
			take_interrupt();
		} else {
			respond(SP2, SP1);
		}
	}
	CHECK_EQUAL(turns, 5); /* half a second together */
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0), 0);
}

TEST(a_start_that_hangs_ends_and_the_next_one_starts)
{
	interrupts_add_usual(INSTANCE_S1MP);
	system_build(1);
	power_on_begin(0);
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(left(), START_BUDGET);

	timer_comes();
	CHECK(is_aborted(SP1));
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(left(), START_BUDGET);
	check_logged("0x8001 sp1: vCPU 0 stopped: its start took too long");
	interrupts_finish_start();
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
}

TEST(a_budget_for_the_start_is_the_manifests)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->start_budget_ms = 20;
	system_build(1);
	power_on_begin(0);
	CHECK_EQUAL(left(), 20 * MS);
}

TEST(who_takes_too_long_when_a_starting_partition_calls_it_is_preempted)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP2)->boot_order = 1;
	system_build(1);
	power_on_begin(0);
	interrupts_start_until(SP1);
	request(SP1, SP2);
	CHECK_EQUAL(left(), START_BUDGET);

	timer_comes();
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP2, 0), 0);
	CHECK_EQUAL(left(), START_BUDGET);
	interrupts_finish_start();
}

TEST(who_hangs_over_a_request_of_el3_ends)
{
	boot(1);
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	CHECK_EQUAL(left(), START_BUDGET);

	timer_comes();
	CHECK(is_aborted(SP1));
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	turn();
	CHECK(!is_masked());
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

TEST(a_caller_out_of_its_call_that_hangs_ends_and_leaves_its_callee_preempted)
{
	boot(1);
	request(NW, SP1);
	request(SP1, SP2);
	request(SP2, SP3);
	interrupt_comes(MINE);
	CHECK_EQUAL(left(), BUDGET);

	timer_comes();
	CHECK(is_aborted(SP1));
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	CHECK_EQUAL(state_of(SP3, 0), CTX_PREEMPTED);
	CHECK(!is_masked());
	run(SP3);
	respond_to_nobody(SP3);
	run(SP2);
	CHECK_GOT(SP2, FFA_INTERRUPT_32, FFA_TARGET(SP3, 0));
	respond_to_nobody(SP2);
}

/* ---- what is not counted ------------------------------------------------------------------------ */

TEST(what_runs_for_the_normal_world_has_all_the_time)
{
	boot(1);
	request(NW, SP1);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	request(SP1, SP2);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
}

TEST(whom_a_handler_interrupted_does_not_pay_for_it)
{
	boot(1);
	request(NW, SP2);
	interrupt_comes(MINE);
	host_time_advance(400 * MS);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(this_pe()->budget_at, ARCH_NEVER);
	host_time_advance(600 * MS);
	if (host_interrupt_line(&this_pe()->arch) == ARCH_INTERRUPT_TIMER) {
		take_interrupt();
	}
	CHECK_EQUAL(running(), SP2);
}

TEST(each_interrupt_has_a_whole_budget)
{
	boot(1);
	interrupt_comes(MINE);
	host_time_advance(300 * MS);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);

	interrupt_comes(MINE);
	CHECK_ENTERED(SP1, MINE);
	CHECK_EQUAL(left(), BUDGET);
}

TEST(a_timer_of_a_partition_does_not_end_a_budget)
{
	boot(1);
	run(SP2);
	write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + 100 * MS);
	CALL(SP2, FFA_MSG_WAIT_32);
	interrupt_comes(MINE);
	CHECK_EQUAL(left(), 100 * MS);

	timer_comes();
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(left(), BUDGET - 100 * MS);
}

/* ---- the share ---------------------------------------------------------------------------------- */

/** SP1 handles one interrupt for @ns. */
static void handle_for(uint64_t ns)
{
	CHECK_ENTERED(SP1, MINE);
	host_time_advance(ns);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
}

TEST(interrupts_of_a_partition_take_no_more_than_half_of_a_pe_in_the_long_run)
{
	uint64_t begin, served = 0;

	boot(1);
	begin = arch_counter();
	for (unsigned i = 0; i < 100; i++) {
		interrupt_comes(MINE);
		if (running() == NW) { /* its share is used up */
			CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
			CHECK(is_active(MINE));
			CHECK(host_timer_at(&this_pe()->arch) != ARCH_NEVER);
			timer_comes();
		}
		handle_for(100 * MS);
		served += 100 * MS;
		CHECK_EQUAL(running(), NW);
	}
	CHECK(served <= (arch_counter() - begin) / 2 + 2 * BUDGET);
	CHECK(served >= (arch_counter() - begin) / 2 - 2 * BUDGET);
}

TEST(a_partition_whose_share_is_used_up_gets_its_interrupt_when_the_scheduler_runs_it)
{
	boot(1);
	for (unsigned i = 0; i < 20 && running() == NW; i++) {
		interrupt_comes(MINE);
		if (running() == SP1) {
			handle_for(400 * MS);
		} else {
			break;
		}
	}
	CHECK_EQUAL(running(), NW);
	CHECK(is_active(MINE));

	run(SP1);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	timer_comes(); /* the retry finds nothing */
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
}

TEST(the_share_of_one_partition_is_not_anothers)
{
	boot(1);
	for (unsigned i = 0; i < 20 && running() == NW && !is_active(MINE); i++) {
		interrupt_comes(MINE);
		if (running() == SP1) {
			handle_for(400 * MS);
		}
	}
	CHECK(is_active(MINE));

	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
}

/** Whoever is entered handles one interrupt for 20 ms. Returns the time that it all took. */
static uint64_t handle_all(void)
{
	uint64_t ns = 0;

	for (; running() != NW; ns += 20 * MS) {
		uint16_t id = running();

		host_time_advance(20 * MS);
		CHECK_EQUAL(fetch(), SPI_OF(id));
		CALL(id, FFA_MSG_WAIT_32);
		turn();
	}
	return ns;
}

TEST(partitions_together_leave_a_part_of_the_pe)
{
	uint64_t interrupted = 0, since;

	boot(1);
	since = arch_counter();
	for (unsigned i = 0; i < 300; i++) {
		for (uint16_t id = SP1; id <= SP3; id++) {
			if (!is_active(SPI_OF(id))) {
				interrupt_comes(SPI_OF(id));
			}
			interrupted += handle_all();
		}
		host_time_advance(MS);
		if (host_interrupt_line(&this_pe()->arch) == ARCH_INTERRUPT_TIMER) {
			take_interrupt();
			interrupted += handle_all();
		}
	}
	/* but for the first second; each alone could have half */
	CHECK(interrupted <= 1100 * MS + (arch_counter() - since) / 4 * 3);
	CHECK(interrupted > (arch_counter() - since) / 8 * 5);
}

TEST(short_interrupts_that_are_rare_are_never_held_back)
{
	boot(1);
	for (unsigned i = 0; i < 1000; i++) {
		interrupt_comes(MINE);
		handle_for(20 * US);
		host_time_advance(80 * US);
	}
	CHECK_EQUAL(running(), NW);
}

TEST(a_caller_is_held_back_as_well)
{
	boot(1);
	for (unsigned i = 0; i < 20 && running() == NW && !is_active(MINE); i++) {
		interrupt_comes(MINE);
		if (running() == SP1) {
			handle_for(400 * MS);
		}
	}
	run(SP1);
	CHECK_EQUAL(fetch(), MINE);
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
	request(SP1, SP2);
	interrupt_comes(MINE);
	CHECK_EQUAL(running(), SP2);

	while (running() == SP2) {
		timer_comes();
	}
	CHECK_GOT(SP1, FFA_INTERRUPT_32);
}
