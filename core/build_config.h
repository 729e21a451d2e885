/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options of the build as constants: code says `if (CONFIG_DEBUG)`, never `#if`. The build sets them with
 * -DBUILD_x=1; this is the only place that looks at those.
 */
#ifndef CORE_BUILD_CONFIG_H
#define CORE_BUILD_CONFIG_H

#ifndef BUILD_DEBUG
#define BUILD_DEBUG 0
#endif
#ifndef BUILD_LOG_DEBUG
#define BUILD_LOG_DEBUG 0
#endif

enum {
	CONFIG_DEBUG = BUILD_DEBUG, /* slow checks of our own invariants */
	CONFIG_LOG_DEBUG = BUILD_LOG_DEBUG, /* LOG_DEBUG lines */
};

#endif
