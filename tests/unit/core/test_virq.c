/* SPDX-License-Identifier: BSD-3-Clause */
/* Virtual interrupts of one context: what pends, lines, what is held and handled. */
#include "tests/unit/core/interrupt_core_fixture.h"

#define FIRST VIRQ_BIT_PHYSICAL
#define LAST physical_bit(VIRQ_BIT_COUNT - 1 - VIRQ_BIT_PHYSICAL)

static struct virq_set set;
static struct arch_context context;

/** @n, whatever the enumeration names. */
static enum virq_bit any_bit(unsigned n)
{
	return n < VIRQ_BIT_PHYSICAL ? (enum virq_bit)n : physical_bit(n - VIRQ_BIT_PHYSICAL);
}

static void reset(void)
{
	memset(&set, 0, sizeof(set));
	memset(&context, 0, sizeof(context));
}

static void check_lines(bool irq, bool fiq)
{
	CHECK_EQUAL(context.machine.irq_line, irq);
	CHECK_EQUAL(context.machine.fiq_line, fiq);
}

static void check_acknowledges(enum virq_bit expected)
{
	enum virq_bit bit = VIRQ_BIT_COUNT;

	CHECK(virq_acknowledge(&set, &context, &bit));
	CHECK_EQUAL(bit, expected);
}

static void check_nothing(void)
{
	enum virq_bit bit = LAST;

	CHECK(!virq_acknowledge(&set, &context, &bit));
	CHECK_EQUAL(bit, LAST);
}

TEST(a_line_is_up_while_something_enabled_pends)
{
	reset();
	virq_raise(&set, &context, FIRST);
	check_lines(false, false);
	virq_enable(&set, &context, FIRST, true);
	check_lines(true, false);
	virq_enable(&set, &context, FIRST, false);
	check_lines(false, false);
	virq_enable(&set, &context, FIRST, true);
	virq_withdraw(&set, &context, FIRST);
	check_lines(false, false);
}

TEST(each_line_is_for_its_own)
{
	reset();
	set.fiq = VIRQ_MASK(LAST) | VIRQ_MASK(VIRQ_BIT_MANAGED_EXIT);
	virq_enable(&set, &context, LAST, true);
	virq_enable(&set, &context, FIRST, true);
	virq_raise(&set, &context, LAST);
	check_lines(false, true);
	virq_raise(&set, &context, FIRST);
	check_lines(true, true);
	check_acknowledges(FIRST);
	check_lines(false, true);
	check_acknowledges(LAST);
	check_lines(false, false);
}

TEST(the_lowest_enabled_one_comes_first)
{
	reset();
	for (unsigned bit = 0; bit < VIRQ_BIT_COUNT; bit++) {
		virq_enable(&set, &context, any_bit(bit), bit != VIRQ_BIT_NOTIFICATION);
		virq_raise(&set, &context, any_bit(bit));
	}
	for (unsigned bit = 0; bit < VIRQ_BIT_COUNT; bit++) {
		if (bit != VIRQ_BIT_NOTIFICATION) {
			check_acknowledges(any_bit(bit));
		}
	}
	check_nothing();
	CHECK_EQUAL(virq_pending(&set), VIRQ_MASK(VIRQ_BIT_NOTIFICATION));
}

TEST(one_that_pends_twice_comes_once)
{
	reset();
	virq_enable(&set, &context, FIRST, true);
	(void)virq_pend(&set, FIRST);
	(void)virq_pend(&set, FIRST);
	check_acknowledges(FIRST);
	check_nothing();
}

TEST(enabling_one_leaves_the_others_as_they_are)
{
	reset();
	virq_enable(&set, &context, FIRST, true);
	virq_enable(&set, &context, LAST, true);
	virq_enable(&set, &context, FIRST, false);
	CHECK_EQUAL(virq_enabled(&set), VIRQ_MASK(LAST));
	virq_enable(&set, &context, LAST, true);
	CHECK_EQUAL(virq_enabled(&set), VIRQ_MASK(LAST));
}

TEST(a_physical_one_is_handled_from_when_it_is_fetched)
{
	reset();
	virq_enable(&set, &context, LAST, true);
	virq_hold(&set, LAST, 7);
	CHECK_EQUAL(set.handled, 0);
	(void)virq_pend(&set, LAST);
	CHECK_EQUAL(set.handled, 0);
	check_acknowledges(LAST);
	CHECK_EQUAL(set.handled, VIRQ_MASK(LAST));
	CHECK_EQUAL(set.held, VIRQ_MASK(LAST));
	CHECK_EQUAL(virq_take_pes(&set, LAST), 1U << 7);
	CHECK_EQUAL(virq_take_pes(&set, LAST), 0);
}

TEST(the_spmcs_own_are_not_handled)
{
	reset();
	for (unsigned bit = 0; bit < VIRQ_BIT_PHYSICAL; bit++) {
		virq_enable(&set, &context, any_bit(bit), true);
		(void)virq_pend(&set, any_bit(bit));
		check_acknowledges(any_bit(bit));
	}
	CHECK_EQUAL(set.handled, 0);
}

TEST(only_what_is_held_is_let_go)
{
	reset();
	virq_hold(&set, FIRST, 0);
	virq_hold(&set, LAST, 1);
	CHECK_EQUAL(virq_let_go(&set, VIRQ_MASK(FIRST) | VIRQ_MASK(any_bit(FIRST + 1))),
		    VIRQ_MASK(FIRST));
	CHECK_EQUAL(set.held, VIRQ_MASK(LAST));
	CHECK_EQUAL(virq_let_go(&set, VIRQ_MASK(FIRST)), 0);
}
