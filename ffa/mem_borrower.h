/* SPDX-License-Identifier: BSD-3-Clause */
/* What a borrower has of the memory that a transaction is about. */
#ifndef FFA_MEM_BORROWER_H
#define FFA_MEM_BORROWER_H

#include "core/space_edit.h"
#include "core/spmc.h"
#include "core/transaction.h"

/**
 * Readies the space of @partition, which is locked, for mapping the memory of @transaction.
 *
 * FFA_DENIED     something is mapped there already, or it lies outside.
 * FFA_NO_MEMORY  no translation tables.
 * On failure nothing has changed, and @edit has ended.
 */
enum ffa_status mem_borrower_prepare(struct partition *partition,
				     const struct transaction *transaction, struct space_edit *edit)
	REQUIRES(partition -> space.lock);

/** Maps what was prepared as @map says. Cannot fail. */
void mem_borrower_map(const struct transaction *transaction, unsigned map, struct space_edit *edit);

/** Drops what was prepared. */
void mem_borrower_cancel(const struct transaction *transaction, struct space_edit *edit);

/**
 * @borrower leaves: its mapping goes; when it is the last one, the memory is zeroed if one of them asked for
 * it. A VM has no mapping of ours.
 */
void mem_borrower_leave(struct spmc *spmc, struct pe *pe, struct transaction *transaction,
			struct borrower *borrower);

#endif
