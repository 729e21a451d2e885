/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Either a change is seen by who freezes, or it sees that all is frozen: both write their own word first and
 * read the other's then, in one order of all (sequentially consistent). Locks: RANK_FREEZE. Waits as long as
 * one change or one look takes; the lock's queue is fair, so that neither keeps the other out.
 */
#include "core/freeze.h"

#include "core/spmc.h"

void freeze_change_begin(struct pe *pe)
{
	struct freeze *freeze = &pe->spmc->freeze;

	atomic_store_explicit(&pe->changing, 1, memory_order_seq_cst);
	if (__builtin_expect(!atomic_load_explicit(&freeze->frozen, memory_order_seq_cst), 1)) {
		return;
	}
	/* release: pairs with the acquire of who waits for it */
	atomic_store_explicit(&pe->changing, 0, memory_order_release);
	lock_acquire(&freeze->lock);
	atomic_store_explicit(&pe->changing, 1, memory_order_seq_cst);
	lock_release(&freeze->lock);
}

void freeze_change_end(struct pe *pe)
{
	/* release: pairs with the acquire in freeze_begin() */
	atomic_store_explicit(&pe->changing, 0, memory_order_release);
}

void freeze_begin(struct spmc *spmc) NO_THREAD_SAFETY
{
	lock_acquire(&spmc->freeze.lock);
	atomic_store_explicit(&spmc->freeze.frozen, true, memory_order_seq_cst);
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		_Atomic uint32_t *changing = &spmc->pes[i].changing;

		if (atomic_load_explicit(changing, memory_order_seq_cst) != 0) {
			arch_lock_wait(changing, 0);
		}
	}
}

void freeze_end(struct spmc *spmc) NO_THREAD_SAFETY
{
	/* release: what changes begin with comes after what was seen */
	atomic_store_explicit(&spmc->freeze.frozen, false, memory_order_release);
	lock_release(&spmc->freeze.lock);
}
