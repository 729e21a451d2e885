/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What attackers must not know: the stack canary and each PE's pointer authentication keys, from
 * arch_random() (boot_random.c). Runs before either is in force: compiled without a stack
 * protector and without signed return addresses.
 */
#include "arch/aarch64/boot_secrets.h"

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

uintptr_t __stack_chk_guard;

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
	boot_random_detect();
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
