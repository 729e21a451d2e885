/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bucket of bytes, kept as the moment when it will be full again: writing moves that moment on, time
 * comes nearer to it. So there is nothing to refill, and a quota that is all zero is a full bucket.
 * Locks: RANK_CONSOLE_QUOTA, for a few instructions; the contexts of a partition share its quota.
 */
#include "core/console_quota.h"

#include "arch/arch.h"

#define NS_PER_BYTE (UINT64_C(1000000000) / CONSOLE_QUOTA_RATE)
#define BURST_NS (CONSOLE_QUOTA_BURST * NS_PER_BYTE)
#define RESUME_NS (CONSOLE_QUOTA_RESUME * NS_PER_BYTE)

/** Makes @quota full. Boot only. */
void console_quota_init(struct console_quota *quota)
{
	lock_init(&quota->lock, RANK_CONSOLE_QUOTA);
	quota->paid_ns = 0;
	quota->left_out = 0;
}

/**
 * Takes the @size bytes of one line, at most CONSOLE_QUOTA_RESUME, out of @quota. Never waits for bytes:
 * a line that is not granted counts as left out and costs nothing.
 */
struct console_grant console_quota_take(struct console_quota *quota, size_t size)
{
	struct console_grant grant = { .granted = false };
	uint64_t cost = size * NS_PER_BYTE;
	uint64_t now, missing;

	lock_acquire(&quota->lock);
	now = arch_time_ns();
	missing = quota->paid_ns > now ? quota->paid_ns - now : 0;
	if (quota->left_out == 0) {
		grant.granted = missing + cost <= BURST_NS;
	} else {
		grant.granted = missing + RESUME_NS <= BURST_NS;
	}
	if (grant.granted) {
		grant.left_out = quota->left_out;
		quota->left_out = 0;
		quota->paid_ns = now + missing + cost;
	} else {
		quota->left_out++;
	}
	lock_release(&quota->lock);
	return grant;
}
