/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the architecture layer hands over after it has set a PE up. */
#ifndef INIT_BOOT_H
#define INIT_BOOT_H

#include "arch/arch.h"

/**
 * Cold boot, on the primary PE, MMU on.
 *
 * @manifest      physical address of the SPMC manifest (a device tree), as TF-A passes it in x0.
 * @linear_index  TF-A's index of this PE (x4).
 */
_Noreturn void spmc_boot(paddr_t manifest, uint64_t linear_index);

/** Every later power-up of a PE, @arch as given to arch_secondary_prepare(). */
_Noreturn void spmc_secondary(struct arch_pe *arch);

#endif
