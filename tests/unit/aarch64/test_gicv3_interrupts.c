/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every register that arch/aarch64/gicv3_interrupts.c touches for one interrupt of each kind. QEMU has neither
 * extended interrupts nor writes that take their time.
 */
#include "tests/unit/aarch64/fake/gic.h"

#define ROUTE UINT64_C(0x0100020301) /* Aff3 1, Aff2 2, Aff1 3, Aff0 1 */

static struct arch_pe pe, other_pe, unknown_pe;

static void machine(void)
{
	gic_reset();
	gic_pe_up(&other_pe, 1);
	gic_pe_up(&pe, 0);
}

static void configure(uint32_t intid, uint8_t priority, bool level, bool secure)
{
	const struct arch_interrupt interrupt = {
		.intid = intid,
		.priority = priority,
		.level = level,
		.secure = secure,
		.mpidr = ROUTE,
	};

	arch_interrupt_configure(&pe, &interrupt);
}

/* ---- configuration ------------------------------------------------------------------------------ */

TEST(a_shared_interrupt_is_configured_in_the_distributor)
{
	machine();
	gic_put(GICD(0, 0x0C08), 0xFFFFFFFF);

	configure(41, 0x50, true, true);
	EXPECT_WRITES({ GICD(0, 0x0184), 4, 0x200 }, { GICD(0, 0x0D04), 4, 0x200 },
		      { GICD(0, 0x0084), 4, 0xFFFFFDFF }, { GICD(0, 0x0429), 1, 0x50 },
		      { GICD(0, 0x0C08), 4, 0xFFF7FFFF }, { GICD(0, 0x6148), 8, ROUTE },
		      { GICD(0, 0x0284), 4, 0x200 }, { GICD(0, 0x0384), 4, 0x200 });
}

TEST(the_last_shared_interrupt_is_1019)
{
	machine();

	configure(1019, 0, false, true);
	EXPECT_WRITES({ GICD(0, 0x01FC), 4, 0x08000000 }, { GICD(0, 0x0D7C), 4, 0x08000000 },
		      { GICD(0, 0x00FC), 4, 0xF7FFFFFF }, { GICD(0, 0x07FB), 1, 0x40 },
		      { GICD(0, 0x0CFC), 4, 0x00800000 }, { GICD(0, 0x7FD8), 8, ROUTE },
		      { GICD(0, 0x02FC), 4, 0x08000000 }, { GICD(0, 0x03FC), 4, 0x08000000 });
}

TEST(an_extended_shared_interrupt_has_registers_of_its_own)
{
	machine();

	configure(4096 + 35, 0x20, false, true);
	EXPECT_WRITES({ GICD(0, 0x1404), 4, 0x8 }, { GICD(0, 0x3404), 4, 0x8 },
		      { GICD(0, 0x1004), 4, 0xFFFFFFF7 }, { GICD(0, 0x2023), 1, 0x20 },
		      { GICD(0, 0x3008), 4, 0x80 }, { GICD(0, 0x8118), 8, ROUTE },
		      { GICD(0, 0x1804), 4, 0x8 }, { GICD(0, 0x1C04), 4, 0x8 });
}

TEST(the_last_extended_shared_interrupt_is_5119)
{
	machine();

	configure(5119, 0, true, true);
	EXPECT_WRITES({ GICD(0, 0x147C), 4, 0x80000000 }, { GICD(0, 0x347C), 4, 0x80000000 },
		      { GICD(0, 0x107C), 4, 0x7FFFFFFF }, { GICD(0, 0x23FF), 1, 0x40 },
		      { GICD(0, 0x30FC), 4, 0 }, { GICD(0, 0x9FF8), 8, ROUTE },
		      { GICD(0, 0x187C), 4, 0x80000000 }, { GICD(0, 0x1C7C), 4, 0x80000000 });
}

TEST(a_private_interrupt_is_configured_in_the_redistributor_and_has_no_route)
{
	machine();

	configure(23, 0, false, true);
	EXPECT_WRITES({ SGI(0, 0, 0x0180), 4, 0x800000 }, { SGI(0, 0, 0x0D00), 4, 0x90FE00 },
		      { SGI(0, 0, 0x0080), 4, 0xFF6F01FF }, { SGI(0, 0, 0x0417), 1, 0x40 },
		      { SGI(0, 0, 0x0C04), 4, 0x8000 }, { SGI(0, 0, 0x0280), 4, 0x800000 },
		      { SGI(0, 0, 0x0380), 4, 0x800000 });
}

