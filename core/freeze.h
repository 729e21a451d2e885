/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Standstill of who reaches which memory. Changes of that run side by side on all PEs: each PE says in a word of
 * its own that it is about one, so that they do not disturb each other. Who wants to see all of it as it is
 * at one moment freezes it: changes under way come to their end first, new ones wait.
 */
#ifndef CORE_FREEZE_H
#define CORE_FREEZE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/lock.h"

struct pe;
struct spmc;

struct freeze {
	struct lock lock; /* RANK_FREEZE; held while it is frozen */
	_Atomic bool frozen;
};

/** This PE begins a change: of tables, transactions and buffers together. It holds no lock. */
void freeze_change_begin(struct pe *pe);
void freeze_change_end(struct pe *pe);

/** Nothing changes from here on; this PE is not about a change itself. */
void freeze_begin(struct spmc *spmc);
void freeze_end(struct spmc *spmc);

#endif
