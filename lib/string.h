/* SPDX-License-Identifier: BSD-3-Clause */
/* The few string functions the SPMC needs, freestanding; the host build uses the same ones' prototypes. */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <stddef.h>

void *memcpy(void *restrict target, const void *restrict source, size_t size);
void *memmove(void *target, const void *source, size_t size);
void *memset(void *target, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *text, int byte, size_t size);
size_t strlen(const char *text);
size_t strnlen(const char *text, size_t limit);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);

/* Small copies of known size become loads and stores. */
#define memcpy(target, source, size) __builtin_memcpy(target, source, size)
#define memset(target, byte, size) __builtin_memset(target, byte, size)

#endif
