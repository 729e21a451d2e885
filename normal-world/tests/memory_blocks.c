/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is lent beside a few pages of normal memory: whole blocks of translation tables and pages out of their
 * middle, devices of the normal world, memory mapped with less than it offers, code.
 */
#include "lib/string.h"
#include "normal-world/tests/memory.h"

#define ALL_PAGES 1024U
#define RTC 0x09010000U /* PL031; its identification registers are at the end */
#define RTC_PART 0xFE0U
#define RTC_PART_NUMBER 0x31U

static const unsigned samples[] = { 0, 1, 255, 256, 511, 512, 513, 700, 1022, 1023 };
#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

static void write_samples(uint16_t id, uint64_t base, uint64_t seed)
{
	for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
		struct test_ranges page = { base + samples[i] * 4096UL, 1, 0, 1 };

		write_ranges(id, &page, seed + i);
	}
}

static void check_samples(uint16_t id, uint64_t base, uint64_t seed)
{
	for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
		struct test_ranges page = { base + samples[i] * 4096UL, 1, 0, 1 };

		CHECK_EQ(mismatches_in(id, &page, seed + i), 0);
	}
}

/** 4 MiB in one range; the borrower's tables may have them as blocks. */
static void check_megabytes(uint32_t function, uint16_t sender, uint64_t base, uint16_t borrower)
{
	struct deal deal = deal_of(function, sender, base, ALL_PAGES, borrower);

	write_samples(sender, base, 0x100);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, borrower));
	check_samples(borrower, base, 0x100);
	write_samples(borrower, base, 0x200);
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	if (subject_of(borrower)->el1) {
		for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
			check_faults(borrower, base + samples[i] * 4096UL);
		}
	}
	CHECK_OK(deal_reclaim(&deal, 0));
	check_samples(sender, base, 0x200);
}

MEMORY_TEST(megabytes_are_lent_and_shared_as_one_range)
{
	check_megabytes(LEND, MEM_MP, POOL_MP, MEM_MP2);
	check_megabytes(SHARE, MEM_MP, POOL_MP, MEM_EL0);
	check_megabytes(LEND, MEM_MP, POOL_MP, MEM_OLD);
	check_megabytes(LEND, OS, OS_POOL(0), MEM_UP11);
	check_megabytes(SHARE, OS, OS_POOL(0), MEM_EL0);
}

MEMORY_TEST(megabytes_are_zeroed)
{
	struct deal deal = deal_of(LEND, MEM_MP, POOL_MP, ALL_PAGES, MEM_MP2);

	write_samples(MEM_MP, POOL_MP, 1);
	deal.transaction.flags = FFA_MEMORY_FLAG_ZERO;
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_MP2));
	CHECK_HOLDS(MEM_MP2, &deal, 0);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

/** Pages out of the middle: their neighbours stay with the owner, who has all of it in the end. */
MEMORY_TEST(pages_out_of_a_block_leave_their_neighbours_alone)
{
	struct deal one = deal_of(LEND, MEM_MP, POOL_MP + 300 * 4096, 1, MEM_MP2);
	struct deal other = deal_of(LEND, MEM_MP, POOL_MP + 510 * 4096, 4, MEM_UP11);

	write_samples(MEM_MP, POOL_MP, 1);
	CHECK_OK(deal_send(&one));
	CHECK_OK(deal_send(&other));
	check_faults(MEM_MP, POOL_MP + 300 * 4096);
	check_faults(MEM_MP, POOL_MP + 510 * 4096);
	check_faults(MEM_MP, POOL_MP + 513 * 4096);
	CHECK_OK(deal_retrieve(&other, MEM_UP11));
	CHECK_OK(deal_retrieve(&one, MEM_MP2));
	CHECK_EQ(COMMAND(MEM_MP, TEST_TOUCH, TEST_READ, POOL_MP + 299 * 4096, TEST_MAP_NOT, 0).x[4],
		 0);
	CHECK_EQ(COMMAND(MEM_MP, TEST_TOUCH, TEST_READ, POOL_MP + 301 * 4096, TEST_MAP_NOT, 0).x[4],
		 0);
	CHECK_EQ(COMMAND(MEM_MP, TEST_TOUCH, TEST_READ, POOL_MP + 514 * 4096, TEST_MAP_NOT, 0).x[4],
		 0);
	CHECK_OK(deal_relinquish(&one, MEM_MP2, 0));
	CHECK_OK(deal_relinquish(&other, MEM_UP11, 0));
	CHECK_OK(deal_reclaim(&other, 0));
	CHECK_OK(deal_reclaim(&one, 0));
	check_samples(MEM_MP, POOL_MP, 1);
}

