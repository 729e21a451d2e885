/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the rest of the SPMC calls to turn manifests and packages into checked structures. The order
 * at boot:
 *
 *   spmc_manifest_parse()            once; names the partitions (config.vms[])
 *   for each vm:
 *     config_report_on_partition()   whom the sentences are about
 *     package_parse()                where manifest, image and HOB list are
 *     partition_manifest_parse()     one partition by itself
 *     config_check_partition()       one partition against the ones accepted so far
 *     boot_info_build()              last: it overwrites the head of the package
 *
 * Each of them returns false with a sentence in report->error; config_report_refused() hands it on.
 * None of them needs more than a few KiB of stack, none keeps a pointer to what it has read.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "config/report.h"
#include "core/partition_config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What package_parse() reads. */
struct package_source {
	const void *base; /* at a multiple of 8 */
	size_t visible_size; /* bytes that may be read there */
	uint64_t memory_size; /* of the partition; what is not visible is not looked at */
};

/** What partition_manifest_parse() reads. */
struct partition_source {
	const void *manifest; /* device tree, at a multiple of 4 */
	size_t manifest_size;
	const struct spmc_config *spmc;
	const struct vm_config *vm;
	const struct package_layout *package;
};

/** Who is there already, for config_check_partition(). */
struct accepted_partitions {
	const struct partition_config *const *partition;
	size_t count;
	struct page_range spmc_image; /* page_count 0: none */
};

bool spmc_manifest_parse(const void *manifest, size_t size, struct spmc_config *out,
			 struct config_report *report);
bool package_parse(const struct package_source *source, struct package_layout *out,
		   struct config_report *report);
bool hob_list_check(const void *list, size_t size, struct config_report *report);
bool partition_manifest_parse(const struct partition_source *source, struct partition_config *out,
			      struct config_report *report);
bool config_check_partition(const struct spmc_config *spmc,
			    const struct accepted_partitions *accepted,
			    const struct partition_config *candidate, struct config_report *report);
size_t boot_info_build(void *area, const struct partition_config *partition,
		       struct config_report *report);

#endif
