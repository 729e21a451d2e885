/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of normal-world endpoints. Records lie in an array; an index of hashed IDs leads to them and
 * can be read while it is written: an entry is one word, and entries that others may be looking past
 * are not emptied.
 * Locks: the caller holds RANK_VM_TABLE; RANK_TX, RANK_RX and RANK_NOTIF_SET of a record are taken to
 * see whether it is still needed.
 */
#include "core/vm.h"

#include "core/assert.h"

enum { WORD_BITS = 64 };

/* An entry: record + 1 in the high half, ID in the low one. */
#define ENTRY_EMPTY 0U
#define ENTRY_REMOVED UINT32_MAX
#define ENTRY(record, id) (((uint32_t)(record) + 1) << 16 | (id))
#define ENTRY_RECORD(entry) (((entry) >> 16) - 1)

static unsigned first_slot(uint16_t id)
{
	return (id * 0x9E37U >> 4) % VM_INDEX_SLOTS;
}

static uint32_t entry_at(const struct vm_table *table, unsigned slot)
{
	/* acquire: pairs with the release in set_entry() */
	return atomic_load_explicit(&table->index[slot], memory_order_acquire);
}

static void set_entry(struct vm_table *table, unsigned slot, uint32_t entry)
{
	/* release: the record is written before it can be found; pairs with entry_at() */
	atomic_store_explicit(&table->index[slot], entry, memory_order_release);
}

static void init_vm(struct vm *vm, struct notif_board *board, unsigned place)
{
	vm->endpoint.instance = INSTANCE_NS;
	mailbox_init(&vm->endpoint.mailbox);
	notif_set_init(&vm->endpoint.notifications, board, place);
}

static void mark_free(struct vm_table *table, unsigned record)
{
	table->free[record / WORD_BITS] |= UINT64_C(1) << record % WORD_BITS;
}

static void mark_used(struct vm_table *table, unsigned record)
{
	table->free[record / WORD_BITS] &= ~(UINT64_C(1) << record % WORD_BITS);
}

static bool is_free(const struct vm_table *table, unsigned record)
{
	return (table->free[record / WORD_BITS] >> record % WORD_BITS & 1) != 0;
}

bool vm_table_init(struct vm_table *table, struct arena *arena, struct notif_board *board,
		   unsigned place)
{
	lock_init(&table->lock, RANK_VM_TABLE);
	for (table->count = VM_MAX; table->count >= VM_MIN; table->count /= 2) {
		table->vms = arena_take(arena, table->count * sizeof(struct vm),
					_Alignof(struct vm));
		if (table->vms != NULL) {
			break;
		}
	}
	if (table->vms == NULL) {
		table->count = 0;
		return false;
	}
	for (unsigned i = 0; i < table->count; i++) {
		init_vm(&table->vms[i], board, place + i);
		mark_free(table, i);
	}
	mark_used(table, 0);
	set_entry(table, first_slot(0), ENTRY(0, 0));
	return true;
}

struct vm *vm_find(const struct vm_table *table, uint16_t id)
{
	unsigned slot = first_slot(id);

	for (unsigned i = 0; i < VM_INDEX_SLOTS; i++, slot = (slot + 1) % VM_INDEX_SLOTS) {
		uint32_t entry = entry_at(table, slot);

		if (entry == ENTRY_EMPTY) {
			return NULL;
		}
		if (entry != ENTRY_REMOVED && (uint16_t)entry == id) {
			return &table->vms[ENTRY_RECORD(entry)];
		}
	}
	return NULL;
}

/** The slot that holds @entry. It is there. */
static unsigned slot_of(const struct vm_table *table, uint32_t entry)
{
	unsigned slot = first_slot((uint16_t)entry);

	while (entry_at(table, slot) != entry) {
		slot = (slot + 1) % VM_INDEX_SLOTS;
	}
	return slot;
}

static void index_add(struct vm_table *table, uint16_t id, unsigned record)
{
	unsigned slot = first_slot(id);
	uint32_t entry = entry_at(table, slot);

	/* At most half of the slots hold records. */
	while (entry != ENTRY_EMPTY && entry != ENTRY_REMOVED) {
		slot = (slot + 1) % VM_INDEX_SLOTS;
		entry = entry_at(table, slot);
	}
	set_entry(table, slot, ENTRY(record, id));
}

/**
 * Empties what nobody looks past of the run of entries that ends before @end: walks back, with the number
 * of slots ahead that entries behind were not put into. @ring: no slot is empty, the walk goes round twice.
 */
static void empty_run(struct vm_table *table, unsigned end, bool ring)
{
	unsigned passed = 0;

	for (unsigned i = ring ? 0 : VM_INDEX_SLOTS; i < 2 * VM_INDEX_SLOTS; i++) {
		unsigned slot = (end + 2 * VM_INDEX_SLOTS - 1 - i) % VM_INDEX_SLOTS;
		uint32_t entry = entry_at(table, slot);
		unsigned own = 0;

		if (entry == ENTRY_EMPTY) {
			return;
		}
		if (entry != ENTRY_REMOVED) {
			own = (slot - first_slot((uint16_t)entry)) % VM_INDEX_SLOTS;
		} else if (passed == 0 && i >= VM_INDEX_SLOTS) {
			set_entry(table, slot, ENTRY_EMPTY);
		}
		passed = passed > own + 1 ? passed - 1 : own;
	}
}

/** Removes an entry, and all others that it alone kept from being emptied. */
static void index_remove(struct vm_table *table, uint16_t id, unsigned record)
{
	unsigned slot = slot_of(table, ENTRY(record, id));
	unsigned length = 0;

	set_entry(table, slot, ENTRY_REMOVED);
	while (length < VM_INDEX_SLOTS &&
	       entry_at(table, (slot + length) % VM_INDEX_SLOTS) != ENTRY_EMPTY) {
		length++;
	}
	empty_run(table, slot + length, length == VM_INDEX_SLOTS);
}

/**
 * See the header. The caller gives it buffers or notifications before it releases the lock, or calls
 * vm_leave().
 */
struct vm *vm_enter(struct vm_table *table, uint16_t id)
{
	struct vm *vm = vm_find(table, id);

	assert(table->vms != NULL);
	for (unsigned i = 0; vm == NULL && i < VM_MAX / WORD_BITS; i++) {
		if (table->free[i] != 0) {
			unsigned record = i * WORD_BITS + (unsigned)__builtin_ctzll(table->free[i]);

			vm = &table->vms[record];
			vm->endpoint.id = id;
			mark_used(table, record);
			index_add(table, id, record);
		}
	}
	return vm;
}

static bool has_mailbox(struct mailbox *mailbox)
{
	bool mapped;

	lock_acquire(&mailbox->rx_lock);
	mapped = mailbox_is_mapped(mailbox);
	lock_release(&mailbox->rx_lock);
	return mapped;
}

void vm_leave(struct vm_table *table, struct vm *vm)
{
	unsigned record = (unsigned)(vm - table->vms);

	if (record == 0 || is_free(table, record) || has_mailbox(&vm->endpoint.mailbox) ||
	    notif_set_is_enabled(&vm->endpoint.notifications)) {
		return;
	}
	index_remove(table, vm->endpoint.id, record);
	mark_free(table, record);
}
