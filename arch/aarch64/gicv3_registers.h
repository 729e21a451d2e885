/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registers of GICv3.1's distributor (GICD) and redistributors (GICR), by offset (IHI0069, ch. 12). Arrays of
 * registers with bits or fields for one interrupt each are named by their first one.
 */
#ifndef ARCH_AARCH64_GICV3_REGISTERS_H
#define ARCH_AARCH64_GICV3_REGISTERS_H

/* Distributor. */
#define GICD_CTLR 0x0000U
#define GICD_CTLR_GROUP1S (1U << 1)
#define GICD_CTLR_ARE_S (1U << 4)
#define GICD_CTLR_RWP (1U << 31)
#define GICD_TYPER 0x0004U
#define GICD_TYPER_LINES(typer) ((typer) & 0x1FU) /* 32 * (this + 1) interrupts */
#define GICD_TYPER_ESPI (1U << 8)
#define GICD_TYPER_ESPI_LINES(typer) ((typer) >> 27) /* as above */

/* A redistributor: two frames, or four with virtual LPIs. */
#define GICR_CTLR 0x0000U
#define GICR_CTLR_RWP (1U << 3)
#define GICR_TYPER_LOW 0x0008U
#define GICR_TYPER_VLPIS (1U << 1)
#define GICR_TYPER_LAST (1U << 4)
#define GICR_TYPER_PPI_LINES(low) ((low) >> 27) /* of extended ones: 32 * this */
#define GICR_TYPER_AFFINITY 0x000CU
#define GICR_SGI_FRAME 0x10000U

/* Interrupts. */
enum {
	GIC_FIRST_PPI = 16,
	GIC_FIRST_SPI = 32,
	GIC_LAST_SPI = 1019,
	GIC_FIRST_SPECIAL = 1020, /* what ICC_IAR1_EL1 says when there is none */
	GIC_LAST_SPECIAL = 1023,
	GIC_FIRST_EXTENDED_PPI = 1056,
	GIC_LAST_EXTENDED_PPI = 1119,
	GIC_FIRST_EXTENDED_SPI = 4096,
	GIC_LAST_EXTENDED_SPI = 5119,
};

#endif
