/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PE's own state: identity, constants, set-up at every power-up. TPIDR_EL2 points to its arch_pe from
 * before the first C code on (entry.S).
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/gicv3.h"
#include "arch/aarch64/mmu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/secondary.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

/** The primary PE until arch_pe_init() gives it its own. */
struct arch_pe boot_pe;

uint64_t arch_mpidr(void)
{
	return read_mpidr_el1() & ARCH_MPIDR_AFFINITY;
}

struct arch_pe *arch_pe_self(void)
{
	return cpu_pe_self();
}

unsigned arch_pe_index(void)
{
	return cpu_pe_self()->index;
}

/** See arch.h. The registers of EL1 and SIMD are the normal world's: no partition has run since power-up. */
void arch_pe_init(struct arch_pe *pe, unsigned index)
{
	uint64_t sctlr = read_sctlr_el2();

	pe->index = index;
	pe->mpidr = arch_mpidr();
	pe->el1_live = &pe->normal_world_el1;
	pe->simd_owner = NULL;
	pe->hcr_home = cpu_hcr_home();
	pe->sctlr_home = sctlr;
	pe->sctlr_s_el0 = sctlr & ~(SCTLR_A | SCTLR_ENIA);
	pe->sctlr_s_el0 |= cpu_features.tidcp1 ? SCTLR_TIDCP : 0;
	pe->ttbr0_home = read_ttbr0_el2();
	pe->has_sme = cpu_features.sme;
	if (cpu_features.pauth) {
		pe->key_home[0] = read_apiakeylo_el1();
		pe->key_home[1] = read_apiakeyhi_el1();
	}
	pe->more_el1 = cpu_features.ecv ? 0 : MORE_EL1_TIMER;
	pe->more_el1 |= cpu_features.ras ? MORE_EL1_VDISR : 0;
	write_tpidr_el2((uintptr_t)pe);
	cpu_init_traps();
	gicv3_init_pe(pe);
	mmu_init_pe(pe);
}

/** See arch.h. Nobody's registers of EL1 are in the machine but the normal world's, which cares for them. */
void arch_pe_resume(struct arch_pe *pe)
{
	cpu_init_traps();
	gicv3_init_pe(pe);
}
