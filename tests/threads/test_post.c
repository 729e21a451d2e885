/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions and a VM signal and send to one another on all PEs at once. The normal world runs a partition
 * to fetch only when FFA_NOTIFICATION_INFO_GET has named it, so that a notification that is not told is
 * lost like one that does not pend; every so often ("at the end of the day") all come to rest, and the books
 * of tests/threads/post.c must be even.
 */
#include "tests/threads/post.h"

enum {
	DAYS = 1500,
	ROUNDS = 100, /* of each PE's normal world, each day */
	ACTS_MAX = 6, /* of a partition before it rests */
	PASSES = 3, /* to come to rest: what is told, what that made due elsewhere, once more */

	/* What is due. */
	DUE_RUN = 0x1,
	DUE_FETCH = 0x2, /* the scheduler was told of it */
};

enum stage {
	BEGINNING,
	RAN, /* the normal world: a partition */
	TOLD,
	ENTERED, /* a partition: by FFA_RUN */
	FETCHED,
	RELEASED,
	SIGNALLED,
	SENT,
	RESTING,
};

/* By partition, vCPU (UP ones: 0). */
static _Atomic unsigned due[POST_PARTITIONS][PES];
static _Atomic bool may_fetch[POST_PARTITIONS][PES]; /* set by the PE that is about to run it */
static _Atomic bool vm_told[POST_VM_VCPUS];
static _Atomic bool closing; /* nobody begins anything any more */
static unsigned due_now[PES]; /* of whom the PE runs; each PE's own */
static struct {
	unsigned days, passes; /* that are over */
} progress[PES]; /* each PE's own */

/* Flags of the scheduler, which PEs share: what they are about goes by way of the SPMC. */
static bool take(_Atomic bool *flag)
{
	return atomic_exchange_explicit(flag, false, memory_order_relaxed);
}

static void put(_Atomic bool *flag)
{
	atomic_store_explicit(flag, true, memory_order_relaxed);
}

static bool is_closing(void)
{
	return atomic_load_explicit(&closing, memory_order_relaxed);
}

static void expect_success(const struct actor *actor, const char *what, const uint64_t *x)
{
	if (x[0] != FFA_SUCCESS_32) {
		complain(actor, what, x[2]);
	}
}

/* ---- partitions ------------------------------------------------------------------------------------ */

static struct arch_exit begin_something(struct actor *actor, struct arch_context *context)
{
	if (actor_below(actor, 3) == 0 && post_begin_message(actor, actor->id)) {
		actor->stage = SENT;
		return post_send(context, actor->id);
	}
	actor->token = post_take_token(actor, actor->id);
	actor->stage = actor->token != NULL ? SIGNALLED : RESTING;
	return actor->token != NULL ? post_signal(context, actor->token)
				    : ACTOR_CALL(context, FFA_ID_GET_32);
}

/** An interrupt, something to fetch, to signal or to send; or it waits. */
static struct arch_exit go_on(struct actor *actor, struct arch_context *context)
{
	if (actor_below(actor, 10) == 0) {
		actor->stage = RESTING;
		return host_fiq();
	}
	if (take(&may_fetch[actor->id - SP1][actor->vcpu])) {
		actor->stage = FETCHED;
		return ACTOR_CALL(context, FFA_NOTIFICATION_GET_32,
				  (uint32_t)actor->vcpu << 16 | actor->id, OF_ALL);
	}
	if (actor->left == 0 || is_closing()) {
		actor->stage = ENTERED;
		return ACTOR_CALL(context, FFA_MSG_WAIT_32, 0, 1); /* nobody else has read RX */
	}
	actor->left--;
	return begin_something(actor, context);
}

static struct arch_exit play_partition(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;
	const uint64_t *x = context->x;

	switch ((enum stage)actor->stage) {
	case BEGINNING:
	case ENTERED:
		actor->left = actor_below(actor, ACTS_MAX);
		break;
	case FETCHED:
		expect_success(actor, "nothing could be fetched", x);
		post_fetched(actor, actor->id, actor->vcpu, x);
		if ((x[6] | x[7]) != 0) {
			post_read(actor, actor->id);
			actor->stage = RELEASED;
			return ACTOR_CALL(context, FFA_RX_RELEASE_32);
		}
		break;
	case RELEASED:
		expect_success(actor, "RX could not be released", x);
		break;
	case SIGNALLED:
		expect_success(actor, "a signal was refused", x);
		break;
	case SENT:
		post_sent(actor, actor->id, x);
		break;
	default:
		break;
	}
	return go_on(actor, context);
}

