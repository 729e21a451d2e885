/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that partitions may take where nobody else could stop them: their start, the handling of their
 * interrupts, messages of power management, requests of EL3. It is counted on one account at a time on a PE;
 * while it is, each context pays for what it runs itself, so that nobody can use up another one's time. Who
 * uses up its own is stopped (ffa/interrupt_serve.c). An interrupt has the time that the manifest gives for one; a start
 * and a request of EL3, and whom they ask, that of a start.
 *
 * In the long run interrupts of one context may take half of a PE, and those of all together three quarters:
 * `served_until` runs ahead of the clock by what they took.
 */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include "core/pe.h"

/** Counts the time of @ctx, which runs next on @pe, from now on. It has @ticks, each callee its own budget. */
void budget_begin(struct pe *pe, struct exec_ctx *ctx, uint64_t ticks);

/** Nothing is counted any more. Returns the ticks that it was. */
uint64_t budget_end(struct pe *pe);

/**
 * @to runs after @from while time is counted; a context has one budget on an account, however often it is called.
 * The normal world has none: the account is closed.
 */
void budget_switch(struct pe *pe, struct exec_ctx *from, struct exec_ctx *to);

/** Sets the secure timer of @pe to what comes first: the end of a budget, or a timer of its queue. */
void budget_set_timer(struct pe *pe);

/** When the interrupts of @ctx may take time again; not later than now: at once. */
uint64_t budget_interrupts_from(const struct exec_ctx *ctx);

/** The same for interrupts on @pe, whoever's they are. */
uint64_t budget_all_interrupts_from(const struct pe *pe);

/** Interrupts of @ctx have taken @ticks, since @since. Returns what it was charged, the way there and back included. */
uint64_t budget_charge_interrupts(struct exec_ctx *ctx, uint64_t since, uint64_t ticks);

/** So many @ticks of @pe went to interrupts since @since. */
void budget_charge_pe(struct pe *pe, uint64_t since, uint64_t ticks);

/** @pe comes up: nobody's interrupts have taken any of its time. */
void budget_power_up(struct pe *pe);

#endif
