/* SPDX-License-Identifier: BSD-3-Clause */
/* Which actions are possible, by what the machine and the runtime models say; performing them. */
#include "tests/model/interrupts/actions.h"

#include <stdio.h>

#include "tests/unit/ffa/interrupt_fixture.h"

#define CONTEXTS_OF_SP1 PES_MAX
#define TIMER_NS 1000

static uint16_t id_of(unsigned partition)
{
	return (uint16_t)(SP1 + partition);
}

static struct pe *pe_at(unsigned pe)
{
	return &the_spmc()->pes[pe];
}

/* ---- boot --------------------------------------------------------------------------------------- */

static void add(const struct scope *scope)
{
	static const enum instance kinds[PARTITIONS] = { INSTANCE_S1MP, INSTANCE_S1UP,
							 INSTANCE_S0 };

	for (unsigned i = 0; i < PARTITIONS; i++) {
		struct partition_config *config = interrupts_add(id_of(i), kinds[i]);

		config->ns_interrupts_action = scope->ns_action[i];
		config->sri_interrupts_policy = i < 2 ? scope->policy[i] : 0;
		config->power_management_messages = i == 0 && scope->power ? 1 : 0;
		config->other_s_interrupts_queued = i == 1 && scope->others_queued;
		config->interrupts[0].has_target = scope->pes > 1 && (i == 1 || scope->power);
		config->interrupts[0].target_mpidr = 1;
	}
}

void actions_boot(const struct scope *scope)
{
	system_reset();
	add(scope);
	interrupts_boot(scope->pes);
	check_refusals(false);
}

/* ---- what is possible --------------------------------------------------------------------------- */

struct list {
	struct action *actions;
	unsigned count;
	uint8_t pe;
};

static void offer(struct list *list, enum action_kind kind, unsigned what)
{
	CHECK(list->count < ACTIONS_MAX);
	list->actions[list->count++] =
		(struct action){ .kind = (uint8_t)kind, .pe = list->pe, .what = (uint8_t)what };
}

static bool is_starting_or_stopping(const struct pe *pe)
{
	return pe->duty == DUTY_START || pe->duty == DUTY_STOP;
}

static void offer_normal_world(const struct scope *scope, struct list *list)
{
	for (unsigned i = 0; i < PARTITIONS; i++) {
		const struct exec_ctx *ctx = context_of(id_of(i), list->pe);
		enum ctx_state state = exec_ctx_state(ctx);

		if (state == CTX_WAITING || state == CTX_PREEMPTED || state == CTX_YIELDED) {
			offer(list, ACTION_RUN, i);
		}
		if (state == CTX_WAITING) {
			offer(list, ACTION_REQUEST, i);
		}
	}
	if (scope->ipis || scope->policy[0] != 0 || scope->policy[1] != 0) {
		offer(list, ACTION_INFO_GET, 0);
	}
	if (scope->power && list->pe == scope->pes - 1U) {
		offer(list, ACTION_CPU_OFF, 0);
	}
}

static void offer_calls(struct list *list, const struct exec_ctx *ctx)
{
	for (unsigned i = 0; i < PARTITIONS; i++) {
		const struct exec_ctx *other = context_of(id_of(i), list->pe);
		enum ctx_state state = exec_ctx_state(other);

		if (other == ctx) {
			continue;
		}
		if (state == CTX_WAITING && ctx->model != MODEL_CALLER &&
		    ctx->model != MODEL_POWER) {
			offer(list, ACTION_REQUEST, i);
		}
		if ((state == CTX_PREEMPTED || state == CTX_YIELDED) &&
		    other->allocator == ctx->endpoint->id) {
			offer(list, ACTION_RUN, i);
		}
		if (ctx->model == MODEL_CALLER && ctx->interrupted == other) {
			offer(list, ACTION_RUN, i);
		}
	}
}

