/* SPDX-License-Identifier: BSD-3-Clause */
/* Vector registers to memory and back, for partitions and the client: see vectors.h. */
#include "sdk/asm.h"

	.arch	armv8.2-a+sve

.macro each action
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\action	\n
	.endr
.endm

.macro each_high action
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\action	\n
	.endr
.endm

.macro load_q n
	ldr	q\n, [x0, #(16 * \n)]
.endm

.macro store_q n
	str	q\n, [x0, #(16 * \n)]
.endm

.macro load_z n
	ldr	z\n, [x0, #\n, mul vl]
.endm

.macro store_z n
	str	z\n, [x0, #\n, mul vl]
.endm

.macro load_p n
	ldr	p\n, [x2, #\n, mul vl]
.endm

.macro store_p n
	str	p\n, [x2, #\n, mul vl]
.endm

/* Predicates lie behind the 32 vectors. */
.macro behind_vectors
	rdvl	x2, #31
	add	x2, x0, x2
	addvl	x2, x2, #1
.endm

/* void vector_registers_load(const void *x0) */
func vector_registers_load
	each	load_q
	each_high load_q
	ret
endfunc vector_registers_load

/* void vector_registers_store(void *x0) */
func vector_registers_store
	each	store_q
	each_high store_q
	ret
endfunc vector_registers_store

/* void vector_registers_load_scalable(const void *x0, bool w1): w1: FFR too */
func vector_registers_load_scalable
	behind_vectors
	cbz	w1, 1f
	ldr	p0, [x2, #16, mul vl]
	wrffr	p0.b
1:	each	load_z
	each_high load_z
	each	load_p
	ret
endfunc vector_registers_load_scalable

/* void vector_registers_store_scalable(void *x0, bool w1) */
func vector_registers_store_scalable
	behind_vectors
	each	store_z
	each_high store_z
	each	store_p
	cbz	w1, 1f
	rdffr	p0.b
	str	p0, [x2, #16, mul vl]
	ldr	p0, [x2]
1:	ret
endfunc vector_registers_store_scalable

/* uint64_t vector_registers_length(void): bytes of a vector */
func vector_registers_length
	rdvl	x0, #1
	ret
endfunc vector_registers_length

/* void vector_registers_set_status(uint64_t fpcr, uint64_t fpsr) */
func vector_registers_set_status
	msr	fpcr, x0
	msr	fpsr, x1
	ret
endfunc vector_registers_set_status

/* uint64_t vector_registers_fpcr(void) */
func vector_registers_fpcr
	mrs	x0, fpcr
	ret
endfunc vector_registers_fpcr

/* uint64_t vector_registers_fpsr(void) */
func vector_registers_fpsr
	mrs	x0, fpsr
	ret
endfunc vector_registers_fpsr
