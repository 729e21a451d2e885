/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules, one function a call. */
#include "tests/model/memory/reference.h"

#include <stdlib.h>
#include <string.h>

#include "tests/model/memory/view.h"

#define NON_SECURE_PAGES ((1U << PAGE_C) | (1U << PAGE_D))

struct reference reference_start(const uint8_t rights[PAGE_COUNT])
{
	static const uint8_t owners[PAGE_COUNT] = { WHO_SP1, WHO_SP1, WHO_NW, WHO_SP2 };
	struct reference reference = { 0 };

	for (unsigned i = 0; i < PAGE_COUNT; i++) {
		reference.pages[i] = (struct reference_page){ owners[i], rights[i] };
	}
	return reference;
}

/* ---- questions ---------------------------------------------------------------------------------- */

static bool is_secure(unsigned who)
{
	return who != WHO_NW && who != WHO_VM1;
}

static bool is_non_secure_page(unsigned n)
{
	return (NON_SECURE_PAGES >> n & 1) != 0;
}

static bool is_exclusive(const struct reference_transaction *one)
{
	return one->kind == TRANSACTION_DONATE ||
	       (one->kind == TRANSACTION_LEND && one->borrower_count == 1);
}

bool reference_page_is_given(const struct reference *reference, unsigned n, unsigned *found)
{
	for (unsigned i = 0; i < MACHINE_TRANSACTIONS; i++) {
		const struct reference_transaction *one = &reference->transactions[i];

		if (one->kind != 0 && !one->half && (one->pages >> n & 1) != 0) {
			*found = i;
			return true;
		}
	}
	return false;
}

static bool is_held(const struct reference_transaction *one)
{
	bool held = false;

	for (unsigned i = 0; i < one->borrower_count; i++) {
		held = held || one->borrowers[i].granted != 0;
	}
	return held;
}

static struct reference_borrower *borrower_of(struct reference_transaction *one, unsigned who)
{
	for (unsigned i = 0; i < one->borrower_count; i++) {
		if (one->borrowers[i].who == who) {
			return &one->borrowers[i];
		}
	}
	return NULL;
}

static uint8_t rights_of(const struct reference *reference, const struct reference_transaction *one)
{
	return reference->pages[__builtin_ctz(one->pages)].rights;
}

/* ---- sending ------------------------------------------------------------------------------------ */

/** What the header and the borrowers decide. */
static bool terms_are_allowed(const struct reference *reference,
			      const struct reference_transaction *one)
{
	unsigned vms = 0;

	for (unsigned i = 0; i < one->borrower_count; i++) {
		if (one->borrowers[i].who == one->sender ||
		    (reference->dead >> one->borrowers[i].who & 1) != 0 ||
		    (i > 0 && one->borrowers[i].who == one->borrowers[0].who)) {
			return false;
		}
		vms += is_secure(one->borrowers[i].who) ? 0 : 1;
	}
	if ((one->kind == TRANSACTION_DONATE && one->borrower_count != 1) ||
	    (one->kind == TRANSACTION_SHARE && one->zero)) {
		return false;
	}
	if (vms == 0) {
		return true;
	}
	return one->sender == WHO_NW ? one->kind == TRANSACTION_SHARE && vms < one->borrower_count
				     : one->kind != TRANSACTION_DONATE;
}

/** All pages are the sender's alone, alike, and good for what is to be done with them. */
static bool pages_are_allowed(const struct reference *reference,
			      const struct reference_transaction *one)
{
	unsigned first = (unsigned)__builtin_ctz(one->pages), unused;
	bool writable = (reference->pages[first].rights & ARCH_MAP_WRITE) != 0;

	for (unsigned n = 0; n < PAGE_COUNT; n++) {
		if ((one->pages >> n & 1) == 0) {
			continue;
		}
		if (reference->pages[n].owner != one->sender ||
		    reference->pages[n].rights != reference->pages[first].rights ||
		    is_non_secure_page(n) != is_non_secure_page(first) ||
		    reference_page_is_given(reference, n, &unused)) {
			return false;
		}
	}
	for (unsigned i = 0; i < one->borrower_count; i++) {
		if (((one->borrowers[i].permissions & FFA_MEMORY_DATA_RW) != 0 && !writable) ||
		    (!is_secure(one->borrowers[i].who) && !is_non_secure_page(first))) {
			return false;
		}
	}
	return writable || !one->zero;
}

static void finish_send(struct reference *reference, struct reference_transaction *one)
{
	one->half = 0;
	reference->zeroed = one->zero ? one->pages : 0;
}

