/* SPDX-License-Identifier: BSD-3-Clause */
/* A PE is switched off: partitions that want to know are told first. */
#ifndef FFA_POWER_H
#define FFA_POWER_H

#include "core/pe.h"

/** The normal world switches @pe off (CPU_OFF): pe->current is who runs next. */
void power_off_pe(struct pe *pe);

/** @ctx has answered the message of power_off_pe() with a PSCI @status. */
void power_off_answered(struct pe *pe, struct exec_ctx *ctx, int32_t status);

/** @ctx, which was told, has ended: the others are still to be told. */
void power_off_goes_on(struct pe *pe);

/** The time of whom power_off_pe() told is over. */
void power_off_expired(struct pe *pe, struct exec_ctx *ctx);

/** @pe comes back from an idle state that lost more than EL3 keeps: its contexts are where they were. */
void power_resume_pe(struct pe *pe);

#endif
