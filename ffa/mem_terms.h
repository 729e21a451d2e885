/* SPDX-License-Identifier: BSD-3-Clause */
/* What a borrower asks for when it retrieves memory, against what its sender offers. */
#ifndef FFA_MEM_TERMS_H
#define FFA_MEM_TERMS_H

#include "ffa/mem_descriptor.h"

/** What is granted. */
struct mem_terms {
	uint8_t permissions;
	uint8_t attributes; /* without the NS bit */
	unsigned map; /* enum arch_map: how it is mapped */
	const struct ffa_memory_access *access; /* the borrower's own, in the request */
	struct borrower *borrower;
};

/**
 * Checks the request @descriptor for @transaction, which borrower @id makes, in the order of DEN0140.
 *
 * FFA_INVALID_PARAMETERS  flags, attributes, permissions, borrowers, values that do not fit the transaction.
 * FFA_DENIED              another sender; more rights, other memory, zeroing than offered.
 */
enum ffa_status mem_terms_check(const struct call *call, const struct mem_descriptor *descriptor,
				struct transaction *transaction, uint16_t id,
				struct mem_terms *terms);

#endif
