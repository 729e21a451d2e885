/* SPDX-License-Identifier: BSD-3-Clause */
/* The distributors and redistributors of the machine, one distributor a chip. */
#ifndef ARCH_AARCH64_GICV3_CHIPS_H
#define ARCH_AARCH64_GICV3_CHIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gicv3_range {
	uint32_t first, last; /* last < first: none */
};

/** A chip, in physical addresses: PLATFORM_GIC_CHIPS is a list of them. */
struct gicv3_chip {
	uint64_t distributor, distributor_size;
	uint64_t redistributors, redistributors_size; /* of its own PEs */
	struct gicv3_range shared, extended; /* interrupts whose registers this chip has */
};

/** The distributor that has the registers of shared interrupt @intid; NULL: the machine has no such one. */
uint8_t *gicv3_distributor(uint32_t intid);

/** The redistributor of the PE with @mpidr; NULL: none of the platform's. */
uint8_t *gicv3_redistributor(uint64_t mpidr);

/** True when the PEs have extended private interrupt @intid. */
bool gicv3_has_extended_private(uint32_t intid);

/** Waits, within bounds, until a distributor, or a redistributor, has done what was written. */
void gicv3_wait_distributor(const uint8_t *distributor);
void gicv3_wait_redistributor(const uint8_t *redistributor);

#endif
