/* SPDX-License-Identifier: BSD-3-Clause */
/* The interrupt controller and the timers of the tests' own machine. */
#include <pthread.h>

#include "arch/host/host.h"

#include "tests/unit/unit.h"

enum {
	SPI = 41,
	PPI = 23,
	NONE = ARCH_INTERRUPT_NONE,
};

static struct arch_pe pes[2];

/** Two PEs; the test is the first one. */
static void machine(void)
{
	host_reset();
	arch_pe_init(&pes[1], 1);
	arch_pe_init(&pes[0], 0);
}

static void configure(uint32_t intid, uint8_t priority, bool level, uint64_t mpidr)
{
	const struct arch_interrupt interrupt = {
		.intid = intid,
		.priority = priority,
		.level = level,
		.secure = true,
		.mpidr = mpidr,
	};

	arch_interrupt_configure(arch_pe_self(), &interrupt);
}

static void enable(uint32_t intid, uint8_t priority, bool level, uint64_t mpidr)
{
	configure(intid, priority, level, mpidr);
	arch_interrupt_enable(arch_pe_self(), intid);
}

/* ---- raising and taking ------------------------------------------------------------------------- */

TEST(several_interrupts_that_nobody_has_configured_come_one_by_one)
{
	machine();
	host_interrupt_raise(78);
	host_interrupt_raise(77);
	host_interrupt_raise(ARCH_INTERRUPT_TIMER);

	CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_TIMER);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 77);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 78);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
}

TEST(an_interrupt_that_nobody_has_configured_comes_where_it_was_raised)
{
	machine();
	host_interrupt_raise_on(&pes[1], 77);
	host_interrupt_raise_on(&pes[1], PPI);

	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	host_pe_enter(&pes[1]);
	CHECK_EQUAL(arch_interrupt_acknowledge(), PPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 77);
}

TEST(nothing_pends_after_none_was_raised)
{
	machine();
	host_interrupt_raise(77);
	host_interrupt_raise(PPI);
	host_interrupt_raise(NONE);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
}

TEST(what_was_disabled_does_not_come_until_it_is_enabled)
{
	machine();
	host_interrupt_raise(77);
	arch_interrupt_disable(&pes[0], 77);

	CHECK(host_interrupt_is_masked(77));
	CHECK_EQUAL(host_interrupt_line(&pes[0]), NONE);
	arch_interrupt_enable(&pes[0], 77);
	CHECK(!host_interrupt_is_masked(77));
	CHECK_EQUAL(arch_interrupt_acknowledge(), 77);
}

TEST(a_configured_interrupt_comes_when_it_is_enabled_and_secure)
{
	machine();
	configure(SPI, 0, false, 0);
	host_interrupt_raise(SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	arch_interrupt_enable(NULL, SPI);
	arch_interrupt_assign(NULL, SPI, false);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	arch_interrupt_assign(NULL, SPI, true);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
}

TEST(a_shared_interrupt_comes_where_it_is_routed_to)
{
	machine();
	enable(SPI, 0, false, 1);
	host_interrupt_raise(SPI);
	CHECK_EQUAL(host_interrupt_line(&pes[0]), NONE);
	CHECK_EQUAL(host_interrupt_line(&pes[1]), SPI);

	arch_interrupt_route(SPI, 0);
	CHECK_EQUAL(host_interrupt_line(&pes[1]), NONE);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	CHECK_EQUAL(host_interrupt(NULL, SPI).mpidr, 0);
}

TEST(a_private_interrupt_is_each_pes_own)
{
	machine();
	arch_interrupt_enable(&pes[1], PPI);
	arch_interrupt_assign(&pes[1], PPI, true);
	arch_interrupt_pend(&pes[1], PPI);

	CHECK(!host_interrupt(&pes[0], PPI).pending);
	CHECK(!host_interrupt(&pes[0], PPI).enabled);
	CHECK_EQUAL(host_interrupt_line(&pes[0]), NONE);
	CHECK_EQUAL(host_interrupt_line(&pes[1]), PPI);
}

TEST(extended_interrupts_are_interrupts)
{
	machine();
	enable(5119, 0, false, 0);
	enable(1119, 0, false, 0);
	arch_interrupt_pend(&pes[0], 5119);
	arch_interrupt_pend(&pes[0], 1119);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 1119);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 5119);
	CHECK(!arch_interrupt_exists(1020));
	CHECK(!arch_interrupt_exists(1120));
	CHECK(!arch_interrupt_exists(5120));
}

