/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copying from and to windows: memory of others, which may vanish under the access (another world takes
 * it away, a device does not answer). Every access to it has a fixup: the routine then returns false.
 * Each byte is read once. Aligned accesses only (SCTLR_EL2.A); FEAT_MOPS, used where the machine has it,
 * accesses bytes as far as that check is concerned.
 */
#include "arch/aarch64/asm.h"
#include "asm_offsets.h"

	.arch_extension mops

	.macro	guarded instruction:vararg
9999:	\instruction
	fixup	9999b, 9f
	.endm

/* Goes to \to when the machine has FEAT_MOPS. Clobbers \scratch, a number. */
	.macro	with_mops to, scratch
	adrp	x\scratch, cpu_features + FEATURES_MOPS
	ldrb	w\scratch, [x\scratch, :lo12:cpu_features + FEATURES_MOPS]
	cbnz	w\scratch, \to
	.endm

/* Zeroes [x0, x0 + x1) by three instructions, each of which has its fixup. */
	.macro	set_zero
	guarded	setp [x0]!, x1!, xzr
	guarded	setm [x0]!, x1!, xzr
	guarded	sete [x0]!, x1!, xzr
	.endm

/*
 * bool arch_copy_to(void *x0 window, const void *x1 source, size_t x2 size)
 * bool arch_copy_from(void *x0 target, const void *x1 window, size_t x2 size)
 * bool arch_copy_between(void *x0 target window, const void *x1 source window, size_t x2 size)
 *
 * Without FEAT_MOPS 128 bytes at a time where both have the same alignment in steps of 8, else by bytes.
 *   x3-x18  scratch
 */
leaf arch_copy_to
	with_mops 10f, 3
	eor	x3, x0, x1
	tst	x3, #7
	b.ne	6f
1:	tst	x0, #7				/* bytes up to a multiple of 8 */
	b.eq	2f
	cbz	x2, 8f
	guarded	ldrb w3, [x1], #1
	guarded	strb w3, [x0], #1
	sub	x2, x2, #1
	b	1b
2:	subs	x2, x2, #128
	b.lo	4f
3:	guarded	ldp x3, x4, [x1], #128
	guarded	ldp x5, x6, [x1, #-112]
	guarded	ldp x7, x8, [x1, #-96]
	guarded	ldp x9, x10, [x1, #-80]
	guarded	ldp x11, x12, [x1, #-64]
	guarded	ldp x13, x14, [x1, #-48]
	guarded	ldp x15, x16, [x1, #-32]
	guarded	ldp x17, x18, [x1, #-16]
	guarded	stp x3, x4, [x0], #128
	guarded	stp x5, x6, [x0, #-112]
	guarded	stp x7, x8, [x0, #-96]
	guarded	stp x9, x10, [x0, #-80]
	guarded	stp x11, x12, [x0, #-64]
	guarded	stp x13, x14, [x0, #-48]
	guarded	stp x15, x16, [x0, #-32]
	guarded	stp x17, x18, [x0, #-16]
	subs	x2, x2, #128
	b.hs	3b
4:	add	x2, x2, #128
	subs	x2, x2, #16
	b.lo	5f
7:	guarded	ldp x3, x4, [x1], #16
	guarded	stp x3, x4, [x0], #16
	subs	x2, x2, #16
	b.hs	7b
5:	add	x2, x2, #16
6:	cbz	x2, 8f				/* the rest by bytes */
	guarded	ldrb w3, [x1], #1
	guarded	strb w3, [x0], #1
	sub	x2, x2, #1
	b	6b
10:	guarded	cpyfp [x0]!, [x1]!, x2!
	guarded	cpyfm [x0]!, [x1]!, x2!
	guarded	cpyfe [x0]!, [x1]!, x2!
8:	mov	w0, #1
	ret
9:	mov	w0, #0
	ret
endfunc arch_copy_to

	.global	arch_copy_from, arch_copy_between
	.set	arch_copy_from, arch_copy_to
	.set	arch_copy_between, arch_copy_to

/*
 * bool arch_fill_zero(void *x0 window, size_t x1 size)
 *   x1  end
 *   x2  bytes of a DC ZVA block
 *   x3, x4  scratch
 */
leaf arch_fill_zero
	with_mops 10f, 3
	add	x1, x0, x1
1:	tst	x0, #7				/* bytes up to a multiple of 8 */
	b.eq	2f
	cmp	x0, x1
	b.hs	8f
	guarded	strb wzr, [x0], #1
	b	1b
2:	mrs	x3, dczid_el0
	tbnz	x3, #4, 5f			/* DZP: DC ZVA prohibited */
	and	x3, x3, #0xf
	mov	x2, #4
	lsl	x2, x2, x3
	sub	x4, x2, #1
3:	sub	x3, x1, x0			/* words up to a block */
	cmp	x3, x2
	b.lo	5f
	tst	x0, x4
	b.eq	4f
	guarded	str xzr, [x0], #8
	b	3b
4:	guarded	dc zva, x0
	add	x0, x0, x2
	sub	x3, x1, x0
	cmp	x3, x2
	b.hs	4b
5:	sub	x3, x1, x0
	subs	x3, x3, #16
	b.lo	7f
6:	guarded	stp xzr, xzr, [x0], #16
	subs	x3, x3, #16
	b.hs	6b
7:	cmp	x0, x1				/* the rest by bytes */
	b.hs	8f
	guarded	strb wzr, [x0], #1
	b	7b
10:	set_zero
8:	mov	w0, #1
	ret
9:	mov	w0, #0
	ret
endfunc arch_fill_zero

/*
 * bool copy_zero_pages(void *x0 window, size_t x1 size)
 *   x1  end
 *   x5  bytes of a DC ZVA block, of which a page is a multiple
 */
leaf copy_zero_pages
	with_mops 10f, 4
	add	x1, x0, x1
	mrs	x4, dczid_el0
	tbnz	x4, #4, 2f			/* DZP: DC ZVA prohibited */
	and	x4, x4, #0xf
	mov	x5, #4
	lsl	x5, x5, x4
1:	guarded	dc zva, x0
	add	x0, x0, x5
	cmp	x0, x1
	b.lo	1b
	b	8f
2:	guarded	stp xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	2b
	b	8f
10:	set_zero
8:	mov	w0, #1
	ret
9:	mov	w0, #0
	ret
endfunc copy_zero_pages

/* bool copy_clean_pages(void *x0 window, size_t x1 size, size_t x2 line): a page is a multiple of 8 lines. */
leaf copy_clean_pages
	add	x1, x0, x1
1:	.rept	8
	guarded	dc civac, x0
	add	x0, x0, x2
	.endr
	cmp	x0, x1
	b.lo	1b
	dsb	sy				/* in memory before anyone is told */
	mov	w0, #1
	ret
9:	mov	w0, #0
	ret
endfunc copy_clean_pages
