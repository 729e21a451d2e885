/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is there (DEN0077A, "Partition discovery"): FFA_PARTITION_INFO_GET through the RX buffer and
 * FFA_PARTITION_INFO_GET_REGS through registers. The list is that of all partitions whose start has not
 * failed; the normal world and EL3 are not in it. Takes RANK_MAILBOX of the caller in the former.
 */
#include "ffa/call.h"
#include "ffa/mailbox.h"

enum {
	DESCRIPTOR_WORDS = 3, /* 24-byte descriptors */
	REGS_FIRST = 3,
	REGS_DESCRIPTORS_MAX = 5, /* x3-x17 */
	REGS_TAG_SHIFT = 16,
};

/** struct ffa_partition_info_v1_1 as registers hold it; its first word is the v1.0 descriptor. */
struct descriptor {
	uint64_t word[DESCRIPTOR_WORDS];
};

_Static_assert(sizeof(struct descriptor) == sizeof(struct ffa_partition_info_v1_1), "same layout");

/** What the caller asks for, and how far the walk over partitions and their services has come. */
struct query {
	const struct spmc *spmc;
	uint32_t version;
	uint32_t shown; /* properties that this caller may see */
	uint32_t added; /* properties that all partitions have */
	bool all; /* the nil UUID */
	bool merged; /* callers before v1.2: one entry for a partition, with the properties of all its services */
	uint64_t uuid_low, uuid_high;
	unsigned partition, service; /* next to look at */
};

struct match {
	const struct partition *partition;
	const struct service_config *service;
};

static struct query new_query(const struct call *call, uint64_t uuid_low, uint64_t uuid_high)
{
	struct query query = {
		.spmc = call->spmc,
		.version = call->version,
		.shown = FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_INDIRECT,
		.all = (uuid_low | uuid_high) == 0,
		.merged = call->version < FFA_VERSION_1_2,
		.uuid_low = uuid_low,
		.uuid_high = uuid_high,
	};

	if (!query.merged) {
		query.shown |= FFA_PROPERTY_DIRECT_REQ2_RECEIVE;
	}
	if (!call_from_normal_world(call)) { /* partitions send no requests to the normal world */
		query.shown |= FFA_PROPERTY_DIRECT_REQ_SEND;
		query.shown |= query.merged ? 0 : FFA_PROPERTY_DIRECT_REQ2_SEND;
	}
	if (call->version >= FFA_VERSION_1_1) {
		query.added = FFA_PROPERTY_AARCH64;
	}
	return query;
}

static uint64_t uuid_low(const struct ffa_uuid *uuid)
{
	return (uint64_t)uuid->word[1] << 32 | uuid->word[0];
}

static uint64_t uuid_high(const struct ffa_uuid *uuid)
{
	return (uint64_t)uuid->word[3] << 32 | uuid->word[2];
}

static bool uuid_matches(const struct query *query, const struct ffa_uuid *uuid)
{
	return query->all ||
	       (uuid_low(uuid) == query->uuid_low && uuid_high(uuid) == query->uuid_high);
}

/** Next service that matches @query; false: there is none any more. */
static bool next(struct query *query, struct match *match)
{
	while (query->partition < query->spmc->partition_count) {
		const struct partition *partition = &query->spmc->partitions[query->partition];
		const struct partition_config *config = partition->config;
		unsigned at = query->service++;

		if (at >= config->service_count || (query->merged && query->all && at > 0) ||
		    partition_state(partition) == PARTITION_ABORTED) {
			query->partition++;
			query->service = 0;
		} else if (uuid_matches(query, &config->services[at].uuid)) {
			*match = (struct match){ .partition = partition,
						 .service = &config->services[at] };
			return true;
		}
	}
	return false;
}

/** The descriptor of @match as @query's caller may see it: in the versions both have. */
static struct descriptor describe(const struct query *query, const struct match *match)
{
	const struct partition *partition = match->partition;
	uint32_t version = endpoint_version(&partition->endpoint);
	uint32_t method = query->merged ? partition->config->messaging_method
					: match->service->messaging_method;
	uint64_t properties = (method & query->shown) | query->added;

	if (version < FFA_VERSION_1_2) {
		properties &= ~(uint64_t)(FFA_PROPERTY_DIRECT_REQ2_RECEIVE |
					  FFA_PROPERTY_DIRECT_REQ2_SEND);
	}
	if (version < FFA_VERSION_1_1) {
		properties &= ~(uint64_t)FFA_PROPERTY_INDIRECT;
	}
	return (struct descriptor){ {
		properties << 32 | (uint64_t)partition->context_count << 16 |
			partition->endpoint.id,
		query->all ? uuid_low(&match->service->uuid) : 0,
		query->all ? uuid_high(&match->service->uuid) : 0,
	} };
}

