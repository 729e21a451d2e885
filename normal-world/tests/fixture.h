/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What tests share: the partitions of systems/test.toml, FF-A calls of the client and of partitions with
 * the checks that hold for every call, the commands of the test partitions, state before and after.
 */
#ifndef NORMAL_WORLD_TESTS_FIXTURE_H
#define NORMAL_WORLD_TESTS_FIXTURE_H

#include "normal-world/gic.h"
#include "normal-world/machine.h"
#include "normal-world/pe.h"
#include "normal-world/test.h"
#include "partitions/test-image/protocol.h"
#include "sdk/ffa.h"
#include "sdk/partition.h"

#include <stddef.h>

/* Partitions of systems/test.toml by their position. */
enum {
	SP_MP1 = 0x8001, /* S-EL1, 1.2, a context for each PE */
	SP_CRASHED = 0x8002, /* faulted in its start */
	SP_MP2 = 0x8003, /* S-EL1, 1.1, a context for each PE */
	SP_DAMAGED = 0x8004, /* its package is broken */
	SP_UP = 0x8005, /* S-EL1, 1.2, one context */
	SP_UP0 = 0x8006, /* S-EL1, 1.0, one context */
	SP_EL0 = 0x8007, /* S-EL0, 1.2 */
	SP_EL0B = 0x8008, /* S-EL0, 1.1, sends no direct requests */
};

#define SPMC_ID 0x8000U

struct subject {
	uint16_t id;
	uint32_t version;
	uint16_t context_count;
	bool el1;
	uint32_t methods; /* FFA_PROPERTY_* of its manifest */
	uint64_t load_address;
	struct ffa_uuid uuid;
};

/** The partitions of the system under test; those of systems/test.toml until fixture_use(). */
extern const struct subject *subjects;
extern unsigned subject_count;
const struct subject *subject_of(uint16_t id);
void fixture_use(const struct subject *table, unsigned count);

#define FOR_EACH_SUBJECT(name) \
	for (const struct subject *name = subjects; name < subjects + subject_count; name++)

/** Before a shared test: version negotiated, all PEs running. */
void fixture_prepare(void);
/** After it: nothing mapped; when it failed, nothing left half done. */
void fixture_clean_up(bool failed);

/* ---- calls of the client --------------------------------------------------------------------------- */

/**
 * Issues a call at NS-EL2. Unless the call defines them, x8-x17 carry a pattern that must come back;
 * x18-x30 always do. The results are x0-x17.
 */
struct ffa_regs fixture_call(struct ffa_regs regs, const char *file, int line);
/** From FF-A 1.3 on x8-x17 are part of direct messages as well. */
void fixture_expect_wide_direct_messages(void);
#define FFA(...) fixture_call((struct ffa_regs){ { (uint32_t)__VA_ARGS__ } }, __FILE__, __LINE__)

/* ---- calls of partitions ---------------------------------------------------------------------------- */

/** Lets partition @id issue a call, on the context of this PE, and returns what it saw. */
struct ffa_regs fixture_call_by(uint16_t id, enum ffa_conduit conduit, struct ffa_regs regs,
				const char *file, int line);
/** By the conduit that is usual at its exception level. */
#define BY(id, ...)                                                                  \
	fixture_call_by(id, subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC, \
			(struct ffa_regs){ { (uint32_t)__VA_ARGS__ } }, __FILE__, __LINE__)
#define BY_CONDUIT(id, conduit, ...)                                                           \
	fixture_call_by(id, conduit, (struct ffa_regs){ { (uint32_t)__VA_ARGS__ } }, __FILE__, \
			__LINE__)

/* ---- checks of results ------------------------------------------------------------------------------ */

void fixture_check_zero(const struct ffa_regs *regs, unsigned first, const char *file, int line);

/** FFA_ERROR with @code and nothing else in w1-w7. */
#define CHECK_ERROR(call, code)                                                               \
	do {                                                                                  \
		struct ffa_regs regs_ = (call);                                               \
		if (regs_.x[0] != (uint32_t)FFA_ERROR_32 || regs_.x[2] != (uint32_t)(code)) { \
			test_fail(__FILE__, __LINE__, #call,                                  \
				  regs_.x[0] << 32 | (uint32_t)regs_.x[2],                    \
				  (uint64_t)(uint32_t)FFA_ERROR_32 << 32 | (uint32_t)(code)); \
		}                                                                             \
		CHECK_EQ(regs_.x[1], 0);                                                      \
		fixture_check_zero(&regs_, 3, __FILE__, __LINE__);                            \
	} while (0)

