/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct messages between the normal world and partitions: delivery, widths, refusals. */
#include "normal-world/tests/fixture.h"

#define UUID_LOW(uuid) ((uint64_t)(uuid).word[1] << 32 | (uuid).word[0])
#define UUID_HIGH(uuid) ((uint64_t)(uuid).word[3] << 32 | (uuid).word[2])
#define WORD(i) (0x0123456700000000ULL * (i) + 0x89ABCDEFULL + (i))
#define FRAMEWORK(type) (FFA_FRAMEWORK_BIT | (type))
#define VM_ID 3U

static bool receives_2(const struct subject *subject)
{
	return (subject->methods & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) != 0;
}

/* ---- delivery -------------------------------------------------------------------------------------- */

static void echo_32(const struct subject *subject)
{
	volatile struct test_area *area = area_of(subject->id);
	uint64_t w[4] = { 0x11223344, 0xFFFFFFFF, 0x80000000, pe_index() };
	struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(0, subject->id), 0,
				   TEST_ECHO, w[0], w[1], w[2], w[3]);

	CHECK_EQ(area->request[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
	CHECK_EQ(area->request[1], subject->id);
	CHECK_EQ(area->request[2], 0);
	CHECK_EQ(area->request[3], TEST_ECHO);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(subject->id, 0));
	CHECK_EQ(regs.x[2], 0);
	CHECK_EQ(regs.x[3], TEST_DONE);
	for (unsigned i = 0; i < 4; i++) {
		CHECK_EQ(area->request[4 + i], w[i]);
		/* The partition leaves a secret in the upper halves. */
		CHECK_EQ(regs.x[4 + i], (uint32_t)~w[i]);
	}
}

static void echo_64(const struct subject *subject)
{
	volatile struct test_area *area = area_of(subject->id);
	struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, subject->id), 0,
				   TEST_ECHO, WORD(1), WORD(2), WORD(3), WORD(4));

	CHECK_EQ(area->request[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64);
	CHECK_EQ(area->request[1], subject->id);
	CHECK_EQ(area->request[2], 0);
	CHECK(is_answer(&regs, subject->id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	for (uint64_t i = 0; i < 4; i++) {
		CHECK_EQ(area->request[4 + i], WORD(1 + i));
		CHECK_EQ(regs.x[4 + i], ~WORD(1 + i));
	}
}

static void echo_2(const struct subject *subject, uint64_t uuid_low, uint64_t uuid_high)
{
	volatile struct test_area *area = area_of(subject->id);
	struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(0, subject->id),
				   uuid_low, uuid_high, TEST_ECHO, WORD(5), WORD(6), WORD(7),
				   WORD(8), WORD(9), WORD(10), WORD(11), WORD(12), WORD(13),
				   WORD(14), WORD(15), WORD(16), WORD(17));

	CHECK_EQ(area->request[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64);
	CHECK_EQ(area->request[1], subject->id);
	CHECK_EQ(area->request[2], uuid_low);
	CHECK_EQ(area->request[3], uuid_high);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(subject->id, 0));
	CHECK_EQ(regs.x[2], 0);
	CHECK_EQ(regs.x[3], 0);
	CHECK_EQ(regs.x[4], TEST_DONE);
	for (uint64_t i = 5; i < 18; i++) {
		CHECK_EQ(area->request[i], WORD(i));
		CHECK_EQ(regs.x[i], ~WORD(i));
	}
}

static void echo_all_32(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		echo_32(subject);
	}
}

static void echo_all_64(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		echo_64(subject);
	}
}

static void echo_all_2(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		if (receives_2(subject)) {
			echo_2(subject, 0, 0);
			echo_2(subject, UUID_LOW(subject->uuid), UUID_HIGH(subject->uuid));
		}
	}
}

TEST(every_partition_answers_32_bit_requests_on_every_pe)
{
	on_each_pe(echo_all_32, NULL);
}

TEST(every_partition_answers_64_bit_requests_on_every_pe)
{
	on_each_pe(echo_all_64, NULL);
}

TEST(partitions_of_1_2_answer_request_2_on_every_pe)
{
	on_each_pe(echo_all_2, NULL);
}

static void check_context(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs = COMMAND(subject->id, TEST_WHO, 0, 0, 0, 0);

		CHECK_EQ(regs.x[4] >> 16, context_on(subject->id, pe_index()));
		if (subject->el1 && subject->context_count > 1) {
			CHECK_EQ(regs.x[5] & 0xFF, pe_index());
		}
	}
}

TEST(contexts_stay_on_their_pe_and_a_single_one_follows_the_caller)
{
	on_each_pe(check_context, NULL);
	on_each_pe(check_context, NULL);
}

/* ---- many at once ----------------------------------------------------------------------------------- */

static void hammer_own_context(void *unused)
{
	for (unsigned i = 0; i < 300; i++) {
		CHECK_ALIVE(SP_MP1);
		CHECK_ALIVE(SP_MP2);
	}
}

