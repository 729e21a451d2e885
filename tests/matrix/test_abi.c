/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The matrix: every function number in both widths x instance x version of the caller x runtime model,
 * against expectations that are not made from abi/ffa_abi.def. A row of that file without expectations
 * fails until somebody has read the specification again.
 *
 * Of each call: is it served, NOT_SUPPORTED, DENIED, or INVALID_PARAMETERS for a reserved register; who
 * runs then; are x1-x7 zero but for results, and x8-x17 the caller's or zero; all that with the SVE hint
 * as well, and with odd upper halves in the registers of SMC32 forms. That a refused call changes nothing
 * is checked by the fixture at every step. FFA_FEATURES has a file of its own.
 */
#include <stdio.h>

#include "tests/matrix/situation.h"

#define RESERVED_BIT UINT64_C(0x80) /* unless the expectation names another one */
#define RESERVED_BIT_WIDE (UINT64_C(1) << 63)
#define UPPER_HALF UINT64_C(0xDEADBEEF00000000)
#define X8_TO_X17 0x3FF00U

enum {
	WIDE_FIRST = 8,
	REGISTER_COUNT = 18, /* that calls may use */
	COMPLAINTS_MAX = 40,
};

enum outcome { SERVED, NOT_SUPPORTED, DENIED, BUSY, INVALID };

/** A call, and the registers of everybody before it. */
struct attempt {
	const struct situation *situation;
	uint64_t x[REGISTER_COUNT];
	uint64_t helper[REGISTER_COUNT];
	uint64_t normal_world[REGISTER_COUNT];
};

static unsigned tried, wrong;

static void expect(const struct attempt *attempt, const char *what, unsigned n, uint64_t actual,
		   uint64_t expected)
{
	if (actual == expected || wrong++ > COMPLAINTS_MAX) {
		return;
	}
	print_error("%s (x0 %llx): %s%u: 0x%llx, expected 0x%llx\n",
		    situation_text(attempt->situation), (unsigned long long)attempt->x[0], what, n,
		    (unsigned long long)actual, (unsigned long long)expected);
}

/* ---- what the expectations say ------------------------------------------------------------------ */

/** True when the interface exists for this caller in this form and version. */
static bool exists(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return e != NULL && (e->callers & situation->instance) != 0 &&
	       situation->minor >= (situation_is_64(situation) ? e->since_64 : e->since_32) &&
	       !(situation_is_64(situation) && (e->only_32 & situation->instance) != 0);
}

static bool model_allows(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	if (situation->instance == AT_NS) {
		return true;
	}
	if (situation->model == IN_DIRECT && situation->minor < e->direct_since) {
		return false;
	}
	return (e->models & situation->model) != 0;
}

static enum outcome outcome_of(const struct situation *situation)
{
	if (!exists(situation)) {
		return NOT_SUPPORTED;
	}
	if ((situation->expectation->busy & situation->model) != 0 &&
	    situation->instance != AT_NS) {
		return BUSY;
	}
	if ((situation->expectation->denied & situation->instance) != 0 ||
	    !model_allows(situation)) {
		return DENIED;
	}
	return SERVED;
}

/** True when x0-x17 of the call and its results mean something, not only x0-x7. */
static bool is_wide(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return situation_is_64(situation) && exists(situation) && e->wide_since != 0 &&
	       situation->minor >= e->wide_since;
}

/** Registers of who runs next that are the call's. */
static uint32_t payload_registers(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return is_wide(situation) ? e->payload : e->payload & ~X8_TO_X17;
}

/** True when x8-x17 must be zero. */
static bool upper_are_reserved(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return exists(situation) && e->reserved_wide && situation_is_64(situation) &&
	       situation->minor >= 2 && (payload_registers(situation) & X8_TO_X17) == 0;
}

/** Registers that have bits which must be zero. */
static uint32_t reserved_of(const struct situation *situation)
{
	return situation->expectation->reserved | (upper_are_reserved(situation) ? X8_TO_X17 : 0);
}

