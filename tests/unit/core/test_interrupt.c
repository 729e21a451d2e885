/* SPDX-License-Identifier: BSD-3-Clause */
/* Owners of interrupts; the interrupt controller as PEs come and go, contexts enable, and partitions end. */
#include "tests/unit/core/interrupt_core_fixture.h"

enum {
	SPI = 40,
	OTHER_SPI = 41,
	PPI = 25,
	EXTENDED_PPI = 1056,
	EXTENDED_SPI = 5119,
};

#define BIT(n) physical_bit(n)

static struct partition *partition(unsigned number)
{
	return &core_spmc()->partitions[number];
}

static struct host_interrupt machine(unsigned pe, uint32_t intid)
{
	return host_interrupt(&core_pe(pe)->arch, intid);
}

static void check_owner(uint32_t intid, unsigned number, enum virq_bit expected)
{
	enum virq_bit bit = VIRQ_BIT_TIMER;

	CHECK(interrupt_owner(core_spmc(), intid, &bit) == partition(number));
	CHECK_EQUAL(bit, expected);
	CHECK_EQUAL(partition_virq_id(partition(number), bit), intid);
}

static void check_nobodys(uint32_t intid)
{
	enum virq_bit bit;

	CHECK(interrupt_owner(core_spmc(), intid, &bit) == NULL);
}

/** MP has SPI and PPI, UP the other SPI. */
static void create(void)
{
	core_reset();
	core_interrupt(MP, SPI);
	core_interrupt(MP, PPI);
	core_interrupt(UP, OTHER_SPI);
	CHECK(core_create() == NULL);
}

static void power_off(unsigned pe)
{
	core_on(pe);
	interrupts_not_ready(core_pe(pe));
	(void)interrupts_power_down(core_pe(pe));
}

/* ---- owners ------------------------------------------------------------------------------------- */

TEST(each_interrupt_has_one_owner_and_bits_are_in_the_order_of_ids)
{
	core_reset();
	core_interrupt(MP, EXTENDED_SPI);
	core_interrupt(MP, SPI);
	core_interrupt(MP, EXTENDED_PPI);
	core_interrupt(MP, PPI);
	core_interrupt(UP, OTHER_SPI);
	CHECK(core_create() == NULL);

	check_owner(PPI, MP, BIT(0));
	check_owner(SPI, MP, BIT(1));
	check_owner(EXTENDED_PPI, MP, BIT(2));
	check_owner(EXTENDED_SPI, MP, BIT(3));
	check_owner(OTHER_SPI, UP, BIT(0));
}

TEST(all_other_ids_are_nobodys)
{
	create();
	for (uint32_t intid = 0; intid < 6000; intid++) {
		if (intid != SPI && intid != PPI && intid != OTHER_SPI) {
			check_nobodys(intid);
		}
	}
	check_nobodys(0x80000000 | SPI);
	check_nobodys(VIRQ_NONE);
}

TEST(a_partition_has_as_many_as_there_are_bits)
{
	core_reset();
	for (unsigned i = 0; i < CONFIG_INTERRUPT_MAX; i++) {
		core_interrupt(MP, 100 + CONFIG_INTERRUPT_MAX - i);
	}
	CHECK(core_create() == NULL);
	check_owner(101, MP, BIT(0));
	check_owner(100 + CONFIG_INTERRUPT_MAX, MP, BIT(CONFIG_INTERRUPT_MAX - 1));
}

TEST(interrupts_of_the_spmc_or_of_no_machine_are_refused)
{
	static const uint32_t ids[] = { ARCH_INTERRUPT_SRI,
					ARCH_INTERRUPT_KICK,
					ARCH_INTERRUPT_TIMER,
					1020,
					1023,
					1055,
					1120,
					4095,
					5120,
					0xFFFFFFFF };

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		core_reset();
		core_interrupt(MP, ids[i]);
		CHECK(core_create() != NULL);
		check_nobodys(ids[i]);
	}
}

/* ---- routes ------------------------------------------------------------------------------------- */

static void check_routed_to(uint32_t intid, unsigned pe)
{
	CHECK_EQUAL(machine(0, intid).mpidr, pe);
}

/** SPI is at home on PE 2. */
static void create_with_home(void)
{
	struct interrupt_config *interrupt;

	core_reset();
	interrupt = core_interrupt(MP, SPI);
	interrupt->has_target = true;
	interrupt->target_mpidr = 2;
	interrupt->priority = 0x30;
	interrupt->level = true;
	core_interrupt(UP, OTHER_SPI)->secure = false;
	CHECK(core_create() == NULL);
}

TEST(an_interrupt_is_configured_once_as_the_manifest_says)
{
	struct host_interrupt state;

	create_with_home();
	core_power_on(0);
	state = machine(0, SPI);
	CHECK(state.touched && state.secure && state.level && !state.enabled);
	CHECK_EQUAL(state.priority, 0x30);
	CHECK(!machine(0, OTHER_SPI).secure);
	CHECK(!machine(0, OTHER_SPI).level);

	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(0), true);
	core_power_on(1);
	CHECK(machine(0, SPI).enabled);
}

