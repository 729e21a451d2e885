/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds after every step, whatever the call was: of chains, contexts, locks, windows, registers. */
#include "tests/unit/ffa/ffa_fixture.h"

enum { REGISTER_COUNT = 31 };

static struct {
	uint64_t x[(CONFIG_PARTITION_MAX + 1) * SYSTEM_PES][REGISTER_COUNT];
	unsigned count;
} noted;

/* ---- the system --------------------------------------------------------------------------------- */

static void check_lock_is_free(struct lock *lock)
{
	CHECK_EQUAL(lock->next, lock->serving);
}

/** Walks the chain of @pe from who runs to its beginning; returns its length without the normal world. */
static unsigned check_chain(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;
	enum ctx_state state = exec_ctx_state(ctx);
	unsigned length = 0;

	CHECK(state == CTX_RUNNING || state == CTX_STARTING);
	while (ctx->partition != NULL) {
		length++;
		CHECK(length <= the_spmc()->partition_count); /* acyclic: nobody is in it twice */
		CHECK(!ctx->partition->multi_processor || ctx->index == pe->index);
		if (ctx->previous == NULL) {
			CHECK(pe->starting);
			CHECK_EQUAL(ctx->model, MODEL_INIT);
			return length;
		}
		ctx = ctx->previous;
		state = exec_ctx_state(ctx);
		CHECK_EQUAL(state, CTX_BLOCKED);
	}
	CHECK(ctx == &pe->normal_world);
	CHECK(!pe->starting);
	return length;
}

/** Contexts that no chain holds are at rest; returns how many are in chains. */
static unsigned check_contexts(const struct partition *partition)
{
	unsigned owned = 0;

	for (unsigned i = 0; i < partition->context_count; i++) {
		const struct exec_ctx *ctx = &partition->contexts[i];
		enum ctx_state state = exec_ctx_state(ctx);

		if (state == CTX_RUNNING || state == CTX_STARTING || state == CTX_BLOCKED) {
			CHECK(ctx->model != MODEL_NONE);
			owned++;
			continue;
		}
		CHECK(ctx->previous == NULL);
		CHECK(state == CTX_ABORTED ||
		      (state == CTX_WAITING || state == CTX_OFF) == (ctx->model == MODEL_NONE));
		CHECK(!ctx->arch.migrates || ctx->arch.machine.resident == NULL);
	}
	return owned;
}

void check_invariants(void)
{
	struct spmc *spmc = the_spmc();
	unsigned in_chains = 0, owned = 0;

	CHECK(host_windows_are_closed(&spmc->pes[0].arch, sizeof(struct pe), spmc->pe_count));
	check_lock_is_free(&spmc->pool.lock);
	check_lock_is_free(&spmc->normal_world.mailbox.lock);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		check_lock_is_free(&partition->space.lock);
		check_lock_is_free(&partition->endpoint.mailbox.lock);
		owned += check_contexts(partition);
	}
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		in_chains += pe_is_on(i) ? check_chain(&spmc->pes[i]) : 0;
	}
	CHECK_EQUAL(owned, in_chains); /* with acyclic chains: each is in exactly one */
}

/* ---- registers ---------------------------------------------------------------------------------- */

static void note_context(const struct exec_ctx *ctx)
{
	memcpy(noted.x[noted.count++], ctx->arch.x, sizeof(noted.x[0]));
}

void note_registers(void)
{
	const struct spmc *spmc = the_spmc();

	noted.count = 0;
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		note_context(&spmc->pes[i].normal_world);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			note_context(&spmc->partitions[i].contexts[c]);
		}
	}
}

static void check_context_kept(const struct exec_ctx *ctx, const uint64_t *before)
{
	bool starting = exec_ctx_state(ctx) == CTX_STARTING; /* all registers are made up */
	size_t first = ctx == this_pe()->current ? 18 : 0;

	if (!starting) {
		CHECK_BYTES(ctx->arch.x + first, before + first,
			    (REGISTER_COUNT - first) * sizeof(uint64_t));
	}
}

void check_registers_kept(void)
{
	const struct spmc *spmc = the_spmc();
	unsigned at = 0;

	for (unsigned i = 0; i < spmc->pe_count; i++) {
		check_context_kept(&spmc->pes[i].normal_world, noted.x[at++]);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			check_context_kept(&spmc->partitions[i].contexts[c], noted.x[at++]);
		}
	}
}
