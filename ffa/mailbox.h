/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing into an endpoint's RX buffer. */
#ifndef FFA_MAILBOX_H
#define FFA_MAILBOX_H

#include "core/endpoint.h"
#include "core/pe.h"

/** An RX buffer being filled. */
struct rx_writer {
	struct pe *pe;
	uint8_t *at; /* next byte to write, in this PE's window */
	size_t room; /* bytes behind it */
	bool failed; /* the memory cannot be written: it has been taken away from this world */
};

/** Opens the RX buffer of @mailbox (its first ARCH_WINDOW_PAGES pages) for writing. */
struct rx_writer rx_writer_open(struct pe *pe, const struct mailbox *mailbox)
	REQUIRES(mailbox -> lock);

/** Appends @size bytes; they fit (the caller has looked at the size of RX). */
void rx_writer_add(struct rx_writer *writer, const void *bytes, size_t size);

/** Zeroes what is left, closes the window. False: the buffer could not be written. */
bool rx_writer_close(struct rx_writer *writer);

#endif
