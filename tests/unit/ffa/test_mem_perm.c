/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_PERM_GET and FFA_MEM_PERM_SET (DEN0140): the permissions of an S-EL0 partition's own pages. */
#include "tests/unit/ffa/ffa_fixture.h"
#include "tests/unit/ffa/mem_fixture.h"

#undef RW
#undef RO

enum {
	R = ARCH_MAP_READ,
	W = ARCH_MAP_WRITE,
	X = ARCH_MAP_EXECUTE,
	RO_X = 0x3,
	RW = 0x5,
	RO = 0x7,
};

#define DATA (base_of(SP4) + 0x8000)
#define BEHIND (base_of(SP4) + PARTITION_PAGES * PAGE_SIZE)

static bool reaches(uint64_t address, unsigned access)
{
	return host_reach(&partition_of(SP4)->space.root, address, WORLD_SECURE, access) != NULL;
}

/** SP4, an S-EL0 partition of @version with a device and a non-secure region, runs its start-up code. */
static void sp4_starts_with(uint32_t version)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP4, INSTANCE_S0);
	config->ffa_version = version;
	config->device_regions[0] = (struct device_region_config){
		.range = { .base = paddr(0x09000000), .page_count = 1 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	config->device_region_count = 1;
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(NS_BASE), .page_count = 2 },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_build(1);
	system_begin();
}

static void sp4_starts(void)
{
	sp4_starts_with(FFA_VERSION_1_2);
}

/* ---- get ---------------------------------------------------------------------------------------- */

TEST(get_tells_what_the_image_begins_with)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO_X);
}

TEST(get_tells_each_permission_that_can_be_set)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RW);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RW);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RO);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RO_X);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO_X);
}

TEST(get_in_its_32_bit_form_ignores_the_upper_half)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_GET_32, 0xDEADBEEF00000000 | DATA);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO_X);
	CALL(SP4, FFA_MEM_PERM_GET_64, 0xDEADBEEF00000000 | DATA);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(get_tells_of_device_and_non_secure_memory)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_GET_64, 0x09000000);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RW);
	CALL(SP4, FFA_MEM_PERM_GET_64, NS_BASE);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RW);
}

TEST(get_of_what_is_not_mapped_or_no_page_is_refused)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_GET_64, BEHIND);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA + 4);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, 0xFFFFFFFFFFFFF000);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, HOST_IMAGE_BASE);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

/** SP4 of 1.3 asks for @pages pages, less one, from @address on: @permissions of @alike pages. */
static void check_get(uint64_t address, uint64_t pages, uint32_t permissions, uint32_t alike)
{
	CALL(SP4, FFA_MEM_PERM_GET_64, address, pages);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, permissions, alike - 1);
}

TEST(get_of_1_3_tells_how_many_pages_are_alike)
{
	sp4_starts_with(FFA_VERSION_1_3);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 3, RW);

	check_get(DATA, 0, RW, 1);
	check_get(DATA, 1, RW, 2);
	check_get(DATA, 2, RW, 3);
	check_get(DATA, 3, RW, 3);
	check_get(DATA, 1000, RW, 3);
	check_get(DATA - 0x2000, 9, RO_X, 2);
	check_get(DATA + 0x3000, PARTITION_PAGES - 12, RO_X, PARTITION_PAGES - 11);
	check_get(DATA + 0x3000, 1000, RO_X, PARTITION_PAGES - 11); /* up to its end */
	check_get(BEHIND - 0x1000, 5, RO_X, 1);
	check_get(NS_BASE, 5, RW, 2);
}

TEST(get_of_1_3_in_its_32_bit_form_tells_of_ranges_too)
{
	sp4_starts_with(FFA_VERSION_1_3);
	CALL(SP4, FFA_MEM_PERM_GET_32, DATA, 7);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO_X, 7);
}

TEST(get_of_pages_that_wrap_is_refused)
{
	sp4_starts_with(FFA_VERSION_1_3);

	CALL(SP4, FFA_MEM_PERM_GET_64, DATA, 0xFFFFFFFF);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, 0xFFFFFFFFF000, 1);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, BEHIND, 1);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA + 8, 1);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