/* ---- devices and attributes ------------------------------------------------------------------------- */

static uint64_t read_device(uint16_t id, uint64_t address)
{
	struct ffa_regs regs = COMMAND(id, TEST_TOUCH, TEST_READ, address, TEST_MAP_NOT, 0);

	CHECK_EQ(regs.x[4], 0);
	return (uint32_t)regs.x[5];
}

MEMORY_TEST(the_normal_world_lends_a_device)
{
	struct deal deal = deal_of(LEND, OS, RTC, 1, MEM_MP2);
	struct memory_transaction request;

	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, MEM_MP2);
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_EQ(request.attributes & FFA_MEMORY_TYPE_MASK, FFA_MEMORY_TYPE_DEVICE);
	CHECK_EQ(request.attributes & FFA_MEMORY_NON_SECURE, FFA_MEMORY_NON_SECURE);
	CHECK_EQ(read_device(MEM_MP2, RTC + RTC_PART) & 0xFF, RTC_PART_NUMBER);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	check_faults(MEM_MP2, RTC);
	CHECK_OK(deal_reclaim(&deal, 0));
	deal = deal_of(DONATE, OS, RTC, 1, MEM_MP2);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
}

/** Memory not cacheable for its borrower, who finds what was written all the same: here caches are none. */
MEMORY_TEST(a_borrower_may_want_less_than_is_offered)
{
	static const uint16_t wanted[] = {
		FFA_MEMORY_TYPE_NORMAL | FFA_MEMORY_NON_CACHEABLE | FFA_MEMORY_INNER_SHAREABLE,
		FFA_MEMORY_TYPE_NORMAL | FFA_MEMORY_WRITE_BACK | FFA_MEMORY_OUTER_SHAREABLE,
		FFA_MEMORY_TYPE_DEVICE | FFA_MEMORY_INNER_SHAREABLE,
	};

	for (unsigned i = 0; i < 3; i++) {
		struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP, 1, MEM_MP2);
		struct memory_transaction request;

		write_ranges(MEM_MP, &deal.ranges, 1);
		CHECK_OK(deal_send(&deal));
		request = deal_request(&deal, MEM_MP2);
		request.attributes = wanted[i];
		CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
		CHECK_EQ(request.attributes, wanted[i]);
		CHECK_HOLDS(MEM_MP2, &deal, 1);
		CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
		/* A sender that offers no more than this. */
		CHECK_OK(deal_reclaim(&deal, 0));
		deal.transaction.attributes = wanted[0];
		CHECK_OK(deal_send(&deal));
		request = deal_request(&deal, MEM_MP2);
		request.attributes = FFA_MEMORY_NORMAL_WRITE_BACK_INNER;
		CHECK_STATUS(deal_retrieve_as(&deal, MEM_MP2, &request), FFA_DENIED);
		CHECK_OK(deal_reclaim(&deal, 0));
	}
}

/** A page that its lender may execute: the borrower decides whether it does. */
MEMORY_TEST(code_is_executed_by_a_borrower_who_says_so)
{
	volatile struct test_area *area = area_of(MEM_MP2);
	struct deal deal = deal_of(LEND, MEM_MP, CODE_MP, 1, MEM_MP2);
	struct memory_transaction request;

	deal.transaction.borrowers[0].permissions = RO;
	CHECK_OK(deal_send(&deal));
	request = deal_request(&deal, MEM_MP2);
	request.borrowers[0].permissions = RO | X;
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_EQ(request.borrowers[0].permissions, RO | X);
	/* Zeros are no instruction, which is not a fetch that aborts. */
	CHECK_EQ(COMMAND(MEM_MP2, TEST_TOUCH, TEST_EXECUTE, CODE_MP, TEST_MAP_NOT, 0).x[4], 1);
	CHECK_EQ(area->fault_esr >> 26, 0);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));

	request = deal_request(&deal, MEM_MP2);
	CHECK_OK(deal_retrieve_as(&deal, MEM_MP2, &request));
	CHECK_EQ(request.borrowers[0].permissions, RO | NX);
	map_page(MEM_MP2, CODE_MP, REGION_READ | REGION_EXECUTE);
	CHECK_EQ(COMMAND(MEM_MP2, TEST_TOUCH, TEST_EXECUTE, CODE_MP, TEST_MAP_NOT, 0).x[4], 1);
	CHECK_EQ(area->fault_esr >> 26, 0x21);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}
