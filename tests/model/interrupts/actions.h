/* SPDX-License-Identifier: BSD-3-Clause */
/* What can happen in the system of the search: interrupts, calls, ends, PEs that come and go. */
#ifndef TESTS_MODEL_INTERRUPTS_ACTIONS_H
#define TESTS_MODEL_INTERRUPTS_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PARTITIONS = 3, /* SP1: S-EL1 MP, SP2: S-EL1 UP, SP3: S-EL0 */
	PES_MAX = 2,
	ACTIONS_MAX = 96,
};

/** What is in a system, and which actions are tried in each state. */
struct scope {
	const char *name;
	unsigned pes;
	uint8_t ns_action[PARTITIONS]; /* enum ns_interrupts_action */
	bool others_queued; /* by SP2 */
	uint8_t policy[2]; /* sri-interrupts-policy of SP1 and SP2 */
	bool calls; /* partitions call each other */
	bool timers, ipis, enables, aborts, hangs, power, ns;
	unsigned states_max; /* stop after that many */
};

enum action_kind {
	ACTION_NONE,
	/* Of a PE. */
	ACTION_TURN, /* what has to be done before somebody runs */
	ACTION_TAKE, /* it takes the secure interrupt that is pending */
	ACTION_NS, /* a non-secure one stops who runs */
	ACTION_EXPIRE, /* its timer's time comes */
	/* Of a source. */
	ACTION_SIGNAL, /* the interrupt of partition `what` */
	/* Of who runs on a PE. */
	ACTION_RUN, /* FFA_RUN, partition `what` */
	ACTION_REQUEST,
	ACTION_RESPOND,
	ACTION_WAIT,
	ACTION_YIELD,
	ACTION_GET,
	ACTION_DEACTIVATE,
	ACTION_IPI, /* to vCPU `what` */
	ACTION_ARM, /* a timer */
	ACTION_ENABLE, /* its interrupt: `what` 0: no more */
	ACTION_ABORT,
	ACTION_INFO_GET,
	ACTION_CPU_OFF,
	ACTION_CPU_ON,
};

struct action {
	uint8_t kind;
	uint8_t pe;
	uint8_t what;
};

/** Builds the system of @scope and starts it. */
void actions_boot(const struct scope *scope);

/** The actions that are possible now; returns how many. */
unsigned actions_possible(const struct scope *scope, struct action actions[ACTIONS_MAX]);

void actions_perform(const struct action *action);

void actions_print(const struct action *action);

#endif
