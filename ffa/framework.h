/* SPDX-License-Identifier: BSD-3-Clause */
/* Framework messages: requests of the SPMD to the SPMC that travel as direct messages. */
#ifndef FFA_FRAMEWORK_H
#define FFA_FRAMEWORK_H

#include "core/pe.h"

/**
 * Serves what the SPMD asks in @ctx, a context of the normal world, on its own account.
 *
 * Returns false when this is not a message of the SPMD: then it is a call of the normal world.
 */
bool framework_serve(struct pe *pe, struct exec_ctx *ctx);

#endif
