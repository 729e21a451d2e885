/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls, as Hafnium's partitions know them: HVC at S-EL1, SVC at S-EL0. They are
 * not of FF-A; a partition may do without.
 */
#ifndef SDK_PARAVIRT_H
#define SDK_PARAVIRT_H

#include "abi/paravirt.h"
#include "sdk/ffa_call.h"

#include <stdint.h>

/** The bare call, by the conduit of this exception level. */
void paravirt_call(struct ffa_regs *regs);

/** 0, or -1: not an interrupt of this partition, no such pin. */
int64_t paravirt_interrupt_enable(uint32_t id, enum paravirt_pin pin);
int64_t paravirt_interrupt_disable(uint32_t id);

/** A pending and enabled one, which pends no more; PARAVIRT_NONE: there is none. */
uint32_t paravirt_interrupt_get(void);

/** Lets a physical interrupt come again. Nothing to do for those of the SPMC. */
void paravirt_interrupt_deactivate(uint32_t id);

/** 0, or -1: not an interrupt of this partition, or a value that it may not have. */
int64_t paravirt_interrupt_reconfigure(uint32_t id, enum paravirt_reconfigure what, uint32_t value);

/** PARAVIRT_IPI for vCPU @index of this partition, which may be the caller. 0, or -1: that has not started. */
int64_t paravirt_send_ipi(uint32_t index);

#endif
