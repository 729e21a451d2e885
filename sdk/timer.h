/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timers of EL1 as a partition has them: the SPMC emulates both, at S-EL1 and S-EL0. An expired one is
 * signalled once, as PARAVIRT_TIMER, which S-EL1 partitions have to enable. All times are counter values.
 */
#ifndef SDK_TIMER_H
#define SDK_TIMER_H

#include <stdbool.h>
#include <stdint.h>

enum timer {
	TIMER_PHYSICAL,
	TIMER_VIRTUAL,
	TIMER_COUNT,
};

/* CNTx_CTL_EL0. */
#define TIMER_ENABLE 0x1U
#define TIMER_MASKED 0x2U
#define TIMER_FIRED 0x4U

#define TIMER_READ(name)                                                            \
	({                                                                          \
		uint64_t value_;                                                    \
		__asm__ volatile("isb\n\tmrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                             \
	})
#define TIMER_WRITE(name, value) \
	__asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((uint64_t)(value)) : "memory")

static inline uint64_t timer_now(enum timer timer)
{
	return timer == TIMER_PHYSICAL ? TIMER_READ(cntpct_el0) : TIMER_READ(cntvct_el0);
}

static inline uint64_t timer_ticks(uint64_t microseconds)
{
	return (uint32_t)TIMER_READ(cntfrq_el0) / 1000000 * microseconds;
}

static inline uint64_t timer_control(enum timer timer)
{
	return timer == TIMER_PHYSICAL ? TIMER_READ(cntp_ctl_el0) : TIMER_READ(cntv_ctl_el0);
}

static inline uint64_t timer_compare(enum timer timer)
{
	return timer == TIMER_PHYSICAL ? TIMER_READ(cntp_cval_el0) : TIMER_READ(cntv_cval_el0);
}

static inline void timer_set_control(enum timer timer, uint64_t control)
{
	if (timer == TIMER_PHYSICAL) {
		TIMER_WRITE(cntp_ctl_el0, control);
	} else {
		TIMER_WRITE(cntv_ctl_el0, control);
	}
}

/** Expires at @at. */
static inline void timer_set(enum timer timer, uint64_t at)
{
	if (timer == TIMER_PHYSICAL) {
		TIMER_WRITE(cntp_cval_el0, at);
	} else {
		TIMER_WRITE(cntv_cval_el0, at);
	}
	timer_set_control(timer, TIMER_ENABLE);
}

/** Expires in @ticks, up to 2^31 - 1. */
static inline void timer_set_in(enum timer timer, uint32_t ticks)
{
	if (timer == TIMER_PHYSICAL) {
		TIMER_WRITE(cntp_tval_el0, ticks);
	} else {
		TIMER_WRITE(cntv_tval_el0, ticks);
	}
	timer_set_control(timer, TIMER_ENABLE);
}

static inline void timer_stop(enum timer timer)
{
	timer_set_control(timer, 0);
}

#endif
