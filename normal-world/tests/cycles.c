/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MSG_WAIT, FFA_YIELD, FFA_RUN and the calls nobody may make there (DEN0077A, "CPU cycle management"). */
#include "normal-world/tests/fixture.h"

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))

/** Runs a waiting partition with a command for the time it has. */
static struct ffa_regs run_with(uint16_t id, uint64_t command, uint64_t a, uint64_t b)
{
	volatile struct test_area *area = area_of(id);

	area->run_command[1] = a;
	area->run_command[2] = b;
	area->run_command[3] = 0;
	area->run_command[4] = 0;
	area->run_command[0] = command;
	return FFA(FFA_RUN_32, HERE(id));
}

static void check_msg_wait(const struct ffa_regs *regs)
{
	CHECK_EQ(regs->x[0], (uint32_t)FFA_MSG_WAIT_32);
	fixture_check_zero(regs, 1, __FILE__, __LINE__);
}

static void run_waiting_here(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		volatile struct test_area *area = area_of(subject->id);
		uint64_t before = area->run_count;
		struct ffa_regs regs = run_with(subject->id, TEST_ECHO, 5, 6);

		check_msg_wait(&regs);
		CHECK_EQ(area->run_count, before + 1);
		CHECK_EQ(area->run_result[0], TEST_DONE);
		CHECK_EQ(area->run_result[1], ~5ULL);
		CHECK_EQ(area->run[0], (uint32_t)FFA_RUN_32);
		/* Its own target information, or nothing. */
		CHECK(area->run[1] == 0 || area->run[1] == HERE(subject->id));
		for (unsigned i = 2; i < 8; i++) {
			CHECK_EQ(area->run[i], 0);
		}
	}
}

TEST(a_waiting_partition_runs_and_waits_again_on_every_pe)
{
	on_each_pe(run_waiting_here, NULL);
}

/* ---- YIELD ------------------------------------------------------------------------------------------ */

/** Prepares TEST_CALL of FFA_YIELD with a timeout. */
static void prepare_yield(uint16_t id, uint64_t low, uint64_t high)
{
	volatile struct test_area *area = area_of(id);

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = i < 18 ? 0 : 0xA5A5 + i;
	}
	area->call_in[0] = (uint32_t)FFA_YIELD_32;
	area->call_in[2] = low;
	area->call_in[3] = high;
}

static void check_yielded(uint16_t id, const struct ffa_regs *regs, uint64_t low, uint64_t high)
{
	CHECK_EQ(regs->x[0], (uint32_t)FFA_YIELD_32);
	CHECK_EQ(regs->x[1], HERE(id));
	CHECK_EQ(regs->x[2], low);
	CHECK_EQ(regs->x[3], high);
	fixture_check_zero(regs, 4, __FILE__, __LINE__);
}

/** What the yielder saw when it went on: FFA_SUCCESS, nothing else, its registers kept. */
static void check_resumed(uint16_t id)
{
	volatile struct test_area *area = area_of(id);

	CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
	for (unsigned i = 1; i < 31; i++) {
		CHECK_EQ(area->call_out[i], i < 18 ? 0 : 0xA5A5 + i);
	}
}

static void yield_in_request(uint16_t id, uint64_t low, uint64_t high)
{
	struct ffa_regs regs;

	prepare_yield(id, low, high);
	regs = fixture_call(command_call(id, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
	check_yielded(id, &regs, low, high);

	/* Blocked: nobody else may talk to it. */
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, id), 0, TEST_ECHO), FFA_BUSY);

	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	check_resumed(id);
	CHECK_ALIVE(id);
}

static void yield_here(void *unused)
{
	yield_in_request(SP_MP1, 0, 0);
	yield_in_request(SP_UP, 0x12345678, 0x9ABCDEF0);
	yield_in_request(SP_EL0, 1, 0);
}

TEST(a_partition_that_yields_in_a_request_goes_on_by_run_on_every_pe)
{
	on_each_pe(yield_here, NULL);
}

static void run_and_yield_here(void *unused)
{
	static const uint16_t ids[] = { SP_MP1, SP_MP2, SP_UP, SP_EL0, SP_EL0B };

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ffa_regs regs;

		prepare_yield(ids[i], 7, 8);
		regs = run_with(ids[i], TEST_CALL, 0, 0);
		check_yielded(ids[i], &regs, 7, 8);
		CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, ids[i]), 0, TEST_ECHO),
			    FFA_BUSY);
		regs = FFA(FFA_RUN_32, HERE(ids[i]));
		check_msg_wait(&regs);
		check_resumed(ids[i]);
	}
}

