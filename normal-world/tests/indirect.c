/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND2 (DEN0077A, "Indirect messaging") between partitions of all versions and the OS: what arrives, who
 * owns RX when, what is refused. VMs are vms.c's, throughput is exchange.c's.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define RX_FULL FFA_NOTIFICATION_RX_FULL
#define FROM_SPMC FFA_NOTIFICATION_FROM_SPMC
#define BUFFER_SIZE (TEST_BUFFER_PAGES * 4096U)

/** Pages of RX when map_all() has mapped it. */
static unsigned pages_of(uint16_t id)
{
	return id == M_PLAIN ? TEST_BUFFER_PAGES : 1;
}

static void check_way(uint16_t from, uint16_t to, uint64_t seed)
{
	struct letter letter = {
		.from = from, .to = to, .size = 5 + (uint32_t)(seed % 90), .seed = seed
	};

	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, pages_of(to));
}

/* ---- what arrives --------------------------------------------------------------------------------------- */

static void check_ways_here(void *unused)
{
	for (unsigned i = 0; i < MAILED_COUNT; i++) {
		for (unsigned k = 0; k < MAILED_COUNT; k++) {
			if (i != k) {
				check_way(mailed[i], mailed[k],
					  1 + i * 1000 + k * 10 + pe_index() * 10000);
			}
		}
	}
}

MESSAGES_TEST(messages_go_between_partitions_of_all_versions_on_every_pe)
{
	map_all(mailed, MAILED_COUNT);
	on_each_pe(check_ways_here, NULL);
	unmap_all(mailed, MAILED_COUNT);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		CHECK_FETCHED(BY(notified[i], GET(notified[i], 0, FFA_NOTIFICATION_ALL)), 0);
	}
}

static void check_os_here(void *unused)
{
	for (unsigned i = 0; i < MAILED_COUNT; i++) {
		check_way(OS, mailed[i], 77 + i);
		check_way(mailed[i], OS, 99 + i);
	}
}

MESSAGES_TEST(messages_go_between_the_os_and_partitions_on_every_pe)
{
	map(OS, 1);
	map_all(mailed, MAILED_COUNT);
	CHECK_SUCCESS(FFA(CREATE(OS, 8)));
	on_each_pe(check_os_here, NULL);
	CHECK_NO_NEWS();
	CHECK_SUCCESS(FFA(DESTROY(OS)));
	unmap_all(mailed, MAILED_COUNT);
	unmap(OS);
}

MESSAGES_TEST(who_has_no_notifications_gets_messages_all_the_same)
{
	struct letter to_os = { .from = M_EL0, .to = OS, .size = 30, .seed = 4 };
	struct letter to_plain = { .from = M_UP11, .to = M_PLAIN, .size = 31, .seed = 5 };

	map(OS, 1);
	map_all(mailed, MAILED_COUNT);
	gic_clear(pe_index(), INTID_SRI);
	CHECK_SUCCESS(send(&to_os));
	check_letter(&to_os, 1);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	CHECK_SUCCESS(send(&to_plain));
	check_letter(&to_plain, pages_of(M_PLAIN));
	CHECK_SUCCESS(BY(M_PLAIN, FFA_RX_RELEASE_32));
	CHECK(!gic_is_pending(pe_index(), INTID_SRI));
	CHECK_NO_NEWS();
	unmap_all(mailed, MAILED_COUNT);
	unmap(OS);
}

MESSAGES_TEST(every_size_and_place_of_a_payload_arrives_whole)
{
	static const uint16_t ends[][2] = { { M_MP, M_UP13 },  { M_UP11, M_EL0 },
					    { M_EL0, M_MP11 }, { M_UP13, M_UP11 },
					    { OS, M_MP },      { M_MP11, OS } };
	uint64_t state = 42;

	map(OS, 1);
	map_all(mailed, MAILED_COUNT);
	CHECK_SUCCESS(FFA(CREATE(OS, 8)));
	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		uint32_t first = ffa_message_header_size(version_of(ends[i][0]));

		for (uint32_t n = 0; n < 100; n++) {
			uint64_t random = random_next(&state);
			struct letter letter = {
				.from = ends[i][0],
				.to = ends[i][1],
				.size = n < 70 ? n : (uint32_t)(random % 3900),
				.seed = random,
				.offset = first + (uint32_t)(random >> 32) % 120,
			};

			CHECK_SUCCESS(send(&letter));
			take_letter(&letter, 1);
		}
	}
	CHECK_SUCCESS(FFA(DESTROY(OS)));
	unmap_all(mailed, MAILED_COUNT);
	unmap(OS);
}

