/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Notification Pending Interrupt of S-EL1 partitions (virtual interrupt 5) and the para-virtual calls; and that
 * nobody needs either. S-EL0 has no interrupts.
 */
#include "normal-world/tests/messages.h"

#define GLOBAL 0U
#define PER_VCPU FFA_NOTIFICATION_PER_VCPU
#define NPI PARAVIRT_NOTIFICATION_PENDING

static const uint16_t interrupted[] = { M_MP, M_UP11, M_UP13, M_MP11, M_MP13 };
#define FOR_EACH_INTERRUPTED(name)               \
	for (const uint16_t *name = interrupted; \
	     name < interrupted + sizeof(interrupted) / sizeof(interrupted[0]); name++)

static uint64_t paravirt(uint16_t id, uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct ffa_regs regs = COMMAND(id, TEST_PARAVIRT, function, x1, x2, x3);

	CHECK_EQ(regs.x[5], x1);
	CHECK_EQ(regs.x[6], x2);
	CHECK_EQ(regs.x[7], x3);
	return regs.x[4];
}

/** A notification of VM 1, which it has bound, for @id. */
static void signal(uint16_t id)
{
	CHECK_SUCCESS(FFA(SET(1, id, GLOBAL, 1)));
}

static void fetch(uint16_t id)
{
	CHECK_FETCHED(BY(id, GET(id, 0, FFA_NOTIFICATION_FROM_VMS)), .from_vms = 1);
}

/** The vCPU here has taken @count virtual interrupts, all of them NPI. */
static void check_taken(uint16_t id, uint64_t count, enum paravirt_pin pin)
{
	CHECK_EQ(area_of(id)->virqs, count);
	if (count != 0) {
		CHECK_EQ(area_of(id)->virq_id, NPI);
		CHECK_EQ(area_of(id)->virq_pin, pin);
	}
}

static void virqs(uint16_t id, uint64_t enabled)
{
	(void)COMMAND(id, TEST_VIRQS, enabled, 0, 0, 0);
}

/** Whether its IRQ line is asserted, its interrupts masked. */
static bool line_is_asserted(uint16_t id)
{
	return (COMMAND(id, TEST_VIRQS, 0, 0, 0, 0).x[4] & 0x80) != 0;
}

/* ---- taken ---------------------------------------------------------------------------------------------- */

static void check_npi_here(void *unused)
{
	FOR_EACH_INTERRUPTED(id)
	{
		volatile struct test_area *area = area_of(*id);

		CHECK_SUCCESS(BY(*id, BIND(1, *id, GLOBAL, 1)));
		virqs(*id, 1);
		area->virqs = 0;
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 0, PARAVIRT_IRQ);

		/* Fetched in the handler. */
		area->virq_fetch = FFA_NOTIFICATION_ALL;
		signal(*id);
		check_taken(*id, 0, PARAVIRT_IRQ);
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 1, PARAVIRT_IRQ);
		CHECK_EQ(area->virq_fetched[0], 0);
		CHECK_EQ(area->virq_fetched[1], 1);
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 1, PARAVIRT_IRQ);

		/* With a direct request as well. */
		signal(*id);
		CHECK_ALIVE(*id);
		check_taken(*id, 2, PARAVIRT_IRQ);

		/* Each time it is entered until it fetches. */
		area->virq_fetch = 0;
		signal(*id);
		run_with(*id, 0, 0, 0, 0, 0);
		CHECK_ALIVE(*id);
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 5, PARAVIRT_IRQ);
		fetch(*id); /* is a request, too */
		check_taken(*id, 6, PARAVIRT_IRQ);
		CHECK_ALIVE(*id);
		check_taken(*id, 6, PARAVIRT_IRQ);

		virqs(*id, 0);
		CHECK_SUCCESS(BY(*id, UNBIND(1, *id, 1)));
	}
}

MESSAGES_TEST(npi_comes_with_cycles_until_the_notification_is_fetched_on_every_pe)
{
	on_each_pe(check_npi_here, NULL);
	CHECK_NO_NEWS();
}

MESSAGES_TEST(npi_comes_on_the_pin_that_was_asked_for_or_not_at_all)
{
	FOR_EACH_INTERRUPTED(id)
	{
		volatile struct test_area *area = area_of(*id);

		CHECK_SUCCESS(BY(*id, BIND(1, *id, GLOBAL, 1)));
		virqs(*id, 1);
		area->virqs = 0;
		signal(*id);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_ENABLE, NPI, 1, PARAVIRT_FIQ), 0);
		area->virqs = 0;
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 1, PARAVIRT_FIQ);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_ENABLE, NPI, 0, 0), 0);
		area->virqs = 0;
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 0, PARAVIRT_IRQ);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_GET, 0, 0, 0), PARAVIRT_NONE);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_ENABLE, NPI, 1, PARAVIRT_IRQ), 0);
		area->virqs = 0;
		run_with(*id, 0, 0, 0, 0, 0);
		check_taken(*id, 1, PARAVIRT_IRQ);
		virqs(*id, 0);
		fetch(*id);
		CHECK_SUCCESS(BY(*id, UNBIND(1, *id, 1)));
	}
}

