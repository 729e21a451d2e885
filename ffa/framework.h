/* SPDX-License-Identifier: BSD-3-Clause */
/* Framework messages: requests of the SPMD and the hypervisor that travel as direct messages. */
#ifndef FFA_FRAMEWORK_H
#define FFA_FRAMEWORK_H

#include "ffa/call.h"

/** True when @ctx, a context of the normal world, holds a message of the SPMD's own. */
static inline bool framework_is_message(const struct exec_ctx *ctx)
{
	return (uint32_t)ctx->arch.x[0] == FFA_MSG_SEND_DIRECT_REQ_32 &&
	       FFA_SENDER((uint32_t)ctx->arch.x[1]) == FFA_ID_SPMD;
}

/** Serves the message of the SPMD in @ctx. */
void framework_serve(struct pe *pe, struct exec_ctx *ctx);

/** FFA_MSG_SEND_DIRECT_REQ with flags in w2: a message to a partition that is not the SPMD's. */
enum ffa_status framework_request(struct call *call);

/** The request that a response with @w2 answers; REQUEST_NONE: no response that a partition may send. */
enum request_kind framework_answered(uint32_t w2);

#endif
