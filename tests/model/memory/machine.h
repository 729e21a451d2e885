/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The system that models and fuzzers of memory transactions drive: SP1 and SP2 at S-EL1, SP4 at S-EL0, the
 * normal world, each running on a PE of its own, so that any of them can call next. Calls are made without
 * the checks that fixtures make at each step: who calls makes them.
 */
#ifndef TESTS_MODEL_MEMORY_MACHINE_H
#define TESTS_MODEL_MEMORY_MACHINE_H

#include "tests/unit/ffa/mem_fixture.h"

enum who {
	WHO_NW,
	WHO_SP1,
	WHO_SP2,
	WHO_SP4,
	WHO_RUNS, /* those above call */
	WHO_VM1 = WHO_RUNS, /* only borrows; the normal world calls for it */
	WHO_COUNT,
};

enum {
	MACHINE_TRANSACTIONS = 3,
	MACHINE_PES_MAX = 8,
	MACHINE_NS_PAGES = 8, /* non-secure memory of SP2, at the end of the normal world's */
};

/** FF-A ID. */
uint16_t machine_id(enum who who);

/**
 * Boots it, buffers of @buffer_pages pages; FF-A versions of the partitions and the normal world by enum who.
 * The normal world runs on @further_pes PEs more, to be told apart as WHO_RUNS and so on.
 */
void machine_boot(uint32_t buffer_pages, const uint32_t versions[WHO_RUNS], unsigned further_pes);

/** The @n-th non-secure page of SP2. */
uint64_t machine_ns_page(unsigned n);

/** @who calls; on a further PE, the normal world. Returns its registers with the answer. */
const uint64_t *machine_call_with(enum who who, const uint64_t *x, size_t count);
#define MACHINE_CALL(who, ...)                                    \
	machine_call_with(who, (const uint64_t[]){ __VA_ARGS__ }, \
			  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

/** The status in the answer to @who. */
enum ffa_status machine_status(enum who who);

/** Whoever runs forgets what it called with and what it got. */
void machine_forget_registers(void);

/** Partition @who does something that ends it. */
void machine_abort(enum who who);
bool machine_is_dead(enum who who);

/** The buffers of @who, and how many bytes they have. */
uint8_t *machine_tx(enum who who);
uint8_t *machine_rx(enum who who);
size_t machine_buffer_size(enum who who);

/** Everything that a refused call of @who must leave as it was. */
uint64_t machine_sum(enum who who);

/* ---- going back --------------------------------------------------------------------------------- */

/** All that calls change in the SPMC, as it was at some time. One at a time is current. */
struct machine_snapshot;

/** A snapshot of now; NULL as @again: a new one. */
struct machine_snapshot *machine_save(struct machine_snapshot *again);
void machine_restore(const struct machine_snapshot *snapshot);

/** True when no page was used that snapshots leave out. */
bool machine_snapshots_are_complete(void);

#endif
