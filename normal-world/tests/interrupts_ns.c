/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Non-secure interrupts while partitions run: queued, managed exit, signalled, along chains of two of every kind
 * (DEN0077A, "Actions for a non-secure interrupt"). PE 1 sends an SGI to PE 0; the normal world's own priority mask
 * is what it was after every call.
 */
#include "normal-world/tests/interrupts.h"

#define LONG 100000U /* microseconds; whoever is to leave or to be stopped has by then */
#define EXIT PARAVIRT_MANAGED_EXIT

enum kind {
	QUEUED,
	LEAVES,
	SIGNALLED,
};

static const struct party {
	uint16_t id;
	enum kind kind;
	enum test_how how; /* managed exit comes */
} parties[] = {
	{ I_MP, SIGNALLED, 0 },
	{ I_UP, SIGNALLED, 0 },
	{ I_EL0, SIGNALLED, 0 },
	{ I_EXIT, LEAVES, TEST_HOW_FIQ },
	{ I_EXIT_IRQ, LEAVES, TEST_HOW_IRQ },
	{ I_QUEUE, QUEUED, 0 },
	{ I_HAND, QUEUED, 0 },
};
#define PARTIES (sizeof(parties) / sizeof(parties[0]))

static const uint64_t masks[] = { 0xF0, 0xA0, 0x90, 0xE0, 0xB0 };

/** Waits until the partition spins on PE 0, interrupts that PE, and stops the spinning after a while. */
static void disturb(void *argument)
{
	const uint16_t *spins = argument;

	wait_until_spinning(*spins, 0);
	gic_send_sgi(0, INTID_SGI_TEST);
	time_wait(LONG);
	area_on(*spins, 0)->stop = 1;
}

static struct ffa_regs call_disturbed(const uint16_t *spins, struct ffa_regs call)
{
	struct ffa_regs regs;

	area_of(*spins)->stop = 0;
	area_of(*spins)->progress = 0;
	pe_post(1, disturb, (void *)(uintptr_t)spins);
	regs = fixture_call(call, __FILE__, __LINE__);
	CHECK_EQ(gic_pending(), INTID_SGI_TEST); /* whatever became of it, it is for us */
	return regs;
}

static struct ffa_regs run(uint16_t id)
{
	return FFA(FFA_RUN_32, HERE(id));
}

/* ---- one partition ---------------------------------------------------------------------------------- */

static void disturb_one(const struct party *party, uint64_t mask)
{
	struct ffa_regs regs;

	interrupts_forget();
	set_priority_mask(mask);
	regs = call_disturbed(&party->id, command_call(party->id, TEST_SPIN, LONG_ENOUGH, 0, 0, 0));
	CHECK_EQ(priority_mask(), mask);
	if (party->kind == SIGNALLED) {
		check_preempted(party->id, &regs);
		take_interrupt(INTID_SGI_TEST);
		wait_for_pe(1);
		regs = run(party->id);
		CHECK_EQ(priority_mask(), mask);
	} else {
		take_interrupt(INTID_SGI_TEST);
		wait_for_pe(1);
	}
	CHECK(is_result(&regs, party->id, party->kind == LEAVES ? TEST_LEFT : TEST_DONE));
	CHECK_EQ(times_seen(party->id, EXIT), party->kind == LEAVES ? 1 : 0);
	if (party->kind == LEAVES) {
		CHECK_SEEN(party->id, EXIT, 1, party->how);
	}
	set_priority_mask(0xFF);
	CHECK_ALIVE(party->id);
}

INTERRUPTS_TEST_MP(a_non_secure_interrupt_is_queued_or_signalled_or_makes_a_partition_leave)
{
	for (unsigned i = 0; i < PARTIES; i++) {
		disturb_one(&parties[i], masks[i % 5]);
	}
}

static void disturb_run(const struct party *party, uint64_t mask)
{
	volatile struct test_area *area = area_of(party->id);
	struct ffa_regs regs;

	interrupts_forget();
	area->run_command[1] = LONG_ENOUGH;
	area->run_command[0] = TEST_SPIN;
	set_priority_mask(mask);
	regs = call_disturbed(&party->id,
			      (struct ffa_regs){ { (uint32_t)FFA_RUN_32, HERE(party->id) } });
	CHECK_EQ(priority_mask(), mask);
	if (party->kind == SIGNALLED) {
		check_preempted(party->id, &regs);
	}
	take_interrupt(INTID_SGI_TEST);
	wait_for_pe(1);
	if (party->kind == SIGNALLED) {
		regs = run(party->id);
	}
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_EQ(area->run_result[0], party->kind == LEAVES ? TEST_LEFT : TEST_DONE);
	CHECK_EQ(times_seen(party->id, EXIT), party->kind == LEAVES ? 1 : 0);
	set_priority_mask(0xFF);
	CHECK_ALIVE(party->id);
}

INTERRUPTS_TEST_MP(a_non_secure_interrupt_does_the_same_to_cycles_given_by_run)
{
	for (unsigned i = 0; i < PARTIES; i++) {
		disturb_run(&parties[i], masks[i % 5]);
	}
}

