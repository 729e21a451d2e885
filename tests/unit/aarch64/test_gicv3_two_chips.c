/* SPDX-License-Identifier: BSD-3-Clause */
/* Two chips, each with a distributor: what is whose. */
#define FAKE_CHIPS 2
#include "tests/unit/aarch64/fake/gic.h"

#define SECOND UINT64_C(0x100000001) /* Aff3 1, Aff0 1: on the second chip */

static struct arch_pe first, second;

static void machine(void)
{
	gic_reset();
	gic_pe_up(&second, SECOND);
	gic_pe_up(&first, 0);
}

TEST(every_distributor_is_switched_on)
{
	gic_reset();
	gic_put(GICD(0, 0), 0);
	gic_put(GICD(1, 0), 0);
	gic_slowness = 3;

	arch_interrupt_init(0, 0);
	EXPECT_WRITES({ GICD(0, 0), 4, 0x12 }, { GICD(1, 0), 4, 0x12 });
}

TEST(a_pe_is_found_on_the_chip_that_it_is_on)
{
	machine();
	CHECK(first.redistributor == gic_raw(GICR(0, 0, 0)));
	CHECK(second.redistributor == gic_raw(GICR(1, 1, 0)));
	CHECK_EQUAL(gic_get(SGI(1, 1, 0x0080)), 0xFFEF01FF);
}

TEST(redistributors_with_virtual_lpis_are_twice_as_large)
{
	machine();
	gic_redistributor(GICR(1, 0, 0), 1U << 24, 0x2);
	gic_redistributor(GICR(1, 2, 0), 1U << 24 | 7, 0x12);

	gic_pe_up(&second, UINT64_C(0x100000007));
	CHECK(second.redistributor == gic_raw(GICR(1, 2, 0)));
	gic_pe_up(&second, SECOND); /* lies where frames of the first one do */
	CHECK(second.redistributor == NULL);
}

TEST(nothing_behind_the_last_redistributor_of_a_chip_is_one)
{
	machine();
	gic_redistributor(GICR(0, 2, 0), 0x3000, 0x10); /* the one before says it is the last */

	gic_pe_up(&first, 0x3000);
	CHECK(first.redistributor == NULL);
}

TEST(the_search_ends_with_the_range_where_no_redistributor_says_it_is_the_last)
{
	machine();
	for (unsigned i = 0; i < 4; i++) {
		gic_redistributor(GICR(0, i, 0), 0x1000 + i, 0);
		gic_redistributor(GICR(1, i, 0), 0x2000 + i, 0);
	}

	gic_pe_up(&second, 0x2003);
	CHECK(second.redistributor == gic_raw(GICR(1, 3, 0)));
	gic_pe_up(&second, 0x2004);
	CHECK(second.redistributor == NULL);
}

TEST(a_shared_interrupt_is_configured_at_the_chip_that_has_it)
{
	const struct arch_interrupt last = { .intid = 511, .secure = true, .mpidr = SECOND };
	const struct arch_interrupt next = { .intid = 512, .secure = true, .mpidr = SECOND };

	machine();
	arch_interrupt_configure(NULL, &last);
	EXPECT_WRITES({ GICD(0, 0x01BC), 4, 0x80000000 }, { GICD(0, 0x0D3C), 4, 0x80000000 },
		      { GICD(0, 0x00BC), 4, 0x7FFFFFFF }, { GICD(0, 0x05FF), 1, 0x40 },
		      { GICD(0, 0x0C7C), 4, 0x80000000 }, { GICD(0, 0x6FF8), 8, SECOND },
		      { GICD(0, 0x02BC), 4, 0x80000000 }, { GICD(0, 0x03BC), 4, 0x80000000 });
	arch_interrupt_configure(NULL, &next);
	EXPECT_WRITES({ GICD(1, 0x01C0), 4, 0x1 }, { GICD(1, 0x0D40), 4, 0x1 },
		      { GICD(1, 0x00C0), 4, 0xFFFFFFFE }, { GICD(1, 0x0600), 1, 0x40 },
		      { GICD(1, 0x0C80), 4, 0x2 }, { GICD(1, 0x7000), 8, SECOND },
		      { GICD(1, 0x02C0), 4, 0x1 }, { GICD(1, 0x03C0), 4, 0x1 });
}

TEST(extended_interrupts_have_their_chip_too)
{
	machine();
	arch_interrupt_enable(NULL, 4607);
	arch_interrupt_enable(NULL, 4608);
	EXPECT_WRITES({ GICD(0, 0x123C), 4, 0x80000000 }, { GICD(1, 0x1240), 4, 0x1 });
}

TEST(private_interrupts_are_reached_on_another_chip)
{
	machine();
	arch_interrupt_enable(&second, 23);
	arch_interrupt_disable(&second, 1056);
	EXPECT_WRITES({ SGI(1, 1, 0x0100), 4, 0x800000 }, { SGI(1, 1, 0x0184), 4, 0x1 });
}

TEST(each_chip_says_which_of_its_interrupts_it_has)
{
	machine();
	gic_put(GICD(0, 0x4), 0x8);
	gic_put(GICD(1, 0x4), 0x17); /* 768 */

	CHECK(arch_interrupt_exists(287));
	CHECK(!arch_interrupt_exists(288));
	CHECK(arch_interrupt_exists(512));
	CHECK(arch_interrupt_exists(767));
	CHECK(!arch_interrupt_exists(768));
}
