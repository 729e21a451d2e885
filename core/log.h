/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC's own log: one line, one fact, key first, columns, time. Also kept in a ring for a debugger.
 * Lines of partitions come through log_partition(). Lines are written whole, under RANK_CONSOLE. The ring
 * takes no lock and has every line, those too that a partition's quota keeps from the console.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct console_quota;

enum log_level {
	LOG_ERROR, /* our bug or broken configuration */
	LOG_WARN, /* a partition misbehaves; a property is not honoured */
	LOG_INFO, /* boot facts */
	LOG_DEBUG, /* off unless CONFIG_LOG_DEBUG */
};

void log_init(void);
void log_line(enum log_level level, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** A line that partition @id, vCPU @vcpu, wants on the console; @size without the line end. */
void log_partition(uint16_t id, unsigned vcpu, struct console_quota *quota, const char *text,
		   size_t size);

enum { LOG_RING_SIZE = 16384 }; /* power of two */

/** The end of the log, for a debugger: the oldest byte is at @next, modulo the size, once it is full. */
struct log_ring {
	_Atomic uint32_t next; /* bytes so far */
	_Atomic char text[LOG_RING_SIZE];
};

extern struct log_ring log_ring;

#endif
