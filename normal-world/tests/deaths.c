/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions that cannot go on: they alone are lost, their requester is told, all others work
 * (DEN0077A, "Fatal errors of partitions"). Each test leaves dead bodies and has a boot of its own.
 */
#include "normal-world/tests/fixture.h"

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))

static struct ffa_regs kill(uint16_t id, enum test_death how, uint64_t address)
{
	return fixture_call(command_call(id, TEST_DIE, how, address, 0, 0), __FILE__, __LINE__);
}

static void check_dead(uint16_t id)
{
	struct ffa_regs regs = FFA(FFA_RUN_32, HERE(id));

	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(0, id), 0, TEST_ECHO),
		    FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, id), 0, TEST_ECHO),
		    FFA_ABORTED);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(regs.x[2], (uint32_t)FFA_ABORTED);
}

static void check_dead_here(void *id)
{
	check_dead(*(const uint16_t *)id);
}

static void check_others_alive(void *id)
{
	CHECK_ALL_ALIVE_BUT(*(const uint16_t *)id);
}

/** The requester learns of the death, which stays, on every PE; everybody else works. */
static void check_death(uint16_t id, enum test_death how, uint64_t address)
{
	CHECK_ALIVE(id);
	CHECK_ERROR(kill(id, how, address), FFA_ABORTED);
	on_each_pe(check_dead_here, &id);
	on_each_pe(check_others_alive, &id);
}

TEST_ALONE(an_mp_partition_that_dies_takes_nobody_along)
{
	fixture_prepare();
	check_death(SP_MP1, TEST_DEATH_UNHANDLED, 0);
}

TEST_ALONE(an_up_partition_that_dies_takes_nobody_along)
{
	fixture_prepare();
	check_death(SP_UP, TEST_DEATH_UNHANDLED, 0);
}

TEST_ALONE(a_1_0_partition_that_dies_takes_nobody_along)
{
	fixture_prepare();
	check_death(SP_UP0, TEST_DEATH_READ, 0x0E100000);
}

#define S_EL0_DEATH(name, how, address)            \
	TEST_ALONE(name)                           \
	{                                          \
		fixture_prepare();                 \
		check_death(SP_EL0, how, address); \
	}

S_EL0_DEATH(an_s_el0_partition_that_reads_the_managers_memory_dies_alone, TEST_DEATH_READ,
	    0x0E100000)
S_EL0_DEATH(an_s_el0_partition_that_writes_the_managers_memory_dies_alone, TEST_DEATH_WRITE,
	    0x0E110000)
S_EL0_DEATH(an_s_el0_partition_that_executes_the_managers_memory_dies_alone, TEST_DEATH_EXECUTE,
	    0x0E100000)
S_EL0_DEATH(an_s_el0_partition_that_reads_another_partition_dies_alone, TEST_DEATH_READ, 0x0EA04000)
S_EL0_DEATH(an_s_el0_partition_that_writes_another_partition_dies_alone, TEST_DEATH_WRITE,
	    0x0E304000)
S_EL0_DEATH(an_s_el0_partition_that_touches_a_device_dies_alone, TEST_DEATH_READ, 0x09000000)
S_EL0_DEATH(an_s_el0_partition_that_touches_the_interrupt_controller_dies_alone, TEST_DEATH_WRITE,
	    0x08000000)
S_EL0_DEATH(an_s_el0_partition_that_touches_the_normal_world_dies_alone, TEST_DEATH_READ,
	    0x50000000)
S_EL0_DEATH(an_s_el0_partition_that_touches_a_kernel_address_dies_alone, TEST_DEATH_READ,
	    0xFFFF800000000000ULL)
S_EL0_DEATH(an_s_el0_partition_that_writes_its_text_dies_alone, TEST_DEATH_WRITE, 0x0E904000)
S_EL0_DEATH(an_s_el0_partition_that_executes_its_region_dies_alone, TEST_DEATH_EXECUTE, 0x4E070000)
S_EL0_DEATH(an_s_el0_partition_that_jumps_to_nowhere_dies_alone, TEST_DEATH_UNHANDLED, 0)
S_EL0_DEATH(an_s_el0_partition_with_an_undefined_instruction_dies_alone, TEST_DEATH_UNDEFINED, 0)

