/* SPDX-License-Identifier: BSD-3-Clause */
/* FP, SIMD and SVE registers to memory and back. */
#include "arch/aarch64/asm.h"
#include "asm_offsets.h"

	.arch	armv8.4-a+sve

/* void simd_save_status(struct arch_simd *x0) */
leaf simd_save_status
	mrs	x1, fpsr
	mrs	x2, fpcr
	str	x1, [x0, #SIMD_FPSR]
	str	x2, [x0, #SIMD_FPCR]
	ret
endfunc simd_save_status

/* void simd_load_status(const struct arch_simd *x0) */
leaf simd_load_status
	ldr	x1, [x0, #SIMD_FPSR]
	ldr	x2, [x0, #SIMD_FPCR]
	msr	fpsr, x1
	msr	fpcr, x2
	ret
endfunc simd_load_status

/* void simd_save(struct arch_simd *x0) */
leaf simd_save
	stp	q0, q1, [x0, #SIMD_V + 0]
	stp	q2, q3, [x0, #SIMD_V + 32]
	stp	q4, q5, [x0, #SIMD_V + 64]
	stp	q6, q7, [x0, #SIMD_V + 96]
	stp	q8, q9, [x0, #SIMD_V + 128]
	stp	q10, q11, [x0, #SIMD_V + 160]
	stp	q12, q13, [x0, #SIMD_V + 192]
	stp	q14, q15, [x0, #SIMD_V + 224]
	stp	q16, q17, [x0, #SIMD_V + 256]
	stp	q18, q19, [x0, #SIMD_V + 288]
	stp	q20, q21, [x0, #SIMD_V + 320]
	stp	q22, q23, [x0, #SIMD_V + 352]
	stp	q24, q25, [x0, #SIMD_V + 384]
	stp	q26, q27, [x0, #SIMD_V + 416]
	stp	q28, q29, [x0, #SIMD_V + 448]
	stp	q30, q31, [x0, #SIMD_V + 480]
	b	simd_save_status
endfunc simd_save

/* void simd_load(const struct arch_simd *x0) */
leaf simd_load
	ldp	q0, q1, [x0, #SIMD_V + 0]
	ldp	q2, q3, [x0, #SIMD_V + 32]
	ldp	q4, q5, [x0, #SIMD_V + 64]
	ldp	q6, q7, [x0, #SIMD_V + 96]
	ldp	q8, q9, [x0, #SIMD_V + 128]
	ldp	q10, q11, [x0, #SIMD_V + 160]
	ldp	q12, q13, [x0, #SIMD_V + 192]
	ldp	q14, q15, [x0, #SIMD_V + 224]
	ldp	q16, q17, [x0, #SIMD_V + 256]
	ldp	q18, q19, [x0, #SIMD_V + 288]
	ldp	q20, q21, [x0, #SIMD_V + 320]
	ldp	q22, q23, [x0, #SIMD_V + 352]
	ldp	q24, q25, [x0, #SIMD_V + 384]
	ldp	q26, q27, [x0, #SIMD_V + 416]
	ldp	q28, q29, [x0, #SIMD_V + 448]
	ldp	q30, q31, [x0, #SIMD_V + 480]
	b	simd_load_status
endfunc simd_load

/* void simd_save_scalable(struct arch_vectors *x0, bool w1) */
leaf simd_save_scalable
	add	x2, x0, #VECTORS_Z
	ldr	x3, =VECTORS_P
	add	x3, x0, x3
	str	z0, [x2, #0, mul vl]
	str	z1, [x2, #1, mul vl]
	str	z2, [x2, #2, mul vl]
	str	z3, [x2, #3, mul vl]
	str	z4, [x2, #4, mul vl]
	str	z5, [x2, #5, mul vl]
	str	z6, [x2, #6, mul vl]
	str	z7, [x2, #7, mul vl]
	str	z8, [x2, #8, mul vl]
	str	z9, [x2, #9, mul vl]
	str	z10, [x2, #10, mul vl]
	str	z11, [x2, #11, mul vl]
	str	z12, [x2, #12, mul vl]
	str	z13, [x2, #13, mul vl]
	str	z14, [x2, #14, mul vl]
	str	z15, [x2, #15, mul vl]
	str	z16, [x2, #16, mul vl]
	str	z17, [x2, #17, mul vl]
	str	z18, [x2, #18, mul vl]
	str	z19, [x2, #19, mul vl]
	str	z20, [x2, #20, mul vl]
	str	z21, [x2, #21, mul vl]
	str	z22, [x2, #22, mul vl]
	str	z23, [x2, #23, mul vl]
	str	z24, [x2, #24, mul vl]
	str	z25, [x2, #25, mul vl]
	str	z26, [x2, #26, mul vl]
	str	z27, [x2, #27, mul vl]
	str	z28, [x2, #28, mul vl]
	str	z29, [x2, #29, mul vl]
	str	z30, [x2, #30, mul vl]
	str	z31, [x2, #31, mul vl]
	str	p0, [x3, #0, mul vl]
	str	p1, [x3, #1, mul vl]
	str	p2, [x3, #2, mul vl]
	str	p3, [x3, #3, mul vl]
	str	p4, [x3, #4, mul vl]
	str	p5, [x3, #5, mul vl]
	str	p6, [x3, #6, mul vl]
	str	p7, [x3, #7, mul vl]
	str	p8, [x3, #8, mul vl]
	str	p9, [x3, #9, mul vl]
	str	p10, [x3, #10, mul vl]
	str	p11, [x3, #11, mul vl]
	str	p12, [x3, #12, mul vl]
	str	p13, [x3, #13, mul vl]
	str	p14, [x3, #14, mul vl]
	str	p15, [x3, #15, mul vl]
	cbz	w1, 1f
	ldr	x3, =VECTORS_FFR
	add	x3, x0, x3
	rdffr	p0.b
	str	p0, [x3]
1:	ret
	.ltorg
endfunc simd_save_scalable

/* void simd_load_scalable(const struct arch_vectors *x0, bool w1) */
leaf simd_load_scalable
	cbz	w1, 1f
	ldr	x3, =VECTORS_FFR
	add	x3, x0, x3
	ldr	p0, [x3]
	wrffr	p0.b
1:	add	x2, x0, #VECTORS_Z
	ldr	x3, =VECTORS_P
	add	x3, x0, x3
	ldr	z0, [x2, #0, mul vl]
	ldr	z1, [x2, #1, mul vl]
	ldr	z2, [x2, #2, mul vl]
	ldr	z3, [x2, #3, mul vl]
	ldr	z4, [x2, #4, mul vl]
	ldr	z5, [x2, #5, mul vl]
	ldr	z6, [x2, #6, mul vl]
	ldr	z7, [x2, #7, mul vl]
	ldr	z8, [x2, #8, mul vl]
	ldr	z9, [x2, #9, mul vl]
	ldr	z10, [x2, #10, mul vl]
	ldr	z11, [x2, #11, mul vl]
	ldr	z12, [x2, #12, mul vl]
	ldr	z13, [x2, #13, mul vl]
	ldr	z14, [x2, #14, mul vl]
	ldr	z15, [x2, #15, mul vl]
	ldr	z16, [x2, #16, mul vl]
	ldr	z17, [x2, #17, mul vl]
	ldr	z18, [x2, #18, mul vl]
	ldr	z19, [x2, #19, mul vl]
	ldr	z20, [x2, #20, mul vl]
	ldr	z21, [x2, #21, mul vl]
	ldr	z22, [x2, #22, mul vl]
	ldr	z23, [x2, #23, mul vl]
	ldr	z24, [x2, #24, mul vl]
	ldr	z25, [x2, #25, mul vl]
	ldr	z26, [x2, #26, mul vl]
	ldr	z27, [x2, #27, mul vl]
	ldr	z28, [x2, #28, mul vl]
	ldr	z29, [x2, #29, mul vl]
	ldr	z30, [x2, #30, mul vl]
	ldr	z31, [x2, #31, mul vl]
	ldr	p0, [x3, #0, mul vl]
	ldr	p1, [x3, #1, mul vl]
	ldr	p2, [x3, #2, mul vl]
	ldr	p3, [x3, #3, mul vl]
	ldr	p4, [x3, #4, mul vl]
	ldr	p5, [x3, #5, mul vl]
	ldr	p6, [x3, #6, mul vl]
	ldr	p7, [x3, #7, mul vl]
	ldr	p8, [x3, #8, mul vl]
	ldr	p9, [x3, #9, mul vl]
	ldr	p10, [x3, #10, mul vl]
	ldr	p11, [x3, #11, mul vl]
	ldr	p12, [x3, #12, mul vl]
	ldr	p13, [x3, #13, mul vl]
	ldr	p14, [x3, #14, mul vl]
	ldr	p15, [x3, #15, mul vl]
	ret
	.ltorg
endfunc simd_load_scalable
