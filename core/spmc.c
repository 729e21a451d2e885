/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC object: who is there. Filled at boot, read-only afterwards; takes no locks.
 */
#include "core/spmc.h"

bool spmc_init_normal_world(struct spmc *spmc)
{
	if (!vm_table_init(&spmc->vms, &spmc->arena, &spmc->board, CONFIG_PARTITION_MAX)) {
		return false;
	}
	lock_init(&spmc->el3_lock, RANK_EL3);
	spmc->normal_world = &spmc->vms.vms[0].endpoint;
	atomic_store_explicit(&spmc->normal_world->version, SPMC_DEFAULT_VERSION,
			      memory_order_relaxed);
	return true;
}

/**
 * See the header. @partition->endpoint.id is set and unlike any other's (config/ has checked that).
 */
void spmc_index_partition(struct spmc *spmc, struct partition *partition)
{
	unsigned slot = partition->endpoint.id % SPMC_ID_SLOTS;

	while (spmc->by_id[slot] != NULL) {
		slot = (slot + 1) % SPMC_ID_SLOTS;
	}
	spmc->by_id[slot] = partition;
}

/** Insertion sort: stable, so that partitions without an order keep the manifest's. */
void spmc_sort_boot_order(struct spmc *spmc)
{
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];
		unsigned at = i;

		while (at > 0 && spmc->boot_order[at - 1]->config->boot_order >
					 partition->config->boot_order) {
			spmc->boot_order[at] = spmc->boot_order[at - 1];
			at--;
		}
		spmc->boot_order[at] = partition;
	}
}
