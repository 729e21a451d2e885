/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two partitions send messages to each other from two PEs at once (TEST_EXCHANGE): none may be lost, come twice,
 * in another order or in pieces. Both receivers fetch their framework notification for each.
 */
#include "normal-world/tests/messages.h"

#define MILLION 1000000U
#define SECOND 1000000U
#define BUDGET \
	(45 * SECOND) /* what a machine that is busy otherwise does not do by then, stays undone */
#define ROUND 1000U /* messages each way after which that is looked at */

struct side {
	uint16_t id, peer;
	uint64_t flags; /* of FFA_MSG_SEND2 */
	uint64_t count; /* messages each way, altogether */
	uint64_t interrupts; /* that stopped it on its way */
};

/** Lets it send and take messages until there were @count of each. */
static void run_side(void *argument)
{
	struct side *side = argument;
	struct ffa_regs regs = command_call(side->id, TEST_EXCHANGE, 0, 0, 0, 0);
	volatile struct test_exchange *exchange = &area_of(side->id)->exchange;

	exchange->count = side->count;
	if (side->flags == 0) {
		gic_clear(pe_index(), INTID_SRI);
		gic_enable(INTID_SRI);
	}
	ffa_call(&regs);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		side->interrupts++;
		interrupts_enable();
		interrupts_disable();
		regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32, regs.x[1] } };
		ffa_call(&regs);
	}
	gic_disable(INTID_SRI);
	if (exchange->failed != 0) {
		test_note("%x: failure %lu after %lu sent, %lu received: %lx, expected %lx",
			  side->id, exchange->failed, exchange->sent, exchange->received,
			  exchange->status, exchange->expected);
		area_on(side->peer, 1 - pe_index())->stop = 1; /* it need not wait for the rest */
	}
	CHECK(is_answer(&regs, side->id));
	CHECK_EQ(exchange->failed, 0);
	CHECK_EQ(exchange->sent, side->count);
	CHECK_EQ(exchange->received, side->count);
}

/** Nothing has been sent yet; @side runs on PE @pe. */
static void begin(struct side *side, unsigned pe, uint16_t peer, uint64_t flags)
{
	volatile struct test_exchange *exchange = &area_on(side->id, pe)->exchange;

	side->peer = peer;
	side->flags = flags;
	side->count = side->interrupts = 0;
	exchange->peer = peer;
	exchange->size_max = 256;
	exchange->flags = flags;
	exchange->sent = exchange->received = 0;
	exchange->busy = exchange->empty = exchange->failed = 0;
}

/** Both are to have exchanged @count messages each way, the one on this PE, the other on PE 1. */
static void reach(struct side *here, struct side *there, uint64_t count)
{
	here->count = there->count = count;
	pe_post(1, run_side, there);
	run_side(here);
	wait_for_pe(1);
}

/** As many messages each way as fit into the budget, at most @count; returns how many. */
static uint64_t exchange(struct side *here, struct side *there, uint64_t count, uint64_t flags)
{
	uint64_t start = time_now(), done = 0, duration = 0;

	begin(here, 0, there->id, flags);
	begin(there, 1, here->id, flags);
	map_all((uint16_t[]){ here->id, there->id }, 2);
	while (done < count && duration < BUDGET) {
		done = count - done < ROUND ? count : done + ROUND;
		reach(here, there, done);
		duration = time_now() - start;
	}
	unmap_all((uint16_t[]){ here->id, there->id }, 2);
	if (done >= ROUND) {
		test_note("%x and %x: %lu messages in %lu ms, %lu a second", here->id, there->id,
			  2 * done, duration / 1000, 2 * done * SECOND / (duration + 1));
	}
	(void)FFA(FFA_NOTIFICATION_INFO_GET_64);
	return done;
}

TEST_IN_MP(messages,
	   up_to_a_million_messages_of_two_partitions_on_two_pes_arrive_whole_and_in_order)
{
	struct side here = { .id = M_MP };
	struct side there = { .id = M_MP13 };

	messages_prepare();
	CHECK(exchange(&here, &there, MILLION / 2, FFA_NOTIFICATION_DELAY_SRI) >= ROUND);
	messages_check_clean();
}

MESSAGES_TEST_MP(messages_arrive_though_each_of_them_stops_its_sender)
{
	struct side here = { .id = M_UP13 };
	struct side there = { .id = M_MP };

	CHECK_EQ(exchange(&here, &there, 150, 0), 150);
	CHECK_EQ(here.interrupts, 150);
	CHECK_EQ(there.interrupts, 150);
}

MESSAGES_TEST_MP(two_partitions_of_any_kind_send_to_each_other_from_two_pes_at_once)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		for (unsigned k = i + 1; k < NOTIFIED_COUNT; k++) {
			struct side here = { .id = notified[(i + k) % 2 == 0 ? i : k] };
			struct side there = { .id = notified[(i + k) % 2 == 0 ? k : i] };

			CHECK_EQ(exchange(&here, &there, 40, FFA_NOTIFICATION_DELAY_SRI), 40);
		}
	}
}

/* ---- many senders, one receiver --------------------------------------------------------------------------- */

#define LETTERS 25U /* of each sender */
#define SENDERS_MAX 3U /* a machine with fewer PEs than that has to emulate them all */

