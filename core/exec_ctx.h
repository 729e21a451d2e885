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
#include "core/timer_queue.h"
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
	MODEL_CALLER, /* taken out of its call by an interrupt: it may only go on with FFA_RUN */
	MODEL_NONE, /* at rest, waiting */
	MODEL_NORMAL_WORLD, /* the normal world's contexts: no model applies */
};

/** What interrupts do while a context runs. */
enum ctx_mode {
	CTX_MASKS_NS = 0x1, /* non-secure ones wait */
	CTX_QUEUES_OTHERS = 0x2, /* those of other partitions wait */
	CTX_INHERITED = 0x3, /* the two above hold for all that it calls */
	CTX_LEAVES = 0x4, /* it was told to leave (managed exit) */
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

	/* enum ctx_state; while a PE has it, that PE's index above CTX_STATE_BITS (pe_set_state()). */
	_Atomic uint32_t state;

	/* Owner only. */
	uint8_t model; /* enum runtime_model */
	uint8_t request; /* enum request_kind; with MODEL_DIRECT, MODEL_POWER */
	bool wide; /* the call it waits for returns x8-x17 as well */
	bool keep_registers; /* resuming it from YIELDED writes no register (S-EL0 WFI) */
	uint16_t requester; /* endpoint that sent the request; with MODEL_DIRECT */
	uint16_t allocator; /* endpoint that gave the cycles, and may resume it */
	struct exec_ctx *previous; /* who waits for this one on the same PE: the call chain */
	struct exec_ctx *interrupted; /* with MODEL_CALLER: whom it goes on waiting for */
	uint8_t model_before, modes_before; /* with MODEL_CALLER: what it goes on in */

	uint8_t own_modes; /* immutable; enum ctx_mode, by its manifest */
	uint8_t modes; /* enum ctx_mode, since it got its cycles */
	uint64_t budget; /* ticks it may still run, while its PE counts (budget.h) */
	uint64_t budget_since; /* of which account that is */
	uint64_t
		served_last; /* when the last of its interrupts that was charged ended; owner only */
	_Atomic uint64_t
		served_until; /* its interrupts have had their share of time until then (budget.h) */

	struct virq_set virqs;
	struct timer_node timers[TIMER_KIND_COUNT];

	/* FFA_CONSOLE_LOG: characters of a line that has not ended. Owner only. */
	uint16_t line_size;
	char line[EXEC_CTX_LINE_MAX];
};

enum { CTX_STATE_BITS = 8 };

static inline enum ctx_state exec_ctx_state_of(uint32_t word)
{
	return (enum ctx_state)(word & ((1U << CTX_STATE_BITS) - 1));
}

static inline enum ctx_state exec_ctx_state(const struct exec_ctx *ctx)
{
	return exec_ctx_state_of(atomic_load_explicit(&ctx->state, memory_order_relaxed));
}

/** A context at rest in WAITING that has nothing to do with the past. */
static inline void exec_ctx_forget_request(struct exec_ctx *ctx)
{
	ctx->model = MODEL_NONE;
	ctx->request = REQUEST_NONE;
	ctx->previous = NULL;
}

#endif