TEST_MP(all_pes_talk_to_their_contexts_at_the_same_time)
{
	on_all_pes(hammer_own_context, NULL);
}

static void hammer_single_context(void *total)
{
	uint64_t word = 0xABCD0000ULL + pe_index();

	for (unsigned answered = 0; answered < 100;) {
		struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, SP_UP), 0,
					   TEST_ECHO, word);

		if (regs.x[0] == (uint32_t)FFA_ERROR_32) {
			CHECK_EQ(regs.x[2], (uint32_t)FFA_BUSY);
			continue;
		}
		CHECK(is_answer(&regs, SP_UP));
		CHECK_EQ(regs.x[4], ~word);
		answered++;
		__atomic_fetch_add((uint32_t *)total, 1, __ATOMIC_RELAXED);
	}
}

TEST_MP(all_pes_fight_for_a_single_context_and_each_gets_its_own_answers)
{
	uint32_t total = 0;

	on_all_pes(hammer_single_context, &total);
	CHECK_EQ(total, 100 * pe_count);
}

static void hold(void *argument)
{
	uint16_t id = *(const uint16_t *)argument;
	struct ffa_regs regs = COMMAND(id, TEST_SPIN, 1 << 10, 0, 0, 0);

	CHECK_EQ(area_of(id)->stop, 1);
	CHECK_NE(regs.x[4], 0);
}

/** While PE 1 is inside @id. */
static void check_busy_elsewhere(uint16_t id)
{
	volatile struct test_area *area = area_on(id, 1);

	area->stop = 0;
	area->progress = 0;
	pe_post(1, hold, &id);
	while (area->progress == 0) {
		CHECK(!pe_wait(1, 1));
	}
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, id), 0, TEST_ECHO), FFA_BUSY);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(0, id), 0, TEST_ECHO), FFA_BUSY);
	CHECK_ERROR_EITHER(FFA(FFA_RUN_32, FFA_TARGET(id, 0)), FFA_BUSY, FFA_DENIED);
	area->stop = 1;
	wait_for_pe(1);
	CHECK_ALIVE(id);
}

TEST_MP(a_single_context_that_runs_elsewhere_is_busy)
{
	check_busy_elsewhere(SP_UP);
	check_busy_elsewhere(SP_UP0);
	check_busy_elsewhere(SP_EL0);
}

TEST_MP(a_context_of_another_pe_does_not_make_ours_busy)
{
	uint16_t id = SP_MP1;

	area_on(id, 1)->progress = 0;
	pe_post(1, hold, &id);
	while (area_on(id, 1)->progress == 0) {
		CHECK(!pe_wait(1, 1));
	}
	CHECK_ALIVE(SP_MP1);
	area_on(id, 1)->stop = 1;
	wait_for_pe(1);
}

/* ---- refusals of the normal world's requests --------------------------------------------------------- */

static void check_refusals(uint32_t function)
{
	CHECK_ERROR(fixture_call((struct ffa_regs){ { function, FFA_ENDPOINTS(0, SP_MP1), 1 } },
				 __FILE__, __LINE__),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_MP1), 0x100), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, VM_ID)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SPMC_ID)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_DAMAGED)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, 0x8009)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, 0xFFBF)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, 0xFFC0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, FFA_ID_SPMD)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(SP_MP1, SP_MP2)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(SPMC_ID, SP_MP2)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(FFA_ID_SPMD, SP_MP2)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_CRASHED)), FFA_ABORTED);
}

TEST(requests_with_wrong_endpoints_or_flags_are_refused)
{
	check_refusals((uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
	check_refusals((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(request_2_with_wrong_endpoints_or_services_is_refused)
{
	const struct ffa_uuid *uuid = &subject_of(SP_MP1)->uuid;
	uint32_t function = (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64;

	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_DAMAGED)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SPMC_ID)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(SP_MP2, SP_MP1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_MP1), 1, 2), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_MP1), UUID_LOW(*uuid), UUID_HIGH(*uuid) + 1),
		    FFA_INVALID_PARAMETERS);
	/* A service of somebody else. */
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_UP), UUID_LOW(*uuid), UUID_HIGH(*uuid)),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_MP2)), FFA_DENIED);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_UP0)), FFA_DENIED);
	CHECK_ERROR(FFA(function, FFA_ENDPOINTS(0, SP_EL0B)), FFA_DENIED);
}

TEST(framework_messages_of_the_normal_world_are_refused)
{
	static const uint16_t receivers[] = { SPMC_ID, SP_MP1, SP_EL0, FFA_ID_SPMD };

	for (unsigned i = 0; i < sizeof(receivers) / sizeof(receivers[0]); i++) {
		for (uint32_t type = 0; type < 0x20; type++) {
			CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(0, receivers[i]),
					FRAMEWORK(type), 0x84000002),
				    FFA_INVALID_PARAMETERS);
			CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, receivers[i]),
					FRAMEWORK(type)),
				    FFA_INVALID_PARAMETERS);
		}
	}
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- refusals of partitions' requests ----------------------------------------------------------------- */

