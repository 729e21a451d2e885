/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Normal worlds of other versions than 1.2 beside partitions of all versions: what each is served, what is
 * not there yet for it. Discovery is messages_discovery.c's.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define REQ64 FFA_MSG_SEND_DIRECT_REQ_64
#define PAYLOAD(i) (0xABCD00000000EF00ULL + 0x0101010101010101ULL * (i))

/* ---- x8-x17 in direct messages --------------------------------------------------------------------------- */

/** A request of @from, its call TEST_ECHO, with a payload up to x17; what came back. */
static struct ffa_all_regs request_of(uint16_t from, uint16_t to, uint32_t function)
{
	volatile struct test_area *area;
	struct ffa_all_regs all = { { function, FFA_ENDPOINTS(from, to), 0, TEST_ECHO } };

	for (unsigned i = 4; i < 18; i++) {
		all.x[i] = PAYLOAD(i);
	}
	if (from == OS) {
		ffa_call_all_smc(&all);
		return all;
	}
	area = area_of(from);
	area->call_conduit = subject_of(from)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = all.x[i];
	}
	(void)COMMAND(from, TEST_CALL, 0, 0, 0, 0);
	for (unsigned i = 0; i < 31; i++) {
		all.x[i] = area->call_out[i];
	}
	return all;
}

/** All of it arrives, and all of the answer. */
static void check_eighteen(uint16_t from, uint16_t to)
{
	struct ffa_all_regs all = request_of(from, to, (uint32_t)REQ64);

	CHECK_EQ(all.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
	CHECK_EQ(all.x[1], FFA_ENDPOINTS(to, from));
	CHECK_EQ(all.x[2], 0);
	CHECK_EQ(all.x[3], TEST_DONE);
	for (unsigned i = 4; i < 18; i++) {
		CHECK_EQ(area_of(to)->request[i], PAYLOAD(i));
		CHECK_EQ(all.x[i], ~PAYLOAD(i));
	}
}

/** Nothing beyond x7 arrives, in neither direction. */
static void check_eight(uint16_t from, uint16_t to, uint32_t function)
{
	struct ffa_all_regs all = request_of(from, to, function);

	CHECK_EQ(all.x[0], function + 1);
	CHECK_EQ(all.x[3], TEST_DONE);
	for (unsigned i = 8; i < 18; i++) {
		CHECK_NE(area_of(to)->request[i], PAYLOAD(i));
		CHECK(all.x[i] == 0 || all.x[i] == PAYLOAD(i));
	}
}

static void check_partitions_here(void *unused)
{
	check_eighteen(M_UP13, M_MP13);
	check_eighteen(M_MP13, M_UP13);
	check_eight(M_UP13, M_MP, (uint32_t)REQ64);
	check_eight(M_MP, M_UP13, (uint32_t)REQ64);
	check_eight(M_UP13, M_UP11, (uint32_t)REQ64);
	check_eight(M_EL0, M_MP13, (uint32_t)REQ64);
	check_eight(M_OLD, M_MP13, (uint32_t)REQ64);
	check_eight(M_UP13, M_MP13, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
}

MESSAGES_TEST(partitions_of_1_3_send_each_other_eighteen_registers_on_every_pe)
{
	on_each_pe(check_partitions_here, NULL);
}

static void check_os_of_1_2_here(void *unused)
{
	check_eight(OS, M_UP13, (uint32_t)REQ64);
	check_eight(OS, M_MP13, (uint32_t)REQ64);
}

MESSAGES_TEST(a_normal_world_of_1_2_sends_eight_registers)
{
	on_each_pe(check_os_of_1_2_here, NULL);
}

static void check_os_of_1_3_here(void *unused)
{
	check_eighteen(OS, M_UP13);
	check_eighteen(OS, M_MP13);
	check_eight(OS, M_MP, (uint32_t)REQ64);
	check_eight(OS, M_EL0, (uint32_t)REQ64);
	check_eight(OS, M_OLD, (uint32_t)REQ64);
	check_eight(OS, M_UP13, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
}

TEST_IN(messages, a_normal_world_of_1_3_sends_eighteen_registers_to_partitions_of_1_3)
{
	messages_prepare_for(FFA_VERSION_1_3);
	on_each_pe(check_os_of_1_3_here, NULL);
}

/* ---- SMC64 forms of 1.3 ----------------------------------------------------------------------------------- */

MESSAGES_TEST(partitions_of_1_3_wait_and_yield_by_64_bit_calls)
{
	volatile struct test_area *area = area_of(M_UP13);
	struct ffa_regs regs;

	area->call_conduit = FFA_CONDUIT_SMC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_YIELD_64;
	area->call_in[2] = 5;
	regs = fixture_call(command_call(M_UP13, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
	CHECK_EQ(regs.x[1], HERE(M_UP13));
	CHECK_EQ(regs.x[2], 5);
	regs = FFA(FFA_RUN_32, HERE(M_UP13));
	CHECK(is_answer(&regs, M_UP13));
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);

	area->call_in[0] = (uint32_t)FFA_MSG_WAIT_64;
	area->call_in[2] = 0;
	area->call_out[0] = 0;
	area->run_command[0] = TEST_CALL;
	regs = FFA(FFA_RUN_32, HERE(M_UP13));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_EQ(area->call_out[0], 0); /* it is still in it */
	regs = FFA(FFA_RUN_32, HERE(M_UP13));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_RUN_32);

	CHECK_ERROR(BY(M_UP13, FFA_RUN_64, HERE(M_EL0)), FFA_DENIED);
	CHECK_ERROR(BY(M_MP, FFA_RUN_64, HERE(M_EL0)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_MP, FFA_YIELD_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_MP11, FFA_MSG_WAIT_64), FFA_NOT_SUPPORTED);
}

/* ---- FFA_VERSION ------------------------------------------------------------------------------------------ */

MESSAGES_TEST(partitions_of_1_3_ask_about_versions_without_changing_theirs)
{
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_1_3, FFA_VERSION_QUERY_COMPATIBILITY).x[0],
		 FFA_VERSION_1_3);
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_1_3, FFA_VERSION_QUERY_NEGOTIATED).x[0],
		 FFA_VERSION_1_3);
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_1_3, 3).x[0], 0xFFFFFFFF);
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_OF(2, 0), 1).x[0], 0xFFFFFFFF);
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_1_2).x[0], 0xFFFFFFFF);
	CHECK_EQ(BY(M_UP13, FFA_VERSION_32, FFA_VERSION_1_3).x[0], FFA_VERSION_1_3);
	CHECK_EQ(BY(M_MP, FFA_VERSION_32, FFA_VERSION_1_2).x[0], FFA_VERSION_1_3);
	CHECK_EQ(BY(M_UP11, FFA_VERSION_32, FFA_VERSION_1_1).x[0], FFA_VERSION_1_3);
	CHECK_EQ(BY(M_OLD, FFA_VERSION_32, FFA_VERSION_1_0).x[0], FFA_VERSION_1_3);
}

