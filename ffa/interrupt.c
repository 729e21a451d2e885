/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Secure interrupts on their way to a context, whatever state it is in. Where it cannot have them now they
 * stay pending in its bitmap, and active in the interrupt controller: nothing comes twice, nothing is lost.
 *
 *   it runs here                its line is raised; S-EL0: when it waits next
 *   it has cycles elsewhere     that PE is kicked, and decides there
 *   it waits                    it interrupts who runs, in SPMC-scheduled mode, or the scheduler is told (SRI)
 *   it waits for who runs       it is taken out of its call (MODEL_CALLER); S-EL0: when it waits next
 *   preempted, has yielded      when it is resumed
 *   starts                      its line is raised
 *   off, gone                   another PE may have it; else it is switched off
 *
 * While a PE has a duty or is in SPMC-scheduled mode nobody else is let in: pe->undelivered remembers. No locks
 * of its own: RANK_INTERRUPT, RANK_TIMER_NODE and RANK_TIMER_QUEUE for a moment.
 */
#include "ffa/interrupt.h"

#include "core/call_chain.h"
#include "core/interrupt.h"
#include "core/spmc.h"
#include "ffa/call.h"
#include "ffa/cycles.h"
#include "ffa/notification.h"

enum { /* bits of the manifest's sri-interrupts-policy */
       POLICY_SRI_WHEN_WAITING = 0x1,
       POLICY_SRI_BEFORE_WAITING = 0x2,
};

static bool is_s_el0(const struct exec_ctx *ctx)
{
	return ctx->arch.kind == ARCH_KIND_S_EL0;
}

/* ---- letting the PE or the scheduler know ------------------------------------------------------- */

/** @ctx cannot have its interrupts now: again before the normal world runs, or as soon as nothing is in the way. */
static void postpone(struct pe *pe, const struct exec_ctx *ctx)
{
	pe->undelivered |= UINT64_C(1) << ctx->partition->number;
	pe->errands = true;
}

/**
 * PE @pe_index looks after @ctx; one kick does for all that comes before it does, or partitions could flood it. One
 * that has gone off meanwhile has nothing of @ctx any more.
 */
static void kick(struct pe *pe, unsigned pe_index, const struct exec_ctx *ctx)
{
	struct spmc *spmc = pe->spmc;
	uint64_t self = UINT64_C(1) << ctx->partition->number;
	/* seq_cst: pairs with the exchange in serve_kick(); or interrupts_power_down() has it, or we see the PE off */
	uint64_t before = atomic_fetch_or_explicit(&spmc->pes[pe_index].attention, self,
						   memory_order_seq_cst);

	if (!interrupts_pe_is_online(spmc, pe_index)) {
		postpone(pe, ctx);
	} else if ((before & self) == 0) {
		arch_interrupt_kick(spmc->config->cpu_mpidr[pe_index]);
	}
}

void interrupt_ask_for_cycles(struct pe *pe, struct exec_ctx *ctx, bool delayed)
{
	notif_set_want_cycles(&ctx->endpoint->notifications, ctx->index);
	notification_tell_scheduler(pe, delayed);
}

/**
 * What pends for @ctx and is for it to have soon. Not an NPI: it comes with the cycles that the scheduler gives
 * for it, and a partition that does not look at its notifications would be interrupted for ever.
 */
static uint64_t pressing(const struct exec_ctx *ctx)
{
	return virq_asserted(&ctx->virqs) & ~VIRQ_MASK(VIRQ_BIT_NOTIFICATION);
}

/* ---- contexts that wait ------------------------------------------------------------------------- */

/** True when @pe has time for the interrupts of somebody who does not run. */
static bool may_interrupt(const struct pe *pe)
{
	return pe->duty == DUTY_NONE && pe->timed == NULL &&
	       (pe->current->modes & CTX_QUEUES_OTHERS) == 0;
}

/** True when the interrupts of @ctx have had their share of the PE for now; they come back later. */
static bool hold_back(struct pe *pe, struct exec_ctx *ctx)
{
	uint64_t from = budget_interrupts_from(ctx), all_from = budget_all_interrupts_from(pe);

	from = from > all_from ? from : all_from;
	if (from <= arch_counter()) {
		return false;
	}
	timer_queue_put(&pe->timers, &ctx->timers[TIMER_RETRY], from);
	budget_set_timer(pe);
	return true;
}

/** Non-secure interrupts wait, and the time of @ctx is counted, until it is done. */
static void begin_spmc_mode(struct pe *pe, struct exec_ctx *ctx)
{
	ctx->modes |= CTX_MASKS_NS;
	pe_mask_ns(pe, true);
	budget_begin(pe, ctx, ctx->partition->interrupt_budget);
}

/** @ctx is done; its share of time and the PE's pay. */
static void end_spmc_mode(struct pe *pe, struct exec_ctx *ctx)
{
	uint64_t since = pe->timed_since;

	budget_charge_pe(pe, since, budget_charge_interrupts(ctx, since, budget_end(pe)));
}

