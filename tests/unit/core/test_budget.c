/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted time: whose it is, what the timer is set to, and the share of interrupts. */
#include "core/budget.h"
#include "tests/unit/core/interrupt_core_fixture.h"

#define MS UINT64_C(1000000)

static struct pe *pe;
static struct exec_ctx *a, *b;

static void reset(void)
{
	core_reset();
	CHECK(core_create() == NULL);
	core_power_on(0);
	pe = core_pe(0);
	pe->budget_at = ARCH_NEVER;
	pe->exit_at = ARCH_NEVER;
	pe->timer_at = ARCH_NEVER;
	pe->current = &pe->normal_world;
	a = core_context(MP, 0);
	b = core_context(UP, 0);
	a->partition->interrupt_budget = 10 * MS;
	b->partition->interrupt_budget = 20 * MS;
	host_time_advance(1000 * MS);
}

static uint64_t left(void)
{
	CHECK_EQUAL(host_timer_at(&pe->arch), pe->timer_at);
	return pe->timer_at == ARCH_NEVER ? ARCH_NEVER : pe->timer_at - arch_counter();
}

TEST(an_account_ends_after_its_time)
{
	reset();
	budget_begin(pe, a, 5 * MS);
	CHECK_EQUAL(left(), 5 * MS);
	CHECK(pe->timed == a);
	host_time_advance(2 * MS);
	CHECK_EQUAL(budget_end(pe), 2 * MS);
	CHECK_EQUAL(left(), ARCH_NEVER);
	CHECK(pe->timed == NULL);
}

TEST(each_pays_for_itself)
{
	reset();
	budget_begin(pe, a, 5 * MS);
	host_time_advance(MS);
	budget_switch(pe, a, b);
	CHECK_EQUAL(left(), 20 * MS);
	host_time_advance(7 * MS);
	budget_switch(pe, b, a);
	CHECK_EQUAL(left(), 4 * MS);
	host_time_advance(MS);
	budget_switch(pe, a, b);
	CHECK_EQUAL(left(), 13 * MS);
}

TEST(who_has_nothing_left_has_nothing_left)
{
	reset();
	budget_begin(pe, a, 5 * MS);
	host_time_advance(6 * MS);
	budget_switch(pe, a, b);
	budget_switch(pe, b, a);
	CHECK_EQUAL(left(), 0);
}

TEST(another_account_is_a_new_one)
{
	reset();
	budget_begin(pe, a, 5 * MS);
	budget_switch(pe, a, b);
	host_time_advance(19 * MS);
	budget_switch(pe, b, a);
	(void)budget_end(pe);

	host_time_advance(1);
	budget_begin(pe, a, 5 * MS);
	CHECK_EQUAL(left(), 5 * MS);
	budget_switch(pe, a, b);
	CHECK_EQUAL(left(), 20 * MS);
}

TEST(the_normal_world_is_not_counted)
{
	reset();
	budget_begin(pe, a, 5 * MS);
	budget_switch(pe, a, &pe->normal_world);
	CHECK_EQUAL(left(), ARCH_NEVER);
	CHECK(pe->timed == NULL);
}

TEST(the_timer_is_for_what_comes_first)
{
	reset();
	timer_queue_put(&pe->timers, &a->timers[TIMER_PHYSICAL], arch_counter() + 3 * MS);
	budget_set_timer(pe);
	CHECK_EQUAL(left(), 3 * MS);
	budget_begin(pe, a, 5 * MS);
	CHECK_EQUAL(left(), 3 * MS);
	budget_begin(pe, a, 2 * MS);
	CHECK_EQUAL(left(), 2 * MS);
	pe->exit_at = arch_counter() + MS;
	budget_set_timer(pe);
	CHECK_EQUAL(left(), MS);
	pe->exit_at = ARCH_NEVER;
	(void)budget_end(pe);
	CHECK_EQUAL(left(), 3 * MS);
	timer_queue_remove(&a->timers[TIMER_PHYSICAL]);
	budget_set_timer(pe);
	CHECK_EQUAL(left(), ARCH_NEVER);
}

TEST(a_burst_of_two_budgets_is_served_at_once_and_then_half_of_the_time)
{
	uint64_t from;

	reset();
	CHECK(budget_interrupts_from(a) <= arch_counter());
	budget_charge_interrupts(a, arch_counter(), 10 * MS);
	host_time_advance(10 * MS);
	CHECK(budget_interrupts_from(a) <= arch_counter());
	budget_charge_interrupts(a, arch_counter() - 1, 10 * MS);
	host_time_advance(10 * MS);
	CHECK(budget_interrupts_from(a) <= arch_counter() + MS);
	budget_charge_interrupts(a, arch_counter(), 10 * MS);
	host_time_advance(10 * MS);
	from = budget_interrupts_from(a);
	CHECK(from > arch_counter() + 9 * MS);
	CHECK(from < arch_counter() + 11 * MS);
	CHECK(budget_interrupts_from(b) <= arch_counter());
}

TEST(what_was_long_ago_does_not_count)
{
	reset();
	for (unsigned i = 0; i < 10; i++) {
		budget_charge_interrupts(a, arch_counter(), 10 * MS);
	}
	CHECK(budget_interrupts_from(a) > arch_counter());
	host_time_advance(1000 * MS);
	CHECK(budget_interrupts_from(a) <= arch_counter());
	budget_charge_interrupts(a, arch_counter(), MS);
	CHECK(budget_interrupts_from(a) <= arch_counter()); /* and nothing was saved up */
	budget_charge_interrupts(a, arch_counter(), 20 * MS);
	CHECK(budget_interrupts_from(a) > arch_counter() + 20 * MS);
}
