/* SPDX-License-Identifier: BSD-3-Clause */
/* What has signalled and who has got it: nothing is lost, nothing comes twice. */
#ifndef TESTS_MODEL_INTERRUPTS_LEDGER_H
#define TESTS_MODEL_INTERRUPTS_LEDGER_H

#include "tests/model/interrupts/actions.h"

struct ledger {
	uint8_t outstanding[PARTITIONS]; /* signals that the partition has not got */
	uint8_t known[PES_MAX +
		      2]; /* by told_bit(): what pended already when the context made its call */
	uint8_t told; /* bit n: the scheduler knows that vCPU n of SP1 wants cycles; PES_MAX: SP2 */
};

/** Notes what @action is about to do, performs it, and checks all that must hold afterwards. */
void ledger_perform(struct ledger *ledger, const struct action *action);

/** When everybody plays fair, the normal world gets all PEs back, and everything is delivered. Changes the system. */
void ledger_check_liveness(const struct scope *scope);

/** A sum over all that what follows depends on. */
uint64_t ledger_sum(const struct ledger *ledger);

#endif
