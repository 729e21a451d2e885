/* SPDX-License-Identifier: BSD-3-Clause */
/* Time: the generic timer's physical counter, in nanoseconds. */
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

#define NS_PER_S UINT64_C(1000000000)

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
