/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory transactions of partitions and the normal world; memory.h has the contract. */
#include "sdk/memory.h"

#include "lib/string.h"

static bool is_v1_0(uint32_t version)
{
	return version < FFA_VERSION_1_1;
}

static uint32_t header_size(uint32_t version)
{
	return is_v1_0(version) ? (uint32_t)sizeof(struct ffa_memory_header_v1_0)
				: (uint32_t)sizeof(struct ffa_memory_header_v1_1);
}

static uint32_t access_size_of(uint32_t version, const struct memory_transaction *transaction)
{
	if (transaction->borrower_count == 0) {
		return 0;
	}
	if (transaction->access_size != 0) {
		return transaction->access_size;
	}
	return version < FFA_VERSION_1_2 ? FFA_MEMORY_ACCESS_SIZE_1_0 : FFA_MEMORY_ACCESS_SIZE_1_2;
}

/* ---- descriptors -------------------------------------------------------------------------------- */

static void write_header(void *tx, uint32_t version, const struct memory_transaction *from)
{
	uint32_t access_size = access_size_of(version, from);

	if (is_v1_0(version)) {
		struct ffa_memory_header_v1_0 header = {
			.sender = from->sender,
			.attributes = (uint8_t)from->attributes,
			.flags = from->flags,
			.handle = from->handle,
			.tag = from->tag,
			.access_count = from->borrower_count,
		};

		memcpy(tx, &header, sizeof(header));
	} else {
		struct ffa_memory_header_v1_1 header = {
			.sender = from->sender,
			.attributes = from->attributes,
			.flags = from->flags,
			.handle = from->handle,
			.tag = from->tag,
			.access_size = access_size,
			.access_count = from->borrower_count,
			.access_offset = access_size != 0 ? (uint32_t)sizeof(header) : 0,
		};

		memcpy(tx, &header, sizeof(header));
	}
}

/** Header and access descriptors, which say that a composite is at @composite_offset; returns the bytes. */
static uint32_t write_access(uint8_t *tx, uint32_t version, const struct memory_transaction *from,
			     uint32_t composite_offset)
{
	uint32_t access_size = access_size_of(version, from);
	uint32_t offset = header_size(version);

	write_header(tx, version, from);
	for (uint32_t i = 0; i < from->borrower_count; i++, offset += access_size) {
		const struct memory_borrower *borrower = &from->borrowers[i];
		struct ffa_memory_access access = {
			.receiver = borrower->id,
			.permissions = borrower->permissions,
			.flags = borrower->flags,
			.composite_offset = composite_offset,
		};

		if (access_size == FFA_MEMORY_ACCESS_SIZE_1_2) {
			access.value[0] = borrower->value[0];
			access.value[1] = borrower->value[1];
		}
		memcpy(tx + offset, &access, access_size);
	}
	return offset;
}

uint32_t memory_write_request(void *tx, uint32_t version, const struct memory_transaction *request)
{
	return write_access(tx, version, request, 0);
}

uint32_t memory_write_head(void *tx, uint32_t version, const struct memory_transaction *head)
{
	uint32_t offset = header_size(version) +
			  head->borrower_count * access_size_of(version, head);
	struct ffa_memory_composite composite = {
		.page_count = head->page_count,
		.range_count = head->range_count,
	};

	(void)write_access(tx, version, head, offset);
	memcpy((uint8_t *)tx + offset, &composite, sizeof(composite));
	return offset + (uint32_t)sizeof(composite);
}

