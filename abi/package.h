/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partition packages as TF-A's tools make them: SPKG (versions 1 and 2) and transfer lists
 * (Firmware Handoff). Layouts only; config/package.c checks them.
 */
#ifndef ABI_PACKAGE_H
#define ABI_PACKAGE_H

#include <stdint.h>

#define SPKG_MAGIC 0x474B5053U /* bytes S P K G */

struct spkg_header {
	uint32_t magic;
	uint32_t version;
	uint32_t manifest_offset;
	uint32_t manifest_size;
	uint32_t image_offset;
	uint32_t image_size;
};

_Static_assert(sizeof(struct spkg_header) == 24, "SPKG header");

#define TRANSFER_LIST_SIGNATURE 0x4A0FB10BU
#define TRANSFER_LIST_HAS_CHECKSUM 0x1U

struct transfer_list_header {
	uint32_t signature;
	uint8_t checksum;
	uint8_t version;
	uint8_t header_size;
	uint8_t alignment; /* log2 of bytes */
	uint32_t size;
	uint32_t max_size;
	uint32_t flags;
	uint32_t reserved;
};

struct transfer_list_entry {
	uint32_t tag_and_header_size; /* tag in [23:0], header size in [31:24] */
	uint32_t data_size;
};

enum transfer_list_tag {
	TRANSFER_LIST_EMPTY = 0x0,
	TRANSFER_LIST_FDT = 0x1,
	TRANSFER_LIST_HOB_BLOCK = 0x2,
	TRANSFER_LIST_HOB_LIST = 0x3,
	TRANSFER_LIST_SPMC_MANIFEST = 0x101,
	TRANSFER_LIST_PARTITION_IMAGE = 0x103,
	TRANSFER_LIST_PARTITION_MANIFEST = 0x106,
};

_Static_assert(sizeof(struct transfer_list_header) == 24, "transfer list header");
_Static_assert(sizeof(struct transfer_list_entry) == 8, "transfer list entry header");

#endif
