/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where EL3 enters: the first byte of the image at cold boot, arch_secondary_entry() at every later
 * power-up of a PE. Switches MMU and caches on and continues in the upper half.
 *
 * The section .entry is one page, mapped where it lies as well as in the upper half: the instructions
 * around the switch run in both worlds. Only PC-relative addresses here.
 */
#include "arch/aarch64/asm.h"
#include "arch/aarch64/layout.h"
#include "asm_offsets.h"
#include "platform.h"

	.section .entry, "ax", %progbits

/*
 * Cold boot. MMU and caches off, interrupts masked, nothing known about the rest.
 *   x0   SPMC manifest       -> x19
 *   x4   linear PE index     -> x20
 */
	.global	boot_entry
	.type	boot_entry, %function
boot_entry:
	mov	x19, x0
	mov	x20, x4
	msr	daifset, #0xf
	msr	spsel, #1
	adr	x0, boot_entry
	ldr	x1, =PLATFORM_LOAD_ADDRESS
	cmp	x0, x1
	b.ne	wrong_address

	bl	entry_reset
	adrp	x0, boot_stack + BOOT_STACK_BYTES
	mov	sp, x0
	bl	boot_mmu_build			/* C, still at physical addresses */
	cbz	w0, no_tables
	bl	entry_mmu_on
	ldr	x0, =boot_upper
	br	x0
	.size	boot_entry, . - boot_entry

/*
 * Power-up of another PE, or of this one after CPU_OFF. TF-A 2.12.1 gives a PE that comes back its old
 * registers, MMU on: nothing is taken for granted but that the tables are still there.
 */
	.global	secondary_entry
	.type	secondary_entry, %function
secondary_entry:
	msr	daifset, #0xf
	msr	spsel, #1
	bl	entry_reset
	bl	entry_mmu_on
	ldr	x0, =secondary_upper
	br	x0
	.size	secondary_entry, . - secondary_entry

/* MMU off, VHE on, everything below trapped. Clobbers x0. */
	.type	entry_reset, %function
entry_reset:
	ldr	x0, =SCTLR_EL2_OFF
	msr	sctlr_el2, x0
	isb					/* MMU off before anything of its regime changes */
	ldr	x0, =HCR_EL2_BOOT
	msr	hcr_el2, x0
	isb					/* E2H: the layout of the registers below */
	ldr	x0, =CPTR_EL2_TRAP
	msr	cptr_el2, x0
	ret
	.size	entry_reset, . - entry_reset

/* Loads boot_mmu and switches MMU and caches on. Clobbers x0-x4. */
	.type	entry_mmu_on, %function
entry_mmu_on:
	adrp	x4, boot_mmu
	add	x4, x4, :lo12:boot_mmu
	ldp	x0, x1, [x4, #BOOT_MMU_TTBR0]
	msr	ttbr0_el2, x0
	msr	ttbr1_el2, x1
	ldp	x0, x1, [x4, #BOOT_MMU_TCR]
	msr	tcr_el2, x0
	msr	mair_el2, x1
	ldr	x2, [x4, #BOOT_MMU_SCTLR]
	isb					/* the regime complete before anything is cached of it */
	tlbi	alle2				/* whatever was left there */
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el2, x2
	isb					/* MMU on from here */
	ret
	.size	entry_mmu_on, . - entry_mmu_on

/* Says so on the console, which needs no set-up after TF-A, and stops. */
wrong_address:
	adr	x1, wrong_address_text
	b	1f
no_tables:
	adr	x1, no_tables_text
1:	ldr	x2, =PLATFORM_CONSOLE
2:	ldrb	w0, [x1], #1
	cbz	w0, 4f
3:	ldr	w3, [x2, #PL011_FR]
	tbnz	w3, #PL011_FR_TXFF_BIT, 3b
	str	w0, [x2, #PL011_DR]
	b	2b
4:	wfi
	b	4b
wrong_address_text:
	.asciz	"\r\nTantalum: not loaded at the address it was linked for\r\n"
no_tables_text:
	.asciz	"\r\nTantalum: more device memory than its boot tables can map\r\n"
	.balign	8
	.ltorg

/* ---- upper half --------------------------------------------------------------------------------- */

	.section .text.boot_upper, "ax", %progbits
	.type	boot_upper, %function
boot_upper:
	bti	j
	ldr	x0, =(STACKS_BASE + (STACK_SLOT_BOOT + 1) * STACK_SLOT_BYTES)
	mov	sp, x0
	adrp	x0, exception_vectors
	add	x0, x0, :lo12:exception_vectors
	msr	vbar_el2, x0
	isb					/* vectors before the first access that could fault */

	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
	adrp	x1, bss_end
	add	x1, x1, :lo12:bss_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	b	1b

2:	adrp	x0, boot_pe
	add	x0, x0, :lo12:boot_pe
	msr	tpidr_el2, x0
	bl	boot_secrets_init		/* x0: SCTLR_EL2 with pointer authentication, if usable */
	msr	sctlr_el2, x0
	isb					/* keys and EnIA before the first signed return address */
	mov	x0, x19
	mov	x1, x20
	bl	spmc_boot
	brk	#0
	.size	boot_upper, . - boot_upper

/* Finds this PE among those that arch_secondary_prepare() published. */
	.section .text.secondary_upper, "ax", %progbits
	.type	secondary_upper, %function
secondary_upper:
	bti	j
	adrp	x0, exception_vectors
	add	x0, x0, :lo12:exception_vectors
	msr	vbar_el2, x0
	isb
	mrs	x1, mpidr_el1
	ldr	x0, =MPIDR_AFFINITY
	and	x1, x1, x0
	adrp	x2, secondary_table
	add	x2, x2, :lo12:secondary_table
	adrp	x3, secondary_count
	ldr	w3, [x3, :lo12:secondary_count]
1:	cbz	w3, park
	ldp	x4, x5, [x2, #SECONDARY_MPIDR]
	ldr	x6, [x2, #SECONDARY_STACK]
	add	x2, x2, #SECONDARY_SIZE
	sub	w3, w3, #1
	cmp	x4, x1
	b.ne	1b

	mov	sp, x6
	msr	tpidr_el2, x5
	mov	x19, x5
	bl	secondary_secrets_init
	msr	sctlr_el2, x0
	isb					/* as above */
	mov	x0, x19
	bl	spmc_secondary
	brk	#0
	.size	secondary_upper, . - secondary_upper

/*
 * A PE that no manifest names. EL3 is told that the SPMC does not run here and boots the normal world
 * regardless; each of its calls gets the same answer. CPU_OFF is answered as EL3 expects.
 */
	.type	park, %function
park:
	mov	w0, #0
1:	ldr	w8, =FFA_DIRECT_REQ
	cmp	w0, w8
	b.ne	2f
	lsr	w8, w1, #16			/* a message of the SPMD's: PSCI */
	mov	w9, #FFA_SPMD
	cmp	w8, w9
	b.ne	2f
	ldr	w0, =FFA_DIRECT_RESP
	ror	w1, w1, #16
	ldr	w2, =FFA_PSCI_RESP
	mov	x3, #0
	b	3f
2:	ldr	w0, =FFA_ERROR
	mov	x1, #0
	mov	w2, #FFA_ERROR_NOT_SUPPORTED
	mov	x3, #0
3:	mov	x4, #0
	mov	x5, #0
	mov	x6, #0
	mov	x7, #0
	smc	#0
	b	1b
	.size	park, . - park

	.section .stack, "aw", %nobits
	.balign	PAGE_BYTES
	.global	boot_stack
boot_stack:
	.space	BOOT_STACK_BYTES
