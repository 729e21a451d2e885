/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_RUN (DEN0077A, "CPU cycle management interfaces") by the normal world and by partitions, of targets
 * in every state, with each check in the specification's order.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define RUN FFA_RUN_32
#define WAIT FFA_MSG_WAIT_32
#define YIELD FFA_YIELD_32
#define REQ FFA_MSG_SEND_DIRECT_REQ_32

/* ---- FFA_RUN of the normal world ---------------------------------------------------------------- */

TEST(run_of_a_waiting_partition_arrives_with_its_target)
{
	system_boot_usual(1);

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_GOT(SP1, RUN, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(this_pe()->current->model, MODEL_RUN);
}

TEST(run_reaches_all_kinds)
{
	system_boot_usual(1);

	for (uint16_t id = SP1; id <= SP4; id++) {
		CALL(NW, RUN, FFA_TARGET(id, 0));
		CHECK_GOT(id, RUN, FFA_TARGET(id, 0));
		CALL(id, WAIT);
		CHECK_GOT(NW, WAIT);
	}
}

TEST(run_with_reserved_registers_is_refused)
{
	system_boot_usual(1);

	for (unsigned n = 2; n < 8; n++) {
		uint64_t x[8] = { RUN, FFA_TARGET(SP1, 0) };

		x[n] = 1;
		call_with(NW, x, 8);
		CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	}
}

TEST(run_of_nobody_is_refused)
{
	system_boot_usual(1);

	CALL(NW, RUN, FFA_TARGET(0x8077, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(SPMC, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(SPMD, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(1, 0)); /* a VM */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(NW, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(run_of_a_context_that_is_not_there_is_refused)
{
	system_boot_usual(2);

	CALL(NW, RUN, FFA_TARGET(SP1, 2));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(SP1, 0xFFFF));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(SP3, 1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(run_of_another_pes_context_is_refused)
{
	system_boot_usual(2);

	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CHECK_GOT(SP1, RUN, FFA_TARGET(SP1, 1));
}

TEST(run_of_a_context_that_is_off_is_denied)
{
	system_boot_usual(1);
	context_of(SP1, 0)->state = CTX_OFF;

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(run_of_an_up_partition_that_runs_elsewhere_is_told_busy)
{
	system_boot_usual(2);
	request(NW, SP3);

	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(run_of_an_up_partition_in_a_chain_elsewhere_is_denied)
{
	system_boot_usual(2);
	request(NW, SP3);
	request(SP3, SP4);

	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, RUN, FFA_TARGET(SP4, 0));
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(run_of_a_partition_that_ended_is_aborted)
{
	system_boot_usual(2);
	request(NW, SP1);
	fault("data abort", 0);

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(NW, FFA_ABORTED);
	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 1)); /* waiting when it ended */
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(run_of_a_context_at_rest_of_a_partition_that_ended_is_aborted)
{
	system_boot_usual(3);
	on_pe(1);
	request(NW, SP1);
	fiq();
	on_pe(2);
	request(NW, SP1);
	CALL(SP1, YIELD);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CHECK_REFUSED(NW, FFA_ABORTED);
	on_pe(2);
	CALL(NW, RUN, FFA_TARGET(SP1, 2));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_preempted_partition_goes_on_where_it_was)
{
	system_boot_usual(1);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), 0, 3);
	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1), 0, 3);
	respond(SP1, NW);
}

TEST(a_preempted_up_partition_goes_on_on_another_pe)
{
	system_boot_usual(2);
	request(NW, SP3);
	fiq();

	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	respond(SP3, NW);
	CHECK_EQUAL(this_pe()->index, 1);
	on_pe(0);
	CHECK_EQUAL(running(), NW);
}

/* ---- FFA_RUN of a partition --------------------------------------------------------------------- */

TEST(a_partition_may_not_run_one_that_waits)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL(SP1, RUN, FFA_TARGET(SP2, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	respond(SP1, NW);

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_partition_may_not_run_the_callee_of_another)
{
	system_boot_usual(2);
	request(NW, SP3); /* the normal world's */
	CALL(SP3, YIELD);
	request(NW, SP1);

	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_partition_may_not_run_who_waits_for_it)
{
	system_boot_usual(1);
	request(NW, SP3);
	request(SP3, SP1);

	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_partition_may_not_run_itself)
{
	system_boot_usual(2);
	request(NW, SP1);

	CALL(SP1, RUN, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, RUN, FFA_TARGET(SP1, 1));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_partition_may_not_run_the_normal_world)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RUN, FFA_TARGET(NW, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RUN, FFA_TARGET(1, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RUN, FFA_TARGET(0x8077, 0));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_partition_that_runs_one_that_ended_is_told_so)
{
	system_boot_usual(1);
	request(NW, SP2);
	fault("data abort", 0);
	request(NW, SP1);

	CALL(SP1, RUN, FFA_TARGET(SP2, 0));
	CHECK_REFUSED(SP1, FFA_ABORTED);
}

TEST(a_partition_may_not_run_anybody_while_it_starts)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	CALL(SP1, WAIT);
	request(SP2, SP1);
	CALL(SP1, YIELD);
	CHECK_GOT(SP2, YIELD, FFA_TARGET(SP1, 0));

	CALL(SP2, RUN, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(SP2, FFA_DENIED);
}
