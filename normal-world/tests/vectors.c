/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Vector registers of systems/simd.toml: the normal world with SIMD, SVE or in streaming mode, partitions at
 * S-EL1 and S-EL0 with SIMD or SVE, each with a pattern of its own that has to be there again when it runs next.
 */
#include "partitions/test-image/vectors.h"
#include "normal-world/tests/simd.h"

#define METHODS                                                           \
	(FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | \
	 FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E570060U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0A60U + (n) \
		}                                                                      \
	}

static const struct subject simd_subjects[S_COUNT] = {
	{ S_SIMD, FFA_VERSION_1_2, 8, true, METHODS, 0x0E300000, UUID(1) },
	{ S_SVE, FFA_VERSION_1_2, 8, true, METHODS, 0x0E400000, UUID(2) },
	{ S_SIMD_UP, FFA_VERSION_1_2, 1, true, METHODS, 0x0E500000, UUID(3) },
	{ S_SVE_UP, FFA_VERSION_1_2, 1, true, METHODS, 0x0E600000, UUID(4) },
	{ S_SIMD_EL0, FFA_VERSION_1_2, 1, false, METHODS, 0x0E700000, UUID(5) },
	{ S_SVE_EL0, FFA_VERSION_1_2, 1, false, METHODS, 0x0E800000, UUID(6) },
};

#define ZCR_EL1 s3_0_c1_c2_0
#define ZCR_EL2 s3_4_c1_c2_0
#define SMCR_EL1 s3_0_c1_c2_6
#define SMCR_EL2 s3_4_c1_c2_6
#define SVCR s3_3_c4_c2_2
#define TPIDR2_EL0 s3_3_c13_c0_5
/* With the names above. */
#define READ(name) READ_SYSREG(name)
#define WRITE(name, value) WRITE_SYSREG(name, value)

#define CPTR_TSM (1ULL << 12)
#define SMCR_FA64 (1ULL << 31)
#define SVCR_SM 1U
#define SVCR_ZA 2U
#define LENGTH_MAX 0xFU

#define SWITCHES 10000U
#define ROUNDS_AT_ONCE 500U /* of all PEs together: a part of the test that ends well in time */
#define CONTEXTS 8U

uint64_t streaming_length(void);
void streaming_za_load(const void *rows);
void streaming_za_store(void *rows);

static bool has_sve(void)
{
	return (READ_SYSREG(id_aa64pfr0_el1) >> 32 & 0xF) != 0;
}

static bool has_sme(void)
{
	return (READ_SYSREG(id_aa64pfr1_el1) >> 24 & 0xF) != 0;
}

static bool has_sve_by_manifest(uint16_t id)
{
	return id == S_SVE || id == S_SVE_UP || id == S_SVE_EL0;
}

void simd_prepare(void)
{
	fixture_use(simd_subjects, S_COUNT);
	test_boot_anew_after_failure();
	fixture_prepare();
}

static void prepare(void)
{
	simd_prepare();
	if (!has_sve()) {
		test_skip("the machine has no SVE");
	}
}

/* ---- what everybody holds --------------------------------------------------------------------------- */

/* Seeds by partition and context; a partition with one context is used by one PE at a time. */
static uint64_t held[S_COUNT][CONTEXTS];
static uint32_t in_use[S_COUNT];

static uint64_t *held_by(uint16_t id)
{
	return &held[id - S_SIMD][context_on(id, pe_index())];
}

static bool take(uint16_t id)
{
	return subject_of(id)->context_count > 1 ||
	       __atomic_exchange_n(&in_use[id - S_SIMD], 1, __ATOMIC_ACQUIRE) == 0;
}

static void drop(uint16_t id)
{
	if (subject_of(id)->context_count == 1) {
		__atomic_store_n(&in_use[id - S_SIMD], 0, __ATOMIC_RELEASE);
	}
}

static uint64_t next_seed(uint16_t id, uint64_t *random)
{
	uint64_t seed = (random_next(random) | 2) & ~1ULL;

	return seed | (has_sve_by_manifest(id) ? TEST_VECTORS_SCALABLE : 0);
}

