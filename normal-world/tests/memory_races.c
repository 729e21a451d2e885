/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions while somebody else interferes: the TX buffer changes as it is read, two PEs want the same,
 * a partition dies in the middle, descriptors are damaged at random. Every answer is one that either of the states
 * would have got.
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define TRIES 1000000U
#define SECONDS 25U /* after which there are no more tries, however few there were */
#define LOOK_EVERY 512U /* lends are looked at by their borrower */
#define CONTESTS 1500U
#define CONTEST_SECONDS 4U
#define DAMAGED 4000U
#define BYTES (48U + 32U + 16U + 16U)

/* ---- TX changes ------------------------------------------------------------------------------------- */

/** A word of TX that another PE keeps changing between two values, and the status of each. */
struct flip {
	uint64_t *word;
	uint64_t values[2];
	enum ffa_status refused; /* with the second value */
	uint32_t stop;
};

static void flip_here(void *argument)
{
	struct flip *flip = argument;
	volatile uint64_t *word = flip->word;

	while (__atomic_load_n(&flip->stop, __ATOMIC_RELAXED) == 0) {
		for (unsigned i = 0; i < 64; i++) {
			*word = flip->values[0];
			*word = flip->values[1];
		}
	}
	*word = flip->values[0];
}

/** The lend in TX, as it is just then. */
static bool try_once(struct deal *deal, const struct flip *flip)
{
	struct ffa_regs regs = { { deal->function, BYTES, BYTES } };

	ffa_call(&regs);
	if (ffa_is_error(&regs)) {
		CHECK_STATUS(ffa_status_of(&regs), flip->refused);
		return false;
	}
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	deal->transaction.handle = (uint32_t)regs.x[2] | regs.x[3] << 32;
	return true;
}

/** @flip->word is @at bytes into the descriptor of @deal; the second value is that with @other in its place. */
static void race(struct deal deal, unsigned at, uint64_t other, enum ffa_status refused,
		 unsigned tries, uint64_t until)
{
	struct flip flip = { .word = (uint64_t *)(void *)(os_tx + at), .refused = refused };
	struct ffa_memory_range range = { .address = deal.ranges.base, .page_count = 1 };
	uint32_t head = memory_write_head(os_tx, FFA_VERSION_1_2, &deal.transaction);
	unsigned granted = 0, i;

	memcpy(os_tx + head, &range, sizeof(range));
	flip.values[0] = *flip.word;
	flip.values[1] = other;
	pe_post(1, flip_here, &flip);
	for (i = 0; i < tries && time_now() < until; i++) {
		if (!try_once(&deal, &flip)) {
			continue;
		}
		if (granted++ % LOOK_EVERY == 0) {
			CHECK_OK(deal_retrieve(&deal, MEM_MP2)); /* compares the ranges */
			CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
		}
		CHECK_OK(deal_reclaim(&deal, 0));
	}
	__atomic_store_n(&flip.stop, 1, __ATOMIC_RELAXED);
	wait_for_pe(1);
	test_note("word at %u: %u tries, %u granted", at, i, granted);
	CHECK(granted > 0 && granted < i);
}

/** A header's, access descriptor's or composite's word with @value at @offset in it, @size bytes. */
static uint64_t with(const struct deal *deal, unsigned at, unsigned offset, unsigned size,
		     uint64_t value)
{
	uint8_t bytes[BYTES];
	uint64_t word;

	(void)memory_write_head(bytes, FFA_VERSION_1_2, &deal->transaction);
	memcpy(bytes + at + offset, &value, size);
	memcpy(&word, bytes + at, sizeof(word));
	return word;
}

MEMORY_TEST_ALONE_MP(a_tx_buffer_that_changes_as_it_is_read_has_one_meaning)
{
	struct deal deal = deal_of(LEND, OS, OS_POOL(4), 1, MEM_MP2);
	uint64_t share = SECONDS * 1000000ULL / 7, now = time_now();
	unsigned tries = TRIES / 7;

	/* Sender, number and size of access descriptors, receiver, permissions. */
	race(deal, 0, with(&deal, 0, 0, 2, MEM_OLD), FFA_DENIED, tries, now += share);
	race(deal, 24, with(&deal, 24, 4, 4, 2), FFA_INVALID_PARAMETERS, tries, now += share);
	race(deal, 48, with(&deal, 48, 0, 2, 0x8077), FFA_INVALID_PARAMETERS, tries, now += share);
	race(deal, 48, with(&deal, 48, 2, 1, RW | X), FFA_INVALID_PARAMETERS, tries, now += share);
	/* Number of pages, address, size. */
	race(deal, 80, 1ULL << 32 | 2, FFA_INVALID_PARAMETERS, tries, now += share);
	race(deal, 96, POOL_MP, FFA_DENIED, tries, now += share);
	race(deal, 104, 0, FFA_INVALID_PARAMETERS, tries, now + share);
}