/** ffa/07: the count is looked at before who asks. */
TEST(get_of_a_count_that_wraps_is_refused_whoever_asks)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_3;
	system_build(1);
	system_begin();

	CALL(SP1, FFA_MEM_PERM_GET_64, base_of(SP1), 0xFFFFFFFF);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_MEM_PERM_GET_64, 0xFFFFFFFFFFFFF000, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_MEM_PERM_GET_64, base_of(SP1), 0xFFFFFFFE);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MEM_PERM_GET_64, base_of(SP1) + 1, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);

	sp4_starts_with(FFA_VERSION_1_3);
	CALL(SP4, FFA_MSG_WAIT_32);
	request(NW, SP4);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA, 0xFFFFFFFF);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA + 1, 0);
	CHECK_REFUSED(SP4, FFA_DENIED);
}

TEST(get_before_1_3_tells_of_one_page)
{
	sp4_starts();
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA, 0);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RO_X, 0);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA, 1); /* reserved */
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

/* ---- set ---------------------------------------------------------------------------------------- */

TEST(set_changes_the_pages_it_names_and_no_others)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 2, RW);

	CHECK_SUCCESS(SP4);
	CHECK(reaches(DATA, R | W));
	CHECK(reaches(DATA + 0x1000, R | W));
	CHECK(!reaches(DATA, X));
	CHECK(!reaches(DATA + 0x1000, X));
	CHECK(reaches(DATA - 0x1000, R | X));
	CHECK(!reaches(DATA - 0x1000, W));
	CHECK(reaches(DATA + 0x2000, R | X));
	CHECK(!reaches(DATA + 0x2000, W));
}

TEST(set_takes_the_whole_memory_of_the_partition)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, base_of(SP4), PARTITION_PAGES, RO);
	CHECK_SUCCESS(SP4);
	CHECK(reaches(base_of(SP4), R));
	CHECK(!reaches(base_of(SP4), X));
	CHECK(!reaches(BEHIND - 0x1000, W));
	CALL(SP4, FFA_MEM_PERM_SET_64, base_of(SP4), PARTITION_PAGES + 1, RO);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(set_of_pages_that_differ_makes_them_alike)
{
	sp4_starts();
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RW);

	CALL(SP4, FFA_MEM_PERM_SET_32, DATA - 0x1000, 3, RO);

	CHECK_SUCCESS(SP4);
	CHECK(reaches(DATA, R));
	CHECK(!reaches(DATA, W));
	CHECK(!reaches(DATA - 0x1000, X));
}

TEST(set_of_writable_code_or_no_access_is_refused)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0x1); /* RW+X */
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0x0);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0x4);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0x2);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0x6);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, 0xD);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(set_of_no_pages_or_no_page_boundary_is_refused)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 0, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA + 1, 1, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(set_of_a_count_that_wraps_is_refused)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 0xFFFFFFFF, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, 0xFFFFFFFFF000, 0xFFFFFFFF, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(set_over_a_hole_changes_nothing)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, BEHIND - 0x1000, 2, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CHECK(!reaches(BEHIND - 0x1000, W));
}

TEST(set_leaves_device_and_non_secure_memory_alone)
{
	sp4_starts();

	CALL(SP4, FFA_MEM_PERM_SET_64, 0x09000000, 1, RO_X);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, NS_BASE, 1, RO_X);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(set_without_memory_for_the_split_is_refused)
{
	struct partition *sp4;

	system_reset();
	/* 4 MiB from a 2 MiB boundary on: mapped by blocks, one of which must be split. */
	system_add(SP4, INSTANCE_S0)->vm.memory = (struct page_range){ .base = paddr(0x0f200000),
								       .page_count = 1024 };
	system_build(1);
	system_begin();
	sp4 = partition_of(SP4);
	sp4->quota.limit_pages = sp4->quota.used_pages;

	CALL(SP4, FFA_MEM_PERM_SET_64, 0x0f201000, 1, RW);
	CHECK_REFUSED(SP4, FFA_NO_MEMORY);
	sp4->quota.limit_pages++;
	CALL(SP4, FFA_MEM_PERM_SET_64, 0x0f201000, 1, RW);
	CHECK_SUCCESS(SP4);
}

