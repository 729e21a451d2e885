/* SPDX-License-Identifier: BSD-3-Clause */
/* The instructions that C compiled without FP cannot use. CPTR_EL2 must allow them. */
#ifndef ARCH_AARCH64_SIMD_REGISTERS_H
#define ARCH_AARCH64_SIMD_REGISTERS_H

#include <stdbool.h>

#include "arch/aarch64/simd.h"
#include "arch/aarch64/sysreg.h"

SYSREG_RW(svcr, "s3_3_c4_c2_2") /* streaming mode, ZA */

/** V registers, FPSR, FPCR. Loading clears what lies above 128 bits. */
void simd_save(struct arch_simd *simd);
void simd_load(const struct arch_simd *simd);

/** FPSR, FPCR alone. */
void simd_save_status(struct arch_simd *simd);
void simd_load_status(const struct arch_simd *simd);

/** Z and P registers at the current vector length; @ffr: FFR as well, which streaming mode may lack. */
void simd_save_scalable(struct arch_vectors *vectors, bool ffr);
void simd_load_scalable(const struct arch_vectors *vectors, bool ffr);

#endif
