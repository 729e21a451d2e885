/* SPDX-License-Identifier: BSD-3-Clause */
/* TLB maintenance that is written down instead of done. */
#ifndef ARCH_AARCH64_TLBI_H
#define ARCH_AARCH64_TLBI_H

#include <stdint.h>

#include "tests/unit/aarch64/fake/record.h"

#define FAKE_TLBI_ALL(name)                  \
	static inline void tlbi_##name(void) \
	{                                    \
		record("tlbi " #name, 0);    \
	}
#define FAKE_TLBI_BY(name)                               \
	static inline void tlbi_##name(uint64_t operand) \
	{                                                \
		record("tlbi " #name, operand);          \
	}

FAKE_TLBI_ALL(vmalle1is)
FAKE_TLBI_ALL(vmalls12e1is)
FAKE_TLBI_ALL(alle2is)
FAKE_TLBI_BY(ipas2e1is)
FAKE_TLBI_BY(ripas2e1is)
FAKE_TLBI_BY(vae2is)
FAKE_TLBI_BY(rvae2is)

static inline void dsb_ish(void)
{
	record("dsb ish", 0);
}

static inline void dsb_ishst(void)
{
	record("dsb ishst", 0);
}

#endif
