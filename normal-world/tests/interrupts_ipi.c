/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inter-processor interrupts of a partition's contexts: one that runs takes it, one that waits is named to the
 * scheduler, others have it when they go on.
 */
#include "normal-world/tests/interrupts.h"

#define IPI PARAVIRT_IPI
#define NONE UINT64_MAX

static uint64_t send_ipi(uint16_t id, uint64_t vcpu)
{
	return paravirt(id, PARAVIRT_INTERRUPT_SEND_IPI, vcpu, 0, 0);
}

static void listen(void *unused)
{
	gic_clear(pe_index(), INTID_SRI);
	gic_enable(INTID_SRI);
}

static void listen_no_more(void *unused)
{
	gic_disable(INTID_SRI);
	gic_clear(pe_index(), INTID_SRI);
}

/** An idle PE takes it at once. */
static void wait_for_sri(unsigned pe, uint32_t before)
{
	uint64_t start = time_now();

	while (__atomic_load_n(&pes[pe].interrupts, __ATOMIC_ACQUIRE) == before &&
	       time_now() - start < 1000000) {
		/* comes */
	}
	CHECK_NE(pes[pe].interrupts, before);
	CHECK_EQ(pes[pe].last_interrupt, INTID_SRI);
}

static void send_to_itself_here(void *unused)
{
	CHECK_EQ(send_ipi(I_MP, pe_index()), 0);
	CHECK_SEEN(I_MP, IPI, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_MP)->interrupts, 0);
}

INTERRUPTS_TEST(a_context_sends_an_ipi_to_itself)
{
	on_each_pe(send_to_itself_here, NULL);
	CHECK_EQ(send_ipi(I_UP, 0), 0);
	CHECK_SEEN(I_UP, IPI, 1, TEST_HOW_IRQ);
}

INTERRUPTS_TEST(ipis_to_nobody_are_refused)
{
	CHECK_EQ(send_ipi(I_MP, 8), NONE);
	CHECK_EQ(send_ipi(I_MP, UINT64_C(1) << 32), NONE);
	CHECK_EQ(send_ipi(I_MP, UINT64_MAX), NONE);
	CHECK_EQ(send_ipi(I_UP, 1), NONE);
	CHECK_EQ(send_ipi(I_EL0, 1), NONE);
}

static void spin_mp(void *unused)
{
	struct ffa_regs regs = spin(I_MP);

	CHECK(is_result(&regs, I_MP, TEST_DONE));
}

INTERRUPTS_TEST_MP(contexts_that_run_take_ipis_from_another)
{
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, spin_mp, NULL);
		wait_until_spinning(I_MP, pe);
	}
	for (unsigned round = 1; round <= 20; round++) {
		for (unsigned pe = 1; pe < pe_count; pe++) {
			CHECK_EQ(send_ipi(I_MP, pe), 0);
		}
		for (unsigned pe = 1; pe < pe_count; pe++) {
			wait_until_seen(I_MP, pe, IPI, round);
		}
	}
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(area_on(I_MP, pe)->interrupts, 0);
		area_on(I_MP, pe)->stop = 1;
		wait_for_pe(pe);
	}
}

static void run_exit_here(void *unused)
{
	struct ffa_regs regs = FFA(FFA_RUN_32, HERE(I_EXIT));

	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_SEEN(I_EXIT, IPI, 1, TEST_HOW_IRQ);
}

/** FFA_RUN gives it cycles: it takes the IPI, and waits. */
static void run_here(void *unused)
{
	struct ffa_regs regs;

	regs = FFA(FFA_RUN_32, HERE(I_MP));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	CHECK_SEEN(I_MP, IPI, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_MP)->interrupts, 0);
}

