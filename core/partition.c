/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Building a partition from its configuration, and readying its contexts (DEN0077A, "Partition setup").
 * Does not parse manifests (config/) and does not decide what runs (ffa/cycles.c).
 * Locks: RANK_SPACE and RANK_POOL of the partition, while its regions are mapped at boot.
 */
#include "core/partition.h"

#include "core/log.h"
#include "core/ns_record.h"
#include "core/spmc.h"
#include "core/uuid.h"

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)

enum {
	DEFAULT_INTERRUPT_BUDGET_US = 500000,
	DEFAULT_START_BUDGET_MS = 10000,
	INTERRUPT_COST_US = 5,
};

bool partition_service_method(const struct partition *partition, const struct ffa_uuid *uuid,
			      uint32_t *method)
{
	const struct partition_config *config = partition->config;

	*method = config->messaging_method;
	if (uuid_is_nil(uuid)) {
		return true;
	}
	for (unsigned i = 0; i < config->service_count; i++) {
		if (uuid_equal(uuid, &config->services[i].uuid)) {
			*method = config->services[i].messaging_method;
			return true;
		}
	}
	return false;
}

/** Attributes of a manifest region as the space takes them. */
static unsigned region_map(uint32_t attributes)
{
	unsigned map = 0;

	map |= attributes & REGION_READ ? ARCH_MAP_READ : 0U;
	map |= attributes & REGION_WRITE ? ARCH_MAP_WRITE : 0U;
	map |= attributes & REGION_EXECUTE ? ARCH_MAP_EXECUTE : 0U;
	map |= attributes & REGION_NON_SECURE ? ARCH_MAP_NON_SECURE : 0U;
	return map;
}

/** Buffers that the manifest gives take part in no memory transaction. */
static bool mark_buffers(struct partition *partition)
{
	const struct mailbox *mailbox = &partition->endpoint.mailbox;

	return !mailbox_is_mapped(mailbox) ||
	       (space_map(&partition->space, mailbox->rx, mailbox->rx_before | ARCH_MAP_SHARED) ==
			SPACE_OK &&
		space_map(&partition->space, mailbox->tx, mailbox->tx_before | ARCH_MAP_SHARED) ==
			SPACE_OK);
}

/**
 * What of the normal world's memory is @partition's by its manifest is not free for others any more; what
 * several partitions have by theirs is taken once. False: no memory for the record.
 */
static bool take_normal_memory(struct spmc *spmc, const struct partition_config *config)
{
	for (unsigned i = 0; i < config->memory_region_count; i++) {
		const struct memory_region_config *region = &config->memory_regions[i];

		if ((region->attributes & REGION_NON_SECURE) != 0 &&
		    ns_record_take(&spmc->ns_record, &region->range, 1) == NS_RECORD_NO_MEMORY) {
			return false;
		}
	}
	for (unsigned i = 0; i < config->device_region_count; i++) {
		const struct device_region_config *region = &config->device_regions[i];

		if ((region->attributes & REGION_NON_SECURE) != 0 &&
		    ns_record_take(&spmc->ns_record, &region->range, 1) == NS_RECORD_NO_MEMORY) {
			return false;
		}
	}
	return true;
}

/** Maps image, memory and device regions, in this order: regions may change a part of the image's memory. */
static const char *map_regions(struct partition *partition)
{
	const struct partition_config *config = partition->config;
	bool user = config->exception_level == EXCEPTION_LEVEL_S_EL0;
	unsigned image = user ? ARCH_MAP_READ | ARCH_MAP_EXECUTE
			      : ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_EXECUTE;

	if (space_map(&partition->space, config->vm.memory, image) != SPACE_OK) {
		return "no memory for the translation tables of its image";
	}
	for (unsigned i = 0; i < config->memory_region_count; i++) {
		const struct memory_region_config *region = &config->memory_regions[i];

		if (space_map(&partition->space, region->range, region_map(region->attributes)) !=
		    SPACE_OK) {
			return "no memory for the translation tables of its memory regions";
		}
	}
	for (unsigned i = 0; i < config->device_region_count; i++) {
		const struct device_region_config *region = &config->device_regions[i];

		if (space_map(&partition->space, region->range,
			      region_map(region->attributes) | ARCH_MAP_DEVICE) != SPACE_OK) {
			return "no memory for the translation tables of its device regions";
		}
	}
	return NULL;
}

/**
 * Memory for the vectors of contexts with SVE, where the machine has it; partitions see whether. False: no memory.
 */
