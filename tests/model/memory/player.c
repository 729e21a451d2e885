/* SPDX-License-Identifier: BSD-3-Clause */
/* Composing the call of an action; looking at what it did. */
#include "tests/model/memory/player.h"

#include <stdio.h>
#include <string.h>

#include "tests/model/memory/view.h"

#define TAG 0x7a67U
#define FILLING UINT64_C(0x5aa5c33c5aa5c33c)

enum { WORDS = PAGE_SIZE / sizeof(uint64_t) };

struct player_handles player_handles;

static uint64_t addresses[PAGE_COUNT];
static uint64_t *memory[PAGE_COUNT];

/* Next to the pages, nothing may happen: a page of SP1 on both sides, one of the normal world, one of SP2. */
static struct {
	uint16_t id;
	uint64_t address;
	unsigned map;
} neighbours[] = { { SP1, 0, 0 }, { SP1, 0, 0 }, { SP2, 0, 0 }, { SP2, 0, 0 } };

enum { NEIGHBOURS = sizeof(neighbours) / sizeof(neighbours[0]) };

struct reference player_start(void)
{
	static const uint32_t versions[WHO_RUNS] = { FFA_VERSION_1_2, FFA_VERSION_1_2,
						     FFA_VERSION_1_2, FFA_VERSION_1_2 };
	uint8_t rights[PAGE_COUNT];

	machine_boot(1, versions, 0);
	addresses[PAGE_A] = page_of(SP1, 40);
	addresses[PAGE_B] = page_of(SP1, 41);
	addresses[PAGE_C] = ns_page(3);
	addresses[PAGE_D] = machine_ns_page(2);
	neighbours[0].address = addresses[PAGE_A] - PAGE_SIZE;
	neighbours[1].address = addresses[PAGE_B] + PAGE_SIZE;
	neighbours[2].address = addresses[PAGE_D] + PAGE_SIZE;
	neighbours[3].address = addresses[PAGE_C];
	for (unsigned i = 0; i < NEIGHBOURS; i++) {
		neighbours[i].map = view_map(neighbours[i].id, neighbours[i].address);
	}
	neighbours[3] = neighbours[0];
	rights[PAGE_A] = (uint8_t)view_map(SP1, addresses[PAGE_A]);
	rights[PAGE_B] = rights[PAGE_A];
	rights[PAGE_C] = ARCH_MAP_READ | ARCH_MAP_WRITE;
	rights[PAGE_D] = ARCH_MAP_READ | ARCH_MAP_WRITE;
	for (unsigned i = 0; i < PAGE_COUNT; i++) {
		memory[i] = host_ram(paddr(addresses[i]));
	}
	for (unsigned i = 0; i < MACHINE_TRANSACTIONS; i++) {
		/* Nobody's: a slot that others use first, of a generation that it has not had. */
		player_handles.of[i] = 0x700000000 +
				       (i + MACHINE_TRANSACTIONS - 1) % MACHINE_TRANSACTIONS;
	}
	return reference_start(rights);
}

/* ---- calls -------------------------------------------------------------------------------------- */

/** Pages next to each other are one constituent. */
static uint32_t ranges_of(unsigned pages, struct ffa_memory_range *ranges)
{
	uint32_t count = 0;

	for (unsigned n = 0; n < PAGE_COUNT; n++) {
		if ((pages >> n & 1) == 0) {
			continue;
		}
		if (count > 0 &&
		    ranges[count - 1].address + ranges[count - 1].page_count * PAGE_SIZE ==
			    addresses[n]) {
			ranges[count - 1].page_count++;
		} else {
			ranges[count++] = (struct ffa_memory_range){ addresses[n], 1, 0 };
		}
	}
	return count;
}

/** A VM's calls are made by its hypervisor. */
static enum who caller_of(const struct action *action)
{
	return action->who == WHO_VM1 ? WHO_NW : (enum who)action->who;
}

static bool is_exclusive(unsigned kind, unsigned borrower_count)
{
	return kind == TRANSACTION_DONATE || (kind == TRANSACTION_LEND && borrower_count == 1);
}