static bool send(struct reference *reference, const struct action *action)
{
	struct reference_transaction one = {
		.kind = action->kind,
		.sender = action->who,
		.pages = action->pages,
		.half = 1,
		.zero = action->zero,
		.borrower_count = action->borrower_count,
	};

	for (unsigned i = 0; i < action->borrower_count; i++) {
		one.borrowers[i].who = action->borrowers[i];
		one.borrowers[i].permissions = action->kind == TRANSACTION_DONATE
						       ? 0
						       : action->permissions[i];
	}
	if (!terms_are_allowed(reference, &one) ||
	    (action->operation == OP_SEND && !pages_are_allowed(reference, &one))) {
		return false;
	}
	if (action->operation == OP_SEND) {
		finish_send(reference, &one);
	}
	reference->transactions[action->transaction] = one;
	return true;
}

static bool send_rest(struct reference *reference, const struct action *action)
{
	struct reference_transaction *one = &reference->transactions[action->transaction];

	if (one->kind == 0 || !one->half || one->sender != action->who) {
		return false;
	}
	if (!pages_are_allowed(reference, one)) {
		memset(one, 0, sizeof(*one));
		return false;
	}
	finish_send(reference, one);
	return true;
}

static bool cancel(struct reference *reference, const struct action *action)
{
	bool any = false;

	for (unsigned i = 0; i < MACHINE_TRANSACTIONS; i++) {
		struct reference_transaction *one = &reference->transactions[i];

		if (one->half && one->sender == action->who) {
			memset(one, 0, sizeof(*one));
			any = true;
		}
	}
	return any;
}

/* ---- retrieving --------------------------------------------------------------------------------- */

static bool instruction_is_allowed(const struct reference_transaction *one, unsigned asked,
				   unsigned rights)
{
	if (!is_exclusive(one)) {
		return asked == 0;
	}
	return asked == FFA_MEMORY_INSTRUCTION_NX ||
	       (asked == FFA_MEMORY_INSTRUCTION_X && (one->pages & NON_SECURE_PAGES) == 0 &&
		(rights & ARCH_MAP_EXECUTE) != 0);
}

static uint8_t map_of(unsigned granted)
{
	return (uint8_t)(ARCH_MAP_READ |
			 ((granted & FFA_MEMORY_DATA_RW) != 0 ? ARCH_MAP_WRITE : 0U) |
			 ((granted & FFA_MEMORY_INSTRUCTION_X) != 0 ? ARCH_MAP_EXECUTE : 0U));
}

static bool retrieve(struct reference *reference, const struct action *action)
{
	struct reference_transaction *one = &reference->transactions[action->transaction];
	struct reference_borrower *borrower = borrower_of(one, action->who);
	unsigned data = action->permissions[0] & FFA_MEMORY_DATA_MASK;
	unsigned instruction = action->permissions[0] & FFA_MEMORY_INSTRUCTION_MASK;
	unsigned rights, most;

	if (one->kind == 0 || one->half || one->orphaned || borrower == NULL ||
	    borrower->granted != 0) {
		return false;
	}
	rights = rights_of(reference, one);
	most = one->kind != TRANSACTION_DONATE  ? borrower->permissions
	       : (rights & ARCH_MAP_WRITE) != 0 ? FFA_MEMORY_DATA_RW
						: FFA_MEMORY_DATA_RO;
	if (data > most || !instruction_is_allowed(one, instruction, rights)) {
		return false;
	}
	data = data == 0 ? most : data;
	instruction = instruction == 0 ? FFA_MEMORY_INSTRUCTION_NX : instruction;
	if ((action->zero && !one->zero) ||
	    (action->zero_after && one->kind == TRANSACTION_SHARE) ||
	    ((action->zero || action->zero_after) && data != FFA_MEMORY_DATA_RW) ||
	    (action->who == WHO_SP4 && data == FFA_MEMORY_DATA_RW &&
	     instruction == FFA_MEMORY_INSTRUCTION_X)) {
		return false;
	}
	borrower->granted = (uint8_t)(data | instruction);
	borrower->zero_after = action->zero_after;
	if (one->kind == TRANSACTION_DONATE) {
		for (unsigned n = 0; n < PAGE_COUNT; n++) {
			if ((one->pages >> n & 1) != 0) {
				reference->pages[n] = (struct reference_page){
					action->who, map_of(data | instruction)
				};
			}
		}
		memset(one, 0, sizeof(*one));
	}
	return true;
}

