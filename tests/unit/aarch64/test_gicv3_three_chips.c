/* SPDX-License-Identifier: BSD-3-Clause */
/* Three chips, one of them without extended interrupts. */
#define FAKE_CHIPS 3
#include "tests/unit/aarch64/fake/gic.h"

static struct arch_pe pes[3];

static void machine(void)
{
	gic_reset();
	for (unsigned i = 0; i < 3; i++) {
		gic_pe_up(&pes[i], (uint64_t)i << 32 | 1);
	}
}

TEST(every_distributor_of_three_is_switched_on)
{
	gic_reset();
	arch_interrupt_init(0, 0);
	EXPECT_WRITES({ GICD(0, 0), 4, 0x36 }, { GICD(1, 0), 4, 0x36 }, { GICD(2, 0), 4, 0x36 });
}

TEST(a_pe_of_each_chip_is_found)
{
	machine();
	for (unsigned i = 0; i < 3; i++) {
		CHECK(pes[i].redistributor == gic_raw(GICR(i, 1, 0)));
	}
}

TEST(each_interrupt_is_enabled_at_its_chip)
{
	machine();
	arch_interrupt_enable(NULL, 255);
	arch_interrupt_enable(NULL, 256);
	arch_interrupt_enable(NULL, 511);
	arch_interrupt_enable(NULL, 1019);
	arch_interrupt_enable(NULL, 4351);
	arch_interrupt_enable(NULL, 4352);
	EXPECT_WRITES({ GICD(0, 0x011C), 4, 0x80000000 }, { GICD(1, 0x0120), 4, 0x1 },
		      { GICD(1, 0x013C), 4, 0x80000000 }, { GICD(2, 0x017C), 4, 0x08000000 },
		      { GICD(0, 0x121C), 4, 0x80000000 }, { GICD(2, 0x1220), 4, 0x1 });
}

TEST(the_empty_range_of_a_chip_has_nothing)
{
	machine();
	arch_interrupt_deactivate(NULL, 1024);
	CHECK(!arch_interrupt_exists(1024));
	EXPECT_NO_WRITES();
}