MESSAGES_TEST_MP(npi_comes_to_the_vcpu_whose_notification_it_is)
{
	uint16_t id = M_MP;
	volatile struct test_area *area = area_of(id);

	CHECK_SUCCESS(BY(id, BIND(1, id, PER_VCPU, 1)));
	virqs(id, 1);
	area->virqs = 0;
	area->virq_fetch = FFA_NOTIFICATION_ALL;
	CHECK_SUCCESS(FFA(SET(1, id, SET_ON(1), 1)));
	run_with(id, 0, 0, 0, 0, 0);
	check_taken(id, 0, PARAVIRT_IRQ);
	CHECK_SUCCESS(FFA(SET(1, id, SET_ON(0), 1)));
	run_with(id, 0, 0, 0, 0, 0);
	check_taken(id, 1, PARAVIRT_IRQ);
	CHECK_EQ(area->virq_fetched[1], 1);
	run_with(id, 0, 0, 0, 0, 0);
	check_taken(id, 1, PARAVIRT_IRQ);
	virqs(id, 0);
	CHECK_FETCHED(BY(id, GET(id, 1, FFA_NOTIFICATION_FROM_VMS)), .from_vms = 1);
	CHECK_SUCCESS(BY(id, UNBIND(1, id, 1)));
}

static void resume_here(void *argument)
{
	uint16_t id = *(const uint16_t *)argument;
	struct ffa_regs regs = FFA(FFA_RUN_32, HERE(id));

	CHECK(is_answer(&regs, id));
	CHECK_EQ((uint32_t)regs.x[4], 0); /* x3-x30; an exception does change ELR_EL1 */
	check_taken(id, 1, PARAVIRT_IRQ);
}

/** Leaves it yielded or preempted, its registers full of patterns, signals, and lets it go on on PE @pe. */
static void check_resumed(uint16_t id, enum test_pause pause, unsigned pe)
{
	volatile struct test_area *area = area_of(id);
	struct ffa_regs regs;

	virqs(id, 1);
	area->virqs = 0;
	area->stop = 0;
	timer_start(pause == TEST_PAUSE_SPIN ? 2000 : 1000000);
	regs = fixture_call(command_call(id, TEST_KEEP, 0x7171, pause, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0],
		 pause == TEST_PAUSE_SPIN ? (uint32_t)FFA_INTERRUPT_32 : (uint32_t)FFA_YIELD_32);
	timer_stop();
	interrupts_enable();
	interrupts_disable();
	signal(id);
	check_taken(id, 0, PARAVIRT_IRQ);
	area->stop = 1;
	on_pe(pe, resume_here, &id);
	virqs(id, 0);
	fetch(id);
}

MESSAGES_TEST(npi_comes_to_contexts_that_go_on_wherever_that_is)
{
	static const uint16_t yielders[] = { M_MP, M_UP13, M_MP13 };
	static const uint16_t movers[] = { M_UP11, M_UP13 };

	FOR_EACH_INTERRUPTED(id)
	{
		CHECK_SUCCESS(BY(*id, BIND(1, *id, GLOBAL, 1)));
		check_resumed(*id, TEST_PAUSE_SPIN, 0);
	}
	for (unsigned i = 0; i < 3; i++) {
		check_resumed(yielders[i], TEST_PAUSE_YIELD, 0);
	}
	for (unsigned i = 0; i < 2; i++) {
		check_resumed(movers[i], TEST_PAUSE_SPIN, pe_count - 1);
	}
	FOR_EACH_INTERRUPTED(id)
	{
		CHECK_SUCCESS(BY(*id, UNBIND(1, *id, 1)));
	}
}

static void enter_here(void *unused)
{
	CHECK_ALIVE(M_MP);
}

static void open_here(void *unused)
{
	virqs(M_MP, 1);
	CHECK_ALIVE(M_MP);
	virqs(M_MP, 0);
}

MESSAGES_TEST_MP(npi_that_another_vcpu_has_answered_is_over)
{
	CHECK_SUCCESS(BY(M_MP, BIND(1, M_MP, GLOBAL, 1)));
	signal(M_MP);
	on_pe(1, enter_here, NULL); /* pends there, not taken */
	fetch(M_MP);
	area_on(M_MP, 1)->virqs = 0;
	on_pe(1, open_here, NULL);
	CHECK_EQ(area_on(M_MP, 1)->virqs, 0);
	CHECK_SUCCESS(BY(M_MP, UNBIND(1, M_MP, 1)));
}

