/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Logical partitions of EL3 (DEN0077A, "Logical partitions"): the SPMC learns of them from the SPMD, once
 * and whatever the SPMD answers, and partitions find them behind the others by FFA_PARTITION_INFO_GET_REGS.
 * Requests that they send: test_el3.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define GET FFA_PARTITION_INFO_GET_REGS_64
#define LP(n) (0xFFC0U + (n))
#define LP_UUID_LOW(n) (UINT64_C(0x1111222200000000) | (n))
#define LP_UUID_HIGH UINT64_C(0x3333444455556666)
#define LP_IMAGE_LOW(n) (UINT64_C(0x7777888800000000) | (n))
#define LP_IMAGE_HIGH UINT64_C(0x9999AAAABBBBCCCC)

enum {
	SHORT = 24,
	LONG = 48,
	CALLS_MAX = 64, /* more questions than this are an endless loop */
};

/* ---- EL3 ---------------------------------------------------------------------------------------- */

/** What EL3 answers with, and what it was asked. */
static struct {
	unsigned count; /* logical partitions; 0: it knows no such call */
	unsigned size; /* of a descriptor, in bytes */
	uint32_t properties;
	uint16_t tag;
	unsigned calls;
	uint64_t starts[CALLS_MAX]; /* x3 of each question */
} el3;

/** Words of descriptor @n. */
static void describe(uint64_t *words, unsigned n)
{
	words[0] = (uint64_t)el3.properties << 32 | UINT64_C(1) << 16 | LP(n);
	words[1] = LP_UUID_LOW(n);
	words[2] = LP_UUID_HIGH;
	if (el3.size == LONG) {
		words[3] = LP_IMAGE_LOW(n);
		words[4] = LP_IMAGE_HIGH;
		words[5] = FFA_VERSION_1_3;
	}
}

static void note_question(const uint64_t x[18])
{
	CHECK_EQUAL(x[0], GET);
	CHECK_EQUAL(x[1], 0);
	CHECK_EQUAL(x[2], 0);
	for (unsigned i = 4; i < 18; i++) {
		CHECK_EQUAL(x[i], 0);
	}
	CHECK(el3.calls < CALLS_MAX);
	el3.starts[el3.calls++] = x[3];
}

static void refuse(uint64_t x[18], enum ffa_status status)
{
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = FFA_ERROR_32;
	x[2] = CODE(status);
}

/** As the SPMD answers: as many descriptors from the asked one on as fit. */
static void answer(uint64_t x[18], void *argument)
{
	unsigned start = (uint16_t)x[3];
	unsigned words = el3.size / sizeof(uint64_t);
	unsigned end = start + 15 / words;

	(void)argument;
	note_question(x);
	if (el3.count == 0 || start >= el3.count) {
		refuse(x, el3.count == 0 ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS);
		return;
	}
	end = end < el3.count ? end : el3.count;
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = FFA_SUCCESS_64;
	x[2] = (uint64_t)el3.size << 48 | (uint64_t)el3.tag << 32 | (uint64_t)(end - 1) << 16 |
	       (el3.count - 1);
	for (unsigned n = start; n < end; n++) {
		describe(&x[3 + words * (n - start)], n);
	}
}

static void el3_has(unsigned count, unsigned size)
{
	memset(&el3, 0, sizeof(el3));
	el3.count = count;
	el3.size = size;
	el3.properties = FFA_PROPERTY_DIRECT_REQ_SEND;
	host_smc_handler(answer, NULL);
}

/** SP1, of @version, runs; it is the only partition. */
static void sp1_runs(uint32_t version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = version;
	system_boot(1);
	request(NW, SP1);
}

/** How many entries SP1 is told of. */
static unsigned seen(void)
{
	CALL_WIDE(SP1, GET);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_64);
	return (uint16_t)registers()[2] + 1U;
}

/* ---- when EL3 is asked -------------------------------------------------------------------------- */

TEST(an_el3_without_partitions_is_asked_once)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(0, SHORT);

	CHECK_EQUAL(seen(), 1);
	CHECK_EQUAL(seen(), 1);
	CHECK_EQUAL(el3.calls, 1);
}

TEST(an_el3_that_knows_no_such_call_has_no_partitions)
{
	sp1_runs(FFA_VERSION_1_2);
	host_smc_handler(NULL, NULL);

	CHECK_EQUAL(seen(), 1);
}

TEST(an_el3_with_partitions_is_asked_once_for_all_pes)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_boot(2);
	el3_has(2, SHORT);
	request(NW, SP1);
	CHECK_EQUAL(seen(), 3);

	on_pe(1);
	request(NW, SP1);
	CHECK_EQUAL(seen(), 3);
	CHECK_EQUAL(el3.calls, 1);
}

