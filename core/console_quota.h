/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much of the console a partition may have, so that one that never stops talking cannot keep the
 * UART from the others: a burst of bytes at once, and a rate that gives used ones back. What becomes of
 * the lines beyond it is the log's business (log.h).
 */
#ifndef CORE_CONSOLE_QUOTA_H
#define CORE_CONSOLE_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lock.h"

/* Bytes as the UART carries them, with prefix and line end. */
enum {
	/* A Trusted OS's boot log of 32 KiB is never cut, if its lines have 12 characters on average. */
	CONSOLE_QUOTA_BURST = 65536,

	/* A second. A UART of 115200 baud carries 11520: five that never stop still leave room. */
	CONSOLE_QUOTA_RATE = 2000,

	/* Who was cut off goes on when it has that many: lines in stretches, one note for each. */
	CONSOLE_QUOTA_RESUME = 1024,
};

struct console_quota {
	struct lock lock; /* RANK_CONSOLE_QUOTA; guards all below */
	uint64_t
		paid_ns; /* when the rate will have given all bytes back; in the past: none is missing */
	uint32_t left_out; /* lines refused since the last one that was granted */
};

/** What console_quota_take() says of a line. */
struct console_grant {
	bool granted;
	uint32_t left_out; /* lines refused before this one, if it is granted: to be told now */
};

void console_quota_init(struct console_quota *quota);
struct console_grant console_quota_take(struct console_quota *quota, size_t size);

#endif
