/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of core/notif_set.c share: receivers on a notice board, and calls in one line. */
#ifndef TESTS_UNIT_CORE_NOTIF_FIXTURE_H
#define TESTS_UNIT_CORE_NOTIF_FIXTURE_H

#include "core/notif_set.h"

enum {
	RECEIVER = 0x8001, /* of the first set; the next one is the second's, and so on */
	SENDER = 0x8011,
	OTHER_SENDER = 0x8012,
	VM_SENDER = 3,
	SET_COUNT = 70, /* places on two words of the board */
	VCPU_COUNT = 8, /* of each receiver, unless a test says otherwise */
};

extern struct notif_board notice_board;
extern struct notif_set notif_sets[SET_COUNT];

/** All sets are new: without notifications. */
void sets_reset(void);

/** Set @n gives its receiver notifications of both classes. */
void enable_set(unsigned n, uint16_t vcpu_count);

/** All of the above with VCPU_COUNT vCPUs for the first set: most tests need no more. */
void one_receiver(void);

uint16_t receiver_of(unsigned n);

/* Of the first set, about the class that @sender belongs to. */
enum notif_result bind_ids(uint16_t sender, uint64_t ids, enum notif_kind kind);
enum notif_result unbind_ids(uint16_t sender, uint64_t ids);
enum notif_result signal_global(uint16_t sender, uint64_t ids);
enum notif_result signal_vcpu(uint16_t sender, uint64_t ids, uint16_t vcpu);

/** Set @n binds ID 0 globally and ID 1 per vCPU to SENDER. */
void bind_two(unsigned n);

/** ID 0 of set @n pends globally; ID 1 on @vcpu. */
void pend_global(unsigned n);
void pend_vcpu(unsigned n, uint16_t vcpu);

/** Everything that vCPU @vcpu of the first set would get is taken. */
struct notif_fetched fetch_from(uint16_t vcpu, unsigned what);

bool is_on_board(unsigned n);

#endif
