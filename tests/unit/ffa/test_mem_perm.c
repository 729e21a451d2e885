/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_PERM_GET and FFA_MEM_PERM_SET (DEN0140): the permissions of an S-EL0 partition's own pages. */
#include "tests/unit/ffa/ffa_fixture.h"

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

/** SP4, an S-EL0 partition with a device and a non-secure region, runs its start-up code. */
static void sp4_starts(void)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP4, INSTANCE_S0);
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
