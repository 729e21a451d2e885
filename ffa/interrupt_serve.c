/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts as they come: acknowledged secure ones, kicks of other PEs, the PE's timer and what is due by it,
 * non-secure ones and managed exits; PEs that go off and come up. Whom they are for: interrupt.c. Takes
 * RANK_INTERRUPT, RANK_TIMER_NODE and RANK_TIMER_QUEUE for a moment.
 */
#include "core/budget.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/spmc.h"
#include "ffa/cycles.h"
#include "ffa/ending.h"
#include "ffa/interrupt.h"
#include "ffa/power.h"

/* ---- physical interrupts ------------------------------------------------------------------------ */

/** Nobody wants @intid: switched off at its source, or it would come for ever. */
static void serve_unowned(struct pe *pe, uint32_t intid)
{
	atomic_fetch_add_explicit(&pe->spmc->interrupts.unowned, 1, memory_order_relaxed);
	arch_interrupt_disable(&pe->arch, intid);
	arch_interrupt_deactivate(&pe->arch, intid);
	log_line(LOG_WARN, "interrupt", "%u has no owner: masked", intid);
}

static void serve_owned(struct pe *pe, struct partition *partition, enum virq_bit bit)
{
	struct exec_ctx *ctx = partition_context(partition, pe->index);
	enum ctx_state state = ctx == NULL ? CTX_OFF : exec_ctx_state(ctx);

	if (partition_state(partition) == PARTITION_ABORTED || state == CTX_OFF ||
	    state == CTX_ABORTED) {
		interrupt_refuse(pe, partition, bit);
		return;
	}
	virq_hold(&ctx->virqs, bit, pe->index);
	(void)virq_pend(&ctx->virqs, bit);
	if (partition_has_ended(partition)) {
		interrupts_let_go(pe->spmc, ctx, VIRQ_MASK(bit)); /* who ended it has not seen it */
		return;
	}
	interrupt_deliver(pe, ctx);
}

/** Other PEs have something for contexts of this one, or a timer. */
static void serve_kick(struct pe *pe)
{
	arch_interrupt_deactivate(&pe->arch, ARCH_INTERRUPT_KICK);
	/* acquire: what the kicker wrote is seen */
	pe->undelivered |= atomic_exchange_explicit(&pe->attention, 0, memory_order_acquire);
	interrupt_deliver_waiting(pe);
	budget_set_timer(pe);
}

/* ---- time --------------------------------------------------------------------------------------- */

/**
 * @ctx was asked for more than it has time for, which need not be its fault: it is preempted, and the scheduler is
 * told. Whoever asked goes on.
 */
static void preempt_callee(struct pe *pe, struct exec_ctx *ctx)
{
	log_line(LOG_WARN, "partition",
		 "0x%x %s: vCPU %u preempted: what it was asked took too long", ctx->endpoint->id,
		 ctx->partition->config->name, ctx->index);
	interrupt_ask_for_cycles(pe, ctx, true);
	cycles_preempt(pe, ctx);
}

/** Who runs has used up its time. It ends, if it was given the time; else it was asked. */
static void stop_running(struct pe *pe)
{
	struct exec_ctx *ctx = pe->current;

	pe->budget_at = ARCH_NEVER;
	if (ctx->model == MODEL_POWER) {
		power_off_expired(pe, ctx);
		return;
	}
	if (ctx != pe->timed) {
		preempt_callee(pe, ctx);
		return;
	}
	log_line(LOG_WARN, "partition", "0x%x %s: vCPU %u stopped: %s took too long",
		 ctx->endpoint->id, ctx->partition->config->name, ctx->index,
		 ctx->model == MODEL_INIT ? "its start" : "what it did for an interrupt or EL3");
	ending_of_partition(pe, ctx);
}

/** The last of those that @leaving waits for that lets non-secure interrupts wait by itself, or NULL. */
static const struct exec_ctx *last_that_queues(const struct pe *pe, const struct exec_ctx *leaving)
{
	const struct exec_ctx *last = NULL;

	for (const struct exec_ctx *ctx = pe->current; ctx != leaving; ctx = ctx->previous) {
		last = (ctx->own_modes & CTX_MASKS_NS) != 0 ? ctx : last;
	}
	return last;
}

static const struct exec_ctx *who_leaves(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;

	while (ctx->partition != NULL && (ctx->modes & CTX_LEAVES) == 0) {
		ctx = ctx->previous;
	}
	return ctx;
}

/** The partition that was told to leave has not: the normal world gets its PE back all the same. */
static void end_managed_exit(struct pe *pe, uint64_t now)
{
	struct exec_ctx *ctx = pe->current;
	const struct exec_ctx *leaving, *queues;

	if (pe->timed != NULL) { /* not its fault: it is not running */
		pe->exit_at = now + ctx->partition->interrupt_budget;
		return;
	}
	pe->exit_at = ARCH_NEVER;
	leaving = who_leaves(pe);
	queues = last_that_queues(pe, leaving);
	if (queues != NULL) {
		ctx = queues->previous; /* that one's callees go on waiting with it */
	}
	for (; ctx != leaving->previous; ctx = ctx->previous) {
		ctx->modes &= (uint8_t)~CTX_MASKS_NS;
	}
	pe_mask_ns(pe, queues != NULL);
}

