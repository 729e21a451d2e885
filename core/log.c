/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The log: formats a line into a buffer, writes it whole to the console under RANK_CONSOLE and into a
 * ring that a debugger can read (`log_ring`). Time is in milliseconds since the log began.
 */
#include "core/log.h"

#include "arch/arch.h"
#include "core/build_config.h"
#include "core/lock.h"
#include "lib/format.h"
#include "lib/string.h"

enum {
	LINE_MAX = 384,
	RING_SIZE = 16384,
	NS_PER_MS = 1000000,
	MS_PER_S = 1000,
};

static struct {
	struct lock lock; /* RANK_CONSOLE; guards all below */
	uint64_t start_ns;
	uint32_t ring_next; /* next byte to write, modulo RING_SIZE */
	char ring[RING_SIZE];
} log_ring = { .lock = { .rank = RANK_CONSOLE } };

static const char *const level_names[] = { "ERROR", "WARN", "INFO", "DEBUG" };

struct line {
	char text[LINE_MAX];
	size_t size;
};

static void line_add_list(struct line *line, const char *text, va_list arguments)
	__attribute__((format(printf, 2, 0)));
static void line_add(struct line *line, const char *text, ...)
	__attribute__((format(printf, 2, 3)));

static void line_add_list(struct line *line, const char *text, va_list arguments)
{
	size_t room = sizeof(line->text) - 1 - line->size; /* the last byte is for the line end */
	size_t wanted = format(line->text + line->size, room, text, arguments);

	line->size += wanted < room ? wanted : room - 1;
}

static void line_add(struct line *line, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	line_add_list(line, text, arguments);
	va_end(arguments);
}

/** Writes @line with a line end to console and ring. */
static void line_write(struct line *line)
{
	line->text[line->size++] = '\n';
	lock_acquire(&log_ring.lock);
	for (size_t i = 0; i < line->size; i++) {
		log_ring.ring[log_ring.ring_next++ % RING_SIZE] = line->text[i];
	}
	arch_console_write(line->text, line->size);
	lock_release(&log_ring.lock);
}

/** Starts the clock of the log. Boot, once, before the first line. */
void log_init(void)
{
	log_ring.start_ns = arch_time_ns();
}

/**
 * One line: time, level, @key, text. Callable anywhere on the SPMC's own behalf, not with RANK_CONSOLE
 * held. Too long lines are cut.
 */
void log_line(enum log_level level, const char *key, const char *text, ...)
{
	uint64_t ms = (arch_time_ns() - log_ring.start_ns) / NS_PER_MS;
	struct line line = { .size = 0 };
	va_list arguments;

	if (level == LOG_DEBUG && !CONFIG_LOG_DEBUG) {
		return;
	}
	line_add(&line, "[%4u.%03u] %-5s %-10s ", (unsigned)(ms / MS_PER_S),
		 (unsigned)(ms % MS_PER_S), level_names[level], key);
	va_start(arguments, text);
	line_add_list(&line, text, arguments);
	va_end(arguments);
	line_write(&line);
}

/** See the header: `[8001 0] text`, the form that harnesses of deployed partitions look for. */
void log_partition(uint16_t id, unsigned vcpu, const char *text, size_t size)
{
	struct line line = { .size = 0 };
	size_t room;

	line_add(&line, "[%04x %u] ", id, vcpu);
	room = sizeof(line.text) - 1 - line.size;
	if (size > room) {
		size = room;
	}
	memcpy(line.text + line.size, text, size);
	line.size += size;
	line_write(&line);
}
