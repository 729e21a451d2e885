/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_PARTITION_INFO_GET_REGS (DEN0077A v1.2, "Partition discovery"): registers bit for bit, paging over
 * many descriptors, errors. Properties and matches are those of FFA_PARTITION_INFO_GET.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define UUID1 \
	0x1e67b5b4, 0xe14f904a, 0x13fb1fb8, 0xcbdae1da /* b4b5671e-4a90-4fe1-b81f-fb13dae1dacb */
#define UUID2 \
	0x092358d1, 0xb94723f0, 0x64447c82, 0xc88f57f5 /* d1582309-f023-47b9-827c-4464f5578fc8 */
#define UUID1_LOW 0xe14f904a1e67b5b4
#define UUID1_HIGH 0xcbdae1da13fb1fb8
#define UUID2_LOW 0xb94723f0092358d1
#define UUID2_HIGH 0xc88f57f564447c82

#define GET FFA_PARTITION_INFO_GET_REGS_64

/** As in test_partition_info.c; nobody has buffers. */
static void two_partitions(void)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1MP);
	config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
	config = system_add(SP2, INSTANCE_S1MP);
	config->services[0].uuid = (struct ffa_uuid){ { UUID2 } };
	config->services[0].messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE;
	system_boot(8);
}

/** @count services {n, 0x100, 0, 0}, five to a partition, all receiving direct requests. */
static void many_services(unsigned count)
{
	struct partition_config *config = NULL;

	system_reset();
	for (unsigned i = 0; i < count; i++) {
		if (i % 5 == 0) {
			config = system_add((uint16_t)(SP1 + i / 5), INSTANCE_S1UP);
			config->service_count = 0;
		}
		config->services[config->service_count++] = (struct service_config){
			.uuid = { { i, 0x100, 0, 0 } },
			.messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE,
		};
	}
	system_boot(1);
}

/* ---- registers ---------------------------------------------------------------------------------- */

TEST(two_partitions_fill_x2_to_x8)
{
	two_partitions();

	CALL(NW, GET);

	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x18000000010001, 0x30500088001, UUID1_LOW,
		       UUID1_HIGH, 0x10100088002, UUID2_LOW, UUID2_HIGH);
}

TEST(one_partition_by_uuid_has_no_uuid)
{
	two_partitions();

	CALL(NW, GET, UUID2_LOW, UUID2_HIGH);

	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x18000000000000, 0x10100088002);
}

TEST(a_partition_may_ask_while_it_starts_and_needs_no_buffer)
{
	system_reset();
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();

	CALL(SP4, GET);
	CHECK_GOT_WIDE(SP4, FFA_SUCCESS_64, 0, 0x18000000000000, UINT64_C(0x70700018004),
		       0x1111111100008004, 0x3333333322222222);
}

TEST(five_descriptors_fill_all_registers)
{
	many_services(5);

	CALL(NW, GET);

	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x18000000040004, 0x10100018001, 0x10000000000, 0,
		       0x10100018001, 0x10000000001, 0, 0x10100018001, 0x10000000002, 0,
		       0x10100018001, 0x10000000003, 0, 0x10100018001, 0x10000000004, 0);
}

/* ---- paging ------------------------------------------------------------------------------------- */

TEST(six_descriptors_take_two_calls)
{
	many_services(6);

	CALL(NW, GET);
	CHECK_EQUAL(registers()[2], 0x18000000040005); /* current 4, last 5 */
	CALL(NW, GET, 0, 0, 5);
	CHECK_GOT_WIDE(NW, FFA_SUCCESS_64, 0, 0x18000000050005, 0x10100018002, 0x10000000005, 0);
}

TEST(a_walk_over_many_partitions_sees_every_service_once)
{
	uint64_t start = 0;
	unsigned seen = 0;

	many_services(113);

	do {
		CALL(NW, GET, 0, 0, start);
		CHECK_EQUAL(registers()[0], FFA_SUCCESS_64);
		CHECK_EQUAL(registers()[2] & 0xFFFF, 112);
		CHECK_EQUAL(registers()[2] >> 48, 24);
		for (uint64_t current = registers()[2] >> 16 & 0xFFFF; start <= current; start++) {
			CHECK_EQUAL(registers()[4 + start % 5 * 3], 0x10000000000 | start);
			seen++;
		}
	} while (start < 113);
	CHECK_EQUAL(seen, 113);
}

TEST(a_walk_may_begin_anywhere)
{
	many_services(12);

	CALL(NW, GET, 0, 0, 9);
	CHECK_EQUAL(registers()[2], 0x180000000b000b);
	CHECK_EQUAL(registers()[4], 0x10000000009);
	CHECK_EQUAL(registers()[10], 0x1000000000b);
	CHECK_EQUAL(registers()[12], 0);
}

TEST(a_uuid_query_pages_over_its_matches)
{
	system_reset();
	for (uint16_t i = 0; i < 14; i++) {
		struct partition_config *config = system_add(SP1 + i, INSTANCE_S1UP);

		if (i % 2 == 0) {
			config->services[0].uuid = (struct ffa_uuid){ { UUID1 } };
		}
	}
	system_boot(1);

	CALL(NW, GET, UUID1_LOW, UUID1_HIGH);
	CHECK_EQUAL(registers()[2], 0x18000000040006);
	CHECK_EQUAL(registers()[3] & 0xFFFF, SP1);
	CHECK_EQUAL(registers()[15] & 0xFFFF, SP1 + 8);
	CALL(NW, GET, UUID1_LOW, UUID1_HIGH, 5);
	CHECK_EQUAL(registers()[2], 0x18000000060006);
	CHECK_EQUAL(registers()[3] & 0xFFFF, SP1 + 10);
	CHECK_EQUAL(registers()[6] & 0xFFFF, SP1 + 12);
	CHECK_EQUAL(registers()[9], 0);
}

/* ---- errors ------------------------------------------------------------------------------------- */

TEST(a_start_behind_the_last_descriptor_is_refused)
{
	two_partitions();

	CALL(NW, GET, 0, 0, 2);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 0, 0, 0xFFFF);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, UUID1_LOW, UUID1_HIGH, 1);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_tag_with_the_first_index_is_refused)
{
	two_partitions();

	CALL(NW, GET, 0, 0, 0x10000);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_tag_that_was_never_given_out_means_to_start_again)
{
	two_partitions();

	CALL(NW, GET, 0, 0, 0x10001);
	CHECK_REFUSED_WIDE(NW, FFA_RETRY);
}

TEST(reserved_bits_of_x3_are_refused)
{
	two_partitions();

	CALL(NW, GET, 0, 0, UINT64_C(0x100000000));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 0, 0, UINT64_C(0x8000000000000001));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_uuid_that_nobody_has_is_refused)
{
	two_partitions();

	CALL(NW, GET, UUID1_LOW, UUID2_HIGH);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 1);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, 0, 1);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_caller_before_1_2_has_no_such_call)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_1);

	CALL(NW, GET);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED); /* x8-x17 stay the caller's */
}

TEST(the_32_bit_form_does_not_exist)
{
	system_boot_usual(1);

	CALL(NW, FFA_FID32(0x8B));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}
