/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The search. A state is reached by making the calls that lead to it again, from a snapshot of the system
 * after boot; each call that is possible there is made from a snapshot of the state.
 */
#include "tests/model/memory/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/memory/actions.h"
#include "tests/model/memory/player.h"
#include "tests/model/memory/view.h"

enum {
	NOBODY = -1,
	DEPTH_MAX = 64,
};

struct node {
	struct reference reference;
	struct action action; /* that led here */
	int parent; /* NOBODY: boot */
	unsigned depth;
};

static struct {
	const struct scope *scope;
	struct node *nodes;
	unsigned node_count;

	int *table; /* hashed, open addressing: node + 1 */
	unsigned table_size;

	struct machine_snapshot *boot, *here;
	struct player_handles boot_handles, here_handles;
	uint64_t sums[WHO_RUNS]; /* of the state, by who calls */

	const struct node *at; /* where the search is, what it does there */
	const struct action *trying;
	struct search_result result;
} search_state;

static struct action actions[ACTIONS_MAX];

static void tell_history(void)
{
	const struct action *path[DEPTH_MAX];
	unsigned count = 0;

	for (const struct node *node = search_state.at; node != NULL && node->parent != NOBODY;
	     node = &search_state.nodes[node->parent]) {
		path[count++] = &node->action;
	}
	while (count > 0) {
		player_print(path[--count]);
	}
	if (search_state.trying != NULL) {
		player_print(search_state.trying);
	}
}

/* ---- states ------------------------------------------------------------------------------------- */

static unsigned hash(const struct reference *reference)
{
	const uint8_t *bytes = (const uint8_t *)reference;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < sizeof(*reference); i++) {
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	}
	return (unsigned)(sum >> 32);
}

/** Adds the state unless it is known, or there are as many as there shall be. */
static void visit(const struct reference *reference, const struct action *action, int parent)
{
	struct reference canonical = reference_canonical(reference);
	unsigned slot = hash(&canonical) % search_state.table_size;
	struct node *node;

	for (; search_state.table[slot] != 0; slot = (slot + 1) % search_state.table_size) {
		struct reference known = reference_canonical(
			&search_state.nodes[search_state.table[slot] - 1].reference);

		if (memcmp(&known, &canonical, sizeof(known)) == 0) {
			return;
		}
	}
	if (search_state.node_count == search_state.scope->states_max) {
		search_state.result.exhausted = false;
		return;
	}
	node = &search_state.nodes[search_state.node_count++];
	search_state.table[slot] = (int)search_state.node_count;
	*node = (struct node){ *reference, *action, parent, 0 };
	node->depth = parent == NOBODY ? 0 : search_state.nodes[parent].depth + 1;
}

static void restore(const struct machine_snapshot *snapshot, const struct player_handles *handles)
{
	machine_restore(snapshot);
	player_handles = *handles;
}

/** Brings the system to @node. */
static void go_to(const struct node *node)
{
	const struct action *path[DEPTH_MAX];
	unsigned count = 0;

	restore(search_state.boot, &search_state.boot_handles);
	for (; node->parent != NOBODY; node = &search_state.nodes[node->parent]) {
		REQUIRE(count < DEPTH_MAX);
		path[count++] = &node->action;
	}
	while (count > 0) {
		(void)player_perform(path[--count]);
	}
	search_state.here = machine_save(search_state.here);
	search_state.here_handles = player_handles;
	for (enum who who = WHO_NW; who < WHO_RUNS; who++) {
		search_state.sums[who] = machine_sum(who);
	}
}

/* ---- calls -------------------------------------------------------------------------------------- */

static bool same(const struct reference *a, const struct reference *b)
{
	struct reference first = *a, second = *b;

	first.zeroed = second.zeroed;
	return memcmp(&first, &second, sizeof(first)) == 0;
}

static void try(const struct node *node, const struct action *action)
{
	struct reference next = node->reference;
	bool expected = reference_apply(&next, action);
	bool accepted;

	search_state.trying = action;
	player_fill_pages();
	accepted = player_perform(action);
	search_state.result.calls++;
	REQUIRE(accepted == expected);
	player_check_pages(next.zeroed);
	if (!accepted && same(&next, &node->reference)) {
		enum who who = action->who == WHO_VM1 ? WHO_NW : (enum who)action->who;

		REQUIRE(machine_sum(who) == search_state.sums[who]);
		search_state.result.refused++;
		return;
	}
	player_check(&next);
	visit(&next, action, (int)(node - search_state.nodes));
	restore(search_state.here, &search_state.here_handles);
}

static void expand(const struct node *node)
{
	unsigned count = actions_of(search_state.scope, &node->reference, actions);

	search_state.at = node;
	search_state.trying = NULL;
	go_to(node);
	player_check(&node->reference);
	for (unsigned i = 0; i < count; i++) {
		try(node, &actions[i]);
	}
}

/* ---- the search --------------------------------------------------------------------------------- */

struct search_result search(const struct scope *scope)
{
	static const struct action nothing;
	struct reference start = player_start();

	machine_forget_registers();
	search_state.scope = scope;
	search_state.node_count = 0;
	search_state.nodes = malloc(scope->states_max * sizeof(search_state.nodes[0]));
	search_state.table_size = 2 * scope->states_max + 1;
	search_state.table = calloc(search_state.table_size, sizeof(search_state.table[0]));
	REQUIRE(search_state.nodes != NULL && search_state.table != NULL);
	search_state.result = (struct search_result){ .exhausted = true };
	search_state.boot = machine_save(search_state.boot);
	search_state.boot_handles = player_handles;
	view_tell = tell_history;

	visit(&start, &nothing, NOBODY);
	for (unsigned i = 0; i < search_state.node_count; i++) {
		expand(&search_state.nodes[i]);
	}
	search_state.at = NULL;
	search_state.trying = NULL;
	REQUIRE(machine_snapshots_are_complete());
	search_state.result.states = search_state.node_count;
	search_state.result.depth = search_state.nodes[search_state.node_count - 1].depth;
	free(search_state.nodes);
	free(search_state.table);
	return search_state.result;
}
