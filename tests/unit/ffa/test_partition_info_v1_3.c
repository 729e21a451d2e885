/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What FF-A 1.3 adds to partition discovery (DEN0077A, "Partition discovery"): descriptors of 48 bytes in
 * both calls, image UUIDs, the version of each partition. What older callers see: test_partition_info.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define GET FFA_PARTITION_INFO_GET_32
#define REGS FFA_PARTITION_INFO_GET_REGS_64
#define UUID1 \
	0x1e67b5b4, 0xe14f904a, 0x13fb1fb8, 0xcbdae1da /* b4b5671e-4a90-4fe1-b81f-fb13dae1dacb */
#define UUID2 \
	0x092358d1, 0xb94723f0, 0x64447c82, 0xc88f57f5 /* d1582309-f023-47b9-827c-4464f5578fc8 */
#define IMAGE 0x11223344, 0x55667788, 0x99aabbcc, 0xddeeff00
#define UUID1_LOW 0xe14f904a1e67b5b4
#define UUID1_HIGH 0xcbdae1da13fb1fb8
#define UUID2_LOW 0xb94723f0092358d1
#define UUID2_HIGH 0xc88f57f564447c82
#define IMAGE_LOW 0x5566778811223344
#define IMAGE_HIGH 0xddeeff0099aabbcc

enum { SIZE = 48 };

/**
 * SP1, of 1.3, has an image UUID and two services: UUID1 with all methods, UUID2 with direct requests. SP2,
 * of 1.2, has neither image UUID nor second service. The normal world speaks @version and has buffers.
 */
static void two_partitions_for(uint32_t version)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->ffa_version = FFA_VERSION_1_3;
	config->has_image_uuid = true;
	config->image_uuid = (struct ffa_uuid){ { IMAGE } };
	config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	config->services[1] = (struct service_config){
		.uuid = { { UUID2 } }, .messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE
	};
	config->service_count = 2;
	system_add(SP2, INSTANCE_S1UP);
	system_boot(1);
	nw_version(version);
	map_rxtx(NW);
}

static void two_partitions(void)
{
	two_partitions_for(FFA_VERSION_1_3);
}

/** Descriptor @at in the normal world's RX buffer. */
static struct ffa_partition_info_v1_3 in_rx(unsigned at)
{
	struct ffa_partition_info_v1_3 descriptor;

	memcpy(&descriptor, (uint8_t *)host_ram(paddr(NS_RX)) + (size_t)at * SIZE, SIZE);
	return descriptor;
}

static void check_uuid(struct ffa_uuid actual, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	CHECK_EQUAL(actual.word[0], a);
	CHECK_EQUAL(actual.word[1], b);
	CHECK_EQUAL(actual.word[2], c);
	CHECK_EQUAL(actual.word[3], d);
}
#define CHECK_UUID(actual, ...) check_uuid(actual, __VA_ARGS__)
#define NIL 0, 0, 0, 0

/* ---- in the RX buffer --------------------------------------------------------------------------- */

TEST(all_partitions_for_a_1_3_caller_are_48_byte_descriptors)
{
	static const uint8_t expected[3 * SIZE] = {
		0x01, 0x80, 0x01, 0x00, 0x05, 0x23, 0x00, 0x00, 0xb4, 0xb5, 0x67, 0x1e,
		0x4a, 0x90, 0x4f, 0xe1, 0xb8, 0x1f, 0xfb, 0x13, 0xda, 0xe1, 0xda, 0xcb,
		0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 0xcc, 0xbb, 0xaa, 0x99,
		0x00, 0xff, 0xee, 0xdd, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, /* UUID1 */
		0x01, 0x80, 0x01, 0x00, 0x01, 0x21, 0x00, 0x00, 0xd1, 0x58, 0x23, 0x09,
		0xf0, 0x23, 0x47, 0xb9, 0x82, 0x7c, 0x44, 0x64, 0xf5, 0x57, 0x8f, 0xc8,
		0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 0xcc, 0xbb, 0xaa, 0x99,
		0x00, 0xff, 0xee, 0xdd, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, /* UUID2 */
		0x02, 0x80, 0x01, 0x00, 0x05, 0x03, 0x00, 0x00, 0x02, 0x80, 0x00, 0x00,
		0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x33, 0x33, 0x33, 0x33,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, /* SP2 */
	};
	static const uint8_t zeroes[PAGE_SIZE];

	two_partitions();
	memset(host_ram(paddr(NS_RX)), 0xA5, PAGE_SIZE);

	CALL(NW, GET);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 3, 48);
	CHECK_BYTES(host_ram(paddr(NS_RX)), expected, sizeof(expected));
	CHECK_BYTES((uint8_t *)host_ram(paddr(NS_RX)) + sizeof(expected), zeroes,
		    PAGE_SIZE - sizeof(expected));
}

