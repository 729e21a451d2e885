/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that make no sense: forged completions and messages, random functions and registers with a fixed
 * seed. Whatever comes back, the caller keeps its registers and everybody works afterwards.
 */
#include "normal-world/tests/fixture.h"

#define CALLS 1500U
#define CALLS_BY_PARTITION 400U

static bool is_ffa_answer(uint64_t x0)
{
	uint32_t function = (uint32_t)x0;
	uint32_t number = FFA_FID_NUMBER(function);

	if (x0 == 0xFFFFFFFF || x0 == 0xFFFFFFFFFFFFFFFFULL ||
	    (function >> 16 == 1 && number < 16)) {
		return true; /* unknown to EL3, or a version */
	}
	return x0 >> 32 == 0 && (function & ~FFA_FID_SMC64) >> 16 == 0x8400 &&
	       number >= FFA_NUMBER_FIRST && number <= FFA_NUMBER_LAST;
}

/* ---- forged completions ------------------------------------------------------------------------------------ */

static const uint32_t forged[] = {
	(uint32_t)FFA_ERROR_32,
	(uint32_t)FFA_SUCCESS_32,
	(uint32_t)FFA_SUCCESS_64,
	(uint32_t)FFA_MSG_SEND_DIRECT_RESP_32,
	(uint32_t)FFA_MSG_SEND_DIRECT_RESP_64,
	(uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64,
	FFA_FID32(0x6E), /* MSG_SEND */
	FFA_FID32(0x75), /* MEM_RETRIEVE_RESP */
	FFA_FID32(0x7A), /* MEM_FRAG_RX */
	FFA_FID32(0x7B), /* MEM_FRAG_TX */
};

static const uint64_t endpoints[] = {
	0,
	SP_MP1,
	FFA_ENDPOINTS(SP_MP1, 0),
	FFA_ENDPOINTS(SP_MP1, SPMC_ID),
	FFA_ENDPOINTS(SP_MP1, SP_MP2),
	FFA_ENDPOINTS(SPMC_ID, 0),
	FFA_ENDPOINTS(SPMC_ID, FFA_ID_SPMD),
	FFA_ENDPOINTS(FFA_ID_SPMD, SPMC_ID),
};

static void forge_all(void)
{
	for (unsigned i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		for (unsigned j = 0; j < sizeof(endpoints) / sizeof(endpoints[0]); j++) {
			struct ffa_regs regs = FFA(forged[i], endpoints[j]);

			CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
			regs = FFA(forged[i], endpoints[j],
				   FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP);
			CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
			regs = FFA(forged[i], endpoints[j],
				   FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_RESP, 0x10002);
			CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
		}
	}
}

TEST(completions_nobody_waits_for_are_errors)
{
	forge_all();
	CHECK_ALL_ALIVE_BUT(0);
}

static void forge_here(void *unused)
{
	forge_all();
	CHECK_ALIVE(SP_MP1);
}

TEST(completions_nobody_waits_for_are_errors_on_every_pe)
{
	on_each_pe(forge_here, NULL);
}

TEST(forged_completions_do_not_end_what_a_preempted_partition_does)
{
	struct ffa_regs regs;

	area_of(SP_MP1)->stop = 0;
	timer_start(1000);
	regs = fixture_call(command_call(SP_MP1, TEST_FORWARD, SP_MP2, TEST_SPIN, 1 << 12, 0),
			    __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	interrupts_enable();
	interrupts_disable();
	forge_all();
	area_of(SP_MP2)->stop = 1;
	regs = FFA(FFA_RUN_32, FFA_TARGET(SP_MP1, context_on(SP_MP1, pe_index())));
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- random ------------------------------------------------------------------------------------------------- */

static uint64_t pick(uint64_t *seed)
{
	static const uint64_t words[] = {
		0,
		1,
		2,
		7,
		8,
		0x1000,
		0x80000000,
		0xFFFFFFFF,
		0xFFFFFFFFFFFFFFFFULL,
		0x80000008,
		SP_MP1,
		SP_UP,
		SP_EL0,
		SPMC_ID,
		FFA_TARGET(SP_MP1, 0),
		FFA_TARGET(SP_UP, 0),
		FFA_ENDPOINTS(0, SP_MP1),
		FFA_ENDPOINTS(0, SP_EL0),
		FFA_ENDPOINTS(SP_MP1, SP_MP2),
		FFA_ENDPOINTS(SP_UP, SP_EL0),
		FFA_ENDPOINTS(FFA_ID_SPMD, SPMC_ID),
		0x0E100000,
		0x0EF00000,
		0x50000000,
		0x4E010000,
		0x10002,
	};
	uint64_t word = random_next(seed);

	switch (word >> 60) {
	case 0:
		return random_next(seed);
	case 1:
		return random_next(seed) & 0xFFFFFFFF;
	case 2:
		return random_next(seed) & 0xFFFF;
	default:
		return words[word % (sizeof(words) / sizeof(words[0]))];
	}
}

static struct ffa_regs random_call(uint64_t *seed)
{
	struct ffa_regs regs = { { 0 } };
	uint64_t word = random_next(seed);
	/* Rather those that exist. */
	uint32_t span = (word >> 40 & 3) == 0 ? FFA_NUMBER_LAST - FFA_NUMBER_FIRST + 1 : 0x30;
	uint32_t number = FFA_NUMBER_FIRST + (uint32_t)(word % span);
	unsigned used = 1 + (unsigned)(word >> 48) % 17;

	regs.x[0] = (word >> 56 & 1) != 0 ? FFA_FID64(number) : FFA_FID32(number);
	if ((word >> 57 & 15) == 0) {
		regs.x[0] |= FFA_FID_SVE_HINT;
	}
	for (unsigned i = 1; i <= used; i++) {
		regs.x[i] = pick(seed);
	}
	return regs;
}

static void random_here(void *argument)
{
	uint64_t seed = *(const uint64_t *)argument + pe_index();

	for (unsigned i = 0; i < CALLS; i++) {
		struct ffa_regs call = random_call(&seed);
		struct ffa_regs regs = fixture_call(call, __FILE__, __LINE__);

		if (!is_ffa_answer(regs.x[0])) {
			test_note("random call %u: %lx %lx %lx %lx: %lx", i, call.x[0], call.x[1],
				  call.x[2], call.x[3], regs.x[0]);
		}
		CHECK(is_ffa_answer(regs.x[0]));
	}
}

TEST(random_calls_of_the_normal_world_do_no_harm)
{
	uint64_t seed = 20250901;

	random_here(&seed);
	(void)ffa_rxtx_unmap();
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_MP(random_calls_of_all_pes_at_the_same_time_do_no_harm)
{
	uint64_t seed = 19840401;

	on_all_pes(random_here, &seed);
	(void)ffa_rxtx_unmap();
	CHECK_ALL_ALIVE_BUT(0);
}

/** Would end the message by which we command the partition, or flood the console. */
static bool is_left_out(const struct ffa_regs *call)
{
	switch (FFA_FID_NUMBER(call->x[0])) {
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_RESP_32):
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_RESP2_64):
	case FFA_FID_NUMBER(FFA_CONSOLE_LOG_32):
		return true;
	default:
		return false;
	}
}

static void random_by(uint16_t id, uint64_t seed)
{
	volatile struct test_area *area = area_of(id);

	for (unsigned i = 0; i < CALLS_BY_PARTITION; i++) {
		struct ffa_regs call = random_call(&seed);
		struct ffa_regs regs = command_call(id, TEST_CALL, 0, 0, 0, 0);

		if (is_left_out(&call)) {
			continue;
		}
		area->call_conduit = subject_of(id)->el1 ? random_next(&seed) & 1 : FFA_CONDUIT_SVC;
		for (unsigned j = 0; j < 31; j++) {
			area->call_in[j] = j < 18 ? call.x[j] : 0xFACE0000 + j;
		}
		(void)ffa_direct_request(&regs, 0, id);
		if (!is_answer(&regs, id) || !is_ffa_answer(area->call_out[0])) {
			test_note("random call %u by %x: %lx %lx %lx: %lx, answer %lx %lx %lx", i,
				  id, call.x[0], call.x[1], call.x[2], area->call_out[0], regs.x[0],
				  regs.x[1], regs.x[2]);
		}
		CHECK(is_answer(&regs, id));
		CHECK(is_ffa_answer(area->call_out[0]));
		for (unsigned j = 18; j < 31; j++) {
			CHECK_EQ(area->call_out[j], 0xFACE0000 + j);
		}
	}
	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	area->call_in[0] = (uint32_t)FFA_RXTX_UNMAP_32;
	area->call_in[1] = 0;
	(void)COMMAND(id, TEST_CALL, 0, 0, 0, 0);
}

TEST(random_calls_of_s_el1_partitions_do_no_harm)
{
	random_by(SP_MP1, 1);
	random_by(SP_MP2, 2);
	random_by(SP_UP, 3);
	random_by(SP_UP0, 4);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(random_calls_of_s_el0_partitions_do_no_harm)
{
	random_by(SP_EL0, 5);
	random_by(SP_EL0B, 6);
	CHECK_ALL_ALIVE_BUT(0);
}

static void random_by_own_context(void *unused)
{
	random_by(SP_MP1, 100 + pe_index());
	random_by(SP_MP2, 200 + pe_index());
}

TEST_MP(random_calls_of_contexts_on_all_pes_do_no_harm)
{
	on_all_pes(random_by_own_context, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}
