/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accounts: each signal is in the interrupt controller, pends in one context, or was got; what pends is where
 * somebody will look at it. The rest of what must hold is the fixture's (check_invariants()).
 */
#include "tests/model/interrupts/ledger.h"

#include <stdio.h>

#include "tests/unit/ffa/interrupt_fixture.h"

#define PHYSICAL VIRQ_MASK(VIRQ_BIT_PHYSICAL) /* each partition has one */

static struct partition *partition_at(unsigned n)
{
	return &the_spmc()->partitions[n];
}

static bool is_gone(unsigned n)
{
	return partition_state(partition_at(n)) == PARTITION_ABORTED;
}

static bool is_s_el0(const struct exec_ctx *ctx)
{
	return ctx->arch.kind == ARCH_KIND_S_EL0;
}

static struct host_interrupt interrupt_of(unsigned n)
{
	return host_interrupt(&the_spmc()->pes[0].arch, SPI_OF(SP1 + n));
}

static void require(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "violated: %s\n", what);
		fail();
	}
}

/* ---- what partitions get ------------------------------------------------------------------------ */

/** Who runs on this PE has got @intid. */
static void got(struct ledger *ledger, uint32_t intid)
{
	unsigned n = (unsigned)(running() - SP1);

	if (intid == SPI_OF(running())) {
		require(ledger->outstanding[n] > 0, "an interrupt comes for every signal at most");
		ledger->outstanding[n]--;
	}
}

/** @ctx ran before @action; who runs now may have got something by it. */
static void note_deliveries(struct ledger *ledger, const struct action *action,
			    const struct exec_ctx *ctx)
{
	const struct exec_ctx *now = this_pe()->current;
	bool returned = now != ctx || (action->kind >= ACTION_RUN && action->kind <= ACTION_YIELD);

	if (action->kind == ACTION_GET && now == ctx) {
		got(ledger, (uint32_t)registers()[0]);
	} else if (returned && now->partition != NULL && is_s_el0(now) &&
		   registers()[0] == FFA_INTERRUPT_32 && now->model == MODEL_INTERRUPT) {
		got(ledger, (uint32_t)registers()[2]);
	}
}

/** Signals that pend in the controller and in a context of @pe are one when that goes off. */
static void note_merging(struct ledger *ledger, unsigned pe)
{
	const struct exec_ctx *ctx = context_of(SP1, pe);

	if ((virq_pending(&ctx->virqs) & PHYSICAL) != 0 && interrupt_of(0).pending) {
		ledger->outstanding[0]--;
	}
}

/* ---- where it is -------------------------------------------------------------------------------- */

/** What one had that is off does not count: it starts with nothing. */
static unsigned pending_in_contexts(unsigned n)
{
	unsigned count = 0;

	for (unsigned i = 0; i < partition_at(n)->context_count; i++) {
		const struct exec_ctx *ctx = &partition_at(n)->contexts[i];

		count += exec_ctx_state(ctx) != CTX_OFF &&
			 (virq_pending(&ctx->virqs) & PHYSICAL) != 0;
	}
	return count;
}

static bool is_held(unsigned n)
{
	for (unsigned i = 0; i < partition_at(n)->context_count; i++) {
		if ((partition_at(n)->contexts[i].virqs.held & PHYSICAL) != 0) {
			return true;
		}
	}
	return false;
}

static void check_accounts(const struct ledger *ledger)
{
	for (unsigned n = 0; n < PARTITIONS; n++) {
		unsigned there = pending_in_contexts(n) + interrupt_of(n).pending;

		require(is_gone(n) || there == ledger->outstanding[n],
			"a signal is in the controller or in one context until it is got");
		require(interrupt_of(n).active == is_held(n), "what is active is held");
	}
}

/** A PE will look after the partition of @ctx. */
static bool is_remembered(const struct exec_ctx *ctx)
{
	for (unsigned i = 0; i < the_spmc()->pe_count; i++) {
		const struct pe *pe = &the_spmc()->pes[i];
		uint64_t known = pe->undelivered | pe->attention;

		if (pe_is_on(i) && (known >> ctx->partition->number & 1) != 0 &&
		    (ctx->arch.migrates || ctx->index == i)) {
			return true;
		}
	}
	return ctx->timers[TIMER_RETRY].queue != NULL;
}

