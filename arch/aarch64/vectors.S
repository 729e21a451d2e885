/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EL2's exception vectors. While a partition runs, SP_EL2 is its arch_context: the registers go straight
 * there. Exceptions of EL2 itself keep theirs on the stack, or on one of last resort.
 */
#include "arch/aarch64/asm.h"
#include "arch/aarch64/layout.h"
#include "asm_offsets.h"

/*
 * Exception of EL2 itself, vector \number. Whether the stack has room for a frame is asked without
 * touching memory or losing a register: x0 is added to SP and taken off again.
 */
	.macro	own number
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	add	sp, sp, x0			/* sp + x0 */
	sub	x0, sp, x0			/* sp */
	tbz	x0, #STACK_VALID_BIT, stack_lost_\number
	sub	x0, sp, x0			/* x0 as before */
	sub	sp, sp, x0			/* sp as before */
	stp	x0, x1, [sp, #FRAME_X0]
	add	x0, sp, #FRAME_SIZE
	str	x0, [sp, #FRAME_SP]
	mov	x0, #\number
	b	own_exception
stack_lost_\number:
	sub	x0, sp, x0
	sub	sp, sp, x0
	mov	x16, sp				/* x16, x17 are lost: nobody returns from here */
	adrp	x17, crash_stack + PAGE_BYTES
	mov	sp, x17
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #FRAME_X0]
	add	x16, x16, #FRAME_SIZE
	str	x16, [sp, #FRAME_SP]
	mov	x0, #\number
	b	own_exception
	.endm

/* Exception of a partition. The vector's identity is left in w0: a syndrome or EXIT_... */
	.macro	lower
	.balign	128
	stp	x0, x1, [sp, #CONTEXT_X0]
	stp	x2, x3, [sp, #CONTEXT_X0 + 16]
	stp	x4, x5, [sp, #CONTEXT_X0 + 32]
	stp	x6, x7, [sp, #CONTEXT_X0 + 48]
	stp	x8, x9, [sp, #CONTEXT_X0 + 64]
	stp	x10, x11, [sp, #CONTEXT_X0 + 80]
	stp	x12, x13, [sp, #CONTEXT_X0 + 96]
	stp	x14, x15, [sp, #CONTEXT_X0 + 112]
	stp	x16, x17, [sp, #CONTEXT_X0 + 128]
	stp	x18, x19, [sp, #CONTEXT_X0 + 144]
	stp	x20, x21, [sp, #CONTEXT_X0 + 160]
	stp	x22, x23, [sp, #CONTEXT_X0 + 176]
	stp	x24, x25, [sp, #CONTEXT_X0 + 192]
	stp	x26, x27, [sp, #CONTEXT_X0 + 208]
	stp	x28, x29, [sp, #CONTEXT_X0 + 224]
	.endm

	.macro	lower_sync
	lower
	mrs	x0, esr_el2
	b	run_exit
	.endm

	.macro	lower_async exit
	lower
	mov	w0, #\exit
	b	run_exit
	.endm

	.section .vectors, "ax", %progbits
	.balign	2048
	.global	exception_vectors
exception_vectors:
	own	0				/* EL2, SP_EL0: never */
	own	1
	own	2
	own	3
	own	4				/* EL2, SP_EL2 */
	own	5
	own	6
	own	7
	lower_sync				/* partitions, AArch64 */
	lower_async EXIT_IRQ
	lower_async EXIT_FIQ
	lower_async EXIT_SERROR
	lower_sync				/* partitions, EL0 in AArch32 */
	lower_async EXIT_IRQ
	lower_async EXIT_FIQ
	lower_async EXIT_SERROR
	.balign	128

	.section .text.own_exception, "ax", %progbits
	.type	own_exception, %function
own_exception:
	stp	x2, x3, [sp, #FRAME_X0 + 16]
	stp	x4, x5, [sp, #FRAME_X0 + 32]
	stp	x6, x7, [sp, #FRAME_X0 + 48]
	stp	x8, x9, [sp, #FRAME_X0 + 64]
	stp	x10, x11, [sp, #FRAME_X0 + 80]
	stp	x12, x13, [sp, #FRAME_X0 + 96]
	stp	x14, x15, [sp, #FRAME_X0 + 112]
	stp	x16, x17, [sp, #FRAME_X0 + 128]
	stp	x18, x19, [sp, #FRAME_X0 + 144]
	stp	x20, x21, [sp, #FRAME_X0 + 160]
	stp	x22, x23, [sp, #FRAME_X0 + 176]
	stp	x24, x25, [sp, #FRAME_X0 + 192]
	stp	x26, x27, [sp, #FRAME_X0 + 208]
	stp	x28, x29, [sp, #FRAME_X0 + 224]
	str	x30, [sp, #FRAME_X30]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	str	x2, [sp, #FRAME_PC]
	str	x3, [sp, #FRAME_PSTATE]
	mov	x1, x0
	mov	x0, sp
	bl	exception_take			/* returns only when there is a fixup */

	ldr	x2, [sp, #FRAME_PC]
	ldr	x3, [sp, #FRAME_PSTATE]
	msr	elr_el2, x2
	msr	spsr_el2, x3
	ldr	x30, [sp, #FRAME_X30]
	ldp	x18, x19, [sp, #FRAME_X0 + 144]	/* C has kept x19-x29 */
	ldp	x16, x17, [sp, #FRAME_X0 + 128]
	ldp	x14, x15, [sp, #FRAME_X0 + 112]
	ldp	x12, x13, [sp, #FRAME_X0 + 96]
	ldp	x10, x11, [sp, #FRAME_X0 + 80]
	ldp	x8, x9, [sp, #FRAME_X0 + 64]
	ldp	x6, x7, [sp, #FRAME_X0 + 48]
	ldp	x4, x5, [sp, #FRAME_X0 + 32]
	ldp	x2, x3, [sp, #FRAME_X0 + 16]
	ldp	x0, x1, [sp, #FRAME_X0]
	add	sp, sp, #FRAME_SIZE
	eret
	speculation_barrier
	.size	own_exception, . - own_exception

/* Shared by all PEs: two that die at once garble each other's dump, and both are dead. */
	.section .stack, "aw", %nobits
	.balign	PAGE_BYTES
crash_stack:
	.space	PAGE_BYTES