TEST(extended_private_interrupts_follow_the_others)
{
	machine();

	configure(1056, 0x78, false, true);
	EXPECT_WRITES({ SGI(0, 0, 0x0184), 4, 0x1 }, { SGI(0, 0, 0x0D04), 4, 0x1 },
		      { SGI(0, 0, 0x0084), 4, 0xFFFFFFFE }, { SGI(0, 0, 0x0420), 1, 0x78 },
		      { SGI(0, 0, 0x0C08), 4, 0x2 }, { SGI(0, 0, 0x0284), 4, 0x1 },
		      { SGI(0, 0, 0x0384), 4, 0x1 });

	configure(1119, 0, true, true);
	EXPECT_WRITES({ SGI(0, 0, 0x0188), 4, 0x80000000 }, { SGI(0, 0, 0x0D08), 4, 0x80000000 },
		      { SGI(0, 0, 0x0088), 4, 0x7FFFFFFF }, { SGI(0, 0, 0x045F), 1, 0x40 },
		      { SGI(0, 0, 0x0C14), 4, 0 }, { SGI(0, 0, 0x0288), 4, 0x80000000 },
		      { SGI(0, 0, 0x0388), 4, 0x80000000 });
}

TEST(a_software_generated_interrupt_has_no_trigger)
{
	machine();

	configure(10, 0x10, true, true);
	EXPECT_WRITES({ SGI(0, 0, 0x0180), 4, 0x400 }, { SGI(0, 0, 0x0D00), 4, 0x10FE00 },
		      { SGI(0, 0, 0x0080), 4, 0xFFEF01FF }, { SGI(0, 0, 0x040A), 1, 0x10 },
		      { SGI(0, 0, 0x0280), 4, 0x400 }, { SGI(0, 0, 0x0380), 4, 0x400 });
}

TEST(a_private_interrupt_of_another_pe_is_in_that_ones_redistributor)
{
	const struct arch_interrupt interrupt = { .intid = 23, .secure = true };

	machine();

	arch_interrupt_configure(&other_pe, &interrupt);
	CHECK_EQUAL(gic_writes[0].address, SGI(0, 1, 0x0180));
	CHECK_EQUAL(gic_writes[6].address, SGI(0, 1, 0x0380));
	CHECK_EQUAL(gic_write_count, 7);
}

TEST(whatever_an_interrupt_was_it_is_off_and_quiet_when_configured)
{
	machine();
	arch_interrupt_enable(NULL, 41);
	arch_interrupt_pend(NULL, 41);
	gic_put(GICD(0, 0x0304), 0x200); /* active */
	gic_write_count = 0;

	configure(41, 0, false, true);
	CHECK_EQUAL(gic_get(GICD(0, 0x0104)), 0);
	CHECK_EQUAL(gic_get(GICD(0, 0x0204)), 0);
	CHECK_EQUAL(gic_get(GICD(0, 0x0304)), 0);
	CHECK_EQUAL(gic_bad_trigger_count, 0);
}

TEST(an_interrupt_for_the_normal_world_is_in_its_group_and_range)
{
	machine();
	configure(41, 0x50, false, true);
	gic_write_count = 0;

	configure(41, 0x50, false, false);
	EXPECT_WRITES({ GICD(0, 0x0184), 4, 0x200 }, { GICD(0, 0x0084), 4, 0xFFFFFFFF },
		      { GICD(0, 0x0D04), 4, 0 }, { GICD(0, 0x0429), 1, 0xD0 },
		      { GICD(0, 0x0C08), 4, 0x80000 }, { GICD(0, 0x6148), 8, ROUTE },
		      { GICD(0, 0x0284), 4, 0x200 }, { GICD(0, 0x0384), 4, 0x200 });
}

static uint8_t priority_for(uint8_t wanted, bool secure)
{
	configure(41, wanted, false, secure);
	return *gic_raw(GICD(0, 0x0429));
}

TEST(priorities_stay_between_ours_and_the_normal_worlds)
{
	machine();

	CHECK_EQUAL(priority_for(0, true), 0x40);
	CHECK_EQUAL(priority_for(1, true), 0x10);
	CHECK_EQUAL(priority_for(0x10, true), 0x10);
	CHECK_EQUAL(priority_for(0x38, true), 0x38);
	CHECK_EQUAL(priority_for(0x78, true), 0x78);
	CHECK_EQUAL(priority_for(0x79, true), 0x78);
	CHECK_EQUAL(priority_for(0xFF, true), 0x78);
	CHECK_EQUAL(priority_for(0, false), 0x80);
	CHECK_EQUAL(priority_for(0xA0, false), 0xA0);
}

