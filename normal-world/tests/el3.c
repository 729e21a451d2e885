/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * systems/el3.toml: direct requests of a logical partition in EL3 (firmware/el3) to the partitions of
 * systems/test.toml.
 */
#include "normal-world/tests/el3.h"

#include "abi/smccc.h"

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))
#define TICK 500U
#define LONG_ENOUGH 8U /* times 2^20 rounds: longer than a tick */
#define FOR_EVER 65536U

/* ---- requests of the logical partition ------------------------------------------------------------------ */

/** Lets the logical partition send a command of the test partitions; returns what it got. */
struct ffa_regs el3_request(uint16_t id, enum test_command command, uint32_t argument)
{
	return FFA(EL3_DIRECT_REQUEST, id, command, argument);
}

static bool is_lp_answer(const struct ffa_regs *regs, uint16_t id)
{
	return regs->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32 &&
	       regs->x[1] == FFA_ENDPOINTS(id, LP) && regs->x[2] == 0 && regs->x[3] == TEST_DONE;
}

static void check_lp_answer(const struct ffa_regs *regs, uint16_t id)
{
	if (!is_lp_answer(regs, id)) {
		test_note("%x: %lx %lx %lx %lx", id, regs->x[0], regs->x[1], regs->x[2],
			  regs->x[3]);
	}
	CHECK(is_lp_answer(regs, id));
}

/** The same, and checks that TEST_DONE comes back from @id. */
struct ffa_regs el3_command(uint16_t id, enum test_command number, uint32_t argument)
{
	struct ffa_regs regs = el3_request(id, number, argument);

	check_lp_answer(&regs, id);
	return regs;
}

static void check_echo(uint16_t id, uint32_t word)
{
	CHECK_EQ(el3_command(id, TEST_ECHO, word).x[4], (uint32_t)~word);
}

static void check_all_echo(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_echo(subject->id, pe_index());
	}
}

/** What a call of @id comes back with that it makes while it handles a request of the logical partition. */
struct ffa_regs el3_call_by(uint16_t id, struct ffa_regs call)
{
	volatile struct test_area *area = area_of(id);

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = i < 18 ? call.x[i] : 0;
	}
	(void)el3_command(id, TEST_CALL, 0);
	for (unsigned i = 0; i < 18; i++) {
		call.x[i] = area->call_out[i];
	}
	return call;
}

TEST_IN(el3, the_service_in_el3_says_its_version)
{
	CHECK_EQ(smc(EL3_SERVICE, 0, 0, 0), EL3_SERVICE_VERSION);
	CHECK_EQ(smc(EL3_SERVICE + 0xFF, 0, 0, 0), SMCCC_UNKNOWN);
}

static void check_delivery(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		const volatile struct test_area *area = area_of(subject->id);
		unsigned context = context_on(subject->id, pe_index());
		struct ffa_regs regs = el3_command(subject->id, TEST_WHO, 0xC0FFEE);

		CHECK_EQ(regs.x[4], subject->id | context << 16);
		/* The partition leaves a secret in the upper halves. */
		CHECK_EQ(regs.x[6], subject->el1 ? 1 : 0);
		CHECK_EQ(regs.x[7], subject->version);
		CHECK_EQ(area->request[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
		CHECK_EQ(area->request[1], FFA_ENDPOINTS(LP, subject->id));
		CHECK_EQ(area->request[2], 0);
		CHECK_EQ(area->request[3], TEST_WHO);
		CHECK_EQ(area->request[4], 0xC0FFEE);
		CHECK_EQ(area->request[5] | area->request[6] | area->request[7], 0);
		CHECK_ALIVE(subject->id);
	}
}

TEST_IN(el3, the_logical_partition_reaches_every_partition_on_every_pe)
{
	fixture_prepare();
	on_each_pe(check_delivery, NULL);
	on_each_pe(check_delivery, NULL);
}

static void many_requests(void *unused)
{
	for (uint32_t i = 0; i < 200; i++) {
		struct ffa_regs regs;

		check_echo(SP_MP1, i);
		regs = el3_request(SP_UP, TEST_ECHO, i);
		/* Its one context may be busy on another PE. */
		if (!is_lp_answer(&regs, SP_UP)) {
			CHECK_ERROR(regs, FFA_BUSY);
		}
		CHECK_ALIVE(SP_MP2);
	}
}

TEST_IN(el3, the_logical_partition_sends_on_all_pes_at_once)
{
	fixture_prepare();
	on_all_pes(many_requests, NULL);
	on_each_pe(check_all_echo, NULL);
}

TEST_IN(el3, the_logical_partition_sends_on_a_pe_that_was_off)
{
	fixture_prepare();
	on_each_pe(check_all_echo, NULL);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(pe_stop(pe), 0);
		CHECK_EQ(pe_start(pe), 0);
	}
	on_each_pe(check_all_echo, NULL);
}

