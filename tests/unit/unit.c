/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runner of one test program: `PASS <suite>.<name>`, `FAIL <suite>.<name>: why` (with the whole output of
 * the test below it) or `SKIP <suite>.<name>` for each test; exit status 1 when any failed.
 *
 *   <program> [PART]   only tests whose name contains PART, run in this process: for a debugger
 */
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TIMEOUT_SECONDS = 120,
	LINE_SIZE = 512,
};

/* The linker's bounds of the section that TEST() fills. */
extern const struct unit_test *const __start_unit_tests[];
extern const struct unit_test *const __stop_unit_tests[];

/** "core/space" of "tests/unit/core/test_space.c", "matrix/abi" of "tests/matrix/test_abi.c". */
static const char *suite_name(const char *file)
{
	static char suite[LINE_SIZE];
	const char *start = strstr(file, "tests/");
	const char *stem;

	start = start == NULL ? file : start + strlen("tests/");
	if (strncmp(start, "unit/", strlen("unit/")) == 0) {
		start += strlen("unit/");
	}
	stem = strstr(start, "test_");
	if (stem == NULL) {
		stem = start;
	}
	snprintf(suite, sizeof(suite), "%.*s%s", (int)(stem - start), start,
		 stem == start ? stem : stem + strlen("test_"));
	*strrchr(suite, '.') = '\0';
	return suite;
}

static void call_body(void **state)
{
	((const struct unit_test *)*state)->body();
}

static int run_with_cmocka(const struct unit_test *test)
{
	const struct CMUnitTest tests[] = { {
		.name = test->name,
		.test_func = call_body,
		.initial_state = (void *)(uintptr_t)test,
	} };

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}

static void go_to_start(FILE *output)
{
	if (fseek(output, 0, SEEK_SET) != 0) {
		perror("fseek");
		exit(2);
	}
}

/** The line of a failed test's output that says most; and whether the test was skipped. */
static bool find_reason(FILE *output, char *reason)
{
	static const char *const marks[] = { "ERROR: AddressSanitizer",
					     "runtime error:", "[  ERROR   ] --- ",
					     "host: ", "assertion failed" };
	char line[LINE_SIZE];
	bool skipped = false;

	go_to_start(output);
	while (fgets(line, sizeof(line), output) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		skipped = skipped || strstr(line, "[  SKIPPED ]") != NULL;
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && reason[0] == '\0'; i++) {
			if (strstr(line, marks[i]) != NULL) {
				const char *text = strstr(line, "--- ");

				snprintf(reason, LINE_SIZE, "%s",
					 text == NULL ? line : text + strlen("--- "));
			}
		}
		if (strstr(line, "[   LINE   ] --- ") != NULL && strlen(reason) < LINE_SIZE / 2) {
			snprintf(reason + strlen(reason), LINE_SIZE - strlen(reason), " (%s)",
				 strstr(line, "--- ") + strlen("--- "));
		}
	}
	return skipped;
}

static void copy_output(FILE *output)
{
	char line[LINE_SIZE];

	go_to_start(output);
	while (fgets(line, sizeof(line), output) != NULL) {
		printf("    %s", line);
	}
}

static void describe_end(int status, char *reason)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		snprintf(reason, LINE_SIZE, "still running after %d s", TIMEOUT_SECONDS);
	} else if (reason[0] == '\0' && WIFSIGNALED(status)) {
		snprintf(reason, LINE_SIZE, "killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	} else if (reason[0] == '\0') {
		snprintf(reason, LINE_SIZE, "exit status %d", WEXITSTATUS(status));
	}
}

/** Runs @test in a child with its output caught; true unless it failed. */
static bool run_apart(const struct unit_test *test)
{
	const char *suite = suite_name(test->file);
	char reason[LINE_SIZE] = "";
	FILE *output = tmpfile();
	bool skipped;
	int status;
	pid_t child;

	if (output == NULL) {
		perror("tmpfile");
		exit(2);
	}
	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(fileno(output), STDOUT_FILENO);
		dup2(fileno(output), STDERR_FILENO);
		alarm(TIMEOUT_SECONDS);
		exit(run_with_cmocka(test));
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}

	skipped = find_reason(output, reason);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		printf("%s %s.%s\n", skipped ? "SKIP" : "PASS", suite, test->name);
	} else {
		describe_end(status, reason);
		printf("FAIL %s.%s: %s\n", suite, test->name, reason);
		copy_output(output);
	}
	fclose(output);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (const struct unit_test *const *test = __start_unit_tests; test < __stop_unit_tests;
	     test++) {
		if (argc > 1 && strstr((*test)->name, argv[1]) == NULL) {
			continue;
		}
		if (argc > 1) {
			failed += run_with_cmocka(*test);
		} else {
			failed += run_apart(*test) ? 0 : 1;
		}
	}
	return failed == 0 ? 0 : 1;
}
