/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The delivery table (ffa/interrupt.c; DEN0077A, "Interrupt management"): an interrupt of SP1 comes to PE 0,
 * whatever SP1 does then and whoever runs, for each kind of partition. Of every row: who runs, with which
 * registers and lines; the state of SP1; whether the normal world's interrupts wait; what the scheduler is told;
 * and that afterwards, when everybody plays fair, SP1 has got it exactly once and nothing is held any more.
 */
#include <stdio.h>

#include "tests/unit/ffa/delivery_fixture.h"

enum {
	MP = 0x1,
	UP = 0x2,
	USER = 0x4, /* S-EL0 */
	S_EL1 = MP | UP,
	MIGRATING = UP | USER,
	ALL_KINDS = MP | UP | USER,

	FETCHED_NEVER = 0,
	FETCHED_ONCE = 1,
};

enum outcome {
	RAISED, /* it runs on: its line */
	PENDS, /* nothing happens now */
	ENTERED, /* FFA_INTERRUPT in place of who ran */
	OUT_OF_CALL, /* its call returns FFA_INTERRUPT */
	POSTPONED, /* nothing happens until who runs is done */
	KICKED, /* PE 1 is kicked; what happens there is the row's `there` */
};

struct row {
	const char *what; /* SP1 is doing, who runs */
	void (*set)(void);
	unsigned kinds;
	enum outcome outcome, there;
};

static bool is_user(void)
{
	return sp1->exception_level == EXCEPTION_LEVEL_S_EL0;
}

/* ---- the table ---------------------------------------------------------------------------------- */

