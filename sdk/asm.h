/* SPDX-License-Identifier: BSD-3-Clause */
/* Macros of the SDK's and the normal-world client's assembly. */
#ifndef SDK_ASM_H
#define SDK_ASM_H

.macro func name
	.section .text.\name, "ax"
	.global \name
	.type \name, %function
	.balign 16
\name:
.endm

.macro endfunc name
	.size \name, . - \name
.endm

/* Address of a symbol of this image, wherever the image lies. */
.macro address reg, symbol
	adrp	\reg, \symbol
	add	\reg, \reg, :lo12:\symbol
.endm

#endif
