/* SPDX-License-Identifier: BSD-3-Clause */
/* Text from a format string, freestanding: what the log, the crash record and error sentences need.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

size_t format(char *out, size_t size, const char *text, va_list arguments)
	__attribute__((format(printf, 3, 0)));

#endif
