/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The boot: from the manifest to the first FFA_MSG_WAIT, and each PE's later power-ups (DEN0077A,
 * "Boot protocol"; platform contract with the SPMD). What cannot be used is left out with a sentence;
 * with nothing left the SPMC still answers calls.
 */
#include "init/boot.h"

#include "config/config.h"
#include "core/log.h"
#include "core/spmc.h"
#include "ffa/cycles.h"
#include "ffa/interrupt.h"
#include "ffa/run_loop.h"
#include "init/partitions.h"
#include "lib/string.h"

enum {
	MANIFEST_PAGES = 1, /* TF-A's limit for the SPMC manifest */
	POOL_PAGES_PER_PARTITION = 24, /* translation tables: enough for a few scattered regions */
	POOL_PAGES_FOR_TRANSACTIONS = 1200, /* one of 65,536 scattered pages, with its tables */
};

static struct spmc spmc;

static void say(void *context, enum config_level level, const char *sentence)
{
	log_line(level == CONFIG_REFUSED ? LOG_ERROR : LOG_WARN,
		 level == CONFIG_REFUSED ? "refused" : "config", "%s", sentence);
}

static void init_normal_world(struct pe *pe)
{
	struct exec_ctx *ctx = &pe->normal_world;

	memset(ctx, 0, sizeof(*ctx));
	ctx->arch.kind = ARCH_KIND_NORMAL_WORLD;
	ctx->endpoint = spmc.normal_world;
	ctx->index = (uint16_t)pe->index;
	ctx->model = MODEL_NORMAL_WORLD;
	pe_set_state(pe, ctx, CTX_RUNNING);
}

static void start_pe(struct pe *pe)
{
	init_normal_world(pe);
	pe->duty = DUTY_NONE; /* whatever it was doing when it went off */
	pe->errands = false;
	pe->sri_delayed = false;
	pe->current = &pe->normal_world;
	interrupt_power_up(pe);
	cycles_start_next(pe);
}

/** Parses the SPMC manifest into spmc.config; on failure a configuration with this PE alone. */
static void read_manifest(paddr_t manifest, struct config_report *report)
{
	struct page_range range = { .base = paddr(manifest.pa & ~PAGE_MASK),
				    .page_count = MANIFEST_PAGES };
	struct spmc_config *config = arena_take(&spmc.arena, sizeof(*config),
						_Alignof(struct spmc_config));
	const uint8_t *window = arch_boot_window(range, WORLD_SECURE);

	if (config == NULL) {
		arch_stop("boot: the image's own memory does not hold the configuration");
	}
	config_report_on_spmc(report);
	if (manifest.pa == 0 ||
	    !spmc_manifest_parse(window + (manifest.pa & PAGE_MASK),
				 PAGE_SIZE - (size_t)(manifest.pa & PAGE_MASK), config, report)) {
		log_line(LOG_ERROR, "manifest", "%s", report->error);
		log_line(LOG_ERROR, "manifest", "going on without partitions");
		*config = (struct spmc_config){ .spmc_id = FFA_ID_SPMC_DEFAULT, .cpu_count = 1 };
		config->cpu_mpidr[0] = arch_mpidr();
	}
	spmc.config = config;
	spmc.id = config->spmc_id;
}

/** The PEs of the manifest; returns the one this runs on. */
static struct pe *create_pes(uint64_t linear_index)
{
	const struct spmc_config *config = spmc.config;
	struct pe *self = NULL;

	spmc.pes = arena_take(&spmc.arena, config->cpu_count * sizeof(struct pe),
			      _Alignof(struct pe));
	if (spmc.pes == NULL) {
		arch_stop("boot: no memory for the PEs of the manifest");
	}
	spmc.pe_count = config->cpu_count;
	for (unsigned i = 0; i < spmc.pe_count; i++) {
		spmc.pes[i].spmc = &spmc;
		spmc.pes[i].index = i;
		spmc.pes[i].mark = i << CTX_STATE_BITS;
		if (config->cpu_mpidr[i] == arch_mpidr()) {
			self = &spmc.pes[i];
		}
	}
	if (self == NULL) {
		log_line(LOG_ERROR, "manifest",
			 "/cpus has no node for this PE, MPIDR 0x%lx: taking it for the first",
			 (unsigned long)arch_mpidr());
		self = &spmc.pes[0];
	}
	if (self->index != linear_index) {
		log_line(LOG_WARN, "manifest", "/cpus gives this PE index %u, EL3 says %u",
			 self->index, (unsigned)linear_index);
	}
	return self;
}

