/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of systems/simd.toml share: its partitions. */
#ifndef NORMAL_WORLD_TESTS_SIMD_H
#define NORMAL_WORLD_TESTS_SIMD_H

#include "normal-world/tests/fixture.h"

/* Partitions of systems/simd.toml by their position. */
enum {
	S_SIMD = 0x8001, /* S-EL1, a context for each PE */
	S_SVE = 0x8002, /* the same, with SVE */
	S_SIMD_UP = 0x8003, /* S-EL1, one context */
	S_SVE_UP = 0x8004,
	S_SIMD_EL0 = 0x8005, /* S-EL0 */
	S_SVE_EL0 = 0x8006,
	S_COUNT = 6,
};

/** Before a test of this system. */
void simd_prepare(void);

#endif
