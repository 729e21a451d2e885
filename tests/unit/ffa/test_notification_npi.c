/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notification Pending Interrupt (DEN0077A, "Notifications"): the virtual interrupt by which a context of
 * an S-EL1 partition learns, when it is given cycles, that it has something to fetch; and when it is over.
 */
#include "tests/unit/ffa/notification_fixture.h"

#define INTERRUPT_ENABLE 0xFF03
#define INTERRUPT_GET 0xFF04
#define NPI 5
#define NONE 0xFFFFFFFF

static bool irq_line(uint16_t id, unsigned pe)
{
	return context_of(id, pe)->arch.machine.irq_line;
}

static bool fiq_line(uint16_t id, unsigned pe)
{
	return context_of(id, pe)->arch.machine.fiq_line;
}

/** SP1 has a global notification (bit 0) and one per vCPU (bit 1) of VM1; the normal world runs. */
static void bound_to_vm(unsigned pe_count)
{
	notified_boot(pe_count);
	must_bind(SP1, VM1, 0x1, 0);
	must_bind(SP1, VM1, 0x2, PER_VCPU);
	turn_to(NW);
}

/** The same, and the global one pends. */
static void pending_for_sp1(unsigned pe_count)
{
	bound_to_vm(pe_count);
	must_set(VM1, SP1, 0x1, 0);
	CHECK(!irq_line(SP1, 0)); /* at rest */
}

/** SP1, which runs, acknowledges interrupt @expected. */
static void acknowledge(uint64_t expected)
{
	CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_GET);
	CHECK_GOT(SP1, expected);
}

/** SP1, which runs, enables its NPI or disables it. */
static void enable_npi(uint64_t enabled, uint64_t pin)
{
	CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_ENABLE, NPI, enabled, pin);
	CHECK_GOT(SP1, 0, NPI, enabled, pin);
}

static void run(uint16_t id)
{
	CALL(NW, FFA_RUN_32, FFA_TARGET(id, 0));
	CHECK_EQUAL(running(), id);
}

/* ---- when it comes ---------------------------------------------------------------------------------- */

TEST(npi_comes_with_ffa_run)
{
	pending_for_sp1(1);

	run(SP1);
	CHECK(irq_line(SP1, 0));
	CHECK(!fiq_line(SP1, 0));
	CHECK_GOT(SP1, FFA_RUN_32, FFA_TARGET(SP1, 0));
	acknowledge(NPI);
	acknowledge(NONE);
}

TEST(npi_comes_with_a_direct_request_of_either_kind)
{
	pending_for_sp1(1);

	request(NW, SP1);
	CHECK(irq_line(SP1, 0));
	acknowledge(NPI);
	respond(SP1, NW);

	CALL_WIDE(NW, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(NW, SP1));
	CHECK(irq_line(SP1, 0));
	acknowledge(NPI);
}

TEST(npi_comes_with_the_request_of_a_partition)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);
	must_set(SP2, SP1, 0x1, 0);

	CHECK_EQUAL(running(), SP2);
	request(SP2, SP1);
	CHECK(irq_line(SP1, 0));
	CHECK(!irq_line(SP2, 0));
}

