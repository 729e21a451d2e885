/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_PARTITION_INFO_GET (DEN0077A, "Partition discovery"): descriptors byte for byte, queries, counts,
 * the state of the RX buffer. The variant in registers has its own file.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define UUID1 \
	0x1e67b5b4, 0xe14f904a, 0x13fb1fb8, 0xcbdae1da /* b4b5671e-4a90-4fe1-b81f-fb13dae1dacb */
#define UUID2 \
	0x092358d1, 0xb94723f0, 0x64447c82, 0xc88f57f5 /* d1582309-f023-47b9-827c-4464f5578fc8 */

#define GET FFA_PARTITION_INFO_GET_32

/**
 * SP1: all methods; SP2: receives direct requests; S-EL1, 8 contexts each. The normal world speaks FF-A
 * @version and has buffers.
 */
static void two_partitions_for(uint32_t version)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1MP);
	config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	config = system_add(SP2, INSTANCE_S1MP);
	config->services[0].uuid = (struct ffa_uuid){ { UUID2 } };
	config->services[0].messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE;
	system_boot(8);
	nw_version(version);
	map_rxtx(NW);
}

static void two_partitions(void)
{
	two_partitions_for(FFA_VERSION_1_2);
}

static const uint8_t *nw_rx(void)
{
	return host_ram(paddr(NS_RX));
}

static void check_rx(const uint8_t *expected, size_t size)
{
	static const uint8_t zeroes[PAGE_SIZE];

	CHECK_BYTES(nw_rx(), expected, size);
	CHECK_BYTES(nw_rx() + size, zeroes, PAGE_SIZE - size);
}

static uint32_t properties_in_rx(unsigned at, size_t size)
{
	uint32_t properties;

	memcpy(&properties, nw_rx() + at * size + 4, sizeof(properties));
	return properties;
}

/* ---- descriptors -------------------------------------------------------------------------------- */

TEST(all_partitions_for_a_1_2_caller_are_24_byte_descriptors)
{
	static const uint8_t expected[] = {
		0x01, 0x80, 0x08, 0x00, 0x05, 0x03, 0x00, 0x00, 0xb4, 0xb5, 0x67, 0x1e,
		0x4a, 0x90, 0x4f, 0xe1, 0xb8, 0x1f, 0xfb, 0x13, 0xda, 0xe1, 0xda, 0xcb,
		0x02, 0x80, 0x08, 0x00, 0x01, 0x01, 0x00, 0x00, 0xd1, 0x58, 0x23, 0x09,
		0xf0, 0x23, 0x47, 0xb9, 0x82, 0x7c, 0x44, 0x64, 0xf5, 0x57, 0x8f, 0xc8,
	};

	two_partitions();
	memset(host_ram(paddr(NS_RX)), 0xA5, PAGE_SIZE);

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
	check_rx(expected, sizeof(expected));
}

TEST(all_partitions_for_a_1_1_caller_have_no_bits_of_1_2)
{
	static const uint8_t expected[] = {
		0x01, 0x80, 0x08, 0x00, 0x05, 0x01, 0x00, 0x00, 0xb4, 0xb5, 0x67, 0x1e,
		0x4a, 0x90, 0x4f, 0xe1, 0xb8, 0x1f, 0xfb, 0x13, 0xda, 0xe1, 0xda, 0xcb,
		0x02, 0x80, 0x08, 0x00, 0x01, 0x01, 0x00, 0x00, 0xd1, 0x58, 0x23, 0x09,
		0xf0, 0x23, 0x47, 0xb9, 0x82, 0x7c, 0x44, 0x64, 0xf5, 0x57, 0x8f, 0xc8,
	};

	two_partitions_for(FFA_VERSION_1_1);

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
	check_rx(expected, sizeof(expected));
}

TEST(all_partitions_for_a_1_0_caller_are_8_byte_descriptors_without_a_size)
{
	static const uint8_t expected[] = {
		0x01, 0x80, 0x08, 0x00, 0x05, 0x00, 0x00, 0x00,
		0x02, 0x80, 0x08, 0x00, 0x01, 0x00, 0x00, 0x00,
	};

	two_partitions_for(FFA_VERSION_1_0);

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2);
	check_rx(expected, sizeof(expected));
}