TEST(a_route_names_one_pe_and_nothing_else)
{
	machine();

	arch_interrupt_route(41, UINT64_C(0x0100020301) | UINT64_C(0x80000000) /* not IRM */);
	EXPECT_WRITES({ GICD(0, 0x6148), 8, ROUTE });
	arch_interrupt_route(4097, 3);
	EXPECT_WRITES({ GICD(0, 0x8008), 8, 3 });
	arch_interrupt_route(23, 3);
	arch_interrupt_route(1057, 3);
	EXPECT_NO_WRITES();
}

/* ---- worlds ------------------------------------------------------------------------------------- */

TEST(an_interrupt_that_changes_worlds_is_off_meanwhile_and_as_before_then)
{
	machine();
	configure(41, 0x50, false, true);
	arch_interrupt_enable(NULL, 41);
	gic_write_count = 0;

	arch_interrupt_assign(NULL, 41, false);
	EXPECT_WRITES({ GICD(0, 0x0184), 4, 0x200 }, { GICD(0, 0x0429), 1, 0xD0 },
		      { GICD(0, 0x0084), 4, 0xFFFFFFFF }, { GICD(0, 0x0D04), 4, 0 },
		      { GICD(0, 0x0104), 4, 0x200 });
	arch_interrupt_disable(NULL, 41);
	gic_write_count = 0;

	arch_interrupt_assign(NULL, 41, true);
	EXPECT_WRITES({ GICD(0, 0x0184), 4, 0x200 }, { GICD(0, 0x0429), 1, 0x40 },
		      { GICD(0, 0x0D04), 4, 0x200 }, { GICD(0, 0x0084), 4, 0xFFFFFDFF });
}

TEST(an_interrupt_that_stays_where_it_is_keeps_its_priority)
{
	machine();
	configure(41, 0x50, false, true);

	arch_interrupt_assign(NULL, 41, true);
	CHECK_EQUAL(*gic_raw(GICD(0, 0x0429)), 0x50);
}

TEST(a_private_interrupt_changes_worlds_in_its_redistributor)
{
	machine();

	arch_interrupt_assign(&other_pe, 1057, true);
	EXPECT_WRITES({ SGI(0, 1, 0x0184), 4, 0x2 }, { SGI(0, 1, 0x0421), 1, 0x40 },
		      { SGI(0, 1, 0x0D04), 4, 0x2 }, { SGI(0, 1, 0x0084), 4, 0xFFFFFFFD });
}

/* ---- states ------------------------------------------------------------------------------------- */

TEST(enabling_and_disabling_touch_one_bit)
{
	machine();

	arch_interrupt_enable(&pe, 9);
	arch_interrupt_enable(&pe, 23);
	arch_interrupt_enable(&other_pe, 1056);
	arch_interrupt_enable(NULL, 41);
	arch_interrupt_enable(NULL, 4131);
	EXPECT_WRITES({ SGI(0, 0, 0x0100), 4, 0x200 }, { SGI(0, 0, 0x0100), 4, 0x800000 },
		      { SGI(0, 1, 0x0104), 4, 0x1 }, { GICD(0, 0x0104), 4, 0x200 },
		      { GICD(0, 0x1204), 4, 0x8 });

	arch_interrupt_disable(&pe, 9);
	arch_interrupt_disable(&pe, 23);
	arch_interrupt_disable(&other_pe, 1056);
	arch_interrupt_disable(NULL, 41);
	arch_interrupt_disable(NULL, 4131);
	EXPECT_WRITES({ SGI(0, 0, 0x0180), 4, 0x200 }, { SGI(0, 0, 0x0180), 4, 0x800000 },
		      { SGI(0, 1, 0x0184), 4, 0x1 }, { GICD(0, 0x0184), 4, 0x200 },
		      { GICD(0, 0x1404), 4, 0x8 });
}

TEST(disabling_waits_until_it_is_done)
{
	machine();
	gic_slowness = 1000;

	arch_interrupt_disable(NULL, 41);
	CHECK_EQUAL(gic_busy, 0);
	arch_interrupt_disable(NULL, 4131);
	CHECK_EQUAL(gic_busy, 0);
	arch_interrupt_disable(&other_pe, 23);
	CHECK_EQUAL(gic_busy, 0);
	configure(41, 0, false, true); /* asserts by itself that nothing is written meanwhile */
	CHECK_EQUAL(gic_busy, 0);
}

