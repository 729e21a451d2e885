/* SPDX-License-Identifier: BSD-3-Clause */
/* libfdt includes it; the part that is linked uses nothing of it. */
#ifndef LIB_LIBC_STDLIB_H
#define LIB_LIBC_STDLIB_H

unsigned long strtoul(const char *text, char **end, int base);

#endif
