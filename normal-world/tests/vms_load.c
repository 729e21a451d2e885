/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sixty-four VMs at once: each with buffers and notifications, and created, signalled, destroyed and re-created
 * while other PEs send to them and ask who has news.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define GLOBAL 0U
#define RX_FULL FFA_NOTIFICATION_RX_FULL
#define FROM_SPMC FFA_NOTIFICATION_FROM_SPMC
#define FROM_PARTITIONS FFA_NOTIFICATION_FROM_PARTITIONS

/* ---- one after the other -------------------------------------------------------------------------------- */

MESSAGES_TEST(sixty_four_vms_have_buffers_and_notifications_at_once)
{
	map(OS, 1);
	map_all(mailed, MAILED_COUNT);
	for (unsigned round = 0; round < 2; round++) {
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			map(vm, 1);
			CHECK_SUCCESS(FFA(CREATE(vm, 1)));
			CHECK_SUCCESS(FFA(BIND(M_UP13, vm, GLOBAL, BIT64(vm % 64))));
		}
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			struct letter to = {
				mailed[vm % MAILED_COUNT], vm, vm, vm, 0, 0, { { 0 } }
			};
			struct letter from = {
				.from = vm, .to = M_MP, .size = vm, .seed = 100 + vm
			};

			CHECK_SUCCESS(send(&to));
			CHECK_SUCCESS(BY(M_UP13, SET(M_UP13, vm, GLOBAL, BIT64(vm % 64))));
			CHECK_SUCCESS(send(&from));
			take_letter(&from, 1);
		}
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			struct letter to = {
				mailed[vm % MAILED_COUNT], vm, vm, vm, 0, 0, { { 0 } }
			};

			CHECK_FETCHED(FFA(GET(vm, 0, FROM_PARTITIONS)),
				      .from_partitions = BIT64(vm % 64));
			take_letter(&to, 1);
			unmap(vm);
			CHECK_SUCCESS(FFA(DESTROY(vm)));
		}
	}
	CHECK_NO_NEWS();
	unmap_all(mailed, MAILED_COUNT);
	unmap(OS);
}

MESSAGES_TEST(vms_beyond_what_is_kept_are_refused_and_cost_nobody)
{
	unsigned created = 0;

	for (unsigned round = 0; round < 2; round++) {
		struct ffa_regs regs;
		unsigned vm = 1;

		do {
			regs = FFA(CREATE(vm++, 1));
		} while (regs.x[0] == (uint32_t)FFA_SUCCESS_32 && vm < 0x7FFF);
		CHECK_ERROR(regs, FFA_NO_MEMORY);
		CHECK(vm - 2 >= VMS);
		CHECK(round == 0 || created == vm - 2);
		created = vm - 2;
		CHECK_SUCCESS(FFA(CREATE(OS, 1))); /* has its place */
		CHECK_SUCCESS(FFA(DESTROY(OS)));
		for (unsigned i = 1; i <= created; i++) {
			CHECK_SUCCESS(FFA(DESTROY(i)));
		}
	}
	test_note("%u VMs at once", created);
}

/* ---- all at the same time ------------------------------------------------------------------------------- */

static struct {
	uint64_t stop;
	uint64_t sets, sets_refused;
	uint64_t messages, messages_refused;
	uint64_t told, asked;
} load;

static bool load_goes_on(void)
{
	return __atomic_load_n(&load.stop, __ATOMIC_ACQUIRE) == 0;
}

