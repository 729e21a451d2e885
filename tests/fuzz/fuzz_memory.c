/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions, as bytes say: they choose callers, calls, descriptors that are nearly right, what is
 * wrong with them, and in how many fragments they come. A refused call must have changed nothing, and after
 * each input tables, record, transactions and pool must agree (tests/model/memory/view.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/memory/machine.h"
#include "tests/model/memory/view.h"

enum {
	CALLS_MAX = 40,
	KNOWN_MAX = 8,
	RANGES_MAX = 700, /* more than two pages of a descriptor */
	BYTES_MAX = 65536,
};

/* A transaction that was sent, or of which a part was. */
struct known {
	uint64_t handle;
	enum transaction_kind kind;
	struct mem_message message;
	struct ffa_memory_range ranges[RANGES_MAX];
	uint8_t bytes[BYTES_MAX];
	size_t size, sent;
	enum who sender;
};

static struct {
	const uint8_t *at, *end;
	struct known known[KNOWN_MAX];
	unsigned known_count;
	uint64_t sum; /* before the call */
	uint32_t fetched; /* bytes of the last response, */
	enum who fetcher; /* which is this one's, */
	uint64_t fetched_handle; /* of this transaction */
} fuzz;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* ---- bytes -------------------------------------------------------------------------------------- */

static unsigned byte(void)
{
	return fuzz.at < fuzz.end ? *fuzz.at++ : 0;
}

static uint64_t bytes8(void)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++) {
		value = value << 8 | byte();
	}
	return value;
}

/** True for one byte of @n. */
static bool seldom(unsigned n)
{
	return byte() % n == n - 1;
}

/* ---- calls -------------------------------------------------------------------------------------- */

static void before(enum who who)
{
	machine_forget_registers();
	fuzz.sum = machine_sum(who);
}

/** What a refused call must not have changed. */
static enum ffa_status after(enum who who, bool may_end_things)
{
	enum ffa_status status = machine_status(who);

	if (status != FFA_OK && !may_end_things) {
		machine_forget_registers();
		REQUIRE(machine_sum(who) == fuzz.sum);
	}
	return status;
}

static struct known *any_known(void)
{
	static struct known unknown;

	return fuzz.known_count == 0 ? &unknown : &fuzz.known[byte() % fuzz.known_count];
}

static uint64_t handle_of(const struct known *known)
{
	return seldom(16) ? known->handle ^ UINT64_C(1) << byte() % 64 : known->handle;
}

static enum who who_of(uint16_t id)
{
	return id == SP1 ? WHO_SP1 : id == SP2 ? WHO_SP2 : id == SP4 ? WHO_SP4 : WHO_NW;
}

/** Mostly one that @known was sent to, so that something comes of it; else @who. */
static enum who some_borrower(const struct known *known, enum who who)
{
	if (known->message.receiver_count == 0 || seldom(8)) {
		return who;
	}
	return who_of(known->message.receivers[byte() % known->message.receiver_count].id);
}

/* ---- descriptors -------------------------------------------------------------------------------- */

static uint64_t any_address(void)
{
	static const uint16_t owners[] = { SP1, SP2, SP4, SP3 };

	switch (byte() % 4) {
	case 0:
		return bytes8();
	case 1:
		return machine_ns_page(byte() % MACHINE_NS_PAGES);
	case 2:
		return page_of(owners[byte() % 4], byte() % PARTITION_PAGES);
	default:
		return ns_page(byte() % 200);
	}
}

/** Mostly of @who. */
static uint64_t some_address(enum who who)
{
	if (seldom(6)) {
		return any_address();
	}
	if (who == WHO_NW) {
		return ns_page(byte() % 64);
	}
	return who == WHO_SP2 && seldom(2) ? machine_ns_page(byte() % MACHINE_NS_PAGES)
					   : page_of(machine_id(who), 36 + byte() % 24);
}

