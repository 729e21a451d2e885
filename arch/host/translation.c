/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Translation on the host: records edits of tables and TLB invalidations, and walks the tables as a PE
 * would. The walk reads descriptors by bit number from the manual (Arm ARM, D8.3), on purpose without the
 * names of arch/aarch64/table.c: the two check each other.
 */
#include <sched.h>
#include <string.h>

#include "arch/host/internal.h"

enum {
	TLB_LOG_MAX = 256,
	LEVEL_LAST = 3,
	CONTIGUOUS_TRIES = 100000,
};

static struct {
	void (*call)(const struct host_table_event *event, void *argument);
	void *argument;
} hook;

static _Thread_local struct host_table_event tlb_log[TLB_LOG_MAX];
static _Thread_local size_t tlb_log_count;

void translation_reset(void)
{
	host_table_hook(NULL, NULL);
	host_tlb_log_clear();
}

void host_table_hook(void (*call)(const struct host_table_event *event, void *argument),
		     void *argument)
{
	hook.call = call;
	hook.argument = argument;
}

const struct host_table_event *host_tlb_log(size_t *count)
{
	*count = tlb_log_count;
	return tlb_log;
}

void host_tlb_log_clear(void)
{
	tlb_log_count = 0;
}

/* ---- what the SPMC does ------------------------------------------------------------------------- */

static void record(const struct host_table_event *event)
{
	if (hook.call != NULL) {
		hook.call(event, hook.argument);
	}
	if (event->kind == HOST_TABLE_INVALIDATE) {
		if (tlb_log_count == TLB_LOG_MAX) {
			tlb_log_count--;
			memmove(tlb_log, tlb_log + 1, tlb_log_count * sizeof(tlb_log[0]));
		}
		tlb_log[tlb_log_count++] = *event;
	}
}

void arch_space_root_init(struct arch_space_root *root, enum arch_space_kind kind, paddr_t secure,
			  paddr_t non_secure, uint16_t id)
{
	*root = (struct arch_space_root){ .stage2 = kind == ARCH_SPACE_STAGE2,
					  .id = id,
					  .table = { secure.pa, non_secure.pa } };
}

void arch_space_edit_begin(struct arch_space_root *root)
{
	if (root->edits++ % 2 != 0) {
		host_stop("host: edit of tables begun within another");
	}
}

void arch_space_edit_end(struct arch_space_root *root)
{
	if (root->edits++ % 2 == 0) {
		host_stop("host: edit of tables ended that was not begun");
	}
}

void arch_pte_write(uint64_t *entry, uint64_t pte)
{
	record(&(struct host_table_event){
		.kind = HOST_TABLE_WRITE, .entry = entry, .before = *entry, .after = pte });
	__atomic_store_n(entry, pte, __ATOMIC_RELAXED);
}

void arch_pte_publish(void)
{
	record(&(struct host_table_event){ .kind = HOST_TABLE_PUBLISH });
}

void arch_tlb_invalidate(const struct arch_space_root *root, ipaddr_t address, uint64_t page_count,
			 enum world world)
{
	record(&(struct host_table_event){ .kind = HOST_TABLE_INVALIDATE,
					   .id = root->id,
					   .world = world,
					   .address = address.ipa,
					   .page_count = page_count });
}

/* ---- what a PE does ----------------------------------------------------------------------------- */

static bool bit(uint64_t pte, unsigned number)
{
	return (pte >> number & 1) != 0;
}

static uint64_t bits(uint64_t pte, unsigned high, unsigned low)
{
	return pte >> low & ((UINT64_C(1) << (high - low + 1)) - 1);
}

/** Stage 2: S2AP is bits 7:6, XN[1:0] bits 54:53. */
static unsigned stage2_access(uint64_t pte)
{
	unsigned access = 0;

	access |= bit(pte, 6) ? ARCH_MAP_READ : 0U;
	access |= bit(pte, 7) ? ARCH_MAP_WRITE : 0U;
	access |= bits(pte, 54, 53) == 0 ? ARCH_MAP_EXECUTE : 0U;
	return access;
}

/** EL0 at stage 1: AP[2:1] is bits 7:6, UXN bit 54. */
static unsigned stage1_access(uint64_t pte)
{
	unsigned access = 0;

	if (bit(pte, 6)) {
		access |= ARCH_MAP_READ;
		access |= bit(pte, 7) ? 0U : ARCH_MAP_WRITE;
	}
	access |= bit(pte, 54) ? 0U : ARCH_MAP_EXECUTE;
	return access;
}