/** Reads a header; returns where its access descriptors begin. */
static uint32_t read_header(const void *rx, uint32_t version, struct memory_transaction *to)
{
	struct ffa_memory_header_v1_0 old;
	struct ffa_memory_header_v1_1 header;

	if (!is_v1_0(version)) {
		memcpy(&header, rx, sizeof(header));
		*to = (struct memory_transaction){
			.handle = header.handle,
			.tag = header.tag,
			.flags = header.flags,
			.sender = header.sender,
			.attributes = header.attributes,
			.access_size = header.access_size,
			.borrower_count = header.access_count,
		};
		return header.access_offset;
	}
	memcpy(&old, rx, sizeof(old));
	*to = (struct memory_transaction){
		.handle = old.handle,
		.tag = old.tag,
		.flags = old.flags,
		.sender = old.sender,
		.attributes = old.attributes,
		.access_size = FFA_MEMORY_ACCESS_SIZE_1_0,
		.borrower_count = old.access_count,
	};
	return sizeof(old);
}

uint32_t memory_read_head(const void *rx, uint32_t version, struct memory_transaction *head)
{
	const uint8_t *bytes = rx;
	uint32_t offset = read_header(rx, version, head);
	struct ffa_memory_access access = { 0 };
	struct ffa_memory_composite composite;

	if (head->borrower_count == 0 || head->borrower_count > MEMORY_BORROWERS_MAX ||
	    head->access_size > sizeof(access) || offset < header_size(version)) {
		return 0;
	}
	for (uint32_t i = 0; i < head->borrower_count; i++, offset += head->access_size) {
		memcpy(&access, bytes + offset, head->access_size);
		head->borrowers[i] = (struct memory_borrower){
			.id = access.receiver,
			.permissions = access.permissions,
			.flags = access.flags,
			.value = { access.value[0], access.value[1] },
		};
	}
	if (access.composite_offset < offset) {
		return 0;
	}
	memcpy(&composite, bytes + access.composite_offset, sizeof(composite));
	head->page_count = composite.page_count;
	head->range_count = composite.range_count;
	return access.composite_offset + (uint32_t)sizeof(composite);
}

/* ---- calls -------------------------------------------------------------------------------------- */

static uint64_t handle_in(uint64_t low, uint64_t high)
{
	return (uint32_t)low | high << 32;
}

/** Copies as many ranges from @first on as fit behind @offset; returns the bytes in TX. */
static uint32_t fill_fragment(const struct memory_caller *caller, uint32_t offset,
			      const struct ffa_memory_range *ranges, uint32_t left,
			      uint32_t *written)
{
	uint32_t room = (caller->size - offset) / (uint32_t)sizeof(*ranges);

	*written = left < room ? left : room;
	memcpy(caller->tx + offset, ranges, *written * sizeof(*ranges));
	return offset + *written * (uint32_t)sizeof(*ranges);
}

enum ffa_status memory_send(const struct memory_caller *caller, uint32_t function,
			    struct memory_transaction *transaction,
			    const struct ffa_memory_range *ranges)
{
	uint32_t head = memory_write_head(caller->tx, caller->version, transaction);
	uint32_t total = head + transaction->range_count * (uint32_t)sizeof(*ranges);
	uint32_t done, bytes, piece;
	uint32_t length = fill_fragment(caller, head, ranges, transaction->range_count, &done);
	struct ffa_regs regs = { { function, total, length } };

	bytes = length;
	ffa_call(&regs);
	while ((uint32_t)regs.x[0] == (uint32_t)FFA_MEM_FRAG_RX_32) {
		if (regs.x[3] != bytes || regs.x[4] != (uint64_t)caller->endpoint << 16) {
			return FFA_ABORTED;
		}
		transaction->handle = handle_in(regs.x[1], regs.x[2]);
		length = fill_fragment(caller, 0, ranges + done, transaction->range_count - done,
				       &piece);
		done += piece;
		bytes += length;
		regs = (struct ffa_regs){ { (uint32_t)FFA_MEM_FRAG_TX_32, regs.x[1], regs.x[2],
					    length, (uint64_t)caller->endpoint << 16 } };
		ffa_call(&regs);
	}
	if (ffa_is_error(&regs)) {
		return ffa_status_of(&regs);
	}
	transaction->handle = handle_in(regs.x[2], regs.x[3]);
	return (uint32_t)regs.x[0] == (uint32_t)FFA_SUCCESS_32 && bytes == total ? FFA_OK
										 : FFA_ABORTED;
}

