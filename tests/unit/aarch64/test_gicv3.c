/* SPDX-License-Identifier: BSD-3-Clause */
/* The CPU interface of arch/aarch64/gicv3.c, register by register, and what a PE that comes up finds done. */
#include "tests/unit/aarch64/fake/gic.h"

static struct arch_pe pe;

static void machine(uint64_t mpidr)
{
	gic_reset();
	fake_tpidr_el2 = (uintptr_t)&pe;
	gic_pe_up(&pe, mpidr);
}

static void expect(const struct record *expected, unsigned count)
{
	for (unsigned i = 0; i < count && i < record_count; i++) {
		CHECK_TEXT(records[i].what, expected[i].what);
		CHECK_EQUAL(records[i].operand, expected[i].operand);
	}
	CHECK_EQUAL(record_count, count);
	record_count = 0;
}

#define EXPECT(...)                                                          \
	do {                                                                 \
		const struct record expected_[] = { __VA_ARGS__ };           \
		expect(expected_, sizeof(expected_) / sizeof(expected_[0])); \
	} while (0)

/* ---- power-up ----------------------------------------------------------------------------------- */

TEST(the_distributor_forwards_secure_interrupts_by_affinity)
{
	gic_reset();
	gic_put(GICD(0, 0), 0x20);
	gic_slowness = 10;

	arch_interrupt_init(0, 0);
	EXPECT_WRITES({ GICD(0, 0), 4, 0x32 });
}

TEST(a_pe_that_comes_up_has_sri_for_the_normal_world_and_kick_and_timer_for_us)
{
	gic_reset();
	memset(&pe, 0, sizeof(pe));
	pe.mpidr = 1;

	gicv3_init_pe(&pe);
	CHECK(pe.redistributor == gic_raw(GICR(0, 1, 0)));
	EXPECT_WRITES({ SGI(0, 1, 0x0080), 4, 0xFFFF01FF }, { SGI(0, 1, 0x0D00), 4, 0xFE00 },
		      { SGI(0, 1, 0x0408), 1, 0xF0 }, { SGI(0, 1, 0x0D00), 4, 0xFE00 },
		      { SGI(0, 1, 0x0080), 4, 0xFFFF01FF }, { SGI(0, 1, 0x0409), 1, 0 },
		      { SGI(0, 1, 0x0380), 4, 0x200 }, { SGI(0, 1, 0x0100), 4, 0x200 },
		      { SGI(0, 1, 0x0D00), 4, 0x10FE00 }, { SGI(0, 1, 0x0080), 4, 0xFFEF01FF },
		      { SGI(0, 1, 0x0414), 1, 0 }, { SGI(0, 1, 0x0380), 4, 0x100000 },
		      { SGI(0, 1, 0x0100), 4, 0x100000 }, { SGI(0, 1, 0x0180), 4, 0x400 },
		      { SGI(0, 1, 0x0180), 4, 0x800 }, { SGI(0, 1, 0x0180), 4, 0x1000 },
		      { SGI(0, 1, 0x0180), 4, 0x2000 }, { SGI(0, 1, 0x0180), 4, 0x4000 },
		      { SGI(0, 1, 0x0180), 4, 0x8000 });
	CHECK_EQUAL(gic_get(SGI(0, 1, 0x0100)), 0x100300); /* SRI as EL3 left it */
}

TEST(a_pe_that_comes_up_again_is_configured_again)
{
	machine(0);
	gic_redistributor(GICR(0, 0, 0), 0, 2U << 27); /* EL3 has reset it */

	gicv3_init_pe(&pe);
	CHECK_EQUAL(gic_get(SGI(0, 0, 0x0080)), 0xFFEF01FF);
	CHECK_EQUAL(gic_get(SGI(0, 0, 0x0D00)), 0x10FE00);
	CHECK_EQUAL(gic_get(SGI(0, 0, 0x0100)), 0x100300);
	CHECK_EQUAL(*gic_raw(SGI(0, 0, 0x0414)), 0);
}

