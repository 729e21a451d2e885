/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_SHARE, FFA_MEM_LEND and FFA_MEM_DONATE (DEN0140): the memory that is sent. Constituents that are
 * none, memory that is not the sender's alone or not as it says. What it takes: test_mem_send_quotas.c.
 */
#include "tests/unit/ffa/sender_fixture.h"

#define DEVICE_PAGE UINT64_C(0x09000000)
#define NS_DEVICE_PAGE UINT64_C(0x0a000000)

/** Two constituents, the usual pages; @other: the second one. */
static struct mem_message with(enum transaction_kind kind, struct ffa_memory_range other)
{
	struct mem_message message = sender_message(kind);

	sent.range[1] = other;
	message.range_count = 2;
	return message;
}

static void check_range(struct ffa_memory_range other, enum ffa_status status)
{
	struct mem_message message = with(TRANSACTION_SHARE, other);

	check_message(TRANSACTION_SHARE, &message, status);
}

/** @count pages from the @n-th of the sender's on. */
static struct ffa_memory_range own(unsigned n, uint32_t count)
{
	uint64_t address = sent.who == NW ? ns_page(n) : page_of(sent.who, 40 + n);

	return (struct ffa_memory_range){ address, count, 0 };
}

/** Memory that is never the sender's. */
static struct ffa_memory_range foreign(void)
{
	return (struct ffa_memory_range){ page_of(SP3, 40), 1, 0 };
}

/* ---- constituents ------------------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(constituents_are_whole_pages)
{
	struct ffa_memory_range range = own(2, 1);

	range.address += 0x800;
	check_range(range, FFA_INVALID_PARAMETERS);
	range.address += 0x7F8;
	check_range(range, FFA_INVALID_PARAMETERS);
	check_range(own(2, 0), FFA_INVALID_PARAMETERS);
	check_range(own(2, 1), FFA_OK);
}

TEST_OF_EACH_SENDER(constituents_that_wrap_are_refused)
{
	check_range((struct ffa_memory_range){ UINT64_C(0xFFFFFFFFFFFFF000), 2, 0 },
		    FFA_INVALID_PARAMETERS);
	check_range((struct ffa_memory_range){ UINT64_C(0xFFFFFFFFF000), 2, 0 },
		    FFA_INVALID_PARAMETERS);
	check_range((struct ffa_memory_range){ 0, UINT32_MAX, 0 },
		    FFA_INVALID_PARAMETERS); /* sum */
}

TEST_OF_EACH_SENDER(the_page_counts_add_up)
{
	struct mem_message message = with(TRANSACTION_LEND, own(2, 3));

	compose(&message);
	put(sent.composite, 5, 4);
	CHECK_EQUAL(send_it(TRANSACTION_LEND), FFA_INVALID_PARAMETERS);
	put(sent.composite, 3, 4);
	CHECK_EQUAL(send_it(TRANSACTION_LEND), FFA_INVALID_PARAMETERS);
	put(sent.composite, 0, 4);
	CHECK_EQUAL(send_it(TRANSACTION_LEND), FFA_INVALID_PARAMETERS);
	put(sent.composite, 4, 4);
	CHECK_EQUAL(send_it(TRANSACTION_LEND), FFA_OK);
}

