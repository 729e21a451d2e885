/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Schedule Receiver Interrupt (DEN0077A, "Notifications"): raised at once on the PE of who signals, or,
 * when a partition asks for that, not before the normal world runs next there.
 */
#include "ffa/run_loop.h"
#include "tests/unit/ffa/notification_fixture.h"

static unsigned sri_count(unsigned pe)
{
	return the_spmc()->pes[pe].arch.sri_count;
}

/** SP1 may signal ID 0 of SP2, and VM1 ID 1; SP1 runs. */
static void one_signaller(unsigned pe_count)
{
	notified_boot(pe_count);
	must_bind(SP2, SP1, 0x1, 0);
	must_bind(SP2, VM1, 0x2, 0);
	turn_to(SP1);
}

/* What the normal world finds when it runs. */
static unsigned sri_count_found;

static struct arch_exit look(struct arch_context *context, void *argument)
{
	sri_count_found = sri_count(0);
	return host_call_with(context, (const uint64_t[]){ FFA_ID_GET_32 }, 1);
}

/** The normal world runs on PE 0 and looks. */
static void let_normal_world_look(void)
{
	CHECK_EQUAL(running(), NW);
	host_context_script(&context_of(NW, 0)->arch, look, NULL);
	run_loop_step(this_pe());
}

/* ---- at once --------------------------------------------------------------------------------------- */

TEST(sri_is_raised_by_a_set_at_once_on_its_pe)
{
	one_signaller(2);

	must_set(SP1, SP2, 0x1, 0);
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(sri_count(0), 1);
	CHECK_EQUAL(sri_count(1), 0);
	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}

TEST(sri_is_raised_by_the_set_of_a_vm)
{
	one_signaller(2);
	turn_to(NW);
	on_pe(1);

	must_set(VM1, SP2, 0x2, 0);
	CHECK_EQUAL(sri_count(1), 1);
	CHECK_EQUAL(sri_count(0), 0);
}

TEST(sri_is_raised_for_receivers_of_both_worlds)
{
	notified_boot(1);
	must_bind(VM1, SP1, 0x1, 0);
	must_bind(VM1, SP1, 0x2, PER_VCPU);

	must_set(SP1, VM1, 0x1, 0);
	CHECK_EQUAL(sri_count(0), 1);
	must_set(SP1, VM1, 0x2, SET_FOR_VCPU(1));
	CHECK_EQUAL(sri_count(0), 2);
}

TEST(sri_is_not_raised_by_a_set_that_is_refused)
{
	one_signaller(1);

	set_as(SP1, SP2, 0x3, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	set_as(SP1, SP2, 0x3, DELAY_SRI);
	CHECK_REFUSED(SP1, FFA_DENIED);
	set_as(SP1, WITHOUT, 0x1, DELAY_SRI);
	CHECK_REFUSED(SP1, FFA_DENIED);
	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 0);
}

TEST(sri_is_not_raised_by_fetching_and_telling)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, 0);

	check_gets(SP2, 0, 0x1, 0);
	turn_to(NW);
	CALL(NW, FFA_NOTIFICATION_INFO_GET_64);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}

/* ---- delayed --------------------------------------------------------------------------------------- */

TEST(a_delayed_sri_comes_as_the_normal_world_runs_next)
{
	one_signaller(1);

	must_set(SP1, SP2, 0x1, DELAY_SRI);
	CHECK_EQUAL(sri_count(0), 0);
	turn_to(NW);
	CHECK_EQUAL(sri_count(0), 0);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}

TEST(a_delayed_sri_waits_while_cycles_stay_in_the_secure_world)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, DELAY_SRI);

	request(SP1, SP2); /* which gets it before the scheduler knows */
	CALL(SP2, FFA_NOTIFICATION_GET_32, SP2, OF_ALL);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0x1);
	respond(SP2, SP1);
	CALL(SP1, FFA_ID_GET_32);
	CHECK_EQUAL(sri_count(0), 0);
	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}

TEST(an_immediate_sri_leaves_a_delayed_one_owed)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, DELAY_SRI);

	must_set(SP1, SP2, 0x1, 0);
	CHECK_EQUAL(sri_count(0), 1);
	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 2);
}

TEST(several_delayed_sris_are_one)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, DELAY_SRI);
	must_set(SP1, SP2, 0x1, DELAY_SRI);
	send_empty(SP1, SP2, DELAY_SRI); /* the normal world runs in between, to map buffers */
	CHECK_EQUAL(sri_count(0), 1);

	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 2);
}

TEST(a_delayed_sri_is_of_the_pe_where_it_was_asked_for)
{
	one_signaller(2);
	must_set(SP1, SP2, 0x1, DELAY_SRI);

	on_pe(1);
	CALL(NW, FFA_ID_GET_32);
	CHECK_EQUAL(sri_count(1), 0);
	CHECK_EQUAL(sri_count(0), 0);
	on_pe(0);
	turn_to(NW);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
	CHECK_EQUAL(sri_count(1), 0);
}

TEST(a_delayed_sri_comes_when_an_interrupt_brings_the_normal_world_back)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, DELAY_SRI);

	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(sri_count(0), 0);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}

TEST(a_delayed_sri_comes_when_the_partition_yields_waits_or_ends)
{
	one_signaller(1);
	must_set(SP1, SP2, 0x1, DELAY_SRI);
	CALL(SP1, FFA_YIELD_32);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(sri_count(0), 1);

	respond(SP1, NW);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	must_set(SP1, SP2, 0x1, DELAY_SRI);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(sri_count(0), 2);

	must_set(SP1, SP2, 0x1, DELAY_SRI);
	fault("data abort", 0);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 3);
}

TEST(a_delayed_sri_of_the_start_comes_when_the_start_is_over)
{
	struct partition_config *configs[4];

	notified_add(configs);
	configs[0]->boot_order = 2;
	configs[1]->boot_order = 1;
	system_build(1);
	system_begin();
	CALL(SP2, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(SP1, SP2), 0, 1);
	CHECK_SUCCESS(SP2);
	CALL(SP2, FFA_MSG_WAIT_32);
	CALL(SP1, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(SP1, SP2), DELAY_SRI, 1);
	CHECK_SUCCESS(SP1);

	system_finish_start();
	CHECK_EQUAL(sri_count(0), 0);
	let_normal_world_look();
	CHECK_EQUAL(sri_count_found, 1);
}