static void check_refusals_by(uint16_t id, uint32_t function)
{
	uint16_t other = id == SP_MP1 ? SP_UP : SP_MP1;

	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(other, id)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(other, SP_MP2)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(0, other)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, id)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, VM_ID)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, SPMC_ID)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, FFA_ID_SPMD)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, 0xFFC0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, SP_DAMAGED)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, SP_CRASHED)), FFA_ABORTED);
	if (function != (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64) {
		CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, other), 1), FFA_INVALID_PARAMETERS);
		for (uint32_t type = 0; type < 0x10; type++) {
			CHECK_ERROR(BY(id, function, FFA_ENDPOINTS(id, other), FRAMEWORK(type)),
				    FFA_INVALID_PARAMETERS);
		}
	}
}

TEST(requests_of_partitions_with_wrong_endpoints_or_flags_are_refused)
{
	FOR_EACH_SUBJECT(subject)
	{
		if ((subject->methods & FFA_PROPERTY_DIRECT_REQ_SEND) != 0) {
			check_refusals_by(subject->id, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
			check_refusals_by(subject->id, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64);
		}
		if ((subject->methods & FFA_PROPERTY_DIRECT_REQ2_SEND) != 0) {
			check_refusals_by(subject->id, (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64);
		}
	}
}

TEST(a_partition_that_may_not_send_is_denied)
{
	CHECK_ERROR(BY(SP_EL0B, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SP_EL0B, SP_MP1)),
		    FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0B, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(SP_EL0B, SP_MP1)),
		    FFA_DENIED);
	CHECK_ERROR_EITHER(BY(SP_EL0B, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(SP_EL0B, SP_MP1)),
			   FFA_NOT_SUPPORTED, FFA_DENIED);
	CHECK_ERROR_EITHER(BY(SP_MP2, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(SP_MP2, SP_MP1)),
			   FFA_NOT_SUPPORTED, FFA_DENIED);
	CHECK_ERROR(BY(SP_MP1, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(SP_MP1, SP_MP2)),
		    FFA_DENIED);
}

/* ---- responses ----------------------------------------------------------------------------------------- */

/** While partition @id answers the normal world (BY() is such a request, 64-bit form). */
static void check_responses(uint16_t id)
{
	uint16_t other = id == SP_MP1 ? SP_UP : SP_MP1;
	uint32_t resp32 = (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32;
	uint32_t resp64 = (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64;

	CHECK_ERROR(BY(id, resp32, FFA_ENDPOINTS(other, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(0, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(SPMC_ID, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(id, id)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR_EITHER(BY(id, resp32, FFA_ENDPOINTS(id, other)), FFA_DENIED,
			   FFA_INVALID_PARAMETERS);
	CHECK_ERROR_EITHER(BY(id, resp64, FFA_ENDPOINTS(id, VM_ID)), FFA_DENIED,
			   FFA_INVALID_PARAMETERS);
	CHECK_ERROR_EITHER(BY(id, resp64, FFA_ENDPOINTS(id, SPMC_ID)), FFA_DENIED,
			   FFA_INVALID_PARAMETERS);
	CHECK_ERROR_EITHER(BY(id, resp64, FFA_ENDPOINTS(id, FFA_ID_SPMD)), FFA_DENIED,
			   FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, resp32, FFA_ENDPOINTS(id, 0), 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(id, 0), 0x7F), FFA_INVALID_PARAMETERS);
	for (uint32_t type = 0; type < 0x10; type++) {
		CHECK_ERROR_EITHER(BY(id, resp32, FFA_ENDPOINTS(id, 0), FRAMEWORK(type)),
				   FFA_INVALID_PARAMETERS, FFA_DENIED);
	}
	if (subject_of(id)->version >= FFA_VERSION_1_2) {
		CHECK_ERROR(BY(id, FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(id, 0)), FFA_DENIED);
		/* x8-x17 belong to the 64-bit form of later versions only. */
		CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(id, 0), 0, 0, 0, 0, 0, 0, 1),
			    FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(id, resp64, FFA_ENDPOINTS(id, 0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			       0, 0, 0, 1),
			    FFA_INVALID_PARAMETERS);
	}
	CHECK_ERROR(BY(id, FFA_MSG_WAIT_32), FFA_DENIED);
}

TEST(false_responses_are_refused_and_the_true_one_still_arrives)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_responses(subject->id);
	}
}

TEST(request_2_is_not_answered_by_a_plain_response)
{
	volatile struct test_area *area = area_of(SP_MP1);
	struct ffa_regs regs;

	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64;
	area->call_in[1] = FFA_ENDPOINTS(SP_MP1, 0);
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(0, SP_MP1), 0, 0, TEST_CALL);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64);
	CHECK_EQ(regs.x[4], TEST_DONE);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(area->call_out[2], (uint32_t)FFA_DENIED);
}
