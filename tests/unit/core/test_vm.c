/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of the normal world's endpoints: who is there, records that are used again, the index. */
#include "core/vm.h"

#include <pthread.h>

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	FIRST_PLACE = 64, /* of the VMs on the notice board */
	ID_LAST = 0x7FFF,
	CHURN_STEPS = 20000,
	CHURN_IDS = 2 * VM_MAX, /* more than there are records */
	FIND_ROUNDS = 200000,
};

static _Alignas(4096) uint8_t memory[VM_MAX * sizeof(struct vm) + 4096];
static struct arena arena;
static struct notif_board notice_board;
static struct vm_table table;

static bool init_with_room(size_t size)
{
	host_reset();
	memset(&arena, 0, sizeof(arena));
	memset(&table, 0, sizeof(table));
	memset(&notice_board, 0, sizeof(notice_board));
	arena_add(&arena, memory, size);
	return vm_table_init(&table, &arena, &notice_board, FIRST_PLACE);
}

static void new_table(void)
{
	CHECK(init_with_room(sizeof(memory)));
	CHECK_EQUAL(table.count, VM_MAX);
}

/** Enters @id and lets it have buffers, so that it stays; NULL: no record. */
static struct vm *enter(uint16_t id)
{
	struct vm *vm;

	lock_acquire(&table.lock);
	vm = vm_enter(&table, id);
	if (vm != NULL) {
		vm->endpoint.mailbox.mapped = true;
	}
	lock_release(&table.lock);
	return vm;
}

static void leave(struct vm *vm)
{
	lock_acquire(&table.lock);
	vm_leave(&table, vm);
	lock_release(&table.lock);
}

/** @id gives its buffers up and is forgotten. */
static void forget(uint16_t id)
{
	struct vm *vm = vm_find(&table, id);

	CHECK(vm != NULL);
	if (vm != NULL) {
		vm->endpoint.mailbox.mapped = false;
		leave(vm);
	}
	CHECK(vm_find(&table, id) == NULL);
}

/** IDs spread over all that there are. */
static uint16_t spread_id(unsigned n)
{
	return (uint16_t)(n * 257 % ID_LAST + 1);
}

/* ---- who is there ------------------------------------------------------------------------------- */

TEST(id_0_is_always_there)
{
	struct vm *vm;

	new_table();
	vm = vm_find(&table, 0);
	CHECK(vm == &table.vms[0]);
	CHECK_EQUAL(vm->endpoint.id, 0);

	lock_acquire(&table.lock);
	CHECK(vm_enter(&table, 0) == vm);
	lock_release(&table.lock);
	leave(vm);
	CHECK(vm_find(&table, 0) == vm);
}

TEST(a_vm_is_there_from_being_entered_until_it_leaves)
{
	struct vm *vm;

	new_table();
	CHECK(vm_find(&table, 1) == NULL);
	vm = enter(1);
	CHECK(vm != NULL && vm != &table.vms[0]);
	CHECK_EQUAL(vm->endpoint.id, 1);
	CHECK_EQUAL(vm->endpoint.instance, INSTANCE_NS);
	CHECK(vm_find(&table, 1) == vm);
	CHECK(vm_find(&table, 2) == NULL);

	forget(1);
	CHECK(vm_find(&table, 0) == &table.vms[0]);
}

TEST(a_vm_that_is_there_is_entered_as_the_same)
{
	struct vm *vm;

	new_table();
	vm = enter(ID_LAST);
	CHECK(enter(ID_LAST) == vm);
	forget(ID_LAST);
}

TEST(buffers_keep_a_vm)
{
	struct vm *vm;

	new_table();
	vm = enter(5);
	leave(vm);
	CHECK(vm_find(&table, 5) == vm);
	vm->endpoint.mailbox.mapped = false;
	leave(vm);
	CHECK(vm_find(&table, 5) == NULL);
}

TEST(notifications_keep_a_vm)
{
	uint64_t *const words[NOTIF_CLASS_COUNT] = { NULL, NULL };
	struct vm *vm;

	new_table();
	vm = enter(5);
	notif_set_enable(&vm->endpoint.notifications, 5, 1, words);
	vm->endpoint.mailbox.mapped = false;
	leave(vm);
	CHECK(vm_find(&table, 5) == vm);
	CHECK_EQUAL(notif_set_disable(&vm->endpoint.notifications, 5), NOTIF_OK);
	leave(vm);
	CHECK(vm_find(&table, 5) == NULL);
}

TEST(leaving_twice_is_leaving_once)
{
	struct vm *vm;

	new_table();
	vm = enter(5);
	vm->endpoint.mailbox.mapped = false;
	leave(vm);
	leave(vm);
	CHECK(enter(6) != NULL);
	CHECK(enter(7) != NULL);
	CHECK(vm_find(&table, 6) != vm_find(&table, 7));
}

/* ---- records ------------------------------------------------------------------------------------ */

