/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot information (DEN0077A, boot protocol; v1.0 form as deployed). Layouts: abi/boot_info.h. */
#include "sdk/boot_info.h"

#include "abi/boot_info.h"
#include "abi/ffa.h"
#include "lib/string.h"

static void read_v1_1(struct boot_info *info, const struct boot_info_header *header)
{
	const uint8_t *base = (const uint8_t *)header + header->descriptor_offset;

	info->form = header->version;
	info->blob_size = header->blob_size;
	info->count = header->descriptor_count;
	for (uint32_t i = 0; i < header->descriptor_count; i++) {
		const struct boot_info_descriptor *descriptor =
			(const void *)(base + (size_t)i * header->descriptor_size);

		if ((descriptor->flags & (3U << 2)) != BOOT_INFO_CONTENT_ADDRESS) {
			continue;
		}
		if (descriptor->type == BOOT_INFO_TYPE_FDT) {
			info->manifest = descriptor->content;
			info->manifest_size = descriptor->size;
		} else if (descriptor->type == BOOT_INFO_TYPE_HOB_LIST) {
			info->hob_list = descriptor->content;
			info->hob_list_size = descriptor->size;
		}
	}
}

static void read_v1_0(struct boot_info *info, const struct boot_info_v1_0 *header)
{
	info->form = FFA_VERSION_1_0;
	info->count = header->count;
	for (uint32_t i = 0; i < header->count; i++) {
		if (memcmp(header->entry[i].name, "TYPE_DT", 8) == 0) {
			info->manifest = header->entry[i].value;
			info->manifest_size = header->entry[i].size;
		}
	}
}

struct boot_info boot_info_read(uint64_t address)
{
	struct boot_info info = { .address = address };
	const void *blob = (const void *)(uintptr_t)address;

	if (blob == NULL || (address & 7) != 0) {
		return info;
	}
	if (*(const uint32_t *)blob == BOOT_INFO_SIGNATURE) {
		read_v1_1(&info, blob);
	} else if (memcmp(blob, BOOT_INFO_V1_0_MAGIC, 4) == 0) {
		read_v1_0(&info, blob);
	}
	return info;
}
