/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All calls that touch RX buffers (mapped by their owner or its hypervisor, filled with lists and messages,
 * released, acquired, given back by waiting) by a hypervisor, a VM and partitions at S-EL1 and S-EL0, against
 * a small state machine for each: every call in every state that its endpoint can be in, and random
 * sequences. After every call the result, the owner, the unread notifications are the model's, and no byte of
 * a buffer has changed but by a call that says so. RX_SEED=N repeats a sequence and shows it.
 */
#include <stdlib.h>

#include "tests/model/chance.h"
#include "tests/model/rx_model.h"
#include "tests/unit/ffa/notification_fixture.h"

enum {
	SEED_COUNT = 50,
	STEP_COUNT = 1000,
	STATE_COUNT = 4 * 4 * 2, /* owner, unread, notified */
	PATH_MAX = 12, /* calls that lead to a state */
};

static const uint16_t ids[] = {
	[HYPERVISOR] = NW, [VM] = VM1, [S_EL1] = SP1, [S_EL0] = SP3, [DEAF] = WITHOUT,
};

static struct rx_model model;
static uint8_t contents[ENDPOINT_COUNT][PAGE_SIZE]; /* of each RX */
static bool shown;

static void *rx_memory(enum rx_endpoint endpoint)
{
	return host_ram(paddr(message_rx(ids[endpoint])));
}

/* ---- the calls ------------------------------------------------------------------------------------ */

/** The message of @from in its TX; nothing of it is read when there is none. */
static void compose(enum rx_endpoint from, enum rx_endpoint to)
{
	struct ffa_message_header header = {
		.offset = sizeof(header),
		.endpoints = FFA_ENDPOINTS(ids[from], ids[to]),
	};

	memcpy(host_ram(paddr(message_tx(ids[from]))), &header, sizeof(header));
}

static void call_map(uint16_t caller, enum rx_endpoint subject)
{
	uint16_t id = ids[subject];

	if (subject == VM) {
		struct vm_descriptor descriptor = describe_vm(VM1, 1);

		forward_map(&descriptor);
	} else {
		CALL(caller, FFA_RXTX_MAP_64, message_tx(id), message_rx(id), 1);
	}
}

static void call_send(uint16_t caller, const struct rx_step *step)
{
	compose(step->from, step->subject);
	CALL(caller, FFA_MSG_SEND2_32, caller == NW ? (uint64_t)ids[step->from] << 16 : 0);
}

/** The call itself; @caller runs. */
static void call(uint16_t caller, const struct rx_step *step)
{
	uint16_t id = ids[step->subject];
	uint64_t vm = caller == NW ? id : 0; /* whom the hypervisor speaks for */

	switch (step->action) {
	case MAP:
		call_map(caller, step->subject);
		break;
	case UNMAP:
		CALL(caller, FFA_RXTX_UNMAP_32, vm << 16);
		break;
	case RELEASE:
		CALL(caller, FFA_RX_RELEASE_32, vm);
		break;
	case ACQUIRE:
		CALL(NW, FFA_RX_ACQUIRE_32, id);
		break;
	case DISCOVER:
	case COUNT_ONLY:
		CALL(caller, FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, step->action == COUNT_ONLY);
		break;
	case SEND_TO:
		call_send(caller, step);
		break;
	case FETCH_OF_SPMC:
	case FETCH_OF_HYPERVISOR:
	case FETCH_BOTH:
		CALL(caller, FFA_NOTIFICATION_GET_32, id,
		     (step->action == FETCH_OF_HYPERVISOR ? 0 : OF_SPMC) |
			     (step->action == FETCH_OF_SPMC ? 0 : OF_HYPERVISOR));
		break;
	case WAIT:
	case WAIT_DENIED:
		CALL(caller, FFA_MSG_WAIT_32);
		break;
	case WAIT_RETAINING:
		CALL(caller, FFA_MSG_WAIT_32, 0, 1);
		break;
	case CREATE:
		CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, id, 1);
		break;
	case DESTROY:
		CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, id);
		break;
	case ACTION_COUNT:
		break;
	}
}

/** Who makes the call of @step. */
static uint16_t caller_of(const struct rx_step *step)
{
	if (step->action == ACQUIRE) {
		return NW;
	}
	return speaker(ids[step->action == SEND_TO ? step->from : step->subject]);
}

static bool waits(const struct rx_step *step)
{
	return step->action == WAIT || step->action == WAIT_RETAINING;
}

/** Gives @caller cycles, so that it may wait or, with WAIT_DENIED, may not. */
static void begin_turn(uint16_t caller, const struct rx_step *step)
{
	if (step->action == WAIT_DENIED) {
		request(NW, caller);
	} else if (caller != NW) {
		CALL(NW, FFA_RUN_32, FFA_TARGET(caller, 0));
	}
	CHECK_EQUAL(running(), caller);
}