/** FFA_ERROR with one of two codes, where the specification leaves the choice. */
#define CHECK_ERROR_EITHER(call, code, other)                                                 \
	do {                                                                                  \
		struct ffa_regs regs_ = (call);                                               \
		if (regs_.x[0] != (uint32_t)FFA_ERROR_32 ||                                   \
		    (regs_.x[2] != (uint32_t)(code) && regs_.x[2] != (uint32_t)(other))) {    \
			test_fail(__FILE__, __LINE__, #call,                                  \
				  regs_.x[0] << 32 | (uint32_t)regs_.x[2],                    \
				  (uint64_t)(uint32_t)FFA_ERROR_32 << 32 | (uint32_t)(code)); \
		}                                                                             \
		fixture_check_zero(&regs_, 3, __FILE__, __LINE__);                            \
	} while (0)

/** FFA_SUCCESS with zero in x1-x7. */
#define CHECK_SUCCESS(call)                                                  \
	do {                                                                 \
		struct ffa_regs regs_ = (call);                              \
		if (regs_.x[0] != (uint32_t)FFA_SUCCESS_32) {                \
			test_fail(__FILE__, __LINE__, #call,                 \
				  regs_.x[0] << 32 | (uint32_t)regs_.x[2],   \
				  (uint64_t)(uint32_t)FFA_SUCCESS_32 << 32); \
		}                                                            \
		fixture_check_zero(&regs_, 1, __FILE__, __LINE__);           \
	} while (0)

/* ---- commands --------------------------------------------------------------------------------------- */

/** The area of the context of @id that serves PE @pe. */
volatile struct test_area *area_on(uint16_t id, unsigned pe);
volatile struct test_area *area_of(uint16_t id); /* for this PE */

/** Index of the context of @id that serves PE @pe. */
unsigned context_on(uint16_t id, unsigned pe);

/** The direct request (64-bit form) of a command. */
struct ffa_regs command_call(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c,
			     uint64_t d);

/** Whether @regs is the answer of @id, without payload. */
bool is_answer(const struct ffa_regs *regs, uint16_t id);

/** Sends a command and checks that TEST_DONE comes back; x4-x7 are in x[4]-x[7] of the result. */
struct ffa_regs fixture_command(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c,
				uint64_t d, const char *file, int line);
#define COMMAND(id, command, a, b, c, d) \
	fixture_command(id, command, a, b, c, d, __FILE__, __LINE__)

/** Whether @id answers an echo on this PE. */
bool answers_echo(uint16_t id);
#define CHECK_ALIVE(id) CHECK_EQ(answers_echo(id) ? (id) : 0, id)
/** All partitions that should, answer on this PE. */
#define CHECK_ALL_ALIVE_BUT(dead)                \
	FOR_EACH_SUBJECT(alive_)                 \
	{                                        \
		if (alive_->id != (dead)) {      \
			CHECK_ALIVE(alive_->id); \
		}                                \
	}

/** State of a partition that TEST_STATE fetched into its area. */
#define STATE(type, id) ((const volatile struct type *)(const volatile void *)area_of(id)->bulk)

/* ---- PEs --------------------------------------------------------------------------------------------- */

/** Runs @function on every PE, one after the other; a failed check there ends the test here. */
void on_each_pe(pe_function function, void *argument);
/** The same at the same time. */
void on_all_pes(pe_function function, void *argument);
/** On one PE. */
void on_pe(unsigned pe, pe_function function, void *argument);
/** Waits for work posted with pe_post(). */
void wait_for_pe(unsigned pe);

/* ---- buffers ----------------------------------------------------------------------------------------- */

extern uint8_t client_tx[4096], client_rx[4096], client_spare[2 * 4096];
/** Maps client_tx and client_rx. */
void map_buffers(void);

/** v0-v31, FPCR, FPSR of the client (fixture.S). */
void client_simd_load(uint64_t pattern);
uint64_t client_simd_check(uint64_t pattern);

uint64_t random_next(uint64_t *state);

#endif
