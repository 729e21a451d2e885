/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call chains (DEN0077A, "Partition runtime models"): who waits for whom on a PE. A chain begins with the
 * normal world or, at the start of a partition, with nobody; it never leaves its PE, and a context is in
 * it at most once because only contexts at rest can be claimed. What masks interrupts stays in force for all
 * that is called.
 */
#ifndef CORE_CALL_CHAIN_H
#define CORE_CALL_CHAIN_H

#include "core/budget.h"
#include "core/endpoint.h"
#include "core/pe.h"

/** @ctx is who runs next on @pe: its masks come into force, its lines are those of what pends. */
static inline void call_chain_switch(struct pe *pe, struct exec_ctx *ctx)
{
	if (__builtin_expect(pe->timed != NULL, 0)) {
		budget_switch(pe, pe->current, ctx);
	}
	pe_mask_ns(pe, (ctx->modes & CTX_MASKS_NS) != 0);
	pe->current = ctx;
}

/** @caller gives its cycles to @target, which was just claimed. */
static inline void call_chain_enter(struct pe *pe, struct exec_ctx *caller, struct exec_ctx *target)
{
	target->previous = caller;
	target->allocator = caller->endpoint->id;
	target->modes = (caller->modes & CTX_INHERITED) | target->own_modes;
	pe_set_state(pe, caller, CTX_BLOCKED);
	call_chain_switch(pe, target);
	if (__builtin_expect(virq_pending(&target->virqs) != 0, 0)) {
		virq_update_lines(&target->virqs, &target->arch);
	}
}

/** The cycles of @ctx go back to who gave them; @ctx is then out of the chain, its state still to be set. */
static inline struct exec_ctx *call_chain_leave(struct pe *pe, struct exec_ctx *ctx)
{
	struct exec_ctx *previous = ctx->previous;

	ctx->previous = NULL;
	pe_set_state(pe, previous, CTX_RUNNING);
	call_chain_switch(pe, previous);
	return previous;
}

#endif