/* ---- the scheduler --------------------------------------------------------------------------------- */

static unsigned flag_of(uint16_t id, unsigned pe)
{
	return id == SP1 ? pe : 0;
}

static void put_due(uint16_t id, unsigned vcpu, unsigned what)
{
	atomic_fetch_or_explicit(&due[id - SP1][vcpu], what, memory_order_relaxed);
}

/** Runs partition @id for @what is due. */
static struct arch_exit run(struct actor *actor, struct arch_context *context, uint16_t id,
			    unsigned what)
{
	unsigned vcpu = flag_of(id, actor->vcpu);

	actor->stage = RAN;
	actor->peer = id;
	due_now[actor->vcpu] = what;
	if ((what & DUE_FETCH) != 0) {
		put(&may_fetch[id - SP1][vcpu]);
	}
	return ACTOR_CALL(context, FFA_RUN_32, FFA_TARGET(id, vcpu));
}

static void partition_came_back(const struct actor *actor, const uint64_t *x)
{
	uint16_t id = actor->peer;

	if (x[0] == FFA_INTERRUPT_32) {
		put_due(id, flag_of(id, actor->vcpu), DUE_RUN);
	} else if (x[0] == FFA_ERROR_32 && x[2] == CODE(FFA_BUSY) && id != SP1) {
		put_due(id, 0,
			due_now[actor->vcpu]); /* another PE runs it, and may be past fetching */
	} else if (x[0] != FFA_MSG_WAIT_32) {
		complain(actor, "a partition did not run", x[2]);
	}
}

/** A list of FFA_NOTIFICATION_INFO_GET. */
static void take_list(const struct actor *actor, const uint16_t *list, unsigned vcpu_count)
{
	uint16_t id = list[0];

	if (id != POST_VM && (id < SP1 || id >= SP1 + POST_PARTITIONS)) {
		complain(actor, "nobody was told of", id);
		return;
	}
	for (unsigned i = 0; i == 0 || i < vcpu_count; i++) {
		unsigned vcpu = vcpu_count > 0 ? list[1 + i] : flag_of(id, actor->vcpu);

		if (vcpu >= (id == SP1 ? PES : id == POST_VM ? POST_VM_VCPUS : 1)) {
			complain(actor, "no such vCPU", vcpu);
		} else if (id == POST_VM) {
			put(&vm_told[vcpu]);
		} else {
			put_due(id, vcpu, DUE_RUN | DUE_FETCH);
		}
	}
}

/** False: there were no news. */
static bool take_news(const struct actor *actor, const uint64_t *x)
{
	unsigned per_register = x[0] == FFA_SUCCESS_64 ? 4 : 2, at = 0;
	uint16_t list[20];

	if (x[0] == FFA_ERROR_32 && x[2] == CODE(FFA_NO_DATA)) {
		return false;
	}
	if (x[0] != FFA_SUCCESS_64 && x[0] != FFA_SUCCESS_32) {
		complain(actor, "no news could be had", x[2]);
		return false;
	}
	for (unsigned i = 0; i < 5 * per_register; i++) {
		list[i] = (uint16_t)(x[3 + i / per_register] >> 16 * (i % per_register));
	}
	for (unsigned i = 0; i < (x[2] >> 7 & 0x1F); i++) {
		unsigned vcpu_count = (unsigned)(x[2] >> (12 + 2 * i) & 3);

		take_list(actor, &list[at], vcpu_count);
		at += 1 + vcpu_count;
	}
	return true;
}

/** Something that is to be done on this PE; false: nothing is. */
static bool do_what_is_due(struct actor *actor, struct arch_context *context,
			   struct arch_exit *exit)
{
	for (uint16_t i = 0; i < POST_PARTITIONS; i++) {
		unsigned what = atomic_exchange_explicit(&due[i][flag_of(SP1 + i, actor->vcpu)], 0,
							 memory_order_relaxed);

		if (what != 0) {
			*exit = run(actor, context, (uint16_t)(SP1 + i), what);
			return true;
		}
	}
	for (uint16_t vcpu = 0; vcpu < POST_VM_VCPUS; vcpu++) {
		if (take(&vm_told[vcpu])) {
			actor->stage = FETCHED;
			actor->peer = vcpu;
			*exit = ACTOR_CALL(context, FFA_NOTIFICATION_GET_32,
					   (uint32_t)vcpu << 16 | POST_VM, OF_SECURE);
			return true;
		}
	}
	return false;
}

