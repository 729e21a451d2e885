/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_RXTX_MAP and FFA_RXTX_UNMAP (DEN0077A, "RX/TX buffer management"). */
#include "tests/unit/ffa/ffa_fixture.h"

enum {
	R = ARCH_MAP_READ,
	W = ARCH_MAP_WRITE,
	X = ARCH_MAP_EXECUTE,
};

static const struct mailbox *mailbox_of(uint16_t id)
{
	return id == NW ? &the_spmc()->normal_world->mailbox : &partition_of(id)->endpoint.mailbox;
}

/** True when partition @id reaches @address in the secure space with @access. */
static bool reaches(uint16_t id, uint64_t address, unsigned access)
{
	return host_reach(&partition_of(id)->space.root, address, WORLD_SECURE, access) != NULL;
}

/** SP4, an S-EL0 partition, starts; its whole memory is readable and executable. */
static void sp4_starts(void)
{
	system_reset();
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();
}

/** SP4 makes the pages around its buffers writable data, as its start-up code does. */
static void sp4_sets_data(void)
{
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 4, 5);
	CHECK_SUCCESS(SP4);
}

/** SP1, S-EL1, runs on a direct request; nobody has buffers. */
static void sp1_runs(void)
{
	system_boot_usual(1);
	request(NW, SP1);
}

/* ---- map ---------------------------------------------------------------------------------------- */

TEST(map_gives_a_partition_its_pair)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), rx_of(SP1), 1);

	CHECK_SUCCESS(SP1);
	CHECK(mailbox_of(SP1)->mapped);
	CHECK_EQUAL(mailbox_of(SP1)->rx_state, RX_EMPTY);
	CHECK_EQUAL(mailbox_of(SP1)->tx.base.pa, tx_of(SP1));
	CHECK_EQUAL(mailbox_of(SP1)->rx.base.pa, rx_of(SP1));
	CHECK_EQUAL(mailbox_of(SP1)->rx.page_count, 1);
	CHECK_EQUAL(mailbox_of(SP1)->world, WORLD_SECURE);
}

TEST(map_takes_as_many_pages_as_features_report)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + 0x10000, 16);
	CHECK_SUCCESS(NW);
}

TEST(map_in_its_32_bit_form_is_not_supported)
{
	sp1_runs();

	CALL(SP1, FFA_FID32(0x66), tx_of(SP1), rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	respond(SP1, NW);
	CALL(NW, FFA_FID32(0x66), NS_TX, NS_RX, 1);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(map_again_is_denied_even_when_the_arguments_are_wrong)
{
	sp1_runs();
	map_rxtx(SP1);

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1) + 1, rx_of(SP1), 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(map_of_no_pages_or_too_many_is_refused)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, NS_TX, NS_RX, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + 0x20000, 17);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + 0x20000, 63);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(map_with_reserved_bits_in_the_page_count_is_refused)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, NS_TX, NS_RX, 0x41);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_MAP_64, NS_TX, NS_RX, 0x80000001);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(map_of_unaligned_buffers_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1) + 0x800, rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), rx_of(SP1) + 8, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(map_of_overlapping_buffers_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), tx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), tx_of(SP1) + 0x1000, 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1) + 0x1000, tx_of(SP1), 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(map_of_addresses_that_no_translation_has_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, 0xFFFFFFFFFFFFF000, rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), UINT64_C(1) << 48, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), (UINT64_C(1) << 48) - 0x1000, 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(map_of_memory_that_is_not_the_partitions_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP2), rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), HOST_IMAGE_BASE, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, NS_TX, NS_RX, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(map_that_reaches_past_the_partitions_memory_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), base_of(SP1) + (PARTITION_PAGES - 1) * PAGE_SIZE, 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

