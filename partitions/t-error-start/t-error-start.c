/* SPDX-License-Identifier: BSD-3-Clause */
/* Gives up in its start, by FFA_ERROR (FF-A up to 1.2). */
#include "sdk/ffa.h"
#include "sdk/partition.h"

void partition_start(void)
{
	struct ffa_regs regs = { { (uint32_t)FFA_ERROR_32, 0, (uint32_t)FFA_NO_MEMORY } };

	partition_log("partition %04x gives up", partition.id);
	ffa_call(&regs);
	partition_log("partition %04x was not let go: %lx %lx", partition.id, regs.x[0], regs.x[2]);
}

void partition_request(unsigned context, struct ffa_regs *message)
{
}
