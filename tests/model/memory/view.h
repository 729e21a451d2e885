/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All memory of the system as its translation tables, the record of the normal world and the transactions
 * have it, looked at page by page. What must hold of it whatever was called is checked here.
 */
#ifndef TESTS_MODEL_MEMORY_VIEW_H
#define TESTS_MODEL_MEMORY_VIEW_H

#include <stdint.h>

/* What an entry says of a page, beyond enum arch_map. */
#define VIEW_HIDDEN 0x8000U

/** The entry of partition @id for the page at @address: enum arch_map, VIEW_HIDDEN when it is; 0: nothing. */
unsigned view_map(uint16_t id, uint64_t address);

/** As view_map(), of the record of the normal world. */
unsigned view_record(uint64_t address);

/**
 * What holds whenever no call is under way:
 *  - a page that a partition has alone is reached by nobody else and in no transaction;
 *  - one that is shared or hidden is in exactly one transaction of its owner, or somebody's buffer;
 *  - one that is borrowed is in a transaction whose borrower retrieved it, mapped with no more than granted;
 *  - a borrower of its own does not share with anybody: what is exclusive is hidden from its owner;
 *  - every page of the pool is free, a table or a transaction's.
 * Anything else ends the program.
 */
void view_check(void);

/** Transactions that live. */
unsigned view_transactions(void);

/** Sum over all transactions. */
uint64_t view_sum(void);

/** Called before the program ends for that: says how it came about. */
extern void (*view_tell)(void);

/** Says what went wrong and ends the program: a debugger, or the fuzzer, sees where. */
_Noreturn void view_fail(const char *file, int line, const char *what);

#define REQUIRE(condition) ((condition) ? (void)0 : view_fail(__FILE__, __LINE__, #condition))

#endif
