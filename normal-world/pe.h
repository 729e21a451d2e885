/* SPDX-License-Identifier: BSD-3-Clause */
/* Processing elements: which there are, starting and stopping them by PSCI, running functions on them. */
#ifndef NORMAL_WORLD_PE_H
#define NORMAL_WORLD_PE_H

#include <stdbool.h>
#include <stdint.h>

#define PE_MAX 32U

typedef void (*pe_function)(void *argument);

struct pe {
	unsigned index;
	uint64_t mpidr;
	bool online;

	pe_function function; /* work handed over; NULL: idle */
	void *argument;
	bool woken; /* its wake-up has arrived */

	uint64_t syndrome; /* of the last probe that aborted */
	uint64_t checkpoint[13]; /* where a failed check on this PE goes on */
	uint32_t interrupts; /* taken so far */
	uint32_t last_interrupt;
};

extern struct pe pes[PE_MAX];
extern unsigned pe_count;

void pe_init(void);
struct pe *pe_self(void);
unsigned pe_index(void);

/** PSCI CPU_ON and wait until it runs our loop. Returns PSCI's status, or -100 when it never came up. */
int64_t pe_start(unsigned index);
/** CPU_OFF on that PE, and wait until AFFINITY_INFO says so. Same returns. */
int64_t pe_stop(unsigned index);

/** Switches this PE off and lets PE @helper switch it on again. Returns as pe_stop(). */
int64_t pe_off_and_on(unsigned helper);

/** Starts @function on a PE that is online and idle. */
void pe_post(unsigned index, pe_function function, void *argument);
/** Waits until the PE is idle; false when @microseconds have passed. */
bool pe_wait(unsigned index, uint64_t microseconds);
/** Runs @function there (or here) and waits for its end; false: it did not end in 20 s. */
bool pe_call(unsigned index, pe_function function, void *argument);

/** PSCI and other SMCs of four arguments. */
int64_t smc(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3);

#endif
