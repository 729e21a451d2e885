/* SPDX-License-Identifier: BSD-3-Clause */
/* Ends of memory transactions that their parties do not reach by themselves. */
#ifndef FFA_MEM_END_H
#define FFA_MEM_END_H

#include "ffa/call.h"

/**
 * Endpoint @id is gone for good, and begins nothing new: what it was sending is dropped, what it has
 * borrowed is given back, what it has lent comes back to it when nobody holds it any more.
 */
void mem_end_of_endpoint(struct spmc *spmc, struct pe *pe, uint16_t id);

/**
 * Ends what @id has begun to send, to retrieve or, as a hypervisor, to look at, and not come to the end of.
 * Returns how many transactions that were.
 */
unsigned mem_end_half_done(struct spmc *spmc, struct pe *pe, uint16_t id);

/**
 * FFA_ERROR with ABORTED from an endpoint that will not send, or fetch, the rest of what it has begun.
 *
 * FFA_NOT_SUPPORTED  the normal world: there is nothing; another code; it speaks of a partition.
 * FFA_DENIED         a partition: there is nothing; another code.
 */
enum ffa_status mem_cancel(struct call *call);

/** The transaction of @slot ends if its sender is gone and nobody holds it; unlocks the slot in any case. */
void mem_end_if_orphaned(struct spmc *spmc, struct transaction_slot *slot);

#endif
