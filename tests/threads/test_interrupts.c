/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts, timers and IPIs on all PEs at once, for partitions that migrate and others that do not, while everybody
 * calls everybody: each interrupt is handled by one context at a time, after it was raised, and none is lost.
 */
#include "tests/threads/pes.h"
#include "tests/unit/ffa/interrupt_fixture.h"

enum {
	LIVES = 40,
	ROUNDS = 1500, /* of each PE's normal world, in which things happen */
	CALM_ROUNDS = 400, /* of each after them: all that pends is dealt with */
	CALM_MEETINGS = 50, /* rounds, from one to the next */
	ACTS = 4,
};

enum stage {
	BEGINNING, /* x0-x17: how it was entered, or what its call returned */
	FETCHED, /* x0: what it has fetched */
};

#define OWNERS 4U /* SP1..., with an interrupt each */

static _Atomic unsigned raised[OWNERS], seen[OWNERS], fetched_count[OWNERS];
static _Atomic unsigned handlers[OWNERS]; /* contexts that are handling it now: one at most */
static _Atomic unsigned timers, ipis;
static _Atomic bool calm;
static bool pes_go_off; /* all but the first, again and again */
static bool sp2_ends; /* some time or other, on one of its PEs */

static struct arch_exit hvc(struct arch_context *context, uint64_t x0, uint64_t x1, uint64_t x2,
			    uint64_t x3)
{
	context->x[0] = x0;
	context->x[1] = x1;
	context->x[2] = x2;
	context->x[3] = x3;
	return (struct arch_exit){ ARCH_EXIT_CALL, context->kind == ARCH_KIND_S_EL0
							   ? ARCH_CONDUIT_SVC
							   : ARCH_CONDUIT_HVC };
}

/* ---- partitions --------------------------------------------------------------------------------- */

/** What it was handling is over: its next call lets the interrupt go. */
static void end_handling(struct actor *actor)
{
	if (actor->peer != 0) {
		atomic_fetch_sub(&handlers[actor->id - SP1], 1);
		actor->peer = 0;
	}
}

static void note(struct actor *actor, uint32_t intid)
{
	unsigned owner = (unsigned)actor->id - SP1;

	if (intid == VIRQ_TIMER) {
		atomic_fetch_add(&timers, 1);
	} else if (intid == VIRQ_IPI) {
		atomic_fetch_add(&ipis, 1);
	} else if (intid != SPI_OF(actor->id)) {
		complain(actor, "an interrupt of somebody else", intid);
	} else {
		if (atomic_fetch_add(&handlers[owner], 1) != 0 && !(sp2_ends && actor->id == SP2)) {
			complain(actor, "handled twice at once", intid);
		}
		actor->peer = 1;
		atomic_store(&seen[owner], atomic_load(&raised[owner]));
		atomic_fetch_add(&fetched_count[owner], 1);
	}
}

static struct arch_exit finish(struct actor *actor, struct arch_context *context,
			       const struct exec_ctx *ctx)
{
	end_handling(actor);
	actor->left = ACTS;
	switch (ctx->model) {
	case MODEL_DIRECT:
		return ACTOR_CALL(context, RESP, FFA_ENDPOINTS(actor->id, ctx->requester));
	case MODEL_CALLER:
		return ACTOR_CALL(context, FFA_RUN_32,
				  FFA_TARGET(ctx->interrupted->endpoint->id,
					     ctx->interrupted->index));
	case MODEL_POWER:
		return ACTOR_CALL(context, RESP, FFA_ENDPOINTS(actor->id, SPMC),
				  FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP, 0);
	default:
		return ACTOR_CALL(context, FFA_MSG_WAIT_32);
	}
}

