/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts of all kinds and what they do to who runs (DEN0077A, "Interrupt management"). */
#ifndef FFA_INTERRUPT_H
#define FFA_INTERRUPT_H

#include "core/pe.h"

struct partition;

/** A secure interrupt is pending on @pe, whoever runs: acknowledges and serves it. */
void interrupt_serve_secure(struct pe *pe);

/** A non-secure interrupt is pending while @ctx runs: the action of its partition's manifest. */
void interrupt_serve_ns(struct pe *pe, struct exec_ctx *ctx);

/** Something new pends for @ctx, a context that may run on @pe: does what its state allows. */
void interrupt_deliver(struct pe *pe, struct exec_ctx *ctx);

/** What of it had to wait on @pe is delivered now, as far as it can be: @pe does nothing else that counts. */
void interrupt_deliver_waiting(struct pe *pe);

/** As interrupt_deliver_waiting(), if @pe does nothing else that counts. */
void interrupt_deliver_postponed(struct pe *pe);

/** interrupt_rest_waiting() of a context with interrupts that pend or were handled. */
void interrupt_rest_with(struct pe *pe, struct exec_ctx *ctx);

/**
 * @ctx, out of its chain, comes to rest in WAITING: its handled interrupts may come again; one that pends is
 * delivered at once, or the scheduler is told. pe->current is who runs next.
 */
static inline void interrupt_rest_waiting(struct pe *pe, struct exec_ctx *ctx)
{
	if (__builtin_expect((virq_pending(&ctx->virqs) | ctx->virqs.handled) != 0, 0)) {
		interrupt_rest_with(pe, ctx);
	} else {
		pe_rest(pe, ctx, CTX_WAITING);
	}
}

/** The handled interrupts of @ctx, which runs on @pe, may come again. */
void interrupt_let_go_handled(struct pe *pe, struct exec_ctx *ctx);

/** @ctx is done with what interrupted others (MODEL_INTERRUPT): these go on. Its state is still to be set. */
void interrupt_leave(struct pe *pe, struct exec_ctx *ctx);

/** @ctx goes on waiting for whom its interrupt took it from (MODEL_CALLER). */
void interrupt_resume_callee(struct pe *pe, struct exec_ctx *ctx);

/** Whom @ctx waited for (MODEL_CALLER) rests as preempted from now on: @ctx does not go on. */
void interrupt_abandon_callee(struct pe *pe, struct exec_ctx *ctx);

/** Timers and interrupts of @ctx, which runs on @pe, changed: its timers were written. */
void interrupt_timers_written(struct pe *pe, struct exec_ctx *ctx);

/** @partition has ended: its interrupts come no more, contexts of it that run elsewhere are stopped there. */
void interrupt_end_partition(struct pe *pe, struct partition *partition);

/** FFA_NOTIFICATION_INFO_GET names @ctx, and the normal world is told to ask, at once or when it runs next. */
void interrupt_ask_for_cycles(struct pe *pe, struct exec_ctx *ctx, bool delayed);

/** IPI of @ctx to vCPU @index of its partition. False: it has none that has started. */
bool interrupt_send_ipi(struct pe *pe, struct exec_ctx *ctx, uint64_t index);

/** @pe goes off: its timers move to another one. Comes up: nothing of the past counts. */
void interrupt_power_down(struct pe *pe);
void interrupt_power_up(struct pe *pe);

/** @pe has been in an idle state that lost the configuration of its interrupts and its timer. */
void interrupt_resume(struct pe *pe);

#endif
