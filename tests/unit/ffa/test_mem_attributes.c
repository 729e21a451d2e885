/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory region attributes (DEN0140): which ones a borrower may ask for, by their precedence; how memory is
 * mapped then and what the response says. Addresses, alignment hints, rights to execute.
 */
#include "tests/unit/ffa/borrower_fixture.h"

#define NON_CACHEABLE 0x27
#define DEVICE(kind) (0x13 | (kind) << 2)
#define DEVICE_PAGE UINT64_C(0x09000000)
#define NS_DEVICE_PAGE UINT64_C(0x0a000000)

/** SP1 offers its page 40 as @attributes, shared. */
static void offer_as(uint16_t attributes)
{
	struct mem_message message;

	borrower_boot(SP2, FFA_VERSION_1_2);
	message = offer_message(TRANSACTION_SHARE);
	message.attributes = attributes;
	borrowing.range.address = secure_page();
	offer(TRANSACTION_SHARE, &message);
}

static uint8_t attributes_in_response(void)
{
	return ((const uint8_t *)host_ram(paddr(rx_of(SP2))))[2];
}

/** SP2 asks for @asked: it is granted and says so, mapped with @map besides how it is borrowed. */
static void check_granted(uint16_t asked, uint8_t granted, unsigned map)
{
	CHECK_ASKED(FFA_OK, borrowing.request.attributes = asked);
	CHECK_EQUAL(attributes_in_response(), granted);
	CHECK_EQUAL(mem_map_of(SP2, borrowing.range.address),
		    ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_BORROWED | map);
	give_back();
}

static void check_denied(uint16_t asked)
{
	CHECK_ASKED(FFA_DENIED, borrowing.request.attributes = asked);
}

/* ---- precedence --------------------------------------------------------------------------------- */

TEST(of_write_back_memory_everything_less_is_granted)
{
	offer_as(WB);
	check_granted(0, WB, 0);
	check_granted(WB, WB, 0);
	check_granted(0x2E, 0x2E, 0);
	check_granted(0x2C, 0x2C, 0);
	check_granted(NON_CACHEABLE, NON_CACHEABLE, ARCH_MAP_NON_CACHEABLE);
	check_granted(DEVICE(3), DEVICE(3), ARCH_MAP_DEVICE | ARCH_MAP_DEVICE_GRE);
	check_granted(DEVICE(0), DEVICE(0), ARCH_MAP_DEVICE);
}

TEST(of_non_cacheable_memory_nothing_cacheable_is_granted)
{
	offer_as(NON_CACHEABLE);
	check_denied(WB);
	check_denied(0x2C);
	check_granted(0, NON_CACHEABLE, ARCH_MAP_NON_CACHEABLE);
	check_granted(0x24, 0x24, ARCH_MAP_NON_CACHEABLE);
	check_granted(DEVICE(2), DEVICE(2), ARCH_MAP_DEVICE | ARCH_MAP_DEVICE_NGRE);
}

TEST(of_outer_shareable_memory_nothing_inner_shareable_is_granted)
{
	offer_as(0x2E);
	check_denied(WB);
	check_denied(NON_CACHEABLE);
	check_granted(0x2E, 0x2E, 0);
	check_granted(0x2C, 0x2C, 0);
}

TEST(of_non_shareable_memory_nothing_shareable_is_granted)
{
	offer_as(0x2C);
	check_denied(0x2E);
	check_denied(WB);
	check_granted(0x2C, 0x2C, 0);
}

TEST(of_what_is_sent_as_a_device_nothing_normal_is_granted)
{
	offer_as(DEVICE(1));
	check_denied(WB);
	check_denied(NON_CACHEABLE);
	check_denied(DEVICE(3));
	check_denied(DEVICE(2));
	check_granted(DEVICE(1), DEVICE(1), ARCH_MAP_DEVICE | ARCH_MAP_DEVICE_NGNRE);
	check_granted(DEVICE(0), DEVICE(0), ARCH_MAP_DEVICE);
	check_granted(0, DEVICE(1), ARCH_MAP_DEVICE | ARCH_MAP_DEVICE_NGNRE);
}

TEST(reserved_encodings_are_denied)
{
	offer_as(WB);
	check_denied(0x30);
	check_denied(0x3F);
	check_denied(0x2D);
	check_denied(0x23);
	check_denied(0x2B);
	check_denied(0x11);
}