/** What is in w0 of who runs next. */
static uint64_t answer_of(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	if (e->answer == 0) {
		return situation->fid;
	}
	return e->answer_in_kind ? e->answer | (situation->fid & FFA_FID_SMC64) : e->answer;
}

/** Registers of who runs next that may be something. */
static uint32_t outputs_of(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return e->outputs | (situation->minor >= 3 ? e->outputs_1_3 : 0);
}

/* ---- what happened ------------------------------------------------------------------------------ */

static void check_refused(const struct attempt *attempt, enum ffa_status status)
{
	bool wide = is_wide(attempt->situation);
	const uint64_t *x = registers();

	expect(attempt, "who runs on PE ", 0, running(), situation_caller(attempt->situation));
	expect(attempt, "x", 0, x[0], FFA_ERROR_32);
	for (unsigned n = 1; n < REGISTER_COUNT; n++) {
		uint64_t zero_or_own = n < WIDE_FIRST || wide ? 0 : attempt->x[n];

		expect(attempt, "x", n, x[n], n == 2 ? CODE(status) : zero_or_own);
	}
}

/** The registers that @who had before the call. */
static const uint64_t *registers_before(const struct attempt *attempt, uint16_t who)
{
	if (who == situation_caller(attempt->situation)) {
		return attempt->x;
	}
	return who == NW ? attempt->normal_world : attempt->helper;
}

/** What of register @n of the call the interface passes on. */
static uint64_t payload_of(const struct attempt *attempt, unsigned n)
{
	return situation_is_64(attempt->situation) && n != 1 ? attempt->x[n]
							     : (uint32_t)attempt->x[n];
}

/** Of others than the caller only what is passed on changes in x8-x17: they wait for an answer to x0-x7. */
static void check_results(const struct attempt *attempt, uint16_t who, uint32_t payload,
			  uint32_t outputs)
{
	bool wide = who == situation_caller(attempt->situation) && is_wide(attempt->situation);
	const uint64_t *before = registers_before(attempt, who);
	const uint64_t *x = registers();

	for (unsigned n = 1; n < REGISTER_COUNT; n++) {
		if ((payload >> n & 1) != 0) {
			expect(attempt, "payload x", n, x[n], payload_of(attempt, n));
		} else if ((outputs >> n & 1) == 0) {
			expect(attempt, "x", n, x[n], n < WIDE_FIRST || wide ? 0 : before[n]);
		}
	}
}

static uint16_t who_runs_next(const struct situation *situation, enum next next)
{
	switch (next) {
	case HELPER:
		return SP2;
	case GIVER:
		return NW;
	default:
		return situation_caller(situation);
	}
}

static void check_served(const struct attempt *attempt)
{
	const struct situation *situation = attempt->situation;
	const struct expectation *e = situation->expectation;
	bool ignored = (e->ignored & situation->model) != 0;
	uint16_t who = who_runs_next(situation, ignored ? CALLER : e->next);

	expect(attempt, "who runs on PE ", 0, running(), who);
	if ((e->goes_on & situation->model) != 0) { /* nothing completes for it */
		for (unsigned n = 0; n < REGISTER_COUNT; n++) {
			expect(attempt, "x", n, registers()[n], registers_before(attempt, who)[n]);
		}
		return;
	}
	expect(attempt, "x", 0, registers()[0], ignored ? FFA_SUCCESS_32 : answer_of(situation));
	check_results(attempt, who, ignored ? 0 : payload_registers(situation),
		      ignored ? 0 : outputs_of(situation));
}

static void check_outcome(const struct attempt *attempt, enum outcome outcome)
{
	static const enum ffa_status refusals[] = { [NOT_SUPPORTED] = FFA_NOT_SUPPORTED,
						    [DENIED] = FFA_DENIED,
						    [BUSY] = FFA_BUSY,
						    [INVALID] = FFA_INVALID_PARAMETERS };

	if (outcome == SERVED) {
		check_served(attempt);
	} else {
		check_refused(attempt, refusals[outcome]);
	}
}

/* ---- calls -------------------------------------------------------------------------------------- */

/** The right arguments; odd values in x8-x17, unless they must be zero. */
static struct attempt new_attempt(const struct situation *situation)
{
	bool zero = upper_are_reserved(situation);
	struct attempt attempt = { .situation = situation };