static void offer_model(struct list *list, const struct exec_ctx *ctx)
{
	switch (ctx->model) {
	case MODEL_DIRECT:
	case MODEL_POWER:
		offer(list, ACTION_RESPOND, 0);
		break;
	case MODEL_CALLER:
		break;
	default:
		offer(list, ACTION_WAIT, 0);
		break;
	}
	if (ctx->model == MODEL_RUN || ctx->model == MODEL_DIRECT) {
		offer(list, ACTION_YIELD, 0);
	}
}

static void offer_partition(const struct scope *scope, struct list *list,
			    const struct exec_ctx *ctx)
{
	uint64_t enabled = virq_enabled(&ctx->virqs) & VIRQ_MASK(VIRQ_BIT_PHYSICAL);

	offer_model(list, ctx);
	if (scope->calls) {
		offer_calls(list, ctx);
	}
	if (virq_asserted(&ctx->virqs) != 0) {
		offer(list, ACTION_GET, 0);
	}
	if (ctx->virqs.handled != 0) {
		offer(list, ACTION_DEACTIVATE, 0);
	}
	if (scope->ipis && ctx->endpoint->id == SP1) {
		for (unsigned vcpu = 0; vcpu < scope->pes; vcpu++) {
			offer(list, ACTION_IPI, vcpu);
		}
	}
	if (scope->timers && ctx->arch.timers[0].compare <= arch_counter()) {
		offer(list, ACTION_ARM, 0);
	}
	if (scope->enables) {
		offer(list, ACTION_ENABLE, enabled == 0);
	}
	if (scope->aborts) {
		offer(list, ACTION_ABORT, 0);
	}
}

static bool may_expire(const struct scope *scope, const struct pe *pe)
{
	uint64_t at = host_timer_at(&pe->arch);
	bool ends_something = at == pe->budget_at || at == pe->exit_at;

	return at != ARCH_NEVER && at > arch_counter() && (scope->hangs || !ends_something);
}

/** Somebody else, or something, comes before who is to run. */
static bool has_to_turn(const struct pe *pe)
{
	bool let_in = pe->duty == DUTY_NONE && pe->timed == NULL &&
		      (pe->current->modes & CTX_QUEUES_OTHERS) == 0;

	return pe->errands && (pe->current->partition == NULL || (pe->undelivered != 0 && let_in));
}

/** Of a PE that is up. An interrupt is taken at once where nothing masks it, but others may come before. */
static void offer_pe(const struct scope *scope, struct list *list)
{
	const struct pe *pe = pe_at(list->pe);
	const struct exec_ctx *ctx = pe->current;

	if (host_interrupt_line(&pe->arch) != ARCH_INTERRUPT_NONE) {
		offer(list, ACTION_TAKE, 0);
	}
	if (may_expire(scope, pe)) {
		offer(list, ACTION_EXPIRE, 0);
	}
	if (has_to_turn(pe)) {
		if (host_interrupt_line(&pe->arch) == ARCH_INTERRUPT_NONE) {
			offer(list, ACTION_TURN, 0);
		}
		return;
	}
	if (ctx->partition == NULL) {
		offer_normal_world(scope, list);
		return;
	}
	if (scope->ns && !pe->ns_masked) {
		offer(list, ACTION_NS, 0);
	}
	offer_partition(scope, list, ctx);
}

unsigned actions_possible(const struct scope *scope, struct action actions[ACTIONS_MAX])
{
	struct list list = { .actions = actions };

	for (list.pe = 0; list.pe < scope->pes; list.pe++) {
		if (pe_is_on(list.pe)) {
			offer_pe(scope, &list);
		} else if (!is_starting_or_stopping(pe_at(0))) {
			offer(&list, ACTION_CPU_ON, 0);
		}
	}
	list.pe = 0;
	for (unsigned i = 0; i < PARTITIONS; i++) {
		struct host_interrupt state = host_interrupt(&pe_at(0)->arch, SPI_OF(SP1 + i));

		if (!state.pending && state.enabled) {
			offer(&list, ACTION_SIGNAL, i);
		}
	}
	return list.count;
}

/* ---- performing --------------------------------------------------------------------------------- */

