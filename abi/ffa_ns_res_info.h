/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NS_RES_INFO_GET (v1.3): who in the secure world reaches which memory of the normal world. */
#ifndef ABI_FFA_NS_RES_INFO_H
#define ABI_FFA_NS_RES_INFO_H

#include <stdint.h>

/* x2 */
#define FFA_NS_RES_INFO_TARGET 0x1U /* x1 names a partition; else all */
#define FFA_NS_RES_INFO_TYPE_MASK 0xCU /* of resource; 0: memory */
#define FFA_NS_RES_INFO_CONTINUE 0x10U
#define FFA_NS_RES_INFO_RESERVED (~(uint64_t)0x1D)

/* x2 of the answer: bytes in RX, bytes that are still to come */
#define FFA_NS_RES_INFO_SIZE_SHIFT 32

/** First in RX, before the first descriptors only. */
struct ffa_ns_res_info {
	uint32_t entry_size;
	uint32_t entry_count; /* of all answers together */
	uint32_t entry_offset;
	uint32_t reserved;
};

/** A range that an endpoint reaches. */
struct __attribute__((packed)) ffa_ns_range {
	uint64_t address;
	uint32_t page_count;
	uint8_t permissions;
	uint16_t endpoint;
	uint8_t flags;
};

#define FFA_NS_RANGE_USER_READ 0x01U
#define FFA_NS_RANGE_USER_WRITE 0x02U
#define FFA_NS_RANGE_USER_EXECUTE 0x04U
#define FFA_NS_RANGE_PRIVILEGED_SHIFT 4 /* the same for the privileged level */

#define FFA_NS_RANGE_INDIRECT \
	0x1U /* flags: not mapped, but it could be, or somebody else accesses it for it */

_Static_assert(sizeof(struct ffa_ns_res_info) == 16, "DEN0077A v1.3");
_Static_assert(sizeof(struct ffa_ns_range) == 16, "DEN0077A v1.3");

#endif
