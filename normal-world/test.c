/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs tests and reports them, by semihosting and on the UART:
 *   @ test NAME    @ pass NAME    @ fail NAME: FILE:LINE: EXPRESSION got X expected Y
 *   @ skip NAME: WHY              @ done PASSED FAILED SKIPPED
 */
#include "normal-world/test.h"

#include "lib/format.h"
#include "lib/string.h"
#include "normal-world/console.h"
#include "normal-world/machine.h"
#include "normal-world/pe.h"
#include "normal-world/semihosting.h"
#include "normal-world/tests/fixture.h"
#include "sdk/ffa.h"

extern const struct test tests_start[], tests_end[];

enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_SKIP,
};

enum { EXIT_ANEW = 4 };

static const struct test *current;
static uint32_t verdict;
static unsigned counts[3];
static bool anew_after_failure;

__attribute__((format(printf, 1, 2))) static void say(const char *text, ...)
{
	char line[400];
	va_list arguments;

	va_start(arguments, text);
	(void)format(line, sizeof(line), text, arguments);
	va_end(arguments);
	semihosting_write(line);
	console_write(line);
}

static const char *base_name(const char *path)
{
	const char *base = path;

	for (; *path != '\0'; path++) {
		if (*path == '/') {
			base = path + 1;
		}
	}
	return base;
}

_Noreturn void test_fail(const char *file, int line, const char *what, uint64_t got,
			 uint64_t expected)
{
	if (__atomic_exchange_n(&verdict, VERDICT_FAIL, __ATOMIC_ACQ_REL) != VERDICT_FAIL) {
		say("@ fail %s: %s:%d: %s got 0x%lx expected 0x%lx (PE %u)\n",
		    current != NULL ? current->name : "?", base_name(file), line, what, got,
		    expected, pe_index());
	}
	checkpoint_return(pe_self()->checkpoint);
}

_Noreturn void test_skip(const char *why)
{
	if (__atomic_exchange_n(&verdict, VERDICT_SKIP, __ATOMIC_ACQ_REL) == VERDICT_PASS) {
		say("@ skip %s: %s\n", current->name, why);
	}
	checkpoint_return(pe_self()->checkpoint);
}

void test_note(const char *text, ...)
{
	char line[300];
	va_list arguments;

	va_start(arguments, text);
	(void)format(line, sizeof(line), text, arguments);
	va_end(arguments);
	say("@ note %s\n", line);
}

void test_boot_anew_after_failure(void)
{
	anew_after_failure = true;
}

void test_stop_if_failed(void)
{
	if (__atomic_load_n(&verdict, __ATOMIC_ACQUIRE) != VERDICT_PASS) {
		checkpoint_return(pe_self()->checkpoint);
	}
}

static void run_one(const struct test *test)
{
	current = test;
	verdict = VERDICT_PASS;
	say("@ test %s\n", test->name);
	if (checkpoint_set(pes[0].checkpoint) == 0) {
		if (pe_count < test->pes) {
			test_skip("needs more PEs");
		}
		if (!test->alone) {
			fixture_prepare();
		}
		test->run();
	}
	interrupts_disable();
	if (!test->alone) {
		fixture_clean_up(verdict == VERDICT_FAIL);
	}
	counts[verdict]++;
	if (verdict == VERDICT_PASS) {
		say("@ pass %s\n", test->name);
	} else if (verdict == VERDICT_FAIL && anew_after_failure) {
		semihosting_exit(EXIT_ANEW);
	}
}

/** Whether one of @names, separated by commas, is @name. */
static bool named(const char *names, const char *name)
{
	size_t length = strlen(name);

	while (*names != '\0') {
		if (memcmp(names, name, length) == 0 &&
		    (names[length] == ',' || names[length] == '\0')) {
			return true;
		}
		while (*names != '\0' && *names++ != ',') {
			/* to the next name */
		}
	}
	return false;
}

static const struct test *find(const char *name)
{
	const struct test *test = tests_start;

	while (test < tests_end && strcmp(test->name, name) != 0) {
		test++;
	}
	return test;
}

_Noreturn void test_run(const char *names, const char *system)
{
	bool all = strcmp(names, "all") == 0;
	const struct test *first = tests_start;

	if (memcmp(names, "after:", 6) == 0) {
		first = find(names + 6);
		if (first < tests_end) {
			all = true;
			system = first++->system;
		}
	}
	for (const struct test *test = first; test < tests_end; test++) {
		if (all ? !test->alone && strcmp(test->system, system) == 0
			: named(names, test->name)) {
			run_one(test);
		}
	}
	say("@ done %u %u %u\n", counts[VERDICT_PASS], counts[VERDICT_FAIL], counts[VERDICT_SKIP]);
	semihosting_exit(counts[VERDICT_FAIL] != 0 ||
			 counts[VERDICT_PASS] + counts[VERDICT_SKIP] == 0);
}

void test_list(void)
{
	for (const struct test *test = tests_start; test < tests_end; test++) {
		say("@ name %s\n", test->name);
	}
}
