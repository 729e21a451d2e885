/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/console_quota.h"

#include <pthread.h>

#include "arch/host/host.h"
#include "tests/unit/unit.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_BYTE (NS_PER_S / CONSOLE_QUOTA_RATE)

enum {
	LINE = 64, /* bytes of the lines here */
	LINES_OF_BURST = CONSOLE_QUOTA_BURST / LINE,
	FEW = 8, /* more bytes than the host's clock gives back by being looked at */
	THREAD_COUNT = 4,
	ROUND_COUNT = 50000, /* of each thread; too few looks at the clock for a stretch */
};

static struct console_quota quota;
static pthread_barrier_t barrier;

static void full_quota(void)
{
	host_reset();
	console_quota_init(&quota);
}

/** Takes lines until one is refused; returns how many were granted. */
static unsigned take_all(void)
{
	unsigned granted = 0;

	while (console_quota_take(&quota, LINE).granted) {
		granted++;
	}
	return granted;
}

static void check_granted(uint32_t left_out)
{
	struct console_grant grant = console_quota_take(&quota, LINE);

	CHECK(grant.granted);
	CHECK_EQUAL(grant.left_out, left_out);
}

static void check_refused(void)
{
	struct console_grant grant = console_quota_take(&quota, LINE);

	CHECK(!grant.granted);
	CHECK_EQUAL(grant.left_out, 0);
}

TEST(a_burst_is_granted_whole_and_no_more)
{
	full_quota();

	CHECK_EQUAL(take_all(), LINES_OF_BURST);
}

TEST(a_line_larger_than_what_is_left_is_refused)
{
	full_quota();
	CHECK(console_quota_take(&quota, CONSOLE_QUOTA_BURST - LINE).granted);

	CHECK(!console_quota_take(&quota, LINE + 1).granted);
}

TEST(lines_of_no_size_use_nothing_up)
{
	full_quota();
	CHECK(console_quota_take(&quota, 0).granted);

	CHECK_EQUAL(take_all(), LINES_OF_BURST);
}

TEST(who_was_cut_off_goes_on_when_a_stretch_is_there_not_before)
{
	full_quota();
	take_all();

	host_time_advance((CONSOLE_QUOTA_RESUME - FEW) * NS_PER_BYTE);
	check_refused();
	host_time_advance(FEW * NS_PER_BYTE);
	check_granted(2);
}

TEST(what_was_left_out_is_told_once)
{
	full_quota();
	take_all();
	check_refused();
	check_refused();
	host_time_advance(NS_PER_S);

	check_granted(3);
	check_granted(0);
}

TEST(a_stretch_is_granted_whole)
{
	full_quota();
	take_all();
	host_time_advance(CONSOLE_QUOTA_RESUME * NS_PER_BYTE);

	CHECK_EQUAL(take_all(), CONSOLE_QUOTA_RESUME / LINE);
}

TEST(refused_lines_cost_nothing)
{
	full_quota();
	take_all();
	for (unsigned i = 0; i < 10 * LINES_OF_BURST; i++) {
		check_refused();
	}
	host_time_advance(CONSOLE_QUOTA_BURST * NS_PER_BYTE);

	CHECK_EQUAL(take_all(), LINES_OF_BURST);
}

TEST(time_gives_no_more_than_a_burst)
{
	full_quota();
	take_all();
	host_time_advance(UINT64_MAX / 2);

	CHECK_EQUAL(take_all(), LINES_OF_BURST);
}

TEST(over_time_no_more_than_the_rate_is_granted)
{
	enum { SECONDS = 100, ASKED_PER_SECOND = 100 };
	size_t granted = 0;

	full_quota();
	take_all();
	for (unsigned i = 0; i < SECONDS * ASKED_PER_SECOND; i++) {
		host_time_advance(NS_PER_S / ASKED_PER_SECOND);
		granted += console_quota_take(&quota, LINE).granted ? LINE : 0;
	}

	CHECK(granted <= SECONDS * CONSOLE_QUOTA_RATE + LINE);
	CHECK(granted > SECONDS * CONSOLE_QUOTA_RATE * 9 / 10);
}

TEST(who_stays_below_the_rate_is_never_cut_off)
{
	full_quota();

	for (unsigned i = 0; i < 10 * LINES_OF_BURST; i++) {
		check_granted(0);
		host_time_advance(LINE * NS_PER_BYTE);
	}
}

TEST(quotas_are_independent)
{
	struct console_quota other;

	full_quota();
	console_quota_init(&other);
	take_all();

	CHECK(console_quota_take(&other, LINE).granted);
}

TEST(no_lock_is_held_afterwards)
{
	full_quota();
	take_all();

	CHECK(lock_none_held());
}

/* ---- several contexts at once ------------------------------------------------------------------------- */

struct taker {
	struct arch_pe pe;
	pthread_t thread;
	unsigned granted, refused, told;
};

static void *take_rounds(void *argument)
{
	struct taker *taker = argument;

	host_pe_enter(&taker->pe);
	(void)pthread_barrier_wait(&barrier);
	for (unsigned i = 0; i < ROUND_COUNT; i++) {
		struct console_grant grant = console_quota_take(&quota, LINE);

		taker->granted += grant.granted ? 1 : 0;
		taker->refused += grant.granted ? 0 : 1;
		taker->told += grant.left_out;
	}
	return NULL;
}

TEST(contexts_at_once_share_one_burst_and_every_line_left_out_is_told)
{
	struct taker all = { .granted = 0 };
	struct taker takers[THREAD_COUNT] = { { .granted = 0 } };

	full_quota();
	host_allow_waiting();
	CHECK_EQUAL(pthread_barrier_init(&barrier, NULL, THREAD_COUNT), 0);
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		takers[i].pe.index = i;
		CHECK_EQUAL(pthread_create(&takers[i].thread, NULL, take_rounds, &takers[i]), 0);
	}
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		pthread_join(takers[i].thread, NULL);
		all.granted += takers[i].granted;
		all.refused += takers[i].refused;
		all.told += takers[i].told;
	}

	CHECK_EQUAL(all.granted, LINES_OF_BURST);
	CHECK_EQUAL(all.granted + all.refused, THREAD_COUNT * ROUND_COUNT);
	host_time_advance(NS_PER_S);
	check_granted(all.refused - all.told);
}
