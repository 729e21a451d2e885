/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SMCCC register rules for every interface in abi/ffa_abi.def, both ways; nothing of a partition leaks to
 * the normal world; the normal world's EL1 and SIMD state survives calls. fixture_call() checks x8-x30 of
 * each call of all other tests too.
 */
#include "normal-world/tests/fixture.h"

#define PATTERN(i) (0xC0DE000000000000ULL + 0x0001000100010001ULL * (i))

/* Numbers that would end the test instead of answering: a response completes the very message we use. */
static bool is_called_elsewhere(uint32_t number)
{
	return number == FFA_FID_NUMBER(FFA_MSG_WAIT_32);
}

struct interface {
	uint32_t function;
	bool extended;
};

#define R8 false
#define R18 true
#define R18_1_3 false /* the callers here are of 1.2 at most */
#define FFA_ABI(name, number, s32, s64, callers, reported, method, models, registers, ...) \
	{ FFA_FID32(number), false }, { FFA_FID64(number), registers },
static const struct interface interfaces[] = {
#include "abi/ffa_abi.def"
};
#undef FFA_ABI

static void check_kept(const struct interface *interface, const uint64_t before[31],
		       const uint64_t after[31])
{
	bool is_known_answer = (after[0] & 0xFF000000) == 0x84000000 ||
			       (after[0] & 0xFF000000) == 0xC4000000 || (int32_t)after[0] == -1;

	if (!is_known_answer) {
		test_note("call %x answers %lx", interface->function, after[0]);
		test_fail(__FILE__, __LINE__, "an FF-A answer", after[0], 0x84000060);
	}
	for (unsigned i = interface->extended ? 18 : 8; i < 31; i++) {
		if (after[i] != before[i]) {
			test_note("call %x changes x%u", interface->function, i);
			test_fail(__FILE__, __LINE__, "a register the call must keep", after[i],
				  before[i]);
		}
	}
	/* Answers of extended calls: zero where they define nothing, or what the caller had. */
	for (unsigned i = 8; interface->extended && after[0] == (uint32_t)FFA_ERROR_32 && i < 18;
	     i++) {
		if (after[i] != 0 && after[i] != before[i]) {
			test_note("call %x leaves something in x%u", interface->function, i);
			test_fail(__FILE__, __LINE__, "a register without meaning", after[i], 0);
		}
	}
}

static void every_interface_here(void *unused)
{
	for (unsigned n = 0; n < sizeof(interfaces) / sizeof(interfaces[0]); n++) {
		struct ffa_all_regs regs;
		uint64_t before[31];

		for (unsigned i = 0; i < 31; i++) {
			before[i] = i == 0 ? interfaces[n].function : i < 8 ? 0 : PATTERN(i);
			regs.x[i] = before[i];
		}
		ffa_call_all_smc(&regs);
		check_kept(&interfaces[n], before, regs.x);
	}
	(void)ffa_rxtx_unmap();
}

TEST(every_call_of_the_normal_world_keeps_x8_to_x30_on_every_pe)
{
	on_each_pe(every_interface_here, NULL);
}

static void every_interface_by(uint16_t id, enum ffa_conduit conduit)
{
	volatile struct test_area *area = area_of(id);

	for (unsigned n = 0; n < sizeof(interfaces) / sizeof(interfaces[0]); n++) {
		uint64_t before[31], after[31];
		struct ffa_regs regs;

		if (is_called_elsewhere(FFA_FID_NUMBER(interfaces[n].function))) {
			continue;
		}
		for (unsigned i = 0; i < 31; i++) {
			before[i] = i == 0 ? interfaces[n].function : i < 8 ? 0 : PATTERN(i);
			area->call_in[i] = before[i];
		}
		area->call_conduit = conduit;
		regs = command_call(id, TEST_CALL, 0, 0, 0, 0);
		(void)ffa_direct_request(&regs, 0, id);
		CHECK(is_answer(&regs, id));
		for (unsigned i = 0; i < 31; i++) {
			after[i] = area->call_out[i];
		}
		check_kept(&interfaces[n], before, after);
	}
}

TEST(every_call_of_partitions_keeps_x8_to_x30)
{
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->el1) {
			every_interface_by(subject->id, FFA_CONDUIT_SMC);
			every_interface_by(subject->id, FFA_CONDUIT_HVC);
		} else {
			every_interface_by(subject->id, FFA_CONDUIT_SVC);
		}
	}
	CHECK_ALL_ALIVE_BUT(0);
}

