/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading and writing transaction descriptors (DEN0140, "Memory region descriptors"; DEN0077A v1.0, v1.1).
 * What comes in is copied once, part by part in the order of its offsets, and turned into one form at
 * once; what goes out is made anew in the version of who gets it. Takes no locks.
 */
#include "ffa/mem_descriptor.h"

#include "lib/string.h"

enum {
	ALIGNMENT = 16,
	ALIGNMENT_1_0 = 8,
};

static bool is_v1_0(uint32_t version)
{
	return version < FFA_VERSION_1_1;
}

static size_t header_size(uint32_t version)
{
	return is_v1_0(version) ? sizeof(struct ffa_memory_header_v1_0)
				: sizeof(struct ffa_memory_header_v1_1);
}

static uint32_t own_access_size(uint32_t version)
{
	return version < FFA_VERSION_1_2 ? FFA_MEMORY_ACCESS_SIZE_1_0 : FFA_MEMORY_ACCESS_SIZE_1_2;
}

/* ---- reading ------------------------------------------------------------------------------------ */

/** The header of v1.0; where the access descriptors begin. False: reserved fields are not zero. */
static bool read_header_v1_0(struct buffer *tx, struct mem_descriptor *descriptor,
			     uint32_t *access_offset)
{
	struct ffa_memory_header_v1_0 header = { 0 };

	buffer_read(tx, &header, sizeof(header));
	descriptor->sender = header.sender;
	descriptor->attributes = header.attributes;
	descriptor->flags = header.flags;
	descriptor->handle = header.handle;
	descriptor->tag = header.tag;
	descriptor->access_size = header.access_count == 0 ? 0 : FFA_MEMORY_ACCESS_SIZE_1_0;
	descriptor->access_count = header.access_count;
	*access_offset = sizeof(header);
	return header.reserved == 0 && header.reserved2 == 0;
}

static bool read_header_v1_1(struct buffer *tx, struct mem_descriptor *descriptor,
			     uint32_t *access_offset)
{
	struct ffa_memory_header_v1_1 header = { 0 };

	buffer_read(tx, &header, sizeof(header));
	descriptor->sender = header.sender;
	descriptor->attributes = header.attributes;
	descriptor->flags = header.flags;
	descriptor->handle = header.handle;
	descriptor->tag = header.tag;
	descriptor->access_size = header.access_size;
	descriptor->access_count = header.access_count;
	*access_offset = header.access_offset;
	return (header.reserved[0] | header.reserved[1] | header.reserved[2]) == 0;
}

static bool access_size_is_valid(uint32_t size, uint32_t version)
{
	return size == FFA_MEMORY_ACCESS_SIZE_1_0 ||
	       (size == FFA_MEMORY_ACCESS_SIZE_1_2 && version >= FFA_VERSION_1_2);
}

/** Where the access descriptors lie: behind the header, inside the fragment. */
static bool access_is_inside(const struct mem_descriptor *descriptor, uint32_t version,
			     uint32_t offset, uint32_t length)
{
	uint64_t size = (uint64_t)descriptor->access_count * descriptor->access_size;

	return access_size_is_valid(descriptor->access_size, version) &&
	       descriptor->access_count > 0 &&
	       descriptor->access_count <= TRANSACTION_BORROWERS_MAX &&
	       offset >= header_size(version) && offset % ALIGNMENT == 0 &&
	       (uint64_t)offset + size <= length;
}

uint32_t mem_composite_alignment(uint32_t version)
{
	return is_v1_0(version) ? ALIGNMENT_1_0 : ALIGNMENT;
}

/**
 * Where the composite may begin: behind the access descriptors, inside the fragment. Of a send, whose checks
 * come in another order, alignment and room are not looked at here.
 */
static bool composite_is_inside(const struct mem_descriptor *descriptor, uint32_t version,
				uint32_t length, enum mem_composite composite)
{
	uint32_t offset = descriptor->composite_offset;

	if (composite == MEM_COMPOSITE_REQUIRED) {
		return offset >= descriptor->end && offset <= length;
	}
	return offset == 0 ||
	       (offset >= descriptor->end && offset % mem_composite_alignment(version) == 0 &&
		(uint64_t)offset + sizeof(struct ffa_memory_composite) <= length);
}

/** The access descriptors, their reserved fields, the composite they all share. */
static bool read_access(struct buffer *tx, struct mem_descriptor *descriptor)
{
	bool valid = true;

	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		struct ffa_memory_access *access = &descriptor->access[i];

		*access = (struct ffa_memory_access){ 0 };
		buffer_read(tx, access, descriptor->access_size);
		if (descriptor->access_size == FFA_MEMORY_ACCESS_SIZE_1_0) {
			valid = valid && access->value[0] == 0; /* reserved there */
		}
		valid = valid && access->reserved == 0 &&
			(access->flags & ~FFA_MEMORY_ACCESS_NOT_RETRIEVING) == 0 &&
			access->composite_offset == descriptor->access[0].composite_offset;
	}
	descriptor->composite_offset = descriptor->access[0].composite_offset;
	return valid;
}