/* ---- two want the same ------------------------------------------------------------------------------ */

/** What this PE does in a contest, and what came of it. */
struct contestant {
	struct deal *deal;
	bool reclaims; /* or retrieves */
	enum ffa_status status;
};

static uint32_t contest_start; /* how many of the two have come */

static void contest_here(void *argument)
{
	struct contestant *contestant = argument;

	__atomic_fetch_add(&contest_start, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&contest_start, __ATOMIC_ACQUIRE) < 2) {
		/* the other one comes */
	}
	contestant->status = contestant->reclaims ? deal_reclaim(contestant->deal, 0)
						  : deal_retrieve(contestant->deal, MEM_MP2);
}

static void contest(struct deal *deal, struct contestant *here, struct contestant *there)
{
	here->deal = deal;
	there->deal = deal;
	__atomic_store_n(&contest_start, 0, __ATOMIC_RELEASE);
	CHECK_OK(deal_send(deal));
	pe_post(1, contest_here, there);
	contest_here(here);
	wait_for_pe(1);
}

MEMORY_TEST_ALONE_MP(one_of_two_contexts_retrieves)
{
	struct contestant here = { .reclaims = false }, there = { .reclaims = false };
	uint64_t until = time_now() + CONTEST_SECONDS * 1000000ULL;
	unsigned won = 0, i;

	for (i = 0; i < CONTESTS && time_now() < until; i++) {
		struct deal deal = deal_of(LEND, MEM_MP, POOL_MP, 2, MEM_MP2);

		contest(&deal, &here, &there);
		CHECK((here.status == FFA_OK) != (there.status == FFA_OK));
		CHECK_STATUS(here.status == FFA_OK ? there.status : here.status, FFA_DENIED);
		won += here.status == FFA_OK;
		CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
		CHECK_OK(deal_reclaim(&deal, 0));
	}
	test_note("%u of %u won here", won, i);
}

MEMORY_TEST_ALONE_MP(either_the_borrower_retrieves_or_the_lender_reclaims)
{
	struct contestant here = { .reclaims = true }, there = { .reclaims = false };
	uint64_t until = time_now() + CONTEST_SECONDS * 1000000ULL;
	unsigned won = 0, i;

	for (i = 0; i < CONTESTS && time_now() < until; i++) {
		struct deal deal = deal_of(i % 2 == 0 ? LEND : SHARE, i % 4 < 2 ? MEM_MP : OS,
					   i % 4 < 2 ? POOL_MP : OS_POOL(0), 2, MEM_MP2);

		contest(&deal, &here, &there);
		won += here.status == FFA_OK;
		if (here.status == FFA_OK) {
			CHECK_STATUS(there.status, FFA_INVALID_PARAMETERS);
			continue;
		}
		CHECK_STATUS(here.status, FFA_DENIED);
		CHECK_OK(there.status);
		CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
		CHECK_OK(deal_reclaim(&deal, 0));
	}
	test_note("%u of %u reclaimed first", won, i);
}

/* ---- seen at once ------------------------------------------------------------------------------------ */

/** A partition's context on PE 1 that keeps reading. */
struct watch {
	uint16_t id;
	uint64_t address;
	uint64_t aborted;
};

static void watch_here(void *argument)
{
	struct watch *watch = argument;

	watch->aborted = COMMAND(watch->id, TEST_WATCH, watch->address, 0, 0, 0).x[4];
}

static void start_watch(struct watch *watch)
{
	volatile struct test_area *area = area_on(watch->id, 1);

	area->stop = 0;
	area->progress = 0;
	pe_post(1, watch_here, watch);
	while (area->progress < 1000) {
		/* the mapping is in use */
	}
}

