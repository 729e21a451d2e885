/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts and timers while PEs come and go (core/interrupt.c, ffa/interrupt.c): who takes them then, what a
 * PE that goes off had in hand, and what it was about to deliver.
 */
#include "ffa/interrupt.h"
#include "tests/unit/ffa/interrupt_fixture.h"

#define MINE SPI_OF(SP1)

/** Which PE @intid would go to. */
static unsigned route_of(uint32_t intid)
{
	return (unsigned)host_interrupt(&this_pe()->arch, intid).mpidr;
}

/** SP1's interrupt has PE 1 as its home; SP2 is told of CPU_OFF. */
static void add_with_home_on_pe1(enum instance instance)
{
	interrupts_add_usual(instance);
	config_of(SP1)->interrupts[0].has_target = true;
	config_of(SP1)->interrupts[0].target_mpidr = 1;
	config_of(SP2)->power_management_messages = 1;
}

static void boot_with_home_on_pe1(enum instance instance)
{
	add_with_home_on_pe1(instance);
	interrupts_boot(2);
	on_pe(1);
}

static void begin_cpu_off(void)
{
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	CHECK_EQUAL(running(), SP2);
}

/** SP2 agrees, and the PE goes off. */
static void end_cpu_off(void)
{
	CALL(SP2, RESP, FFA_ENDPOINTS(SP2, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP, 0);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SPMC, SPMD), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		  0);
}

static void go_off(void)
{
	begin_cpu_off();
	end_cpu_off();
	pe_is_off();
}

/** On PE @pe, which has heard of what went off. */
static void go_to(unsigned pe)
{
	on_pe(pe);
	if (host_interrupt_line(&this_pe()->arch) == ARCH_INTERRUPT_KICK) {
		take_interrupt();
	}
}

static void check_comes_to(unsigned pe)
{
	struct fetched fetched = { 0 };

	go_to(pe);
	CHECK_EQUAL(route_of(MINE), pe);
	interrupt_comes(MINE);
	CHECK_ENTERED(SP1, MINE);
	settle(&fetched);
	CHECK_EQUAL(fetched.of[0], 1);
}

/* ---- who takes them ----------------------------------------------------------------------------- */

TEST(an_interrupt_comes_home_when_the_contexts_of_that_pe_have_started)
{
	add_with_home_on_pe1(INSTANCE_S1MP);
	config_of(SP2)->boot_order = 1; /* SP1 later */
	system_build(2);
	interrupts_power_on(0);
	check_comes_to(0);

	power_on_begin(1);
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 1), CTX_OFF);
	check_comes_to(0);
	on_pe(1);
	interrupts_finish_start();
	check_comes_to(1);
}

TEST(an_interrupt_comes_elsewhere_as_soon_as_its_pe_is_about_to_go_off)
{
	boot_with_home_on_pe1(INSTANCE_S1MP);
	check_comes_to(1);

	begin_cpu_off();
	check_comes_to(0);
	on_pe(1);
	end_cpu_off();
	pe_is_off();
	check_comes_to(0);
	interrupts_power_on(1);
	check_comes_to(1);
}

TEST(what_is_on_its_way_to_a_pe_that_goes_off_is_taken_elsewhere)
{
	boot_with_home_on_pe1(INSTANCE_S1UP);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);

	go_off();
	go_to(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
	take_interrupt();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_finds_its_context_off_is_passed_on)
{
	add_with_home_on_pe1(INSTANCE_S1MP);
	config_of(SP1)->power_management_messages = 1;
	interrupts_boot(2);
	on_pe(1);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	CHECK_EQUAL(running(), SP1);
	timer_comes(); /* it hangs */
	CHECK_EQUAL(running(), SP2);
	CHECK_EQUAL(state_of(SP1, 1), CTX_OFF);

	arch_interrupt_route(MINE, 1); /* as it was when the interrupt came */
	interrupt_comes(MINE);
	arch_interrupt_route(MINE, 0);
	CHECK_EQUAL(running(), SP2);
	CHECK(!is_active(MINE));
	go_to(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
	take_interrupt();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_finds_its_context_off_on_the_only_pe_is_switched_off)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->power_management_messages = 1;
	config_of(SP2)->power_management_messages = 1;
	interrupts_boot(1);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_OFF);
	timer_comes();
	CHECK_EQUAL(running(), SP2);

	interrupt_comes(MINE);
	CHECK(!is_active(MINE));
	CHECK(!host_interrupt(&this_pe()->arch, MINE).enabled);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
}