/** What it does when its PE has come back: enables all that it has, and waits. */
static struct arch_exit start(struct actor *actor, struct arch_context *context,
			      const struct exec_ctx *ctx)
{
	static const uint32_t own[] = { VIRQ_TIMER, VIRQ_IPI };

	actor->stage = BEGINNING;
	actor->left = ACTS;
	for (unsigned i = 0; i < 2; i++) {
		unsigned bit = own[i] == VIRQ_TIMER ? VIRQ_BIT_TIMER : VIRQ_BIT_IPI;

		if ((virq_enabled(&ctx->virqs) & VIRQ_MASK(bit)) == 0) {
			return hvc(context, INTERRUPT_ENABLE, own[i], 1, 0);
		}
	}
	if ((virq_enabled(&ctx->virqs) & VIRQ_MASK(VIRQ_BIT_PHYSICAL)) == 0) {
		return hvc(context, INTERRUPT_ENABLE, SPI_OF(actor->id), 1, 0);
	}
	return ACTOR_CALL(context, FFA_MSG_WAIT_32);
}

/** Something that partitions do, apart from what they have to. */
static struct arch_exit act(struct actor *actor, struct arch_context *context,
			    const struct exec_ctx *ctx)
{
	bool may_call = ctx->model != MODEL_CALLER;

	if (sp2_ends && actor->id == SP2 && actor_below(actor, 300) == 0) {
		end_handling(actor);
		return host_fault(context, "data abort", 0);
	}
	switch (actor_below(actor, 8)) {
	case 0:
		return hvc(context, INTERRUPT_SEND_IPI, actor_below(actor, PES), 0, 0);
	case 1:
		return hvc(context, INTERRUPT_RECONFIGURE, SPI_OF(actor->id), 0,
			   actor_below(actor, PES));
	case 2:
		return host_timer_write(context, actor_below(actor, 2),
					arch_counter() + actor_below(actor, 50) * US, 1);
	case 3:
		if (ctx->model != MODEL_RUN) {
			return host_fiq();
		}
		end_handling(actor);
		return ACTOR_CALL(context, FFA_YIELD_32);
	case 4:
		return host_fiq();
	default:
		return may_call ? ACTOR_CALL(context, REQ,
					     FFA_ENDPOINTS(actor->id, SP1 + actor_below(actor, 4)))
				: host_fiq();
	}
}

static struct arch_exit play_partition(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;
	const struct exec_ctx *ctx = (const struct exec_ctx *)context;
	bool user = context->kind == ARCH_KIND_S_EL0;

	if (actor->stage == FETCHED) {
		actor->stage = BEGINNING;
		if ((uint32_t)context->x[0] != VIRQ_NONE) {
			note(actor, (uint32_t)context->x[0]);
		}
		context->x[0] = 0;
	} else if (user && context->x[0] == FFA_INTERRUPT_32 && context->x[1] == 0) {
		note(actor, (uint32_t)context->x[2]);
		context->x[0] = 0;
	}
	if (host_interrupt_line(arch_pe_self()) != ARCH_INTERRUPT_NONE) {
		return host_irq();
	}
	if (ctx->model == MODEL_INIT) {
		return start(actor, context, ctx);
	}
	if (!user && (context->machine.irq_line || context->machine.fiq_line)) {
		end_handling(actor);
		actor->stage = FETCHED;
		return hvc(context, INTERRUPT_GET, 0, 0, 0);
	}
	if (actor->left == 0 || atomic_load(&calm)) {
		return finish(actor, context, ctx);
	}
	actor->left--;
	return act(actor, context, ctx);
}

/* ---- the normal world --------------------------------------------------------------------------- */

static void disturb(struct actor *actor)
{
	unsigned owner = actor_below(actor, OWNERS);

	host_time_advance(20 * US);
	if (actor_below(actor, 2) == 0) {
		atomic_fetch_add(&raised[owner], 1);
		host_interrupt_raise(SPI_OF(SP1 + owner));
	}
}

static struct arch_exit give_cycles(struct actor *actor, struct arch_context *context)
{
	uint16_t id = (uint16_t)(SP1 + actor_below(actor, OWNERS));
	unsigned vcpu = id == SP2 ? actor->vcpu : 0;

