/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: the secure side as far as an SPMC needs it that owns no interrupt yet. EL3 has configured groups,
 * priorities and SGIs; what is not asked for stays as it is. Secure interrupts are Group 1 Secure (IRQ),
 * Group 0 is EL3's, Group 1 Non-secure comes as FIQ and cannot be acknowledged here. Takes no locks:
 * registers of a PE are its own, those of the distributor are set and clear registers.
 */
#include "arch/aarch64/gicv3.h"

#include "arch/aarch64/layout.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"
#include "platform.h"

#define GICD_CTLR 0x0000U
#define GICD_CTLR_GROUP1S (1U << 1)
#define GICD_CTLR_ARE_S (1U << 4)
#define GICD_CTLR_RWP (1U << 31)
#define GICD_ICENABLER 0x0180U
#define GICD_ICACTIVER 0x0380U
#define GICR_CTLR 0x0000U
#define GICR_CTLR_RWP (1U << 3)
#define GICR_TYPER_LOW 0x0008U
#define GICR_TYPER_LAST (1U << 4)
#define GICR_TYPER_VLPIS (1U << 1)
#define GICR_TYPER_AFFINITY 0x000CU
#define GICR_SGI_FRAME 0x10000U
#define GICR_IGROUPR0 (GICR_SGI_FRAME + 0x0080U)
#define GICR_ISENABLER0 (GICR_SGI_FRAME + 0x0100U)
#define GICR_ICENABLER0 (GICR_SGI_FRAME + 0x0180U)
#define GICR_ICACTIVER0 (GICR_SGI_FRAME + 0x0380U)
#define GICR_IPRIORITYR (GICR_SGI_FRAME + 0x0400U)
#define GICR_IGRPMODR0 (GICR_SGI_FRAME + 0x0D00U)

enum {
	FRAMES_BYTES = 0x20000, /* of one redistributor: RD and SGI */
	VLPI_FRAMES_BYTES = 0x40000,
	FIRST_SPI = 32,
	FIRST_SPECIAL = 1020,
	FIRST_LPI = 8192,
	POLLS_MAX = 1000000,
	PRIORITY_ALL = 0xF8, /* as EL3 leaves it: nothing masked */
	PRIORITY_SECURE_ONLY = 0x80, /* all of the normal world's are at or above this */
	PRIORITY_SRI = 0xF0,
	PRIORITY_TIMER = 0x00,
};

/* Read-only after boot. */
static uint8_t *gicd;
static uint8_t *gicr;

static uint32_t mmio_read(const uint8_t *base, size_t offset)
{
	return *(const volatile uint32_t *)(const void *)(base + offset);
}

static void mmio_write(uint8_t *base, size_t offset, uint32_t value)
{
	*(volatile uint32_t *)(void *)(base + offset) = value;
}

/** Waits, within bounds, until a write has taken effect: GICD_CTLR, GICR_CTLR are both at 0. */
static void wait_for_write(const uint8_t *base, uint32_t pending)
{
	for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
		if ((mmio_read(base, 0) & pending) == 0) {
			return;
		}
	}
}

/** See arch.h. Only the platform's own addresses are mapped: others are not used. */
void arch_interrupt_init(uint64_t distributor, uint64_t redistributor)
{
	(void)distributor;
	(void)redistributor;
	gicd = arch_pointer(paddr(PLATFORM_GICD));
	gicr = arch_pointer(paddr(PLATFORM_GICR));
	mmio_write(gicd, GICD_CTLR,
		   mmio_read(gicd, GICD_CTLR) | GICD_CTLR_GROUP1S | GICD_CTLR_ARE_S);
	wait_for_write(gicd, GICD_CTLR_RWP);
}

/** Affinity in the layout of GICR_TYPER[63:32]: Aff3.Aff2.Aff1.Aff0. */
static uint32_t typer_affinity(uint64_t mpidr)
{
	return (uint32_t)((mpidr >> 32 & 0xFF) << 24 | (mpidr & 0xFFFFFF));
}

/** The redistributor of the PE with @mpidr; NULL: none of the platform's. */
static uint8_t *find_redistributor(uint64_t mpidr)
{
	uint8_t *frames = gicr;

	while (frames < gicr + PLATFORM_GICR_SIZE) {
		uint32_t low = mmio_read(frames, GICR_TYPER_LOW);

		if (mmio_read(frames, GICR_TYPER_AFFINITY) == typer_affinity(mpidr)) {
			return frames;
		}
		if ((low & GICR_TYPER_LAST) != 0) {
			break;
		}
		frames += (low & GICR_TYPER_VLPIS) != 0 ? VLPI_FRAMES_BYTES : FRAMES_BYTES;
	}
	return NULL;
}

static void set_bit(uint8_t *base, size_t offset, uint32_t bit, bool value)
{
	uint32_t others = mmio_read(base, offset) & ~bit;

	mmio_write(base, offset, value ? others | bit : others);
}

static void set_priority(uint8_t *frames, uint32_t intid, uint8_t priority)
{
	*(volatile uint8_t *)(frames + GICR_IPRIORITYR + intid) = priority;
}

/**
 * The SGI and the PPI that are ours: SRI becomes the normal world's (EL3 leaves it in Group 1 Secure),
 * the timer becomes Group 1 Secure (a PE that was off has it in Group 1 Non-secure).
 */
