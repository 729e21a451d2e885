/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * VMs come and go on all PEs at once, with notifications and with buffers, while partitions signal and send
 * to them: their records are another VM's the next moment. Each VM has one notification, of a number of its
 * own, so that it is known when one gets another's; what is refused is refused for a reason that there may be.
 */
#include "tests/threads/pes.h"

enum {
	ROUNDS = 100000, /* of each PE's normal world */
	VM_FIRST = 5,
	VM_COUNT = 5, /* more than PEs */
	VCPUS = 3,
	ACTS = 4, /* of a partition before it rests */
	CLEARING = 40, /* rounds at the end in which they only go */
};

enum stage {
	BEGINNING,
	RAN,
	MAPPED,
	TOLD,
	FETCHED,
	SENT,
	REST, /* of all calls: their results may be one of a few */
};

static _Atomic bool describing; /* somebody uses the hypervisor's TX */
static _Atomic bool writing; /* somebody uses SP1's TX */

static _Atomic unsigned came, fetched, sent; /* how often that went well */

static void count(_Atomic unsigned *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static uint64_t bit_of(uint16_t vm)
{
	return UINT64_C(1) << vm;
}

static uint16_t some_vm(struct actor *actor)
{
	return (uint16_t)(VM_FIRST + actor_below(actor, VM_COUNT));
}

static uint64_t some_flags(struct actor *actor)
{
	return actor_below(actor, 2) == 0 ? 0 : SET_FOR_VCPU(actor_below(actor, VCPUS));
}

/** The outcome of anything here; what it depends on changes all the time. */
static void expect_outcome(const struct actor *actor, const uint64_t *x)
{
	if (x[0] != FFA_SUCCESS_32 &&
	    (x[0] != FFA_ERROR_32 ||
	     (x[2] != CODE(FFA_DENIED) && x[2] != CODE(FFA_INVALID_PARAMETERS) &&
	      x[2] != CODE(FFA_BUSY)))) {
		complain(actor, "an outcome that cannot be", x[2]);
	}
}

/* ---- messages -------------------------------------------------------------------------------------- */

static bool begin(_Atomic bool *flag)
{
	/* acquire: pairs with the release in end() */
	return !atomic_exchange_explicit(flag, true, memory_order_acquire);
}

static void end(_Atomic bool *flag)
{
	atomic_store_explicit(flag, false, memory_order_release);
}

static struct arch_exit map_buffers(struct actor *actor, struct arch_context *context)
{
	struct vm_descriptor descriptor = describe_vm(some_vm(actor), 1);

	memcpy(host_ram(paddr(vm_tx(NW))), &descriptor, sizeof(descriptor));
	actor->stage = MAPPED;
	return ACTOR_CALL(context, FFA_RXTX_MAP_64);
}

static struct arch_exit send(struct actor *actor, struct arch_context *context)
{
	struct ffa_message_header header = {
		.offset = sizeof(header),
		.endpoints = FFA_ENDPOINTS(actor->id, some_vm(actor)),
	};

	memcpy(host_ram(paddr(message_tx(actor->id))), &header, sizeof(header));
	actor->stage = SENT;
	return ACTOR_CALL(context, FFA_MSG_SEND2_32);
}

/* ---- partitions ------------------------------------------------------------------------------------ */

static struct arch_exit play_partition(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;
	uint16_t vm = some_vm(actor);

	switch ((enum stage)actor->stage) {
	case BEGINNING:
		actor->left = ACTS;
		break;
	case SENT:
		if (context->x[0] == FFA_SUCCESS_32) {
			count(&sent);
		}
		end(&writing);
		expect_outcome(actor, context->x);
		break;
	default:
		expect_outcome(actor, context->x);
	}
	if (actor->left-- == 0) {
		actor->stage = BEGINNING;
		return ACTOR_CALL(context, FFA_MSG_WAIT_32);
	}
	if (actor->id == SP1 && actor_below(actor, 3) == 0 && begin(&writing)) {
		return send(actor, context);
	}
	actor->stage = REST;
	return ACTOR_CALL(context, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(actor->id, vm),
			  some_flags(actor), bit_of(vm));
}

/* ---- the hypervisor -------------------------------------------------------------------------------- */

static struct arch_exit fetch(struct actor *actor, struct arch_context *context, uint16_t vm)
{
	actor->stage = FETCHED;
	actor->peer = vm;
	return ACTOR_CALL(context, FFA_NOTIFICATION_GET_32, actor_below(actor, VCPUS) << 16 | vm,
			  OF_SECURE);
}

/** What a VM that goes does. */
static struct arch_exit go(struct actor *actor, struct arch_context *context, uint16_t vm)
{
	actor->stage = REST;
	switch (actor_below(actor, 5)) {
	case 0:
		return ACTOR_CALL(context, FFA_NOTIFICATION_BITMAP_DESTROY_32, vm);
	case 1:
		return ACTOR_CALL(context, FFA_RXTX_UNMAP_32, (uint64_t)vm << 16);
	case 2:
		return ACTOR_CALL(context, FFA_RX_RELEASE_32, vm);
	default:
		return fetch(actor, context, vm);
	}
}

/** What a VM that comes does. */
static struct arch_exit come(struct actor *actor, struct arch_context *context, uint16_t vm)
{
	actor->stage = REST;
	switch (actor_below(actor, 6)) {
	case 0:
		return ACTOR_CALL(context, FFA_NOTIFICATION_BITMAP_CREATE_32, vm, VCPUS);
	case 1:
	case 2:
		return ACTOR_CALL(context, FFA_NOTIFICATION_BIND_32,
				  FFA_ENDPOINTS(SP1 + actor_below(actor, 2), vm),
				  actor_below(actor, 2), bit_of(vm));
	case 3:
		return ACTOR_CALL(context, FFA_RX_ACQUIRE_32, vm);
	case 4:
		return ACTOR_CALL(context, FFA_NOTIFICATION_UNBIND_32, FFA_ENDPOINTS(SP1, vm), 0,
				  bit_of(vm));
	default:
		if (begin(&describing)) {
			return map_buffers(actor, context);
		}
		return ACTOR_CALL(context, FFA_ID_GET_32);
	}
}

static struct arch_exit choose(struct actor *actor, struct arch_context *context)
{
	switch (actor->left <= CLEARING * VM_COUNT ? 1 : actor_below(actor, 5)) {
	case 0:
	case 3:
		return come(actor, context, some_vm(actor));
	case 1:
		return go(actor, context, some_vm(actor));
	case 2:
		actor->stage = RAN;
		return ACTOR_CALL(context, FFA_RUN_32, FFA_TARGET(SP1, actor->vcpu));
	default:
		actor->stage = TOLD;
		return ACTOR_CALL(context, FFA_NOTIFICATION_INFO_GET_64);
	}
}

static void check_fetched(const struct actor *actor, const uint64_t *x)
{
	if (x[0] == FFA_SUCCESS_32 && ((x[3] << 32 | x[2]) & ~bit_of(actor->peer)) != 0) {
		complain(actor, "a VM got another one's notification", x[2]);
	}
	if (x[0] == FFA_SUCCESS_32 && (x[3] | x[2]) != 0) {
		count(&fetched);
	}
}

/** Each list is of a VM that may be there, with vCPUs that it may have. */
static void check_told(const struct actor *actor, const uint64_t *x)
{
	unsigned at = 0;

	if (x[0] != FFA_SUCCESS_64) {
		return;
	}
	for (unsigned list = 0; list < (x[2] >> 7 & 0x1F); list++) {
		for (unsigned i = 0; i <= (x[2] >> (12 + 2 * list) & 3); i++, at++) {
			uint16_t id = (uint16_t)(x[3 + at / 4] >> 16 * (at % 4));

			if (i == 0 ? id < VM_FIRST || id >= VM_FIRST + VM_COUNT : id >= VCPUS) {
				complain(actor, "told of who cannot be there", id);
			}
		}
	}
}

static struct arch_exit play_normal_world(struct arch_context *context, void *argument)
{
	struct actor *actor = argument;
	const uint64_t *x = context->x;

	switch ((enum stage)actor->stage) {
	case BEGINNING:
		actor->left = ROUNDS;
		break;
	case MAPPED:
		if (x[0] == FFA_SUCCESS_32) {
			count(&came);
		}
		end(&describing);
		expect_outcome(actor, x);
		break;
	case TOLD:
		check_told(actor, x);
		break;
	case FETCHED:
		check_fetched(actor, x);
		expect_outcome(actor, x);
		break;
	case RAN:
		break;
	default:
		expect_outcome(actor, x);
	}
	if (--actor->left == CLEARING * VM_COUNT || actor->left == 0) {
		pes_meet();
	}
	if (actor->left == 0) {
		pes_finish(actor->vcpu);
	}
	return choose(actor, context);
}

TEST(vms_that_come_and_go_on_all_pes_at_once_get_what_is_theirs)
{
	struct partition_config *configs[4];

	notified_add(configs);
	system_boot(PES);
	map_hypervisor(1);
	give_buffers(SP1, 1);
	pes_run(play_normal_world, play_partition, 7);

	for (unsigned i = 0; i < VM_COUNT; i++) { /* all have gone */
		CHECK(vm_find(&the_spmc()->vms, (uint16_t)(VM_FIRST + i)) == NULL);
	}
	print_message("%u buffers, %u notifications, %u messages\n", came, fetched, sent);
	CHECK(came > ROUNDS / 100 && fetched > ROUNDS / 100 && sent > ROUNDS / 100);
	CHECK_EQUAL(the_spmc()->board.word[1] | the_spmc()->board.word[2], 0);
}