/** SP1 with one memory region of @attributes at 0x20000 of its memory, and one device region. */
static void sp1_with_region(uint32_t attributes)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(base_of(SP1) + 0x20000), .page_count = 4 },
		.attributes = attributes,
	};
	config->memory_region_count = 1;
	config->device_regions[0] = (struct device_region_config){
		.range = { .base = paddr(0x09000000), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	config->device_region_count = 1;
	system_build(1);
	system_begin();
}

TEST(map_of_a_tx_buffer_that_the_partition_cannot_write_is_refused)
{
	sp1_with_region(REGION_READ);

	CALL(SP1, FFA_RXTX_MAP_64, base_of(SP1) + 0x20000, rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), base_of(SP1) + 0x20000, 1);
	CHECK_SUCCESS(SP1);
}

TEST(map_of_device_memory_is_refused)
{
	sp1_with_region(REGION_READ);

	CALL(SP1, FFA_RXTX_MAP_64, 0x09000000, rx_of(SP1), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, tx_of(SP1), 0x09001000, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(map_takes_buffers_in_a_partitions_non_secure_memory)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(NS_BASE), .page_count = 4 },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	system_build(1);
	system_begin();

	CALL(SP1, FFA_RXTX_MAP_64, NS_TX, rx_of(SP1), 1); /* one of each world */
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RXTX_MAP_64, NS_TX, NS_RX, 1);
	CHECK_SUCCESS(SP1);
	CHECK_EQUAL(mailbox_of(SP1)->world, WORLD_NON_SECURE);
}

TEST(map_of_the_normal_world_is_denied_outside_its_memory)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, base_of(SP1), NS_RX, 1);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_RXTX_MAP_64, NS_TX, HOST_IMAGE_BASE, 1);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_RXTX_MAP_64, NS_TX, NS_BASE + (NS_PAGES - 1) * PAGE_SIZE, 2);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_RXTX_MAP_64, NS_BASE - 0x1000, NS_RX, 1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(map_of_the_normal_world_checks_alignment_before_place)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, base_of(SP1) + 1, NS_RX, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(map_forwarded_for_a_vm_needs_the_hypervisors_own_buffers)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_MAP_64, 0, 0, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(map_is_denied_to_a_partition_whose_manifest_gives_the_buffers)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(rx_of(SP1)), .page_count = 1 }, .attributes = REGION_READ
	};
	config->memory_regions[1] = (struct memory_region_config){
		.range = { .base = paddr(tx_of(SP1)), .page_count = 1 },
		.attributes = REGION_READ | REGION_WRITE,
	};
	config->memory_region_count = 2;
	config->rx_region = 0;
	config->tx_region = 1;
	system_build(1);
	system_begin();

	CALL(SP1, FFA_RXTX_MAP_64, base_of(SP1), base_of(SP1) + 0x1000, 1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CHECK_EQUAL(mailbox_of(SP1)->rx.base.pa, rx_of(SP1));
}

/* ---- map of an S-EL0 partition ------------------------------------------------------------------ */

TEST(map_makes_the_rx_buffer_of_an_s_el0_partition_read_only_data)
{
	sp4_starts();
	sp4_sets_data();

	CALL(SP4, FFA_RXTX_MAP_64, tx_of(SP4), rx_of(SP4), 1);

	CHECK_SUCCESS(SP4);
	CHECK(reaches(SP4, rx_of(SP4), R));
	CHECK(!reaches(SP4, rx_of(SP4), W));
	CHECK(!reaches(SP4, rx_of(SP4), X));
	CHECK(reaches(SP4, tx_of(SP4), R | W));
	CHECK(!reaches(SP4, tx_of(SP4), X));
	CHECK(reaches(SP4, rx_of(SP4) + 0x1000, R | W)); /* its neighbour stays */
}

TEST(unmap_gives_an_s_el0_partition_its_rx_buffer_back_as_it_was)
{
	sp4_starts();
	sp4_sets_data();
	map_rxtx(SP4);

	CALL(SP4, FFA_RXTX_UNMAP_32);

	CHECK_SUCCESS(SP4);
	CHECK(reaches(SP4, rx_of(SP4), R | W));
	CHECK(!reaches(SP4, rx_of(SP4), X));
}

