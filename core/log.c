/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The log: formats a line into a buffer, puts it into a ring that a debugger can read (`log_ring`) and
 * writes it whole to the console under RANK_CONSOLE. Time is in milliseconds since the log began.
 *
 * Whoever waits for the console waits for one line of each other PE at most (the lock is fair), and how
 * often there is one is for the quotas of partitions to say; nobody waits for the ring.
 */
#include "core/log.h"

#include "arch/arch.h"
#include "core/build_config.h"
#include "core/console_quota.h"
#include "core/lock.h"
#include "lib/format.h"
#include "lib/string.h"

enum {
	LINE_MAX = 384,
	LINE_END_SIZE = 2, /* CR LF */
	NS_PER_MS = 1000000,
	MS_PER_S = 1000,
};

struct log_ring log_ring;

static struct lock console = { .rank = RANK_CONSOLE };
static uint64_t start_ns; /* immutable after log_init() */

_Static_assert(LINE_MAX + LINE_END_SIZE <= CONSOLE_QUOTA_RESUME, "any line is granted some time");
_Static_assert((LOG_RING_SIZE & (LOG_RING_SIZE - 1)) == 0,
	       "places in the ring survive a wrap of next");

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

/** Gives @line its end and puts it into the ring. */
static void line_keep(struct line *line)
{
	uint32_t at;

	line->text[line->size++] = '\n';
	/* relaxed: PEs fill places of their own side by side; nobody reads but a debugger */
	at = atomic_fetch_add_explicit(&log_ring.next, (uint32_t)line->size, memory_order_relaxed);
	for (uint32_t i = 0; i < line->size; i++) {
		atomic_store_explicit(&log_ring.text[(at + i) % LOG_RING_SIZE], line->text[i],
				      memory_order_relaxed);
	}
}

/** Writes @line with a line end to ring and console. */
static void line_write(struct line *line)
{
	line_keep(line);
	lock_acquire(&console);
	arch_console_write(line->text, line->size);
	lock_release(&console);
}

/** Starts the clock of the log. Boot, once, before the first line. */
void log_init(void)
{
	start_ns = arch_time_ns();
}

/**
 * One line: time, level, @key, text. Callable anywhere on the SPMC's own behalf, not with RANK_CONSOLE
 * held. Too long lines are cut.
 */
void log_line(enum log_level level, const char *key, const char *text, ...)
{
	uint64_t ms = (arch_time_ns() - start_ns) / NS_PER_MS;
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

static void line_begin(struct line *line, uint16_t id, unsigned vcpu)
{
	line_add(line, "[%04x %u] ", id, vcpu);
}

/** Tells how many lines are missing before the next one of @id. */
static void write_note(uint16_t id, unsigned vcpu, uint32_t left_out)
{
	struct line line = { .size = 0 };

	line_begin(&line, id, vcpu);
	line_add(&line, "(%u line%s left out: too many)", left_out, left_out == 1 ? "" : "s");
	line_write(&line);
}

/**
 * See the header: `[8001 0] text`, the form that harnesses of deployed partitions look for. A line that
 * @quota does not grant goes to the ring only; how many these were is told before the next one that is
 * granted. The note is not charged: the next one takes another wait for CONSOLE_QUOTA_RESUME.
 */
void log_partition(uint16_t id, unsigned vcpu, struct console_quota *quota, const char *text,
		   size_t size)
{
	struct line line = { .size = 0 };
	struct console_grant grant;
	size_t room;

	line_begin(&line, id, vcpu);
	room = sizeof(line.text) - 1 - line.size;
	if (size > room) {
		size = room;
	}
	memcpy(line.text + line.size, text, size);
	line.size += size;

	grant = console_quota_take(quota, line.size + LINE_END_SIZE);
	if (!grant.granted) {
		line_keep(&line);
		return;
	}
	if (grant.left_out > 0) {
		write_note(id, vcpu, grant.left_out);
	}
	line_write(&line);
}
