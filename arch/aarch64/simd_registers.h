/* SPDX-License-Identifier: BSD-3-Clause */
/* The instructions that C compiled without FP cannot use. CPTR_EL2 must allow them. */
#ifndef ARCH_AARCH64_SIMD_REGISTERS_H
#define ARCH_AARCH64_SIMD_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "arch/aarch64/simd.h"
#include "arch/aarch64/sysreg.h"

SYSREG_RW(svcr, "s3_3_c4_c2_2") /* streaming mode, ZA */
SYSREG_RW(smcr_el1, "s3_5_c1_c2_6") /* seen from a VHE EL2 */
SYSREG_RW(smcr_el2, "s3_4_c1_c2_6")
SYSREG_RW(zcr_el1, "s3_5_c1_c2_0")
SYSREG_RW(zcr_el2, "s3_4_c1_c2_0")

/** V registers, FPSR, FPCR. Loading clears what lies above 128 bits. */
void simd_save(struct arch_simd *simd);
void simd_load(const struct arch_simd *simd);

/** FPSR, FPCR alone. */
void simd_save_status(struct arch_simd *simd);
void simd_load_status(const struct arch_simd *simd);

/** Z and P registers at the current vector length; @ffr: FFR as well, which streaming mode may lack. */
void simd_save_scalable(void *memory, bool ffr);
void simd_load_scalable(const void *memory, bool ffr);

/** Zeros in all of them, FFR included. */
void simd_clear_scalable(void);

/** Bytes of a vector at the moment. */
size_t simd_vector_length(void);

/** FPMR, where the PE has it; where EL3 keeps it, 0 and without effect. */
uint64_t simd_read_fpmr(void);
void simd_write_fpmr(uint64_t value);

#endif
