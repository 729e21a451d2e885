/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual interrupts of an execution context, as partitions know them by ID: pending and enabled ones as
 * bitmaps, so that nothing can overflow. For now the SPMC's own (IDs below 16); physical ones, whose IDs
 * are the same for partitions, will follow. Only the owner of the context touches it.
 */
#ifndef CORE_VIRQ_H
#define CORE_VIRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"

enum virq_id {
	VIRQ_MANAGED_EXIT = 4,
	VIRQ_NOTIFICATION = 5, /* NPI: FFA_NOTIFICATION_GET would return something */
	VIRQ_OWN_COUNT = 16,
};

#define VIRQ_NONE 0xFFFFFFFFU

struct virq_set {
	uint32_t pending, enabled;
	uint32_t fiq; /* those signalled as FIQ */
};

/** Drives the lines of @context as @set says. */
static inline void virq_update_lines(const struct virq_set *set, struct arch_context *context)
{
	uint32_t asserted = set->pending & set->enabled;

	arch_context_set_lines(context, (asserted & ~set->fiq) != 0, (asserted & set->fiq) != 0);
}

static inline void virq_raise(struct virq_set *set, struct arch_context *context, enum virq_id id)
{
	set->pending |= 1U << id;
	virq_update_lines(set, context);
}

static inline void virq_withdraw(struct virq_set *set, struct arch_context *context,
				 enum virq_id id)
{
	set->pending &= ~(1U << id);
	virq_update_lines(set, context);
}

/** The lowest pending and enabled one, which pends no more; VIRQ_NONE: there is none. */
static inline uint32_t virq_acknowledge(struct virq_set *set, struct arch_context *context)
{
	uint32_t asserted = set->pending & set->enabled;
	uint32_t id;

	if (asserted == 0) {
		return VIRQ_NONE;
	}
	id = (uint32_t)__builtin_ctz(asserted);
	virq_withdraw(set, context, (enum virq_id)id);
	return id;
}

#endif