TEST(npi_comes_with_the_message_that_a_vm_was_created)
{
	struct partition_config *configs[4];

	notified_add(configs);
	configs[0]->vm_availability_messages = 1;
	system_boot(1);
	must_bind(SP1, VM1, 0x1, 0);
	must_set(VM1, SP1, 0x1, 0);

	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(NW, SP1),
	     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_REQ, 1, 2, VM2);
	CHECK_EQUAL(running(), SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_comes_when_a_preempted_context_is_resumed)
{
	bound_to_vm(1);
	request(NW, SP1);
	fiq();
	must_set(VM1, SP1, 0x1, 0);
	CHECK(!irq_line(SP1, 0));

	run(SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_comes_when_a_context_that_yielded_is_resumed)
{
	bound_to_vm(1);
	request(NW, SP1);
	CALL(SP1, FFA_YIELD_32);
	must_set(VM1, SP1, 0x1, 0);
	CHECK(!irq_line(SP1, 0));

	run(SP1);
	CHECK(irq_line(SP1, 0));
	CHECK_GOT(SP1, FFA_SUCCESS_32);
}

TEST(npi_comes_when_a_partition_resumes_the_context)
{
	bound_to_vm(2);
	must_bind(SP2, SP1, 0x1, 0);
	turn_to(NW);
	request(NW, SP1);
	request(SP1, SP2);
	CALL(SP2, FFA_YIELD_32);
	must_set(SP1, SP2, 0x1, 0);
	CHECK(!irq_line(SP2, 0));

	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK_EQUAL(running(), SP2);
	CHECK(irq_line(SP2, 0));
}

TEST(npi_does_not_come_without_anything_pending)
{
	bound_to_vm(1);

	run(SP1);
	CHECK(!irq_line(SP1, 0));
	acknowledge(NONE);
}

TEST(npi_does_not_come_while_the_context_runs)
{
	bound_to_vm(2);
	request(NW, SP1);
	on_pe(1);

	must_set(VM1, SP1, 0x1, 0);
	on_pe(0);
	CHECK(!irq_line(SP1, 0));
	CALL(SP1, FFA_ID_GET_32);
	CHECK(!irq_line(SP1, 0));
	respond(SP1, NW);
	CHECK(!irq_line(SP1, 0));
	request(NW, SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_does_not_come_with_the_answer_to_the_contexts_own_request)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);
	request(SP1, SP2);
	must_set(SP2, SP1, 0x1, 0);

	respond(SP2, SP1);
	CHECK(!irq_line(SP1, 0));
	respond(SP1, NW);
	run(SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_of_a_notification_per_vcpu_comes_on_that_vcpu_alone)
{
	bound_to_vm(2);
	must_set(VM1, SP1, 0x2, SET_FOR_VCPU(1));

	request(NW, SP1);
	CHECK(!irq_line(SP1, 0));
	on_pe(1);
	request(NW, SP1);
	CHECK(irq_line(SP1, 1));
	CHECK(!irq_line(SP1, 0));
}

TEST(npi_of_a_global_notification_comes_on_any_vcpu)
{
	pending_for_sp1(2);

	on_pe(1);
	request(NW, SP1);
	CHECK(irq_line(SP1, 1));
	on_pe(0);
	request(NW, SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_of_a_partition_of_one_context_comes_on_whichever_pe)
{
	notified_boot(2);
	must_bind(SP2, VM1, 0x1, 0);
	must_set(VM1, SP2, 0x1, 0);

	on_pe(1);
	request(NW, SP2);
	CHECK(irq_line(SP2, 1));
	check_gets(SP2, 0, 0, 0x1);
	respond(SP2, NW);
	on_pe(0);
	request(NW, SP2);
	CHECK(!irq_line(SP2, 0));
}

TEST(npi_comes_for_a_message)
{
	notified_boot(1);
	send_empty(SP2, SP1, 0);

	request(SP2, SP1);
	CHECK(irq_line(SP1, 0));
}

/* ---- when it is over --------------------------------------------------------------------------------- */

TEST(npi_is_over_when_everything_was_fetched)
{
	pending_for_sp1(1);
	run(SP1);

	check_gets(SP1, 0, 0, 0x1);
	CHECK(!irq_line(SP1, 0));
	acknowledge(NONE);
	CALL(SP1, FFA_MSG_WAIT_32);
	run(SP1);
	CHECK(!irq_line(SP1, 0));
}

TEST(npi_is_not_over_while_something_is_left)
{
	pending_for_sp1(1);
	must_set(VM1, SP1, 0x2, SET_FOR_VCPU(0));
	run(SP1);

	get_as(SP1, 0, OF_PARTITIONS | OF_SPMC | OF_HYPERVISOR);
	CHECK_SUCCESS(SP1);
	CHECK(irq_line(SP1, 0));
	get_as(SP1, 1, OF_VMS); /* for the other vCPU: the global one only */
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 0x1);
	CHECK(irq_line(SP1, 0));
	get_as(SP1, 0, OF_VMS);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 0x2);
	CHECK(!irq_line(SP1, 0));
}

TEST(npi_is_over_when_it_was_acknowledged_but_comes_again_until_the_fetch)
{
	pending_for_sp1(1);

	for (unsigned i = 0; i < 3; i++) {
		run(SP1);
		CHECK(irq_line(SP1, 0));
		acknowledge(NPI);
		CHECK(!irq_line(SP1, 0));
		CALL(SP1, FFA_MSG_WAIT_32);
	}
	run(SP1);
	check_gets(SP1, 0, 0, 0x1);
	CALL(SP1, FFA_MSG_WAIT_32);
	run(SP1);
	CHECK(!irq_line(SP1, 0));
}

TEST(npi_that_was_not_acknowledged_stays_across_rests)
{
	pending_for_sp1(1);
	run(SP1);
	CALL(SP1, FFA_MSG_WAIT_32);
	run(SP1);
	fiq();
	CHECK(irq_line(SP1, 0));
	run(SP1);
	CHECK(irq_line(SP1, 0));
	acknowledge(NPI);
	acknowledge(NONE);
}

