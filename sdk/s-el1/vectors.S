/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions of an S-EL1 partition: all registers into a frame, then to exception.c. */
#include "sdk/asm.h"

#define FRAME_SIZE	288			/* struct partition_exception, rounded up to 16 */

.macro vector kind
	.balign 128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x1, #\kind
	b	take
.endm

	.section .text.vectors, "ax"
	.balign 2048
	.global sdk_vectors
sdk_vectors:
	vector	4				/* with SP_EL0: nobody should */
	vector	4
	vector	4
	vector	4
	vector	0				/* synchronous */
	vector	1				/* IRQ */
	vector	2				/* FIQ */
	vector	3				/* SError */
	.rept	8				/* lower level: there is none */
	vector	4
	.endr

take:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x2, elr_el1
	stp	x30, x2, [sp, #240]
	mrs	x2, spsr_el1
	mrs	x3, esr_el1
	stp	x2, x3, [sp, #256]
	mrs	x2, far_el1
	str	x2, [sp, #272]
	mov	x0, sp
	bl	sdk_exception
	ldr	x2, [sp, #248]
	msr	elr_el1, x2
	ldr	x2, [sp, #256]
	msr	spsr_el1, x2
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret
	dsb	sy
	isb

/*
 * A fault nobody can handle: the vectors and the next instruction at an address that is mapped nowhere.
 */
func partition_die
	msr	daifset, #0xf
	mov	x0, #0x1000			/* IPA never given to a partition */
	msr	vbar_el1, x0
	mrs	x1, sctlr_el1
	bic	x1, x1, #1			/* translation off: the fault is stage 2's */
	msr	sctlr_el1, x1
	isb
	br	x0
endfunc partition_die