static bool init_vectors(struct partition *partition, struct spmc *spmc)
{
	const struct partition_config *config = partition->config;
	size_t size = config->sve ? arch_context_sve_size() : 0;

	if (config->sve && size == 0) {
		log_line(LOG_WARN, "partition",
			 "0x%x %s: the machine does not have the SVE it asks for", config->id,
			 config->name);
	}
	for (uint16_t i = 0; size > 0 && i < config->context_count; i++) {
		void *memory = arena_take(&spmc->arena, size, 16);

		if (memory == NULL) {
			return false;
		}
		arch_context_give_sve(&partition->contexts[i].arch, memory);
	}
	return true;
}

static enum instance instance_of(const struct partition_config *config)
{
	if (config->exception_level == EXCEPTION_LEVEL_S_EL0) {
		return INSTANCE_S0;
	}
	return config->context_count > 1 ? INSTANCE_S1MP : INSTANCE_S1UP;
}

static void init_mailbox(struct partition *partition)
{
	const struct partition_config *config = partition->config;
	struct mailbox *mailbox = &partition->endpoint.mailbox;

	mailbox_init(mailbox);
	if (config->rx_region != CONFIG_NO_REGION && config->tx_region != CONFIG_NO_REGION) {
		const struct memory_region_config *rx = &config->memory_regions[config->rx_region];

		mailbox->rx = rx->range;
		mailbox->tx = config->memory_regions[config->tx_region].range;
		mailbox->world = rx->attributes & REGION_NON_SECURE ? WORLD_NON_SECURE
								    : WORLD_SECURE;
		mailbox->owner = config->id;
		mailbox->rx_before = region_map(rx->attributes);
		mailbox->tx_before =
			region_map(config->memory_regions[config->tx_region].attributes);
		atomic_init(&mailbox->mapped, true);
	}
}

/** Notifications, for partitions that want them: from FF-A 1.1 on. False: no memory. */
static bool init_notifications(struct partition *partition, struct spmc *spmc)
{
	const struct partition_config *config = partition->config;
	struct notif_set *set = &partition->endpoint.notifications;
	uint64_t *words[NOTIF_CLASS_COUNT];

	notif_set_init(set, &spmc->board, partition->number);
	notif_set_name(set, config->id);
	if (!config->notification_support || config->ffa_version < FFA_VERSION_1_1) {
		return true;
	}
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
		words[i] = arena_take(&spmc->arena, config->context_count * sizeof(uint64_t),
				      _Alignof(uint64_t));
		if (words[i] == NULL) {
			return false;
		}
	}
	notif_set_enable(set, config->id, config->context_count, words);
	return true;
}

static void init_endpoint(struct partition *partition)
{
	const struct partition_config *config = partition->config;

	partition->endpoint.id = config->id;
	partition->endpoint.instance = (uint8_t)instance_of(config);
	atomic_store_explicit(&partition->endpoint.version, config->ffa_version,
			      memory_order_relaxed);
	init_mailbox(partition);
}

static void init_budgets(struct partition *partition)
{
	const struct partition_config *config = partition->config;

	uint64_t interrupt_us = config->interrupt_budget_us != 0 ? config->interrupt_budget_us
								 : DEFAULT_INTERRUPT_BUDGET_US;
	uint64_t start_ms = config->start_budget_ms != 0 ? config->start_budget_ms
							 : DEFAULT_START_BUDGET_MS;

	partition->interrupt_budget = arch_ticks(interrupt_us * NS_PER_US);
	partition->start_budget = arch_ticks(start_ms * NS_PER_MS);
	partition->interrupt_cost = arch_ticks(INTERRUPT_COST_US * NS_PER_US);
}

static uint8_t modes_of(const struct partition_config *config)
{
	bool masks_ns = config->ns_interrupts_action == NS_INTERRUPTS_QUEUED;

	return (uint8_t)((masks_ns ? CTX_MASKS_NS : 0) |
			 (config->other_s_interrupts_queued ? CTX_QUEUES_OTHERS : 0));
}

