/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SHARE, LEND and DONATE between everybody who may: data goes through the mapping both ways, and whoever has the
 * memory no more faults on it (DEN0140, "Memory region states"). S-EL0 partitions would die: memory_deaths.c.
 */
#include "normal-world/tests/memory.h"

enum {
	PAGES = 3,
	FAR = 20, /* page of a pool that is used first */
};

static bool is_el1(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0 && subject_of(id)->el1;
}

static void check_unreachable(uint16_t id, const struct deal *deal)
{
	uint64_t last = deal->ranges.base + (deal->ranges.page_count - 1) * 4096;

	if (is_el1(id)) {
		check_faults(id, deal->ranges.base);
		check_faults(id, last + 4080);
	}
}

/** Both write, both read, the borrower only while it has retrieved it. */
static void check_share(uint16_t sender, uint16_t borrower, uint64_t base)
{
	struct deal deal = deal_of(SHARE, sender, base, PAGES, borrower);

	write_ranges(sender, &deal.ranges, 1);
	CHECK_OK(deal_send(&deal));
	CHECK_HOLDS(sender, &deal, 1);
	CHECK_OK(deal_retrieve(&deal, borrower));
	CHECK_HOLDS(borrower, &deal, 1);
	write_ranges(borrower, &deal.ranges, 2);
	CHECK_HOLDS(sender, &deal, 2);
	write_ranges(sender, &deal.ranges, 3);
	CHECK_HOLDS(borrower, &deal, 3);

	CHECK_STATUS(deal_retrieve(&deal, borrower), FFA_DENIED);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	check_unreachable(borrower, &deal);
	CHECK_HOLDS(sender, &deal, 3);

	/* Once more, without asking anew. */
	CHECK_OK(deal_retrieve(&deal, borrower));
	CHECK_HOLDS(borrower, &deal, 3);
	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_retrieve(&deal, borrower), FFA_INVALID_PARAMETERS);
	CHECK_HOLDS(sender, &deal, 3);
}

/** The sender has nothing of it until it has reclaimed it. */
static void check_lend(uint16_t sender, uint16_t borrower, uint64_t base)
{
	struct deal deal = deal_of(LEND, sender, base, PAGES, borrower);

	write_ranges(sender, &deal.ranges, 1);
	CHECK_OK(deal_send(&deal));
	check_unreachable(sender, &deal);
	CHECK_OK(deal_retrieve(&deal, borrower));
	check_unreachable(sender, &deal);
	CHECK_HOLDS(borrower, &deal, 1);
	write_ranges(borrower, &deal.ranges, 2);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_DENIED);

	CHECK_OK(deal_relinquish(&deal, borrower, 0));
	check_unreachable(borrower, &deal);
	check_unreachable(sender, &deal);
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, 2);
	check_unreachable(borrower, &deal);
}

static void donate(uint16_t sender, uint16_t receiver, uint64_t base, uint64_t seed)
{
	struct deal deal = deal_of(DONATE, sender, base, PAGES, receiver);

	write_ranges(sender, &deal.ranges, seed);
	CHECK_OK(deal_send(&deal));
	check_unreachable(sender, &deal);
	CHECK_OK(deal_retrieve(&deal, receiver));
	check_unreachable(sender, &deal);
	CHECK_HOLDS(receiver, &deal, seed);
	write_ranges(receiver, &deal.ranges, seed + 0x100);
	CHECK_HOLDS(receiver, &deal, seed + 0x100);
	CHECK_STATUS(deal_reclaim(&deal, 0), FFA_INVALID_PARAMETERS);
	CHECK_STATUS(deal_relinquish(&deal, receiver, 0), FFA_INVALID_PARAMETERS);
}

/** A donation not retrieved can be taken back; one that was belongs to the receiver, who gives it away. */
static void check_donate(uint16_t sender, uint16_t receiver, uint64_t base)
{
	struct deal deal = deal_of(DONATE, sender, base, PAGES, receiver);

	write_ranges(sender, &deal.ranges, 5);
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_HOLDS(sender, &deal, 5);
	donate(sender, receiver, base, 6);
	donate(receiver, sender, base, 7);
}

/** The three between two partitions, in both directions. */
static void check_pair(uint16_t one, uint16_t other)
{
	check_share(one, other, pool_of(one) + FAR * 4096);
	check_share(other, one, pool_of(other) + FAR * 4096);
	check_lend(one, other, pool_of(one) + FAR * 4096);
	check_lend(other, one, pool_of(other) + FAR * 4096);
	check_donate(one, other, pool_of(one) + FAR * 4096);
	check_donate(other, one, pool_of(other) + FAR * 4096);
}

#define PAIR_TEST(name, one, other)     \
	MEMORY_TEST(name)               \
	{                               \
		check_pair(one, other); \
	}