TEST_IN(el3, a_request_of_the_logical_partition_keeps_the_clients_vectors)
{
	static const uint16_t ids[] = { SP_MP1, SP_UP, SP_EL0 };
	uint64_t own = 0x1100000000000000ULL;

	fixture_prepare();
	client_simd_load(own);
	for (unsigned i = 0; i < 3; i++) {
		(void)el3_command(ids[i], TEST_SIMD_LOAD, 0x2200 + ids[i]);
		CHECK_EQ(client_simd_check(own), 0);
	}
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(el3_command(ids[i], TEST_SIMD_CHECK, 0x2200 + ids[i]).x[4], 0);
		CHECK_EQ(client_simd_check(own), 0);
	}
}

/* ---- refusals ------------------------------------------------------------------------------------------- */

TEST_IN(el3, the_logical_partition_learns_why_a_request_was_refused)
{
	fixture_prepare();
	CHECK_ERROR(el3_request(SP_EL0B + 1, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(FFA_ID_PARTITION_LAST, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(SP_DAMAGED, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(SP_CRASHED, TEST_ECHO, 0), FFA_ABORTED);
	/* These EL3 refuses itself. */
	CHECK_ERROR(el3_request(SPMC_ID, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(FFA_ID_SPMD, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(FFA_ID_NORMAL_WORLD, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(el3_request(LP, TEST_ECHO, 0), FFA_INVALID_PARAMETERS);
	check_all_echo(NULL);
}

static void check_busy_here(void *id)
{
	CHECK_ERROR(el3_request(*(const uint16_t *)id, TEST_ECHO, 0), FFA_BUSY);
}

/** Takes the one interrupt that is pending. */
static void take_interrupt(uint32_t intid)
{
	uint32_t before = pe_self()->interrupts;

	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->interrupts, before + 1);
	CHECK_EQ(pe_self()->last_interrupt, intid);
}

static void resume_and_check(uint16_t id)
{
	struct ffa_regs regs;

	area_of(id)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	area_of(id)->stop = 0;
}

TEST_IN(el3, a_partition_with_work_of_the_normal_world_is_busy_for_the_logical_partition)
{
	static const uint16_t ids[] = { SP_MP1, SP_UP, SP_EL0 };

	fixture_prepare();
	for (unsigned i = 0; i < 3; i++) {
		uint16_t id = ids[i];
		struct ffa_regs regs;

		timer_start(TICK);
		regs = fixture_call(command_call(id, TEST_SPIN, FOR_EVER, 0, 0, 0), __FILE__,
				    __LINE__);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
		take_interrupt(INTID_TIMER);
		check_busy_here(&id);
		if (subject_of(id)->context_count == 1 && pe_count > 1) {
			on_pe(1, check_busy_here, &id);
		}
		check_echo(id == SP_MP1 ? SP_UP : SP_MP1, i);
		resume_and_check(id);
		check_echo(id, i);

		regs = fixture_call(command_call(id, TEST_KEEP, 0x5151, TEST_PAUSE_YIELD, 0, 0),
				    __FILE__, __LINE__);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
		check_busy_here(&id);
		resume_and_check(id);
		check_echo(id, i);
	}
}

TEST_IN(el3, a_partition_that_dies_in_a_request_of_the_logical_partition_dies_alone)
{
	static const uint16_t ids[] = { SP_EL0, SP_UP, SP_MP1 };

	fixture_prepare();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_ERROR(el3_request(ids[i], TEST_DIE, TEST_DEATH_UNHANDLED), FFA_ABORTED);
		CHECK_ERROR(el3_request(ids[i], TEST_ECHO, 0), FFA_ABORTED);
		CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, ids[i], 0, TEST_ECHO), FFA_ABORTED);
		check_echo(SP_MP2, i);
		CHECK_ALIVE(SP_EL0B);
	}
}

TEST_IN(el3, nobody_sends_requests_to_the_logical_partition_or_in_its_name)
{
	fixture_prepare();
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;
		uint64_t there = FFA_ENDPOINTS(id, LP);
		uint64_t fake = FFA_ENDPOINTS(LP, id == SP_MP1 ? SP_UP : SP_MP1);

		CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_REQ_32, there), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_REQ_64, there), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_REQ_64, fake), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(IN_REQUEST(id, FFA_MSG_SEND_DIRECT_REQ_32, there),
			    FFA_INVALID_PARAMETERS);
		CHECK_ERROR(IN_REQUEST(id, FFA_MSG_SEND_DIRECT_REQ_64, there),
			    FFA_INVALID_PARAMETERS);
		if (subject->version >= FFA_VERSION_1_2) {
			CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_REQ2_64, there),
				    FFA_INVALID_PARAMETERS);
			CHECK_ERROR(IN_REQUEST(id, FFA_MSG_SEND_DIRECT_REQ2_64, there),
				    FFA_INVALID_PARAMETERS);
		}
		/* The request at hand is the normal world's. */
		CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_RESP_32, there), FFA_DENIED);
	}
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, LP), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(LP, SP_MP1)),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(LP, SP_MP1)),
		    FFA_INVALID_PARAMETERS);
	CHECK_ALL_ALIVE_BUT(0);
}

