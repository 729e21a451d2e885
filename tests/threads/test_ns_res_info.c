/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of FFA_NS_RES_INFO_GET while, on other PEs, memory is shared, lent, retrieved and given back without a
 * pause. Each list is of one moment: nothing is missing that was on its way from one state to another, nothing
 * is there twice.
 *
 *   SP2  retrieves and relinquishes what the normal world has shared with it for good (three ranges), lends a
 *        page of its own to SP1 and takes it back
 *   SP1  retrieves and relinquishes that page when it can
 *   NW   on one PE shares and reclaims something else, on another asks for lists
 */
#include <pthread.h>
#include <string.h>

#include "tests/model/memory/machine.h"
#include "tests/model/memory/view.h"

enum {
	LISTS = 500,
	LOOKER = WHO_RUNS, /* the further PE of the normal world */
	RANGES = 3,
};

static _Atomic bool over;
static _Atomic uint64_t lent; /* handle; 0: not lent */
static uint64_t shared; /* handle */
static struct ffa_memory_range ranges[RANGES];
static unsigned retrieved_count, lent_count, borrowed_count, reclaimed_count;

static bool is_accepted(const uint64_t *x)
{
	return (uint32_t)x[0] != FFA_ERROR_32;
}

static bool is_over(void)
{
	return atomic_load_explicit(&over, memory_order_relaxed);
}

/* ---- what they do ------------------------------------------------------------------------------- */

static uint64_t send(enum who who, uint32_t fid, const struct mem_message *message)
{
	uint32_t size = (uint32_t)mem_compose(machine_tx(who), FFA_VERSION_1_2, message);
	const uint64_t *x = MACHINE_CALL(who, fid, size, size);

	return is_accepted(x) ? x[3] << 32 | x[2] : UINT64_MAX;
}

static bool retrieve(enum who who, struct mem_message message, enum transaction_kind kind,
		     uint64_t handle)
{
	struct mem_message request = request_for(&message, kind, handle);
	uint32_t size = (uint32_t)mem_compose(machine_tx(who), FFA_VERSION_1_2, &request);

	if (!is_accepted(MACHINE_CALL(who, FFA_MEM_RETRIEVE_REQ_32, size, size))) {
		return false;
	}
	MACHINE_CALL(who, FFA_RX_RELEASE_32);
	return true;
}

static bool relinquish(enum who who, uint64_t handle)
{
	struct ffa_memory_relinquish head = { .handle = handle, .endpoint_count = 1 };
	uint16_t id = machine_id(who);

	memcpy(machine_tx(who), &head, sizeof(head));
	memcpy(machine_tx(who) + sizeof(head), &id, sizeof(id));
	return is_accepted(MACHINE_CALL(who, FFA_MEM_RELINQUISH_32));
}

static bool reclaim(enum who who, uint64_t handle)
{
	return is_accepted(
		MACHINE_CALL(who, FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 0));
}

static struct mem_message shared_message(void)
{
	struct mem_message message = message_for(TRANSACTION_SHARE, NW, SP2, ranges);

	message.range_count = RANGES;
	return message;
}

static struct mem_message lent_message(struct ffa_memory_range *range)
{
	*range = (struct ffa_memory_range){ machine_ns_page(0), 1, 0 };
	return message_for(TRANSACTION_LEND, SP2, SP1, range);
}

static void *run_sp2(void *unused)
{
	struct ffa_memory_range range;
	struct mem_message message = lent_message(&range);
	uint64_t handle;

	(void)unused;
	while (!is_over()) {
		REQUIRE(retrieve(WHO_SP2, shared_message(), TRANSACTION_SHARE, shared));
		retrieved_count++;
		REQUIRE(relinquish(WHO_SP2, shared));
		handle = send(WHO_SP2, FFA_MEM_LEND_32, &message);
		REQUIRE(handle != UINT64_MAX);
		lent_count++;
		atomic_store_explicit(&lent, handle, memory_order_relaxed);
		while (!reclaim(WHO_SP2, handle)) {
			REQUIRE(machine_status(WHO_SP2) == FFA_DENIED); /* SP1 has it */
		}
		atomic_store_explicit(&lent, 0, memory_order_relaxed);
	}
	return NULL;
}

static void *run_sp1(void *unused)
{
	struct ffa_memory_range range;
	struct mem_message message = lent_message(&range);

	(void)unused;
	while (!is_over()) {
		uint64_t handle = atomic_load_explicit(&lent, memory_order_relaxed);

		if (handle != 0 && retrieve(WHO_SP1, message, TRANSACTION_LEND, handle)) {
			borrowed_count++;
			REQUIRE(relinquish(WHO_SP1, handle));
		}
	}
	return NULL;
}

