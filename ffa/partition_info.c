/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is there (DEN0077A, "Partition discovery"): FFA_PARTITION_INFO_GET through the RX buffer and
 * FFA_PARTITION_INFO_GET_REGS through registers. The list is that of all partitions whose start has not
 * failed, and for partitions that ask by registers those of EL3; the normal world is not in it. Takes
 * RANK_RX of the caller in the former.
 */
#include "ffa/partition_info.h"

#include "core/uuid.h"
#include "ffa/buffer.h"
#include "ffa/call.h"
#include "ffa/el3.h"

enum {
	/* 64-bit words of descriptors; those of earlier versions are beginnings of later ones. */
	WORDS_1_0 = sizeof(struct ffa_partition_info_v1_0) / sizeof(uint64_t),
	WORDS_1_1 = sizeof(struct ffa_partition_info_v1_1) / sizeof(uint64_t),
	WORDS_1_3 = sizeof(struct ffa_partition_info_v1_3) / sizeof(uint64_t),
	REGS_MAX_1_1 = PARTITION_INFO_REGS_BYTES / sizeof(struct ffa_partition_info_v1_1),
	REGS_MAX_1_3 = PARTITION_INFO_REGS_BYTES / sizeof(struct ffa_partition_info_v1_3),
	REGS_TAG_SHIFT = 16,
	REGS_SIZE_SHIFT = 48,
	REGS_CURRENT_SHIFT = 16,
};

/** One entry of the list: a service of a partition, or a partition of EL3. */
struct entry {
	const struct partition *partition; /* NULL: EL3's */
	const struct service_config *service;
	const struct el3_partition *el3;
};

/** What the caller asks for, and how far the walk over partitions and their services has come. */
struct query {
	const struct spmc *spmc;
	uint32_t version;
	uint32_t shown; /* properties that this caller may see */
	bool with_el3; /* EL3's partitions belong to the list */
	bool all; /* the nil UUID */
	bool merged; /* callers before v1.2: one entry for a partition, with the properties of all its services */
	struct ffa_uuid uuid;
	unsigned partition, service, el3; /* next to look at */
};

static const struct ffa_uuid nil_uuid;

/** The properties that the caller may see: what it may send, what it may be sent. */
static uint32_t shown_properties(const struct call *call)
{
	uint32_t shown = FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_INDIRECT;

	if (call->version >= FFA_VERSION_1_1) {
		shown |= FFA_PROPERTY_NOTIFICATIONS | FFA_PROPERTY_AARCH64;
	}
	if (call->version >= FFA_VERSION_1_2) {
		shown |= FFA_PROPERTY_DIRECT_REQ2_RECEIVE;
	}
	if (call->version >= FFA_VERSION_1_3) {
		shown |= FFA_PROPERTY_SMC64_CYCLES;
	}
	if (!call_from_normal_world(call)) { /* partitions send no requests to the normal world */
		shown |= FFA_PROPERTY_DIRECT_REQ_SEND;
		shown |= call->version >= FFA_VERSION_1_2 ? FFA_PROPERTY_DIRECT_REQ2_SEND : 0;
	} else if (call->version >= FFA_VERSION_1_1) {
		shown |= FFA_PROPERTY_VM_CREATED | FFA_PROPERTY_VM_DESTROYED;
	}
	return shown;
}

static struct query new_query(const struct call *call, struct ffa_uuid uuid)
{
	return (struct query){
		.spmc = call->spmc,
		.version = call->version,
		.shown = shown_properties(call),
		.all = uuid_is_nil(&uuid),
		.merged = call->version < FFA_VERSION_1_2,
		.uuid = uuid,
	};
}

/** True when @uuid, or, from v1.3 on, @image_uuid is what the caller asks for. */
static bool is_asked_for(const struct query *query, const struct ffa_uuid *uuid,
			 const struct ffa_uuid *image_uuid)
{
	return uuid_equal(&query->uuid, uuid) ||
	       (query->version >= FFA_VERSION_1_3 && uuid_equal(&query->uuid, image_uuid));
}

