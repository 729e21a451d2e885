/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Execution contexts: what runs on a PE. A context belongs to the PE that moved its state word from a
 * resting state (waiting, preempted, yielded) to RUNNING with one compare-and-swap; whoever loses gets
 * BUSY and nobody waits. Everything else in the structure may only be touched by its owner, or at rest
 * by the one who claims it.
 */
#ifndef CORE_EXEC_CTX_H
#define CORE_EXEC_CTX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"
#include "core/virq.h"

struct endpoint;
struct partition;
struct pe;

enum ctx_state {
	CTX_OFF, /* never started on its PE, or the PE went off */
	CTX_STARTING, /* runs its start-up code */
	CTX_WAITING, /* rests; takes a message or FFA_RUN */
	CTX_RUNNING,
	CTX_BLOCKED, /* waits for a context that it gave its cycles to */
	CTX_YIELDED, /* rests: blocked by FFA_YIELD until FFA_RUN */
	CTX_PREEMPTED, /* rests: interrupted until FFA_RUN */
	CTX_ABORTED,
};

/** Partition runtime models (DEN0077A, "Partition runtime models"). */
enum runtime_model {
	MODEL_INIT,
	MODEL_RUN,
	MODEL_DIRECT,
	MODEL_INTERRUPT,
	MODEL_POWER, /* as MODEL_DIRECT, for a message of power management */
	MODEL_NONE, /* at rest, waiting */
	MODEL_NORMAL_WORLD, /* the normal world's contexts: no model applies */
};

enum request_kind {
	REQUEST_NONE,
	REQUEST_DIRECT, /* FFA_MSG_SEND_DIRECT_REQ */
	REQUEST_DIRECT2, /* FFA_MSG_SEND_DIRECT_REQ2 */
	REQUEST_VM_CREATED, /* framework messages: see framework.c */
	REQUEST_VM_DESTROYED,
	REQUEST_POWER,
};

enum { EXEC_CTX_LINE_MAX = 256 };

struct exec_ctx {
	struct arch_context arch; /* first: assembly finds the registers here */

	struct endpoint *endpoint; /* immutable */
	struct partition *partition; /* immutable; NULL: the normal world */
	uint16_t index; /* immutable; vCPU number */

	_Atomic uint32_t state; /* enum ctx_state */

	/* Owner only. */
	uint8_t model; /* enum runtime_model */
	uint8_t request; /* enum request_kind; with MODEL_DIRECT, MODEL_POWER */
	bool wide; /* the call it waits for returns x8-x17 as well */
	bool keep_registers; /* resuming it from YIELDED writes no register (S-EL0 WFI) */
	uint16_t requester; /* endpoint that sent the request; with MODEL_DIRECT */
	uint16_t allocator; /* endpoint that gave the cycles, and may resume it */
	struct exec_ctx *previous; /* who waits for this one on the same PE: the call chain */

	struct virq_set virqs; /* owner only */

	/* FFA_CONSOLE_LOG: characters of a line that has not ended. Owner only. */
	uint16_t line_size;
	char line[EXEC_CTX_LINE_MAX];
};

/**
 * Claims a context at rest in @from for this PE; it is RUNNING afterwards.
 *
 * Returns false when it is in another state; nothing has changed then.
 */
static inline bool exec_ctx_claim(struct exec_ctx *ctx, enum ctx_state from)
{
	uint32_t expected = from;

	/* acquire: pairs with the release in pe_rest() */
	return atomic_compare_exchange_strong_explicit(&ctx->state, &expected, CTX_RUNNING,
						       memory_order_acquire, memory_order_relaxed);
}

static inline enum ctx_state exec_ctx_state(const struct exec_ctx *ctx)
{
	return (enum ctx_state)atomic_load_explicit(&ctx->state, memory_order_relaxed);
}

/** State change of a context that this PE owns and keeps (BLOCKED, RUNNING, STARTING). */
static inline void exec_ctx_set(struct exec_ctx *ctx, enum ctx_state state)
{
	atomic_store_explicit(&ctx->state, state, memory_order_relaxed);
}

/** A context at rest in WAITING that has nothing to do with the past. */
static inline void exec_ctx_forget_request(struct exec_ctx *ctx)
{
	ctx->model = MODEL_NONE;
	ctx->request = REQUEST_NONE;
	ctx->previous = NULL;
}

#endif
