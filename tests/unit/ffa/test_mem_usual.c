/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory transactions that go as they should, from sending to reclaiming. */
#include "tests/unit/ffa/mem_fixture.h"

#include <string.h>

static const unsigned BORROWED_RW = ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_BORROWED;

TEST(the_normal_world_shares_a_page_with_a_partition)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t handle;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(0), 1, 0 };
	sent = message_for(TRANSACTION_SHARE, NW, SP1, &range);
	handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	CHECK(ns_is_taken(ns_page(0)) && !ns_is_taken(ns_page(1)));
	assert_int_equal(mem_map_of(SP1, ns_page(0)), 0);

	request = request_for(&sent, TRANSACTION_SHARE, handle);
	mem_retrieve(SP1, &request);
	assert_int_equal(mem_map_of(SP1, ns_page(0)), BORROWED_RW | ARCH_MAP_NON_SECURE);
	assert_int_equal(mem_try_reclaim(NW, handle, 0), FFA_DENIED);

	mem_relinquish(SP1, handle);
	assert_int_equal(mem_map_of(SP1, ns_page(0)), 0);
	mem_reclaim(NW, handle);
	CHECK(!ns_is_taken(ns_page(0)));
	assert_int_equal(mem_try_reclaim(NW, handle, 0), FFA_INVALID_PARAMETERS);
}

/** @kind from SP1 to @to; what SP1 has while it is sent. */
static void between_partitions(enum transaction_kind kind, uint16_t to, unsigned sender_map)
{
	uint64_t page = page_of(SP1, 40);
	struct ffa_memory_range range = { page, 3, 0 };
	unsigned before = mem_map_of(SP1, page);
	struct mem_message sent = message_for(kind, SP1, to, &range);
	uint64_t handle = mem_send(SP1, kind, &sent);
	struct mem_message request = request_for(&sent, kind, handle);

	assert_int_equal(mem_map_of(SP1, page), sender_map);
	assert_int_equal(mem_map_of(SP1, page + 2 * PAGE_SIZE), sender_map);
	assert_int_equal(mem_map_of(SP1, page + 3 * PAGE_SIZE), before);
	mem_retrieve(to, &request);
	assert_int_equal(mem_map_of(to, page),
			 kind == TRANSACTION_DONATE ? ARCH_MAP_READ | ARCH_MAP_WRITE : BORROWED_RW);
	if (kind == TRANSACTION_DONATE) {
		assert_int_equal(mem_try_relinquish(to, to, handle, 0), FFA_INVALID_PARAMETERS);
		assert_int_equal(mem_try_reclaim(SP1, handle, 0), FFA_INVALID_PARAMETERS);
		assert_int_equal(mem_map_of(SP1, page), 0);
		return;
	}
	assert_int_equal(mem_try_retrieve(to, &request), FFA_DENIED);
	mem_relinquish(to, handle);
	assert_int_equal(mem_map_of(to, page), 0);
	mem_reclaim(SP1, handle);
	assert_int_equal(mem_map_of(SP1, page), before);
}

TEST(partitions_share)
{
	memory_boot(1);
	between_partitions(TRANSACTION_SHARE, SP2,
			   mem_map_of(SP1, page_of(SP1, 40)) | ARCH_MAP_SHARED);
}

TEST(partitions_lend)
{
	memory_boot(1);
	between_partitions(TRANSACTION_LEND, SP2, 0);
}

TEST(partitions_donate)
{
	memory_boot(1);
	between_partitions(TRANSACTION_DONATE, SP2, 0);
}

TEST(an_s_el0_partition_borrows)
{
	memory_boot(1);
	between_partitions(TRANSACTION_SHARE, SP4,
			   mem_map_of(SP1, page_of(SP1, 40)) | ARCH_MAP_SHARED);
	between_partitions(TRANSACTION_LEND, SP4, 0);
	between_partitions(TRANSACTION_DONATE, SP4, 0);
}

/** @count scattered pages of the normal world. */
static struct ffa_memory_range *scattered(unsigned count)
{
	static struct ffa_memory_range ranges[MEM_RANGES_MAX];

	for (unsigned i = 0; i < count; i++) {
		ranges[i] = (struct ffa_memory_range){ ns_page(2 * i % 250 + i / 125 * 1000), 1,
						       0 };
	}
	return ranges;
}

