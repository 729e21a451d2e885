/* SPDX-License-Identifier: BSD-3-Clause */
/* libfdt needs two limits; a compiler's own header would go on to a C library's. */
#ifndef LIB_LIBC_LIMITS_H
#define LIB_LIBC_LIMITS_H

#define INT_MAX __INT_MAX__
#define UINT_MAX (__INT_MAX__ * 2U + 1U)

#endif
