/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing into an endpoint's RX buffer. */
#ifndef FFA_MAILBOX_H
#define FFA_MAILBOX_H

#include "core/endpoint.h"
#include "core/pe.h"

/**
 * Replaces the first @size bytes of the RX buffer of @mailbox by @text and zeroes the rest of its page.
 *
 * @size  at most ARCH_WINDOW_PAGES pages and the size of RX.
 *
 * Returns false when the memory cannot be written (it has been taken away from this world).
 */
bool mailbox_fill_rx(struct pe *pe, struct mailbox *mailbox, const void *text, size_t size) REQUIRES(mailbox->lock);

#endif
