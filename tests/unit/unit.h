/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frame of the unit tests: a test is TEST(what_it_proves) { ... }, found by the runner in unit.c. Each
 * test runs in a process of its own, so nothing lingers and a crash or a hang costs one test.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct unit_test {
	const char *file;
	const char *name;
	void (*body)(void);
};

/** Defines a test; its name is the sentence it proves. */
#define TEST(sentence)                                                                        \
	static void sentence(void);                                                           \
	__attribute__((used, section("unit_tests"))) static const struct unit_test *const     \
		test_##sentence = &(const struct unit_test){ __FILE__, #sentence, sentence }; \
	static void sentence(void)

#define CHECK(condition) assert_true(condition)
#define CHECK_EQUAL(actual, expected) assert_int_equal(actual, expected)
#define CHECK_TEXT(actual, expected) assert_string_equal(actual, expected)
#define CHECK_BYTES(actual, expected, size) assert_memory_equal(actual, expected, size)

/** Checks that running @body(@argument) stops with a reason that contains @text (see host_run()). */
#define CHECK_STOPS(body, argument, text)                              \
	do {                                                           \
		struct host_result result_ = host_run(body, argument); \
		assert_int_equal(result_.outcome, HOST_STOPPED);       \
		assert_non_null(strstr(result_.why, text));            \
	} while (0)

#endif
