/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System registers of systems/simd.toml: an S-EL1 partition tries those of partitions/test-image/system_registers.def,
 * and gets what the table says; what the client has in its own stays.
 */
#include "normal-world/tests/simd.h"

/** By EL2, or by a PE that has FEAT_IDST and not the register. */
static bool is_undefined(uint64_t esr)
{
	return esr >> 26 == 0 || esr >> 26 == 0x18;
}

enum outcome {
	UNDEFINED,
	ZERO,
	SHOWN,
	IGNORED,
};

struct trial {
	const char *name;
	enum outcome read, write;
	bool is_instruction;
};

#define SYSTEM_REGISTER(name, encoding, read, write) { #name, read, write, false },
#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value) { #name, read, write, false },
#define SYSTEM_INSTRUCTION(name, word, gets) { #name, gets, gets, true },
static const struct trial trials[] = {
#include "partitions/test-image/system_registers.def"
};
#undef SYSTEM_REGISTER
#undef SYSTEM_REGISTER_OF_ALL
#undef SYSTEM_INSTRUCTION

enum { TRIALS = sizeof(trials) / sizeof(trials[0]) };

#define SYSTEM_REGISTER(name, encoding, read, write) LINE_##name,
#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value) LINE_##name,
#define SYSTEM_INSTRUCTION(name, word, gets) LINE_##name,
enum line {
#include "partitions/test-image/system_registers.def"
};
#undef SYSTEM_REGISTER
#undef SYSTEM_REGISTER_OF_ALL
#undef SYSTEM_INSTRUCTION

/* Each line of the client's own: a number for the register, from 0 on. */
#define SYSTEM_REGISTER(name, encoding, read, write)
#define SYSTEM_INSTRUCTION(name, word, gets)

#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value) OURS_##name,
enum ours {
#include "partitions/test-image/system_registers.def"
	OURS,
};
#undef SYSTEM_REGISTER_OF_ALL