TEST(memory_whose_type_the_sender_left_open_is_write_back_at_most)
{
	struct mem_message message;

	borrower_boot(SP2, FFA_VERSION_1_2);
	message = offer_message(TRANSACTION_LEND);
	borrowing.range.address = secure_page();
	offer(TRANSACTION_LEND, &message);
	check_granted(0, WB, 0);
	check_granted(WB, WB, 0);
	check_granted(NON_CACHEABLE, NON_CACHEABLE, ARCH_MAP_NON_CACHEABLE);
	check_granted(DEVICE(0), DEVICE(0), ARCH_MAP_DEVICE);
}

TEST(what_is_asked_for_as_a_device_is_not_executed)
{
	struct mem_message message;

	borrower_boot(SP2, FFA_VERSION_1_2);
	message = offer_message(TRANSACTION_LEND);
	borrowing.range.address = secure_page();
	offer(TRANSACTION_LEND, &message);
	CHECK_ASKED(FFA_DENIED, borrowing.request.attributes = DEVICE(0);
		    borrowing.request.receivers[0].permissions = RO | FFA_MEMORY_INSTRUCTION_X);
	CHECK_ASKED(FFA_OK, borrowing.request.attributes = NON_CACHEABLE;
		    borrowing.request.receivers[0].permissions = RO | FFA_MEMORY_INSTRUCTION_X);
}

/* ---- devices ------------------------------------------------------------------------------------ */

/** @sender (SP1, NW) lends its device to SP2. */
static void lend_device(uint16_t sender)
{
	static struct ffa_memory_range range;
	struct partition_config *config;
	struct mem_message message;

	memset(&borrowing, 0, sizeof(borrowing));
	borrowing.who = borrowing.id = SP2;
	borrowing.version = FFA_VERSION_1_2;
	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->device_regions[0] = (struct device_region_config){
		.range = { .base = paddr(DEVICE_PAGE), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	config->device_region_count = 1;
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	system_ns_device((struct page_range){ .base = paddr(NS_DEVICE_PAGE), .page_count = 4 });
	map_rxtx(NW);
	run_as(SP1);
	map_rxtx(SP1);
	run_as(SP2);
	map_rxtx(SP2);
	range = (struct ffa_memory_range){ sender == NW ? NS_DEVICE_PAGE : DEVICE_PAGE, 1, 0 };
	borrowing.range = range;
	message = message_for(TRANSACTION_LEND, sender, SP2, &range);
	borrowing.kind = TRANSACTION_LEND;
	borrowing.sent = message;
	borrowing.handle = mem_send(sender, TRANSACTION_LEND, &message);
}

TEST(a_partitions_device_is_lent_as_it_has_it)
{
	lend_device(SP1);
	check_denied(WB);
	check_denied(NON_CACHEABLE);
	check_denied(DEVICE(3));
	check_denied(DEVICE(1));
	check_granted(DEVICE(0), DEVICE(0), ARCH_MAP_DEVICE);
	check_granted(0, DEVICE(0), ARCH_MAP_DEVICE);
	CHECK_ASKED(FFA_DENIED,
		    borrowing.request.receivers[0].permissions = RO | FFA_MEMORY_INSTRUCTION_X);
}

TEST(a_device_of_the_normal_world_is_lent_as_a_device)
{
	lend_device(NW);
	check_denied(WB);
	check_denied(NON_CACHEABLE);
	check_granted(DEVICE(0), DEVICE(0) | 0x40, ARCH_MAP_DEVICE | ARCH_MAP_NON_SECURE);
	check_granted(DEVICE(3), DEVICE(3) | 0x40,
		      ARCH_MAP_DEVICE | ARCH_MAP_DEVICE_GRE | ARCH_MAP_NON_SECURE);
}

/** Neither when it is lent, nor after it was used, nor when it is back. */
static void check_device_is_not_zeroed(uint16_t sender)
{
	struct mem_message message;
	uint64_t other;

	lend_device(sender);
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags |= FFA_MEMORY_FLAG_ZERO_AFTER);
	CHECK_ASKED(FFA_OK, );
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_EQUAL(mem_try_relinquish(SP2, SP2, borrowing.handle, FFA_MEMORY_FLAG_ZERO),
		    FFA_DENIED);
	mem_relinquish(SP2, borrowing.handle);
	CHECK_EQUAL(mem_try_reclaim(sender, borrowing.handle, FFA_MEMORY_FLAG_ZERO), FFA_DENIED);
	mem_reclaim(sender, borrowing.handle);
	message = borrowing.sent;
	message.flags = FFA_MEMORY_FLAG_ZERO;
	CHECK_EQUAL(mem_try_send(sender, TRANSACTION_LEND, &message, &other), FFA_DENIED);
}

TEST(a_device_is_not_zeroed)
{
	check_device_is_not_zeroed(SP1);
	check_device_is_not_zeroed(NW);
}

/* ---- S-EL0 -------------------------------------------------------------------------------------- */

TEST(an_s_el0_partition_does_not_get_writable_code)
{
	struct ffa_memory_range range;
	struct mem_message sent, request;

	memory_boot(1);
	range = (struct ffa_memory_range){ page_of(SP1, 40), 1, 0 };
	sent = message_for(TRANSACTION_LEND, SP1, SP4, &range);
	request = request_for(&sent, TRANSACTION_LEND, mem_send(SP1, TRANSACTION_LEND, &sent));
	request.receivers[0].permissions = RW | FFA_MEMORY_INSTRUCTION_X;
	CHECK_EQUAL(mem_try_retrieve(SP4, &request), FFA_DENIED);
	request.receivers[0].permissions = RO | FFA_MEMORY_INSTRUCTION_X;
	mem_retrieve(SP4, &request);
	CHECK_EQUAL(mem_map_of(SP4, range.address),
		    ARCH_MAP_READ | ARCH_MAP_EXECUTE | ARCH_MAP_BORROWED);
	mem_relinquish(SP4, request.handle);
	mem_reclaim(SP1, request.handle);
}

/* ---- addresses and hints ------------------------------------------------------------------------ */

/** A hint of 2^@order pages. */
static uint32_t hint(unsigned order)
{
	return FFA_MEMORY_FLAG_HINT_VALID | order << FFA_MEMORY_FLAG_HINT_SHIFT;
}

TEST_OF_EACH_BORROWER(a_hint_is_served_where_the_memory_fits_it)
{
	unsigned fits = (unsigned)__builtin_ctzll(offered_page(0)) - PAGE_SHIFT;

	CHECK(fits > 0 && fits < 15);
	offer_usual(TRANSACTION_SHARE);
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags |= hint(fits + 1));
	CHECK_ASKED(FFA_DENIED, borrowing.request.flags |= hint(15));
	CHECK_ASKED(FFA_OK, borrowing.request.flags |= hint(fits));
	give_back();
	CHECK_ASKED(FFA_OK, borrowing.request.flags |= hint(0));
}