TEST(a_partition_that_yields_in_its_own_time_goes_on_by_run_on_every_pe)
{
	on_each_pe(run_and_yield_here, NULL);
}

TEST(before_1_2_a_partition_may_not_yield_in_a_request)
{
	CHECK_ERROR(BY(SP_MP2, FFA_YIELD_32), FFA_DENIED);
	CHECK_ERROR(BY(SP_UP0, FFA_YIELD_32), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0B, FFA_YIELD_32), FFA_DENIED);
}

TEST(yield_refuses_what_it_does_not_define)
{
	CHECK_ERROR(BY(SP_MP1, FFA_YIELD_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_MP1, FFA_YIELD_32, 0, 0, 0, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_EL0, FFA_YIELD_32, 0, 0, 0, 0, 0, 0, 1), FFA_INVALID_PARAMETERS);
}

static void keep_over_yield(uint16_t id, uint64_t seed)
{
	struct ffa_regs regs = fixture_call(
		command_call(id, TEST_KEEP, seed, TEST_PAUSE_YIELD, 0, 0), __FILE__, __LINE__);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
}

static void check_kept(uint16_t id)
{
	struct ffa_regs regs = FFA(FFA_RUN_32, HERE(id));

	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
}

TEST(system_registers_of_partitions_do_not_mix)
{
	/* Each loads its own, then the other runs on the same PE. */
	keep_over_yield(SP_MP1, 0x1111);
	keep_over_yield(SP_UP, 0x2222);
	keep_over_yield(SP_EL0, 0x3333);
	CHECK_ALIVE(SP_MP2);
	check_kept(SP_MP1);
	check_kept(SP_EL0);
	check_kept(SP_UP);
}

static void check_kept_on(void *argument)
{
	check_kept(*(const uint16_t *)argument);
}

TEST_MP(a_single_context_takes_its_registers_along_to_another_pe)
{
	uint16_t up = SP_UP, el0 = SP_EL0;

	keep_over_yield(SP_UP, 0x4444);
	keep_over_yield(SP_EL0, 0x5555);
	on_pe(1, check_kept_on, &up);
	on_pe(pe_count - 1, check_kept_on, &el0);
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- RUN -------------------------------------------------------------------------------------------- */

TEST(run_refuses_what_it_cannot_run)
{
	CHECK_ERROR(FFA(FFA_RUN_32, HERE(SP_MP1), 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, HERE(SP_MP1), 0, 0, 0, 0, 0, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(0, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(5, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SPMC_ID, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_DAMAGED, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(0x8009, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(0xFFFF, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_MP1, 8)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_MP1, 0xFFFF)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_UP, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_EL0, 1)), FFA_INVALID_PARAMETERS);
}

TEST(run_of_an_aborted_partition_says_so)
{
	struct ffa_regs regs = FFA(FFA_RUN_32, FFA_TARGET(SP_CRASHED, 0));

	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(regs.x[2], (uint32_t)FFA_ABORTED);
}

static void run_wrong_context(void *unused)
{
	unsigned other = pe_index() == 0 ? 1 : 0;

	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_MP1, other)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(SP_MP2, other)), FFA_INVALID_PARAMETERS);
}

TEST_MP(run_of_a_context_of_another_pe_is_refused)
{
	on_each_pe(run_wrong_context, NULL);
}

TEST(partitions_may_not_run_whom_they_did_not_call)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;
		uint16_t other = id == SP_MP1 ? SP_UP : SP_MP1;

		CHECK_ERROR(BY(id, FFA_RUN_32, FFA_TARGET(other, 0)), FFA_DENIED);
		CHECK_ERROR(BY(id, FFA_RUN_32, FFA_TARGET(other, 0), 1), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, FFA_RUN_32, FFA_TARGET(SP_DAMAGED, 0)), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, FFA_RUN_32, FFA_TARGET(SPMC_ID, 0)), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, FFA_RUN_32, FFA_TARGET(other, 0x1FF)), FFA_INVALID_PARAMETERS);
		CHECK_ERROR_EITHER(BY(id, FFA_RUN_32, FFA_TARGET(3, 0)), FFA_DENIED,
				   FFA_INVALID_PARAMETERS);
		CHECK_ERROR_EITHER(BY(id, FFA_RUN_32, HERE(id)), FFA_DENIED,
				   FFA_INVALID_PARAMETERS);
	}
}

