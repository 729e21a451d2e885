/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The run loop: every way in which a context stops, calls that are not of FF-A, and whole conversations of
 * scripted partitions with the loop itself running, on one PE and on two.
 */
#include "ffa/run_loop.h"

#include "tests/unit/ffa/ffa_fixture.h"

#define UNKNOWN UINT64_MAX
#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32

/* ---- calls that are not of FF-A ----------------------------------------------------------------- */

/* What EL3 was asked, and what it answers: x0-x6 0xE0.., the rest as found. */
static struct {
	unsigned count;
	uint64_t x[18];
} el3;

static void answer_smc(uint64_t x[18], void *argument)
{
	(void)argument;
	el3.count++;
	memcpy(el3.x, x, sizeof(el3.x));
	for (unsigned i = 0; i < 18; i++) {
		x[i] = 0xE0 + i;
	}
}

/** SP1 with the SMCs 0x82000001 and 0xC2000002 allowed, SP2 with all of them, handle requests. */
static void with_smcs(uint16_t who)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->vm.smc[0] = 0x82000001;
	config->vm.smc[1] = 0xC2000002;
	config->vm.smc_count = 2;
	system_add(SP2, INSTANCE_S1UP)->vm.smc_permissive = true;
	system_add(SP4, INSTANCE_S0)->vm.smc_permissive = true;
	system_boot(1);
	memset(&el3, 0, sizeof(el3));
	host_smc_handler(answer_smc, NULL);
	request(NW, who);
}

TEST(an_allowed_smc_is_forwarded_with_the_partitions_id_and_answered_in_x0_to_x6)
{
	with_smcs(SP1);

	CALL(SP1, 0xC2000002, 1, 2, 3, 4, 5, 6, 0x1234567812345678);

	CHECK_EQUAL(el3.count, 1);
	CHECK_EQUAL(el3.x[0], 0xC2000002);
	CHECK_EQUAL(el3.x[1], 1);
	CHECK_EQUAL(el3.x[6], 6);
	CHECK_EQUAL(el3.x[7], 0x1234567812348001);
	for (unsigned i = 8; i < 18; i++) {
		CHECK_EQUAL(el3.x[i], 0); /* nothing of the partition's upper registers */
	}
	CHECK_GOT(SP1, 0xE0, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0x1234567812345678);
}

TEST(an_allowed_smc_may_carry_the_sve_hint)
{
	with_smcs(SP1);

	CALL(SP1, 0x82010001);
	CHECK_EQUAL(el3.count, 1);
}

TEST(an_smc_that_is_not_allowed_is_unknown_and_changes_nothing_else)
{
	with_smcs(SP1);

	CALL(SP1, 0x82000003, 1, 2, 3, 4, 5, 6, 7);
	CHECK_EQUAL(el3.count, 0);
	CHECK_GOT(SP1, UNKNOWN, 1, 2, 3, 4, 5, 6, 7);
}

TEST(power_calls_of_a_partition_are_unknown)
{
	with_smcs(SP1);

	CALL(SP1, 0x84000002); /* CPU_OFF */
	CHECK_GOT(SP1, UNKNOWN);
	CALL(SP1, 0x84000008); /* SYSTEM_OFF */
	CHECK_GOT(SP1, UNKNOWN);
	CHECK_EQUAL(el3.count, 0);
}

TEST(a_permissive_partition_forwards_any_smc)
{
	with_smcs(SP2);

	CALL(SP2, 0x8A000003);
	CHECK_EQUAL(el3.count, 1);
	CHECK_EQUAL(el3.x[7], SP2);
}

TEST(an_hvc_or_svc_is_never_forwarded)
{
	with_smcs(SP2);
	CALL_THROUGH(ARCH_CONDUIT_HVC, 0x8A000003);
	CHECK_GOT(SP2, UNKNOWN);
	respond(SP2, NW);

	request(NW, SP4);
	CALL(SP4, 0x8A000003);
	CHECK_GOT(SP4, UNKNOWN);
	CHECK_EQUAL(el3.count, 0);
}

TEST(ff_a_is_served_through_hvc_as_through_smc)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL_THROUGH(ARCH_CONDUIT_HVC, FFA_ID_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SP1);
	CALL_THROUGH(ARCH_CONDUIT_HVC, RESP, 0x80010000);
	CHECK_GOT(NW, RESP, 0x80010000);
}

