/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transactions at random on all PEs at the same time. Each PE has slots of memory of its own, of three owners, and
 * knows what became of each call before: the status must be that one, and whoever has the memory must find in it what
 * was written last. The partitions, their buffers and tables, and the SPMC's are everybody's.
 */
#include "normal-world/tests/memory.h"

enum {
	OPERATIONS = 10000, /* of all PEs */
	SLOTS = 7, /* of a PE: three of the normal world, three of one partition, one of another */
	SLOT_PAGES = 8,
	BORROWERS = 3,
};

struct slot {
	uint16_t owner;
	uint64_t base;
	uint64_t seed; /* of what it holds */
	bool sent;
	bool zero; /* somebody who had it has asked for it */
	struct deal deal;
	bool held[BORROWERS]; /* by the borrower with this number */
	bool zeroes[BORROWERS]; /* it wants that when it leaves */
};

struct player {
	uint64_t state; /* of the random numbers */
	uint64_t seed; /* the last one written */
	uint16_t others[BORROWERS]; /* who may be a borrower here */
	struct slot slots[SLOTS];
	unsigned done[2]; /* refused, granted */
};

static struct player players[PE_MAX];

static uint64_t below(struct player *player, uint64_t limit)
{
	return random_next(&player->state) % limit;
}

static void prepare(struct player *player, unsigned pe)
{
	/* One context serves one PE only. */
	static const uint16_t own[] = { MEM_UP11, MEM_OLD, MEM_EL0 };

	*player = (struct player){
		.state = 0x3E3 + pe,
		.seed = (uint64_t)pe << 40,
		.others = { MEM_MP, MEM_MP2, pe < 3 ? own[pe] : MEM_MP2 },
	};
	for (unsigned i = 0; i < SLOTS; i++) {
		struct slot *slot = &player->slots[i];

		slot->owner = i < 3 ? OS : i < 6 ? MEM_MP : MEM_MP2;
		slot->base = i < 3   ? OS_POOL((pe * 3 + i) * SLOT_PAGES)
			     : i < 6 ? POOL_MP + (pe * 3 + i - 3) * SLOT_PAGES * 4096UL
				     : POOL_MP2 + pe * SLOT_PAGES * 4096UL;
	}
}

/** A transaction of @slot as it might be. */
static void choose(struct player *player, struct slot *slot)
{
	unsigned wanted = 1 + (unsigned)below(player, BORROWERS);
	unsigned first = (unsigned)below(player, BORROWERS);
	uint32_t function = below(player, 2) == 0 ? SHARE : LEND;
	struct deal *deal = &slot->deal;
	unsigned count = 0;

	for (unsigned i = 0; i < BORROWERS && count < wanted; i++) {
		uint16_t id = player->others[(first + i) % BORROWERS];
		uint8_t permissions = below(player, 4) == 0 ? RO : RW;
		struct memory_borrower *before = deal->transaction.borrowers;

		if (id == slot->owner || (count == 1 && before[0].id == id) ||
		    (count == 2 && (before[0].id == id || before[1].id == id))) {
			continue;
		}
		if (count++ == 0) {
			*deal = deal_of(function, slot->owner, slot->base, 1, id);
			deal->transaction.borrowers[0].permissions = permissions;
		} else {
			deal_add(deal, id, permissions);
		}
	}
	deal_spread(deal, 1 + below(player, 2), 0x2000, 1 + below(player, SLOT_PAGES / 2));
	deal->transaction.tag = player->state;
	if (function == LEND && below(player, 4) == 0) {
		deal->transaction.flags = FFA_MEMORY_FLAG_ZERO;
	}
}

static int borrower_number(const struct slot *slot, uint16_t id)
{
	for (unsigned i = 0; i < slot->deal.transaction.borrower_count; i++) {
		if (slot->deal.transaction.borrowers[i].id == id) {
			return (int)i;
		}
	}
	return -1;
}

static bool is_held(const struct slot *slot)
{
	return slot->held[0] || slot->held[1] || slot->held[2];
}

static void fill(struct player *player, struct slot *slot, uint16_t id)
{
	slot->seed = ++player->seed << 8;
	write_ranges(id, &slot->deal.ranges, slot->seed);
}

/* ---- operations, each with the status it must have -------------------------------------------------- */

static enum ffa_status give(struct player *player, struct slot *slot)
{
	struct slot again = *slot;

	if (slot->sent) {
		again.deal.ranges.base += 0x2000 * below(player, slot->deal.ranges.count);
		deal_spread(&again.deal, 1, 0, 1);
		CHECK_STATUS(deal_send(&again.deal), FFA_DENIED);
		return FFA_DENIED;
	}
	choose(player, slot);
	fill(player, slot, slot->owner);
	CHECK_OK(deal_send(&slot->deal));
	slot->sent = true;
	slot->zero = false;
	if (slot->deal.transaction.flags != 0) {
		slot->seed = 0;
	}
	return FFA_OK;
}