TEST(el3_is_not_asked_before_the_first_pe_has_started)
{
	system_reset();
	el3_has(2, SHORT);
	system_add(SP1, INSTANCE_S1MP);
	system_build(1);
	system_begin();

	CHECK_EQUAL(seen(), 1);
	CHECK_EQUAL(el3.calls, 0);
	system_finish_start();
	request(NW, SP1);
	CHECK_EQUAL(seen(), 3);
	CHECK_EQUAL(el3.calls, 1);
}

TEST(el3_is_not_asked_for_the_normal_world_which_never_sees_its_partitions)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_boot(1);
	el3_has(2, SHORT);

	CALL(NW, GET);
	CHECK_EQUAL((uint16_t)registers()[2], 0); /* last index */
	CHECK_EQUAL(el3.calls, 0);
	request(NW, SP1);
	CHECK_EQUAL(seen(), 3);
	respond(SP1, NW);
	CALL(NW, GET);
	CHECK_EQUAL((uint16_t)registers()[2], 0);
	CALL_WIDE(NW, GET, LP_UUID_LOW(0), LP_UUID_HIGH);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(el3_is_not_asked_by_a_call_that_is_refused_for_its_arguments)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(2, SHORT);

	CALL_WIDE(SP1, GET, 0, 0, 0x10000);
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(el3.calls, 0);
}

/* ---- what EL3 answers --------------------------------------------------------------------------- */

TEST(short_descriptors_are_listed_behind_the_partitions)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(2, SHORT);

	CALL_WIDE(SP1, GET);
	CHECK_GOT_WIDE(SP1, FFA_SUCCESS_64, 0, 0x18000000020002, UINT64_C(0x70700028001),
		       0x1111111100008001, 0x3333333322222222, UINT64_C(0x10200000000) | 0x1FFC0,
		       LP_UUID_LOW(0), LP_UUID_HIGH, UINT64_C(0x10200000000) | 0x1FFC1,
		       LP_UUID_LOW(1), LP_UUID_HIGH);
}

TEST(long_descriptors_are_listed_with_image_and_version_for_a_1_3_caller)
{
	sp1_runs(FFA_VERSION_1_3);
	el3_has(1, LONG);

	CALL_WIDE(SP1, GET);
	CHECK_EQUAL(registers()[2], 0x30000000010001);
	CHECK_EQUAL(registers()[9], UINT64_C(0x10200000000) | 0x1FFC0);
	CHECK_EQUAL(registers()[10], LP_UUID_LOW(0));
	CHECK_EQUAL(registers()[11], LP_UUID_HIGH);
	CHECK_EQUAL(registers()[12], LP_IMAGE_LOW(0));
	CHECK_EQUAL(registers()[13], LP_IMAGE_HIGH);
	CHECK_EQUAL(registers()[14], FFA_VERSION_1_3);
	CHECK_EQUAL(registers()[15], 0);
}

TEST(long_descriptors_are_shortened_for_a_1_2_caller)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(1, LONG);

	CALL_WIDE(SP1, GET);
	CHECK_EQUAL(registers()[2], 0x18000000010001);
	CHECK_EQUAL(registers()[7], LP_UUID_LOW(0));
	CHECK_EQUAL(registers()[9], 0);
}

TEST(short_descriptors_have_no_image_and_version_1_2_for_a_1_3_caller)
{
	sp1_runs(FFA_VERSION_1_3);
	el3_has(1, SHORT);

	CALL_WIDE(SP1, GET);
	CHECK_EQUAL(registers()[2], 0x30000000010001);
	CHECK_EQUAL(registers()[10], LP_UUID_LOW(0));
	CHECK_EQUAL(registers()[12], 0);
	CHECK_EQUAL(registers()[13], 0);
	CHECK_EQUAL(registers()[14], FFA_VERSION_1_2);
}

TEST(answers_over_several_questions_are_all_taken)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(12, SHORT);

	CHECK_EQUAL(seen(), 13);
	CHECK_EQUAL(el3.calls, 3);
	CHECK_EQUAL(el3.starts[0], 0);
	CHECK_EQUAL(el3.starts[1], 5);
	CHECK_EQUAL(el3.starts[2], 10);
	for (unsigned n = 0; n < 12; n++) {
		CHECK_EQUAL(the_spmc()->el3_partitions[n].id, LP(n));
	}
}

