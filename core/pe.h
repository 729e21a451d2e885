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

struct pe {
	struct arch_pe arch; /* first: the architecture layer finds it through this */
	struct spmc *spmc; /* immutable */
	unsigned index; /* immutable; linear PE index, the vCPU number of MP contexts */
	struct exec_ctx *current; /* runs next */
	struct exec_ctx normal_world;

	/* While contexts are started on this PE: position in the boot order, interrupt mask before. */
	bool starting;
	unsigned boot_next;
	uint32_t start_mask;
};

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
