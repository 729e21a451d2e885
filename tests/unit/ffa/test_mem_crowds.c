/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions (DEN0140) with many borrowers, partitions and VMs of mixed versions, with many constituents,
 * and in such numbers that a sender uses up what it may have.
 */
#include "tests/unit/ffa/mem_fixture.h"

enum {
	CROWD = 20, /* partitions besides SP1 */
	MANY = 65536, /* constituents */
};

#define MANY_BASE UINT64_C(0x100000000)

static uint16_t crowd_id(unsigned n)
{
	return (uint16_t)(SP2 + n);
}

/** SP1 and CROWD others of all versions in turn, with buffers. */
static void boot_crowd(void)
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2,
					     FFA_VERSION_1_3 };

	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	for (unsigned i = 0; i < CROWD; i++) {
		system_add(crowd_id(i), INSTANCE_S1UP)->ffa_version = versions[i % 4];
	}
	system_boot(1);
	map_hypervisor(1);
	for (unsigned i = 0; i <= CROWD; i++) {
		run_as((uint16_t)(SP1 + i));
		map_rxtx((uint16_t)(SP1 + i));
	}
	run_as(NW);
}

/** Borrowers with an even number may write. */
static uint8_t permissions_of(unsigned n)
{
	return n % 2 == 0 ? RW : RO;
}

/** @range from @sender to the whole crowd as @kind. */
static struct mem_message crowd_message(enum transaction_kind kind, uint16_t sender,
					const struct ffa_memory_range *range)
{
	struct mem_message message = message_for(kind, sender, SP2, range);

	message.attributes = WB;
	message.receiver_count = CROWD;
	for (unsigned i = 0; i < CROWD; i++) {
		message.receivers[i] = (struct mem_receiver){ .id = crowd_id(i),
							      .permissions = permissions_of(i) };
	}
	return message;
}

/** The crowd retrieves what @who sends as @kind, and gives it back, in another order. */
static void send_to_crowd(uint16_t who, enum transaction_kind kind)
{
	struct ffa_memory_range range = { who == NW ? ns_page(0) : page_of(who, 40), 2, 0 };
	unsigned world = who == NW ? ARCH_MAP_NON_SECURE : 0;
	struct mem_message sent = crowd_message(kind, who, &range);
	uint64_t handle = mem_send(who, kind, &sent);
	struct mem_message asked = request_for(&sent, kind, handle);

	for (unsigned i = 0; i < CROWD; i++) {
		unsigned writes = permissions_of(i) == RW ? ARCH_MAP_WRITE : 0;

		mem_retrieve(crowd_id(i), &asked);
		CHECK_EQUAL(mem_map_of(crowd_id(i), range.address + PAGE_SIZE),
			    ARCH_MAP_READ | writes | ARCH_MAP_BORROWED | world);
	}
	for (unsigned i = 0; i < CROWD; i++) {
		unsigned n = (i * 7 + 3) % CROWD;

		CHECK_EQUAL(mem_try_reclaim(who, handle, 0), FFA_DENIED);
		mem_relinquish(crowd_id(n), handle);
		CHECK_EQUAL(mem_map_of(crowd_id(n), range.address), 0);
	}
	mem_reclaim(who, handle);
}

