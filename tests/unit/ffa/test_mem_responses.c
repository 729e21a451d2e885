/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What FFA_MEM_RETRIEVE_REQ (DEN0140) answers, byte for byte: to borrowers of each version, to VMs, and to a
 * hypervisor that only looks (it names nothing but a handle), with what that is refused for.
 */
#include "tests/unit/ffa/mem_fixture.h"

enum {
	TAG = 0x7a67,
	LONG = 260, /* constituents: more than a page has room for */
};

/** What a response is to say. */
struct expected {
	uint32_t version;
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle, tag;
	uint32_t count;
	struct mem_receiver access[4];
	uint32_t range_count;
	const struct ffa_memory_range *ranges;
};

static uint8_t bytes[PAGE_SIZE];

static void put_at(size_t offset, uint64_t value, size_t size)
{
	memcpy(bytes + offset, &value, size);
}

/** Its bytes, from the tables of DEN0140. Returns the size. */
static size_t build(const struct expected *expected)
{
	size_t header = expected->version < FFA_VERSION_1_1 ? 32 : 48;
	size_t access = expected->version < FFA_VERSION_1_2 ? 16 : 32;
	size_t composite = header + expected->count * access;
	uint32_t pages = 0;

	memset(bytes, 0, sizeof(bytes));
	put_at(0, expected->sender, 2);
	put_at(2, expected->attributes, 2);
	put_at(4, expected->flags, 4);
	put_at(8, expected->handle, 8);
	put_at(16, expected->tag, 8);
	put_at(28, expected->count, 4);
	if (expected->version >= FFA_VERSION_1_1) {
		put_at(24, access, 4);
		put_at(32, header, 4);
	}
	for (uint32_t i = 0; i < expected->count; i++) {
		put_at(header + i * access, expected->access[i].id, 2);
		put_at(header + i * access + 2, expected->access[i].permissions, 1);
		put_at(header + i * access + 4, composite, 4);
		if (access == 32) {
			memcpy(bytes + header + i * access + 8, expected->access[i].value, 16);
		}
	}
	for (uint32_t i = 0; i < expected->range_count; i++) {
		put_at(composite + 16 + i * 16, expected->ranges[i].address, 8);
		put_at(composite + 24 + i * 16, expected->ranges[i].page_count, 4);
		pages += expected->ranges[i].page_count;
	}
	put_at(composite, pages, 4);
	put_at(composite + 4, expected->range_count, 4);
	return composite + 16 + expected->range_count * 16;
}

/** @who has just got the response @expected; RX has nothing behind it. RX is given back. */
static void check_response(uint16_t who, const struct expected *expected)
{
	const uint8_t *rx = host_ram(paddr(who == NW ? vm_rx(NW) : rx_of(who)));
	size_t size = build(expected);

	CHECK_GOT(who, FFA_MEM_RETRIEVE_RESP_32, size, size);
	CHECK_BYTES(rx, bytes, size);
	for (size_t i = size; i < PAGE_SIZE; i++) {
		CHECK_EQUAL(rx[i], 0x5A);
	}
	CALL(who, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(who);
}

static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2,
				     FFA_VERSION_1_3 };

/* ---- borrowers ---------------------------------------------------------------------------------- */

/** SP1 of 1.2, with normal world's memory, beside SP2 of @version. */
static void boot_beside(uint32_t version)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(NS_BASE + (NS_PAGES - 8) * PAGE_SIZE), .page_count = 8 },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_add(SP2, INSTANCE_S1UP)->ffa_version = version;
	system_boot(1);
	nw_version(version);
	map_hypervisor(1);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(SP2);
	map_rxtx(SP2);
}

static void check_share(uint32_t version)
{
	struct ffa_memory_range ranges[2];
	struct mem_message sent, request;
	struct expected expected;

	boot_beside(version);
	ranges[0] = (struct ffa_memory_range){ ns_page(7), 3, 0 };
	ranges[1] = (struct ffa_memory_range){ ns_page(2), 1, 0 };
	sent = message_for(TRANSACTION_SHARE, NW, SP2, ranges);
	sent.range_count = 2;
	sent.receivers[0].value[0] = 0x0102030405060708;
	sent.receivers[0].value[1] = 0x1112131415161718;
	expected = (struct expected){
		.version = version,
		.attributes = version < FFA_VERSION_1_1 ? 0x2F : 0x6F,
		.flags = 0x8,
		.tag = TAG,
		.count = 1,
		.access = { { .id = SP2,
			      .permissions = 0x6,
			      .value = { 0x0102030405060708, 0x1112131415161718 } } },
		.range_count = 2,
		.ranges = ranges,
	};
	expected.handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	request = request_for(&sent, TRANSACTION_SHARE, expected.handle);
	CHECK_EQUAL(mem_try_retrieve(SP2, &request), FFA_OK);
	check_response(SP2, &expected);
}