/** FFA_INTERRUPT to @ctx, just claimed, in place of who runs. S-EL0 has no line: it gets the ID for good. */
static void enter_waiting(struct pe *pe, struct exec_ctx *ctx)
{
	enum virq_bit bit = (enum virq_bit)__builtin_ctzll(virq_asserted(&ctx->virqs));

	if (is_s_el0(ctx)) {
		(void)virq_acknowledge(&ctx->virqs, &ctx->arch, &bit);
	}
	ctx->model = MODEL_INTERRUPT;
	call_chain_enter(pe, pe->current, ctx);
	ctx->allocator = pe->spmc->id;
	begin_spmc_mode(pe, ctx);
	notification_announce_if_any(ctx);
	complete(ctx, FFA_INTERRUPT_32, 0, partition_virq_id(ctx->partition, bit), 0);
}

/** An IPI alone takes nobody's cycles: the scheduler decides. */
static bool is_for_scheduler(const struct exec_ctx *ctx, uint64_t asserted, unsigned policy)
{
	return asserted == VIRQ_MASK(VIRQ_BIT_IPI) ||
	       (ctx->partition->config->sri_interrupts_policy & policy) != 0;
}

/** @ctx waits and something pends; @policy: the bit that decides whether the scheduler is told. */
static void wake(struct pe *pe, struct exec_ctx *ctx, unsigned policy)
{
	uint64_t asserted = pressing(ctx);

	if (asserted == 0) {
		return;
	}
	if (is_for_scheduler(ctx, asserted, policy)) {
		bool other_ipi = pe->current->partition != NULL &&
				 (virq_asserted(&pe->current->virqs) & VIRQ_MASK(VIRQ_BIT_IPI)) !=
					 0;

		interrupt_ask_for_cycles(pe, ctx, asserted != VIRQ_MASK(VIRQ_BIT_IPI) || other_ipi);
		return;
	}
	if (!may_interrupt(pe)) {
		postpone(pe, ctx);
		return;
	}
	if (hold_back(pe, ctx) || !pe_claim(pe, ctx, CTX_WAITING)) {
		return; /* who has claimed it sees what pends */
	}
	if (partition_has_ended(ctx->partition) || pressing(ctx) == 0) {
		pe_rest(pe, ctx, CTX_WAITING);
		return;
	}
	enter_waiting(pe, ctx);
}

void interrupt_leave(struct pe *pe, struct exec_ctx *ctx)
{
	end_spmc_mode(pe, ctx);
	(void)call_chain_leave(pe, ctx);
}

/* ---- contexts of this PE's chain ---------------------------------------------------------------- */

/** @ctx waits for who runs: its call returns FFA_INTERRUPT, it calls FFA_RUN to go on waiting. */
static void enter_caller(struct pe *pe, struct exec_ctx *ctx)
{
	struct exec_ctx *callee = pe->current;

	ctx->interrupted = callee;
	ctx->model_before = ctx->model;
	ctx->modes_before = ctx->modes;
	ctx->model = MODEL_CALLER;
	ctx->modes |= CTX_MASKS_NS; /* all along: a managed exit of the callee is not over */
	pe_set_state(pe, callee, CTX_BLOCKED);
	pe_set_state(pe, ctx, CTX_RUNNING);
	call_chain_switch(pe, ctx);
	begin_spmc_mode(pe, ctx);
	complete(ctx, FFA_INTERRUPT_32, 0, 0, 0);
}

/** As before enter_caller(). */
static void leave_caller(struct pe *pe, struct exec_ctx *ctx)
{
	end_spmc_mode(pe, ctx);
	ctx->model = ctx->model_before;
	ctx->modes = ctx->modes_before;
}

void interrupt_resume_callee(struct pe *pe, struct exec_ctx *ctx)
{
	struct exec_ctx *callee = ctx->interrupted;

	leave_caller(pe, ctx);
	interrupt_let_go_handled(pe, ctx);
	pe_set_state(pe, ctx, CTX_BLOCKED);
	pe_set_state(pe, callee, CTX_RUNNING);
	call_chain_switch(pe, callee);
}

/** Each of them finds its own callee preempted, as if non-secure interrupts had unwound the chain. */
void interrupt_abandon_callee(struct pe *pe, struct exec_ctx *ctx)
{
	struct exec_ctx *callee = ctx->interrupted;

	leave_caller(pe, ctx);
	while (callee != ctx) {
		struct exec_ctx *previous = callee->previous;

		if (previous != ctx) {
			complete(previous, FFA_INTERRUPT_32,
				 FFA_TARGET(callee->endpoint->id, callee->index), 0, 0);
		}
		callee->previous = NULL;
		pe_rest(pe, callee, CTX_PREEMPTED);
		callee = previous;
	}
}

