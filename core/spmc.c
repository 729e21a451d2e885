/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC object: who is there. Filled at boot, read-only afterwards; takes no locks.
 */
#include "core/spmc.h"

enum {
	/* Pages that an owner gets of the pool whatever others take, where the pool is large enough. */
	PARTITION_RESERVE_PAGES = 32,
	NORMAL_WORLD_RESERVE_PAGES = 64,
};

bool spmc_init_normal_world(struct spmc *spmc)
{
	if (!vm_table_init(&spmc->vms, &spmc->arena, &spmc->board, CONFIG_PARTITION_MAX)) {
		return false;
	}
	if (!transaction_table_init(&spmc->transactions, &spmc->arena, &spmc->pool)) {
		return false;
	}
	lock_init(&spmc->el3_lock, RANK_EL3);
	lock_init(&spmc->freeze.lock, RANK_FREEZE);
	ns_snapshot_init(&spmc->ns_snapshot, &spmc->pool, &spmc->ns_quota);
	spmc->normal_world = &spmc->vms.vms[0].endpoint;
	atomic_store_explicit(&spmc->normal_world->version, SPMC_DEFAULT_VERSION,
			      memory_order_relaxed);
	return true;
}

/** @wanted, or less where the reserves together would promise more than half of the pool. */
static uint32_t reserve_of(const struct spmc *spmc, uint32_t wanted)
{
	uint32_t all = spmc->partition_count * PARTITION_RESERVE_PAGES + NORMAL_WORLD_RESERVE_PAGES;
	uint32_t half = spmc->pool.total_count / 2;

	return all <= half ? wanted : (uint32_t)((uint64_t)wanted * half / all);
}

bool spmc_init_quotas(struct spmc *spmc)
{
	uint32_t total = spmc->pool.total_count;

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		page_pool_promise(&spmc->pool, &spmc->partitions[i].quota,
				  reserve_of(spmc, PARTITION_RESERVE_PAGES), total / 2);
	}
	page_pool_promise(&spmc->pool, &spmc->ns_quota,
			  reserve_of(spmc, NORMAL_WORLD_RESERVE_PAGES), total / 4 * 3);
	return space_init(&spmc->ns_record, ARCH_SPACE_RECORD, &spmc->pool, &spmc->ns_quota, 0);
}

/**
 * See the header. @partition->endpoint.id is set and unlike any other's (config/ has checked that).
 */
bool spmc_init_timers(struct spmc *spmc)
{
	unsigned max = spmc->partition_count * TIMER_KIND_COUNT;

	for (unsigned i = 0; i < spmc->pe_count; i++) {
		struct timer_node **heap = arena_take(&spmc->arena, max * sizeof(heap[0]),
						      _Alignof(struct timer_node *));

		if (heap == NULL && max > 0) {
			return false;
		}
		timer_queue_init(&spmc->pes[i].timers, heap, max);
	}
	return true;
}

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
