/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A GICv3.1 of FAKE_CHIPS chips with up to four PEs each: registers with their set and clear semantics (a
 * second reading of IHI0069, chapter 12), the writes that reached it, and complaints about what the manual
 * does not allow. The sources under test are included here: a test is one program with them.
 */
#ifndef TESTS_UNIT_AARCH64_FAKE_GIC_H
#define TESTS_UNIT_AARCH64_FAKE_GIC_H

#include <string.h>

#include "arch/aarch64/gicv3.c"
#include "arch/aarch64/gicv3_chips.c"
#include "arch/aarch64/gicv3_interrupts.c"
#include "arch/aarch64/gicv3_place.c"

#include "tests/unit/aarch64/fake/record.h"
#include "tests/unit/unit.h"

enum {
	GIC_WRITES_MAX = 256,
	GIC_SGI_FRAME = 0x10000,
};

struct gic_write {
	uint64_t address;
	unsigned size;
	uint64_t value;
};

static _Alignas(8) uint8_t gicd_memory[FAKE_CHIPS][FAKE_GICD_SIZE];
static _Alignas(8) uint8_t gicr_memory[FAKE_CHIPS][FAKE_GICR_SIZE];

static struct gic_write gic_writes[GIC_WRITES_MAX];
static unsigned gic_write_count;

/* Reads of a control register that find RWP set after a write that takes its time. */
static unsigned gic_slowness, gic_busy;
static unsigned gic_group0_count; /* times a write put an interrupt into Group 0 */
static unsigned gic_bad_trigger_count; /* times the trigger of an enabled interrupt was written */

static struct arch_pe *the_pe;

struct arch_pe *arch_pe_self(void)
{
	return the_pe;
}

/* ---- addresses ---------------------------------------------------------------------------------- */

#define GICD(chip, offset) (((chip) + UINT64_C(1)) * FAKE_CHIP_BYTES + (offset))
/* Redistributor @n of @chip, none before it with VLPIs. */
#define GICR(chip, n, offset) (GICD(chip, FAKE_GICR_OFFSET) + (uint64_t)(n) * 0x20000 + (offset))
#define SGI(chip, n, offset) GICR(chip, n, GIC_SGI_FRAME + (offset))

void *arch_pointer(paddr_t address)
{
	uint64_t chip = address.pa / FAKE_CHIP_BYTES - 1;
	uint64_t offset = address.pa % FAKE_CHIP_BYTES;

	assert(chip < FAKE_CHIPS);
	return offset < FAKE_GICR_OFFSET ? gicd_memory[chip] + offset
					 : gicr_memory[chip] + (offset - FAKE_GICR_OFFSET);
}

static inline uint64_t gic_address(const uint8_t *at)
{
	for (unsigned chip = 0; chip < FAKE_CHIPS; chip++) {
		if (at >= gicd_memory[chip] && at < gicd_memory[chip] + FAKE_GICD_SIZE) {
			return GICD(chip, (uint64_t)(at - gicd_memory[chip]));
		}
		if (at >= gicr_memory[chip] && at < gicr_memory[chip] + FAKE_GICR_SIZE) {
			return GICR(chip, 0, (uint64_t)(at - gicr_memory[chip]));
		}
	}
	fail_msg("an access outside of the interrupt controller");
	return 0;
}

/** Raw access, without side effects. */
static inline uint8_t *gic_raw(uint64_t address)
{
	return arch_pointer(paddr(address));
}

static inline uint32_t gic_get(uint64_t address)
{
	uint32_t value;

	memcpy(&value, gic_raw(address), sizeof(value));
	return value;
}

static inline void gic_put(uint64_t address, uint32_t value)
{
	memcpy(gic_raw(address), &value, sizeof(value));
}

/* ---- behaviour ---------------------------------------------------------------------------------- */

/** Registers that set, those that clear the same bits, and how many bytes of each. */
struct gic_pair {
	uint32_t set, clear, bytes;
};

static const struct gic_pair gic_pairs[] = {
	{ 0x0100, 0x0180, 0x80 }, /* enabled */
	{ 0x0200, 0x0280, 0x80 }, /* pending */
	{ 0x0300, 0x0380, 0x80 }, /* active */
	{ 0x1200, 0x1400, 0x80 }, { 0x1600, 0x1800, 0x80 }, { 0x1A00, 0x1C00, 0x80 },
};