/** What was taken away does not stay reachable by a PE that has not left the partition since. */
static void check_aborts(const struct watch *watch)
{
	uint64_t until = time_now() + 2000000;

	while (__atomic_load_n(&pes[1].function, __ATOMIC_ACQUIRE) != NULL && time_now() < until) {
		/* it notices */
	}
	area_on(watch->id, 1)->stop = 1;
	wait_for_pe(1);
	CHECK_EQ(watch->aborted, 1);
}

static void check_seen(uint64_t base, uint64_t page_count, uint64_t address)
{
	struct deal deal = deal_of(LEND, MEM_MP, base, page_count, MEM_MP2);
	struct watch lender = { .id = MEM_MP, .address = address };
	struct watch borrower = { .id = MEM_MP2, .address = address };

	start_watch(&lender);
	CHECK_OK(deal_send(&deal));
	check_aborts(&lender);
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	start_watch(&borrower);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	check_aborts(&borrower);
	CHECK_OK(deal_reclaim(&deal, 0));
}

MEMORY_TEST_ALONE_MP(other_pes_see_at_once_that_memory_is_gone)
{
	check_seen(POOL_MP, 1, POOL_MP);
	check_seen(POOL_MP, 1024, POOL_MP + 700 * 4096);
	check_seen(POOL_MP + 17 * 4096, 3, POOL_MP + 18 * 4096);
	check_seen(OPEN_MP, 2, OPEN_MP + 0x1000);
}

/* ---- damage ----------------------------------------------------------------------------------------- */

static void check_status_word(const struct ffa_regs *regs)
{
	CHECK(regs->x[0] == (uint32_t)FFA_ERROR_32 || regs->x[0] == (uint32_t)FFA_SUCCESS_32 ||
	      regs->x[0] == (uint32_t)FFA_MEM_RETRIEVE_RESP_32 ||
	      regs->x[0] == (uint32_t)FFA_MEM_FRAG_RX_32);
	if (regs->x[0] == (uint32_t)FFA_ERROR_32) {
		CHECK(regs->x[2] >= (uint32_t)FFA_NOT_READY);
	}
}

/** Puts the descriptor of @deal into TX, then changes some bytes of it at random. */
static void put_damaged(const struct deal *deal, uint64_t *state)
{
	struct ffa_memory_range range = { .address = deal->ranges.base, .page_count = 1 };
	uint32_t head = memory_write_head(os_tx, FFA_VERSION_1_2, &deal->transaction);

	memcpy(os_tx + head, &range, sizeof(range));
	for (uint64_t n = 1 + random_next(state) % 3; n > 0; n--) {
		os_tx[random_next(state) % BYTES] = (uint8_t)(random_next(state) >> 40);
	}
}

/** Sends of damaged descriptors, most of them refused; what is granted all the same is taken back. */
MEMORY_TEST(descriptors_damaged_at_random_do_no_harm)
{
	static const uint32_t functions[] = { SHARE, LEND, DONATE };
	uint64_t state = 0xDA;
	unsigned granted = 0;

	for (unsigned i = 0; i < DAMAGED; i++) {
		struct deal deal = deal_of(functions[i % 3], OS, OS_POOL(8), 1, MEM_MP2);
		struct ffa_regs regs;

		put_damaged(&deal, &state);
		regs = FFA(deal.function, BYTES, BYTES);
		check_status_word(&regs);
		if (regs.x[0] == (uint32_t)FFA_SUCCESS_32) {
			granted++;
			CHECK_SUCCESS(FFA(FFA_MEM_RECLAIM_32, regs.x[2], regs.x[3]));
		}
	}
	test_note("%u of %u were granted", granted, DAMAGED);
}

/* ---- a death in the middle -------------------------------------------------------------------------- */

static uint32_t dead;