TEST(what_a_migrating_context_has_enabled_stays_so_when_the_last_pe_comes_back)
{
	interrupts_add_usual(INSTANCE_S1UP);
	config_of(SP2)->power_management_messages = 1;
	interrupts_boot(1);
	go_off();

	interrupts_power_on(0);
	check_comes_to(0);
}

/* ---- what was in hand --------------------------------------------------------------------------- */

TEST(what_a_context_had_not_fetched_when_its_pe_went_off_comes_again)
{
	boot_with_home_on_pe1(INSTANCE_S1MP);
	request(NW, SP1);
	interrupt_comes(MINE);
	fiq();
	CHECK_EQUAL(state_of(SP1, 1), CTX_PREEMPTED);
	CHECK(is_active(MINE));

	go_off();
	go_to(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
	take_interrupt();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_a_context_was_handling_when_its_pe_went_off_may_come_again)
{
	boot_with_home_on_pe1(INSTANCE_S1MP);
	request(NW, SP1);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
	fiq();

	go_off();
	go_to(0);
	CHECK(!is_active(MINE));
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	check_comes_to(0);
}

TEST(what_a_migrating_context_has_stays_with_it)
{
	boot_with_home_on_pe1(INSTANCE_S1UP);
	request(NW, SP1);
	interrupt_comes(MINE);
	fiq();
	go_off();

	go_to(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	CHECK(is_active(MINE));
	run(SP1);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
	respond(SP1, NW);
	CHECK(!is_active(MINE));
}

TEST(a_pe_that_comes_back_has_nothing_of_before)
{
	boot_with_home_on_pe1(INSTANCE_S1MP);
	request(NW, SP1);
	interrupt_comes(MINE);
	fiq();
	go_off();
	go_to(0);
	take_interrupt();
	settle(&(struct fetched){ 0 });

	interrupts_power_on(1);
	CHECK_EQUAL(context_of(SP1, 1)->virqs.pending, 0);
	CHECK_EQUAL(context_of(SP1, 1)->virqs.held, 0);
	CHECK(!irq_line(SP1, 1));
	check_comes_to(1);
}

/* ---- wanted by some ----------------------------------------------------------------------------- */

/** SP1 starts on this PE and has its interrupt enabled only if @wanted. */
static void start_wanting(unsigned pe, bool wanted)
{
	power_on_begin(pe);
	interrupts_start_until(SP1);
	if (wanted) {
		interrupts_enable();
	}
	CALL(SP1, FFA_MSG_WAIT_32);
	interrupts_finish_start();
}

/** Of SP1's contexts, whose interrupt has PE 1 as its home, only that of PE @wanting wants it. */
static void boot_wanted_on(unsigned wanting)
{
	add_with_home_on_pe1(INSTANCE_S1MP);
	system_build(2);
	start_wanting(0, wanting == 0);
	start_wanting(1, wanting == 1);
}

TEST(what_is_wanted_on_one_pe_alone_is_off_while_that_is)
{
	boot_wanted_on(1);
	go_off();
	go_to(0);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);

	start_wanting(1, true);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
	take_interrupt();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_comes_before_the_only_pe_that_wants_it_is_ready_is_not_lost)
{
	boot_wanted_on(1);
	go_off();
	go_to(0);
	power_on_begin(1);
	interrupts_start_until(SP1);
	interrupts_enable();
	host_interrupt_raise(MINE);

	on_pe(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	on_pe(1);
	take_interrupt();
	CHECK(irq_line(SP1, 1));
}

TEST(what_comes_while_the_only_pe_that_wants_it_goes_off_waits_for_it)
{
	boot_wanted_on(1);
	begin_cpu_off();
	host_interrupt_raise(MINE);
	on_pe(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	on_pe(1);
	take_interrupt();
	end_cpu_off();
	pe_is_off();
	go_to(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);

	start_wanting(1, true);
	take_interrupt();
	CHECK_ENTERED(SP1, MINE);
}

TEST(what_a_context_holds_that_does_not_want_it_goes_to_who_does_when_it_is_sent_there)
{
	boot_wanted_on(0);
	on_pe(1);
	interrupt_comes(MINE);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(is_active(MINE));
	on_pe(0);
	run(SP1);
	CHECK_EQUAL(paravirt(INTERRUPT_RECONFIGURE, MINE, 0, 0), 0); /* to PE 0 */

	take_interrupt();
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
	CHECK_EQUAL(fetch(), VIRQ_NONE);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK(!is_active(MINE));
	CHECK_EQUAL(context_of(SP1, 1)->virqs.pending, 0);
}

TEST(a_context_that_enables_it_late_has_what_came_before)
{
	boot_wanted_on(0);
	on_pe(1);
	interrupt_comes(MINE);
	run(SP1);
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, MINE, 1, 0), 0);

	CHECK(irq_line(SP1, 1));
	CHECK_EQUAL(fetch(), MINE);
	CHECK_EQUAL(fetch(), VIRQ_NONE);
}

/* ---- timers, news ------------------------------------------------------------------------------- */

TEST(timers_of_migrating_contexts_move_to_a_pe_that_is_up)
{
	boot_with_home_on_pe1(INSTANCE_S1UP);
	run(SP1);
	write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + 10 * MS);
	CALL(SP1, FFA_MSG_WAIT_32);
	go_off();

	on_pe(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), arch_counter() + 10 * MS);
	timer_comes();
	CHECK_ENTERED(SP1, VIRQ_TIMER);
}

