/* SPDX-License-Identifier: BSD-3-Clause */
/* S-EL1 partitions call by SMC. */
#include "sdk/asm.h"

func ffa_call
	b	ffa_call_smc
endfunc ffa_call