TEST(shared_memory_of_the_normal_world_as_each_version_is_told_of_it)
{
	for (unsigned v = 0; v < 4; v++) {
		check_share(versions[v]);
	}
}

/** SP1's secure page as @kind with @flags to SP2 of @version, which asks for @asked and gets @granted. */
static void check_exclusive(uint32_t version, enum transaction_kind kind, uint32_t flags,
			    uint8_t asked, uint8_t granted)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	struct expected expected;

	boot_beside(version);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 5, 0 };
	sent = message_for(kind, SP1, SP2, &range);
	sent.flags = flags;
	expected = (struct expected){
		.version = version,
		.sender = SP1,
		.attributes = 0x2F,
		.flags = (uint32_t)kind << 3 | flags,
		.tag = TAG,
		.count = 1,
		.access = { { .id = SP2, .permissions = granted } },
		.range_count = 1,
		.ranges = &range,
	};
	expected.handle = mem_send(SP1, kind, &sent);
	request = request_for(&sent, kind, expected.handle);
	request.receivers[0].permissions = asked;
	request.flags = (uint32_t)kind << 3;
	CHECK_EQUAL(mem_try_retrieve(SP2, &request), FFA_OK);
	check_response(SP2, &expected);
}

TEST(secure_memory_that_is_lent_as_each_version_is_told_of_it)
{
	for (unsigned v = 0; v < 4; v++) {
		check_exclusive(versions[v], TRANSACTION_LEND, 0, 0x5, 0x5);
		check_exclusive(versions[v], TRANSACTION_LEND, 1, 0x4, 0x6);
		check_exclusive(versions[v], TRANSACTION_LEND, 0, 0x8, 0xA);
	}
}

TEST(secure_memory_that_is_donated_as_each_version_is_told_of_it)
{
	for (unsigned v = 0; v < 4; v++) {
		check_exclusive(versions[v], TRANSACTION_DONATE, 0, 0x6, 0x6);
		check_exclusive(versions[v], TRANSACTION_DONATE, 1, 0x9, 0x9);
	}
}

/** A partition of 1.0 is told that memory is the normal world's when it has said that it understands. */
TEST(a_borrower_of_1_0_gets_the_ns_bit_when_it_asked_for_it)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	struct expected expected;

	boot_beside(FFA_VERSION_1_0);
	range = (struct ffa_memory_range){ ns_page(7), 1, 0 };
	sent = message_for(TRANSACTION_LEND, NW, SP2, &range);
	expected = (struct expected){
		.version = FFA_VERSION_1_0,
		.attributes = 0x6F,
		.flags = 0x10,
		.tag = TAG,
		.count = 1,
		.access = { { .id = SP2, .permissions = 0x6 } },
		.range_count = 1,
		.ranges = &range,
	};
	run_as(SP2);
	CALL(SP2, FFA_FEATURES_32, FFA_MEM_RETRIEVE_REQ_32, 0x2);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0x2);
	expected.handle = mem_send(NW, TRANSACTION_LEND, &sent);
	request = request_for(&sent, TRANSACTION_LEND, expected.handle);
	CHECK_EQUAL(mem_try_retrieve(SP2, &request), FFA_OK);
	check_response(SP2, &expected);
}

/** What VM1 gets of SP1, in the hypervisor's version. */
static void check_vm(uint32_t version)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;
	struct expected expected;

	boot_beside(version);
	range = (struct ffa_memory_range){ NS_BASE + (NS_PAGES - 8) * PAGE_SIZE, 2, 0 };
	sent = message_for(TRANSACTION_SHARE, SP1, VM1, &range);
	expected = (struct expected){
		.version = version,
		.sender = SP1,
		.attributes = version < FFA_VERSION_1_1 ? 0x2F : 0x6F,
		.flags = 0x8,
		.tag = TAG,
		.count = 1,
		.access = { { .id = VM1, .permissions = 0x6 } },
		.range_count = 1,
		.ranges = &range,
	};
	expected.handle = mem_send(SP1, TRANSACTION_SHARE, &sent);
	request = request_for(&sent, TRANSACTION_SHARE, expected.handle);
	CHECK_EQUAL(mem_try_retrieve(NW, &request), FFA_OK);
	check_response(NW, &expected);
}

TEST(memory_that_a_vm_borrows_as_each_version_is_told_of_it)
{
	for (unsigned v = 0; v < 4; v++) {
		check_vm(versions[v]);
	}
}

