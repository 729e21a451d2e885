/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RX/TX pair of an endpoint (DEN0077A, "RX/TX buffers"): where it is and who owns RX. The memory stays the
 * endpoint's; the SPMC sees it through a window while it copies (ffa/buffer.h).
 */
#ifndef CORE_MAILBOX_H
#define CORE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"
#include "core/lock.h"

/** Who may write RX. */
enum rx_state {
	RX_EMPTY, /* the SPMC */
	RX_FULL, /* nobody: the endpoint owns it until it releases it */
	RX_ACQUIRED, /* the hypervisor of a VM, until it releases it */
};

struct mailbox {
	struct lock tx_lock; /* RANK_TX; held while TX is read */
	struct lock rx_lock; /* RANK_RX; held while RX is written; guards rx_state */

	/* Written with both locks held, so that either is enough to read. Whether it is mapped may be read
	 * without any, for a hint. */
	_Atomic bool mapped;
	uint16_t owner; /* ID of the endpoint that mapped it */
	enum world world;
	unsigned tx_before, rx_before; /* how a partition had them before (enum arch_map) */
	struct page_range tx;
	struct page_range rx;

	/* enum rx_state; written under rx_lock, read without it where an old value does no harm. */
	_Atomic uint8_t rx_state;
};

static inline bool mailbox_is_mapped(const struct mailbox *mailbox)
{
	return atomic_load_explicit(&mailbox->mapped, memory_order_relaxed);
}

static inline void mailbox_set_mapped(struct mailbox *mailbox, bool mapped)
	REQUIRES(mailbox -> tx_lock, mailbox->rx_lock)
{
	atomic_store_explicit(&mailbox->mapped, mapped, memory_order_relaxed);
}

static inline enum rx_state mailbox_rx_state(const struct mailbox *mailbox)
{
	return (enum rx_state)atomic_load_explicit(&mailbox->rx_state, memory_order_relaxed);
}

static inline void mailbox_set_rx_state(struct mailbox *mailbox, enum rx_state state)
	REQUIRES(mailbox -> rx_lock)
{
	atomic_store_explicit(&mailbox->rx_state, (uint8_t)state, memory_order_relaxed);
}

static inline void mailbox_init(struct mailbox *mailbox)
{
	lock_init(&mailbox->tx_lock, RANK_TX);
	lock_init(&mailbox->rx_lock, RANK_RX);
}

/** Takes both locks, to map or unmap. */
static inline void mailbox_lock(struct mailbox *mailbox)
	ACQUIRE(mailbox -> tx_lock, mailbox->rx_lock)
{
	lock_acquire(&mailbox->tx_lock);
	lock_acquire(&mailbox->rx_lock);
}

static inline void mailbox_unlock(struct mailbox *mailbox)
	RELEASE(mailbox -> tx_lock, mailbox->rx_lock)
{
	lock_release(&mailbox->rx_lock);
	lock_release(&mailbox->tx_lock);
}

#endif
