/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Endpoints of the normal world: its hypervisor or only OS (ID 0), which is always there, and the VMs
 * that it makes known by giving them buffers or notifications. A VM is forgotten when it has neither.
 *
 * Records never move. A VM may be forgotten between vm_find() and the moment its record is locked, and
 * the record may be another's by then: what is in it names its owner (mailbox.owner, notif_set.id) and is
 * compared under the lock.
 */
#ifndef CORE_VM_H
#define CORE_VM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/endpoint.h"
#include "core/notif_set.h"

enum {
	VM_MAX = 128, /* with ID 0 */
	VM_MIN = 8, /* an EL2 with less memory still has these */
	VM_INDEX_SLOTS = 2 * VM_MAX,
};

struct vm {
	struct endpoint endpoint; /* first */
	uint64_t vcpu_pending[NOTIF_VCPU_MAX];
};

struct vm_table {
	struct lock
		lock; /* RANK_VM_TABLE; guards who is there, and every VM's buffers' addresses */
	struct vm *vms; /* [0]: ID 0 */
	unsigned count; /* records */
	uint64_t free[VM_MAX / 64]; /* bit n: record n is nobody's */

	/* ID and record, hashed with open addressing; written under the lock, read without. */
	_Atomic uint32_t index[VM_INDEX_SLOTS];
};

/**
 * Carves the records out of @arena, fewer when it has little room, and enters ID 0. Boot only.
 *
 * @board, @place  the first of the VMs' places on the notice board.
 *
 * Returns false when there is no room for VM_MIN of them.
 */
bool vm_table_init(struct vm_table *table, struct arena *arena, struct notif_board *board,
		   unsigned place);

/** The record of VM @id (0 included), or NULL. Constant time, without the lock. */
struct vm *vm_find(const struct vm_table *table, uint16_t id);

/** The record of VM @id, a new one if there is none yet; NULL: all are taken. */
struct vm *vm_enter(struct vm_table *table, uint16_t id) REQUIRES(table -> lock);

/** Forgets @vm if nothing keeps it. */
void vm_leave(struct vm_table *table, struct vm *vm) REQUIRES(table -> lock);

#endif
