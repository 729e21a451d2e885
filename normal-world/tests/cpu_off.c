/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU_OFF (DEN0077A, "Power management messages"): partitions that subscribe are told in boot order, if their context
 * on the PE waits; whatever they do then, the PE goes off, in time, and all goes on. M_MP13 is told first, M_MP
 * then, M_MP11 last.
 */
#include "normal-world/tests/messages.h"

#include "abi/smccc.h"

#define PSCI_REQUEST (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ)
#define PSCI_ANSWER (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP)
#define DENIED_BY_PSCI ((uint32_t)-3)
#define BUDGET 100000U /* microseconds a partition has */
#define MARGIN 1000000U /* of a machine that is emulated, beside others */

static const uint16_t told[] = { M_MP13, M_MP, M_MP11 };
#define TOLD_COUNT 3U

static void talk_here(void *unused)
{
	CHECK_ALL_ALIVE_BUT(0);
}

/** What @id got on PE 1. */
static void check_message(uint16_t id)
{
	volatile struct test_area *area = area_on(id, 1);

	CHECK_EQ(area->framework[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
	CHECK_EQ(area->framework[1], FFA_ENDPOINTS(SPMC_ID, id));
	CHECK_EQ(area->framework[2], PSCI_REQUEST);
	CHECK_EQ(area->framework[3], PSCI_CPU_OFF);
	for (unsigned i = 4; i < 8; i++) {
		CHECK_EQ(area->framework[i], 0);
	}
}

static void react(uint16_t id, enum test_reaction reaction)
{
	area_on(id, 1)->reaction = reaction;
}

/** PE 1 goes off, within @budgets of a partition; returns the time it took. */
static uint64_t go_off(unsigned budgets)
{
	uint64_t start = time_now(), duration;

	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		area_on(told[i], 1)->framework_count = 0;
	}
	CHECK_EQ(pe_stop(1), 0);
	duration = time_now() - start;
	CHECK(duration >= budgets * BUDGET);
	CHECK(duration < budgets * BUDGET + MARGIN);
	CHECK_ALL_ALIVE_BUT(0);
	return duration;
}

static void come_back(void)
{
	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		react(told[i], TEST_REACTION_ANSWER);
	}
	CHECK_EQ(pe_start(1), 0);
	on_pe(1, talk_here, NULL);
	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		area_on(told[i], 1)->framework_count = 0;
	}
}

static void check_told_in_order(void)
{
	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		CHECK_EQ(area_on(told[i], 1)->framework_count, 1);
		check_message(told[i]);
		CHECK(i == 0 ||
		      area_on(told[i], 1)->framework_at > area_on(told[i - 1], 1)->framework_at);
	}
}

MESSAGES_TEST_MP(subscribers_are_told_in_boot_order_before_a_pe_goes_off)
{
	for (unsigned round = 0; round < 5; round++) {
		(void)go_off(0);
		check_told_in_order();
		for (unsigned i = 0; i < TOLD_COUNT; i++) {
			CHECK_EQ(area_on(told[i], 0)->framework_count, 0);
		}
		come_back();
	}
}

MESSAGES_TEST_MP(a_pe_goes_off_although_partitions_refuse)
{
	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		react(told[i], TEST_REACTION_REFUSE);
		area_on(told[i], 1)->reaction_status = DENIED_BY_PSCI;
		(void)go_off(0);
		check_told_in_order();
		come_back();
	}
}

MESSAGES_TEST_MP(a_pe_goes_off_although_a_partition_hangs_and_the_others_are_told)
{
	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		react(told[i], i == 1 ? TEST_REACTION_HANG_CALLING : TEST_REACTION_HANG);
		(void)go_off(1);
		check_told_in_order();
		come_back();
	}
}

MESSAGES_TEST_MP(a_pe_goes_off_in_time_although_all_partitions_hang)
{
	uint64_t duration;

	for (unsigned i = 0; i < TOLD_COUNT; i++) {
		react(told[i], i == 1 ? TEST_REACTION_HANG : TEST_REACTION_HANG_CALLING);
	}
	duration = go_off(TOLD_COUNT);
	check_told_in_order();
	test_note("three partitions that hang: off after %lu ms", duration / 1000);
	come_back();
}

