/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: where an interrupt has its registers. Software-generated and private ones have them in the
 * redistributor of their PE, shared ones in the distributor of the chip that has them; extended ones of either
 * kind behind the others, or at offsets of their own (IHI0069, ch. 12).
 */
#include "arch/aarch64/gicv3_place.h"

#include "arch/aarch64/gicv3_chips.h"
#include "arch/aarch64/gicv3_registers.h"
#include "arch/arch.h"

static const struct gicv3_layout shared_layout = {
	.group = 0x0080,
	.enable = 0x0100,
	.disable = 0x0180,
	.pend = 0x0200,
	.unpend = 0x0280,
	.deactivate = 0x0380,
	.priority = 0x0400,
	.trigger = 0x0C00,
	.modifier = 0x0D00,
	.route = 0x6000,
};

static const struct gicv3_layout extended_layout = {
	.group = 0x1000,
	.enable = 0x1200,
	.disable = 0x1400,
	.pend = 0x1600,
	.unpend = 0x1800,
	.deactivate = 0x1C00,
	.priority = 0x2000,
	.trigger = 0x3000,
	.modifier = 0x3400,
	.route = 0x8000,
};

bool gicv3_is_private(uint32_t intid)
{
	return intid < GIC_FIRST_SPI ||
	       (intid >= GIC_FIRST_EXTENDED_PPI && intid <= GIC_LAST_EXTENDED_PPI);
}

/** Extended private ones follow the others in every array of registers. */
static struct gicv3_place place_private(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = {
		.layout = &shared_layout,
		.index = intid < GIC_FIRST_SPI ? intid
					       : intid - GIC_FIRST_EXTENDED_PPI + GIC_FIRST_SPI,
		.is_private = true,
	};

	if (pe != NULL && pe->redistributor != NULL &&
	    (intid < GIC_FIRST_SPI || gicv3_has_extended_private(intid))) {
		place.control = pe->redistributor;
		place.base = pe->redistributor + GICR_SGI_FRAME;
	}
	return place;
}

struct gicv3_place gicv3_place(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place;

	if (gicv3_is_private(intid)) {
		return place_private(pe, intid);
	}
	place = (struct gicv3_place){ .control = gicv3_distributor(intid) };
	place.base = place.control;
	place.layout = intid <= GIC_LAST_SPI ? &shared_layout : &extended_layout;
	place.index = intid <= GIC_LAST_SPI ? intid : intid - GIC_FIRST_EXTENDED_SPI;
	return place;
}