TEST(an_interrupt_comes_to_its_home_while_that_is_ready)
{
	create_with_home();
	core_power_on(0);
	check_routed_to(SPI, 0);
	core_power_on(1);
	check_routed_to(SPI, 0);
	core_power_on(2);
	check_routed_to(SPI, 2);
	power_off(2);
	check_routed_to(SPI, 0);
	power_off(0);
	check_routed_to(SPI, 1);
	core_power_on(2);
	check_routed_to(SPI, 2);
}

TEST(a_pe_is_not_ready_before_its_contexts_are)
{
	create_with_home();
	core_power_on(0);
	arch_pe_init(&core_pe(2)->arch, 2);
	interrupts_power_up(core_pe(2));
	check_routed_to(SPI, 0);
	interrupts_ready(core_pe(2));
	check_routed_to(SPI, 2);
}

TEST(a_new_home_counts_at_once_or_when_it_is_ready)
{
	create();
	core_power_on(0);
	core_power_on(1);
	interrupt_set_home(core_spmc(), partition(MP), BIT(1), 1);
	check_routed_to(SPI, 1);
	interrupt_set_home(core_spmc(), partition(MP), BIT(1), 3);
	check_routed_to(SPI, 0);
	core_power_on(3);
	check_routed_to(SPI, 3);
}

TEST(timers_go_to_a_pe_that_is_up_or_nowhere)
{
	create();
	core_power_on(1);
	core_power_on(3);
	core_on(1);
	interrupts_not_ready(core_pe(1));
	CHECK(interrupts_power_down(core_pe(1)) == core_pe(3));
	core_on(3);
	interrupts_not_ready(core_pe(3));
	CHECK(interrupts_power_down(core_pe(3)) == NULL);
}

/* ---- enable ------------------------------------------------------------------------------------- */

TEST(a_shared_interrupt_is_off_when_nobody_wants_it)
{
	create();
	for (unsigned pe = 0; pe < CORE_PES; pe++) {
		core_power_on(pe);
		interrupt_enable(core_pe(pe), core_context(MP, pe), BIT(1), true);
	}
	for (unsigned pe = 0; pe < CORE_PES; pe++) {
		CHECK(machine(0, SPI).enabled);
		core_on(pe);
		interrupt_enable(core_pe(pe), core_context(MP, pe), BIT(1), false);
	}
	CHECK(!machine(0, SPI).enabled);
}

TEST(a_private_interrupt_is_each_contexts_own)
{
	create();
	core_power_on(0);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(0), true);
	core_power_on(1);
	CHECK(machine(0, PPI).enabled);
	CHECK(!machine(1, PPI).enabled);
	interrupt_enable(core_pe(1), core_context(MP, 1), BIT(0), true);
	interrupt_enable(core_pe(1), core_context(MP, 1), BIT(0), false);
	CHECK(machine(0, PPI).enabled);
	CHECK(!machine(1, PPI).enabled);
}

TEST(interrupts_of_a_partition_that_has_ended_cannot_be_enabled)
{
	create();
	core_power_on(0);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(1), true);
	partition(MP)->state = PARTITION_ABORTED;
	interrupts_drop(core_spmc(), partition(MP));
	CHECK(!machine(0, SPI).enabled);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(1), true);
	CHECK(!machine(0, SPI).enabled);
}

TEST(what_is_enabled_stays_so_when_all_pes_were_off)
{
	create();
	core_power_on(0);
	interrupt_enable(core_pe(0), core_context(UP, 0), BIT(0), true);
	power_off(0);
	core_power_on(1);
	CHECK(machine(0, OTHER_SPI).enabled);
	CHECK(!machine(0, SPI).enabled);
}

TEST(an_interrupt_is_given_to_the_normal_world_and_back)
{
	create();
	core_power_on(0);
	interrupt_assign(core_pe(0), partition(MP), BIT(1), false);
	CHECK(!machine(0, SPI).secure);
	power_off(0);
	core_power_on(0);
	CHECK(!machine(0, SPI).secure);
	interrupt_assign(core_pe(0), partition(MP), BIT(1), true);
	CHECK(machine(0, SPI).secure);
}

/* ---- what is held ------------------------------------------------------------------------------- */

/** @intid comes to PE @pe, for @ctx. */
static void comes(unsigned pe, struct exec_ctx *ctx, uint32_t intid, enum virq_bit bit)
{
	core_on(pe);
	interrupt_enable(core_pe(pe), ctx, bit, true);
	host_interrupt_raise(intid);
	CHECK_EQUAL(arch_interrupt_acknowledge(), intid);
	virq_hold(&ctx->virqs, bit, pe);
	(void)virq_pend(&ctx->virqs, bit);
}

