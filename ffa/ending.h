/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a partition. */
#ifndef FFA_ENDING_H
#define FFA_ENDING_H

#include "core/pe.h"

/**
 * Ends the partition of @ctx, which this PE owns: its buffers are taken back, its other contexts end when
 * they are next touched, whoever waits for @ctx gets FFA_ERROR ABORTED, and the start of a PE goes on.
 * pe->current is who runs next.
 */
void ending_of_partition(struct pe *pe, struct exec_ctx *ctx);

#endif
