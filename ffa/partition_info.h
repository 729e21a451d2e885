/* SPDX-License-Identifier: BSD-3-Clause */
/* How FFA_PARTITION_INFO_GET_REGS lays its answer out. */
#ifndef FFA_PARTITION_INFO_H
#define FFA_PARTITION_INFO_H

enum {
	PARTITION_INFO_REGS_FIRST = 3, /* descriptors are in x3-x17 */
	PARTITION_INFO_REGS_BYTES = 15 * 8,
};

#endif
