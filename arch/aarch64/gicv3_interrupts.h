/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts of a PE that are the SPMC's own business; the rest of gicv3_interrupts.c is in arch.h. */
#ifndef ARCH_AARCH64_GICV3_INTERRUPTS_H
#define ARCH_AARCH64_GICV3_INTERRUPTS_H

#include <stdint.h>

struct arch_pe;

/** Makes private @intid of @pe ours: Group 1 Secure, more urgent than any partition's, enabled, not active. */
void gicv3_own_secure(const struct arch_pe *pe, uint32_t intid);

/** Makes private @intid of @pe the normal world's; whether it is enabled stays. */
void gicv3_give_normal_world(const struct arch_pe *pe, uint32_t intid, uint8_t priority);

#endif
