/* SPDX-License-Identifier: BSD-3-Clause */
/* Between entry.S and the C code that prepares EL2's translation regime; symbols of the linker script. */
#ifndef ARCH_AARCH64_BOOT_MMU_H
#define ARCH_AARCH64_BOOT_MMU_H

#include <stdbool.h>
#include <stdint.h>

/** What every PE loads to switch its MMU on. Written with caches off, so that it is read right without. */
struct boot_mmu {
	uint64_t ttbr0, ttbr1;
	uint64_t tcr, mair;
	uint64_t sctlr;
};

extern struct boot_mmu boot_mmu;

bool boot_mmu_build(void);

/* Linker script; the addresses are the information. */
extern const char image_start[], text_end[], rodata_end[], image_end[];
extern const char early_start[], early_end[], pool_start[], pool_end[];
extern const char boot_stack[]; /* entry.S */

#endif
