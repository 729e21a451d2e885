/* SPDX-License-Identifier: BSD-3-Clause */
/* Composing, sending, retrieving, giving back. */
#include "tests/unit/ffa/mem_fixture.h"

#include "tests/unit/ffa/mappings_fixture.h"

#include <string.h>

static uint8_t composed[0x200000];
static uint8_t received[0x200000];
static size_t received_size;

/* ---- who runs ----------------------------------------------------------------------------------- */

void run_as(uint16_t who)
{
	if (running() == who) {
		return;
	}
	if (running() != NW) {
		CALL(running(), FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(running(), NW));
	}
	if (who != NW) {
		request(NW, who);
	}
}

uint32_t version_of(uint16_t who)
{
	return endpoint_version(who == NW ? the_spmc()->normal_world
					  : &partition_of(who)->endpoint);
}

static struct mailbox *mailbox_of(uint16_t who)
{
	return who == NW ? vm_mailbox(NW) : &partition_of(who)->endpoint.mailbox;
}

/** Maps buffers of @pages pages; an S-EL0 partition, which starts, makes data of them and what is behind. */
static void give_pages(uint16_t who, uint32_t pages)
{
	uint64_t tx = who == NW ? vm_tx(NW) : tx_of(who);
	uint64_t rx = who == NW ? vm_rx(NW) : tx_of(who) + pages * PAGE_SIZE;

	if (who == SP4) {
		CALL(who, FFA_MEM_PERM_SET_64, tx,
		     (base_of(who) - tx) / PAGE_SIZE + PARTITION_PAGES,
		     FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
		CHECK_SUCCESS(who);
	}
	CALL(who, FFA_RXTX_MAP_64, tx, rx, pages);
	CHECK_SUCCESS(who);
}

static void boot(uint32_t pages, uint32_t version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = version;
	system_add(SP2, INSTANCE_S1UP)->ffa_version = version;
	system_add(SP3, INSTANCE_S1UP)->ffa_version = version;
	system_add(SP4, INSTANCE_S0)->ffa_version = FFA_VERSION_1_2; /* permissions are of 1.1 */
	system_build(1);
	system_begin();
	for (uint16_t id = SP1; id <= SP4; id++) {
		give_pages(id, pages);
		CALL(id, FFA_MSG_WAIT_32);
	}
	CHECK_GOT_WIDE(NW, FFA_MSG_WAIT_32);
	nw_version(version);
	give_pages(NW, pages);
}

void memory_boot(uint32_t pages)
{
	boot(pages, FFA_VERSION_1_2);
}

void memory_boot_version(uint32_t version)
{
	boot(1, version);
}

uint64_t ns_page(unsigned n)
{
	return NS_BASE + (uint64_t)(NS_PAGES / 2 + n) * PAGE_SIZE;
}

uint64_t page_of(uint16_t id, unsigned n)
{
	return base_of(id) + (uint64_t)n * PAGE_SIZE;
}

/* ---- descriptors -------------------------------------------------------------------------------- */

struct mem_message message_for(enum transaction_kind kind, uint16_t sender, uint16_t receiver,
			       const struct ffa_memory_range *range)
{
	return (struct mem_message){
		.sender = sender,
		.attributes = kind == TRANSACTION_SHARE ? WB : 0,
		.tag = 0x7a67,
		.receiver_count = 1,
		.receivers = { { .id = receiver,
				 .permissions = kind == TRANSACTION_DONATE ? 0 : RW } },
		.range_count = 1,
		.ranges = range,
	};
}

static size_t put(uint8_t *bytes, size_t at, const void *value, size_t size)
{
	memcpy(bytes + at, value, size);
	return at + size;
}

static size_t put_header(uint8_t *bytes, uint32_t version, const struct mem_message *message,
			 uint32_t access_size)
{
	if (version < FFA_VERSION_1_1) {
		struct ffa_memory_header_v1_0 header = {
			.sender = message->sender,
			.attributes = (uint8_t)message->attributes,
			.flags = message->flags,
			.handle = message->handle,
			.tag = message->tag,
			.access_count = message->receiver_count,
		};

		return put(bytes, 0, &header, sizeof(header));
	}
	struct ffa_memory_header_v1_1 header = {
		.sender = message->sender,
		.attributes = message->attributes,
		.flags = message->flags,
		.handle = message->handle,
		.tag = message->tag,
		.access_size = message->receiver_count == 0 ? 0 : access_size,
		.access_count = message->receiver_count,
		.access_offset = message->receiver_count == 0 ? 0 : sizeof(header),
	};

	return put(bytes, 0, &header, sizeof(header));
}

size_t mem_compose(uint8_t *bytes, uint32_t version, const struct mem_message *message)
{
	uint32_t access_size = message->access_size != 0   ? message->access_size
			       : version < FFA_VERSION_1_2 ? 16
							   : 32;
	size_t at = put_header(bytes, version, message, access_size);
	size_t composite = at + (size_t)message->receiver_count * access_size;
	struct ffa_memory_composite head = { .range_count = message->range_count };

	for (uint32_t i = 0; i < message->receiver_count; i++) {
		struct ffa_memory_access access = {
			.receiver = message->receivers[i].id,
			.permissions = message->receivers[i].permissions,
			.flags = message->receivers[i].flags,
			.composite_offset = message->range_count == 0 ? 0 : (uint32_t)composite,
		};

		if (access_size == 32) {
			access.value[0] = message->receivers[i].value[0];
			access.value[1] = message->receivers[i].value[1];
		}
		at = put(bytes, at, &access, access_size);
	}
	if (message->range_count == 0) {
		return at;
	}
	for (uint32_t i = 0; i < message->range_count; i++) {
		head.page_count += message->ranges[i].page_count;
	}
	at = put(bytes, at, &head, sizeof(head));
	return put(bytes, at, message->ranges, message->range_count * sizeof(message->ranges[0]));
}

/* ---- calls -------------------------------------------------------------------------------------- */

enum ffa_status last_status(void)
{
	return (uint32_t)registers()[0] == FFA_ERROR_32 ? (enum ffa_status)(int32_t)registers()[2]
							: FFA_OK;
}

void mem_fill_tx(uint16_t who, const uint8_t *bytes, size_t size)
{
	struct mailbox *mailbox = mailbox_of(who);
	uint8_t *tx = host_ram(mailbox->tx.base);

	memset(tx, 0xA5, mailbox->tx.page_count * PAGE_SIZE);
	memcpy(tx, bytes, size);
}

static uint64_t handle_at(unsigned n)
{
	return (uint64_t)(uint32_t)registers()[n + 1] << 32 | (uint32_t)registers()[n];
}

static const uint32_t fids[] = { [TRANSACTION_SHARE] = FFA_MEM_SHARE_64,
				 [TRANSACTION_LEND] = FFA_MEM_LEND_64,
				 [TRANSACTION_DONATE] = FFA_MEM_DONATE_64 };

enum ffa_status mem_send_bytes(uint16_t who, enum transaction_kind kind, const uint8_t *bytes,
			       size_t total, size_t length)
{
	run_as(who);
	mem_fill_tx(who, bytes, length < PAGE_SIZE ? length : PAGE_SIZE);
	CALL(who, fids[kind], total, length);
	return last_status();
}

enum ffa_status mem_try_send(uint16_t who, enum transaction_kind kind,
			     const struct mem_message *message, uint64_t *handle)
{
	size_t size = mem_compose(composed, version_of(who), message);
	size_t room = mailbox_of(who)->tx.page_count * PAGE_SIZE;
	size_t sent = size < room ? size : room;

	run_as(who);
	mem_fill_tx(who, composed, sent);
	CALL(who, fids[kind], size, sent);
	while ((uint32_t)registers()[0] == FFA_MEM_FRAG_RX_32) {
		size_t piece = size - sent < room ? size - sent : room;
		uint64_t w1 = registers()[1], w2 = registers()[2];

		assert_int_equal(registers()[3], sent);
		assert_int_equal(registers()[4], who == NW ? (uint32_t)message->sender << 16 : 0);
		mem_fill_tx(who, composed + sent, piece);
		sent += piece;
		CALL(who, FFA_MEM_FRAG_TX_32, w1, w2, piece, registers()[4]);
	}
	if (last_status() == FFA_OK) {
		assert_int_equal(sent, size);
		*handle = handle_at(2);
	}
	return last_status();
}

uint64_t mem_send(uint16_t who, enum transaction_kind kind, const struct mem_message *message)
{
	uint64_t handle = UINT64_MAX;

	assert_int_equal(mem_try_send(who, kind, message, &handle), FFA_OK);
	return handle;
}

struct mem_message request_for(const struct mem_message *sent, enum transaction_kind kind,
			       uint64_t handle)
{
	struct mem_message request = *sent;
	bool exclusive = kind == TRANSACTION_DONATE ||
			 (kind == TRANSACTION_LEND && sent->receiver_count == 1);

	request.handle = handle;
	request.flags = sent->flags | (uint32_t)kind << FFA_MEMORY_FLAG_KIND_SHIFT;
	request.range_count = 0;
	for (uint32_t i = 0; i < request.receiver_count; i++) {
		request.receivers[i].permissions |= exclusive ? NX : 0;
	}
	return request;
}

enum ffa_status mem_retrieve_bytes(uint16_t who, const uint8_t *bytes, size_t size)
{
	run_as(who);
	mem_fill_tx(who, bytes, size < PAGE_SIZE ? size : PAGE_SIZE);
	memset(host_ram(mailbox_of(who)->rx.base), 0x5A,
	       mailbox_of(who)->rx.page_count * PAGE_SIZE);
	note_registers();
	CALL(who, FFA_MEM_RETRIEVE_REQ_64, size, size);
	if (last_status() == FFA_OK) {
		assert_int_equal(registers()[0], FFA_MEM_RETRIEVE_RESP_32);
	}
	return last_status();
}

enum ffa_status mem_try_retrieve(uint16_t who, const struct mem_message *request)
{
	size_t size = mem_compose(composed, version_of(who), request);

	return mem_retrieve_bytes(who, composed, size);
}

/** Takes @size bytes out of RX and gives it back. */
static void take_rx(uint16_t who, size_t size)
{
	memcpy(received + received_size, host_ram(mailbox_of(who)->rx.base), size);
	received_size += size;
	CALL(who, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(who);
}

void mem_retrieve(uint16_t who, const struct mem_message *request)
{
	size_t total;

	assert_int_equal(mem_try_retrieve(who, request), FFA_OK);
	total = registers()[1];
	received_size = 0;
	take_rx(who, registers()[2]);
	while (received_size < total) {
		CALL(who, FFA_MEM_FRAG_RX_32, (uint32_t)request->handle, request->handle >> 32,
		     received_size, who == NW ? (uint32_t)request->sender << 16 : 0);
		assert_int_equal(registers()[0], FFA_MEM_FRAG_TX_32);
		take_rx(who, registers()[3]);
	}
	assert_int_equal(received_size, total);
}

const uint8_t *mem_response(size_t *size)
{
	*size = received_size;
	return received;
}

enum ffa_status mem_try_relinquish(uint16_t who, uint16_t borrower, uint64_t handle, uint32_t flags)
{
	struct ffa_memory_relinquish head = { .handle = handle,
					      .flags = flags,
					      .endpoint_count = 1 };
	uint8_t bytes[sizeof(head) + sizeof(borrower)];

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), &borrower, sizeof(borrower));
	run_as(who);
	mem_fill_tx(who, bytes, sizeof(bytes));
	CALL(who, FFA_MEM_RELINQUISH_32);
	return last_status();
}