/** MEM_MP lends to MEM_MP2, which may die any moment, here or on another PE. */
static void lend_to_mortal(void *unused)
{
	uint64_t base = POOL_MP + pe_index() * 0x10000UL;
	struct deal deal = deal_of(LEND, MEM_MP, base, 4, MEM_MP2);
	struct memory_transaction request;
	unsigned after = 0, refused = 0;

	while (after < 20) {
		struct test_memory memory;
		struct ffa_regs regs;
		enum ffa_status status;

		after += __atomic_load_n(&dead, __ATOMIC_ACQUIRE);
		write_ranges(MEM_MP, &deal.ranges, after + 1);
		status = deal_send(&deal);
		if (status == FFA_INVALID_PARAMETERS) { /* it is not there any more */
			CHECK_HOLDS(MEM_MP, &deal, after + 1);
			refused++;
			continue;
		}
		CHECK_OK(status);
		CHECK_EQ(refused, 0);
		request = deal_request(&deal, MEM_MP2);
		memory = memory_of(&deal, &request, 0);
		regs = memory_command(MEM_MP2, TEST_MEMORY_RETRIEVE, &memory);
		if (is_answer(&regs, MEM_MP2)) {
			memory = memory_of(&deal, &request, 0);
			regs = memory_command(MEM_MP2, TEST_MEMORY_RELINQUISH, &memory);
		}
		if (!is_answer(&regs, MEM_MP2)) {
			CHECK_STATUS(ffa_status_of(&regs), FFA_ABORTED);
		}
		while (deal_reclaim(&deal, 0) == FFA_DENIED) {
			/* its death is on the way */
		}
		CHECK_HOLDS(MEM_MP, &deal, after + 1);
	}
}

TEST_IN_MP(memory, a_partition_that_dies_in_the_middle_leaves_all_memory_with_its_owner)
{
	struct deal all = deal_of(LEND, MEM_MP, POOL_MP, 1024, MEM_UP11);
	struct ffa_regs regs;

	memory_prepare();
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, lend_to_mortal, NULL);
	}
	time_wait(300000);
	regs = command_call(MEM_MP2, TEST_DIE, TEST_DEATH_UNHANDLED, 0, 0, 0);
	ffa_call(&regs);
	__atomic_store_n(&dead, 1, __ATOMIC_RELEASE);
	CHECK_STATUS(ffa_status_of(&regs), FFA_ABORTED);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		wait_for_pe(pe);
	}
	CHECK_OK(deal_send(&all));
	CHECK_OK(deal_reclaim(&all, 0));
	CHECK_ALL_ALIVE_BUT(MEM_MP2);
}

#define GIFTS 4096U

static uint64_t gifts[PE_MAX][GIFTS];

/** MEM_MP, which may die any moment, lends page after page; their handles. */
static void lend_as_mortal(void *unused)
{
	uint64_t base = POOL_MP + pe_index() * 0x80000UL;

	for (unsigned i = 0; i < GIFTS; i++) {
		struct deal deal = deal_of(LEND, MEM_MP, base + i % 2 * 4096, 1, MEM_UP11);
		struct test_memory memory = memory_of(&deal, &deal.transaction, 0);
		struct ffa_regs regs = memory_command(MEM_MP, TEST_MEMORY_SEND, &memory);

		gifts[pe_index()][i] = memory.transaction.handle;
		if (is_answer(&regs, MEM_MP)) {
			regs = memory_command(MEM_MP, TEST_MEMORY_RECLAIM, &memory);
		}
		if (!is_answer(&regs, MEM_MP)) {
			CHECK_STATUS(ffa_status_of(&regs), FFA_ABORTED);
			return;
		}
	}
}

TEST_IN_MP(memory, a_lender_that_dies_in_the_middle_lends_nothing_any_more)
{
	struct ffa_regs regs;

	memory_prepare();
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, lend_as_mortal, NULL);
	}
	time_wait(300000);
	regs = command_call(MEM_MP, TEST_DIE, TEST_DEATH_UNHANDLED, 0, 0, 0);
	ffa_call(&regs);
	CHECK_STATUS(ffa_status_of(&regs), FFA_ABORTED);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		wait_for_pe(pe);
	}
	for (unsigned pe = 1; pe < pe_count; pe++) {
		unsigned last = 0;

		while (last < GIFTS && gifts[pe][last] != 0) {
			last++;
		}
		test_note("PE %u: %u lends", pe, last);
		for (unsigned i = last > 4 ? last - 4 : 0; i < last; i++) {
			struct deal deal = deal_of(
				LEND, MEM_MP, POOL_MP + pe * 0x80000UL + i % 2 * 4096, 1, MEM_UP11);

			deal.transaction.handle = gifts[pe][i];
			CHECK_STATUS(deal_retrieve(&deal, MEM_UP11), FFA_INVALID_PARAMETERS);
		}
	}
	CHECK_ALL_ALIVE_BUT(MEM_MP);
}