/** What the client holds while a call is made. */
struct mine {
	enum vectors_kind kind;
	uint64_t seed;
	uint64_t zcr_el1, zcr_el2, smcr_el1, smcr_el2, tpidr2, svcr;
	bool hint;
};

static struct vectors work[PE_MAX];

static void client_enable(void)
{
	if (has_sme()) {
		WRITE_SYSREG(cptr_el2, READ_SYSREG(cptr_el2) & ~CPTR_TSM);
	}
}

static struct mine choose(uint64_t *random)
{
	uint64_t r = random_next(random);
	struct mine mine = {
		.kind = (r & 3) == 0 ? VECTORS_SIMD : VECTORS_SCALABLE,
		.seed = random_next(random) | 1,
		.zcr_el1 = r >> 8 & LENGTH_MAX,
		.zcr_el2 = (r & 4) != 0 ? LENGTH_MAX : r >> 12 & LENGTH_MAX,
		.hint = (r & 3) == 0,
	};

	if (has_sme()) {
		mine.kind = (r & 3) == 1 ? VECTORS_STREAMING : mine.kind;
		mine.hint = mine.hint || ((r & 3) == 1 && (r & 8) != 0);
		mine.svcr = ((r & 3) == 1 ? SVCR_SM : 0) | ((r & 0x10) != 0 ? SVCR_ZA : 0);
		mine.smcr_el1 = r >> 16 & LENGTH_MAX;
		mine.smcr_el2 = (r >> 20 & LENGTH_MAX) | ((r & 0x20) != 0 ? SMCR_FA64 : 0);
		mine.tpidr2 = random_next(random);
	}
	return mine;
}

static void put_mine(const struct mine *mine)
{
	struct vectors *here = &work[pe_index()];

	client_enable();
	WRITE(ZCR_EL2, LENGTH_MAX);
	if (has_sme()) {
		WRITE(SVCR, 0);
		WRITE(SMCR_EL1, mine->smcr_el1);
		WRITE(SMCR_EL2, mine->smcr_el2);
		WRITE(TPIDR2_EL0, mine->tpidr2);
	}
	vectors_put(here, VECTORS_SCALABLE, 0); /* nothing of the past */
	WRITE(ZCR_EL1, mine->zcr_el1);
	WRITE(ZCR_EL2, mine->zcr_el2);
	if (has_sme()) {
		WRITE(SVCR, mine->svcr);
	}
	vectors_put(here, mine->kind, mine->seed);
}

static void check_mine(const struct mine *mine)
{
	struct vectors *here = &work[pe_index()];
	uint64_t different;

	if (has_sme()) {
		CHECK_EQ(READ(SVCR), mine->svcr);
		CHECK_EQ(READ(SMCR_EL1), mine->smcr_el1);
		CHECK_EQ(READ(SMCR_EL2), mine->smcr_el2);
		CHECK_EQ(READ(TPIDR2_EL0), mine->tpidr2);
	}
	CHECK_EQ(READ(ZCR_EL1), mine->zcr_el1);
	CHECK_EQ(READ(ZCR_EL2), mine->zcr_el2);
	different = vectors_compare(here, mine->kind, mine->seed);
	if (has_sme()) {
		WRITE(SVCR, 0);
	}
	if (different != 0) {
		test_note("kind %u zcr %lx %lx smcr %lx %lx svcr %lx hint %u", mine->kind,
			  mine->zcr_el1, mine->zcr_el2, mine->smcr_el1, mine->smcr_el2, mine->svcr,
			  mine->hint);
	}
	CHECK_EQ(different, 0);
	if (mine->kind == VECTORS_SIMD) {
		WRITE(ZCR_EL2, LENGTH_MAX);
		CHECK_EQ(vectors_foreign(here, 0), 0);
	}
}

/* ---- one round -------------------------------------------------------------------------------------- */

static uint16_t random_partition(uint64_t *random)
{
	return (uint16_t)(S_SIMD + random_next(random) % S_COUNT);
}

