/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC's own parsers on the host: reads an SPMC manifest and partitions in the order of their
 * vm nodes, prints what was accepted, and complains in the very sentences of the boot log.
 *
 *   manifest-check --spmc spmc.dtb [--vm N] [--package sp.pkg | --manifest sp.dtb]...
 *
 * A partition belongs to the vm node after that of the partition before it, or to vmN. A manifest
 * without a package stands for one with an image at 0x4000 that fills the memory.
 * Output: complaints on stderr ("warning: ", "refused: ", "error: "), the configuration on stdout.
 * Exit status: 0 all accepted, 1 something refused, 2 wrong usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

enum {
	WITHOUT_PACKAGE_MANIFEST = 0x1000,
	WITHOUT_PACKAGE_IMAGE = 0x4000,
};

static struct spmc_config spmc;
static struct partition_config partitions[CONFIG_PARTITION_MAX];
static const struct partition_config *accepted[CONFIG_PARTITION_MAX];
static size_t accepted_count;
static bool something_refused;

static void usage(void)
{
	fputs("usage: manifest-check --spmc FILE [--vm N] [--package FILE | --manifest FILE]...\n",
	      stderr);
	exit(2);
}

static void say(void *context, enum config_level level, const char *sentence)
{
	(void)context;
	fprintf(stderr, "%s: %s\n", level == CONFIG_REFUSED ? "refused" : "warning", sentence);
	something_refused |= level == CONFIG_REFUSED;
}

/** Contents of a file in memory of its exact size, so that reads beyond it are noticed. */
static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *content = NULL;
	long length;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 ||
	    fseek(file, 0, SEEK_SET) != 0) {
		perror(path);
		exit(2);
	}
	*size = (size_t)length;
	content = malloc(*size > 0 ? *size : 1);
	if (content == NULL || fread(content, 1, *size, file) != *size) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return content;
}

static void show_ranges(const char *name, const struct memory_ranges *ranges)
{
	for (unsigned i = 0; i < ranges->count; i++) {
		printf("  %-18s 0x%09llx to 0x%09llx\n", name,
		       (unsigned long long)ranges->range[i].base.pa,
		       (unsigned long long)page_range_end(ranges->range[i]));
	}
}

static void show_spmc(void)
{
	printf("spmc 0x%x version %u.%u\n", spmc.spmc_id, spmc.ffa_version >> 16,
	       spmc.ffa_version & 0xFFFF);
	printf("  %-18s", "cpus");
	for (unsigned i = 0; i < spmc.cpu_count; i++) {
		printf(" 0x%llx", (unsigned long long)spmc.cpu_mpidr[i]);
	}
	putchar('\n');
	show_ranges("memory", &spmc.secure_memory);
	show_ranges("ns-memory", &spmc.ns_memory);
	show_ranges("device-memory", &spmc.secure_devices);
	show_ranges("ns-device-memory", &spmc.ns_devices);
	if (spmc.gic.distributor != 0) {
		printf("  %-18s 0x%llx 0x%llx\n", "gic", (unsigned long long)spmc.gic.distributor,
		       (unsigned long long)spmc.gic.redistributor);
	}
	for (unsigned i = 0; i < spmc.vm_count; i++) {
		const struct vm_config *vm = &spmc.vms[i];

		printf("  vm%-16u \"%s\" 0x%llx to 0x%llx, %u vcpus, %u smcs%s\n", vm->number,
		       vm->name, (unsigned long long)vm->memory.base.pa,
		       (unsigned long long)page_range_end(vm->memory), vm->vcpu_count,
		       vm->smc_count, vm->smc_permissive ? ", permissive" : "");
	}
}

static const char *access_name(uint32_t attributes)
{
	static const char *const name[] = { "-", "r", "w", "rw", "x", "rx", "wx", "rwx" };

	return name[attributes & 7];
}

static void show_uuid(const char *name, const struct ffa_uuid *uuid)
{
	printf("  %-18s %08x %08x %08x %08x", name, uuid->word[0], uuid->word[1], uuid->word[2],
	       uuid->word[3]);
}

