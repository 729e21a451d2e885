/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions at boot (DEN0077A, "Partition setup"; packages as BL2 loads them): reads what the
 * manifests say, refuses what is wrong by name, prepares memory and builds the rest. Boot only, on the
 * primary PE.
 */
#include "init/partitions.h"

#include "config/config.h"
#include "core/log.h"

enum {
	BOOT_INFO_MAX = 512, /* bytes of boot information without the contents it points to */
};

/** Of a partition's memory, what the boot window can show at once. */
static struct page_range window_range(const struct vm_config *vm)
{
	struct page_range range = vm->memory;

	if (range.page_count > ARCH_BOOT_WINDOW_PAGES) {
		range.page_count = ARCH_BOOT_WINDOW_PAGES;
	}
	return range;
}

/** Reads the package and the manifest of one partition; false: refused, the sentence is in @report. */
static bool read_partition(const struct spmc *spmc, const struct vm_config *vm,
			   const struct accepted *accepted, struct partition_config *config,
			   struct config_report *report)
{
	struct page_range visible = window_range(vm);
	const uint8_t *package = arch_boot_window(visible, WORLD_SECURE);
	const struct package_source loaded = { package, visible.page_count * PAGE_SIZE,
					       vm->memory.page_count * PAGE_SIZE };
	struct package_layout layout = { 0 };
	struct partition_source source = { .spmc = spmc->config, .vm = vm, .package = &layout };
	const struct accepted_partitions others = {
		.partition = accepted->config,
		.count = accepted->count,
		.spmc_image = arch_image(),
	};

	if (!package_parse(&loaded, &layout, report)) {
		return false;
	}
	source.manifest = package + layout.manifest_offset;
	source.manifest_size = layout.manifest_size;
	return partition_manifest_parse(&source, config, report) &&
	       config_check_partition(spmc->config, &others, config, report);
}

void partitions_read(struct spmc *spmc, struct pe *pe, struct accepted *accepted,
		     struct config_report *report)
{
	for (unsigned i = 0; i < spmc->config->vm_count; i++) {
		const struct vm_config *vm = &spmc->config->vms[i];
		struct partition_config *config = arena_take(&spmc->arena, sizeof(*config),
							     _Alignof(struct partition_config));

		config_report_on_partition(report, vm->number, vm->name);
		if (config == NULL) {
			config_error(report, "", "no memory left for its configuration");
		} else if (read_partition(spmc, vm, accepted, config, report)) {
			accepted->config[accepted->count++] = config;
			continue;
		}
		config_report_refused(report);
	}
}

/** Clears what lies behind the package: BSS, heap, whatever was there before. Cleaned to memory. */
static void clear_tail(struct pe *pe, const struct partition_config *config)
{
	struct page_range memory = config->vm.memory;
	uint64_t used = config->package.total_size;
	uint64_t used_pages = (used + PAGE_MASK) >> PAGE_SHIFT;
	struct page_range last = { .base = paddr(memory.base.pa + (used & ~PAGE_MASK)),
				   .page_count = 1 };
	struct page_range rest = { .base = paddr(memory.base.pa + (used_pages << PAGE_SHIFT)) };

	if (used % PAGE_SIZE != 0) {
		uint8_t *page = arch_window_open(&pe->arch, ARCH_WINDOW_TARGET, last, WORLD_SECURE);

		(void)arch_fill_zero(page + used % PAGE_SIZE, PAGE_SIZE - used % PAGE_SIZE);
		arch_clean(page, PAGE_SIZE);
		arch_window_close(&pe->arch, ARCH_WINDOW_TARGET);
	}
	rest.page_count = memory.page_count - used_pages;
	if (rest.page_count > 0) {
		arch_zero(&pe->arch, rest, WORLD_SECURE);
	}
}

/** Writes the boot information over the head of the package, where nothing is needed any more. */
static void write_boot_info(struct pe *pe, const struct partition_config *config,
			    struct config_report *report)
{
	_Alignas(8) uint8_t text[BOOT_INFO_MAX] = { 0 };
	struct page_range page = { .base = config->vm.memory.base, .page_count = 1 };
	size_t size;
	void *head;

	if (!config->boot_info) {
		return;
	}
	config_report_on_partition(report, config->vm.number, config->name);
	size = boot_info_build(text, config, report);
	head = arch_window_open(&pe->arch, ARCH_WINDOW_TARGET, page, WORLD_SECURE);
	(void)arch_copy_to(head, text, size);
	arch_clean(head, size);
	arch_window_close(&pe->arch, ARCH_WINDOW_TARGET);
}

static void log_created(const struct partition *partition)
{
	const struct partition_config *config = partition->config;
	static const char *const level[] = {
		[EXCEPTION_LEVEL_S_EL0] = "S-EL0", [EXCEPTION_LEVEL_S_EL1] = "S-EL1"
	};

	log_line(LOG_INFO, "partition",
		 "0x%x %-12s %s %s FF-A %u.%u, %2u vCPU%s, memory 0x%lx-0x%lx", config->id,
		 config->name, level[config->exception_level],
		 partition->multi_processor ? "MP" : "UP", config->ffa_version >> 16,
		 config->ffa_version & 0xFFFFU, partition->context_count,
		 partition->multi_processor ? "s" : " ", (unsigned long)config->vm.memory.base.pa,
		 (unsigned long)page_range_end(config->vm.memory) - 1);
}

static void refuse(const struct partition_config *config, const char *missing,
		   struct config_report *report)
{
	config_report_on_partition(report, config->vm.number, config->name);
	config_error(report, "", "%s", missing);
	config_report_refused(report);
}

void partitions_create(struct spmc *spmc, const struct accepted *accepted,
		       struct config_report *report)
{
	spmc->partitions = arena_take(&spmc->arena, accepted->count * sizeof(struct partition),
				      _Alignof(struct partition));
	for (size_t i = 0; i < accepted->count; i++) {
		const char *missing = "no memory for its description";

		if (spmc->partitions != NULL) {
			struct partition *partition = &spmc->partitions[spmc->partition_count];

			missing = partition_create(partition, spmc, accepted->config[i]);
			if (missing == NULL) {
				spmc->partition_count++;
				spmc_index_partition(spmc, partition);
				continue;
			}
			*partition = (struct partition){ 0 };
		}
		refuse(accepted->config[i], missing, report);
	}
	spmc_sort_boot_order(spmc);
}

void partitions_prepare(struct spmc *spmc, struct pe *pe, struct config_report *report)
{
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];
		const char *missing = partition_map(partition, spmc, (uint16_t)(i + 1));

		if (missing != NULL) {
			atomic_store_explicit(&partition->state, PARTITION_ABORTED,
					      memory_order_relaxed);
			refuse(partition->config, missing, report);
			continue;
		}
		clear_tail(pe, partition->config);
		write_boot_info(pe, partition->config, report);
		log_created(partition);
	}
}
