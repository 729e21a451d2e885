/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine of the tests itself: that it notices what a correct SPMC never does. */
#include "arch/host/host.h"

#include "tests/unit/unit.h"

#define RAM_BASE UINT64_C(0x40000000)

static struct arch_pe pe, other_pe;

static struct page_range pages(uint64_t base, uint64_t count)
{
	return (struct page_range){ .base = paddr(base), .page_count = count };
}

/** One PE, 16 pages of non-secure RAM. */
static void machine(void)
{
	host_reset();
	arch_pe_init(&other_pe, 1);
	arch_pe_init(&pe, 0);
	host_memory_add(pages(RAM_BASE, 16), WORLD_NON_SECURE);
}

static void *open_source(uint64_t base, uint64_t count, enum world world)
{
	return arch_window_open(&pe, ARCH_WINDOW_SOURCE, pages(base, count), world);
}

/* ---- what must stop ----------------------------------------------------------------------------- */

static void copy_behind_closed_window(void *argument)
{
	uint8_t byte;
	void *window = open_source(RAM_BASE, 1, WORLD_NON_SECURE);

	arch_window_close(&pe, ARCH_WINDOW_SOURCE);
	arch_copy_from(&byte, window, 1);
}

static void copy_behind_the_end(void *argument)
{
	uint8_t byte;
	uint8_t *window = open_source(RAM_BASE, 1, WORLD_NON_SECURE);

	arch_copy_from(&byte, window + PAGE_SIZE, 1);
}

static void open_twice(void *argument)
{
	open_source(RAM_BASE, 1, WORLD_NON_SECURE);
	open_source(RAM_BASE, 1, WORLD_NON_SECURE);
}

static void close_twice(void *argument)
{
	open_source(RAM_BASE, 1, WORLD_NON_SECURE);
	arch_window_close(&pe, ARCH_WINDOW_SOURCE);
	arch_window_close(&pe, ARCH_WINDOW_SOURCE);
}

static void open_too_large(void *argument)
{
	open_source(RAM_BASE, ARCH_WINDOW_PAGES + 1, WORLD_NON_SECURE);
}

static void open_for_another_pe(void *argument)
{
	arch_window_open(&other_pe, ARCH_WINDOW_SOURCE, pages(RAM_BASE, 1), WORLD_NON_SECURE);
}

static struct arch_exit just_wait(struct arch_context *context, void *argument)
{
	return host_wait();
}

static void run_with_open_window(void *argument)
{
	struct arch_context context = { .kind = ARCH_KIND_S_EL1 };

	host_context_script(&context, just_wait, NULL);
	open_source(RAM_BASE, 1, WORLD_NON_SECURE);
	arch_run(&pe, &context);
}

static void run_on_two_pes(void *argument)
{
	struct arch_context context = { .kind = ARCH_KIND_S_EL1 };

	host_context_script(&context, just_wait, NULL);
	arch_run(&pe, &context);
	host_pe_enter(&other_pe);
	arch_run(&other_pe, &context);
}

static void use_memory_that_el2_has_not_mapped(void *argument)
{
	arch_pointer(paddr(RAM_BASE));
}

TEST(a_closed_window_cannot_be_used)
{
	machine();
	CHECK_STOPS(copy_behind_closed_window, NULL, "closed or too small");
}

TEST(a_window_ends_where_it_was_said_to)
{
	machine();
	CHECK_STOPS(copy_behind_the_end, NULL, "closed or too small");
}

TEST(a_window_is_opened_and_closed_in_turns)
{
	machine();
	CHECK_STOPS(open_twice, NULL, "open already");
	machine();
	CHECK_STOPS(close_twice, NULL, "not open");
}

TEST(a_window_has_a_largest_size_and_belongs_to_its_pe)
{
	machine();
	CHECK_STOPS(open_too_large, NULL, "window of 9 pages");
	CHECK_STOPS(open_for_another_pe, NULL, "another PE");
}

TEST(no_context_runs_while_a_window_is_open)
{
	machine();
	CHECK_STOPS(run_with_open_window, NULL, "while a window is open");
}

TEST(a_context_runs_on_another_pe_only_after_it_was_parked)
{
	struct arch_context context = { .kind = ARCH_KIND_S_EL1 };

	machine();
	CHECK_STOPS(run_on_two_pes, NULL, "still has its registers");

	machine();
	host_context_script(&context, just_wait, NULL);
	CHECK_EQUAL(arch_run(&pe, &context).reason, ARCH_EXIT_WAIT);
	arch_context_park(&pe, &context);
	host_pe_enter(&other_pe);
	CHECK_EQUAL(arch_run(&other_pe, &context).reason, ARCH_EXIT_WAIT);
}

