/* SPDX-License-Identifier: BSD-3-Clause */
/* What the boot code tells the TLB maintenance about this machine. */
#ifndef ARCH_AARCH64_TLB_H
#define ARCH_AARCH64_TLB_H

#include <stdbool.h>

/**
 * Set at boot when any PE is of a type whose stores may still be in flight under the old translation
 * after TLBI and DSB (CVE-2025-10263): maintenance is then done twice.
 */
extern bool arch_errata_tlbi_twice;

#endif