/** A request of EL3 is a function call: it ends with its answer and nothing else. */
static void check_runs_to_its_end(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;

		CHECK_ERROR(IN_REQUEST(id, FFA_YIELD_32), FFA_DENIED);
		CHECK_ERROR(IN_REQUEST(id, FFA_MSG_WAIT_32), FFA_DENIED);
		CHECK_ERROR(IN_REQUEST(id, FFA_MSG_SEND_DIRECT_RESP_32,
				       FFA_ENDPOINTS(id, FFA_ID_NORMAL_WORLD)),
			    FFA_DENIED);
		CHECK_ERROR(IN_REQUEST(id, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(id, LP + 1)),
			    FFA_DENIED);
		CHECK_ALIVE(id);
	}
}

TEST_IN(el3, a_partition_cannot_leave_a_request_of_the_logical_partition_but_by_its_answer)
{
	fixture_prepare();
	on_each_pe(check_runs_to_its_end, NULL);
}

/* ---- non-secure interrupts ------------------------------------------------------------------------------ */

static void check_undisturbed(uint16_t id)
{
	struct ffa_regs regs;

	timer_start(TICK);
	regs = el3_command(id, TEST_SPIN, LONG_ENOUGH);
	CHECK_EQ(regs.x[4], LONG_ENOUGH << 20);
	CHECK_EQ(gic_pending(), INTID_TIMER);
	/* Pending from the start. */
	CHECK_EQ(el3_command(id, TEST_SPIN, 1).x[4], 1 << 20);
	check_echo(id, 1);
	take_interrupt(INTID_TIMER);
	CHECK_ALIVE(id);
}

static void check_all_undisturbed(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_undisturbed(subject->id);
	}
}

