/* SPDX-License-Identifier: BSD-3-Clause */
/* A small printf into a buffer: %d %i %u %x %X %p %s %c %%, flags - and 0, width (also *), precision of %s, l ll z. */
#ifndef SDK_FORMAT_H
#define SDK_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/** Writes at most @size bytes including the final NUL; returns the length written without it. */
size_t format_list(char *buffer, size_t size, const char *text, va_list arguments)
	__attribute__((format(printf, 3, 0)));
size_t format(char *buffer, size_t size, const char *text, ...)
	__attribute__((format(printf, 3, 4)));

#endif