TEST(each_vm_has_a_record_and_a_place_of_its_own)
{
	new_table();
	for (unsigned i = 1; i < VM_MAX; i++) {
		CHECK(enter(spread_id(i)) != NULL);
	}
	for (unsigned i = 0; i < VM_MAX; i++) {
		const struct notif_set *set = &table.vms[i].endpoint.notifications;

		CHECK(set->board == &notice_board.word[(FIRST_PLACE + i) / 64]);
		CHECK_EQUAL(set->place, UINT64_C(1) << (FIRST_PLACE + i) % 64);
		CHECK(vm_find(&table, table.vms[i].endpoint.id) == &table.vms[i]);
	}
}

TEST(when_all_records_are_taken_nobody_enters_but_who_is_there)
{
	new_table();
	for (unsigned i = 1; i < VM_MAX; i++) {
		CHECK(enter(spread_id(i)) != NULL);
	}

	CHECK(enter(spread_id(VM_MAX)) == NULL);
	CHECK(vm_find(&table, spread_id(VM_MAX)) == NULL);
	CHECK(enter(spread_id(VM_MAX - 1)) == vm_find(&table, spread_id(VM_MAX - 1)));
	CHECK(enter(0) == &table.vms[0]);
}

TEST(the_record_of_who_left_is_for_the_next_one)
{
	struct vm *vm;

	new_table();
	for (unsigned i = 1; i < VM_MAX; i++) {
		CHECK(enter(spread_id(i)) != NULL);
	}
	vm = vm_find(&table, spread_id(77));
	forget(spread_id(77));

	CHECK(enter(spread_id(VM_MAX)) == vm);
	CHECK_EQUAL(vm->endpoint.id, spread_id(VM_MAX));
	CHECK(vm_find(&table, spread_id(77)) == NULL);
	CHECK(enter(spread_id(77)) == NULL);
}

TEST(with_little_room_there_are_fewer_records)
{
	CHECK(init_with_room(100 * sizeof(struct vm)));
	CHECK_EQUAL(table.count, VM_MAX / 2);
	for (unsigned i = 1; i < table.count; i++) {
		CHECK(enter(spread_id(i)) != NULL);
	}
	CHECK(enter(spread_id(table.count)) == NULL);

	CHECK(init_with_room(VM_MIN * sizeof(struct vm)));
	CHECK_EQUAL(table.count, VM_MIN);
}

TEST(without_room_for_the_fewest_there_is_no_table)
{
	CHECK(!init_with_room(VM_MIN * sizeof(struct vm) - 1));
	CHECK_EQUAL(table.count, 0);
}

/* ---- the index ---------------------------------------------------------------------------------- */

static unsigned empty_slots(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < VM_INDEX_SLOTS; i++) {
		count += table.index[i] == 0 ? 1 : 0;
	}
	return count;
}

TEST(each_of_all_ids_can_be_found_alone)
{
	new_table();
	for (uint16_t id = 1; id <= ID_LAST; id++) {
		struct vm *vm = enter(id);

		CHECK(vm != NULL && vm_find(&table, id) == vm);
		CHECK(vm_find(&table, id - 1) == (id == 1 ? &table.vms[0] : NULL));
		forget(id);
	}
	CHECK_EQUAL(empty_slots(), VM_INDEX_SLOTS - 1); /* nothing is left but ID 0 */
}

/** Compares the table with @there, by ID; @shift makes IDs collide or spread. */
static void check_index(const bool *there, unsigned shift)
{
	for (unsigned n = 1; n < CHURN_IDS; n++) {
		const struct vm *vm = vm_find(&table, (uint16_t)(n << shift));

		CHECK_EQUAL(vm != NULL, there[n]);
		CHECK(vm == NULL || vm->endpoint.id == n << shift);
	}
}

/** Random comings and goings; those there are found, and nobody else. */
static void churn(unsigned shift, unsigned most)
{
	bool there[CHURN_IDS] = { false };
	uint64_t random = shift + 1;
	unsigned count = 0;

	new_table();
	for (unsigned i = 0; i < CHURN_STEPS; i++) {
		unsigned n;

		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		n = (random >> 33) % (CHURN_IDS - 1) + 1;
		if (there[n]) {
			forget((uint16_t)(n << shift));
			there[n] = false;
			count--;
		} else if (count < most) {
			CHECK_EQUAL(enter((uint16_t)(n << shift)) != NULL, count < VM_MAX - 1);
			there[n] = count < VM_MAX - 1;
			count += there[n] ? 1 : 0;
		}
		if (i % 64 == 0) {
			check_index(there, shift);
		}
	}
	check_index(there, shift);
	for (unsigned n = 1; n < CHURN_IDS; n++) {
		if (there[n]) {
			forget((uint16_t)(n << shift));
		}
	}
	CHECK_EQUAL(empty_slots(), VM_INDEX_SLOTS - 1);
}

TEST(comings_and_goings_of_neighbours_leave_the_others_where_they_are)
{
	churn(0, VM_MAX + 1);
}

TEST(comings_and_goings_of_ids_that_are_far_apart_do_as_well)
{
	churn(7, VM_MAX + 1);
}

