/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A partition ends on one PE while its other contexts run and everybody signals and sends to it: whoever is
 * late is refused for a reason, and nothing of it is left.
 */
#include "tests/threads/pes.h"

enum {
	LIVES = 120, /* of the partition, each in a system of its own */
	ROUNDS = 60, /* of each PE's normal world in one of them */
	ACTS = 5,
};

enum stage {
	BEGINNING,
	RAN,
	REST,
};

static _Atomic unsigned ended;

/** The partition that ends, SP1, goes about its own things until then. */
static struct arch_exit live(struct actor *actor, struct arch_context *context)
{
	if (actor_below(actor, 100) == 0) {
		return host_fault(context, "data abort", 0);
	}
	switch (actor_below(actor, 3)) {
	case 0:
		return ACTOR_CALL(context, FFA_NOTIFICATION_GET_32,
				  (uint32_t)actor->vcpu << 16 | SP1, OF_ALL);
	case 1:
		return ACTOR_CALL(context, FFA_RX_RELEASE_32);
	default:
		return ACTOR_CALL(context, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(SP1, SP2), 0, 1);
	}
}

/** What is refused is refused for a reason; who is about to end may find its notifications gone. */
static void expect_outcome(const struct actor *actor, const uint64_t *x)
{
	bool refused = x[2] == CODE(FFA_DENIED) || x[2] == CODE(FFA_BUSY) ||
		       x[2] == CODE(FFA_INVALID_PARAMETERS) ||
		       (actor->id == SP1 && x[2] == CODE(FFA_NOT_SUPPORTED));

	if (x[0] != FFA_SUCCESS_32 && (x[0] != FFA_ERROR_32 || !refused)) {
		complain(actor, "an outcome that cannot be", x[2]);
	}
}

/** SP2, of one context, has things for SP1. */
static struct arch_exit address(struct actor *actor, struct arch_context *context)
{
	struct ffa_message_header header = {
		.offset = sizeof(header),
		.endpoints = FFA_ENDPOINTS(SP2, SP1),
	};

	if (actor_below(actor, 2) == 0) {
		memcpy(host_ram(paddr(message_tx(SP2))), &header, sizeof(header));
		return ACTOR_CALL(context, FFA_MSG_SEND2_32);
	}
	return ACTOR_CALL(context, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(SP2, SP1), 0, 1);
}

static struct arch_exit play_partition(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;

	if (actor->stage == REST) {
		expect_outcome(actor, context->x);
	} else {
		actor->left = ACTS;
	}
	if (actor->left-- == 0) {
		actor->stage = BEGINNING;
		return ACTOR_CALL(context, FFA_MSG_WAIT_32);
	}
	actor->stage = REST;
	return actor->id == SP1 ? live(actor, context) : address(actor, context);
}

static void partition_came_back(const struct actor *actor, const uint64_t *x)
{
	if (x[0] == FFA_ERROR_32 && x[2] == CODE(FFA_ABORTED)) {
		atomic_fetch_add_explicit(&ended, 1, memory_order_relaxed);
	} else if (x[0] != FFA_MSG_WAIT_32 && x[2] != CODE(FFA_BUSY)) {
		complain(actor, "a partition did not run", x[2]);
	}
}

static struct arch_exit play_normal_world(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;

	if (actor->stage == BEGINNING) {
		actor->left = ROUNDS;
	} else if (actor->stage == RAN) {
		partition_came_back(actor, context->x);
	} else if (actor->stage == REST) {
		expect_outcome(actor, context->x);
	}
	if (actor->left-- == 0) {
		pes_finish(actor->vcpu);
	}
	actor->stage = RAN;
	switch (actor_below(actor, 4)) {
	case 0:
		return ACTOR_CALL(context, FFA_RUN_32, FFA_TARGET(SP2, 0));
	case 1:
	case 2:
		return ACTOR_CALL(context, FFA_RUN_32, FFA_TARGET(SP1, actor->vcpu));
	default:
		actor->stage = REST;
		return ACTOR_CALL(context, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(VM1, SP1), 0, 1);
	}
}

static void live_and_end(uint64_t seed)
{
	struct partition_config *configs[4];
	const struct endpoint *endpoint;

	notified_add(configs);
	system_boot(PES);
	must_bind(SP1, SP2, 1, 0);
	must_bind(SP1, VM1, 1, 0);
	must_bind(SP2, SP1, 1, 0);
	turn_to(NW);
	give_buffers(SP1, 1);
	give_buffers(SP2, 1);
	pes_run(play_normal_world, play_partition, seed);

	endpoint = &partition_of(SP1)->endpoint;
	if (partition_state(partition_of(SP1)) == PARTITION_ABORTED) {
		CHECK(!notif_set_is_enabled(&endpoint->notifications));
		CHECK_EQUAL(endpoint->notifications.wanted, 0);
		CHECK_EQUAL(the_spmc()->board.word[0] & 1, 0);
		CHECK(!endpoint->mailbox.mapped);
	}
}

TEST(a_partition_that_ends_while_it_is_addressed_on_all_pes_leaves_nothing)
{
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		live_and_end(seed);
	}
	print_message("%u calls came too late\n", ended);
	CHECK(ended > LIVES);
}
