/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC as one object: everything hangs off this. After boot it is sealed: PEs, partitions and
 * configuration do not change and are read without locks.
 */
#ifndef CORE_SPMC_H
#define CORE_SPMC_H

#include "core/arena.h"
#include "core/endpoint.h"
#include "core/partition.h"
#include "core/partition_config.h"
#include "core/pe.h"
#include "core/pool.h"

/** What this SPMC implements and answers to FFA_VERSION. */
#define SPMC_FFA_VERSION ((uint32_t)CONFIG_FFA_VERSION_LAST)

enum {
	SPMC_RXTX_PAGES_MAX = 16, /* of one buffer; FFA_FEATURES reports it */
	SPMC_ID_SLOTS = 128, /* power of two, at least twice the partitions */
};

struct spmc {
	uint16_t id;
	const struct spmc_config *config;

	struct pe *pes;
	unsigned pe_count;

	struct partition *partitions; /* in the order of the manifest */
	unsigned partition_count;
	struct partition *boot_order[CONFIG_PARTITION_MAX];
	struct partition *by_id[SPMC_ID_SLOTS]; /* hashed, open addressing */

	struct endpoint normal_world; /* ID 0 */

	struct arena arena;
	struct page_pool pool;
};

/** The partition with @id, or NULL. Constant time. */
static inline struct partition *spmc_partition(const struct spmc *spmc, uint16_t id)
{
	unsigned slot = id % SPMC_ID_SLOTS;
	struct partition *partition;

	while ((partition = spmc->by_id[slot]) != NULL) {
		if (partition->endpoint.id == id) {
			return partition;
		}
		slot = (slot + 1) % SPMC_ID_SLOTS;
	}
	return NULL;
}

/** Enters @partition into the index by ID. Boot only; at most half the slots are ever used. */
void spmc_index_partition(struct spmc *spmc, struct partition *partition);

/** Sorts the partitions into boot_order: by boot-order, then by position. Boot only. */
void spmc_sort_boot_order(struct spmc *spmc);

#endif
