/* SPDX-License-Identifier: BSD-3-Clause */
/* Where random numbers come from, arch/aarch64/boot_random.c, with an EL3 that has, lacks or runs out of entropy. */
#include "arch/aarch64/boot_random.c"

#include "tests/unit/unit.h"

#define UNKNOWN UINT64_MAX
#define NO_ENTROPY ((uint64_t)-3)

struct cpu_features cpu_features;

/* EL3. */
static uint64_t version, feature;
static unsigned draws, dry_draws;

void arch_smc(uint64_t x[18])
{
	switch (x[0]) {
	case TRNG_VERSION:
		x[0] = version;
		break;
	case TRNG_FEATURES:
		x[0] = x[1] == TRNG_RND_64 ? feature : UNKNOWN;
		break;
	case TRNG_RND_64:
		CHECK_EQUAL(x[1], 64);
		x[0] = draws < dry_draws ? NO_ENTROPY : 0;
		x[1] = 0;
		x[2] = 0;
		x[3] = draws < dry_draws ? 0 : 0xA000 + draws;
		draws++;
		break;
	default:
		CHECK(false);
	}
}

static void machine(bool rndr, uint64_t trng_version, uint64_t trng_feature)
{
	cpu_features = (struct cpu_features){ .rndr = rndr };
	fake_rndr = 0x1234;
	fake_rndr_dry = 0;
	version = trng_version;
	feature = trng_feature;
	draws = 0;
	dry_draws = 0;
	boot_random_detect();
}

TEST(rndr_is_used_where_the_pe_has_it)
{
	machine(true, TRNG_VERSION_1_0, 0);
	CHECK_EQUAL(arch_random(), 0x1234);
	CHECK_EQUAL(cpu_features.trng, false);
	CHECK_EQUAL(draws, 0);
}

TEST(rndr_that_is_dry_for_a_moment_is_asked_again)
{
	machine(true, UNKNOWN, UNKNOWN);
	fake_rndr_dry = TRIES - 1;
	CHECK_EQUAL(arch_random(), 0x1234);
}

TEST(without_rndr_el3_is_asked)
{
	machine(false, TRNG_VERSION_1_0, 0);
	CHECK(cpu_features.trng);
	CHECK_EQUAL(arch_random(), 0xA000);
	CHECK_EQUAL(arch_random(), 0xA001);
}

TEST(an_el3_without_entropy_at_the_moment_is_asked_again)
{
	machine(false, TRNG_VERSION_1_0 + 1, 0);
	dry_draws = 3;
	CHECK_EQUAL(arch_random(), 0xA003);
}

TEST(an_el3_that_does_not_know_the_calls_is_not_asked_for_numbers)
{
	machine(false, UNKNOWN, UNKNOWN);
	CHECK_EQUAL(cpu_features.trng, false);
	CHECK(arch_random() != arch_random());
	CHECK_EQUAL(draws, 0);
	machine(false, 0xFFFFFFFF, 0); /* NOT_SUPPORTED, 32 bits */
	CHECK_EQUAL(cpu_features.trng, false);
	machine(false, TRNG_VERSION_1_0, UNKNOWN);
	CHECK_EQUAL(cpu_features.trng, false);
}

TEST(an_el3_that_stays_dry_ends_in_other_numbers_after_some_tries)
{
	machine(false, TRNG_VERSION_1_0, 0);
	dry_draws = UINT32_MAX;
	CHECK(arch_random() != arch_random());
	CHECK_EQUAL(draws, 2 * TRIES);
}