TEST(one_partition_by_uuid_has_no_uuid_in_its_descriptor)
{
	static const uint8_t expected[24] = { 0x01, 0x80, 0x08, 0x00, 0x05, 0x03 };

	two_partitions();

	CALL(NW, GET, UUID1);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 24);
	check_rx(expected, sizeof(expected));
}

TEST(a_partition_sees_all_partitions_with_itself_and_what_they_send)
{
	static const uint8_t expected[] = {
		0x01, 0x80, 0x08, 0x00, 0x07, 0x07, 0x00, 0x00, 0xb4, 0xb5, 0x67, 0x1e,
		0x4a, 0x90, 0x4f, 0xe1, 0xb8, 0x1f, 0xfb, 0x13, 0xda, 0xe1, 0xda, 0xcb,
		0x02, 0x80, 0x08, 0x00, 0x01, 0x01, 0x00, 0x00, 0xd1, 0x58, 0x23, 0x09,
		0xf0, 0x23, 0x47, 0xb9, 0x82, 0x7c, 0x44, 0x64, 0xf5, 0x57, 0x8f, 0xc8,
	};

	two_partitions();
	request(NW, SP1);
	map_rxtx(SP1);

	CALL(SP1, GET);

	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 2, 24);
	CHECK_BYTES(host_ram(paddr(rx_of(SP1))), expected, sizeof(expected));
}

TEST(a_partition_of_1_1_is_shown_without_methods_of_1_2_whatever_it_declares)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_1;
	system_boot(1);
	map_rxtx(NW);

	CALL(NW, GET);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x105);
}

TEST(a_partition_of_1_0_is_shown_without_indirect_messages)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_0;
	system_boot(1);
	map_rxtx(NW);

	CALL(NW, GET);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x101);
}

TEST(a_partition_that_negotiated_1_1_is_shown_without_methods_of_1_2)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	system_finish_start();
	map_rxtx(NW);

	CALL(NW, GET);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x105);
}

/* ---- several services --------------------------------------------------------------------------- */

/** SP1 has two services: the first receives requests, the second requests of the other kind. */
static void two_services(uint32_t nw)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->services[0] = (struct service_config){
		.uuid = { { UUID1 } }, .messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE
	};
	config->services[1] = (struct service_config){
		.uuid = { { UUID2 } },
		.messaging_method = FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_INDIRECT
	};
	config->service_count = 2;
	system_boot(1);
	nw_version(nw);
	map_rxtx(NW);
}

TEST(each_service_is_an_entry_with_its_own_properties_for_a_1_2_caller)
{
	static const uint8_t uuid1[] = { 0xb4, 0xb5, 0x67, 0x1e },
			     uuid2[] = { 0xd1, 0x58, 0x23, 0x09 };

	two_services(FFA_VERSION_1_2);

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x101);
	CHECK_EQUAL(properties_in_rx(1, 24), 0x304);
	CHECK_BYTES(nw_rx() + 8, uuid1, 4);
	CHECK_BYTES(nw_rx() + 24 + 8, uuid2, 4);
}

TEST(all_services_are_one_entry_with_all_properties_for_a_1_1_caller)
{
	two_services(FFA_VERSION_1_1);

	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 24);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x105);
}

TEST(any_service_finds_the_partition_for_a_1_1_caller)
{
	two_services(FFA_VERSION_1_1);

	CALL(NW, GET, UUID2);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 24);
	CHECK_EQUAL(properties_in_rx(0, 24), 0x105);
}

TEST(a_service_shared_by_two_partitions_finds_both)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	system_add(SP2, INSTANCE_S1UP);
	system_add(SP3, INSTANCE_S0)->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	system_boot(1);
	map_rxtx(NW);

	CALL(NW, GET, UUID1);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
	CHECK_EQUAL(nw_rx()[0], 1);
	CHECK_EQUAL(nw_rx()[24], 3);
}

/* ---- flags and counts --------------------------------------------------------------------------- */

TEST(count_only_needs_no_buffer_and_leaves_it_alone)
{
	system_boot_usual(1);

	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 4);
	map_rxtx(NW);
	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 4);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(count_only_works_while_the_buffer_is_full)
{
	two_partitions();
	CALL(NW, GET);

	CALL(NW, GET, UUID2, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1);
}

