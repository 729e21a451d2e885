/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The string functions that compilers and our own code call (prototypes: lib/string.h). Byte by byte:
 * an S-EL1 partition uses them before its MMU is on, when unaligned accesses fault.
 */
#include "lib/string.h"

#include <stdint.h>

void *memcpy(void *restrict target, const void *restrict source, size_t size)
{
	uint8_t *to = target;
	const uint8_t *from = source;

	if ((((uintptr_t)to | (uintptr_t)from) & 7) == 0) {
		for (; size >= 8; size -= 8, to += 8, from += 8) {
			*(uint64_t *)(void *)to = *(const uint64_t *)(const void *)from;
		}
	}
	while (size-- > 0) {
		*to++ = *from++;
	}
	return target;
}

void *memset(void *target, int byte, size_t size)
{
	uint8_t *to = target;
	uint64_t word = 0x0101010101010101ULL * (uint8_t)byte;

	if (((uintptr_t)to & 7) == 0) {
		for (; size >= 8; size -= 8, to += 8) {
			*(uint64_t *)(void *)to = word;
		}
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

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0') {
		length++;
	}
	return length;
}

int strcmp(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}
