/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions that end while interrupts are about (DEN0077A, fatal errors): in each runtime model, with what is
 * held, on this PE and others. Nobody else is disturbed, and the interrupt comes no more.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

#define MINE SPI_OF(SP1)

static void boot(enum instance instance, unsigned pe_count)
{
	interrupts_add_usual(instance);
	interrupts_boot(pe_count);
}

static void end(void)
{
	fault("data abort", 0);
}

/** SP1 has ended, and nothing of its interrupt is left. */
static void check_gone(void)
{
	const struct partition *partition = partition_of(SP1);

	CHECK_EQUAL(partition_state(partition), PARTITION_ABORTED);
	CHECK(!is_active(MINE));
	CHECK(!host_interrupt(&this_pe()->arch, MINE).enabled);
	for (unsigned i = 0; i < partition->context_count; i++) {
		CHECK_EQUAL(partition->contexts[i].virqs.held, 0);
	}
	host_interrupt_raise(MINE);
	CHECK(host_interrupt_line(&this_pe()->arch) != MINE);
}

/* ---- with something in hand --------------------------------------------------------------------- */

TEST(what_pends_when_a_partition_ends_is_let_go)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP1);
	interrupt_comes(MINE);
	CHECK(is_active(MINE));

	end();
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	check_gone();
}

TEST(what_it_was_handling_is_let_go)
{
	boot(INSTANCE_S1UP, 1);
	request(NW, SP1);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);

	end();
	check_gone();
}

TEST(what_its_other_contexts_hold_is_let_go)
{
	boot(INSTANCE_S1MP, 2);
	request(NW, SP1);
	interrupt_comes(MINE);
	fiq();
	on_pe(1);
	request(NW, SP1);

	end();
	check_gone();
	on_pe(0);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

/* ---- in each model ------------------------------------------------------------------------------ */

TEST(a_handler_ends_and_whom_it_interrupted_goes_on)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP2);
	interrupt_comes(MINE);

	end();
	CHECK_GOT(SP2, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK(!is_masked());
	check_gone();
}

TEST(a_handler_ends_and_the_normal_world_resumes)
{
	boot(INSTANCE_S0, 1);
	interrupt_comes(MINE);
	CHECK_ENTERED(SP1, MINE);

	end();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(!is_masked());
	check_gone();
}

TEST(a_callee_of_a_handler_ends_and_the_handler_is_told)
{
	boot(INSTANCE_S1MP, 1);
	interrupt_comes(SPI_OF(SP2));
	request(SP2, SP1);

	end();
	CHECK_GOT(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK(is_masked());
	check_gone();
	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
}

TEST(a_caller_out_of_its_call_ends_and_its_callee_is_as_preempted)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP1);
	request(SP1, SP2);
	interrupt_comes(MINE);

	end();
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	CHECK(!is_masked());
	check_gone();
	run(SP2);
	CHECK_GOT(SP2, REQ, FFA_ENDPOINTS(SP1, SP2));
}

TEST(a_caller_out_of_its_call_ends_and_its_own_caller_is_told)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP3);
	request(SP3, SP1);
	request(SP1, SP2);
	interrupt_comes(MINE);

	end();
	CHECK_GOT(SP3, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	respond(SP3, NW);
}

TEST(a_callee_of_a_caller_out_of_its_call_is_one_no_more)
{
	boot(INSTANCE_S1MP, 1);
	request(NW, SP1);
	request(SP1, SP2);
	request(SP2, SP4);
	interrupt_comes(MINE);
	end();

	CHECK_EQUAL(state_of(SP2, 0), CTX_PREEMPTED);
	CHECK_EQUAL(state_of(SP4, 0), CTX_PREEMPTED);
	run(SP2);
	CHECK_GOT(SP2, FFA_INTERRUPT_32, FFA_TARGET(SP4, 0));
	CALL(SP2, FFA_RUN_32, FFA_TARGET(SP4, 0)); /* as if non-secure interrupts had done it */
	CHECK_EQUAL(running(), SP4);
	respond(SP4, SP2);
}

TEST(who_interrupted_a_partition_that_ends_meanwhile_finds_it_ended)
{
	boot(INSTANCE_S1MP, 2);
	request(NW, SP1);
	interrupt_comes(SPI_OF(SP2));
	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	on_pe(1);
	request(NW, SP1);
	end();
	on_pe(0);
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP1);

	CALL(SP1, FFA_ID_GET_32);
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}

TEST(a_start_that_fails_leaves_no_interrupt)
{
	interrupts_add_usual(INSTANCE_S1MP);
	system_build(1);
	power_on_begin(0);
	interrupts_enable();
	interrupt_comes(MINE);

	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_NO_MEMORY));
	CHECK_EQUAL(running(), SP2);
	check_gone();
	interrupts_finish_start();
}