const char *partition_create(struct partition *partition, struct spmc *spmc,
			     const struct partition_config *config)
{
	partition->config = config;
	partition->number = (uint16_t)(partition - spmc->partitions);
	partition->context_count = config->context_count;
	partition->multi_processor = config->context_count > 1;
	init_endpoint(partition);
	console_quota_init(&partition->console_quota);
	if (!init_notifications(partition, spmc)) {
		return "no memory for its notifications";
	}
	atomic_store_explicit(&partition->secondary_entry,
			      config->vm.memory.base.pa + config->entry_offset,
			      memory_order_relaxed);

	init_budgets(partition);
	partition->contexts = arena_take(&spmc->arena,
					 config->context_count * sizeof(struct exec_ctx),
					 _Alignof(struct exec_ctx));
	if (partition->contexts == NULL) {
		return "no memory for its execution contexts";
	}
	for (uint16_t i = 0; i < config->context_count; i++) {
		struct exec_ctx *ctx = &partition->contexts[i];

		ctx->endpoint = &partition->endpoint;
		ctx->partition = partition;
		ctx->index = i;
		ctx->arch.kind = partition->endpoint.instance == INSTANCE_S0 ? ARCH_KIND_S_EL0
									     : ARCH_KIND_S_EL1;
		ctx->arch.migrates = !partition->multi_processor;
		ctx->own_modes = modes_of(config);
		for (unsigned kind = 0; kind < TIMER_KIND_COUNT; kind++) {
			timer_node_init(&ctx->timers[kind], ctx, (enum timer_kind)kind);
		}
		exec_ctx_forget_request(ctx);
	}
	if (!init_vectors(partition, spmc)) {
		return "no memory for its vector registers";
	}
	return interrupts_claim(spmc, partition);
}

const char *partition_map(struct partition *partition, struct spmc *spmc, uint16_t vmid)
{
	bool user = partition->endpoint.instance == INSTANCE_S0;
	const char *missing;

	if (!space_init(&partition->space, user ? ARCH_SPACE_STAGE1 : ARCH_SPACE_STAGE2,
			&spmc->pool, &partition->quota, vmid)) {
		return "no memory for its translation tables";
	}
	missing = map_regions(partition);
	if (missing == NULL && !mark_buffers(partition)) {
		missing = "no memory for the translation tables of its RX/TX buffers";
	}
	if (missing == NULL && !take_normal_memory(spmc, partition->config)) {
		missing = "no memory for the record of its non-secure memory";
	}
	return missing;
}

/**
 * Interrupts that a partition need not enable itself: NPI and MEI at S-EL1; all at S-EL0, which has no line and
 * gets them when it waits.
 */
static void init_virqs(struct pe *pe, struct exec_ctx *ctx)
{
	const struct partition *partition = ctx->partition;
	const struct partition_config *config = partition->config;
	uint64_t physical = (VIRQ_MASK(partition->interrupt_count) - 1) << VIRQ_BIT_PHYSICAL;
	struct virq_set *virqs = &ctx->virqs;

	virq_reset(virqs);
	if (ctx->endpoint->instance == INSTANCE_S0) {
		virq_enable(virqs, &ctx->arch, VIRQ_BIT_TIMER, true);
		for (; physical != 0; physical &= physical - 1) {
			interrupt_enable(pe, ctx, (enum virq_bit)__builtin_ctzll(physical), true);
		}
		return;
	}
	if (notif_set_is_enabled(&ctx->endpoint->notifications)) {
		virq_enable(virqs, &ctx->arch, VIRQ_BIT_NOTIFICATION, true);
	}
	if (config->ns_interrupts_action == NS_INTERRUPTS_MANAGED_EXIT) {
		virqs->fiq = config->managed_exit_virq ? 0 : VIRQ_MASK(VIRQ_BIT_MANAGED_EXIT);
		virq_enable(virqs, &ctx->arch, VIRQ_BIT_MANAGED_EXIT, true);
	}
}

/**
 * See the header. @cold: the partition's first start, on the boot PE; only then the boot information is
 * announced. @ctx is OFF and belongs to this PE.
 */
void partition_context_start(struct partition *partition, struct exec_ctx *ctx, struct pe *pe,
			     bool cold)
{
	const struct partition_config *config = partition->config;
	uint64_t load_address = config->vm.memory.base.pa;
	uint64_t entry = cold ? load_address + config->entry_offset
			      : atomic_load_explicit(&partition->secondary_entry,
						     memory_order_relaxed);

	arch_context_reset(&ctx->arch, &partition->space.root, entry, ctx->index);
	if (cold && config->boot_info && config->gp_register != CONFIG_NO_REGISTER) {
		ctx->arch.x[config->gp_register] = load_address;
	}
	ctx->arch.x[4] = pe->index;
	exec_ctx_forget_request(ctx);
	ctx->model = MODEL_INIT;
	ctx->line_size = 0;
	ctx->modes = ctx->own_modes | CTX_MASKS_NS;
	init_virqs(pe, ctx);
	pe_set_state(pe, ctx, CTX_STARTING);
}
