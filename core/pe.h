/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A processing element: what runs on it now, and its execution context of the normal world.
 * Only the PE itself touches its structure after boot.
 */
#ifndef CORE_PE_H
#define CORE_PE_H

#include "arch/arch.h"
#include "core/exec_ctx.h"

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
	struct exec_ctx *current; /* runs next */
	struct exec_ctx normal_world;

	_Atomic uint32_t changing; /* 1: about a change of who reaches which memory (freeze.h) */

	enum pe_duty duty;
	unsigned duty_next; /* START, STOP: position in the boot order */
	uint32_t mask_before; /* interrupt mask before the duty */

	bool errands; /* pe_errands() before the normal world runs */
	bool sri_delayed; /* one of them: SRI to the normal world */
};

/** Begins @duty: non-secure interrupts wait until pe_end_duty(). */
static inline void pe_begin_duty(struct pe *pe, enum pe_duty duty)
{
	pe->duty = duty;
	pe->duty_next = 0;
	pe->mask_before = arch_interrupt_mask_normal_world();
}

static inline void pe_end_duty(struct pe *pe)
{
	pe->duty = DUTY_NONE;
	arch_interrupt_mask_restore(pe->mask_before);
}

/** SRI when the normal world runs next on this PE. */
static inline void pe_delay_sri(struct pe *pe)
{
	pe->sri_delayed = true;
	pe->errands = true;
}

/** What is to be done when the normal world is about to run: errands is set. */
static inline void pe_run_errands(struct pe *pe)
{
	pe->errands = false;
	if (pe->duty == DUTY_EL3_REQUEST) {
		pe_end_duty(pe);
	}
	if (pe->sri_delayed) {
		pe->sri_delayed = false;
		arch_interrupt_raise_sri();
	}
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
	/* release: pairs with the acquire in exec_ctx_claim() */
	atomic_store_explicit(&ctx->state, state, memory_order_release);
}

#endif
