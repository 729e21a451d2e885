/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Start of contexts and power of PEs (DEN0077A, "Boot protocol", "Power management"): order, registers at
 * entry, failing starts, CPU_OFF and coming back.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define WAIT FFA_MSG_WAIT_32

static void check_entry(uint16_t id, unsigned pe, uint64_t pc)
{
	const struct arch_context *context = &this_pe()->current->arch;

	CHECK_EQUAL(running(), id);
	CHECK_EQUAL(state_of(id, pe), CTX_STARTING);
	CHECK_EQUAL(context->pc, pc);
	CHECK_EQUAL(context->x[4], pe);
}

/* ---- cold start --------------------------------------------------------------------------------- */

TEST(partitions_start_in_boot_order_then_in_the_manifests)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP)->boot_order = 7;
	system_add(SP3, INSTANCE_S1MP);
	system_add(SP4, INSTANCE_S0)->boot_order = 3;
	system_build(1);
	system_begin();

	CHECK_EQUAL(running(), SP4);
	CALL(SP4, WAIT);
	CHECK_EQUAL(running(), SP2);
	CALL(SP2, WAIT);
	CHECK_EQUAL(running(), SP1);
	CALL(SP1, WAIT);
	CHECK_EQUAL(running(), SP3);
	CALL(SP3, WAIT);
	CHECK_GOT_WIDE(NW, WAIT);
}

TEST(the_last_wait_of_the_start_is_the_spmcs_own)
{
	system_reset();
	system_build(1);
	system_begin();

	CHECK_GOT_WIDE(NW, WAIT);
}

TEST(a_partition_enters_at_its_entry_point_with_the_pe_index_in_x4)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->entry_offset = 0x7000;
	system_build(1);
	system_begin();

	check_entry(SP1, 0, base_of(SP1) + 0x7000);
	for (unsigned i = 0; i < 31; i++) {
		CHECK_EQUAL(this_pe()->current->arch.x[i], 0); /* x4 is 0 on PE 0 */
	}
}

TEST(boot_information_is_announced_in_the_register_of_the_manifest)
{
	for (unsigned n = 0; n < 4; n++) {
		struct partition_config *config;

		system_reset();
		config = system_add(SP1, INSTANCE_S1UP);
		config->boot_info = true;
		config->gp_register = (uint8_t)n;
		system_build(1);
		system_begin();

		for (unsigned i = 0; i < 4; i++) {
			CHECK_EQUAL(registers()[i], i == n ? base_of(SP1) : 0);
		}
	}
}

TEST(boot_information_without_a_register_is_not_announced)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->boot_info = true;
	system_build(1);
	system_begin();

	for (unsigned i = 0; i < 31; i++) {
		CHECK_EQUAL(this_pe()->current->arch.x[i], 0);
	}
}

TEST(the_boot_pe_need_not_be_the_first)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1UP);
	system_build(4);
	power_on_begin(2);

	check_entry(SP1, 2, base_of(SP1) + 0x4000);
	CHECK(this_pe()->current == context_of(SP1, 2));
	CALL(SP1, WAIT);
	CHECK_EQUAL(running(), SP3);
	CHECK_EQUAL(registers()[4], 2);
	system_finish_start();
	power_on(0);
	request(NW, SP1);
	respond(SP1, NW);
	request(NW, SP3);
}

TEST(non_secure_interrupts_are_masked_while_partitions_start_and_only_then)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	CHECK(this_pe()->arch.normal_world_masked);

	this_pe()->arch.normal_world_masked = false; /* the partition undoes it */
	fiq();
	CHECK_EQUAL(running(), SP1);
	CHECK(this_pe()->arch.normal_world_masked);
	CALL(SP1, WAIT);
	CHECK(!this_pe()->arch.normal_world_masked);
}

TEST(a_request_handled_for_a_starting_partition_is_not_preempted)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	CALL(SP1, WAIT);
	request(SP2, SP1);

	fiq();
	CHECK_EQUAL(running(), SP1);
	respond(SP1, SP2);
	system_finish_start();
}

/* ---- starts that fail --------------------------------------------------------------------------- */

/** SP1, SP2 and SP3; SP2's start is on. */
static void sp2_starts(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1UP);
	system_add(SP3, INSTANCE_S0);
	system_build(2);
	system_begin();
	CALL(SP1, WAIT);
	CHECK_EQUAL(running(), SP2);
}

static void check_only_sp2_is_gone(void)
{
	CHECK_EQUAL(running(), SP3);
	CHECK_EQUAL(partition_state(partition_of(SP2)), PARTITION_ABORTED);
	system_finish_start();
	request(NW, SP1);
	respond(SP1, NW);
	request(NW, SP3);
	respond(SP3, NW);
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(NW, SP2));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_start_that_ends_in_an_error_costs_that_partition_alone)
{
	sp2_starts();

	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	check_only_sp2_is_gone();
}

TEST(a_start_that_ends_in_an_error_of_any_code_has_failed)
{
	sp2_starts();

	CALL(SP2, FFA_ERROR_32, 0, CODE(FFA_NO_MEMORY));
	check_only_sp2_is_gone();
}

TEST(a_start_that_faults_costs_that_partition_alone)
{
	sp2_starts();

	fault("instruction abort", 0x1234);
	check_only_sp2_is_gone();
	CHECK(strstr(host_console(),
		     "0x8002 sp2: vCPU 0 stopped: instruction abort, address 0x1234") != NULL);
}

