/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted time: all of it is the PE's own, but for the share of a context, which is its owner's. Locks: RANK_TIMER_QUEUE. */
#include "core/budget.h"

#include "core/partition.h"

enum {
	COST_MAX =
		20, /* times interrupt_cost: in less time since the last one nobody else may have got on */
	ALL_SHARE = 3, /* for each so many parts to interrupts one part goes to others */
	AHEAD_NS = 1000000000, /* that all interrupts together may take at once */
	SHARE = 2, /* one part in so many of the time may go to the interrupts of a partition */
};

void budget_set_timer(struct pe *pe)
{
	uint64_t at = timer_queue_first(&pe->timers);

	at = pe->budget_at < at ? pe->budget_at : at;
	at = pe->exit_at < at ? pe->exit_at : at;
	if (at != pe->timer_at) {
		pe->timer_at = at;
		arch_timer_set(at);
	}
}

/** @ctx runs from @now on with what it has left. */
static void arm(struct pe *pe, const struct exec_ctx *ctx, uint64_t now)
{
	pe->switched_at = now;
	pe->budget_at = now + ctx->budget;
	budget_set_timer(pe);
}

static void give(const struct pe *pe, struct exec_ctx *ctx, uint64_t ticks)
{
	ctx->budget = ticks;
	ctx->budget_since = pe->timed_since;
}

void budget_begin(struct pe *pe, struct exec_ctx *ctx, uint64_t ticks)
{
	uint64_t now = arch_counter();

	pe->timed = ctx;
	pe->timed_since = now;
	give(pe, ctx, ticks);
	arm(pe, ctx, now);
}

uint64_t budget_end(struct pe *pe)
{
	pe->timed = NULL;
	pe->budget_at = ARCH_NEVER;
	budget_set_timer(pe);
	return arch_counter() - pe->timed_since;
}

void budget_switch(struct pe *pe, struct exec_ctx *from, struct exec_ctx *to)
{
	uint64_t now = arch_counter();
	uint64_t used = now - pe->switched_at;

	if (to->partition == NULL) { /* EL3 has its answer */
		(void)budget_end(pe);
		return;
	}
	from->budget = used < from->budget ? from->budget - used : 0;
	if (to->budget_since != pe->timed_since) { /* it takes part for the first time */
		give(pe, to,
		     pe->duty == DUTY_NONE ? to->partition->interrupt_budget
					   : to->partition->start_budget);
	}
	arm(pe, to, now);
}

uint64_t budget_interrupts_from(const struct exec_ctx *ctx)
{
	uint64_t ahead = SHARE * ctx->partition->interrupt_budget;
	uint64_t until = atomic_load_explicit(&ctx->served_until, memory_order_relaxed);

	return until > ahead ? until - ahead : 0;
}

/** Ticks that an interrupt of @ctx, which began at @since, has cost until then: EL3, the way here, the way back. */
static uint64_t entry_cost(const struct exec_ctx *ctx, uint64_t since)
{
	uint64_t gap = since - ctx->served_last;
	uint64_t least = ctx->partition->interrupt_cost;

	gap = gap < least ? least : gap;
	return gap < COST_MAX * least ? gap : COST_MAX * least;
}

uint64_t budget_charge_interrupts(struct exec_ctx *ctx, uint64_t since, uint64_t ticks)
{
	uint64_t until = atomic_load_explicit(&ctx->served_until, memory_order_relaxed);
	uint64_t charged = ticks + entry_cost(ctx, since);

	until = (until > since ? until : since) + SHARE * charged;
	ctx->served_last = since + ticks;
	atomic_store_explicit(&ctx->served_until, until, memory_order_relaxed);
	return charged;
}

uint64_t budget_all_interrupts_from(const struct pe *pe)
{
	return pe->served_until > pe->served_ahead ? pe->served_until - pe->served_ahead : 0;
}

void budget_charge_pe(struct pe *pe, uint64_t since, uint64_t ticks)
{
	uint64_t until = pe->served_until > since ? pe->served_until : since;

	pe->served_until = until + ticks + ticks / ALL_SHARE;
}

void budget_power_up(struct pe *pe)
{
	pe->served_until = 0;
	pe->served_ahead = arch_ticks(AHEAD_NS);
}