TEST(what_was_dealt_with_may_come_again)
{
	create();
	core_power_on(0);
	comes(0, core_context(MP, 0), SPI, BIT(1));
	comes(0, core_context(MP, 0), PPI, BIT(0));
	interrupts_let_go(core_spmc(), core_context(MP, 0), VIRQ_MASK(BIT(1)));
	CHECK(!machine(0, SPI).active);
	CHECK(machine(0, PPI).active);
}

TEST(a_private_one_is_let_go_on_the_pe_that_took_it)
{
	create();
	core_power_on(0);
	core_power_on(1);
	comes(1, core_context(MP, 1), PPI, BIT(0));
	core_on(0);
	interrupts_let_go(core_spmc(), core_context(MP, 1), VIRQ_MASK(BIT(0)));
	CHECK(!machine(1, PPI).active);
}

TEST(a_private_one_is_let_go_wherever_a_migrating_context_has_met_it)
{
	core_reset();
	core_interrupt(UP, PPI);
	CHECK(core_create() == NULL);
	core_power_on(0);
	core_power_on(1);
	comes(0, core_context(UP, 0), PPI, BIT(0));
	comes(1, core_context(UP, 0), PPI, BIT(0));

	interrupts_let_go(core_spmc(), core_context(UP, 0), VIRQ_MASK(BIT(0)));
	CHECK(!machine(0, PPI).active);
	CHECK(!machine(1, PPI).active);
}

TEST(what_is_not_held_is_not_let_go)
{
	create();
	core_power_on(0);
	comes(0, core_context(MP, 0), SPI, BIT(1));
	interrupts_let_go(core_spmc(), core_context(MP, 1), VIRQ_MASK(BIT(1)));
	CHECK(machine(0, SPI).active);
}

TEST(all_that_contexts_hold_is_dropped_with_their_partition)
{
	create();
	core_power_on(0);
	core_power_on(1);
	comes(0, core_context(MP, 0), SPI, BIT(1));
	comes(0, core_context(MP, 0), PPI, BIT(0));
	comes(1, core_context(MP, 1), PPI, BIT(0));
	comes(0, core_context(UP, 0), OTHER_SPI, BIT(0));
	interrupts_drop(core_spmc(), partition(MP));
	CHECK(!machine(0, SPI).active && !machine(0, SPI).enabled);
	CHECK(!machine(0, PPI).active && !machine(0, PPI).enabled);
	CHECK(!machine(1, PPI).active && !machine(1, PPI).enabled);
	CHECK(machine(0, OTHER_SPI).active && machine(0, OTHER_SPI).enabled);
}

TEST(what_pends_on_a_pe_that_goes_off_pends_elsewhere)
{
	create();
	core_power_on(0);
	core_power_on(1);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(1), true);
	interrupt_set_home(core_spmc(), partition(MP), BIT(1), 1);
	comes(1, core_context(MP, 1), SPI, BIT(1));
	power_off(1);
	CHECK(!machine(0, SPI).active);
	CHECK_EQUAL(host_interrupt_line(&core_pe(0)->arch), SPI);
}

TEST(what_was_fetched_there_does_not)
{
	enum virq_bit bit;

	create();
	core_power_on(0);
	core_power_on(1);
	interrupt_set_home(core_spmc(), partition(MP), BIT(1), 1);
	comes(1, core_context(MP, 1), SPI, BIT(1));
	CHECK(virq_acknowledge(&core_context(MP, 1)->virqs, &core_context(MP, 1)->arch, &bit));
	power_off(1);
	CHECK(!machine(0, SPI).active);
	CHECK_EQUAL(host_interrupt_line(&core_pe(0)->arch), ARCH_INTERRUPT_NONE);
}

TEST(what_a_migrating_context_holds_stays_with_it)
{
	create();
	core_power_on(0);
	core_power_on(1);
	interrupt_set_home(core_spmc(), partition(UP), BIT(0), 1);
	comes(1, core_context(UP, 1), OTHER_SPI, BIT(0));
	power_off(1);
	CHECK(machine(0, OTHER_SPI).active);
	CHECK_EQUAL(core_context(UP, 0)->virqs.held, VIRQ_MASK(BIT(0)));
}

TEST(one_that_finds_nobody_goes_on_or_is_switched_off)
{
	create();
	core_power_on(0);
	core_power_on(1);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(1), true);
	interrupt_enable(core_pe(0), core_context(MP, 0), BIT(0), true);
	core_on(0);
	host_interrupt_raise(SPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), SPI);
	interrupt_set_home(core_spmc(), partition(MP), BIT(1), 1);
	interrupt_refuse(core_pe(0), partition(MP), BIT(1));
	CHECK_EQUAL(host_interrupt_line(&core_pe(1)->arch), SPI);

	host_interrupt_raise(PPI);
	CHECK_EQUAL(arch_interrupt_acknowledge(), PPI);
	interrupt_refuse(core_pe(0), partition(MP), BIT(0));
	CHECK(!machine(0, PPI).active && !machine(0, PPI).enabled);
}