/** A few ranges; or hundreds, of the normal world: then in an order in which none joins the next. */
static void some_ranges(struct known *known)
{
	unsigned count = 1 + byte() % 3;

	if (known->sender == WHO_NW && seldom(4)) {
		count = 1 + byte() +
			(seldom(2) ? byte() : 0); /* of the pages between buffers and SP2's */
		for (unsigned i = 0; i < count; i++) {
			uint64_t page = count <= 460 ? 32 + count - 1 - i : 32 + i % 460;

			known->ranges[i] = (struct ffa_memory_range){ NS_BASE + page * PAGE_SIZE, 1,
								      0 };
		}
	} else {
		for (unsigned i = 0; i < count; i++) {
			known->ranges[i] = (struct ffa_memory_range){ some_address(known->sender),
								      1 + byte() % 3, 0 };
		}
	}
	known->message.ranges = known->ranges;
	known->message.range_count = count;
}

static void some_receivers(struct mem_message *message, enum transaction_kind kind)
{
	static const uint16_t ids[] = { SP1, SP2, SP4, VM1, 2, NW, SP3, SPMC };
	static const uint8_t permissions[] = { RW, RW, RO, RW | NX, 0, RO, RW, 0xFF };

	message->receiver_count = seldom(4) ? 2 + byte() % 3 : 1;
	for (unsigned i = 0; i < message->receiver_count; i++) {
		message->receivers[i] = (struct mem_receiver){
			.id = ids[seldom(8) ? byte() % 8 : byte() % 4],
			.permissions = kind == TRANSACTION_DONATE && !seldom(16)
					       ? 0
					       : permissions[byte() % (seldom(8) ? 8 : 3)],
		};
	}
	if (kind != TRANSACTION_DONATE &&
	    (kind == TRANSACTION_SHARE || message->receiver_count > 1)) {
		message->attributes = WB;
	}
	message->attributes ^= seldom(16) ? (uint16_t)(1U << byte() % 16) : 0;
	message->flags ^= seldom(8) ? 1U << byte() % 32 : 0;
}

/** Some bytes are others, mostly none. */
static void spoil(uint8_t *bytes, size_t size)
{
	for (unsigned count = seldom(4) ? byte() % 4 : 0; count > 0; count--) {
		size_t at = (byte() << 8 | byte()) % (size < 256 ? size : 256);

		bytes[at % size] = (uint8_t)byte();
	}
}

/* ---- sending ------------------------------------------------------------------------------------ */

/** Puts the next part of a descriptor into TX: as much as fits, or less. */
static uint32_t next_part(enum who who, const struct known *known)
{
	size_t left = known->size - known->sent;
	size_t room = machine_buffer_size(who);
	size_t part = left < room ? left : room;

	if (part > 16 && seldom(6)) {
		part = part - 16 * (1 + byte() % (part / 16));
	}
	if (seldom(32)) {
		part = byte();
	}
	memcpy(machine_tx(who), known->bytes + known->sent, part < left ? part : left);
	return (uint32_t)part;
}

static void take_answer(enum who who, struct known *known, uint32_t part)
{
	const uint64_t *x = the_spmc()->pes[who].current->arch.x;

	if ((uint32_t)x[0] == FFA_MEM_FRAG_RX_32) {
		known->handle = x[2] << 32 | (uint32_t)x[1];
		known->sent += part;
		REQUIRE(known->sent <= known->size);
	} else {
		known->handle = x[3] << 32 | (uint32_t)x[2];
		known->sent = known->size;
	}
}

