/* SPDX-License-Identifier: BSD-3-Clause */
/* Breadth-first search through everything that memory transactions can come to. */
#ifndef TESTS_MODEL_MEMORY_SEARCH_H
#define TESTS_MODEL_MEMORY_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

/** Which calls are made in each state. */
struct scope {
	const char *name;
	unsigned page_sets; /* bit n: the set of pages n (bits of it: pages) is sent */
	unsigned transactions; /* at a time */
	bool rights; /* data and instruction access in all combinations */
	bool zeroing; /* flags that ask for it */
	bool halves; /* descriptors sent in two fragments, cancelled */
	bool aborts;
	unsigned states_max; /* stop after that many */
};

struct search_result {
	unsigned states;
	unsigned depth; /* calls from boot to the last of them */
	bool exhausted; /* there are no more */
	uint64_t calls, refused;
};

/** Searches; a violation ends the program with the calls that led to it. */
struct search_result search(const struct scope *scope);

#endif