	if (actor_below(actor, 3) == 0 && !atomic_load(&calm)) {
		return ACTOR_CALL(context, REQ, FFA_ENDPOINTS(NW, id));
	}
	return ACTOR_CALL(context, FFA_RUN_32, FFA_TARGET(id, vcpu));
}

/** What SP2's context of this PE, at rest, was handling ends with it. */
static struct arch_exit go_off(const struct actor *actor, struct arch_context *context)
{
	end_handling(partition_of(SP2)->contexts[actor->vcpu].arch.machine.argument);
	return ACTOR_CALL(context, REQ, FFA_ENDPOINTS(SPMD, SPMC),
			  FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ, PSCI_CPU_OFF);
}

static struct arch_exit play_normal_world(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;

	if (host_interrupt_line(arch_pe_self()) != ARCH_INTERRUPT_NONE) {
		return ACTOR_CALL(context, FFA_INTERRUPT_32);
	}
	actor->left++;
	if (actor->left < ROUNDS) {
		disturb(actor);
		if (pes_go_off && actor->vcpu > 0 && actor_below(actor, 40) == 0) {
			return go_off(actor, context);
		}
	} else if (actor->left == ROUNDS) {
		pes_meet();
		atomic_store(&calm, true);
	} else {
		host_time_advance(MS); /* those that were held back have their share again */
		if (actor->left % CALM_MEETINGS == 0) {
			pes_meet(); /* what another PE has let go may come here */
		}
	}
	if (actor->left == ROUNDS + CALM_ROUNDS) {
		pes_finish(actor->vcpu);
		return ACTOR_CALL(context, FFA_ID_GET_32);
	}
	return give_cycles(actor, context);
}

static void reset_counts(void)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		raised[i] = 0;
		seen[i] = 0;
		fetched_count[i] = 0;
		handlers[i] = 0;
	}
	calm = false;
}

static void check_context(const struct exec_ctx *ctx)
{
	bool ended = partition_state(ctx->partition) == PARTITION_ABORTED;
	enum ctx_state state = exec_ctx_state(ctx);

	CHECK_EQUAL(ctx->virqs.held, 0);
	if (ended) {
		CHECK(state != CTX_RUNNING && state != CTX_BLOCKED);
	} else {
		CHECK_EQUAL(state, CTX_WAITING);
		CHECK_EQUAL(virq_asserted(&ctx->virqs), 0);
	}
}

static void check_all_done(void)
{
	const struct spmc *spmc = the_spmc();

	for (unsigned i = 0; i < OWNERS; i++) {
		const struct partition *partition = &spmc->partitions[i];

		if (partition_state(partition) == PARTITION_ABORTED) {
			CHECK(sp2_ends && partition->endpoint.id == SP2);
			CHECK(!host_interrupt(NULL, SPI_OF(SP2)).active);
		} else {
			CHECK_EQUAL(handlers[i], 0);
			CHECK_EQUAL(seen[i], raised[i]);
			CHECK(fetched_count[i] <= raised[i]);
		}
		for (unsigned c = 0; c < partition->context_count; c++) {
			check_context(&partition->contexts[c]);
		}
	}
}

static void live(uint64_t seed)
{
	interrupts_add_usual(INSTANCE_S1UP);
	config_of(SP2)->power_management_messages = 1;
	interrupts_boot(PES);
	reset_counts();
	pes_run(play_normal_world, play_partition, seed);
	check_all_done();
}

TEST(interrupts_on_all_pes_at_once_are_handled_once_each)
{
	sp2_ends = false;
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		live(seed);
	}
	print_message("%u timers, %u IPIs\n", timers, ipis);
	CHECK(timers > LIVES);
	CHECK(ipis > LIVES);
}

TEST(interrupts_are_handled_once_each_while_pes_come_and_go)
{
	pes_go_off = true;
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		live(seed);
	}
}

TEST(a_partition_that_ends_amid_interrupts_disturbs_nobody)
{
	unsigned ends = 0;

	sp2_ends = true;
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		live(seed);
		ends += partition_state(partition_of(SP2)) == PARTITION_ABORTED;
	}
	CHECK(ends > LIVES / 2);
}
