/* SPDX-License-Identifier: BSD-3-Clause */
/* arch/aarch64/time.c on a counter that is a variable. */
#include "arch/aarch64/time.c"

#include "tests/unit/unit.h"

#define MHZ UINT64_C(1000000)

TEST(the_counter_is_not_read_ahead)
{
	fake_cntpct_el0 = 12345;
	record_count = 0;

	CHECK_EQUAL(arch_counter(), 12345);
	CHECK_EQUAL(record_count, 1);
	CHECK_TEXT(records[0].what, "isb");
}

TEST(nanoseconds_are_rounded_up_to_ticks)
{
	fake_cntfrq_el0 = 62500000; /* 16 ns */

	CHECK_EQUAL(arch_ticks(0), 0);
	CHECK_EQUAL(arch_ticks(1), 1);
	CHECK_EQUAL(arch_ticks(16), 1);
	CHECK_EQUAL(arch_ticks(17), 2);
	CHECK_EQUAL(arch_ticks(NS_PER_S), 62500000);
	CHECK_EQUAL(arch_ticks(3 * NS_PER_S + 33), 3 * UINT64_C(62500000) + 3);
}

TEST(a_nanosecond_is_a_tick_at_one_gigahertz)
{
	fake_cntfrq_el0 = 1000 * MHZ;

	CHECK_EQUAL(arch_ticks(100000001), 100000001);
	CHECK_EQUAL(arch_ticks(UINT64_MAX), ARCH_NEVER / 2);
	CHECK_EQUAL(arch_ticks(ARCH_NEVER / 2), ARCH_NEVER / 2);
	CHECK_EQUAL(arch_ticks(ARCH_NEVER / 2 - 1), ARCH_NEVER / 2 - 1);
}

TEST(a_time_without_end_is_never_too_many_ticks)
{
	fake_cntfrq_el0 = UINT32_MAX; /* 4 ticks a nanosecond */
	CHECK_EQUAL(arch_ticks(UINT64_MAX), ARCH_NEVER / 2);
	CHECK_EQUAL(arch_ticks(999999999), UINT32_MAX - 4);
	fake_cntfrq_el0 = 1;
	CHECK_EQUAL(arch_ticks(UINT64_MAX), UINT64_MAX / NS_PER_S + 1);
	fake_cntfrq_el0 = 0; /* firmware has not set it */
	CHECK_EQUAL(arch_ticks(5), 5);
	CHECK_EQUAL(arch_ticks(UINT64_MAX), ARCH_NEVER / 2);
}

TEST(the_time_in_nanoseconds_does_not_overflow)
{
	fake_cntfrq_el0 = 62500000;
	fake_cntpct_el0 = UINT64_C(62500000) * 1000000000 + 3;
	CHECK_EQUAL(arch_time_ns(), UINT64_C(1000000000) * NS_PER_S + 48);
}

TEST(the_timer_is_set_to_a_moment_before_it_is_switched_on)
{
	record_count = 0;
	arch_timer_set(UINT64_C(0x123456789A));

	CHECK_EQUAL(record_count, 3);
	CHECK_TEXT(records[0].what, "msr cnthps_cval_el2");
	CHECK_EQUAL(records[0].operand, UINT64_C(0x123456789A));
	CHECK_TEXT(records[1].what, "msr cnthps_ctl_el2");
	CHECK_EQUAL(records[1].operand, 1);
	CHECK_TEXT(records[2].what, "isb");
}

TEST(a_timer_for_never_is_off)
{
	record_count = 0;
	arch_timer_set(ARCH_NEVER);

	CHECK_EQUAL(record_count, 2);
	CHECK_TEXT(records[0].what, "msr cnthps_ctl_el2");
	CHECK_EQUAL(records[0].operand, 0);
	CHECK_TEXT(records[1].what, "isb");
}
