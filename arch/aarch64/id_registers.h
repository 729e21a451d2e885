/* SPDX-License-Identifier: BSD-3-Clause */
/* Identification registers as partitions read them. Pure. */
#ifndef ARCH_AARCH64_ID_REGISTERS_H
#define ARCH_AARCH64_ID_REGISTERS_H

#include <stdint.h>

/**
 * Most of what a partition may see of ID register S3_0_C0_C<crm>_<op2>: one digit for each field, F lets
 * all pass, 0 hides, any other number is the highest version shown. 0 for registers that read as zero.
 */
uint64_t id_register_limit(unsigned crm, unsigned op2);

/** The same for what a partition with SVE sees besides. */
uint64_t id_register_sve_limit(unsigned crm, unsigned op2);

/** And where contexts have keys of pointer authentication. */
uint64_t id_register_pauth_limit(unsigned crm, unsigned op2);

/** @value, field by field not above @limit. */
uint64_t id_register_apply(uint64_t value, uint64_t limit);

#endif
