/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time: the generic timer's physical counter, in nanoseconds, and the secure physical timer of EL2, which
 * nobody else uses.
 */
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define MS_PER_S UINT64_C(1000)
#define TICKS_MAX UINT64_C(0x7FFFFFFF) /* TVAL is signed, 32 bits */
#define TIMER_ENABLE UINT64_C(1)

/** See arch.h. Counter x 10^9 / frequency, without overflow for 500 years of counter. */
uint64_t arch_time_ns(void)
{
	uint64_t frequency = read_cntfrq_el0();
	uint64_t count;

	isb(); /* the counter is not read ahead of what was done before */
	count = read_cntpct_el0();
	if (frequency == 0) {
		return count;
	}
	return count / frequency * NS_PER_S + count % frequency * NS_PER_S / frequency;
}

/** See arch.h. */
void arch_timer_start(uint64_t ns)
{
	uint64_t ticks = ns / NS_PER_MS * read_cntfrq_el0() / MS_PER_S;

	write_cnthps_tval_el2(ticks < TICKS_MAX ? ticks : TICKS_MAX);
	write_cnthps_ctl_el2(TIMER_ENABLE);
	isb(); /* counts before a context runs */
}

/** See arch.h. */
void arch_timer_stop(void)
{
	write_cnthps_ctl_el2(0);
	isb(); /* its interrupt is withdrawn before it is ended */
}
