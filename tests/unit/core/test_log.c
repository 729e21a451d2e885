/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/log.h"

#include <pthread.h>
#include <stdio.h>

#include "arch/host/host.h"
#include "core/console_quota.h"
#include "tests/unit/unit.h"

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S (1000 * NS_PER_MS)

enum {
	ID = 0x8001,
	THREAD_COUNT = 4,
	LINE_COUNT = 50, /* of each thread: all fit the ring */
};

static struct console_quota quota;
static pthread_barrier_t barrier;

static void empty_log(void)
{
	host_reset();
	log_init();
	console_quota_init(&quota);
}

static void say(const char *text)
{
	log_partition(ID, 0, &quota, text, strlen(text));
}

/** Uses up the quota; console and ring have seen some of it. */
static void use_up(void)
{
	while (console_quota_take(&quota, 64).granted) {
	}
	host_console_clear();
}

/** What a debugger finds in the ring, oldest byte first. */
static const char *ring(void)
{
	static char text[LOG_RING_SIZE + 1];
	uint32_t next = log_ring.next;
	uint32_t size = next < LOG_RING_SIZE ? next : LOG_RING_SIZE;

	for (uint32_t i = 0; i < size; i++) {
		text[i] = log_ring.text[(next - size + i) % LOG_RING_SIZE];
	}
	text[size] = '\0';
	return text;
}

/** The end of what is in the ring, from @text's first occurrence on. */
static const char *ring_from(const char *text)
{
	const char *found = strstr(ring(), text);

	CHECK(found != NULL);
	return found;
}

TEST(a_line_has_time_level_and_key)
{
	empty_log();
	host_time_advance(12345 * NS_PER_MS);

	log_line(LOG_WARN, "key", "text %u", 7U);
	CHECK_TEXT(host_console(), "[  12.345] WARN  key        text 7\n");
	CHECK_TEXT(ring(), host_console());
}

TEST(a_line_of_a_partition_has_its_id_and_vcpu)
{
	empty_log();

	log_partition(0x8003, 12, &quota, "hello, and not this", 5);
	CHECK_TEXT(host_console(), "[8003 12] hello\n");
	CHECK_TEXT(ring(), host_console());
}

TEST(too_long_lines_are_cut)
{
	char text[1000];

	empty_log();
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';

	log_line(LOG_INFO, "key", "%s", text);
	CHECK(strlen(host_console()) < 400);
	host_console_clear();
	say(text);
	CHECK(strlen(host_console()) < 400);
	CHECK_EQUAL(host_console()[strlen(host_console()) - 1], '\n');
}

TEST(the_ring_keeps_the_last_bytes)
{
	char expected[64];

	empty_log();
	for (unsigned i = 0; i < LOG_RING_SIZE / 16; i++) {
		log_line(LOG_INFO, "key", "line %u", i);
	}

	CHECK_EQUAL(strlen(ring()), LOG_RING_SIZE);
	snprintf(expected, sizeof(expected), "line %u\n", LOG_RING_SIZE / 16 - 1);
	CHECK_TEXT(ring() + LOG_RING_SIZE - strlen(expected), expected);
}

TEST(the_ring_goes_on_where_its_count_wraps)
{
	empty_log();
	log_ring.next = UINT32_MAX - 11;

	say("abcdef");
	CHECK_EQUAL(log_ring.next, 4);
	CHECK_BYTES((const void *)log_ring.text, "def\n", 4);
	CHECK_BYTES((const void *)(log_ring.text + LOG_RING_SIZE - 12), "[8001 0] abc", 12);
}

TEST(a_line_beyond_the_quota_is_in_the_ring_only)
{
	empty_log();
	use_up();

	say("left out");
	CHECK_TEXT(host_console(), "");
	CHECK_TEXT(ring_from("[8001 0] left out"), "[8001 0] left out\n");
}

TEST(how_many_lines_are_missing_is_told_before_the_next_one)
{
	empty_log();
	use_up();
	say("second");
	say("third");
	host_time_advance(NS_PER_S);

	say("again");
	say("and again");
	CHECK_TEXT(host_console(), "[8001 0] (3 lines left out: too many)\n"
				   "[8001 0] again\n"
				   "[8001 0] and again\n");
	CHECK_TEXT(ring_from("[8001 0] second"), "[8001 0] second\n"
						 "[8001 0] third\n"
						 "[8001 0] (3 lines left out: too many)\n"
						 "[8001 0] again\n"
						 "[8001 0] and again\n");
}

TEST(one_line_is_a_line)
{
	empty_log();
	use_up();
	host_time_advance(NS_PER_S);

	say("again");
	CHECK_TEXT(host_console(), "[8001 0] (1 line left out: too many)\n[8001 0] again\n");
}

TEST(prefix_and_line_end_are_charged)
{
	empty_log();
	CHECK(console_quota_take(&quota, CONSOLE_QUOTA_BURST - 11).granted);

	say("");
	CHECK_TEXT(host_console(), "[8001 0] \n");
	say("");
	CHECK_TEXT(host_console(), "[8001 0] \n");
}

TEST(lines_of_the_spmc_itself_have_no_quota)
{
	empty_log();
	use_up();

	log_line(LOG_WARN, "key", "text");
	CHECK(strstr(host_console(), "WARN  key        text\n") != NULL);
}

/* ---- several PEs at once --------------------------------------------------------------------------- */

static void *say_lines(void *pe)
{
	char text[41] = { 0 };

	host_pe_enter(pe);
	(void)pthread_barrier_wait(&barrier);
	memset(text, 'a' + (int)((struct arch_pe *)pe)->index, sizeof(text) - 1);
	for (unsigned i = 0; i < LINE_COUNT; i++) {
		say(text);
	}
	return NULL;
}

static void check_lines_are_whole(const char *text)
{
	unsigned lines = 0;

	for (; *text != '\0'; text = strchr(text, '\n') + 1) {
		char line[64] = "[8001 0] ";
		size_t size = strlen(line) + 40;

		memset(line + strlen(line), text[strlen(line)], 40);
		line[size] = '\n';
		CHECK_BYTES(text, line, size + 1);
		lines++;
	}
	CHECK_EQUAL(lines, THREAD_COUNT * LINE_COUNT);
}

TEST(lines_of_pes_at_once_stay_whole)
{
	struct arch_pe pes[THREAD_COUNT] = {
		{ .index = 0 }, { .index = 1 }, { .index = 2 }, { .index = 3 }
	};
	pthread_t threads[THREAD_COUNT];

	empty_log();
	host_allow_waiting();
	CHECK_EQUAL(pthread_barrier_init(&barrier, NULL, THREAD_COUNT), 0);
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		CHECK_EQUAL(pthread_create(&threads[i], NULL, say_lines, &pes[i]), 0);
	}
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		pthread_join(threads[i], NULL);
	}

	check_lines_are_whole(host_console());
	check_lines_are_whole(ring());
}
