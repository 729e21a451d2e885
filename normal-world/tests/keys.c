/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keys of pointer authentication, in systems/simd.toml: each partition at S-EL1 has its own, which are there again when
 * it runs next, as is what it signed; the client's stay. EL2 signs its own return addresses all the time.
 */
#include "normal-world/tests/simd.h"

#define MESSAGES 2000U
#define CONTEXTS 8U

static const uint16_t keyed[] = { S_SVE, S_SIMD_UP, S_SVE_UP };
#define KEYED (sizeof(keyed) / sizeof(keyed[0]))

static uint64_t held[KEYED][CONTEXTS];

static void prepare(void)
{
	simd_prepare();
	if ((READ_SYSREG(id_aa64isar1_el1) & 0xFF0) == 0 &&
	    (READ_SYSREG(s3_0_c0_c6_2) & 0xF000) == 0) {
		test_skip("the machine has no pointer authentication");
	}
}

/** One partition's turn, straight or by way of another one with keys. */
static void turn(unsigned who, uint16_t through, uint64_t next)
{
	uint16_t id = keyed[who];
	uint64_t *mine = &held[who][context_on(id, pe_index())];
	struct ffa_regs regs;

	if (through == 0 || through == id) {
		regs = COMMAND(id, TEST_KEYS, *mine, next, 0, 0);
	} else {
		regs = COMMAND(through, TEST_FORWARD, id, TEST_KEYS, *mine, next);
	}
	CHECK_EQ(regs.x[4], 0);
	*mine = next;
}

static void load_ours(uint64_t seed)
{
	WRITE_SYSREG(s3_0_c2_c1_0, seed);
	WRITE_SYSREG(s3_0_c2_c1_3, seed + 1);
	WRITE_SYSREG(s3_0_c2_c2_0, seed + 2);
	WRITE_SYSREG(s3_0_c2_c3_1, seed + 3);
}

static void check_ours(uint64_t seed)
{
	CHECK_EQ(READ_SYSREG(s3_0_c2_c1_0), seed);
	CHECK_EQ(READ_SYSREG(s3_0_c2_c1_3), seed + 1);
	CHECK_EQ(READ_SYSREG(s3_0_c2_c2_0), seed + 2);
	CHECK_EQ(READ_SYSREG(s3_0_c2_c3_1), seed + 3);
}

/** S-EL0 can try a key that nothing keeps from it: there is none of anybody's. */
static void check_s_el0(void)
{
	static uint64_t generic;
	uint64_t made = COMMAND(S_SIMD_EL0, TEST_KEYS, 0, 0x123456789, 0, 0).x[4];

	generic = generic == 0 ? made : generic;
	CHECK_EQ(made, generic);
}

static void turns_here(void *argument)
{
	uint64_t *random = argument;

	for (unsigned i = 0; i < MESSAGES / 10 / pe_count; i++) {
		uint64_t r = random_next(random);

		load_ours(r);
		turn((unsigned)(r % KEYED),
		     (r & 0x100) != 0   ? S_SIMD
		     : (r & 0x200) != 0 ? S_SVE
					: 0,
		     r | 1);
		if ((r & 0x400) != 0) {
			check_s_el0();
		}
		check_ours(r);
	}
}

/** What all have, they had on the PE before. */
TEST_SHARED_IN(simd, keys_are_everybodys_own_and_signatures_stay_good)
{
	uint64_t random = 11;

	prepare();
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned pe = 0; pe < pe_count; pe++) {
			on_pe(pe, turns_here, &random);
		}
	}
}
