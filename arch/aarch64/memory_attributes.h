/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory types of EL2's translation regime: the value of MAIR_EL2 and the indices that stage-1
 * descriptors name, EL2's own and those of S-EL0 partitions alike.
 */
#ifndef ARCH_AARCH64_MEMORY_ATTRIBUTES_H
#define ARCH_AARCH64_MEMORY_ATTRIBUTES_H

#include <stdint.h>

enum memory_attribute {
	MEMORY_DEVICE, /* nGnRnE */
	MEMORY_NORMAL, /* inner and outer write-back, allocate */
	MEMORY_NORMAL_NON_CACHEABLE,
	MEMORY_NORMAL_TAGGED, /* as MEMORY_NORMAL, with MTE tags */
	MEMORY_DEVICE_NGNRE, /* these three in the order of enum arch_map */
	MEMORY_DEVICE_NGRE,
	MEMORY_DEVICE_GRE,
};

#define MAIR_DEVICE UINT64_C(0x00)
#define MAIR_NORMAL UINT64_C(0xff)
#define MAIR_NON_CACHEABLE UINT64_C(0x44)
#define MAIR_TAGGED UINT64_C(0xf0)
#define MAIR_NGNRE UINT64_C(0x04)
#define MAIR_NGRE UINT64_C(0x08)
#define MAIR_GRE UINT64_C(0x0c)

#define MAIR_EL2_VALUE                                                                         \
	(MAIR_DEVICE << (8 * MEMORY_DEVICE) | MAIR_NORMAL << (8 * MEMORY_NORMAL) |             \
	 MAIR_NON_CACHEABLE << (8 * MEMORY_NORMAL_NON_CACHEABLE) |                             \
	 MAIR_TAGGED << (8 * MEMORY_NORMAL_TAGGED) | MAIR_NGNRE << (8 * MEMORY_DEVICE_NGNRE) | \
	 MAIR_NGRE << (8 * MEMORY_DEVICE_NGRE) | MAIR_GRE << (8 * MEMORY_DEVICE_GRE))

#endif
