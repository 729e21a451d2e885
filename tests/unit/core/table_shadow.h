/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A second set of books on translation tables: follows the recorded edits, knows which address every live
 * entry maps, and objects to whatever breaks the rules of live tables.
 */
#ifndef TESTS_UNIT_CORE_TABLE_SHADOW_H
#define TESTS_UNIT_CORE_TABLE_SHADOW_H

#include "core/space.h"

/** Takes the tables of @space as they are, and follows all edits from now on. */
void shadow_start(const struct space *space);

/**
 * To be called after each commit. Objects when a live table was changed behind the shadow's back, when an
 * entry that was broken was never invalidated, when a table is empty or the number of tables is not what
 * the owner pays for.
 */
void shadow_check(void);

/** Edits of live tables and invalidations since shadow_start(). */
uint64_t shadow_events(void);

/** A value that changes when any live table does. */
uint64_t shadow_fingerprint(void);

#endif
