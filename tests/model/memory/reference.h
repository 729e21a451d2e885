/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions as DEN0140 has them, written down once more and as small as possible: four pages,
 * three transactions, who owns what and who has what of whom. Knows nothing of tables and descriptors.
 */
#ifndef TESTS_MODEL_MEMORY_REFERENCE_H
#define TESTS_MODEL_MEMORY_REFERENCE_H

#include "tests/model/memory/machine.h"

enum {
	PAGE_A, /* at first SP1's, secure */
	PAGE_B, /* the next one */
	PAGE_C, /* the normal world's */
	PAGE_D, /* SP2's, non-secure */
	PAGE_COUNT,
	BORROWERS_MAX = 2,
};

enum operation {
	OP_SEND,
	OP_SEND_HALF, /* no constituent in the first fragment */
	OP_SEND_REST,
	OP_CANCEL,
	OP_RETRIEVE,
	OP_RELINQUISH,
	OP_RECLAIM,
	OP_ABORT,
};

/** One call, with all that decides about it. Unused fields are zero. */
struct action {
	uint8_t operation; /* enum operation */
	uint8_t who; /* calls; for a VM's retrieve and relinquish: the VM */
	uint8_t transaction; /* number; of a send: the one that it becomes */
	uint8_t kind;
	uint8_t sender; /* enum who; of a retrieve: as it says */
	uint8_t pages; /* bit n: page n */
	uint8_t borrower_count;
	uint8_t borrowers[BORROWERS_MAX]; /* enum who */
	uint8_t permissions[BORROWERS_MAX]; /* of a retrieve: [0], of the borrower itself */
	uint8_t zero, zero_after; /* flags */
};

struct reference_page {
	uint8_t owner; /* enum who */
	uint8_t rights; /* enum arch_map: what its owner has when it has it alone */
};

struct reference_borrower {
	uint8_t who, permissions;
	uint8_t granted; /* FFA permissions; 0: it does not have it */
	uint8_t zero_after;
};

struct reference_transaction {
	uint8_t kind; /* 0: there is none */
	uint8_t sender;
	uint8_t pages;
	uint8_t half; /* sent */
	uint8_t zero, zero_at_end;
	uint8_t orphaned;
	uint8_t borrower_count;
	struct reference_borrower borrowers[BORROWERS_MAX];
};

struct reference {
	struct reference_page pages[PAGE_COUNT];
	struct reference_transaction transactions[MACHINE_TRANSACTIONS];
	uint8_t dead; /* bit n: enum who */
	uint8_t zeroed; /* pages, by the last action */
};

/** Nothing has happened yet. @rights: of the owners of the pages. */
struct reference reference_start(const uint8_t rights[PAGE_COUNT]);

/** Carries @action out. False: it is refused, and but for a failed last fragment nothing has changed. */
bool reference_apply(struct reference *reference, const struct action *action);

/** True when @n is a page of a transaction that is all sent; *@found tells which. */
bool reference_page_is_given(const struct reference *reference, unsigned n, unsigned *found);

/** How @who has page @n: enum arch_map with the bits for software; VIEW_HIDDEN with what it had. */
unsigned reference_map(const struct reference *reference, unsigned n, enum who who);

/** True when the normal world does not have page @n to give. */
bool reference_is_recorded(const struct reference *reference, unsigned n);

/** As @reference, the transactions in an order that does not depend on their numbers. */
struct reference reference_canonical(const struct reference *reference);

#endif