static void serve_timer_node(struct pe *pe, struct timer_node *node)
{
	struct exec_ctx *ctx = node->ctx;

	if (node->kind != TIMER_RETRY) {
		(void)virq_pend(&ctx->virqs, VIRQ_BIT_TIMER);
	}
	interrupt_deliver(pe, ctx);
}

static void serve_timer(struct pe *pe)
{
	uint64_t now = arch_counter();
	struct timer_node *node;

	pe->timer_at = 0; /* whatever comes next, it is set */
	if (now >= pe->exit_at) {
		end_managed_exit(pe, now);
	}
	if (now >= pe->budget_at && pe->current->partition != NULL) {
		stop_running(pe);
	}
	while ((node = timer_queue_take(&pe->timers, now)) != NULL) {
		serve_timer_node(pe, node);
	}
	budget_set_timer(pe);
	arch_interrupt_deactivate(&pe->arch, ARCH_INTERRUPT_TIMER);
}

/** True when @timer is on and its time has come by @now. */
static bool has_fired(const struct arch_timer *timer, uint64_t now)
{
	return timer->control == ARCH_TIMER_ENABLE && timer->compare <= now;
}

void interrupt_timers_written(struct pe *pe, struct exec_ctx *ctx)
{
	uint64_t now = arch_counter();
	bool fired = false;

	for (unsigned i = 0; i < ARCH_TIMER_COUNT; i++) {
		const struct arch_timer *timer = &ctx->arch.timers[i];

		if (has_fired(timer, now)) {
			fired = true;
			timer_queue_remove(&ctx->timers[i]);
		} else if (timer->control == ARCH_TIMER_ENABLE) {
			timer_queue_put(&pe->timers, &ctx->timers[i], timer->compare);
		} else {
			timer_queue_remove(&ctx->timers[i]);
		}
	}
	if (fired) {
		virq_raise(&ctx->virqs, &ctx->arch, VIRQ_BIT_TIMER);
	} else {
		virq_withdraw(&ctx->virqs, &ctx->arch, VIRQ_BIT_TIMER);
	}
	budget_set_timer(pe);
}

/* ---- the entries -------------------------------------------------------------------------------- */

void interrupt_serve_secure(struct pe *pe)
{
	uint32_t intid = arch_interrupt_acknowledge();
	struct partition *partition;
	enum virq_bit bit;

	if (intid == ARCH_INTERRUPT_NONE) {
		return;
	}
	if (intid == ARCH_INTERRUPT_TIMER) {
		serve_timer(pe);
	} else if (intid == ARCH_INTERRUPT_KICK) {
		serve_kick(pe);
	} else if ((partition = interrupt_owner(pe->spmc, intid, &bit)) != NULL) {
		serve_owned(pe, partition, bit);
	} else {
		serve_unowned(pe, intid);
	}
}

/** The partition is to leave by itself; it has its interrupt budget's time for that. */
static void begin_managed_exit(struct pe *pe, struct exec_ctx *ctx)
{
	ctx->modes |= CTX_LEAVES | CTX_MASKS_NS;
	pe_mask_ns(pe, true);
	pe->exit_at = arch_counter() + ctx->partition->interrupt_budget;
	budget_set_timer(pe);
	virq_raise(&ctx->virqs, &ctx->arch, VIRQ_BIT_MANAGED_EXIT);
}

void interrupt_serve_ns(struct pe *pe, struct exec_ctx *ctx)
{
	if (pe->ns_masked) {
		(void)arch_interrupt_mask_normal_world(); /* a partition has unmasked them */
		return;
	}
	if (ctx->partition->config->ns_interrupts_action == NS_INTERRUPTS_MANAGED_EXIT &&
	    (ctx->modes & CTX_LEAVES) == 0) {
		begin_managed_exit(pe, ctx);
	} else {
		cycles_preempt(pe, ctx);
	}
}

/* ---- power -------------------------------------------------------------------------------------- */

void interrupt_power_down(struct pe *pe)
{
	struct pe *other = interrupts_power_down(pe);

	if (other != NULL) {
		pe->timer_at = ARCH_NEVER;
		arch_timer_set(ARCH_NEVER);
		arch_interrupt_kick(pe->spmc->config->cpu_mpidr[other->index]);
	}
}

void interrupt_power_up(struct pe *pe)
{
	pe->undelivered = 0;
	pe->timed = NULL;
	pe->budget_at = ARCH_NEVER;
	pe->exit_at = ARCH_NEVER;
	pe->ns_masked = false;
	budget_power_up(pe);
	pe->timer_at = 0;
	interrupts_power_up(pe);
	pe->errands = pe->undelivered != 0;
	budget_set_timer(pe);
}

void interrupt_resume(struct pe *pe)
{
	interrupts_resume(pe);
	pe->timer_at = 0;
	budget_set_timer(pe);
}
