/* SPDX-License-Identifier: BSD-3-Clause */
/* The para-virtual interrupt calls, by which deployed partitions handle virtual interrupts. */
#ifndef FFA_PARAVIRT_H
#define FFA_PARAVIRT_H

#include <stdbool.h>

#include "core/pe.h"

/** Serves the para-virtual call in x0-x3 of @ctx, which runs on @pe, result in x0. False: x0 is none of them. */
bool paravirt_call(struct pe *pe, struct exec_ctx *ctx);

#endif
