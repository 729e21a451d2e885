/* SPDX-License-Identifier: BSD-3-Clause */
/* What the test partition must do in known registers or at known addresses. */
#include "sdk/asm.h"

	.arch_extension fp
	.arch_extension simd

.macro pattern reg, number
	mov	\reg, #(0x5A00 + \number)
	movk	\reg, #0xA5C3, lsl #32
	movk	\reg, #(0x1100 + \number), lsl #48
.endm

.macro check number
	pattern	x2, \number
	cmp	x2, x\number
	cset	x2, ne
	lsl	x2, x2, #\number
	orr	x1, x1, x2
.endm

/* x0: stop word, x1: most rounds. Returns a bit for each register that changed. */
func image_keep_registers
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x18, [sp, #96]
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	pattern	x\n, \n
	.endr
0:	ldr	x2, [x0]
	cbnz	x2, 1f
	subs	x1, x1, #1
	b.ne	0b
1:	mov	x1, #0
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	check	\n
	.endr
	mov	x0, x1
	ldr	x18, [sp, #96]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret
endfunc image_keep_registers

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

func image_simd_load
	vectors	vector_load
	ret
endfunc image_simd_load

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

func image_simd_check
	mov	x4, #0
	vectors	vector_check
	mov	x0, x4
	ret
endfunc image_simd_check

	.global image_read_at, image_write_at, image_execute_return
func image_read
image_read_at:
	ldr	x0, [x0]
	ret
endfunc image_read

func image_write
image_write_at:
	str	x1, [x0]
	ret
endfunc image_write

func image_execute
	str	x30, [sp, #-16]!
	blr	x0
image_execute_return:
	ldr	x30, [sp], #16
	ret
endfunc image_execute

func image_undefined
	udf	#0
	ret
endfunc image_undefined
