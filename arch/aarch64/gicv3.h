/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupt controller of a PE. */
#ifndef ARCH_AARCH64_GICV3_H
#define ARCH_AARCH64_GICV3_H

struct arch_pe;

/** Readies the CPU interface of this PE and finds its redistributor. At every power-up. */
void gicv3_init_pe(struct arch_pe *pe);

#endif