enum ffa_status mem_try_reclaim(uint16_t who, uint64_t handle, uint32_t flags)
{
	run_as(who);
	CALL(who, FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, flags);
	return last_status();
}

void mem_relinquish(uint16_t who, uint64_t handle)
{
	assert_int_equal(mem_try_relinquish(who, who, handle, 0), FFA_OK);
}

void mem_reclaim(uint16_t who, uint64_t handle)
{
	assert_int_equal(mem_try_reclaim(who, handle, 0), FFA_OK);
}

static uint32_t fragment_endpoint(uint16_t who, uint16_t endpoint)
{
	return who == NW ? (uint32_t)endpoint << 16 : 0;
}

enum ffa_status mem_frag_rx(uint16_t who, uint64_t handle, uint64_t offset, uint16_t endpoint)
{
	run_as(who);
	CALL(who, FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32, offset,
	     fragment_endpoint(who, endpoint));
	return last_status();
}

enum ffa_status mem_frag_tx(uint16_t who, uint64_t handle, const void *bytes, size_t size,
			    uint16_t endpoint)
{
	run_as(who);
	mem_fill_tx(who, bytes, size < PAGE_SIZE ? size : PAGE_SIZE);
	CALL(who, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, size,
	     fragment_endpoint(who, endpoint));
	return last_status();
}

