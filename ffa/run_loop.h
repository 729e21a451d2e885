/* SPDX-License-Identifier: BSD-3-Clause */
/* What a PE does for ever after its start. */
#ifndef FFA_RUN_LOOP_H
#define FFA_RUN_LOOP_H

#include "core/pe.h"

/** Runs pe->current until it stops once, and decides what runs next (pe->current). */
void run_loop_step(struct pe *pe);

_Noreturn void run_loop(struct pe *pe);

#endif
