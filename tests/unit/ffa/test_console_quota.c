/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_CONSOLE_LOG of partitions that never stop: their lines are left out, counted and told; nobody else's are. */
#include <stdio.h>

#include "core/log.h"
#include "tests/unit/ffa/ffa_fixture.h"

#define NS_PER_S UINT64_C(1000000000)

enum {
	LINE = 128, /* characters, line end included: one call */
	LINE_WRITTEN = LINE + 10, /* with "[8001 0] " and CR */
	LINES_OF_BURST = CONSOLE_QUOTA_BURST / LINE_WRITTEN,
	FLOOD = 2 * LINES_OF_BURST,
	BOOT_LOG = 32 * 1024,
};

/** Who runs logs @size characters of @text with SMC64, and succeeds. */
static void say_text(const char *text, size_t size)
{
	uint64_t x[18] = { FFA_CONSOLE_LOG_64, size };

	memcpy(x + 2, text, size);
	call_with(running(), x, 18);
	CHECK_GOT_WIDE(running(), FFA_SUCCESS_32);
}

static void say(const char *text)
{
	say_text(text, strlen(text));
}

/** Who runs logs a whole line of x. */
static void say_line(void)
{
	char text[LINE];

	memset(text, 'x', sizeof(text));
	text[LINE - 1] = '\n';
	say_text(text, sizeof(text));
}

/** Logs @count lines; returns how many the console shows. */
static unsigned flood(unsigned count)
{
	unsigned shown = 0;

	for (unsigned i = 0; i < count; i++) {
		host_console_clear();
		say_line();
		shown += host_console()[0] != '\0' ? 1 : 0;
	}
	host_console_clear();
	return shown;
}

/** SP1 handles a request; nobody has logged yet. */
static void sp1_runs(void)
{
	system_boot_usual(2);
	request(NW, SP1);
	host_console_clear();
}

/** SP1 runs and has been cut off: @FLOOD - @LINES_OF_BURST lines were left out. */
static void sp1_is_cut_off(void)
{
	sp1_runs();
	CHECK_EQUAL(flood(FLOOD), LINES_OF_BURST);
}

static void check_note(uint16_t id, unsigned vcpu, unsigned left_out, const char *line)
{
	char expected[128];

	snprintf(expected, sizeof(expected),
		 "[%04x %u] (%u lines left out: too many)\n[%04x %u] %s\n", id, vcpu, left_out, id,
		 vcpu, line);
	CHECK_TEXT(host_console(), expected);
}

static bool ring_ends_with(const char *text)
{
	uint32_t size = (uint32_t)strlen(text);

	for (uint32_t i = 0; i < size; i++) {
		if (log_ring.text[(log_ring.next - size + i) % LOG_RING_SIZE] != text[i]) {
			return false;
		}
	}
	return true;
}

TEST(a_long_boot_log_is_printed_whole)
{
	size_t line = strlen("I/TC: 23456\n"); /* short ones: the prefix nearly doubles them */
	unsigned shown = 0;

	sp1_runs();
	for (size_t done = 0; done + 10 * line <= BOOT_LOG; done += 10 * line) {
		host_console_clear();
		say("I/TC: 23456\nI/TC: 23456\nI/TC: 23456\nI/TC: 23456\nI/TC: 23456\n"
		    "I/TC: 23456\nI/TC: 23456\nI/TC: 23456\nI/TC: 23456\nI/TC: 23456\n");
		for (const char *at = host_console(); (at = strchr(at, '\n')) != NULL; at++) {
			shown++;
		}
	}
	CHECK_EQUAL(shown, BOOT_LOG / (10 * line) * 10);
}

TEST(a_flood_is_cut_behind_the_burst_and_every_call_succeeds)
{
	sp1_runs();

	CHECK_EQUAL(flood(FLOOD), LINES_OF_BURST);
}

TEST(what_was_left_out_is_told_once_when_time_has_passed)
{
	sp1_is_cut_off();
	host_time_advance(NS_PER_S);

	say("again\n");
	check_note(SP1, 0, FLOOD - LINES_OF_BURST, "again");
	host_console_clear();
	say("and again\n");
	CHECK_TEXT(host_console(), "[8001 0] and again\n");
}