TEST(numbers_of_ff_a_are_not_forwarded_even_when_allowed)
{
	with_smcs(SP2);

	CALL(SP2, FFA_FID32(0x7C)); /* NORMAL_WORLD_RESUME */
	CHECK_REFUSED(SP2, FFA_NOT_SUPPORTED);
	CALL(SP2, FFA_FID32(0xFF));
	CHECK_REFUSED(SP2, FFA_NOT_SUPPORTED);
	CHECK_EQUAL(el3.count, 0);
}

/* ---- interrupts --------------------------------------------------------------------------------- */

TEST(a_secure_interrupt_without_owner_is_masked_and_the_partition_goes_on)
{
	system_boot_usual(1);
	request(NW, SP1);

	host_interrupt_raise(77);
	irq();
	CHECK_EQUAL(running(), SP1);
	CHECK(host_interrupt_is_masked(77));
	CHECK(strstr(host_console(), "77 has no owner: masked") != NULL);
}

TEST(a_spurious_secure_interrupt_is_nothing)
{
	system_boot_usual(1);
	request(NW, SP1);
	host_console_clear();

	irq();
	CHECK_EQUAL(running(), SP1);
	CHECK_TEXT(host_console(), "");
}

TEST(a_secure_interrupt_in_the_normal_world_is_masked_and_the_normal_world_resumed)
{
	system_boot_usual(1);

	host_interrupt_raise(78);
	CALL(NW, FFA_INTERRUPT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(host_interrupt_is_masked(78));
}

TEST(an_interrupt_of_the_spmd_does_not_lock_the_version)
{
	system_boot_usual(1);

	CALL(NW, FFA_INTERRUPT_32);
	nw_version(FFA_VERSION_1_1);
}

static const uint64_t success = FFA_SUCCESS_32, error = FFA_ERROR_32, unknown = UNKNOWN,
		      spurious = 0;

/** An EL3 that answers FFA_EL3_INTR_HANDLE with *@argument; with two of them nothing is pending any more. */
static void answer_group0(uint64_t x[18], void *argument)
{
	el3.count++;
	memcpy(el3.x, x, sizeof(el3.x));
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = *(const uint64_t *)argument;
	if (x[0] == FFA_SUCCESS_32 || x[0] == spurious) {
		host_interrupt_raise_group0(ARCH_INTERRUPT_NONE);
	}
}

static void with_group0(const uint64_t *answer)
{
	system_boot_usual(1);
	memset(&el3, 0, sizeof(el3));
	host_smc_handler(answer_group0, (void *)(uintptr_t)answer);
}

TEST(a_group_0_interrupt_is_handed_to_el3_and_the_partition_goes_on)
{
	with_group0(&success);
	CALL(NW, REQ, 0x00008001, 0, 3);

	host_interrupt_raise_group0(12);
	fiq();
	CHECK_EQUAL(el3.count, 1);
	CHECK_EQUAL(el3.x[0], FFA_EL3_INTR_HANDLE_32);
	for (unsigned i = 1; i < 18; i++) {
		CHECK_EQUAL(el3.x[i], 0);
	}
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3);
}

/** How often @text is on the console. */
static unsigned count_on_console(const char *text)
{
	unsigned count = 0;

	for (const char *at = host_console(); (at = strstr(at, text)) != NULL; at++) {
		count++;
	}
	return count;
}

/** As long as it is pending each FFA_RUN gets no further, but the normal world runs in between. */
static void check_left_to_the_normal_world(const uint64_t *answer)
{
	with_group0(answer);
	CALL(NW, REQ, 0x00008001, 0, 3);
	host_interrupt_raise_group0(12);
	for (unsigned i = 0; i < 3; i++) {
		fiq();
		CHECK_EQUAL(el3.count, i + 1);
		CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
		CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
		CHECK_EQUAL(running(), SP1);
	}
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3);
	respond(SP1, NW);
	CHECK_EQUAL(count_on_console("EL3 refuses Group 0"), 1);
}

TEST(a_group_0_interrupt_that_el3_refuses_is_left_to_it_in_the_normal_world)
{
	check_left_to_the_normal_world(&error);
	check_left_to_the_normal_world(&unknown);
	check_invariants();
}

