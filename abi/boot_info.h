/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Boot information handed to a partition (DEN0077A v1.1 "Boot information protocol"; the v1.0 form is the
 * one deployed with v1.0 S-EL0 partitions). Layouts only.
 */
#ifndef ABI_BOOT_INFO_H
#define ABI_BOOT_INFO_H

#include <stddef.h>
#include <stdint.h>

#define BOOT_INFO_SIGNATURE 0x00000FFAU
#define BOOT_INFO_TYPE_FDT 0U
#define BOOT_INFO_TYPE_HOB_LIST 1U
#define BOOT_INFO_CONTENT_ADDRESS (0U << 2)
#define BOOT_INFO_CONTENT_VALUE (1U << 2)

struct boot_info_header {
	uint32_t signature;
	uint32_t version;
	uint32_t blob_size;
	uint32_t descriptor_size;
	uint32_t descriptor_count;
	uint32_t descriptor_offset;
	uint64_t reserved;
};

struct boot_info_descriptor {
	uint8_t name[16];
	uint8_t type;
	uint8_t reserved;
	uint16_t flags;
	uint32_t size;
	uint64_t content;
};

_Static_assert(sizeof(struct boot_info_header) == 32, "v1.1 boot information header");
_Static_assert(sizeof(struct boot_info_descriptor) == 32, "v1.1 boot information descriptor");
_Static_assert(offsetof(struct boot_info_descriptor, content) == 24,
	       "v1.1 boot information descriptor");

#define BOOT_INFO_V1_0_MAGIC "FF-A" /* 4 bytes, no NUL */

struct boot_info_v1_0_entry {
	char name[16]; /* "TYPE_DT" */
	uint64_t value;
	uint64_t size;
};

struct boot_info_v1_0 {
	char magic[4];
	uint32_t count;
	struct boot_info_v1_0_entry entry[];
};

_Static_assert(sizeof(struct boot_info_v1_0_entry) == 32, "v1.0 boot information entry");
_Static_assert(sizeof(struct boot_info_v1_0) == 8, "v1.0 boot information header");

#endif