/** The normal world runs again; nobody gives a buffer back by that. */
static void end_turn(uint16_t caller, const struct rx_step *step)
{
	if (step->action == WAIT_DENIED) {
		respond(caller, NW);
	} else if (caller != NW && !waits(step)) {
		CALL(caller, FFA_MSG_WAIT_32, 0, 1);
	}
	CHECK_EQUAL(running(), NW);
}

/* ---- checks --------------------------------------------------------------------------------------- */

static void check_result(uint16_t caller, const struct rx_step *step,
			 const struct rx_outcome *outcome)
{
	if (outcome->status != FFA_OK) {
		CHECK_REFUSED(caller, outcome->status);
	} else if (waits(step)) {
		CHECK_GOT(NW, FFA_MSG_WAIT_32);
	} else if (step->action == DISCOVER) {
		CHECK_GOT(caller, FFA_SUCCESS_32, 0, 4, sizeof(struct ffa_partition_info_v1_1));
	} else if (step->action == COUNT_ONLY) {
		CHECK_GOT(caller, FFA_SUCCESS_32, 0, 4);
	} else {
		CHECK_GOT(caller, FFA_SUCCESS_32, 0, 0, 0, 0, 0, outcome->fetched & UNREAD_OF_SPMC,
			  outcome->fetched >> 1);
	}
}

static void check_endpoint(enum rx_endpoint endpoint)
{
	static const enum rx_state states[] = { RX_EMPTY, RX_EMPTY, RX_FULL, RX_ACQUIRED };
	const struct rx_state_of_endpoint *expected = &model.of[endpoint];
	const struct endpoint *actual = spmc_endpoint(the_spmc(), ids[endpoint]);

	if (actual == NULL) { /* a VM that the SPMC has forgotten */
		CHECK(expected->owner == UNMAPPED && !expected->notified);
		return;
	}
	CHECK_EQUAL(actual->mailbox.mapped, expected->owner != UNMAPPED);
	CHECK_EQUAL(mailbox_rx_state(&actual->mailbox), states[expected->owner]);
	CHECK_EQUAL(notif_set_is_enabled(&actual->notifications), expected->notified);
	CHECK_EQUAL(actual->notifications.framework,
		    ((expected->unread & UNREAD_OF_SPMC) != 0 ? NOTIF_SPMC_RX_FULL : 0) |
			    ((expected->unread & UNREAD_OF_HYPERVISOR) != 0
				     ? NOTIF_HYPERVISOR_RX_FULL
				     : 0));
}

/** What has just been written to the subject's RX is what the step says; @step is served. */
static void check_written(const struct rx_step *step)
{
	const uint32_t *words = rx_memory(step->subject);

	if (step->action == DISCOVER) {
		CHECK_EQUAL(words[0] & 0xFFFF, SP1);
	} else {
		CHECK_EQUAL(words[3], FFA_ENDPOINTS(ids[step->from], ids[step->subject]));
	}
	memcpy(contents[step->subject], words, PAGE_SIZE);
}

static void check_contents(void)
{
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		CHECK_BYTES(rx_memory((enum rx_endpoint)i), contents[i], PAGE_SIZE);
	}
}

/* ---- sequences ------------------------------------------------------------------------------------ */

static void show_step(const struct rx_step *step, const struct rx_outcome *outcome)
{
	static const char *const names[] = {
		"map",   "unmap",     "release", "acquire", "discover",
		"count", "send",      "fetch 1", "fetch 2", "fetch 3",
		"wait",  "wait keep", "wait no", "create",  "destroy"
	};

	if (shown) {
		print_message("%-9s of %04x (from %04x), owner %u, unread %u: %d\n",
			      names[step->action], ids[step->subject], ids[step->from],
			      model.of[step->subject].owner, model.of[step->subject].unread,
			      outcome->status);
	}
}

static void take_step(const struct rx_step *step)
{
	struct rx_outcome outcome = rx_take_step(&model, step);
	uint16_t caller = caller_of(step);

	show_step(step, &outcome);
	begin_turn(caller, step);
	call(caller, step);
	check_result(caller, step, &outcome);
	if (outcome.written) {
		check_written(step);
	}
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		check_endpoint((enum rx_endpoint)i);
	}
	end_turn(caller, step);
	check_contents();
}

static void begin(void)
{
	struct partition_config *configs[4];

	notified_add(configs);
	system_boot(1);
	memset(&model, 0, sizeof(model));
	model.of[S_EL1].notified = true;
	model.of[S_EL0].notified = true;
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		memcpy(contents[i], rx_memory((enum rx_endpoint)i), PAGE_SIZE);
	}
}

static struct rx_step random_step(void)
{
	struct rx_step step;

