/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accessors of system registers: read_x(), write_x(). By name, or by encoding where assemblers lack the
 * name. Barriers are the caller's business.
 */
#ifndef ARCH_AARCH64_SYSREG_H
#define ARCH_AARCH64_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#define SYSREG_R(name, encoding)                                               \
	static inline uint64_t read_##name(void)                               \
	{                                                                      \
		uint64_t value;                                                \
                                                                               \
		__asm__ volatile("mrs %0, " encoding : "=r"(value)::"memory"); \
		return value;                                                  \
	}

#define SYSREG_W(name, encoding)                                                  \
	static inline void write_##name(uint64_t value)                           \
	{                                                                         \
		__asm__ volatile("msr " encoding ", %0" ::"r"(value) : "memory"); \
	}

#define SYSREG_RW(name, encoding) \
	SYSREG_R(name, encoding)  \
	SYSREG_W(name, encoding)

/* Identification. */
SYSREG_R(midr_el1, "midr_el1")
SYSREG_R(mpidr_el1, "mpidr_el1")
SYSREG_R(ctr_el0, "ctr_el0")
SYSREG_R(dczid_el0, "dczid_el0")
SYSREG_R(clidr_el1, "clidr_el1")
SYSREG_R(ccsidr_el1, "ccsidr_el1")
SYSREG_R(ccsidr2_el1, "s3_1_c0_c0_2")
SYSREG_RW(csselr_el1, "csselr_el1")
SYSREG_R(id_aa64pfr0_el1, "id_aa64pfr0_el1")
SYSREG_R(id_aa64pfr1_el1, "id_aa64pfr1_el1")
SYSREG_R(id_aa64pfr2_el1, "s3_0_c0_c4_2")
SYSREG_R(id_aa64zfr0_el1, "s3_0_c0_c4_4")
SYSREG_R(id_aa64isar0_el1, "id_aa64isar0_el1")
SYSREG_R(id_aa64isar1_el1, "id_aa64isar1_el1")
SYSREG_R(id_aa64isar2_el1, "s3_0_c0_c6_2")
SYSREG_R(id_aa64mmfr0_el1, "id_aa64mmfr0_el1")
SYSREG_R(id_aa64mmfr1_el1, "id_aa64mmfr1_el1")
SYSREG_R(id_aa64mmfr2_el1, "s3_0_c0_c7_2")
SYSREG_R(id_aa64mmfr3_el1, "s3_0_c0_c7_3")
SYSREG_R(id_aa64dfr0_el1, "id_aa64dfr0_el1")
SYSREG_R(id_aa64smfr0_el1, "s3_0_c0_c4_5")

/* Control of lower levels. */
SYSREG_RW(hcr_el2, "hcr_el2")
SYSREG_W(hcrx_el2, "s3_4_c1_c2_2")
SYSREG_RW(cptr_el2, "cptr_el2")
SYSREG_RW(mdcr_el2, "mdcr_el2")
SYSREG_W(hstr_el2, "hstr_el2")
SYSREG_W(cnthctl_el2, "cnthctl_el2")
SYSREG_W(cntvoff_el2, "cntvoff_el2")
SYSREG_W(vpidr_el2, "vpidr_el2")
SYSREG_W(vmpidr_el2, "vmpidr_el2")
SYSREG_W(vtcr_el2, "vtcr_el2")
SYSREG_W(vstcr_el2, "s3_4_c2_c6_2")
SYSREG_RW(vttbr_el2, "vttbr_el2")
SYSREG_W(vsttbr_el2, "s3_4_c2_c6_0")
SYSREG_W(hfgrtr_el2, "s3_4_c1_c1_4")
SYSREG_W(hfgwtr_el2, "s3_4_c1_c1_5")
SYSREG_W(hfgitr_el2, "s3_4_c1_c1_6")
SYSREG_W(hdfgrtr_el2, "s3_4_c3_c1_4")
SYSREG_W(hdfgwtr_el2, "s3_4_c3_c1_5")
SYSREG_W(hfgrtr2_el2, "s3_4_c3_c1_2")
SYSREG_W(hfgwtr2_el2, "s3_4_c3_c1_3")
SYSREG_W(hfgitr2_el2, "s3_4_c3_c1_7")
SYSREG_W(hdfgrtr2_el2, "s3_4_c3_c1_0")
SYSREG_W(hdfgwtr2_el2, "s3_4_c3_c1_1")

/* EL2 itself. */
SYSREG_RW(sctlr_el2, "sctlr_el2")
SYSREG_R(ttbr0_el2, "ttbr0_el2")
SYSREG_RW(tpidr_el2, "tpidr_el2")
SYSREG_R(esr_el2, "esr_el2")
SYSREG_R(far_el2, "far_el2")
SYSREG_R(hpfar_el2, "hpfar_el2")

/* EL1, seen from a VHE EL2. */
SYSREG_R(vbar_el1, "vbar_el12")
SYSREG_R(sctlr_el1, "sctlr_el12")
SYSREG_W(esr_el1, "esr_el12")
SYSREG_W(far_el1, "far_el12")
SYSREG_W(elr_el1, "elr_el12")
SYSREG_W(spsr_el1, "spsr_el12")

SYSREG_RW(vdisr_el2, "s3_4_c12_c1_1")

/* GIC CPU interface: the secure side. */
SYSREG_RW(icc_pmr_el1, "s3_0_c4_c6_0")
SYSREG_R(icc_iar1_el1, "s3_0_c12_c12_0")
SYSREG_W(icc_eoir1_el1, "s3_0_c12_c12_1")
SYSREG_R(icc_hppir0_el1, "s3_0_c12_c8_2")
SYSREG_W(icc_sgi1r_el1, "s3_0_c12_c11_5")
SYSREG_W(icc_asgi1r_el1, "s3_0_c12_c11_6")
SYSREG_RW(icc_ctlr_el1, "s3_0_c12_c12_4")
SYSREG_RW(icc_sre_el2, "s3_4_c12_c9_5")
SYSREG_RW(icc_igrpen0_el1, "s3_0_c12_c12_6")
SYSREG_RW(icc_igrpen1_el1, "s3_0_c12_c12_7")
SYSREG_W(ich_hcr_el2, "s3_4_c12_c11_0")

/* Time. */
SYSREG_R(pmcr_el0, "pmcr_el0")
SYSREG_R(cntfrq_el0, "cntfrq_el0")
SYSREG_R(cntpct_el0, "cntpct_el0")
SYSREG_W(cnthps_ctl_el2, "s3_4_c14_c5_1") /* by this name only: E2H redirection differs */
SYSREG_W(cnthps_cval_el2, "s3_4_c14_c5_2")

/* Pointer authentication. */
SYSREG_R(apiakeylo_el1, "s3_0_c2_c1_0")
SYSREG_R(apiakeyhi_el1, "s3_0_c2_c1_1")

/** RNDR. False: it has run dry for a moment. */
static inline bool read_rndr(uint64_t *value)
{
	uint64_t ok;

	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %1, ne" : "=r"(*value), "=r"(ok)::"cc");
	return ok != 0;
}

static inline void isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static inline void dsb_sy(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

/* One 4-bit field of an ID register. */
static inline unsigned id_field(uint64_t value, unsigned shift)
{
	return (unsigned)(value >> shift) & 0xF;
}

#endif