TEST(scattered_pages_are_all_mapped_and_unmapped)
{
	struct ffa_memory_range *ranges = scattered(120);
	struct mem_message sent, request;
	uint64_t handle;

	memory_boot(1);
	sent = message_for(TRANSACTION_LEND, NW, SP1, ranges);
	sent.range_count = 120;
	handle = mem_send(NW, TRANSACTION_LEND, &sent);
	request = request_for(&sent, TRANSACTION_LEND, handle);
	mem_retrieve(SP1, &request);
	for (unsigned i = 0; i < 240; i++) {
		assert_int_equal(mem_map_of(SP1, ns_page(i)),
				 i % 2 == 0 ? BORROWED_RW | ARCH_MAP_NON_SECURE : 0);
		CHECK(ns_is_taken(ns_page(i)) == (i % 2 == 0));
	}
	mem_relinquish(SP1, handle);
	mem_reclaim(NW, handle);
	for (unsigned i = 0; i < 240; i++) {
		assert_int_equal(mem_map_of(SP1, ns_page(i)), 0);
		CHECK(!ns_is_taken(ns_page(i)));
	}
}

/** NW in @from shares single pages with SP1 in @to, all in one range after the other. */
static void share_in_fragments(uint32_t from, uint32_t to)
{
	static struct ffa_memory_range ranges[200 * 2];
	struct mem_message sent, request;
	uint64_t handle, free_pages;
	size_t size;
	const uint8_t *response;

	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = to;
	system_boot(1);
	nw_version(from);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(NW);
	map_rxtx(NW);
	/* More constituents than a page holds: of one page each, next to each other. */
	for (unsigned i = 0; i < 256; i++) {
		ranges[i] = (struct ffa_memory_range){ ns_page(255 - i), 1, 0 };
	}
	free_pages = pages_outside_transactions();
	sent = message_for(TRANSACTION_SHARE, NW, SP1, ranges);
	sent.range_count = 256;
	handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	request = request_for(&sent, TRANSACTION_SHARE, handle);
	mem_retrieve(SP1, &request);
	response = mem_response(&size);
	assert_memory_equal(response + size - 256 * 16, ranges, 256 * 16);
	assert_int_equal(mem_map_of(SP1, ns_page(255)), BORROWED_RW | ARCH_MAP_NON_SECURE);
	mem_relinquish(SP1, handle);
	mem_reclaim(NW, handle);
	assert_int_equal(pages_outside_transactions(), free_pages);
}

TEST(long_descriptors_go_in_fragments_whatever_the_versions)
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2,
					     FFA_VERSION_1_3 };

	for (unsigned from = 0; from < 4; from++) {
		for (unsigned to = 0; to < 4; to++) {
			share_in_fragments(versions[from], versions[to]);
		}
	}
}

TEST(several_borrowers_retrieve_in_any_order)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t handle;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(3), 2, 0 };
	sent = message_for(TRANSACTION_LEND, NW, SP1, &range);
	sent.attributes = WB;
	sent.receiver_count = 3;
	sent.receivers[1] = (struct mem_receiver){ .id = SP2, .permissions = RO };
	sent.receivers[2] = (struct mem_receiver){ .id = SP4, .permissions = RW };
	handle = mem_send(NW, TRANSACTION_LEND, &sent);
	request = request_for(&sent, TRANSACTION_LEND, handle);
	mem_retrieve(SP4, &request);
	mem_retrieve(SP2, &request);
	assert_int_equal(mem_map_of(SP2, ns_page(4)),
			 ARCH_MAP_READ | ARCH_MAP_BORROWED | ARCH_MAP_NON_SECURE);
	mem_retrieve(SP1, &request);
	mem_relinquish(SP2, handle);
	mem_relinquish(SP4, handle);
	assert_int_equal(mem_try_reclaim(NW, handle, 0), FFA_DENIED);
	mem_relinquish(SP1, handle);
	mem_reclaim(NW, handle);
}