PAIR_TEST(memory_moves_between_two_partitions_of_1_2, MEM_MP, MEM_MP2)
PAIR_TEST(memory_moves_between_partitions_of_1_2_and_1_1, MEM_MP, MEM_UP11)
PAIR_TEST(memory_moves_between_partitions_of_1_2_and_1_0, MEM_MP, MEM_OLD)
PAIR_TEST(memory_moves_between_partitions_of_1_1_and_1_0, MEM_UP11, MEM_OLD)
PAIR_TEST(memory_moves_between_s_el1_and_s_el0, MEM_MP, MEM_EL0)
PAIR_TEST(memory_moves_between_s_el1_of_1_0_and_s_el0, MEM_OLD, MEM_EL0)

/* ---- the normal world ------------------------------------------------------------------------------- */

MEMORY_TEST(the_normal_world_shares_and_lends_to_every_partition)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_share(OS, subject->id, OS_POOL(FAR));
		check_lend(OS, subject->id, OS_POOL(FAR));
	}
}

MEMORY_TEST(a_vm_shares_and_lends_to_every_partition)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_share(7, subject->id, OS_POOL(FAR));
		check_lend(7, subject->id, OS_POOL(FAR));
	}
}

/** What the normal world donates a partition may lend to others, and never gives back as a donation. */
static void check_gift(uint16_t receiver, uint64_t base)
{
	struct deal back = deal_of(DONATE, receiver, base, PAGES, OS);

	donate(OS, receiver, base, 8);
	check_share(receiver, receiver == MEM_MP2 ? MEM_MP : MEM_MP2, base);
	check_lend(receiver, receiver == MEM_UP11 ? MEM_OLD : MEM_UP11, base);
	check_lend(receiver, OS, base);
	CHECK_STATUS(deal_send(&back), FFA_DENIED);
	back = deal_of(SHARE, OS, base, 1, MEM_MP);
	CHECK_STATUS(deal_send(&back), FFA_DENIED);
}

MEMORY_TEST(the_normal_world_donates_memory_for_good)
{
	static uint8_t gifts[4][PAGES * 4096] __attribute__((aligned(4096)));

	check_gift(MEM_MP, (uintptr_t)gifts[0]);
	check_gift(MEM_EL0, (uintptr_t)gifts[1]);
	check_gift(MEM_OLD, (uintptr_t)gifts[2]);
	check_gift(MEM_MP2, (uintptr_t)gifts[3]);
}

MEMORY_TEST(a_partition_shares_and_lends_its_non_secure_memory)
{
	check_share(MEM_MP, OS, OPEN_MP);
	check_lend(MEM_MP, OS, OPEN_MP + 0x4000);
	check_share(MEM_MP, 3, OPEN_MP);
	check_lend(MEM_MP, 3, OPEN_MP + 0x4000);
	check_share(MEM_UP11, OS, OPEN_UP11);
	check_lend(MEM_UP11, 9, OPEN_UP11);
	check_share(MEM_MP, MEM_EL0, OPEN_MP);
	check_lend(MEM_MP, MEM_OLD, OPEN_MP);
	check_donate(MEM_MP, MEM_UP11, OPEN_MP);
}

/** Memory of the partition's own is secure: nobody gives it to the normal world. */
MEMORY_TEST(secure_memory_is_denied_to_the_normal_world)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct deal deal = deal_of(SHARE, subject->id, pool_of(subject->id), 1, OS);

		CHECK_STATUS(deal_send(&deal), FFA_DENIED);
		deal = deal_of(LEND, subject->id, pool_of(subject->id), 1, 1);
		CHECK_STATUS(deal_send(&deal), FFA_DENIED);
		deal = deal_of(DONATE, subject->id, pool_of(subject->id), 1, OS);
		CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	}
}

/* ---- rights and attributes -------------------------------------------------------------------------- */

static struct memory_transaction retrieve_with(const struct deal *deal, uint16_t id,
					       uint8_t permissions, uint16_t attributes)
{
	struct memory_transaction request = deal_request(deal, id);

	request.borrowers[0].permissions = permissions;
	request.attributes = attributes;
	CHECK_OK(deal_retrieve_as(deal, id, &request));
	return request;
}

MEMORY_TEST(read_only_memory_can_only_be_read)
{
	struct deal deal = deal_of(SHARE, MEM_MP, POOL_MP, PAGES, MEM_MP2);
	struct memory_transaction response;

	deal.transaction.borrowers[0].permissions = RO;
	write_ranges(MEM_MP, &deal.ranges, 9);
	CHECK_OK(deal_send(&deal));
	response = retrieve_with(&deal, MEM_MP2, 0, 0);
	CHECK_EQ(response.borrowers[0].permissions, RO | NX);
	CHECK_HOLDS(MEM_MP2, &deal, 9);
	check_read_only(MEM_MP2, POOL_MP);
	map_page(MEM_MP2, POOL_MP, REGION_READ | REGION_WRITE); /* stage 2 says so as well */
	check_read_only(MEM_MP2, POOL_MP);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));

	/* A borrower may want less than it could have; a partition lends what it only reads as that. */
	deal.transaction.borrowers[0].permissions = RW;
	CHECK_OK(deal_send(&deal));
	response = retrieve_with(&deal, MEM_MP2, RO, 0);
	CHECK_EQ(response.borrowers[0].permissions, RO | NX);
	map_page(MEM_MP2, POOL_MP, REGION_READ | REGION_WRITE);
	check_read_only(MEM_MP2, POOL_MP);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
	deal = deal_of(LEND, MEM_MP, CONSTANT_MP, 1, MEM_UP11);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	deal.transaction.borrowers[0].permissions = RO;
	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_retrieve(&deal, MEM_UP11));
	check_read_only(MEM_UP11, CONSTANT_MP);
	CHECK_OK(deal_relinquish(&deal, MEM_UP11, 0));
	CHECK_OK(deal_reclaim(&deal, 0));
}

