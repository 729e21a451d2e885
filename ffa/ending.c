/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happens when a partition cannot go on (DEN0077A, fatal errors; the v1.3 abort actions are not
 * there yet): nobody else is disturbed. Takes RANK_TX and RANK_RX, then RANK_NOTIF_SET of the partition; the
 * locks of mem_end.c.
 */
#include "ffa/ending.h"

#include "core/call_chain.h"
#include "core/log.h"
#include "ffa/call.h"
#include "ffa/cycles.h"
#include "ffa/mem_end.h"
#include "ffa/power.h"

static void take_mailbox_back(struct mailbox *mailbox)
{
	mailbox_lock(mailbox);
	mailbox->mapped = false;
	mailbox_set_rx_state(mailbox, RX_EMPTY);
	mailbox_unlock(mailbox);
}

/** @partition is not to be seen any more; its memory transactions end after all it could begin them with. */
static void end_partition(struct pe *pe, struct partition *partition)
{
	uint32_t before = atomic_exchange_explicit(&partition->state, PARTITION_ABORTED,
						   memory_order_relaxed);

	if (before == PARTITION_ABORTED) {
		return;
	}
	log_line(LOG_WARN, "partition", "0x%x %s: aborted, the others go on",
		 partition->endpoint.id, partition->config->name);
	freeze_change_begin(pe);
	take_mailbox_back(&partition->endpoint.mailbox);
	notif_set_drop(&partition->endpoint.notifications);
	mem_end_of_endpoint(pe->spmc, pe, partition->endpoint.id);
	freeze_change_end(pe);
}

void ending_of_partition(struct pe *pe, struct exec_ctx *ctx)
{
	uint8_t model = ctx->model;
	uint32_t target = ctx->model == MODEL_RUN ? FFA_TARGET(ctx->endpoint->id, ctx->index) : 0;

	end_partition(pe, ctx->partition);
	if (model == MODEL_INIT) {
		cycles_start_next(pe);
	} else if (model == MODEL_POWER) {
		power_off_goes_on(pe);
	} else {
		complete(call_chain_leave(pe, ctx), FFA_ERROR_32, target, (uint32_t)FFA_ABORTED, 0);
	}
	exec_ctx_forget_request(ctx);
	pe_rest(pe, ctx, CTX_ABORTED);
}
