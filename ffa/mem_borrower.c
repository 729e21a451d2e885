/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The borrower's side of memory transactions (DEN0140, "Memory region states"): mapping into a partition's
 * space, where nothing may be yet, and out of it.
 * Locks: RANK_SPACE of the borrower; the caller holds RANK_TRANSACTION.
 */
#include "ffa/mem_borrower.h"

#include "ffa/mem_owner.h"

static void prune(const struct transaction *transaction, uint32_t count, struct space_edit *edit)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	while (count-- > 0 && (constituent = constituent_next(&walk)) != NULL) {
		space_edit_prune(edit, constituent_range(constituent));
	}
}

static enum ffa_status prepare_one(struct space_edit *edit, struct page_range range)
{
	enum space_result result = space_edit_prepare(edit, range);
	unsigned map;

	if (result != SPACE_OK) {
		return result == SPACE_NO_MEMORY ? FFA_NO_MEMORY : FFA_DENIED;
	}
	return space_edit_alike(edit, range, &map) && map == 0 ? FFA_OK : FFA_DENIED;
}

enum ffa_status mem_borrower_prepare(struct partition *partition,
				     const struct transaction *transaction, struct space_edit *edit)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;

	*edit = space_edit_begin(&partition->space, transaction_world(transaction));
	for (uint32_t n = 1; (constituent = constituent_next(&walk)) != NULL; n++) {
		enum ffa_status status = FFA_OK;

		if (constituent->page_count != 1 ||
		    !space_edit_page_is_free(edit, constituent->address)) {
			status = prepare_one(edit, constituent_range(constituent));
		}
		if (status != FFA_OK) {
			prune(transaction, n, edit);
			space_edit_end(edit);
			return status;
		}
	}
	return FFA_OK;
}

void mem_borrower_map(const struct transaction *transaction, unsigned map, struct space_edit *edit)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	uint64_t leaf = space_edit_leaf(edit->space, map);
	const struct constituent *constituent;

	while ((constituent = constituent_next(&walk)) != NULL) {
		if (constituent->page_count != 1 ||
		    !space_edit_page_swap(edit, constituent->address, 0, leaf)) {
			space_edit_set(edit, constituent_range(constituent), map);
		}
	}
	space_edit_end(edit);
}

void mem_borrower_cancel(const struct transaction *transaction, struct space_edit *edit)
{
	prune(transaction, transaction->received_count, edit);
	space_edit_end(edit);
}

static void unmap(struct partition *partition, const struct transaction *transaction)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;
	struct space_edit edit;

	lock_acquire(&partition->space.lock);
	edit = space_edit_begin(&partition->space, transaction_world(transaction));
	while ((constituent = constituent_next(&walk)) != NULL) {
		if (constituent->page_count != 1 ||
		    !space_edit_page_clear(&edit, constituent->address)) {
			space_edit_clear(&edit, constituent_range(constituent));
		}
	}
	space_edit_end(&edit);
	lock_release(&partition->space.lock);
}

void mem_borrower_leave(struct spmc *spmc, struct pe *pe, struct transaction *transaction,
			struct borrower *borrower)
{
	struct partition *partition = spmc_partition(spmc, borrower->id);

	if (partition != NULL) {
		unmap(partition, transaction);
	}
	transaction->zero = transaction->zero || borrower->zero_after;
	borrower->retrieved = false;
	borrower->zero_after = false;
	borrower->next_constituent = 0;
	borrower->sent_bytes = 0;
	if (transaction->zero && !transaction_is_held(transaction)) {
		(void)mem_zero(pe, transaction); /* what has vanished is nobody's */
		transaction->zero = false;
	}
}