TEST(a_flood_that_goes_on_is_shown_in_stretches)
{
	unsigned left = CONSOLE_QUOTA_BURST % LINE_WRITTEN; /* too little for a line */
	unsigned stretch = (left + CONSOLE_QUOTA_RESUME) / LINE_WRITTEN;

	sp1_is_cut_off();
	host_time_advance(NS_PER_S * CONSOLE_QUOTA_RESUME / CONSOLE_QUOTA_RATE);
	CHECK_EQUAL(flood(FLOOD), stretch);
	host_time_advance(NS_PER_S * CONSOLE_QUOTA_RESUME / CONSOLE_QUOTA_RATE);

	say("again\n");
	check_note(SP1, 0, FLOOD - stretch, "again");
}

TEST(both_forms_are_left_out_and_counted)
{
	sp1_is_cut_off();
	CALL(SP1, FFA_CONSOLE_LOG_32, 3, 0x000A6948);
	CHECK_SUCCESS(SP1);
	CHECK_TEXT(host_console(), "");
	CHECK(ring_ends_with("[8001 0] Hi\n"));
	say("a\nb\n");
	host_time_advance(NS_PER_S);

	CALL(SP1, FFA_CONSOLE_LOG_32, 3, 0x000A6948);
	CHECK_SUCCESS(SP1);
	check_note(SP1, 0, FLOOD - LINES_OF_BURST + 3, "Hi");
}

TEST(a_line_counts_when_it_ends)
{
	sp1_is_cut_off();
	say("begun, ");
	host_time_advance(NS_PER_S);

	say("ended\n");
	check_note(SP1, 0, FLOOD - LINES_OF_BURST, "begun, ended");
}

TEST(the_ring_keeps_what_was_left_out)
{
	sp1_is_cut_off();

	say("nobody sees this\nnor this\n");
	CHECK_TEXT(host_console(), "");
	CHECK(ring_ends_with("x\n[8001 0] nobody sees this\n[8001 0] nor this\n"));
}

TEST(other_partitions_are_not_cut_off)
{
	sp1_is_cut_off();
	request(SP1, SP3);
	say("SP3 is heard\n");
	CHECK_TEXT(host_console(), "[8003 0] SP3 is heard\n");
	respond(SP3, SP1);
	request(SP1, SP4);
	host_console_clear();

	CHECK_EQUAL(flood(FLOOD), CONSOLE_QUOTA_BURST / LINE_WRITTEN);
}

TEST(the_spmc_is_not_cut_off)
{
	sp1_is_cut_off();

	fault("data abort", 0x1000);
	CHECK(strstr(host_console(), "0x8001 sp1: vCPU 0 stopped: data abort") != NULL);
}

TEST(contexts_of_a_partition_share_its_quota)
{
	sp1_is_cut_off();
	on_pe(1);
	request(NW, SP1);

	CHECK_EQUAL(flood(3), 0);
	host_time_advance(NS_PER_S);
	say("again\n");
	check_note(SP1, 1, FLOOD - LINES_OF_BURST + 3, "again");
	host_console_clear();
	on_pe(0);
	say("here too\n");
	CHECK_TEXT(host_console(), "[8001 0] here too\n");
}

TEST(a_context_that_starts_again_does_not_renew_the_quota)
{
	sp1_runs();
	on_pe(1);
	request(NW, SP1);
	flood(FLOOD);
	respond(SP1, NW);
	power_off();
	power_on(1);
	request(NW, SP1);

	CHECK_EQUAL(flood(1), 0);
}

TEST(a_refused_call_takes_nothing_from_the_quota)
{
	sp1_runs();
	for (unsigned i = 0; i < FLOOD; i++) {
		CALL_WIDE(SP1, FFA_CONSOLE_LOG_64, 129);
		CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	}

	CHECK_EQUAL(flood(LINES_OF_BURST), LINES_OF_BURST);
}
