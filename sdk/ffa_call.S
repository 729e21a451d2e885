/* SPDX-License-Identifier: BSD-3-Clause */
/* The bare FF-A call in its forms; see ffa_call.h. */
#include "sdk/asm.h"

/* x0: struct ffa_regs. */
.macro call_18 name, instruction
func \name
	stp	x0, x30, [sp, #-16]!
	mov	x30, x0
	ldp	x16, x17, [x30, #128]
	ldp	x14, x15, [x30, #112]
	ldp	x12, x13, [x30, #96]
	ldp	x10, x11, [x30, #80]
	ldp	x8, x9, [x30, #64]
	ldp	x6, x7, [x30, #48]
	ldp	x4, x5, [x30, #32]
	ldp	x2, x3, [x30, #16]
	ldp	x0, x1, [x30]
	\instruction	#0
	ldr	x30, [sp]
	stp	x0, x1, [x30]
	stp	x2, x3, [x30, #16]
	stp	x4, x5, [x30, #32]
	stp	x6, x7, [x30, #48]
	stp	x8, x9, [x30, #64]
	stp	x10, x11, [x30, #80]
	stp	x12, x13, [x30, #96]
	stp	x14, x15, [x30, #112]
	stp	x16, x17, [x30, #128]
	ldp	x0, x30, [sp], #16
	ret
endfunc \name
.endm

/* x0: struct ffa_all_regs. Nothing but the stack pointer is trusted after the call. */
.macro call_31 name, instruction
func \name
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	x0, x18, [sp, #96]
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x18, x19, [x0, #144]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	\instruction	#0
	stp	x0, x1, [sp, #-16]!
	ldr	x0, [sp, #112]			/* the struct */
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
	ldp	x1, x2, [sp], #16
	stp	x1, x2, [x0]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldr	x18, [sp, #104]
	ldp	x29, x30, [sp], #112
	ret
endfunc \name
.endm

call_18 ffa_call_smc, smc
call_18 ffa_call_hvc, hvc
call_18 ffa_call_svc, svc
call_31 ffa_call_all_smc, smc
call_31 ffa_call_all_hvc, hvc
call_31 ffa_call_all_svc, svc