TEST(a_query_for_a_service_shows_the_image_uuid_alone)
{
	two_partitions();

	CALL(NW, GET, UUID2);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 48);
	CHECK_EQUAL(in_rx(0).id, SP1);
	CHECK_EQUAL(in_rx(0).properties, 0x2101);
	CHECK_UUID(in_rx(0).uuid, NIL);
	CHECK_UUID(in_rx(0).image_uuid, IMAGE);
	CHECK_EQUAL(in_rx(0).version, FFA_VERSION_1_3);
}

TEST(a_query_for_an_image_shows_every_service_of_it_without_the_image_uuid)
{
	two_partitions();

	CALL(NW, GET, IMAGE);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 48);
	CHECK_EQUAL(in_rx(0).id, SP1);
	CHECK_UUID(in_rx(0).uuid, UUID1);
	CHECK_UUID(in_rx(0).image_uuid, NIL);
	CHECK_EQUAL(in_rx(1).id, SP1);
	CHECK_UUID(in_rx(1).uuid, UUID2);
	CHECK_UUID(in_rx(1).image_uuid, NIL);
}

TEST(images_are_counted)
{
	two_partitions();

	CALL(NW, GET, IMAGE, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2);
	CALL(NW, GET, UUID1, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1);
	CALL(NW, GET, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 3);
}

TEST(an_image_is_not_found_by_an_older_caller)
{
	two_partitions_for(FFA_VERSION_1_2);

	CALL(NW, GET, IMAGE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REGS, IMAGE_LOW, IMAGE_HIGH);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 3, 24);
}

TEST(a_uuid_that_is_one_partitions_image_and_anothers_service_finds_both)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->image_uuid = (struct ffa_uuid){ { UUID1 } };
	config->has_image_uuid = true;
	config->services[0].uuid = (struct ffa_uuid){ { UUID2 } };
	config = system_add(SP2, INSTANCE_S1UP);
	config->image_uuid = (struct ffa_uuid){ { IMAGE } };
	config->has_image_uuid = true;
	config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	system_boot(1);
	nw_version(FFA_VERSION_1_3);
	map_rxtx(NW);

	CALL(NW, GET, UUID1);

	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 2, 48);
	CHECK_UUID(in_rx(0).uuid, UUID2);
	CHECK_UUID(in_rx(0).image_uuid, NIL);
	CHECK_UUID(in_rx(1).uuid, NIL);
	CHECK_UUID(in_rx(1).image_uuid, IMAGE);
}

TEST(a_service_with_the_uuid_of_its_image_is_found_once)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1UP);
	config->image_uuid = (struct ffa_uuid){ { UUID1 } };
	config->has_image_uuid = true;
	config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	system_boot(1);
	nw_version(FFA_VERSION_1_3);
	map_rxtx(NW);

	CALL(NW, GET, UUID1);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 48);
	CHECK_UUID(in_rx(0).uuid, NIL);
	CHECK_UUID(in_rx(0).image_uuid, NIL);
}

