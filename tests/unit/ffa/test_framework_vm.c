/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framework messages "VM created" and "VM destroyed" (DEN0077A, "Framework messages"): from a hypervisor,
 * through the SPMC, to partitions that subscribe to them. Those of the SPMD: test_framework.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define MESSAGE(type) (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_##type)
#define CREATED MESSAGE(VM_CREATED_REQ)
#define CREATED_RESP MESSAGE(VM_CREATED_RESP)
#define DESTROYED MESSAGE(VM_DESTROYED_REQ)
#define DESTROYED_RESP MESSAGE(VM_DESTROYED_RESP)
#define LOW 0x11112222
#define HIGH 0x33334444
#define LP 0xFFC0

/** SP1 subscribes to both messages, SP2 to "created", SP3 to "destroyed", SP4 (S-EL0) to both, SP5 to none. */
static void subscribers(unsigned pe_count)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->vm_availability_messages = 3;
	system_add(SP2, INSTANCE_S1MP)->vm_availability_messages = 1;
	system_add(SP3, INSTANCE_S1UP)->vm_availability_messages = 2;
	system_add(SP4, INSTANCE_S0)->vm_availability_messages = 3;
	system_add(SP5, INSTANCE_S1MP);
	system_boot(pe_count);
}

/** The hypervisor tells @receiver of @message about VM 3; it handles that now. */
static void tell(uint16_t receiver, uint32_t message)
{
	CALL(NW, REQ, FFA_ENDPOINTS(NW, receiver), message, LOW, HIGH, 3);
	CHECK_GOT(receiver, REQ, FFA_ENDPOINTS(NW, receiver), message, LOW, HIGH, 3);
}

/* ---- delivery ----------------------------------------------------------------------------------- */

TEST(a_created_vm_is_told_as_the_specification_shows_it)
{
	subscribers(1);

	CALL(NW, 0x8400006F, 0x00008002, 0x80000004, LOW, HIGH, 3);
	CHECK_GOT(SP2, 0x8400006F, 0x00008002, 0x80000004, LOW, HIGH, 3);
	CALL(SP2, 0x84000070, 0x80020000, 0x80000005);
	CHECK_GOT(NW, 0x84000070, 0x80020000, 0x80000005);
	CHECK_EQUAL(state_of(SP2, 0), CTX_WAITING);
}

TEST(a_destroyed_vm_is_told)
{
	subscribers(1);

	CALL(NW, 0x8400006F, 0x00008003, 0x80000006, LOW, HIGH, 3);
	CHECK_GOT(SP3, 0x8400006F, 0x00008003, 0x80000006, LOW, HIGH, 3);
	CALL(SP3, 0x84000070, 0x80030000, 0x80000007);
	CHECK_GOT(NW, 0x84000070, 0x80030000, 0x80000007);
}

TEST(an_s_el0_partition_is_told)
{
	subscribers(1);

	tell(SP4, CREATED);
	CALL(SP4, RESP, FFA_ENDPOINTS(SP4, NW), CREATED_RESP);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP4, NW), CREATED_RESP);
	tell(SP4, DESTROYED);
	CALL(SP4, RESP, FFA_ENDPOINTS(SP4, NW), DESTROYED_RESP);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP4, NW), DESTROYED_RESP);
}

TEST(the_context_of_the_hypervisors_pe_is_told)
{
	subscribers(2);
	on_pe(1);

	tell(SP1, CREATED);
	CHECK(this_pe()->current == context_of(SP1, 1));
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(the_status_of_the_answer_is_passed_on)
{
	subscribers(1);

	tell(SP1, CREATED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP, CODE(FFA_NO_MEMORY));
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP, CODE(FFA_NO_MEMORY));
	tell(SP1, DESTROYED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), DESTROYED_RESP, CODE(FFA_DENIED));
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), DESTROYED_RESP, CODE(FFA_DENIED));
}

