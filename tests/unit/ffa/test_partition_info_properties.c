/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Properties that partition discovery shows (DEN0077A, "Partition discovery"): by the caller's version and
 * world, by the version of the partition, by what its manifest says.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REGS FFA_PARTITION_INFO_GET_REGS_64
#define GET FFA_PARTITION_INFO_GET_32

enum {
	VM_BOTH = 3, /* vm-availability-messages */
	VM_CREATED_ONLY = 1,
	VM_DESTROYED_ONLY = 2,
};

/** SP1, of @version: all methods, notifications, messages of VMs. To be changed before it is booted. */
static struct partition_config *everything(uint32_t version)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1MP);
	config->ffa_version = version;
	config->notification_support = true;
	config->vm_availability_messages = VM_BOTH;
	return config;
}

/** Properties of SP1 as a normal world of @version finds them in its RX buffer. */
static uint32_t seen_by_normal_world(uint32_t version)
{
	uint32_t properties;

	system_boot(1);
	nw_version(version);
	map_rxtx(NW);
	CALL(NW, GET);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	memcpy(&properties, (uint8_t *)host_ram(paddr(NS_RX)) + 4, sizeof(properties));
	return properties;
}

/** Properties of SP1 as SP2 of @version finds them. */
static uint32_t seen_by_partition(uint32_t version)
{
	uint32_t properties;

	system_add(SP2, INSTANCE_S1MP)->ffa_version = version;
	system_boot(1);
	request(NW, SP2);
	map_rxtx(SP2);
	CALL(SP2, GET);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	memcpy(&properties, (uint8_t *)host_ram(paddr(rx_of(SP2))) + 4, sizeof(properties));
	return properties;
}

/* ---- versions ----------------------------------------------------------------------------------- */

/** A partition of @version as normal worlds of 1.0 to 1.3 see it. */
static void check_normal_worlds(uint32_t version, uint32_t in_1_0, uint32_t in_1_1, uint32_t in_1_2,
				uint32_t in_1_3)
{
	everything(version);
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_0), in_1_0);
	everything(version);
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_1), in_1_1);
	everything(version);
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), in_1_2);
	everything(version);
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_3), in_1_3);
}

/** A partition of @version as partitions of 1.0 to 1.3 see it. */
static void check_partitions(uint32_t version, uint32_t in_1_0, uint32_t in_1_1, uint32_t in_1_2,
			     uint32_t in_1_3)
{
	everything(version);
	CHECK_EQUAL(seen_by_partition(FFA_VERSION_1_0), in_1_0);
	everything(version);
	CHECK_EQUAL(seen_by_partition(FFA_VERSION_1_1), in_1_1);
	everything(version);
	CHECK_EQUAL(seen_by_partition(FFA_VERSION_1_2), in_1_2);
	everything(version);
	CHECK_EQUAL(seen_by_partition(FFA_VERSION_1_3), in_1_3);
}

TEST(the_normal_world_sees_of_a_1_3_partition_what_its_version_knows)
{
	check_normal_worlds(FFA_VERSION_1_3, 0x5, 0x1CD, 0x3CD, 0x23CD);
}

TEST(the_normal_world_sees_of_a_1_2_partition_what_both_versions_know)
{
	check_normal_worlds(FFA_VERSION_1_2, 0x5, 0x1CD, 0x3CD, 0x3CD);
}

TEST(the_normal_world_sees_of_a_1_1_partition_what_both_versions_know)
{
	check_normal_worlds(FFA_VERSION_1_1, 0x5, 0x1CD, 0x1CD, 0x1CD);
}

TEST(the_normal_world_sees_of_a_1_0_partition_what_both_versions_know)
{
	check_normal_worlds(FFA_VERSION_1_0, 0x1, 0x101, 0x101, 0x101);
}

TEST(partitions_see_of_a_1_3_partition_what_their_version_knows)
{
	check_partitions(FFA_VERSION_1_3, 0x7, 0x10F, 0x70F, 0x270F);
}

TEST(partitions_see_of_a_1_2_partition_what_both_versions_know)
{
	check_partitions(FFA_VERSION_1_2, 0x7, 0x10F, 0x70F, 0x70F);
}

TEST(partitions_see_of_a_1_1_partition_what_both_versions_know)
{
	check_partitions(FFA_VERSION_1_1, 0x7, 0x10F, 0x10F, 0x10F);
}

TEST(partitions_see_of_a_1_0_partition_what_both_versions_know)
{
	check_partitions(FFA_VERSION_1_0, 0x3, 0x103, 0x103, 0x103);
}

TEST(both_calls_show_the_same_properties)
{
	everything(FFA_VERSION_1_3);
	system_boot(1);
	nw_version(FFA_VERSION_1_3);

	CALL_WIDE(NW, REGS);
	CHECK_EQUAL(registers()[3] >> 32, 0x23CD);
	request(NW, SP1);
	CALL_WIDE(SP1, REGS);
	CHECK_EQUAL(registers()[3] >> 32, 0x270F);
}

TEST(both_calls_show_the_same_properties_to_1_2)
{
	everything(FFA_VERSION_1_3);
	system_boot(1);

	CALL_WIDE(NW, REGS);
	CHECK_EQUAL(registers()[3] >> 32, 0x3CD);
}

/* ---- the manifest ------------------------------------------------------------------------------- */

TEST(a_partition_without_notifications_does_not_show_them)
{
	everything(FFA_VERSION_1_2)->notification_support = false;
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), 0x3C5);
	everything(FFA_VERSION_1_2)->notification_support = false;
	CHECK_EQUAL(seen_by_partition(FFA_VERSION_1_2), 0x707);
}

TEST(messages_of_vms_are_shown_as_they_are_subscribed_to)
{
	everything(FFA_VERSION_1_2)->vm_availability_messages = 0;
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), 0x30D);
	everything(FFA_VERSION_1_2)->vm_availability_messages = VM_CREATED_ONLY;
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), 0x34D);
	everything(FFA_VERSION_1_2)->vm_availability_messages = VM_DESTROYED_ONLY;
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), 0x38D);
}

TEST(messages_of_vms_are_not_shown_where_no_requests_are_received)
{
	everything(FFA_VERSION_1_2)->services[0].messaging_method = FFA_PROPERTY_INDIRECT;
	CHECK_EQUAL(seen_by_normal_world(FFA_VERSION_1_2), 0x10C);
}

TEST(a_service_shows_its_own_methods_and_the_partitions_notifications)
{
	struct partition_config *config = everything(FFA_VERSION_1_2);

	config->services[0].messaging_method = FFA_PROPERTY_DIRECT_REQ2_RECEIVE;
	config->services[1] = (struct service_config){
		.uuid = { { 1, 2, 3, 4 } }, .messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE
	};
	config->service_count = 2;
	system_boot(1);

	CALL_WIDE(NW, REGS);
	CHECK_EQUAL(registers()[3] >> 32, 0x308);
	CHECK_EQUAL(registers()[6] >> 32, 0x1C9);
}
