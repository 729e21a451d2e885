/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of config/: any bytes as an SPMC manifest, as a partition's manifest or as a package must give
 * a verdict, never a crash, a hang or a read outside. The first byte says which. Beyond that it checks
 *  - the reader of device trees against libfdt: of a tree it finds sound, libfdt sees the same;
 *  - what was accepted against the rules the rest of the SPMC relies on.
 */
#include <libfdt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/package.h"
#include "config/config.h"
#include "config/dt.h"

enum input_kind {
	INPUT_SPMC,
	INPUT_PARTITION,
	INPUT_PACKAGE,
	INPUT_TREE,
	INPUT_KIND_COUNT,
};

enum { MEMORY_SIZE = 0x100000 };

#define CHECK(condition)                  \
	do {                              \
		if (!(condition)) {       \
			__builtin_trap(); \
		}                         \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void hear(void *context, enum config_level level, const char *sentence)
{
	CHECK(strlen(sentence) < CONFIG_SENTENCE_MAX);
	for (const char *c = sentence; *c != '\0'; c++) {
		CHECK(*c >= ' ' && *c <= '~');
	}
}

/** A machine with everything a manifest can refer to. */
static const struct spmc_config *machine(void)
{
	static struct spmc_config spmc;

	if (spmc.cpu_count == 0) {
		spmc = (struct spmc_config){
			.spmc_id = 0x8000,
			.cpu_mpidr = { 0, 1, 2, 3 },
			.cpu_count = 4,
			.secure_memory = { 2,
					   { { { 0x0E100000 }, 0xF00 },
					     { { 0x20000000 }, 0x1000 } } },
			.ns_memory = { 1, { { { 0x40000000 }, 0x40000 } } },
			.secure_devices = { 1, { { { 0x09000000 }, 0x100 } } },
			.ns_devices = { 1, { { { 0x0A000000 }, 0x100 } } },
		};
	}
	return &spmc;
}

static bool range_is_sane(struct page_range range)
{
	return page_aligned(range.base.pa) && range.page_count > 0 &&
	       page_range_end(range) > range.base.pa;
}

static void check_ranges(const struct memory_ranges *ranges)
{
	CHECK(ranges->count <= CONFIG_MEMORY_RANGE_MAX);
	for (unsigned i = 0; i < ranges->count; i++) {
		CHECK(range_is_sane(ranges->range[i]));
		CHECK(i == 0 || page_range_end(ranges->range[i - 1]) < ranges->range[i].base.pa);
	}
}

static void check_spmc(const struct spmc_config *spmc)
{
	CHECK(spmc->cpu_count >= 1 && spmc->cpu_count <= CONFIG_CPU_MAX);
	for (unsigned i = 1; i < spmc->cpu_count; i++) {
		CHECK(spmc->cpu_mpidr[i - 1] < spmc->cpu_mpidr[i]);
	}
	check_ranges(&spmc->secure_memory);
	check_ranges(&spmc->ns_memory);
	check_ranges(&spmc->secure_devices);
	check_ranges(&spmc->ns_devices);
	CHECK(spmc->vm_count <= CONFIG_PARTITION_MAX);
	for (unsigned i = 0; i < spmc->vm_count; i++) {
		CHECK(spmc->vms[i].number >= 1);
		CHECK(i == 0 || spmc->vms[i - 1].number < spmc->vms[i].number);
		CHECK(range_is_sane(spmc->vms[i].memory));
		CHECK(memory_ranges_contain(&spmc->secure_memory, spmc->vms[i].memory));
		CHECK(strnlen(spmc->vms[i].name, CONFIG_NAME_MAX) < CONFIG_NAME_MAX);
	}
}

static void check_memory_regions(const struct spmc_config *spmc,
				 const struct partition_config *partition)
{
	CHECK(partition->memory_region_count <= CONFIG_MEMORY_REGION_MAX);
	for (unsigned i = 0; i < partition->memory_region_count; i++) {
		const struct memory_region_config *region = &partition->memory_regions[i];

		CHECK(range_is_sane(region->range));
		CHECK(memory_ranges_contain((region->attributes & REGION_NON_SECURE) != 0
						    ? &spmc->ns_memory
						    : &spmc->secure_memory,
					    region->range));
		CHECK(region->inside_partition ==
		      page_range_overlaps(region->range, partition->vm.memory));
		CHECK(region->stream_first + region->stream_count <= partition->stream_count);
		for (unsigned j = 0; j < i; j++) {
			CHECK(!page_range_overlaps(region->range,
						   partition->memory_regions[j].range));
		}
	}
}

static void check_device_regions(const struct spmc_config *spmc,
				 const struct partition_config *partition)
{
	CHECK(partition->device_region_count <= CONFIG_DEVICE_REGION_MAX);
	for (unsigned i = 0; i < partition->device_region_count; i++) {
		const struct device_region_config *device = &partition->device_regions[i];

		CHECK(range_is_sane(device->range));
		CHECK(memory_ranges_contain((device->attributes & REGION_NON_SECURE) != 0
						    ? &spmc->ns_devices
						    : &spmc->secure_devices,
					    device->range));
		CHECK((device->attributes & REGION_EXECUTE) == 0);
		CHECK(device->stream_first + device->stream_count <= partition->stream_count);
		CHECK(device->interrupt_first + device->interrupt_count <=
		      partition->interrupt_count);
	}
	CHECK(partition->interrupt_count <= CONFIG_INTERRUPT_MAX);
	CHECK(partition->stream_count <= CONFIG_STREAM_MAX);
}

static void check_partition(const struct spmc_config *spmc,
			    const struct partition_config *partition)
{
	CHECK(partition->id > 0x8000 && partition->id <= FFA_ID_PARTITION_LAST);
	CHECK(partition->context_count == 1 || partition->context_count == spmc->cpu_count);
	CHECK(partition->service_count >= 1 && partition->service_count <= CONFIG_SERVICE_MAX);
	CHECK(partition->gp_register <= 3 || partition->gp_register == CONFIG_NO_REGISTER);
	CHECK(partition->entry_offset >= partition->package.image_offset);
	CHECK(partition->rx_region == CONFIG_NO_REGION ||
	      (partition->rx_region < partition->memory_region_count &&
	       partition->tx_region < partition->memory_region_count));
	CHECK(partition->live_state_region == CONFIG_NO_REGION ||
	      partition->live_state_region < partition->memory_region_count);
	check_memory_regions(spmc, partition);
	check_device_regions(spmc, partition);
}

/** What both readers must agree upon: all tokens up to the end, by libfdt's own way of walking. */
static void compare_with_libfdt(const uint8_t *blob)
{
	struct config_report report = { .say = NULL };
	struct dt_property property;
	struct dt dt;
	int offset = 0, depth = 0, end;

	CHECK(fdt_check_header(blob) == 0);
	CHECK(dt_open(&dt, blob, fdt_totalsize(blob), &report));
	while (dt_property(&dt, &property)) {
		int size = -1;
		const void *value = fdt_getprop(blob, 0, property.name, &size);

		/* libfdt finds the first one of a name */
		CHECK(value != NULL);
		CHECK(value != property.value || size == (int)property.size);
	}
	offset = fdt_next_node(blob, 0, &depth);
	while (dt_enter(&dt)) {
		CHECK(offset > 0 && depth == 1);
		CHECK(strcmp(fdt_get_name(blob, offset, NULL), dt_name(&dt)) == 0);
		while (dt_property(&dt, &property)) {
			CHECK(fdt_getprop(blob, offset, property.name, NULL) != NULL);
		}
		dt_leave(&dt);
		do {
			end = offset;
			offset = fdt_next_node(blob, end, &depth);
		} while (offset >= 0 && depth > 1);
	}
	CHECK(offset < 0 || depth < 1);
	CHECK(dt_close(&dt));
}

/** Reads a whole tree without knowing what it means. */
static void fuzz_tree(const uint8_t *blob, size_t size)
{
	struct config_report report = { .say = hear };
	struct dt_property property;
	struct dt dt;

	config_report_on_spmc(&report);
	if (!dt_open(&dt, blob, size, &report)) {
		CHECK(config_failed(&report));
		return;
	}
	while (dt_property(&dt, &property)) {
	}
	while (dt_enter(&dt)) {
		dt_leave(&dt);
	}
	if (dt_close(&dt)) {
		CHECK(!config_failed(&report));
		compare_with_libfdt(blob);
	} else {
		CHECK(config_failed(&report));
	}
}

static void fuzz_spmc(const uint8_t *blob, size_t size)
{
	static struct spmc_config spmc;
	struct config_report report = { .say = hear };

	if (spmc_manifest_parse(blob, size, &spmc, &report)) {
		CHECK(!config_failed(&report));
		check_spmc(&spmc);
	} else {
		CHECK(config_failed(&report));
	}
}

static void fuzz_partition(const uint8_t *blob, size_t size)
{
	static struct partition_config partition;
	static uint8_t area[4096];
	const struct vm_config vm = { .name = "sp",
				      .number = 1,
				      .memory = { { 0x0E300000 }, MEMORY_SIZE >> PAGE_SHIFT } };
	const struct package_layout package = { 0x1000, size,  0x4000, 0x10000,
						0x2000, 0x100, 0x1000, 0x14000 };
	const struct partition_source source = { blob, size, machine(), &vm, &package };
	const struct partition_config *const itself = &partition;
	const struct accepted_partitions nobody = { .spmc_image = { { 0x0E100000 }, 0x200 } };
	const struct accepted_partitions twin = { .partition = &itself, .count = 1 };
	struct config_report report = { .say = hear };

	if (!partition_manifest_parse(&source, &partition, &report)) {
		CHECK(config_failed(&report));
		return;
	}
	CHECK(!config_failed(&report));
	check_partition(machine(), &partition);
	config_check_partition(machine(), &nobody, &partition, &report);
	CHECK(!config_check_partition(machine(), &twin, &partition, &report));
	CHECK(boot_info_build(area, &partition, &report) <= package.boot_info_size);
}

static void fuzz_package(const uint8_t *bytes, size_t size)
{
	struct config_report report = { .say = hear };
	struct package_layout layout;
	const struct package_source package = { bytes, size, (uint64_t)size + 0x3000 };

	config_report_on_partition(&report, 1, "sp");
	if (!package_parse(&package, &layout, &report)) {
		CHECK(config_failed(&report));
		return;
	}
	CHECK(!config_failed(&report));
	CHECK(layout.manifest_size > 0 && layout.manifest_size <= layout.image_offset);
	CHECK(layout.manifest_offset <= layout.image_offset - layout.manifest_size);
	CHECK(layout.image_size > 0 && layout.total_size <= package.memory_size);
	CHECK(layout.manifest_offset + layout.manifest_size <= size);
	CHECK(layout.hob_offset + layout.hob_size <= size);
	CHECK(layout.image_offset + layout.image_size <= layout.total_size);
	CHECK(layout.hob_offset + layout.hob_size <= layout.image_offset);
	CHECK(layout.boot_info_size <= layout.manifest_offset);
	CHECK(layout.hob_size == 0 || layout.boot_info_size <= layout.hob_offset);
	fuzz_partition(bytes + layout.manifest_offset, layout.manifest_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	uint8_t *copy;

	if (size == 0) {
		return 0;
	}
	/* at the alignment that the parsers may rely on, and of the exact size */
	copy = malloc(size > 1 ? size - 1 : 1);
	memcpy(copy, input + 1, size - 1);
	switch (input[0] % INPUT_KIND_COUNT) {
	case INPUT_SPMC:
		fuzz_spmc(copy, size - 1);
		break;
	case INPUT_PARTITION:
		fuzz_partition(copy, size - 1);
		break;
	case INPUT_PACKAGE:
		fuzz_package(copy, size - 1);
		break;
	default:
		fuzz_tree(copy, size - 1);
	}
	free(copy);
	return 0;
}