	situation_arguments(situation, attempt.x);
	for (unsigned n = WIDE_FIRST; n < REGISTER_COUNT; n++) {
		attempt.x[n] = zero ? 0 : UINT64_C(0x5eed000000000000) | 0x1100 | n;
	}
	return attempt;
}

/** Makes the call of @attempt by @conduit in the situation that was reached. */
static void make(struct attempt *attempt, enum arch_conduit conduit, enum outcome expected)
{
	memcpy(attempt->helper, context_of(SP2, 0)->arch.x, sizeof(attempt->helper));
	memcpy(attempt->normal_world, context_of(NW, 0)->arch.x, sizeof(attempt->normal_world));
	tried++;
	CHECK_EQUAL(running(), situation_caller(attempt->situation));
	call_through(conduit, attempt->x, REGISTER_COUNT);
	check_outcome(attempt, expected);
}

static enum arch_conduit conduit_of(const struct situation *situation)
{
	return situation->instance == AT_S0 ? ARCH_CONDUIT_SVC : ARCH_CONDUIT_SMC;
}

static void try_plain(const struct situation *situation)
{
	struct attempt attempt = new_attempt(situation);

	situation_reach(situation);
	make(&attempt, conduit_of(situation), outcome_of(situation));
}

/** S-EL1 partitions may call by HVC as well. */
static void try_by_hvc(const struct situation *situation)
{
	struct attempt attempt = new_attempt(situation);

	if ((situation->instance & AT_S1) != 0) {
		situation_reach(situation);
		make(&attempt, ARCH_CONDUIT_HVC, outcome_of(situation));
	}
}

static void try_with_hint(const struct situation *situation)
{
	struct attempt attempt = new_attempt(situation);

	if (situation->instance == AT_NS && situation->fid == FFA_INTERRUPT_32) {
		return; /* EL3's word, no call */
	}
	attempt.x[0] |= FFA_FID_SVE_HINT;
	situation_reach(situation);
	make(&attempt, conduit_of(situation), outcome_of(situation));
}

/** SMC32 forms are about low halves only. */
static void try_with_upper_halves(const struct situation *situation)
{
	struct attempt attempt = new_attempt(situation);

	if (situation_is_64(situation)) {
		return;
	}
	for (unsigned n = 0; n < WIDE_FIRST; n++) {
		attempt.x[n] |= UPPER_HALF;
	}
	situation_reach(situation);
	make(&attempt, conduit_of(situation), outcome_of(situation));
}

/** A bit of the reserved registers of @e, x8-x17 apart, that has no meaning. */
static uint64_t reserved_bit(const struct expectation *e)
{
	return e->reserved_bit != 0 ? e->reserved_bit : RESERVED_BIT;
}

static enum outcome outcome_with_reserved(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return e->reserved_before != 0 && situation->minor >= e->reserved_before
		       ? outcome_of(situation)
		       : INVALID;
}

static void try_with_reserved(const struct situation *situation)
{
	uint32_t reserved = exists(situation) ? reserved_of(situation) : 0;

	for (unsigned n = 1; n < REGISTER_COUNT; n++) {
		struct attempt attempt = new_attempt(situation);

		if ((reserved >> n & 1) != 0) {
			attempt.x[n] |= n < WIDE_FIRST ? reserved_bit(situation->expectation)
						       : RESERVED_BIT_WIDE;
			situation_reach(situation);
			make(&attempt, conduit_of(situation), outcome_with_reserved(situation));
		}
	}
}

/** Both forms of the interfaces with numbers from @first to @last, in all situations. */
static void try_interfaces(uint32_t first, uint32_t last)
{
	for (size_t i = 0; i < expectation_count * 2; i++) {
		const struct expectation *e = &expectations[i / 2];
		struct situation situation = {
			.fid = i % 2 == 0 ? FFA_FID32(e->number) : FFA_FID64(e->number),
			.expectation = e,
		};

		if (e->number < first || e->number > last) {
			continue;
		}
		while (situation_next(&situation)) {
			try_plain(&situation);
			try_by_hvc(&situation);
			try_with_hint(&situation);
			try_with_upper_halves(&situation);
			try_with_reserved(&situation);
		}
	}
	print_message("%u calls\n", tried);
	CHECK(tried > 0 && wrong == 0);
}

