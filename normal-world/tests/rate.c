/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Round trips of direct messages from several PEs at once: all are answered, and how many there were in a second
 * is noted. It is no measure of the SPMC on a machine with fewer cores than PEs: `make bench` counts instructions.
 */
#include "normal-world/tests/fixture.h"

#define ROUND_TRIPS 5000U
#define SECOND 1000000U
#define WIDEST 4U /* PEs */

struct rate_caller {
	uint16_t id;
	unsigned answers;
};

static void ask_often(void *argument)
{
	struct rate_caller *caller = argument;

	for (unsigned i = 0; i < ROUND_TRIPS; i++) {
		struct ffa_regs regs = command_call(caller->id, TEST_ECHO, i, 0, 0, 0);

		ffa_call(&regs);
		caller->answers += is_answer(&regs, caller->id) &&
				   (uint32_t)regs.x[4] == (uint32_t)~i;
	}
}

/** PEs 0 to @width - 1 ask, each the partition of its place in @ids. Returns round trips a second. */
static uint64_t ask_from(unsigned width, const uint16_t ids[WIDEST])
{
	struct rate_caller callers[WIDEST] = { 0 };
	uint64_t since = time_now();

	for (unsigned i = 0; i < width; i++) {
		callers[i] = (struct rate_caller){ .id = ids[i] };
	}
	for (unsigned i = 1; i < width; i++) {
		pe_post(i, ask_often, &callers[i]);
	}
	ask_often(&callers[0]);
	for (unsigned i = 1; i < width; i++) {
		CHECK(pe_wait(i, 60U * SECOND));
	}
	for (unsigned i = 0; i < width; i++) {
		CHECK_EQ(callers[i].answers, ROUND_TRIPS);
	}
	return (uint64_t)width * ROUND_TRIPS * SECOND / (time_now() - since);
}

TEST(round_trips_from_several_pes_at_once_are_all_answered)
{
	static const uint16_t apart[WIDEST] = { SP_MP1, SP_MP2, SP_UP, SP_UP0 };
	static const uint16_t one[WIDEST] = { SP_MP1, SP_MP1, SP_MP1, SP_MP1 };

	for (unsigned width = 1; width <= WIDEST && width <= pe_count; width *= 2) {
		test_note("%u PEs: %lu round trips a second to partitions of their own, %lu to one",
			  width, ask_from(width, apart), ask_from(width, one));
	}
}
