/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * systems/memory_el3.toml: FFA_NS_RES_INFO_GET, which firmware/el3 forwards, since the SPMD of TF-A 2.12 does
 * not know it yet. The normal world is of 1.3.
 */
#include "normal-world/tests/memory.h"

#include "abi/ffa_ns_res_info.h"
#include "lib/string.h"

#define LIST_MAX 1024U
#define TARGET FFA_NS_RES_INFO_TARGET
#define CONTINUE FFA_NS_RES_INFO_CONTINUE
#define AREA_MP 0x4E010000U
#define AREA_EL0 0x4E040000U

/* Permissions and how it is reached. */
enum {
	U_RW = 0x03,
	P_R = 0x10,
	P_RW = 0x30,
	DIRECT = 0,
	INDIRECT = FFA_NS_RANGE_INDIRECT,
};

static struct ffa_ns_range list[LIST_MAX];
static unsigned list_count;

static void prepare(void)
{
	static bool negotiated;

	if (!negotiated) {
		negotiated = true;
		CHECK_EQ(ffa_version(FFA_VERSION_1_3), FFA_VERSION_1_3);
		fixture_expect_wide_direct_messages();
		/* The version stays from here on. */
		CHECK_SUCCESS(FFA(FFA_FEATURES_32, (uint32_t)FFA_NS_RES_INFO_GET_64));
	}
	memory_prepare();
}

/** Shares its boot with the others of this system. */
#define NS_RES_INFO_TEST_OF(kind, name) \
	static void name##_body(void);  \
	kind(memory_el3, name)          \
	{                               \
		prepare();              \
		name##_body();          \
		memory_clean_up();      \
	}                               \
	static void name##_body(void)
#define NS_RES_INFO_TEST(name) NS_RES_INFO_TEST_OF(TEST_SHARED_IN, name)
#define NS_RES_INFO_TEST_MP(name) NS_RES_INFO_TEST_OF(TEST_SHARED_IN_MP, name)

/* ---- lists ---------------------------------------------------------------------------------------------- */

static struct ffa_regs ask(uint16_t id, uint64_t flags)
{
	return FFA(FFA_NS_RES_INFO_GET_64, id, flags);
}

/** Takes the entries of an answer out of RX; returns the bytes that are still to come. */
static uint32_t take_answer(const struct ffa_regs *regs, bool first)
{
	const uint8_t *rx = os_rx;
	uint32_t size = (uint32_t)(regs->x[2] >> 32);
	uint32_t left = (uint32_t)regs->x[2];

	CHECK_EQ(regs->x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs->x[1], 0);
	fixture_check_zero(regs, 3, __FILE__, __LINE__);
	if (first) {
		struct ffa_ns_res_info head;

		memcpy(&head, rx, sizeof(head));
		CHECK_EQ(head.entry_size, sizeof(list[0]));
		CHECK_EQ(head.entry_offset, sizeof(head));
		CHECK_EQ(head.entry_count * sizeof(list[0]) + sizeof(head), size + left);
		rx += sizeof(head);
		size -= (uint32_t)sizeof(head);
		list_count = 0;
	}
	CHECK_EQ(size % sizeof(list[0]), 0);
	CHECK(list_count + size / sizeof(list[0]) <= LIST_MAX);
	memcpy(&list[list_count], rx, size);
	list_count += size / (uint32_t)sizeof(list[0]);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	return left;
}

/** The rest of a list that has begun. Returns the number of answers that it took. */
static unsigned finish(void)
{
	struct ffa_regs regs;
	unsigned answers = 0;

	do {
		regs = ask(0, CONTINUE);
		answers++;
	} while (take_answer(&regs, false) > 0);
	return answers;
}

/** The whole list of @id, 0: of all. */
static void fetch(uint16_t id)
{
	struct ffa_regs regs = ask(id, id == 0 ? 0 : TARGET);

	if (take_answer(&regs, true) > 0) {
		(void)finish();
	}
}

/** How often exactly these @page_count pages are listed so. */
static unsigned count_of(uint16_t id, uint64_t address, uint32_t page_count, uint8_t permissions,
			 uint8_t flags)
{
	unsigned count = 0;

	for (unsigned i = 0; i < list_count; i++) {
		count += list[i].endpoint == id && list[i].address == address &&
			 list[i].page_count == page_count && list[i].permissions == permissions &&
			 list[i].flags == flags;
	}
	return count;
}

/** How often the page at @address is listed for @id, however it is reached. */
static unsigned count_any(uint16_t id, uint64_t address)
{
	unsigned count = 0;

	for (unsigned i = 0; i < list_count; i++) {
		count += list[i].endpoint == id && address >= list[i].address &&
			 address < list[i].address + list[i].page_count * 4096ULL;
	}
	return count;
}