static void perform_request(uint16_t to)
{
	CALL(running(), REQ, FFA_ENDPOINTS(running(), to));
}

static void perform_response(const struct exec_ctx *ctx)
{
	uint16_t id = ctx->endpoint->id;
	bool power = ctx->model == MODEL_POWER;

	CALL(id, RESP, FFA_ENDPOINTS(id, ctx->requester),
	     power ? FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP : 0, 0);
	if (this_pe()->current == &this_pe()->normal_world && power &&
	    this_pe()->duty == DUTY_NONE) {
		pe_is_off();
	}
}

static void perform_cpu_off(void)
{
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	if (running() == NW) {
		pe_is_off();
	}
}

/** In one go: what its contexts do in their start is not what this is about. */
static void perform_cpu_on(unsigned pe)
{
	interrupts_power_on(pe);
}

/** The PE is off if who was told of it is there no more. */
static void perform_end(void)
{
	bool power = this_pe()->duty == DUTY_STOP;

	fault("model", 0);
	if (power && running() == NW) {
		pe_is_off();
	}
}

static void perform_take(void)
{
	bool power = this_pe()->duty == DUTY_STOP;

	take_interrupt();
	if (power && running() == NW) {
		pe_is_off();
	}
}

void actions_perform(const struct action *action)
{
	uint16_t to = id_of(action->what);
	const struct exec_ctx *ctx;

	on_pe(action->pe);
	ctx = this_pe()->current;
	switch ((enum action_kind)action->kind) {
	case ACTION_NONE:
		break;
	case ACTION_TURN:
		turn();
		break;
	case ACTION_TAKE:
		perform_take();
		break;
	case ACTION_NS:
		fiq();
		break;
	case ACTION_EXPIRE:
		host_time_advance(host_timer_at(&this_pe()->arch) - arch_counter());
		break;
	case ACTION_SIGNAL:
		host_interrupt_raise(SPI_OF(to));
		break;
	case ACTION_RUN:
		CALL(running(), FFA_RUN_32, FFA_TARGET(to, context_of(to, action->pe)->index));
		break;
	case ACTION_REQUEST:
		perform_request(to);
		break;
	case ACTION_RESPOND:
		perform_response(ctx);
		break;
	case ACTION_WAIT:
		CALL(running(), FFA_MSG_WAIT_32);
		break;
	case ACTION_YIELD:
		CALL(running(), FFA_YIELD_32);
		break;
	case ACTION_GET:
		(void)fetch();
		break;
	case ACTION_DEACTIVATE:
		(void)paravirt(INTERRUPT_DEACTIVATE, SPI_OF(running()), SPI_OF(running()), 0);
		break;
	case ACTION_IPI:
		(void)paravirt(INTERRUPT_SEND_IPI, action->what, 0, 0);
		break;
	case ACTION_ARM:
		write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + TIMER_NS);
		break;
	case ACTION_ENABLE:
		(void)paravirt(INTERRUPT_ENABLE, SPI_OF(running()), action->what, 0);
		break;
	case ACTION_ABORT:
		perform_end();
		break;
	case ACTION_INFO_GET:
		CALL(NW, FFA_NOTIFICATION_INFO_GET_32);
		break;
	case ACTION_CPU_OFF:
		perform_cpu_off();
		break;
	case ACTION_CPU_ON:
		perform_cpu_on(action->pe);
		break;
	}
}

void actions_print(const struct action *action)
{
	static const char *const names[] = {
		"nothing",
		"turn",
		"take interrupt",
		"non-secure interrupt",
		"time comes",
		"signal",
		"RUN",
		"REQ",
		"RESP",
		"WAIT",
		"YIELD",
		"get",
		"deactivate",
		"IPI",
		"arm timer",
		"enable",
		"abort",
		"INFO_GET",
		"CPU_OFF",
		"CPU_ON",
	};

	fprintf(stderr, "  PE %u: %s %u\n", action->pe, names[action->kind], action->what);
}
