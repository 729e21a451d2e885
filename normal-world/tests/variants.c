/* SPDX-License-Identifier: BSD-3-Clause */
/* systems/variants.toml: registers, versions, services and offsets that systems/test.toml leaves out. */
#include "normal-world/tests/fixture.h"

#include "lib/string.h"
#include "partitions/hello/hello.h"

enum {
	V_REGISTER = 0x8001, /* boot information with a HOB list, in x2 */
	V_EL0_1_0 = 0x8002, /* S-EL0 of 1.0 */
	V_MUTE = 0x8003, /* receives no messages */
	V_SERVICES = 0x8004, /* two services */
	V_OFFSET = 0x8005, /* the image elsewhere in the package */
};

#define METHODS (FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND)

static const struct subject variants[] = {
	{ V_REGISTER, FFA_VERSION_1_2, 1, true, METHODS, 0x0E300000, { { 0 } } },
	{ V_EL0_1_0, FFA_VERSION_1_0, 1, false, METHODS, 0x0E400000, { { 0 } } },
	{ V_MUTE, FFA_VERSION_1_2, 1, true, FFA_PROPERTY_DIRECT_REQ_SEND, 0x0E500000, { { 0 } } },
	{ V_SERVICES, FFA_VERSION_1_2, 8, true, METHODS, 0x0E600000, { { 0 } } },
	{ V_OFFSET, FFA_VERSION_1_2, 1, true, METHODS, 0x0E700000, { { 0 } } },
};

static void prepare(void)
{
	fixture_use(variants, sizeof(variants) / sizeof(variants[0]));
	(void)ffa_version(FFA_VERSION_1_2);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(pe_start(pe), 0);
	}
}

/* ---- boot -------------------------------------------------------------------------------------------------- */

TEST_IN(variants, boot_information_comes_in_the_register_the_manifest_names)
{
	const volatile struct partition_entry *entry;

	prepare();
	(void)COMMAND(V_REGISTER, TEST_STATE, TEST_STATE_ENTRY, 0, 0, 0);
	entry = STATE(partition_entry, V_REGISTER);
	CHECK(entry->x[2] >= 0x0E300000 && entry->x[2] < 0x0E400000);
	/* The reference leaves the size of the memory in x0. */
	CHECK(entry->x[0] == 0 || entry->x[0] == 0x100000);
	CHECK_EQ(entry->x[1], 0);
	CHECK_EQ(entry->x[3], 0);
}

TEST_IN(variants, boot_information_lists_manifest_and_hob_list)
{
	const volatile struct test_boot_state *boot;
	uint64_t hob;

	prepare();
	(void)COMMAND(V_REGISTER, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, V_REGISTER);
	CHECK_EQ(boot->count, 2);
	CHECK_EQ(boot->manifest_magic, 0xD00DFEED);
	CHECK_EQ(boot->hob_list_size, 64);
	hob = boot->hob_list;
	CHECK(hob >= 0x0E300000 && hob < 0x0E400000);
	(void)COMMAND(V_REGISTER, TEST_COPY, hob, 8, 0, 0);
	/* tests/target/manifests/handoff.hob */
	CHECK_EQ(*(const volatile uint64_t *)(const volatile void *)area_of(V_REGISTER)->bulk,
		 0x0000000000380001);
}

TEST_IN(variants, an_s_el0_partition_of_1_0_gets_the_old_boot_information_and_runs)
{
	const volatile struct test_boot_state *boot;

	prepare();
	CHECK_ALIVE(V_EL0_1_0);
	(void)COMMAND(V_EL0_1_0, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, V_EL0_1_0);
	CHECK_EQ(boot->form, FFA_VERSION_1_0);
	/* "FF-A", one entry, its name "TYPE_DT" */
	CHECK_EQ(boot->header[0], 0x412D4646ULL | 1ULL << 32);
	CHECK_EQ(boot->header[1], 0x0054445F45505954ULL);
	CHECK_EQ(boot->header[2], 0);
	CHECK_EQ(boot->header[3], boot->manifest);
	CHECK_EQ(boot->manifest_magic, 0xD00DFEED);
	CHECK_EQ(boot->manifest_size, boot->manifest_total_size);
}

TEST_IN(variants, an_image_may_lie_elsewhere_in_the_package)
{
	struct ffa_regs regs;

	prepare();
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, V_OFFSET, 0, HELLO_REQUEST, 7);
	CHECK(is_answer(&regs, V_OFFSET));
	CHECK_EQ(regs.x[3], HELLO_ANSWER);
	CHECK_EQ(regs.x[6], V_OFFSET);
}

/* ---- memory of a manifest -------------------------------------------------------------------------------------- */

static bool faults(uint16_t id, enum test_access access, uint64_t address)
{
	uint32_t map = REGION_READ | REGION_WRITE;

	return COMMAND(id, TEST_TOUCH, access, address, map, 0).x[4] != 0;
}

