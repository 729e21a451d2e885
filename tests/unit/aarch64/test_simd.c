/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who gets the vector registers and what happens to them, arch/aarch64/simd.c, step by step: FFR in streaming mode and
 * the order of lengths and loads do not show on an emulator.
 */
#include "arch/aarch64/simd.c"

#include "tests/unit/unit.h"

#define OPEN (CPTR_TRAP | CPTR_FPEN | CPTR_ZEN | CPTR_SMEN)
#define ZA_ON UINT64_C(2)
#define LENGTH 32U /* of vectors, bytes */

struct cpu_features cpu_features;

static struct arch_vectors vectors;
static struct arch_pe pe;
static struct arch_context simd_context, sve_context, other_sve_context;
static uint8_t memory[2][32 * LENGTH + 17 * LENGTH / 8];

/* ---- the instructions ---- */

void simd_save(struct arch_simd *simd)
{
	record("save simd", (uintptr_t)simd);
}

void simd_load(const struct arch_simd *simd)
{
	record("load simd", (uintptr_t)simd);
}

void simd_save_status(struct arch_simd *simd)
{
	record("save status", (uintptr_t)simd);
}

void simd_load_status(const struct arch_simd *simd)
{
	record("load status", (uintptr_t)simd);
}

void simd_save_scalable(void *to, bool ffr)
{
	record(ffr ? "save scalable with ffr" : "save scalable", (uintptr_t)to);
}

void simd_load_scalable(const void *from, bool ffr)
{
	record(ffr ? "load scalable with ffr" : "load scalable", (uintptr_t)from);
}

void simd_clear_scalable(void)
{
	record("clear scalable", 0);
}

size_t simd_vector_length(void)
{
	return (size_t)16 * ((fake_zcr_el2 & ZCR_LEN) + 1) > LENGTH ? LENGTH : 16;
}

uint64_t simd_read_fpmr(void)
{
	record("read fpmr", 0);
	return 0xF8;
}

void simd_write_fpmr(uint64_t value)
{
	record("write fpmr", value);
}

/* ---- the machine ---- */

/** The registers are the normal world's, after a call with @function; all features. */
static void machine(uint32_t function)
{
	cpu_features = (struct cpu_features){
		.sve = true, .sme = true, .sme_fa64 = true, .sve_length = LENGTH
	};
	memset(&vectors, 0, sizeof(vectors));
	pe = (struct arch_pe){ .vectors = &vectors, .last_call = function };
	memset(&simd_context, 0, sizeof(simd_context));
	memset(&sve_context, 0, sizeof(sve_context));
	memset(&other_sve_context, 0, sizeof(other_sve_context));
	arch_context_give_sve(&sve_context, memory[0]);
	arch_context_give_sve(&other_sve_context, memory[1]);
	fake_svcr = 0;
	fake_smcr_el1 = 3;
	fake_smcr_el2 = 4;
	fake_zcr_el1 = 5;
	fake_zcr_el2 = 6;
	record_count = 0;
}

static void expect(const struct record *expected, unsigned count)
{
	for (unsigned i = 0; i < count && i < record_count; i++) {
		CHECK_TEXT(records[i].what, expected[i].what);
		CHECK_EQUAL(records[i].operand, expected[i].operand);
	}
	CHECK_EQUAL(record_count, count);
	record_count = 0;
}

#define EXPECT(...)                                                          \
	do {                                                                 \
		const struct record expected_[] = { __VA_ARGS__ };           \
		expect(expected_, sizeof(expected_) / sizeof(expected_[0])); \
	} while (0)
#define AT(pointer) ((uintptr_t)(pointer))

TEST(a_normal_world_without_the_hint_keeps_all_of_its_vectors)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	simd_take(&pe, &simd_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 },
	       { "save scalable with ffr", AT(vectors.scalable) },
	       { "save status", AT(&vectors.simd) },
	       { "load simd", AT(&simd_context.machine.simd) });
	CHECK_EQUAL(simd_context.machine.cptr, CPTR_TRAP | CPTR_FPEN);

	simd_give_back(&pe);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 },
	       { "save simd", AT(&simd_context.machine.simd) }, { "msr zcr_el1", 5 },
	       { "msr zcr_el2", 6 }, { "msr smcr_el1", 3 }, { "isb", 0 },
	       { "load scalable with ffr", AT(vectors.scalable) },
	       { "load status", AT(&vectors.simd) });
	CHECK_EQUAL(simd_context.machine.cptr, CPTR_TRAP);
	CHECK(pe.simd_owner == NULL);
}

TEST(with_the_hint_only_128_bits_of_each_are_kept)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32 | FFA_FID_SVE_HINT);
	simd_take(&pe, &simd_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "save simd", AT(&vectors.simd) },
	       { "load simd", AT(&simd_context.machine.simd) });

	simd_give_back(&pe);
	CHECK_TEXT(records[record_count - 1].what, "load simd");
	CHECK_EQUAL(records[record_count - 1].operand, AT(&vectors.simd));
}

