/* SPDX-License-Identifier: BSD-3-Clause */
/* Breadth-first search through everything that interrupts and calls can come to. */
#ifndef TESTS_MODEL_INTERRUPTS_SEARCH_H
#define TESTS_MODEL_INTERRUPTS_SEARCH_H

#include "tests/model/interrupts/actions.h"

struct search_result {
	unsigned states;
	unsigned depth; /* actions from boot to the last of them */
	bool exhausted; /* there are no more */
	uint64_t actions;
};

/** Searches; a violation ends the program with the actions that led to it. */
struct search_result search(const struct scope *scope);

#endif
