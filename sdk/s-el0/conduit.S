/* SPDX-License-Identifier: BSD-3-Clause */
/* S-EL0 partitions call by SVC. */
#include "sdk/asm.h"

func ffa_call
	b	ffa_call_svc
endfunc ffa_call

func paravirt_call
	b	ffa_call_svc
endfunc paravirt_call