static void *run_normal_world(void *unused)
{
	struct ffa_memory_range range = { ns_page(20), 1, 0 };
	struct mem_message message = message_for(TRANSACTION_SHARE, NW, SP2, &range);

	(void)unused;
	while (!is_over()) {
		uint64_t handle = send(WHO_NW, FFA_MEM_SHARE_32, &message);

		REQUIRE(handle != UINT64_MAX);
		REQUIRE(reclaim(WHO_NW, handle));
		reclaimed_count++;
	}
	return NULL;
}

/* ---- what is seen ------------------------------------------------------------------------------- */

enum seen {
	NOTHING,
	DIRECT,
	INDIRECT,
	TWICE,
};

/** How the list in RX says that @id reaches @page. */
static enum seen look(uint64_t page, uint16_t id)
{
	const struct ffa_ns_res_info *head = (const void *)machine_rx(WHO_NW);
	const struct ffa_ns_range *entry = (const void *)(head + 1);
	enum seen seen = NOTHING;

	for (uint32_t i = 0; i < head->entry_count; i++, entry++) {
		if (entry->endpoint == id && page >= entry->address &&
		    page < entry->address + entry->page_count * PAGE_SIZE) {
			seen = seen != NOTHING ? TWICE : entry->flags == 0 ? DIRECT : INDIRECT;
		}
	}
	return seen;
}

struct sights {
	unsigned shared[TWICE], own[TWICE], borrowed[TWICE], other[TWICE];
};

static void check_list(struct sights *sights)
{
	enum seen first = look(ranges[0].address, SP2);
	enum seen own = look(machine_ns_page(0), SP2), borrowed = look(machine_ns_page(0), SP1);
	enum seen other = look(ns_page(20), SP2);

	REQUIRE(first == DIRECT || first == INDIRECT);
	for (unsigned i = 1; i < RANGES; i++) {
		REQUIRE(look(ranges[i].address, SP2) == first);
	}
	REQUIRE(own == DIRECT || own == INDIRECT);
	REQUIRE((borrowed != NOTHING) == (own == INDIRECT) && borrowed != TWICE);
	REQUIRE(other == NOTHING || other == INDIRECT);
	sights->shared[first]++;
	sights->own[own]++;
	sights->borrowed[borrowed]++;
	sights->other[other]++;
}

static struct sights sights;

static void *look_on(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < LISTS; i++) {
		const uint64_t *x = MACHINE_CALL((enum who)LOOKER, FFA_NS_RES_INFO_GET_64, 0, 0);

		REQUIRE(x[0] == FFA_SUCCESS_64 && (uint32_t)x[2] == 0);
		check_list(&sights);
		MACHINE_CALL((enum who)LOOKER, FFA_RX_RELEASE_32);
	}
	atomic_store_explicit(&over, true, memory_order_relaxed);
	return NULL;
}

TEST(lists_are_of_one_moment_while_memory_changes_hands_on_other_pes)
{
	static const uint32_t versions[WHO_RUNS] = { FFA_VERSION_1_3, FFA_VERSION_1_2,
						     FFA_VERSION_1_2, FFA_VERSION_1_2 };
	static void *(*const parts[])(void *) = { run_normal_world, run_sp1, run_sp2, look_on };
	struct mem_message message;
	pthread_t ids[4];

	machine_boot(1, versions, 1);
	host_table_hook(NULL, NULL); /* the fixture counts for one thread */
	host_allow_waiting();
	for (unsigned i = 0; i < RANGES; i++) {
		ranges[i] = (struct ffa_memory_range){ ns_page(2 * i), 1, 0 };
	}
	message = shared_message();
	shared = send(WHO_NW, FFA_MEM_SHARE_32, &message);
	CHECK(shared != UINT64_MAX);

	for (unsigned i = 0; i < 4; i++) {
		CHECK_EQUAL(pthread_create(&ids[i], NULL, parts[i], NULL), 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		CHECK_EQUAL(pthread_join(ids[i], NULL), 0);
	}

	/* It was no idle dance. */
	CHECK(retrieved_count > 100 && lent_count > 100 && reclaimed_count > 100);
	CHECK(borrowed_count > 0);
	CHECK(sights.shared[DIRECT] > 0 && sights.shared[INDIRECT] > 0);
	CHECK(sights.own[DIRECT] > 0 && sights.own[INDIRECT] > 0);
	CHECK(sights.other[NOTHING] > 0 && sights.other[INDIRECT] > 0);
	CHECK(reclaim(WHO_NW, shared));
	CHECK_EQUAL(view_transactions(), 0);
	view_check();
}
