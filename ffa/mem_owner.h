/* SPDX-License-Identifier: BSD-3-Clause */
/* What an owner has of the memory that a transaction is about. */
#ifndef FFA_MEM_OWNER_H
#define FFA_MEM_OWNER_H

#include "core/spmc.h"
#include "core/transaction.h"

/**
 * Takes the memory of the complete @transaction away from its sender: what is shared can take part in
 * nothing else, what is lent or donated is out of its reach. All or nothing.
 *
 * FFA_INVALID_PARAMETERS  constituents overlap.
 * FFA_DENIED              not all of it is the sender's alone, alike, and of a kind and with the rights that
 *                         the transaction needs.
 * FFA_NO_MEMORY           no translation tables.
 */
enum ffa_status mem_owner_give(struct spmc *spmc, struct transaction *transaction);

/** Gives it back, with the rights that the sender had. Cannot fail. */
void mem_owner_take_back(struct spmc *spmc, const struct transaction *transaction);

/** The memory was donated: the sender forgets it for good. */
void mem_owner_forget(struct spmc *spmc, const struct transaction *transaction);

/** Zeroes the memory, which is no device. False: it has vanished. */
bool mem_zero(struct pe *pe, const struct transaction *transaction);

#endif
