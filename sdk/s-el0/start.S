/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Start of an S-EL0 partition. The image arrives readable and executable only: before the first store
 * the data pages are made writable by FFA_MEM_PERM_SET, in registers alone. The entry state is kept in
 * x19-x28 until then; x8-x30 are folded into one word, as all of them should be zero.
 */
#include "sdk/asm.h"

#define STACK_SIZE	0x4000
#define MEM_PERM_GET	0xC4000088
#define MEM_PERM_SET	0xC4000089
#define RW_XN		5
#define RO_XN		7

.macro load32 reg, value
	mov	\reg, #((\value) & 0xffff)
	movk	\reg, #((\value) >> 16), lsl #16
.endm

	.section .text.start, "ax"
	.global _start
	.type _start, %function
_start:
	.irp	r, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30
	orr	x8, x8, \r
	.endr
	mov	x19, x0
	mov	x20, x1
	mov	x21, x2
	mov	x22, x3
	mov	x23, x4
	mov	x24, x5
	mov	x25, x6
	mov	x26, x7
	mov	x27, x8

	load32	x0, MEM_PERM_GET
	address	x1, __data_start
	mov	x2, #0
	mov	x3, #0
	mov	x4, #0
	mov	x5, #0
	mov	x6, #0
	mov	x7, #0
	svc	#0
	mov	w28, w2				/* as found */

	load32	x0, MEM_PERM_SET
	address	x1, __data_start
	address	x2, __image_end
	sub	x2, x2, x1
	lsr	x2, x2, #12
	mov	x3, #RW_XN
	mov	x4, #0
	mov	x5, #0
	mov	x6, #0
	mov	x7, #0
	svc	#0

	load32	x0, MEM_PERM_SET
	address	x1, __rodata_start
	address	x2, __data_start
	sub	x2, x2, x1
	lsr	x2, x2, #12
	mov	x3, #RO_XN
	mov	x4, #0
	mov	x5, #0
	mov	x6, #0
	mov	x7, #0
	svc	#0

	address	x2, __bss_start
	address	x3, __image_end
0:	cmp	x2, x3
	b.hs	1f
	stp	xzr, xzr, [x2], #16
	b	0b
1:	address	x0, partition_entry
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	str	x27, [x0, #64]
	mov	x1, #1
	str	x1, [x0, #296]
	str	x28, [x0, #304]

	address	x2, stack_end
	mov	sp, x2
	adr	x0, _start
	address	x1, __rela_start
	address	x2, __rela_end
	bl	sdk_relocate
	mov	x0, x19				/* boot information: the last of x0-x3 that is not zero */
	cmp	x20, #0
	csel	x0, x20, x0, ne
	cmp	x21, #0
	csel	x0, x21, x0, ne
	cmp	x22, #0
	csel	x0, x22, x0, ne
	mov	x1, #0
	bl	sdk_primary
	b	.
	.size _start, . - _start

/* A fault: nothing is mapped there. */
func partition_die
	mov	x0, #0x1000
	br	x0
endfunc partition_die

	.section .noinit, "aw", %nobits
	.balign 512
	.global partition_entry
partition_entry:
	.space	512 * 32
	.balign 16
	.space	STACK_SIZE
stack_end:
