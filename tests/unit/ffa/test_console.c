/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_CONSOLE_LOG (DEN0077A v1.2, "Console logging"): widths, counts, lines, and that no terminal is steered. */
#include "tests/unit/ffa/ffa_fixture.h"

#define LOG32 FFA_CONSOLE_LOG_32
#define LOG64 FFA_CONSOLE_LOG_64

/** SP1 handles a request; the console is empty. */
static void sp1_runs(void)
{
	system_boot_usual(2);
	request(NW, SP1);
	host_console_clear();
}

/** SP1 logs @text with SMC64, at most 128 characters. */
static void say(const char *text, size_t size)
{
	uint64_t x[18] = { LOG64, size };

	memcpy(x + 2, text, size);
	call_with(running(), x, 18);
	CHECK_GOT_WIDE(running(), FFA_SUCCESS_32);
}

TEST(characters_of_the_32_bit_form_are_four_in_a_register)
{
	sp1_runs();

	CALL(SP1, LOG32, 24, 0x34333231, 0x38373635, 0x32313039, 0x36353433, 0x30393837,
	     0x0a333231);
	CHECK_SUCCESS(SP1);
	CHECK_TEXT(host_console(), "[8001 0] 12345678901234567890123\n");
}

TEST(characters_of_the_64_bit_form_are_eight_in_a_register)
{
	sp1_runs();

	CALL_WIDE(SP1, LOG64, 14, 0x77202c6f6c6c6548, 0x00000a21646c726f);
	CHECK_GOT_WIDE(SP1, FFA_SUCCESS_32);
	CHECK_TEXT(host_console(), "[8001 0] Hello, world!\n");
}

TEST(the_64_bit_form_takes_128_characters)
{
	char text[128];

	sp1_runs();
	memset(text, 'x', sizeof(text));
	text[126] = 'y';
	text[127] = '\n';

	say(text, 128);
	CHECK_EQUAL(strlen(host_console()), strlen("[8001 0] ") + 128);
	CHECK(strstr(host_console(), "xxy\n") != NULL);
}

TEST(characters_behind_the_count_are_not_shown)
{
	sp1_runs();

	CALL(SP1, LOG32, 3, 0x4A0A6948); /* "Hi\nJ" */
	CALL(SP1, LOG32, 1, 0x0000000A);
	CHECK_TEXT(host_console(), "[8001 0] Hi\n[8001 0] \n");
}

TEST(a_count_of_none_or_more_than_the_form_holds_is_refused)
{
	sp1_runs();

	CALL(SP1, LOG32, 0, 0x0A414141);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, LOG32, 25);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, LOG32, 0xFFFFFFFF);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, LOG64, 0);
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, LOG64, 129);
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, LOG64, UINT64_C(0x100000001));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CHECK_TEXT(host_console(), "");
}

TEST(the_32_bit_form_ignores_upper_halves)
{
	sp1_runs();

	CALL(SP1, LOG32, 0xDEAD00000003, 0xDEAD000A6948);
	CHECK_TEXT(host_console(), "[8001 0] Hi\n");
}

TEST(a_line_is_written_when_it_ends_not_before)
{
	sp1_runs();

	say("one ", 4);
	CHECK_TEXT(host_console(), "");
	say("line\nand ", 9);
	CHECK_TEXT(host_console(), "[8001 0] one line\n");
	say("more\n", 5);
	CHECK_TEXT(host_console(), "[8001 0] one line\n[8001 0] and more\n");
}

TEST(an_empty_line_is_a_line)
{
	sp1_runs();

	say("\n\n", 2);
	CHECK_TEXT(host_console(), "[8001 0] \n[8001 0] \n");
}

TEST(nul_ends_a_line_that_has_characters)
{
	sp1_runs();

	say("a\0b\0\0", 5);
	CHECK_TEXT(host_console(), "[8001 0] a\n[8001 0] b\n");
}

TEST(a_line_that_does_not_end_is_broken_where_the_buffer_is_full)
{
	char text[128];
	size_t whole = strlen("[8001 0] \n") + EXEC_CTX_LINE_MAX;

	sp1_runs();
	memset(text, 'x', sizeof(text));
	say(text, 128);
	say(text, 127);
	CHECK_TEXT(host_console(), "");
	say("yz\n", 3);

	CHECK_EQUAL(strlen(host_console()), whole + strlen("[8001 0] z\n"));
	CHECK_TEXT(host_console() + whole - 2, "y\n[8001 0] z\n");
}

TEST(control_characters_are_shown_as_dots_but_for_the_tabulator)
{
	sp1_runs();

	say("a\x1b[2J\x7f\x80\xff\x07\tb\n", 12);
	CHECK_TEXT(host_console(), "[8001 0] a.[2J....\tb\n");
}

TEST(lines_of_different_contexts_do_not_mix)
{
	sp1_runs();
	say("from ", 5);
	on_pe(1);
	request(NW, SP1);
	say("other\n", 6);
	on_pe(0);
	request(SP1, SP3);
	say("third\n", 6);
	respond(SP3, SP1);
	say("one\n", 4);

	CHECK_TEXT(host_console(), "[8001 1] other\n[8003 0] third\n[8001 0] from one\n");
}

TEST(a_line_goes_on_over_messages)
{
	sp1_runs();
	say("begun, ", 7);
	respond(SP1, NW);
	request(NW, SP1);

	say("ended\n", 6);
	CHECK_TEXT(host_console(), "[8001 0] begun, ended\n");
}

TEST(a_partition_may_log_while_it_starts)
{
	system_reset();
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();
	host_console_clear();

	say("up\n", 3);
	CHECK_TEXT(host_console(), "[8004 0] up\n");
}

TEST(the_normal_world_has_no_console)
{
	system_boot_usual(1);

	CALL(NW, LOG32, 3, 0x000A6948);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, LOG64, 3, 0x000A6948);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(a_partition_before_1_2_has_no_console)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_1;
	system_boot(1);
	request(NW, SP1);

	CALL(SP1, LOG32, 3, 0x000A6948);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}
