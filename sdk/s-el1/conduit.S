/* SPDX-License-Identifier: BSD-3-Clause */
/* S-EL1 partitions call by SMC; the para-virtual calls are HVCs. */
#include "sdk/asm.h"

func ffa_call
	b	ffa_call_smc
endfunc ffa_call

func paravirt_call
	b	ffa_call_hvc
endfunc paravirt_call