#define CHECK_LISTED(id, address, pages, permissions, flags) \
	CHECK_EQ(count_of(id, address, pages, permissions, flags), 1)

/* ---- tests ---------------------------------------------------------------------------------------------- */

NS_RES_INFO_TEST(the_normal_world_learns_which_of_its_memory_partitions_have_by_their_manifests)
{
	fetch(0);
	CHECK_LISTED(MEM_MP, AREA_MP, 8, P_RW, DIRECT);
	CHECK_LISTED(MEM_MP, OPEN_MP, 16, P_RW, DIRECT);
	CHECK_EQ(count_any(MEM_UP11, OPEN_UP11), 1);
	CHECK_EQ(count_any(MEM_EL0, AREA_EL0), 1);
	CHECK_LISTED(SPMC_ID, tx_of(OS), 1, P_R, INDIRECT);
	CHECK_LISTED(SPMC_ID, rx_of(OS), 1, P_RW, INDIRECT);
	/* Nothing that is secure. */
	CHECK_EQ(count_any(MEM_MP, POOL_MP), 0);
	CHECK_EQ(count_any(MEM_EL0, POOL_EL0), 0);

	fetch(MEM_MP);
	CHECK_EQ(list_count, 2);
	CHECK_LISTED(MEM_MP, AREA_MP, 8, P_RW, DIRECT);
	CHECK_LISTED(MEM_MP, OPEN_MP, 16, P_RW, DIRECT);
}

NS_RES_INFO_TEST(the_list_follows_a_transaction_of_the_normal_world)
{
	struct deal deal = deal_of(SHARE, OS, OS_POOL(0), 3, MEM_MP);

	deal_add(&deal, MEM_EL0, RW);
	CHECK_OK(deal_send(&deal));
	fetch(0);
	CHECK_LISTED(MEM_MP, OS_POOL(0), 3, P_RW, INDIRECT);
	CHECK_LISTED(MEM_EL0, OS_POOL(0), 3, U_RW, INDIRECT);

	CHECK_OK(deal_retrieve(&deal, MEM_EL0));
	fetch(0);
	CHECK_LISTED(MEM_MP, OS_POOL(0), 3, P_RW, INDIRECT);
	CHECK_LISTED(MEM_EL0, OS_POOL(0), 3, U_RW, DIRECT);
	CHECK_EQ(count_any(MEM_EL0, OS_POOL(0)), 1);
	fetch(MEM_MP);
	CHECK_EQ(list_count, 3);

	CHECK_OK(deal_relinquish(&deal, MEM_EL0, 0));
	fetch(MEM_EL0);
	CHECK_LISTED(MEM_EL0, OS_POOL(0), 3, U_RW, INDIRECT);
	CHECK_OK(deal_reclaim(&deal, 0));
	fetch(0);
	CHECK_EQ(count_any(MEM_EL0, OS_POOL(0)), 0);
	CHECK_EQ(count_any(MEM_MP, OS_POOL(0)), 0);
}

NS_RES_INFO_TEST(the_list_follows_a_transaction_between_partitions)
{
	struct deal deal = deal_of(LEND, MEM_MP, OPEN_MP + 0x2000, 2, MEM_MP2);

	CHECK_OK(deal_send(&deal));
	fetch(0);
	CHECK_LISTED(MEM_MP, OPEN_MP, 2, P_RW, DIRECT);
	CHECK_LISTED(MEM_MP, OPEN_MP + 0x4000, 12, P_RW, DIRECT);
	CHECK_LISTED(MEM_MP, OPEN_MP + 0x2000, 2, P_RW, INDIRECT);
	CHECK_LISTED(MEM_MP2, OPEN_MP + 0x2000, 2, P_RW, INDIRECT);
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	fetch(MEM_MP2);
	CHECK_LISTED(MEM_MP2, OPEN_MP + 0x2000, 2, P_RW, DIRECT);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	fetch(MEM_MP);
	CHECK_EQ(list_count, 2);
}

static void retrieve_here(void *deal)
{
	CHECK_OK(deal_retrieve(deal, MEM_MP2));
}

static void relinquish_here(void *deal)
{
	CHECK_OK(deal_relinquish(deal, MEM_MP2, 0));
}