TEST(smc_and_hvc_serve_s_el1_partitions_alike)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs by_smc, by_hvc;

		if (!subject->el1) {
			continue;
		}
		by_smc = BY_CONDUIT(subject->id, FFA_CONDUIT_SMC, FFA_ID_GET_32);
		by_hvc = BY_CONDUIT(subject->id, FFA_CONDUIT_HVC, FFA_ID_GET_32);
		CHECK_EQ(by_smc.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(by_hvc.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(by_smc.x[2], subject->id);
		CHECK_EQ(by_hvc.x[2], subject->id);
		CHECK_ERROR(BY_CONDUIT(subject->id, FFA_CONDUIT_HVC, FFA_PARTITION_INFO_GET_32, 0,
				       0, 0, 0, 2),
			    FFA_INVALID_PARAMETERS);
	}
}

/** A call's 32-bit arguments: the upper halves mean nothing. */
TEST(upper_halves_of_32_bit_calls_are_ignored)
{
	uint64_t junk = 0xDEADBEEF00000000ULL;
	struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_32, junk, junk, junk, junk,
				   junk | FFA_PARTITION_INFO_COUNT_ONLY, junk, junk);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_32, junk | SP_MP1, junk, junk | TEST_ECHO, junk | 1,
		   junk | 2, junk | 3, junk | 4);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[4], (uint32_t)~1);
	for (unsigned i = 3; i < 8; i++) {
		CHECK_EQ(area_of(SP_MP1)->request[i] >> 32, 0);
	}
	regs = BY(SP_MP1, FFA_FEATURES_32, junk | (uint32_t)FFA_ID_GET_32, junk);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	regs = FFA(FFA_RUN_32, junk | FFA_TARGET(SP_MP1, context_on(SP_MP1, 0)), junk, junk, junk,
		   junk, junk, junk);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
}