/** The @n-th of the VM that PE @pe speaks for. */
static struct letter letter_of(unsigned pe, unsigned n)
{
	return (struct letter){
		.from = (uint16_t)pe, .to = M_MP, .size = 100 * pe + n, .seed = pe * 1000 + n
	};
}

static void send_all(void *unused)
{
	for (unsigned n = 0; n < LETTERS; n++) {
		struct letter letter = letter_of(pe_index(), n);
		struct ffa_regs regs;

		write_letter(&letter);
		do {
			regs = send_written(&letter);
		} while (regs.x[0] == (uint32_t)FFA_ERROR_32 && regs.x[2] == (uint32_t)FFA_BUSY);
		CHECK_SUCCESS(regs);
	}
}

/** Takes the next letter, of whoever was first; @taken: how many of each there were. */
static bool take_any(unsigned taken[PE_MAX])
{
	struct ffa_regs regs = BY(M_MP, GET(M_MP, 0, FFA_NOTIFICATION_FROM_HYPERVISOR));
	struct letter letter;
	uint16_t from;

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	if (regs.x[7] == 0) {
		return false;
	}
	(void)COMMAND(M_MP, TEST_COPY, rx_of(M_MP), 16, 0, 0);
	from = (uint16_t)(area_of(M_MP)->bulk[14] | area_of(M_MP)->bulk[15] << 8);
	CHECK(from > 0 && from < pe_count);
	letter = letter_of(from, taken[from]++);
	check_letter(&letter, 1);
	CHECK_SUCCESS(BY(M_MP, FFA_RX_RELEASE_32));
	return true;
}

MESSAGES_TEST_MP(messages_of_many_senders_arrive_whole_and_each_senders_in_order)
{
	unsigned taken[PE_MAX] = { 0 };
	unsigned senders = pe_count - 1 < SENDERS_MAX ? pe_count - 1 : SENDERS_MAX;
	uint64_t start = time_now();
	unsigned total = 0;

	map(OS, 1);
	map(M_MP, 1);
	for (unsigned pe = 1; pe <= senders; pe++) {
		map((uint16_t)pe, 1);
	}
	for (unsigned pe = 1; pe <= senders; pe++) {
		pe_post(pe, send_all, NULL);
	}
	while (total < senders * LETTERS) {
		total += take_any(taken);
		test_stop_if_failed();
		CHECK(time_now() - start < 20 * SECOND);
	}
	for (unsigned pe = 1; pe <= senders; pe++) {
		wait_for_pe(pe);
		CHECK_EQ(taken[pe], LETTERS);
		unmap((uint16_t)pe);
	}
	unmap(M_MP);
	unmap(OS);
	CHECK_ERROR_EITHER(FFA(FFA_RX_RELEASE_32), FFA_DENIED, FFA_INVALID_PARAMETERS);
	(void)FFA(FFA_NOTIFICATION_INFO_GET_64);
}

/* ---- buffers that come and go ----------------------------------------------------------------------------- */

static uint64_t stop_sending;

static void send_to_who_is_there(void *argument)
{
	struct letter letter = {
		.from = M_MP, .to = *(uint16_t *)argument, .size = 600, .seed = 5
	};

	write_letter(&letter);
	while (__atomic_load_n(&stop_sending, __ATOMIC_ACQUIRE) == 0) {
		struct ffa_regs regs = send_written(&letter);

		if (regs.x[0] != (uint32_t)FFA_SUCCESS_32) {
			CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
			CHECK(regs.x[2] == (uint32_t)FFA_BUSY ||
			      regs.x[2] == (uint32_t)FFA_INVALID_PARAMETERS);
		}
	}
}

/** A message has come into the buffer that @id has mapped, by now or, if @patient, before long. */
static bool has_come(uint16_t id, bool patient)
{
	uint64_t start = time_now();
	struct ffa_regs regs;

	do {
		regs = BY(id, GET(id, 0, FFA_NOTIFICATION_FROM_SPMC));
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	} while (patient && regs.x[6] == 0 && time_now() - start < SECOND);
	return regs.x[6] != 0;
}

/** Its buffers are mapped and unmapped while PE 1 sends to it. */
static void come_and_go(uint16_t id)
{
	struct letter letter = { .from = M_MP, .to = id, .size = 600, .seed = 5 };

	stop_sending = 0;
	pe_post(1, send_to_who_is_there, &id);
	for (unsigned round = 0; round < 100; round++) {
		bool patient = round % 10 == 0, come;

		map(id, 1);
		come = has_come(id, patient);
		CHECK(come || !patient);
		if (come) {
			check_letter(&letter, 1);
		}
		unmap(id);
		(void)has_come(id, false); /* the last one has no buffer any more */
	}
	__atomic_store_n(&stop_sending, 1, __ATOMIC_RELEASE);
	wait_for_pe(1);
}

MESSAGES_TEST_MP(buffers_come_and_go_while_messages_come)
{
	map(M_MP, 1);
	come_and_go(M_UP13);
	come_and_go(M_EL0);
	unmap(M_MP);
	(void)FFA(FFA_NOTIFICATION_INFO_GET_64);
}
