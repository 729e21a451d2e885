/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framework messages about VMs (DEN0077A, "VM availability messages"): the hypervisor tells partitions that
 * subscribe that a VM was created or is gone, and gets their answer. From anybody else they are refused.
 */
#include "normal-world/tests/messages.h"

#define CREATED (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_REQ)
#define CREATED_ANSWER (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_RESP)
#define DESTROYED (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_DESTROYED_REQ)
#define DESTROYED_ANSWER (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_DESTROYED_RESP)
#define REQ32 FFA_MSG_SEND_DIRECT_REQ_32
#define HANDLE_LOW 0x12345678U
#define HANDLE_HIGH 0x9ABCDEF0U

static struct ffa_regs tell(uint16_t id, uint32_t message, uint32_t vm)
{
	return FFA(REQ32, FFA_ENDPOINTS(OS, id), message, HANDLE_LOW, HANDLE_HIGH, vm);
}

/** It is handed on as it is, and so is the answer. */
static void check_told(uint16_t id, uint32_t message, uint16_t vm, int32_t status)
{
	volatile struct test_area *area = area_of(id);
	uint64_t before = area->framework_count;
	struct ffa_regs regs;

	area->reaction = status == 0 ? TEST_REACTION_ANSWER : TEST_REACTION_REFUSE;
	area->reaction_status = (uint32_t)status;
	regs = tell(id, message, vm);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(id, OS));
	CHECK_EQ(regs.x[2], message + 1);
	CHECK_EQ(regs.x[3], (uint32_t)status);
	fixture_check_zero(&regs, 4, __FILE__, __LINE__);

	CHECK_EQ(area->framework_count, before + 1);
	CHECK_EQ(area->framework[0], (uint32_t)REQ32);
	CHECK_EQ(area->framework[1], FFA_ENDPOINTS(OS, id));
	CHECK_EQ(area->framework[2], message);
	CHECK_EQ(area->framework[3], HANDLE_LOW);
	CHECK_EQ(area->framework[4], HANDLE_HIGH);
	CHECK_EQ(area->framework[5], vm);
	CHECK_EQ(area->framework[6], 0);
	CHECK_EQ(area->framework[7], 0);
	area->reaction = TEST_REACTION_ANSWER;
}

static void check_subscribers_here(void *unused)
{
	check_told(M_MP, CREATED, 3, 0);
	check_told(M_MP, DESTROYED, 3, 0);
	check_told(M_UP11, CREATED, 1, 0);
	check_told(M_UP13, DESTROYED, 0x7FFF, 0);
	/* Whatever it answers is for the hypervisor to judge. */
	check_told(M_MP, CREATED, 3, FFA_NO_MEMORY);
	check_told(M_MP, CREATED, 3, FFA_RETRY);
	check_told(M_UP13, DESTROYED, 3, FFA_DENIED);
}

MESSAGES_TEST(subscribers_are_told_of_vms_and_their_answer_comes_back_on_every_pe)
{
	on_each_pe(check_subscribers_here, NULL);
}

MESSAGES_TEST(who_does_not_subscribe_is_not_told_of_vms)
{
	static const uint16_t neither[] = { M_EL0, M_OLD, M_MP11, M_MP13, M_PLAIN };

	for (unsigned i = 0; i < sizeof(neither) / sizeof(neither[0]); i++) {
		CHECK_ERROR(tell(neither[i], CREATED, 3), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(tell(neither[i], DESTROYED, 3), FFA_INVALID_PARAMETERS);
		CHECK_EQ(area_of(neither[i])->framework_count, 0);
	}
	CHECK_ERROR(tell(M_UP11, DESTROYED, 3), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(tell(M_UP13, CREATED, 3), FFA_INVALID_PARAMETERS);
	CHECK_EQ(area_of(M_UP11)->framework_count, 0);
	CHECK_EQ(area_of(M_UP13)->framework_count, 0);
}

MESSAGES_TEST(false_messages_of_the_framework_reach_nobody)
{
	static const uint32_t types[] = { 0, 1, 2, 3, 5, 7, 8, 9, 0xA, 0xB, 0xC, 0xE, 0xFF, 0x104 };

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		CHECK_ERROR(tell(M_MP, FFA_FRAMEWORK_BIT | types[i], 3), FFA_INVALID_PARAMETERS);
	}
	CHECK_ERROR(tell(SPMC_ID, CREATED, 3), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(tell(0x8020, CREATED, 3), FFA_INVALID_PARAMETERS);
	/* Only of VMs, only by the hypervisor itself, only in 32 bits. */
	CHECK_ERROR(tell(M_MP, CREATED, OS), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(tell(M_MP, CREATED, M_EL0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(tell(M_MP, CREATED, 0x10003), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(REQ32, FFA_ENDPOINTS(2, M_MP), CREATED, 0, 0, 3), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(REQ32, FFA_ENDPOINTS(M_EL0, M_MP), CREATED, 0, 0, 3),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(OS, M_MP), CREATED, 0, 0, 3),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQ(area_of(M_MP)->framework_count, 0);
}

MESSAGES_TEST(partitions_send_no_messages_of_the_framework)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;
		uint16_t other = id == M_MP ? M_UP11 : M_MP;

		CHECK_ERROR(BY(id, REQ32, FFA_ENDPOINTS(id, other), CREATED, 0, 0, 3),
			    FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, REQ32, FFA_ENDPOINTS(OS, other), CREATED, 0, 0, 3),
			    FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, REQ32, FFA_ENDPOINTS(id, other), FFA_FRAMEWORK_BIT),
			    FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, REQ32, FFA_ENDPOINTS(0xFFFF, SPMC_ID), FFA_FRAMEWORK_BIT),
			    FFA_INVALID_PARAMETERS);
		CHECK_EQ(area_of(other)->framework_count, 0);
	}
}