/** A number for each context. */
static unsigned told_bit(const struct exec_ctx *ctx)
{
	return ctx->endpoint->id == SP1 ? ctx->index : PES_MAX + ctx->partition->number - 1U;
}

/** Its scheduler knows, or will when it asks. */
static bool is_told(const struct ledger *ledger, const struct exec_ctx *ctx)
{
	return (ctx->endpoint->notifications.untold_interrupts >> ctx->index & 1) != 0 ||
	       (ledger->told >> told_bit(ctx) & 1) != 0;
}

/** It goes on by itself when who interrupted it is done. */
static bool was_interrupted(const struct exec_ctx *ctx)
{
	const struct pe *pe = &the_spmc()->pes[ctx->state >> CTX_STATE_BITS];

	if (pe->current->model == MODEL_CALLER && pe->current->interrupted == ctx) {
		return true;
	}
	for (const struct exec_ctx *at = pe->current; at != NULL; at = at->previous) {
		if (at->previous == ctx) {
			return at->model == MODEL_INTERRUPT;
		}
	}
	return false;
}

static void check_place(const struct ledger *ledger, const struct exec_ctx *ctx)
{
	uint64_t pressing = virq_asserted(&ctx->virqs) & ~VIRQ_MASK(VIRQ_BIT_NOTIFICATION);

	if (pressing == 0) {
		return;
	}
	switch (exec_ctx_state(ctx)) {
	case CTX_WAITING:
		require(is_remembered(ctx) || is_told(ledger, ctx),
			"what pends for a waiting context is remembered or told");
		break;
	case CTX_BLOCKED:
		require(is_s_el0(ctx) || was_interrupted(ctx) || is_remembered(ctx) ||
				(pressing & ~(uint64_t)ledger->known[told_bit(ctx)]) == 0,
			"what pends for a caller is remembered");
		break;
	default:
		break;
	}
}

static void check_rest(const struct exec_ctx *ctx)
{
	enum ctx_state state = exec_ctx_state(ctx);

	if (state == CTX_WAITING || state == CTX_YIELDED) {
		require(ctx->virqs.handled == 0, "who rests has let go of what it handled");
	}
}

static void check_places(const struct ledger *ledger)
{
	for (unsigned n = 0; n < PARTITIONS; n++) {
		for (unsigned i = 0; i < partition_at(n)->context_count && !is_gone(n); i++) {
			if (i < the_spmc()->pe_count) {
				check_place(ledger, &partition_at(n)->contexts[i]);
				check_rest(&partition_at(n)->contexts[i]);
			}
		}
	}
}

/** One context at most runs on a PE: who is there. */
static void check_running(void)
{
	unsigned counts[PES_MAX] = { 0 };

	for (unsigned n = 0; n < PARTITIONS; n++) {
		for (unsigned i = 0; i < partition_at(n)->context_count; i++) {
			const struct exec_ctx *ctx = &partition_at(n)->contexts[i];

			if (exec_ctx_state(ctx) == CTX_RUNNING) {
				counts[ctx->state >> CTX_STATE_BITS]++;
				require(the_spmc()->pes[ctx->state >> CTX_STATE_BITS].current ==
						ctx,
					"who runs is the PE's current");
			}
		}
	}
	for (unsigned i = 0; i < the_spmc()->pe_count; i++) {
		require(counts[i] <= 1, "one context at most runs on a PE");
	}
}

/* ---- performing --------------------------------------------------------------------------------- */

/** Who runs with FFA_RUN or a request finds its lines: it need not be told again. */
static void note_cycles(struct ledger *ledger, const struct action *action)
{
	const struct exec_ctx *now = this_pe()->current;

	if (now->partition != NULL && now->partition != partition_at(2)) {
		ledger->told &= (uint8_t)~(1U << told_bit(now));
	}
	(void)action;
}

