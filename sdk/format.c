/* SPDX-License-Identifier: BSD-3-Clause */
/* A small printf for partitions and the normal-world client: no allocation, no floating point. */
#include "sdk/format.h"

#include <stdbool.h>
#include <stdint.h>

struct sink {
	char *next;
	char *end; /* room for the final NUL lies behind it */
};

struct spec {
	bool left;
	bool zero;
	int width;
	int precision; /* -1: none */
	unsigned longs;
};

static void put(struct sink *sink, char c)
{
	if (sink->next < sink->end) {
		*sink->next++ = c;
	}
}

static void put_padded(struct sink *sink, const struct spec *spec, const char *text, size_t length)
{
	size_t width = spec->width > 0 ? (size_t)spec->width : 0;
	size_t padding = width > length ? width - length : 0;

	for (size_t i = 0; !spec->left && i < padding; i++) {
		put(sink, ' ');
	}
	for (size_t i = 0; i < length; i++) {
		put(sink, text[i]);
	}
	for (size_t i = 0; spec->left && i < padding; i++) {
		put(sink, ' ');
	}
}

static void put_number(struct sink *sink, const struct spec *spec, uint64_t value, unsigned base,
		       const char *digits, bool negative)
{
	char text[72];
	size_t start = sizeof(text);
	size_t zeros = spec->zero && !spec->left && spec->width > 0 ? (size_t)spec->width : 1;

	if (zeros > 64) {
		zeros = 64;
	}
	if (negative && zeros > 1) {
		zeros--;
	}
	do {
		text[--start] = digits[value % base];
		value /= base;
	} while (value != 0);
	while (sizeof(text) - start < zeros) {
		text[--start] = '0';
	}
	if (negative) {
		text[--start] = '-';
	}
	put_padded(sink, spec, text + start, sizeof(text) - start);
}

static void put_string(struct sink *sink, const struct spec *spec, const char *text)
{
	size_t length = 0;

	if (text == NULL) {
		text = "(null)";
	}
	while ((spec->precision < 0 || length < (size_t)spec->precision) && text[length] != '\0') {
		length++;
	}
	put_padded(sink, spec, text, length);
}

static int parse_number(const char **text)
{
	int value = 0;

	while (**text >= '0' && **text <= '9') {
		value = value * 10 + (*(*text)++ - '0');
	}
	return value;
}

static const char lower[] = "0123456789abcdef";
static const char upper[] = "0123456789ABCDEF";

size_t format_list(char *buffer, size_t size, const char *text, va_list arguments)
{
	struct sink sink = { buffer, buffer + (size > 0 ? size - 1 : 0) };

	while (*text != '\0') {
		struct spec spec = { .precision = -1 };

		if (*text != '%') {
			put(&sink, *text++);
			continue;
		}
		text++;
		for (; *text == '-' || *text == '0' || *text == '#'; text++) {
			spec.left |= *text == '-';
			spec.zero |= *text == '0';
		}
		if (*text == '*') {
			spec.width = va_arg(arguments, int);
			text++;
		} else {
			spec.width = parse_number(&text);
		}
		if (*text == '.') {
			text++;
			if (*text == '*') {
				spec.precision = va_arg(arguments, int);
				text++;
			} else {
				spec.precision = parse_number(&text);
			}
		}
		for (; *text == 'l' || *text == 'z'; text++) {
			spec.longs++;
		}
		switch (*text) {
		case 'd':
		case 'i': {
			int64_t value = spec.longs > 0 ? va_arg(arguments, int64_t) : va_arg(arguments, int);
			uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

			put_number(&sink, &spec, magnitude, 10, lower, value < 0);
			break;
		}
		case 'u':
		case 'x':
		case 'X': {
			uint64_t value =
				spec.longs > 0 ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned);

			put_number(&sink, &spec, value, *text == 'u' ? 10 : 16,
				   *text == 'X' ? upper : lower, false);
			break;
		}
		case 'p':
			put_number(&sink, &spec, (uintptr_t)va_arg(arguments, void *), 16, lower, false);
			break;
		case 's':
			put_string(&sink, &spec, va_arg(arguments, const char *));
			break;
		case 'c':
			put(&sink, (char)va_arg(arguments, int));
			break;
		case '\0':
			text--;
			break;
		default:
			put(&sink, *text);
			break;
		}
		text++;
	}
	if (size > 0) {
		*sink.next = '\0';
	}
	return (size_t)(sink.next - buffer);
}

size_t format(char *buffer, size_t size, const char *text, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, text);
	length = format_list(buffer, size, text, arguments);
	va_end(arguments);
	return length;
}
