/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The delivery table (ffa/interrupt.c; DEN0077A, "Interrupt management"): an interrupt of SP1 comes to PE 0,
 * whatever SP1 does then and whoever runs, for each kind of partition. Of every row: who runs, with which
 * registers and lines; the state of SP1; whether the normal world's interrupts wait; what the scheduler is told;
 * and that afterwards, when everybody plays fair, SP1 has got it exactly once and nothing is held any more.
 */
#include <stdio.h>

#include "tests/unit/ffa/interrupt_fixture.h"

#define MINE SPI_OF(SP1)

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
	TOLD, /* the scheduler is told */
	POSTPONED, /* nothing happens until who runs is done */
	KICKED, /* PE 1 is kicked; what happens there is the row's `there` */
	DROPPED, /* switched off */
};

struct row {
	const char *what; /* SP1 is doing, who runs */
	void (*set)(void);
	unsigned kinds;
	enum outcome outcome, there;
};

/* Who is what in the rows; changed before system_build(). */
static struct partition_config *sp1, *sp2, *sp3;

static bool is_user(void)
{
	return sp1->exception_level == EXCEPTION_LEVEL_S_EL0;
}

/* ---- what SP1 does, and who runs ---------------------------------------------------------------- */

static void boot(void)
{
	interrupts_boot(2);
}

static void runs(void)
{
	boot();
	request(NW, SP1);
}

static void runs_by_ffa_run(void)
{
	boot();
	run(SP1);
}

static void runs_for_its_interrupt(void)
{
	boot();
	interrupt_comes(MINE);
	if (!is_user()) {
		CHECK_EQUAL(fetch(), MINE);
	}
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
}

static void runs_out_of_its_call(void)
{
	boot();
	request(NW, SP1);
	request(SP1, SP2);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
}

static void waits_while_the_normal_world_runs(void)
{
	boot();
}

static void waits_while_another_runs(void)
{
	boot();
	request(NW, SP2);
}

static void waits_while_a_callee_runs(void)
{
	boot();
	request(NW, SP2);
	request(SP2, SP3);
}

static void waits_while_an_interrupt_is_handled(void)
{
	boot();
	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
}

static void waits_while_a_handler_has_called(void)
{
	waits_while_an_interrupt_is_handled();
	request(SP2, SP3);
}

static void waits_while_a_caller_is_out_of_its_call(void)
{
	boot();
	request(NW, SP2);
	request(SP2, SP3);
	interrupt_comes(SPI_OF(SP2));
	CHECK_GOT(SP2, FFA_INTERRUPT_32);
}

static void waits_while_somebody_queues(void)
{
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	boot();
	request(NW, SP3);
}

static void waits_while_somebody_queues_and_calls(void)
{
	waits_while_somebody_queues();
	request(SP3, SP2);
}

static void waits_while_another_starts(void)
{
	system_build(2);
	power_on_begin(0);
	interrupts_start_until(SP2);
}

static void waits_while_another_is_told_of_cpu_off(void)
{
	sp2->power_management_messages = 1;
	interrupts_boot(1);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	CHECK_EQUAL(running(), SP2);
}

static void waits_while_another_serves_el3(void)
{
	boot();
	request(NW, SP2); /* nothing of before lingers */
	respond(SP2, NW);
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP2));
	CHECK_EQUAL(running(), SP2);
}

static void has_called(void)
{
	boot();
	request(NW, SP1);
	request(SP1, SP2);
}

static void has_called_who_called(void)
{
	has_called();
	request(SP2, SP3);
}

static void was_called_and_has_called(void)
{
	boot();
	request(NW, SP3);
	request(SP3, SP1);
	request(SP1, SP2);
}

static void has_called_for_its_interrupt(void)
{
	runs_for_its_interrupt();
	request(SP1, SP2);
}

static void has_called_while_an_interrupt_is_handled(void)
{
	has_called();
	interrupt_comes(SPI_OF(SP3));
	CHECK_ENTERED(SP3, SPI_OF(SP3));
}

static void was_interrupted(void)
{
	runs();
	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
}

static void has_called_who_queues(void)
{
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	boot();
	request(NW, SP1);
	request(SP1, SP3);
}

static void has_called_for_el3(void)
{
	boot();
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	request(SP1, SP2);
}