TEST(a_group_0_interrupt_that_el3_refuses_unwinds_a_chain)
{
	with_group0(&error);
	CALL(NW, REQ, 0x00008001);
	CALL(SP1, REQ, 0x80018003);
	host_interrupt_raise_group0(12);
	fiq();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP3, 0));
	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	check_invariants();
}

TEST(a_group_0_interrupt_that_has_gone_by_itself_is_nothing)
{
	with_group0(&spurious);
	CALL(NW, REQ, 0x00008001, 0, 3);
	host_interrupt_raise_group0(12);
	fiq();
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3);
}

TEST(a_group_0_interrupt_that_el3_refuses_waits_while_nobody_could_resume_the_partition)
{
	with_group0(&error);
	CALL(NW, REQ, 0xFFC08001, 0, 3); /* of a partition in EL3 */
	host_interrupt_raise_group0(12);

	fiq();
	CHECK_EQUAL(running(), SP1);
	CHECK(this_pe()->arch.group0_masked);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, 0xFFC0));
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK(!this_pe()->arch.group0_masked);
}

/* ---- the loop itself ---------------------------------------------------------------------------- */

#define STEP(...)                                                                  \
	{                                                                          \
		.exit = { .reason = ARCH_EXIT_CALL, .conduit = ARCH_CONDUIT_SMC }, \
		.x = { __VA_ARGS__ }                                               \
	}
#define STEP_FIQ                                   \
	{                                          \
		.exit = {.reason = ARCH_EXIT_FIQ } \
	}