/* ---- normal worlds of 1.1 and 1.0 ------------------------------------------------------------------------- */

static void check_way(uint16_t from, uint16_t to, uint64_t seed)
{
	struct letter letter = {
		.from = from, .to = to, .size = 5 + (uint32_t)(seed % 90), .seed = seed
	};

	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, to == M_PLAIN ? TEST_BUFFER_PAGES : 1);
}

static void check_messages_of(uint32_t version)
{
	messages_prepare_for(version);
	map(OS, 1);
	map(1, 1);
	map_all(mailed, MAILED_COUNT);
	CHECK_SUCCESS(FFA(CREATE(OS, 8)));
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	for (unsigned i = 0; i < MAILED_COUNT; i++) {
		check_way(OS, mailed[i], 10 + i);
		check_way(mailed[i], OS, 20 + i);
		check_way(1, mailed[i], 30 + i);
		check_way(mailed[i], 1, 40 + i);
	}
	CHECK_SUCCESS(FFA(DESTROY(1)));
	CHECK_SUCCESS(FFA(DESTROY(OS)));
	unmap_all(mailed, MAILED_COUNT);
	unmap(1);
	unmap(OS);
	messages_check_clean();
}

TEST_IN(messages, a_normal_world_of_1_1_and_its_vms_have_short_headers)
{
	check_messages_of(FFA_VERSION_1_1);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_GET_32, 1, 0x11), FFA_INVALID_PARAMETERS);
}

TEST_IN(messages, a_normal_world_of_1_3_and_its_vms_have_long_headers)
{
	check_messages_of(FFA_VERSION_1_3);
}

TEST_IN(messages, a_normal_world_of_1_0_knows_neither_notifications_nor_indirect_messages)
{
	messages_prepare_for(FFA_VERSION_1_0);
	CHECK_ERROR(FFA(CREATE(1, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(DESTROY(1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(BIND(M_MP, 1, 0, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(UNBIND(M_MP, 1, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(SET(1, M_MP, 0, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(GET(1, 0, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 1), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_FEATURES_32, FFA_FEATURE_SRI), FFA_NOT_SUPPORTED);
	CHECK_ALL_ALIVE_BUT(0);
}