TEST(status_codes_are_calls_only_where_the_specification_says_so)
{
	try_interfaces(0x60, 0x62);
}

TEST(setup_and_discovery_are_for_everybody_at_any_time)
{
	try_interfaces(0x63, 0x6A);
}

TEST(cycles_move_as_the_runtime_models_say)
{
	try_interfaces(0x6B, 0x6E);
}

TEST(direct_messages_are_sent_and_answered_as_the_runtime_models_say)
{
	try_interfaces(0x6F, 0x70);
}

TEST(the_rest_of_1_0_is_served_as_the_specification_says)
{
	try_interfaces(0x71, 0x7C);
}

TEST(interfaces_of_1_1_are_there_from_1_1_on)
{
	try_interfaces(0x7D, 0x89);
}

TEST(interfaces_of_1_2_and_later_are_there_from_then_on)
{
	try_interfaces(0x8A, FFA_NUMBER_LAST);
}

/** In one situation: a refused call changes nothing. */
static void try_numbers_without_interface(struct situation situation)
{
	situation_reach(&situation);
	for (uint32_t at = FFA_NUMBER_FIRST * 4; at < (FFA_NUMBER_LAST + 1) * 4; at++) {
		struct attempt attempt;

		situation.fid = at & 1 ? FFA_FID64(at >> 2) : FFA_FID32(at >> 2);
		if (expectation_numbered(at >> 2) == NULL) {
			attempt = new_attempt(&situation);
			attempt.x[0] |= at & 2 ? FFA_FID_SVE_HINT : 0;
			make(&attempt, conduit_of(&situation), NOT_SUPPORTED);
		}
	}
}

TEST(a_number_without_an_interface_is_not_supported_whoever_calls_it)
{
	struct situation situation = { 0 };

	while (situation_next(&situation)) {
		try_numbers_without_interface(situation);
	}
	print_message("%u calls\n", tried);
	CHECK_EQUAL(wrong, 0);
}

TEST(a_normal_world_that_never_asked_is_served_as_one_of_1_2)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	system_finish_start();

	CALL(NW, FFA_FID64(0x6D), FFA_TARGET(SP1, 0)); /* RUN: of 1.3 */
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL_WIDE(NW, FFA_FID64(0x8D), FFA_ENDPOINTS(NW, SP1)); /* REQ2: of 1.2 */
	CHECK_EQUAL(running(), SP1);
}

/* ---- the table ---------------------------------------------------------------------------------- */

struct row {
	const char *name;
	uint32_t number;
};

static const struct row rows[] = {
#define FFA_ABI(abi_name, abi_number, ...) { .name = #abi_name, .number = (abi_number) },
#include "abi/ffa_abi.def"
#undef FFA_ABI
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

TEST(each_row_of_the_table_has_an_expectation)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct expectation *e = expectation_numbered(rows[i].number);

		if (e == NULL || strcmp(e->name, rows[i].name) != 0) {
			fail_msg("FFA_%s (0x%x): what does the specification say? expectations.c",
				 rows[i].name, rows[i].number);
		}
	}
}

TEST(each_expectation_has_a_row_in_the_table)
{
	for (size_t i = 0; i < expectation_count; i++) {
		bool found = false;

		for (size_t r = 0; r < ROW_COUNT; r++) {
			found = found || rows[r].number == expectations[i].number;
		}
		if (!found) {
			fail_msg("FFA_%s (0x%x) has no row in abi/ffa_abi.def",
				 expectations[i].name, expectations[i].number);
		}
	}
}

TEST(each_number_is_given_once)
{
	for (size_t i = 1; i < expectation_count; i++) {
		CHECK(expectations[i - 1].number < expectations[i].number);
	}
	for (size_t i = 1; i < ROW_COUNT; i++) {
		CHECK(rows[i - 1].number < rows[i].number);
	}
}
