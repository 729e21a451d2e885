/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts, searched in small scopes: one and two PEs, an S-EL1 MP, an S-EL1 UP and an S-EL0 partition.
 *
 *   <program>           the scopes of `make test`
 *   <program> N         each of them up to N states: for hours
 *   <program> N NAME    one of them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/partition_config.h"
#include "tests/model/interrupts/search.h"

enum {
	QUEUED = NS_INTERRUPTS_QUEUED,
	MANAGED = NS_INTERRUPTS_MANAGED_EXIT,
	SIGNALED = NS_INTERRUPTS_SIGNALED,
};

static const struct scope scopes[] = {
	{
		.name = "one PE, calls",
		.pes = 1,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.calls = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, non-secure interrupts",
		.pes = 1,
		.ns_action = { MANAGED, QUEUED, SIGNALED },
		.calls = true,
		.ns = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, two managed exits",
		.pes = 1,
		.ns_action = { SIGNALED, MANAGED, SIGNALED },
		.calls = true,
		.ns = true,
		.hangs = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, timers",
		.pes = 1,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.calls = true,
		.timers = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, ends and hangs",
		.pes = 1,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.calls = true,
		.aborts = true,
		.hangs = true,
		.ns = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, the scheduler decides, others are queued",
		.pes = 1,
		.ns_action = { SIGNALED, QUEUED, SIGNALED },
		.others_queued = true,
		.policy = { 0x1, 0x2 },
		.calls = true,
		.ipis = true,
		.states_max = 3000,
	},
	{
		.name = "one PE, enabled and not",
		.pes = 1,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.enables = true,
		.calls = true,
		.states_max = 3000,
	},
	{
		.name = "two PEs",
		.pes = 2,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.states_max = 4000,
	},
	{
		.name = "two PEs, calls",
		.pes = 2,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.calls = true,
		.ns = true,
		.states_max = 4000,
	},
	{
		.name = "two PEs, IPIs and timers",
		.pes = 2,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.ipis = true,
		.timers = true,
		.states_max = 4000,
	},
	{
		.name = "two PEs, one of them comes and goes",
		.pes = 2,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.power = true,
		.timers = true,
		.hangs = true,
		.ns = true,
		.states_max = 4000,
	},
	{
		.name = "two PEs, ends",
		.pes = 2,
		.ns_action = { SIGNALED, SIGNALED, SIGNALED },
		.aborts = true,
		.calls = true,
		.states_max = 4000,
	},
};

static void run(const struct scope *scope)
{
	struct timespec before, after;
	struct search_result result;

	timespec_get(&before, TIME_UTC);
	result = search(scope);
	timespec_get(&after, TIME_UTC);
	printf("PASS model/interrupts.%s: %u states, %s, %u actions deep; %llu actions; %ld s\n",
	       scope->name, result.states, result.exhausted ? "all there are" : "the first ones",
	       result.depth, (unsigned long long)result.actions,
	       (long)(after.tv_sec - before.tv_sec));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct scope scope = scopes[i];

		if (argc > 1) {
			scope.states_max = (unsigned)strtoul(argv[1], NULL, 10);
		}
		if (argc <= 2 || strstr(scope.name, argv[2]) != NULL) {
			run(&scope);
		}
	}
	return 0;
}
