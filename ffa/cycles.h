/* SPDX-License-Identifier: BSD-3-Clause */
/* Who gets the cycles of a PE when something other than a message decides: starts, interrupts, ends. */
#ifndef FFA_CYCLES_H
#define FFA_CYCLES_H

#include "core/pe.h"

/**
 * Starts the next context that belongs to @pe and has not run on it since its power-up, in boot order:
 * pe->current is that one, or the normal world's with FFA_MSG_WAIT for the SPMD when none is left.
 */
void cycles_start_next(struct pe *pe);

/** The normal world wants its PE back while @ctx runs: its cycles go back along the chain. */
void cycles_preempt(struct pe *pe, struct exec_ctx *ctx);

/** WFI or WFE of an S-EL0 partition: FFA_YIELD without a time-out, where its runtime model allows. */
void cycles_wait(struct pe *pe, struct exec_ctx *ctx);

/** @ctx cannot go on, or its partition is gone: the partition ends, whoever waits for it is told. */
void cycles_abort(struct pe *pe, struct exec_ctx *ctx);

#endif
