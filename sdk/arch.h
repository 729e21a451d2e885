/* SPDX-License-Identifier: BSD-3-Clause */
/* What differs between S-EL1 and S-EL0; each has its folder. For the SDK's own use. */
#ifndef SDK_ARCH_H
#define SDK_ARCH_H

#include "abi/ffa.h"

#include <stdint.h>

/** Address at which the image lies. */
uint64_t arch_image_base(void);

/** Maps image, boot information and regions and switches translation on (S-EL1). */
void arch_map_partition(void);

/** The same tables for a further context. */
void arch_map_secondary(void);

enum ffa_status arch_register_secondary(void);

/* Of partition.c, called by start.S. */
_Noreturn void sdk_primary(uint64_t boot_info, unsigned context);
_Noreturn void sdk_secondary(unsigned context);

#endif