TEST(a_distributor_that_never_finishes_is_not_waited_for_for_ever)
{
	machine();
	gic_slowness = UINT32_MAX;

	arch_interrupt_disable(NULL, 41);
	CHECK(gic_busy > 0);
	CHECK(gic_busy < UINT32_MAX);
	gic_busy = 0;
	arch_interrupt_disable(&pe, 23);
	CHECK(gic_busy > 0);
}

TEST(interrupts_are_deactivated_and_made_pending_by_their_registers)
{
	machine();

	arch_interrupt_deactivate(&pe, 9);
	arch_interrupt_deactivate(&other_pe, 1119);
	arch_interrupt_deactivate(NULL, 41);
	arch_interrupt_deactivate(NULL, 4131);
	EXPECT_WRITES({ SGI(0, 0, 0x0380), 4, 0x200 }, { SGI(0, 1, 0x0388), 4, 0x80000000 },
		      { GICD(0, 0x0384), 4, 0x200 }, { GICD(0, 0x1C04), 4, 0x8 });

	arch_interrupt_pend(&pe, 9);
	arch_interrupt_pend(&other_pe, 1119);
	arch_interrupt_pend(NULL, 41);
	arch_interrupt_pend(NULL, 4131);
	EXPECT_WRITES({ SGI(0, 0, 0x0200), 4, 0x200 }, { SGI(0, 1, 0x0208), 4, 0x80000000 },
		      { GICD(0, 0x0204), 4, 0x200 }, { GICD(0, 0x1604), 4, 0x8 });
}

/* ---- what there is not -------------------------------------------------------------------------- */

/** Everything that can be done to @intid of @on. */
static void touch(const struct arch_pe *on, uint32_t intid)
{
	const struct arch_interrupt interrupt = { .intid = intid, .secure = true };

	arch_interrupt_configure(on, &interrupt);
	arch_interrupt_assign(on, intid, true);
	arch_interrupt_route(intid, 0);
	arch_interrupt_enable(on, intid);
	arch_interrupt_disable(on, intid);
	arch_interrupt_deactivate(on, intid);
	arch_interrupt_pend(on, intid);
}

TEST(what_does_not_exist_is_left_alone)
{
	machine();

	for (uint32_t intid = 1020; intid < 8200; intid++) {
		bool extended = (intid >= 1056 && intid <= 1119) ||
				(intid >= 4096 && intid <= 5119);

		CHECK_EQUAL(arch_interrupt_exists(intid), extended);
		if (!extended) {
			touch(&pe, intid);
		}
	}
	touch(&pe, UINT32_MAX);
	EXPECT_NO_WRITES();
}

TEST(the_machine_says_how_many_shared_interrupts_there_are)
{
	machine();
	gic_put(GICD(0, 0x4), 0x8); /* 32 * (8 + 1), no extended ones */

	CHECK(arch_interrupt_exists(0));
	CHECK(arch_interrupt_exists(31));
	CHECK(arch_interrupt_exists(287));
	CHECK(!arch_interrupt_exists(288));
	CHECK(!arch_interrupt_exists(4096));
	touch(&pe, 288);
	touch(&pe, 4096);
	EXPECT_NO_WRITES();

	gic_put(GICD(0, 0x4), 0x8 | 1U << 8); /* 32 extended ones */
	CHECK(arch_interrupt_exists(4127));
	CHECK(!arch_interrupt_exists(4128));
}

TEST(the_machine_says_how_many_extended_private_interrupts_there_are)
{
	machine();
	gic_put(GICR(0, 0, 0x8), 1U << 27);
	CHECK(arch_interrupt_exists(1087));
	CHECK(!arch_interrupt_exists(1088));
	touch(&pe, 1088);

	gic_put(GICR(0, 0, 0x8), 0);
	CHECK(!arch_interrupt_exists(1056));
	touch(&pe, 1056);
	EXPECT_NO_WRITES();
}

TEST(a_pe_without_redistributor_has_no_private_interrupts)
{
	machine();
	gic_pe_up(&unknown_pe, 0x5500);
	CHECK(unknown_pe.redistributor == NULL);

	touch(&unknown_pe, 9);
	touch(&unknown_pe, 23);
	touch(&unknown_pe, 1056);
	touch(NULL, 23);
	EXPECT_NO_WRITES();
}
