/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds the manifest in the boot information an SPMC hands over, in either of its two forms. */
#ifndef SDK_BOOT_INFO_H
#define SDK_BOOT_INFO_H

#include <stddef.h>
#include <stdint.h>

struct boot_info {
	uint32_t form; /* 0: none, 0x00010000: v1.0 form, else the version in the v1.1 header */
	uint64_t address; /* of the blob */
	uint32_t blob_size;
	uint32_t count; /* of descriptors */
	uint64_t manifest;
	uint64_t manifest_size;
	uint64_t hob_list;
	uint64_t hob_list_size;
};

struct boot_info boot_info_read(uint64_t address);

#endif