	do {
		step.action = (enum rx_action)below(ACTION_COUNT);
		step.subject = (enum rx_endpoint)below(ENDPOINT_COUNT);
		step.from = (enum rx_endpoint)below(ENDPOINT_COUNT);
		if (step.action == UNMAP && below(3) != 0) { /* or nothing gets far */
			step.action = SEND_TO;
		}
	} while (!rx_step_exists(&step));
	return step;
}

static void run_sequence(uint64_t seed)
{
	chance_state = seed;
	begin();
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		struct rx_step step = random_step();

		take_step(&step);
	}
}

TEST(random_calls_that_touch_rx_buffers_are_what_the_model_says)
{
	const char *wanted = getenv("RX_SEED");

	shown = wanted != NULL;
	if (shown) {
		run_sequence(strtoull(wanted, NULL, 0));
		return;
	}
	for (unsigned seed = 1; seed <= SEED_COUNT; seed++) {
		print_message("RX_SEED=%u\n", seed);
		run_sequence(seed);
	}
}

/* ---- every call in every state --------------------------------------------------------------------- */

/** How a state of an endpoint is reached: calls about it, once the others have their buffers. */
struct path {
	struct rx_model model; /* at its end */
	struct rx_step steps[PATH_MAX];
	unsigned length;
};

static unsigned state_number(const struct rx_state_of_endpoint *state)
{
	return ((unsigned)state->owner * 4 + state->unread) * 2 + (state->notified ? 1 : 0);
}

/** All steps about @subject, one after the other; start with 0. False: that was the last. */
static bool next_step(unsigned *n, enum rx_endpoint subject, struct rx_step *step)
{
	while (*n < (unsigned)ACTION_COUNT * (unsigned)ENDPOINT_COUNT) {
		*step = (struct rx_step){ .action = (enum rx_action)(*n / ENDPOINT_COUNT),
					  .subject = subject,
					  .from = (enum rx_endpoint)(*n % ENDPOINT_COUNT) };
		(*n)++;
		/* Of other calls than messages, once. */
		if (rx_step_exists(step) && (step->action == SEND_TO || step->from == 0)) {
			return true;
		}
	}
	return false;
}

/** Everybody but @subject has buffers. */
static void others_map(enum rx_endpoint subject)
{
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		struct rx_step step = { .action = MAP, .subject = (enum rx_endpoint)i };

		if (step.subject != subject) {
			take_step(&step);
		}
	}
}

/** Shortest paths to all states of @subject; returns how many there are. */
static unsigned find_paths(enum rx_endpoint subject, struct path paths[STATE_COUNT])
{
	bool found[STATE_COUNT] = { false };
	unsigned count = 1;

	begin();
	others_map(subject);
	paths[0] = (struct path){ .model = model };
	found[state_number(&model.of[subject])] = true;
	for (unsigned i = 0; i < count; i++) {
		struct rx_step step;

		for (unsigned n = 0; next_step(&n, subject, &step);) {
			struct path path = paths[i];

			(void)rx_take_step(&path.model, &step);
			if (!found[state_number(&path.model.of[subject])]) {
				CHECK(path.length < PATH_MAX);
				path.steps[path.length++] = step;
				found[state_number(&path.model.of[subject])] = true;
				paths[count++] = path;
			}
		}
	}
	return count;
}

/** Tries each call about @subject in each state of it, of which there are @state_count. */
static void try_everything(enum rx_endpoint subject, unsigned state_count)
{
	static struct path paths[STATE_COUNT];
	unsigned count = find_paths(subject, paths), tried = 0;
	struct rx_step step;

	CHECK_EQUAL(count, state_count);
	for (unsigned i = 0; i < count; i++) {
		for (unsigned n = 0; next_step(&n, subject, &step);) {
			begin();
			others_map(subject);
			for (unsigned at = 0; at < paths[i].length; at++) {
				take_step(&paths[i].steps[at]);
			}
			take_step(&step);
			tried++;
		}
	}
	print_message("%u states, %u calls in them\n", count, tried);
}

/* Owners unmapped, empty, full; with notifications, and full with one unread. */
TEST(every_call_in_every_state_of_the_hypervisors_buffer)
{
	try_everything(HYPERVISOR, 7);
}

/* The same, and acquired. */
TEST(every_call_in_every_state_of_a_vms_buffer)
{
	try_everything(VM, 9);
}

/* Either of two notifications. */
TEST(every_call_in_every_state_of_an_s_el1_partitions_buffer)
{
	try_everything(S_EL1, 5);
}

TEST(every_call_in_every_state_of_an_s_el0_partitions_buffer)
{
	try_everything(S_EL0, 5);
}

TEST(every_call_in_every_state_of_the_buffer_of_a_partition_without_notifications)
{
	try_everything(DEAF, 3);
}
