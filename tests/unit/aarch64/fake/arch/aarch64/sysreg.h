/* SPDX-License-Identifier: BSD-3-Clause */
/* System registers as variables: what the sources under test read and write on this machine. */
#ifndef ARCH_AARCH64_SYSREG_H
#define ARCH_AARCH64_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/aarch64/fake/record.h"

#define FAKE_REGISTER(name)                                                     \
	static uint64_t fake_##name;                                            \
	static inline uint64_t read_##name(void)                                \
	{                                                                       \
		return fake_##name;                                             \
	}                                                                       \
	__attribute__((unused)) static inline void write_##name(uint64_t value) \
	{                                                                       \
		fake_##name = value;                                            \
		record("msr " #name, value);                                    \
	}

/* Registers that a source names by their encoding. */
#define SYSREG_RW(name, encoding) FAKE_REGISTER(name)

/* Control of lower levels, exceptions. */
FAKE_REGISTER(cptr_el2)
FAKE_REGISTER(hcr_el2)
FAKE_REGISTER(tpidr_el2)
FAKE_REGISTER(vdisr_el2)
FAKE_REGISTER(mpidr_el1)
FAKE_REGISTER(vttbr_el2)
FAKE_REGISTER(esr_el2)
FAKE_REGISTER(far_el2)
FAKE_REGISTER(vbar_el1)
FAKE_REGISTER(sctlr_el1)
FAKE_REGISTER(esr_el1)
FAKE_REGISTER(far_el1)
FAKE_REGISTER(elr_el1)
FAKE_REGISTER(spsr_el1)

/* Identification. */
FAKE_REGISTER(id_aa64pfr0_el1)
FAKE_REGISTER(id_aa64pfr1_el1)
FAKE_REGISTER(id_aa64dfr0_el1)
FAKE_REGISTER(id_aa64zfr0_el1)
FAKE_REGISTER(id_aa64isar0_el1)
FAKE_REGISTER(id_aa64isar1_el1)
FAKE_REGISTER(id_aa64isar2_el1)
FAKE_REGISTER(id_aa64mmfr0_el1)
FAKE_REGISTER(id_aa64mmfr1_el1)
FAKE_REGISTER(id_aa64mmfr2_el1)
FAKE_REGISTER(ctr_el0)
FAKE_REGISTER(clidr_el1)
FAKE_REGISTER(ccsidr_el1)
FAKE_REGISTER(ccsidr2_el1)
FAKE_REGISTER(csselr_el1)

/* GIC CPU interface. */
FAKE_REGISTER(icc_pmr_el1)
FAKE_REGISTER(icc_iar1_el1)
FAKE_REGISTER(icc_eoir1_el1)
FAKE_REGISTER(icc_hppir0_el1)
FAKE_REGISTER(icc_sgi1r_el1)
FAKE_REGISTER(icc_asgi1r_el1)
FAKE_REGISTER(icc_ctlr_el1)
FAKE_REGISTER(icc_sre_el2)
FAKE_REGISTER(icc_igrpen0_el1)
FAKE_REGISTER(icc_igrpen1_el1)
FAKE_REGISTER(ich_hcr_el2)

/* Time. */
FAKE_REGISTER(cntfrq_el0)
FAKE_REGISTER(cntpct_el0)
FAKE_REGISTER(cnthps_ctl_el2)
FAKE_REGISTER(cnthps_cval_el2)

/* What RNDR gives, after being dry for so many draws. */
static unsigned fake_rndr_dry;
static uint64_t fake_rndr;

static inline bool read_rndr(uint64_t *value)
{
	if (fake_rndr_dry > 0) {
		fake_rndr_dry--;
		return false;
	}
	*value = fake_rndr;
	return true;
}

static inline void isb(void)
{
	record("isb", 0);
}

static inline void dsb_sy(void)
{
	record("dsb sy", 0);
}

static inline unsigned id_field(uint64_t value, unsigned shift)
{
	return (unsigned)(value >> shift) & 0xf;
}

#endif
