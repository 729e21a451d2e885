/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls: which partitions may make them through which conduit, what they return,
 * and the lines that follow. The interrupts of partitions: test_paravirt_physical.c.
 */
#include "abi/smccc.h"
#include "tests/unit/ffa/ffa_fixture.h"

#define ENABLE 0xFF03
#define GET 0xFF04
#define DEACTIVATE 0xFF08
#define IRQ 0
#define FIQ 1
#define TIMER VIRQ_TIMER
#define IPI VIRQ_IPI
#define NPI VIRQ_NOTIFICATION
#define MEI VIRQ_MANAGED_EXIT
#define BIT(name) VIRQ_MASK(VIRQ_BIT_##name)
#define FAILED UINT64_MAX
#define NONE 0xFFFFFFFF

#define HVC(...) CALL_THROUGH(ARCH_CONDUIT_HVC, __VA_ARGS__)
#define SVC(...) CALL_THROUGH(ARCH_CONDUIT_SVC, __VA_ARGS__)
#define SMC(...) CALL_THROUGH(ARCH_CONDUIT_SMC, __VA_ARGS__)

static bool irq_line(void)
{
	return this_pe()->current->arch.machine.irq_line;
}

static bool fiq_line(void)
{
	return this_pe()->current->arch.machine.fiq_line;
}

/** SP1, S-EL1, handles a request; it has no notifications, so that nothing is enabled. */
static void sp1_runs(void)
{
	system_boot_usual(1);
	request(NW, SP1);
}

/** As sp1_runs(), with notifications; one of SP2's pends and SP1 was entered with it. */
static void sp1_runs_with_npi(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->notification_support = true;
	system_add(SP2, INSTANCE_S1MP);
	system_boot(1);
	request(NW, SP1);
	CALL(SP1, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_SUCCESS(SP1);
	respond(SP1, NW);
	request(NW, SP2);
	CALL(SP2, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_SUCCESS(SP2);
	request(SP2, SP1);
}

/** What the last call returned in x0; x1-x17 are as the caller left them. */
static void check_result(uint64_t expected, uint64_t x1, uint64_t x2, uint64_t x3)
{
	CHECK_GOT(SP1, expected, x1, x2, x3);
}

/* ---- 0xff03 ------------------------------------------------------------------------------------- */

TEST(the_spmcs_own_interrupts_are_enabled_and_disabled)
{
	sp1_runs();

	HVC(ENABLE, NPI, 1, IRQ);
	check_result(0, NPI, 1, IRQ);
	HVC(ENABLE, MEI, 1, FIQ);
	check_result(0, MEI, 1, FIQ);
	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, BIT(NOTIFICATION) | BIT(MANAGED_EXIT));
	HVC(ENABLE, NPI, 0, IRQ);
	check_result(0, NPI, 0, IRQ);
	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, BIT(MANAGED_EXIT));
}

TEST(interrupts_that_are_nobodys_cannot_be_enabled)
{
	sp1_runs();

	for (unsigned id = 0; id < 64; id++) {
		if (id != TIMER && id != NPI && id != MEI && id != IPI) {
			HVC(ENABLE, id, 1, IRQ);
			check_result(FAILED, id, 1, IRQ);
		}
	}
	HVC(ENABLE, 1023, 1, IRQ);
	check_result(FAILED, 1023, 1, IRQ);
	HVC(ENABLE, NONE, 1, IRQ);
	check_result(FAILED, NONE, 1, IRQ);
	HVC(ENABLE, 0x80000005, 1, IRQ);
	check_result(FAILED, 0x80000005, 1, IRQ);
	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, 0);
}

TEST(a_pin_that_does_not_exist_is_refused)
{
	sp1_runs();

	HVC(ENABLE, NPI, 1, 2);
	check_result(FAILED, NPI, 1, 2);
	HVC(ENABLE, NPI, 1, 0x80000000);
	check_result(FAILED, NPI, 1, 0x80000000);
	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, 0);
}

TEST(a_context_enables_for_itself_alone)
{
	system_boot_usual(2);
	request(NW, SP1);

	HVC(ENABLE, NPI, 1, IRQ);
	CHECK_EQUAL(context_of(SP1, 1)->virqs.enabled, 0);
	CHECK_EQUAL(context_of(SP2, 0)->virqs.enabled, 0);
}

TEST(disabling_drops_the_line_and_enabling_raises_it_again)
{
	sp1_runs_with_npi();
	CHECK(irq_line());

	HVC(ENABLE, NPI, 0, IRQ);
	CHECK(!irq_line());
	HVC(GET);
	check_result(NONE, 0, 0, 0);
	HVC(ENABLE, NPI, 1, IRQ);
	CHECK(irq_line());
	HVC(GET);
	check_result(NPI, 0, 0, 0);
}

TEST(an_interrupt_may_come_as_fiq)
{
	sp1_runs_with_npi();

	HVC(ENABLE, NPI, 1, FIQ);
	CHECK(!irq_line());
	CHECK(fiq_line());
	HVC(ENABLE, NPI, 1, IRQ);
	CHECK(irq_line());
	CHECK(!fiq_line());
	HVC(ENABLE, NPI, 1, FIQ);
	HVC(GET);
	check_result(NPI, 0, 0, 0);
	CHECK(!fiq_line());
}