TEST(el2_reaches_only_what_it_has_mapped)
{
	machine();
	CHECK_STOPS(use_memory_that_el2_has_not_mapped, NULL, "has not mapped");
}

/* ---- what must work ----------------------------------------------------------------------------- */

TEST(copies_go_through_a_window_over_page_borders)
{
	uint8_t text[] = "a text over the border of two pages", back[sizeof(text)] = { 0 };
	uint8_t *window;

	machine();
	window = arch_window_open(&pe, ARCH_WINDOW_TARGET, pages(RAM_BASE, 2), WORLD_NON_SECURE);
	CHECK(arch_copy_to(window + PAGE_SIZE - 5, text, sizeof(text)));
	CHECK_BYTES(host_ram(paddr(RAM_BASE + PAGE_SIZE - 5)), text, sizeof(text));
	CHECK(arch_copy_from(back, window + PAGE_SIZE - 5, sizeof(text)));
	CHECK_BYTES(back, text, sizeof(text));
	CHECK(arch_fill_zero(window, 2 * PAGE_SIZE));
	CHECK_EQUAL(*(uint8_t *)host_ram(paddr(RAM_BASE + PAGE_SIZE)), 0);
	CHECK(!host_windows_are_closed(&pe, sizeof(pe), 1));
	arch_window_close(&pe, ARCH_WINDOW_TARGET);
	CHECK(host_windows_are_closed(&pe, sizeof(pe), 1));
}

TEST(memory_of_the_other_world_vanishes_under_a_copy)
{
	uint8_t bytes[2 * PAGE_SIZE];
	void *window;

	machine();
	host_memory_move(pages(RAM_BASE + PAGE_SIZE, 1), WORLD_SECURE);
	window = open_source(RAM_BASE, 2, WORLD_NON_SECURE);
	CHECK(arch_copy_from(bytes, window, PAGE_SIZE));
	CHECK(!arch_copy_from(bytes, window, PAGE_SIZE + 1));
	arch_window_close(&pe, ARCH_WINDOW_SOURCE);

	CHECK(arch_zero(&pe, pages(RAM_BASE, 1), WORLD_NON_SECURE));
	CHECK(!arch_zero(&pe, pages(RAM_BASE, 2), WORLD_NON_SECURE));
}

TEST(memory_that_does_not_exist_is_not_there_to_copy)
{
	uint8_t byte;
	void *window;

	machine();
	window = open_source(RAM_BASE + 16 * PAGE_SIZE, 1, WORLD_NON_SECURE);
	CHECK(!arch_copy_from(&byte, window, 1));
	arch_window_close(&pe, ARCH_WINDOW_SOURCE);
	CHECK(host_ram(paddr(RAM_BASE + 16 * PAGE_SIZE)) == NULL);
}

TEST(steps_are_played_and_keep_what_they_got)
{
	struct arch_context context = { .kind = ARCH_KIND_S_EL0 };
	struct host_step steps[] = {
		{ .exit = { .reason = ARCH_EXIT_CALL, .conduit = ARCH_CONDUIT_SVC },
		  .x = { 1, 2, 3 } },
		{ .exit = { .reason = ARCH_EXIT_WAIT } },
	};
	struct host_steps script = { .steps = steps, .count = 2 };

	machine();
	host_program(0x1000, host_steps, &script);
	arch_context_reset(&context, NULL, 0x1000, 0);

	CHECK_EQUAL(arch_run(&pe, &context).reason, ARCH_EXIT_CALL);
	CHECK_EQUAL(context.x[2], 3);
	context.x[0] = 99;
	CHECK_EQUAL(arch_run(&pe, &context).reason, ARCH_EXIT_WAIT);
	CHECK_EQUAL(steps[0].got[0], 99);
}

static void run_for_ever(void *context)
{
	for (;;) {
		arch_run(&pe, context);
	}
}

TEST(the_normal_world_ends_the_run_behind_its_last_step)
{
	struct arch_context context = { .kind = ARCH_KIND_NORMAL_WORLD };
	struct host_step steps[] = { { .exit = { .reason = ARCH_EXIT_CALL } } };
	struct host_steps script = { .steps = steps, .count = 1 };

	machine();
	host_context_script(&context, host_steps, &script);
	CHECK_EQUAL(host_run(run_for_ever, &context).outcome, HOST_ENDED);
	CHECK(script.next > script.count);
}

TEST(the_console_keeps_what_was_written)
{
	machine();
	arch_console_write("one ", 4);
	arch_console_write("two", 3);
	CHECK_TEXT(host_console(), "one two");
	host_console_clear();
	CHECK_TEXT(host_console(), "");
}
