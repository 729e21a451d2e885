/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: where the machine has what. A machine of several chips has as many distributors; each has the
 * registers of its own shared interrupts and the redistributors of its own PEs. Takes no locks: what is kept
 * here is read-only after boot.
 */
#include "arch/aarch64/gicv3_chips.h"

#include "arch/aarch64/gicv3_registers.h"
#include "arch/aarch64/mmio.h"
#include "arch/arch.h"
#include "platform.h"

enum {
	FRAMES_BYTES = 0x20000, /* of one redistributor: RD and SGI */
	VLPI_FRAMES_BYTES = 0x40000,
	POLLS_MAX = 1000000,
};

static const struct gicv3_chip chips[] = { PLATFORM_GIC_CHIPS };

enum { CHIP_COUNT = sizeof(chips) / sizeof(chips[0]) };

/* ---- writes that take their time ---------------------------------------------------------------- */

/** Control registers are the first of their frames. */
static void wait_for_write(const uint8_t *base, uint32_t pending)
{
	for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
		if ((mmio_read32(base, 0) & pending) == 0) {
			return;
		}
	}
}

void gicv3_wait_distributor(const uint8_t *distributor)
{
	wait_for_write(distributor, GICD_CTLR_RWP);
}

void gicv3_wait_redistributor(const uint8_t *redistributor)
{
	wait_for_write(redistributor, GICR_CTLR_RWP);
}

/* ---- distributors ------------------------------------------------------------------------------- */

/** See arch.h. Only the platform's own addresses are mapped: others are not used. */
void arch_interrupt_init(uint64_t distributor, uint64_t redistributor)
{
	(void)distributor;
	(void)redistributor;
	for (unsigned i = 0; i < CHIP_COUNT; i++) {
		uint8_t *gicd = arch_pointer(paddr(chips[i].distributor));

		mmio_write32(gicd, GICD_CTLR,
			     mmio_read32(gicd, GICD_CTLR) | GICD_CTLR_GROUP1S | GICD_CTLR_ARE_S);
		gicv3_wait_distributor(gicd);
	}
}

static bool contains(const struct gicv3_range *range, uint32_t intid)
{
	return range->first <= intid && intid <= range->last;
}

/** True when the distributor of a chip that is to have @intid says that it has as many. */
static bool is_implemented(const uint8_t *gicd, uint32_t intid)
{
	uint32_t typer = mmio_read32(gicd, GICD_TYPER);

	if (intid <= GIC_LAST_SPI) {
		return intid < 32 * (GICD_TYPER_LINES(typer) + 1);
	}
	return (typer & GICD_TYPER_ESPI) != 0 &&
	       intid - GIC_FIRST_EXTENDED_SPI < 32 * (GICD_TYPER_ESPI_LINES(typer) + 1);
}

uint8_t *gicv3_distributor(uint32_t intid)
{
	for (unsigned i = 0; i < CHIP_COUNT; i++) {
		if (contains(&chips[i].shared, intid) || contains(&chips[i].extended, intid)) {
			uint8_t *gicd = arch_pointer(paddr(chips[i].distributor));

			return is_implemented(gicd, intid) ? gicd : NULL;
		}
	}
	return NULL;
}

/* ---- redistributors ----------------------------------------------------------------------------- */

/** Affinity in the layout of GICR_TYPER[63:32]: Aff3.Aff2.Aff1.Aff0. */
static uint32_t typer_affinity(uint64_t mpidr)
{
	return (uint32_t)((mpidr >> 32 & 0xFF) << 24 | (mpidr & 0xFFFFFF));
}

static uint8_t *find_on_chip(const struct gicv3_chip *chip, uint32_t affinity)
{
	uint8_t *frames = arch_pointer(paddr(chip->redistributors));
	const uint8_t *end = frames + chip->redistributors_size;

	while (frames < end) {
		uint32_t low = mmio_read32(frames, GICR_TYPER_LOW);

		if (mmio_read32(frames, GICR_TYPER_AFFINITY) == affinity) {
			return frames;
		}
		if ((low & GICR_TYPER_LAST) != 0) {
			break;
		}
		frames += (low & GICR_TYPER_VLPIS) != 0 ? VLPI_FRAMES_BYTES : FRAMES_BYTES;
	}
	return NULL;
}

uint8_t *gicv3_redistributor(uint64_t mpidr)
{
	for (unsigned i = 0; i < CHIP_COUNT; i++) {
		uint8_t *frames = find_on_chip(&chips[i], typer_affinity(mpidr));

		if (frames != NULL) {
			return frames;
		}
	}
	return NULL;
}

/** All PEs have the same ones: those of the first are asked. */
bool gicv3_has_extended_private(uint32_t intid)
{
	const uint8_t *frames = arch_pointer(paddr(chips[0].redistributors));
	uint32_t lines = GICR_TYPER_PPI_LINES(mmio_read32(frames, GICR_TYPER_LOW));

	return intid >= GIC_FIRST_EXTENDED_PPI && intid <= GIC_LAST_EXTENDED_PPI &&
	       intid - GIC_FIRST_EXTENDED_PPI < 32 * lines;
}
