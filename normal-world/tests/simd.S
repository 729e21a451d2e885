/* SPDX-License-Identifier: BSD-3-Clause */
/* SIMD registers of the client. */
#include "sdk/asm.h"

	.arch_extension fp
	.arch_extension simd

.macro vectors action
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\action	\n
	.endr
.endm

.macro vector_load number
	add	x1, x0, #\number
	mov	v\number\().d[0], x1
	mvn	x1, x1
	mov	v\number\().d[1], x1
.endm

/* void client_simd_load(uint64_t pattern); sets FPCR and FPSR too */
func client_simd_load
	vectors	vector_load
	mov	x1, #(1 << 24)			/* flush to zero */
	msr	fpcr, x1
	mov	x1, #0x1f			/* all cumulative exceptions */
	msr	fpsr, x1
	ret
endfunc client_simd_load

.macro vector_check number
	add	x1, x0, #\number
	mov	x2, v\number\().d[0]
	mov	x3, v\number\().d[1]
	eor	x2, x2, x1
	mvn	x1, x1
	eor	x3, x3, x1
	orr	x2, x2, x3
	cmp	x2, #0
	cset	x2, ne
	lsl	x2, x2, #\number
	orr	x4, x4, x2
.endm

/* uint64_t client_simd_check(uint64_t pattern): a bit for each that changed; 32 FPCR, 33 FPSR */
func client_simd_check
	mov	x4, #0
	vectors	vector_check
	mrs	x1, fpcr
	mov	x2, #(1 << 24)
	cmp	x1, x2
	cset	x1, ne
	orr	x4, x4, x1, lsl #32
	mrs	x1, fpsr
	cmp	x1, #0x1f
	cset	x1, ne
	orr	x4, x4, x1, lsl #33
	mov	x0, x4
	ret
endfunc client_simd_check