TEST(npi_comes_again_with_the_next_notification)
{
	pending_for_sp1(1);
	run(SP1);
	acknowledge(NPI);
	check_gets(SP1, 0, 0, 0x1);
	CALL(SP1, FFA_MSG_WAIT_32);
	must_set(VM1, SP1, 0x1, 0);

	run(SP1);
	CHECK(irq_line(SP1, 0));
	acknowledge(NPI);
}

/* ---- waiting ------------------------------------------------------------------------------------------ */

TEST(waiting_with_something_pending_is_not_intercepted)
{
	pending_for_sp1(1);
	run(SP1);

	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(responding_with_something_pending_is_not_intercepted)
{
	pending_for_sp1(1);
	request(NW, SP1);

	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP1, NW), 0, 7);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP1, NW), 0, 7);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

/* ---- who has it --------------------------------------------------------------------------------------- */

TEST(npi_is_nothing_for_s_el0)
{
	notified_boot(1);
	must_bind(SP3, VM1, 0x1, 0);
	CALL_THROUGH(ARCH_CONDUIT_SVC, INTERRUPT_ENABLE, NPI, 1, 0);
	CHECK_GOT(SP3, UINT64_MAX, NPI, 1);
	must_set(VM1, SP3, 0x1, 0);

	run(SP3);
	CHECK(!irq_line(SP3, 0));
	CALL_THROUGH(ARCH_CONDUIT_SVC, INTERRUPT_GET);
	CHECK_GOT(SP3, NONE);
	check_gets(SP3, 0, 0, 0x1);
}

TEST(npi_is_enabled_from_the_start_where_there_are_notifications)
{
	notified_boot(2);

	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, VIRQ_MASK(VIRQ_BIT_NOTIFICATION));
	CHECK_EQUAL(context_of(SP1, 1)->virqs.enabled, VIRQ_MASK(VIRQ_BIT_NOTIFICATION));
	CHECK_EQUAL(context_of(SP2, 0)->virqs.enabled, VIRQ_MASK(VIRQ_BIT_NOTIFICATION));
	CHECK_EQUAL(context_of(SP3, 0)->virqs.enabled, VIRQ_MASK(VIRQ_BIT_TIMER));
	CHECK_EQUAL(context_of(WITHOUT, 0)->virqs.enabled, 0);
}

TEST(npi_that_was_disabled_does_not_come)
{
	pending_for_sp1(1);
	run(SP1);
	enable_npi(0, 0);
	CHECK(!irq_line(SP1, 0));
	acknowledge(NONE);
	CALL(SP1, FFA_MSG_WAIT_32);

	run(SP1);
	CHECK(!irq_line(SP1, 0));
	acknowledge(NONE);
	check_gets(SP1, 0, 0, 0x1);
}

TEST(npi_that_is_enabled_again_comes)
{
	pending_for_sp1(1);
	run(SP1);
	enable_npi(0, 0);
	enable_npi(1, 0);
	CHECK(irq_line(SP1, 0)); /* it pended before */
	acknowledge(NPI);
	enable_npi(0, 0);
	CALL(SP1, FFA_MSG_WAIT_32);
	run(SP1);
	enable_npi(1, 0);
	CALL(SP1, FFA_MSG_WAIT_32);
	run(SP1);
	CHECK(irq_line(SP1, 0));
}

TEST(npi_may_come_as_fiq)
{
	bound_to_vm(1);
	request(NW, SP1);
	enable_npi(1, 1);
	must_set(VM1, SP1, 0x1, 0); /* the request is answered for that */

	run(SP1);
	CHECK(fiq_line(SP1, 0));
	CHECK(!irq_line(SP1, 0));
	acknowledge(NPI);
	CHECK(!fiq_line(SP1, 0));
}

/* ---- ends and beginnings ------------------------------------------------------------------------------ */

TEST(npi_is_forgotten_when_the_pe_goes_off_and_comes_again_on_its_return)
{
	bound_to_vm(2);
	on_pe(1);
	must_set(VM1, SP1, 0x2, SET_FOR_VCPU(1));
	request(NW, SP1);
	enable_npi(0, 0);
	respond(SP1, NW);
	power_off();

	power_on_begin(1);
	CHECK_EQUAL(running(), SP1);
	CHECK(!irq_line(SP1, 1)); /* not during its start */
	acknowledge(NONE);
	system_finish_start();
	request(NW, SP1);
	CHECK(irq_line(SP1, 1));
	check_gets(SP1, 1, 0, 0x2);
}

TEST(npi_of_a_context_that_another_vcpu_fetched_for_is_over)
{
	pending_for_sp1(2);
	on_pe(1);
	request(NW, SP1);
	CHECK(irq_line(SP1, 1));
	on_pe(0);
	check_gets(SP1, 0, 0, 0x1);

	on_pe(1);
	acknowledge(NONE);
	CHECK(!irq_line(SP1, 1));
}
