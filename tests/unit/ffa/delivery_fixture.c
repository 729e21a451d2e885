/* SPDX-License-Identifier: BSD-3-Clause */
/* What SP1 may be doing, and who runs, when its interrupt comes. */
#include "tests/unit/ffa/delivery_fixture.h"

struct partition_config *sp1, *sp2, *sp3;

static bool is_user(void)
{
	return sp1->exception_level == EXCEPTION_LEVEL_S_EL0;
}

void delivery_add(enum instance instance)
{
	interrupts_add_usual(instance);
	sp1 = config_of(SP1);
	sp2 = config_of(SP2);
	sp3 = config_of(SP3);
}

/* ---- what SP1 does, and who runs ---------------------------------------------------------------- */

void delivery_boot(void)
{
	interrupts_boot(2);
}

void sp1_runs(void)
{
	delivery_boot();
	request(NW, SP1);
}

void sp1_runs_by_ffa_run(void)
{
	delivery_boot();
	run(SP1);
}

void sp1_runs_for_its_interrupt(void)
{
	delivery_boot();
	interrupt_comes(MINE);
	if (!is_user()) {
		CHECK_EQUAL(fetch(), MINE);
	}
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
}

void sp1_runs_out_of_its_call(void)
{
	delivery_boot();
	request(NW, SP1);
	request(SP1, SP2);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
}

void sp1_waits_while_the_normal_world_runs(void)
{
	delivery_boot();
}

void sp1_waits_while_another_runs(void)
{
	delivery_boot();
	request(NW, SP2);
}

void sp1_waits_while_a_callee_runs(void)
{
	delivery_boot();
	request(NW, SP2);
	request(SP2, SP3);
}

void sp1_waits_while_an_interrupt_is_handled(void)
{
	delivery_boot();
	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
}

void sp1_waits_while_a_handler_has_called(void)
{
	sp1_waits_while_an_interrupt_is_handled();
	request(SP2, SP3);
}

void sp1_waits_while_a_caller_is_out_of_its_call(void)
{
	delivery_boot();
	request(NW, SP2);
	request(SP2, SP3);
	interrupt_comes(SPI_OF(SP2));
	CHECK_GOT(SP2, FFA_INTERRUPT_32);
}

void sp1_waits_while_somebody_queues(void)
{
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	delivery_boot();
	request(NW, SP3);
}

void sp1_waits_while_somebody_queues_and_calls(void)
{
	sp1_waits_while_somebody_queues();
	request(SP3, SP2);
}

void sp1_waits_while_another_starts(void)
{
	system_build(2);
	power_on_begin(0);
	interrupts_start_until(SP2);
}

void sp1_waits_while_another_is_told_of_cpu_off(void)
{
	sp2->power_management_messages = 1;
	interrupts_boot(1);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	CHECK_EQUAL(running(), SP2);
}

void sp1_waits_while_another_serves_el3(void)
{
	delivery_boot();
	request(NW, SP2); /* nothing of before lingers */
	respond(SP2, NW);
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP2));
	CHECK_EQUAL(running(), SP2);
}

void sp1_has_called(void)
{
	delivery_boot();
	request(NW, SP1);
	request(SP1, SP2);
}

void sp1_has_called_who_called(void)
{
	sp1_has_called();
	request(SP2, SP3);
}

void sp1_was_called_and_has_called(void)
{
	delivery_boot();
	request(NW, SP3);
	request(SP3, SP1);
	request(SP1, SP2);
}

void sp1_has_called_for_its_interrupt(void)
{
	sp1_runs_for_its_interrupt();
	request(SP1, SP2);
}

void sp1_has_called_while_an_interrupt_is_handled(void)
{
	sp1_has_called();
	interrupt_comes(SPI_OF(SP3));
	CHECK_ENTERED(SP3, SPI_OF(SP3));
}

void sp1_was_interrupted(void)
{
	sp1_runs();
	interrupt_comes(SPI_OF(SP2));
	CHECK_ENTERED(SP2, SPI_OF(SP2));
}

void sp1_has_called_who_queues(void)
{
	sp3->ns_interrupts_action = NS_INTERRUPTS_QUEUED;
	sp3->other_s_interrupts_queued = true;
	delivery_boot();
	request(NW, SP1);
	request(SP1, SP3);
}

void sp1_has_called_for_el3(void)
{
	delivery_boot();
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	request(SP1, SP2);
}

void sp1_has_yielded(void)
{
	delivery_boot();
	run(SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_EQUAL(running(), NW);
}

void sp1_has_yielded_while_another_runs(void)
{
	sp1_has_yielded();
	request(NW, SP2);
}

void sp1_has_yielded_to_its_caller(void)
{
	delivery_boot();
	request(NW, SP2);
	request(SP2, SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_EQUAL(running(), SP2);
}

void sp1_is_preempted(void)
{
	sp1_runs();
	fiq();
	CHECK_EQUAL(running(), NW);
}

void sp1_is_preempted_while_another_runs(void)
{
	sp1_is_preempted();
	request(NW, SP2);
}

void sp1_starts(void)
{
	system_build(2);
	power_on_begin(0);
	CHECK_EQUAL(running(), SP1);
	interrupts_enable();
}

void sp1_starts_and_has_called(void)
{
	sp2->boot_order = 1;
	system_build(2);
	power_on_begin(0);
	interrupts_start_until(SP1);
	interrupts_enable();
	request(SP1, SP2);
}

void sp1_runs_elsewhere(void)
{
	delivery_boot();
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
}

void sp1_has_called_elsewhere(void)
{
	delivery_boot();
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP2);
	on_pe(0);
}

void sp1_has_called_elsewhere_for_its_interrupt(void)
{
	sp1->interrupts[0].has_target = true;
	sp1->interrupts[0].target_mpidr = 1;
	delivery_boot();
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

void sp1_is_preempted_elsewhere(void)
{
	delivery_boot();
	on_pe(1);
	request(NW, SP1);
	fiq();
	on_pe(0);
}

void sp1_called_by_a_partition(void)
{
	delivery_boot();
	request(NW, SP2);
	request(SP2, SP1);
}

/* ---- checks ------------------------------------------------------------------------------------- */

struct before delivery_look(void)
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

void check_same(const struct before *before)
{
	CHECK(this_pe()->current == before->ctx);
	CHECK_EQUAL(before->ctx->arch.x[0], before->x[0]);
	CHECK_BYTES(before->ctx->arch.x, before->x, 8 * sizeof(before->x[0]));
	CHECK_EQUAL(is_masked(), before->masked);
}

void check_only_told(const struct before *before)
{
	check_same(before);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK(is_active(MINE));
	CHECK(this_pe()->sri_delayed);
}

void check_settled(struct fetched fetched, unsigned expected)
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

void check_scheduled(void)
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
