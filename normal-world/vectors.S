/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions at NS-EL2 and NS-EL1, going down to EL1 and back, and jumps out of a failed test. */
#include "sdk/asm.h"

#define FRAME_SIZE	288			/* struct exception_frame, rounded up to 16 */

.macro vector kind
	.balign 128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x1, #\kind
	b	take
.endm

	.section .text.vectors, "ax"
	.balign 2048
	.global vectors_el2
vectors_el2:
	vector	4
	vector	4
	vector	4
	vector	4
	vector	0				/* synchronous */
	vector	1				/* IRQ */
	vector	2				/* FIQ */
	vector	3				/* SError */
	vector	5				/* synchronous, from EL1 */
	vector	1
	vector	2
	vector	3
	.rept	4
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
	mrs	x2, elr_el2
	stp	x30, x2, [sp, #240]
	mrs	x2, spsr_el2
	mrs	x3, esr_el2
	stp	x2, x3, [sp, #256]
	mrs	x2, far_el2
	str	x2, [sp, #272]
	mov	x0, sp
	bl	exception_take
	ldr	x2, [sp, #248]
	msr	elr_el2, x2
	ldr	x2, [sp, #256]
	msr	spsr_el2, x2
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

/* At EL1 every exception is unexpected: report it at EL2. */
	.section .text.vectors_el1, "ax"
	.balign 2048
	.global vectors_el1
vectors_el1:
	.rept	16
	.balign 128
	hvc	#2
	b	.
	.endr

/*
 * uint64_t el1_enter(function, argument, stack): runs function(argument) at NS-EL1.
 * The way back: HVC 1 traps, exception.c lets it return to el1_resume at EL2.
 */
func el1_enter
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	msr	sp_el1, x2
	adr	x3, 1f
	msr	elr_el2, x3
	mov	x3, #0x3c5			/* EL1h, exceptions masked */
	msr	spsr_el2, x3
	mov	x4, x0
	mov	x0, x1
	eret
	dsb	sy
	isb
1:	blr	x4
	hvc	#1
	b	.
	.global el1_resume
el1_resume:
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret
endfunc el1_enter

/* int checkpoint_set(uint64_t buffer[13]): 0, or 1 when checkpoint_return() came back to it. */
func checkpoint_set
	mov	x1, sp
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	str	x1, [x0, #96]
	mov	w0, #0
	ret
endfunc checkpoint_set

func checkpoint_return
	ldp	x19, x20, [x0]
	ldp	x21, x22, [x0, #16]
	ldp	x23, x24, [x0, #32]
	ldp	x25, x26, [x0, #48]
	ldp	x27, x28, [x0, #64]
	ldp	x29, x30, [x0, #80]
	ldr	x1, [x0, #96]
	mov	sp, x1
	mov	w0, #1
	ret
endfunc checkpoint_return

/* Accesses that may abort: 0, or 1 with the syndrome in the PE's record (exception.c). */
	.text
	.global probe_start, probe_end, probe_failed
func probe_read
probe_start:
	ldr	x2, [x0]
	str	x2, [x1]
	mov	w0, #0
	ret
endfunc probe_read
func probe_write
	str	x1, [x0]
	dsb	sy
	mov	w0, #0
	ret
endfunc probe_write
/* uint64_t semihosting_trap(operation, block) */
func semihosting_trap
	hlt	#0xf000
	ret
endfunc semihosting_trap
probe_end:
	nop
probe_failed:
	mov	x0, #-1
	ret