TEST(several_vms_are_not_retrieved_for_at_once)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;

	boot_beside(FFA_VERSION_1_2);
	range = (struct ffa_memory_range){ NS_BASE + (NS_PAGES - 8) * PAGE_SIZE, 2, 0 };
	sent = message_for(TRANSACTION_SHARE, SP1, VM1, &range);
	sent.receiver_count = 2;
	sent.receivers[1] = (struct mem_receiver){ .id = VM2, .permissions = RO };
	request = request_for(&sent, TRANSACTION_SHARE, mem_send(SP1, TRANSACTION_SHARE, &sent));
	CHECK_EQUAL(mem_try_retrieve(NW, &request), FFA_NOT_SUPPORTED);
	request.receivers[0].flags = FFA_MEMORY_ACCESS_NOT_RETRIEVING;
	request.receivers[1].flags = FFA_MEMORY_ACCESS_NOT_RETRIEVING;
	CHECK_EQUAL(mem_try_retrieve(NW, &request), FFA_INVALID_PARAMETERS);
	request.receivers[1].flags = 0;
	mem_retrieve(NW, &request);
	CHECK_EQUAL(mem_try_relinquish(NW, VM1, request.handle, 0), FFA_INVALID_PARAMETERS);
	request.receivers[0].flags = 0;
	request.receivers[1].flags = FFA_MEMORY_ACCESS_NOT_RETRIEVING;
	mem_retrieve(NW, &request);
	CHECK_EQUAL(mem_try_relinquish(NW, VM2, request.handle, 0), FFA_OK);
	CHECK_EQUAL(mem_try_reclaim(SP1, request.handle, 0), FFA_DENIED);
	CHECK_EQUAL(mem_try_relinquish(NW, VM1, request.handle, 0), FFA_OK);
	mem_reclaim(SP1, request.handle);
}

/* ---- a hypervisor that looks -------------------------------------------------------------------- */

/** VM2 shares with SP1, SP2 and VM1; the hypervisor of @version looks. */
static void check_look(uint32_t version)
{
	struct ffa_memory_range range;
	struct mem_message sent, look = { 0 };
	struct expected expected;

	boot_beside(version);
	range = (struct ffa_memory_range){ ns_page(7), 3, 0 };
	sent = message_for(TRANSACTION_SHARE, VM2, SP1, &range);
	sent.receiver_count = 3;
	sent.receivers[1] = (struct mem_receiver){ .id = VM1, .permissions = RO };
	sent.receivers[2] = (struct mem_receiver){ .id = SP2, .permissions = RO };
	expected = (struct expected){
		.version = version,
		.sender = VM2,
		.attributes = 0x2F,
		.flags = 0x8,
		.count = 3,
		.access = { { .id = SP1, .permissions = RW },
			    { .id = VM1, .permissions = RO },
			    { .id = SP2, .permissions = RO } },
		.range_count = 1,
		.ranges = &range,
	};
	look.handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	expected.handle = look.handle;
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	check_response(NW, &expected);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK); /* again: it holds nothing */
	check_response(NW, &expected);
	mem_reclaim(NW, look.handle);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_INVALID_PARAMETERS);
}

TEST(what_a_hypervisor_looks_at_in_each_version)
{
	for (unsigned v = 0; v < 4; v++) {
		check_look(versions[v]);
	}
}

/** The normal world shares a page with SP1. Returns what its hypervisor looks at. */
static struct mem_message something_to_look_at(void)
{
	static struct ffa_memory_range range;
	struct mem_message sent;

	boot_beside(FFA_VERSION_1_2);
	range = (struct ffa_memory_range){ ns_page(7), 3, 0 };
	sent = message_for(TRANSACTION_SHARE, VM2, SP1, &range);
	return (struct mem_message){ .handle = mem_send(NW, TRANSACTION_SHARE, &sent) };
}

/** @look with the @size bytes at @offset set. */
static void check_look_with(const struct mem_message *look, size_t offset, size_t size)
{
	uint8_t request[64] = { 0 };

	CHECK_EQUAL(mem_compose(request, FFA_VERSION_1_2, look), 48);
	request[offset + size - 1] = 0x10;
	CHECK_EQUAL(mem_retrieve_bytes(NW, request, 48), FFA_INVALID_PARAMETERS);
}

