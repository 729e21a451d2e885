/* SPDX-License-Identifier: BSD-3-Clause */
/* Live vector registers, for the client and the partitions. */
#include "sdk/asm.h"

	.arch	armv8.2-a+sve

/* void vectors_use_simd(void) */
func vectors_use_simd
	movi	v0.16b, #0x5a
	ret
endfunc vectors_use_simd

/* void vectors_use_sve(void) */
func vectors_use_sve
	mov	z0.b, #0x5a
	ptrue	p0.b
	ret
endfunc vectors_use_sve

/* void vectors_open_to_el1(void) */
func vectors_open_to_el1
	mov	x0, #(3 << 20)			/* CPACR_EL1.FPEN */
	msr	cpacr_el1, x0
	isb
	ret
endfunc vectors_open_to_el1