static void has_yielded(void)
{
	boot();
	run(SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_EQUAL(running(), NW);
}

static void has_yielded_while_another_runs(void)
{
	has_yielded();
	request(NW, SP2);
}

static void has_yielded_to_its_caller(void)
{
	boot();
	request(NW, SP2);
	request(SP2, SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_EQUAL(running(), SP2);
}

static void is_preempted(void)
{
	runs();
	fiq();
	CHECK_EQUAL(running(), NW);
}

static void is_preempted_while_another_runs(void)
{
	is_preempted();
	request(NW, SP2);
}

static void starts(void)
{
	system_build(2);
	power_on_begin(0);
	CHECK_EQUAL(running(), SP1);
	interrupts_enable();
}

static void starts_and_has_called(void)
{
	sp2->boot_order = 1;
	system_build(2);
	power_on_begin(0);
	interrupts_start_until(SP1);
	interrupts_enable();
	request(SP1, SP2);
}

/** Its context on the only PE hangs when it is told of CPU_OFF; SP2 is told next. */
static void is_off(void)
{
	sp1->power_management_messages = 1;
	sp2->power_management_messages = 1;
	waits_while_another_starts(); /* builds with two PEs, of which one comes up */
	interrupts_finish_start();
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	CHECK_EQUAL(running(), SP1);
}

static void runs_elsewhere(void)
{
	boot();
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
}

static void has_called_elsewhere(void)
{
	boot();
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP2);
	on_pe(0);
}

static void has_called_elsewhere_for_its_interrupt(void)
{
	sp1->interrupts[0].has_target = true;
	sp1->interrupts[0].target_mpidr = 1;
	boot();
	on_pe(1);
	interrupt_comes(MINE);
	if (!is_user()) {
		CHECK_EQUAL(fetch(), MINE);
	}
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
	request(SP1, SP2);
	interrupt_set_home(the_spmc(), partition_of(SP1), VIRQ_BIT_PHYSICAL, 0);
	on_pe(0);
}

static void is_preempted_elsewhere(void)
{
	boot();
	on_pe(1);
	request(NW, SP1);
	fiq();
	on_pe(0);
}

/* ---- the table ---------------------------------------------------------------------------------- */

static const struct row table[] = {
	{ "runs", runs, S_EL1, RAISED, 0 },
	{ "runs", runs, USER, PENDS, 0 },
	{ "runs by FFA_RUN", runs_by_ffa_run, S_EL1, RAISED, 0 },
	{ "runs by FFA_RUN", runs_by_ffa_run, USER, PENDS, 0 },
	{ "handles an interrupt", runs_for_its_interrupt, S_EL1, RAISED, 0 },
	{ "handles an interrupt", runs_for_its_interrupt, USER, PENDS, 0 },
	{ "is out of its call", runs_out_of_its_call, S_EL1, RAISED, 0 },

	{ "waits, NW", waits_while_the_normal_world_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, another", waits_while_another_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, a callee", waits_while_a_callee_runs, ALL_KINDS, ENTERED, 0 },
	{ "waits, a handler", waits_while_an_interrupt_is_handled, ALL_KINDS, POSTPONED, 0 },
	{ "waits, a handler's callee", waits_while_a_handler_has_called, ALL_KINDS, POSTPONED, 0 },
	{ "waits, a caller out of its call", waits_while_a_caller_is_out_of_its_call, ALL_KINDS,
	  POSTPONED, 0 },
	{ "waits, who queues", waits_while_somebody_queues, ALL_KINDS, POSTPONED, 0 },
	{ "waits, callee of who queues", waits_while_somebody_queues_and_calls, ALL_KINDS,
	  POSTPONED, 0 },
	{ "waits, another's start", waits_while_another_starts, ALL_KINDS, POSTPONED, 0 },
	{ "waits, CPU_OFF", waits_while_another_is_told_of_cpu_off, MIGRATING, POSTPONED, 0 },
	{ "waits, EL3's request", waits_while_another_serves_el3, ALL_KINDS, POSTPONED, 0 },

	{ "has called", has_called, S_EL1, OUT_OF_CALL, 0 },
	{ "has called", has_called, USER, PENDS, 0 },
	{ "has called who called", has_called_who_called, S_EL1, OUT_OF_CALL, 0 },
	{ "has called who called", has_called_who_called, USER, PENDS, 0 },
	{ "was called and has called", was_called_and_has_called, S_EL1, OUT_OF_CALL, 0 },
	{ "was called and has called", was_called_and_has_called, USER, PENDS, 0 },
	{ "has called for its interrupt", has_called_for_its_interrupt, S_EL1, POSTPONED, 0 },
	{ "has called for its interrupt", has_called_for_its_interrupt, USER, PENDS, 0 },
	{ "has called, a handler", has_called_while_an_interrupt_is_handled, S_EL1, POSTPONED, 0 },
	{ "has called, a handler", has_called_while_an_interrupt_is_handled, USER, PENDS, 0 },
	{ "was interrupted, a handler", was_interrupted, S_EL1, POSTPONED, 0 },
	{ "was interrupted, a handler", was_interrupted, USER, PENDS, 0 },
	{ "has called who queues", has_called_who_queues, S_EL1, POSTPONED, 0 },
	{ "has called who queues", has_called_who_queues, USER, PENDS, 0 },
	{ "has called for EL3", has_called_for_el3, S_EL1, POSTPONED, 0 },
	{ "has called for EL3", has_called_for_el3, USER, PENDS, 0 },

	{ "has yielded, NW", has_yielded, ALL_KINDS, PENDS, 0 },
	{ "has yielded, another", has_yielded_while_another_runs, ALL_KINDS, PENDS, 0 },
	{ "has yielded, its caller", has_yielded_to_its_caller, ALL_KINDS, PENDS, 0 },
	{ "is preempted, NW", is_preempted, ALL_KINDS, PENDS, 0 },
	{ "is preempted, another", is_preempted_while_another_runs, ALL_KINDS, PENDS, 0 },

	{ "starts", starts, S_EL1, RAISED, 0 },
	{ "starts", starts, USER, PENDS, 0 },
	{ "starts and has called", starts_and_has_called, S_EL1, POSTPONED, 0 },
	{ "starts and has called", starts_and_has_called, USER, PENDS, 0 },

	{ "runs elsewhere", runs_elsewhere, UP, KICKED, RAISED },
	{ "runs elsewhere", runs_elsewhere, USER, KICKED, PENDS },
	{ "has called elsewhere", has_called_elsewhere, UP, KICKED, OUT_OF_CALL },
	{ "has called elsewhere", has_called_elsewhere, USER, KICKED, PENDS },
	{ "has called elsewhere for an interrupt", has_called_elsewhere_for_its_interrupt, UP,
	  KICKED, POSTPONED },
	{ "has called elsewhere for an interrupt", has_called_elsewhere_for_its_interrupt, USER,
	  KICKED, PENDS },
	{ "is preempted elsewhere", is_preempted_elsewhere, MIGRATING, PENDS, 0 },
	{ "runs elsewhere, its other context", runs_elsewhere, MP, ENTERED, 0 },
};

/* ---- checks ------------------------------------------------------------------------------------- */

/** This PE before the interrupt. */
struct before {
	const struct exec_ctx *ctx;
	uint64_t x[18];
	enum ctx_state state; /* of SP1 here */
	bool masked;
	unsigned sri_count;
};

static struct before look(void)
{
	struct before before = { .ctx = this_pe()->current,
				 .state = state_of(SP1, this_pe()->index),
				 .masked = is_masked(),
				 .sri_count = sri_count() };

	memcpy(before.x, before.ctx->arch.x, sizeof(before.x));
	if (before.ctx->partition == NULL) { /* it brings the interrupt itself, and resumes */
		memset(before.x, 0, 8 * sizeof(before.x[0]));
		before.x[0] = FFA_NORMAL_WORLD_RESUME_32;
	}
	return before;
}

/** Who ran has not noticed. */
static void check_same(const struct before *before)
{
	CHECK(this_pe()->current == before->ctx);
	CHECK_EQUAL(before->ctx->arch.x[0], before->x[0]);
	CHECK_BYTES(before->ctx->arch.x, before->x, 8 * sizeof(before->x[0]));
	CHECK_EQUAL(is_masked(), before->masked);
}

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

static void check_told(const struct before *before)
{
	check_same(before);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK(is_active(MINE));
	CHECK(this_pe()->sri_delayed);
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
	case TOLD:
		check_told(before);
		break;
	case KICKED:
	case DROPPED:
		break;
	}
}

