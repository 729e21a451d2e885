/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RX/TX buffers are not mapped in EL2: a window shows ARCH_WINDOW_PAGES of one at a time, moved on as the
 * copy goes on. Takes no locks.
 */
#include "ffa/buffer.h"

/** Shows the next pages of @buffer. */
static void show(struct buffer *buffer)
{
	struct page_range shown = buffer->rest;

	if (shown.page_count > ARCH_WINDOW_PAGES) {
		shown.page_count = ARCH_WINDOW_PAGES;
	}
	buffer->at = arch_window_open(&buffer->pe->arch, buffer->window, shown, buffer->world);
	buffer->room = shown.page_count << PAGE_SHIFT;
	buffer->rest.base.pa += buffer->room;
	buffer->rest.page_count -= shown.page_count;
}

/** How many of @size bytes lie in the window, after moving it on when it is used up. */
static size_t next_piece(struct buffer *buffer, size_t size)
{
	if (buffer->room == 0) {
		arch_window_close(&buffer->pe->arch, buffer->window);
		show(buffer);
	}
	return size < buffer->room ? size : buffer->room;
}

static void advance(struct buffer *buffer, size_t size)
{
	buffer->at += size;
	buffer->room -= size;
}

struct buffer buffer_open_tx(struct pe *pe, const struct mailbox *mailbox)
{
	struct buffer buffer = {
		.pe = pe,
		.window = ARCH_WINDOW_SOURCE,
		.world = mailbox->world,
		.rest = mailbox->tx,
	};

	show(&buffer);
	return buffer;
}

struct buffer buffer_open_rx(struct pe *pe, const struct mailbox *mailbox)
{
	struct buffer buffer = {
		.pe = pe,
		.window = ARCH_WINDOW_TARGET,
		.world = mailbox->world,
		.rest = mailbox->rx,
	};

	show(&buffer);
	return buffer;
}

void buffer_read(struct buffer *tx, void *bytes, size_t size)
{
	uint8_t *to = bytes;

	while (size > 0 && !tx->failed) {
		size_t piece = next_piece(tx, size);

		tx->failed = !arch_copy_from(to, tx->at, piece);
		advance(tx, piece);
		to += piece;
		size -= piece;
	}
}

void buffer_skip(struct buffer *tx, size_t size)
{
	while (size > 0) {
		size_t piece = next_piece(tx, size);

		advance(tx, piece);
		size -= piece;
	}
}

void buffer_write(struct buffer *rx, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	while (size > 0 && !rx->failed) {
		size_t piece = next_piece(rx, size);

		rx->failed = !arch_copy_to(rx->at, from, piece);
		advance(rx, piece);
		from += piece;
		size -= piece;
	}
}

void buffer_write_zero(struct buffer *rx, size_t size)
{
	while (size > 0 && !rx->failed) {
		size_t piece = next_piece(rx, size);

		rx->failed = !arch_fill_zero(rx->at, piece);
		advance(rx, piece);
		size -= piece;
	}
}

void buffer_copy(struct buffer *rx, struct buffer *tx, size_t size)
{
	while (size > 0 && !rx->failed && !tx->failed) {
		size_t piece = next_piece(tx, next_piece(rx, size));

		/* Which of the two vanished does not matter: the message is lost. */
		tx->failed = !arch_copy_between(rx->at, tx->at, piece);
		advance(rx, piece);
		advance(tx, piece);
		size -= piece;
	}
}

bool buffer_close_rx(struct buffer *rx)
{
	arch_window_close(&rx->pe->arch, rx->window);
	return !rx->failed;
}

bool buffer_finish_rx(struct buffer *rx)
{
	buffer_write_zero(rx, rx->room + (rx->rest.page_count << PAGE_SHIFT));
	return buffer_close_rx(rx);
}

bool buffer_close_tx(struct buffer *tx)
{
	arch_window_close(&tx->pe->arch, tx->window);
	return !tx->failed;
}
