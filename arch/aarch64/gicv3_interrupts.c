/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3: one interrupt, of any kind: group, priority, trigger, route, state. Software-generated and private
 * ones are in the redistributor of their PE, which may be another's; shared ones in the distributor of the
 * chip that has them. An interrupt that does not exist, or is private to a PE without redistributor, is left
 * alone. Takes no locks: what is read, modified and written is the caller's to serialize, the rest are set and
 * clear registers.
 */
#include "arch/aarch64/gicv3_interrupts.h"

#include "arch/aarch64/gicv3_chips.h"
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

/** Where the registers for a kind of interrupts begin. */
struct layout {
	uint16_t group, enable, disable, pend, unpend, deactivate, priority, trigger, modifier,
		route;
};

static const struct layout shared_layout = {
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

static const struct layout extended_layout = {
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

/** An interrupt's registers. */
struct place {
	uint8_t *control; /* distributor or redistributor; NULL: there are none */
	uint8_t *base; /* of the layout */
	const struct layout *layout;
	uint32_t index; /* within the layout */
	bool is_private;
};

/** True for what belongs to one PE each. */
static bool is_private(uint32_t intid)
{
	return intid < GIC_FIRST_SPI ||
	       (intid >= GIC_FIRST_EXTENDED_PPI && intid <= GIC_LAST_EXTENDED_PPI);
}

/** Extended private ones follow the others in every array of registers. */
static struct place place_private(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = {
		.layout = &shared_layout,
		.index = intid < GIC_FIRST_SPI ? intid
					       : intid - GIC_FIRST_EXTENDED_PPI + GIC_FIRST_SPI,
		.is_private = true,
	};

	if (pe->redistributor != NULL &&
	    (intid < GIC_FIRST_SPI || gicv3_has_extended_private(intid))) {
		place.control = pe->redistributor;
		place.base = pe->redistributor + GICR_SGI_FRAME;
	}
	return place;
}

static struct place place_of(const struct arch_pe *pe, uint32_t intid)
{
	struct place place;

	if (is_private(intid)) {
		return place_private(pe, intid);
	}
	place = (struct place){ .control = gicv3_distributor(intid) };
	place.base = place.control;
	place.layout = intid <= GIC_LAST_SPI ? &shared_layout : &extended_layout;
	place.index = intid <= GIC_LAST_SPI ? intid : intid - GIC_FIRST_EXTENDED_SPI;
	return place;
}

/* ---- one register ------------------------------------------------------------------------------- */

/** The register of the array at @offset, with one bit for each interrupt, that has @place's. */
static size_t bit_register(const struct place *place, size_t offset)
{
	return offset + place->index / 32 * 4;
}

static uint32_t bit(const struct place *place)
{
	return UINT32_C(1) << (place->index % 32);
}

/** Writes to a set or clear register: others keep what they have. */
static void strike(const struct place *place, size_t offset)
{
	mmio_write32(place->base, bit_register(place, offset), bit(place));
}

static bool is_set(const struct place *place, size_t offset)
{
	return (mmio_read32(place->base, bit_register(place, offset)) & bit(place)) != 0;
}

static void modify(const struct place *place, size_t offset, bool value)
{
	size_t at = bit_register(place, offset);
	uint32_t others = mmio_read32(place->base, at) & ~bit(place);

	mmio_write32(place->base, at, value ? others | bit(place) : others);
}

static void wait_for(const struct place *place)
{
	if (place->is_private) {
		gicv3_wait_redistributor(place->control);
	} else {
		gicv3_wait_distributor(place->control);
	}
}

static void disable(const struct place *place)
{
	strike(place, place->layout->disable);
	wait_for(place);
}

/** Group 1 Secure, or Group 1 Non-secure; never Group 0 in between, which is EL3's. */
static void set_group(const struct place *place, bool secure)
{
	if (secure) {
		modify(place, place->layout->modifier, true);
		modify(place, place->layout->group, false);
	} else {
		modify(place, place->layout->group, true);
		modify(place, place->layout->modifier, false);
	}
}

static uint8_t read_priority(const struct place *place)
{
	return mmio_read8(place->base, place->layout->priority + place->index);
}

static void write_priority(const struct place *place, uint8_t priority)
{
	mmio_write8(place->base, place->layout->priority + place->index, priority);
}

/** Software-generated ones are edges, always: their field ignores it. */
static void set_trigger(const struct place *place, bool level)
{
	size_t at = place->layout->trigger + place->index / 16 * 4;
	uint32_t edge = UINT32_C(2) << (place->index % 16 * 2);
	uint32_t others = mmio_read32(place->base, at) & ~edge;

	mmio_write32(place->base, at, level ? others : others | edge);
}

/** One PE: Aff3.0.Aff2.Aff1.Aff0, without IRM. */
static void set_route(const struct place *place, uint64_t mpidr)
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
	struct place place = place_of(pe, interrupt->intid);

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
	struct place place = place_of(pe, intid);
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
	struct place place;

	if (is_private(intid)) {
		return;
	}
	place = place_of(NULL, intid);
	if (place.control != NULL) {
		set_route(&place, mpidr);
		dsb_sy(); /* done before the caller goes on */
	}
}

/** See arch.h. */
void arch_interrupt_enable(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		strike(&place, place.layout->enable);
		dsb_sy(); /* done before the caller goes on */
	}
}

/** See arch.h. */
void arch_interrupt_disable(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		disable(&place);
	}
}

/** See arch.h. By its register, as QEMU 10 ignores ICC_DIR_EL1 of a secure interrupt at S-EL2. */
void arch_interrupt_deactivate(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		strike(&place, place.layout->deactivate);
		dsb_sy(); /* inactive before a context runs */
	}
}

/** See arch.h. */
void arch_interrupt_pend(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		dsb_sy(); /* what the receiver is to find is visible before it looks */
		strike(&place, place.layout->pend);
		dsb_sy(); /* done before the caller goes on */
	}
}

void gicv3_own_secure(const struct arch_pe *pe, uint32_t intid)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		set_group(&place, true);
		write_priority(&place, 0);
		strike(&place, place.layout->deactivate);
		strike(&place, place.layout->enable);
	}
}

void gicv3_give_normal_world(const struct arch_pe *pe, uint32_t intid, uint8_t priority)
{
	struct place place = place_of(pe, intid);

	if (place.control != NULL) {
		set_group(&place, false);
		write_priority(&place, priority_within(priority, false));
	}
}