TEST(other_flags_are_refused_before_the_uuid_is_looked_at)
{
	two_partitions();

	CALL(NW, GET, 1, 2, 3, 4, 2);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 0, 0, 0, 0, 0x80000001);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_1_0_caller_has_no_flags)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_0);

	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_uuid_that_nobody_has_is_refused_even_when_only_counted)
{
	two_partitions();

	CALL(NW, GET, 1, 2, 3, 4);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 1, 2, 3, 4, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_uuid_differing_in_any_one_word_is_another)
{
	static const uint32_t uuid[] = { UUID1 };

	two_partitions();
	for (unsigned i = 0; i < 4; i++) {
		uint32_t w[4];

		memcpy(w, uuid, sizeof(w));
		w[i] ^= 0x80000000;
		CALL(NW, GET, w[0], w[1], w[2], w[3]);
		CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	}
}

TEST(nobody_there_is_success_with_a_count_of_none)
{
	system_reset();
	system_boot(1);
	map_rxtx(NW);

	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_SUCCESS(NW);
	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 0, 24);
}

TEST(the_upper_halves_of_the_registers_are_ignored)
{
	two_partitions();

	CALL(NW, GET, 0xDEAD00000000 | 0x1e67b5b4, 0xDEAD00000000 | 0xe14f904a,
	     0xDEAD00000000 | 0x13fb1fb8, 0xDEAD00000000 | 0xcbdae1da, 0xDEAD00000000);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 24);
}

/* ---- the buffer --------------------------------------------------------------------------------- */

TEST(a_caller_without_buffers_is_told_busy)
{
	system_boot_usual(1);

	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(a_caller_that_has_not_released_is_told_busy_until_it_has)
{
	two_partitions();
	CALL(NW, GET);

	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_BUSY);
	CALL(NW, GET, UUID1);
	CHECK_REFUSED(NW, FFA_BUSY);
	CALL(NW, FFA_RX_RELEASE_32);
	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
}

/** @count partitions with 16 services each; the normal world has RX buffers of @pages pages. */
static void many_services(unsigned count, uint64_t pages)
{
	system_reset();
	for (unsigned i = 0; i < count; i++) {
		struct partition_config *config = system_add((uint16_t)(SP1 + i), INSTANCE_S1UP);

		config->service_count = CONFIG_SERVICE_MAX;
		for (unsigned s = 0; s < CONFIG_SERVICE_MAX; s++) {
			config->services[s].uuid = (struct ffa_uuid){ { i, s, 1, 1 } };
			config->services[s].messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE;
		}
	}
	system_boot(1);
	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + pages * PAGE_SIZE, pages);
	CHECK_SUCCESS(NW);
}

TEST(more_descriptors_than_the_buffer_holds_are_no_memory)
{
	many_services(11, 1); /* 176 descriptors; a page holds 170 */

	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(descriptors_fill_the_buffer_across_pages)
{
	const uint8_t *rx;

	many_services(64, 16);
	rx = host_ram(paddr(NS_BASE + 16 * PAGE_SIZE));

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1024, 24);
	CHECK_EQUAL(rx[1023 * 24], 64); /* the last one is of partition 0x8040 */
	CHECK_EQUAL(rx[1023 * 24 + 12], 15); /* and its service 15 */
	CHECK_EQUAL(rx[1024 * 24], 0);
}

TEST(a_buffer_taken_away_from_the_normal_world_is_aborted_and_works_when_it_is_back)
{
	struct page_range rx = { .base = paddr(NS_RX), .page_count = 1 };

	two_partitions();
	host_memory_move(rx, WORLD_SECURE);
	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_ABORTED);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);

	host_memory_move(rx, WORLD_NON_SECURE);
	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 24);
}

/* ---- who is listed ------------------------------------------------------------------------------ */

TEST(a_partition_that_has_not_started_yet_is_listed)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	CALL(SP1, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 2);
}

TEST(a_partition_that_has_ended_is_not_listed)
{
	two_partitions();
	request(NW, SP1);
	fault("data abort", 0);

	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1);
	CALL(NW, GET, UUID1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(the_list_follows_the_manifest_not_the_boot_order)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->boot_order = 9;
	system_add(SP2, INSTANCE_S1UP)->boot_order = 1;
	system_boot(1);
	map_rxtx(NW);

	CALL(NW, GET);
	CHECK_EQUAL(nw_rx()[0], 1);
	CHECK_EQUAL(nw_rx()[24], 2);
}
