/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A processing element: what runs on it now, and its execution context of the normal world.
 * Only the PE itself touches its structure after boot.
 */
#ifndef CORE_PE_H
#define CORE_PE_H

#include "arch/arch.h"
#include "core/exec_ctx.h"
#include "core/timer_queue.h"

struct spmc;

/** What a PE does on behalf of EL3: non-secure interrupts wait meanwhile, nobody could resume it. */
enum pe_duty {
	DUTY_NONE,
	DUTY_START, /* starts contexts, one after the other in boot order */
	DUTY_STOP, /* tells partitions that the PE is about to be switched off */
	DUTY_EL3_REQUEST, /* a direct request of an EL3 partition */
};

struct pe {
	struct arch_pe arch; /* first: the architecture layer finds it through this */
	struct spmc *spmc; /* immutable */
	unsigned index; /* immutable; linear PE index, the vCPU number of MP contexts */
	uint32_t mark; /* immutable; index where exec_ctx.state has it */
	struct exec_ctx *current; /* runs next */
	struct exec_ctx normal_world;

	_Atomic uint32_t changing; /* 1: about a change of who reaches which memory (freeze.h) */

	enum pe_duty duty;
	unsigned duty_next; /* START, STOP: position in the boot order */

	bool ns_masked; /* non-secure interrupts wait */
	uint32_t mask_before; /* with ns_masked: the normal world's own mask */

	bool errands; /* run_loop.c looks at what follows before somebody runs */
	bool sri_delayed; /* one of them: SRI to the normal world */
	uint64_t
		undelivered; /* another: partitions whose interrupts had to wait, by their numbers */

	/* Time that is counted: see budget.h. */
	struct exec_ctx *timed; /* on whose account; NULL: nobody's */
	uint64_t timed_since, switched_at;
	uint64_t budget_at; /* ARCH_NEVER: no budget ends */
	uint64_t served_until; /* interrupts of all have had their share of this PE until then */
	uint64_t served_ahead; /* how far that may be ahead of the clock, in ticks */
	uint64_t exit_at; /* when a managed exit has taken too long; ARCH_NEVER: there is none */

	struct timer_queue timers;
	uint64_t timer_at; /* what the secure timer is set to */

	/* From other PEs: partitions with something new for this one, by their numbers. */
	_Atomic uint64_t attention;
};

/** State of a context that this PE has and keeps (BLOCKED, RUNNING, STARTING). */
static inline void pe_set_state(const struct pe *pe, struct exec_ctx *ctx, enum ctx_state state)
{
	atomic_store_explicit(&ctx->state, pe->mark | state, memory_order_relaxed);
}

/**
 * Claims a context at rest in @from for this PE; it is RUNNING afterwards.
 *
 * Returns false when it is in another state; nothing has changed then.
 */
static inline bool pe_claim(const struct pe *pe, struct exec_ctx *ctx, enum ctx_state from)
{
	uint32_t expected = from;

	/* Pairs with the release in pe_rest(). seq_cst: who lets an interrupt pend sees the new state, or
	 * the claimer the interrupt. */
	return atomic_compare_exchange_strong_explicit(&ctx->state, &expected,
						       pe->mark | CTX_RUNNING, memory_order_seq_cst,
						       memory_order_relaxed);
}

/** Lets non-secure interrupts wait, or come again. */
static inline void pe_mask_ns(struct pe *pe, bool masked)
{
	if (__builtin_expect(pe->ns_masked == masked, 1)) {
		return;
	}
	pe->ns_masked = masked;
	if (masked) {
		pe->mask_before = arch_interrupt_mask_normal_world();
	} else {
		arch_interrupt_mask_restore(pe->mask_before);
		pe->exit_at = ARCH_NEVER;
	}
}

/** Begins @duty: non-secure interrupts wait until pe_end_duty(). */
static inline void pe_begin_duty(struct pe *pe, enum pe_duty duty)
{
	pe->duty = duty;
	pe->duty_next = 0;
	pe->normal_world.modes = CTX_MASKS_NS;
	pe_mask_ns(pe, true);
}

static inline void pe_end_duty(struct pe *pe)
{
	pe->duty = DUTY_NONE;
	pe->normal_world.modes = 0;
	pe_mask_ns(pe, false);
}

/** SRI when the normal world runs next on this PE. */
static inline void pe_delay_sri(struct pe *pe)
{
	pe->sri_delayed = true;
	pe->errands = true;
}

/**
 * Puts @ctx, which this PE owns, to rest in @state: whoever claims it next, on whichever PE, finds all of
 * it in memory. The caller must not touch it afterwards.
 */
static inline void pe_rest(struct pe *pe, struct exec_ctx *ctx, enum ctx_state state)
{
	if (ctx->arch.migrates) {
		arch_context_park(&pe->arch, &ctx->arch);
	}
	/* release: pairs with pe_claim() */
	atomic_store_explicit(&ctx->state, state, memory_order_release);
}

#endif
