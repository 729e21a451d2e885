/* SPDX-License-Identifier: BSD-3-Clause */
/* TEST_KEYS: keys of pointer authentication and what was signed with them, from one command to the next. */
#include "partitions/test-image/image.h"

#define READ(name)                                                           \
	({                                                                   \
		uint64_t value_;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                      \
	})
#define WRITE(name, value) \
	__asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((uint64_t)(value)) : "memory")

#define SCTLR_KEYS (1ULL << 31 | 1ULL << 30 | 1ULL << 27 | 1ULL << 13) /* EnIA, EnIB, EnDA, EnDB */
#define POINTER 0x0000000012345678ULL
#define DIFFERENT_SIGNATURE 0x100U /* beside the number of keys that differ */

#define KEYS(X)            \
	X(0, s3_0_c2_c1_0) \
	X(1, s3_0_c2_c1_1) \
	X(2, s3_0_c2_c1_2) \
	X(3, s3_0_c2_c1_3) \
	X(4, s3_0_c2_c2_0) \
	X(5, s3_0_c2_c2_1) \
	X(6, s3_0_c2_c2_2) \
	X(7, s3_0_c2_c2_3) \
	X(8, s3_0_c2_c3_0) \
	X(9, s3_0_c2_c3_1)

struct signatures {
	uint64_t instruction, data, generic;
};

static struct signatures held[PARTITION_MAX_CONTEXTS];

static uint64_t key(uint64_t seed, unsigned number)
{
	return seed == 0 ? 0 : (seed + number) * 0x9E3779B97F4A7C15ULL;
}

static struct signatures sign(uint64_t seed)
{
	struct signatures made = { POINTER, POINTER, 0 };

	__asm__ volatile(".arch armv8.3-a\n"
			 "pacib	%0, %3\n"
			 "pacda	%1, %3\n"
			 "pacga	%2, %3, %3\n"
			 : "+r"(made.instruction), "+r"(made.data), "=r"(made.generic)
			 : "r"(seed));
	return made;
}

static bool is_signed(struct signatures made, uint64_t seed)
{
	uint64_t generic;

	__asm__ volatile(".arch armv8.3-a\n"
			 "autib	%0, %3\n"
			 "autda	%1, %3\n"
			 "pacga	%2, %3, %3\n"
			 : "+r"(made.instruction), "+r"(made.data), "=r"(generic)
			 : "r"(seed));
	return made.instruction == POINTER && made.data == POINTER && generic == made.generic;
}

uint64_t machine_keys(unsigned context, uint64_t expected, uint64_t next)
{
	uint64_t different = 0;

	WRITE(sctlr_el1, READ(sctlr_el1) | SCTLR_KEYS);
#define COMPARE(number, name) different += READ(name) != key(expected, number);
	KEYS(COMPARE)
	if (expected != 0 && different == 0 && !is_signed(held[context], expected)) {
		different = DIFFERENT_SIGNATURE;
	}
#define LOAD(number, name) WRITE(name, key(next, number));
	KEYS(LOAD)
	held[context] = sign(next);
	return different;
}
