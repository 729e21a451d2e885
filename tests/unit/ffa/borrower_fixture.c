/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/ffa/borrower_fixture.h"

enum {
	OFFERED_PAGES = 8,
	READ_ONLY_OFFSET = 16, /* pages behind the offered ones' first */
};

#define OFFERED_BASE (NS_BASE + (uint64_t)(NS_PAGES - 32) * PAGE_SIZE)

struct borrowing borrowing;

uint64_t offered_page(unsigned n)
{
	return OFFERED_BASE + (uint64_t)n * PAGE_SIZE;
}

uint64_t read_only_page(void)
{
	return offered_page(READ_ONLY_OFFSET);
}

uint64_t secure_page(void)
{
	return page_of(SP1, 40);
}

void borrower_boot(uint16_t who, uint32_t version)
{
	struct partition_config *config;

	memset(&borrowing, 0, sizeof(borrowing));
	borrowing.who = who;
	borrowing.id = who == NW ? VM1 : who;
	borrowing.version = version;
	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(offered_page(0)), .page_count = OFFERED_PAGES },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_regions[1] = (struct memory_region_config){
		.range = { .base = paddr(read_only_page()), .page_count = 1 },
		.attributes = REGION_READ | REGION_NON_SECURE,
	};
	config->memory_region_count = 2;
	system_add(SP2, INSTANCE_S1UP)->ffa_version = version;
	system_add(SP3, INSTANCE_S1UP)->ffa_version = version;
	system_boot(1);
	nw_version(version);
	map_hypervisor(1);
	for (uint16_t id = SP1; id <= SP3; id++) {
		run_as(id);
		map_rxtx(id);
	}
}

struct mem_message offer_message(enum transaction_kind kind)
{
	borrowing.range = (struct ffa_memory_range){ offered_page(0), 1, 0 };
	return message_for(kind, SP1, borrowing.id, &borrowing.range);
}

void offer(enum transaction_kind kind, const struct mem_message *message)
{
	borrowing.kind = kind;
	borrowing.sent = *message;
	borrowing.handle = mem_send(SP1, kind, message);
	borrowing.request = request_for(message, kind, borrowing.handle);
}

void offer_usual(enum transaction_kind kind)
{
	struct mem_message message = offer_message(kind);

	offer(kind, &message);
}

void take_back(void)
{
	mem_reclaim(SP1, borrowing.handle);
}

void compose_request(void)
{
	borrowing.size = mem_compose(borrowing.bytes, borrowing.version, &borrowing.request);
	borrowing.access = borrowing.version < FFA_VERSION_1_1 ? 32 : 48;
	borrowing.access_size = borrowing.version < FFA_VERSION_1_2 ? 16 : 32;
}

void poke(size_t offset, uint64_t value, size_t size)
{
	memcpy(borrowing.bytes + offset, &value, size);
}

enum ffa_status ask_as_composed(void)
{
	return mem_retrieve_bytes(borrowing.who, borrowing.bytes, borrowing.size);
}

enum ffa_status ask(void)
{
	compose_request();
	return ask_as_composed();
}

void give_back(void)
{
	CALL(borrowing.who, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(borrowing.who);
	CHECK_EQUAL(mem_try_relinquish(borrowing.who, borrowing.id, borrowing.handle, 0), FFA_OK);
}

void for_each_borrower(void (*body)(void))
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2 };

	for (unsigned v = 0; v < 3; v++) {
		borrower_boot(SP2, versions[v]);
		body();
		borrower_boot(NW, versions[v]);
		body();
	}
}
