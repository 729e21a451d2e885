/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Boot information (DEN0077A, "Boot information protocol"): what a partition finds at its load
 * address, in the head of its package, when its manifest asks for it. Layouts are in
 * abi/boot_info.h.
 */
#include "abi/boot_info.h"

#include "config/config.h"
#include "lib/string.h"

enum { CONTENT_MAX = 2 };

/** What the partition asked for and its package has: addresses as the partition sees them. */
struct content {
	uint8_t type; /* BOOT_INFO_TYPE_... */
	uint32_t size;
	uint64_t address;
};

static uint32_t collect(const struct partition_config *partition, struct config_report *report,
			struct content content[CONTENT_MAX])
{
	const struct package_layout *package = &partition->package;
	const uint64_t load_address = partition->vm.memory.base.pa;
	uint32_t count = 0;

	if (partition->boot_info_manifest) {
		content[count++] =
			(struct content){ .type = BOOT_INFO_TYPE_FDT,
					  .size = (uint32_t)package->manifest_size,
					  .address = load_address + package->manifest_offset };
	}
	if (partition->boot_info_hob_list && package->hob_size == 0) {
		config_warning(report, "/boot-info",
			       "property \"hob_list\": the package has no HOB list");
	} else if (partition->boot_info_hob_list) {
		content[count++] =
			(struct content){ .type = BOOT_INFO_TYPE_HOB_LIST,
					  .size = (uint32_t)package->hob_size,
					  .address = load_address + package->hob_offset };
	}
	return count;
}

static size_t write_v1_1(void *area, const struct partition_config *partition,
			 const struct content *content, uint32_t count)
{
	struct boot_info_header header = {
		.signature = BOOT_INFO_SIGNATURE,
		.version = partition->ffa_version > FFA_VERSION_1_1 ? partition->ffa_version
								    : FFA_VERSION_1_1,
		.blob_size = (uint32_t)partition->package.boot_info_size,
		.descriptor_size = sizeof(struct boot_info_descriptor),
		.descriptor_count = count,
		.descriptor_offset = sizeof(struct boot_info_header),
	};
	uint8_t *bytes = area;

	for (uint32_t i = 0; i < count; i++) {
		const struct boot_info_descriptor descriptor = {
			.type = content[i].type,
			.flags = BOOT_INFO_CONTENT_ADDRESS,
			.size = content[i].size,
			.content = content[i].address,
		};

		memcpy(bytes + sizeof(header) + i * sizeof(descriptor), &descriptor,
		       sizeof(descriptor));
		header.blob_size += content[i].size;
	}
	memcpy(bytes, &header, sizeof(header));
	return sizeof(header) + count * sizeof(struct boot_info_descriptor);
}

/** The form of v1.0 knows device trees only. */
static size_t write_v1_0(void *area, const struct content *content, uint32_t count)
{
	const uint32_t entries = count > 0 && content[0].type == BOOT_INFO_TYPE_FDT ? 1 : 0;
	struct boot_info_v1_0 header = { .count = entries };
	uint8_t *bytes = area;

	memcpy(header.magic, BOOT_INFO_V1_0_MAGIC, sizeof(header.magic));
	memcpy(bytes, &header, sizeof(header));
	if (entries == 1) {
		const struct boot_info_v1_0_entry entry = { .name = "TYPE_DT",
							    .value = content[0].address,
							    .size = content[0].size };

		memcpy(bytes + sizeof(header), &entry, sizeof(entry));
	}
	return sizeof(header) + entries * sizeof(struct boot_info_v1_0_entry);
}

/**
 * Writes the boot information of @partition to @area, its load address, where
 * package.boot_info_size bytes are free. What was there before of the package's header is lost.
 *
 * Returns the number of bytes written: the caller makes them visible to a partition without caches.
 * 0 when the manifest does not ask for any, or, with a warning, when there is no room.
 */
size_t boot_info_build(void *area, const struct partition_config *partition,
		       struct config_report *report)
{
	const bool v1_0 = partition->ffa_version == FFA_VERSION_1_0 &&
			  partition->exception_level == EXCEPTION_LEVEL_S_EL0;
	struct content content[CONTENT_MAX];
	uint32_t count;
	size_t needed;

	if (!partition->boot_info || partition->gp_register == CONFIG_NO_REGISTER) {
		return 0;
	}
	count = collect(partition, report, content);
	needed = sizeof(struct boot_info_header) + count * sizeof(struct boot_info_descriptor);
	if (needed > partition->package.boot_info_size) {
		config_warning(
			report, "/boot-info",
			"no room: expected %lu bytes in front of the manifest, there are %lu",
			(unsigned long)needed, (unsigned long)partition->package.boot_info_size);
		return 0;
	}
	if (v1_0) {
		return write_v1_0(area, content, count);
	}
	return write_v1_1(area, partition, content, count);
}