/** Who makes a call knows what pends: it has its line. */
static void note_known(struct ledger *ledger, const struct action *action,
		       const struct exec_ctx *caller)
{
	for (unsigned n = 0; n < PARTITIONS; n++) {
		for (unsigned i = 0; i < partition_at(n)->context_count; i++) {
			const struct exec_ctx *ctx = &partition_at(n)->contexts[i];

			if (exec_ctx_state(ctx) != CTX_BLOCKED) {
				ledger->known[told_bit(ctx)] = 0;
			}
		}
	}
	if (caller->partition != NULL && exec_ctx_state(caller) == CTX_BLOCKED &&
	    (action->kind == ACTION_REQUEST || action->kind == ACTION_RUN)) {
		ledger->known[told_bit(caller)] = (uint8_t)virq_asserted(&caller->virqs);
	}
}

/** Nobody comes between who queues others' interrupts and its end. */
static void check_queueing(const struct action *action, const struct exec_ctx *ctx, bool queued)
{
	bool by_itself = action->kind >= ACTION_RUN;
	bool there = exec_ctx_state(ctx) == CTX_BLOCKED &&
		     ctx->state >> CTX_STATE_BITS == action->pe;

	require(!queued || by_itself || !there, "who queues others is not interrupted");
}

static uint8_t untold(void)
{
	return (uint8_t)(partition_at(0)->endpoint.notifications.untold_interrupts & 0x3) |
	       (uint8_t)((partition_at(1)->endpoint.notifications.untold_interrupts & 0x1)
			 << PES_MAX);
}

static bool goes_off(const struct action *action, bool was_on)
{
	return was_on && !pe_is_on(action->pe);
}

void ledger_perform(struct ledger *ledger, const struct action *action)
{
	const struct exec_ctx *ctx = the_spmc()->pes[action->pe].current;
	struct ledger merged = *ledger;
	bool was_on = pe_is_on(action->pe);
	bool queued = (ctx->modes & CTX_QUEUES_OTHERS) != 0;
	uint8_t news = untold();

	note_merging(&merged, action->pe);
	actions_perform(action);
	if (action->kind == ACTION_SIGNAL) {
		ledger->outstanding[action->what]++;
	}
	if (goes_off(action, was_on)) {
		*ledger = merged;
		ledger->told &= (uint8_t)~(1U << action->pe);
	}
	if (action->kind == ACTION_INFO_GET) {
		ledger->told |= news & (uint8_t)~untold();
	}
	if (pe_is_on(action->pe)) {
		note_deliveries(ledger, action, ctx);
		note_cycles(ledger, action);
		note_known(ledger, action, ctx);
		check_queueing(action, ctx, queued);
	}
	for (unsigned n = 0; n < PARTITIONS; n++) {
		ledger->outstanding[n] = is_gone(n) ? 0 : ledger->outstanding[n];
	}
	check_accounts(ledger);
	check_places(ledger);
	check_running();
}

/* ---- the end of it all -------------------------------------------------------------------------- */

static bool is_busy(unsigned pe)
{
	const struct pe *at = &the_spmc()->pes[pe];

	return at->current != &at->normal_world || at->errands ||
	       host_interrupt_line(&at->arch) != ARCH_INTERRUPT_NONE;
}

static void check_at_rest(const struct exec_ctx *ctx)
{
	if (exec_ctx_state(ctx) == CTX_OFF) {
		return;
	}
	require(exec_ctx_state(ctx) == CTX_WAITING, "everybody waits in the end");
	require(virq_asserted(&ctx->virqs) == 0, "everything is delivered in the end");
	require((ctx->virqs.held & virq_enabled(&ctx->virqs)) == 0, "nothing is held in the end");
}

void ledger_check_liveness(const struct scope *scope)
{
	struct fetched fetched = { 0 };

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned pe = 0; pe < scope->pes; pe++) {
			if (pe_is_on(pe)) {
				on_pe(pe);
				settle(&fetched);
			}
		}
	}
	for (unsigned pe = 0; pe < scope->pes; pe++) {
		require(!pe_is_on(pe) || !is_busy(pe), "the normal world gets its PE back");
		require(!the_spmc()->pes[pe].arch.normal_world_masked,
			"the normal world's interrupts come in the end");
	}
	for (unsigned n = 0; n < PARTITIONS; n++) {
		struct host_interrupt state = interrupt_of(n);

		require(is_gone(n) || !state.enabled || !state.pending,
			"every signal is taken in the end");
		for (unsigned i = 0; i < partition_at(n)->context_count && !is_gone(n); i++) {
			check_at_rest(&partition_at(n)->contexts[i]);
		}
	}
}

