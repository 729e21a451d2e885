/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows of a PE. */
#ifndef ARCH_AARCH64_MMU_H
#define ARCH_AARCH64_MMU_H

struct arch_pe;

/** Finds the window addresses of this PE, all closed. At every power-up. */
void mmu_init_pe(struct arch_pe *pe);

#endif