/** The message: TEST_VECTORS for @id, straight or by way of @through (0: straight). */
static struct ffa_regs vectors_message(const struct mine *mine, uint16_t id, uint16_t through,
				       uint64_t next)
{
	struct ffa_regs regs = command_call(id, TEST_VECTORS, *held_by(id), next, 0, 0);

	if (through != 0) {
		regs = command_call(through, TEST_FORWARD, id, TEST_VECTORS, *held_by(id), next);
	}
	regs.x[0] |= mine->hint ? FFA_FID_SVE_HINT : 0;
	return regs;
}

/** Those with a context for each PE send on: nobody else can be in their way. */
static uint16_t random_way(uint16_t id, uint64_t *random)
{
	uint16_t through = random_next(random) % 2 == 0 ? S_SIMD : S_SVE;

	return through != id && random_next(random) % 4 == 0 ? through : 0;
}

static void round_of(uint16_t id, uint16_t through, const struct mine *mine, uint64_t *random)
{
	uint64_t next = next_seed(id, random);
	struct ffa_regs regs = vectors_message(mine, id, through, next);

	put_mine(mine);
	regs = fixture_call(regs, __FILE__, __LINE__);
	check_mine(mine);
	CHECK(is_answer(&regs, through != 0 ? through : id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	if (regs.x[4] != 0) {
		test_note("%x by way of %x", id, through);
	}
	CHECK_EQ(regs.x[4], 0);
	*held_by(id) = next;
}

static uint64_t states[PE_MAX];

static void rounds_here(void *unused)
{
	uint64_t *random = &states[pe_index()];

	for (unsigned i = 0; i < ROUNDS_AT_ONCE / pe_count; i++) {
		struct mine mine = choose(random);
		uint16_t id = random_partition(random);

		while (!take(id)) {
			id = random_partition(random);
		}
		round_of(id, random_way(id, random), &mine, random);
		drop(id);
	}
}

/** Whatever partition is asked next, by whatever PE: all have what they had, first of all zeros. */
static void start_rounds(void)
{
	for (unsigned pe = 0; pe < pe_count; pe++) {
		states[pe] = 0x51D + pe;
	}
}

TEST_SHARED_IN(simd, vector_registers_hold_everybodys_patterns_over_10000_switches)
{
	prepare();
	start_rounds();
	for (unsigned i = 0; i < SWITCHES / ROUNDS_AT_ONCE; i++) {
		on_all_pes(rounds_here, NULL);
	}
}

/* ---- preempted -------------------------------------------------------------------------------------- */

static void take_timer_interrupt(void)
{
	interrupts_enable();
	interrupts_disable();
}

/** Lets @id put a pattern into its registers and spin, until it is preempted there. */
static void preempt_with_pattern(uint16_t id, uint64_t next, const struct mine *mine)
{
	struct ffa_regs regs = command_call(id, TEST_VECTORS, *held_by(id), next, 1, 0);

	area_of(id)->stop = 0;
	area_of(id)->progress = 0;
	do {
		put_mine(mine);
		timer_start(300);
		regs.x[0] |= mine->hint ? FFA_FID_SVE_HINT : 0;
		regs = fixture_call(regs, __FILE__, __LINE__);
		check_mine(mine);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
		take_timer_interrupt();
		regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32,
					    FFA_TARGET(id, context_on(id, pe_index())) } };
	} while (area_of(id)->progress == 0);
}

/** While it rests there, another one uses the registers. */
static void preempt_once(uint16_t id, uint16_t other, uint64_t *random)
{
	uint64_t next = next_seed(id, random);
	struct mine mine = choose(random);
	struct ffa_regs regs;

	preempt_with_pattern(id, next, &mine);
	mine = choose(random);
	if (other != id) {
		round_of(other, 0, &mine, random);
	}
	area_of(id)->stop = 1;
	put_mine(&mine);
	regs = FFA(FFA_RUN_32 | (mine.hint ? FFA_FID_SVE_HINT : 0),
		   FFA_TARGET(id, context_on(id, pe_index())));
	check_mine(&mine);
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[4], 0);
	*held_by(id) = next;
}