TEST(few_vms_that_come_and_go_do_as_well)
{
	churn(4, 5);
}

TEST(vms_of_which_there_are_two_at_a_time_leave_nothing_behind)
{
	new_table();
	for (uint16_t id = 1; id < ID_LAST; id++) {
		CHECK(enter(id) != NULL);
		CHECK(enter((uint16_t)(id + 1)) != NULL);
		forget(id);
	}
	forget(ID_LAST);
	CHECK_EQUAL(empty_slots(), VM_INDEX_SLOTS - 1);
}

/* Some IDs that are looked for from each slot on. */
static uint16_t ids_for_slot[VM_INDEX_SLOTS][2];

static void learn_ids(void)
{
	new_table();
	table.index[0] = 0; /* nobody is there */
	for (uint16_t id = ID_LAST; id > 0; id--) {
		unsigned at = 0;

		CHECK(enter(id) != NULL);
		while (table.index[at] == 0) {
			at++;
		}
		ids_for_slot[at][1] = ids_for_slot[at][0];
		ids_for_slot[at][0] = id;
		forget(id);
	}
}

static uint16_t id_for_slot(unsigned slot, unsigned n)
{
	return ids_for_slot[slot][n];
}

static void fill_slots(unsigned first, unsigned last)
{
	for (unsigned slot = first; slot <= last; slot++) {
		CHECK(enter(id_for_slot(slot, 0)) != NULL);
	}
}

static void clear_slots(unsigned first, unsigned last)
{
	for (unsigned slot = first; slot <= last; slot++) {
		forget(id_for_slot(slot, 0));
	}
}

/** Three VMs that are found behind those that have left: no slot is empty any more. */
static void full_ring(void)
{
	learn_ids();
	new_table(); /* ID 0 is in slot 0 */
	fill_slots(1, 126);
	CHECK(enter(id_for_slot(1, 1)) != NULL); /* into 127 */
	clear_slots(1, 126);
	fill_slots(128, 252);
	CHECK(enter(id_for_slot(128, 1)) != NULL); /* into 253 */
	clear_slots(128, 252);
	fill_slots(254, 255);
	CHECK(enter(id_for_slot(254, 1)) != NULL); /* into 1 */
	clear_slots(254, 255);
	CHECK_EQUAL(empty_slots(), 0);
}

TEST(an_index_without_an_empty_slot_finds_and_takes_vms_and_heals)
{
	full_ring();

	CHECK(vm_find(&table, id_for_slot(1, 1)) != NULL);
	CHECK(vm_find(&table, id_for_slot(128, 1)) != NULL);
	CHECK(vm_find(&table, id_for_slot(254, 1)) != NULL);
	CHECK(vm_find(&table, id_for_slot(30, 0)) == NULL);
	CHECK(enter(id_for_slot(30, 0)) != NULL);

	forget(id_for_slot(1, 1));
	CHECK_EQUAL(empty_slots(), 127 - 2); /* 2-127 without the one just entered */
	CHECK(vm_find(&table, id_for_slot(30, 0)) != NULL);
	CHECK(vm_find(&table, id_for_slot(254, 1)) != NULL);
	forget(id_for_slot(254, 1));
	forget(id_for_slot(30, 0));
	forget(id_for_slot(128, 1));
	CHECK_EQUAL(empty_slots(), VM_INDEX_SLOTS - 1);
}

/* ---- finding while others come and go ------------------------------------------------------------ */

static _Atomic bool churning;

static void *find_those_who_stay(void *pe)
{
	uintptr_t lost = 0;

	host_pe_enter(pe);
	for (unsigned i = 0; i < FIND_ROUNDS || churning; i++) {
		const struct vm *vm = vm_find(&table, spread_id(i % 8 + 1));

		lost += vm == NULL || vm->endpoint.id != spread_id(i % 8 + 1) ? 1 : 0;
		lost += vm_find(&table, 0) != &table.vms[0] ? 1 : 0;
	}
	return (void *)lost;
}

TEST(who_stays_is_found_while_others_come_and_go)
{
	struct arch_pe pes[2] = { { .index = 0 }, { .index = 1 } };
	pthread_t finder;
	void *lost;

	new_table();
	host_pe_enter(&pes[0]);
	for (unsigned i = 9; i < 40; i++) { /* in the way of those who stay */
		CHECK(enter(spread_id(i)) != NULL);
	}
	for (unsigned i = 1; i <= 8; i++) {
		CHECK(enter(spread_id(i)) != NULL);
	}
	churning = true;
	CHECK_EQUAL(pthread_create(&finder, NULL, find_those_who_stay, &pes[1]), 0);
	for (unsigned i = 0; i < FIND_ROUNDS; i++) {
		unsigned n = 9 + i % 31;

		forget(spread_id(n));
		CHECK(enter(spread_id(n)) != NULL);
	}
	churning = false;
	CHECK_EQUAL(pthread_join(finder, &lost), 0);
	CHECK(lost == NULL);
}
