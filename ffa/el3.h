/* SPDX-License-Identifier: BSD-3-Clause */
/* Logical partitions of EL3: they can be discovered and they send direct requests. */
#ifndef FFA_EL3_H
#define FFA_EL3_H

#include "core/spmc.h"

/**
 * Asks EL3 for its partitions, once: not before a PE has been through its start, they are not there yet.
 * Not for the normal world's calls: EL3 may be who asks.
 */
void el3_partitions_learn(struct spmc *spmc);

/** True when @ctx, a context of the normal world, holds a direct request of one of EL3's partitions. */
bool el3_is_request(const struct exec_ctx *ctx);

/** Serves the request in @ctx. */
void el3_serve(struct pe *pe, struct exec_ctx *ctx);

#endif
