/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FF-A constants and register fields shared by the SPMC, partitions, the normal-world client and the
 * tools (DEN0077A v1.0-v1.2 and the published parts of v1.3). Facts about the binary interface only:
 * no code, no dependency. The list of interfaces is ffa_abi.def, included here for the function IDs.
 */
#ifndef ABI_FFA_H
#define ABI_FFA_H

#include <stdint.h>

/* Function identifiers: fast call, standard secure service (SMCCC). */
#define FFA_FID32(number) (0x84000000U | (number))
#define FFA_FID64(number) (0xC4000000U | (number))
#define FFA_FID_SMC64 0x40000000U
#define FFA_FID_SVE_HINT 0x00010000U
#define FFA_FID_NUMBER(fid) ((fid) & 0xFFFFU)
#define FFA_NUMBER_FIRST 0x60U
#define FFA_NUMBER_LAST 0xFFU

/* FFA_<NAME>_32 and FFA_<NAME>_64 for every interface; which of them exist is in the table. */
enum ffa_function_id {
#define FFA_ABI(name, number, ...) \
	FFA_##name##_32 = FFA_FID32(number), FFA_##name##_64 = FFA_FID64(number),
#include "ffa_abi.def"
#undef FFA_ABI
};

/** Status codes of FFA_ERROR (w2) and nothing else. FFA_OK never appears in a register. */
enum ffa_status {
	FFA_OK = 0,
	FFA_NOT_SUPPORTED = -1,
	FFA_INVALID_PARAMETERS = -2,
	FFA_NO_MEMORY = -3,
	FFA_BUSY = -4,
	FFA_INTERRUPTED = -5,
	FFA_DENIED = -6,
	FFA_RETRY = -7,
	FFA_ABORTED = -8,
	FFA_NO_DATA = -9,
	FFA_NOT_READY = -10,
};

#define FFA_VERSION_OF(major, minor) (((uint32_t)(major) << 16) | (uint32_t)(minor))
#define FFA_VERSION_1_0 FFA_VERSION_OF(1, 0)
#define FFA_VERSION_1_1 FFA_VERSION_OF(1, 1)
#define FFA_VERSION_1_2 FFA_VERSION_OF(1, 2)
#define FFA_VERSION_1_3 FFA_VERSION_OF(1, 3)
#define FFA_VERSION_INVALID_BIT 0x80000000U

/* FFA_VERSION from v1.3 on: w2 */
#define FFA_VERSION_NEGOTIATE 0x0U
#define FFA_VERSION_QUERY_COMPATIBILITY 0x1U
#define FFA_VERSION_QUERY_NEGOTIATED 0x2U

/* Endpoint identifiers (bit 15: secure). */
#define FFA_ID_NORMAL_WORLD 0x0000U
#define FFA_ID_SECURE_BIT 0x8000U
#define FFA_ID_SPMC_DEFAULT 0x8000U
#define FFA_ID_PARTITION_LAST 0xFFBFU
#define FFA_ID_EL3_PARTITION_FIRST 0xFFC0U
#define FFA_ID_EL3_PARTITION_LAST 0xFFFEU
#define FFA_ID_SPMD 0xFFFFU
#define FFA_ID_IS_EL3_PARTITION(id) \
	((id) >= FFA_ID_EL3_PARTITION_FIRST && (id) <= FFA_ID_EL3_PARTITION_LAST)

/* w1 of messages: sender in [31:16], receiver in [15:0]. Target information: endpoint, vCPU. */
#define FFA_SENDER(w) ((uint16_t)((w) >> 16))
#define FFA_RECEIVER(w) ((uint16_t)(w))
#define FFA_ENDPOINTS(sender, receiver) (((uint32_t)(sender) << 16) | (uint32_t)(receiver))
#define FFA_TARGET(endpoint, vcpu) (((uint32_t)(endpoint) << 16) | (uint32_t)(vcpu))
#define FFA_TARGET_ENDPOINT(w) ((uint16_t)((w) >> 16))
#define FFA_TARGET_VCPU(w) ((uint16_t)(w))

/* Framework messages: w2 of FFA_MSG_SEND_DIRECT_REQ/RESP. */
#define FFA_FRAMEWORK_BIT 0x80000000U
#define FFA_FRAMEWORK_TYPE(w2) ((w2) & 0xFFU)
enum ffa_framework_message {
	FFA_FRAMEWORK_PSCI_REQ = 0x0,
	FFA_FRAMEWORK_WARM_BOOT_REQ = 0x1,
	FFA_FRAMEWORK_PSCI_RESP = 0x2,
	FFA_FRAMEWORK_VM_CREATED_REQ = 0x4,
	FFA_FRAMEWORK_VM_CREATED_RESP = 0x5,
	FFA_FRAMEWORK_VM_DESTROYED_REQ = 0x6,
	FFA_FRAMEWORK_VM_DESTROYED_RESP = 0x7,
	FFA_FRAMEWORK_VERSION_REQ = 0x8,
	FFA_FRAMEWORK_VERSION_RESP = 0x9,
};