/**
 * The longest message that has room at both ends. A header that grows on the way takes room away, with up to
 * seven bytes before the payload.
 */
static void check_longest(uint16_t from, uint16_t to)
{
	uint32_t sent = ffa_message_header_size(version_of(from));
	uint32_t received = ffa_message_header_size(version_of(to));
	struct letter letter = { .from = from, .to = to, .seed = from };

	letter.size = BUFFER_SIZE - (sent < received ? received + 7 : sent);
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, TEST_BUFFER_PAGES);
	if (sent < received) {
		letter.size = BUFFER_SIZE - received + 1;
		CHECK_ERROR(send(&letter), FFA_NO_MEMORY);
	}
}

MESSAGES_TEST(buffers_of_sixteen_pages_are_used_to_the_last_byte)
{
	struct ffa_regs regs = FFA(FFA_FEATURES_32, (uint32_t)FFA_RXTX_MAP_64);

	CHECK_EQ(regs.x[2] >> 16, TEST_BUFFER_PAGES);
	map(OS, TEST_BUFFER_PAGES);
	CHECK_SUCCESS(FFA(CREATE(OS, 8)));
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		map(notified[i], TEST_BUFFER_PAGES);
	}
	check_longest(M_MP, M_PLAIN);
	check_longest(M_PLAIN, M_EL0);
	check_longest(M_EL0, M_UP11);
	check_longest(M_UP11, M_UP13);
	check_longest(M_MP11, M_MP);
	check_longest(OS, M_MP13);
	check_longest(M_MP13, OS);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		unmap(notified[i]);
	}
	CHECK_SUCCESS(FFA(DESTROY(OS)));
	unmap(OS);
}

MESSAGES_TEST(a_message_longer_than_the_receivers_buffer_is_refused)
{
	struct letter letter = { .from = M_MP, .to = M_UP11, .seed = 1, .size = 4096 };

	map(M_MP, TEST_BUFFER_PAGES);
	map(M_UP11, 1);
	CHECK_ERROR(send(&letter), FFA_NO_MEMORY);
	letter.offset = 8192; /* moved down where it does not fit */
	letter.size = 4090;
	CHECK_ERROR_EITHER(send(&letter), FFA_NO_MEMORY, FFA_INVALID_PARAMETERS);
	CHECK_FETCHED(BY(M_UP11, GET(M_UP11, 0, FFA_NOTIFICATION_ALL)), 0);
	letter = (struct letter){ .from = M_MP, .to = M_UP11, .seed = 1, .size = 4000 };
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	unmap(M_MP);
	unmap(M_UP11);
}

/* ---- who owns RX ---------------------------------------------------------------------------------------- */

