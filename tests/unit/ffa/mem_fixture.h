/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions as tests make them. Whoever is to call runs: run_as() sees to that. Descriptors are
 * laid out for the version of the caller; fragments are as long as its TX buffer.
 */
#ifndef TESTS_UNIT_FFA_MEM_FIXTURE_H
#define TESTS_UNIT_FFA_MEM_FIXTURE_H

#include "abi/ffa_memory.h"
#include "core/transaction.h"
#include "tests/unit/ffa/vm_fixture.h"

#define RO FFA_MEMORY_DATA_RO
#define RW FFA_MEMORY_DATA_RW
#define NX FFA_MEMORY_INSTRUCTION_NX
#define WB FFA_MEMORY_NORMAL_WRITE_BACK_INNER

enum { MEM_RANGES_MAX = 70000 };

struct mem_receiver {
	uint16_t id;
	uint8_t permissions;
	uint8_t flags;
	uint64_t value[2];
};

/** A descriptor, sent or asked for. */
struct mem_message {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle, tag;
	uint32_t receiver_count;
	struct mem_receiver receivers[TRANSACTION_BORROWERS_MAX + 1];
	uint32_t access_size; /* 0: as the caller's version has it */
	uint32_t range_count; /* 0: no composite */
	const struct ffa_memory_range *ranges;
};

/** Lets @who (a partition, or NW) run on this PE; the normal world runs in between. */
void run_as(uint16_t who);

/** Boots the usual system; all partitions and the normal world have buffers of @pages pages. NW runs. */
void memory_boot(uint32_t pages);

/** As memory_boot() with one page, everybody of @version. */
void memory_boot_version(uint32_t version);

/** Page @n of what tests give away: of the normal world, of a partition. */
uint64_t ns_page(unsigned n);
uint64_t page_of(uint16_t id, unsigned n);

/** One range from @sender for @receiver, as SHARE wants it (RW) or LEND/DONATE (@kind). */
struct mem_message message_for(enum transaction_kind kind, uint16_t sender, uint16_t receiver,
			       const struct ffa_memory_range *range);

/** Bytes of @message in the layout of @version, written to @bytes. */
size_t mem_compose(uint8_t *bytes, uint32_t version, const struct mem_message *message);

/** The version whose layout endpoint @who uses. */
uint32_t version_of(uint16_t who);

/** @who sends @message, in fragments if it must. Returns the status; *@handle on FFA_OK. */
enum ffa_status mem_try_send(uint16_t who, enum transaction_kind kind,
			     const struct mem_message *message, uint64_t *handle);

/** As above, expected to work. Returns the handle. */
uint64_t mem_send(uint16_t who, enum transaction_kind kind, const struct mem_message *message);

/** @who puts @size bytes into its TX buffer, junk behind them. */
void mem_fill_tx(uint16_t who, const uint8_t *bytes, size_t size);

/** @who sends one fragment of @length of the @total bytes, whatever they say. */
enum ffa_status mem_send_bytes(uint16_t who, enum transaction_kind kind, const uint8_t *bytes,
			       size_t total, size_t length);

/** @who asks for memory with @size bytes, whatever they say; RX stays full when that works. */
enum ffa_status mem_retrieve_bytes(uint16_t who, const uint8_t *bytes, size_t size);

/** The request that fits @sent, which was sent as @handle: same borrowers, with what @kind lets them have. */
struct mem_message request_for(const struct mem_message *sent, enum transaction_kind kind,
			       uint64_t handle);

/** @who retrieves; RX stays full. */
enum ffa_status mem_try_retrieve(uint16_t who, const struct mem_message *request);

/** As above, expected to work; fetches all fragments, gives RX back. */
void mem_retrieve(uint16_t who, const struct mem_message *request);

/** All of the last response that mem_retrieve() got, fragments put together; its size. */
const uint8_t *mem_response(size_t *size);

enum ffa_status mem_try_relinquish(uint16_t who, uint16_t borrower, uint64_t handle,
				   uint32_t flags);
enum ffa_status mem_try_reclaim(uint16_t who, uint64_t handle, uint32_t flags);
void mem_relinquish(uint16_t who, uint64_t handle);
void mem_reclaim(uint16_t who, uint64_t handle);

/** @who fetches or sends a fragment of @handle; NW: for, or as, @endpoint. */
enum ffa_status mem_frag_rx(uint16_t who, uint64_t handle, uint64_t offset, uint16_t endpoint);
enum ffa_status mem_frag_tx(uint16_t who, uint64_t handle, const void *bytes, size_t size,
			    uint16_t endpoint);

/** How partition @id reaches the page at @address: enum arch_map with SHARED and BORROWED; 0: not at all. */
unsigned mem_map_of(uint16_t id, uint64_t address);

/** The quota that pays for what @who does. */
struct quota *quota_of(uint16_t who);

/** True when the normal world has given the page at @address away. */
bool ns_is_taken(uint64_t address);

/** Pages that are free, or in tables (which may stay when they are empty): the rest is transactions'. */
uint32_t pages_outside_transactions(void);

/** The status that the last call of who runs got. */
enum ffa_status last_status(void);

#endif