/** While it is told, M_MP makes a call on PE 1, and then answers. */
static void check_call(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, uint32_t function,
		       uint32_t status)
{
	volatile struct test_area *area = area_on(M_MP, 1);

	react(M_MP, TEST_REACTION_CALL);
	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)x0;
	area->call_in[1] = x1;
	area->call_in[2] = x2;
	area->call_in[3] = x3;
	(void)go_off(0);
	check_told_in_order();
	if (area->call_out[0] != function || (uint32_t)area->call_out[2] != status) {
		test_note("call %lx %lx %lx answers %lx %lx %lx", x0, x1, x2, area->call_out[0],
			  area->call_out[1], area->call_out[2]);
	}
	CHECK_EQ(area->call_out[0], function);
	CHECK_EQ(area->call_out[2], status);
	come_back();
}

#define CHECK_CALL_REFUSED(x0, x1, x2, x3, code) \
	check_call(x0, x1, x2, x3, (uint32_t)FFA_ERROR_32, (uint32_t)(code))

MESSAGES_TEST_MP(a_partition_that_is_told_may_not_make_others_run)
{
	uint64_t back = FFA_ENDPOINTS(M_MP, SPMC_ID);

	CHECK_CALL_REFUSED(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(M_MP, M_EL0), 0, TEST_ECHO,
			   FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(M_MP, M_EL0), 0, 0,
			   FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_RUN_32, FFA_TARGET(M_EL0, 0), 0, 0, FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_YIELD_32, 0, 0, 0, FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_MSG_WAIT_32, 0, 0, 0, FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_MSG_SEND_DIRECT_RESP_32, back, 0, 0, FFA_DENIED);
	CHECK_CALL_REFUSED(FFA_MSG_SEND_DIRECT_RESP_32, back,
			   FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_RESP, 0,
			   FFA_INVALID_PARAMETERS);
	CHECK_CALL_REFUSED(FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(M_MP, OS), PSCI_ANSWER, 0,
			   FFA_DENIED);
	/* What needs nobody is served. */
	check_call(FFA_ID_GET_32, 0, 0, 0, (uint32_t)FFA_SUCCESS_32, M_MP);
}

MESSAGES_TEST_MP(a_partition_that_is_told_may_signal)
{
	CHECK_SUCCESS(BY(M_UP13, BIND(M_MP, M_UP13, 0, 1)));
	check_call(FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(M_MP, M_UP13), 0, 1,
		   (uint32_t)FFA_SUCCESS_32, 0);
	CHECK_FETCHED(BY(M_UP13, GET(M_UP13, 0, FFA_NOTIFICATION_ALL)), .from_partitions = 1);
	CHECK_SUCCESS(BY(M_UP13, UNBIND(M_MP, M_UP13, 1)));
}

static void leave_yielded(void *unused)
{
	struct ffa_regs regs = fixture_call(
		command_call(M_MP, TEST_KEEP, 0x98, TEST_PAUSE_YIELD, 0, 0), __FILE__, __LINE__);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
}

MESSAGES_TEST_MP(only_contexts_that_wait_are_told)
{
	on_pe(1, leave_yielded, NULL);
	(void)go_off(0);
	CHECK_EQ(area_on(M_MP, 1)->framework_count, 0);
	CHECK_EQ(area_on(M_MP13, 1)->framework_count, 1);
	CHECK_EQ(area_on(M_MP11, 1)->framework_count, 1);
	come_back();
	(void)go_off(0);
	check_told_in_order();
	come_back();
}

MESSAGES_TEST_MP(notifications_outlive_the_pe_of_their_vcpu)
{
	CHECK_SUCCESS(BY(M_MP, BIND(1, M_MP, FFA_NOTIFICATION_PER_VCPU, 1)));
	CHECK_SUCCESS(FFA(SET(1, M_MP, SET_ON(1), 1)));
	(void)go_off(0);
	come_back();
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 1, FFA_NOTIFICATION_ALL)), .from_vms = 1);
	CHECK_SUCCESS(BY(M_MP, UNBIND(1, M_MP, 1)));
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
}

TEST_IN_MP(messages, a_partition_that_dies_of_cpu_off_takes_nobody_along)
{
	messages_prepare();
	react(M_MP, TEST_REACTION_DIE);
	for (unsigned round = 0; round < 2; round++) {
		CHECK_EQ(pe_stop(1), 0);
		CHECK_EQ(area_on(M_MP13, 1)->framework_count, round + 1);
		CHECK_EQ(area_on(M_MP, 1)->framework_count, 1);
		CHECK_EQ(area_on(M_MP11, 1)->framework_count, round + 1);
		CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(OS, M_MP), 0, TEST_ECHO),
			    FFA_ABORTED);
		CHECK_ALL_ALIVE_BUT(M_MP);
		CHECK_EQ(pe_start(1), 0);
	}
}
