/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What must be there for the memory management interfaces: descriptors in the caller's TX buffer, transactions
 * that it or SP2 has sent, in whichever state. Memory is shared: with a page of its own the caller pays, SP2
 * with the normal world's memory that its manifest gives it. The borrower of a normal world is one of its VMs.
 */
#ifndef TESTS_MATRIX_MEMORY_H
#define TESTS_MATRIX_MEMORY_H

#include "tests/matrix/situation.h"

/** The normal world's memory that SP2 has. */
struct page_range memory_of_helper(void);

/** What SP2 does in its start-up code: shares with the caller, when that is to retrieve. */
void memory_prepare_helper(const struct situation *situation);

/** What the caller does before its call. */
void memory_prepare(const struct situation *situation);

/** The arguments of memory management calls. */
void memory_arguments(const struct situation *situation, uint64_t x[8]);

#endif
