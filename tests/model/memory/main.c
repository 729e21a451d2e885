/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions searched exhaustively in small scopes.
 *
 *   <program>           the scopes of `make test`
 *   <program> N         each of them up to N states: for hours
 *   <program> N NAME    one of them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/model/memory/reference.h"
#include "tests/model/memory/search.h"

#define PAGES(set) (1U << (set))
#define A (1U << PAGE_A)
#define B (1U << PAGE_B)
#define C (1U << PAGE_C)
#define D (1U << PAGE_D)

static const struct scope scopes[] = {
	/* From the beginning to every end. */
	{
		.name = "one page in one transaction",
		.page_sets = PAGES(A),
		.transactions = 1,
		.rights = true,
		.halves = true,
		.aborts = true,
		.states_max = 2500,
	},
	{
		.name = "one non-secure page in one transaction",
		.page_sets = PAGES(D),
		.transactions = 1,
		.zeroing = true,
		.aborts = true,
		.states_max = 2500,
	},
	/* One transaction after the other, with all that it can say. */
	{
		.name = "one transaction, all its terms",
		.page_sets = PAGES(A) | PAGES(C) | PAGES(D),
		.transactions = 1,
		.rights = true,
		.zeroing = true,
		.states_max = 1500,
	},
	/* What transactions do to each other. */
	{
		.name = "three transactions of four pages",
		.page_sets = PAGES(A) | PAGES(C) | PAGES(D) | PAGES(A | B) | PAGES(B | C) |
			     PAGES(C | D),
		.transactions = 3,
		.aborts = true,
		.states_max = 4000,
	},
	/* Descriptors that come in parts. */
	{
		.name = "halves of transactions",
		.page_sets = PAGES(A) | PAGES(A | B) | PAGES(C),
		.transactions = 2,
		.halves = true,
		.aborts = true,
		.states_max = 1500,
	},
};

static void run(const struct scope *scope)
{
	struct timespec before, after;
	struct search_result result;

	timespec_get(&before, TIME_UTC);
	result = search(scope);
	timespec_get(&after, TIME_UTC);
	printf("PASS model/memory.%s: %u states, %s, %u calls deep; %llu calls, %llu refused; %ld s\n",
	       scope->name, result.states, result.exhausted ? "all there are" : "the first ones",
	       result.depth, (unsigned long long)result.calls, (unsigned long long)result.refused,
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