/** Cuts @range off at whatever of @taken lies in it; what remains is what lies behind it. */
static struct page_range behind(struct page_range range, struct page_range taken)
{
	uint64_t end = page_range_end(range);
	uint64_t start = page_range_end(taken);

	if (!page_range_overlaps(range, taken)) {
		return range;
	}
	return (struct page_range){ .base = paddr(start),
				    .page_count = start < end ? (end - start) >> PAGE_SHIFT : 0 };
}

/** Secure memory behind everything that claims some, at the end of the last range of the manifest. */
static struct page_range unclaimed_memory(const struct accepted *accepted)
{
	const struct memory_ranges *secure = &spmc.config->secure_memory;
	struct page_range free;

	if (secure->count == 0) {
		return (struct page_range){ .page_count = 0 };
	}
	free = behind(secure->range[secure->count - 1], arch_image());
	for (unsigned i = 0; i < spmc.config->vm_count; i++) {
		free = behind(free, spmc.config->vms[i].memory);
	}
	for (size_t i = 0; i < accepted->count; i++) {
		const struct partition_config *config = accepted->config[i];

		for (unsigned r = 0; r < config->memory_region_count; r++) {
			free = behind(free, config->memory_regions[r].range);
		}
	}
	return free;
}

/** Pages that stacks, contexts and tables will need beyond what the image still has. */
static uint64_t missing_pages(const struct accepted *accepted)
{
	uint64_t left = (arch_image_pool().page_count << PAGE_SHIFT) - spmc.arena.taken_size;
	uint64_t wanted = (uint64_t)spmc.pe_count * ARCH_PE_PAGES * PAGE_SIZE;

	for (size_t i = 0; i < accepted->count; i++) {
		wanted += sizeof(struct partition) +
			  accepted->config[i]->context_count * sizeof(struct exec_ctx) +
			  POOL_PAGES_PER_PARTITION * PAGE_SIZE;
		wanted += accepted->config[i]->sve
				  ? accepted->config[i]->context_count * arch_context_sve_size()
				  : 0;
	}
	return wanted > left ? (wanted - left + PAGE_MASK) >> PAGE_SHIFT : 0;
}

/** Gives EL2 more memory than the image brings, where it needs it and the manifest leaves some. */
static void extend_memory(const struct accepted *accepted)
{
	struct page_range range = unclaimed_memory(accepted);
	uint64_t missing = missing_pages(accepted);
	void *pointer;

	if (range.page_count < missing) {
		log_line(LOG_WARN, "memory",
			 "the manifest leaves %u KiB of secure memory, EL2 could use %u KiB",
			 (unsigned)(range.page_count * PAGE_SIZE / 1024),
			 (unsigned)(missing * PAGE_SIZE / 1024));
	}
	missing += POOL_PAGES_FOR_TRANSACTIONS; /* or what is left */
	missing = missing < range.page_count ? missing : range.page_count;
	range.base = paddr(page_range_end(range) - missing * PAGE_SIZE);
	range.page_count = missing;
	pointer = missing > 0 ? arch_map_permanent(range) : NULL;
	if (pointer != NULL) {
		arena_add(&spmc.arena, pointer, range.page_count * PAGE_SIZE);
		log_line(LOG_INFO, "memory", "EL2 takes 0x%lx-0x%lx, %u KiB",
			 (unsigned long)range.base.pa, (unsigned long)page_range_end(range) - 1,
			 (unsigned)(range.page_count * PAGE_SIZE / 1024));
	}
}

/** What the arrays have left of the arena becomes the page pool. */
static void fill_pool(void)
{
	uint64_t page_count;
	void *pages;

	page_pool_init(&spmc.pool);
	while ((pages = arena_take_pages(&spmc.arena, &page_count)) != NULL) {
		page_pool_add(&spmc.pool, pages, page_count);
	}
}