static void check_ownership(uint16_t from, uint16_t to)
{
	struct letter first = { .from = from, .to = to, .size = 100, .seed = 1 };
	struct letter second = { .from = from, .to = to, .size = 50, .seed = 2 };

	CHECK_ERROR(BY(to, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_SUCCESS(send(&first));
	CHECK_ERROR(send(&second), FFA_BUSY);
	/* It must look first who has written. */
	CHECK_ERROR(BY(to, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_ERROR(BY(to, FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	CHECK_FETCHED(BY(to, GET(to, 0, FFA_NOTIFICATION_FROM_PARTITIONS)), 0);
	CHECK_ERROR(BY(to, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_FETCHED(BY(to, GET(to, 0, FROM_SPMC)), .from_spmc = RX_FULL);
	CHECK_ERROR(send(&second), FFA_BUSY);
	check_letter(&first, 1);
	CHECK_SUCCESS(BY(to, FFA_RX_RELEASE_32));
	CHECK_ERROR(BY(to, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_SUCCESS(send(&second));
	take_letter(&second, 1);
	CHECK_ERROR(BY(to, FFA_RX_RELEASE_32), FFA_DENIED);
}

MESSAGES_TEST(a_full_buffer_takes_nothing_until_it_is_read_and_released)
{
	map_all(notified, NOTIFIED_COUNT);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		check_ownership(notified[i == 0 ? 1 : 0], notified[i]);
	}
	unmap_all(notified, NOTIFIED_COUNT);
}

MESSAGES_TEST(a_buffer_full_of_something_else_takes_no_message)
{
	struct letter letter = { .from = M_MP, .to = M_EL0, .size = 10, .seed = 3 };
	struct ffa_regs regs;

	map_all(notified, NOTIFIED_COUNT);
	regs = BY(M_EL0, FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_ERROR(send(&letter), FFA_BUSY);
	CHECK_FETCHED(BY(M_EL0, GET(M_EL0, 0, FFA_NOTIFICATION_ALL)), 0);
	CHECK_SUCCESS(BY(M_EL0, FFA_RX_RELEASE_32));
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	unmap_all(notified, NOTIFIED_COUNT);
}

static void fetch_in_own_time(uint16_t id, uint64_t w2)
{
	volatile struct test_area *area = area_of(id);

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_NOTIFICATION_GET_32;
	area->call_in[1] = id;
	area->call_in[2] = w2;
	run_with(id, TEST_CALL, 0, 0, 0, 0);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
}

MESSAGES_TEST(msg_wait_releases_a_buffer_once_its_notification_is_fetched)
{
	map_all(notified, NOTIFIED_COUNT);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		uint16_t to = notified[i];
		struct letter letter = {
			.from = notified[i == 0 ? 1 : 0], .to = to, .size = 20, .seed = 9
		};

		CHECK_SUCCESS(send(&letter));
		run_with(to, 0, 0, 0, 0, 0); /* has not fetched: it stays */
		CHECK_ERROR(send(&letter), FFA_BUSY);
		check_letter(&letter, 1);
		fetch_in_own_time(to, FROM_SPMC); /* and FFA_MSG_WAIT */
		CHECK_SUCCESS(send(&letter));
		take_letter(&letter, 1);
	}
	unmap_all(notified, NOTIFIED_COUNT);
}

/** FFA_MSG_WAIT that keeps RX, in its own time: it is still in that call when this ends. */
static void wait_and_retain(uint16_t id)
{
	volatile struct test_area *area = area_of(id);
	struct ffa_regs regs;

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_MSG_WAIT_32;
	area->call_in[2] = FFA_MSG_WAIT_RETAIN_RX;
	area->run_command[0] = TEST_CALL;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
}

MESSAGES_TEST(msg_wait_keeps_a_buffer_when_told_to)
{
	static const uint16_t ids[] = { M_MP, M_UP13, M_EL0, M_MP13 };

	map_all(notified, NOTIFIED_COUNT);
	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct letter letter = { .from = M_UP11, .to = ids[i], .size = 20, .seed = 9 };
		struct ffa_regs regs;

		CHECK_SUCCESS(send(&letter));
		CHECK_FETCHED(BY(ids[i], GET(ids[i], 0, FROM_SPMC)), .from_spmc = RX_FULL);
		wait_and_retain(ids[i]);
		CHECK_ERROR(send(&letter), FFA_BUSY);
		regs = FFA(FFA_RUN_32, HERE(ids[i])); /* ends the call, and waits as usual */
		CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
		CHECK_SUCCESS(send(&letter));
		take_letter(&letter, 1);
	}
	unmap_all(notified, NOTIFIED_COUNT);
}

MESSAGES_TEST(a_message_that_nobody_took_goes_with_its_buffer)
{
	struct letter letter = { .from = M_MP, .to = M_UP13, .size = 20, .seed = 9 };

	map(M_MP, 1);
	map(M_UP13, 1);
	CHECK_SUCCESS(send(&letter));
	unmap(M_UP13);
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	map(M_UP13, 1);
	(void)BY(M_UP13, GET(M_UP13, 0, FFA_NOTIFICATION_ALL)); /* may still tell of it */
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	unmap(M_UP13);
	unmap(M_MP);
}

/* ---- what is refused ------------------------------------------------------------------------------------ */

static void refuse(const struct letter *letter, enum ffa_status status)
{
	CHECK_ERROR(send(letter), status);
}

#define LETTER(...) (&(struct letter){ .seed = 7, __VA_ARGS__ })

/** Errors of the header of @from, and that a good message still comes through. */
static void check_errors(uint16_t from)
{
	uint16_t to = from == M_MP ? M_UP11 : M_MP;
	uint32_t header = ffa_message_header_size(version_of(from));
	struct letter good = { .from = from, .to = to, .size = 8, .seed = 8 };

	refuse(LETTER(.from = from, .to = from, .size = 8), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = 0x8040, .size = 8), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = SPMC_ID, .size = 8), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = 0xFFC0, .size = 8), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = 5, .size = 8), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = M_OLD, .size = 8), FFA_DENIED);
	refuse(LETTER(.from = from, .to = to, .size = 8, .offset = header - 1),
	       FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = to, .size = 8, .offset = 4), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = to, .size = 8, .flags = 1), FFA_INVALID_PARAMETERS);
	refuse(LETTER(.from = from, .to = to, .size = 8, .flags = 0x80000000),
	       FFA_INVALID_PARAMETERS);
	write_letter(&good);
	CHECK_ERROR(BY(from, FFA_MSG_SEND2_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(from, FFA_MSG_SEND2_32, (uint32_t)from << 16), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(from, FFA_MSG_SEND2_32, 0x00010000), FFA_INVALID_PARAMETERS);
	CHECK_FETCHED(BY(to, GET(to, 0, FFA_NOTIFICATION_ALL)), 0);
	CHECK_SUCCESS(send_written(&good));
	take_letter(&good, 1);
}

/** A header whose payload is not inside TX: nothing is written for it. */
static void check_outside(uint16_t from, uint32_t offset, uint32_t size)
{
	uint16_t to = from == M_MP ? M_UP11 : M_MP;
	struct letter letter = { .from = from, .to = to };
	struct ffa_message message = {
		.sender = from, .receiver = to, .offset = offset, .size = size
	};
	uint8_t header[sizeof(struct ffa_message_header)];

	(void)ffa_message_write(header, version_of(from), &message);
	for (unsigned i = 0; i < sizeof(header); i++) {
		area_of(from)->bulk[i] = header[i];
	}
	(void)COMMAND(from, TEST_PUT, tx_of(from), sizeof(header), 0, 0);
	CHECK_ERROR(send_written(&letter), FFA_INVALID_PARAMETERS);
}

MESSAGES_TEST(messages_that_make_no_sense_are_refused)
{
	map_all(notified, NOTIFIED_COUNT);
	map(M_OLD, 1);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		check_errors(notified[i]);
		check_outside(notified[i], 40, 4057);
		check_outside(notified[i], 4096, 1);
		check_outside(notified[i], 40, 0xFFFFFFFF);
		check_outside(notified[i], 0xFFFFFFF0, 0x20);
		check_outside(notified[i], 0xFFFFFFFF, 0);
	}
	unmap(M_OLD);
	unmap_all(notified, NOTIFIED_COUNT);
}

MESSAGES_TEST(a_message_in_the_name_of_another_is_refused)
{
	struct letter letter = { .from = M_MP, .to = M_UP11, .size = 8, .seed = 8 };
	struct ffa_message message = { .sender = M_EL0, .receiver = M_UP11, .size = 8 };
	uint8_t header[sizeof(struct ffa_message_header)];

	map_all(notified, NOTIFIED_COUNT);
	(void)ffa_message_write(header, FFA_VERSION_1_2, &message);
	for (unsigned i = 0; i < sizeof(header); i++) {
		area_of(M_MP)->bulk[i] = header[i];
	}
	(void)COMMAND(M_MP, TEST_PUT, tx_of(M_MP), sizeof(header), 0, 0);
	CHECK_ERROR(send_written(&letter), FFA_INVALID_PARAMETERS);
	unmap_all(notified, NOTIFIED_COUNT);
}

MESSAGES_TEST(messages_need_buffers_at_both_ends)
{
	struct letter letter = { .from = M_MP, .to = M_UP11, .size = 8, .seed = 8 };

	CHECK_ERROR(BY(M_MP, FFA_MSG_SEND2_32), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32), FFA_DENIED);
	CHECK_ERROR(BY(M_OLD, FFA_MSG_SEND2_32), FFA_NOT_SUPPORTED);
	map(M_MP, 1);
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	letter.to = OS;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	unmap(M_MP);
}

MESSAGES_TEST(a_message_goes_to_a_service_that_takes_it)
{
	/* The services of partitions/m-up13. */
	static const struct ffa_uuid all = { { 0x7E570023, 0x4A7B11EE, 0x8F3C9D20, 0x5B6E0A23 } };
	static const struct ffa_uuid direct = { { 0x7E570043, 0x4A7B11EE, 0x8F3C9D20,
						  0x5B6E0A43 } };
	struct letter letter = { .from = M_MP, .to = M_MP13, .size = 8, .seed = 8 };

	map_all(notified, NOTIFIED_COUNT);
	letter.uuid = subject_of(M_MP13)->uuid;
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	letter.to = M_UP13;
	letter.uuid = all;
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	letter.uuid = direct;
	CHECK_ERROR(send(&letter), FFA_DENIED);
	letter.to = M_MP13;
	letter.uuid = subject_of(M_MP13)->uuid;
	letter.uuid.word[3]++;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	letter.uuid = subject_of(M_MP)->uuid; /* somebody else's */
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	unmap_all(notified, NOTIFIED_COUNT);
}
