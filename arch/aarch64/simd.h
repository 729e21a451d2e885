/* SPDX-License-Identifier: BSD-3-Clause */
/* Who has the FP, SIMD and vector registers of a PE. */
#ifndef ARCH_AARCH64_SIMD_H
#define ARCH_AARCH64_SIMD_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/arch_machine.h"

/* Of one PE, for the normal world: vectors of up to 2048 bits. Lies in memory given to the PE at boot. */
struct arch_vectors {
	struct arch_simd simd;
	_Alignas(16) uint8_t z[32 * 256];
	_Alignas(16) uint8_t p[16 * 32];
	_Alignas(16) uint8_t ffr[32];
	uint64_t svcr; /* streaming mode and ZA when it was saved */
	bool scalable; /* z and p hold its state, not simd.v */
	bool saved; /* anything at all */
};

/** Gives the registers to @context, which just tried to use them. */
void simd_take(struct arch_pe *pe, struct arch_context *context);

/** Takes them away from whichever partition has them: the normal world's state is back. For run.S. */
void simd_give_back(struct arch_pe *pe);

#endif
