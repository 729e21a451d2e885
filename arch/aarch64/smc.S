/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of the SPMC itself to EL3. */
#include "arch/aarch64/asm.h"

/* void arch_smc(uint64_t x[18]). EL3 keeps x18-x30. */
leaf arch_smc
	mov	x18, x0
	ldp	x0, x1, [x18]
	ldp	x2, x3, [x18, #16]
	ldp	x4, x5, [x18, #32]
	ldp	x6, x7, [x18, #48]
	ldp	x8, x9, [x18, #64]
	ldp	x10, x11, [x18, #80]
	ldp	x12, x13, [x18, #96]
	ldp	x14, x15, [x18, #112]
	ldp	x16, x17, [x18, #128]
	smc	#0
	stp	x0, x1, [x18]
	stp	x2, x3, [x18, #16]
	stp	x4, x5, [x18, #32]
	stp	x6, x7, [x18, #48]
	stp	x8, x9, [x18, #64]
	stp	x10, x11, [x18, #80]
	stp	x12, x13, [x18, #96]
	stp	x14, x15, [x18, #112]
	stp	x16, x17, [x18, #128]
	ret
endfunc arch_smc
