/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: one interrupt, of any kind: group, priority, trigger, route, state. An interrupt that does not exist,
 * or is private to a PE without redistributor, is left alone. Takes no locks: what is read, modified and
 * written is the caller's to serialize, the rest are set and clear registers.
 */
#include "arch/aarch64/gicv3_interrupts.h"

#include "arch/aarch64/gicv3_chips.h"
#include "arch/aarch64/gicv3_place.h"
#include "arch/aarch64/gicv3_registers.h"
#include "arch/aarch64/mmio.h"
#include "arch/aarch64/secondary.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

/* Priorities as the secure world sees them; the normal world's are at and above NORMAL_WORLD. */
enum {
	PRIORITY_FIRST = 0x10, /* below are the SPMC's own */
	PRIORITY_LAST = 0x78,
	PRIORITY_DEFAULT = 0x40,
	PRIORITY_NORMAL_WORLD = 0x80,
};

/* ---- one register ------------------------------------------------------------------------------- */

/** The register of the array at @offset, with one bit for each interrupt, that has @place's. */
static size_t bit_register(const struct gicv3_place *place, size_t offset)
{
	return offset + place->index / 32 * 4;
}

static uint32_t bit(const struct gicv3_place *place)
{
	return UINT32_C(1) << (place->index % 32);
}

/** Writes to a set or clear register: others keep what they have. */
static void strike(const struct gicv3_place *place, size_t offset)
{
	mmio_write32(place->base, bit_register(place, offset), bit(place));
}

static bool is_set(const struct gicv3_place *place, size_t offset)
{
	return (mmio_read32(place->base, bit_register(place, offset)) & bit(place)) != 0;
}

static void modify(const struct gicv3_place *place, size_t offset, bool value)
{
	size_t at = bit_register(place, offset);
	uint32_t others = mmio_read32(place->base, at) & ~bit(place);

	mmio_write32(place->base, at, value ? others | bit(place) : others);
}

static void wait_for(const struct gicv3_place *place)
{
	if (place->is_private) {
		gicv3_wait_redistributor(place->control);
	} else {
		gicv3_wait_distributor(place->control);
	}
}

static void disable(const struct gicv3_place *place)
{
	strike(place, place->layout->disable);
	wait_for(place);
}

/** Group 1 Secure, or Group 1 Non-secure; never Group 0 in between, which is EL3's. */
static void set_group(const struct gicv3_place *place, bool secure)
{
	if (secure) {
		modify(place, place->layout->modifier, true);
		modify(place, place->layout->group, false);
	} else {
		modify(place, place->layout->group, true);
		modify(place, place->layout->modifier, false);
	}
}

static uint8_t read_priority(const struct gicv3_place *place)
{
	return mmio_read8(place->base, place->layout->priority + place->index);
}

static void write_priority(const struct gicv3_place *place, uint8_t priority)
{
	mmio_write8(place->base, place->layout->priority + place->index, priority);
}

/** Software-generated ones are edges, always: their field ignores it. */
static void set_trigger(const struct gicv3_place *place, bool level)
{
	size_t at = place->layout->trigger + place->index / 16 * 4;
	uint32_t edge = UINT32_C(2) << (place->index % 16 * 2);
	uint32_t others = mmio_read32(place->base, at) & ~edge;

	mmio_write32(place->base, at, level ? others : others | edge);
}

/** One PE: Aff3.0.Aff2.Aff1.Aff0, without IRM. */
static void set_route(const struct gicv3_place *place, uint64_t mpidr)
{
	mmio_write64(place->base, place->layout->route + (size_t)place->index * 8,
		     mpidr & ARCH_MPIDR_AFFINITY);
}

/* ---- priorities --------------------------------------------------------------------------------- */

