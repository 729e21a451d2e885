/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entry of the normal-world client at NS-EL2, on the first PE and on those that PSCI CPU_ON starts:
 * stack, traps, MMU and caches, vectors. Identity map: the first GiB is devices, the next three RAM.
 */
#include "sdk/asm.h"

#define STACK_SIZE	0x8000
#define PES		32

	.section .text.start, "ax"
	.global _start
_start:
	msr	daifset, #0xf
	address	x1, bss_start
	address	x2, bss_end
0:	cmp	x1, x2
	b.hs	1f
	stp	xzr, xzr, [x1], #16
	b	0b
1:	mov	x0, #0
	b	secondary_entry

/* x0: checkpoint at which a PE that was off goes on (pe_off_and_on). */
	.global resume_entry
resume_entry:
	msr	daifset, #0xf
	mov	x20, x0
	b	common

/* x0: index of the PE, as given to CPU_ON. */
	.global secondary_entry
secondary_entry:
	msr	daifset, #0xf
	mov	x19, x0
	mov	x20, #0
	address	x1, stacks
	add	x2, x19, #1
	mov	x3, #STACK_SIZE
	madd	x1, x2, x3, x1
	mov	sp, x1
common:
	address	x1, vectors_el2
	msr	vbar_el2, x1
	mov	x1, #0x38			/* FMO, IMO, AMO: interrupts come to EL2 */
	orr	x1, x1, #(1 << 31)		/* RW: EL1 is AArch64; SMC is not trapped */
	msr	hcr_el2, x1
	mov	x1, #0x32ff			/* nothing trapped that a test may use: FP */
	msr	cptr_el2, x1
	msr	mdcr_el2, xzr
	mov	x1, #3				/* timer and counter open to EL1 */
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr
	mrs	x1, midr_el1
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1
	address	x1, level1_el2
	msr	ttbr0_el2, x1
	mov	x2, #0xff00			/* 0: Device-nGnRnE, 1: Normal write-back */
	msr	mair_el2, x2
	mov	x2, #0x3520			/* 32 bits, write-back, inner shareable, 4 KiB */
	movk	x2, #0x8082, lsl #16		/* RES1 bits, 40-bit output */
	msr	tcr_el2, x2
	dsb	sy
	isb
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	mov	x2, #0x1835			/* RES1, I, SA, C, M */
	movk	x2, #0x30c5, lsl #16
	msr	sctlr_el2, x2
	isb
	mov	x0, x20
	cbnz	x20, checkpoint_return
	mov	x0, x19
	cbnz	x19, 2f
	bl	client_main
	b	.
2:	bl	pe_main
	b	.

	.data
	.balign 4096
level1_el2:
	.quad	0x0040000000000441		/* device, AF, XN */
	.quad	0x0000000040000745		/* normal, AF, inner shareable */
	.quad	0x0000000080000745
	.quad	0x00000000c0000745
	.space	4096 - 32
	.global level1_el1
level1_el1:					/* the same for EL1: AP 00, no access from EL0 */
	.quad	0x0060000000000401
	.quad	0x0000000040000705
	.quad	0x0000000080000705
	.quad	0x00000000c0000705
	.space	4096 - 32

	.bss
	.balign 16
stacks:	.space	STACK_SIZE * PES
