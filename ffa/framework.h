/* SPDX-License-Identifier: BSD-3-Clause */
/* Framework messages: requests of the SPMD to the SPMC that travel as direct messages. */
#ifndef FFA_FRAMEWORK_H
#define FFA_FRAMEWORK_H

#include "abi/ffa.h"
#include "core/pe.h"

/** True when @ctx, a context of the normal world, holds a message of the SPMD's own. */
static inline bool framework_is_message(const struct exec_ctx *ctx)
{
	return (uint32_t)ctx->arch.x[0] == FFA_MSG_SEND_DIRECT_REQ_32 &&
	       FFA_SENDER((uint32_t)ctx->arch.x[1]) == FFA_ID_SPMD;
}

/** Serves the message of the SPMD in @ctx. */
void framework_serve(struct pe *pe, struct exec_ctx *ctx);

#endif
