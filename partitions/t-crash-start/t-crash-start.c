/* SPDX-License-Identifier: BSD-3-Clause */
/* Faults in its start: it must not keep anybody else from running. */
#include "sdk/partition.h"

void partition_start(void)
{
	partition_log("partition %04x is about to fault", partition.id);
	partition_die();
}

void partition_request(unsigned context, struct ffa_regs *message)
{
}