#define STEPS(name, ...)                                          \
	static struct host_step name##_steps[] = { __VA_ARGS__ }; \
	static struct host_steps name = { name##_steps,           \
					  sizeof(name##_steps) / sizeof(name##_steps[0]), 0 }

static void loop(void *argument)
{
	run_loop(argument);
}

/** Runs the loop on @pe until the normal world's steps have run out. */
static void run_until_end(unsigned pe)
{
	on_pe(pe);
	CHECK_EQUAL(host_run(loop, this_pe()).outcome, HOST_ENDED);
}

static void script(uint16_t id, unsigned pe, struct host_steps *steps)
{
	host_context_script(&context_of(id, pe)->arch, host_steps, steps);
}

static void check_x(const struct host_step *step, uint64_t x0, uint64_t x1, uint64_t x3)
{
	CHECK_EQUAL(step->got[0], x0);
	CHECK_EQUAL(step->got[1], x1);
	CHECK_EQUAL(step->got[3], x3);
}

TEST(the_loop_carries_a_conversation_with_every_partition)
{
	STEPS(nw, STEP(REQ, 0x00008001, 0, 11), STEP(REQ, 0x00008003, 0, 12),
	      STEP(REQ, 0x00008004, 0, 13), STEP(FFA_RUN_32, FFA_TARGET(SP2, 0)));
	STEPS(sp1, STEP(RESP, 0x80010000, 0, 21));
	STEPS(sp2, STEP(FFA_MSG_WAIT_32));
	STEPS(sp3, STEP(RESP, 0x80030000, 0, 22));
	STEPS(sp4, STEP(RESP, 0x80040000, 0, 23));

	system_boot_usual(1);
	script(NW, 0, &nw);
	script(SP1, 0, &sp1);
	script(SP2, 0, &sp2);
	script(SP3, 0, &sp3);
	script(SP4, 0, &sp4);
	run_until_end(0);

	check_x(&nw.steps[0], RESP, 0x80010000, 21);
	check_x(&nw.steps[1], RESP, 0x80030000, 22);
	check_x(&nw.steps[2], RESP, 0x80040000, 23);
	check_x(&nw.steps[3], FFA_MSG_WAIT_32, 0, 0);
}

TEST(the_loop_carries_a_preempted_chain)
{
	STEPS(nw, STEP(REQ, 0x00008001), STEP(FFA_RUN_32, FFA_TARGET(SP1, 0)));
	STEPS(sp1, STEP(REQ, 0x80018003), STEP_FIQ, STEP(FFA_RUN_32, FFA_TARGET(SP3, 0)),
	      STEP(RESP, 0x80010000, 0, 31));
	STEPS(sp3, STEP_FIQ, STEP(RESP, 0x80038001, 0, 32));

	system_boot_usual(1);
	script(NW, 0, &nw);
	script(SP1, 0, &sp1);
	script(SP3, 0, &sp3);
	run_until_end(0);

	check_x(&nw.steps[0], FFA_INTERRUPT_32, FFA_TARGET(SP1, 0), 0);
	check_x(&nw.steps[1], RESP, 0x80010000, 31);
	check_x(&sp1.steps[0], FFA_INTERRUPT_32, FFA_TARGET(SP3, 0), 0);
	check_x(&sp1.steps[2], RESP, 0x80038001, 32);
	check_invariants();
}

/** SP3, while it runs on PE 0, lets PE 1 go through all of its steps. */
static struct arch_exit meanwhile_pe_1(struct arch_context *context, void *argument)
{
	struct arch_exit exit = host_steps(context, argument);

	run_until_end(1);
	on_pe(0);
	return exit;
}

TEST(an_up_partition_that_runs_on_one_pe_is_busy_on_the_other_and_comes_over_afterwards)
{
	STEPS(nw0, STEP(REQ, 0x00008003, 0, 1));
	STEPS(nw1, STEP(REQ, 0x00008003), STEP(FFA_RUN_32, FFA_TARGET(SP3, 0)),
	      STEP(REQ, 0x00008001));
	STEPS(nw1_later, STEP(REQ, 0x00008003, 0, 2));
	STEPS(sp1, STEP(REQ, 0x80018003), STEP(RESP, 0x80010000));
	STEPS(sp3, STEP(RESP, 0x80030000, 0, 3));
	STEPS(sp3_later, STEP(RESP, 0x80030000, 0, 4));

	system_boot_usual(2);
	script(NW, 0, &nw0);
	script(NW, 1, &nw1);
	script(SP1, 1, &sp1);
	host_context_script(&context_of(SP3, 0)->arch, meanwhile_pe_1, &sp3);
	run_until_end(0);
	CHECK_EQUAL(nw1.steps[0].got[2], CODE(FFA_BUSY));
	CHECK_EQUAL(nw1.steps[1].got[2], CODE(FFA_BUSY));
	CHECK_EQUAL(sp1.steps[0].got[2], CODE(FFA_BUSY));
	check_x(&nw0.steps[0], RESP, 0x80030000, 3);

	script(SP3, 0, &sp3_later);
	script(NW, 1, &nw1_later);
	run_until_end(1);
	check_x(&nw1_later.steps[0], RESP, 0x80030000, 4);
	check_invariants();
}

TEST(an_up_partition_preempted_on_one_pe_is_finished_by_the_other)
{
	STEPS(nw0, STEP(REQ, 0x00008003, 0, 1));
	STEPS(nw1, STEP(REQ, 0x00008003), STEP(FFA_RUN_32, FFA_TARGET(SP3, 0)));
	STEPS(sp3, STEP_FIQ, STEP(RESP, 0x80030000, 0, 3));

	system_boot_usual(2);
	script(NW, 0, &nw0);
	script(NW, 1, &nw1);
	script(SP3, 0, &sp3);
	run_until_end(0);
	run_until_end(1);

	check_x(&nw0.steps[0], FFA_INTERRUPT_32, FFA_TARGET(SP3, 0), 0);
	CHECK_EQUAL(nw1.steps[0].got[2], CODE(FFA_BUSY));
	check_x(&nw1.steps[1], RESP, 0x80030000, 3);
}

TEST(contexts_of_an_mp_partition_run_on_both_pes_at_once)
{
	STEPS(nw0, STEP(REQ, 0x00008001, 0, 1));
	STEPS(nw1, STEP(REQ, 0x00008001, 0, 2));
	STEPS(sp1_0, STEP(RESP, 0x80010000, 0, 3));
	STEPS(sp1_1, STEP(RESP, 0x80010000, 0, 4));

	system_boot_usual(2);
	script(NW, 0, &nw0);
	script(NW, 1, &nw1);
	host_context_script(&context_of(SP1, 0)->arch, meanwhile_pe_1, &sp1_0);
	script(SP1, 1, &sp1_1);
	run_until_end(0);

	check_x(&nw0.steps[0], RESP, 0x80010000, 3);
	check_x(&nw1.steps[0], RESP, 0x80010000, 4);
}