TEST(a_message_that_is_to_be_repeated_may_be)
{
	subscribers(1);

	for (unsigned i = 0; i < 3; i++) {
		tell(SP1, CREATED);
		CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP, CODE(FFA_RETRY));
		CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP, CODE(FFA_RETRY));
	}
}

TEST(what_the_message_does_not_define_is_not_passed_on)
{
	subscribers(1);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3, 0x66, 0x77);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP, 0, 0x44, 0x55, 0x66, 0x77);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
}

TEST(the_upper_halves_are_ignored)
{
	uint64_t dirty = UINT64_C(0xDEADBEEF00000000);

	subscribers(1);

	CALL(NW, REQ, dirty | FFA_ENDPOINTS(NW, SP1), dirty | CREATED, dirty | LOW, dirty | HIGH,
	     dirty | 3);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CALL(SP1, RESP, dirty | FFA_ENDPOINTS(SP1, NW), dirty | CREATED_RESP, dirty);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
}

TEST(the_spmc_makes_no_record_of_the_vm)
{
	subscribers(1);

	tell(SP1, CREATED);
	CHECK(vm_find(&the_spmc()->vms, 3) == NULL);
}

/* ---- who is told of what ------------------------------------------------------------------------ */

static void refuse(uint16_t receiver, uint32_t message)
{
	CALL(NW, REQ, FFA_ENDPOINTS(NW, receiver), message, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(who_does_not_subscribe_is_not_told)
{
	subscribers(1);

	refuse(SP2, DESTROYED);
	refuse(SP3, CREATED);
	refuse(SP5, CREATED);
	refuse(SP5, DESTROYED);
}

TEST(nobody_else_is_told)
{
	subscribers(1);

	refuse(0x8042, CREATED);
	refuse(SPMC, CREATED);
	refuse(NW, CREATED);
	refuse(1, DESTROYED);
	refuse(LP, DESTROYED);
	refuse(SPMD, DESTROYED);
}

TEST(other_types_are_refused)
{
	subscribers(1);

	for (uint32_t type = 0; type <= 0xFF; type++) {
		if ((FFA_FRAMEWORK_BIT | type) != CREATED &&
		    (FFA_FRAMEWORK_BIT | type) != DESTROYED) {
			refuse(SP1, FFA_FRAMEWORK_BIT | type);
		}
	}
	refuse(SP1, CREATED | 0x100);
	refuse(SP1, CREATED | 0x40000000);
	refuse(SP1, CREATED & ~FFA_FRAMEWORK_BIT);
}

TEST(only_the_hypervisor_itself_tells)
{
	subscribers(1);

	CALL(NW, REQ, FFA_ENDPOINTS(1, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(3, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SP2, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMC, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_partition_does_not_tell)
{
	subscribers(1);
	request(NW, SP5);

	CALL(SP5, REQ, FFA_ENDPOINTS(SP5, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(SP5, FFA_INVALID_PARAMETERS);
	CALL(SP5, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(SP5, FFA_INVALID_PARAMETERS);
}

TEST(the_64_bit_form_is_refused)
{
	subscribers(1);

	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(the_vm_must_be_one)
{
	subscribers(1);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 0x8000);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, SP1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 0x10003);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 0x7FFF);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 0x7FFF);
}

/* ---- the receiver's state ----------------------------------------------------------------------- */

TEST(a_busy_subscriber_is_told_later)
{
	subscribers(2);
	on_pe(1);
	request(NW, SP3);
	on_pe(0);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP3), DESTROYED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_BUSY);
	on_pe(1);
	respond(SP3, NW);
	on_pe(0);
	tell(SP3, DESTROYED);
}

TEST(a_preempted_subscriber_is_busy)
{
	subscribers(1);
	request(NW, SP1);
	fiq();

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(a_subscriber_that_ended_is_aborted)
{
	subscribers(1);
	request(NW, SP1);
	fault("data abort", 0);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), CREATED, LOW, HIGH, 3);
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_subscriber_that_ends_over_the_message_is_aborted)
{
	subscribers(1);
	tell(SP1, CREATED);

	fault("data abort", 0);
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}

TEST(the_subscription_is_looked_at_before_the_receivers_state)
{
	subscribers(1);
	request(NW, SP5);
	fiq();

	refuse(SP5, CREATED);
}

/* ---- while it is handled ------------------------------------------------------------------------ */

TEST(handling_it_may_be_preempted_and_goes_on)
{
	subscribers(1);
	tell(SP1, CREATED);

	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
}

TEST(handling_it_may_take_requests_to_others_and_yields)
{
	subscribers(1);
	tell(SP1, CREATED);

	request(SP1, SP2);
	respond(SP2, SP1);
	CALL(SP1, FFA_YIELD_32);
	CHECK_GOT(NW, FFA_YIELD_32, FFA_TARGET(SP1, 0));
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
}

TEST(waiting_instead_of_an_answer_is_denied)
{
	subscribers(1);
	tell(SP1, CREATED);

	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

/* ---- answers ------------------------------------------------------------------------------------ */

/** SP1, which handles "created", answers wrongly, is told @status and may still answer rightly. */
static void answer_wrongly(uint64_t fid, uint32_t endpoints, uint32_t w2, enum ffa_status status)
{
	subscribers(1);
	tell(SP1, CREATED);

	CALL(SP1, fid, endpoints, w2);
	CHECK_REFUSED(SP1, status);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
}

TEST(an_answer_to_another_message_is_refused)
{
	uint32_t back = FFA_ENDPOINTS(SP1, NW);

	answer_wrongly(RESP, back, DESTROYED_RESP, FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, back, MESSAGE(PSCI_RESP), FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, back, MESSAGE(VERSION_RESP), FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, back, CREATED, FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, back, CREATED_RESP | 0x100, FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, back, CREATED_RESP & ~FFA_FRAMEWORK_BIT, FFA_INVALID_PARAMETERS);
}

TEST(a_partition_message_as_an_answer_is_denied)
{
	answer_wrongly(RESP, FFA_ENDPOINTS(SP1, NW), 0, FFA_DENIED);
	answer_wrongly(FFA_MSG_SEND_DIRECT_RESP_32 | FFA_FID_SVE_HINT, FFA_ENDPOINTS(SP1, NW), 0,
		       FFA_DENIED);
}

TEST(a_response2_as_an_answer_is_denied)
{
	subscribers(1);
	tell(SP1, CREATED);

	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(SP1, NW));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
}

TEST(an_answer_to_somebody_else_is_denied)
{
	answer_wrongly(RESP, FFA_ENDPOINTS(SP1, 3), CREATED_RESP, FFA_DENIED);
	answer_wrongly(RESP, FFA_ENDPOINTS(SP1, SPMC), CREATED_RESP, FFA_DENIED);
	answer_wrongly(RESP, FFA_ENDPOINTS(SP1, SP2), CREATED_RESP, FFA_DENIED);
}

TEST(an_answer_in_anothers_name_is_refused)
{
	answer_wrongly(RESP, FFA_ENDPOINTS(SP2, NW), CREATED_RESP, FFA_INVALID_PARAMETERS);
	answer_wrongly(RESP, FFA_ENDPOINTS(SP1, SP1), CREATED_RESP, FFA_INVALID_PARAMETERS);
}

TEST(an_answer_in_the_64_bit_form_is_refused)
{
	subscribers(1);
	tell(SP1, CREATED);

	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_64, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_second_answer_is_refused)
{
	subscribers(1);
	tell(SP1, CREATED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
}

TEST(an_answer_over_the_next_request_is_refused)
{
	subscribers(1);
	tell(SP1, CREATED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	request(NW, SP1);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), CREATED_RESP);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	respond(SP1, NW);
}
