/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The matrix: every row of abi/ffa_abi.def in both widths x instance x version of the caller x runtime
 * model, against expectations that are not made from that file. The tests are: a row without expectations
 * fails until somebody has read the specification again.
 *
 * Of each call: is it served, NOT_SUPPORTED, DENIED, or INVALID_PARAMETERS for a reserved register; who
 * runs then; are x1-x7 zero but for results, and x8-x17 the caller's or zero; with and without the SVE
 * hint. That a refused call changes nothing is checked by the fixture at every step.
 */
#include "tests/matrix/situation.h"

#include <stdio.h>

enum outcome {
	SERVED,
	NOT_SUPPORTED,
	DENIED,
	INVALID,
};

static unsigned tried, wrong;

static void complain(const struct situation *situation, const char *what, uint64_t actual,
		     uint64_t expected)
{
	wrong++;
	print_error("%s: %s: 0x%llx, expected 0x%llx\n", situation_text(situation), what,
		    (unsigned long long)actual, (unsigned long long)expected);
}

static void expect(const struct situation *situation, const char *what, uint64_t actual,
		   uint64_t expected)
{
	if (actual != expected) {
		complain(situation, what, actual, expected);
	}
}

/* ---- what the expectations say ------------------------------------------------------------------ */

static bool is_64(const struct situation *situation)
{
	return (situation->fid & FFA_FID_SMC64) != 0;
}

/** True when the interface exists for this caller in this form and version. */
static bool exists(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;
	uint8_t since = e == NULL ? NEVER : is_64(situation) ? e->since_64 : e->since_32;

	return situation->minor >= since && (e->callers & situation->instance) != 0;
}

static bool model_allows(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	if (situation->instance == AT_NS) {
		return true;
	}
	if (e->number == 0x6C && situation->model == IN_DIRECT && situation->minor < 2) {
		return false; /* FFA_YIELD while handling a request came with 1.2 */
	}
	return (e->models & situation->model) != 0;
}

static enum outcome outcome_of(const struct situation *situation)
{
	if (!exists(situation)) {
		return NOT_SUPPORTED;
	}
	if ((situation->expectation->denied & situation->instance) != 0 ||
	    !model_allows(situation)) {
		return DENIED;
	}
	return SERVED;
}

/** The outcome with a value in reserved register @n. */
static enum outcome outcome_with(const struct situation *situation, unsigned n)
{
	const struct expectation *e = situation->expectation;
	enum outcome outcome = outcome_of(situation);
	bool refused = (e->reserved >> n & 1) != 0 ||
		       ((e->reserved_late >> n & 1) != 0 && outcome == SERVED);

	return outcome != NOT_SUPPORTED && refused ? INVALID : outcome;
}

/* ---- what happens ------------------------------------------------------------------------------- */

static bool answers_wide(const struct situation *situation)
{
	const struct expectation *e = situation->expectation;

	return e != NULL && e->wide && is_64(situation) && exists(situation) &&
	       situation->minor >= 2;
}

/** x1-x17 of the caller, which @before called with, after the call was answered to itself. */
static void check_own_answer(const struct situation *situation, const uint64_t *before,
			     uint32_t outputs)
{
	const uint64_t *x = registers();
	char name[4];

	for (unsigned n = 1; n < 18; n++) {
		uint64_t expected = n < 8 || answers_wide(situation) ? 0 : before[n];

		snprintf(name, sizeof(name), "x%u", n);
		if ((outputs >> n & 1) == 0) {
			expect(situation, name, x[n], expected);
		}
	}
}

static void check_refused(const struct situation *situation, const uint64_t *before,
			  enum ffa_status status)
{
	expect(situation, "who runs", running(), situation_caller(situation));
	expect(situation, "x0", registers()[0], FFA_ERROR_32);
	expect(situation, "x2", registers()[2], CODE(status));
	check_own_answer(situation, before, 1U << 2);
}

/** FFA_YIELD in an interrupt's handler is no-op; the start's end goes to the normal world. */
static void check_served(const struct situation *situation, const uint64_t *before)
{
	const struct expectation *e = situation->expectation;
	uint16_t caller = situation_caller(situation);
	bool no_op = e->number == 0x6C && situation->model == IN_INTERRUPT;
	enum next next = no_op ? CALLER : e->next;
	uint32_t answer = e->answer == 0 ? situation->fid : e->answer;

	expect(situation, "who runs", running(),
	       next == CALLER   ? caller
	       : next == HELPER ? SP2
				: NW);
	expect(situation, "x0", registers()[0], no_op ? FFA_SUCCESS_32 : answer);
	if (next == CALLER) {
		check_own_answer(situation, before, no_op ? 0 : e->outputs);
	} else {
		for (unsigned n = 1; n < 8; n++) {
			expect(situation, "x1-x7 of who runs",
			       (e->outputs >> n & 1) ? 0 : registers()[n], 0);
		}
	}
}

/** Makes the call, with @value in register @n on top of the right arguments (n = 0: none). */
static void try_call(const struct situation *situation, uint32_t hint, unsigned n, uint64_t value,
		     enum outcome outcome)
{
	uint64_t x[18], before[18];
	const uint64_t *seen;

	tried++;
	situation_reach(situation);
	situation_arguments(situation, x);
	x[0] |= hint;
	if (n != 0) {
		x[n] = value;
	}
	seen = this_pe()->current->arch.x;
	call_noting(situation_caller(situation), x, 8, before);
	(void)seen;

	switch (outcome) {
	case SERVED:
		check_served(situation, before);
		break;
	case NOT_SUPPORTED:
		check_refused(situation, before, FFA_NOT_SUPPORTED);
		break;
	case DENIED:
		check_refused(situation, before, FFA_DENIED);
		break;
	case INVALID:
		check_refused(situation, before, FFA_INVALID_PARAMETERS);
		break;
	}
}
