/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is there (DEN0077A, "Partition discovery"): FFA_PARTITION_INFO_GET through the RX buffer and
 * FFA_PARTITION_INFO_GET_REGS through registers. The list is that of all partitions whose start has not
 * failed; the normal world and EL3 are not in it. Takes RANK_MAILBOX of the caller in the former.
 */
#include "ffa/call.h"
#include "ffa/mailbox.h"

#include "lib/string.h"

enum {
	REGS_FIRST = 3,
	REGS_PER_DESCRIPTOR = 3, /* 24-byte descriptors */
	REGS_DESCRIPTORS_MAX = 5, /* x3-x17 */
};

#define REGS_INVALID_TAG_SHIFT 16
#define UUID_IS_NIL(uuid) (((uuid)->word[0] | (uuid)->word[1] | (uuid)->word[2] | (uuid)->word[3]) == 0)

/** What the caller asks for, and how far the walk over the partitions has come. */
struct query {
	const struct spmc *spmc;
	const struct endpoint *caller;
	uint32_t version;
	struct ffa_uuid uuid;
	bool all; /* the nil UUID */
	unsigned partition, service; /* next to look at */
};

static bool uuid_equal(const struct ffa_uuid *a, const struct ffa_uuid *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2] &&
	       a->word[3] == b->word[3];
}

/** Properties of one service of @partition as @query's caller may see them. */
static uint32_t properties(const struct query *query, const struct partition *partition, uint32_t method)
{
	uint32_t version = endpoint_version(&partition->endpoint);
	uint32_t shown = method;

	if (query->version < FFA_VERSION_1_1) {
		shown &= FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_INDIRECT;
	} else {
		shown |= FFA_PROPERTY_AARCH64;
	}
	if (query->version < FFA_VERSION_1_2 || version < FFA_VERSION_1_2) {
		shown &= ~(FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND);
	}
	if (version < FFA_VERSION_1_1) {
		shown &= ~FFA_PROPERTY_INDIRECT;
	}
	if (query->caller->instance == INSTANCE_NS) {
		shown &= ~(FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_DIRECT_REQ2_SEND);
	}
	return shown;
}

/** Fills @out with the descriptor of service @at of @partition. */
static void describe(const struct query *query, const struct partition *partition, unsigned at,
		     struct ffa_partition_info_v1_1 *out)
{
	const struct partition_config *config = partition->config;
	const struct service_config *service = &config->services[at];
	bool merged = query->version < FFA_VERSION_1_2;

	out->id = partition->endpoint.id;
	out->context_count = partition->context_count;
	out->properties = properties(query, partition, merged ? config->messaging_method : service->messaging_method);
	out->uuid = query->all ? service->uuid : (struct ffa_uuid){ { 0, 0, 0, 0 } };
}

/** Next descriptor that matches @query; false: there is none any more. */
static bool next(struct query *query, struct ffa_partition_info_v1_1 *out)
{
	while (query->partition < query->spmc->partition_count) {
		const struct partition *partition = &query->spmc->partitions[query->partition];
		const struct partition_config *config = partition->config;
		unsigned at = query->service;
		/* Callers before v1.2 get one entry a partition, whichever of its services they name. */
		bool one_entry = query->all && query->version < FFA_VERSION_1_2;

		if (partition_state(partition) == PARTITION_ABORTED || at >= config->service_count ||
		    (one_entry && at > 0)) {
			query->partition++;
			query->service = 0;
			continue;
		}
		query->service = at + 1;
		if (query->all || uuid_equal(&query->uuid, &config->services[at].uuid)) {
			describe(query, partition, at, out);
			return true;
		}
	}
	return false;
}

static struct query new_query(const struct call *call, struct ffa_uuid uuid)
{
	return (struct query){
		.spmc = call->spmc,
		.caller = call->ctx->endpoint,
		.version = call->version,
		.uuid = uuid,
		.all = UUID_IS_NIL(&uuid),
	};
}

static unsigned count_matches(struct query query)
{
	struct ffa_partition_info_v1_1 descriptor;
	unsigned count = 0;

	while (next(&query, &descriptor)) {
		count++;
	}
	return count;
}

/** Descriptors of the caller's version; the v1.0 layout is the head of the v1.1 one. */
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
	struct ffa_partition_info_v1_1 descriptor;
	size_t size = descriptor_size(&query);
	enum ffa_status status = FFA_OK;

	lock_acquire(&mailbox->lock);
	if (!mailbox->mapped || mailbox->rx_full) {
		status = FFA_BUSY;
	} else if (count * size > mailbox->rx.page_count * PAGE_SIZE) {
		status = FFA_NO_MEMORY;
	} else {
		struct rx_writer writer = rx_writer_open(call->pe, mailbox);

		for (unsigned i = 0; i < count && next(&query, &descriptor); i++) {
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
	struct ffa_uuid uuid = { { call_w(call, 1), call_w(call, 2), call_w(call, 3), call_w(call, 4) } };
	struct query query = new_query(call, uuid);
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
	return call_success(call, count, call->version < FFA_VERSION_1_1 ? 0 : (uint32_t)descriptor_size(&query));
}

/** Descriptors @start.. of those that match, at most as many as the registers hold; *@total of all. */
static unsigned collect(struct query *query, unsigned start, struct ffa_partition_info_v1_1 *list, unsigned *total)
{
	struct ffa_partition_info_v1_1 descriptor;
	unsigned count = 0;

	*total = 0;
	while (next(query, &descriptor)) {
		if (*total >= start && count < REGS_DESCRIPTORS_MAX) {
			list[count++] = descriptor;
		}
		(*total)++;
	}
	return count;
}

/** The list never changes but for partitions that die: the information tag is always 0. */
enum ffa_status ffa_partition_info_get_regs(struct call *call)
{
	struct ffa_uuid uuid = { { (uint32_t)call->x[1], (uint32_t)(call->x[1] >> 32), (uint32_t)call->x[2],
				   (uint32_t)(call->x[2] >> 32) } };
	struct query query = new_query(call, uuid);
	struct ffa_partition_info_v1_1 list[REGS_DESCRIPTORS_MAX];
	unsigned start = (uint16_t)call->x[3];
	bool tagged = (uint16_t)(call->x[3] >> REGS_INVALID_TAG_SHIFT) != 0;
	uint64_t *out = call->ctx->arch.x;
	unsigned total, count;

	if (call->x[3] >> 32 != 0 || (tagged && start == 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (tagged) {
		return FFA_RETRY;
	}
	count = collect(&query, start, list, &total);
	if (count == 0) {
		return FFA_INVALID_PARAMETERS;
	}

	complete(call->ctx, FFA_SUCCESS_64, 0, 0, 0);
	out[2] = (uint64_t)sizeof(list[0]) << 48 | (uint64_t)(start + count - 1) << 16 | (total - 1);
	for (unsigned i = 0; i < count; i++) {
		memcpy(&out[REGS_FIRST + i * REGS_PER_DESCRIPTOR], &list[i], sizeof(list[i]));
	}
	return FFA_OK;
}
