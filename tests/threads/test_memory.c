/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every PE a thread: three partitions and, on three PEs, the normal world do all that can be done with memory
 * at the same time, in memory of their own and in memory that several of them want. Built with TSan, which
 * sees what two PEs touch without a lock. At the end everything is given back, and nothing may have leaked.
 *
 * What the threads tell each other they tell relaxed: no order comes from here.
 */
#include <pthread.h>
#include <string.h>

#include "tests/model/memory/machine.h"
#include "tests/model/memory/view.h"

enum {
	ROUNDS = 60000,
	FURTHER_PES = 2,
	THREADS = WHO_RUNS + FURTHER_PES,
	OWN = 3, /* transactions of each thread at a time */
	KNOWN = OWN * THREADS,
	SP4_ROUNDS = ROUNDS / 2, /* then it dies */
};

/* Transactions: a handle (0: none), and what a request for it says. Each may be of another one. */
static _Atomic uint64_t known_handles[KNOWN];
static _Atomic uint32_t known_terms[KNOWN]; /* kind, sender, borrowers: bits 0, 8, 16 on */

/* The normal world's buffers, which its PEs share. */
static pthread_mutex_t buffers = PTHREAD_MUTEX_INITIALIZER;

struct thread {
	unsigned who; /* PE */
	uint64_t chance;
	uint64_t held[OWN]; /* handles of what it has retrieved; 0: nothing */
	unsigned accepted[16]; /* by operation */
};

static struct thread threads[THREADS];

static unsigned below(struct thread *thread, unsigned limit)
{
	thread->chance = thread->chance * UINT64_C(6364136223846793005) +
			 UINT64_C(1442695040888963407);
	return (unsigned)((thread->chance >> 33) % limit);
}

static uint16_t id_of(const struct thread *thread)
{
	return thread->who < WHO_RUNS ? machine_id((enum who)thread->who) : NW;
}

static bool is_normal_world(const struct thread *thread)
{
	return id_of(thread) == NW;
}

/** Whose buffers it uses. */
static enum who buffers_of(const struct thread *thread)
{
	return is_normal_world(thread) ? WHO_NW : (enum who)thread->who;
}

static bool is_accepted(const uint64_t *x)
{
	return (uint32_t)x[0] != FFA_ERROR_32;
}

static void lock_buffers(const struct thread *thread)
{
	if (is_normal_world(thread)) {
		pthread_mutex_lock(&buffers);
	}
}

static void unlock_buffers(const struct thread *thread)
{
	if (is_normal_world(thread)) {
		pthread_mutex_unlock(&buffers);
	}
}

/* ---- operations --------------------------------------------------------------------------------- */

/** Mostly its own; what was donated is where it was. */
static uint64_t some_page(struct thread *thread)
{
	static const uint16_t owners[] = { SP1, SP2, SP4 };

	if (below(thread, 4) == 0) {
		return machine_ns_page(below(thread, MACHINE_NS_PAGES));
	}
	if (is_normal_world(thread) || below(thread, 4) == 0) {
		return ns_page(below(thread, 24));
	}
	return page_of(below(thread, 4) == 0 ? owners[below(thread, 3)] : id_of(thread),
		       40 + below(thread, 8));
}

static struct mem_message message_of(uint32_t terms)
{
	struct mem_message message = {
		.sender = (uint16_t)(terms >> 8 & 0xFF ? SPMC + (terms >> 8 & 0xFF) : NW),
		.tag = 7,
	};
	unsigned kind = terms & 0xFF;

	for (unsigned i = 0; i < 4; i++) {
		if ((terms >> (16 + i) & 1) != 0) {
			message.receivers[message.receiver_count++] = (struct mem_receiver){
				.id = i == 3 ? SP4 : (uint16_t)(SP1 + i),
				.permissions = kind == TRANSACTION_DONATE ? 0 : RW,
			};
		}
	}
	message.attributes = kind == TRANSACTION_SHARE || (kind == TRANSACTION_LEND &&
							   message.receiver_count > 1)
				     ? WB
				     : 0;
	return message;
}

static unsigned own_place(struct thread *thread)
{
	return thread->who * OWN + below(thread, OWN);
}