TEST(the_tag_of_an_answer_is_given_back_with_the_next_question)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(12, SHORT);
	el3.tag = 0x1234;

	CHECK_EQUAL(seen(), 13);
	CHECK_EQUAL(el3.starts[0], 0);
	CHECK_EQUAL(el3.starts[1], 0x12340005);
	CHECK_EQUAL(el3.starts[2], 0x1234000A);
}

TEST(as_many_partitions_are_taken_as_there_are_ids)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(63, LONG);

	CHECK_EQUAL(seen(), 64);
	CHECK_EQUAL(el3.calls, 32);
	CHECK_EQUAL(the_spmc()->el3_partitions[62].id, LP(62));
}

TEST(more_partitions_than_there_are_ids_are_not_taken)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(200, SHORT);

	CHECK(seen() <= 64);
	CHECK(the_spmc()->el3_partition_count <= SPMC_EL3_PARTITION_MAX);
}

/* ---- what EL3 must not answer ------------------------------------------------------------------- */

/** Answers every question with the same x0 and x2. */
static struct {
	uint64_t x0, x2;
} fixed;

static void answer_fixed(uint64_t x[18], void *argument)
{
	(void)argument;
	note_question(x);
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = fixed.x0;
	x[2] = fixed.x2;
	for (unsigned i = 3; i < 18; i++) {
		x[i] = UINT64_C(0x1234567890ABCDEF);
	}
}

/** EL3 says @x0 and descriptors of @size up to @current of @last: SP1 sees @count of them. */
static void check_taken(uint64_t x0, uint64_t size, uint64_t current, uint64_t last, unsigned count)
{
	sp1_runs(FFA_VERSION_1_2);
	memset(&el3, 0, sizeof(el3));
	fixed.x0 = x0;
	fixed.x2 = size << 48 | current << 16 | last;
	host_smc_handler(answer_fixed, NULL);

	CHECK_EQUAL(seen(), 1 + count);
	CHECK_EQUAL(the_spmc()->el3_partition_count, count);
}

TEST(an_answer_that_is_no_64_bit_success_is_none)
{
	check_taken(FFA_SUCCESS_32, SHORT, 0, 0, 0);
	check_taken(FFA_ERROR_32, SHORT, 0, 0, 0);
	check_taken(FFA_INTERRUPT_32, SHORT, 0, 0, 0);
	check_taken(0, SHORT, 0, 0, 0);
}

TEST(descriptors_of_an_unknown_size_are_not_taken)
{
	check_taken(FFA_SUCCESS_64, 0, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 8, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 23, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 25, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 32, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 56, 0, 0, 0);
	check_taken(FFA_SUCCESS_64, 0xFFFF, 0, 0, 0);
}

TEST(more_descriptors_than_registers_hold_are_not_taken)
{
	check_taken(FFA_SUCCESS_64, SHORT, 5, 5, 0);
	check_taken(FFA_SUCCESS_64, LONG, 2, 2, 0);
	check_taken(FFA_SUCCESS_64, SHORT, 62, 62, 0);
	check_taken(FFA_SUCCESS_64, SHORT, 63, 63, 0);
	check_taken(FFA_SUCCESS_64, SHORT, 0xFFFF, 0xFFFF, 0);
}

TEST(as_many_descriptors_as_registers_hold_are_taken)
{
	check_taken(FFA_SUCCESS_64, SHORT, 4, 4, 5);
	check_taken(FFA_SUCCESS_64, LONG, 1, 1, 2);
}

TEST(an_answer_that_does_not_go_on_ends_the_questions)
{
	check_taken(FFA_SUCCESS_64, SHORT, 0, 9, 1);
	CHECK_EQUAL(el3.calls, 2);
	check_taken(FFA_SUCCESS_64, SHORT, 4, 0xFFFF, 5);
	CHECK_EQUAL(el3.calls, 2);
}

TEST(a_last_index_before_the_current_one_ends_the_questions)
{
	check_taken(FFA_SUCCESS_64, SHORT, 3, 1, 4);
	CHECK_EQUAL(el3.calls, 1);
}

/** Answers with one more descriptor each time, and promises a huge number. */
static void answer_one_more(uint64_t x[18], void *argument)
{
	uint64_t start = (uint16_t)x[3];

	(void)argument;
	note_question(x);
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = FFA_SUCCESS_64;
	x[2] = UINT64_C(24) << 48 | start << 16 | 0xFFFF;
	x[3] = LP(start);
}

