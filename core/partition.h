/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A partition: an endpoint with an address space and execution contexts. Built at boot, immutable but
 * for its state, its secondary entry point and what its locks guard.
 */
#ifndef CORE_PARTITION_H
#define CORE_PARTITION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/console_quota.h"
#include "core/endpoint.h"
#include "core/exec_ctx.h"
#include "core/partition_config.h"
#include "core/pool.h"
#include "core/space.h"

struct spmc;

enum partition_state {
	PARTITION_CREATED, /* its start-up code has not finished on the boot PE */
	PARTITION_RUNNING,
	PARTITION_ABORTED,
};

/** A physical interrupt of a partition. Bit VIRQ_BIT_PHYSICAL + n of its contexts is the nth, by INTID. */
struct partition_interrupt {
	const struct interrupt_config *config;
	uint16_t home,
		route; /* PE that is to take a shared one, and the one that does for now; RANK_INTERRUPT */
	bool secure; /* else the normal world's; RANK_INTERRUPT */
	uint64_t wanted_on; /* private ones: PEs that have it enabled; RANK_INTERRUPT */
};

struct partition {
	struct endpoint endpoint; /* first: an endpoint with a secure ID is a partition's */
	const struct partition_config *config;
	struct space space;
	struct quota quota;

	_Atomic uint32_t state; /* enum partition_state */
	_Atomic uint64_t
		secondary_entry; /* FFA_SECONDARY_EP_REGISTER, or the primary entry point */

	struct exec_ctx *contexts;
	uint16_t context_count;
	bool multi_processor; /* context n runs on PE n only; else one context that migrates */

	/* Immutable, from the configuration. */
	uint16_t number; /* position in spmc->partitions, bit in maps of partitions */
	uint64_t interrupt_budget, start_budget; /* ticks */
	uint64_t
		interrupt_cost; /* ticks that an interrupt costs the PE besides its handler, at least */
	uint8_t interrupt_count;
	struct partition_interrupt interrupts[CONFIG_INTERRUPT_MAX];

	struct console_quota console_quota; /* of what its contexts log */
};

static inline enum partition_state partition_state(const struct partition *partition)
{
	return (enum partition_state)atomic_load_explicit(&partition->state, memory_order_relaxed);
}

/**
 * True when @partition has ended, asked after one of its contexts was claimed: either the claimer sees the end
 * (both are sequentially consistent), or who ends the partition sees where the context runs, and stops it there. So
 * it is with interrupts that a context holds.
 */
static inline bool partition_has_ended(const struct partition *partition)
{
	return atomic_load_explicit(&partition->state, memory_order_seq_cst) == PARTITION_ABORTED;
}

/** The context of @partition that serves PE @pe_index; NULL when it has none there. */
static inline struct exec_ctx *partition_context(const struct partition *partition,
						 unsigned pe_index)
{
	if (!partition->multi_processor) {
		return &partition->contexts[0];
	}
	return pe_index < partition->context_count ? &partition->contexts[pe_index] : NULL;
}

/** ID by which @partition knows virtual interrupt @bit. */
static inline uint32_t partition_virq_id(const struct partition *partition, enum virq_bit bit)
{
	static const uint8_t own[VIRQ_BIT_PHYSICAL] = {
		[VIRQ_BIT_TIMER] = VIRQ_TIMER,
		[VIRQ_BIT_MANAGED_EXIT] = VIRQ_MANAGED_EXIT,
		[VIRQ_BIT_NOTIFICATION] = VIRQ_NOTIFICATION,
		[VIRQ_BIT_IPI] = VIRQ_IPI,
	};

	return bit < VIRQ_BIT_PHYSICAL ? own[bit]
				       : partition->interrupts[bit - VIRQ_BIT_PHYSICAL].config->id;
}

/**
 * The messaging methods of the service with @uuid; those of all services together for the nil UUID.
 * False: there is no such service.
 */
bool partition_service_method(const struct partition *partition, const struct ffa_uuid *uuid,
			      uint32_t *method);

/**
 * Builds a partition from its checked configuration: endpoint and contexts, not yet started. Boot only.
 *
 * @partition  zeroed; stays where it is.
 *
 * Returns NULL, or a sentence that says what was missing; the partition cannot be used then.
 */
const char *partition_create(struct partition *partition, struct spmc *spmc,
			     const struct partition_config *config);

/**
 * Gives @partition its address space: image, memory and device regions. Boot only.
 *
 * @vmid  VMID or ASID, not 0, unlike any other partition's.
 *
 * Returns NULL, or a sentence that says what was missing; the partition cannot be used then.
 */
const char *partition_map(struct partition *partition, struct spmc *spmc, uint16_t vmid);

/** Readies @ctx to run its start-up code on @pe: registers, entry point, runtime model INIT. */
void partition_context_start(struct partition *partition, struct exec_ctx *ctx, struct pe *pe,
			     bool cold);

#endif
