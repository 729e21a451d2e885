/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls, as Hafnium's partitions know them: HVC at S-EL1, SVC at S-EL0. They are
 * not of FF-A; a partition may do without.
 */
#ifndef SDK_PARAVIRT_H
#define SDK_PARAVIRT_H

#include "sdk/ffa_call.h"

#include <stdint.h>

/* Function numbers, x0. */
#define PARAVIRT_INTERRUPT_ENABLE 0xFF03U
#define PARAVIRT_INTERRUPT_GET 0xFF04U
#define PARAVIRT_INTERRUPT_DEACTIVATE 0xFF08U

/* Virtual interrupts that the SPMC raises itself. */
#define PARAVIRT_MANAGED_EXIT 4U
#define PARAVIRT_NOTIFICATION_PENDING 5U /* NPI: FFA_NOTIFICATION_GET would return something */
#define PARAVIRT_NONE 0xFFFFFFFFU

/** How a virtual interrupt comes. */
enum paravirt_pin {
	PARAVIRT_IRQ,
	PARAVIRT_FIQ,
};

/** The bare call, by the conduit of this exception level. */
void paravirt_call(struct ffa_regs *regs);

/** 0, or -1: not an interrupt of this partition, no such pin. */
int64_t paravirt_interrupt_enable(uint32_t id, enum paravirt_pin pin);
int64_t paravirt_interrupt_disable(uint32_t id);

/** A pending and enabled one, which pends no more; PARAVIRT_NONE: there is none. */
uint32_t paravirt_interrupt_get(void);

/** Lets a physical interrupt come again. Nothing to do for those of the SPMC. */
void paravirt_interrupt_deactivate(uint32_t id);

#endif