/** Puts the client's values into its registers and remembers what came of them. */
static void load_ours(uint64_t held[OURS])
{
#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value) \
	WRITE_SYSREG(encoding, value);                             \
	held[OURS_##name] = READ_SYSREG(encoding);
#include "partitions/test-image/system_registers.def"
#undef SYSTEM_REGISTER_OF_ALL
}

static unsigned changed_ours(const uint64_t held[OURS])
{
	unsigned changed = 0;

#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value)                             \
	if (READ_SYSREG(encoding) != held[OURS_##name]) {                                      \
		test_note(#name " was %lx, is %lx", held[OURS_##name], READ_SYSREG(encoding)); \
		changed++;                                                                     \
	}
#include "partitions/test-image/system_registers.def"
#undef SYSTEM_REGISTER_OF_ALL
	return changed;
}

static void try_one(uint16_t id, unsigned line)
{
	const struct trial *trial = &trials[line];
	struct ffa_regs got;

	got = COMMAND(id, TEST_REGISTER, line, 0, 0x5EC4E7, 0);
	if (got.x[4] != (trial->read == UNDEFINED) || (got.x[4] != 0 && !is_undefined(got.x[6])) ||
	    (trial->read == ZERO && got.x[5] != 0)) {
		test_note("%s, read: faulted %lx, value %lx, esr %lx", trial->name, got.x[4],
			  got.x[5], got.x[6]);
		test_fail(__FILE__, __LINE__, "what the table says", got.x[4], trial->read);
	}
	if (trial->is_instruction) {
		return;
	}
	got = COMMAND(id, TEST_REGISTER, line, 1, 0x123456789ABCDEF0, 0);
	if (got.x[4] != (trial->write == UNDEFINED) || (got.x[4] != 0 && !is_undefined(got.x[6]))) {
		test_note("%s, write: faulted %lx, esr %lx", trial->name, got.x[4], got.x[6]);
		test_fail(__FILE__, __LINE__, "what the table says", got.x[4], trial->write);
	}
}

/** Without FEAT_ECV nothing traps the virtual timer: its values are only put back. */
static bool is_open(unsigned line)
{
	return (line == LINE_cntv_cval_el0 || line == LINE_cntv_ctl_el0) &&
	       READ_SYSREG(id_aa64mmfr0_el1) >> 60 == 0;
}

static void try_here(void *unused)
{
	static uint64_t held[PE_MAX][OURS];
	uint64_t *mine = held[pe_index()];

	load_ours(mine);
	for (unsigned line = 0; line < TRIALS; line++) {
		if (!is_open(line)) {
			try_one(S_SIMD, line);
		}
	}
	CHECK_EQ(changed_ours(mine), 0);
}

TEST_SHARED_IN(simd, registers_that_are_no_partitions_business_are_undefined_and_stay)
{
	simd_prepare();
	on_each_pe(try_here, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}

static uint64_t read_as(uint16_t id, enum line line)
{
	struct ffa_regs got = COMMAND(id, TEST_REGISTER, line, 0, 0, 0);

	CHECK_EQ(got.x[4], 0);
	return got.x[5];
}

/** An S-EL0 partition ends where the PE or EL2 keeps a register from it. */
static void end_by(uint16_t id, enum line line, bool write)
{
	CHECK_ALIVE(id);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(FFA_ID_NORMAL_WORLD, id), 0,
			TEST_REGISTER, line, write, 0x123456789ABCDEF0),
		    FFA_ABORTED);
}

static void end_both(enum line first, bool first_write, enum line second, bool second_write)
{
	uint64_t held[OURS];

	simd_prepare();
	load_ours(held);
	CHECK_NE(read_as(S_SIMD_EL0, LINE_cntvct_el0), 0);
	end_by(S_SIMD_EL0, first, first_write);
	end_by(S_SVE_EL0, second, second_write);
	CHECK_EQ(changed_ours(held), 0);
	CHECK_ALIVE(S_SIMD);
}

TEST_IN(simd, s_el0_cannot_write_context_numbers_and_has_no_performance_monitors)
{
	end_both(LINE_scxtnum_el0, true, LINE_pmcntenset_el0, false);
}

TEST_IN(simd, s_el0_reads_no_identification_and_cannot_write_tpidr2)
{
	end_both(LINE_id_aa64pfr0_el1, false, LINE_tpidr2_el0, true);
}

TEST_IN(simd, s_el0_without_sve_has_none_and_nobody_has_sme)
{
	end_both(LINE_rdvl, false, LINE_smstart_za, false);
}

TEST_IN(simd, s_el0_finds_nothing_that_is_implementation_defined_and_no_activity_monitor)
{
	end_both(LINE_implementation_defined_el0, false, LINE_amevcntr00_el0, false);
}

TEST_SHARED_IN(simd, sve_is_identified_to_those_who_asked_for_it)
{
	uint64_t sve = 0xFULL << 32;

	simd_prepare();
	CHECK_EQ(read_as(S_SIMD, LINE_id_aa64pfr0_el1) & sve, 0);
	CHECK_EQ(read_as(S_SVE, LINE_id_aa64pfr0_el1) & sve, READ_SYSREG(id_aa64pfr0_el1) & sve);
	CHECK_EQ(read_as(S_SVE_UP, LINE_id_aa64zfr0_el1), READ_SYSREG(s3_0_c0_c4_4));
	CHECK_EQ(read_as(S_SVE, LINE_id_aa64pfr0_el1) & ~sve,
		 read_as(S_SIMD, LINE_id_aa64pfr0_el1));
	CHECK_EQ(read_as(S_SVE, LINE_id_aa64smfr0_el1), 0);
}

#define VDISR_EL2 s3_4_c12_c1_1
#define READ(name) READ_SYSREG(name)
#define WRITE(name, value) WRITE_SYSREG(name, value)

/** A hypervisor's, for its own VMs. With HCR_EL2.AMO it is what EL1 calls DISR_EL1. */
TEST_SHARED_IN(simd, deferred_errors_are_everybodys_own)
{
	simd_prepare();
	if ((READ_SYSREG(id_aa64pfr0_el1) >> 28 & 0xF) == 0) {
		test_skip("the machine has no RAS");
	}
	WRITE(VDISR_EL2, 0x81000001);
	CHECK_EQ(READ(VDISR_EL2), 0x81000001);
	CHECK_EQ(COMMAND(S_SIMD, TEST_DISR, 0x80000002, 0, 0, 0).x[4], 0);
	CHECK_EQ(COMMAND(S_SIMD_UP, TEST_DISR, 0x80000003, 0, 0, 0).x[4], 0);
	CHECK_EQ(READ(VDISR_EL2), 0x81000001);
	CHECK_EQ(COMMAND(S_SIMD, TEST_DISR, 0, 0, 0, 0).x[4], 0x80000002);
	CHECK_EQ(COMMAND(S_SIMD_UP, TEST_DISR, 0, 0, 0, 0).x[4], 0x80000003);
	CHECK_EQ(READ(VDISR_EL2), 0x81000001);
	WRITE(VDISR_EL2, 0);
}