/** The request with the address ranges @ranges; a hint would be too much. */
static void check_ranges(const struct ffa_memory_range *ranges, uint32_t count,
			 enum ffa_status status)
{
	CHECK_ASKED(status, borrowing.request.range_count = count;
		    borrowing.request.ranges = ranges);
}

TEST_OF_EACH_BORROWER(addresses_are_served_where_the_memory_is)
{
	struct ffa_memory_range there[2] = { { offered_page(0), 1, 0 }, { offered_page(3), 2, 0 } };
	struct ffa_memory_range other[2] = { { offered_page(0), 1, 0 }, { offered_page(4), 2, 0 } };
	struct ffa_memory_range fewer = { offered_page(0), 1, 0 };
	struct ffa_memory_range joined = { offered_page(0), 3, 0 };
	struct mem_message message = offer_message(TRANSACTION_LEND);

	message.ranges = there;
	message.range_count = 2;
	offer(TRANSACTION_LEND, &message);
	check_ranges(&fewer, 1, FFA_INVALID_PARAMETERS);
	check_ranges(other, 2, FFA_DENIED);
	check_ranges(&joined, 1, FFA_DENIED);
	CHECK_ASKED(FFA_INVALID_PARAMETERS, borrowing.request.range_count = 2;
		    borrowing.request.ranges = there; borrowing.request.flags |= hint(0));
	CHECK_COMPOSED(FFA_INVALID_PARAMETERS, poke(borrowing.access + 4, borrowing.size, 4);
		       borrowing.size += 16);
	check_ranges(there, 2, FFA_OK);
}