/* ---- looking ------------------------------------------------------------------------------------ */

unsigned mem_map_of(uint16_t id, uint64_t address)
{
	struct space *space = &partition_of(id)->space;
	struct page_range page = { .base = paddr(address), .page_count = 1 };
	unsigned map = 0;

	lock_acquire(&space->lock);
	if (!space_lookup(space, page, WORLD_SECURE, &map) &&
	    !space_lookup(space, page, WORLD_NON_SECURE, &map)) {
		map = 0;
	}
	lock_release(&space->lock);
	return map;
}

struct quota *quota_of(uint16_t who)
{
	return who == NW ? &the_spmc()->ns_quota : &partition_of(who)->quota;
}

bool ns_is_taken(uint64_t address)
{
	struct space *record = &the_spmc()->ns_record;
	struct page_range page = { .base = paddr(address), .page_count = 1 };
	unsigned map = 0;
	bool taken;

	lock_acquire(&record->lock);
	taken = space_lookup(record, page, WORLD_SECURE, &map);
	lock_release(&record->lock);
	return taken;
}

uint32_t pages_outside_transactions(void)
{
	const struct spmc *spmc = the_spmc();
	uint32_t pages = spmc->pool.free_count + mappings_of(&spmc->ns_record).tables;

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		pages += mappings_of(&spmc->partitions[i].space).tables;
	}
	return pages;
}
