/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory management (DEN0140) as its callers see it: transactions written as descriptors of any version,
 * sent and retrieved in as many fragments as the buffers ask for. For partitions and the normal world.
 */
#ifndef SDK_MEMORY_H
#define SDK_MEMORY_H

#include "abi/ffa_memory.h"
#include "sdk/ffa.h"

#define MEMORY_BORROWERS_MAX 16U

struct memory_borrower {
	uint16_t id;
	uint8_t permissions; /* FFA_MEMORY_DATA_*, FFA_MEMORY_INSTRUCTION_* */
	uint8_t flags;
	uint64_t value[2]; /* implementation defined; from v1.2 on */
};

/** What a descriptor says, but for the ranges. */
struct memory_transaction {
	uint64_t handle;
	uint64_t tag;
	uint32_t flags;
	uint16_t sender;
	uint16_t attributes;
	uint32_t access_size; /* of an access descriptor; 0: as usual in the version */
	uint32_t page_count; /* of all ranges */
	uint32_t range_count;
	uint32_t borrower_count;
	struct memory_borrower borrowers[MEMORY_BORROWERS_MAX];
};

/** Who calls, by which buffers. */
struct memory_caller {
	uint8_t *tx;
	const uint8_t *rx;
	uint32_t size; /* of each, in bytes */
	uint32_t version;
	uint16_t endpoint; /* whom the normal world speaks for in fragments; 0 for partitions */
};

/**
 * Writes header and access descriptors to @tx, without a composite (as a retrieve request has it), or with
 * one before its ranges. Returns the bytes.
 */
uint32_t memory_write_request(void *tx, uint32_t version, const struct memory_transaction *request);
uint32_t memory_write_head(void *tx, uint32_t version, const struct memory_transaction *head);

/** Reads header, access descriptors and composite of a response; returns where its ranges begin, 0: nonsense. */
uint32_t memory_read_head(const void *rx, uint32_t version, struct memory_transaction *head);

/**
 * FFA_MEM_SHARE, LEND or DONATE (@function) of @ranges, then FFA_MEM_FRAG_TX as often as needed;
 * @transaction gets the handle. FFA_ABORTED also for answers that make no sense.
 */
enum ffa_status memory_send(const struct memory_caller *caller, uint32_t function,
			    struct memory_transaction *transaction,
			    const struct ffa_memory_range *ranges);

/**
 * FFA_MEM_RETRIEVE_REQ, then FFA_MEM_FRAG_RX; the RX buffer is free afterwards. Up to @room ranges are kept.
 * FFA_ABORTED also for answers that make no sense.
 */
enum ffa_status memory_retrieve(const struct memory_caller *caller,
				const struct memory_transaction *request,
				struct memory_transaction *response,
				struct ffa_memory_range *ranges, uint32_t room);

/** FFA_MEM_RELINQUISH by @id. */
enum ffa_status memory_relinquish(const struct memory_caller *caller, uint64_t handle,
				  uint32_t flags, uint16_t id);

enum ffa_status memory_reclaim(uint64_t handle, uint32_t flags);

#endif