static void preempt_here(void *unused)
{
	uint64_t random = 0x9000 + pe_index();

	for (unsigned i = 0; i < 20; i++) {
		for (uint16_t id = S_SIMD; id < S_SIMD + S_COUNT; id++) {
			preempt_once(id, random_partition(&random), &random);
		}
	}
}

TEST_SHARED_IN(simd, vector_registers_are_there_again_after_preemption)
{
	prepare();
	on_each_pe(preempt_here, NULL);
}

/* ---- what else must stay ---------------------------------------------------------------------------- */

static uint64_t za_rows[256 * 256 / 8] __attribute__((aligned(16)));

static uint64_t za_word(uint64_t seed, unsigned i)
{
	return (seed + i) * 0x9E3779B97F4A7C15ULL;
}

/** Every partition once; those with SVE use vectors of all lengths. */
static void visit_all(uint64_t *random)
{
	for (uint16_t id = S_SIMD; id < S_SIMD + S_COUNT; id++) {
		uint64_t next = next_seed(id, random);
		struct ffa_regs regs = COMMAND(id, TEST_VECTORS, *held_by(id), next, 0, 0);

		CHECK_EQ(regs.x[4], 0);
		*held_by(id) = next;
	}
}

static void check_za(uint64_t svcr, uint64_t *random)
{
	unsigned words;
	uint64_t different = 0;

	client_enable();
	WRITE(SMCR_EL2, LENGTH_MAX | SMCR_FA64);
	WRITE(SMCR_EL1, 0); /* a shorter ZA at EL1 is no reason to shorten that of EL2 */
	WRITE(SVCR, svcr);
	words = (unsigned)(streaming_length() * streaming_length() / 8);
	for (unsigned i = 0; i < words; i++) {
		za_rows[i] = za_word(svcr, i);
	}
	streaming_za_load(za_rows);
	visit_all(random);
	CHECK_EQ(READ(SVCR), svcr);
	streaming_za_store(za_rows);
	for (unsigned i = 0; i < words; i++) {
		different += za_rows[i] != za_word(svcr, i);
	}
	WRITE(SVCR, 0);
	CHECK_EQ(different, 0);
}

TEST_SHARED_IN(simd, za_of_the_normal_world_stays_while_partitions_use_their_vectors)
{
	uint64_t random = 7;

	prepare();
	client_enable();
	if (!has_sme()) {
		test_skip("the machine has no SME");
	}
	for (unsigned i = 0; i < 20; i++) {
		check_za(SVCR_ZA, &random);
		check_za(SVCR_ZA | SVCR_SM, &random);
	}
}

/** The client's vectors, shortened while partitions with longer ones run, grow again: nothing of them is there. */
TEST_SHARED_IN(simd,
	       longer_vectors_of_partitions_do_not_show_behind_shorter_ones_of_the_normal_world)
{
	uint64_t random = 8;

	prepare();
	for (uint64_t length = 0; length < LENGTH_MAX; length++) {
		struct vectors *here = &work[pe_index()];

		WRITE(ZCR_EL2, LENGTH_MAX);
		vectors_put(here, VECTORS_SCALABLE, 0);
		WRITE(ZCR_EL2, length);
		visit_all(&random);
		WRITE(ZCR_EL2, LENGTH_MAX);
		CHECK_EQ(vectors_compare(here, VECTORS_SCALABLE, 0), 0);
	}
}

static void move_here(void *unused)
{
	uint64_t random = random_next(&states[0]);

	for (uint16_t id = S_SIMD_UP; id < S_SIMD + S_COUNT; id++) {
		uint64_t next = next_seed(id, &random);
		struct ffa_regs regs = COMMAND(id, TEST_VECTORS, *held_by(id), next, 0, 0);

		CHECK_EQ(regs.x[4], 0);
		*held_by(id) = next;
	}
}

TEST_SHARED_IN_MP(simd, vector_registers_follow_single_contexts_from_pe_to_pe)
{
	prepare();
	for (unsigned i = 0; i < 50; i++) {
		on_pe(i % pe_count, move_here, NULL);
	}
}
