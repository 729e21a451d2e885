/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timers of EL1 as partitions find them: CNTP and CNTV are registers of the context, the counter is the
 * machine's (CNTVOFF_EL2 is 0). When one of them fires is the core's to see; those of the machine stay the
 * normal world's. Without FEAT_ECV, CNTV of S-EL1 is not trapped: see run.S. Takes no locks.
 */
#include "arch/aarch64/trap.h"

#define TIMER_ISTATUS 0x4U
#define TIMER_OF_CRM(crm) SYSREG(3, 3, 14, crm, 0)

/* The registers of a timer, as op2. */
enum {
	TIMER_TVAL,
	TIMER_CTL,
	TIMER_CVAL,
	TIMER_REGISTERS, /* from here on: none */
};

static uint64_t read_timer(const struct arch_timer *timer, unsigned which)
{
	uint64_t now = arch_counter();
	bool fires = (timer->control & ARCH_TIMER_ENABLE) != 0 && now >= timer->compare;

	switch (which) {
	case TIMER_TVAL:
		return (uint32_t)(timer->compare - now);
	case TIMER_CTL:
		return timer->control | (fires ? TIMER_ISTATUS : 0);
	default:
		return timer->compare;
	}
}

/** Returns true when that makes a difference: what was set already, and has not fired, stays as it is. */
static bool write_timer(struct arch_timer *timer, unsigned which, uint64_t value)
{
	struct arch_timer before = *timer;

	switch (which) {
	case TIMER_TVAL:
		timer->compare = arch_counter() + (uint64_t)(int64_t)(int32_t)(uint32_t)value;
		break;
	case TIMER_CTL:
		timer->control = (uint32_t)value & (ARCH_TIMER_ENABLE | ARCH_TIMER_MASKED);
		break;
	default:
		timer->compare = value;
		break;
	}
	return timer->compare != before.compare || timer->control != before.control ||
	       timer->compare <= arch_counter();
}

/** CNTP_* is S3_3_C14_C2_*, CNTV_* is S3_3_C14_C3_*. */
enum trap_timer_result trap_timer(struct arch_context *context, struct trap_access access)
{
	bool physical = (access.id & ~7U) == TIMER_OF_CRM(2);
	unsigned which = SYSREG_OP2(access.id);
	struct arch_timer *timer;

	if ((!physical && (access.id & ~7U) != TIMER_OF_CRM(3)) || which >= TIMER_REGISTERS) {
		return TRAP_NO_TIMER;
	}
	timer = &context->timers[physical ? ARCH_TIMER_PHYSICAL : ARCH_TIMER_VIRTUAL];
	if (access.is_read) {
		trap_answer(context, access, read_timer(timer, which));
		return TRAP_TIMER_SERVED;
	}
	return write_timer(timer, which, trap_value(context, access)) ? TRAP_TIMER_WRITTEN
								      : TRAP_TIMER_SERVED;
}
