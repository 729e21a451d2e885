/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time: the generic timer's physical counter, and the secure physical timer of EL2, which nobody else uses.
 * Timers of partitions are trap_timer.c.
 */
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

#define NS_PER_S UINT64_C(1000000000)
#define TICKS_MAX (ARCH_NEVER / 2)
#define TIMER_ENABLE UINT64_C(1)

/** See arch.h. */
uint64_t arch_counter(void)
{
	isb(); /* the counter is not read ahead of what was done before */
	return read_cntpct_el0();
}

/** See arch.h. Counter x 10^9 / frequency, without overflow for 500 years of counter. */
uint64_t arch_time_ns(void)
{
	uint64_t frequency = read_cntfrq_el0();
	uint64_t count = arch_counter();

	if (frequency == 0) {
		return count;
	}
	return count / frequency * NS_PER_S + count % frequency * NS_PER_S / frequency;
}

/** See arch.h. The frequency has 32 bits: parts of a second do not overflow. */
uint64_t arch_ticks(uint64_t ns)
{
	uint64_t frequency = (uint32_t)read_cntfrq_el0();
	uint64_t seconds = ns / NS_PER_S;
	uint64_t part = (ns % NS_PER_S * frequency + NS_PER_S - 1) / NS_PER_S;

	if (frequency == 0) {
		return ns < TICKS_MAX ? ns : TICKS_MAX;
	}
	if (seconds > (TICKS_MAX - part) / frequency) {
		return TICKS_MAX;
	}
	return seconds * frequency + part;
}

/** See arch.h. */
void arch_timer_set(uint64_t at)
{
	if (at == ARCH_NEVER) {
		write_cnthps_ctl_el2(0);
	} else {
		write_cnthps_cval_el2(at);
		write_cnthps_ctl_el2(TIMER_ENABLE);
	}
	isb(); /* in force before a context runs; withdrawn before its interrupt is deactivated */
}
