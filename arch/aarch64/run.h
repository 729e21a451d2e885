/* SPDX-License-Identifier: BSD-3-Clause */
/* What C uses of run.S besides arch_run(). */
#ifndef ARCH_AARCH64_RUN_H
#define ARCH_AARCH64_RUN_H

struct arch_el1;

/** Saves this PE's EL1 registers to @el1. */
void run_save_el1(struct arch_el1 *el1);

#endif
