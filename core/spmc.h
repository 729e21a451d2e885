/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC as one object: everything hangs off this. After boot it is sealed: PEs, partitions and
 * configuration do not change and are read without locks.
 */
#ifndef CORE_SPMC_H
#define CORE_SPMC_H

#include "core/arena.h"
#include "core/endpoint.h"
#include "core/freeze.h"
#include "core/interrupt.h"
#include "core/ns_snapshot.h"
#include "core/partition.h"
#include "core/partition_config.h"
#include "core/pe.h"
#include "core/pool.h"
#include "core/space.h"
#include "core/transaction.h"
#include "core/vm.h"

/** What this SPMC implements and answers to FFA_VERSION. */
#define SPMC_FFA_VERSION ((uint32_t)CONFIG_FFA_VERSION_LAST)

/** What a normal world speaks that never asked; EL3's partitions, which never ask, are of that time. */
#define SPMC_DEFAULT_VERSION FFA_VERSION_1_2

enum {
	SPMC_RXTX_PAGES_MAX = 16, /* of one buffer; FFA_FEATURES reports it */
	SPMC_EL3_PARTITION_MAX = 63, /* IDs of EL3's partitions */
	SPMC_ID_SLOTS = 128, /* power of two, at least twice the partitions */
};

/** A logical partition of EL3: it can only send requests, and partitions can discover it. */
struct el3_partition {
	uint16_t id;
	uint16_t context_count;
	uint32_t properties;
	struct ffa_uuid uuid, image_uuid;
	uint32_t version;
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

	struct vm_table vms;
	struct endpoint *normal_world; /* ID 0, the first of the VMs */
	struct notif_board board; /* receivers with news: partitions in order, then VMs */

	_Atomic bool started; /* a PE has been through its start: EL3 knows of its own partitions */
	_Atomic bool group0_refused; /* by EL3, once at least: said so in the log */

	struct lock el3_lock; /* RANK_EL3; held while EL3 is asked for its partitions */
	_Atomic bool el3_known; /* it was: these do not change any more */
	unsigned el3_partition_count;
	struct el3_partition el3_partitions[SPMC_EL3_PARTITION_MAX];

	struct arena arena;
	struct page_pool pool;

	struct interrupt_table interrupts;
	struct transaction_table transactions; /* of memory */
	struct space ns_record; /* what of the normal world's memory is not free (ns_record.h) */
	struct quota
		ns_quota; /* of the normal world: its transactions, that record's tables, that snapshot */
	struct ns_snapshot ns_snapshot; /* what it is being told */
	struct freeze freeze;
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

/** The endpoint with @id, a partition or a VM that is known; or NULL. Constant time. */
static inline struct endpoint *spmc_endpoint(const struct spmc *spmc, uint16_t id)
{
	if ((id & FFA_ID_SECURE_BIT) != 0) {
		struct partition *partition = spmc_partition(spmc, id);

		return partition == NULL ? NULL : &partition->endpoint;
	}
	struct vm *vm = vm_find(&spmc->vms, id);

	return vm == NULL ? NULL : &vm->endpoint;
}

/** Makes the normal world known, and room for transactions, from the arena. Boot only. False: no memory. */
bool spmc_init_normal_world(struct spmc *spmc);

/**
 * Shares the pool out to the partitions and the normal world: what each may take, and what each gets in any
 * case. Boot only, once the pool is filled and the partitions are created. False: no memory for the record
 * of the normal world's memory.
 */
bool spmc_init_quotas(struct spmc *spmc);

/** Gives each PE room for the timers of all contexts that may run on it. Boot only. False: no memory. */
bool spmc_init_timers(struct spmc *spmc);

/** Enters @partition into the index by ID. Boot only; at most half the slots are ever used. */
void spmc_index_partition(struct spmc *spmc, struct partition *partition);

/** Sorts the partitions into boot_order: by boot-order, then by position. Boot only. */
void spmc_sort_boot_order(struct spmc *spmc);

#endif