TEST(a_list_that_never_ends_is_cut)
{
	sp1_runs(FFA_VERSION_1_2);
	memset(&el3, 0, sizeof(el3));
	host_smc_handler(answer_one_more, NULL);

	CHECK_EQUAL(seen(), 1 + SPMC_EL3_PARTITION_MAX);
	CHECK(el3.calls <= CALLS_MAX);
}

/* ---- what partitions see ------------------------------------------------------------------------ */

TEST(a_walk_pages_from_partitions_on_to_those_of_el3)
{
	uint16_t ids[12];

	system_reset();
	for (uint16_t i = 0; i < 4; i++) {
		system_add(SP1 + i, INSTANCE_S1UP);
	}
	system_boot(1);
	el3_has(8, SHORT);
	request(NW, SP1);

	for (unsigned start = 0; start < 12;) {
		CALL_WIDE(SP1, GET, 0, 0, start);
		CHECK_EQUAL((uint16_t)registers()[2], 11);
		for (unsigned at = 0; start <= (uint16_t)(registers()[2] >> 16); at++) {
			ids[start++] = (uint16_t)registers()[3 + 3 * at];
		}
	}
	for (uint16_t i = 0; i < 12; i++) {
		CHECK_EQUAL(ids[i], i < 4 ? SP1 + i : (int)LP(i - 4U));
	}
}

TEST(one_of_el3s_partitions_is_found_by_its_uuid)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(3, LONG);

	CALL_WIDE(SP1, GET, LP_UUID_LOW(1), LP_UUID_HIGH);
	CHECK_GOT_WIDE(SP1, FFA_SUCCESS_64, 0, 0x18000000000000, UINT64_C(0x10200000000) | 0x1FFC1);
	CALL_WIDE(SP1, GET, LP_UUID_LOW(3), LP_UUID_HIGH);
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, GET, LP_IMAGE_LOW(1), LP_IMAGE_HIGH); /* not for a 1.2 caller */
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
}

TEST(one_of_el3s_partitions_is_found_by_its_image_uuid_by_a_1_3_caller)
{
	sp1_runs(FFA_VERSION_1_3);
	el3_has(3, LONG);

	CALL_WIDE(SP1, GET, LP_IMAGE_LOW(1), LP_IMAGE_HIGH);
	CHECK_GOT_WIDE(SP1, FFA_SUCCESS_64, 0, 0x30000000000000, UINT64_C(0x10200000000) | 0x1FFC1,
		       LP_UUID_LOW(1), LP_UUID_HIGH, 0, 0, FFA_VERSION_1_3);
	CALL_WIDE(SP1, GET, LP_UUID_LOW(1), LP_UUID_HIGH);
	CHECK_GOT_WIDE(SP1, FFA_SUCCESS_64, 0, 0x30000000000000, UINT64_C(0x10200000000) | 0x1FFC1,
		       0, 0, LP_IMAGE_LOW(1), LP_IMAGE_HIGH, FFA_VERSION_1_3);
}

TEST(a_uuid_of_a_partition_and_of_one_of_el3s_finds_both)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->services[0].uuid =
		(struct ffa_uuid){ { 0, 0x11112222, 0x55556666, 0x33334444 } };
	system_boot(1);
	el3_has(3, SHORT);
	request(NW, SP1);

	CALL_WIDE(SP1, GET, LP_UUID_LOW(0), LP_UUID_HIGH);
	CHECK_EQUAL(registers()[2], 0x18000000010001);
	CHECK_EQUAL(registers()[3] & 0xFFFF, SP1);
	CHECK_EQUAL(registers()[6] & 0xFFFF, LP(0));
}

TEST(properties_that_a_1_2_caller_does_not_know_are_hidden)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(1, SHORT);
	el3.properties = 0xFFFFFFFF;

	CALL_WIDE(SP1, GET);
	CHECK_EQUAL(registers()[6] >> 32, 0x70F);
}

TEST(el3s_partitions_are_not_in_the_rx_buffer)
{
	sp1_runs(FFA_VERSION_1_2);
	el3_has(2, SHORT);
	CHECK_EQUAL(seen(), 3);
	map_rxtx(SP1);

	CALL(SP1, FFA_PARTITION_INFO_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 1, 24);
}

TEST(s_el0_partitions_see_el3s_too)
{
	system_boot_usual(1);
	el3_has(2, SHORT);
	request(NW, SP4);

	CALL_WIDE(SP4, GET, LP_UUID_LOW(1), LP_UUID_HIGH);
	CHECK_GOT_WIDE(SP4, FFA_SUCCESS_64, 0, 0x18000000000000, UINT64_C(0x10200000000) | 0x1FFC1);
}