static const struct row table[] = {
	{ "runs", sp1_runs, S_EL1, RAISED, 0 },
	{ "runs", sp1_runs, USER, PENDS, 0 },
	{ "runs by FFA_RUN", sp1_runs_by_ffa_run, S_EL1, RAISED, 0 },
	{ "runs by FFA_RUN", sp1_runs_by_ffa_run, USER, PENDS, 0 },
	{ "handles an interrupt", sp1_runs_for_its_interrupt, S_EL1, RAISED, 0 },
	{ "handles an interrupt", sp1_runs_for_its_interrupt, USER, PENDS, 0 },
	{ "is out of its call", sp1_runs_out_of_its_call, S_EL1, RAISED, 0 },

	{ "waits, NW", sp1_waits_while_the_normal_world_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, another", sp1_waits_while_another_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, a callee", sp1_waits_while_a_callee_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, a handler", sp1_waits_while_an_interrupt_is_handled, ALL_KINDS, POSTPONED, 0 },
	{ "waits, a handler's callee", sp1_waits_while_a_handler_has_called, ALL_KINDS, POSTPONED,
	  0 },
	{ "waits, a caller out of its call", sp1_waits_while_a_caller_is_out_of_its_call, ALL_KINDS,
	  POSTPONED, 0 },
	{ "waits, who queues", sp1_waits_while_somebody_queues, ALL_KINDS, POSTPONED, 0 },
	{ "waits, callee of who queues", sp1_waits_while_somebody_queues_and_calls, ALL_KINDS,
	  POSTPONED, 0 },
	{ "waits, another's start", sp1_waits_while_another_starts, ALL_KINDS, POSTPONED, 0 },
	{ "waits, CPU_OFF", sp1_waits_while_another_is_told_of_cpu_off, MIGRATING, POSTPONED, 0 },
	{ "waits, EL3's request", sp1_waits_while_another_serves_el3, ALL_KINDS, POSTPONED, 0 },

	{ "has called", sp1_has_called, S_EL1, OUT_OF_CALL, 0 },
	{ "has called", sp1_has_called, USER, PENDS, 0 },
	{ "has called who called", sp1_has_called_who_called, S_EL1, OUT_OF_CALL, 0 },
	{ "has called who called", sp1_has_called_who_called, USER, PENDS, 0 },
	{ "was called and has called", sp1_was_called_and_has_called, S_EL1, OUT_OF_CALL, 0 },
	{ "was called and has called", sp1_was_called_and_has_called, USER, PENDS, 0 },
	{ "has called for its interrupt", sp1_has_called_for_its_interrupt, S_EL1, POSTPONED, 0 },
	{ "has called for its interrupt", sp1_has_called_for_its_interrupt, USER, PENDS, 0 },
	{ "has called, a handler", sp1_has_called_while_an_interrupt_is_handled, S_EL1, POSTPONED,
	  0 },
	{ "has called, a handler", sp1_has_called_while_an_interrupt_is_handled, USER, PENDS, 0 },
	{ "was interrupted, a handler", sp1_was_interrupted, S_EL1, POSTPONED, 0 },
	{ "was interrupted, a handler", sp1_was_interrupted, USER, PENDS, 0 },
	{ "has called who queues", sp1_has_called_who_queues, S_EL1, POSTPONED, 0 },
	{ "has called who queues", sp1_has_called_who_queues, USER, PENDS, 0 },
	{ "has called for EL3", sp1_has_called_for_el3, S_EL1, POSTPONED, 0 },
	{ "has called for EL3", sp1_has_called_for_el3, USER, PENDS, 0 },

	{ "has yielded, NW", sp1_has_yielded, ALL_KINDS, PENDS, 0 },
	{ "has yielded, another", sp1_has_yielded_while_another_runs, ALL_KINDS, PENDS, 0 },
	{ "has yielded, its caller", sp1_has_yielded_to_its_caller, ALL_KINDS, PENDS, 0 },
	{ "is preempted, NW", sp1_is_preempted, ALL_KINDS, PENDS, 0 },
	{ "is preempted, another", sp1_is_preempted_while_another_runs, ALL_KINDS, PENDS, 0 },

	{ "starts", sp1_starts, S_EL1, RAISED, 0 },
	{ "starts", sp1_starts, USER, PENDS, 0 },
	{ "starts and has called", sp1_starts_and_has_called, S_EL1, POSTPONED, 0 },
	{ "starts and has called", sp1_starts_and_has_called, USER, PENDS, 0 },

	{ "runs elsewhere", sp1_runs_elsewhere, UP, KICKED, RAISED },
	{ "runs elsewhere", sp1_runs_elsewhere, USER, KICKED, PENDS },
	{ "has called elsewhere", sp1_has_called_elsewhere, UP, KICKED, OUT_OF_CALL },
	{ "has called elsewhere", sp1_has_called_elsewhere, USER, KICKED, PENDS },
	{ "has called elsewhere for an interrupt", sp1_has_called_elsewhere_for_its_interrupt, UP,
	  KICKED, POSTPONED },
	{ "has called elsewhere for an interrupt", sp1_has_called_elsewhere_for_its_interrupt, USER,
	  KICKED, PENDS },
	{ "is preempted elsewhere", sp1_is_preempted_elsewhere, MIGRATING, PENDS, 0 },
	{ "runs elsewhere, its other context", sp1_runs_elsewhere, MP, ENTERED, 0 },
};

/* ---- checks ------------------------------------------------------------------------------------- */

static void check_unnoticed(const struct before *before)
{
	check_same(before);
	CHECK_EQUAL(state_of(SP1, this_pe()->index), before->state);
	CHECK_EQUAL(sri_count(), before->sri_count);
	CHECK(is_active(MINE));
}

static void check_raised(const struct before *before)
{
	check_unnoticed(before);
	CHECK_EQUAL(running(), SP1);
	CHECK(irq_line(SP1, this_pe()->index));
	CHECK(!fiq_line(SP1, this_pe()->index));
	CHECK_EQUAL(fetch(), MINE);
	CHECK(!irq_line(SP1, this_pe()->index));
	CHECK(is_active(MINE));
}

static void check_entered(const struct before *before)
{
	CHECK_ENTERED(SP1, MINE);
	CHECK_EQUAL(this_pe()->current->model, MODEL_INTERRUPT);
	CHECK(is_masked());
	CHECK_EQUAL(irq_line(SP1, 0), !is_user());
	CHECK_EQUAL(exec_ctx_state(before->ctx), CTX_BLOCKED);
	CHECK_BYTES(before->ctx->arch.x, before->x, 8 * sizeof(before->x[0]));
	if (!is_user()) {
		CHECK_EQUAL(fetch(), MINE);
	}
	CHECK_EQUAL(fetch(), VIRQ_NONE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	check_same(before);
	CHECK(!is_active(MINE));
}

static void check_out_of_call(const struct before *before)
{
	uint32_t callee = FFA_TARGET(SP2, this_pe()->index);

	CHECK_GOT(SP1, FFA_INTERRUPT_32);
	CHECK_EQUAL(this_pe()->current->model, MODEL_CALLER);
	CHECK(is_masked());
	CHECK(irq_line(SP1, this_pe()->index));
	CHECK_EQUAL(exec_ctx_state(before->ctx), CTX_BLOCKED);
	CALL(SP1, FFA_RUN_32, callee);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CHECK_EQUAL(fetch(), MINE);
	CHECK(is_active(MINE));
	CALL(SP1, FFA_RUN_32, callee);
	check_same(before);
	CHECK_EQUAL(state_of(SP1, this_pe()->index), CTX_BLOCKED);
	CHECK(!is_active(MINE));
}

static void check_here(const struct before *before, enum outcome outcome)
{
	switch (outcome) {
	case RAISED:
		check_raised(before);
		break;
	case PENDS:
		check_unnoticed(before);
		break;
	case POSTPONED:
		check_unnoticed(before);
		CHECK(this_pe()->undelivered != 0);
		break;
	case ENTERED:
		check_entered(before);
		break;
	case OUT_OF_CALL:
		check_out_of_call(before);
		break;
	case KICKED:
		break;
	}
}

static void check_kicked(const struct before *before, enum outcome there)
{
	struct before other;

	check_same(before);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	other = delivery_look();
	take_interrupt();
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	check_here(&other, there);
}

static bool is_at_once(enum outcome outcome)
{
	return outcome == RAISED || outcome == ENTERED || outcome == OUT_OF_CALL;
}

static void try_row(const struct row *row)
{
	struct before before;
	bool fetched;

	row->set();
	before = delivery_look();
	interrupt_comes(MINE);
	if (row->outcome == KICKED) {
		check_kicked(&before, row->there);
	} else {
		check_here(&before, row->outcome);
	}
	fetched = is_at_once(row->outcome == KICKED ? row->there : row->outcome);
	check_settled((struct fetched){ 0 }, fetched ? FETCHED_NEVER : FETCHED_ONCE);
}

static void try_table(enum instance instance, unsigned kind)
{
	unsigned tried = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((table[i].kinds & kind) != 0) {
			print_message("%s\n", table[i].what);
			delivery_add(instance);
			try_row(&table[i]);
			tried++;
		}
	}
	CHECK(tried > 20);
}

TEST(an_s_el1_mp_partition_gets_its_interrupt_as_the_table_says)
{
	try_table(INSTANCE_S1MP, MP);
}

TEST(an_s_el1_up_partition_gets_its_interrupt_as_the_table_says)
{
	try_table(INSTANCE_S1UP, UP);
}

TEST(an_s_el0_partition_gets_its_interrupt_as_the_table_says)
{
	try_table(INSTANCE_S0, USER);
}

TEST(that_policy_is_for_waiting_contexts_only)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum outcome outcome = table[i].outcome;

		if ((table[i].kinds & UP) != 0 && outcome != ENTERED &&
		    strncmp(table[i].what, "waits", 5) != 0 &&
		    table[i].set != sp1_runs_for_its_interrupt &&
		    table[i].set != sp1_has_called_for_its_interrupt &&
		    table[i].set != sp1_has_called_elsewhere_for_its_interrupt) {
			print_message("%s\n", table[i].what);
			delivery_add(INSTANCE_S1UP);
			sp1->sri_interrupts_policy = 0x1;
			try_row(&table[i]);
		}
	}
}

/* ---- off, gone ---------------------------------------------------------------------------------- */

TEST(interrupts_of_a_partition_that_ended_come_no_more)
{
	delivery_add(INSTANCE_S1MP);
	sp1_runs();
	fault("data abort", 0);

	CHECK(!host_interrupt(&this_pe()->arch, MINE).enabled);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
}

TEST(an_interrupt_that_nobody_owns_is_switched_off)
{
	delivery_add(INSTANCE_S1MP);
	delivery_boot();

	interrupt_comes(99);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(host_interrupt_is_masked(99));
	CHECK(!is_active(99));
	CHECK_EQUAL(the_spmc()->interrupts.unowned, 1);
}

TEST(an_interrupt_that_is_gone_when_it_is_looked_at_is_nothing)
{
	delivery_add(INSTANCE_S1MP);
	delivery_boot();

	CALL(NW, FFA_INTERRUPT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	request(NW, SP2);
	irq();
	CHECK_EQUAL(running(), SP2);
}