TEST(timers_of_contexts_of_the_pe_end_with_it)
{
	boot_with_home_on_pe1(INSTANCE_S1MP);
	run(SP1);
	write_timer(ARCH_TIMER_VIRTUAL, arch_counter() + 10 * MS);
	CALL(SP1, FFA_MSG_WAIT_32);
	go_off();
	on_pe(0);
	take_interrupt(); /* the kick */
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);

	interrupts_power_on(1);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	CHECK_EQUAL(timer_queue_first(&this_pe()->timers), ARCH_NEVER);
}

TEST(what_a_pe_could_not_deliver_any_more_another_one_does)
{
	boot_with_home_on_pe1(INSTANCE_S1UP);
	run(SP1);
	write_timer(ARCH_TIMER_PHYSICAL, arch_counter() + 10 * MS);
	CALL(SP1, FFA_MSG_WAIT_32);
	begin_cpu_off();
	timer_comes();
	CHECK_EQUAL(running(), SP2);
	CHECK(this_pe()->undelivered != 0);

	end_cpu_off();
	turn();
	CHECK_EQUAL(running(), NW); /* nothing starts here any more */
	pe_is_off();
	on_pe(0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK_ENTERED(SP1, VIRQ_TIMER);
}

/** As PE 0 found SP1 when it looked: running on PE 1, which has gone off since. */
static void found_on_pe1(struct exec_ctx *ctx)
{
	atomic_store(&ctx->state, the_spmc()->pes[1].mark | CTX_RUNNING);
	on_pe(0);
	interrupt_deliver(this_pe(), ctx);
	atomic_store(&ctx->state, CTX_WAITING);
}

TEST(what_was_for_a_pe_that_has_gone_off_meanwhile_is_delivered_here)
{
	struct exec_ctx *ctx;

	boot_with_home_on_pe1(INSTANCE_S1UP);
	go_off();
	go_to(0);
	ctx = context_of(SP1, 0);
	(void)virq_pend(&ctx->virqs, VIRQ_BIT_TIMER);
	found_on_pe1(ctx);

	turn();
	CHECK_ENTERED(SP1, VIRQ_TIMER);
}

TEST(a_pe_that_comes_back_can_be_kicked)
{
	struct exec_ctx *ctx;

	boot_with_home_on_pe1(INSTANCE_S1UP);
	go_off();
	go_to(0);
	ctx = context_of(SP1, 0);
	found_on_pe1(ctx);
	turn();
	CHECK_EQUAL(running(), NW);
	interrupts_power_on(1);
	turn();
	CHECK_EQUAL(running(), NW);
	run(SP1);

	on_pe(0);
	(void)virq_pend(&ctx->virqs, VIRQ_BIT_TIMER);
	interrupt_deliver(this_pe(), ctx);
	on_pe(1);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_KICK);
	take_interrupt();
	CHECK(irq_line(SP1, 1));
}

TEST(what_could_not_be_delivered_on_the_only_pe_is_delivered_there)
{
	interrupts_add_usual(INSTANCE_S1UP);
	config_of(SP2)->power_management_messages = 1;
	interrupts_boot(1);
	begin_cpu_off();
	interrupt_comes(MINE);
	end_cpu_off();

	turn();
	CHECK_ENTERED(SP1, MINE);
}

TEST(a_pe_in_its_start_has_timers_of_its_own_at_once)
{
	boot_with_home_on_pe1(INSTANCE_S1UP);
	go_off();
	power_on_begin(1);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), this_pe()->budget_at);
	interrupts_finish_start();
	CHECK_EQUAL(this_pe()->budget_at, ARCH_NEVER);
}
