/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_WAIT, FFA_YIELD, FFA_INTERRUPT and FFA_ERROR (DEN0077A, "CPU cycle management interfaces") in
 * every state of their caller. FFA_RUN: test_run.c; preemption and longer chains: test_chains.c; starts and
 * power: test_start.c; ends: test_ending.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define RUN FFA_RUN_32
#define WAIT FFA_MSG_WAIT_32
#define YIELD FFA_YIELD_32
#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RETAIN FFA_MSG_WAIT_RETAIN_RX

static bool rx_is_full(uint16_t id)
{
	return partition_of(id)->endpoint.mailbox.rx_state == RX_FULL;
}

/** SP1 runs because of FFA_RUN. */
static void sp1_is_run(void)
{
	system_boot_usual(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 0));
}

/** SP1, of FF-A @version, handles a request of the normal world. */
static void sp1_of_version_handles(uint32_t version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = version;
	system_boot(1);
	request(NW, SP1);
}

/* ---- FFA_MSG_WAIT ------------------------------------------------------------------------------- */

TEST(wait_after_run_completes_the_run_with_nothing_but_its_name)
{
	sp1_is_run();

	CALL(SP1, WAIT);

	CHECK_GOT(NW, WAIT);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(wait_while_handling_a_request_is_denied_for_both_kinds)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL(SP1, WAIT);
	CHECK_REFUSED(SP1, FFA_DENIED);
	respond(SP1, NW);

	CALL_WIDE(NW, FFA_MSG_SEND_DIRECT_REQ2_64, 0x00008001);
	CALL(SP1, WAIT);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(wait_with_reserved_registers_is_refused)
{
	sp1_is_run();

	CALL(SP1, WAIT, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	for (unsigned n = 3; n < 8; n++) {
		uint64_t x[8] = { WAIT };

		x[n] = 0x80000000;
		call_with(SP1, x, 8);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
	CALL(SP1, WAIT, 0, 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(wait_ignores_the_upper_halves)
{
	sp1_is_run();

	CALL(SP1, WAIT, UINT64_C(1) << 32, UINT64_C(1) << 33, UINT64_C(1) << 34);
	CHECK_GOT(NW, WAIT);
}

TEST(wait_before_1_2_has_no_flags)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_1;
	system_boot(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 0));

	CALL(SP1, WAIT, 0, RETAIN);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(wait_gives_the_rx_buffer_back)
{
	sp1_is_run();
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);
	CHECK(rx_is_full(SP1));

	CALL(SP1, WAIT);
	CHECK(!rx_is_full(SP1));
}

TEST(wait_that_retains_keeps_the_rx_buffer)
{
	sp1_is_run();
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);

	CALL(SP1, WAIT, 0, RETAIN);
	CHECK_GOT(NW, WAIT);
	CHECK(rx_is_full(SP1));
	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CALL(SP1, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(SP1);
}

TEST(wait_that_is_refused_keeps_the_rx_buffer)
{
	system_boot_usual(1);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);

	CALL(SP1, WAIT);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CHECK(rx_is_full(SP1));
}

TEST(wait_of_the_normal_world_is_not_supported)
{
	system_boot_usual(1);

	CALL(NW, WAIT);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

/* ---- FFA_YIELD ---------------------------------------------------------------------------------- */

TEST(yield_after_run_names_the_yielder_and_its_timeout)
{
	sp1_is_run();

	CALL(SP1, YIELD, 0, 0x11111111, 0x22222222);

	CHECK_GOT(NW, YIELD, FFA_TARGET(SP1, 0), 0x11111111, 0x22222222);
	CHECK_EQUAL(state_of(SP1, 0), CTX_YIELDED);
}

TEST(yield_names_the_context_of_its_pe)
{
	system_boot_usual(4);
	on_pe(3);
	request(NW, SP2);

	CALL(SP2, YIELD);
	CHECK_GOT(NW, YIELD, FFA_TARGET(SP2, 3));
}

TEST(a_yielder_that_is_run_again_gets_success)
{
	sp1_is_run();
	CALL(SP1, YIELD, 0, 5);

	CALL(NW, RUN, FFA_TARGET(SP1, 0));

	CHECK_SUCCESS(SP1);
	CALL(SP1, WAIT);
	CHECK_GOT(NW, WAIT);
}

TEST(a_yielder_in_a_request_goes_on_with_it)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL(SP1, YIELD);
	CHECK_GOT(NW, YIELD, FFA_TARGET(SP1, 0));

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_SUCCESS(SP1);
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, 0x80010000, 0, 7);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, 0x80010000, 0, 7);
}

