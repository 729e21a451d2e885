/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A small vsnprintf(): %s %c %u %d %i %x %p %%, the sizes hh h l ll z j t, a width, '0' and '-' in
 * front of it, and a precision for %s. Anything else is copied as it stands. No floating point, no
 * allocation.
 */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

struct sink {
	char *out;
	size_t size; /* of @out */
	size_t used; /* what there would be with enough room */
};

struct directive {
	bool left, zero;
	size_t width;
	size_t precision; /* SIZE_MAX: none */
	size_t number_size; /* bytes of an integer argument */
};

static void put(struct sink *sink, char c)
{
	if (sink->used + 1 < sink->size) {
		sink->out[sink->used] = c;
	}
	sink->used++;
}

static void pad(struct sink *sink, char c, size_t count)
{
	while (count-- > 0) {
		put(sink, c);
	}
}

static void put_text(struct sink *sink, const struct directive *directive, const char *text)
{
	size_t size = 0, padding;

	if (text == NULL) {
		text = "(null)";
	}
	while (size < directive->precision && text[size] != '\0') {
		size++;
	}
	padding = directive->width > size ? directive->width - size : 0;

	if (!directive->left) {
		pad(sink, ' ', padding);
	}
	for (size_t i = 0; i < size; i++) {
		put(sink, text[i]);
	}
	if (directive->left) {
		pad(sink, ' ', padding);
	}
}

static void put_number(struct sink *sink, const struct directive *directive, uint64_t number,
		       unsigned base, const char *sign)
{
	char digits[20];
	size_t count = 0, size, padding;

	do {
		digits[count++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	size = count;
	for (const char *c = sign; *c != '\0'; c++) {
		size++;
	}
	padding = directive->width > size ? directive->width - size : 0;

	if (!directive->left && !directive->zero) {
		pad(sink, ' ', padding);
	}
	for (; *sign != '\0'; sign++) {
		put(sink, *sign);
	}
	if (!directive->left && directive->zero) {
		pad(sink, '0', padding);
	}
	while (count > 0) {
		put(sink, digits[--count]);
	}
	if (directive->left) {
		pad(sink, ' ', padding);
	}
}

/** Reads flags, width, precision and size at @text; gives the conversion character's place. */
static const char *read_directive(const char *text, struct directive *directive)
{
	*directive = (struct directive){ .precision = SIZE_MAX, .number_size = sizeof(int) };
	for (; *text == '-' || *text == '0'; text++) {
		directive->left |= *text == '-';
		directive->zero |= *text == '0';
	}
	for (; *text >= '0' && *text <= '9'; text++) {
		directive->width = directive->width * 10 + (size_t)(*text - '0');
	}
	if (*text == '.') {
		directive->precision = 0;
		for (text++; *text >= '0' && *text <= '9'; text++) {
			directive->precision = directive->precision * 10 + (size_t)(*text - '0');
		}
	}
	for (; *text == 'l' || *text == 'z' || *text == 'j' || *text == 't' || *text == 'h';
	     text++) {
		if (*text != 'h') {
			directive->number_size = sizeof(uint64_t);
		}
	}
	return text;
}

static uint64_t next_unsigned(const struct directive *directive, va_list *arguments)
{
	return directive->number_size == sizeof(uint64_t) ? va_arg(*arguments, uint64_t)
							  : va_arg(*arguments, unsigned);
}

static void put_signed(struct sink *sink, const struct directive *directive, va_list *arguments)
{
	int64_t number = directive->number_size == sizeof(uint64_t) ? va_arg(*arguments, int64_t)
								    : va_arg(*arguments, int);

	if (number < 0) {
		put_number(sink, directive, 0 - (uint64_t)number, 10, "-");
	} else {
		put_number(sink, directive, (uint64_t)number, 10, "");
	}
}

static void put_character(struct sink *sink, const struct directive *directive, char c)
{
	const char text[2] = { c, '\0' };

	put_text(sink, directive, text);
}

/** False when @conversion is none of ours. */
static bool convert(struct sink *sink, const struct directive *directive, char conversion,
		    va_list *arguments)
{
	switch (conversion) {
	case 's':
		put_text(sink, directive, va_arg(*arguments, const char *));
		return true;
	case 'c':
		put_character(sink, directive, (char)va_arg(*arguments, int));
		return true;
	case 'd':
	case 'i':
		put_signed(sink, directive, arguments);
		return true;
	case 'u':
		put_number(sink, directive, next_unsigned(directive, arguments), 10, "");
		return true;
	case 'x':
		put_number(sink, directive, next_unsigned(directive, arguments), 16, "");
		return true;
	case 'p':
		put_number(sink, directive, (uintptr_t)va_arg(*arguments, void *), 16, "0x");
		return true;
	case '%':
		put(sink, '%');
		return true;
	default:
		return false;
	}
}

/**
 * Writes @text with its directives replaced by @arguments to @out, at most @size bytes with the NUL
 * that is always there when @size is not 0.
 *
 * Returns the length without the NUL that there would be with enough room.
 */
size_t format(char *out, size_t size, const char *text, va_list arguments)
{
	struct sink sink = { .out = out, .size = size };
	va_list rest;

	va_copy(rest, arguments);
	for (; *text != '\0'; text++) {
		struct directive directive;
		const char *conversion;

		if (*text != '%') {
			put(&sink, *text);
			continue;
		}
		conversion = read_directive(text + 1, &directive);
		if (convert(&sink, &directive, *conversion, &rest)) {
			text = conversion;
		} else {
			put(&sink, '%');
		}
	}
	va_end(rest);

	if (size > 0) {
		out[sink.used < size ? sink.used : size - 1] = '\0';
	}
	return sink.used;
}
