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

FAKE_REGISTER(cntpct_el0)
FAKE_REGISTER(cptr_el2)
FAKE_REGISTER(ctr_el0)
FAKE_REGISTER(hcr_el2)
FAKE_REGISTER(mpidr_el1)
FAKE_REGISTER(vttbr_el2)
FAKE_REGISTER(id_aa64isar0_el1)

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

static inline unsigned id_field(uint64_t value, unsigned shift)
{
	return (unsigned)(value >> shift) & 0xf;
}

#endif
