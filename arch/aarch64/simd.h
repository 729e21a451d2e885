/* SPDX-License-Identifier: BSD-3-Clause */
/* Who has the FP, SIMD and vector registers of a PE. */
#ifndef ARCH_AARCH64_SIMD_H
#define ARCH_AARCH64_SIMD_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/arch_machine.h"

enum arch_vectors_form {
	VECTORS_NOTHING, /* nothing was saved yet */
	VECTORS_SIMD, /* in simd */
	VECTORS_SVE, /* in scalable, and FPSR and FPCR in simd */
	VECTORS_STREAMING, /* the same, of streaming mode */
};

/*
 * Of one PE, for the normal world: vectors of up to 2048 bits, predicates, FFR, as long as they are at the moment,
 * one behind the other. Lies in memory given to the PE at boot.
 */
struct arch_vectors {
	struct arch_simd simd;
	_Alignas(16) uint8_t scalable[32 * 256 + 17 * 32];
	uint64_t svcr; /* streaming mode and ZA when it was saved */
	uint64_t fpmr; /* of streaming mode */
	uint64_t zcr_el1, zcr_el2, smcr_el1; /* where partitions have SVE */
	enum arch_vectors_form form;
};

/** Gives the registers to @context, which just tried to use them. */
void simd_take(struct arch_pe *pe, struct arch_context *context);

/** Takes them away from whichever partition has them: the normal world's state is back. For run.S. */
void simd_give_back(struct arch_pe *pe);

#endif