/* FFA_PARTITION_INFO_GET */
#define FFA_PARTITION_INFO_COUNT_ONLY 0x1U
#define FFA_PROPERTY_DIRECT_REQ_RECEIVE 0x001U
#define FFA_PROPERTY_DIRECT_REQ_SEND 0x002U
#define FFA_PROPERTY_INDIRECT 0x004U
#define FFA_PROPERTY_NOTIFICATIONS 0x008U
#define FFA_PROPERTY_VM_CREATED 0x040U
#define FFA_PROPERTY_VM_DESTROYED 0x080U
#define FFA_PROPERTY_AARCH64 0x100U
#define FFA_PROPERTY_DIRECT_REQ2_RECEIVE 0x200U
#define FFA_PROPERTY_DIRECT_REQ2_SEND 0x400U
#define FFA_PROPERTY_SMC64_CYCLES 0x2000U

struct ffa_uuid {
	uint32_t word
		[4]; /* as in w1-w4 of FFA_PARTITION_INFO_GET: bytes in memory order, little-endian */
};

struct ffa_partition_info_v1_0 {
	uint16_t id;
	uint16_t context_count;
	uint32_t properties;
};

struct ffa_partition_info_v1_1 {
	uint16_t id;
	uint16_t context_count;
	uint32_t properties;
	struct ffa_uuid uuid;
};

struct ffa_partition_info_v1_3 {
	uint16_t id;
	uint16_t context_count;
	uint32_t properties;
	struct ffa_uuid uuid;
	struct ffa_uuid image_uuid;
	uint32_t version;
	uint32_t reserved;
};

_Static_assert(sizeof(struct ffa_partition_info_v1_0) == 8, "DEN0077A v1.0 table");
_Static_assert(sizeof(struct ffa_partition_info_v1_1) == 24, "DEN0077A v1.1 table");
_Static_assert(sizeof(struct ffa_partition_info_v1_3) == 48, "DEN0077A v1.3 table");

/* FFA_FEATURES: feature identifiers (bit 31 of w1 clear). */
#define FFA_FEATURE_NPI 0x1U
#define FFA_FEATURE_SRI 0x2U
#define FFA_FEATURE_MEI 0x3U
#define FFA_FEATURE_NOTIFICATIONS 0x4U

/* FFA_MEM_PERM_GET/SET: permissions of a page of an S-EL0 partition. */
#define FFA_MEM_PERM_DATA_NONE 0x0U
#define FFA_MEM_PERM_DATA_RW 0x1U
#define FFA_MEM_PERM_DATA_RESERVED 0x2U
#define FFA_MEM_PERM_DATA_RO 0x3U
#define FFA_MEM_PERM_DATA_MASK 0x3U
#define FFA_MEM_PERM_NX 0x4U
#define FFA_MEM_PERM_MASK 0x7U

/* FFA_MSG_WAIT: w2 */
#define FFA_MSG_WAIT_RETAIN_RX 0x1U

#define FFA_PAGE_SIZE 4096U

/* FFA_RXTX_MAP by a hypervisor for a VM: endpoint RX/TX descriptor, each composite of one range. */
struct ffa_endpoint_rxtx {
	uint16_t endpoint;
	uint16_t reserved;
	uint32_t rx_offset; /* of a composite, from the descriptor's start */
	uint32_t tx_offset;
	uint32_t reserved2;
};

struct ffa_single_composite {
	uint32_t page_count;
	uint32_t range_count; /* 1 */
	uint64_t reserved;
	struct {
		uint64_t address;
		uint32_t page_count;
		uint32_t reserved;
	} range;
};

_Static_assert(sizeof(struct ffa_endpoint_rxtx) == 16, "DEN0077A, endpoint RX/TX descriptor");
_Static_assert(sizeof(struct ffa_single_composite) == 32, "DEN0140, composite of one range");

/* FFA_MSG_SEND2: header of a message; v1.1 has the first five words only. */
struct ffa_message_header {
	uint32_t flags;
	uint32_t reserved;
	uint32_t offset; /* of the payload */
	uint32_t endpoints; /* sender, receiver */
	uint32_t size; /* of the payload */
	uint32_t reserved2;
	struct ffa_uuid uuid;
};

#define FFA_MESSAGE_HEADER_SIZE_1_1 20U

_Static_assert(sizeof(struct ffa_message_header) == 40, "DEN0077A v1.2, message header");

#define FFA_MSG_SEND2_DELAY_SRI 0x2U

#endif