/* ---- giving back -------------------------------------------------------------------------------- */

static void leave(struct reference *reference, struct reference_transaction *one,
		  struct reference_borrower *borrower)
{
	one->zero_at_end = one->zero_at_end || borrower->zero_after;
	borrower->zero_after = 0;
	borrower->granted = 0;
	if (is_held(one)) {
		return;
	}
	reference->zeroed |= one->zero_at_end ? one->pages : 0;
	one->zero_at_end = 0;
	if (one->orphaned) {
		memset(one, 0, sizeof(*one));
	}
}

static bool relinquish(struct reference *reference, const struct action *action)
{
	struct reference_transaction *one = &reference->transactions[action->transaction];
	struct reference_borrower *borrower = borrower_of(one, action->who);

	if (one->kind == 0 || borrower == NULL || borrower->granted == 0 ||
	    (action->zero &&
	     (one->kind == TRANSACTION_SHARE || (borrower->granted & FFA_MEMORY_DATA_RW) == 0))) {
		return false;
	}
	borrower->zero_after = borrower->zero_after || action->zero;
	leave(reference, one, borrower);
	return true;
}

static bool reclaim(struct reference *reference, const struct action *action)
{
	struct reference_transaction *one = &reference->transactions[action->transaction];

	if (one->kind == 0 || one->half || one->orphaned || one->sender != action->who ||
	    is_held(one) || (action->zero && (rights_of(reference, one) & ARCH_MAP_WRITE) == 0)) {
		return false;
	}
	reference->zeroed = action->zero ? one->pages : 0;
	memset(one, 0, sizeof(*one));
	return true;
}

/** What it has sent is nobody's to retrieve any more; what it has borrowed it gives back. */
static bool abort_partition(struct reference *reference, const struct action *action)
{
	reference->dead |= (uint8_t)(1U << action->who);
	for (unsigned i = 0; i < MACHINE_TRANSACTIONS; i++) {
		struct reference_transaction *one = &reference->transactions[i];
		struct reference_borrower *borrower = borrower_of(one, action->who);

		if (one->kind == 0) {
			continue;
		}
		if (one->sender == action->who) {
			one->orphaned = 1;
			if (one->half || !is_held(one)) {
				memset(one, 0, sizeof(*one));
			}
		} else if (borrower != NULL && borrower->granted != 0) {
			leave(reference, one, borrower);
		}
	}
	return true;
}

bool reference_apply(struct reference *reference, const struct action *action)
{
	static bool (*const operations[])(struct reference *, const struct action *) = {
		[OP_SEND] = send,       [OP_SEND_HALF] = send,        [OP_SEND_REST] = send_rest,
		[OP_CANCEL] = cancel,   [OP_RETRIEVE] = retrieve,     [OP_RELINQUISH] = relinquish,
		[OP_RECLAIM] = reclaim, [OP_ABORT] = abort_partition,
	};

	reference->zeroed = 0;
	return operations[action->operation](reference, action);
}

/* ---- what follows ------------------------------------------------------------------------------- */

unsigned reference_map(const struct reference *reference, unsigned n, enum who who)
{
	const struct reference_page *page = &reference->pages[n];
	unsigned world = is_non_secure_page(n) ? ARCH_MAP_NON_SECURE : 0;
	unsigned found;
	struct reference_transaction one;
	const struct reference_borrower *borrower;

	if (!reference_page_is_given(reference, n, &found)) {
		return page->owner == who ? page->rights | world : 0;
	}
	one = reference->transactions[found];
	if (page->owner == who) {
		return page->rights | world | ARCH_MAP_SHARED |
		       (one.kind == TRANSACTION_SHARE ? 0 : VIEW_HIDDEN);
	}
	borrower = borrower_of(&one, who);
	return borrower != NULL && borrower->granted != 0
		       ? map_of(borrower->granted) | world | ARCH_MAP_BORROWED
		       : 0;
}

bool reference_is_recorded(const struct reference *reference, unsigned n)
{
	unsigned found;

	return is_non_secure_page(n) && (reference->pages[n].owner != WHO_NW ||
					 reference_page_is_given(reference, n, &found));
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct reference_transaction));
}

struct reference reference_canonical(const struct reference *reference)
{
	struct reference canonical = *reference;

	canonical.zeroed = 0;
	qsort(canonical.transactions, MACHINE_TRANSACTIONS, sizeof(canonical.transactions[0]),
	      compare);
	return canonical;
}
