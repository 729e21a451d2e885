/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an interrupt has its registers. */
#ifndef ARCH_AARCH64_GICV3_PLACE_H
#define ARCH_AARCH64_GICV3_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct arch_pe;

/** Where the registers for a kind of interrupts begin. */
struct gicv3_layout {
	uint16_t group, enable, disable, pend, unpend, deactivate, priority, trigger, modifier,
		route;
};

/** An interrupt's registers. */
struct gicv3_place {
	uint8_t *control; /* distributor or redistributor; NULL: there are none */
	uint8_t *base; /* of the layout */
	const struct gicv3_layout *layout;
	uint32_t index; /* within the layout */
	bool is_private;
};

/** True for what belongs to one PE each: software-generated and private interrupts. */
bool gicv3_is_private(uint32_t intid);

/** The registers of @intid; of a private one, those of @pe, which may be another PE. */
struct gicv3_place gicv3_place(const struct arch_pe *pe, uint32_t intid);

#endif
