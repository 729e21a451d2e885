/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of a direct request that framework messages share. */
#ifndef FFA_DIRECT_H
#define FFA_DIRECT_H

#include "ffa/call.h"

/**
 * Claims the context of @receiver that serves the caller's PE.
 *
 * FFA_INVALID_PARAMETERS  it has none there.
 * FFA_BUSY                it does not wait.
 * FFA_DENIED              the caller's runtime model lets it ask nobody.
 * FFA_ABORTED             it, or its partition, is gone.
 */
enum ffa_status direct_claim(const struct call *call, struct partition *receiver,
			     struct exec_ctx **target);

/**
 * Links the claimed @target behind the caller, with a request of @kind from @requester; its registers are
 * still to be written.
 */
void direct_enter(const struct call *call, struct exec_ctx *target, enum request_kind kind,
		  uint16_t requester);

#endif