/** Offset as the tables have it; false: a frame without such registers. */
static inline bool gic_offset(uint64_t address, uint32_t *offset)
{
	bool redistributor = address % FAKE_CHIP_BYTES >= FAKE_GICR_OFFSET;

	*offset = (uint32_t)(address % 0x10000);
	return redistributor == (address % 0x20000 >= 0x10000);
}

static inline bool gic_is_control(uint64_t address)
{
	bool redistributor = address % FAKE_CHIP_BYTES >= FAKE_GICR_OFFSET;

	return redistributor ? address % 0x20000 == 0 : address % FAKE_CHIP_BYTES == 0;
}

uint64_t fake_mmio_read(const uint8_t *at, unsigned size)
{
	uint64_t address = gic_address(at);
	bool redistributor = address % FAKE_CHIP_BYTES >= FAKE_GICR_OFFSET;
	uint64_t value = 0;

	assert(address % size == 0);
	memcpy(&value, at, size);
	if (gic_is_control(address) && gic_busy > 0) {
		gic_busy--;
		value |= redistributor ? 0x8 : 0x80000000;
	}
	return value;
}

/** True when the write was to a set or clear register and is done. */
static inline bool gic_strike(uint64_t address, uint32_t value)
{
	uint32_t offset;

	if (!gic_offset(address, &offset)) {
		return false;
	}
	for (size_t i = 0; i < sizeof(gic_pairs) / sizeof(gic_pairs[0]); i++) {
		const struct gic_pair *pair = &gic_pairs[i];
		uint64_t twin = address - pair->clear + pair->set;

		if (offset - pair->set < pair->bytes) {
			gic_put(address, gic_get(address) | value);
			gic_put(address - pair->set + pair->clear, gic_get(address));
			return true;
		}
		if (offset - pair->clear < pair->bytes) {
			gic_put(twin, gic_get(twin) & ~value);
			gic_put(address, gic_get(twin));
			gic_busy = pair->set == 0x0100 || pair->set == 0x1200 ? gic_slowness : 0;
			return true;
		}
	}
	return false;
}

/** Group 0 is neither group nor modifier: nothing may become it. */
static inline unsigned gic_group0(uint64_t address)
{
	static const uint32_t groups[2][3] = { { 0x0080, 0x0D00, 0x80 }, { 0x1000, 0x3400, 0x80 } };
	uint32_t offset;

	if (!gic_offset(address, &offset)) {
		return 0;
	}
	for (unsigned i = 0; i < 2; i++) {
		for (unsigned j = 0; j < 2; j++) {
			if (offset - groups[i][j] < groups[i][2]) {
				uint64_t twin = address - groups[i][j] + groups[i][1 - j];

				return (unsigned)__builtin_popcount(
					~(gic_get(address) | gic_get(twin)));
			}
		}
	}
	return 0;
}

/** The trigger of what is enabled must not be written. */
static inline void gic_check_trigger(uint64_t address, uint32_t changed)
{
	static const uint32_t places[2][2] = { { 0x0C00, 0x0100 }, { 0x3000, 0x1200 } };
	uint32_t offset;

	if (!gic_offset(address, &offset)) {
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		uint32_t first = (offset - places[i][0]) * 4; /* interrupt of the first field */

		for (uint32_t n = first; offset - places[i][0] < 0x100 && n < first + 16; n++) {
			uint64_t enable = address - offset + places[i][1] + n / 32 * 4;

			if ((changed >> (n - first) * 2 & 3) != 0 &&
			    (gic_get(enable) >> n % 32 & 1) != 0) {
				gic_bad_trigger_count++;
			}
		}
	}
}

void fake_mmio_write(uint8_t *at, unsigned size, uint64_t value)
{
	uint64_t address = gic_address(at);
	unsigned group0 = gic_group0(address);

	assert(address % size == 0);
	assert(gic_write_count < GIC_WRITES_MAX);
	assert(gic_busy == 0); /* written before the last write was done */
	gic_writes[gic_write_count++] = (struct gic_write){ address, size, value };
	if (size == 4 && gic_strike(address, (uint32_t)value)) {
		return;
	}
	if (size == 4) {
		gic_check_trigger(address, gic_get(address) ^ (uint32_t)value);
	}
	memcpy(at, &value, size);
	if (gic_is_control(address)) {
		gic_busy = gic_slowness;
	}
	gic_group0_count += gic_group0(address) > group0 ? 1 : 0;
}

