/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TEST_MEMORY: sends, retrieves and gives back memory as told. The contexts share the partition's buffers, one
 * after the other. What was retrieved is mapped by stage 1 as the response says, and stays mapped there when
 * it is gone: accesses then find out about stage 2.
 */
#include "sdk/memory.h"
#include "partitions/test-image/image.h"

static uint32_t busy;
static struct ffa_memory_range ranges[TEST_RANGES_MAX];

/** One context makes calls; those that wait for it call as well, so that they end when it never comes back. */
static void lock_buffers(void)
{
	uint16_t id;

	while (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE) != 0) {
		(void)ffa_id_get(&id);
	}
}

static void unlock_buffers(void)
{
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

static struct memory_caller caller(void)
{
	return (struct memory_caller){
		.tx = image_tx_buffer(),
		.rx = image_rx_buffer(),
		.size = FFA_PAGE_SIZE,
		.version = partition.version,
	};
}

static uint64_t address_of(const struct test_ranges *wanted, uint64_t i)
{
	return wanted->base + i * wanted->stride;
}

static enum ffa_status send(struct test_memory *memory)
{
	struct memory_caller self = caller();

	for (uint64_t i = 0; i < memory->ranges.count; i++) {
		ranges[i] = (struct ffa_memory_range){
			.address = address_of(&memory->ranges, i),
			.page_count = (uint32_t)memory->ranges.page_count,
		};
	}
	return memory_send(&self, (uint32_t)memory->function, &memory->transaction, ranges);
}

/** A partition of v1.0 is told of non-secure memory when it says so first. */
static void ask_for_ns_bit(void)
{
	uint32_t w2, w3;

	if (partition.version < FFA_VERSION_1_1) {
		(void)ffa_features((uint32_t)FFA_MEM_RETRIEVE_REQ_32, FFA_MEMORY_FEATURE_NS_BIT,
				   &w2, &w3);
	}
}

static bool map(const struct memory_transaction *response, const struct ffa_memory_range *range)
{
	uint8_t permissions = response->borrowers[0].permissions;
	uint32_t attributes = REGION_READ;

	if ((permissions & FFA_MEMORY_DATA_MASK) == FFA_MEMORY_DATA_RW) {
		attributes |= REGION_WRITE;
	}
	if ((permissions & FFA_MEMORY_INSTRUCTION_MASK) == FFA_MEMORY_INSTRUCTION_X) {
		attributes |= REGION_EXECUTE;
	}
	if ((response->attributes & FFA_MEMORY_NON_SECURE) != 0) {
		attributes |= REGION_NON_SECURE;
	}
	return partition_map(range->address, range->page_count, attributes,
			     (response->attributes & FFA_MEMORY_TYPE_MASK) ==
				     FFA_MEMORY_TYPE_DEVICE);
}

static enum ffa_status retrieve(struct test_memory *memory)
{
	struct memory_caller self = caller();
	struct memory_transaction request = memory->transaction;
	enum ffa_status status;

	ask_for_ns_bit();
	status = memory_retrieve(&self, &request, &memory->transaction, ranges, TEST_RANGES_MAX);
	memory->mismatches = 0;
	if (status != FFA_OK) {
		return status;
	}
	memory->mismatches += memory->transaction.range_count != memory->ranges.count;
	for (uint32_t i = 0; i < memory->transaction.range_count && i < TEST_RANGES_MAX; i++) {
		bool same = ranges[i].address == address_of(&memory->ranges, i) &&
			    ranges[i].page_count == memory->ranges.page_count &&
			    ranges[i].reserved == 0;

		memory->mismatches += same && map(&memory->transaction, &ranges[i]) ? 0 : 1;
	}
	return FFA_OK;
}

static enum ffa_status run(struct test_memory *memory, enum test_memory_call call)
{
	struct memory_caller self = caller();

	switch (call) {
	case TEST_MEMORY_SEND:
		return send(memory);
	case TEST_MEMORY_RETRIEVE:
		return retrieve(memory);
	case TEST_MEMORY_RELINQUISH:
		return memory_relinquish(&self, memory->transaction.handle, (uint32_t)memory->flags,
					 partition.id);
	default:
		return memory_reclaim(memory->transaction.handle, (uint32_t)memory->flags);
	}
}

enum ffa_status memory_command(volatile struct test_area *area, uint64_t call)
{
	struct test_memory memory = { 0 };
	uint8_t *bytes = (uint8_t *)&memory;
	enum ffa_status status;

	for (unsigned i = 0; i < sizeof(memory); i++) {
		bytes[i] = area->bulk[i];
	}
	if (memory.ranges.count > TEST_RANGES_MAX) {
		return FFA_ABORTED;
	}
	if (call == TEST_MEMORY_RECLAIM) {
		return run(&memory, TEST_MEMORY_RECLAIM);
	}
	lock_buffers();
	status = run(&memory, (enum test_memory_call)call);
	unlock_buffers();
	for (unsigned i = 0; i < sizeof(memory); i++) {
		area->bulk[i] = bytes[i];
	}
	return status;
}