/** It has its interrupt budget's time to leave, 500 ms. */
INTERRUPTS_TEST_MP(a_partition_that_does_not_leave_is_preempted)
{
	static const uint16_t ids[] = { I_EXIT, I_EXIT_IRQ };

	for (unsigned i = 0; i < 2; i++) {
		uint64_t start = time_now();
		struct ffa_regs regs;

		area_of(ids[i])->irq.action = TEST_ON_STAY;
		area_of(ids[i])->progress = 0;
		timer_start(SOON);
		regs = spin(ids[i]);
		check_preempted(ids[i], &regs);
		CHECK(time_now() - start >= 500000);
		take_interrupt(INTID_TIMER);
		CHECK_EQ(times_seen(ids[i], EXIT), 1);

		/* Given cycles again it is asked again. */
		timer_start(SOON);
		regs = run(ids[i]);
		check_preempted(ids[i], &regs);
		take_interrupt(INTID_TIMER);
		CHECK_EQ(times_seen(ids[i], EXIT), 2);
		area_of(ids[i])->stop = 1;
		regs = run(ids[i]);
		CHECK(is_result(&regs, ids[i], TEST_DONE));
		area_of(ids[i])->irq.action = 0;
	}
}

/* ---- chains of two ---------------------------------------------------------------------------------- */

static void check_exits(const struct party *first, const struct party *second, uint64_t of_first,
			uint64_t of_second)
{
	CHECK_EQ(times_seen(first->id, EXIT), of_first);
	CHECK_EQ(times_seen(second->id, EXIT), of_second);
}

/** Queued for all that the first one calls. */
static void check_queued(const struct party *first, const struct party *second,
			 struct ffa_regs regs)
{
	CHECK(is_result(&regs, first->id, TEST_DONE));
	CHECK_EQ(regs.x[7], 0);
	check_exits(first, second, 0, 0);
}

/** The first one is told to leave; the second one has left, was preempted, or has come to its end before. */
static void check_left(const struct party *first, const struct party *second, struct ffa_regs regs)
{
	volatile struct test_area *area = area_of(first->id);

	if (second->kind == QUEUED) {
		CHECK(is_result(&regs, first->id, TEST_DONE));
	} else {
		CHECK(is_result(&regs, first->id, TEST_LEFT));
	}
	check_exits(first, second, 1, second->kind == LEAVES ? 1 : 0);
	if (second->kind != SIGNALLED) {
		return;
	}
	CHECK_EQ(regs.x[4], HERE(second->id));
	CHECK_EQ(area->forward[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(area->forward[1], HERE(second->id));
	/* Whom it left behind answers when it is given cycles again. */
	area_of(second->id)->stop = 1;
	regs = BY(first->id, FFA_RUN_32, HERE(second->id));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(second->id, first->id));
	CHECK_EQ(regs.x[3], TEST_DONE);
}

/** The first one goes on when it is resumed. */
static void check_signalled(const struct party *first, const struct party *second)
{
	struct ffa_regs regs;

	area_of(second->id)->stop = 1;
	regs = run(first->id);
	CHECK(is_result(&regs, first->id, second->kind == LEAVES ? TEST_LEFT : TEST_DONE));
	CHECK_EQ(regs.x[7], second->kind == SIGNALLED ? 1 : 0);
	check_exits(first, second, 0, second->kind == LEAVES ? 1 : 0);
}

static void disturb_chain(const struct party *first, const struct party *second, uint64_t mask)
{
	struct ffa_regs regs;

	interrupts_forget();
	set_priority_mask(mask);
	regs = call_disturbed(&second->id, command_call(first->id, TEST_FORWARD, second->id,
							TEST_SPIN, LONG_ENOUGH, 0));
	CHECK_EQ(priority_mask(), mask);
	if (first->kind == SIGNALLED) {
		check_preempted(first->id, &regs);
	}
	take_interrupt(INTID_SGI_TEST);
	wait_for_pe(1);
	if (first->kind == QUEUED) {
		check_queued(first, second, regs);
	} else if (first->kind == LEAVES) {
		check_left(first, second, regs);
	} else {
		check_signalled(first, second);
	}
	CHECK_EQ(priority_mask(), mask);
	set_priority_mask(0xFF);
	CHECK_ALIVE(first->id);
	CHECK_ALIVE(second->id);
}

INTERRUPTS_TEST_MP(in_a_chain_the_stricter_action_of_an_earlier_partition_overrides)
{
	for (unsigned i = 0; i < PARTIES; i++) {
		for (unsigned n = 0; n < PARTIES; n++) {
			if (i != n) {
				disturb_chain(&parties[i], &parties[n], masks[(i + n) % 5]);
			}
		}
	}
}

/* ---- the priority mask ------------------------------------------------------------------------------ */

INTERRUPTS_TEST_MP(what_the_normal_world_has_masked_preempts_nobody)
{
	uint16_t id = I_MP;
	struct ffa_regs regs;

	set_priority_mask(0x50);
	area_of(id)->progress = 0;
	pe_post(1, disturb, &id);
	regs = spin(id);
	wait_for_pe(1);
	CHECK(is_result(&regs, id, TEST_DONE));
	CHECK_EQ(priority_mask(), 0x50);
	set_priority_mask(0xFF);
	take_interrupt(INTID_SGI_TEST);
}

INTERRUPTS_TEST_MP(secure_interrupts_leave_the_mask_of_the_normal_world_alone)
{
	static const uint64_t odd[] = { 0x00, 0x10, 0x50, 0x80, 0xA0, 0xF0 };

	for (unsigned i = 0; i < 6; i++) {
		struct visit what = { .spins = I_UP, .line = MP_LINE };

		set_priority_mask(odd[i]);
		pend_from(1, MP_LINE, 0);
		wait_until_seen(I_MP, 0, MP_LINE, 2 * i + 1);
		wait_for_pe(1);
		CHECK_EQ(priority_mask(), odd[i]);
		spin_through(&what);
		CHECK_EQ(times_seen(I_MP, MP_LINE), 2 * i + 2);
		CHECK_EQ(priority_mask(), odd[i]);
	}
	set_priority_mask(0xFF);
}