TEST(s_el1_is_kept_from_the_physical_cpu_interface)
{
	gic_reset();
	fake_icc_ctlr_el1 = 0x8C00;
	memset(&pe, 0, sizeof(pe));

	gicv3_init_pe(&pe);
	/* TC, TALL0, TALL1, TDIR; EOImode 1 */
	EXPECT({ "msr icc_sre_el2", 0xF }, { "isb", 0 }, { "msr ich_hcr_el2", 0x5C00 },
	       { "msr icc_ctlr_el1", 0x8C02 }, { "msr icc_pmr_el1", 0xF8 },
	       { "msr icc_igrpen1_el1", 1 }, { "isb", 0 });
}

/* ---- taking interrupts -------------------------------------------------------------------------- */

TEST(an_acknowledged_interrupt_drops_its_priority_and_stays_active)
{
	machine(0);

	fake_icc_iar1_el1 = 41;
	CHECK_EQUAL(arch_interrupt_acknowledge(), 41);
	EXPECT({ "dsb sy", 0 }, { "msr icc_eoir1_el1", 41 }, { "isb", 0 });
	EXPECT_NO_WRITES();

	fake_icc_iar1_el1 = 4131;
	CHECK_EQUAL(arch_interrupt_acknowledge(), 4131);
	EXPECT({ "dsb sy", 0 }, { "msr icc_eoir1_el1", 4131 }, { "isb", 0 });
}

TEST(a_spurious_interrupt_is_not_ended)
{
	machine(0);

	for (uint32_t special = 1020; special <= 1023; special++) {
		fake_icc_iar1_el1 = special;
		CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_NONE);
	}
	EXPECT_NO_WRITES();
	CHECK_EQUAL(record_count, 0);
}

TEST(a_group_0_interrupt_is_seen_and_not_acknowledged)
{
	machine(0);

	fake_icc_hppir0_el1 = 29;
	CHECK_EQUAL(arch_interrupt_group0_pending(), 29);
	fake_icc_hppir0_el1 = 4100;
	CHECK_EQUAL(arch_interrupt_group0_pending(), 4100);
	for (uint32_t special = 1020; special <= 1023; special++) {
		fake_icc_hppir0_el1 = special;
		CHECK_EQUAL(arch_interrupt_group0_pending(), ARCH_INTERRUPT_NONE);
	}
	CHECK_EQUAL(record_count, 0);
}

TEST(the_mask_keeps_the_normal_worlds_interrupts_out_and_gives_back_what_was)
{
	uint32_t before;

	machine(0);
	before = arch_interrupt_mask_normal_world();
	CHECK_EQUAL(before, 0xF8);
	EXPECT({ "msr icc_pmr_el1", 0x80 });
	CHECK_EQUAL(arch_interrupt_mask_normal_world(), 0x80);
	record_count = 0;

	arch_interrupt_mask_restore(before);
	EXPECT({ "msr icc_pmr_el1", 0xF8 });
}

/* ---- sending them ------------------------------------------------------------------------------- */

TEST(a_kick_is_a_secure_sgi_to_one_pe_by_all_its_affinity)
{
	machine(0);

	arch_interrupt_kick(0);
	EXPECT({ "dsb sy", 0 }, { "msr icc_sgi1r_el1", 0x9000001 }, { "isb", 0 });
	/* Aff3 0x12, Aff2 0x34, Aff1 0x56, Aff0 0x27: range 2, bit 7 of its list */
	arch_interrupt_kick(UINT64_C(0x1200345627));
	EXPECT({ "dsb sy", 0 }, { "msr icc_sgi1r_el1", UINT64_C(0x0012203409560080) },
	       { "isb", 0 });
	arch_interrupt_kick(0xFF);
	EXPECT({ "dsb sy", 0 }, { "msr icc_sgi1r_el1", UINT64_C(0x0000F00009008000) },
	       { "isb", 0 });
}

TEST(an_sri_is_a_non_secure_sgi_to_this_pe)
{
	machine(0x10003);

	arch_interrupt_raise_sri();
	EXPECT({ "dsb sy", 0 }, { "msr icc_asgi1r_el1", UINT64_C(0x0000000108000008) },
	       { "isb", 0 });
}