TEST(yield_in_a_partitions_request_goes_to_that_partition)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);

	CALL(SP3, YIELD, 0, 9);
	CHECK_GOT(SP1, YIELD, FFA_TARGET(SP3, 0), 9);
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_SUCCESS(SP3);
	CALL(SP3, FFA_MSG_SEND_DIRECT_RESP_32, 0x80038001, 0, 7);
	CHECK_GOT(SP1, FFA_MSG_SEND_DIRECT_RESP_32, 0x80038001, 0, 7);
}

TEST(yield_in_a_request_is_denied_before_1_2)
{
	sp1_of_version_handles(FFA_VERSION_1_1);
	CALL(SP1, YIELD);
	CHECK_REFUSED(SP1, FFA_DENIED);

	sp1_of_version_handles(FFA_VERSION_1_0);
	CALL(SP1, YIELD);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(yield_after_run_is_allowed_in_all_versions)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_0;
	system_boot(1);
	CALL(NW, RUN, FFA_TARGET(SP1, 0));

	CALL(SP1, YIELD, 0, 7, 8); /* 1.0 has no timeout */
	CHECK_GOT(NW, YIELD, FFA_TARGET(SP1, 0));
}

TEST(yield_with_reserved_registers_is_refused)
{
	static const unsigned reserved[] = { 1, 4, 5, 6, 7 };

	sp1_is_run();
	for (unsigned i = 0; i < 5; i++) {
		uint64_t x[8] = { YIELD };

		x[reserved[i]] = 1;
		call_with(SP1, x, 8);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
}

TEST(yield_while_starting_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	CALL(SP1, YIELD);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(yield_of_the_normal_world_is_not_supported)
{
	system_boot_usual(1);

	CALL(NW, YIELD);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

/* ---- WFI of an S-EL0 partition ------------------------------------------------------------------ */

TEST(wfi_of_an_s_el0_partition_yields_and_keeps_its_registers)
{
	system_boot_usual(1);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP4), 0, 3);
	wait_for_interrupt();
	CHECK_GOT(NW, YIELD, FFA_TARGET(SP4, 0));

	CALL(NW, RUN, FFA_TARGET(SP4, 0));
	CHECK_GOT(SP4, REQ, FFA_ENDPOINTS(NW, SP4), 0, 3); /* as before the WFI */
	respond(SP4, NW);
}

TEST(wfi_while_starting_goes_on_at_once)
{
	system_reset();
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();

	wait_for_interrupt();
	CHECK_EQUAL(running(), SP4);
	system_finish_start();
}

TEST(yield_after_wfi_gets_success)
{
	system_boot_usual(1);
	request(NW, SP4);
	wait_for_interrupt();
	CALL(NW, RUN, FFA_TARGET(SP4, 0));

	CALL(SP4, YIELD);
	CALL(NW, RUN, FFA_TARGET(SP4, 0));
	CHECK_SUCCESS(SP4);
}

/* ---- FFA_INTERRUPT, FFA_ERROR, forms of later versions ------------------------------------------ */

TEST(a_partition_that_claims_an_interrupt_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(an_error_after_the_start_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP1, FFA_DENIED);
	respond(SP1, NW);

	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(the_64_bit_forms_of_1_3_are_not_there)
{
	sp1_is_run();

	CALL(SP1, FFA_FID64(0x6B));
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_FID64(0x6C));
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_FID64(0x6D), FFA_TARGET(SP2, 0));
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_FID64(0x60));
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}
