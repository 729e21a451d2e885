/* SPDX-License-Identifier: BSD-3-Clause */
/* Actions of the model as calls of the real system, and the two held against each other. */
#ifndef TESTS_MODEL_MEMORY_PLAYER_H
#define TESTS_MODEL_MEMORY_PLAYER_H

#include "tests/model/memory/reference.h"

/** The handles that transactions have, or had last; to be saved and restored with the machine. */
struct player_handles {
	uint64_t of[MACHINE_TRANSACTIONS];
};

extern struct player_handles player_handles;

/** Boots the system, and the reference as it then is. */
struct reference player_start(void);

/** Makes the call. True: it was accepted. */
bool player_perform(const struct action *action);

/** Fills the memory with what an action must keep; afterwards, what it zeroed of it is @zeroed and no more. */
void player_fill_pages(void);
void player_check_pages(uint8_t zeroed);

/** Tables, record and transactions are what @reference says, and no other page is touched. */
void player_check(const struct reference *reference);

/** In words, for a history of what went wrong. */
void player_print(const struct action *action);

#endif