/** Instructions that are not S-EL0's to use. */
static void check_conduit_kills(enum ffa_conduit conduit)
{
	volatile struct test_area *area = area_of(SP_EL0);
	uint16_t id = SP_EL0;

	area->call_conduit = conduit;
	area->call_in[0] = (uint32_t)FFA_ID_GET_32;
	CHECK_ERROR(fixture_call(command_call(id, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__),
		    FFA_ABORTED);
	on_each_pe(check_dead_here, &id);
	on_each_pe(check_others_alive, &id);
}

TEST_ALONE(an_s_el0_partition_that_uses_hvc_dies_alone)
{
	fixture_prepare();
	check_conduit_kills(FFA_CONDUIT_HVC);
}

TEST_ALONE(an_s_el0_partition_that_uses_smc_dies_alone)
{
	fixture_prepare();
	check_conduit_kills(FFA_CONDUIT_SMC);
}

TEST_ALONE(a_death_in_a_chain_is_told_to_the_caller_who_goes_on)
{
	uint16_t dead = SP_MP2;
	struct ffa_regs regs;

	fixture_prepare();
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, SP_MP1), 0, TEST_FORWARD, SP_MP2,
		   TEST_DIE, TEST_DEATH_UNHANDLED);
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_ABORTED);
	CHECK_EQ(area_of(SP_MP1)->forward[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(area_of(SP_MP1)->forward[2], (uint32_t)FFA_ABORTED);
	on_each_pe(check_dead_here, &dead);
	on_each_pe(check_others_alive, &dead);
}

TEST_ALONE(a_death_of_s_el0_in_a_chain_of_three_is_told_to_its_caller)
{
	uint16_t dead = SP_EL0;
	struct ffa_regs regs;

	fixture_prepare();
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, SP_MP1), 0, TEST_FORWARD,
		   (uint64_t)SP_UP | (uint64_t)SP_EL0 << 16, TEST_DIE, TEST_DEATH_READ, 0x0E100000);
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(regs.x[3], TEST_REFUSED);
	CHECK_EQ(regs.x[4], (uint32_t)FFA_ABORTED);
	CHECK_EQ(regs.x[5], SP_UP);
	on_each_pe(check_others_alive, &dead);
}

TEST_ALONE(a_death_in_own_time_is_told_to_the_scheduler)
{
	static const uint16_t ids[] = { SP_MP1, SP_UP, SP_EL0 };

	fixture_prepare();
	for (unsigned i = 0; i < 3; i++) {
		volatile struct test_area *area = area_of(ids[i]);
		struct ffa_regs regs;

		area->run_command[1] = TEST_DEATH_UNHANDLED;
		area->run_command[0] = TEST_DIE;
		regs = FFA(FFA_RUN_32, HERE(ids[i]));
		CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
		CHECK_EQ(regs.x[2], (uint32_t)FFA_ABORTED);
		CHECK(regs.x[1] == 0 || regs.x[1] == HERE(ids[i]));
		fixture_check_zero(&regs, 3, __FILE__, __LINE__);
		check_dead(ids[i]);
	}
	CHECK_ALIVE(SP_MP2);
	CHECK_ALIVE(SP_UP0);
	CHECK_ALIVE(SP_EL0B);
}

static void spin_until_dead(void *argument)
{
	uint16_t id = SP_MP1;
	struct ffa_regs regs = fixture_call(command_call(id, TEST_SPIN, 1 << 12, 0, 0, 0), __FILE__,
					    __LINE__);

	*(uint64_t *)argument = regs.x[0];
	CHECK(is_answer(&regs, id) || regs.x[2] == (uint32_t)FFA_ABORTED);
}

TEST_ALONE_MP(contexts_of_a_dead_partition_on_other_pes_come_to_an_end)
{
	uint64_t ended_with = 0;
	uint16_t id = SP_MP1;

	fixture_prepare();
	area_on(id, 1)->progress = 0;
	pe_post(1, spin_until_dead, &ended_with);
	while (area_on(id, 1)->progress == 0) {
		CHECK(!pe_wait(1, 1));
	}
	CHECK_ERROR(kill(id, TEST_DEATH_UNHANDLED, 0), FFA_ABORTED);
	area_on(id, 1)->stop = 1;
	wait_for_pe(1);
	CHECK_NE(ended_with, 0);
	on_each_pe(check_dead_here, &id);
	on_each_pe(check_others_alive, &id);
}

static void kill_here(void *id)
{
	CHECK_ERROR(kill(*(const uint16_t *)id, TEST_DEATH_UNHANDLED, 0), FFA_ABORTED);
}

TEST_ALONE_MP(a_preempted_partition_of_the_dead_is_not_resumed)
{
	uint16_t id = SP_MP1;
	struct ffa_regs regs;

	fixture_prepare();
	area_of(id)->stop = 0;
	timer_start(1000);
	regs = fixture_call(command_call(id, TEST_SPIN, 1 << 12, 0, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	interrupts_enable();
	interrupts_disable();
	on_pe(1, kill_here, &id);
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(regs.x[2], (uint32_t)FFA_ABORTED);
	on_each_pe(check_dead_here, &id);
	on_each_pe(check_others_alive, &id);
}

TEST_ALONE(the_dead_are_refused_politely_forever)
{
	uint16_t id = SP_UP;

	fixture_prepare();
	CHECK_ERROR(kill(id, TEST_DEATH_UNHANDLED, 0), FFA_ABORTED);
	for (unsigned i = 0; i < 100; i++) {
		check_dead(id);
		CHECK_ALIVE(SP_MP1);
	}
	/* PEs come and go without it. */
	if (pe_count > 1) {
		CHECK_EQ(pe_stop(1), 0);
		CHECK_EQ(pe_start(1), 0);
		on_pe(1, check_dead_here, &id);
		on_pe(1, check_others_alive, &id);
	}
}

TEST_ALONE_MP(a_dead_multi_context_partition_does_not_keep_pes_from_coming_up)
{
	uint16_t id = SP_MP1;

	fixture_prepare();
	CHECK_ERROR(kill(id, TEST_DEATH_UNHANDLED, 0), FFA_ABORTED);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(pe_stop(1), 0);
		CHECK_EQ(pe_start(1), 0);
		on_pe(1, check_dead_here, &id);
		on_pe(1, check_others_alive, &id);
	}
}