INTERRUPTS_TEST_MP(a_context_that_waits_is_named_to_the_scheduler)
{
	on_each_pe(listen, NULL);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		uint32_t before = pes[pe].interrupts;
		struct ffa_regs regs;

		CHECK_EQ(send_ipi(I_MP, pe), 0);
		wait_for_sri(pe, before);
		CHECK_EQ(times_seen_on(I_MP, pe, IPI), 0);
		regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		CHECK_EQ(regs.x[2], 0x1080);
		CHECK_EQ(regs.x[3], I_MP | pe << 16);
		CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
		on_pe(pe, run_here, NULL);
	}
	on_each_pe(listen_no_more, NULL);
}

INTERRUPTS_TEST_MP(all_contexts_that_wait_are_named_at_once)
{
	struct ffa_regs regs;
	unsigned named = 0;

	on_each_pe(listen, NULL);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		uint32_t before = pes[pe].interrupts;

		CHECK_EQ(send_ipi(I_MP, pe), 0);
		CHECK_EQ(send_ipi(I_EXIT, pe), 0);
		wait_for_sri(pe, before);
	}
	time_wait(SOON);
	regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs.x[2] & 1, 0);
	for (unsigned list = 0; list < (regs.x[2] >> 7 & 0x1F); list++) {
		named += regs.x[2] >> (12 + 2 * list) & 3;
	}
	CHECK_EQ(named, 2 * (pe_count - 1));
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		on_pe(pe, run_here, NULL);
		on_pe(pe, run_exit_here, NULL);
	}
	on_each_pe(listen_no_more, NULL);
}

struct preempted {
	bool rests; /* it has been preempted */
	bool go_on;
};

static void be_preempted(void *argument)
{
	volatile struct preempted *preempted = argument;
	struct ffa_regs regs;

	timer_start(SOON);
	regs = spin(I_MP);
	check_preempted(I_MP, &regs);
	take_interrupt(INTID_TIMER);
	preempted->rests = true;
	while (!preempted->go_on) {
		/* the sender is at work */
	}
	CHECK_EQ(times_seen(I_MP, IPI), 0);
	regs = FFA(FFA_RUN_32, HERE(I_MP));
	CHECK(is_result(&regs, I_MP, TEST_DONE));
	CHECK_SEEN(I_MP, IPI, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_MP)->interrupts, 0);
}

INTERRUPTS_TEST_MP(a_preempted_context_takes_its_ipi_when_it_is_resumed)
{
	static volatile struct preempted preempted;

	preempted = (struct preempted){ 0 };
	pe_post(1, be_preempted, (void *)(uintptr_t)&preempted);
	while (!preempted.rests) {
		test_stop_if_failed();
	}
	CHECK_EQ(send_ipi(I_MP, 1), 0);
	time_wait(SOON);
	area_on(I_MP, 1)->stop = 1;
	preempted.go_on = true;
	wait_for_pe(1);
}

static void call_there(void *unused)
{
	struct ffa_regs regs =
		fixture_call(command_call(I_MP, TEST_FORWARD, I_UP, TEST_SPIN, LONG_ENOUGH, 0),
			     __FILE__, __LINE__);

	CHECK(is_result(&regs, I_MP, TEST_DONE));
	CHECK_EQ(area_of(I_MP)->forward[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(area_of(I_MP)->forward[1], 0);
	CHECK_SEEN(I_MP, IPI, 1, TEST_HOW_IRQ);
}

INTERRUPTS_TEST_MP(a_context_that_waits_for_another_partition_is_taken_out_of_its_call)
{
	pe_post(1, call_there, NULL);
	wait_until_spinning(I_UP, 1);
	CHECK_EQ(send_ipi(I_MP, 1), 0);
	wait_until_seen(I_MP, 1, IPI, 1);
	area_of(I_UP)->stop = 1;
	wait_for_pe(1);
}

INTERRUPTS_TEST_MP(a_context_whose_pe_is_off_gets_no_ipi)
{
	CHECK_EQ(pe_stop(1), 0);
	CHECK_EQ(send_ipi(I_MP, 1), NONE);
	CHECK_EQ(pe_start(1), 0);
}