/** @wanted within what the secure world's interrupts of partitions, or the normal world's, may have. */
static uint8_t priority_within(uint8_t wanted, bool secure)
{
	if (!secure) {
		return wanted | PRIORITY_NORMAL_WORLD;
	}
	if (wanted == 0) {
		return PRIORITY_DEFAULT;
	}
	if (wanted < PRIORITY_FIRST) {
		return PRIORITY_FIRST;
	}
	return wanted < PRIORITY_LAST ? wanted : PRIORITY_LAST;
}

/* ---- for the core ------------------------------------------------------------------------------- */

/** See arch.h. */
bool arch_interrupt_exists(uint32_t intid)
{
	return intid < GIC_FIRST_SPI || gicv3_has_extended_private(intid) ||
	       gicv3_distributor(intid) != NULL;
}

/** See arch.h. Trigger and group change while it is disabled, as the architecture asks for. */
void arch_interrupt_configure(const struct arch_pe *pe, const struct arch_interrupt *interrupt)
{
	struct gicv3_place place = gicv3_place(pe, interrupt->intid);

	if (place.control == NULL) {
		return;
	}
	disable(&place);
	set_group(&place, interrupt->secure);
	write_priority(&place, priority_within(interrupt->priority, interrupt->secure));
	if (interrupt->intid >= GIC_FIRST_PPI) {
		set_trigger(&place, interrupt->level);
	}
	if (!place.is_private) {
		set_route(&place, interrupt->mpidr);
	}
	strike(&place, place.layout->unpend);
	strike(&place, place.layout->deactivate);
	dsb_sy(); /* done before anybody enables it */
}

/**
 * See arch.h. Whether it is enabled stays. Its priority moves into the new world's range; the one that the
 * normal world gave it does not count any more.
 */
void arch_interrupt_assign(const struct arch_pe *pe, uint32_t intid, bool secure)
{
	struct gicv3_place place = gicv3_place(pe, intid);
	uint8_t priority;
	bool enabled;

	if (place.control == NULL) {
		return;
	}
	priority = read_priority(&place);
	if (secure && priority >= PRIORITY_NORMAL_WORLD) {
		priority = 0;
	}
	enabled = is_set(&place, place.layout->enable);
	disable(&place);
	write_priority(&place, priority_within(priority, secure));
	set_group(&place, secure);
	if (enabled) {
		strike(&place, place.layout->enable);
	}
	dsb_sy(); /* done before the caller goes on */
}

/** See arch.h. */
void arch_interrupt_route(uint32_t intid, uint64_t mpidr)
{
	struct gicv3_place place;

	if (gicv3_is_private(intid)) {
		return;
	}
	place = gicv3_place(NULL, intid);
	if (place.control != NULL) {
		set_route(&place, mpidr);
		dsb_sy(); /* done before the caller goes on */
	}
}

/** See arch.h. */
void arch_interrupt_enable(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		strike(&place, place.layout->enable);
		dsb_sy(); /* done before the caller goes on */
	}
}

/** See arch.h. */
void arch_interrupt_disable(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		disable(&place);
	}
}

/** See arch.h. By its register, as QEMU 10 ignores ICC_DIR_EL1 of a secure interrupt at S-EL2. */
void arch_interrupt_deactivate(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		strike(&place, place.layout->deactivate);
		dsb_sy(); /* inactive before a context runs */
	}
}

/** See arch.h. */
void arch_interrupt_pend(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		dsb_sy(); /* what the receiver is to find is visible before it looks */
		strike(&place, place.layout->pend);
		dsb_sy(); /* done before the caller goes on */
	}
}

void gicv3_own_secure(const struct arch_pe *pe, uint32_t intid)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		set_group(&place, true);
		write_priority(&place, 0);
		strike(&place, place.layout->deactivate);
		strike(&place, place.layout->enable);
	}
}

void gicv3_give_normal_world(const struct arch_pe *pe, uint32_t intid, uint8_t priority)
{
	struct gicv3_place place = gicv3_place(pe, intid);

	if (place.control != NULL) {
		set_group(&place, false);
		write_priority(&place, priority_within(priority, false));
	}
}