NS_RES_INFO_TEST_MP(a_long_list_stays_as_it_began_while_it_is_fetched)
{
	struct deal deal = deal_of(SHARE, OS, OS_POOL(0), 1, MEM_MP2);
	struct deal other = deal_of(SHARE, MEM_MP, OPEN_MP, 1, MEM_MP2);
	struct ffa_regs regs;
	uint32_t left;

	deal_spread(&deal, 1, 0x2000, 512);
	CHECK_OK(deal_send(&deal));
	regs = ask(MEM_MP2, TARGET);
	left = take_answer(&regs, true);
	CHECK_EQ(regs.x[2] >> 32, 4096);
	CHECK_NE(left, 0);

	on_pe(1, retrieve_here, &deal);
	CHECK_OK(deal_send(&other));
	CHECK_EQ(finish(), 3 - 1);
	CHECK_EQ(list_count, 513); /* its area, too */
	for (unsigned i = 0; i < 512; i++) {
		CHECK_LISTED(MEM_MP2, OS_POOL(2 * i), 1, P_RW, INDIRECT);
	}
	CHECK_ERROR(ask(0, CONTINUE), FFA_ABORTED);

	fetch(MEM_MP2);
	CHECK_EQ(list_count, 514);
	CHECK_LISTED(MEM_MP2, OS_POOL(1022), 1, P_RW, DIRECT);
	on_pe(1, relinquish_here, &deal);
	CHECK_OK(deal_reclaim(&other, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

NS_RES_INFO_TEST(a_reclaim_ends_a_list_that_is_being_fetched)
{
	struct deal deal = deal_of(SHARE, OS, OS_POOL(0), 1, MEM_MP2);
	struct ffa_regs regs;

	deal_spread(&deal, 1, 0x2000, 512);
	/* More often than there are pages for lists that nobody ends. */
	for (unsigned i = 0; i < 200; i++) {
		CHECK_OK(deal_send(&deal));
		regs = ask(0, 0);
		CHECK_NE(take_answer(&regs, true), 0);
		regs = ask(0, 0);
		CHECK_NE(take_answer(&regs, true), 0);
		CHECK_OK(deal_reclaim(&deal, 0));
		CHECK_ERROR(ask(0, CONTINUE), FFA_ABORTED);
	}
}

NS_RES_INFO_TEST(what_makes_no_sense_is_refused_and_partitions_may_not_ask)
{
	CHECK_ERROR(ask(0, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(ask(1, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(ask(1, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(ask(SPMC_ID, TARGET), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(ask(MEM_MP2 + 1, TARGET), FFA_INVALID_PARAMETERS);
	for (unsigned bit = 1; bit < 64; bit++) {
		if (bit != 4) {
			CHECK_ERROR(ask(MEM_MP, TARGET | 1ULL << bit), FFA_INVALID_PARAMETERS);
		}
	}
	CHECK_ERROR(ask(0, CONTINUE), FFA_ABORTED);
	CHECK_EQ(ask(MEM_MP, TARGET).x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_ERROR(ask(MEM_MP, TARGET), FFA_RETRY);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	FOR_EACH_SUBJECT(subject)
	{
		CHECK_ERROR(BY(subject->id, FFA_NS_RES_INFO_GET_64, subject->id, TARGET),
			    FFA_NOT_SUPPORTED);
	}
}

static uint32_t dance_over;

/** MEM_MP2 retrieves and relinquishes @deal all the time, on this PE. */
static void dance(void *deal)
{
	while (__atomic_load_n(&dance_over, __ATOMIC_RELAXED) == 0) {
		CHECK_OK(deal_retrieve(deal, MEM_MP2));
		CHECK_OK(deal_relinquish(deal, MEM_MP2, 0));
	}
}

NS_RES_INFO_TEST_MP(each_list_is_of_one_moment_while_memory_comes_and_goes_on_another_pe)
{
	struct deal deal = deal_of(SHARE, OS, OS_POOL(0), 1, MEM_MP2);
	unsigned direct_lists = 0, indirect_lists = 0;
	uint64_t end = time_now() + 20000000;

	dance_over = 0;
	deal_spread(&deal, 1, 0x2000, 40);
	CHECK_OK(deal_send(&deal));
	pe_post(1, dance, &deal);
	for (unsigned i = 0; time_now() < end && (i < 300 || direct_lists * indirect_lists == 0);
	     i++) {
		unsigned direct = 0, indirect = 0;

		fetch(MEM_MP2);
		for (unsigned page = 0; page < 80; page += 2) {
			direct += count_of(MEM_MP2, OS_POOL(page), 1, P_RW, DIRECT);
			indirect += count_of(MEM_MP2, OS_POOL(page), 1, P_RW, INDIRECT);
		}
		CHECK_EQ(direct + indirect, 40);
		CHECK(direct == 0 || indirect == 0);
		direct_lists += direct != 0;
		indirect_lists += indirect != 0;
	}
	__atomic_store_n(&dance_over, 1, __ATOMIC_RELAXED);
	wait_for_pe(1);
	test_note("%u lists with it retrieved, %u without", direct_lists, indirect_lists);
	CHECK(direct_lists > 0 && indirect_lists > 0);
	CHECK_OK(deal_reclaim(&deal, 0));
}
