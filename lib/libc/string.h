/* SPDX-License-Identifier: BSD-3-Clause */
/* What libfdt expects of a C library. */
#ifndef LIB_LIBC_STRING_H
#define LIB_LIBC_STRING_H

#include "lib/string.h"

#endif