TEST(memory_is_shared_with_twenty_partitions_of_all_versions)
{
	uint32_t free_pages;

	boot_crowd();
	free_pages = pages_outside_transactions();
	send_to_crowd(NW, TRANSACTION_SHARE);
	send_to_crowd(SP1, TRANSACTION_SHARE);
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

TEST(memory_is_lent_to_twenty_partitions_of_all_versions)
{
	boot_crowd();
	send_to_crowd(NW, TRANSACTION_LEND);
	send_to_crowd(SP1, TRANSACTION_LEND);
}

TEST(one_of_twenty_retrieves_by_itself)
{
	struct ffa_memory_range range;
	struct mem_message sent, asked;
	uint64_t handle;

	boot_crowd();
	range = (struct ffa_memory_range){ ns_page(0), 2, 0 };
	sent = crowd_message(TRANSACTION_SHARE, NW, &range);
	handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	asked = request_for(&sent, TRANSACTION_SHARE, handle);
	asked.receivers[0] = asked.receivers[13];
	asked.receiver_count = 1;
	CHECK_EQUAL(mem_try_retrieve(crowd_id(13), &asked), FFA_INVALID_PARAMETERS);
	asked.flags |= FFA_MEMORY_FLAG_BYPASS;
	CHECK_EQUAL(mem_try_retrieve(crowd_id(12), &asked), FFA_INVALID_PARAMETERS);
	mem_retrieve(crowd_id(13), &asked);
	CHECK_EQUAL(mem_try_reclaim(NW, handle, 0), FFA_DENIED);
	mem_relinquish(crowd_id(13), handle);
	mem_reclaim(NW, handle);
}

TEST(memory_is_shared_with_partitions_and_vms_up_to_the_limit)
{
	struct ffa_memory_range range;
	struct mem_message sent, asked;
	uint64_t handle;

	boot_crowd();
	range = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	sent = crowd_message(TRANSACTION_SHARE, VM1, &range);
	for (uint16_t i = CROWD; i < TRANSACTION_BORROWERS_MAX; i++) {
		sent.receivers[i] = (struct mem_receiver){ .id = i, .permissions = RO };
	}
	sent.receiver_count = TRANSACTION_BORROWERS_MAX;
	handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	asked = request_for(&sent, TRANSACTION_SHARE, handle);
	mem_retrieve(crowd_id(CROWD - 1), &asked);
	mem_retrieve(crowd_id(0), &asked);
	mem_relinquish(crowd_id(0), handle);
	mem_relinquish(crowd_id(CROWD - 1), handle);
	mem_reclaim(NW, handle);
}

/* ---- many transactions, many constituents ------------------------------------------------------- */

/** Sends single pages of the normal world to SP2, as many as it may. Returns how many. */
static unsigned send_until_refused(uint64_t *handles, unsigned limit)
{
	struct ffa_memory_range range = { 0, 1, 0 };
	struct mem_message sent = message_for(TRANSACTION_SHARE, NW, SP2, &range);
	unsigned count = 0;

	while (count < limit) {
		enum ffa_status status;

		range.address = ns_page(count);
		status = mem_try_send(NW, TRANSACTION_SHARE, &sent, &handles[count]);
		if (status != FFA_OK) {
			CHECK_EQUAL(status, FFA_NO_MEMORY);
			return count;
		}
		count++;
	}
	return count;
}

TEST(a_normal_world_that_uses_up_its_pages_harms_no_partition)
{
	static uint64_t handles[200];
	struct ffa_memory_range range;
	struct mem_message sent, asked;
	uint32_t free_pages;
	uint64_t handle;
	unsigned count;

	memory_boot(1);
	free_pages = pages_outside_transactions();
	quota_of(NW)->limit_pages = quota_of(NW)->used_pages + 100;
	count = send_until_refused(handles, 200);
	CHECK(count > 50 && count <= 100);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 1, 0 };
	sent = message_for(TRANSACTION_LEND, SP1, SP2, &range);
	handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	asked = request_for(&sent, TRANSACTION_LEND, handle);
	mem_retrieve(SP2, &asked);
	mem_relinquish(SP2, handle);
	mem_reclaim(SP1, handle);
	mem_reclaim(NW, handles[count - 1]);
	for (unsigned i = 0; i + 1 < count; i++) {
		mem_reclaim(NW, handles[i]);
	}
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}

/** What is promised to a partition is there though another one takes all that it can get. */
TEST(what_is_promised_to_partitions_the_normal_world_does_not_get)
{
	static uint64_t handles[NS_PAGES];
	struct page_pool *pool;
	struct ffa_memory_range range;
	struct mem_message sent;
	uint64_t handle;
	uint32_t free_pages;

	memory_boot(1);
	pool = &the_spmc()->pool;
	free_pages = pool->free_count;
	pool->free_count = pool->promised_count + 20; /* a pool that is nearly used up */
	quota_of(NW)->limit_pages = UINT32_MAX;
	CHECK(send_until_refused(handles, 255) < 255);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 1, 0 };
	sent = message_for(TRANSACTION_LEND, SP1, SP2, &range);
	handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	mem_reclaim(SP1, handle);
	CHECK(pool->free_count < free_pages);
}

/** The normal world lends SP2 @pages pages from MANY_BASE on, and takes them back. Returns the tables it took. */
static uint32_t pages_taken_for(uint32_t pages)
{
	struct ffa_memory_range range = { MANY_BASE, pages, 0 };
	uint32_t free_pages = pages_outside_transactions();
	struct mem_message sent = message_for(TRANSACTION_LEND, NW, SP2, &range);
	uint64_t handle = mem_send(NW, TRANSACTION_LEND, &sent);
	struct mem_message asked = request_for(&sent, TRANSACTION_LEND, handle);
	uint64_t last = MANY_BASE + (pages - UINT64_C(1)) * PAGE_SIZE;
	uint32_t taken;

	mem_retrieve(SP2, &asked);
	CHECK(mem_map_of(SP2, MANY_BASE) != 0 && mem_map_of(SP2, last) != 0);
	CHECK_EQUAL(mem_map_of(SP2, last + PAGE_SIZE), 0);
	CHECK(ns_is_taken(last) && !ns_is_taken(last + PAGE_SIZE));
	taken = free_pages - pages_outside_transactions();
	mem_relinquish(SP2, handle);
	mem_reclaim(NW, handle);
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
	return taken;
}