static void check_kicked(const struct before *before, enum outcome there)
{
	struct before other;

	check_same(before);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	other = look();
	take_interrupt();
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	check_here(&other, there);
}

/** All that is in the machine about SP1's interrupt is done with. */
static void check_settled(struct fetched fetched, unsigned expected)
{
	for (unsigned pe = 0; pe < the_spmc()->pe_count; pe++) {
		if (pe_is_on(pe)) {
			on_pe(pe);
			settle(&fetched);
		}
	}
	for (unsigned pe = 0; pe < the_spmc()->pe_count; pe++) {
		struct pe *at = &the_spmc()->pes[pe];

		CHECK_EQUAL(at->undelivered, 0);
		CHECK(!pe_is_on(pe) || at->current == &at->normal_world);
		CHECK(!at->arch.normal_world_masked);
	}
	CHECK_EQUAL(fetched.of[0], expected);
	for (unsigned i = 0; i < partition_of(SP1)->context_count; i++) {
		CHECK_EQUAL(virq_pending(&partition_of(SP1)->contexts[i].virqs), 0);
	}
	on_pe(0);
	CHECK(!is_active(MINE));
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
	before = look();
	interrupt_comes(MINE);
	if (row->outcome == KICKED) {
		check_kicked(&before, row->there);
	} else {
		check_here(&before, row->outcome);
	}
	fetched = is_at_once(row->outcome == KICKED ? row->there : row->outcome);
	check_settled((struct fetched){ 0 }, fetched ? FETCHED_NEVER : FETCHED_ONCE);
}