/** What must be alike in a group: all but the address and what the PE ignores, bits 58:55 (and 63:59). */
static uint64_t without_place(uint64_t pte)
{
	return bits(pte, 54, 48) << 48 | bits(pte, 11, 0);
}

bool host_contiguous_is_right(const uint64_t *table, size_t index, unsigned level)
{
	unsigned shift = 12 + 9 * (LEVEL_LAST - level);
	const uint64_t *group = &table[index / 16 * 16];
	uint64_t first = __atomic_load_n(&group[0], __ATOMIC_RELAXED);

	if (!bit(__atomic_load_n(&table[index], __ATOMIC_RELAXED), 52)) {
		return true;
	}
	if (bits(first, 47, shift) % 16 != 0 || !bit(first, 0)) {
		return false;
	}
	for (uint64_t i = 0; i < 16; i++) {
		uint64_t pte = __atomic_load_n(&group[i], __ATOMIC_RELAXED);

		if (without_place(pte) != without_place(first) ||
		    bits(pte, 47, shift) != bits(first, 47, shift) + i) {
			return false;
		}
	}
	return true;
}

/** A PE may take any entry of a group for any other one; while another PE edits, that changes in a moment. */
static void check_contiguous(const uint64_t *entries, size_t index, unsigned level)
{
	for (unsigned i = 0; !host_contiguous_is_right(entries, index, level); i++) {
		if (i == CONTIGUOUS_TRIES) {
			host_stop("host: contiguous hint at level %u in a group that is not alike",
				  level);
		}
		sched_yield();
	}
}

/** The leaf for @address, with its level; 0: translation fault. Tables must lie in secure RAM. */
static uint64_t find_leaf(uint64_t table, uint64_t address, unsigned *level)
{
	for (*level = arch_space_first_level(); *level <= LEVEL_LAST; (*level)++) {
		const uint64_t *entries = memory_at(table, WORLD_SECURE);
		unsigned shift = 12 + 9 * (LEVEL_LAST - *level);
		uint64_t pte;

		if (entries == NULL) {
			return 0;
		}
		pte = __atomic_load_n(&entries[bits(address, shift + 8, shift)], __ATOMIC_RELAXED);
		if (!bit(pte, 0)) {
			return 0;
		}
		if (*level == LEVEL_LAST || !bit(pte, 1)) {
			check_contiguous(entries, bits(address, shift + 8, shift), *level);
		}
		if (*level == LEVEL_LAST) {
			return bit(pte, 1) ? pte : 0;
		}
		if (!bit(pte, 1)) {
			return *level == 0 ? 0 : pte;
		}
		table = bits(pte, 47, 12) << 12;
	}
	return 0;
}

void *host_reach(const struct arch_space_root *root, uint64_t address, enum world world,
		 unsigned access)
{
	unsigned level;
	uint64_t pte = find_leaf(root->table[world], address, &level);
	unsigned shift = 12 + 9 * (LEVEL_LAST - level);
	uint64_t output;
	unsigned granted;

	if (pte == 0 || !bit(pte, 10)) { /* the access flag */
		return NULL;
	}
	if (!root->stage2) {
		world = bit(pte, 5) ? WORLD_NON_SECURE : WORLD_SECURE;
	}
	granted = root->stage2 ? stage2_access(pte) : stage1_access(pte);
	if (world == WORLD_NON_SECURE) {
		granted &= ~(unsigned)ARCH_MAP_EXECUTE; /* SCR_EL3.SIF */
	}
	if ((access & ~granted) != 0) {
		return NULL;
	}
	output = bits(pte, 47, shift) << shift | bits(address, shift - 1, 0);
	return memory_at(output, world);
}

static bool copy(const struct arch_context *context, uint64_t address, enum world world,
		 uint8_t *to, const uint8_t *from, size_t size)
{
	while (size > 0) {
		size_t rest = PAGE_SIZE - (address & PAGE_MASK);
		size_t step = rest < size ? rest : size;
		void *ram = context->machine.root == NULL
				    ? NULL
				    : host_reach(context->machine.root, address, world,
						 to == NULL ? ARCH_MAP_WRITE : ARCH_MAP_READ);

		if (ram == NULL) {
			return false;
		}
		if (to == NULL) {
			memcpy(ram, from, step);
			from += step;
		} else {
			memcpy(to, ram, step);
			to += step;
		}
		address += step;
		size -= step;
	}
	return true;
}

bool host_read(const struct arch_context *context, uint64_t address, enum world world, void *target,
	       size_t size)
{
	return copy(context, address, world, target, NULL, size);
}

bool host_write(const struct arch_context *context, uint64_t address, enum world world,
		const void *source, size_t size)
{
	return copy(context, address, world, NULL, source, size);
}
