/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timers of EL1 as partitions find them: CNTP and CNTV are registers of the context, the counter is the
 * machine's (CNTVOFF_EL2 is 0). When one of them fires is the core's to see; those of the machine stay the
 * normal world's. Without FEAT_ECV, CNTV of S-EL1 is not trapped: see run.S. Takes no locks.
 */
#include "arch/aarch64/trap.h"

#define TIMER_ISTATUS 0x4U

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
bool trap_timer(struct arch_context *context, const struct trap_access *access, bool *written)
{
	uint32_t id = access->id;
	struct arch_timer *timer;
	unsigned which = SYSREG_OP2(id);

	if (SYSREG_OP0(id) != 3 || SYSREG_OP1(id) != 3 || SYSREG_CRN(id) != 14 ||
	    (SYSREG_CRM(id) != 2 && SYSREG_CRM(id) != 3) || which >= TIMER_REGISTERS) {
		return false;
	}
	timer = &context->timers[SYSREG_CRM(id) == 2 ? ARCH_TIMER_PHYSICAL : ARCH_TIMER_VIRTUAL];
	*written = false;
	if (access->is_read) {
		trap_answer(context, access, read_timer(timer, which));
	} else {
		*written = write_timer(timer, which, trap_value(context, access));
	}
	return true;
}