static enum ffa_status retrieve(struct player *player, struct slot *slot, uint16_t id)
{
	int n = borrower_number(slot, id);
	enum ffa_status expected = !slot->sent || n < 0 ? FFA_INVALID_PARAMETERS
				   : slot->held[n]      ? FFA_DENIED
							: FFA_OK;
	struct memory_transaction request = deal_request(&slot->deal, id);
	bool writes = n >= 0 && slot->deal.transaction.borrowers[n].permissions == RW;
	bool zeroes = slot->deal.function == LEND && writes && below(player, 4) == 0;

	if (slot->deal.ranges.count == 0) {
		return FFA_DENIED; /* never sent so far */
	}
	request.flags = zeroes ? FFA_MEMORY_FLAG_ZERO_AFTER : 0;
	CHECK_STATUS(deal_retrieve_as(&slot->deal, id, &request), expected);
	if (expected != FFA_OK) {
		return expected;
	}
	slot->held[n] = true;
	slot->zeroes[n] = zeroes;
	CHECK_HOLDS(id, &slot->deal, slot->seed);
	if (writes) {
		fill(player, slot, id);
	}
	return FFA_OK;
}

static enum ffa_status relinquish(struct player *player, struct slot *slot, uint16_t id)
{
	int n = borrower_number(slot, id);
	bool held = slot->sent && n >= 0 && slot->held[n];
	bool zeroes = held && slot->deal.function == LEND &&
		      slot->deal.transaction.borrowers[n].permissions == RW &&
		      below(player, 3) == 0;

	if (slot->deal.ranges.count == 0) {
		return FFA_DENIED;
	}
	CHECK_STATUS(deal_relinquish(&slot->deal, id, zeroes ? FFA_MEMORY_FLAG_ZERO : 0),
		     held ? FFA_OK : FFA_INVALID_PARAMETERS);
	if (!held) {
		return FFA_INVALID_PARAMETERS;
	}
	slot->held[n] = false;
	slot->zero = slot->zero || zeroes || slot->zeroes[n];
	if (!is_held(slot) && slot->zero) {
		slot->seed = 0;
		slot->zero = false;
	}
	return FFA_OK;
}

static enum ffa_status reclaim(struct player *player, struct slot *slot)
{
	bool zeroes = below(player, 4) == 0;
	enum ffa_status expected = !slot->sent     ? FFA_INVALID_PARAMETERS
				   : is_held(slot) ? FFA_DENIED
						   : FFA_OK;

	if (slot->deal.ranges.count == 0) {
		return FFA_DENIED;
	}
	CHECK_STATUS(deal_reclaim(&slot->deal, zeroes ? FFA_MEMORY_FLAG_ZERO : 0), expected);
	if (expected != FFA_OK) {
		return expected;
	}
	slot->sent = false;
	if (zeroes) {
		slot->seed = 0;
	}
	CHECK_HOLDS(slot->owner, &slot->deal, slot->seed);
	return FFA_OK;
}

static bool can_fault(uint16_t id)
{
	return id != OS && subject_of(id)->el1;
}

/** Whoever has it finds what was written last; whoever has it not is told. */
static enum ffa_status look(struct slot *slot, uint16_t id)
{
	int n = borrower_number(slot, id);

	if (slot->deal.ranges.count == 0) {
		return FFA_DENIED;
	}
	if (slot->sent && n >= 0 && slot->held[n]) {
		CHECK_HOLDS(id, &slot->deal, slot->seed);
	} else if (can_fault(id) && id != slot->owner) {
		check_faults(id, slot->base);
	}
	if (slot->sent && slot->deal.function == LEND) {
		if (can_fault(slot->owner)) {
			check_faults(slot->owner, slot->base);
		}
	} else {
		CHECK_HOLDS(slot->owner, &slot->deal, slot->seed);
	}
	return FFA_OK;
}

static void play(struct player *player)
{
	struct slot *slot = &player->slots[below(player, SLOTS)];
	uint16_t id = player->others[below(player, BORROWERS)];
	enum ffa_status status;

	switch (below(player, 10)) {
	case 0:
	case 1:
		status = give(player, slot);
		break;
	case 2:
	case 3:
	case 4:
		status = retrieve(player, slot, id);
		break;
	case 5:
	case 6:
		status = relinquish(player, slot, id);
		break;
	case 7:
	case 8:
		status = reclaim(player, slot);
		break;
	default:
		status = look(slot, id);
		break;
	}
	player->done[status == FFA_OK]++;
}

