/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/lock.h"

#include <pthread.h>

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	THREAD_COUNT = 4,
	ROUND_COUNT = 20000,
};

static struct lock low, high;
static unsigned counter; /* guarded by low */

static void two_locks(void)
{
	host_reset();
	lock_init(&low, RANK_SPACE);
	lock_init(&high, RANK_POOL);
}

static void take_in_wrong_order(void *argument) NO_THREAD_SAFETY
{
	lock_acquire(&high);
	lock_acquire(&low);
}

static void take_twice(void *argument) NO_THREAD_SAFETY
{
	lock_acquire(&low);
	lock_acquire(&low);
}

static void release_only(void *argument) NO_THREAD_SAFETY
{
	lock_release(&low);
}

static void *count_rounds(void *pe)
{
	host_pe_enter(pe);
	for (unsigned i = 0; i < ROUND_COUNT; i++) {
		lock_acquire(&low);
		counter++;
		lock_release(&low);
	}
	return NULL;
}

TEST(locks_are_taken_in_rising_rank_and_can_be_taken_again)
{
	two_locks();

	for (unsigned i = 0; i < 3; i++) {
		lock_acquire(&low);
		lock_acquire(&high);
		lock_release(&high);
		lock_release(&low);
	}
	CHECK(lock_none_held());
}

TEST(locks_may_be_released_in_any_order)
{
	two_locks();

	lock_acquire(&low);
	lock_acquire(&high);
	lock_release(&low);
	CHECK(!lock_none_held());
	lock_release(&high);
	CHECK(lock_none_held());
	lock_acquire(&low);
	lock_release(&low);
}

TEST(a_lower_rank_behind_a_higher_one_stops)
{
	two_locks();

	CHECK_STOPS(take_in_wrong_order, NULL, "out of order");
}

TEST(the_same_lock_twice_stops)
{
	two_locks();

	CHECK_STOPS(take_twice, NULL, "out of order");
}

TEST(releasing_a_lock_that_is_not_held_stops)
{
	two_locks();

	CHECK_STOPS(release_only, NULL, "not held");
}

TEST(ranks_are_kept_for_each_pe)
{
	struct arch_pe first = { .index = 0 }, second = { .index = 1 };

	two_locks();
	host_pe_enter(&first);
	lock_acquire(&high);
	host_pe_enter(&second);
	lock_acquire(&low); /* allowed: the other PE holds the higher one */
	lock_release(&low);
	host_pe_enter(&first);
	lock_release(&high);
}

TEST(one_thread_at_a_time_is_inside)
{
	struct arch_pe pes[THREAD_COUNT] = {
		{ .index = 0 }, { .index = 1 }, { .index = 2 }, { .index = 3 }
	};
	pthread_t threads[THREAD_COUNT];

	two_locks();
	host_allow_waiting();
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		CHECK_EQUAL(pthread_create(&threads[i], NULL, count_rounds, &pes[i]), 0);
	}
	for (unsigned i = 0; i < THREAD_COUNT; i++) {
		pthread_join(threads[i], NULL);
	}

	CHECK_EQUAL(counter, THREAD_COUNT * ROUND_COUNT);
}

TEST(tickets_wrap_around)
{
	two_locks();
	low.next = UINT32_MAX;
	low.serving = UINT32_MAX;

	lock_acquire(&low);
	lock_release(&low);
	CHECK_EQUAL(low.serving, 0);
	lock_acquire(&low);
	lock_release(&low);
}