/* ---- not taken ------------------------------------------------------------------------------------------ */

static void check_masked_here(void *unused)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		uint16_t id = notified[i];
		volatile struct test_area *area = area_of(id);

		area->virqs = 0;
		CHECK_SUCCESS(BY(id, BIND(1, id, GLOBAL, 1)));
		for (unsigned round = 0; round < 3; round++) {
			signal(id);
			/* It waits, answers, and is entered again, NPI pending all the time. */
			run_with(id, 0, 0, 0, 0, 0);
			CHECK_ALIVE(id);
			run_with(id, TEST_ECHO, 1, 2, 3, 4);
			CHECK_EQ(line_is_asserted(id), subject_of(id)->el1);
			fetch(id);
			CHECK(!line_is_asserted(id));
			CHECK_FETCHED(BY(id, GET(id, 0, FFA_NOTIFICATION_ALL)), 0);
		}
		/* Nothing of it is left for one that looks later. */
		virqs(id, 1);
		CHECK_ALIVE(id);
		check_taken(id, 0, PARAVIRT_IRQ);
		virqs(id, 0);
		CHECK_SUCCESS(BY(id, UNBIND(1, id, 1)));
	}
}

MESSAGES_TEST(a_partition_that_uses_ff_a_calls_alone_is_served_as_well_on_every_pe)
{
	on_each_pe(check_masked_here, NULL);
}

MESSAGES_TEST(a_partition_may_look_for_npi_instead_of_taking_it)
{
	FOR_EACH_INTERRUPTED(id)
	{
		area_of(*id)->virqs = 0;
		CHECK_SUCCESS(BY(*id, BIND(1, *id, GLOBAL, 1)));
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_GET, 0, 0, 0), PARAVIRT_NONE);
		signal(*id);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_GET, 0, 0, 0), NPI);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_DEACTIVATE, NPI, NPI, 0), 0);
		fetch(*id);
		CHECK_EQ(paravirt(*id, PARAVIRT_INTERRUPT_GET, 0, 0, 0), PARAVIRT_NONE);
		check_taken(*id, 0, PARAVIRT_IRQ);
		CHECK_SUCCESS(BY(*id, UNBIND(1, *id, 1)));
	}
}

/* ---- who has it ----------------------------------------------------------------------------------------- */

MESSAGES_TEST(npi_is_reported_to_s_el1_partitions_that_know_it)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs = BY(subject->id, FFA_FEATURES_32, FFA_FEATURE_NPI);

		if (subject->el1 && subject->version >= FFA_VERSION_1_1) {
			CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
			CHECK_EQ(regs.x[2], NPI);
		} else {
			CHECK_ERROR(regs, FFA_NOT_SUPPORTED);
		}
		CHECK_ERROR(BY(subject->id, FFA_FEATURES_32, FFA_FEATURE_SRI), FFA_NOT_SUPPORTED);
	}
	CHECK_ERROR(FFA(FFA_FEATURES_32, FFA_FEATURE_NPI), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_FEATURES_32, FFA_FEATURE_MEI), FFA_NOT_SUPPORTED);
}

MESSAGES_TEST(para_virtual_calls_refuse_what_is_not_the_partitions)
{
	static const uint64_t others[] = { 0, 1, 2, 6, 7, 8, 15, 16, 27, 30, 33, 1023, 0xFFFFFFFF };

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		CHECK_EQ(paravirt(M_MP, PARAVIRT_INTERRUPT_ENABLE, others[i], 1, 0), UINT64_MAX);
		CHECK_EQ(paravirt(M_EL0, PARAVIRT_INTERRUPT_ENABLE, others[i], 1, 0), UINT64_MAX);
		CHECK_EQ(paravirt(M_MP, PARAVIRT_INTERRUPT_DEACTIVATE, others[i], 1, 0), 0);
	}
	CHECK_EQ(paravirt(M_MP, PARAVIRT_INTERRUPT_ENABLE, NPI, 1, 2), UINT64_MAX);
	CHECK_EQ(paravirt(M_EL0, PARAVIRT_INTERRUPT_ENABLE, NPI, 1, 0), UINT64_MAX);
	CHECK_EQ(paravirt(M_EL0, PARAVIRT_INTERRUPT_GET, 0, 0, 0), PARAVIRT_NONE);
	CHECK_EQ(paravirt(M_MP, 0xFF01, 1, 2, 3), UINT64_MAX);
	CHECK_EQ(paravirt(M_MP, 0xFF05, 1, 2, 3), UINT64_MAX);
}
