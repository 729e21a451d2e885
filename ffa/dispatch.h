/* SPDX-License-Identifier: BSD-3-Clause */
/* From a call of a context to the handler that serves it. */
#ifndef FFA_DISPATCH_H
#define FFA_DISPATCH_H

#include "abi/ffa.h"
#include "core/pe.h"

/** True when @x0 names a function in the range that FF-A owns, in either width, SVE hint or not. */
static inline bool ffa_owns(uint64_t x0)
{
	uint32_t fid = (uint32_t)x0 & ~(FFA_FID_SVE_HINT | FFA_FID_SMC64);

	return fid - FFA_FID32(FFA_NUMBER_FIRST) <= FFA_NUMBER_LAST - FFA_NUMBER_FIRST;
}

/**
 * Serves the FF-A call in the registers of @ctx, which runs on @pe: afterwards pe->current runs next.
 * Never fails towards its caller: a refusal is FFA_ERROR in the registers of @ctx.
 */
void ffa_dispatch(struct pe *pe, struct exec_ctx *ctx);

#endif
