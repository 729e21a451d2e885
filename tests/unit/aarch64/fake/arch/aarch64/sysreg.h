/* SPDX-License-Identifier: BSD-3-Clause */
/* System registers as variables: what the sources under test read and write on this machine. */
#ifndef ARCH_AARCH64_SYSREG_H
#define ARCH_AARCH64_SYSREG_H

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

FAKE_REGISTER(cptr_el2)
FAKE_REGISTER(ctr_el0)
FAKE_REGISTER(hcr_el2)
FAKE_REGISTER(vttbr_el2)
FAKE_REGISTER(id_aa64isar0_el1)

static inline void isb(void)
{
	record("isb", 0);
}

static inline unsigned id_field(uint64_t value, unsigned shift)
{
	return (unsigned)(value >> shift) & 0xf;
}

#endif
