/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Start of an S-EL1 partition: MMU off, exceptions masked, x4 = index of the context, boot information
 * in the register of x0-x3 that the manifest names: the last one that is not zero. Keeps the state found for partition_entry[], then:
 * stack, vectors, and in the first context BSS and relocation.
 */
#include "sdk/asm.h"

#define STACK_SIZE	0x2000
#define CONTEXTS	32

	.section .text.start, "ax"
	.global _start
	.type _start, %function
_start:
	msr	tpidr_el1, x0
	msr	tpidr_el0, x1
	address	x0, partition_entry
	and	x1, x4, #(CONTEXTS - 1)
	add	x0, x0, x1, lsl #9		/* the entry of this context */
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	str	x30, [x0, #240]
	mrs	x20, tpidr_el1			/* x20: boot information */
	mrs	x5, tpidr_el0
	stp	x20, x5, [x0]
	cmp	x5, #0
	csel	x20, x5, x20, ne
	cmp	x2, #0
	csel	x20, x2, x20, ne
	cmp	x3, #0
	csel	x20, x3, x20, ne
	mrs	x2, CurrentEL
	mrs	x3, sctlr_el1
	stp	x2, x3, [x0, #248]
	mrs	x2, daif
	mrs	x3, SPSel
	stp	x2, x3, [x0, #264]
	mrs	x2, mpidr_el1
	mrs	x3, vbar_el1
	stp	x2, x3, [x0, #280]
	ldr	x2, [x0, #296]
	add	x2, x2, #1
	str	x2, [x0, #296]

	mov	x21, x1				/* x21: context */
	address	x2, stacks
	add	x3, x21, #1
	mov	x5, #STACK_SIZE
	madd	x2, x3, x5, x2
	mov	sp, x2
	address	x2, sdk_vectors
	msr	vbar_el1, x2
	isb

	address	x2, started
	ldr	w3, [x2]
	cbnz	w3, 2f
	mov	w3, #1
	str	w3, [x2]
	address	x2, __bss_start
	address	x3, __bss_end
0:	cmp	x2, x3
	b.hs	1f
	stp	xzr, xzr, [x2], #16
	b	0b
1:	adr	x0, _start
	address	x1, __rela_start
	address	x2, __rela_end
	bl	sdk_relocate
	mov	x0, x20
	mov	x1, x21
	bl	sdk_primary
	b	.

2:	mov	x0, x21
	bl	sdk_secondary
	b	.
	.size _start, . - _start

	.section .noinit, "aw", %nobits
	.balign 512
	.global partition_entry
partition_entry:
	.space	512 * CONTEXTS
	.balign 16
stacks:	.space	STACK_SIZE * CONTEXTS

	.data
	.balign 8
started:
	.word	0