/** True when @ctx is part of the chain that runs here, waiting for its end. Bounded: a context is in it once. */
static bool waits_in_chain(const struct pe *pe, const struct exec_ctx *ctx)
{
	const struct exec_ctx *at = pe->current;

	while (at != NULL && at != ctx) {
		at = at->previous;
	}
	return at == ctx;
}

/** @ctx has cycles of this PE, or has given them on. */
static void deliver_here(struct pe *pe, struct exec_ctx *ctx)
{
	if (partition_state(ctx->partition) == PARTITION_ABORTED) {
		if (ctx == pe->current) {
			cycles_abort(pe, ctx);
		} else {
			postpone(pe, ctx); /* the run loop stops it before it runs */
		}
		return;
	}
	virq_update_lines(&ctx->virqs, &ctx->arch);
	if (ctx == pe->current || is_s_el0(ctx) || pressing(ctx) == 0) {
		return;
	}
	if (!may_interrupt(pe)) {
		postpone(pe, ctx);
	} else if (waits_in_chain(pe, ctx) && !hold_back(pe, ctx)) {
		enter_caller(pe, ctx);
	}
}

/* ---- delivery ----------------------------------------------------------------------------------- */

void interrupt_deliver(struct pe *pe, struct exec_ctx *ctx)
{
	/* seq_cst: after what pends, see pe_claim() */
	uint32_t word = atomic_load_explicit(&ctx->state, memory_order_seq_cst);
	unsigned pe_index = word >> CTX_STATE_BITS;

	switch (exec_ctx_state_of(word)) {
	case CTX_STARTING:
	case CTX_RUNNING:
	case CTX_BLOCKED:
		if (pe_index == pe->index) {
			deliver_here(pe, ctx);
		} else {
			kick(pe, pe_index, ctx);
		}
		break;
	case CTX_WAITING:
		wake(pe, ctx, POLICY_SRI_WHEN_WAITING);
		break;
	case CTX_YIELDED:
	case CTX_PREEMPTED:
	case CTX_OFF:
	case CTX_ABORTED:
		break;
	}
}

void interrupt_deliver_waiting(struct pe *pe)
{
	uint64_t partitions = pe->undelivered;

	pe->undelivered = 0;
	for (; partitions != 0; partitions &= partitions - 1) {
		struct partition *partition = &pe->spmc->partitions[__builtin_ctzll(partitions)];
		struct exec_ctx *ctx = partition_context(partition, pe->index);

		if (ctx != NULL) {
			interrupt_deliver(pe, ctx);
		}
	}
}

void interrupt_deliver_postponed(struct pe *pe)
{
	if (pe->undelivered != 0 && may_interrupt(pe)) {
		interrupt_deliver_waiting(pe);
	}
}

void interrupt_let_go_handled(struct pe *pe, struct exec_ctx *ctx)
{
	uint64_t handled = ctx->virqs.handled;

	if (handled != 0) {
		ctx->virqs.handled = 0;
		interrupts_let_go(pe->spmc, ctx, handled);
	}
}

void interrupt_rest_with(struct pe *pe, struct exec_ctx *ctx)
{
	virq_withdraw(&ctx->virqs, &ctx->arch, VIRQ_BIT_MANAGED_EXIT);
	interrupt_let_go_handled(pe, ctx);
	pe_rest(pe, ctx, CTX_WAITING);
	wake(pe, ctx, POLICY_SRI_BEFORE_WAITING);
}

/* ---- IPIs --------------------------------------------------------------------------------------- */

bool interrupt_send_ipi(struct pe *pe, struct exec_ctx *ctx, uint64_t index)
{
	struct partition *partition = ctx->partition;
	struct exec_ctx *target;
	enum ctx_state state;

	if (index >= partition->context_count) {
		return false;
	}
	target = &partition->contexts[index];
	state = exec_ctx_state(target);
	if (state == CTX_OFF || state == CTX_ABORTED) {
		return false;
	}
	if (!virq_pend(&target->virqs, VIRQ_BIT_IPI)) {
		return true; /* its PE, and the scheduler, know of the one before */
	}
	if (target == ctx) {
		virq_update_lines(&ctx->virqs, &ctx->arch);
	} else {
		kick(pe, (unsigned)index, target);
	}
	return true;
}

/* ---- ends --------------------------------------------------------------------------------------- */

void interrupt_end_partition(struct pe *pe, struct partition *partition)
{
	interrupts_drop(pe->spmc, partition);
	for (unsigned i = 0; i < partition->context_count; i++) {
		struct exec_ctx *ctx = &partition->contexts[i];
		/* seq_cst: who claims it after this sees that its partition has ended */
		uint32_t word = atomic_load_explicit(&ctx->state, memory_order_seq_cst);
		enum ctx_state state = exec_ctx_state_of(word);
		bool has_pe = state == CTX_STARTING || state == CTX_RUNNING || state == CTX_BLOCKED;

		if (has_pe && word >> CTX_STATE_BITS != pe->index) {
			kick(pe, word >> CTX_STATE_BITS, ctx);
		}
	}
}
