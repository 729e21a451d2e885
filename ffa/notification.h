/* SPDX-License-Identifier: BSD-3-Clause */
/* Telling of notifications: the scheduler by SRI, partitions by NPI. */
#ifndef FFA_NOTIFICATION_H
#define FFA_NOTIFICATION_H

#include "core/endpoint.h"
#include "core/pe.h"

/** Schedule Receiver Interrupt: now, or when the normal world runs next on this PE. */
void notification_tell_scheduler(struct pe *pe, bool delayed);

/** @ctx is about to run and has something to fetch: NPI, as far as it takes it. The context is this PE's. */
void notification_announce(struct exec_ctx *ctx);

/** Nothing is left for @ctx to fetch, on whichever vCPU that was done: its NPI, if it pends, is over. */
void notification_withdraw(struct exec_ctx *ctx);

/** As notification_announce(), where there is something to fetch. */
static inline void notification_announce_if_any(struct exec_ctx *ctx)
{
	if (__builtin_expect(notif_set_wants(&ctx->endpoint->notifications, ctx->index), 0)) {
		notification_announce(ctx);
	}
}

#endif