TEST(the_sve_hint_is_accepted_and_not_shown)
{
	uint32_t hint = FFA_FID_SVE_HINT;
	struct ffa_regs regs = FFA((uint32_t)FFA_FEATURES_32 | hint, (uint32_t)FFA_ID_GET_32);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	regs = FFA((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64 | hint, SP_MP1, 0, TEST_ECHO, 1);
	CHECK(is_answer(&regs, SP_MP1));
	CHECK_EQ(area_of(SP_MP1)->request[0], (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64);
	FOR_EACH_SUBJECT(subject)
	{
		regs = BY(subject->id, (uint32_t)FFA_ID_GET_32 | hint);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[2], subject->id);
		CHECK_ERROR(BY(subject->id, (uint32_t)FFA_RX_RELEASE_32 | hint), FFA_DENIED);
	}
}

/* ---- state the calls must not touch ------------------------------------------------------------------------ */

#define EL1_REGISTERS(X)     \
	X(0, ttbr0_el1)      \
	X(1, ttbr1_el1)      \
	X(2, tcr_el1)        \
	X(3, mair_el1)       \
	X(4, amair_el1)      \
	X(5, vbar_el1)       \
	X(6, tpidr_el1)      \
	X(7, tpidr_el0)      \
	X(8, tpidrro_el0)    \
	X(9, contextidr_el1) \
	X(10, sctlr_el1)     \
	X(11, cpacr_el1)     \
	X(12, elr_el1)       \
	X(13, spsr_el1)      \
	X(14, esr_el1)       \
	X(15, far_el1)       \
	X(16, afsr0_el1)     \
	X(17, afsr1_el1)     \
	X(18, par_el1)       \
	X(19, sp_el0)        \
	X(20, sp_el1)        \
	X(21, csselr_el1)    \
	X(22, cntkctl_el1)   \
	X(23, mdscr_el1)     \
	X(24, cntv_cval_el0) \
	X(25, cntp_cval_el0) \
	X(26, vpidr_el2)     \
	X(27, vmpidr_el2)    \
	X(28, hcr_el2)       \
	X(29, cptr_el2)      \
	X(30, vtcr_el2)      \
	X(31, vttbr_el2)

static void load_el1(uint64_t seed)
{
	WRITE_SYSREG(ttbr0_el1, (seed + 1) << 12);
	WRITE_SYSREG(ttbr1_el1, (seed + 2) << 12);
	WRITE_SYSREG(mair_el1, seed * 0x0101010101010101ULL);
	WRITE_SYSREG(amair_el1, seed + 3);
	WRITE_SYSREG(vbar_el1, (seed + 4) << 11);
	WRITE_SYSREG(tpidr_el1, seed * 5);
	WRITE_SYSREG(tpidr_el0, seed * 6);
	WRITE_SYSREG(tpidrro_el0, seed * 7);
	WRITE_SYSREG(contextidr_el1, seed + 8);
	WRITE_SYSREG(cpacr_el1, 1U << 20);
	WRITE_SYSREG(elr_el1, seed * 12);
	WRITE_SYSREG(spsr_el1, 0x3C4);
	WRITE_SYSREG(esr_el1, seed & 0xFFFF);
	WRITE_SYSREG(far_el1, seed * 15);
	WRITE_SYSREG(afsr0_el1, seed + 16);
	WRITE_SYSREG(afsr1_el1, seed + 17);
	WRITE_SYSREG(sp_el0, seed * 19);
	WRITE_SYSREG(sp_el1, seed * 20);
	WRITE_SYSREG(cntkctl_el1, 3);
	WRITE_SYSREG(cntv_cval_el0, seed * 24);
	WRITE_SYSREG(cntp_cval_el0, seed * 25);
}

/** Everything that runs a partition of either kind, and a call answered by the SPMC. */
static void visit_secure_world(void)
{
	CHECK_ALL_ALIVE_BUT(0);
	CHECK_SUCCESS(FFA(FFA_FEATURES_32, (uint32_t)FFA_ID_GET_32));
	(void)COMMAND(SP_MP1, TEST_FORWARD, SP_EL0, TEST_ECHO, 0, 0);
}

static void check_el1_state(void *unused)
{
	uint64_t before[32], after[32];
	unsigned changed = 0;

	load_el1(0x00AB0000 + 0x1000ULL * pe_index() + 0x123);
#define BEFORE(number, name) before[number] = READ_SYSREG(name);
	EL1_REGISTERS(BEFORE)
	visit_secure_world();
#define AFTER(number, name)                                                         \
	after[number] = READ_SYSREG(name);                                          \
	if (after[number] != before[number]) {                                      \
		test_note(#name " was %lx, is %lx", before[number], after[number]); \
		changed++;                                                          \
	}
	EL1_REGISTERS(AFTER)
	CHECK_EQ(changed, 0);
}

TEST(system_registers_of_the_normal_world_survive_calls_on_every_pe)
{
	on_each_pe(check_el1_state, NULL);
}

static void check_simd_state(void *unused)
{
	static const uint16_t ids[] = { SP_MP1, SP_UP, SP_EL0 };
	uint64_t own = 0x1000000000000000ULL + pe_index();

	client_simd_load(own);
	for (unsigned i = 0; i < 3; i++) {
		(void)COMMAND(ids[i], TEST_SIMD_LOAD, 0x2000000000000000ULL * (i + 1) + pe_index(),
			      0, 0, 0);
		CHECK_EQ(client_simd_check(own), 0);
	}
	for (unsigned i = 0; i < 3; i++) {
		struct ffa_regs regs = COMMAND(ids[i], TEST_SIMD_CHECK,
					       0x2000000000000000ULL * (i + 1) + pe_index(), 0, 0,
					       0);

		CHECK_EQ(regs.x[4], 0);
		CHECK_EQ(client_simd_check(own), 0);
	}
}

TEST(simd_registers_of_the_worlds_and_partitions_do_not_mix)
{
	on_each_pe(check_simd_state, NULL);
}

static void load_simd_in(uint16_t id)
{
	(void)COMMAND(id, TEST_SIMD_LOAD, 0x7700000000000000ULL, 0, 0, 0);
}

static void check_simd_moved(void *argument)
{
	struct ffa_regs regs = COMMAND(*(const uint16_t *)argument, TEST_SIMD_CHECK,
				       0x7700000000000000ULL, 0, 0, 0);

	CHECK_EQ(regs.x[4], 0);
}

TEST_MP(simd_registers_follow_a_single_context_to_another_pe)
{
	uint16_t ids[] = { SP_UP, SP_EL0 };

	for (unsigned i = 0; i < 2; i++) {
		load_simd_in(ids[i]);
		on_pe(1, check_simd_moved, &ids[i]);
		on_pe(pe_count - 1, check_simd_moved, &ids[i]);
		check_simd_moved(&ids[i]);
	}
}

/* ---- from NS-EL1 ----------------------------------------------------------------------------------------------- */

struct el1_call {
	struct ffa_all_regs regs;
};

static uint64_t call_at_el1(void *argument)
{
	ffa_call_all_smc(&((struct el1_call *)argument)->regs);
	return READ_SYSREG(CurrentEL);
}

static void el1_calls_here(void *unused)
{
	struct el1_call call;
	uint64_t before[31];

	for (unsigned i = 0; i < 31; i++) {
		before[i] = PATTERN(i);
	}
	before[0] = (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32;
	before[1] = SP_MP1;
	before[2] = 0;
	before[3] = TEST_ECHO;
	before[4] = 0x4321;
	for (unsigned i = 0; i < 31; i++) {
		call.regs.x[i] = before[i];
	}
	CHECK_EQ(el1_run(call_at_el1, &call), 4);
	CHECK_EQ(call.regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(call.regs.x[3], TEST_DONE);
	CHECK_EQ(call.regs.x[4], (uint32_t)~0x4321);
	for (unsigned i = 8; i < 31; i++) {
		CHECK_EQ(call.regs.x[i], before[i]);
	}
}

TEST(a_kernel_at_ns_el1_is_served_on_every_pe)
{
	on_each_pe(el1_calls_here, NULL);
}
