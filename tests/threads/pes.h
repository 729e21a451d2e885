/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PEs as threads: each goes round its run loop, and who runs there is played by an actor. Actors run on the
 * SPMC's terms only: what two of them share is passed on by the calls that they make, or is atomic.
 */
#ifndef TESTS_THREADS_PES_H
#define TESTS_THREADS_PES_H

#include <stdatomic.h>

#include "tests/unit/ffa/notification_fixture.h"

enum { PES = 3 };

/** Plays one execution context. A partition's is on one PE at a time, a UP partition's on any of them. */
struct actor {
	uint16_t id; /* NW: the normal world of a PE */
	uint16_t vcpu; /* of NW: the PE */
	uint64_t chance; /* its random numbers */
	unsigned stage; /* what it was about when it called last */
	unsigned left; /* what it has still to do before it rests */
	struct token *token; /* of the call it was about */
	uint16_t peer; /* the same: receiver of a message, VM */
};

/** One of 0...@limit - 1. */
static inline unsigned actor_below(struct actor *actor, unsigned limit)
{
	actor->chance = actor->chance * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
	return (unsigned)((actor->chance >> 33) % limit);
}

/** The actor's next call: x0... as given, the rest of x0-x17 zero. */
#define ACTOR_CALL(context, ...)                                   \
	host_call_with(context, (const uint64_t[]){ __VA_ARGS__ }, \
		       sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/**
 * Lets every context of the system be played, the normal world's by @normal_world and partitions' by
 * @partition, until pes_finish() was said on each PE. The test's thread waits.
 */
void pes_run(host_script *normal_world, host_script *partition, uint64_t seed);

/** The normal world of PE @pe has nothing more to do. */
void pes_finish(unsigned pe);

/** All PEs' normal worlds meet. */
void pes_meet(void);

/** Something is wrong: counted, and said. Threads cannot fail a test themselves. */
void complain(const struct actor *actor, const char *what, uint64_t value);

/** Fails the test if anybody complained. */
void check_no_complaints(void);

#endif