/** A sum that is right in 32 bits only. */
TEST_OF_EACH_SENDER(page_counts_that_overflow_do_not_add_up)
{
	struct mem_message message = with(TRANSACTION_SHARE, own(2, UINT32_MAX));

	compose(&message);
	put(sent.composite, 0, 4);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(constituents_do_not_overlap)
{
	struct mem_message message;

	check_range(own(0, 1), FFA_INVALID_PARAMETERS);
	check_range(own(0, 3), FFA_INVALID_PARAMETERS);
	message = with(TRANSACTION_SHARE, own(4, 2));
	sent.range[0] = own(2, 3);
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(1, 2);
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(1, 5);
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(3, 1);
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(5, 1);
	check_message(TRANSACTION_SHARE, &message, FFA_OK);
}

/** @count constituents: @first, @second and then single pages of the sender's apart from each other. */
static void check_long(unsigned count, struct ffa_memory_range first,
		       struct ffa_memory_range second, enum ffa_status status)
{
	static struct ffa_memory_range ranges[66];
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	for (unsigned i = 0; i < count; i++) {
		ranges[i] = own(2 * i, 1);
	}
	ranges[0] = first;
	ranges[count - 1] = second;
	message.ranges = ranges;
	message.range_count = count;
	check_message(TRANSACTION_SHARE, &message, status);
}

TEST_OF_EACH_SENDER(overlaps_are_found_before_what_is_not_the_senders)
{
	check_long(3, foreign(), own(4, 1), FFA_DENIED);
	check_long(3, foreign(), own(2, 1), FFA_INVALID_PARAMETERS);
	check_long(3, foreign(), foreign(), FFA_INVALID_PARAMETERS);
	check_long(64, foreign(), own(2, 1), FFA_INVALID_PARAMETERS);
	check_long(64, foreign(), own(3, 1), FFA_DENIED);
}

/** Comparing all with all would take too long. */
TEST_OF_EACH_SENDER(in_long_lists_overlaps_behind_what_is_not_the_senders_are_not_looked_for)
{
	check_long(65, foreign(), own(2, 1), FFA_DENIED);
	check_long(65, own(2, 1), foreign(), FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(constituents_may_be_next_to_each_other_and_in_any_order)
{
	struct mem_message message = with(TRANSACTION_LEND, own(0, 1));

	sent.range[0] = own(1, 1);
	check_message(TRANSACTION_LEND, &message, FFA_OK);
}

TEST_OF_EACH_SENDER(constituents_that_are_none_come_before_memory_that_is_not_there)
{
	struct mem_message message = with(TRANSACTION_SHARE, own(2, 0));

	sent.range[0] = foreign();
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(2, 1);
	sent.range[1].address += 8;
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
	sent.range[1] = own(2, 1);
	compose(&message);
	put(sent.composite, 3, 4);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
}

/* ---- whose memory ------------------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(memory_that_the_sender_does_not_have_is_denied)
{
	check_range(foreign(), FFA_DENIED);
	check_range((struct ffa_memory_range){ HOST_IMAGE_BASE, 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ 0x3000, 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ UINT64_C(0x7FFFFFF000), 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ UINT64_C(0xFFFFFFFFF000), 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ sent.who == NW ? page_of(SP1, 40) : ns_page(0), 1,
					       0 },
		    FFA_DENIED);
}

TEST_OF_EACH_SENDER(memory_that_the_sender_has_in_part_is_denied)
{
	uint64_t last = sent.who == NW ? NS_BASE + (NS_PAGES - 1) * PAGE_SIZE
				       : page_of(SP1, PARTITION_PAGES - 1);

	check_range((struct ffa_memory_range){ last, 2, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ last, 1, 0 }, FFA_OK);
}

TEST_OF_EACH_SENDER(buffers_are_not_sent)
{
	uint64_t tx = sent.who == NW ? vm_tx(NW) : tx_of(SP1);
	uint64_t rx = sent.who == NW ? vm_rx(NW) : rx_of(SP1);

	check_range((struct ffa_memory_range){ tx, 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ rx, 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ tx - PAGE_SIZE, 3, 0 }, FFA_DENIED);

	run_as(sent.who);
	CALL(sent.who, FFA_RXTX_UNMAP_32);
	CALL(sent.who, FFA_RXTX_MAP_64, own(10, 1).address, own(11, 1).address, 1);
	CHECK_SUCCESS(sent.who);
}

/** Sends page 0 as @kind; what is tried with it then is denied. */
static void check_sent_before(enum transaction_kind kind)
{
	struct mem_message message = sender_message(kind);
	uint64_t handle = mem_send(sent.who, kind, &message);

	message = sender_message(TRANSACTION_SHARE);
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
	message = sender_message(TRANSACTION_LEND);
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	message = sender_message(TRANSACTION_DONATE);
	check_message(TRANSACTION_DONATE, &message, FFA_DENIED);
	check_range(own(2, 1), FFA_DENIED); /* with another one */
	mem_reclaim(sent.who, handle);
	message = sender_message(TRANSACTION_DONATE);
	handle = mem_send(sent.who, TRANSACTION_DONATE, &message);
	mem_reclaim(sent.who, handle);
}

TEST_OF_EACH_SENDER(memory_that_was_sent_is_not_sent_again_before_it_is_reclaimed)
{
	check_sent_before(TRANSACTION_SHARE);
	check_sent_before(TRANSACTION_LEND);
	check_sent_before(TRANSACTION_DONATE);
}

/** What SP2 got by @kind it sends to SP3: @status. */
static void check_passed_on(enum transaction_kind kind, enum ffa_status status)
{
	struct mem_message message = sender_message(kind);
	uint64_t handle = mem_send(sent.who, kind, &message);
	struct mem_message request = request_for(&message, kind, handle);
	struct ffa_memory_range range = own(0, 1);
	uint64_t passed;

	mem_retrieve(SP2, &request);
	message = message_for(TRANSACTION_SHARE, SP2, SP3, &range);
	CHECK_EQUAL(mem_try_send(SP2, TRANSACTION_SHARE, &message, &passed), status);
	if (kind == TRANSACTION_DONATE) {
		check_range(own(2, 1), FFA_DENIED); /* it is not the sender's any more */
		return;
	}
	message = message_for(TRANSACTION_DONATE, SP2, SP3, &range);
	CHECK_EQUAL(mem_try_send(SP2, TRANSACTION_DONATE, &message, &passed), FFA_DENIED);
	mem_relinquish(SP2, handle);
	mem_reclaim(sent.who, handle);
}

TEST_OF_EACH_SENDER(a_borrower_does_not_pass_memory_on_its_new_owner_does)
{
	check_passed_on(TRANSACTION_SHARE, FFA_DENIED);
	check_passed_on(TRANSACTION_LEND, FFA_DENIED);
	check_passed_on(TRANSACTION_DONATE, FFA_OK);
}

/* ---- what kind of memory ------------------------------------------------------------------------ */

/** SP1 has a device, a page that it only reads (41) and the normal world's memory; SP2 has a device. */
static void boot_with_regions(void)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->device_regions[0] = (struct device_region_config){
		.range = { .base = paddr(DEVICE_PAGE), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	config->device_region_count = 1;
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(page_of(SP1, 41)), .page_count = 1 },
		.attributes = REGION_READ,
		.inside_partition = true,
	};
	config->memory_regions[1] = (struct memory_region_config){
		.range = { .base = paddr(NS_BASE + (NS_PAGES - 8) * PAGE_SIZE), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 2;
	system_add(SP2, INSTANCE_S1UP);
	system_add(SP3, INSTANCE_S1UP);
	system_boot(1);
	system_ns_device((struct page_range){ .base = paddr(NS_DEVICE_PAGE), .page_count = 4 });
	map_rxtx(NW);
	for (uint16_t id = SP1; id <= SP3; id++) {
		run_as(id);
		map_rxtx(id);
	}
	sent.version = FFA_VERSION_1_2;
	sent.who = SP1;
}

/** @address and the page behind it from the sender: @status. */
static void check_kind(enum transaction_kind kind, uint64_t address, unsigned permissions,
		       enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	sent.range[0] = (struct ffa_memory_range){ address, 2, 0 };
	message.receivers[0].permissions = (uint8_t)permissions;
	check_message(kind, &message, status);
}

TEST(memory_that_is_not_alike_is_denied)
{
	boot_with_regions();

	check_kind(TRANSACTION_SHARE, page_of(SP1, 40), RO, FFA_DENIED);
	check_range((struct ffa_memory_range){ page_of(SP1, 41), 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ DEVICE_PAGE, 1, 0 }, FFA_DENIED);
	check_range((struct ffa_memory_range){ NS_BASE + (NS_PAGES - 8) * PAGE_SIZE, 1, 0 },
		    FFA_DENIED);
}

TEST(a_device_is_lent_to_one_and_not_shared_or_donated)
{
	struct mem_message message;

	boot_with_regions();
	check_kind(TRANSACTION_SHARE, DEVICE_PAGE, RW, FFA_DENIED);
	check_kind(TRANSACTION_DONATE, DEVICE_PAGE, 0, FFA_DENIED);
	message = sender_message(TRANSACTION_LEND);
	sent.range[0] = (struct ffa_memory_range){ DEVICE_PAGE, 1, 0 };
	message.attributes = FFA_MEMORY_TYPE_DEVICE | FFA_MEMORY_INNER_SHAREABLE;
	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RW };
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	message.attributes = WB;
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	check_kind(TRANSACTION_LEND, DEVICE_PAGE, RW, FFA_OK);
}

TEST(a_device_of_the_normal_world_is_lent_to_one_and_not_shared_or_donated)
{
	boot_with_regions();
	sent.who = NW;

	check_kind(TRANSACTION_SHARE, NS_DEVICE_PAGE, RW, FFA_DENIED);
	check_kind(TRANSACTION_DONATE, NS_DEVICE_PAGE, 0, FFA_DENIED);
	check_kind(TRANSACTION_LEND, NS_DEVICE_PAGE + 3 * PAGE_SIZE, RW, FFA_DENIED);
	check_kind(TRANSACTION_LEND, NS_DEVICE_PAGE, RW, FFA_OK);
	check_kind(TRANSACTION_LEND, NS_DEVICE_PAGE, RW, FFA_DENIED);
}

TEST(the_normal_worlds_memory_that_a_partition_has_is_not_the_normal_worlds_to_send)
{
	boot_with_regions();
	sent.who = NW;

	check_kind(TRANSACTION_SHARE, NS_BASE + (NS_PAGES - 8) * PAGE_SIZE, RW, FFA_DENIED);
	check_kind(TRANSACTION_SHARE, NS_BASE + (NS_PAGES - 9) * PAGE_SIZE, RW, FFA_DENIED);
	check_kind(TRANSACTION_SHARE, NS_BASE + (NS_PAGES - 10) * PAGE_SIZE, RW, FFA_OK);
}

/** @address of SP1 to VM1 and @second (0: nobody) as @kind. */
static void check_to_vm(enum transaction_kind kind, uint64_t address, uint16_t second,
			enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	sent.range[0] = (struct ffa_memory_range){ address, 1, 0 };
	message.receivers[0].id = VM1;
	if (second != 0) {
		message.receiver_count = 2;
		message.receivers[1] = (struct mem_receiver){ .id = second, .permissions = RO };
		message.attributes = WB;
	}
	check_message(kind, &message, status);
}

TEST(a_partition_gives_vms_what_is_the_normal_worlds_and_no_secure_memory)
{
	uint64_t ns = NS_BASE + (NS_PAGES - 8) * PAGE_SIZE;

	boot_with_regions();
	check_to_vm(TRANSACTION_SHARE, page_of(SP1, 40), 0, FFA_DENIED);
	check_to_vm(TRANSACTION_LEND, page_of(SP1, 40), 0, FFA_DENIED);
	check_to_vm(TRANSACTION_SHARE, page_of(SP1, 40), SP2, FFA_DENIED);
	check_to_vm(TRANSACTION_DONATE, ns, 0, FFA_DENIED);
	check_to_vm(TRANSACTION_SHARE, ns, 0, FFA_OK);
	check_to_vm(TRANSACTION_LEND, ns + PAGE_SIZE, 0, FFA_OK);
	check_to_vm(TRANSACTION_SHARE, ns + 2 * PAGE_SIZE, SP2, FFA_OK);
	check_to_vm(TRANSACTION_LEND, ns + 3 * PAGE_SIZE, SP2, FFA_OK);
}

TEST(memory_that_the_sender_only_reads_is_neither_zeroed_nor_given_to_write)
{
	struct mem_message message;

	boot_with_regions();
	message = sender_message(TRANSACTION_LEND);
	sent.range[0] = (struct ffa_memory_range){ page_of(SP1, 41), 1, 0 };
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	message.receivers[0].permissions = RO;
	message.flags = FFA_MEMORY_FLAG_ZERO;
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	message.receivers[0].permissions = 0;
	check_message(TRANSACTION_DONATE, &message, FFA_DENIED);
	message.receivers[0].permissions = RO;
	message.flags = 0;
	check_message(TRANSACTION_LEND, &message, FFA_OK);
}

TEST(code_of_an_s_el0_partition_is_given_to_read_only)
{
	struct ffa_memory_range range;
	struct mem_message message;
	uint64_t handle;

	memory_boot(1);
	range = (struct ffa_memory_range){ page_of(SP4, 2), 1, 0 };
	message = message_for(TRANSACTION_SHARE, SP4, SP2, &range);
	CHECK_EQUAL(mem_try_send(SP4, TRANSACTION_SHARE, &message, &handle), FFA_DENIED);
	message.receivers[0].permissions = RO;
	CHECK_EQUAL(mem_try_send(SP4, TRANSACTION_SHARE, &message, &handle), FFA_OK);
}

/** SP4's page of data as @kind to SP2 and, where it is not donated, back. */
static void check_from_s_el0(enum transaction_kind kind, unsigned meanwhile)
{
	struct ffa_memory_range range;
	struct mem_message message, asked;
	unsigned before;
	uint64_t handle;

	memory_boot(1);
	range = (struct ffa_memory_range){ page_of(SP4, 40), 2, 0 };
	before = mem_map_of(SP4, range.address);
	message = message_for(kind, SP4, SP2, &range);
	handle = mem_send(SP4, kind, &message);
	CHECK_EQUAL(mem_map_of(SP4, range.address), meanwhile == 0 ? 0 : before | meanwhile);
	CHECK_EQUAL(mem_map_of(SP4, range.address + 2 * PAGE_SIZE), before);
	asked = request_for(&message, kind, handle);
	mem_retrieve(SP2, &asked);
	if (kind == TRANSACTION_DONATE) {
		CHECK_EQUAL(mem_map_of(SP4, range.address), 0);
		return;
	}
	mem_relinquish(SP2, handle);
	mem_reclaim(SP4, handle);
	CHECK_EQUAL(mem_map_of(SP4, range.address), before);
	CHECK_EQUAL(mem_map_of(SP4, range.address + PAGE_SIZE), before);
}

TEST(an_s_el0_partition_sends_its_data)
{
	check_from_s_el0(TRANSACTION_SHARE, ARCH_MAP_SHARED);
	check_from_s_el0(TRANSACTION_LEND, 0);
	check_from_s_el0(TRANSACTION_DONATE, 0);
}

/* ---- zeroing ------------------------------------------------------------------------------------ */

TEST_OF_EACH_SENDER(memory_that_vanishes_before_it_is_zeroed_aborts_the_call)
{
	struct page_range page = { .base = paddr(own(0, 1).address), .page_count = 1 };
	enum world world = sent.who == NW ? WORLD_NON_SECURE : WORLD_SECURE;
	struct mem_message message = sender_message(TRANSACTION_LEND);

	message.flags = FFA_MEMORY_FLAG_ZERO;
	run_as(sent.who);
	host_memory_move(page, world == WORLD_SECURE ? WORLD_NON_SECURE : WORLD_SECURE);
	check_message(TRANSACTION_LEND, &message, FFA_ABORTED);
	host_memory_move(page, world);
	check_message(TRANSACTION_LEND, &message, FFA_OK);
}
