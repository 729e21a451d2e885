/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * String functions, freestanding. Copies and fills go word by word where the addresses allow; nothing is
 * unaligned, so they also work with the MMU off. Not linked on the host, which has its own.
 */
#include "lib/string.h"

#include <stdint.h>

#undef memcpy
#undef memset

enum { WORD = sizeof(uint64_t) };

typedef uint64_t __attribute__((may_alias)) word_t;

void *memcpy(void *restrict target, const void *restrict source, size_t size)
{
	uint8_t *to = target;
	const uint8_t *from = source;

	if (((uintptr_t)to | (uintptr_t)from) % WORD == 0) {
		for (; size >= WORD; size -= WORD, to += WORD, from += WORD) {
			*(word_t *)(void *)to = *(const word_t *)(const void *)from;
		}
	}
	while (size-- > 0) {
		*to++ = *from++;
	}
	return target;
}

void *memmove(void *target, const void *source, size_t size)
{
	uint8_t *to = target;
	const uint8_t *from = source;

	if ((uintptr_t)to - (uintptr_t)from >= size) {
		return memcpy(target, source, size);
	}
	while (size-- > 0) {
		to[size] = from[size];
	}
	return target;
}

void *memset(void *target, int byte, size_t size)
{
	uint8_t *to = target;
	uint64_t pattern = 0x0101010101010101ULL * (uint8_t)byte;

	for (; size > 0 && (uintptr_t)to % WORD != 0; size--) {
		*to++ = (uint8_t)byte;
	}
	for (; size >= 4 * WORD; size -= 4 * WORD, to += 4 * WORD) {
		word_t *words = (void *)to;

		words[0] = pattern;
		words[1] = pattern;
		words[2] = pattern;
		words[3] = pattern;
	}
	for (; size >= WORD; size -= WORD, to += WORD) {
		*(word_t *)(void *)to = pattern;
	}
	while (size-- > 0) {
		*to++ = (uint8_t)byte;
	}
	return target;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *left = a;
	const uint8_t *right = b;

	for (; size > 0; size--, left++, right++) {
		if (*left != *right) {
			return *left - *right;
		}
	}
	return 0;
}

void *memchr(const void *text, int byte, size_t size)
{
	const uint8_t *at = text;

	for (; size > 0; size--, at++) {
		if (*at == (uint8_t)byte) {
			return (void *)(uintptr_t)at;
		}
	}
	return NULL;
}

size_t strnlen(const char *text, size_t limit)
{
	size_t size = 0;

	while (size < limit && text[size] != '\0') {
		size++;
	}
	return size;
}

size_t strlen(const char *text)
{
	return strnlen(text, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t limit)
{
	for (; limit > 0; limit--, a++, b++) {
		if (*a != *b || *a == '\0') {
			return (unsigned char)*a - (unsigned char)*b;
		}
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *text, int c)
{
	return memchr(text, c, strlen(text) + 1);
}

char *strrchr(const char *text, int c)
{
	for (size_t at = strlen(text) + 1; at-- > 0;) {
		if (text[at] == (char)c) {
			return (char *)(uintptr_t)(text + at);
		}
	}
	return NULL;
}