/* ---- machines ----------------------------------------------------------------------------------- */

/** A redistributor as EL3 leaves it: affinity in the layout of GICR_TYPER, SGIs 8 to 15 Group 1 Secure. */
static inline void gic_redistributor(uint64_t address, uint32_t affinity, uint32_t typer)
{
	uint64_t sgi = address + GIC_SGI_FRAME;

	gic_put(address + 0x08, typer);
	gic_put(address + 0x0C, affinity);
	for (unsigned i = 0; i < 3; i++) {
		gic_put(sgi + 0x80 + i * 4, i == 0 ? 0xFFFF00FF : 0xFFFFFFFF);
		gic_put(sgi + 0xD00 + i * 4, i == 0 ? 0xFF00 : 0);
	}
	gic_put(sgi + 0x100, 0xFF00);
	gic_put(sgi + 0x180, 0xFF00);
	for (unsigned i = 16; i < 96; i += 4) {
		gic_put(sgi + 0x400 + i, 0x80808080);
	}
}

/** Every chip: 1020 interrupts, 1024 extended ones, two PEs Aff3 = chip, Aff0 = 0 and 1, 64 extended PPIs. */
static inline void gic_reset(void)
{
	memset(gicd_memory, 0, sizeof(gicd_memory));
	memset(gicr_memory, 0, sizeof(gicr_memory));
	for (unsigned chip = 0; chip < FAKE_CHIPS; chip++) {
		gic_put(GICD(chip, 0x0), 0x34);
		gic_put(GICD(chip, 0x4), 0x1F | 1U << 8 | 0x1FU << 27);
		memset(gic_raw(GICD(chip, 0x0084)), 0xFF, 0x7C); /* all non-secure */
		memset(gic_raw(GICD(chip, 0x1000)), 0xFF, 0x80);
		memset(gic_raw(GICD(chip, 0x0420)), 0x80, 0x3E0);
		memset(gic_raw(GICD(chip, 0x2000)), 0x80, 0x400);
		gic_redistributor(GICR(chip, 0, 0), chip << 24, 2U << 27);
		gic_redistributor(GICR(chip, 1, 0), chip << 24 | 1, 2U << 27 | 0x10);
	}
	gic_write_count = 0;
	gic_slowness = 0;
	gic_busy = 0;
	gic_group0_count = 0;
	gic_bad_trigger_count = 0;
	record_count = 0;
}

/** @pe with @mpidr after its power-up; what that wrote is forgotten. */
static inline void gic_pe_up(struct arch_pe *pe, uint64_t mpidr)
{
	memset(pe, 0, sizeof(*pe));
	pe->mpidr = mpidr;
	the_pe = pe;
	gicv3_init_pe(pe);
	gic_write_count = 0;
	record_count = 0;
}

static inline void gic_expect(const struct gic_write *expected, unsigned count)
{
	for (unsigned i = 0; i < count && i < gic_write_count; i++) {
		CHECK_EQUAL(gic_writes[i].address, expected[i].address);
		CHECK_EQUAL(gic_writes[i].size, expected[i].size);
		CHECK_EQUAL(gic_writes[i].value, expected[i].value);
	}
	CHECK_EQUAL(gic_write_count, count);
	CHECK_EQUAL(gic_group0_count, 0);
	CHECK_EQUAL(gic_bad_trigger_count, 0);
	CHECK_EQUAL(gic_busy, 0); /* nobody goes on before a write is done */
	gic_write_count = 0;
}

/* The writes since the last time, in order: { address, size, value }. */
#define EXPECT_WRITES(...)                                                       \
	do {                                                                     \
		const struct gic_write expected_[] = { __VA_ARGS__ };            \
		gic_expect(expected_, sizeof(expected_) / sizeof(expected_[0])); \
	} while (0)
#define EXPECT_NO_WRITES() gic_expect(NULL, 0)

#endif