static void count(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

/** FFA_SUCCESS, or one of the refusals that a VM that comes and goes can mean. */
static void tally(const struct ffa_regs *regs, uint64_t *done, uint64_t *refused)
{
	if (regs->x[0] == (uint32_t)FFA_SUCCESS_32) {
		count(done);
		return;
	}
	CHECK_EQ(regs->x[0], (uint32_t)FFA_ERROR_32);
	CHECK(regs->x[2] == (uint32_t)FFA_INVALID_PARAMETERS ||
	      regs->x[2] == (uint32_t)FFA_DENIED || regs->x[2] == (uint32_t)FFA_BUSY);
	count(refused);
}

/** M_MP11 signals notification 1 to any of them. */
static void signal_them(void *unused)
{
	uint64_t state = pe_index();

	while (load_goes_on()) {
		uint16_t vm = (uint16_t)(1 + random_next(&state) % VMS);
		struct ffa_regs regs = BY(M_MP11,
					  SET(M_MP11, vm, FFA_NOTIFICATION_DELAY_SRI, BIT64(1)));

		tally(&regs, &load.sets, &load.sets_refused);
	}
}

static struct letter load_letter(uint16_t vm)
{
	return (struct letter){
		.from = M_MP13,
		.to = vm,
		.size = 200 + vm,
		.seed = vm,
		.flags = FFA_NOTIFICATION_DELAY_SRI,
	};
}

/** M_MP13 sends messages to any of them. */
static void write_to_them(void *unused)
{
	uint64_t state = pe_index();

	while (load_goes_on()) {
		struct letter letter = load_letter((uint16_t)(1 + random_next(&state) % VMS));
		struct ffa_regs regs = send(&letter);

		tally(&regs, &load.messages, &load.messages_refused);
	}
}

static void ask_for_news(void *unused)
{
	while (load_goes_on()) {
		struct ffa_regs regs = FFA(FFA_NOTIFICATION_INFO_GET_64);

		count(&load.asked);
		if (regs.x[0] == (uint32_t)FFA_SUCCESS_64) {
			count(&load.told);
		} else {
			CHECK_ERROR(regs, FFA_NO_DATA);
		}
	}
}

/** PEs that make load: the rest of a large machine would only slow them. */
static unsigned last_busy_pe(void)
{
	return pe_count <= 4 ? pe_count - 1 : 3;
}

static pe_function load_of(unsigned pe)
{
	if (pe == 2) {
		return write_to_them; /* the only one: M_MP13 has one TX buffer */
	}
	return pe % 3 == 0 ? ask_for_news : signal_them;
}

static void create(uint16_t vm)
{
	CHECK_SUCCESS(FFA(CREATE(vm, 2)));
	CHECK_SUCCESS(FFA(BIND(M_MP, vm, GLOBAL, BIT64(0))));
	CHECK_SUCCESS(FFA(BIND(M_MP11, vm, GLOBAL, BIT64(1))));
	map(vm, 1);
}

/** What this PE signals arrives, whatever else does. */
static void use(uint16_t vm)
{
	struct letter letter = load_letter(vm);
	struct ffa_regs regs;

	CHECK_SUCCESS(BY(M_MP, SET(M_MP, vm, FFA_NOTIFICATION_DELAY_SRI, BIT64(0))));
	regs = FFA(GET(vm, 0, FROM_PARTITIONS | FROM_SPMC));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2] & ~2U, 1);
	fixture_check_zero(
		&(struct ffa_regs){ { 0, 0, 0, regs.x[3], regs.x[4], regs.x[5], 0, regs.x[7] } }, 1,
		__FILE__, __LINE__);
	if (regs.x[6] == RX_FULL) {
		check_letter(&letter, 1);
		CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32, vm));
	} else {
		CHECK_EQ(regs.x[6], 0);
	}
}

/** Once nobody can send to it any more and it has fetched what it was sent, it can go. */
static void destroy(uint16_t vm)
{
	struct ffa_regs regs;

	unmap(vm);
	CHECK_SUCCESS(FFA(UNBIND(M_MP, vm, BIT64(0))));
	do {
		(void)FFA(GET(vm, 0, FROM_PARTITIONS | FROM_SPMC));
		regs = FFA(UNBIND(M_MP11, vm, BIT64(1)));
	} while (regs.x[0] == (uint32_t)FFA_ERROR_32 && regs.x[2] == (uint32_t)FFA_DENIED);
	CHECK_SUCCESS(regs);
	CHECK_SUCCESS(FFA(DESTROY(vm)));
}

MESSAGES_TEST_MP(vms_come_and_go_while_other_pes_send_to_them)
{
	map(OS, 1);
	map(M_MP13, 1);
	load.stop = load.sets = load.messages = load.told = 0;
	load.sets_refused = load.messages_refused = load.asked = 0;
	for (unsigned pe = 1; pe <= last_busy_pe(); pe++) {
		pe_post(pe, load_of(pe), NULL);
	}
	for (unsigned round = 0; round < 12; round++) {
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			create(vm);
		}
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			use(vm);
		}
		for (uint16_t vm = 1; vm <= VMS; vm++) {
			destroy(vm);
		}
	}
	__atomic_store_n(&load.stop, 1, __ATOMIC_RELEASE);
	for (unsigned pe = 1; pe <= last_busy_pe(); pe++) {
		wait_for_pe(pe);
	}
	test_note(
		"%lu signals, %lu refused; %lu messages, %lu refused; news asked %lu times, there were %lu",
		load.sets, load.sets_refused, load.messages, load.messages_refused, load.asked,
		load.told);
	CHECK(load.sets > 0 && load.sets_refused > 0);
	CHECK(pe_count < 3 || (load.messages > 0 && load.messages_refused > 0));
	CHECK(pe_count < 4 || load.told > 0);
	unmap(M_MP13);
	unmap(OS);
}
