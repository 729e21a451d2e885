/* SPDX-License-Identifier: BSD-3-Clause */
/* Our own part of BL31: the functions its files offer each other. */
#ifndef FIRMWARE_EL3_EL3_H
#define FIRMWARE_EL3_EL3_H

#include <services/el3_spmd_logical_sp.h>

/* logical_partition.c */
struct ffa_value logical_partition_request(uint16_t receiver, uint32_t w3, uint32_t w4,
					   void *normal_world);
struct ffa_value logical_partition_info(uint64_t uuid_low, uint64_t uuid_high, uint16_t first);

#endif