/* ---- the rest of the runtime models -------------------------------------------------------------------- */

TEST(msg_wait_refuses_what_it_does_not_define)
{
	/* Parameters come before the runtime model. */
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_WAIT_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_WAIT_32, 0, 2), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_WAIT_32, 0, 0, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_WAIT_32, 0, 0, 0, 0, 0, 0, 1), FFA_INVALID_PARAMETERS);
	/* Keeping the RX buffer is of 1.2. */
	CHECK_ERROR(BY(SP_MP2, FFA_MSG_WAIT_32, 0, FFA_MSG_WAIT_RETAIN_RX), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_WAIT_32, 0, FFA_MSG_WAIT_RETAIN_RX), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0, FFA_MSG_WAIT_32), FFA_DENIED);
}

static int32_t status_in_own_time(uint16_t id, uint64_t function, uint64_t x1)
{
	volatile struct test_area *area = area_of(id);
	struct ffa_regs regs;

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)function;
	area->call_in[1] = x1;
	regs = run_with(id, TEST_CALL, 0, 0);
	check_msg_wait(&regs);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	return (int32_t)area->call_out[2];
}

TEST(a_response_without_a_request_is_denied)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;

		CHECK_EQ(status_in_own_time(id, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(id, 0)),
			 FFA_DENIED);
		CHECK_EQ(status_in_own_time(id, FFA_MSG_SEND_DIRECT_RESP_64, FFA_ENDPOINTS(id, 0)),
			 FFA_DENIED);
		if (subject->version >= FFA_VERSION_1_2) {
			CHECK_EQ(status_in_own_time(id, FFA_MSG_SEND_DIRECT_RESP2_64,
						    FFA_ENDPOINTS(id, 0)),
				 FFA_DENIED);
		}
		CHECK_EQ(status_in_own_time(id, FFA_ERROR_32, 0), FFA_DENIED);
	}
}

TEST(a_partition_calls_others_in_its_own_time)
{
	volatile struct test_area *area = area_of(SP_MP1);
	struct ffa_regs regs = run_with(SP_MP1, TEST_FORWARD, SP_MP2, TEST_ECHO);

	check_msg_wait(&regs);
	CHECK_EQ(area->run_result[0], TEST_DONE);
	CHECK_EQ(area->run_result[1], ~0ULL);
}

TEST(msg_wait_frees_the_rx_buffer_unless_told_to_keep_it)
{
	const volatile struct test_boot_state *boot;
	struct ffa_regs regs;

	(void)COMMAND(SP_UP, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, SP_UP);
	CHECK_SUCCESS(BY(SP_UP, FFA_RXTX_MAP_64, boot->tx, boot->rx, 1));
	regs = BY(SP_UP, FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_ERROR(BY(SP_UP, FFA_PARTITION_INFO_GET_32), FFA_BUSY);

	/* Given some time of its own it does nothing but FFA_MSG_WAIT. */
	regs = run_with(SP_UP, TEST_ECHO, 0, 0);
	check_msg_wait(&regs);

	CHECK_ERROR(BY(SP_UP, FFA_RX_RELEASE_32), FFA_DENIED);
	regs = BY(SP_UP, FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_SUCCESS(BY(SP_UP, FFA_RX_RELEASE_32));
	CHECK_SUCCESS(BY(SP_UP, FFA_RXTX_UNMAP_32));
}

TEST(the_normal_world_may_not_make_calls_of_partitions)
{
	CHECK_ERROR(FFA(FFA_MSG_WAIT_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_YIELD_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_INTERRUPT_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_CONSOLE_LOG_32, 1, 'x'), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_CONSOLE_LOG_64, 1, 'x'), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_EL3_INTR_HANDLE_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR_EITHER(FFA(FFA_NORMAL_WORLD_RESUME_32), FFA_DENIED, FFA_NOT_SUPPORTED);
}

TEST(partitions_may_not_make_calls_of_the_manager)
{
	FOR_EACH_SUBJECT(subject)
	{
		CHECK_ERROR(BY(subject->id, FFA_INTERRUPT_32), FFA_DENIED);
		CHECK_ERROR(BY(subject->id, FFA_NORMAL_WORLD_RESUME_32), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(subject->id, FFA_EL3_INTR_HANDLE_32), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(subject->id, FFA_SUCCESS_32), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(subject->id, FFA_SUCCESS_64), FFA_NOT_SUPPORTED);
	}
}
