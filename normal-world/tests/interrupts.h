/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of systems/interrupts.toml share: its partitions, making an interrupt pend at any time from any PE,
 * what a partition has seen of its own. Every test begins with contexts that wait, all interrupts enabled, nothing seen.
 */
#ifndef NORMAL_WORLD_TESTS_INTERRUPTS_H
#define NORMAL_WORLD_TESTS_INTERRUPTS_H

#include "abi/paravirt.h"
#include "normal-world/tests/fixture.h"

/* Partitions of systems/interrupts.toml by their position. */
enum {
	I_HAND = 0x8001, /* S-EL1, MP, non-secure interrupts queued; makes others' pend */
	I_MP = 0x8002, /* S-EL1, MP, signalled */
	I_UP = 0x8003, /* S-EL1, UP, signalled */
	I_EL0 = 0x8004, /* S-EL0, signalled */
	I_EXIT = 0x8005, /* S-EL1, MP, managed exit as FIQ */
	I_EXIT_IRQ = 0x8006, /* S-EL1, UP, managed exit as IRQ */
	I_QUEUE = 0x8007, /* S-EL1, UP, non-secure and others' interrupts queued */
	I_SRI = 0x8008, /* S-EL1, UP, policy 3: the scheduler is told */
};

/* Those of systems/budgets.toml, I_HAND being the first. */
enum {
	B_SHORT = 0x8002, /* S-EL1, MP, 20 ms for interrupts */
	B_SHORT_EL0 = 0x8003, /* S-EL0, 20 ms */
	B_HANG = 0x8004, /* does not come to the end of its start */
	B_HANG_EL0 = 0x8005,
	B_SRI_WAIT = 0x8006, /* S-EL1, UP, policy 1 */
	B_SRI_BEFORE = 0x8007, /* S-EL1, UP, policy 2 */
	B_EXIT = 0x8008, /* S-EL1, UP, managed exit, 20 ms */
};

#define SHORT_LINE 200U
#define SHORT_EL0_LINE 220U
#define SRI_WAIT_LINE 260U
#define SRI_BEFORE_LINE 261U
#define B_EXIT_LINE 262U

/* Their interrupts; all are taken by PE 0 unless a test changes that. */
#define UART 40U /* I_MP, level */
#define GPIO 32U /* I_UP, level */
#define MP_LINE 200U /* and the two behind it, of I_MP */
#define UP_LINE 210U /* and the one behind it */
#define EL0_LINE 220U /* and the one behind it */
#define EXIT_LINE 230U
#define EXIT_IRQ_LINE 240U
#define QUEUE_LINE 250U
#define SRI_LINE 260U

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))
#define LONG_ENOUGH 4096U /* times 2^20 rounds: longer than any interrupt takes */

/** A test that shares the boot of this system. */
#define INTERRUPTS_TEST_OF(kind, name)    \
	static void name##_body(void);    \
	kind(interrupts, name)            \
	{                                 \
		interrupts_prepare();     \
		name##_body();            \
		interrupts_check_clean(); \
	}                                 \
	static void name##_body(void)
#define INTERRUPTS_TEST(name) INTERRUPTS_TEST_OF(TEST_SHARED_IN, name)
#define INTERRUPTS_TEST_MP(name) INTERRUPTS_TEST_OF(TEST_SHARED_IN_MP, name)

void interrupts_prepare(void);
/** The same in systems/budgets.toml. */
void budgets_prepare(void);
/** Its partitions, as they are when the normal world starts. */
void budgets_use(void);
/** All contexts of this PE take all interrupts, as exceptions. */
void interrupts_open_here(void);
/** What they have seen so far. */
void interrupts_forget(void);
/** Fails the test when it has left something. */
void interrupts_check_clean(void);

/** The para-virtual call by partition @id on the context of this PE: its x0. */
uint64_t paravirt(uint16_t id, uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3);
/** What this PE's context, or that of @pe, of @id has seen of interrupt @intid: NULL: nothing. */
const volatile struct test_seen *seen_on(uint16_t id, unsigned pe, uint32_t intid);
uint64_t times_seen(uint16_t id, uint32_t intid);
uint64_t times_seen_on(uint16_t id, unsigned pe, uint32_t intid);
/** Waits until it has been seen @count times on @pe, a second at most. */
void wait_until_seen(uint16_t id, unsigned pe, uint32_t intid, uint64_t count);

/** Waits until @id, which handles something on another PE, is done and answers. */
void wait_until_idle(uint16_t id);
/** Waits until it comes no more, a second at most. */
void wait_until_quiet(uint16_t id, uint32_t intid);

/** It came @count times, the last of them in this way. */
#define CHECK_SEEN(id, intid, count_, how_)                          \
	do {                                                         \
		CHECK_EQ(times_seen(id, intid), count_);             \
		CHECK_EQ(seen_on(id, pe_index(), intid)->how, how_); \
	} while (0)
/** It was entered with FFA_INTERRUPT(0, @intid) @count times so far. */
#define CHECK_ENTERED(id, count_, intid)                                         \
	do {                                                                     \
		CHECK_EQ(area_of(id)->interrupts, count_);                       \
		CHECK_EQ(area_of(id)->interrupt[0], (uint32_t)FFA_INTERRUPT_32); \
		CHECK_EQ(area_of(id)->interrupt[1], 0);                          \
		CHECK_EQ(area_of(id)->interrupt[2], intid);                      \
		for (unsigned word_ = 3; word_ < 8; word_++) {                   \
			CHECK_EQ(area_of(id)->interrupt[word_], 0);              \
		}                                                                \
	} while (0)

/** Lets @intid pend in @microseconds, by I_HAND on this PE. */
void pend(uint32_t intid, uint64_t microseconds);
/** The same by PE @pe while this one goes on; wait_for_pe() before anything else is asked of it. */
void pend_from(unsigned pe, uint32_t intid, uint64_t microseconds);

/** Takes the one interrupt that pends for the normal world here. */
void take_interrupt(uint32_t intid);
/** None does. */
void check_no_interrupt(void);

void check_preempted(uint16_t id, const struct ffa_regs *regs);
/** Waits until @id spins on @pe. */
void wait_until_spinning(uint16_t id, unsigned pe);
/** TEST_SPIN of @id, on this PE, until stop is set or it is interrupted. */
struct ffa_regs spin(uint16_t id);
/** Whether it has answered a command with @result. */
bool is_result(const struct ffa_regs *regs, uint16_t id, uint64_t result);

#define SOON 20000U /* microseconds; longer than it takes until a partition runs */

struct visit {
	uint16_t spins; /* on @pe, until this is over */
	unsigned pe;
	uint32_t line; /* is made to pend while it does */
	uint32_t second; /* a moment later; 0: none */
	uint16_t first_of; /* when this one has seen the first; 0: as it comes */
	bool silent; /* it does not tell when it starts: TEST_KEEP */
};

/** Makes interrupts while somebody spins on another PE, gives them time, and lets who spins come to its end. */
void visit(void *visit);
/** The same, on PE 1, for who spins from now on. */
void begin_visit(const struct visit *visit);
/** @spins spins on PE 0 meanwhile, and does not see anything of it. */
void spin_through(const struct visit *what);

/** ICC_PMR_EL1 of the normal world; with all that its 0xFF leaves open. */
#define PRIORITY_MASK_OPEN 0xF0U
uint64_t priority_mask(void);
void set_priority_mask(uint64_t mask);

#endif