TEST_IN(variants, a_region_inside_a_partitions_memory_sets_its_rights)
{
	prepare();
	CHECK(!faults(V_SERVICES, TEST_WRITE, 0x0E6EFFF8));
	CHECK(!faults(V_SERVICES, TEST_READ, 0x0E6F0000));
	CHECK(faults(V_SERVICES, TEST_WRITE, 0x0E6F0000));
	CHECK(faults(V_SERVICES, TEST_WRITE, 0x0E6F1FF8));
	CHECK(!faults(V_SERVICES, TEST_WRITE, 0x0E6F2000));
	CHECK_ALIVE(V_SERVICES);
}

/* ---- messaging methods and services ------------------------------------------------------------------------------ */

TEST_IN(variants, a_partition_that_receives_no_messages_is_only_run)
{
	volatile struct test_area *area;
	struct ffa_regs regs;

	prepare();
	area = area_of(V_MUTE);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, V_MUTE, 0, TEST_ECHO), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, V_MUTE, 0, TEST_ECHO), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ2_64, V_MUTE, 0, 0, TEST_ECHO), FFA_DENIED);
	CHECK_ERROR(BY(V_REGISTER, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(V_REGISTER, V_MUTE)),
		    FFA_DENIED);
	area->run_command[1] = V_REGISTER;
	area->run_command[2] = TEST_ECHO;
	area->run_command[3] = 0x77;
	area->run_command[0] = TEST_FORWARD;
	regs = FFA(FFA_RUN_32, FFA_TARGET(V_MUTE, 0));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_EQ(area->run_result[0], TEST_DONE);
	CHECK_EQ(area->run_result[1], ~0x77ULL);
}

/** How many services of V_SERVICES the nil query shows; the first two are @found. */
static unsigned find_services(struct ffa_partition_info_v1_1 found[2])
{
	uint64_t next = 0, last;
	unsigned count = 0;

	do {
		struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, next);
		const struct ffa_partition_info_v1_1 *list = (const void *)&regs.x[3];
		uint64_t current = regs.x[2] >> 16 & 0xFFFF;

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		last = regs.x[2] & 0xFFFF;
		for (uint64_t i = 0; i <= current - next; i++) {
			if (list[i].id == V_SERVICES) {
				if (count < 2) {
					found[count] = list[i];
				}
				count++;
			}
		}
		next = current + 1;
	} while (next <= last);
	return count;
}

TEST_IN(variants, each_service_of_a_partition_is_an_entry_of_its_own)
{
	struct ffa_partition_info_v1_1 found[2];
	unsigned with_request_2 = 0;

	prepare();
	CHECK_EQ(find_services(found), 2);
	CHECK_NE(memcmp(&found[0].uuid, &found[1].uuid, sizeof(struct ffa_uuid)), 0);
	for (unsigned i = 0; i < 2; i++) {
		const uint32_t *uuid = found[i].uuid.word;
		struct ffa_regs regs;

		CHECK_EQ(found[i].context_count, 8);
		CHECK((found[i].properties & FFA_PROPERTY_DIRECT_REQ_RECEIVE) != 0);
		with_request_2 += (found[i].properties & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) != 0;
		regs = FFA(FFA_PARTITION_INFO_GET_32, uuid[0], uuid[1], uuid[2], uuid[3],
			   FFA_PARTITION_INFO_COUNT_ONLY);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[2], 1);
	}
	CHECK_EQ(with_request_2, 1);
}

TEST_IN(variants, request_2_goes_to_services_that_take_it)
{
	struct ffa_partition_info_v1_1 found[2];

	prepare();
	CHECK_EQ(find_services(found), 2);
	for (unsigned i = 0; i < 2; i++) {
		const uint32_t *uuid = found[i].uuid.word;
		struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ2_64, V_SERVICES,
					   (uint64_t)uuid[1] << 32 | uuid[0],
					   (uint64_t)uuid[3] << 32 | uuid[2], TEST_ECHO, 0x5555);

		if ((found[i].properties & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) == 0) {
			CHECK_ERROR(regs, FFA_DENIED);
			continue;
		}
		CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64);
		CHECK_EQ(regs.x[4], TEST_DONE);
		CHECK_EQ(regs.x[5], ~0x5555ULL);
	}
}

TEST_IN(variants, a_1_1_client_sees_a_partition_once_whatever_its_services)
{
	const struct ffa_partition_info_v1_1 *list = (const void *)client_rx;
	struct ffa_regs regs;
	unsigned seen = 0;

	(void)ffa_version(FFA_VERSION_1_1);
	map_buffers();
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[3], sizeof(*list));
	for (unsigned i = 0; i < regs.x[2]; i++) {
		seen += list[i].id == V_SERVICES;
	}
	CHECK_EQ(seen, 1);
	CHECK_EQ(regs.x[2], 5);
}
