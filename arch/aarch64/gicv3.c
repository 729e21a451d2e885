/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: the CPU interface of a PE, its own interrupts, and those sent to PEs. Secure interrupts are Group 1
 * Secure (IRQ), Group 0 is EL3's, Group 1 Non-secure comes as FIQ and cannot be acknowledged here. Single
 * interrupts are gicv3_interrupts.c. Takes no locks: all is the PE's own.
 */
#include "arch/aarch64/gicv3.h"

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/gicv3_chips.h"
#include "arch/aarch64/gicv3_interrupts.h"
#include "arch/aarch64/gicv3_registers.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

enum {
	PRIORITY_ALL = 0xF8, /* as EL3 leaves it: nothing masked */
	PRIORITY_SECURE_ONLY = 0x80, /* all of the normal world's are at or above this */
	PRIORITY_SRI = 0xF0,
};

/** To @intid of the PE with @mpidr, in the layout of ICC_SGI1R_EL1 and ICC_ASGI1R_EL1. */
static uint64_t sgi_to(uint64_t mpidr, uint32_t intid)
{
	uint64_t aff0 = mpidr & 0xFF;

	return (mpidr >> 32 & 0xFF) << 48 | (aff0 >> 4) << 44 | (mpidr >> 16 & 0xFF) << 32 |
	       (uint64_t)intid << 24 | (mpidr >> 8 & 0xFF) << 16 | UINT64_C(1) << (aff0 & 0xF);
}

/** ICC_PMR_EL1, as partitions find it and must leave it (run.S). Nobody else writes it. */
static void set_mask(struct arch_pe *pe, uint32_t mask)
{
	pe->pmr = mask;
	write_icc_pmr_el1(mask);
}

/**
 * EL3 resets what is private to a PE that comes up: everything is the normal world's, but SGIs 8 to 15 are
 * secure, enabled and as urgent as can be. SRI goes to the normal world; those that nobody needs are off, as a
 * partition can send them where the CPU interface is not trapped.
 */
void gicv3_init_pe(struct arch_pe *pe)
{
	pe->sri = sgi_to(pe->mpidr, ARCH_INTERRUPT_SRI);
	pe->redistributor = gicv3_redistributor(pe->mpidr);
	gicv3_give_normal_world(pe, ARCH_INTERRUPT_SRI, PRIORITY_SRI);
	gicv3_own_secure(pe, ARCH_INTERRUPT_KICK);
	gicv3_own_secure(pe, ARCH_INTERRUPT_TIMER);
	for (uint32_t intid = ARCH_INTERRUPT_KICK + 1; intid < GIC_FIRST_PPI; intid++) {
		arch_interrupt_disable(pe, intid);
	}
	write_icc_sre_el2(ICC_SRE_ALL);
	isb(); /* system registers before the first of them */
	write_ich_hcr_el2(ICH_HCR_TRAPS);
	write_icc_ctlr_el1(read_icc_ctlr_el1() | ICC_CTLR_EOIMODE);
	set_mask(pe, PRIORITY_ALL);
	write_icc_igrpen1_el1(1);
	isb(); /* in force before a context runs */
}

/** See arch.h. EOImode 1: the end of interrupt drops the priority only. */
uint32_t arch_interrupt_acknowledge(void)
{
	uint32_t intid = (uint32_t)read_icc_iar1_el1() & ICC_IAR_INTID;

	if (intid >= GIC_FIRST_SPECIAL && intid <= GIC_LAST_SPECIAL) {
		return ARCH_INTERRUPT_NONE;
	}
	dsb_sy(); /* acknowledged before its source is touched */
	write_icc_eoir1_el1(intid);
	isb(); /* dropped before the next one is looked for */
	return intid;
}

/** See arch.h. */
void arch_interrupt_kick(uint64_t mpidr)
{
	dsb_sy(); /* what was written before is visible before the other PE looks */
	write_icc_sgi1r_el1(sgi_to(mpidr, ARCH_INTERRUPT_KICK));
	isb();
}

/** See arch.h. ICC_SGI1R_EL1 would make a secure one. */
void arch_interrupt_raise_sri(void)
{
	dsb_sy(); /* what the receiver is told of is visible before it looks */
	write_icc_asgi1r_el1(cpu_pe_self()->sri);
	isb();
}

/** See arch.h. */
uint32_t arch_interrupt_group0_pending(void)
{
	uint32_t intid = (uint32_t)read_icc_hppir0_el1() & ICC_IAR_INTID;

	return intid >= GIC_FIRST_SPECIAL && intid <= GIC_LAST_SPECIAL ? ARCH_INTERRUPT_NONE
								       : intid;
}

/** See arch.h. */
uint32_t arch_interrupt_mask_normal_world(void)
{
	uint32_t before = (uint32_t)read_icc_pmr_el1();

	set_mask(cpu_pe_self(), PRIORITY_SECURE_ONLY);
	return before;
}

/** See arch.h. By its enable, as it may have a better priority than ours. EL3 has it enabled. */
void arch_interrupt_mask_group0(void)
{
	write_icc_igrpen0_el1(0);
	isb(); /* in force before a context runs */
	arch_pe_self()->group0_masked = true;
}

/** See arch.h. An ERET or SMC follows before it matters. */
void arch_interrupt_mask_restore(uint32_t mask)
{
	if (cpu_pe_self()->group0_masked) {
		cpu_pe_self()->group0_masked = false;
		write_icc_igrpen0_el1(1);
	}
	set_mask(cpu_pe_self(), mask);
}