/** While it has @message, M_MP first tries another answer; the right one still arrives. */
static void check_wrong_answer(uint32_t message, uint64_t x0, uint64_t x1, uint64_t x2,
			       enum ffa_status status)
{
	volatile struct test_area *area = area_of(M_MP);
	struct ffa_regs regs;

	area->reaction = TEST_REACTION_CALL;
	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)x0;
	area->call_in[1] = x1;
	area->call_in[2] = x2;
	regs = tell(M_MP, message, 3);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(area->call_out[2], (uint32_t)status);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[2], message + 1);
	area->reaction = TEST_REACTION_ANSWER;
}

MESSAGES_TEST(a_wrong_answer_to_a_framework_message_is_refused)
{
	uint64_t back = FFA_ENDPOINTS(M_MP, OS);
	uint64_t elsewhere = FFA_ENDPOINTS(M_MP, M_UP11);

	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_32, back, DESTROYED_ANSWER,
			   FFA_INVALID_PARAMETERS);
	check_wrong_answer(DESTROYED, FFA_MSG_SEND_DIRECT_RESP_32, back, CREATED_ANSWER,
			   FFA_INVALID_PARAMETERS);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_32, back,
			   FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP, FFA_INVALID_PARAMETERS);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_32, back, FFA_FRAMEWORK_BIT | 0x7F,
			   FFA_INVALID_PARAMETERS);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_64, back, CREATED_ANSWER,
			   FFA_INVALID_PARAMETERS);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_32, back, 0, FFA_DENIED);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP2_64, back, 0, FFA_DENIED);
	check_wrong_answer(CREATED, FFA_MSG_SEND_DIRECT_RESP_32, elsewhere, CREATED_ANSWER,
			   FFA_DENIED);
	check_wrong_answer(CREATED, FFA_MSG_WAIT_32, 0, 0, FFA_DENIED);
	/* And such an answer to a common request. */
	CHECK_ERROR(BY(M_MP, FFA_MSG_SEND_DIRECT_RESP_32, back, CREATED_ANSWER),
		    FFA_INVALID_PARAMETERS);
}

MESSAGES_TEST(a_busy_subscriber_is_told_later)
{
	volatile struct test_area *area = area_of(M_UP11);
	struct ffa_regs regs;

	area->stop = 0;
	timer_start(2000);
	regs = fixture_call(command_call(M_UP11, TEST_SPIN, 4096, 0, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	interrupts_enable();
	interrupts_disable();
	CHECK_ERROR(tell(M_UP11, CREATED, 3), FFA_BUSY);
	area->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(M_UP11));
	CHECK(is_answer(&regs, M_UP11));
	CHECK_EQ(area->framework_count, 0);
	check_told(M_UP11, CREATED, 3, 0);
}

MESSAGES_TEST(a_subscriber_calls_others_while_it_is_told)
{
	volatile struct test_area *area = area_of(M_MP);
	struct ffa_regs regs;

	area->reaction = TEST_REACTION_CALL;
	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64;
	area->call_in[1] = FFA_ENDPOINTS(M_MP, M_EL0);
	area->call_in[3] = TEST_ECHO;
	area->call_in[4] = 0x77;
	regs = tell(M_MP, CREATED, 3);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
	CHECK_EQ(area->call_out[4], ~0x77ULL);
	CHECK_EQ(regs.x[2], CREATED_ANSWER);
}

TEST_IN(messages, a_subscriber_that_dies_of_a_message_is_reported_to_the_hypervisor)
{
	messages_prepare();
	area_of(M_MP)->reaction = TEST_REACTION_DIE;
	CHECK_ERROR(tell(M_MP, CREATED, 3), FFA_ABORTED);
	CHECK_ERROR(tell(M_MP, CREATED, 3), FFA_ABORTED);
	CHECK_ALL_ALIVE_BUT(M_MP);
	check_told(M_UP11, CREATED, 3, 0);
}
