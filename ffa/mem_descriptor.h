/* SPDX-License-Identifier: BSD-3-Clause */
/* Transaction descriptors of all versions as memory ABIs read them, and the retrieve responses they write. */
#ifndef FFA_MEM_DESCRIPTOR_H
#define FFA_MEM_DESCRIPTOR_H

#include "abi/ffa_memory.h"
#include "core/transaction.h"
#include "ffa/buffer.h"
#include "ffa/call.h"

/** The handle in w1 and w2 of FFA_MEM_RECLAIM, FFA_MEM_FRAG_RX, FFA_MEM_FRAG_TX. */
static inline uint64_t mem_handle(const struct call *call)
{
	return (uint64_t)call_w(call, 2) << 32 | call_w(call, 1);
}

/** The endpoint in w4 of fragments, with which the normal world says whose they are. */
static inline uint16_t mem_fragment_endpoint(const struct call *call)
{
	return (uint16_t)(call_w(call, 4) >> 16);
}

/** False: reserved bits of that w4, all of which are at partitions. */
static inline bool mem_fragment_endpoint_is_valid(const struct call *call)
{
	uint32_t reserved = call_from_normal_world(call) ? 0xFFFFU : UINT32_MAX;

	return (call_w(call, 4) & reserved) == 0;
}

/** A descriptor as far as its composite, from whichever version. */
struct mem_descriptor {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t access_size; /* 0: a hypervisor's retrieve request */
	uint32_t access_count;
	uint32_t composite_offset; /* 0: the access descriptors name none */
	size_t end; /* of the access descriptors */
	struct ffa_memory_access
		*access; /* room for TRANSACTION_BORROWERS_MAX, given by who reads it */
};

enum mem_composite {
	MEM_COMPOSITE_REQUIRED, /* SHARE, LEND, DONATE; its alignment and head are the caller's to check */
	MEM_COMPOSITE_OPTIONAL, /* retrieve requests: only with addresses */
};

/**
 * Reads header and access descriptors, in the caller's version, from the start of @tx.
 *
 * @length  of the fragment.
 *
 * FFA_INVALID_PARAMETERS  sizes, offsets, counts, reserved fields.
 * FFA_ABORTED             the buffer cannot be read.
 */
enum ffa_status mem_descriptor_read(const struct call *call, struct buffer *tx, uint32_t length,
				    enum mem_composite composite,
				    struct mem_descriptor *descriptor);

/** What the offset of a composite is a multiple of, and all lengths with it. */
uint32_t mem_composite_alignment(uint32_t version);

/** Bytes before the first constituent of a response with @access_count access descriptors in @version. */
uint32_t mem_response_head(uint32_t version, uint32_t access_count);

/** What a retrieve response says before the constituents. */
struct mem_response {
	uint32_t version;
	uint16_t attributes;
	uint32_t flags;
	uint64_t tag;
	uint32_t access_count;
	const struct ffa_memory_access *access; /* composite offsets are filled in */
};

/**
 * Writes the head of a response of @transaction and as many constituents as fit into @rx_size bytes;
 * *@next: the first that did not. Returns the bytes written.
 */
uint32_t mem_response_write(struct buffer *rx, size_t rx_size,
			    const struct transaction *transaction,
			    const struct mem_response *response, uint32_t *next);

/** Writes constituents from *@next on, as many as fit, which is then the first that did not. Returns bytes. */
uint32_t mem_response_continue(struct buffer *rx, size_t rx_size,
			       const struct transaction *transaction, uint32_t *next);

#endif