enum ffa_status mem_descriptor_read(const struct call *call, struct buffer *tx, uint32_t length,
				    enum mem_composite composite, struct mem_descriptor *descriptor)
{
	size_t size = header_size(call->version);
	uint32_t offset = 0;
	bool valid;

	if (length < size) {
		return FFA_INVALID_PARAMETERS;
	}
	valid = is_v1_0(call->version) ? read_header_v1_0(tx, descriptor, &offset)
				       : read_header_v1_1(tx, descriptor, &offset);
	if (tx->failed) {
		return FFA_ABORTED;
	}
	descriptor->composite_offset = 0;
	descriptor->end = size;
	if (valid && composite == MEM_COMPOSITE_OPTIONAL && descriptor->access_count == 0) {
		/* A hypervisor's retrieve request: nothing else is there. */
		return descriptor->access_size == 0 && (is_v1_0(call->version) || offset == 0)
			       ? FFA_OK
			       : FFA_INVALID_PARAMETERS;
	}
	if (!valid || !access_is_inside(descriptor, call->version, offset, length)) {
		return FFA_INVALID_PARAMETERS;
	}
	buffer_skip(tx, offset - size);
	valid = read_access(tx, descriptor);
	if (tx->failed) {
		return FFA_ABORTED;
	}
	descriptor->end = offset + (size_t)descriptor->access_count * descriptor->access_size;
	return valid && composite_is_inside(descriptor, call->version, length, composite)
		       ? FFA_OK
		       : FFA_INVALID_PARAMETERS;
}

/* ---- writing ------------------------------------------------------------------------------------ */

/** Offset of the composite behind @access_count access descriptors. */
static uint32_t composite_offset(uint32_t version, uint32_t access_count)
{
	return (uint32_t)header_size(version) + access_count * own_access_size(version);
}

uint32_t mem_response_head(uint32_t version, uint32_t access_count)
{
	return composite_offset(version, access_count) +
	       (uint32_t)sizeof(struct ffa_memory_composite);
}

static void write_header(struct buffer *rx, const struct transaction *transaction,
			 const struct mem_response *response)
{
	if (is_v1_0(response->version)) {
		struct ffa_memory_header_v1_0 header = {
			.sender = transaction->sender,
			.attributes = (uint8_t)response->attributes,
			.flags = response->flags,
			.handle = transaction->handle,
			.tag = response->tag,
			.access_count = response->access_count,
		};

		buffer_write(rx, &header, sizeof(header));
	} else {
		struct ffa_memory_header_v1_1 header = {
			.sender = transaction->sender,
			.attributes = response->attributes,
			.flags = response->flags,
			.handle = transaction->handle,
			.tag = response->tag,
			.access_size = own_access_size(response->version),
			.access_count = response->access_count,
			.access_offset = sizeof(header),
		};

		buffer_write(rx, &header, sizeof(header));
	}
}

/** Copies constituents from *@next on, whole ones, @room bytes at most. Returns the bytes. */
static uint32_t write_constituents(struct buffer *rx, size_t room,
				   const struct transaction *transaction, uint32_t *next)
{
	struct constituent_walk walk = transaction_walk(transaction, *next);
	size_t fit = room / sizeof(struct constituent);
	size_t written = 0;

	while (written < fit && (walk.at != walk.end || constituent_walk_on(&walk))) {
		size_t piece = (size_t)(walk.end - walk.at);

		piece = piece < fit - written ? piece : fit - written;
		buffer_write(rx, walk.at, piece * sizeof(struct constituent));
		walk.at += piece;
		written += piece;
	}
	*next += (uint32_t)written;
	return (uint32_t)(written * sizeof(struct constituent));
}

uint32_t mem_response_write(struct buffer *rx, size_t rx_size,
			    const struct transaction *transaction,
			    const struct mem_response *response, uint32_t *next)
{
	uint32_t head = mem_response_head(response->version, response->access_count);
	struct ffa_memory_composite composite = {
		.page_count = transaction->page_count,
		.range_count = transaction->constituent_count,
	};

	write_header(rx, transaction, response);
	for (uint32_t i = 0; i < response->access_count; i++) {
		struct ffa_memory_access access = response->access[i];

		access.composite_offset = composite_offset(response->version,
							   response->access_count);
		if (own_access_size(response->version) == FFA_MEMORY_ACCESS_SIZE_1_0) {
			access.value[0] = 0;
		}
		buffer_write(rx, &access, own_access_size(response->version));
	}
	buffer_write(rx, &composite, sizeof(composite));
	*next = 0;
	return head + write_constituents(rx, rx_size - head, transaction, next);
}

uint32_t mem_response_continue(struct buffer *rx, size_t rx_size,
			       const struct transaction *transaction, uint32_t *next)
{
	return write_constituents(rx, rx_size, transaction, next);
}
