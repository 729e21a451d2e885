/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls about the physical interrupts of partitions: each check of enable, deactivate and
 * reconfigure, and what the interrupt controller is told. A refused call has changed nothing.
 */
#include "tests/unit/ffa/interrupt_fixture.h"

enum {
	PPI = 25,
	EXTENDED_PPI = 1056,
	EXTENDED_SPI = 4096,
	TARGET = 0,
	SECURITY = 1,
	ENABLE = 2,
	IRQ = 0,
	FIQ = 1,
};

#define MINE SPI_OF(SP1)
#define FAILED UINT64_MAX
#define BIT(n) VIRQ_MASK(VIRQ_BIT_PHYSICAL + (n))

static void add_interrupt(uint16_t id, uint32_t intid)
{
	struct partition_config *config = config_of(id);

	config->interrupts[config->interrupt_count++] = (struct interrupt_config){ .id = intid,
										   .secure = true };
}

/** SP1, with a PPI and extended ones beside its SPI, runs for the normal world; nothing is enabled. */
static void sp1_runs(enum instance instance, unsigned pe_count)
{
	interrupts_add_usual(instance);
	add_interrupt(SP1, EXTENDED_SPI);
	add_interrupt(SP1, PPI);
	add_interrupt(SP1, EXTENDED_PPI);
	system_boot(pe_count);
	request(NW, SP1);
}

static uint64_t enable(uint64_t id, uint64_t enabled, uint64_t pin)
{
	return paravirt(INTERRUPT_ENABLE, id, enabled, pin);
}

static uint64_t reconfigure(uint64_t id, uint64_t what, uint64_t value)
{
	return paravirt(INTERRUPT_RECONFIGURE, id, what, value);
}

static struct host_interrupt machine(uint32_t intid)
{
	return host_interrupt(&this_pe()->arch, intid);
}

/** What a call must not change when it fails. */
struct known {
	struct host_interrupt mine;
	uint64_t enabled, fiq;
};

static struct known know(void)
{
	const struct virq_set *virqs = &this_pe()->current->virqs;

	return (struct known){ machine(MINE), virqs->enabled, virqs->fiq };
}

static void check_nothing_changed(struct known before)
{
	struct known now = know();

	CHECK_EQUAL(now.enabled, before.enabled);
	CHECK_EQUAL(now.fiq, before.fiq);
	CHECK_EQUAL(now.mine.enabled, before.mine.enabled);
	CHECK_EQUAL(now.mine.secure, before.mine.secure);
	CHECK_EQUAL(now.mine.mpidr, before.mine.mpidr);
	CHECK_EQUAL(now.mine.active, before.mine.active);
}

/* ---- enable ------------------------------------------------------------------------------------- */

TEST(an_own_interrupt_is_enabled_in_the_controller_as_well)
{
	sp1_runs(INSTANCE_S1MP, 1);
	CHECK(!machine(MINE).enabled);

	CHECK_EQUAL(enable(MINE, 1, IRQ), 0);
	CHECK(machine(MINE).enabled);
	CHECK_EQUAL(enable(MINE, 0, IRQ), 0);
	CHECK(!machine(MINE).enabled);
}

TEST(private_and_extended_interrupts_are_interrupts)
{
	static const uint32_t ids[] = { PPI, EXTENDED_PPI, EXTENDED_SPI };

	sp1_runs(INSTANCE_S1MP, 1);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQUAL(enable(ids[i], 1, IRQ), 0);
		CHECK(machine(ids[i]).enabled);
		host_interrupt_raise(ids[i]);
		take_interrupt();
		CHECK_EQUAL(fetch(), ids[i]);
	}
}

