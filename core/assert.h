/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks of our own invariants. assert() stays in every build and is only for what nobody outside S-EL2
 * can provoke; whatever comes from outside is answered with a status. debug_check() may be slow and is
 * part of debug builds only.
 */
#ifndef CORE_ASSERT_H
#define CORE_ASSERT_H

#include "arch/arch.h"
#include "core/build_config.h"

#define ASSERT_TEXT_(x) #x
#define ASSERT_TEXT(x) ASSERT_TEXT_(x)

#define assert(condition)                 \
	((condition) ? (void)0            \
		     : arch_stop(__FILE__ \
				 ":" ASSERT_TEXT(__LINE__) ": assertion failed: " #condition))

#define debug_check(condition) assert(!CONFIG_DEBUG || (condition))

#endif