TEST(unmap_gives_code_that_was_an_rx_buffer_back_as_code)
{
	sp4_starts();
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 1, 5);
	map_rxtx(SP4);
	CHECK(!reaches(SP4, rx_of(SP4), X));

	CALL(SP4, FFA_RXTX_UNMAP_32);

	CHECK_SUCCESS(SP4);
	CHECK(reaches(SP4, rx_of(SP4), R | X));
}

TEST(map_by_an_s_el0_partition_of_read_only_memory_as_tx_is_refused)
{
	sp4_starts();

	CALL(SP4, FFA_RXTX_MAP_64, tx_of(SP4), rx_of(SP4), 1);
	CHECK_REFUSED(SP4, FFA_INVALID_PARAMETERS);
}

TEST(map_without_memory_for_the_tables_is_refused)
{
	uint64_t base = 0x0f200000, second_block = 0x0f400000;
	struct partition *sp4;

	system_reset();
	/* Two blocks of 2 MiB; TX splits the first one, RX would split the second. */
	system_add(SP4, INSTANCE_S0)->vm.memory = (struct page_range){ .base = paddr(base),
								       .page_count = 1024 };
	system_build(1);
	system_begin();
	CALL(SP4, FFA_MEM_PERM_SET_64, base, 1, 5);
	sp4 = partition_of(SP4);
	sp4->quota.limit_pages = sp4->quota.used_pages;

	CALL(SP4, FFA_RXTX_MAP_64, base, second_block, 1);
	CHECK_REFUSED(SP4, FFA_NO_MEMORY);
	sp4->quota.limit_pages++;
	CALL(SP4, FFA_RXTX_MAP_64, base, second_block, 1);
	CHECK_SUCCESS(SP4);
}

TEST(map_and_unmap_of_an_s_el0_partition_can_go_on_for_ever)
{
	uint32_t used;

	sp4_starts();
	sp4_sets_data();
	map_rxtx(SP4);
	CALL(SP4, FFA_RXTX_UNMAP_32);
	used = partition_of(SP4)->quota.used_pages;

	for (unsigned i = 0; i < 100; i++) {
		map_rxtx(SP4);
		CALL(SP4, FFA_RXTX_UNMAP_32);
		CHECK_SUCCESS(SP4);
	}
	CHECK_EQUAL(partition_of(SP4)->quota.used_pages, used);
}

/* ---- unmap -------------------------------------------------------------------------------------- */

TEST(unmap_without_a_pair_is_refused)
{
	sp1_runs();

	CALL(SP1, FFA_RXTX_UNMAP_32);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(unmap_ends_the_pair_and_another_may_be_mapped)
{
	system_boot_usual(1);
	map_rxtx(NW);

	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	CHECK(!mailbox_of(NW)->mapped);
	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_MAP_64, NS_RX, NS_TX, 1);
	CHECK_SUCCESS(NW);
}

TEST(unmap_for_another_endpoint_is_refused)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_RXTX_UNMAP_32, 1U << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_UNMAP_32, (uint32_t)SP1 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);

	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_RXTX_UNMAP_32, (uint32_t)SP2 << 16);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(unmap_by_a_partition_that_names_itself_is_tolerated)
{
	sp1_runs();
	map_rxtx(SP1);

	CALL(SP1, FFA_RXTX_UNMAP_32, (uint32_t)SP1 << 16);
	CHECK_SUCCESS(SP1);
}

TEST(unmap_with_reserved_bits_is_refused)
{
	system_boot_usual(1);
	map_rxtx(NW);

	CALL(NW, FFA_RXTX_UNMAP_32, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unmap_of_a_full_rx_buffer_is_allowed_and_the_next_pair_is_empty)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_PARTITION_INFO_GET_32);
	CHECK_EQUAL(mailbox_of(NW)->rx_state, RX_FULL);

	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(NW);
	map_rxtx(NW);
	CHECK_EQUAL(mailbox_of(NW)->rx_state, RX_EMPTY);
}