static void log_memory(void)
{
	struct page_range image = arch_image();

	log_line(LOG_INFO, "memory",
		 "image 0x%lx-0x%lx, %u KiB; arrays %u KiB; pool %u of %u pages free",
		 (unsigned long)image.base.pa, (unsigned long)page_range_end(image) - 1,
		 (unsigned)(image.page_count * PAGE_SIZE / 1024),
		 (unsigned)(spmc.arena.taken_size / 1024), spmc.pool.free_count,
		 spmc.pool.total_count);
	log_line(
		LOG_INFO, "memory",
		"quotas: normal world up to %u pages, %u promised; each partition up to %u, %u promised",
		spmc.ns_quota.limit_pages, spmc.ns_quota.reserved_pages,
		spmc.partition_count > 0 ? spmc.partitions[0].quota.limit_pages : 0,
		spmc.partition_count > 0 ? spmc.partitions[0].quota.reserved_pages : 0);
}

/** Hands the architecture layer the memory it needs for each PE. */
static void prepare_pes(void)
{
	size_t page_count = (size_t)spmc.pe_count * ARCH_PE_PAGES;
	void *memory = arena_take(&spmc.arena, page_count * PAGE_SIZE, PAGE_SIZE);
	struct page_range range = { .page_count = page_count };

	if (memory == NULL) {
		arch_stop("boot: no memory for the stacks of the manifest's PEs");
	}
	range.base = arch_address(memory);
	arch_secondary_prepare(&spmc.pes[0].arch, sizeof(struct pe), spmc.config->cpu_mpidr,
			       spmc.pe_count, range);
}

/** Tells EL3 where other PEs enter; without it a PE that comes back would resume after its last call. */
static void register_secondary_entry(void)
{
	uint64_t x[18] = { FFA_SECONDARY_EP_REGISTER_64, arch_secondary_entry().pa };

	arch_smc(x);
	if ((uint32_t)x[0] != FFA_SUCCESS_32 && (uint32_t)x[0] != FFA_SUCCESS_64) {
		log_line(LOG_ERROR, "boot",
			 "EL3 refuses the secondary entry 0x%lx (%d): other PEs cannot come up; "
			 "is it within load_address and binary_size of the manifest?",
			 (unsigned long)arch_secondary_entry().pa, (int32_t)x[2]);
	}
}

/** Room for the partitions that the manifest and their packages make acceptable. */
static struct accepted *create_list(void)
{
	struct accepted *list = arena_take(&spmc.arena, sizeof(*list), _Alignof(struct accepted));

	if (list == NULL) {
		arch_stop("boot: the image's own memory does not hold the list of partitions");
	}
	return list;
}

_Noreturn void spmc_boot(paddr_t manifest, uint64_t linear_index)
{
	struct config_report report = { .say = say };
	struct accepted *accepted;
	struct page_range own = arch_image_pool();
	struct pe *pe;

	log_init();
	log_line(LOG_INFO, "tantalum", "SPMC at S-EL2, FF-A %u.%u; machine: %s",
		 SPMC_FFA_VERSION >> 16, SPMC_FFA_VERSION & 0xFFFFU, arch_features());
	arena_add(&spmc.arena, arch_pointer(own.base), own.page_count * PAGE_SIZE);
	read_manifest(manifest, &report);
	if (!spmc_init_normal_world(&spmc)) {
		arch_stop(
			"boot: the image's own memory does not hold the normal world's endpoints");
	}
	arch_interrupt_init(spmc.config->gic.distributor, spmc.config->gic.redistributor);

	pe = create_pes(linear_index);
	arch_pe_init(&pe->arch, pe->index);
	accepted = create_list();
	partitions_read(&spmc, pe, accepted, &report);
	extend_memory(accepted);
	prepare_pes();
	interrupt_table_init(&spmc.interrupts);
	partitions_create(&spmc, accepted, &report);
	if (!spmc_init_timers(&spmc)) {
		arch_stop("boot: no memory for the timers of the partitions");
	}
	fill_pool();
	if (!spmc_init_quotas(&spmc)) {
		arch_stop("boot: no memory for the record of the normal world's memory");
	}
	partitions_prepare(&spmc, pe, &report);
	log_memory();
	register_secondary_entry();
	log_line(LOG_INFO, "boot", "%u of %u partitions, %u PEs in the manifest; starting on PE %u",
		 spmc.partition_count, spmc.config->vm_count, spmc.pe_count, pe->index);
	start_pe(pe);
	run_loop(pe);
}

_Noreturn void spmc_secondary(struct arch_pe *arch)
{
	struct pe *pe = (struct pe *)arch; /* arch is its first member */

	arch_pe_init(arch, pe->index);
	start_pe(pe);
	run_loop(pe);
}
