/* SPDX-License-Identifier: BSD-3-Clause */
/* Chains of direct requests through several partitions, and the loops that must be refused. */
#include "normal-world/tests/fixture.h"

#define HOPS(a, b, c) ((uint64_t)(a) | (uint64_t)(b) << 16 | (uint64_t)(c) << 32)

/** NWd -> first -> hops..., an echo at the end; x3-x7 of the result. */
static struct ffa_regs through(uint32_t function, uint16_t first, uint64_t hops)
{
	struct ffa_regs regs = { { function, FFA_ENDPOINTS(0, first), 0, TEST_FORWARD, hops,
				   TEST_ECHO, 0x1111, 0x2222 } };

	return fixture_call(regs, __FILE__, __LINE__);
}

static void check_chain(uint16_t first, uint64_t hops)
{
	struct ffa_regs regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, first, hops);

	CHECK(is_answer(&regs, first));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], ~0x1111ULL);
	CHECK_EQ(regs.x[5], ~0x2222ULL);
	CHECK_EQ(regs.x[7], 0); /* nobody had to resume anybody */
	regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_32, first, hops & 0xFFFFFFFF);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], (uint32_t)~0x1111);
}

static void chains_here(void *unused)
{
	check_chain(SP_MP1, SP_MP2);
	check_chain(SP_MP2, SP_MP1);
	check_chain(SP_MP1, SP_UP);
	check_chain(SP_UP, SP_MP1);
	check_chain(SP_MP1, SP_EL0);
	check_chain(SP_EL0, SP_MP1);
	check_chain(SP_UP0, SP_EL0B);
	check_chain(SP_EL0, SP_EL0B);
}

TEST(partitions_call_each_other_on_every_pe)
{
	on_each_pe(chains_here, NULL);
}

static void long_chains_here(void *unused)
{
	check_chain(SP_MP1, HOPS(SP_MP2, SP_UP, 0));
	check_chain(SP_UP, HOPS(SP_EL0, SP_MP1, 0));
	check_chain(SP_EL0, HOPS(SP_MP2, SP_UP0, 0));
	check_chain(SP_MP1, HOPS(SP_MP2, SP_UP, SP_UP0));
	check_chain(SP_MP2, HOPS(SP_EL0, SP_UP, SP_EL0B));
}

TEST(chains_of_three_and_four_partitions_answer_on_every_pe)
{
	on_each_pe(long_chains_here, NULL);
}

static void all_chains_here(void *unused)
{
	for (unsigned i = 0; i < 50; i++) {
		check_chain(SP_MP1, SP_MP2);
	}
}

TEST_MP(chains_run_on_all_pes_at_the_same_time)
{
	on_all_pes(all_chains_here, NULL);
}

/** The request that would close the loop is refused, all others are answered. */
static void check_loop(uint16_t first, uint64_t hops, uint16_t refused_for)
{
	struct ffa_regs regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, first, hops);

	CHECK(is_answer(&regs, first));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	if (hops >> 16 == first) {
		CHECK_EQ(regs.x[4], (uint32_t)FFA_BUSY);
		CHECK_EQ(regs.x[5], refused_for);
	}
}

TEST(a_request_back_to_somebody_in_the_chain_is_busy)
{
	check_loop(SP_MP1, HOPS(SP_MP2, SP_MP1, 0), SP_MP2);
	check_loop(SP_UP, HOPS(SP_MP1, SP_UP, 0), SP_MP1);
	check_loop(SP_MP1, HOPS(SP_EL0, SP_MP1, 0), SP_EL0);
	check_loop(SP_EL0, HOPS(SP_UP0, SP_EL0, 0), SP_UP0);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(longer_loops_are_busy_too)
{
	struct ffa_regs regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, SP_MP1,
				       HOPS(SP_MP2, SP_UP, SP_MP1));

	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	/* SP_UP was refused and said so: the answer came back through SP_MP2 unchanged. */
	CHECK_EQ(regs.x[4], (uint32_t)FFA_BUSY);
	CHECK_EQ(regs.x[5], SP_UP);
	regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, SP_MP1, HOPS(SP_MP2, SP_UP, SP_MP2));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_BUSY);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(a_partition_in_a_chain_is_busy_for_its_callee_by_run_too)
{
	/* SP_MP2, called by SP_MP1, tries to resume its caller. */
	volatile struct test_area *area = area_of(SP_MP2);
	struct ffa_regs regs;

	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_RUN_32;
	area->call_in[1] = FFA_TARGET(SP_MP1, context_on(SP_MP1, pe_index()));
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, SP_MP1), 0, TEST_FORWARD, SP_MP2,
		   TEST_CALL);
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	CHECK(area->call_out[2] == (uint32_t)FFA_DENIED || area->call_out[2] == (uint32_t)FFA_BUSY);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(a_refused_request_in_a_chain_reaches_the_caller_only)
{
	struct ffa_regs regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, SP_MP1, SP_CRASHED);

	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_ABORTED);
	regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, SP_MP1, SP_DAMAGED);
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_INVALID_PARAMETERS);
	regs = through((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, SP_MP1, HOPS(SP_EL0B, SP_UP, 0));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_DENIED);
	CHECK_EQ(regs.x[5], SP_EL0B);
}
