/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading a TX and writing an RX buffer through windows of this PE, of any size that FFA_FEATURES allows.
 * Each byte is read or written once, in order. The buffer's lock is held while one is open.
 */
#ifndef FFA_BUFFER_H
#define FFA_BUFFER_H

#include "core/endpoint.h"
#include "core/pe.h"

/** A buffer on its way from its first byte to its last. */
struct buffer {
	struct pe *pe;
	enum arch_window window;
	enum world world;
	struct page_range rest; /* behind the window */
	uint8_t *at; /* next byte, in the window */
	size_t room; /* bytes from there to the window's end */
	bool failed; /* the memory cannot be accessed: it has been taken away from this world */
};

/** Opens TX for reading. */
struct buffer buffer_open_tx(struct pe *pe, const struct mailbox *mailbox);

/** Opens RX for writing. */
struct buffer buffer_open_rx(struct pe *pe, const struct mailbox *mailbox);

/** Next @size bytes of TX; they are there (the caller has looked at the size of TX). */
void buffer_read(struct buffer *tx, void *bytes, size_t size);
void buffer_skip(struct buffer *tx, size_t size);

/** Next @size bytes of RX; they fit. */
void buffer_write(struct buffer *rx, const void *bytes, size_t size);
void buffer_write_zero(struct buffer *rx, size_t size);

/** Next @size bytes from @tx to @rx. */
void buffer_copy(struct buffer *rx, struct buffer *tx, size_t size);

/** Closes RX, leaving what is left of it as it is. False: it could not be written. */
bool buffer_close_rx(struct buffer *rx);

/** Zeroes what is left of RX and closes it. False: it could not be written. */
bool buffer_finish_rx(struct buffer *rx);

/** Closes TX. False: it could not be read. */
bool buffer_close_tx(struct buffer *tx);

#endif
