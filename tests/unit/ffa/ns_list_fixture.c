/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/ffa/ns_list_fixture.h"

struct ffa_ns_range ns_list[NS_LIST_MAX];
uint32_t ns_list_count;
static struct ffa_memory_range ranges[NS_LIST_MAX];

/* ---- the system --------------------------------------------------------------------------------- */

/**
 * SP1 has memory of the normal world by its manifest, SP4 (S-EL0) a page that it may read, SP2 none; SP2 can
 * retrieve. Buffers of the normal world have @pages pages.
 */
void ns_list_boot(uint32_t pages)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(SP1_REGION), .page_count = SP1_PAGES },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_add(SP2, INSTANCE_S1UP);
	config = system_add(SP4, INSTANCE_S0);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(SP4_REGION), .page_count = 1 },
		.attributes = REGION_READ | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_boot(2);
	on_pe(0);
	nw_version(FFA_VERSION_1_3);
	map_hypervisor(pages);
	run_as(SP2);
	map_rxtx(SP2);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(NW);
}

uint32_t ns_list_free_pages(void)
{
	return the_spmc()->pool.free_count;
}

bool ns_list_is_kept(void)
{
	return ns_snapshot_exists(&the_spmc()->ns_snapshot);
}

enum ffa_status ns_list_get(uint64_t id, uint64_t flags)
{
	run_as(NW);
	CALL(NW, FFA_NS_RES_INFO_GET_64, id, flags);
	return last_status();
}

/** As ns_list_get() when it is refused and there was a list: its pages are free then. */
enum ffa_status ns_list_get_and_lose(uint64_t id, uint64_t flags)
{
	enum ffa_status status;

	expect_refusal_to_free_pages(true);
	status = ns_list_get(id, flags);
	expect_refusal_to_free_pages(false);
	return status;
}

void ns_list_release_rx(void)
{
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(NW);
}

/** Takes what the answer that NW just got says out of RX; returns the bytes that are still to come. */
uint32_t ns_list_take(bool first)
{
	const uint8_t *rx = host_ram(paddr(vm_rx(NW)));
	uint32_t size = (uint32_t)(registers()[2] >> 32);
	uint32_t left = (uint32_t)registers()[2];

	CHECK_GOT(NW, FFA_SUCCESS_64, 0, registers()[2]);
	if (first) {
		struct ffa_ns_res_info head;

		memcpy(&head, rx, sizeof(head));
		CHECK_EQUAL(head.entry_size, 16);
		CHECK_EQUAL(head.entry_offset, 16);
		CHECK_EQUAL(head.reserved, 0);
		CHECK_EQUAL(head.entry_count * 16 + 16, size + left);
		ns_list_count = 0;
		rx += sizeof(head);
		size -= sizeof(head);
	}
	CHECK_EQUAL(size % 16, 0);
	memcpy(&ns_list[ns_list_count], rx, size);
	ns_list_count += size / 16;
	ns_list_release_rx();
	return left;
}

void ns_list_finish(void)
{
	do {
		CHECK_EQUAL(ns_list_get(0, CONTINUE), FFA_OK);
	} while (ns_list_take(false) > 0);
	CHECK(!ns_list_is_kept());
}

/** The whole list of @id, 0: of all. */
void ns_list_fetch(uint16_t id)
{
	CHECK_EQUAL(ns_list_get(id, id == 0 ? START : TARGET), FFA_OK);
	if (ns_list_take(true) > 0) {
		ns_list_finish();
	}
	CHECK(!ns_list_is_kept());
}

void ns_list_check(unsigned n, uint64_t address, uint32_t page_count, uint8_t permissions,
		   uint16_t endpoint, uint8_t flags)
{
	CHECK(n < ns_list_count);
	CHECK_EQUAL(ns_list[n].address, address);
	CHECK_EQUAL(ns_list[n].page_count, page_count);
	CHECK_EQUAL(ns_list[n].permissions, permissions);
	CHECK_EQUAL(ns_list[n].endpoint, endpoint);
	CHECK_EQUAL(ns_list[n].flags, flags);
}

/** @sender sends @count pages at @address to @receiver. */
uint64_t ns_list_give(enum transaction_kind kind, uint16_t sender, uint16_t receiver,
		      uint64_t address, uint32_t count)
{
	struct ffa_memory_range range = { address, count, 0 };
	struct mem_message message = message_for(kind, sender, receiver, &range);

	return mem_send(sender, kind, &message);
}

void ns_list_retrieve(uint16_t who, enum transaction_kind kind, uint16_t sender, uint64_t handle)
{
	struct mem_message sent = message_for(kind, sender, who, NULL);
	struct mem_message request = request_for(&sent, kind, handle);

	mem_retrieve(who, &request);
}

/** Shares @count pages that do not touch each other with SP2, or with SP1, SP2 and SP4. */
uint64_t ns_list_share_scattered(uint32_t count, bool with_all)
{
	struct mem_message message = message_for(TRANSACTION_SHARE, NW, SP2, ranges);

	for (uint32_t i = 0; i < count; i++) {
		ranges[i] = (struct ffa_memory_range){ FURTHER_BASE + i * 2 * PAGE_SIZE, 1, 0 };
	}
	if (with_all) {
		message.receiver_count = 3;
		message.receivers[1] = (struct mem_receiver){ .id = SP1, .permissions = RW };
		message.receivers[2] = (struct mem_receiver){ .id = SP4, .permissions = RW };
	}
	message.range_count = count;
	system_ns_memory((struct page_range){ .base = paddr(FURTHER_BASE),
					      .page_count = (uint64_t)count * 2 });
	return mem_send(NW, TRANSACTION_SHARE, &message);
}
