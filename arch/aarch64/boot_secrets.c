/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What attackers must not know: the stack canary and each PE's pointer authentication keys, from the
 * machine's random numbers or the best there is. Runs before either is in force: compiled without a stack
 * protector and without signed return addresses.
 */
#include "arch/aarch64/boot_secrets.h"

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

enum { RNDR_TRIES = 16 };

uintptr_t __stack_chk_guard;

/** True when RNDR gave a number; it may run dry for a moment. */
static bool read_rndr(uint64_t *value)
{
	uint64_t ok;

	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %1, ne" : "=r"(*value), "=r"(ok)::"cc");
	return ok != 0;
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

	for (unsigned i = 0; cpu_features.rndr && i < RNDR_TRIES; i++) {
		if (read_rndr(&value)) {
			return value;
		}
	}
	return stirred();
}

/** Writes this PE's key A for instructions; false: EL3 keeps the keys (it lets the access be undefined). */
static bool write_key(uint64_t low, uint64_t high)
{
	uint64_t ok = 1;

	__asm__ volatile("1:	msr	s3_0_c2_c1_0, %1\n" /* APIAKeyLo_EL1 */
			 "2:	msr	s3_0_c2_c1_1, %2\n" /* APIAKeyHi_EL1 */
			 "	b	4f\n"
			 "3:	mov	%0, #0\n"
			 "4:\n"
			 "	.pushsection .extable, \"a\", %%progbits\n"
			 "	.balign	4\n"
			 "	.word	1b - ., 3b - .\n"
			 "	.word	2b - ., 3b - .\n"
			 "	.popsection\n"
			 : "+r"(ok)
			 : "r"(low), "r"(high)
			 : "memory");
	return ok != 0;
}

static bool has_pauth(void)
{
	uint64_t isar1 = read_id_aa64isar1_el1();

	return id_field(isar1, 4) != 0 || id_field(isar1, 8) != 0 ||
	       id_field(read_id_aa64isar2_el1(), 12) != 0;
}

/** SCTLR_EL2 for this PE, its keys being set. */
static uint64_t protected_sctlr(void)
{
	return read_sctlr_el2() | (cpu_features.pauth ? SCTLR_ENIA : 0);
}

/** For entry.S, on the primary PE: features, canary, keys. Returns SCTLR_EL2 to go on with. */
uint64_t boot_secrets_init(void)
{
	cpu_detect();
	__stack_chk_guard = (uintptr_t)arch_random() &
			    ~(uintptr_t)0xFF; /* a string cannot copy it */
	cpu_features.pauth = has_pauth() && write_key(arch_random(), arch_random());
	return protected_sctlr();
}

/** For entry.S, on a PE that powers up: its own keys. Returns SCTLR_EL2 to go on with. */
uint64_t secondary_secrets_init(void)
{
	if (cpu_features.pauth) {
		(void)write_key(arch_random(), arch_random());
	}
	return protected_sctlr();
}
