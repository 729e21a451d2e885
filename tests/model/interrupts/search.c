/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The search. A state is known by its sum (ledger.c) and reached by what led to it, from the moment after boot;
 * each action that is possible there is tried from the moment of the state. From each state, when everybody plays
 * fair, all comes to rest.
 */
#include "tests/model/interrupts/search.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/model/interrupts/ledger.h"
#include "tests/unit/ffa/ffa_fixture.h"

enum {
	NOBODY = -1,
	DEPTH_MAX = 128,
};

struct node {
	uint64_t sum;
	struct action action; /* that led here */
	int parent; /* NOBODY: boot */
	unsigned depth;
};

static struct {
	const struct scope *scope;
	struct node *nodes;
	unsigned node_count;
	unsigned *table; /* hashed, open addressing: node + 1 */
	unsigned table_size;

	struct system_moment *boot, *here;
	struct ledger ledger; /* of the state that is expanded */

	const struct node *at; /* where the search is, what it tries there */
	const struct action *trying;
	struct search_result result;
} run;

/** At the end of the program, if it comes before the search's. */
static void tell_history(void)
{
	const struct action *path[DEPTH_MAX];
	unsigned count = 0;

	if (run.at == NULL) {
		return;
	}
	fprintf(stderr, "FAIL model/interrupts.%s: after\n", run.scope->name);
	for (const struct node *node = run.at; node->parent != NOBODY;
	     node = &run.nodes[node->parent]) {
		path[count++] = &node->action;
	}
	while (count > 0) {
		actions_print(path[--count]);
	}
	if (run.trying != NULL) {
		actions_print(run.trying);
	} else {
		fprintf(stderr, "  and then everybody plays fair\n");
	}
}

/** Adds the state that the system is in unless it is known, or there are as many as there shall be. */
static void visit(const struct ledger *ledger, const struct action *action, int parent)
{
	uint64_t sum = ledger_sum(ledger);
	unsigned slot = (unsigned)(sum >> 20) % run.table_size;
	struct node *node;

	for (; run.table[slot] != 0; slot = (slot + 1) % run.table_size) {
		if (run.nodes[run.table[slot] - 1].sum == sum) {
			return;
		}
	}
	if (run.node_count == run.scope->states_max) {
		run.result.exhausted = false;
		return;
	}
	node = &run.nodes[run.node_count++];
	run.table[slot] = run.node_count;
	*node = (struct node){ sum, *action, parent, 0 };
	node->depth = parent == NOBODY ? 0 : run.nodes[parent].depth + 1;
}

/** Brings the system to @node. */
static void go_to(const struct node *node)
{
	const struct action *path[DEPTH_MAX];
	unsigned count = 0;

	system_restore(run.boot);
	run.ledger = (struct ledger){ 0 };
	for (; node->parent != NOBODY; node = &run.nodes[node->parent]) {
		CHECK(count < DEPTH_MAX);
		path[count++] = &node->action;
	}
	while (count > 0) {
		ledger_perform(&run.ledger, path[--count]);
	}
	run.here = system_save(run.here);
}

static void expand(unsigned number)
{
	struct action actions[ACTIONS_MAX];
	unsigned count;

	run.at = &run.nodes[number];
	run.trying = NULL;
	go_to(run.at);
	count = actions_possible(run.scope, actions);
	for (unsigned i = 0; i < count; i++) {
		struct ledger ledger = run.ledger;

		run.trying = &actions[i];
		ledger_perform(&ledger, run.trying);
		run.result.actions++;
		visit(&ledger, run.trying, (int)number);
		system_restore(run.here);
	}
	run.trying = NULL;
	ledger_check_liveness(run.scope);
}

struct search_result search(const struct scope *scope)
{
	static const struct action nothing;
	static bool told;

	if (!told) {
		atexit(tell_history);
		told = true;
	}
	run.scope = scope;
	run.node_count = 0;
	run.nodes = malloc(scope->states_max * sizeof(run.nodes[0]));
	run.table_size = 2 * scope->states_max + 1;
	run.table = calloc(run.table_size, sizeof(run.table[0]));
	CHECK(run.nodes != NULL && run.table != NULL);
	run.result = (struct search_result){ .exhausted = true };
	actions_boot(scope);
	run.boot = system_save(run.boot);
	run.ledger = (struct ledger){ 0 };

	visit(&run.ledger, &nothing, NOBODY);
	for (unsigned i = 0; i < run.node_count; i++) {
		expand(i);
	}
	run.at = NULL;
	run.result.states = run.node_count;
	run.result.depth = run.nodes[run.node_count - 1].depth;
	free(run.nodes);
	free(run.table);
	return run.result;
}
