/* SPDX-License-Identifier: BSD-3-Clause */
/* ZA of the client, row by row: as many bytes as a streaming vector has, and as many rows. */
#include "sdk/asm.h"

	.arch	armv9-a+sme

/* uint64_t streaming_length(void): bytes of a streaming vector */
func streaming_length
	rdsvl	x0, #1
	ret
endfunc streaming_length

/* void streaming_za_load(const void *x0) */
func streaming_za_load
	rdsvl	x1, #1
	mov	w12, #0
1:	ldr	za[w12, 0], [x0]
	add	x0, x0, x1
	add	w12, w12, #1
	cmp	w12, w1
	b.lo	1b
	ret
endfunc streaming_za_load

/* void streaming_za_store(void *x0) */
func streaming_za_store
	rdsvl	x1, #1
	mov	w12, #0
1:	str	za[w12, 0], [x0]
	add	x0, x0, x1
	add	w12, w12, #1
	cmp	w12, w1
	b.lo	1b
	ret
endfunc streaming_za_store
