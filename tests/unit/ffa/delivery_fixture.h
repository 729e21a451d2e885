/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What SP1 may be doing, and who runs, when its interrupt comes to PE 0 (or PE 1, where it says so); and what is
 * looked at then.
 */
#ifndef TESTS_UNIT_FFA_DELIVERY_FIXTURE_H
#define TESTS_UNIT_FFA_DELIVERY_FIXTURE_H

#include "tests/unit/ffa/interrupt_fixture.h"

#define MINE SPI_OF(SP1)

/* Configurations of delivery_add(), which may be changed until the system is built. */
extern struct partition_config *sp1, *sp2, *sp3;

/** SP1 of kind @instance and the usual others; not yet built. */
void delivery_add(enum instance instance);

/** Two PEs; everybody waits. */
void delivery_boot(void);

/* Each builds the system and brings SP1 to where its name says. */
void sp1_runs(void);
void sp1_runs_by_ffa_run(void);
void sp1_runs_for_its_interrupt(void);
void sp1_runs_out_of_its_call(void);
void sp1_waits_while_the_normal_world_runs(void);
void sp1_waits_while_another_runs(void);
void sp1_waits_while_a_callee_runs(void);
void sp1_waits_while_an_interrupt_is_handled(void);
void sp1_waits_while_a_handler_has_called(void);
void sp1_waits_while_a_caller_is_out_of_its_call(void);
void sp1_waits_while_somebody_queues(void);
void sp1_waits_while_somebody_queues_and_calls(void);
void sp1_waits_while_another_starts(void);
void sp1_waits_while_another_is_told_of_cpu_off(void);
void sp1_waits_while_another_serves_el3(void);
void sp1_has_called(void);
void sp1_has_called_who_called(void);
void sp1_was_called_and_has_called(void);
void sp1_has_called_for_its_interrupt(void);
void sp1_has_called_while_an_interrupt_is_handled(void);
void sp1_was_interrupted(void);
void sp1_has_called_who_queues(void);
void sp1_has_called_for_el3(void);
void sp1_has_yielded(void);
void sp1_has_yielded_while_another_runs(void);
void sp1_has_yielded_to_its_caller(void);
void sp1_is_preempted(void);
void sp1_is_preempted_while_another_runs(void);
void sp1_starts(void);
void sp1_starts_and_has_called(void);
void sp1_runs_elsewhere(void);
void sp1_has_called_elsewhere(void);
void sp1_has_called_elsewhere_for_its_interrupt(void);
void sp1_is_preempted_elsewhere(void);
void sp1_called_by_a_partition(void);

/** This PE before the interrupt. */
struct before {
	const struct exec_ctx *ctx;
	uint64_t x[18];
	enum ctx_state state; /* of SP1 here */
	bool masked;
	unsigned sri_count;
};

struct before delivery_look(void);

/** Who ran has not noticed. */
void check_same(const struct before *before);

/** Nobody is interrupted; the scheduler is to be told. */
void check_only_told(const struct before *before);

/** When all have played fair, SP1 has got its interrupt @expected times beside those in @fetched; nothing is left. */
void check_settled(struct fetched fetched, unsigned expected);

/** The scheduler hears of it before the normal world runs, and gives SP1 cycles, which gets it. */
void check_scheduled(void);

#endif