TEST(the_npi_is_enabled_from_the_start_where_there_are_notifications)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->notification_support = true;
	system_add(SP2, INSTANCE_S1MP);
	system_boot(2);

	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, BIT(NOTIFICATION));
	CHECK_EQUAL(context_of(SP1, 1)->virqs.enabled, BIT(NOTIFICATION));
	CHECK_EQUAL(context_of(SP2, 0)->virqs.enabled, 0);
}

TEST(a_context_that_comes_back_has_what_it_had_at_the_start)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->notification_support = true;
	system_boot(2);
	on_pe(1);
	request(NW, SP1);
	HVC(ENABLE, NPI, 0, IRQ);
	HVC(ENABLE, MEI, 1, FIQ);
	respond(SP1, NW);
	power_off();

	power_on(1);
	CHECK_EQUAL(context_of(SP1, 1)->virqs.enabled, BIT(NOTIFICATION));
	CHECK_EQUAL(context_of(SP1, 1)->virqs.fiq, 0);
}

/* ---- 0xff04 ------------------------------------------------------------------------------------- */

TEST(a_pending_interrupt_is_got_once)
{
	sp1_runs_with_npi();

	HVC(GET);
	check_result(NPI, 0, 0, 0);
	CHECK(!irq_line());
	HVC(GET);
	check_result(NONE, 0, 0, 0);
}

TEST(nothing_pending_is_no_interrupt)
{
	sp1_runs();

	HVC(GET);
	check_result(NONE, 0, 0, 0);
}

TEST(of_several_the_lowest_comes_first_and_the_line_stays_meanwhile)
{
	sp1_runs_with_npi();
	HVC(ENABLE, MEI, 1, IRQ);
	virq_raise(&context_of(SP1, 0)->virqs, &context_of(SP1, 0)->arch, VIRQ_BIT_MANAGED_EXIT);

	HVC(GET);
	check_result(MEI, 0, 0, 0);
	CHECK(irq_line());
	HVC(GET);
	check_result(NPI, 0, 0, 0);
	CHECK(!irq_line());
}

/* ---- 0xff08 ------------------------------------------------------------------------------------- */

TEST(deactivation_succeeds_whatever_it_is_of)
{
	sp1_runs_with_npi();

	HVC(DEACTIVATE, NPI, NPI);
	check_result(0, NPI, NPI, 0);
	HVC(DEACTIVATE, 33, 34);
	check_result(0, 33, 34, 0);
	HVC(DEACTIVATE, NONE, NONE);
	check_result(0, NONE, NONE, 0);
	CHECK(irq_line()); /* nothing was acknowledged */
}

/* ---- who, how ----------------------------------------------------------------------------------- */

TEST(other_numbers_are_unknown_calls)
{
	sp1_runs();

	HVC(0xFF00);
	check_result(SMCCC_UNKNOWN, 0, 0, 0);
	HVC(0xFF05, 1, 2, 3);
	check_result(SMCCC_UNKNOWN, 1, 2, 3);
	HVC(0xFF06, 1, 2, 3);
	check_result(SMCCC_UNKNOWN, 1, 2, 3);
	HVC(0xFF07, 1, 2, 3);
	check_result(SMCCC_UNKNOWN, 1, 2, 3);
	HVC(0xFF0B, 1, 2, 3);
	check_result(SMCCC_UNKNOWN, 1, 2, 3);
}

TEST(para_virtual_calls_are_no_smcs)
{
	sp1_runs_with_npi();

	SMC(GET);
	check_result(SMCCC_UNKNOWN, 0, 0, 0);
	SMC(ENABLE, NPI, 0, IRQ);
	check_result(SMCCC_UNKNOWN, NPI, 0, IRQ);
	CHECK(irq_line());
}

TEST(the_upper_halves_of_registers_are_ignored)
{
	uint64_t dirty = UINT64_C(0xDEADBEEF00000000);

	sp1_runs();

	HVC(dirty | ENABLE, dirty | NPI, dirty | 1, dirty | IRQ);
	check_result(0, dirty | NPI, dirty | 1, dirty | IRQ);
	CHECK_EQUAL(context_of(SP1, 0)->virqs.enabled, BIT(NOTIFICATION));
}

TEST(an_s_el0_partition_has_no_lines_to_enable)
{
	system_boot_usual(1);
	request(NW, SP4);

	SVC(ENABLE, NPI, 1, IRQ);
	CHECK_GOT(SP4, FAILED, NPI, 1, IRQ);
	SVC(GET);
	CHECK_GOT(SP4, NONE);
	SVC(DEACTIVATE, 33, 33);
	CHECK_GOT(SP4, 0, 33, 33);
	CHECK_EQUAL(context_of(SP4, 0)->virqs.enabled, BIT(TIMER));
}

TEST(para_virtual_calls_lock_no_version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_build(1);
	system_begin();

	HVC(GET);
	HVC(ENABLE, NPI, 1, IRQ);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_0);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_0);
}

TEST(a_partition_that_ended_gets_no_answer)
{
	system_boot_usual(2);
	request(NW, SP1);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	fault("data abort", 0);
	on_pe(1);

	HVC(GET);
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}
