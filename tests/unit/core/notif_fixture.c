/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/core/notif_fixture.h"

#include "arch/host/host.h"
#include "tests/unit/unit.h"

struct notif_board notice_board;
struct notif_set notif_sets[SET_COUNT];
static uint64_t words[SET_COUNT][NOTIF_CLASS_COUNT][NOTIF_VCPU_MAX];

void sets_reset(void)
{
	host_reset();
	memset(&notice_board, 0, sizeof(notice_board));
	memset(notif_sets, 0, sizeof(notif_sets));
	memset(words, 0x5A, sizeof(words)); /* whoever enables notifications clears them */
	for (unsigned i = 0; i < SET_COUNT; i++) {
		notif_set_init(&notif_sets[i], &notice_board, i);
	}
}

uint16_t receiver_of(unsigned n)
{
	return (uint16_t)(RECEIVER + n);
}

void enable_set(unsigned n, uint16_t vcpu_count)
{
	uint64_t *const of_classes[NOTIF_CLASS_COUNT] = { words[n][0], words[n][1] };

	notif_set_enable(&notif_sets[n], receiver_of(n), vcpu_count, of_classes);
}

void one_receiver(void)
{
	sets_reset();
	enable_set(0, VCPU_COUNT);
}

static struct notif_party party_of(unsigned n, uint16_t sender)
{
	return (struct notif_party){
		.receiver = receiver_of(n),
		.sender = sender,
		.class = sender < 0x8000 ? NOTIF_FROM_VMS : NOTIF_FROM_PARTITIONS,
	};
}

enum notif_result bind_ids(uint16_t sender, uint64_t ids, enum notif_kind kind)
{
	return notif_set_bind(&notif_sets[0], party_of(0, sender), ids, kind);
}

enum notif_result unbind_ids(uint16_t sender, uint64_t ids)
{
	return notif_set_unbind(&notif_sets[0], party_of(0, sender), ids);
}

enum notif_result signal_global(uint16_t sender, uint64_t ids)
{
	return notif_set_signal(&notif_sets[0], party_of(0, sender), ids, NOTIF_GLOBAL, 0);
}

enum notif_result signal_vcpu(uint16_t sender, uint64_t ids, uint16_t vcpu)
{
	return notif_set_signal(&notif_sets[0], party_of(0, sender), ids, NOTIF_PER_VCPU, vcpu);
}

void bind_two(unsigned n)
{
	CHECK_EQUAL(notif_set_bind(&notif_sets[n], party_of(n, SENDER), 0x1, NOTIF_GLOBAL),
		    NOTIF_OK);
	CHECK_EQUAL(notif_set_bind(&notif_sets[n], party_of(n, SENDER), 0x2, NOTIF_PER_VCPU),
		    NOTIF_OK);
}

void pend_global(unsigned n)
{
	CHECK_EQUAL(notif_set_signal(&notif_sets[n], party_of(n, SENDER), 0x1, NOTIF_GLOBAL, 0),
		    NOTIF_OK);
}

void pend_vcpu(unsigned n, uint16_t vcpu)
{
	CHECK_EQUAL(notif_set_signal(&notif_sets[n], party_of(n, SENDER), 0x2, NOTIF_PER_VCPU,
				     vcpu),
		    NOTIF_OK);
}

struct notif_fetched fetch_from(uint16_t vcpu, unsigned what)
{
	struct notif_fetched fetched;

	CHECK_EQUAL(notif_set_fetch(&notif_sets[0], RECEIVER, vcpu, what, &fetched), NOTIF_OK);
	return fetched;
}

bool is_on_board(unsigned n)
{
	return (notice_board.word[n / 64] >> n % 64 & 1) != 0;
}