TEST(gigabytes_take_no_more_tables_than_a_page)
{
	enum { GIBIBYTE = 0x40000 };

	memory_boot(1);
	system_ns_memory(
		(struct page_range){ .base = paddr(MANY_BASE), .page_count = 8 * GIBIBYTE });
	CHECK(pages_taken_for(4 * GIBIBYTE) <= pages_taken_for(1));
	CHECK(pages_taken_for(0x200) <= pages_taken_for(1));
	CHECK(pages_taken_for(4 * GIBIBYTE + 0x201) <= pages_taken_for(1) + 2);
}

/** A part of what was donated as one is lent: the rest is not disturbed. */
TEST(large_ranges_are_split_where_they_must)
{
	struct ffa_memory_range whole = { MANY_BASE, 0x400, 0 };
	struct ffa_memory_range page = { MANY_BASE + 0x333 * PAGE_SIZE, 1, 0 };
	struct mem_message sent = message_for(TRANSACTION_DONATE, NW, SP2, &whole);
	struct mem_message part = message_for(TRANSACTION_LEND, SP2, SP1, &page);
	struct mem_message asked;
	uint64_t handle;

	memory_boot(1);
	system_ns_memory((struct page_range){ .base = paddr(MANY_BASE), .page_count = 0x800 });
	asked = request_for(&sent, TRANSACTION_DONATE, mem_send(NW, TRANSACTION_DONATE, &sent));
	mem_retrieve(SP2, &asked);
	handle = mem_send(SP2, TRANSACTION_LEND, &part);
	CHECK_EQUAL(mem_map_of(SP2, page.address), 0);
	CHECK(mem_map_of(SP2, page.address - PAGE_SIZE) != 0);
	CHECK(mem_map_of(SP2, page.address + PAGE_SIZE) != 0);
	asked = request_for(&part, TRANSACTION_LEND, handle);
	mem_retrieve(SP1, &asked);
	mem_relinquish(SP1, handle);
	mem_reclaim(SP2, handle);
	CHECK_EQUAL(mem_map_of(SP2, page.address), mem_map_of(SP2, MANY_BASE));
	CHECK(ns_is_taken(page.address)); /* the normal world does not get it back */
}

/** MANY single pages, every other one, of the normal world. */
static struct ffa_memory_range *many_ranges(void)
{
	static struct ffa_memory_range ranges[MANY];

	for (unsigned i = 0; i < MANY; i++) {
		ranges[i] = (struct ffa_memory_range){
			MANY_BASE + (uint64_t)(MANY - 1 - i) * 2 * PAGE_SIZE, 1, 0
		};
	}
	return ranges;
}

/** More pages of EL2, for everybody. */
static void enlarge_pool(void)
{
	struct page_range more = { .base = paddr(0x70000000), .page_count = 1024 };

	host_memory_add(more, WORLD_SECURE);
	page_pool_add(&the_spmc()->pool, arch_map_permanent(more), more.page_count);
	quota_of(NW)->limit_pages += 1024;
	quota_of(SP2)->limit_pages += 1024;
}

TEST(sixty_five_thousand_constituents_are_sent_retrieved_and_given_back)
{
	struct page_range more = { .base = paddr(MANY_BASE), .page_count = 2 * MANY };
	struct ffa_memory_range *ranges = many_ranges();
	struct mem_message sent, asked;
	uint32_t free_pages;
	const uint8_t *response;
	uint64_t handle;
	size_t size;

	memory_boot(16);
	system_ns_memory(more);
	enlarge_pool();
	free_pages = pages_outside_transactions();
	sent = message_for(TRANSACTION_LEND, NW, SP2, ranges);
	sent.range_count = MANY;
	handle = mem_send(NW, TRANSACTION_LEND, &sent);
	asked = request_for(&sent, TRANSACTION_LEND, handle);
	mem_retrieve(SP2, &asked);
	response = mem_response(&size);
	CHECK_EQUAL(size, 96 + (size_t)MANY * 16);
	CHECK_BYTES(response + 96, ranges, (size_t)MANY * 16);
	CHECK(mem_map_of(SP2, ranges[0].address) != 0);
	CHECK(mem_map_of(SP2, ranges[MANY - 1].address) != 0);
	CHECK_EQUAL(mem_map_of(SP2, ranges[MANY / 2].address + PAGE_SIZE), 0);
	mem_relinquish(SP2, handle);
	CHECK_EQUAL(mem_map_of(SP2, ranges[MANY / 2].address), 0);
	mem_reclaim(NW, handle);
	CHECK(!ns_is_taken(ranges[MANY / 3].address));
	CHECK_EQUAL(pages_outside_transactions(), free_pages);
}
