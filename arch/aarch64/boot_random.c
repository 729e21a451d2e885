/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random numbers: RNDR, else EL3's entropy source (SMCCC TRNG, DEN0098), else counter and addresses, which can be
 * guessed. The boot log says which. Draws that run dry fall to the next source. Runs before there is a stack canary:
 * compiled without one. Takes no locks.
 */
#include "abi/smccc.h"
#include "arch/aarch64/boot_secrets.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

enum { TRIES = 16 };

/** Whether EL3 offers TRNG 1.x with 64-bit draws. */
void boot_random_detect(void)
{
	uint64_t version[18] = { TRNG_VERSION };
	uint64_t feature[18] = { TRNG_FEATURES, TRNG_RND_64 };

	if (cpu_features.rndr) {
		return;
	}
	arch_smc(version);
	if ((int32_t)version[0] < (int32_t)TRNG_VERSION_1_0) {
		return;
	}
	arch_smc(feature);
	cpu_features.trng = (int32_t)feature[0] >= 0;
}

/** One draw; false: no entropy at the moment. */
static bool read_trng(uint64_t *value)
{
	uint64_t x[18] = { TRNG_RND_64, 64 };

	arch_smc(x);
	*value = x[3];
	return (int32_t)x[0] == 0;
}

/** Counter and addresses, stirred (splitmix64). Guessable: better than a constant, no more. */
static uint64_t stirred(void)
{
	static uint64_t state;
	uint64_t z = (state += read_cntpct_el0() ^ read_mpidr_el1() << 32 ^ (uintptr_t)&z ^
			       0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
	return z ^ (z >> 31);
}

/** See arch.h. */
uint64_t arch_random(void)
{
	uint64_t value;

	for (unsigned i = 0; cpu_features.rndr && i < TRIES; i++) {
		if (read_rndr(&value)) {
			return value;
		}
	}
	for (unsigned i = 0; cpu_features.trng && i < TRIES; i++) {
		if (read_trng(&value)) {
			return value;
		}
	}
	return stirred();
}