TEST(a_partition_that_ends_over_cpu_off_leaves_no_interrupt)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->power_management_messages = 1;
	interrupts_boot(1);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	interrupt_comes(MINE);

	end();
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SPMC, SPMD), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		  0);
	check_gone();
}

TEST(a_partition_that_ends_over_a_request_of_el3_leaves_no_interrupt)
{
	boot(INSTANCE_S1MP, 1);
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	interrupt_comes(MINE);

	end();
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	check_gone();
	turn();
	CHECK(!is_masked());
}

TEST(a_partition_that_ends_while_it_leaves_is_gone)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->ns_interrupts_action = NS_INTERRUPTS_MANAGED_EXIT;
	interrupts_boot(1);
	request(NW, SP1);
	fiq();
	CHECK(is_masked());

	end();
	CHECK_EQUAL(running(), NW);
	CHECK(!is_masked());
	CHECK_EQUAL(this_pe()->exit_at, ARCH_NEVER);
}

/* ---- on other PEs ------------------------------------------------------------------------------- */

/** SP1 runs on PE 1 and ends on PE 0. */
static void ends_on_pe0(void)
{
	on_pe(0);
	request(NW, SP1);
	end();
	on_pe(1);
}

TEST(a_context_that_runs_elsewhere_is_stopped_there)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	request(NW, SP1);
	ends_on_pe0();

	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
}

TEST(a_handler_that_runs_elsewhere_is_stopped_there)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupts[0].has_target = true;
	config_of(SP1)->interrupts[0].target_mpidr = 1;
	interrupts_boot(2);
	on_pe(1);
	request(NW, SP2);
	interrupt_comes(MINE);
	CHECK_ENTERED(SP1, MINE);
	ends_on_pe0();

	CHECK(!is_active(MINE));
	take_interrupt();
	CHECK_GOT(SP2, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK(!is_masked());
}

TEST(a_caller_elsewhere_is_stopped_before_it_runs_again)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP2);
	ends_on_pe0();

	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	turn();
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}

TEST(whom_a_caller_called_that_is_stopped_elsewhere_is_not_disturbed)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	request(NW, SP3);
	request(SP3, SP1);
	request(SP1, SP2);
	ends_on_pe0();
	take_interrupt();
	turn();
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	turn();

	CHECK_GOT(SP3, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	respond(SP3, NW);
	turn();
	CHECK_EQUAL(running(), NW);
	CHECK(!this_pe()->errands);
}

TEST(a_callee_elsewhere_of_a_caller_out_of_its_call_is_stopped_before_it_runs_again)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	request(NW, SP2);
	write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + MS);
	request(SP2, SP1);
	timer_comes();
	CHECK_EQUAL(fetch(), VIRQ_TIMER);
	ends_on_pe0();
	take_interrupt();
	CHECK_EQUAL(running(), SP2);

	CALL(SP2, FFA_RUN_32, FFA_TARGET(SP1, 1));
	turn();
	CHECK_GOT(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
	respond(SP2, NW);
}

TEST(a_start_elsewhere_is_stopped)
{
	interrupts_add_usual(INSTANCE_S1MP);
	system_build(2);
	interrupts_power_on(0);
	power_on_begin(1);
	interrupts_start_until(SP1);
	ends_on_pe0();

	take_interrupt();
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
	interrupts_finish_start();
}

TEST(a_caller_elsewhere_is_not_taken_out_of_its_call_any_more)
{
	boot(INSTANCE_S1MP, 2);
	on_pe(1);
	request(NW, SP1);
	write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + MS);
	request(SP1, SP2);
	ends_on_pe0();
	take_interrupt();

	timer_comes();
	CHECK_EQUAL(running(), SP2);
}

TEST(what_is_kicked_for_a_partition_that_has_ended_does_nothing)
{
	boot(INSTANCE_S1MP, 2);
	request(NW, SP1);
	CHECK_EQUAL(paravirt(INTERRUPT_SEND_IPI, 1, 0, 0), 0);
	end();
	on_pe(1);

	take_interrupt();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK_EQUAL(state_of(SP1, 1), CTX_WAITING);
}

TEST(what_was_postponed_for_a_partition_that_has_ended_does_nothing)
{
	boot(INSTANCE_S1UP, 2);
	interrupt_comes(SPI_OF(SP2));
	interrupt_comes(MINE);
	CHECK(this_pe()->undelivered != 0);
	on_pe(1);
	request(NW, SP1);
	end();
	on_pe(0);
	CHECK(!is_active(MINE));

	CHECK_EQUAL(fetch(), SPI_OF(SP2));
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	turn();
	CHECK_EQUAL(running(), NW);
}