static struct arch_exit ask_for_news(struct actor *actor, struct arch_context *context)
{
	actor->stage = TOLD;
	return ACTOR_CALL(context, actor_below(actor, 2) == 0 ? FFA_NOTIFICATION_INFO_GET_64
							      : FFA_NOTIFICATION_INFO_GET_32);
}

/** Something of a scheduler's or of its VM's own. */
static struct arch_exit schedule(struct actor *actor, struct arch_context *context)
{
	switch (actor_below(actor, 4)) {
	case 0:
		return ask_for_news(actor, context);
	case 1:
		return run(actor, context, (uint16_t)(SP1 + actor_below(actor, POST_PARTITIONS)),
			   DUE_RUN);
	case 2:
		if (post_begin_message(actor, POST_VM)) {
			actor->stage = SENT;
			return post_send(context, POST_VM);
		}
		break;
	default:
		actor->token = post_take_token(actor, POST_VM);
		if (actor->token != NULL) {
			actor->stage = SIGNALLED;
			return post_signal(context, actor->token);
		}
	}
	actor->stage = RESTING;
	return ACTOR_CALL(context, FFA_ID_GET_32);
}

/** All are at rest: PE 0 looks at the books. */
static void end_day(struct actor *actor)
{
	unsigned pe = actor->vcpu;

	if (pe == 0) {
		(void)post_is_even(actor);
		atomic_store_explicit(&closing, false, memory_order_relaxed);
	}
	pes_meet();
	progress[pe].passes = 0;
	actor->left = ROUNDS;
	if (++progress[pe].days == DAYS) {
		pes_finish(pe);
	}
}

/** All rounds of a day are done, or a pass is: the PEs meet before the next one. */
static void end_pass(struct actor *actor)
{
	pes_meet();
	put(&closing);
	if (++progress[actor->vcpu].passes > PASSES) {
		pes_meet();
		end_day(actor);
	}
}

static struct arch_exit choose(struct actor *actor, struct arch_context *context, bool quiet)
{
	struct arch_exit exit;

	if (do_what_is_due(actor, context, &exit)) {
		return exit;
	}
	if (actor->left > 0) {
		actor->left--;
		return schedule(actor, context);
	}
	if (quiet || progress[actor->vcpu].passes == 0) {
		end_pass(actor);
	}
	return ask_for_news(actor, context);
}

static struct arch_exit play_normal_world(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;
	const uint64_t *x = context->x;
	bool quiet = false;

	switch ((enum stage)actor->stage) {
	case BEGINNING:
		actor->left = ROUNDS;
		break;
	case RAN:
		partition_came_back(actor, x);
		break;
	case TOLD:
		quiet = !take_news(actor, x);
		break;
	case SIGNALLED:
		expect_success(actor, "a signal was refused", x);
		break;
	case SENT:
		post_sent(actor, POST_VM, x);
		break;
	case FETCHED:
		expect_success(actor, "nothing could be fetched", x);
		post_fetched(actor, POST_VM, actor->peer, x);
		if (x[6] != 0) {
			post_read(actor, POST_VM);
			actor->stage = RELEASED;
			return ACTOR_CALL(context, FFA_RX_RELEASE_32, POST_VM);
		}
		break;
	case RELEASED:
		expect_success(actor, "RX could not be released", x);
		break;
	default:
		break;
	}
	return choose(actor, context, quiet);
}

TEST(nothing_is_lost_that_is_signalled_and_sent_on_all_pes_at_once)
{
	post_open();
	pes_run(play_normal_world, play_partition, 1);
	print_message("%u notifications, %u messages\n", post_tokens_back(), post_messages_read());
	CHECK(post_tokens_back() > DAYS * ROUNDS / 4);
	CHECK(post_messages_read() > DAYS * ROUNDS / 8);
}