TEST(the_last_start_that_fails_hands_over_to_the_normal_world)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	fault("data abort", 0);
	CHECK_GOT_WIDE(NW, WAIT);
}

TEST(a_start_that_faults_with_buffers_mapped_gives_them_back)
{
	sp2_starts();
	map_rxtx(SP2);

	fault("data abort", 0);
	CHECK(!partition_of(SP2)->endpoint.mailbox.mapped);
}

TEST(a_callee_that_faults_does_not_end_the_start_of_its_caller)
{
	sp2_starts();
	request(SP2, SP1);

	fault("data abort", 0);
	CHECK_GOT(SP2, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	system_finish_start();
	CHECK_EQUAL(partition_state(partition_of(SP1)), PARTITION_ABORTED);
	CHECK_EQUAL(partition_state(partition_of(SP2)), PARTITION_RUNNING);
}

/* ---- other PEs ---------------------------------------------------------------------------------- */

TEST(another_pe_starts_the_contexts_of_mp_partitions_alone)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP)->boot_order = 1;
	system_add(SP3, INSTANCE_S1UP);
	system_add(SP4, INSTANCE_S0);
	system_build(2);
	power_on(0);

	power_on_begin(1);
	check_entry(SP2, 1, base_of(SP2) + 0x4000);
	CALL(SP2, WAIT);
	check_entry(SP1, 1, base_of(SP1) + 0x4000);
	CALL(SP1, WAIT);
	CHECK_GOT_WIDE(NW, WAIT);
}

TEST(a_context_on_another_pe_gets_no_boot_information)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1MP);
	config->boot_info = true;
	config->gp_register = 0;
	system_build(2);
	power_on(0);

	power_on_begin(1);
	check_entry(SP1, 1, base_of(SP1) + 0x4000);
	CHECK_EQUAL(registers()[0], 0);
}

TEST(a_context_that_fails_on_another_pe_ends_its_partition)
{
	system_boot_usual(1);
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP);
	system_build(2);
	power_on(0);

	power_on_begin(1);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_EQUAL(running(), SP2);
	system_finish_start();
	on_pe(0);
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_ABORTED);
	request(NW, SP2);
}

TEST(a_partition_that_ended_is_not_started_on_another_pe)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_build(2);
	system_begin();
	fault("data abort", 0);

	power_on_begin(1);
	CHECK_GOT_WIDE(NW, WAIT);
}

/* ---- CPU_OFF and back --------------------------------------------------------------------------- */

TEST(a_pe_that_comes_back_starts_its_contexts_afresh_at_the_secondary_entry)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_build(2);
	system_begin();
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5000);
	system_finish_start();
	power_on(1);
	power_off();
	CHECK_EQUAL(state_of(SP1, 1), CTX_OFF);

	power_on_begin(1);
	check_entry(SP1, 1, base_of(SP1) + 0x5000);
	system_finish_start();
	request(NW, SP1);
	respond(SP1, NW);
}

TEST(the_boot_pe_comes_back_through_the_secondary_entry_and_leaves_up_partitions_alone)
{
	system_boot_usual(2);
	power_off();

	power_on_begin(0);
	check_entry(SP1, 0, base_of(SP1) + 0x4000);
	CHECK_EQUAL(registers()[0], 0);
	CALL(SP1, WAIT);
	CHECK_EQUAL(running(), SP2);
	CALL(SP2, WAIT);
	CHECK_GOT_WIDE(NW, WAIT);
	request(NW, SP3);
	respond(SP3, NW);
}

TEST(an_up_partition_goes_on_elsewhere_when_its_pe_goes_off)
{
	system_boot_usual(2);
	request(NW, SP3);
	fiq();
	power_off();

	on_pe(1);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	respond(SP3, NW);
}

TEST(a_pinned_context_that_was_preempted_ends_with_its_pe)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	fiq();
	power_off();
	CHECK_EQUAL(state_of(SP1, 1), CTX_OFF);

	power_on(1);
	request(NW, SP1);
	respond(SP1, NW);
}

TEST(a_callee_whose_caller_went_off_with_its_pe_can_be_seen_through)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	fiq();
	power_off();

	on_pe(0);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CALL(SP3, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP3, SP1));
	CHECK_GOT(NW, WAIT);
	request(NW, SP3);
}

TEST(a_partition_that_ended_stays_ended_when_a_pe_comes_back)
{
	system_boot_usual(2);
	request(NW, SP1);
	fault("data abort", 0);
	power_off();

	power_on_begin(0);
	CHECK_EQUAL(running(), SP2);
	system_finish_start();
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_hundred_power_cycles_with_messages_between_leave_everything_as_it_was)
{
	uint32_t free_pages;

	system_boot_usual(2);
	free_pages = the_spmc()->pool.free_count;
	for (unsigned i = 0; i < 100; i++) {
		on_pe(1);
		request(NW, SP1);
		request(SP1, SP3);
		if (i % 3 == 0) {
			fiq();
			CALL(SP1, FFA_RUN_32, FFA_TARGET(SP3, 0));
		}
		respond(SP3, SP1);
		respond(SP1, NW);
		power_off();
		power_on(1);
	}
	CHECK_EQUAL(the_spmc()->pool.free_count, free_pages);
}
