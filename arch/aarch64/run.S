/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running a context until something stops it. The most frequent way through the SPMC: every instruction
 * here counts.
 *
 * EL1's registers are changed only when another context than the last one needs them, in both directions
 * (pe->el1_live). What EL3 switches (EL2's registers, SP_EL0 of the normal world) or partitions cannot
 * write is not saved. An S-EL0 context does not touch EL1: it borrows three registers and gives them back.
 *
 * No ISB before an ERET or an SMC: both synchronise what was written before them (EIS, EOS).
 */
#include "arch/aarch64/asm.h"
#include "asm_offsets.h"

#define FRAME 96

/* Moves EL1's registers to memory. \at: base register. Clobbers x4, x5. */
	.macro	save_pair at, offset, first, second
	mrs	x4, \first
	mrs	x5, \second
	stp	x4, x5, [\at, #16 * \offset]
	.endm

	.macro	load_pair at, offset, first, second
	ldp	x4, x5, [\at, #16 * \offset]
	msr	\first, x4
	msr	\second, x5
	.endm

	.macro	move_el1 how, at
	\how	\at, 0, sctlr_el12, cpacr_el12
	\how	\at, 1, ttbr0_el12, ttbr1_el12
	\how	\at, 2, tcr_el12, mair_el12
	\how	\at, 3, amair_el12, vbar_el12
	\how	\at, 4, esr_el12, far_el12
	\how	\at, 5, afsr0_el12, afsr1_el12
	\how	\at, 6, elr_el12, spsr_el12
	\how	\at, 7, contextidr_el12, sp_el1
	\how	\at, 8, tpidr_el1, par_el1
	\how	\at, 9, cntkctl_el12, sp_el0
	\how	\at, 10, tpidr_el0, tpidrro_el0
	.endm

/* void run_save_el1(struct arch_el1 *el1): the pairs */
leaf run_save_el1
	move_el1 save_pair, x0
	ret
endfunc run_save_el1

/*
 * Makes x3 (struct arch_el1) live on PE x0. Clobbers x2, x4-x6.
 */
	.section .text.switch_el1, "ax", %progbits
	.type	switch_el1, %function
switch_el1:
	ldr	x2, [x0, #PE_EL1_LIVE]
	cbz	x2, 1f
	move_el1 save_pair, x2
1:	move_el1 load_pair, x3
	str	x3, [x0, #PE_EL1_LIVE]
	ldr	w4, [x0, #PE_MORE_EL1]
	cbnz	w4, switch_more
	ret
	.size	switch_el1, . - switch_el1

/*
 * What only some PEs have: w4 says. DISR_EL1 of EL1 is VDISR_EL2, which nothing traps; where EL3 is without RAS
 * it does not switch it.
 */
	.type	switch_more, %function
switch_more:
	tbnz	w4, #MORE_EL1_TIMER_BIT, switch_timer
switch_vdisr:
	cbz	x2, 1f
	mrs	x5, s3_4_c12_c1_1		/* VDISR_EL2 */
	str	x5, [x2, #EL1_VDISR]
1:	ldr	x5, [x3, #EL1_VDISR]
	msr	s3_4_c12_c1_1, x5
	ret
	.size	switch_more, . - switch_more

/*
 * Without FEAT_ECV partitions can write CNTV, which is the normal world's: its values come back with its
 * EL1 registers. The timer itself goes on counting, to preempt the partition.
 */
	.type	switch_timer, %function
switch_timer:
	add	x5, x0, #PE_NORMAL_WORLD_EL1
	cmp	x3, x5
	b.eq	2f
	cmp	x2, x5
	b.ne	1f
	mrs	x6, cntv_ctl_el02
	mrs	x5, cntv_cval_el02
	stp	x6, x5, [x0, #PE_TIMER]
1:	tbnz	w4, #MORE_EL1_VDISR_BIT, switch_vdisr
	ret
2:	ldp	x6, x5, [x0, #PE_TIMER]
	msr	cntv_cval_el02, x5
	msr	cntv_ctl_el02, x6
	b	1b
	.size	switch_timer, . - switch_timer

/*
 * Context x20 has SVE. In streaming mode its instructions would be trapped to itself, as those of SME: where the
 * normal world is in it, the context has the registers from the start. PE x19. Clobbers x22 and what C does.
 */
	.section .text.leave_streaming, "ax", %progbits
	.type	leave_streaming, %function
leave_streaming:
	ldr	w2, [x19, #PE_HAS_SME]
	ldr	x3, [x19, #PE_SIMD_OWNER]
	cbz	w2, 1f
	cbnz	x3, 1f
	ldr	x2, =CPTR_EL2_OPEN
	msr	cptr_el2, x2
	isb					/* before SVCR is read */
	mrs	x2, s3_3_c4_c2_2		/* SVCR */
	tbnz	x2, #SVCR_SM_BIT, 2f
1:	ret
2:	mov	x22, x30
	mov	x0, x19
	mov	x1, x20
	bl	simd_take
	ret	x22
	.size	leave_streaming, . - leave_streaming

/*
 * struct arch_exit arch_run(struct arch_pe *pe, struct arch_context *context)
 *
 *   x0, x19  pe
 *   x1, x20  context
 *   x21      program counter of the context, behind an SMC
 */
func arch_run
	ldr	w2, [x1, #CONTEXT_KIND]
	cbz	w2, run_normal_world
	stp	x29, x30, [sp, #-FRAME]!
	mov	x29, sp
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x29, [x0, #PE_RUN_SP]
	mov	x19, x0
	mov	x20, x1
	tbnz	w2, #KIND_S_EL0_BIT, enter_s_el0

enter_s_el1:
	add	x3, x20, #CONTEXT_EL1
	ldr	x2, [x19, #PE_EL1_LIVE]
	cmp	x2, x3
	b.eq	enter
	mov	x0, x19
	bl	switch_el1
	ldp	x4, x5, [x20, #CONTEXT_VTTBR]
	ldr	x6, [x20, #CONTEXT_VMPIDR]
	msr	vttbr_el2, x4
	msr	vsttbr_el2, x5
	msr	vmpidr_el2, x6
	ldr	x2, [x20, #CONTEXT_SCALABLE]
	cbz	x2, 1f
	bl	leave_streaming
1:	mrs	x2, icc_pmr_el1			/* the normal world's, if it ran last; else as it was */
	str	x2, [x19, #PE_PMR]

enter:
	ldp	x2, x3, [x20, #CONTEXT_HCR]
	tbnz	x2, #HCR_APK_BIT, enter_keys
keys_entered:
	ldp	x30, x4, [x20, #CONTEXT_X30]
	ldr	x5, [x20, #CONTEXT_PSTATE]
	msr	hcr_el2, x2
	msr	cptr_el2, x3
	msr	elr_el2, x4
	msr	spsr_el2, x5
	mov	sp, x20				/* for the vectors */
	ldp	x28, x29, [x20, #CONTEXT_X0 + 224]
	ldp	x26, x27, [x20, #CONTEXT_X0 + 208]
	ldp	x24, x25, [x20, #CONTEXT_X0 + 192]
	ldp	x22, x23, [x20, #CONTEXT_X0 + 176]
	ldp	x18, x19, [x20, #CONTEXT_X0 + 144]
	ldp	x16, x17, [x20, #CONTEXT_X0 + 128]
	ldp	x14, x15, [x20, #CONTEXT_X0 + 112]
	ldp	x12, x13, [x20, #CONTEXT_X0 + 96]
	ldp	x10, x11, [x20, #CONTEXT_X0 + 80]
	ldp	x8, x9, [x20, #CONTEXT_X0 + 64]
	ldp	x6, x7, [x20, #CONTEXT_X0 + 48]
	ldp	x4, x5, [x20, #CONTEXT_X0 + 32]
	ldp	x2, x3, [x20, #CONTEXT_X0 + 16]
	ldp	x0, x1, [x20, #CONTEXT_X0]
	ldp	x20, x21, [x20, #CONTEXT_X0 + 160]
	eret
	speculation_barrier

/* From the vectors: x0-x29 are saved, SP is the context, w0 says why (ESR_EL2, EXIT_...). */
	.global	run_exit
run_exit:
	mrs	x21, elr_el2
	mrs	x2, spsr_el2
	mov	x20, sp
	stp	x30, x21, [x20, #CONTEXT_X30]
	str	x2, [x20, #CONTEXT_PSTATE]
	mrs	x19, tpidr_el2
	ldr	x29, [x19, #PE_RUN_SP]
	mov	sp, x29
	ldr	w3, [x20, #CONTEXT_KIND]
	tbnz	w3, #KIND_S_EL0_BIT, leave_s_el0
	ldr	x4, [x20, #CONTEXT_HCR]
	tbnz	x4, #HCR_APK_BIT, leave_keys
keys_left:
	mrs	x2, icc_pmr_el1			/* a partition may change them where it has no virtual ones */
	ldr	x3, [x19, #PE_PMR]
	mrs	x4, icc_igrpen1_el1
	cmp	x2, x3
	b.ne	repair_interrupts
	tbz	w4, #0, repair_interrupts
left:
	mov	w2, #ESR_SMC
	cmp	w0, w2
	b.ne	exit_other
	add	x21, x21, #4			/* a trapped SMC: the return address is its own */
	str	x21, [x20, #CONTEXT_PC]
	mov	x0, #0				/* ARCH_EXIT_CALL, ARCH_CONDUIT_SMC */
exit_call:
	str	wzr, [x20, #CONTEXT_FAULT_COUNT]
exit:
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #FRAME
	autiasp
	ret

exit_other:
	cmp	w0, #EXIT_FIQ			/* IRQ, FIQ: that is the reason to return */
	b.ls	exit
	mov	w2, #ESR_HVC
	mov	x3, #EXIT_CALL_HVC
	cmp	w0, w2
	b.eq	1f
	mov	w2, #ESR_SVC
	mov	x3, #EXIT_CALL_SVC
	cmp	w0, w2
	b.eq	1f
	mov	w2, w0
	mov	x0, x19
	mov	x1, x20
	bl	trap_handle			/* struct arch_exit, or -1: go on with the context */
	cmn	x0, #1
	b.ne	exit
	ldr	w2, [x20, #CONTEXT_KIND]
	tbnz	w2, #KIND_S_EL0_BIT, enter_s_el0
	b	enter_s_el1
1:	mov	x0, x3
	b	exit_call

/* S-EL0: EL2&0 regime with the partition's lower half, TGE = 1. */
enter_s_el0:
	ldr	x2, [x20, #CONTEXT_SCALABLE]
	cbz	x2, 1f
	bl	leave_streaming
1:
	mrs	x2, tpidr_el0
	mrs	x3, tpidrro_el0
	mrs	x4, sp_el0
	stp	x2, x3, [x19, #PE_BORROWED]
	str	x4, [x19, #PE_BORROWED + 16]
	ldp	x2, x3, [x20, #CONTEXT_TPIDR_EL0]
	ldr	x4, [x20, #CONTEXT_SP_EL0]
	msr	tpidr_el0, x2
	msr	tpidrro_el0, x3
	msr	sp_el0, x4
	ldr	x2, [x20, #CONTEXT_TTBR0]
	ldr	x3, [x19, #PE_SCTLR_S_EL0]
	msr	ttbr0_el2, x2
	msr	sctlr_el2, x3			/* our keys are not for S-EL0 to sign with */
	b	enter

leave_s_el0:
	ldp	x2, x3, [x19, #PE_HCR_HOME]
	ldr	x4, [x19, #PE_TTBR0_HOME]
	msr	hcr_el2, x2
	msr	sctlr_el2, x3
	msr	ttbr0_el2, x4
	mrs	x2, tpidr_el0
	mrs	x3, tpidrro_el0
	mrs	x4, sp_el0
	stp	x2, x3, [x20, #CONTEXT_TPIDR_EL0]
	str	x4, [x20, #CONTEXT_SP_EL0]
	ldp	x2, x3, [x19, #PE_BORROWED]
	ldr	x4, [x19, #PE_BORROWED + 16]
	msr	tpidr_el0, x2
	msr	tpidrro_el0, x3
	msr	sp_el0, x4
	isb					/* TGE = 0 and our SCTLR before any C: EnIA, TLBI, PAN */
	b	left

/*
 * Keys of a context that uses pointer authentication. The machine has one set for all levels, and C is signed by
 * ours: all of the context's go in and come out, and S-EL0 finds none to try with PACGA.
 */
	.macro	move_keys how
	add	x6, x20, #CONTEXT_KEYS
	\how	x6, 0, s3_0_c2_c1_0, s3_0_c2_c1_1	/* APIAKeyLo_EL1, Hi */
	\how	x6, 1, s3_0_c2_c1_2, s3_0_c2_c1_3	/* APIB */
	\how	x6, 2, s3_0_c2_c2_0, s3_0_c2_c2_1	/* APDA */
	\how	x6, 3, s3_0_c2_c2_2, s3_0_c2_c2_3	/* APDB */
	\how	x6, 4, s3_0_c2_c3_0, s3_0_c2_c3_1	/* APGA */
	.endm

enter_keys:
	move_keys load_pair
	b	keys_entered

leave_keys:					/* w0 is to be kept */
	move_keys save_pair
	ldp	x4, x5, [x19, #PE_KEY_HOME]
	msr	s3_0_c2_c1_0, x4
	msr	s3_0_c2_c1_1, x5
	msr	s3_0_c2_c3_0, xzr
	msr	s3_0_c2_c3_1, xzr
	isb					/* before C signs or checks an address */
	b	keys_left

/* w0 is to be kept. */
repair_interrupts:
	msr	icc_pmr_el1, x3
	mov	x4, #1
	msr	icc_igrpen1_el1, x4
	isb
	b	left

/* x18-x30 are kept by EL3: nothing to save but where the context is. */
run_normal_world:
	add	x3, x0, #PE_NORMAL_WORLD_EL1
	ldr	x2, [x0, #PE_EL1_LIVE]
	cmp	x2, x3
	b.eq	1f
	mov	x18, x30
	bl	switch_el1
	mov	x30, x18
1:	ldr	x2, [x0, #PE_SIMD_OWNER]
	cbnz	x2, 3f
2:	mov	x18, x1
	ldp	x0, x1, [x18, #CONTEXT_X0]
	ldp	x2, x3, [x18, #CONTEXT_X0 + 16]
	ldp	x4, x5, [x18, #CONTEXT_X0 + 32]
	ldp	x6, x7, [x18, #CONTEXT_X0 + 48]
	ldp	x8, x9, [x18, #CONTEXT_X0 + 64]
	ldp	x10, x11, [x18, #CONTEXT_X0 + 80]
	ldp	x12, x13, [x18, #CONTEXT_X0 + 96]
	ldp	x14, x15, [x18, #CONTEXT_X0 + 112]
	ldp	x16, x17, [x18, #CONTEXT_X0 + 128]
	smc	#0
	stp	x0, x1, [x18, #CONTEXT_X0]
	stp	x2, x3, [x18, #CONTEXT_X0 + 16]
	stp	x4, x5, [x18, #CONTEXT_X0 + 32]
	stp	x6, x7, [x18, #CONTEXT_X0 + 48]
	stp	x8, x9, [x18, #CONTEXT_X0 + 64]
	stp	x10, x11, [x18, #CONTEXT_X0 + 80]
	stp	x12, x13, [x18, #CONTEXT_X0 + 96]
	stp	x14, x15, [x18, #CONTEXT_X0 + 112]
	stp	x16, x17, [x18, #CONTEXT_X0 + 128]
	mrs	x1, tpidr_el2
	str	w0, [x1, #PE_LAST_CALL]
	mov	x0, #0				/* ARCH_EXIT_CALL */
	autiasp
	ret

3:	stp	x29, x30, [sp, #-32]!
	stp	x0, x1, [sp, #16]
	bl	simd_give_back
	ldp	x0, x1, [sp, #16]
	ldp	x29, x30, [sp], #32
	b	2b
endfunc arch_run