/** Gives everything back. */
static void finish(struct slot *slot)
{
	for (unsigned i = 0; slot->sent && i < slot->deal.transaction.borrower_count; i++) {
		if (slot->held[i]) {
			CHECK_OK(deal_relinquish(&slot->deal,
						 slot->deal.transaction.borrowers[i].id, 0));
		}
	}
	if (slot->sent) {
		CHECK_OK(deal_reclaim(&slot->deal, 0));
	}
}

static void play_here(void *unused)
{
	unsigned pe = pe_index();
	struct player *player = &players[pe];

	prepare(player, pe);
	for (unsigned i = 0; i < OPERATIONS / pe_count; i++) {
		play(player);
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		finish(&player->slots[i]);
	}
}

MEMORY_TEST_ALONE_MP(random_transactions_of_all_pes_come_out_as_they_must)
{
	unsigned done[2] = { 0, 0 };

	on_all_pes(play_here, NULL);
	for (unsigned pe = 0; pe < pe_count; pe++) {
		done[0] += players[pe].done[0];
		done[1] += players[pe].done[1];
	}
	test_note("%u operations granted, %u refused", done[1], done[0]);
	CHECK(done[1] > OPERATIONS / 4);
}

/* ---- any calls -------------------------------------------------------------------------------------- */

#define CALLS 600U /* of each PE */

static uint64_t pick(uint64_t *state, const uint64_t *from, unsigned count)
{
	return from[random_next(state) % count];
}

#define PICK(state, ...)                               \
	pick(state, (const uint64_t[]){ __VA_ARGS__ }, \
	     sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/** A call that may make sense, with a handle there may be and whatever lies in TX just then. */
static void call_at_random(uint64_t *state)
{
	uint16_t caller = (uint16_t)PICK(state, OS, OS, MEM_MP, MEM_MP2);
	uint64_t function = PICK(state, SHARE, LEND, DONATE, (uint32_t)FFA_MEM_RETRIEVE_REQ_32,
				 (uint32_t)FFA_MEM_RETRIEVE_REQ_64, (uint32_t)FFA_MEM_RELINQUISH_32,
				 (uint32_t)FFA_MEM_RECLAIM_32, (uint32_t)FFA_MEM_FRAG_TX_32,
				 (uint32_t)FFA_MEM_FRAG_RX_32, (uint32_t)FFA_RX_RELEASE_32);
	struct ffa_regs call = { { function } };
	struct ffa_regs regs;

	if (function == (uint32_t)FFA_MEM_RECLAIM_32 || function == (uint32_t)FFA_MEM_FRAG_TX_32 ||
	    function == (uint32_t)FFA_MEM_FRAG_RX_32) {
		call.x[1] = random_next(state) % 24;
		call.x[2] = PICK(state, 1, 2, 3, 4, random_next(state) % 64);
		call.x[3] = PICK(state, 0, 0, 16, 96, 112);
	} else if (function != (uint32_t)FFA_RX_RELEASE_32) {
		call.x[1] = PICK(state, 80, 96, 112, 112, 128, 160);
		call.x[2] = PICK(state, call.x[1], call.x[1], 96, 80);
	}
	if (caller == OS && random_next(state) % 2 == 0) {
		struct deal deal = deal_of(PICK(state, SHARE, LEND) == SHARE ? SHARE : LEND, OS,
					   OS_POOL(random_next(state) % 16), 1, MEM_MP2);

		deal.transaction.handle = PICK(state, 0, 1ULL << 32 | random_next(state) % 24);
		(void)memory_write_head(os_tx, FFA_VERSION_1_2, &deal.transaction);
		*(uint64_t *)(void *)(os_tx + 96) = deal.ranges.base;
		*(uint64_t *)(void *)(os_tx + 104) = 1;
	}
	regs = messages_call_by(caller, call, __FILE__, __LINE__);
	if (regs.x[0] == (uint32_t)FFA_ERROR_32) {
		CHECK(regs.x[2] >= (uint32_t)FFA_NOT_READY);
	}
}

static void call_here(void *unused)
{
	uint64_t state = 0xCA11 + pe_index();

	for (unsigned i = 0; i < CALLS; i++) {
		call_at_random(&state);
	}
}

/** Whatever that has led to, a partition that took no part works, and those that did are alive. */
TEST_IN_MP(memory, random_calls_about_memory_of_all_pes_do_no_harm)
{
	struct deal deal = deal_of(LEND, MEM_UP11, POOL_UP11, 4, MEM_OLD);

	memory_prepare();
	on_all_pes(call_here, NULL);
	CHECK_ALL_ALIVE_BUT(0);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_OLD));
	CHECK_OK(deal_relinquish(&deal, MEM_OLD, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}
