/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A source of Group 0 interrupts, which QEMU's platform of TF-A has not: the secure physical timer (CNTPS) of
 * each PE. The SPMD takes the interrupt and calls the platform's function, in whose place ours stands: when the
 * normal world ran it took the FIQ itself, when the secure world did the SPMC sent it FFA_EL3_INTR_HANDLE.
 */
#include "el3.h"

#include <arch_helpers.h>
#include <bl31/interrupt_mgmt.h>
#include <drivers/arm/gicv3.h>
#include <lib/mmio.h>
#include <plat/common/platform.h>
#include <platform_def.h>

#define TIMER 29U
#define ENABLED 1U

/* Only the PE itself touches its own. */
static struct {
	uint64_t ticks; /* from one to the next */
	uint64_t left; /* how often it is still to come */
	uint64_t count[2]; /* handled, by security state */
} timers[PLATFORM_CORE_COUNT];

int __real_plat_spmd_handle_group0_interrupt(uint32_t intid);
int __wrap_plat_spmd_handle_group0_interrupt(uint32_t intid);

/** TF-A leaves Group 0 disabled in the distributor. */
int32_t group0_init(void)
{
	mmio_setbits_32(GICD_BASE + GICD_CTLR, CTLR_ENABLE_G0_BIT);
	return 0;
}

static void arm(uint64_t ticks)
{
	write_cntps_cval_el1(read_cntpct_el0() + ticks);
	write_cntps_ctl_el1(ENABLED);
	isb();
}

static void disarm(void)
{
	write_cntps_ctl_el1(0);
	isb(); /* the line is low before the interrupt ends */
}

/**
 * Lets this PE's timer come @times times, @ticks after now and after each was handled; counts anew.
 * Its interrupt is set up each time: TF-A does so for no PPI of a PE that comes back.
 */
void group0_start(uint64_t ticks, uint64_t times)
{
	unsigned int pe = plat_my_core_pos();

	disarm();
	timers[pe].ticks = ticks;
	timers[pe].left = times;
	timers[pe].count[NON_SECURE] = 0;
	timers[pe].count[SECURE] = 0;
	if (times == 0U) {
		return;
	}
	plat_ic_set_interrupt_type(TIMER, INTR_TYPE_EL3);
	plat_ic_set_interrupt_priority(TIMER, GIC_HIGHEST_SEC_PRIORITY);
	plat_ic_enable_interrupt(TIMER);
	arm(ticks);
}

/** How often this PE's timer was handled while @security_state ran. */
uint64_t group0_count(unsigned int security_state)
{
	return timers[plat_my_core_pos()].count[security_state];
}

/** Called by the SPMD with an acknowledged interrupt; negative: not handled, EL3 panics. */
int __wrap_plat_spmd_handle_group0_interrupt(uint32_t intid)
{
	unsigned int pe = plat_my_core_pos();

	if (intid != TIMER || timers[pe].left == 0U) {
		return __real_plat_spmd_handle_group0_interrupt(intid);
	}
	disarm();
	timers[pe].count[(read_scr_el3() & SCR_NS_BIT) != 0U ? NON_SECURE : SECURE]++;
	timers[pe].left--;
	if (timers[pe].left != 0U) {
		arm(timers[pe].ticks);
	}
	return 0;
}
