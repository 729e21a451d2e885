/* SPDX-License-Identifier: BSD-3-Clause */
/* lib/format.h with arguments in place. */
#ifndef SDK_TEXT_H
#define SDK_TEXT_H

#include "lib/format.h"

/** Writes at most @size bytes including the final NUL; returns the length there would be with enough room. */
__attribute__((format(printf, 3, 4))) static inline size_t text_format(char *out, size_t size,
								       const char *text, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, text);
	length = format(out, size, text, arguments);
	va_end(arguments);
	return length;
}

#endif