static struct mem_message message_of(const struct action *action)
{
	bool exclusive = is_exclusive(action->kind, action->borrower_count);
	struct mem_message message = {
		.sender = machine_id((enum who)action->who),
		.attributes = exclusive ? 0 : WB,
		.flags = action->zero,
		.tag = TAG,
		.receiver_count = action->borrower_count,
	};

	for (unsigned i = 0; i < action->borrower_count; i++) {
		message.receivers[i].id = machine_id((enum who)action->borrowers[i]);
		message.receivers[i].permissions = action->kind == TRANSACTION_DONATE
							   ? 0
							   : action->permissions[i];
	}
	return message;
}

static bool send(const struct action *action, uint32_t *rest)
{
	static const uint32_t fids[] = { 0, FFA_MEM_SHARE_32, FFA_MEM_LEND_32, FFA_MEM_DONATE_32 };
	struct ffa_memory_range ranges[PAGE_COUNT];
	struct mem_message message = message_of(action);
	enum who who = caller_of(action);
	bool half = action->operation == OP_SEND_HALF;
	const uint64_t *x;
	uint32_t total;

	message.ranges = ranges;
	message.range_count = ranges_of(action->pages, ranges);
	total = (uint32_t)mem_compose(machine_tx(who), FFA_VERSION_1_2, &message);
	*rest = message.range_count * (uint32_t)sizeof(ranges[0]);
	x = MACHINE_CALL(who, fids[action->kind], total, half ? total - *rest : total);
	if (machine_status(who) != FFA_OK) {
		return false;
	}
	REQUIRE(x[0] == (half ? FFA_MEM_FRAG_RX_32 : FFA_SUCCESS_32));
	player_handles.of[action->transaction] = half ? x[2] << 32 | x[1] : x[3] << 32 | x[2];
	return true;
}

static bool send_rest(const struct action *action)
{
	struct ffa_memory_range ranges[PAGE_COUNT];
	enum who who = caller_of(action);
	uint64_t handle = player_handles.of[action->transaction];
	uint32_t count = ranges_of(action->pages, ranges);

	memcpy(machine_tx(who), ranges, count * sizeof(ranges[0]));
	MACHINE_CALL(who, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32,
		     count * sizeof(ranges[0]));
	return machine_status(who) == FFA_OK;
}

/** All borrowers are listed; what is asked for is the caller's. */
static bool retrieve(const struct action *action)
{
	enum who who = caller_of(action);
	struct mem_message message = message_of(action);
	const uint64_t *x;
	uint32_t size;

	message.sender = machine_id((enum who)action->sender);
	message.attributes = 0;
	message.handle = player_handles.of[action->transaction];
	message.flags = action->zero | (action->zero_after ? FFA_MEMORY_FLAG_ZERO_AFTER : 0);
	for (unsigned i = 0; i < action->borrower_count; i++) {
		bool own = action->borrowers[i] == action->who;

		message.receivers[i].permissions = own ? action->permissions[0] : 0;
		message.receivers[i].flags = own || who != WHO_NW
						     ? 0
						     : FFA_MEMORY_ACCESS_NOT_RETRIEVING;
	}
	size = (uint32_t)mem_compose(machine_tx(who), FFA_VERSION_1_2, &message);
	x = MACHINE_CALL(who, FFA_MEM_RETRIEVE_REQ_32, size, size);
	if (machine_status(who) != FFA_OK) {
		return false;
	}
	REQUIRE(x[0] == FFA_MEM_RETRIEVE_RESP_32 && x[1] == x[2]);
	MACHINE_CALL(who, FFA_RX_RELEASE_32);
	REQUIRE(machine_status(who) == FFA_OK);
	return true;
}

static bool relinquish(const struct action *action)
{
	enum who who = caller_of(action);
	struct ffa_memory_relinquish head = {
		.handle = player_handles.of[action->transaction],
		.flags = action->zero,
		.endpoint_count = 1,
	};
	uint16_t id = machine_id((enum who)action->who);

	memcpy(machine_tx(who), &head, sizeof(head));
	memcpy(machine_tx(who) + sizeof(head), &id, sizeof(id));
	MACHINE_CALL(who, FFA_MEM_RELINQUISH_32);
	return machine_status(who) == FFA_OK;
}

