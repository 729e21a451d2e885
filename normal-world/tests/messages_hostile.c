/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages and notifications of partitions that die, and calls about them made at random by everybody on all PEs.
 * Each leaves a system nobody can clean up and has a boot of its own.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define ROUNDS 3000U

/* ---- the dead ----------------------------------------------------------------------------------------------- */

static struct ffa_regs kill(uint16_t id)
{
	return fixture_call(command_call(id, TEST_DIE, TEST_DEATH_UNHANDLED, 0, 0, 0), __FILE__,
			    __LINE__);
}

/** @id dies with notifications pending and a message unread: nobody hears of them any more. */
static void check_death(uint16_t id)
{
	uint16_t other = id == M_MP ? M_UP13 : M_MP;
	struct letter to = { .from = other, .to = id, .size = 30, .seed = 3 };
	struct letter from = { .from = id, .to = other, .size = 30, .seed = 4 };

	messages_prepare();
	map(other, 1);
	map(id, 1);
	CHECK_SUCCESS(BY(id, BIND(other, id, 0, 1)));
	CHECK_SUCCESS(BY(other, BIND(id, other, 0, 1)));
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_SUCCESS(FFA(BIND(id, 1, 0, 1)));
	CHECK_SUCCESS(BY(other, SET(other, id, 0, 1)));
	CHECK_SUCCESS(BY(id, SET(id, 1, 0, 1)));
	CHECK_SUCCESS(BY(id, SET(id, other, 0, 1)));
	CHECK_SUCCESS(send(&to));
	CHECK_SUCCESS(send(&from));

	CHECK_ERROR(kill(id), FFA_ABORTED);

	CHECK_NE(BY(other, SET(other, id, 0, 1)).x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_NE(send(&to).x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_NEWS(0x100, other | 1U << 16);
	CHECK_NO_NEWS();
	/* What it had sent before still arrives. */
	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
	CHECK_FETCHED(BY(other, GET(other, 0, 1)), .from_partitions = 1);
	take_letter(&from, 1);
	CHECK_SUCCESS(BY(other, UNBIND(id, other, 1)));
	CHECK_SUCCESS(FFA(UNBIND(id, 1, 1)));
	CHECK_ALL_ALIVE_BUT(id);
}

TEST_IN(messages, an_mp_partition_that_dies_takes_its_notifications_and_messages_along)
{
	check_death(M_MP);
}

TEST_IN(messages, an_s_el0_partition_that_dies_takes_its_notifications_and_messages_along)
{
	check_death(M_EL0);
}

/* ---- at random ---------------------------------------------------------------------------------------------- */

static uint64_t pick(uint64_t *state, const uint64_t *from, unsigned count)
{
	return from[random_next(state) % count];
}

#define PICK(state, ...)                               \
	pick(state, (const uint64_t[]){ __VA_ARGS__ }, \
	     sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static uint64_t any_id(uint64_t *state)
{
	return PICK(state, 0, 1, 2, 3, 0x7FFF, M_MP, M_UP11, M_UP13, M_EL0, M_OLD, M_MP11, M_MP13,
		    M_PLAIN, SPMC_ID, 0x8009, 0xFFC0, 0xFFFF);
}

static uint64_t any_function(uint64_t *state)
{
	return PICK(state, (uint32_t)FFA_NOTIFICATION_BITMAP_CREATE_32,
		    (uint32_t)FFA_NOTIFICATION_BITMAP_DESTROY_32,
		    (uint32_t)FFA_NOTIFICATION_BIND_32, (uint32_t)FFA_NOTIFICATION_UNBIND_32,
		    (uint32_t)FFA_NOTIFICATION_SET_32, (uint32_t)FFA_NOTIFICATION_SET_32,
		    (uint32_t)FFA_NOTIFICATION_GET_32, (uint32_t)FFA_NOTIFICATION_INFO_GET_32,
		    (uint32_t)FFA_NOTIFICATION_INFO_GET_64, (uint32_t)FFA_RX_ACQUIRE_32,
		    (uint32_t)FFA_RX_RELEASE_32, (uint32_t)FFA_MSG_SEND2_32,
		    (uint32_t)FFA_MSG_SEND2_32, (uint32_t)FFA_RXTX_UNMAP_32,
		    (uint32_t)FFA_PARTITION_INFO_GET_32);
}

/** A call that may well make sense, by the normal world or a partition with a context here. */
static void call_at_random(uint64_t *state)
{
	uint16_t caller = (uint16_t)PICK(state, OS, OS, M_MP, M_MP11, M_MP13);
	uint64_t function = any_function(state);
	uint64_t first = any_id(state), second = any_id(state);
	struct ffa_regs call = { { function } };
	struct ffa_regs regs;

	if (random_next(state) % 2 == 0 && caller != OS) {
		first = caller;
	}
	call.x[1] = random_next(state) % 2 == 0 ? first << 16 | second : second << 16 | first;
	if (function == (uint32_t)FFA_NOTIFICATION_GET_32) {
		call.x[1] = PICK(state, 0, 0, 0, 1, 7, 8) << 16 | first;
	} else if (function != (uint32_t)FFA_NOTIFICATION_BIND_32 &&
		   function != (uint32_t)FFA_NOTIFICATION_UNBIND_32 &&
		   function != (uint32_t)FFA_NOTIFICATION_SET_32) {
		call.x[1] = PICK(state, 0, first, first << 16, second);
	}
	call.x[2] = PICK(state, 0, 0, 1, 2, 3, 0xF, 0x20001, 0x10, random_next(state));
	call.x[3] = PICK(state, 1, 1, 2, 3, 0, 0xFFFFFFFF);
	call.x[4] = PICK(state, 0, 0, 1, 0x80000000);
	regs = messages_call_by(caller, call, __FILE__, __LINE__);
	if (regs.x[0] == (uint32_t)FFA_ERROR_32) {
		CHECK(regs.x[2] >= (uint32_t)FFA_NOT_READY);
	} else {
		CHECK(regs.x[0] == (uint32_t)FFA_SUCCESS_32 ||
		      regs.x[0] == (uint32_t)FFA_SUCCESS_64);
	}
}

static void call_here(void *unused)
{
	uint64_t state = 0x600D + pe_index();

	for (unsigned round = 0; round < ROUNDS; round++) {
		call_at_random(&state);
	}
}

/** Whatever state all that has led to: what is tried in turn works in the end, or is refused politely. */
TEST_IN_MP(messages, random_calls_about_messages_of_all_pes_do_no_harm)
{
	struct letter letter = { .from = M_MP, .to = M_UP13, .size = 100, .seed = 1 };

	messages_prepare();
	map(OS, 1);
	for (uint16_t vm = 1; vm <= 3; vm++) {
		map(vm, 1);
		CHECK_SUCCESS(FFA(CREATE(vm, 1 + vm)));
	}
	map_all(notified, NOTIFIED_COUNT);
	for (unsigned i = 0; i < MAILED_COUNT; i++) {
		letter.from = mailed[i];
		letter.to = mailed[(i + 1) % MAILED_COUNT];
		write_letter(&letter);
	}
	on_all_pes(call_here, NULL);
	CHECK_ALL_ALIVE_BUT(0);
	on_each_pe(call_here, NULL);
	CHECK_ALL_ALIVE_BUT(0);

	/* A partition that took no part but as an object of theirs. */
	(void)BY(M_UP13, GET(M_UP13, 0, FFA_NOTIFICATION_ALL));
	(void)BY(M_UP13, FFA_RX_RELEASE_32);
	(void)BY(M_MP, FFA_RXTX_UNMAP_32);
	map(M_MP, 1);
	letter.from = M_MP;
	letter.to = M_UP13;
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
}
