/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PE that comes back from an idle state which lost more than EL3 keeps (ffa/power.c): private interrupts and
 * timers are as they were.
 */
#include "ffa/interrupt.h"
#include "tests/unit/ffa/interrupt_fixture.h"

#define PRIVATE 23

/** The PE sleeps and wakes: EL3 keeps registers, private interrupts and the timer are lost. */
static void sleep_and_wake(void)
{
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	     PSCI_CPU_SUSPEND_64);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SPMC, SPMD), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		  0);
	arch_pe_resume(&this_pe()->arch); /* what is lost */
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), ARCH_NEVER);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_WARM_BOOT_REQ);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SPMC, SPMD), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		  0);
}

/** SP1 has a private interrupt, enabled or not. */
static void boot_with_private(bool enabled)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupts[0].id = PRIVATE;
	config_of(SP1)->interrupts[0].type = 1;
	interrupts_boot(1);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, PRIVATE, 1, 0), 0);
	CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, PRIVATE, enabled, 0), 0);
	CALL(SP1, FFA_MSG_WAIT_32);
}

TEST(a_private_interrupt_is_enabled_as_before_when_a_pe_wakes)
{
	boot_with_private(true);
	CHECK(host_interrupt(&this_pe()->arch, PRIVATE).enabled);

	sleep_and_wake();
	CHECK(host_interrupt(&this_pe()->arch, PRIVATE).enabled);
	interrupt_comes(PRIVATE);
	CHECK_ENTERED(SP1, PRIVATE);
	CHECK_EQUAL(fetch(), PRIVATE);
}

TEST(a_private_interrupt_that_nobody_wants_stays_off_when_a_pe_wakes)
{
	boot_with_private(false);

	sleep_and_wake();
	CHECK(!host_interrupt(&this_pe()->arch, PRIVATE).enabled);
}

TEST(a_timer_of_a_partition_fires_though_the_pe_has_slept)
{
	uint64_t at;

	interrupts_add_usual(INSTANCE_S1MP);
	interrupts_boot(1);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	at = arch_counter() + 10 * MS;
	context_of(SP1, 0)->arch.timers[ARCH_TIMER_PHYSICAL] =
		(struct arch_timer){ .compare = at, .control = ARCH_TIMER_ENABLE };
	interrupt_timers_written(this_pe(), context_of(SP1, 0));
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), at);

	sleep_and_wake();
	CHECK_EQUAL(host_timer_at(&this_pe()->arch), at);
	time_comes(10 * MS);
	CHECK_ENTERED(SP1, VIRQ_TIMER);
}