static void send(enum who who)
{
	static const uint32_t fids[] = { FFA_MEM_SHARE_32, FFA_MEM_LEND_32, FFA_MEM_DONATE_32 };
	struct known *known = &fuzz.known[fuzz.known_count % KNOWN_MAX];
	unsigned kind = byte() % 3;
	uint32_t total, part;

	known->kind = (enum transaction_kind)(TRANSACTION_SHARE + kind);
	known->message = (struct mem_message){
		.sender = seldom(16) ? (uint16_t)byte() : machine_id(who),
		.tag = 0x7a67,
	};
	known->sender = who;
	known->sent = 0;
	some_receivers(&known->message, known->kind);
	some_ranges(known);
	known->size = mem_compose(known->bytes, version_of(machine_id(who)), &known->message);
	spoil(known->bytes, known->size);
	before(who);
	part = next_part(who, known);
	total = seldom(32) ? byte() : (uint32_t)known->size;
	MACHINE_CALL(who, fids[kind], total, part, seldom(64), 0);
	if (after(who, false) == FFA_OK) {
		take_answer(who, known, part);
		fuzz.known_count += fuzz.known_count < KNOWN_MAX ? 1 : 0;
	}
}

/** A part that is refused ends the transaction. */
static void send_part(enum who who)
{
	struct known *known = any_known();
	uint64_t handle = handle_of(known);
	enum who by = seldom(16) ? who : known->sender;
	uint32_t part;

	if (machine_is_dead(by)) {
		return;
	}
	before(by);
	part = next_part(by, known);
	MACHINE_CALL(by, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, part,
		     (uint64_t)(by == WHO_NW ? known->message.sender : 0) << 16);
	if (after(by, true) == FFA_OK && handle == known->handle) {
		take_answer(by, known, part);
	}
}

/* ---- retrieving --------------------------------------------------------------------------------- */

static void release(enum who who)
{
	before(who);
	MACHINE_CALL(who, FFA_RX_RELEASE_32);
	(void)after(who, false);
}

static void retrieve(enum who who)
{
	struct known *known = any_known();
	struct mem_message message = request_for(&known->message, known->kind, handle_of(known));
	uint32_t size;
	const uint64_t *x;

	who = some_borrower(known, who);
	if (machine_is_dead(who)) {
		return;
	}
	for (unsigned i = 0; i < message.receiver_count; i++) {
		message.receivers[i].permissions ^= seldom(16) ? (uint8_t)(1U << byte() % 8) : 0;
		message.receivers[i].flags = who == WHO_NW && message.receivers[i].id >= SPMC;
	}
	message.flags ^= seldom(8) ? 1U << byte() % 12 : 0;
	if (who == WHO_NW && seldom(4)) {
		message = (struct mem_message){ .handle = message.handle };
	}
	before(who);
	size = (uint32_t)mem_compose(machine_tx(who), version_of(machine_id(who)), &message);
	spoil(machine_tx(who), size);
	x = MACHINE_CALL(who, FFA_MEM_RETRIEVE_REQ_32, size, size);
	if (after(who, false) == FFA_OK) {
		REQUIRE(x[2] <= x[1] && x[2] <= machine_buffer_size(who));
		fuzz.fetched = (uint32_t)x[2];
		fuzz.fetcher = who;
		fuzz.fetched_handle = message.handle;
		if (!seldom(8)) {
			release(who);
		}
	}
}

static void fetch(enum who who)
{
	struct known *known = any_known();
	uint64_t handle = seldom(8) ? handle_of(known) : fuzz.fetched_handle;
	const uint64_t *x;

	who = seldom(8) ? who : fuzz.fetcher;
	if (machine_is_dead(who)) {
		return;
	}
	before(who);
	x = MACHINE_CALL(who, FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32,
			 seldom(16) ? byte() : fuzz.fetched,
			 (uint64_t)(who == WHO_NW ? known->message.sender : 0) << 16);
	if (after(who, false) == FFA_OK) {
		REQUIRE(x[0] == FFA_MEM_FRAG_TX_32 && x[3] <= machine_buffer_size(who));
		fuzz.fetched += (uint32_t)x[3];
		release(who);
	}
}

/* ---- ends --------------------------------------------------------------------------------------- */

