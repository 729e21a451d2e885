/* SPDX-License-Identifier: BSD-3-Clause */
/* All calls that a scope makes in a state. */
#ifndef TESTS_MODEL_MEMORY_ACTIONS_H
#define TESTS_MODEL_MEMORY_ACTIONS_H

#include "tests/model/memory/reference.h"
#include "tests/model/memory/search.h"

enum { ACTIONS_MAX = 20000 };

/** Fills @actions; returns how many. */
unsigned actions_of(const struct scope *scope, const struct reference *reference,
		    struct action actions[ACTIONS_MAX]);

#endif