MEMORY_TEST(responses_tell_security_type_and_rights)
{
	struct deal secure = deal_of(LEND, MEM_MP, POOL_MP, PAGES, MEM_MP2);
	struct deal open = deal_of(LEND, MEM_MP, OPEN_MP, PAGES, MEM_MP2);
	struct deal os = deal_of(SHARE, OS, OS_POOL(0), PAGES, MEM_UP11);
	struct memory_transaction response;

	CHECK_OK(deal_send(&secure));
	CHECK_OK(deal_send(&open));
	CHECK_OK(deal_send(&os));
	response = retrieve_with(&secure, MEM_MP2, RW | NX, 0);
	CHECK_EQ(response.attributes, FFA_MEMORY_NORMAL_WRITE_BACK_INNER);
	CHECK_EQ(response.borrowers[0].permissions, RW | NX);
	response = retrieve_with(&open, MEM_MP2, RO | NX, FFA_MEMORY_NORMAL_WRITE_BACK_INNER);
	CHECK_EQ(response.attributes, FFA_MEMORY_NORMAL_WRITE_BACK_INNER | FFA_MEMORY_NON_SECURE);
	CHECK_EQ(response.borrowers[0].permissions, RO | NX);
	response = retrieve_with(&os, MEM_UP11, RW, 0);
	CHECK_EQ(response.attributes, FFA_MEMORY_NORMAL_WRITE_BACK_INNER | FFA_MEMORY_NON_SECURE);
	CHECK_EQ(response.borrowers[0].permissions, RW | NX);
	CHECK_OK(deal_relinquish(&secure, MEM_MP2, 0));
	CHECK_OK(deal_relinquish(&open, MEM_MP2, 0));
	CHECK_OK(deal_relinquish(&os, MEM_UP11, 0));
	CHECK_OK(deal_reclaim(&secure, 0));
	CHECK_OK(deal_reclaim(&open, 0));
	CHECK_OK(deal_reclaim(&os, 0));
}

/** A page of registers: lent as a device, read by the borrower, out of the lender's reach meanwhile. */
MEMORY_TEST(a_device_is_lent_and_neither_shared_nor_donated)
{
	struct deal deal = deal_of(LEND, MEM_MP, UART_MP, 1, MEM_MP2);
	struct memory_transaction request;
	uint64_t flags =
		COMMAND(MEM_MP, TEST_TOUCH, TEST_READ, UART_MP + 0x18, TEST_MAP_NOT, 0).x[5];

	CHECK_OK(deal_send(&deal));
	check_faults(MEM_MP, UART_MP + 0x18);
	request = deal_request(&deal, MEM_MP2);
	request.attributes = FFA_MEMORY_NORMAL_WRITE_BACK_INNER;
	CHECK_STATUS(deal_retrieve_as(&deal, MEM_MP2, &request), FFA_DENIED);
	request = retrieve_with(&deal, MEM_MP2, RW | NX, 0);
	CHECK_EQ(request.attributes & FFA_MEMORY_TYPE_MASK, FFA_MEMORY_TYPE_DEVICE);
	CHECK_EQ(COMMAND(MEM_MP2, TEST_TOUCH, TEST_READ, UART_MP + 0x18, TEST_MAP_NOT, 0).x[5],
		 flags);
	CHECK_OK(deal_relinquish(&deal, MEM_MP2, 0));
	check_faults(MEM_MP2, UART_MP + 0x18);
	CHECK_OK(deal_reclaim(&deal, 0));
	CHECK_EQ(COMMAND(MEM_MP, TEST_TOUCH, TEST_READ, UART_MP + 0x18, TEST_MAP_NOT, 0).x[5],
		 flags);

	deal = deal_of(SHARE, MEM_MP, UART_MP, 1, MEM_MP2);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	deal = deal_of(DONATE, MEM_MP, UART_MP, 1, MEM_MP2);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
	deal = deal_of(LEND, MEM_MP, UART_MP, 1, MEM_MP2);
	deal_add(&deal, MEM_UP11, RW);
	CHECK_STATUS(deal_send(&deal), FFA_DENIED);
}