static void enable_what_is_not_there(void *argument)
{
	arch_interrupt_enable(&pes[0], 1024);
}

TEST(an_interrupt_that_does_not_exist_must_not_be_touched)
{
	machine();
	CHECK_STOPS(enable_what_is_not_there, NULL, "no interrupt 1024");
}

TEST(the_most_urgent_one_comes_first_and_the_lowest_among_equals)
{
	machine();
	enable(50, 0x60, false, 0);
	enable(51, 0x20, false, 0);
	enable(52, 0x20, false, 0);
	for (uint32_t intid = 50; intid <= 52; intid++) {
		host_interrupt_raise(intid);
	}
	CHECK_EQUAL(arch_interrupt_acknowledge(), 51);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 52);
	CHECK_EQUAL(arch_interrupt_acknowledge(), 50);
}

/* ---- active ones -------------------------------------------------------------------------------- */

TEST(an_active_interrupt_comes_again_only_when_it_was_deactivated)
{
	machine();
	enable(SPI, 0, false, 0);
	host_interrupt_raise(SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	CHECK(host_interrupt(NULL, SPI).active);

	host_interrupt_raise(SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	arch_interrupt_deactivate(&pes[0], SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	CHECK_EQUAL(host_interrupt(NULL, SPI).taken, 2);
}

TEST(a_level_comes_again_as_long_as_it_is_held)
{
	machine();
	enable(SPI, 0, true, 0);
	host_interrupt_hold(SPI, true);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	arch_interrupt_deactivate(&pes[0], SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);

	host_interrupt_hold(SPI, false);
	arch_interrupt_deactivate(&pes[0], SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	CHECK(!host_interrupt(NULL, SPI).pending);
}

TEST(a_level_that_was_released_before_it_was_taken_is_gone)
{
	machine();
	enable(SPI, 0, true, 0);
	host_interrupt_hold(SPI, true);
	host_interrupt_hold(SPI, false);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
}

TEST(an_edge_comes_once_however_long_it_is_held)
{
	machine();
	enable(SPI, 0, false, 0);
	host_interrupt_hold(SPI, true);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	arch_interrupt_deactivate(&pes[0], SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
}

TEST(configuring_makes_an_interrupt_quiet_and_off)
{
	struct host_interrupt state;

	machine();
	enable(SPI, 0, false, 0);
	host_interrupt_raise(SPI);
	arch_interrupt_acknowledge();
	host_interrupt_raise(SPI);

	configure(SPI, 0x30, true, 1);
	state = host_interrupt(NULL, SPI);
	CHECK(state.touched && state.secure && state.level);
	CHECK(!state.enabled && !state.pending && !state.active);
	CHECK_EQUAL(state.priority, 0x30);
	CHECK_EQUAL(state.mpidr, 1);
}

TEST(a_pe_that_comes_up_again_has_lost_its_private_configuration)
{
	machine();
	enable(PPI, 0, false, 0);
	enable(SPI, 0, false, 0);
	CHECK(host_interrupt(&pes[0], PPI).enabled);

	arch_pe_init(&pes[0], 0);
	CHECK(!host_interrupt(&pes[0], PPI).touched);
	CHECK(host_interrupt(&pes[0], SPI).enabled);
}

/* ---- kicks -------------------------------------------------------------------------------------- */

TEST(a_kick_pends_at_the_pe_that_it_is_for)
{
	machine();
	arch_interrupt_kick(1);
	CHECK_EQUAL(host_kick_count(&pes[1]), 1);
	CHECK_EQUAL(host_kick_count(&pes[0]), 0);
	CHECK_EQUAL(host_interrupt_line(&pes[0]), NONE);
	host_pe_enter(&pes[1]);
	CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_KICK);
}

TEST(a_pe_is_known_by_the_affinity_it_was_given)
{
	machine();
	host_pe_mpidr(0x10200);
	arch_pe_init(&pes[0], 0);
	CHECK_EQUAL(arch_mpidr(), 0x10200);

	arch_interrupt_kick(0); /* nobody */
	CHECK_EQUAL(host_kick_count(&pes[0]), 0);
	arch_interrupt_kick(0x10200);
	CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_KICK);
}

/* ---- timers ------------------------------------------------------------------------------------- */

TEST(the_counter_has_a_tick_for_each_nanosecond)
{
	uint64_t before;

	machine();
	before = arch_counter();
	host_time_advance(123);
	CHECK_EQUAL(arch_counter(), before + 123);
	CHECK_EQUAL(arch_ticks(55), 55);
	CHECK_EQUAL(arch_ticks(UINT64_MAX), ARCH_NEVER / 2);
}

TEST(the_timer_asserts_its_interrupt_from_its_moment_on)
{
	machine();
	CHECK_EQUAL(host_timer_at(&pes[0]), ARCH_NEVER);
	arch_timer_set(arch_counter() + 10);
	CHECK(!host_timer_asserts(&pes[0]));
	host_time_advance(9);
	CHECK_EQUAL(host_interrupt_line(&pes[0]), NONE);
	host_time_advance(1);
	CHECK(host_timer_asserts(&pes[0]));
	CHECK_EQUAL(host_interrupt_line(&pes[1]), NONE);

	CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_TIMER);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
	arch_interrupt_deactivate(&pes[0], ARCH_INTERRUPT_TIMER);
	CHECK_EQUAL(arch_interrupt_acknowledge(), ARCH_INTERRUPT_TIMER);
	arch_timer_set(ARCH_NEVER);
	arch_interrupt_deactivate(&pes[0], ARCH_INTERRUPT_TIMER);
	CHECK_EQUAL(arch_interrupt_acknowledge(), NONE);
}

static struct arch_exit set_timer(struct arch_context *context, void *argument)
{
	return host_timer_write(context, ARCH_TIMER_VIRTUAL, 1234, ARCH_TIMER_ENABLE);
}

TEST(a_script_writes_to_its_timers_and_a_reset_clears_them)
{
	struct arch_context context = { .kind = ARCH_KIND_S_EL1 };

	machine();
	host_context_script(&context, set_timer, NULL);
	CHECK_EQUAL(arch_run(&pes[0], &context).reason, ARCH_EXIT_TIMER);
	CHECK_EQUAL(context.timers[ARCH_TIMER_VIRTUAL].compare, 1234);
	CHECK_EQUAL(context.timers[ARCH_TIMER_VIRTUAL].control, ARCH_TIMER_ENABLE);

	arch_context_reset(&context, NULL, 0x1000, 0);
	CHECK_EQUAL(context.timers[ARCH_TIMER_VIRTUAL].control, 0);
}

/* ---- threads ------------------------------------------------------------------------------------ */

enum { ROUNDS = 2000 };

/** Kicks the other PE and takes what comes until it has taken ROUNDS of its own. */
static void *play(void *argument)
{
	struct arch_pe *pe = argument;
	unsigned taken = 0, idle = 0;

	host_pe_enter(pe);
	for (unsigned round = 0; round < ROUNDS || idle < 1000; round++) {
		uint32_t intid = arch_interrupt_acknowledge();

		if (round < ROUNDS) {
			arch_interrupt_kick(1 - pe->index);
			arch_interrupt_pend(pe, SPI + pe->index);
		}
		idle = intid == NONE ? idle + 1 : 0;
		if (intid != NONE) {
			taken++;
			arch_interrupt_deactivate(pe, intid);
		}
	}
	return (void *)(uintptr_t)taken;
}

TEST(pes_that_are_threads_kick_each_other)
{
	pthread_t threads[2];
	void *taken[2];

	machine();
	for (unsigned i = 0; i < 2; i++) {
		enable(SPI + i, 0, false, i);
		CHECK_EQUAL(pthread_create(&threads[i], NULL, play, &pes[i]), 0);
	}
	for (unsigned i = 0; i < 2; i++) {
		pthread_join(threads[i], &taken[i]);
	}
	for (unsigned i = 0; i < 2; i++) {
		CHECK_EQUAL(host_kick_count(&pes[i]), ROUNDS);
		CHECK((uintptr_t)taken[i] > 1);
		CHECK(!host_interrupt(&pes[i], ARCH_INTERRUPT_KICK).active);
		CHECK(!host_interrupt(NULL, SPI + i).active);
	}
}
