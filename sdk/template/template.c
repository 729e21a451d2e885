/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A partition to start from. Copy this file and template.dts to partitions/NAME/, named after it, and
 * add NAME to partitions/list.mk. The same source runs at S-EL1 and S-EL0: the manifest decides.
 */
#include "sdk/partition.h"

void partition_start(void)
{
	partition_log("partition %04x starts", partition.id);
}

/* Adds two numbers: x3 := x3 + x4. The answer must not carry more than it means to: clear the rest. */
void partition_request(unsigned context, struct ffa_regs *message)
{
	uint64_t sum = message->x[3] + message->x[4];

	for (unsigned i = 3; i < 18; i++) {
		message->x[i] = 0;
	}
	message->x[3] = sum;
}
