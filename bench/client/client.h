/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the bench client share. */
#ifndef BENCH_CLIENT_CLIENT_H
#define BENCH_CLIENT_CLIENT_H

#include "bench/command.h"
#include "sdk/ffa.h"

extern uint8_t tx_buffer[FFA_PAGE_SIZE];
extern struct ffa_regs last; /* answer to the last call */

/** The call in @regs; true: answered by @expected. */
bool call(struct ffa_regs regs, uint32_t expected);

/** @partition does @command; true: it has worked. */
bool command(uint16_t partition, enum bench_command command, uint64_t argument);

/** Tells the launcher what was measured, in the order of the marks. */
void tell(const char *name, unsigned count, bool good);

/** Memory transactions: send, retrieve, relinquish, reclaim, each measured by itself. */
void bench_memory(void);

/** Direct messages from 1, 2 and 4 PEs at once. Starts the other PEs. */
void bench_width(void);

#endif
