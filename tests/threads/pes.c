/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/threads/pes.h"

#include <pthread.h>
#include <stdio.h>

#include "ffa/cycles.h"
#include "ffa/interrupt.h"
#include "ffa/run_loop.h"

enum {
	ACTORS_MAX = 32,
	COMPLAINTS_MAX = 20,
};

static struct actor actors[ACTORS_MAX];
static unsigned actor_count;
static pthread_barrier_t meeting;
static bool finished[PES]; /* each PE's own */
static _Atomic unsigned complaints;

void complain(const struct actor *actor, const char *what, uint64_t value)
{
	/* relaxed: a count */
	if (atomic_fetch_add_explicit(&complaints, 1, memory_order_relaxed) < COMPLAINTS_MAX) {
		fprintf(stderr, "%04x, vCPU %u: %s: 0x%llx\n", actor->id, actor->vcpu, what,
			(unsigned long long)value);
	}
}

void check_no_complaints(void)
{
	CHECK_EQUAL(complaints, 0);
}

void pes_finish(unsigned pe)
{
	finished[pe] = true;
}

void pes_meet(void)
{
	pthread_barrier_wait(&meeting);
}

static void cast(struct exec_ctx *ctx, host_script *script, uint64_t seed)
{
	struct actor *actor = &actors[actor_count++];

	*actor = (struct actor){
		.id = ctx->endpoint->id,
		.vcpu = ctx->index,
		.chance = seed * 1000 + actor_count,
	};
	host_context_script(&ctx->arch, script, actor);
}

/** True when EL3 would switch @pe off now: the SPMC has agreed to CPU_OFF. */
static bool has_gone_off(const struct pe *pe)
{
	const uint64_t *x = pe->normal_world.arch.x;

	return pe->current == &pe->normal_world && x[0] == FFA_MSG_SEND_DIRECT_RESP_32 &&
	       x[1] == FFA_ENDPOINTS(SPMC, SPMD) &&
	       x[2] == (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP);
}

/** As init/boot.c; the machine's PE and who plays the normal world go on. */
static void power_on_again(struct pe *pe)
{
	pe->duty = DUTY_NONE;
	pe->errands = false;
	pe->sri_delayed = false;
	interrupt_power_up(pe);
	cycles_start_next(pe);
}

static void *play(void *argument)
{
	struct pe *pe = argument;

	host_pe_enter(&pe->arch);
	while (!finished[pe->index]) {
		if (has_gone_off(pe)) {
			power_on_again(pe);
		}
		run_loop_step(pe);
	}
	return NULL;
}

void pes_run(host_script *normal_world, host_script *partition, uint64_t seed)
{
	struct spmc *spmc = the_spmc();
	pthread_t threads[PES];

	actor_count = 0;
	CHECK_EQUAL(spmc->pe_count, PES);
	for (unsigned i = 0; i < PES; i++) {
		finished[i] = false;
		cast(&spmc->pes[i].normal_world, normal_world, seed);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			cast(&spmc->partitions[i].contexts[c], partition, seed);
		}
	}

	host_allow_waiting();
	CHECK_EQUAL(pthread_barrier_init(&meeting, NULL, PES), 0);
	for (unsigned i = 0; i < PES; i++) {
		CHECK_EQUAL(pthread_create(&threads[i], NULL, play, &spmc->pes[i]), 0);
	}
	for (unsigned i = 0; i < PES; i++) {
		CHECK_EQUAL(pthread_join(threads[i], NULL), 0);
	}
	pthread_barrier_destroy(&meeting);
	on_pe(0);
	check_no_complaints();
	check_invariants();
}