TEST_IN(el3, a_timer_interrupt_waits_for_the_end_of_a_request_of_the_logical_partition)
{
	fixture_prepare();
	on_each_pe(check_all_undisturbed, NULL);
}

static void spin_while_disturbed(void *unused)
{
	CHECK_EQ(el3_command(SP_MP1, TEST_SPIN, 4 * LONG_ENOUGH).x[4], 4 * LONG_ENOUGH << 20);
	take_interrupt(INTID_SGI_TEST);
}

TEST_IN(el3, an_interrupt_from_another_pe_waits_for_the_end_of_a_request_of_the_logical_partition)
{
	fixture_prepare();
	if (pe_count < 2) {
		test_skip("needs more PEs");
	}
	area_on(SP_MP1, 1)->progress = 0;
	pe_post(1, spin_while_disturbed, NULL);
	while (area_on(SP_MP1, 1)->progress == 0) {
		CHECK(!pe_wait(1, 1));
	}
	gic_send_sgi(1, INTID_SGI_TEST);
	wait_for_pe(1);
}

/** LP -> @first -> @last, which spins through a tick. */
static void check_chain(uint16_t first, uint16_t last)
{
	struct ffa_regs regs;

	timer_start(TICK);
	regs = IN_REQUEST(first, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(first, last), 0,
			  TEST_SPIN, LONG_ENOUGH);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(last, first));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], LONG_ENOUGH << 20);
	CHECK_EQ(gic_pending(), INTID_TIMER);
	take_interrupt(INTID_TIMER);
}

/** Whom it called may yield to it at most. */
static void check_yield_ends_at_the_caller(uint16_t first, uint16_t last)
{
	volatile struct test_area *area = area_of(last);
	struct ffa_regs regs;

	area->call_conduit = subject_of(last)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = i == 0 ? (uint32_t)FFA_YIELD_32 : 0;
	}
	regs = IN_REQUEST(first, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(first, last), 0,
			  TEST_CALL);
	/* Or it was refused and has answered. */
	if (regs.x[0] == (uint32_t)FFA_YIELD_32) {
		CHECK_EQ(regs.x[1], HERE(last));
		regs = IN_REQUEST(first, FFA_RUN_32, HERE(last));
	}
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(last, first));
	CHECK_EQ(regs.x[3], TEST_DONE);
}

static void check_chains(void *unused)
{
	check_chain(SP_MP1, SP_UP);
	check_chain(SP_UP, SP_EL0);
	check_chain(SP_EL0, SP_MP2);
	check_yield_ends_at_the_caller(SP_MP1, SP_UP);
	check_yield_ends_at_the_caller(SP_UP, SP_EL0);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_IN(el3, a_partition_may_ask_others_in_a_request_of_the_logical_partition)
{
	fixture_prepare();
	on_each_pe(check_chains, NULL);
}

/* ---- the version of the normal world --------------------------------------------------------------------- */

static uint32_t version(uint32_t wanted)
{
	return (uint32_t)FFA(FFA_VERSION_32, wanted).x[0];
}

TEST_IN(el3, requests_of_the_logical_partition_do_not_lock_the_normal_worlds_version)
{
	uint32_t own;

	check_echo(SP_MP1, 1);
	own = version(FFA_VERSION_1_2);
	CHECK_EQ(own & FFA_VERSION_INVALID_BIT, 0);
	check_echo(SP_UP, 2);
	CHECK_EQ(version(FFA_VERSION_1_1), own);
	check_echo(SP_EL0, 3);
	CHECK_EQ(version(FFA_VERSION_1_0), own);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	/* Only now, by a call of its own. */
	CHECK_SUCCESS(FFA(FFA_FEATURES_32, (uint32_t)FFA_ID_GET_32));
	CHECK_EQ(version(FFA_VERSION_1_2), (uint32_t)FFA_NOT_SUPPORTED);
	check_all_echo(NULL);
	CHECK_ALL_ALIVE_BUT(0);
}
