/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PEs that go off and come back, or stand by, with timers armed, interrupts pending, contexts preempted, and messages
 * all the time: nothing is lost that has somewhere to go.
 */
#include "normal-world/tests/interrupts.h"

#include "abi/smccc.h"

#define CYCLES 1000U
#define STANDBY 1U /* power_state: the only state there is */

/* What is left behind on a PE that goes off. */
enum load {
	LOAD_NONE,
	LOAD_TIMERS,
	LOAD_PREEMPTED,
	LOAD_PENDING,
	LOAD_SINGLE_PREEMPTED,
	LOAD_IPI,
	LOAD_COUNT,
};

static void set_home(unsigned pe)
{
	CHECK_EQ(paravirt(I_MP, PARAVIRT_INTERRUPT_RECONFIGURE, MP_LINE, PARAVIRT_TARGET, pe), 0);
}

static void be_preempted(uint16_t id)
{
	struct ffa_regs regs;

	area_of(id)->stop = 0;
	gic_send_sgi(pe_index(), INTID_SGI_TEST);
	regs = spin(id);
	check_preempted(id, &regs);
	take_interrupt(INTID_SGI_TEST);
}

static void load_here(void *argument)
{
	enum load load = *(const enum load *)argument;

	switch (load) {
	case LOAD_TIMERS:
		(void)COMMAND(I_MP, TEST_TIMER, 0, 500, 1000, 0);
		(void)COMMAND(I_EXIT, TEST_TIMER, 1, 300, 1000, 0);
		break;
	case LOAD_PREEMPTED:
	case LOAD_PENDING:
		be_preempted(I_MP);
		break;
	case LOAD_SINGLE_PREEMPTED:
		(void)COMMAND(I_EXIT_IRQ, TEST_TIMER, 0, 2000, 1, 0);
		be_preempted(I_UP);
		break;
	default:
		break;
	}
}

struct talk {
	bool stop;
	uint64_t messages;
};

static void talk(void *argument)
{
	volatile struct talk *talk = argument;

	while (!talk->stop) {
		CHECK_ALIVE(I_EXIT);
		CHECK_ALIVE(I_HAND);
		talk->messages += 2;
	}
}

/** What was left comes to where it can. */
static void check_load(enum load load, unsigned pe)
{
	uint64_t before = times_seen(I_MP, MP_LINE);
	struct ffa_regs regs;

	switch (load) {
	case LOAD_NONE: /* the line moved to this PE */
		pend(MP_LINE, 0);
		wait_until_seen(I_MP, 0, MP_LINE, before + 1);
		break;
	case LOAD_SINGLE_PREEMPTED:
		wait_until_seen(I_EXIT_IRQ, 0, PARAVIRT_TIMER,
				times_seen(I_EXIT_IRQ, PARAVIRT_TIMER) > 0
					? times_seen(I_EXIT_IRQ, PARAVIRT_TIMER)
					: 1);
		area_of(I_UP)->stop = 1;
		regs = FFA(FFA_RUN_32, HERE(I_UP));
		CHECK(is_result(&regs, I_UP, TEST_DONE));
		break;
	case LOAD_IPI:
		CHECK_EQ(paravirt(I_MP, PARAVIRT_INTERRUPT_SEND_IPI, pe, 0, 0), UINT64_MAX);
		break;
	default:
		break;
	}
}

static void open_again(void *unused)
{
	interrupts_open_here();
	CHECK_ALIVE(I_MP);
	CHECK_ALIVE(I_EXIT);
}

static void cycle(unsigned pe, enum load load)
{
	uint64_t before = times_seen(I_MP, MP_LINE);

	on_pe(pe, load_here, &load);
	set_home(pe);
	if (load == LOAD_PENDING) {
		pend(MP_LINE,
		     0); /* for the preempted context there, and when that is gone for the one here */
		time_wait(500);
		CHECK_EQ(times_seen(I_MP, MP_LINE), before);
	}
	CHECK_EQ(pe_stop(pe), 0);
	if (load == LOAD_PENDING) {
		wait_until_seen(I_MP, 0, MP_LINE, before + 1);
	}
	check_load(load, pe);
	CHECK_ALIVE(I_UP);
	CHECK_ALIVE(I_EL0);
	CHECK_EQ(pe_start(pe), 0);
	on_pe(pe, open_again, NULL);
}

/* In a boot of its own, as it takes its time. */
INTERRUPTS_TEST_OF(TEST_IN_MP,
		   pes_go_off_and_on_a_thousand_times_with_timers_interrupts_and_messages)
{
	static volatile struct talk talks[PE_MAX];
	uint64_t start = time_now(), messages = 0;
	unsigned talker = pe_count > 2 ? pe_count - 1 : 0;

	for (unsigned i = 0; i < CYCLES; i++) {
		unsigned others = talker == 0 ? pe_count - 1 : pe_count - 2;

		if (talker != 0 && i % 50 == 0) {
			talks[talker] = (struct talk){ 0 };
			pe_post(talker, talk, (void *)(uintptr_t)&talks[talker]);
		}
		cycle(1 + i % others, (enum load)(i / 3 % LOAD_COUNT));
		if (talker != 0 && i % 50 == 49) {
			talks[talker].stop = true;
			wait_for_pe(talker);
			messages += talks[talker].messages;
			/* Now it is its turn, and another one's to talk. */
			cycle(talker, (enum load)(i / 50 % LOAD_COUNT));
			CHECK_EQ(pe_off_and_on(1), 0);
			interrupts_open_here();
		}
	}
	set_home(0);
	test_note("%u cycles in %lu ms, %lu messages meanwhile", CYCLES,
		  (time_now() - start) / 1000, messages);
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- standby ---------------------------------------------------------------------------------------- */

static void stand_by_here(void *unused)
{
	uint64_t start = time_now(), woken = 0;

	interrupts_disable();
	(void)COMMAND(I_MP, TEST_TIMER, 0, 5000, 20, 0);
	(void)COMMAND(I_EXIT, TEST_TIMER, 1, 7000, 10, 0);
	(void)COMMAND(I_MP, TEST_SIMD_LOAD, 0x77, 0, 0, 0);
	while ((area_of(I_MP)->irq.timer[0].expiries < 20 ||
		area_of(I_EXIT)->irq.timer[1].expiries < 10) &&
	       time_now() - start < 5000000) {
		CHECK_EQ((int32_t)smc(PSCI_CPU_SUSPEND_64, STANDBY, 0, 0), PSCI_SUCCESS);
		woken++;
	}
	CHECK_EQ(area_of(I_MP)->irq.timer[0].expiries, 20);
	CHECK_EQ(area_of(I_EXIT)->irq.timer[1].expiries, 10);
	CHECK_EQ(area_of(I_MP)->irq.timer[0].early, 0);
	CHECK_NE(woken, 0);
	CHECK_EQ(COMMAND(I_MP, TEST_SIMD_CHECK, 0x77, 0, 0, 0).x[4], 0);

	/* Its own timer wakes it as well. */
	timer_start(5000);
	while (gic_pending() != INTID_TIMER) {
		CHECK_EQ((int32_t)smc(PSCI_CPU_SUSPEND_64, STANDBY, 0, 0), PSCI_SUCCESS);
	}
	take_interrupt(INTID_TIMER);
}

INTERRUPTS_TEST(timers_of_partitions_expire_while_a_pe_stands_by)
{
	on_each_pe(stand_by_here, NULL);
}

INTERRUPTS_TEST(timers_of_partitions_expire_while_all_pes_stand_by)
{
	on_all_pes(stand_by_here, NULL);
}