static bool send(struct thread *thread)
{
	static const uint32_t fids[] = { 0, FFA_MEM_SHARE_32, FFA_MEM_LEND_32, FFA_MEM_DONATE_32 };
	static const unsigned borrowers[] = { 1, 2, 8, 1, 2, 8, 3, 9, 10, 11 };
	unsigned kind = TRANSACTION_SHARE + (below(thread, 32) == 0 ? 2 : below(thread, 2));
	unsigned list = borrowers[below(thread, kind == TRANSACTION_DONATE ? 6 : 10)];
	uint32_t terms = kind | (uint32_t)(id_of(thread) & 0xFF) << 8 | list << 16;
	struct ffa_memory_range ranges[3];
	struct mem_message message = message_of(terms);
	bool half = below(thread, 4) == 0;
	unsigned place = own_place(thread);
	uint32_t total, part;
	const uint64_t *x;

	if (atomic_load_explicit(&known_handles[place], memory_order_relaxed) != 0) {
		return false;
	}
	message.range_count = 1 + below(thread, 2);
	message.ranges = ranges;
	for (unsigned i = 0; i < message.range_count; i++) {
		ranges[i] = (struct ffa_memory_range){ some_page(thread), 1 + below(thread, 2), 0 };
	}
	message.flags = kind == TRANSACTION_SHARE ? 0 : below(thread, 2);
	lock_buffers(thread);
	total = (uint32_t)mem_compose(machine_tx(buffers_of(thread)), FFA_VERSION_1_2, &message);
	part = half ? total - message.range_count * (uint32_t)sizeof(ranges[0]) : total;
	x = MACHINE_CALL((enum who)thread->who, fids[kind], total, part);
	if (half && is_accepted(x)) {
		memcpy(machine_tx(buffers_of(thread)), ranges, total - part);
		x = MACHINE_CALL((enum who)thread->who, FFA_MEM_FRAG_TX_32, x[1], x[2],
				 total - part);
	}
	unlock_buffers(thread);
	if (is_accepted(x)) {
		atomic_store_explicit(&known_terms[place], terms, memory_order_relaxed);
		atomic_store_explicit(&known_handles[place], x[3] << 32 | x[2],
				      memory_order_relaxed);
	}
	return is_accepted(x);
}

static bool retrieve(struct thread *thread)
{
	unsigned place = below(thread, KNOWN);
	uint32_t terms = atomic_load_explicit(&known_terms[place], memory_order_relaxed);
	struct mem_message message = message_of(terms);
	unsigned kind = terms & 0xFF;
	const uint64_t *x;
	uint32_t size;
	bool accepted;

	message.handle = atomic_load_explicit(&known_handles[place], memory_order_relaxed);
	message.attributes = 0;
	for (unsigned i = 0; i < message.receiver_count && message.receiver_count == 1; i++) {
		message.receivers[i].permissions = kind == TRANSACTION_SHARE ? RW : RW | NX;
	}
	message.flags = kind != TRANSACTION_SHARE && below(thread, 2) ? FFA_MEMORY_FLAG_ZERO_AFTER
								      : 0;
	if (is_normal_world(thread)) {
		message = (struct mem_message){ .handle = message.handle }; /* it looks */
	}
	lock_buffers(thread);
	size = (uint32_t)mem_compose(machine_tx(buffers_of(thread)), FFA_VERSION_1_2, &message);
	x = MACHINE_CALL((enum who)thread->who, FFA_MEM_RETRIEVE_REQ_32, size, size);
	accepted = is_accepted(x);
	if (accepted) {
		MACHINE_CALL((enum who)thread->who, FFA_RX_RELEASE_32);
		thread->held[below(thread, OWN)] = message.handle;
	}
	unlock_buffers(thread);
	return accepted;
}

static bool relinquish_as(unsigned who, enum who tx, uint16_t id, uint64_t handle)
{
	struct ffa_memory_relinquish head = { .handle = handle, .endpoint_count = 1 };

	memcpy(machine_tx(tx), &head, sizeof(head));
	memcpy(machine_tx(tx) + sizeof(head), &id, sizeof(id));
	return is_accepted(MACHINE_CALL((enum who)who, FFA_MEM_RELINQUISH_32));
}

