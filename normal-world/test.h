/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Target tests, client side: a registry filled by the linker, checks that end the test, and the lines
 * the runner reads. A test's name is the sentence it proves.
 */
#ifndef NORMAL_WORLD_TEST_H
#define NORMAL_WORLD_TEST_H

#include <stdbool.h>
#include <stdint.h>

struct test {
	const char *name;
	void (*run)(void);
	bool alone; /* wants a boot of its own: no FF-A call before it, and what it leaves may be broken */
	unsigned pes; /* it needs at least so many */
	const char *system; /* systems/NAME.toml */
};

/* The runner reads kind, system, PEs and name out of the symbol. */
#define TEST_ENTRY(name_, kind, alone_, system_, pes_)                                          \
	static void name_(void);                                                                \
	__attribute__((used, section("tests"), aligned(8))) static const struct test            \
		test__##kind##__##system_##__##pes_##__##name_ = { #name_, name_, alone_, pes_, \
								   #system_ };                  \
	static void name_(void)

/** A test that shares its boot with others and leaves everything as it found it. */
#define TEST(name) TEST_ENTRY(name, shared, false, test, 1)
/** The same for several PEs. */
#define TEST_MP(name) TEST_ENTRY(name, shared, false, test, 2)
/** A test with a boot of its own. */
#define TEST_ALONE(name) TEST_ENTRY(name, alone, true, test, 1)
#define TEST_ALONE_MP(name) TEST_ENTRY(name, alone, true, test, 2)
/** The same on another system: systems/NAME.toml. */
#define TEST_IN(system, name) TEST_ENTRY(name, alone, true, system, 1)
#define TEST_IN_MP(system, name) TEST_ENTRY(name, alone, true, system, 2)
/** On another system, sharing a boot with its others of this kind. */
#define TEST_SHARED_IN(system, name) TEST_ENTRY(name, shared, false, system, 1)
#define TEST_SHARED_IN_MP(system, name) TEST_ENTRY(name, shared, false, system, 2)

_Noreturn void test_fail(const char *file, int line, const char *what, uint64_t got,
			 uint64_t expected);
_Noreturn void test_skip(const char *why);
/** A line for whoever reads the log; no verdict. */
void test_note(const char *text, ...) __attribute__((format(printf, 1, 2)));
/** Ends the test when a check on another PE has failed. */
void test_stop_if_failed(void);

/** What a failed test of this system leaves cannot be undone: the client ends, the runner goes on in a new boot. */
void test_boot_anew_after_failure(void);

/**
 * Runs "all" of @system that share a boot, "after:NAME" those of them behind NAME (the runner goes on so after
 * a hang), or names separated by commas.
 */
_Noreturn void test_run(const char *names, const char *system);
void test_list(void);

#define CHECK(condition)                                                 \
	do {                                                             \
		if (!(condition)) {                                      \
			test_fail(__FILE__, __LINE__, #condition, 0, 1); \
		}                                                        \
	} while (0)

#define CHECK_EQ(got, expected)                                               \
	do {                                                                  \
		uint64_t got_ = (uint64_t)(got);                              \
		uint64_t expected_ = (uint64_t)(expected);                    \
		if (got_ != expected_) {                                      \
			test_fail(__FILE__, __LINE__, #got, got_, expected_); \
		}                                                             \
	} while (0)

#define CHECK_NE(got, unexpected)                                                   \
	do {                                                                        \
		uint64_t got_ = (uint64_t)(got);                                    \
		uint64_t not_ = (uint64_t)(unexpected);                             \
		if (got_ == not_) {                                                 \
			test_fail(__FILE__, __LINE__, #got " differs", got_, not_); \
		}                                                                   \
	} while (0)

#endif