static void configure_own(uint8_t *frames)
{
	const uint32_t sri = 1U << ARCH_INTERRUPT_SRI;
	const uint32_t timer = 1U << ARCH_INTERRUPT_TIMER;

	set_bit(frames, GICR_IGROUPR0, sri, true);
	set_bit(frames, GICR_IGRPMODR0, sri, false);
	set_priority(frames, ARCH_INTERRUPT_SRI, PRIORITY_SRI);
	set_bit(frames, GICR_IGROUPR0, timer, false);
	set_bit(frames, GICR_IGRPMODR0, timer, true);
	set_priority(frames, ARCH_INTERRUPT_TIMER, PRIORITY_TIMER);
	mmio_write(frames, GICR_ISENABLER0, timer);
}

void gicv3_init_pe(struct arch_pe *pe)
{
	pe->redistributor = find_redistributor(pe->mpidr);
	if (pe->redistributor != NULL) {
		configure_own(pe->redistributor);
	}
	write_icc_sre_el2(ICC_SRE_ALL);
	isb(); /* system registers before the first of them */
	write_ich_hcr_el2(ICH_HCR_TRAPS);
	write_icc_ctlr_el1(read_icc_ctlr_el1() | ICC_CTLR_EOIMODE);
	write_icc_pmr_el1(PRIORITY_ALL);
	write_icc_igrpen1_el1(1);
	isb(); /* in force before a context runs */
}

/** See arch.h. */
uint32_t arch_interrupt_acknowledge(void)
{
	uint32_t intid = (uint32_t)read_icc_iar1_el1();

	dsb_sy(); /* acknowledged before its source is touched */
	return intid >= FIRST_SPECIAL && intid < FIRST_LPI ? (uint32_t)ARCH_INTERRUPT_NONE : intid;
}

/** See arch.h. First the source, then the end: it cannot come back in between. */
void arch_interrupt_mask(uint32_t intid)
{
	const uint8_t *pending_at = gicd;
	uint32_t pending = GICD_CTLR_RWP;

	if (intid >= FIRST_SPI) {
		mmio_write(gicd, GICD_ICENABLER + intid / 32 * 4, 1U << (intid % 32));
	} else if (arch_pe_self()->redistributor != NULL) {
		pending_at = arch_pe_self()->redistributor;
		pending = GICR_CTLR_RWP;
		mmio_write(arch_pe_self()->redistributor, GICR_ICENABLER0, 1U << intid);
	}
	wait_for_write(pending_at, pending);
	arch_interrupt_end(intid);
}

/** By its register, as QEMU 10 ignores ICC_DIR_EL1 of a secure interrupt at S-EL2. */
static void deactivate(uint32_t intid)
{
	uint32_t bit = 1U << (intid % 32);

	if (intid >= FIRST_SPI) {
		mmio_write(gicd, GICD_ICACTIVER + intid / 32 * 4, bit);
	} else if (arch_pe_self()->redistributor != NULL) {
		mmio_write(arch_pe_self()->redistributor, GICR_ICACTIVER0, bit);
	}
}

/** See arch.h. */
void arch_interrupt_end(uint32_t intid)
{
	write_icc_eoir1_el1(intid); /* EOImode 1: priority drop */
	isb(); /* dropped before it can come again */
	deactivate(intid);
	dsb_sy(); /* inactive before a context runs */
}

/** See arch.h. ICC_SGI1R_EL1 would make a secure one. */
void arch_interrupt_raise_sri(void)
{
	uint64_t mpidr = arch_pe_self()->mpidr;
	uint64_t aff0 = mpidr & 0xFF;

	dsb_sy(); /* what the receiver is told of is visible before it looks */
	write_icc_asgi1r_el1((mpidr >> 32 & 0xFF) << 48 | (aff0 >> 4) << 44 |
			     (mpidr >> 16 & 0xFF) << 32 | (uint64_t)ARCH_INTERRUPT_SRI << 24 |
			     (mpidr >> 8 & 0xFF) << 16 | UINT64_C(1) << (aff0 & 0xF));
	isb();
}

/** See arch.h. */
uint32_t arch_interrupt_group0_pending(void)
{
	uint32_t intid = (uint32_t)read_icc_hppir0_el1();

	return intid >= FIRST_SPECIAL ? (uint32_t)ARCH_INTERRUPT_NONE : intid;
}

/** See arch.h. */
uint32_t arch_interrupt_mask_normal_world(void)
{
	uint32_t before = (uint32_t)read_icc_pmr_el1();

	write_icc_pmr_el1(PRIORITY_SECURE_ONLY);
	return before;
}

/** See arch.h. By its enable, as it may have a better priority than ours. EL3 has it enabled. */
void arch_interrupt_mask_group0(void)
{
	write_icc_igrpen0_el1(0);
	isb(); /* in force before a context runs */
	arch_pe_self()->group0_masked = true;
}

/** See arch.h. An ERET or SMC follows before it matters. */
void arch_interrupt_mask_restore(uint32_t mask)
{
	if (arch_pe_self()->group0_masked) {
		arch_pe_self()->group0_masked = false;
		write_icc_igrpen0_el1(1);
	}
	write_icc_pmr_el1(mask);
}