TEST(interrupts_of_others_cannot_be_enabled)
{
	struct known before;

	sp1_runs(INSTANCE_S1MP, 1);
	before = know();

	CHECK_EQUAL(enable(SPI_OF(SP2), 1, IRQ), FAILED);
	CHECK_EQUAL(enable(99, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(8, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(ARCH_INTERRUPT_TIMER, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(1020, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(1023, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(1055, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(1120, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(4095, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(5120, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(0x80000000 | MINE, 1, IRQ), FAILED);
	check_nothing_changed(before);
	CHECK(!machine(SPI_OF(SP2)).enabled);
}

TEST(a_pin_that_is_none_enables_nothing)
{
	struct known before;

	sp1_runs(INSTANCE_S1MP, 1);
	before = know();
	CHECK_EQUAL(enable(MINE, 1, 2), FAILED);
	CHECK_EQUAL(enable(MINE, 1, 0xFFFFFFFF), FAILED);
	check_nothing_changed(before);
}

TEST(an_own_interrupt_may_come_as_fiq)
{
	sp1_runs(INSTANCE_S1MP, 1);
	CHECK_EQUAL(enable(MINE, 1, FIQ), 0);
	interrupt_comes(MINE);
	CHECK(fiq_line(SP1, 0));
	CHECK(!irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
}

TEST(a_shared_interrupt_is_on_while_any_context_wants_it)
{
	sp1_runs(INSTANCE_S1MP, 2);
	CHECK_EQUAL(enable(MINE, 1, IRQ), 0);
	on_pe(1);
	request(NW, SP1);
	CHECK_EQUAL(enable(MINE, 1, IRQ), 0);
	CHECK_EQUAL(enable(MINE, 0, IRQ), 0);
	CHECK(machine(MINE).enabled);
	on_pe(0);
	CHECK_EQUAL(enable(MINE, 0, IRQ), 0);
	CHECK(!machine(MINE).enabled);
}

TEST(a_private_interrupt_is_the_contexts_own)
{
	sp1_runs(INSTANCE_S1MP, 2);
	CHECK_EQUAL(enable(PPI, 1, IRQ), 0);
	on_pe(1);
	CHECK(!machine(PPI).enabled);
	request(NW, SP1);
	CHECK_EQUAL(enable(PPI, 1, IRQ), 0);
	CHECK(machine(PPI).enabled);
	CHECK_EQUAL(enable(PPI, 0, IRQ), 0);
	CHECK(!machine(PPI).enabled);
	on_pe(0);
	CHECK(machine(PPI).enabled);
}

TEST(an_interrupt_that_is_disabled_while_it_pends_comes_when_it_is_enabled_again)
{
	sp1_runs(INSTANCE_S1MP, 1);
	CHECK_EQUAL(enable(MINE, 1, IRQ), 0);
	interrupt_comes(MINE);
	CHECK_EQUAL(enable(MINE, 0, IRQ), 0);
	CHECK(!irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), VIRQ_NONE);

	CHECK_EQUAL(enable(MINE, 1, IRQ), 0);
	CHECK(irq_line(SP1, 0));
	CHECK_EQUAL(fetch(), MINE);
}

TEST(s_el0_has_all_of_its_own_enabled_and_may_change_that)
{
	sp1_runs(INSTANCE_S0, 1);
	CHECK(machine(MINE).enabled);
	CHECK(machine(PPI).enabled);
	CHECK_EQUAL(enable(MINE, 0, IRQ), 0);
	CHECK(!machine(MINE).enabled);
	CHECK_EQUAL(enable(VIRQ_TIMER, 0, IRQ), 0);
	CHECK_EQUAL(enable(VIRQ_MANAGED_EXIT, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(VIRQ_NOTIFICATION, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(VIRQ_IPI, 1, IRQ), FAILED);
	CHECK_EQUAL(enable(SPI_OF(SP2), 1, IRQ), FAILED);
}

/* ---- get, deactivate ---------------------------------------------------------------------------- */

TEST(an_interrupt_may_come_again_when_the_next_is_fetched)
{
	sp1_runs(INSTANCE_S1MP, 1);
	enable(MINE, 1, IRQ);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
	CHECK(machine(MINE).active);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);

	CHECK_EQUAL(fetch(), VIRQ_NONE);
	CHECK(!machine(MINE).active);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
}

TEST(an_interrupt_may_come_again_when_it_is_deactivated)
{
	sp1_runs(INSTANCE_S1MP, 1);
	enable(MINE, 1, IRQ);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);

	CHECK_EQUAL(paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0), 0);
	CHECK(!machine(MINE).active);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
}

TEST(what_was_not_fetched_is_not_deactivated)
{
	sp1_runs(INSTANCE_S1MP, 1);
	enable(MINE, 1, IRQ);
	interrupt_comes(MINE);

	CHECK_EQUAL(paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0), 0);
	CHECK(machine(MINE).active);
	CHECK(irq_line(SP1, 0));
}

TEST(interrupts_of_others_are_not_deactivated)
{
	interrupts_add_usual(INSTANCE_S1MP);
	interrupts_boot(1);
	interrupt_comes(MINE);
	CHECK_EQUAL(fetch(), MINE);
	request(SP1, SP2);

	CHECK_EQUAL(paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0), 0);
	CHECK(machine(MINE).active);
}

TEST(only_the_one_named_is_deactivated)
{
	sp1_runs(INSTANCE_S1MP, 1);
	enable(MINE, 1, IRQ);
	enable(PPI, 1, IRQ);
	interrupt_comes(MINE);
	interrupt_comes(PPI);
	CHECK_EQUAL(fetch(), PPI); /* the lowest first */
	CHECK_EQUAL(paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0), 0);
	CHECK(machine(MINE).active);
	CHECK(machine(PPI).active);
	CHECK_EQUAL(paravirt(INTERRUPT_DEACTIVATE, PPI, PPI, 0), 0);
	CHECK(!machine(PPI).active);
	CHECK_EQUAL(fetch(), MINE);
}

TEST(a_level_that_is_not_released_comes_again_and_one_that_is_does_not)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupts[0].level = true;
	interrupts_boot(1);
	request(NW, SP1);
	host_interrupt_hold(MINE, true);
	take_interrupt();
	CHECK_EQUAL(fetch(), MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);

	take_interrupt();
	CHECK_EQUAL(fetch(), MINE);
	host_interrupt_hold(MINE, false);
	paravirt(INTERRUPT_DEACTIVATE, MINE, MINE, 0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	CHECK_EQUAL(machine(MINE).taken, 2);
}

/* ---- reconfigure -------------------------------------------------------------------------------- */

TEST(an_interrupt_goes_to_the_pe_that_was_asked_for)
{
	sp1_runs(INSTANCE_S1MP, 4);
	enable(MINE, 1, IRQ);
	for (unsigned pe = 0; pe < 4; pe++) {
		CHECK_EQUAL(reconfigure(MINE, TARGET, pe), 0);
		CHECK_EQUAL(machine(MINE).mpidr, pe);
	}
}

TEST(a_pe_that_is_off_gets_it_when_it_comes_up)
{
	sp1_runs(INSTANCE_S1MP, 3);
	on_pe(2);
	power_off();
	on_pe(0);
	take_interrupt();
	CHECK_EQUAL(reconfigure(MINE, TARGET, 2), 0);
	CHECK_EQUAL(machine(MINE).mpidr, 0);
	power_on(2);
	CHECK_EQUAL(machine(MINE).mpidr, 2);
}

TEST(targets_that_make_no_sense_are_refused)
{
	struct known before;

	sp1_runs(INSTANCE_S1MP, 2);
	before = know();
	CHECK_EQUAL(reconfigure(MINE, TARGET, 2), FAILED);
	CHECK_EQUAL(reconfigure(MINE, TARGET, 0xFFFFFFFF), FAILED);
	CHECK_EQUAL(reconfigure(PPI, TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(EXTENDED_PPI, TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(SPI_OF(SP2), TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(VIRQ_TIMER, TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(VIRQ_IPI, TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(VIRQ_NONE, TARGET, 0), FAILED);
	check_nothing_changed(before);
	CHECK_EQUAL(reconfigure(EXTENDED_SPI, TARGET, 1), 0);
}

TEST(a_partition_that_migrates_asks_for_its_own_pe_alone)
{
	sp1_runs(INSTANCE_S1UP, 2);
	CHECK_EQUAL(reconfigure(MINE, TARGET, 1), FAILED);
	CHECK_EQUAL(reconfigure(MINE, TARGET, 0), 0);
	respond(SP1, NW);
	on_pe(1);
	request(NW, SP1);
	CHECK_EQUAL(reconfigure(MINE, TARGET, 0), FAILED);
	CHECK_EQUAL(reconfigure(MINE, TARGET, 1), 0);
	CHECK_EQUAL(machine(MINE).mpidr, 1);
}

TEST(an_interrupt_is_given_to_the_normal_world_where_the_manifest_allows)
{
	struct known before;

	sp1_runs(INSTANCE_S1MP, 1);
	before = know();
	CHECK_EQUAL(reconfigure(MINE, SECURITY, 0), FAILED);
	CHECK_EQUAL(reconfigure(MINE, SECURITY, 2), FAILED);
	CHECK_EQUAL(reconfigure(SPI_OF(SP2), SECURITY, 1), FAILED);
	CHECK_EQUAL(reconfigure(VIRQ_NOTIFICATION, SECURITY, 1), FAILED);
	check_nothing_changed(before);
	CHECK_EQUAL(reconfigure(MINE, SECURITY, 1), 0);
	CHECK(machine(MINE).secure);
}

TEST(an_interrupt_goes_to_the_normal_world_and_back)
{
	interrupts_add_usual(INSTANCE_S1MP);
	config_of(SP1)->interrupts_may_be_non_secure = true;
	interrupts_boot(1);
	request(NW, SP1);

	CHECK_EQUAL(reconfigure(MINE, SECURITY, 0), 0);
	CHECK(!machine(MINE).secure);
	host_interrupt_raise(MINE);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_NONE);
	CHECK_EQUAL(reconfigure(MINE, SECURITY, 1), 0);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), MINE);
}

TEST(reconfigure_enables_and_disables_as_enable_does)
{
	struct known before;

	sp1_runs(INSTANCE_S1MP, 1);
	CHECK_EQUAL(reconfigure(MINE, ENABLE, 1), 0);
	CHECK(machine(MINE).enabled);
	CHECK_EQUAL(reconfigure(MINE, ENABLE, 0), 0);
	CHECK(!machine(MINE).enabled);
	before = know();
	CHECK_EQUAL(reconfigure(MINE, ENABLE, 2), FAILED);
	CHECK_EQUAL(reconfigure(MINE, ENABLE, 0xFFFFFFFF), FAILED);
	CHECK_EQUAL(reconfigure(MINE, 3, 1), FAILED);
	CHECK_EQUAL(reconfigure(MINE, 0xFFFFFFFF, 1), FAILED);
	CHECK_EQUAL(reconfigure(SPI_OF(SP2), ENABLE, 1), FAILED);
	CHECK_EQUAL(reconfigure(VIRQ_TIMER, ENABLE, 1), FAILED);
	check_nothing_changed(before);
}

TEST(upper_halves_do_not_count)
{
	uint64_t dirty = UINT64_C(0xDEADBEEF00000000);

	sp1_runs(INSTANCE_S1MP, 2);
	CHECK_EQUAL(reconfigure(dirty | MINE, dirty | ENABLE, dirty | 1), 0);
	CHECK(machine(MINE).enabled);
	CHECK_EQUAL(reconfigure(dirty | MINE, dirty | TARGET, dirty | 1), 0);
	CHECK_EQUAL(machine(MINE).mpidr, 1);
}
