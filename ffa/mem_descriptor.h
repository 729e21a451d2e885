/* SPDX-License-Identifier: BSD-3-Clause */
/* Transaction descriptors of all versions as memory ABIs read them, and the retrieve responses they write. */
#ifndef FFA_MEM_DESCRIPTOR_H
#define FFA_MEM_DESCRIPTOR_H

#include "abi/ffa_memory.h"
#include "core/transaction.h"
#include "ffa/buffer.h"
#include "ffa/call.h"

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
