/* SPDX-License-Identifier: BSD-3-Clause */
/* Our own part of BL31: the functions its files offer each other. */
#ifndef FIRMWARE_EL3_EL3_H
#define FIRMWARE_EL3_EL3_H

#include <services/el3_spmd_logical_sp.h>
#include <stdbool.h>

/* logical_partition.c */
struct ffa_value logical_partition_request(uint16_t receiver, uint32_t w3, uint32_t w4,
					   void *normal_world);
struct ffa_value logical_partition_info(uint64_t uuid_low, uint64_t uuid_high, uint16_t first);

/* group0.c */
int32_t group0_init(void);
void group0_start(uint64_t ticks, uint64_t times);
uint64_t group0_count(unsigned int security_state);

/* standard_calls.c */
void standard_refuse_group0(bool refused);

#endif