TEST(a_vm_borrows_through_its_hypervisor)
{
	uint64_t ns = NS_BASE + (NS_PAGES - 8) * PAGE_SIZE;
	struct partition_config *config;
	struct ffa_memory_range range = { ns, 1, 0 };
	struct mem_message sent, request;
	uint64_t handle;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[config->memory_region_count++] = (struct memory_region_config){
		.range = { .base = paddr(ns), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(NW);
	map_rxtx(NW);
	sent = message_for(TRANSACTION_LEND, SP1, VM1, &range);
	handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	request = request_for(&sent, TRANSACTION_LEND, handle);
	assert_int_equal(mem_map_of(SP1, ns), 0);
	mem_retrieve(NW, &request);
	assert_int_equal(mem_try_reclaim(SP1, handle, 0), FFA_DENIED);
	assert_int_equal(mem_try_relinquish(NW, VM1, handle, 0), FFA_OK);
	mem_reclaim(SP1, handle);
	assert_int_equal(mem_map_of(SP1, ns), ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_NON_SECURE);
}

TEST(a_hypervisor_looks_at_what_is_shared)
{
	struct ffa_memory_range range;
	struct mem_message sent, look = { 0 };
	const struct ffa_memory_header_v1_1 *header;
	size_t size;

	memory_boot(1);
	range = (struct ffa_memory_range){ ns_page(0), 7, 0 };
	sent = message_for(TRANSACTION_SHARE, VM1, SP1, &range);
	look.handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	mem_retrieve(NW, &look);
	header = (const void *)mem_response(&size);
	assert_int_equal(header->sender, VM1);
	assert_int_equal(header->handle, look.handle);
	assert_int_equal(header->tag, 0);
	assert_int_equal(header->flags, 1 << FFA_MEMORY_FLAG_KIND_SHIFT);
	assert_memory_equal((const uint8_t *)header + size - 16, &range, 16);
	mem_reclaim(NW, look.handle);
}

TEST(memory_is_zeroed_when_it_is_asked_for)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	uint64_t handle;
	uint8_t *bytes;

	memory_boot(1);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 1, 0 };
	bytes = host_ram(paddr(range.address));
	memset(bytes, 0x77, PAGE_SIZE);
	sent = message_for(TRANSACTION_LEND, SP1, SP2, &range);
	sent.flags = FFA_MEMORY_FLAG_ZERO;
	handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	CHECK(bytes[0] == 0 && bytes[PAGE_SIZE - 1] == 0);

	memset(bytes, 0x77, PAGE_SIZE);
	request = request_for(&sent, TRANSACTION_LEND, handle);
	request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER;
	mem_retrieve(SP2, &request);
	assert_int_equal(bytes[5], 0x77);
	mem_relinquish(SP2, handle);
	CHECK(bytes[0] == 0 && bytes[PAGE_SIZE - 1] == 0);

	memset(bytes, 0x77, PAGE_SIZE);
	request.flags &= ~FFA_MEMORY_FLAG_ZERO_AFTER;
	mem_retrieve(SP2, &request);
	assert_int_equal(mem_try_relinquish(SP2, SP2, handle, FFA_MEMORY_FLAG_ZERO), FFA_OK);
	CHECK(bytes[0] == 0);
	memset(bytes, 0x77, PAGE_SIZE);
	assert_int_equal(mem_try_reclaim(SP1, handle, FFA_MEMORY_FLAG_ZERO), FFA_OK);
	CHECK(bytes[0] == 0);
}

/** SP1 has a device of one page. */
static void boot_with_device(uint64_t address)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->device_regions[config->device_region_count++] = (struct device_region_config){
		.range = { .base = paddr(address), .page_count = 1 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(SP2);
	map_rxtx(SP2);
}

TEST(a_device_is_never_zeroed)
{
	const uint64_t device = 0x09040000;
	struct ffa_memory_range range = { device, 1, 0 };
	struct mem_message sent, request;
	uint64_t handle;

	boot_with_device(device);
	sent = message_for(TRANSACTION_LEND, SP1, SP2, &range);
	sent.flags = FFA_MEMORY_FLAG_ZERO;
	assert_int_equal(mem_try_send(SP1, TRANSACTION_LEND, &sent, &handle), FFA_DENIED);

	sent.flags = 0;
	handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	request = request_for(&sent, TRANSACTION_LEND, handle);
	request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER;
	assert_int_equal(mem_try_retrieve(SP2, &request), FFA_DENIED);
	request.flags &= ~FFA_MEMORY_FLAG_ZERO_AFTER;
	mem_retrieve(SP2, &request);
	assert_int_equal(mem_try_relinquish(SP2, SP2, handle, FFA_MEMORY_FLAG_ZERO), FFA_DENIED);
	mem_relinquish(SP2, handle);
	assert_int_equal(mem_try_reclaim(SP1, handle, FFA_MEMORY_FLAG_ZERO), FFA_DENIED);
	mem_reclaim(SP1, handle);
}
