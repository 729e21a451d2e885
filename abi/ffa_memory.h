/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors of the memory management protocol (DEN0140; DEN0077A, ch. 10 of v1.0 and v1.1), all versions.
 * Facts about the binary interface only.
 */
#ifndef ABI_FFA_MEMORY_H
#define ABI_FFA_MEMORY_H

#include <stdint.h>

/* Header of a transaction descriptor. */
struct ffa_memory_header_v1_0 {
	uint16_t sender;
	uint8_t attributes;
	uint8_t reserved;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t reserved2;
	uint32_t access_count;
};

struct ffa_memory_header_v1_1 {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t access_size; /* of one access descriptor: 16, from v1.2 on 16 or 32 */
	uint32_t access_count;
	uint32_t access_offset;
	uint32_t reserved[3];
};

/* Endpoint memory access descriptor; before v1.2 the first two words only, the second one reserved. */
struct ffa_memory_access {
	uint16_t receiver;
	uint8_t permissions;
	uint8_t flags;
	uint32_t composite_offset;
	uint64_t value[2]; /* implementation defined */
	uint64_t reserved;
};

#define FFA_MEMORY_ACCESS_SIZE_1_0 16U
#define FFA_MEMORY_ACCESS_SIZE_1_2 32U

struct ffa_memory_composite {
	uint32_t page_count;
	uint32_t range_count;
	uint64_t reserved;
	/* struct ffa_memory_range ranges[] */
};

struct ffa_memory_range {
	uint64_t address;
	uint32_t page_count;
	uint32_t reserved;
};

struct ffa_memory_relinquish {
	uint64_t handle;
	uint32_t flags;
	uint32_t endpoint_count;
	/* uint16_t endpoints[] */
};

_Static_assert(sizeof(struct ffa_memory_header_v1_0) == 32, "DEN0077A v1.0");
_Static_assert(sizeof(struct ffa_memory_header_v1_1) == 48, "DEN0077A v1.1");
_Static_assert(sizeof(struct ffa_memory_access) == 32, "DEN0140 v1.2");
_Static_assert(sizeof(struct ffa_memory_composite) == 16, "DEN0140");
_Static_assert(sizeof(struct ffa_memory_range) == 16, "DEN0140");
_Static_assert(sizeof(struct ffa_memory_relinquish) == 16, "DEN0140");

/* Permissions of an access descriptor. */
#define FFA_MEMORY_DATA_MASK 0x3U
#define FFA_MEMORY_DATA_RO 0x1U
#define FFA_MEMORY_DATA_RW 0x2U
#define FFA_MEMORY_DATA_RESERVED 0x3U
#define FFA_MEMORY_INSTRUCTION_MASK 0xCU
#define FFA_MEMORY_INSTRUCTION_NX 0x4U
#define FFA_MEMORY_INSTRUCTION_X 0x8U
#define FFA_MEMORY_INSTRUCTION_RESERVED 0xCU
#define FFA_MEMORY_PERMISSIONS_RESERVED 0xF0U

/* Flags of an access descriptor. */
#define FFA_MEMORY_ACCESS_NOT_RETRIEVING 0x1U

/* Memory region attributes. */
#define FFA_MEMORY_SHAREABILITY_MASK 0x03U
#define FFA_MEMORY_NON_SHAREABLE 0x00U
#define FFA_MEMORY_SHAREABILITY_RESERVED 0x01U
#define FFA_MEMORY_OUTER_SHAREABLE 0x02U
#define FFA_MEMORY_INNER_SHAREABLE 0x03U
#define FFA_MEMORY_CACHEABILITY_MASK 0x0CU
#define FFA_MEMORY_NON_CACHEABLE 0x04U
#define FFA_MEMORY_WRITE_BACK 0x0CU
#define FFA_MEMORY_DEVICE_KIND_SHIFT 2 /* nGnRnE, nGnRE, nGRE, GRE */
#define FFA_MEMORY_TYPE_MASK 0x30U
#define FFA_MEMORY_TYPE_UNSPECIFIED 0x00U
#define FFA_MEMORY_TYPE_DEVICE 0x10U
#define FFA_MEMORY_TYPE_NORMAL 0x20U
#define FFA_MEMORY_TYPE_RESERVED 0x30U
#define FFA_MEMORY_NON_SECURE 0x40U
#define FFA_MEMORY_ATTRIBUTES_RESERVED 0xFF80U
#define FFA_MEMORY_NORMAL_WRITE_BACK_INNER 0x2FU

/* Flags of a transaction descriptor and of FFA_MEM_RECLAIM. */
#define FFA_MEMORY_FLAG_ZERO 0x1U
#define FFA_MEMORY_FLAG_TIME_SLICE 0x2U
#define FFA_MEMORY_FLAG_ZERO_AFTER 0x4U
#define FFA_MEMORY_FLAG_KIND_SHIFT 3
#define FFA_MEMORY_FLAG_KIND_MASK 0x18U
#define FFA_MEMORY_FLAG_HINT_SHIFT 5
#define FFA_MEMORY_FLAG_HINT_MASK 0x1E0U
#define FFA_MEMORY_FLAG_HINT_VALID 0x200U
#define FFA_MEMORY_FLAG_BYPASS 0x400U
#define FFA_MEMORY_FLAGS_RESERVED 0xFFFFF800U

#define FFA_MEMORY_HANDLE_HYPERVISOR (UINT64_C(1) << 63)

/* FFA_FEATURES of FFA_MEM_RETRIEVE_REQ: w2 */
#define FFA_MEMORY_FEATURE_NS_BIT 0x2U
#define FFA_MEMORY_FEATURE_HYPERVISOR_RETRIEVE 0x4U

#endif
