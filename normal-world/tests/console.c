/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_CONSOLE_LOG (DEN0077A 1.2). What must be seen on the console is checked by the runner: the lines
 * "console-test N" of this file, each once, and of a flood as much as the quota allows
 * (tests/target/test_console.py).
 */
#include "normal-world/tests/fixture.h"

#include "lib/string.h"

#define MOST_32 24U
#define MOST_64 128U

/* The runner knows them too. */
#define FLOOD_LINES 600U /* by each PE but the first: together more than the quota */
#define QUIET_LINES 50U

#define FLOOD_GAP 700000U /* us: cut off, a partition may log again */
#define QUIET_LONGEST \
	2000000U /* us: lines of the other PEs that a call may have to wait for, and QEMU */

/** Sends @text in one call of @width bytes a register. */
static struct ffa_regs log_by(uint16_t id, uint32_t function, const char *text)
{
	struct ffa_regs regs = { { function, strlen(text) } };
	unsigned width = (function & FFA_FID_SMC64) != 0 ? 8 : 4;

	for (unsigned i = 0; text[i] != '\0'; i++) {
		regs.x[2 + i / width] |= (uint64_t)(uint8_t)text[i] << (i % width * 8);
	}
	return fixture_call_by(id, subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC, regs,
			       __FILE__, __LINE__);
}

TEST(console_log_takes_both_widths_from_both_kinds)
{
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_32, "console-test 1\n"));
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_64, "console-test 2\n"));
	CHECK_SUCCESS(log_by(SP_EL0, (uint32_t)FFA_CONSOLE_LOG_32, "console-test 3\n"));
	CHECK_SUCCESS(log_by(SP_EL0, (uint32_t)FFA_CONSOLE_LOG_64, "console-test 4\n"));
	/* The longest ones. */
	CHECK_SUCCESS(log_by(SP_UP, (uint32_t)FFA_CONSOLE_LOG_32, "console-test 5 abcdefgh\n"));
	CHECK_SUCCESS(log_by(
		SP_UP, (uint32_t)FFA_CONSOLE_LOG_64,
		"console-test 6 abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX\n"));
}

TEST(console_log_joins_pieces_into_lines)
{
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_32, "console-"));
	CHECK_SUCCESS(log_by(SP_EL0, (uint32_t)FFA_CONSOLE_LOG_32, "console-test 7\n"));
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_64, "test 8\n"));
}

static void check_counts(uint16_t id)
{
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_32, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_64, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_32, MOST_32 + 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_64, MOST_64 + 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_32, 0xFFFFFFFF), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_64, 0xFFFFFFFFFFFFFFFFULL), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_CONSOLE_LOG_64, 0x100000001ULL), FFA_INVALID_PARAMETERS);
}

TEST(console_log_refuses_counts_that_do_not_fit)
{
	check_counts(SP_MP1);
	check_counts(SP_UP);
	check_counts(SP_EL0);
}

TEST(console_log_copes_with_what_is_not_text)
{
	uint64_t state = 1;

	for (unsigned i = 0; i < 8; i++) {
		struct ffa_regs regs = { { (uint32_t)FFA_CONSOLE_LOG_64,
					   1 + random_next(&state) % MOST_64 } };

		for (unsigned j = 2; j < 18; j++) {
			regs.x[j] = random_next(&state) & 0xFFFFFF1F1F1F1FFFULL;
		}
		regs = fixture_call_by(SP_MP1, FFA_CONDUIT_SMC, regs, __FILE__, __LINE__);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	}
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_32, "\n"));
	CHECK_ALIVE(SP_MP1);
}

static void flood(void *unused)
{
	char text[MOST_64 + 1] = "flood ";

	memset(text + 6, 'x', MOST_64 - 7);
	text[MOST_64 - 1] = '\n';
	for (unsigned i = 0; i < FLOOD_LINES; i++) {
		CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_64, text));
	}
}

/** One line of a partition that does not flood. Returns what it took, in microseconds. */
static uint64_t say_quietly(unsigned number)
{
	char text[] = "quiet NN\n";
	uint64_t before = time_now();

	text[6] = (char)('0' + number / 10);
	text[7] = (char)('0' + number % 10);
	CHECK_SUCCESS(log_by(SP_UP, (uint32_t)FFA_CONSOLE_LOG_32, text));
	return time_now() - before;
}

TEST_ALONE_MP(console_log_of_a_flood_is_cut_and_others_are_heard)
{
	uint64_t longest = 0;

	fixture_prepare();
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, flood, NULL);
	}
	for (unsigned i = 0; i < QUIET_LINES; i++) {
		uint64_t took = say_quietly(i);

		longest = took > longest ? took : longest;
		time_wait(10000);
	}
	for (unsigned pe = 1; pe < pe_count; pe++) {
		wait_for_pe(pe);
	}
	time_wait(FLOOD_GAP);
	CHECK_SUCCESS(log_by(SP_MP1, (uint32_t)FFA_CONSOLE_LOG_32, "the flood is over\n"));
	test_note("the longest call took %lu us", longest);
	CHECK(longest < QUIET_LONGEST);
}
