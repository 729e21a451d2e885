/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copying from and to windows: memory of others, which may vanish under the access (another world takes
 * it away, a device does not answer). Every access to it has a fixup: the routine then returns false.
 * Each byte is read once. Aligned accesses only (SCTLR_EL2.A).
 */
#include "arch/aarch64/asm.h"

	.macro	guarded instruction:vararg
9999:	\instruction
	fixup	9999b, 9f
	.endm

/*
 * bool copy(void *x0 target, const void *x1 source, size_t x2 size): as long as both have the same
 * alignment in 16-byte steps, else by bytes.
 *   x3, x4, x5  scratch
 */
	.macro	copy
	eor	x3, x0, x1
	tst	x3, #7
	b.ne	3f
1:	tst	x0, #7				/* bytes up to a multiple of 8 */
	b.eq	2f
	cbz	x2, 8f
	guarded	ldrb w3, [x1], #1
	guarded	strb w3, [x0], #1
	sub	x2, x2, #1
	b	1b
2:	subs	x2, x2, #16
	b.lo	4f
5:	guarded	ldp x3, x4, [x1], #16
	guarded	stp x3, x4, [x0], #16
	subs	x2, x2, #16
	b.hs	5b
4:	add	x2, x2, #16
3:	cbz	x2, 8f				/* the rest by bytes */
	guarded	ldrb w3, [x1], #1
	guarded	strb w3, [x0], #1
	sub	x2, x2, #1
	b	3b
8:	mov	w0, #1
	ret
9:	mov	w0, #0
	ret
	.endm

leaf arch_copy_to
	copy
endfunc arch_copy_to

leaf arch_copy_from
	copy
endfunc arch_copy_from

/* bool arch_fill_zero(void *x0 window, size_t x1 size) */
leaf arch_fill_zero
1:	tst	x0, #7
	b.eq	2f
	cbz	x1, 8f
	guarded	strb wzr, [x0], #1
	sub	x1, x1, #1
	b	1b
2:	subs	x1, x1, #16
	b.lo	4f
3:	guarded	stp xzr, xzr, [x0], #16
	subs	x1, x1, #16
	b.hs	3b
4:	add	x1, x1, #16
5:	cbz	x1, 8f
	guarded	strb wzr, [x0], #1
	sub	x1, x1, #1
	b	5b
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
