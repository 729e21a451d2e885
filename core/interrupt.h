/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Physical secure interrupts and whose they are (DEN0077A, "Interrupt management"; manifest: interrupts of
 * device regions). An interrupt belongs to one partition at most. What happens when one comes is decided in
 * ffa/interrupt.c.
 */
#ifndef CORE_INTERRUPT_H
#define CORE_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"
#include "core/virq.h"

struct exec_ctx;
struct partition;
struct pe;
struct spmc;

enum { INTERRUPT_SLOTS = 1024 + 64 + 1024 }; /* SGIs, PPIs and SPIs; extended PPIs; extended SPIs */

struct interrupt_owner {
	uint8_t partition; /* number + 1; 0: nobody */
	uint8_t bit; /* enum virq_bit */
};

struct interrupt_table {
	struct lock lock; /* RANK_INTERRUPT: the controller's configuration, homes and routes */
	struct interrupt_owner owner[INTERRUPT_SLOTS]; /* immutable after boot */
	_Atomic uint64_t online; /* PEs that are up */
	_Atomic uint64_t
		ready; /* of these: whose contexts have started; they take shared interrupts */
	_Atomic uint32_t unowned; /* how many came that nobody owns: they were masked */
};

void interrupt_table_init(struct interrupt_table *table);

/**
 * Enters the interrupts of @partition. Boot only.
 *
 * Returns NULL, or a sentence about one that cannot be had; the partition cannot be used then.
 */
const char *interrupts_claim(struct spmc *spmc, struct partition *partition);

/** True when @intid is one that any PE can take. */
static inline bool interrupt_is_shared(uint32_t intid)
{
	return (intid >= 32 && intid < 1020) || intid >= 4096;
}

/** Whose @intid is, and its bit; NULL: nobody's. Constant time. */
struct partition *interrupt_owner(const struct spmc *spmc, uint32_t intid, enum virq_bit *bit);

/**
 * False when PE @pe_index has gone off, or not come up: what was put into its `attention` before this was asked may not
 * be seen there. True: it is, on that PE or the one that has taken its work over.
 */
bool interrupts_pe_is_online(const struct spmc *spmc, unsigned pe_index);

/** @pe has come up: configures private interrupts on it. Locks RANK_INTERRUPT. */
void interrupts_power_up(struct pe *pe);

/** @pe has lost what is private to it, but not its contexts: configured and enabled again. RANK_INTERRUPT. */
void interrupts_resume(struct pe *pe);

/** The contexts of @pe have started: shared interrupts come home. Locks RANK_INTERRUPT. */
void interrupts_ready(struct pe *pe);

/** @pe is about to go off: shared interrupts come to another one from now on. Locks RANK_INTERRUPT. */
void interrupts_not_ready(struct pe *pe);

/**
 * @pe goes off: what it held of its contexts comes again somewhere else; shared interrupts, the timers of contexts
 * that migrate, and what it had to deliver to these, go to a PE that is up. Locks RANK_INTERRUPT, RANK_TIMER_NODE,
 * RANK_TIMER_QUEUE.
 *
 * Returns the PE that has them now and is to be kicked; NULL: none is up.
 */
struct pe *interrupts_power_down(struct pe *pe);

/**
 * @ctx, which runs on @pe, wants the physical interrupt @bit or no longer; a shared one stays on while any
 * context of its partition wants it. Locks RANK_INTERRUPT.
 */
void interrupt_enable(struct pe *pe, struct exec_ctx *ctx, enum virq_bit bit, bool enabled);

/** Those of @bits of @ctx that are held were dealt with: their sources may signal again. */
void interrupts_let_go(struct spmc *spmc, struct exec_ctx *ctx, uint64_t bits);

/**
 * @bit of @partition, acknowledged on @pe, finds no context there: a shared one goes to the PE that takes it now,
 * or is off until somebody enables it. Locks RANK_INTERRUPT.
 */
void interrupt_refuse(struct pe *pe, struct partition *partition, enum virq_bit bit);

/** The interrupts of @partition, which has ended, come no more. Locks RANK_INTERRUPT. */
void interrupts_drop(struct spmc *spmc, struct partition *partition);

/** Sends the shared interrupt @bit of @partition to PE @pe_index, or there once that is up. RANK_INTERRUPT. */
void interrupt_set_home(struct spmc *spmc, struct partition *partition, enum virq_bit bit,
			unsigned pe_index);

/** Makes @bit of @partition secure, or the normal world's. Locks RANK_INTERRUPT. */
void interrupt_assign(struct pe *pe, struct partition *partition, enum virq_bit bit, bool secure);

#endif
