/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call chains (DEN0077A, "Partition runtime models"): who waits for whom on a PE. A chain begins with the
 * normal world or, at the start of a partition, with nobody; it never leaves its PE, and a context is in
 * it at most once because only contexts at rest can be claimed.
 */
#ifndef CORE_CALL_CHAIN_H
#define CORE_CALL_CHAIN_H

#include "core/endpoint.h"
#include "core/pe.h"

/** @caller gives its cycles to @target, which was just claimed. */
static inline void call_chain_enter(struct pe *pe, struct exec_ctx *caller, struct exec_ctx *target)
{
	target->previous = caller;
	target->allocator = caller->endpoint->id;
	exec_ctx_set(caller, CTX_BLOCKED);
	pe->current = target;
}

/** The cycles of @ctx go back to who gave them; @ctx is then out of the chain, its state still to be set. */
static inline struct exec_ctx *call_chain_leave(struct pe *pe, struct exec_ctx *ctx)
{
	struct exec_ctx *previous = ctx->previous;

	ctx->previous = NULL;
	exec_ctx_set(previous, CTX_RUNNING);
	pe->current = previous;
	return previous;
}

#endif