static void relinquish(enum who who)
{
	const struct known *known = any_known();
	struct ffa_memory_relinquish head = {
		.handle = handle_of(known),
		.flags = seldom(4) ? byte() % 4 : 0,
		.endpoint_count = seldom(16) ? byte() : 1,
	};
	uint16_t id;

	who = some_borrower(known, who);
	if (machine_is_dead(who)) {
		return;
	}
	id = who == WHO_NW ? VM1 : machine_id(who);
	id = seldom(16) ? (uint16_t)byte() : id;
	before(who);
	memcpy(machine_tx(who), &head, sizeof(head));
	memcpy(machine_tx(who) + sizeof(head), &id, sizeof(id));
	MACHINE_CALL(who, FFA_MEM_RELINQUISH_32);
	(void)after(who, false);
}

static void reclaim(enum who who)
{
	const struct known *known = any_known();
	uint64_t handle = handle_of(known);

	who = seldom(8) ? who : known->sender;
	if (machine_is_dead(who)) {
		return;
	}
	before(who);
	MACHINE_CALL(who, FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32,
		     seldom(4) ? byte() % 4 : 0);
	(void)after(who, false);
}

static void other(enum who who)
{
	switch (byte() % 8) {
	case 0:
		if (who != WHO_NW) {
			machine_abort(who);
		}
		break;
	case 1:
		before(who);
		MACHINE_CALL(who, FFA_RXTX_UNMAP_32);
		(void)after(who, false);
		break;
	case 2:
		MACHINE_CALL(who, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED);
		break;
	default:
		release(who);
		break;
	}
}

/* ---- an input ----------------------------------------------------------------------------------- */

static void set_versions(void)
{
	static const uint32_t versions[] = { FFA_VERSION_1_2, FFA_VERSION_1_1, FFA_VERSION_1_0,
					     FFA_VERSION_1_3 };

	for (enum who who = WHO_NW; who < WHO_RUNS; who++) {
		struct endpoint *endpoint = who == WHO_NW
						    ? the_spmc()->normal_world
						    : &partition_of(machine_id(who))->endpoint;

		atomic_store_explicit(&endpoint->version, versions[byte() % 4],
				      memory_order_relaxed);
	}
}

/** Now and then nobody has a reserve, and not many pages more than it uses. */
static void set_quotas(void)
{
	struct spmc *spmc = the_spmc();

	if (!seldom(4)) {
		return;
	}
	page_pool_promise(&spmc->pool, &spmc->ns_quota, 0,
			  quota_used(&spmc->ns_quota) + byte() % 16);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct quota *quota = &spmc->partitions[i].quota;

		page_pool_promise(&spmc->pool, quota, 0, quota_used(quota) + byte() % 8);
	}
}

static const struct machine_snapshot *boot(void)
{
	static const uint32_t versions[WHO_RUNS] = { FFA_VERSION_1_2, FFA_VERSION_1_2,
						     FFA_VERSION_1_2, FFA_VERSION_1_2 };
	static struct machine_snapshot *snapshot;

	if (snapshot == NULL) {
		machine_boot(1, versions, 0);
		snapshot = machine_save(NULL);
	}
	return snapshot;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const calls[])(enum who who) = { send,     send,       send_part, retrieve,
						       retrieve, fetch,      reclaim,   relinquish,
						       reclaim,  relinquish, send,      other };

	machine_restore(boot());
	fuzz.at = bytes;
	fuzz.end = bytes + size;
	fuzz.known_count = 0;
	fuzz.fetched = 0;
	fuzz.fetcher = WHO_NW;
	fuzz.fetched_handle = 0;
	set_versions();
	set_quotas();
	for (unsigned i = 0; i < CALLS_MAX && fuzz.at < fuzz.end; i++) {
		enum who who = (enum who)(byte() % WHO_RUNS);
		unsigned call = byte() % (sizeof(calls) / sizeof(calls[0]));

		if (!machine_is_dead(who)) {
			calls[call](who);
		}
	}
	view_check();
	REQUIRE(machine_snapshots_are_complete());
	return 0;
}