TEST(in_streaming_mode_ffr_is_opened_and_the_hint_means_nothing)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32 | FFA_FID_SVE_HINT);
	fake_svcr = SVCR_SM | ZA_ON;
	simd_take(&pe, &simd_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "msr smcr_el2", SMCR_FA64 | 4 },
	       { "isb", 0 }, { "save scalable with ffr", AT(vectors.scalable) },
	       { "save status", AT(&vectors.simd) }, { "msr smcr_el2", 4 }, { "msr svcr", ZA_ON },
	       { "load simd", AT(&simd_context.machine.simd) });

	simd_give_back(&pe);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 },
	       { "save simd", AT(&simd_context.machine.simd) }, { "msr zcr_el1", 5 },
	       { "msr zcr_el2", 6 }, { "msr smcr_el1", 3 }, { "isb", 0 },
	       { "msr svcr", SVCR_SM | ZA_ON }, { "msr smcr_el2", SMCR_FA64 | 4 }, { "isb", 0 },
	       { "load scalable with ffr", AT(vectors.scalable) },
	       { "load status", AT(&vectors.simd) }, { "msr smcr_el2", 4 });
}

TEST(streaming_mode_without_ffr_leaves_it_alone)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	cpu_features.sme_fa64 = false;
	fake_svcr = SVCR_SM;
	simd_take(&pe, &simd_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "save scalable", AT(vectors.scalable) },
	       { "save status", AT(&vectors.simd) }, { "msr smcr_el2", 4 }, { "msr svcr", 0 },
	       { "load simd", AT(&simd_context.machine.simd) });
}

TEST(fpmr_of_streaming_mode_is_read_before_and_written_behind_the_changes_of_mode)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	cpu_features.fpmr = true;
	fake_smcr_el2 = SMCR_FA64;
	fake_svcr = SVCR_SM;
	simd_take(&pe, &simd_context);
	CHECK_TEXT(records[4].what, "read fpmr");
	CHECK_TEXT(records[6].what, "msr svcr");

	record_count = 0;
	simd_give_back(&pe);
	CHECK_TEXT(records[7].what, "msr svcr");
	CHECK_TEXT(records[10].what, "write fpmr");
	CHECK_EQUAL(records[10].operand, 0xF8);
}

TEST(a_partition_with_sve_gets_the_length_its_memory_was_made_for_before_its_vectors)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32 | FFA_FID_SVE_HINT);
	sve_context.machine.zcr = 1;
	simd_take(&pe, &sve_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "save simd", AT(&vectors.simd) },
	       { "msr zcr_el1", 1 }, { "msr zcr_el2", LENGTH / 16 - 1 },
	       { "msr smcr_el1", SMCR_LEN }, { "isb", 0 },
	       { "load scalable with ffr", AT(memory[0]) },
	       { "load status", AT(&sve_context.machine.simd) });
	CHECK_EQUAL(sve_context.machine.cptr, CPTR_TRAP | CPTR_FPEN | CPTR_ZEN);
}

TEST(what_a_partition_with_sve_leaves_is_cleared_before_anyone_else_runs)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	simd_take(&pe, &sve_context);
	fake_zcr_el1 = 9;
	record_count = 0;
	simd_take(&pe, &simd_context);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "save scalable with ffr", AT(memory[0]) },
	       { "save status", AT(&sve_context.machine.simd) }, { "clear scalable", 0 },
	       { "load simd", AT(&simd_context.machine.simd) });
	CHECK_EQUAL(sve_context.machine.zcr, 9);
	CHECK_EQUAL(sve_context.machine.cptr, CPTR_TRAP);

	simd_give_back(&pe);
	CHECK_EQUAL(fake_zcr_el1, 5);
	CHECK_EQUAL(fake_zcr_el2, 6);
	CHECK_EQUAL(fake_smcr_el1, 3);
}

TEST(partitions_with_sve_hand_the_registers_to_each_other)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	simd_take(&pe, &sve_context);
	record_count = 0;
	simd_take(&pe, &other_sve_context);
	CHECK_TEXT(records[2].what, "save scalable with ffr");
	CHECK_EQUAL(records[2].operand, AT(memory[0]));
	CHECK_EQUAL(records[record_count - 2].operand, AT(memory[1]));
	CHECK(pe.simd_owner == &other_sve_context);
}

TEST(nobody_touches_vector_lengths_where_no_partition_has_sve)
{
	machine(FFA_MSG_SEND_DIRECT_REQ_32);
	cpu_features.sve_length = 0;
	simd_take(&pe, &simd_context);
	simd_give_back(&pe);
	for (unsigned i = 0; i < record_count; i++) {
		CHECK(strncmp(records[i].what, "msr z", 5) != 0);
	}
}

TEST(at_boot_there_is_nothing_of_the_normal_world_to_keep)
{
	machine(0);
	pe.vectors = NULL;
	simd_take(&pe, &simd_context);
	simd_give_back(&pe);
	CHECK_TEXT(records[record_count - 1].what, "load simd");
	CHECK(records[record_count - 1].operand != AT(&vectors.simd));
	for (unsigned i = 0; i < record_count; i++) {
		CHECK_EQUAL(strstr(records[i].what, "scalable") != NULL, false);
	}
}

TEST(memory_for_sve_is_as_large_as_the_longest_vectors_need)
{
	machine(0);
	cpu_features.sve_length = 0;
	CHECK_EQUAL(arch_context_sve_size(), 32 * LENGTH + 17 * LENGTH / 8 + 12);
	CHECK_EQUAL(cpu_features.sve_length, LENGTH);
	EXPECT({ "msr cptr_el2", OPEN }, { "isb", 0 }, { "msr zcr_el2", ZCR_LEN }, { "isb", 0 },
	       { "msr zcr_el2", 6 }, { "msr cptr_el2", CPTR_TRAP }, { "isb", 0 });

	cpu_features = (struct cpu_features){ 0 };
	CHECK_EQUAL(arch_context_sve_size(), 0);
}