/** Next of EL3's partitions that is asked for. */
static bool next_el3(struct query *query, struct entry *entry)
{
	while (query->with_el3 && query->el3 < query->spmc->el3_partition_count) {
		const struct el3_partition *el3 = &query->spmc->el3_partitions[query->el3++];

		if (query->all || is_asked_for(query, &el3->uuid, &el3->image_uuid)) {
			*entry = (struct entry){ .el3 = el3 };
			return true;
		}
	}
	return false;
}

/** Next entry that is asked for; false: there is none any more. */
static bool next(struct query *query, struct entry *entry)
{
	while (query->partition < query->spmc->partition_count) {
		const struct partition *partition = &query->spmc->partitions[query->partition];
		const struct partition_config *config = partition->config;
		unsigned at = query->service++;

		if (at >= config->service_count || (query->merged && query->all && at > 0) ||
		    partition_state(partition) == PARTITION_ABORTED) {
			query->partition++;
			query->service = 0;
		} else if (query->all ||
			   is_asked_for(query, &config->services[at].uuid, &config->image_uuid)) {
			entry->partition = partition;
			entry->service = &config->services[at];
			return true;
		}
	}
	return next_el3(query, entry);
}

/** Properties of a partition with @method, as far as its version knows them. */
static uint32_t properties_of(const struct partition *partition, uint32_t method, uint32_t version)
{
	const struct partition_config *config = partition->config;
	uint32_t properties = method | FFA_PROPERTY_AARCH64;

	if (version < FFA_VERSION_1_2) {
		properties &= ~(FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND);
	}
	if (version < FFA_VERSION_1_1) {
		return properties & ~FFA_PROPERTY_INDIRECT;
	}
	properties |= config->notification_support ? FFA_PROPERTY_NOTIFICATIONS : 0U;
	if ((properties & FFA_PROPERTY_DIRECT_REQ_RECEIVE) != 0) {
		properties |= config->vm_availability_messages * FFA_PROPERTY_VM_CREATED;
	}
	return properties | (version >= FFA_VERSION_1_3 ? FFA_PROPERTY_SMC64_CYCLES : 0U);
}

/** The UUID that was asked for is not repeated; callers before v1.3 get none then. */
static const struct ffa_uuid *shown_uuid(const struct query *query, const struct ffa_uuid *uuid)
{
	bool repeated = !query->all &&
			(query->version < FFA_VERSION_1_3 || uuid_equal(&query->uuid, uuid));

	return repeated ? &nil_uuid : uuid;
}

/** Words 1 to 5 of a descriptor, as many as the caller's version has. */
static void describe_uuids(const struct query *query, const struct ffa_uuid *uuid,
			   const struct ffa_uuid *image_uuid, uint32_t version, uint64_t *out)
{
	if (query->version < FFA_VERSION_1_1) {
		return;
	}
	uuid = shown_uuid(query, uuid);
	out[1] = uuid_low(uuid);
	out[2] = uuid_high(uuid);
	if (query->version >= FFA_VERSION_1_3) {
		uuid = shown_uuid(query, image_uuid);
		out[3] = uuid_low(uuid);
		out[4] = uuid_high(uuid);
		out[5] = version;
	}
}

static uint64_t first_word(const struct query *query, uint16_t id, uint16_t context_count,
			   uint32_t properties)
{
	return (uint64_t)(properties & query->shown) << 32 | (uint64_t)context_count << 16 | id;
}

/** Writes the descriptor of @entry as @query's caller may see it. */
static void describe(const struct query *query, const struct entry *entry, uint64_t *out)
{
	const struct partition *partition = entry->partition;
	const struct el3_partition *el3 = entry->el3;

	if (__builtin_expect(el3 != NULL, 0)) {
		out[0] = first_word(query, el3->id, el3->context_count,
				    el3->properties | FFA_PROPERTY_AARCH64);
		describe_uuids(query, &el3->uuid, &el3->image_uuid, el3->version, out);
	} else {
		const struct partition_config *config = partition->config;
		uint32_t version = endpoint_version(&partition->endpoint);
		uint32_t method = query->merged ? config->messaging_method
						: entry->service->messaging_method;

		out[0] = first_word(query, partition->endpoint.id, partition->context_count,
				    properties_of(partition, method, version));
		describe_uuids(query, &entry->service->uuid, &config->image_uuid, version, out);
	}
}