/** @count partitions with 16 services each, a normal world of 1.3 with buffers of one page. */
static void many_services(unsigned count)
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
	nw_version(FFA_VERSION_1_3);
	map_rxtx(NW);
}

TEST(a_page_holds_85_descriptors)
{
	many_services(5); /* 80 */
	CALL(NW, GET);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 80, 48);
	CHECK_EQUAL(in_rx(79).id, SP5);

	many_services(6); /* 96 */
	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
}

TEST(a_partition_of_1_3_gets_48_byte_descriptors)
{
	struct ffa_partition_info_v1_3 first;

	two_partitions();
	request(NW, SP1);
	map_rxtx(SP1);

	CALL(SP1, GET);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 3, 48);
	memcpy(&first, host_ram(paddr(rx_of(SP1))), sizeof(first));
	CHECK_EQUAL(first.properties, 0x2707);
	CHECK_UUID(first.image_uuid, IMAGE);
	CHECK_EQUAL(first.version, FFA_VERSION_1_3);
}

TEST(the_version_of_a_partition_is_the_negotiated_one)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_3;
	system_build(1);
	system_begin();
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	system_finish_start();
	nw_version(FFA_VERSION_1_3);
	map_rxtx(NW);

	CALL(NW, GET);
	CHECK_EQUAL(in_rx(0).version, FFA_VERSION_1_1);
	CHECK_EQUAL(in_rx(0).properties, 0x105);
}

/* ---- in registers ------------------------------------------------------------------------------- */

TEST(two_descriptors_fill_x3_to_x14)
{
	two_partitions();

	CALL_WIDE(NW, REGS);

	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x0030000000010002, UINT64_C(0x230500018001),
		       UUID1_LOW, UUID1_HIGH, IMAGE_LOW, IMAGE_HIGH, FFA_VERSION_1_3,
		       UINT64_C(0x210100018001), UUID2_LOW, UUID2_HIGH, IMAGE_LOW, IMAGE_HIGH,
		       FFA_VERSION_1_3);
}

TEST(the_third_descriptor_takes_a_second_call)
{
	two_partitions();

	CALL_WIDE(NW, REGS, 0, 0, 2);
	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x0030000000020002, UINT64_C(0x30500018002),
		       0x1111111100008002, 0x3333333322222222, 0, 0, FFA_VERSION_1_2);
	CALL_WIDE(NW, REGS, 0, 0, 3);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_query_for_a_service_in_registers_shows_the_image_uuid_alone)
{
	two_partitions();

	CALL_WIDE(NW, REGS, UUID1_LOW, UUID1_HIGH);
	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x0030000000000000, UINT64_C(0x230500018001), 0, 0,
		       IMAGE_LOW, IMAGE_HIGH, FFA_VERSION_1_3);
}

TEST(a_query_for_an_image_in_registers_shows_every_service_of_it)
{
	two_partitions();

	CALL_WIDE(NW, REGS, IMAGE_LOW, IMAGE_HIGH);
	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x0030000000010001, UINT64_C(0x230500018001),
		       UUID1_LOW, UUID1_HIGH, 0, 0, FFA_VERSION_1_3, UINT64_C(0x210100018001),
		       UUID2_LOW, UUID2_HIGH, 0, 0, FFA_VERSION_1_3);
}

TEST(a_walk_over_many_services_sees_each_once)
{
	unsigned seen = 0;

	many_services(5);

	while (seen < 80) {
		CALL_WIDE(NW, REGS, 0, 0, seen);
		CHECK_EQUAL(registers()[2] >> 48, 48);
		CHECK_EQUAL(registers()[2] & 0xFFFF, 79);
		CHECK_EQUAL(registers()[2] >> 16 & 0xFFFF, seen + 1);
		CHECK_EQUAL(registers()[4], (uint64_t)(seen % 16) << 32 | seen / 16);
		CHECK_EQUAL(registers()[10], (uint64_t)((seen + 1) % 16) << 32 | (seen + 1) / 16);
		seen += 2;
	}
}