/** Takes ranges out of RX, from @offset to @end, and frees RX. */
static enum ffa_status take_fragment(const struct memory_caller *caller, uint32_t offset,
				     uint32_t end, struct ffa_memory_range *ranges, uint32_t room,
				     uint32_t *taken)
{
	for (; offset + sizeof(*ranges) <= end; offset += (uint32_t)sizeof(*ranges)) {
		if (*taken < room) {
			memcpy(&ranges[*taken], caller->rx + offset, sizeof(*ranges));
		}
		(*taken)++;
	}
	return ffa_rx_release();
}

/** What did not fit into the RX buffer at first. */
static enum ffa_status fetch_rest(const struct memory_caller *caller, uint64_t handle,
				  uint32_t bytes, uint32_t total, struct ffa_memory_range *ranges,
				  uint32_t room, uint32_t *taken)
{
	while (bytes < total) {
		struct ffa_regs regs = { { (uint32_t)FFA_MEM_FRAG_RX_32, (uint32_t)handle,
					   handle >> 32, bytes,
					   (uint64_t)caller->endpoint << 16 } };
		enum ffa_status status;

		ffa_call(&regs);
		if (ffa_is_error(&regs)) {
			return ffa_status_of(&regs);
		}
		if ((uint32_t)regs.x[0] != (uint32_t)FFA_MEM_FRAG_TX_32 || regs.x[3] == 0 ||
		    handle_in(regs.x[1], regs.x[2]) != handle || regs.x[3] > total - bytes) {
			return FFA_ABORTED;
		}
		status = take_fragment(caller, 0, (uint32_t)regs.x[3], ranges, room, taken);
		if (status != FFA_OK) {
			return status;
		}
		bytes += (uint32_t)regs.x[3];
	}
	return FFA_OK;
}

enum ffa_status memory_retrieve(const struct memory_caller *caller,
				const struct memory_transaction *request,
				struct memory_transaction *response,
				struct ffa_memory_range *ranges, uint32_t room)
{
	uint32_t length = memory_write_request(caller->tx, caller->version, request);
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_RETRIEVE_REQ_32, length, length } };
	uint32_t total, head, taken = 0;
	enum ffa_status status;

	ffa_call(&regs);
	if (ffa_is_error(&regs)) {
		return ffa_status_of(&regs);
	}
	if ((uint32_t)regs.x[0] != (uint32_t)FFA_MEM_RETRIEVE_RESP_32) {
		return FFA_ABORTED;
	}
	total = (uint32_t)regs.x[1];
	length = (uint32_t)regs.x[2];
	head = memory_read_head(caller->rx, caller->version, response);
	if (head == 0 || total != head + response->range_count * sizeof(*ranges)) {
		(void)ffa_rx_release();
		return FFA_ABORTED;
	}
	status = take_fragment(caller, head, length, ranges, room, &taken);
	if (status == FFA_OK) {
		status = fetch_rest(caller, request->handle, length, total, ranges, room, &taken);
	}
	return status == FFA_OK && taken != response->range_count ? FFA_ABORTED : status;
}

enum ffa_status memory_relinquish(const struct memory_caller *caller, uint64_t handle,
				  uint32_t flags, uint16_t id)
{
	struct ffa_memory_relinquish head = {
		.handle = handle,
		.flags = flags,
		.endpoint_count = 1,
	};
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_RELINQUISH_32 } };

	memcpy(caller->tx, &head, sizeof(head));
	memcpy(caller->tx + sizeof(head), &id, sizeof(id));
	ffa_call(&regs);
	return ffa_status_of(&regs);
}

enum ffa_status memory_reclaim(uint64_t handle, uint32_t flags)
{
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32,
				   flags } };

	ffa_call(&regs);
	return ffa_status_of(&regs);
}
