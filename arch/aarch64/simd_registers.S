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

/*
 * Vectors of the current length at x0, then predicates, then FFR.
 */
	.macro	behind_vectors
	rdvl	x2, #31
	add	x2, x0, x2
	addvl	x2, x2, #1
	.endm

/* void simd_save_scalable(void *x0, bool w1): w1: FFR is there */
leaf simd_save_scalable
	behind_vectors
	str	z0, [x0, #0, mul vl]
	str	z1, [x0, #1, mul vl]
	str	z2, [x0, #2, mul vl]
	str	z3, [x0, #3, mul vl]
	str	z4, [x0, #4, mul vl]
	str	z5, [x0, #5, mul vl]
	str	z6, [x0, #6, mul vl]
	str	z7, [x0, #7, mul vl]
	str	z8, [x0, #8, mul vl]
	str	z9, [x0, #9, mul vl]
	str	z10, [x0, #10, mul vl]
	str	z11, [x0, #11, mul vl]
	str	z12, [x0, #12, mul vl]
	str	z13, [x0, #13, mul vl]
	str	z14, [x0, #14, mul vl]
	str	z15, [x0, #15, mul vl]
	str	z16, [x0, #16, mul vl]
	str	z17, [x0, #17, mul vl]
	str	z18, [x0, #18, mul vl]
	str	z19, [x0, #19, mul vl]
	str	z20, [x0, #20, mul vl]
	str	z21, [x0, #21, mul vl]
	str	z22, [x0, #22, mul vl]
	str	z23, [x0, #23, mul vl]
	str	z24, [x0, #24, mul vl]
	str	z25, [x0, #25, mul vl]
	str	z26, [x0, #26, mul vl]
	str	z27, [x0, #27, mul vl]
	str	z28, [x0, #28, mul vl]
	str	z29, [x0, #29, mul vl]
	str	z30, [x0, #30, mul vl]
	str	z31, [x0, #31, mul vl]
	str	p0, [x2, #0, mul vl]
	str	p1, [x2, #1, mul vl]
	str	p2, [x2, #2, mul vl]
	str	p3, [x2, #3, mul vl]
	str	p4, [x2, #4, mul vl]
	str	p5, [x2, #5, mul vl]
	str	p6, [x2, #6, mul vl]
	str	p7, [x2, #7, mul vl]
	str	p8, [x2, #8, mul vl]
	str	p9, [x2, #9, mul vl]
	str	p10, [x2, #10, mul vl]
	str	p11, [x2, #11, mul vl]
	str	p12, [x2, #12, mul vl]
	str	p13, [x2, #13, mul vl]
	str	p14, [x2, #14, mul vl]
	str	p15, [x2, #15, mul vl]
	cbz	w1, 1f
	rdffr	p0.b
	str	p0, [x2, #16, mul vl]
1:	ret
endfunc simd_save_scalable

/* void simd_load_scalable(const void *x0, bool w1) */
leaf simd_load_scalable
	behind_vectors
	cbz	w1, 1f
	ldr	p0, [x2, #16, mul vl]
	wrffr	p0.b
1:
	ldr	z0, [x0, #0, mul vl]
	ldr	z1, [x0, #1, mul vl]
	ldr	z2, [x0, #2, mul vl]
	ldr	z3, [x0, #3, mul vl]
	ldr	z4, [x0, #4, mul vl]
	ldr	z5, [x0, #5, mul vl]
	ldr	z6, [x0, #6, mul vl]
	ldr	z7, [x0, #7, mul vl]
	ldr	z8, [x0, #8, mul vl]
	ldr	z9, [x0, #9, mul vl]
	ldr	z10, [x0, #10, mul vl]
	ldr	z11, [x0, #11, mul vl]
	ldr	z12, [x0, #12, mul vl]
	ldr	z13, [x0, #13, mul vl]
	ldr	z14, [x0, #14, mul vl]
	ldr	z15, [x0, #15, mul vl]
	ldr	z16, [x0, #16, mul vl]
	ldr	z17, [x0, #17, mul vl]
	ldr	z18, [x0, #18, mul vl]
	ldr	z19, [x0, #19, mul vl]
	ldr	z20, [x0, #20, mul vl]
	ldr	z21, [x0, #21, mul vl]
	ldr	z22, [x0, #22, mul vl]
	ldr	z23, [x0, #23, mul vl]
	ldr	z24, [x0, #24, mul vl]
	ldr	z25, [x0, #25, mul vl]
	ldr	z26, [x0, #26, mul vl]
	ldr	z27, [x0, #27, mul vl]
	ldr	z28, [x0, #28, mul vl]
	ldr	z29, [x0, #29, mul vl]
	ldr	z30, [x0, #30, mul vl]
	ldr	z31, [x0, #31, mul vl]
	ldr	p0, [x2, #0, mul vl]
	ldr	p1, [x2, #1, mul vl]
	ldr	p2, [x2, #2, mul vl]
	ldr	p3, [x2, #3, mul vl]
	ldr	p4, [x2, #4, mul vl]
	ldr	p5, [x2, #5, mul vl]
	ldr	p6, [x2, #6, mul vl]
	ldr	p7, [x2, #7, mul vl]
	ldr	p8, [x2, #8, mul vl]
	ldr	p9, [x2, #9, mul vl]
	ldr	p10, [x2, #10, mul vl]
	ldr	p11, [x2, #11, mul vl]
	ldr	p12, [x2, #12, mul vl]
	ldr	p13, [x2, #13, mul vl]
	ldr	p14, [x2, #14, mul vl]
	ldr	p15, [x2, #15, mul vl]
	ret
endfunc simd_load_scalable

/* void simd_clear_scalable(void): vectors, predicates, FFR */
leaf simd_clear_scalable
	mov	z0.b, #0
	mov	z1.b, #0
	mov	z2.b, #0
	mov	z3.b, #0
	mov	z4.b, #0
	mov	z5.b, #0
	mov	z6.b, #0
	mov	z7.b, #0
	mov	z8.b, #0
	mov	z9.b, #0
	mov	z10.b, #0
	mov	z11.b, #0
	mov	z12.b, #0
	mov	z13.b, #0
	mov	z14.b, #0
	mov	z15.b, #0
	mov	z16.b, #0
	mov	z17.b, #0
	mov	z18.b, #0
	mov	z19.b, #0
	mov	z20.b, #0
	mov	z21.b, #0
	mov	z22.b, #0
	mov	z23.b, #0
	mov	z24.b, #0
	mov	z25.b, #0
	mov	z26.b, #0
	mov	z27.b, #0
	mov	z28.b, #0
	mov	z29.b, #0
	mov	z30.b, #0
	mov	z31.b, #0
	pfalse	p0.b
	pfalse	p1.b
	pfalse	p2.b
	pfalse	p3.b
	pfalse	p4.b
	pfalse	p5.b
	pfalse	p6.b
	pfalse	p7.b
	pfalse	p8.b
	pfalse	p9.b
	pfalse	p10.b
	pfalse	p11.b
	pfalse	p12.b
	pfalse	p13.b
	pfalse	p14.b
	pfalse	p15.b
	wrffr	p0.b
	ret
endfunc simd_clear_scalable

/* size_t simd_vector_length(void): bytes */
leaf simd_vector_length
	rdvl	x0, #1
	ret
endfunc simd_vector_length

/* uint64_t simd_read_fpmr(void): 0 where EL3 lets it be undefined */
leaf simd_read_fpmr
	mov	x0, #0
1:	mrs	x0, s3_3_c4_c4_2
2:	ret
	fixup	1b, 2b
endfunc simd_read_fpmr

/* void simd_write_fpmr(uint64_t x0) */
leaf simd_write_fpmr
1:	msr	s3_3_c4_c4_2, x0
2:	ret
	fixup	1b, 2b
endfunc simd_write_fpmr