static void show_memory_regions(const struct partition_config *partition)
{
	for (unsigned i = 0; i < partition->memory_region_count; i++) {
		const struct memory_region_config *region = &partition->memory_regions[i];

		printf("  %-18s 0x%llx to 0x%llx %s %s \"%s\"%s", "memory region",
		       (unsigned long long)region->range.base.pa,
		       (unsigned long long)page_range_end(region->range),
		       region->attributes & REGION_NON_SECURE ? "ns" : "s",
		       access_name(region->attributes), region->description,
		       region->inside_partition ? " inside" : "");
		printf("%s%s%s", i == partition->rx_region ? " rx" : "",
		       i == partition->tx_region ? " tx" : "",
		       i == partition->live_state_region ? " live-state" : "");
		for (unsigned j = 0; j < region->stream_count; j++) {
			printf(" stream 0x%x:0x%x", region->smmu_id,
			       partition->streams[region->stream_first + j]);
		}
		putchar('\n');
	}
}

static void show_interrupts(const struct partition_config *partition,
			    const struct device_region_config *device)
{
	for (unsigned i = 0; i < device->interrupt_count; i++) {
		const struct interrupt_config *interrupt =
			&partition->interrupts[device->interrupt_first + i];

		printf("  %-18s %u priority %u %s %s", "interrupt", interrupt->id,
		       interrupt->priority, interrupt->secure ? "secure" : "non-secure",
		       interrupt->level ? "level" : "edge");
		if (interrupt->has_target) {
			printf(" to 0x%llx", (unsigned long long)interrupt->target_mpidr);
		}
		putchar('\n');
	}
}

static void show_device_regions(const struct partition_config *partition)
{
	for (unsigned i = 0; i < partition->device_region_count; i++) {
		const struct device_region_config *device = &partition->device_regions[i];

		printf("  %-18s 0x%llx to 0x%llx %s %s \"%s\"%s", "device region",
		       (unsigned long long)device->range.base.pa,
		       (unsigned long long)page_range_end(device->range),
		       device->attributes & REGION_NON_SECURE ? "ns" : "s",
		       access_name(device->attributes), device->description,
		       device->exclusive_access ? " exclusive" : "");
		for (unsigned j = 0; j < device->stream_count; j++) {
			printf(" stream 0x%x:0x%x", device->smmu_id,
			       partition->streams[device->stream_first + j]);
		}
		putchar('\n');
		show_interrupts(partition, device);
	}
}

static void show_options(const struct partition_config *partition)
{
	printf("  %-18s ns %d%s other-s %s sri %u%s\n", "interrupt actions",
	       (int)partition->ns_interrupts_action, partition->managed_exit_virq ? " virq" : "",
	       partition->other_s_interrupts_queued ? "queued" : "signalled",
	       partition->sri_interrupts_policy,
	       partition->interrupts_may_be_non_secure ? " may-be-non-secure" : "");
	if (partition->interrupt_budget_us != 0 || partition->start_budget_ms != 0) {
		printf("  %-18s interrupt %u us start %u ms\n", "budgets",
		       partition->interrupt_budget_us, partition->start_budget_ms);
	}
	printf("  %-18s notifications %d power 0x%x vm 0x%x\n", "messages",
	       partition->notification_support, partition->power_management_messages,
	       partition->vm_availability_messages);
	if (partition->sve) {
		printf("  %-18s SVE\n", "vectors");
	}
	if (partition->lifecycle_support) {
		printf("  %-18s abort-action %d live-activation %d register %u\n", "lifecycle",
		       (int)partition->abort_action, partition->live_activation_support,
		       partition->live_activation_register);
	}
	if (partition->boot_info) {
		printf("  %-18s x%u%s%s\n", "boot info", partition->gp_register,
		       partition->boot_info_manifest ? " manifest" : "",
		       partition->boot_info_hob_list ? " hob-list" : "");
	}
}

static void show_partition(const struct partition_config *partition)
{
	printf("partition 0x%x \"%s\" version %u.%u S-EL%d, %u contexts, boot order %u, "
	       "entry 0x%llx\n",
	       partition->id, partition->name, partition->ffa_version >> 16,
	       partition->ffa_version & 0xFFFF, (int)partition->exception_level - 1,
	       partition->context_count, partition->boot_order,
	       (unsigned long long)(partition->vm.memory.base.pa + partition->entry_offset));
	for (unsigned i = 0; i < partition->service_count; i++) {
		show_uuid("service", &partition->services[i].uuid);
		printf(" method 0x%x\n", partition->services[i].messaging_method);
	}
	if (partition->has_image_uuid) {
		show_uuid("image", &partition->image_uuid);
		putchar('\n');
	}
	show_options(partition);
	show_memory_regions(partition);
	show_device_regions(partition);
}