TEST(a_hypervisor_names_only_a_handle)
{
	struct mem_message look = something_to_look_at();
	uint8_t request[64] = { 0 };

	check_look_with(&look, 0, 2); /* sender */
	check_look_with(&look, 2, 2); /* attributes */
	check_look_with(&look, 4, 4); /* flags */
	check_look_with(&look, 16, 8); /* tag */
	check_look_with(&look, 24, 4); /* size of access descriptors */
	check_look_with(&look, 28, 4); /* their number */
	check_look_with(&look, 32, 4); /* where they are */
	check_look_with(&look, 36, 4);
	check_look_with(&look, 44, 4);
	mem_compose(request, FFA_VERSION_1_2, &look);
	CHECK_EQUAL(mem_retrieve_bytes(NW, request, 64), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_retrieve_bytes(NW, request, 32), FFA_INVALID_PARAMETERS);
	request[8 + 7] = 0x80; /* a hypervisor's handle */
	CHECK_EQUAL(mem_retrieve_bytes(NW, request, 48), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_BUSY);
}

TEST(a_partition_does_not_look)
{
	struct mem_message look = something_to_look_at();

	CHECK_EQUAL(mem_try_retrieve(SP1, &look), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(SP2, &look), FFA_INVALID_PARAMETERS);
	CALL(SP2, FFA_PARTITION_INFO_GET_32);
	CALL(SP2, FFA_MEM_RETRIEVE_REQ_64, 48, 48);
	CHECK_REFUSED(SP2, FFA_BUSY);
}

TEST(a_hypervisor_does_not_look_at_what_partitions_do_among_themselves)
{
	struct ffa_memory_range range;
	struct mem_message sent, look = { 0 };

	boot_beside(FFA_VERSION_1_2);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 3, 0 };
	sent = message_for(TRANSACTION_SHARE, SP1, SP2, &range);
	look.handle = mem_send(SP1, TRANSACTION_SHARE, &sent);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_INVALID_PARAMETERS);
}

TEST(a_hypervisor_looks_at_what_partitions_offer_its_vms)
{
	struct ffa_memory_range range;
	struct mem_message sent, look = { 0 };
	struct expected expected;

	boot_beside(FFA_VERSION_1_2);
	range = (struct ffa_memory_range){ NS_BASE + (NS_PAGES - 8) * PAGE_SIZE, 2, 0 };
	sent = message_for(TRANSACTION_LEND, SP1, VM1, &range);
	look.handle = mem_send(SP1, TRANSACTION_LEND, &sent);
	expected = (struct expected){
		.version = FFA_VERSION_1_2,
		.sender = SP1,
		.flags = 0x10,
		.handle = look.handle,
		.count = 1,
		.access = { { .id = VM1, .permissions = RW } },
		.range_count = 1,
		.ranges = &range,
	};
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	check_response(NW, &expected);
	mem_reclaim(SP1, look.handle);
}

TEST(a_hypervisor_fetches_long_answers_in_fragments_one_at_a_time)
{
	static struct ffa_memory_range ranges[LONG];
	struct mem_message sent, look = { 0 };
	size_t head = 48 + 32 + 16;
	size_t first = (PAGE_SIZE - head) / 16, left = LONG - first;
	const uint8_t *rx;

	boot_beside(FFA_VERSION_1_2);
	rx = host_ram(paddr(vm_rx(NW)));
	for (unsigned i = 0; i < LONG; i++) {
		ranges[i] = (struct ffa_memory_range){ ns_page(240 - i), 1, 0 };
	}
	for (unsigned i = 240; i < LONG; i++) {
		ranges[i].address = NS_BASE + (0x30 + i - 240) * PAGE_SIZE;
	}
	sent = message_for(TRANSACTION_SHARE, VM2, SP1, ranges);
	sent.range_count = LONG;
	sent.receivers[0].permissions = RO;
	look.handle = mem_send(NW, TRANSACTION_SHARE, &sent);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, 0, VM2), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK);
	CHECK_GOT(NW, FFA_MEM_RETRIEVE_RESP_32, head + LONG * 16, PAGE_SIZE);
	CHECK_BYTES(rx + head, ranges, first * 16);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE, VM2), FFA_BUSY);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_DENIED);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE, VM1), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE - 16, VM2), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE, VM2), FFA_OK);
	CHECK_GOT(NW, FFA_MEM_FRAG_TX_32, (uint32_t)look.handle, look.handle >> 32, left * 16,
		  (uint32_t)VM2 << 16);
	CHECK_BYTES(rx, ranges + first, left * 16);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_frag_rx(NW, look.handle, PAGE_SIZE + left * 16, VM2),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(mem_try_retrieve(NW, &look), FFA_OK); /* from the beginning again */
	CALL(NW, FFA_RX_RELEASE_32);
	mem_reclaim(NW, look.handle);
}
