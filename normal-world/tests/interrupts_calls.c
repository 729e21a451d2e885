/* SPDX-License-Identifier: BSD-3-Clause */
/* The para-virtual calls of partitions: whose interrupts they may be about, and what they do to real ones. */
#include "normal-world/tests/interrupts.h"

#define REFUSED UINT64_MAX
#define ENABLE PARAVIRT_INTERRUPT_ENABLE
#define RECONFIGURE PARAVIRT_INTERRUPT_RECONFIGURE

INTERRUPTS_TEST(interrupts_of_others_are_not_for_a_partition)
{
	static const uint32_t foreign[] = { 0,          1,    2,         6,       7,    8,
					    10,         15,   26,        UP_LINE, GPIO, EL0_LINE,
					    QUEUE_LINE, 270,  999,       1020,    1023, 1056,
					    4096,       8192, 0xFFFFFFFF };

	for (unsigned i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		CHECK_EQ(paravirt(I_MP, ENABLE, foreign[i], 1, PARAVIRT_IRQ), REFUSED);
		CHECK_EQ(paravirt(I_MP, ENABLE, foreign[i], 0, PARAVIRT_IRQ), REFUSED);
		CHECK_EQ(paravirt(I_MP, RECONFIGURE, foreign[i], PARAVIRT_TARGET, 0), REFUSED);
		CHECK_EQ(paravirt(I_MP, RECONFIGURE, foreign[i], PARAVIRT_ENABLED, 1), REFUSED);
		CHECK_EQ(paravirt(I_MP, PARAVIRT_INTERRUPT_DEACTIVATE, foreign[i], foreign[i], 0),
			 0);
	}
	CHECK_EQ(paravirt(I_MP, ENABLE, MP_LINE, 1, 2), REFUSED);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, 3, 0), REFUSED);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_TARGET, 8), REFUSED);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_ENABLED, 2), REFUSED);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_SECURITY, 2), REFUSED);
	/* Its manifest does not allow that. */
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_SECURITY, 0), REFUSED);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_SECURITY, 1), 0);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, PARAVIRT_IPI, PARAVIRT_ENABLED, 1), REFUSED);
	CHECK_EQ(paravirt(I_EL0, ENABLE, PARAVIRT_IPI, 1, 0), REFUSED);
	CHECK_EQ(paravirt(I_EL0, ENABLE, PARAVIRT_MANAGED_EXIT, 1, 0), REFUSED);
	FOR_EACH_SUBJECT(subject)
	{
		CHECK_EQ(paravirt(subject->id, PARAVIRT_INTERRUPT_GET, 0, 0, 0), PARAVIRT_NONE);
	}
}

static void check_not_seen(uint32_t line, uint64_t count)
{
	pend(line, 0);
	time_wait(SOON);
	CHECK_EQ(times_seen(I_MP, line), count);
}

INTERRUPTS_TEST(a_disabled_interrupt_comes_when_it_is_enabled)
{
	CHECK_EQ(paravirt(I_MP, ENABLE, MP_LINE, 0, 0), 0);
	check_not_seen(MP_LINE, 0);
	CHECK_EQ(paravirt(I_MP, ENABLE, MP_LINE, 1, PARAVIRT_IRQ), 0);
	wait_until_seen(I_MP, 0, MP_LINE, 1);

	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_ENABLED, 0), 0);
	check_not_seen(MP_LINE, 1);
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_ENABLED, 1), 0);
	wait_until_seen(I_MP, 0, MP_LINE, 2);

	/* Those of S-EL0 are on from the start. */
	CHECK_EQ(paravirt(I_EL0, ENABLE, EL0_LINE, 0, 0), 0);
	pend(EL0_LINE, 0);
	time_wait(SOON);
	CHECK_EQ(times_seen(I_EL0, EL0_LINE), 0);
	CHECK_EQ(paravirt(I_EL0, ENABLE, EL0_LINE, 1, 0), 0);
	wait_until_seen(I_EL0, 0, EL0_LINE, 1);
}

INTERRUPTS_TEST(an_interrupt_comes_to_the_pe_that_its_owner_chose)
{
	for (unsigned round = 1; round <= 3; round++) {
		for (unsigned pe = pe_count; pe-- > 0;) {
			CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_TARGET, pe), 0);
			pend(MP_LINE, 0);
			wait_until_seen(I_MP, pe, MP_LINE, round);
		}
	}
	CHECK_EQ(paravirt(I_MP, RECONFIGURE, MP_LINE, PARAVIRT_TARGET, 0), 0);
}

static void move_here(void *unused)
{
	CHECK_EQ(paravirt(I_UP, RECONFIGURE, UP_LINE, PARAVIRT_TARGET, (pe_index() + 1) % 8),
		 REFUSED);
	CHECK_EQ(paravirt(I_UP, RECONFIGURE, UP_LINE, PARAVIRT_TARGET, pe_index()), 0);
}

INTERRUPTS_TEST(a_single_context_moves_its_interrupt_to_where_it_runs)
{
	for (unsigned pe = pe_count; pe-- > 0;) {
		uint64_t before = times_seen(I_UP, UP_LINE);

		on_pe(pe, move_here, NULL);
		pend(UP_LINE, 0);
		wait_until_seen(I_UP, 0, UP_LINE, before + 1);
		wait_until_idle(I_UP);
	}
}

/** A partition that takes an interrupt again before it answers has to say that it is done with it. */
INTERRUPTS_TEST_MP(a_fetched_interrupt_comes_again_after_deactivation_only)
{
	struct visit what = { .spins = I_UP, .line = UP_LINE, .second = UP_LINE, .first_of = I_UP };

	spin_through(&what);
	wait_until_seen(I_UP, 0, UP_LINE, 2);
	CHECK_ENTERED(I_UP, 1, UP_LINE); /* the second, after the answer */

	interrupts_forget();
	area_of(I_UP)->irq.action = TEST_ON_DEACTIVATE;
	spin_through(&what);
	CHECK_SEEN(I_UP, UP_LINE, 2, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_UP)->interrupts, 0);
}