/** The vm node a partition belongs to: vm @number, or the first behind the last one when it is 0.
 */
static const struct vm_config *find_vm(unsigned number, unsigned last)
{
	for (unsigned i = 0; i < spmc.vm_count; i++) {
		if (number != 0 ? spmc.vms[i].number == number : spmc.vms[i].number > last) {
			return &spmc.vms[i];
		}
	}
	fputs("error: no vm node left for a partition\n", stderr);
	something_refused = true;
	return NULL;
}

static struct package_layout layout_without_package(const struct vm_config *vm,
						    size_t manifest_size)
{
	return (struct package_layout){
		.manifest_offset = WITHOUT_PACKAGE_MANIFEST,
		.manifest_size = manifest_size,
		.image_offset = WITHOUT_PACKAGE_IMAGE,
		.image_size = vm->memory.page_count * PAGE_SIZE - WITHOUT_PACKAGE_IMAGE,
		.boot_info_size = WITHOUT_PACKAGE_MANIFEST,
		.total_size = vm->memory.page_count * PAGE_SIZE,
	};
}

/** Finds the manifest of a partition in its package of @size bytes. */
static bool open_package(const char *package, size_t size, const struct vm_config *vm,
			 struct package_layout *layout, struct config_report *report)
{
	const struct package_source source = { package, size, vm->memory.page_count * PAGE_SIZE };

	return package_parse(&source, layout, report);
}

static void check_partition(const char *path, bool package, const struct vm_config *vm,
			    struct config_report *report)
{
	struct partition_config *partition = &partitions[accepted_count];
	struct package_layout layout = { 0 };
	struct partition_source source = { .spmc = &spmc, .vm = vm, .package = &layout };
	const struct accepted_partitions others = {
		.partition = accepted,
		.count = accepted_count,
		.spmc_image = { .base = paddr(spmc.load_address),
				.page_count = spmc.binary_size >> PAGE_SHIFT },
	};
	bool found = true;
	size_t size;
	char *content = read_file(path, &size);

	config_report_on_partition(report, vm->number, vm->name);
	if (package) {
		found = open_package(content, size, vm, &layout, report);
		source.manifest = content + layout.manifest_offset;
		source.manifest_size = layout.manifest_size;
	} else {
		layout = layout_without_package(vm, size);
		source.manifest = content;
		source.manifest_size = size;
	}
	if (found && partition_manifest_parse(&source, partition, report) &&
	    config_check_partition(&spmc, &others, partition, report)) {
		accepted[accepted_count++] = partition;
		show_partition(partition);
	} else {
		config_report_refused(report);
	}
	free(content);
}

int main(int argc, char **argv)
{
	struct config_report report = { .say = say };
	unsigned number = 0, last = 0;
	size_t size;
	void *manifest;

	if (argc < 3 || argc % 2 != 1 || strcmp(argv[1], "--spmc") != 0) {
		usage();
	}
	manifest = read_file(argv[2], &size);
	if (!spmc_manifest_parse(manifest, size, &spmc, &report)) {
		fprintf(stderr, "error: %s\n", report.error);
		free(manifest);
		return 1;
	}
	free(manifest);
	show_spmc();

	for (int i = 3; i < argc; i += 2) {
		const bool package = strcmp(argv[i], "--package") == 0;
		const struct vm_config *vm;

		if (strcmp(argv[i], "--vm") == 0) {
			number = (unsigned)strtoul(argv[i + 1], NULL, 10);
			continue;
		}
		if (!package && strcmp(argv[i], "--manifest") != 0) {
			usage();
		}
		vm = find_vm(number, last);
		number = 0;
		if (vm == NULL) {
			break;
		}
		last = vm->number;
		check_partition(argv[i + 1], package, vm, &report);
	}
	return something_refused ? 1 : 0;
}