TEST(set_of_the_rx_buffer_is_refused_while_it_is_mapped)
{
	sp4_starts();
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 2, RW);
	map_rxtx(SP4);

	CALL(SP4, FFA_MEM_PERM_SET_64, rx_of(SP4), 1, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, base_of(SP4), PARTITION_PAGES, RW);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CHECK(!reaches(rx_of(SP4), W));

	CALL(SP4, FFA_RXTX_UNMAP_32);
	CALL(SP4, FFA_MEM_PERM_SET_64, rx_of(SP4), 1, RO);
	CHECK_SUCCESS(SP4);
}

/** SP4 starts after SP1 and SP2 and has retrieved what SP1 has sent as @kind. Returns where that is. */
static uint64_t sp4_borrows(enum transaction_kind kind)
{
	struct ffa_memory_range range = { page_of(SP1, 40), 1, 0 };
	struct mem_message sent, asked;
	uint64_t handle;

	system_reset();
	system_add(SP1, INSTANCE_S1UP)->boot_order = 1;
	system_add(SP4, INSTANCE_S0)->boot_order = 2;
	system_build(1);
	system_begin();
	map_rxtx(SP1);
	sent = message_for(kind, SP1, SP4, &range);
	handle = mem_send(SP1, kind, &sent);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 2, RW);
	map_rxtx(SP4);
	asked = request_for(&sent, kind, handle);
	mem_retrieve(SP4, &asked);
	return range.address;
}

TEST(set_leaves_borrowed_memory_alone)
{
	uint64_t page = sp4_borrows(TRANSACTION_SHARE);

	CALL(SP4, FFA_MEM_PERM_SET_64, page, 1, RO);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, page, 1, RO_X);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, page);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, RW);
}

TEST(set_changes_memory_that_was_donated)
{
	uint64_t page = sp4_borrows(TRANSACTION_DONATE);

	CALL(SP4, FFA_MEM_PERM_SET_64, page, 1, RO_X);
	CHECK_SUCCESS(SP4);
	CHECK(reaches(page, R | X));
}

/** What SP4 has sent stays as it is until it is reclaimed. */
TEST(set_leaves_memory_that_was_sent_alone)
{
	struct ffa_memory_range range = { DATA, 1, 0 };
	struct mem_message sent;
	uint64_t handle;

	system_reset();
	system_add(SP4, INSTANCE_S0)->boot_order = 1;
	system_add(SP1, INSTANCE_S1UP)->boot_order = 2;
	system_build(1);
	system_begin();
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 2, RW);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RW);
	map_rxtx(SP4);
	sent = message_for(TRANSACTION_SHARE, SP4, SP1, &range);
	handle = mem_send(SP4, TRANSACTION_SHARE, &sent);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RO);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA - 0x1000, 3, RO_X);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	mem_reclaim(SP4, handle);
	sent = message_for(TRANSACTION_LEND, SP4, SP1, &range);
	handle = mem_send(SP4, TRANSACTION_LEND, &sent);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RO);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	mem_reclaim(SP4, handle);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RO);
	CHECK_SUCCESS(SP4);
}

TEST(set_of_the_tx_buffer_is_refused_while_it_is_mapped)
{
	sp4_starts();
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 2, RW);
	map_rxtx(SP4);

	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 1, RO);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
	CALL(SP4, FFA_RXTX_UNMAP_32);
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 1, RO);
	CHECK_SUCCESS(SP4);
}

/* ---- who may ------------------------------------------------------------------------------------ */

TEST(permissions_are_denied_to_an_s_el1_partition_even_while_it_starts)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	CALL(SP1, FFA_MEM_PERM_GET_64, base_of(SP1));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MEM_PERM_SET_64, base_of(SP1), 1, RW);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(permissions_are_denied_to_an_s_el0_partition_that_has_started)
{
	sp4_starts();
	CALL(SP4, FFA_MSG_WAIT_32);
	request(NW, SP4);

	CALL(SP4, FFA_MEM_PERM_GET_64, DATA);
	CHECK_REFUSED(SP4, FFA_DENIED);
	CALL(SP4, FFA_MEM_PERM_SET_64, DATA, 1, RW);
	CHECK_REFUSED(SP4, FFA_DENIED);
}

TEST(permissions_are_not_supported_for_the_normal_world)
{
	system_boot_usual(1);

	CALL(NW, FFA_MEM_PERM_GET_64, base_of(SP4));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_MEM_PERM_SET_32, base_of(SP4), 1, RW);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}
