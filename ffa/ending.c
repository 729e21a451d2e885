/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happens when a partition cannot go on (DEN0077A, fatal errors; the v1.3 abort actions are not
 * there yet): nobody else is disturbed. Takes RANK_TX and RANK_RX, then RANK_NOTIF_SET of the partition;
 * RANK_INTERRUPT, RANK_TIMER_NODE and RANK_TIMER_QUEUE; the locks of mem_end.c.
 */
#include "ffa/ending.h"

#include "core/call_chain.h"
#include "core/log.h"
#include "ffa/call.h"
#include "ffa/cycles.h"
#include "ffa/interrupt.h"
#include "ffa/mem_end.h"
#include "ffa/power.h"

static void take_mailbox_back(struct mailbox *mailbox)
{
	mailbox_lock(mailbox);
	mailbox_set_mapped(mailbox, false);
	mailbox_set_rx_state(mailbox, RX_EMPTY);
	mailbox_unlock(mailbox);
}

/** @partition is not to be seen any more; its memory transactions end after all it could begin them with. */
static void end_partition(struct pe *pe, struct partition *partition)
{
	/* seq_cst: see partition_has_ended() */
	uint32_t before = atomic_exchange_explicit(&partition->state, PARTITION_ABORTED,
						   memory_order_seq_cst);

	if (before == PARTITION_ABORTED) {
		return;
	}
	log_line(LOG_WARN, "partition", "0x%x %s: aborted, the others go on",
		 partition->endpoint.id, partition->config->name);
	freeze_change_begin(pe);
	take_mailbox_back(&partition->endpoint.mailbox);
	notif_set_drop(&partition->endpoint.notifications);
	interrupt_end_partition(pe, partition);
	mem_end_of_endpoint(pe->spmc, pe, partition->endpoint.id);
	freeze_change_end(pe);
}

/** Who waits for @ctx, or whatever comes after it, goes on. */
static void leave_to_others(struct pe *pe, struct exec_ctx *ctx)
{
	uint32_t target;

	if (ctx->model == MODEL_CALLER) {
		interrupt_abandon_callee(pe, ctx);
	}
	switch ((enum runtime_model)ctx->model) {
	case MODEL_INIT:
		cycles_start_next(pe);
		break;
	case MODEL_POWER:
		power_off_goes_on(pe);
		break;
	case MODEL_INTERRUPT:
		interrupt_leave(pe, ctx);
		break;
	default:
		target = ctx->model == MODEL_RUN ? FFA_TARGET(ctx->endpoint->id, ctx->index) : 0;
		complete(call_chain_leave(pe, ctx), FFA_ERROR_32, target, (uint32_t)FFA_ABORTED, 0);
		break;
	}
}

static void stop_timers(struct exec_ctx *ctx)
{
	for (unsigned kind = 0; kind < TIMER_KIND_COUNT; kind++) {
		timer_queue_remove(&ctx->timers[kind]);
	}
}

void ending_of_partition(struct pe *pe, struct exec_ctx *ctx)
{
	end_partition(pe, ctx->partition);
	stop_timers(ctx);
	leave_to_others(pe, ctx);
	exec_ctx_forget_request(ctx);
	pe_rest(pe, ctx, CTX_ABORTED);
}
