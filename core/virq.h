/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual interrupts of an execution context as bitmaps, so that nothing can overflow: the SPMC's own, then
 * the physical ones of its partition in the order of their INTIDs (partition.h). Any PE may let one pend; all
 * else is the owner's of the context.
 *
 * A physical interrupt that was acknowledged is *held*: active in the interrupt controller, so that its source
 * cannot signal again before the partition has dealt with it.
 */
#ifndef CORE_VIRQ_H
#define CORE_VIRQ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"

/** IDs of the SPMC's own, as partitions know them. */
enum virq_id {
	VIRQ_TIMER = 3, /* a timer of the context has fired */
	VIRQ_MANAGED_EXIT = 4, /* the normal world wants its PE back */
	VIRQ_NOTIFICATION = 5, /* NPI: FFA_NOTIFICATION_GET would return something */
	VIRQ_IPI = 9, /* from another context of the partition */
};

#define VIRQ_NONE 0xFFFFFFFFU

/* Bits of the maps. */
enum virq_bit {
	VIRQ_BIT_TIMER,
	VIRQ_BIT_MANAGED_EXIT,
	VIRQ_BIT_NOTIFICATION,
	VIRQ_BIT_IPI,
	VIRQ_BIT_PHYSICAL, /* the first of them */
	VIRQ_BIT_COUNT = 64,
};

#define VIRQ_MASK(bit) (UINT64_C(1) << (bit))

struct virq_set {
	_Atomic uint64_t pending; /* set by any PE, cleared by the owner */
	_Atomic uint64_t held; /* set by the PE that acknowledged, cleared by the owner */
	_Atomic uint64_t enabled; /* written by the owner, read by any PE */
	uint64_t fiq; /* those signalled as FIQ; owner only */
	uint64_t
		handled; /* physical ones that were fetched: their sources may signal again; owner only */
	/* PEs that acknowledged a held one: several, if it is private and the context has migrated meanwhile. */
	_Atomic uint32_t held_on[VIRQ_BIT_COUNT];
};

static inline uint64_t virq_pending(const struct virq_set *set)
{
	/* seq_cst: see pe_claim() and virq_pend() */
	return atomic_load_explicit(&set->pending, memory_order_seq_cst);
}

static inline uint64_t virq_enabled(const struct virq_set *set)
{
	return atomic_load_explicit(&set->enabled, memory_order_relaxed);
}

/** Pending and enabled ones. */
static inline uint64_t virq_asserted(const struct virq_set *set)
{
	return virq_pending(set) & virq_enabled(set);
}

/**
 * Lets @bit pend; by any PE. Returns false when it did so already. Whoever claims the context afterwards sees it, and who has claimed it before is
 * seen by a look at the context's state after this (both are sequentially consistent).
 */
static inline bool virq_pend(struct virq_set *set, enum virq_bit bit)
{
	uint64_t before = atomic_fetch_or_explicit(&set->pending, VIRQ_MASK(bit),
						   memory_order_seq_cst);

	return (before & VIRQ_MASK(bit)) == 0;
}

/** The physical @bit was acknowledged on PE @pe_index. Before virq_pend(). */
static inline void virq_hold(struct virq_set *set, enum virq_bit bit, unsigned pe_index)
{
	atomic_fetch_or_explicit(&set->held_on[bit], UINT32_C(1) << pe_index, memory_order_relaxed);
	/* seq_cst: the PE is known to who sees the bit; and see interrupts_drop() */
	atomic_fetch_or_explicit(&set->held, VIRQ_MASK(bit), memory_order_seq_cst);
}

/** Takes @bits out of the held ones. Returns those that were. */
static inline uint64_t virq_let_go(struct virq_set *set, uint64_t bits)
{
	return atomic_fetch_and_explicit(&set->held, ~bits, memory_order_acquire) & bits;
}

/** Takes the PEs that @bit, which virq_let_go() has returned, was acknowledged on. */
static inline uint32_t virq_take_pes(struct virq_set *set, enum virq_bit bit)
{
	return atomic_exchange_explicit(&set->held_on[bit], 0, memory_order_relaxed);
}

/* ---- the owner's -------------------------------------------------------------------------------- */

/** Nothing pends, is held or enabled. Others may look meanwhile, and let an IPI pend that then may be lost. */
static inline void virq_reset(struct virq_set *set)
{
	atomic_store_explicit(&set->enabled, 0, memory_order_relaxed);
	atomic_store_explicit(&set->pending, 0, memory_order_relaxed);
	atomic_store_explicit(&set->held, 0, memory_order_relaxed);
	set->fiq = 0;
	set->handled = 0;
	for (unsigned bit = 0; bit < VIRQ_BIT_COUNT; bit++) {
		atomic_store_explicit(&set->held_on[bit], 0, memory_order_relaxed);
	}
}

/** Drives the lines of @context as @set says. */
static inline void virq_update_lines(const struct virq_set *set, struct arch_context *context)
{
	uint64_t asserted = virq_asserted(set);

	arch_context_set_lines(context, (asserted & ~set->fiq) != 0, (asserted & set->fiq) != 0);
}

static inline void virq_raise(struct virq_set *set, struct arch_context *context, enum virq_bit bit)
{
	(void)virq_pend(set, bit);
	virq_update_lines(set, context);
}

static inline void virq_withdraw(struct virq_set *set, struct arch_context *context,
				 enum virq_bit bit)
{
	atomic_fetch_and_explicit(&set->pending, ~VIRQ_MASK(bit), memory_order_relaxed);
	virq_update_lines(set, context);
}

/** Enables or disables @bit, signalled as FIQ or IRQ from now on. */
static inline void virq_enable(struct virq_set *set, struct arch_context *context,
			       enum virq_bit bit, bool enabled)
{
	uint64_t others = virq_enabled(set) & ~VIRQ_MASK(bit);

	atomic_store_explicit(&set->enabled, enabled ? others | VIRQ_MASK(bit) : others,
			      memory_order_relaxed);
	virq_update_lines(set, context);
}

/** The lowest asserted one, which pends no more and is being handled; false: there is none. */
static inline bool virq_acknowledge(struct virq_set *set, struct arch_context *context,
				    enum virq_bit *bit)
{
	uint64_t asserted = virq_asserted(set);

	if (asserted == 0) {
		return false;
	}
	*bit = (enum virq_bit)__builtin_ctzll(asserted);
	if (*bit >= VIRQ_BIT_PHYSICAL) {
		set->handled |= VIRQ_MASK(*bit);
	}
	virq_withdraw(set, context, *bit);
	return true;
}

#endif