static bool perform(const struct action *action)
{
	enum who who = caller_of(action);
	uint64_t handle = player_handles.of[action->transaction];
	uint32_t rest;

	switch ((enum operation)action->operation) {
	case OP_SEND:
	case OP_SEND_HALF:
		return send(action, &rest);
	case OP_SEND_REST:
		return send_rest(action);
	case OP_CANCEL:
		MACHINE_CALL(who, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED);
		/* The answer to one that was not accepted is an error as well. */
		return machine_status(who) == FFA_OK;
	case OP_RETRIEVE:
		return retrieve(action);
	case OP_RELINQUISH:
		return relinquish(action);
	case OP_RECLAIM:
		MACHINE_CALL(who, FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, action->zero);
		return machine_status(who) == FFA_OK;
	case OP_ABORT:
		machine_abort(who);
		return true;
	}
	return false;
}

bool player_perform(const struct action *action)
{
	bool accepted = perform(action);

	machine_forget_registers();
	return accepted;
}

/* ---- looking ------------------------------------------------------------------------------------ */

void player_fill_pages(void)
{
	for (unsigned i = 0; i < PAGE_COUNT; i++) {
		memory[i][0] = FILLING;
		memory[i][WORDS - 1] = FILLING;
	}
}

void player_check_pages(uint8_t zeroed)
{
	for (unsigned i = 0; i < PAGE_COUNT; i++) {
		uint64_t expected = (zeroed >> i & 1) != 0 ? 0 : FILLING;

		REQUIRE(memory[i][0] == expected);
		REQUIRE(memory[i][WORDS - 1] == expected);
	}
}

/** What a PE's walk reaches, for one kind of access. */
static void check_reach(unsigned n, enum who who, unsigned map)
{
	static const unsigned kinds[] = { ARCH_MAP_READ, ARCH_MAP_WRITE, ARCH_MAP_EXECUTE };
	const struct arch_space_root *root = &partition_of(machine_id(who))->space.root;

	for (unsigned i = 0; i < 3; i++) {
		bool expected = (map & VIEW_HIDDEN) == 0 && (map & kinds[i]) != 0;
		bool reached = host_reach(root, addresses[n], WORLD_SECURE, kinds[i]) != NULL ||
			       host_reach(root, addresses[n], WORLD_NON_SECURE, kinds[i]) != NULL;

		REQUIRE(reached == expected);
	}
}

void player_check(const struct reference *reference)
{
	unsigned live = 0;

	for (unsigned n = 0; n < PAGE_COUNT; n++) {
		for (enum who who = WHO_SP1; who < WHO_RUNS; who++) {
			unsigned map = reference_map(reference, n, who);

			REQUIRE(view_map(machine_id(who), addresses[n]) == map);
			check_reach(n, who, map);
		}
		REQUIRE((view_record(addresses[n]) != 0) == reference_is_recorded(reference, n));
	}
	for (unsigned i = 0; i < NEIGHBOURS; i++) {
		REQUIRE(view_map(neighbours[i].id, neighbours[i].address) == neighbours[i].map);
	}
	for (unsigned i = 0; i < MACHINE_TRANSACTIONS; i++) {
		live += reference->transactions[i].kind != 0 ? 1 : 0;
	}
	REQUIRE(view_transactions() == live);
	view_check();
}

void player_print(const struct action *action)
{
	static const char *const operations[] = { "send",     "send half",  "send rest", "cancel",
						  "retrieve", "relinquish", "reclaim",   "abort" };
	static const char *const names[] = { "nw", "sp1", "sp2", "sp4", "vm1" };

	printf("    %s: %s transaction %u, kind %u, pages 0x%x, zero %u %u, to", names[action->who],
	       operations[action->operation], action->transaction, action->kind, action->pages,
	       action->zero, action->zero_after);
	for (unsigned i = 0; i < action->borrower_count || i < 1; i++) {
		printf(" %s 0x%x", names[action->borrowers[i]], action->permissions[i]);
	}
	printf("\n");
}
