/* SPDX-License-Identifier: BSD-3-Clause */
/* Loops over memory that may not be there; arch_copy_to() and its kin are in arch.h. */
#ifndef ARCH_AARCH64_COPY_H
#define ARCH_AARCH64_COPY_H

#include <stdbool.h>
#include <stddef.h>

/** Zeroes [@window, @window + @size), whole pages. False: the memory vanished. */
bool copy_zero_pages(void *window, size_t size);

/** Cleans and invalidates the same to the point of coherency, by lines of @line bytes. */
bool copy_clean_pages(void *window, size_t size, size_t line);

#endif