static void add(enum instance instance)
{
	interrupts_add_usual(instance);
	sp1 = config_of(SP1);
	sp2 = config_of(SP2);
	sp3 = config_of(SP3);
}

static void try_table(enum instance instance, unsigned kind)
{
	unsigned tried = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((table[i].kinds & kind) != 0) {
			print_message("%s\n", table[i].what);
			add(instance);
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

/* ---- the scheduler decides ---------------------------------------------------------------------- */

static const struct row waiting[] = {
	{ "NW", waits_while_the_normal_world_runs, S_EL1, TOLD, 0 },
	{ "another", waits_while_another_runs, S_EL1, TOLD, 0 },
	{ "a callee", waits_while_a_callee_runs, S_EL1, TOLD, 0 },
	{ "a handler", waits_while_an_interrupt_is_handled, S_EL1, TOLD, 0 },
	{ "a handler's callee", waits_while_a_handler_has_called, S_EL1, TOLD, 0 },
	{ "a caller out of its call", waits_while_a_caller_is_out_of_its_call, S_EL1, TOLD, 0 },
	{ "who queues", waits_while_somebody_queues, S_EL1, TOLD, 0 },
	{ "another's start", waits_while_another_starts, S_EL1, TOLD, 0 },
	{ "CPU_OFF", waits_while_another_is_told_of_cpu_off, S_EL1, TOLD, 0 },
	{ "EL3's request", waits_while_another_serves_el3, S_EL1, TOLD, 0 },
};

/** The scheduler hears of it before the normal world runs, and gives it cycles. */
static void check_scheduled(void)
{
	struct fetched fetched = { 0 };
	unsigned before = sri_count();

	while (running() != NW) {
		play_fair(&fetched);
	}
	turn();
	CHECK_EQUAL(sri_count(), before + 1);
	CHECK_EQUAL(fetched.of[0], 0);
	check_told_of(SP1, 0);
	run(SP1);
	CHECK_GOT(SP1, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	CHECK(!is_active(MINE));
	check_nothing_told();
}

static void try_waiting(enum instance instance)
{
	for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
		struct before before;

		print_message("waits, %s\n", waiting[i].what);
		add(instance);
		sp1->sri_interrupts_policy = 0x1;
		waiting[i].set();
		before = look();
		interrupt_comes(MINE);
		check_told(&before);
		if (waiting[i].set != waits_while_another_is_told_of_cpu_off) {
			check_scheduled(); /* else its PE is off then */
		}
	}
}

TEST(a_policy_leaves_waiting_contexts_to_the_scheduler)
{
	try_waiting(INSTANCE_S1MP);
	try_waiting(INSTANCE_S1UP);
}

TEST(that_policy_is_for_waiting_contexts_only)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum outcome outcome = table[i].outcome;

		if ((table[i].kinds & UP) != 0 && outcome != ENTERED &&
		    strncmp(table[i].what, "waits", 5) != 0 &&
		    table[i].set != runs_for_its_interrupt &&
		    table[i].set != has_called_for_its_interrupt &&
		    table[i].set != has_called_elsewhere_for_its_interrupt) {
			print_message("%s\n", table[i].what);
			add(INSTANCE_S1UP);
			sp1->sri_interrupts_policy = 0x1;
			try_row(&table[i]);
		}
	}
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
	add(instance);
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

static void called_by_a_partition(void)
{
	boot();
	request(NW, SP2);
	request(SP2, SP1);
}

TEST(what_pends_when_a_context_would_wait_brings_it_back_at_once)
{
	static const enum instance kinds[] = { INSTANCE_S1MP, INSTANCE_S1UP, INSTANCE_S0 };

	for (unsigned i = 0; i < 3; i++) {
		check_intercepted(kinds[i], runs, 0);
		check_intercepted(kinds[i], runs_by_ffa_run, 0);
		check_intercepted(kinds[i], runs_for_its_interrupt, 0);
		check_intercepted(kinds[i], called_by_a_partition, 0);
	}
	check_intercepted(INSTANCE_S1MP, runs, 0x1);
	check_intercepted(INSTANCE_S1UP, runs_by_ffa_run, 0x1);
}

TEST(a_policy_leaves_what_pends_then_to_the_scheduler)
{
	check_left_to_scheduler(INSTANCE_S1MP, runs, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, runs, 0x2);
	check_left_to_scheduler(INSTANCE_S1MP, runs_by_ffa_run, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, runs_for_its_interrupt, 0x2);
	check_left_to_scheduler(INSTANCE_S1UP, runs_by_ffa_run, 0x3);
}

TEST(who_gets_the_response_has_it_when_the_interrupt_is_done)
{
	leaves_with_it_pending(INSTANCE_S1MP, runs, 0);
	CHECK_EQUAL(fetch(), MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), 0, 7);

	leaves_with_it_pending(INSTANCE_S0, called_by_a_partition, 0);
	CHECK_ENTERED(SP1, MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(SP2, RESP, FFA_ENDPOINTS(SP1, SP2), 0, 7);
}

TEST(a_context_that_has_started_is_entered_when_the_pe_has_nothing_else_to_do)
{
	add(INSTANCE_S1UP);
	starts();
	interrupt_comes(MINE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK(is_active(MINE));
	check_settled((struct fetched){ 0 }, FETCHED_ONCE);
}

/* ---- off, gone ---------------------------------------------------------------------------------- */

TEST(an_interrupt_of_a_context_that_is_off_is_switched_off)
{
	add(INSTANCE_S1MP);
	is_off();
	timer_comes(); /* it does not answer */
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 0), CTX_OFF);
}