static unsigned count_matches(struct query query)
{
	struct match match;
	unsigned count = 0;

	while (next(&query, &match)) {
		count++;
	}
	return count;
}

/** Bytes of a descriptor in the caller's version. */
static size_t descriptor_size(const struct query *query)
{
	return query->version < FFA_VERSION_1_1 ? sizeof(struct ffa_partition_info_v1_0)
						: sizeof(struct ffa_partition_info_v1_1);
}

/**
 * Puts the matching descriptors, at most @count, into the caller's RX buffer, which is then the caller's.
 *
 * FFA_BUSY       no RX buffer, or the caller has not released it.
 * FFA_NO_MEMORY  more than fits.
 * FFA_ABORTED    the buffer cannot be written.
 */
static enum ffa_status deliver(const struct call *call, struct query query, unsigned count)
{
	struct mailbox *mailbox = &call->ctx->endpoint->mailbox;
	size_t size = descriptor_size(&query);
	struct match match;
	enum ffa_status status = FFA_OK;

	lock_acquire(&mailbox->lock);
	if (!mailbox->mapped || mailbox->rx_full) {
		status = FFA_BUSY;
	} else if (count * size > mailbox->rx.page_count * PAGE_SIZE) {
		status = FFA_NO_MEMORY;
	} else {
		struct rx_writer writer = rx_writer_open(call->pe, mailbox);

		for (unsigned i = 0; i < count && next(&query, &match); i++) {
			struct descriptor descriptor = describe(&query, &match);

			rx_writer_add(&writer, &descriptor, size);
		}
		mailbox->rx_full = rx_writer_close(&writer);
		status = mailbox->rx_full ? FFA_OK : FFA_ABORTED;
	}
	lock_release(&mailbox->lock);
	return status;
}

/**
 * FFA_INVALID_PARAMETERS  flags other than "count only"; no service has the UUID.
 */
enum ffa_status ffa_partition_info_get(struct call *call)
{
	struct query query = new_query(call, (uint64_t)call_w(call, 2) << 32 | call_w(call, 1),
				       (uint64_t)call_w(call, 4) << 32 | call_w(call, 3));
	uint32_t flags = call_w(call, 5);
	uint32_t known = call->version >= FFA_VERSION_1_1 ? FFA_PARTITION_INFO_COUNT_ONLY : 0;
	enum ffa_status status;
	unsigned count;

	if (flags & ~known) {
		return FFA_INVALID_PARAMETERS;
	}
	count = count_matches(query);
	if (count == 0 && !query.all) {
		return FFA_INVALID_PARAMETERS;
	}
	if (flags & FFA_PARTITION_INFO_COUNT_ONLY) {
		return call_success(call, count, 0);
	}
	status = deliver(call, query, count);
	if (status != FFA_OK) {
		return status;
	}
	return call_success(call, count,
			    call->version < FFA_VERSION_1_1 ? 0
							    : (uint32_t)descriptor_size(&query));
}

/** Writes the matches @start.. into @list, at most as many as the registers hold; *@total of all. */
static unsigned collect(struct query *query, unsigned start, struct descriptor *list,
			unsigned *total)
{
	struct match match;
	unsigned count = 0;
	unsigned at = 0;

	for (; next(query, &match); at++) {
		if (at >= start && count < REGS_DESCRIPTORS_MAX) {
			list[count++] = describe(query, &match);
		}
	}
	*total = at;
	return count;
}

/** The list never changes but for partitions that die: the information tag is always 0. */
enum ffa_status ffa_partition_info_get_regs(struct call *call)
{
	struct query query = new_query(call, call->x[1], call->x[2]);
	struct descriptor list[REGS_DESCRIPTORS_MAX];
	unsigned start = (uint16_t)call->x[3];
	uint16_t tag = (uint16_t)(call->x[3] >> REGS_TAG_SHIFT);
	uint64_t *out = call->ctx->arch.x;
	unsigned total, count;

	if (call->x[3] >> 32 != 0 || (tag != 0 && start == 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (tag != 0) {
		return FFA_RETRY;
	}
	count = collect(&query, start, list, &total);
	if (count == 0) {
		return FFA_INVALID_PARAMETERS;
	}

	complete(call->ctx, FFA_SUCCESS_64, 0, 0, 0);
	out[2] = (uint64_t)sizeof(list[0]) << 48 | (uint64_t)(start + count - 1) << 16 |
		 (total - 1);
	out += REGS_FIRST;
	for (unsigned i = 0; i < count; i++, out += DESCRIPTOR_WORDS) {
		out[0] = list[i].word[0];
		out[1] = list[i].word[1];
		out[2] = list[i].word[2];
	}
	return FFA_OK;
}
