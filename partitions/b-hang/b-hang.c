/* SPDX-License-Identifier: BSD-3-Clause */
/* A partition whose start never ends. */
#include "sdk/partition.h"

void partition_start(void)
{
	partition_log("%04x hangs", partition.id);
	for (;;) {
		__asm__ volatile("" ::: "memory"); /* a loop that has a meaning */
	}
}

void partition_request(unsigned context, struct ffa_regs *message)
{
}