/* ---- sums --------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static uint64_t ahead(uint64_t at)
{
	uint64_t now = arch_counter();

	if (at == ARCH_NEVER) {
		return ARCH_NEVER;
	}
	return at > now ? at - now : 0;
}

/** A number for a context, wherever it is; 0: none. */
static uint64_t name_of(const struct exec_ctx *ctx)
{
	if (ctx == NULL) {
		return 0;
	}
	return 1 + ctx->index + (ctx->partition == NULL ? 0U : 8U + 8U * ctx->partition->number);
}

static uint64_t mix_timers(uint64_t sum, const struct exec_ctx *ctx)
{
	for (unsigned i = 0; i < TIMER_KIND_COUNT; i++) {
		const struct timer_node *node = &ctx->timers[i];

		sum = mix(sum, node->queue == NULL
				       ? 0
				       : 1 + (uint64_t)(node->queue == &the_spmc()->pes[1].timers));
		sum = mix(sum, node->queue == NULL ? 0 : ahead(node->at));
	}
	return mix(sum, ahead(ctx->arch.timers[0].compare) != 0);
}

static uint64_t mix_context(uint64_t sum, const struct exec_ctx *ctx)
{
	const struct virq_set *virqs = &ctx->virqs;

	sum = mix(sum, ctx->state);
	sum = mix(sum, (uint64_t)ctx->model << 32 | (uint64_t)ctx->request << 24 | ctx->requester);
	sum = mix(sum, ctx->allocator);
	sum = mix(sum, name_of(ctx->previous));
	if (ctx->model == MODEL_CALLER) {
		sum = mix(sum, name_of(ctx->interrupted));
		sum = mix(sum, (uint64_t)ctx->model_before << 8 | ctx->modes_before);
	}
	sum = mix(sum, ctx->modes);
	sum = mix(sum, virqs->pending);
	sum = mix(sum, virqs->held);
	sum = mix(sum, virqs->handled);
	sum = mix(sum, virqs->enabled);
	sum = mix(sum, (virqs->held & PHYSICAL) != 0 ? virqs->held_on[VIRQ_BIT_PHYSICAL] : 0);
	return mix_timers(sum, ctx);
}

static uint64_t mix_pe(uint64_t sum, const struct pe *pe)
{
	sum = mix(sum, pe_is_on(pe->index));
	sum = mix(sum, name_of(pe->current));
	sum = mix(sum, (uint64_t)pe->duty << 8 | pe->duty_next);
	sum = mix(sum, (uint64_t)pe->errands << 1 | pe->sri_delayed);
	sum = mix(sum, pe->undelivered);
	sum = mix(sum, pe->attention);
	sum = mix(sum, name_of(pe->timed));
	sum = mix(sum, pe->exit_at != ARCH_NEVER);
	sum = mix(sum, host_interrupt(&pe->arch, ARCH_INTERRUPT_KICK).pending);
	sum = mix(sum, host_timer_asserts(&pe->arch));
	return mix(sum, pe->timer_at != ARCH_NEVER);
}

uint64_t ledger_sum(const struct ledger *ledger)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (unsigned i = 0; i < the_spmc()->pe_count; i++) {
		sum = mix_pe(sum, &the_spmc()->pes[i]);
	}
	for (unsigned n = 0; n < PARTITIONS; n++) {
		struct host_interrupt state = interrupt_of(n);

		sum = mix(sum, partition_state(partition_at(n)));
		sum = mix(sum, partition_at(n)->endpoint.notifications.untold_interrupts);
		sum = mix(sum, (uint64_t)state.pending << 2 | (uint64_t)state.active << 1 |
				       state.enabled);
		sum = mix(sum, state.mpidr);
		sum = mix(sum, ledger->outstanding[n]);
		for (unsigned i = 0; i < partition_at(n)->context_count; i++) {
			sum = mix_context(sum, &partition_at(n)->contexts[i]);
		}
	}
	for (unsigned i = 0; i < sizeof(ledger->known); i++) {
		sum = mix(sum, ledger->known[i]);
	}
	return mix(sum, ledger->told);
}
