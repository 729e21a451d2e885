/* SPDX-License-Identifier: BSD-3-Clause */
/* Macros of the assembly sources. */
#ifndef ARCH_AARCH64_ASM_H
#define ARCH_AARCH64_ASM_H

/* A function in its own section. PACIASP is a BTI landing pad; `leaf` ones have only that. */
	.macro	func name
	.section .text.\name, "ax", %progbits
	.global	\name
	.type	\name, %function
	.balign	4
\name:
	paciasp
	.endm

	.macro	leaf name
	.section .text.\name, "ax", %progbits
	.global	\name
	.type	\name, %function
	.balign	4
\name:
	bti	c
	.endm

	.macro	endfunc name
	.size	\name, . - \name
	.endm

/* Where to go on when the instruction at \at faults in EL2 (exception.c). */
	.macro	fixup at, to
	.pushsection .extable, "a", %progbits
	.balign	4
	.word	\at - .
	.word	\to - .
	.popsection
	.endm

/* Behind an ERET or an endless branch: nothing is executed there, not even speculatively. */
	.macro	speculation_barrier
	dsb	nsh
	isb
	.endm

#endif