static unsigned count_matches(struct query query)
{
	struct entry entry = { 0 };
	unsigned count = 0;

	while (next(&query, &entry)) {
		count++;
	}
	return count;
}

/** Words of a descriptor in the caller's version. */
static size_t descriptor_words(const struct query *query)
{
	if (query->version < FFA_VERSION_1_1) {
		return WORDS_1_0;
	}
	return query->version < FFA_VERSION_1_3 ? WORDS_1_1 : WORDS_1_3;
}

static size_t descriptor_size(const struct query *query)
{
	return descriptor_words(query) * sizeof(uint64_t);
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
	struct entry entry = { 0 };
	enum ffa_status status = FFA_OK;

	lock_acquire(&mailbox->rx_lock);
	if (!mailbox_is_mapped(mailbox) || mailbox_rx_state(mailbox) != RX_EMPTY) {
		status = FFA_BUSY;
	} else if (count * size > mailbox->rx.page_count * PAGE_SIZE) {
		status = FFA_NO_MEMORY;
	} else {
		struct buffer rx = buffer_open_rx(call->pe, mailbox);

		for (unsigned i = 0; i < count && next(&query, &entry); i++) {
			uint64_t descriptor[WORDS_1_3];

			describe(&query, &entry, descriptor);
			buffer_write(&rx, descriptor, size);
		}
		status = buffer_finish_rx(&rx) ? FFA_OK : FFA_ABORTED;
		mailbox_set_rx_state(mailbox, status == FFA_OK ? RX_FULL : RX_EMPTY);
	}
	lock_release(&mailbox->rx_lock);
	return status;
}

/**
 * FFA_INVALID_PARAMETERS  flags other than "count only"; no service has the UUID.
 */
enum ffa_status ffa_partition_info_get(struct call *call)
{
	struct ffa_uuid uuid = { { call_w(call, 1), call_w(call, 2), call_w(call, 3),
				   call_w(call, 4) } };
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
	return call_success(call, count,
			    call->version < FFA_VERSION_1_1 ? 0
							    : (uint32_t)descriptor_size(&query));
}

/**
 * Writes the matches @start.. to @out, at most as many as the registers hold; *@total of all. Nothing is
 * written when there is none.
 */
static unsigned collect(struct query *query, unsigned start, uint64_t *out, unsigned *total)
{
	size_t words = descriptor_words(query);
	unsigned max = words == WORDS_1_3 ? REGS_MAX_1_3 : REGS_MAX_1_1;
	struct entry entry = { 0 };
	unsigned count = 0;
	unsigned at = 0;

	for (; next(query, &entry); at++) {
		if (at >= start && count < max) {
			describe(query, &entry, out + words * count++);
		}
	}
	*total = at;
	return count;
}

/**
 * The list never changes but for partitions that die: the information tag is always 0. Written straight into the
 * caller's registers, whose arguments are not needed any more by then.
 *
 * FFA_INVALID_PARAMETERS  reserved bits, a tag without a place to go on from; nobody matches from there on.
 * FFA_RETRY               a tag that was never given.
 */
enum ffa_status ffa_partition_info_get_regs(struct call *call)
{
	struct query query = new_query(call, uuid_of_registers(call->x[1], call->x[2]));
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
	query.with_el3 = !call_from_normal_world(call);
	if (query.with_el3) {
		el3_partitions_learn(call->spmc);
	}
	count = collect(&query, start, &out[PARTITION_INFO_REGS_FIRST], &total);
	if (count == 0) {
		return FFA_INVALID_PARAMETERS;
	}

	out[0] = FFA_SUCCESS_64;
	out[1] = 0;
	out[2] = (uint64_t)descriptor_size(&query) << REGS_SIZE_SHIFT |
		 (uint64_t)(start + count - 1) << REGS_CURRENT_SHIFT | (total - 1);
	for (size_t i = PARTITION_INFO_REGS_FIRST + count * descriptor_words(&query); i < 18; i++) {
		out[i] = 0;
	}
	return FFA_OK;
}
