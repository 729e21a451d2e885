/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts that do not come at once: those that a partition's manifest leaves to the scheduler
 * (sri-interrupts-policy), those that pend when a context would wait, and those that were postponed.
 */
#include "tests/unit/ffa/delivery_fixture.h"

enum { FETCHED_ONCE = 1 };

/* ---- the scheduler decides ---------------------------------------------------------------------- */

static void (*const waiting[])(void) = {
	sp1_waits_while_the_normal_world_runs,
	sp1_waits_while_another_runs,
	sp1_waits_while_a_callee_runs,
	sp1_waits_while_an_interrupt_is_handled,
	sp1_waits_while_a_handler_has_called,
	sp1_waits_while_a_caller_is_out_of_its_call,
	sp1_waits_while_somebody_queues,
	sp1_waits_while_another_starts,
	sp1_waits_while_another_is_told_of_cpu_off,
	sp1_waits_while_another_serves_el3,
};

static void try_waiting(enum instance instance)
{
	for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
		struct before before;

		delivery_add(instance);
		sp1->sri_interrupts_policy = 0x1;
		waiting[i]();
		before = delivery_look();
		interrupt_comes(MINE);
		check_only_told(&before);
		if (waiting[i] != sp1_waits_while_another_is_told_of_cpu_off) {
			check_scheduled(); /* else its PE is off then */
		}
	}
}

TEST(a_policy_leaves_waiting_contexts_to_the_scheduler)
{
	try_waiting(INSTANCE_S1MP);
	try_waiting(INSTANCE_S1UP);
}

/* ---- what pends when it would wait -------------------------------------------------------------- */

/** SP1 ends what it does without having fetched its interrupt. */
static void leave(void)
{
	if (this_pe()->current->model == MODEL_DIRECT) {
		CALL(SP1, RESP, FFA_ENDPOINTS(SP1, this_pe()->current->requester), 0, 7);
	} else {
		CALL(SP1, FFA_MSG_WAIT_32);
	}
}

/** SP1 runs with something pending as @set says, and leaves. */
static void leaves_with_it_pending(enum instance instance, void (*set)(void), uint8_t policy)
{
	delivery_add(instance);
	sp1->sri_interrupts_policy = policy;
	set();
	interrupt_comes(MINE);
	leave();
}

static void check_intercepted(enum instance instance, void (*set)(void), uint8_t policy)
{
	leaves_with_it_pending(instance, set, policy);
	CHECK_ENTERED(SP1, MINE);
	CHECK_EQUAL(this_pe()->current->model, MODEL_INTERRUPT);
	CHECK(is_masked());
	check_settled((struct fetched){ 0 }, FETCHED_ONCE);
}

static void check_left_to_scheduler(enum instance instance, void (*set)(void), uint8_t policy)
{
	leaves_with_it_pending(instance, set, policy);
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK(is_active(MINE));
	check_scheduled();
}

TEST(what_pends_when_a_context_would_wait_brings_it_back_at_once)
{
	static const enum instance kinds[] = { INSTANCE_S1MP, INSTANCE_S1UP, INSTANCE_S0 };

	for (unsigned i = 0; i < 3; i++) {
		check_intercepted(kinds[i], sp1_runs, 0);
		check_intercepted(kinds[i], sp1_runs_by_ffa_run, 0);
		check_intercepted(kinds[i], sp1_runs_for_its_interrupt, 0);
		check_intercepted(kinds[i], sp1_called_by_a_partition, 0);
	}
	check_intercepted(INSTANCE_S1MP, sp1_runs, 0x1);
	check_intercepted(INSTANCE_S1UP, sp1_runs_by_ffa_run, 0x1);
}

TEST(a_policy_leaves_what_pends_then_to_the_scheduler)
{
	check_left_to_scheduler(INSTANCE_S1MP, sp1_runs, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, sp1_runs, 0x2);
	check_left_to_scheduler(INSTANCE_S1MP, sp1_runs_by_ffa_run, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, sp1_runs_for_its_interrupt, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, sp1_runs_by_ffa_run, 0x3);
}

TEST(who_gets_the_response_has_it_when_the_interrupt_is_done)
{
	leaves_with_it_pending(INSTANCE_S1MP, sp1_runs, 0);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), 0, 7);

	leaves_with_it_pending(INSTANCE_S0, sp1_called_by_a_partition, 0);
	CHECK_ENTERED(SP1, MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(SP2, RESP, FFA_ENDPOINTS(SP1, SP2), 0, 7);
}

TEST(a_context_that_has_started_is_entered_when_the_pe_has_nothing_else_to_do)
{
	delivery_add(INSTANCE_S1UP);
	sp1_starts();
	interrupt_comes(MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK(is_active(MINE));
	check_settled((struct fetched){ 0 }, FETCHED_ONCE);
}

/* ---- what was postponed ------------------------------------------------------------------------- */

TEST(what_was_postponed_comes_when_a_caller_goes_on_with_its_call)
{
	delivery_add(INSTANCE_S1UP);
	sp1_waits_while_a_caller_is_out_of_its_call();
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	CALL(SP2, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);

	turn();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_was_postponed_comes_when_who_queues_is_done)
{
	delivery_add(INSTANCE_S1UP);
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	delivery_boot();
	request(NW, SP2);
	request(SP2, SP3);
	interrupt_comes(MINE);
	turn();
	CHECK_EQUAL(running(), SP3);
	respond(SP3, SP2);

	turn();
	CHECK_ENTERED(SP1, MINE);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(SP2, RESP, FFA_ENDPOINTS(SP3, SP2));
}

TEST(what_was_postponed_comes_when_a_handler_ends)
{
	delivery_add(INSTANCE_S1UP);
	delivery_boot();
	request(NW, SP3);
	interrupt_comes(SPI_OF(SP2));
	interrupt_comes(MINE);
	fault("data abort", 0);

	turn();
	CHECK_ENTERED(SP1, MINE);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(SP3, REQ, FFA_ENDPOINTS(NW, SP3));
}

TEST(what_was_postponed_comes_when_a_handler_is_done)
{
	delivery_add(INSTANCE_S1UP);
	sp1_waits_while_an_interrupt_is_handled();
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), SPI_OF(SP2));

	CALL(SP2, FFA_MSG_WAIT_32);
	turn();
	CHECK_ENTERED(SP1, MINE);
}

TEST(the_scheduler_is_told_of_what_was_postponed_before_the_normal_world_runs)
{
	delivery_add(INSTANCE_S1UP);
	sp1->sri_interrupts_policy = 0x1;
	delivery_boot();
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	interrupt_comes(MINE);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP));
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(sri_count(), 0);

	turn();
	CHECK_EQUAL(running(), NW);
	CHECK_EQUAL(sri_count(), 1);
	check_told_of(SP1, 0);
}