static bool relinquish(struct thread *thread)
{
	uint64_t *held = &thread->held[below(thread, OWN)];
	uint64_t handle = atomic_load_explicit(&known_handles[below(thread, KNOWN)],
					       memory_order_relaxed);
	bool accepted;

	if (*held != 0) {
		handle = *held;
		*held = 0;
	}
	lock_buffers(thread);
	accepted = relinquish_as(thread->who, buffers_of(thread), id_of(thread), handle);
	unlock_buffers(thread);
	return accepted;
}

static bool reclaim_as(unsigned who, uint64_t handle, uint32_t flags)
{
	return is_accepted(MACHINE_CALL((enum who)who, FFA_MEM_RECLAIM_32, (uint32_t)handle,
					handle >> 32, flags));
}

/** Mostly of what it has sent itself. Where that is not there any more, it was donated. */
static bool reclaim(struct thread *thread)
{
	unsigned place = below(thread, 8) == 0 ? below(thread, KNOWN) : own_place(thread);
	uint64_t handle = atomic_load_explicit(&known_handles[place], memory_order_relaxed);
	bool accepted = reclaim_as(thread->who, handle, below(thread, 2));

	if (place / OWN == thread->who &&
	    (accepted || machine_status((enum who)thread->who) == FFA_INVALID_PARAMETERS)) {
		atomic_store_explicit(&known_handles[place], 0, memory_order_relaxed);
	}
	return accepted;
}

static void *run(void *argument)
{
	static bool (*const operations[])(struct thread *) = { send,     retrieve,   retrieve,
							       retrieve, relinquish, reclaim,
							       reclaim,  relinquish };
	struct thread *thread = argument;
	unsigned rounds = thread->who == WHO_SP4 ? SP4_ROUNDS : ROUNDS;

	for (unsigned i = 0; i < rounds; i++) {
		unsigned n = below(thread, 8);

		thread->accepted[n] += operations[n](thread) ? 1 : 0;
	}
	if (thread->who == WHO_SP4) {
		machine_abort(WHO_SP4);
	}
	return NULL;
}

/* ---- the end ------------------------------------------------------------------------------------ */

static enum who who_of(uint16_t id)
{
	return id == SP1 ? WHO_SP1 : id == SP2 ? WHO_SP2 : id == SP4 ? WHO_SP4 : WHO_NW;
}

static void end_transaction(const struct transaction *transaction)
{
	struct transaction copy = *transaction;

	for (unsigned i = 0; i < copy.borrower_count; i++) {
		uint16_t id = copy.borrowers[i].id;

		if (copy.borrowers[i].retrieved) {
			REQUIRE(relinquish_as(who_of(id), who_of(id), id, copy.handle));
		}
	}
	if (!copy.orphaned) {
		REQUIRE(reclaim_as(who_of(copy.sender), copy.handle, 0));
	}
}

TEST(all_operations_on_all_pes_at_once)
{
	static const uint32_t versions[WHO_RUNS] = { FFA_VERSION_1_2, FFA_VERSION_1_2,
						     FFA_VERSION_1_2, FFA_VERSION_1_2 };
	pthread_t ids[THREADS];
	unsigned accepted[8] = { 0 };

	machine_boot(1, versions, FURTHER_PES);
	host_table_hook(NULL, NULL); /* the fixture counts for one thread */
	host_allow_waiting();
	for (unsigned i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ .who = i, .chance = 1000 + i };
		CHECK_EQUAL(pthread_create(&ids[i], NULL, run, &threads[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		CHECK_EQUAL(pthread_join(ids[i], NULL), 0);
		for (unsigned n = 0; n < 8; n++) {
			accepted[n] += threads[i].accepted[n];
		}
	}
	for (unsigned n = 0; n < 8; n++) { /* it was no idle dance */
		CHECK(accepted[n] > 500);
	}

	view_check();
	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		const struct transaction *left = the_spmc()->transactions.slots[i].transaction;

		if (left != NULL) {
			end_transaction(left);
		}
	}
	CHECK_EQUAL(view_transactions(), 0);
	view_check();
}