TEST(interrupts_of_a_partition_that_ended_come_no_more)
{
	add(INSTANCE_S1MP);
	runs();
	fault("data abort", 0);

	CHECK(!host_interrupt(&this_pe()->arch, MINE).enabled);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
}

TEST(an_interrupt_that_nobody_owns_is_switched_off)
{
	add(INSTANCE_S1MP);
	boot();

	interrupt_comes(99);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(host_interrupt_is_masked(99));
	CHECK(!is_active(99));
	CHECK_EQUAL(the_spmc()->interrupts.unowned, 1);
}

TEST(an_interrupt_that_is_gone_when_it_is_looked_at_is_nothing)
{
	add(INSTANCE_S1MP);
	boot();

	CALL(NW, FFA_INTERRUPT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	request(NW, SP2);
	irq();
	CHECK_EQUAL(running(), SP2);
}

/* ---- what was postponed ------------------------------------------------------------------------- */

TEST(what_was_postponed_comes_when_a_caller_goes_on_with_its_call)
{
	add(INSTANCE_S1UP);
	waits_while_a_caller_is_out_of_its_call();
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	CALL(SP2, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);

	turn();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_was_postponed_comes_when_who_queues_is_done)
{
	add(INSTANCE_S1UP);
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	boot();
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
	add(INSTANCE_S1UP);
	boot();
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
	add(INSTANCE_S1UP);
	waits_while_an_interrupt_is_handled();
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), SPI_OF(SP2));

	CALL(SP2, FFA_MSG_WAIT_32);
	turn();
	CHECK_ENTERED(SP1, MINE);
}
