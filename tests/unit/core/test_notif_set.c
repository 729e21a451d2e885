/* SPDX-License-Identifier: BSD-3-Clause */
/* Bindings and pending notifications of one receiver. What the scheduler is told: test_notif_set_tell.c. */
#include "tests/unit/core/notif_fixture.h"
#include "tests/unit/unit.h"

#define ALL UINT64_MAX
#define HIGHEST (UINT64_C(1) << 63)

enum { EVERYTHING = 0xF }; /* enum notif_fetch */

/* ---- receivers without notifications ------------------------------------------------------------ */

/** Every call about @receiver, which has no notifications in the first set, says so. */
static void check_disabled(uint16_t receiver)
{
	struct notif_party party = { receiver, SENDER, NOTIF_FROM_PARTITIONS };
	struct notif_fetched fetched = { .framework = 1 };

	CHECK_EQUAL(notif_set_bind(&notif_sets[0], party, 1, NOTIF_GLOBAL), NOTIF_DISABLED);
	CHECK_EQUAL(notif_set_unbind(&notif_sets[0], party, 1), NOTIF_DISABLED);
	CHECK_EQUAL(notif_set_signal(&notif_sets[0], party, 1, NOTIF_GLOBAL, 0), NOTIF_DISABLED);
	CHECK_EQUAL(notif_set_fetch(&notif_sets[0], receiver, 0, EVERYTHING, &fetched),
		    NOTIF_DISABLED);
	CHECK_EQUAL(fetched.framework, 1); /* as it was */
	CHECK(!notif_set_serves(&notif_sets[0], receiver));
	CHECK(!notif_set_signal_framework(&notif_sets[0], receiver, NOTIF_RX_FULL));
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], receiver), NOTIF_DISABLED);
}

TEST(a_new_set_has_no_notifications)
{
	sets_reset();

	check_disabled(RECEIVER);
	check_disabled(0);
	CHECK(!notif_set_framework_pends(&notif_sets[0], ALL));
	CHECK(!notif_set_wants(&notif_sets[0], 0));
}

TEST(a_set_is_nothing_to_another_receiver_than_its_own)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 1), NOTIF_OK);

	CHECK(notif_set_serves(&notif_sets[0], RECEIVER));
	check_disabled(RECEIVER + 1);
	check_disabled(0);
	CHECK_EQUAL(fetch_from(0, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 1);
}

TEST(a_receiver_with_id_0_is_told_from_a_set_that_is_nobodys)
{
	uint64_t *const none[NOTIF_CLASS_COUNT] = { NULL, NULL };
	struct notif_party party = { 0, SENDER, NOTIF_FROM_PARTITIONS };

	sets_reset();
	CHECK_EQUAL(notif_set_bind(&notif_sets[0], party, 1, NOTIF_GLOBAL), NOTIF_DISABLED);
	notif_set_enable(&notif_sets[0], 0, 1, none);
	CHECK_EQUAL(notif_set_bind(&notif_sets[0], party, 1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], 0), NOTIF_OK);
	CHECK_EQUAL(notif_set_bind(&notif_sets[0], party, 1, NOTIF_GLOBAL), NOTIF_DISABLED);
}

TEST(disabling_unbinds_everything)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, ALL, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(bind_ids(VM_SENDER, ALL, NOTIF_GLOBAL), NOTIF_OK);

	CHECK_EQUAL(notif_set_disable(&notif_sets[0], RECEIVER), NOTIF_OK);
	check_disabled(RECEIVER);
	enable_set(0, VCPU_COUNT);
	CHECK_EQUAL(signal_vcpu(SENDER, 1, 0), NOTIF_NOT_BOUND);
	CHECK_EQUAL(bind_ids(OTHER_SENDER, ALL, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(VM_SENDER + 1, ALL, NOTIF_GLOBAL), NOTIF_OK);
}

TEST(a_set_with_something_pending_is_not_disabled)
{
	one_receiver();
	bind_two(0);

	pend_global(0);
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], RECEIVER), NOTIF_PENDING);
	(void)fetch_from(0, EVERYTHING);
	pend_vcpu(0, VCPU_COUNT - 1);
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], RECEIVER), NOTIF_PENDING);
	(void)fetch_from(VCPU_COUNT - 1, EVERYTHING);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_SPMC_RX_FULL));
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], RECEIVER), NOTIF_PENDING);
	(void)fetch_from(0, EVERYTHING);
	CHECK_EQUAL(notif_set_disable(&notif_sets[0], RECEIVER), NOTIF_OK);
}

TEST(a_receiver_that_is_gone_leaves_nothing_pending)
{
	one_receiver();
	bind_two(0);
	pend_global(0);
	pend_vcpu(0, 3);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_RX_FULL));

	notif_set_drop(&notif_sets[0]);
	check_disabled(RECEIVER);
	CHECK(!is_on_board(0));
	for (unsigned i = 0; i < NOTIF_VCPU_MAX; i++) {
		CHECK(!notif_set_wants(&notif_sets[0], i));
	}

	enable_set(0, VCPU_COUNT);
	CHECK_EQUAL(fetch_from(3, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0);
	CHECK(!notif_set_framework_pends(&notif_sets[0], NOTIF_RX_FULL));
}

/* ---- bindings ----------------------------------------------------------------------------------- */

TEST(a_bound_notification_is_not_free_for_anybody)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x6, NOTIF_GLOBAL), NOTIF_OK);

	CHECK_EQUAL(bind_ids(SENDER, 0x2, NOTIF_GLOBAL), NOTIF_NOT_FREE);
	CHECK_EQUAL(bind_ids(OTHER_SENDER, 0x4, NOTIF_GLOBAL), NOTIF_NOT_FREE);
	CHECK_EQUAL(bind_ids(OTHER_SENDER, 0x4, NOTIF_PER_VCPU), NOTIF_NOT_FREE);
}

TEST(all_are_bound_or_none)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, HIGHEST, NOTIF_GLOBAL), NOTIF_OK);

	CHECK_EQUAL(bind_ids(OTHER_SENDER, ALL, NOTIF_PER_VCPU), NOTIF_NOT_FREE);
	CHECK_EQUAL(unbind_ids(OTHER_SENDER, 1), NOTIF_NOT_BOUND);
	CHECK_EQUAL(signal_global(SENDER, HIGHEST), NOTIF_OK); /* its kind is the same */
	CHECK_EQUAL(bind_ids(OTHER_SENDER, ALL & ~HIGHEST, NOTIF_PER_VCPU), NOTIF_OK);
}

TEST(classes_of_senders_have_notifications_of_their_own)
{
	one_receiver();

	CHECK_EQUAL(bind_ids(SENDER, ALL, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(VM_SENDER, ALL, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x3), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(VM_SENDER, 0x5, 1), NOTIF_OK);
	CHECK_EQUAL(fetch_from(1, NOTIF_FETCH_VMS).of_class[NOTIF_FROM_VMS], 0x5);
	CHECK_EQUAL(fetch_from(1, NOTIF_FETCH_PARTITIONS).of_class[NOTIF_FROM_PARTITIONS], 0x3);
	CHECK_EQUAL(unbind_ids(VM_SENDER, ALL), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, HIGHEST), NOTIF_OK);
}

TEST(senders_0_and_0x7fff_are_senders_like_others)
{
	one_receiver();

	CHECK_EQUAL(signal_global(0, 1), NOTIF_NOT_BOUND);
	CHECK_EQUAL(bind_ids(0, 1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(0, 1, NOTIF_GLOBAL), NOTIF_NOT_FREE);
	CHECK_EQUAL(bind_ids(0x7FFF, 2, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_global(0, 2), NOTIF_NOT_BOUND);
	CHECK_EQUAL(signal_global(0x7FFF, 2), NOTIF_OK);
	CHECK_EQUAL(unbind_ids(0, 1), NOTIF_OK);
	CHECK_EQUAL(signal_global(0, 1), NOTIF_NOT_BOUND);
}

TEST(only_what_is_bound_to_the_sender_is_unbound_and_all_of_it_or_none)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x3, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(OTHER_SENDER, 0x4, NOTIF_GLOBAL), NOTIF_OK);

	CHECK_EQUAL(unbind_ids(SENDER, 0x8), NOTIF_NOT_BOUND);
	CHECK_EQUAL(unbind_ids(SENDER, 0x4), NOTIF_NOT_BOUND);
	CHECK_EQUAL(unbind_ids(SENDER, 0x7), NOTIF_NOT_BOUND);
	CHECK_EQUAL(signal_global(SENDER, 0x3), NOTIF_OK); /* they still are */
	(void)fetch_from(0, EVERYTHING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x1), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x1), NOTIF_NOT_BOUND);
	CHECK_EQUAL(signal_global(SENDER, 0x2), NOTIF_OK);
}

TEST(what_pends_is_not_unbound_on_whichever_vcpu)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(SENDER, 0x6, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x1), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x4, VCPU_COUNT - 1), NOTIF_OK);

	CHECK_EQUAL(unbind_ids(SENDER, 0x1), NOTIF_PENDING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x4), NOTIF_PENDING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x7), NOTIF_PENDING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x2), NOTIF_OK);
	(void)fetch_from(0, EVERYTHING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x1), NOTIF_OK);
	CHECK_EQUAL(unbind_ids(SENDER, 0x4), NOTIF_PENDING); /* vCPU 0 does not get it */
	(void)fetch_from(VCPU_COUNT - 1, EVERYTHING);
	CHECK_EQUAL(unbind_ids(SENDER, 0x4), NOTIF_OK);
}

TEST(a_notification_may_be_bound_again_as_another_kind)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 1, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(unbind_ids(SENDER, 1), NOTIF_OK);

	CHECK_EQUAL(bind_ids(OTHER_SENDER, 1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(OTHER_SENDER, 1, 0), NOTIF_OTHER_KIND);
	CHECK_EQUAL(signal_global(OTHER_SENDER, 1), NOTIF_OK);
}

/* ---- signals ------------------------------------------------------------------------------------ */

TEST(refused_signals_leave_nothing_pending)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(SENDER, 0x2, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(bind_ids(OTHER_SENDER, 0x4, NOTIF_GLOBAL), NOTIF_OK);

	CHECK_EQUAL(signal_global(SENDER, 0x5), NOTIF_NOT_BOUND); /* one is another's */
	CHECK_EQUAL(signal_global(SENDER, 0x9), NOTIF_NOT_BOUND); /* one is nobody's */
	CHECK_EQUAL(signal_global(SENDER, 0x3), NOTIF_OTHER_KIND);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x3, 0), NOTIF_OTHER_KIND);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x2, VCPU_COUNT), NOTIF_NO_VCPU);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x2, UINT16_MAX), NOTIF_NO_VCPU);
	for (uint16_t i = 0; i < VCPU_COUNT; i++) {
		CHECK(!notif_set_wants(&notif_sets[0], i));
		CHECK_EQUAL(fetch_from(i, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0);
	}
	CHECK(!is_on_board(0));
}

TEST(the_first_reason_of_a_refused_signal_counts)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);

	/* not bound, then of another kind, then no such vCPU */
	CHECK_EQUAL(signal_vcpu(SENDER, 0x3, VCPU_COUNT), NOTIF_NOT_BOUND);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x1, VCPU_COUNT), NOTIF_OTHER_KIND);
}

TEST(a_global_notification_is_had_by_any_vcpu_once)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, ALL, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, HIGHEST | 1), NOTIF_OK);

	for (unsigned i = 0; i < VCPU_COUNT; i++) {
		CHECK(notif_set_wants(&notif_sets[0], i));
	}
	CHECK_EQUAL(fetch_from(5, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], HIGHEST | 1);
	CHECK_EQUAL(fetch_from(0, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0);
	CHECK(!notif_set_wants(&notif_sets[0], 0));
}

TEST(a_notification_per_vcpu_is_had_by_its_vcpu_alone)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, ALL, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x1, 0), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(SENDER, HIGHEST, VCPU_COUNT - 1), NOTIF_OK);

	CHECK(notif_set_wants(&notif_sets[0], 0));
	CHECK(!notif_set_wants(&notif_sets[0], 1));
	CHECK(notif_set_wants(&notif_sets[0], VCPU_COUNT - 1));
	CHECK_EQUAL(fetch_from(1, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0);
	CHECK_EQUAL(fetch_from(VCPU_COUNT - 1, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS],
		    HIGHEST);
	CHECK_EQUAL(fetch_from(0, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0x1);
	CHECK(!notif_set_wants(&notif_sets[0], 0));
}

TEST(a_receiver_has_up_to_64_vcpus)
{
	sets_reset();
	enable_set(0, NOTIF_VCPU_MAX);
	CHECK_EQUAL(bind_ids(SENDER, ALL, NOTIF_PER_VCPU), NOTIF_OK);

	CHECK_EQUAL(signal_vcpu(SENDER, HIGHEST, NOTIF_VCPU_MAX), NOTIF_NO_VCPU);
	for (uint16_t i = 0; i < NOTIF_VCPU_MAX; i++) {
		CHECK_EQUAL(signal_vcpu(SENDER, UINT64_C(1) << i, i), NOTIF_OK);
	}
	for (uint16_t i = 0; i < NOTIF_VCPU_MAX; i++) {
		CHECK(notif_set_wants(&notif_sets[0], i));
		CHECK_EQUAL(fetch_from(i, EVERYTHING).of_class[0], UINT64_C(1) << i);
		CHECK(!notif_set_wants(&notif_sets[0], i));
	}
}

TEST(signals_before_a_fetch_add_up)
{
	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0xF, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(SENDER, 0xF0, NOTIF_PER_VCPU), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x3), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x6), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x10, 2), NOTIF_OK);
	CHECK_EQUAL(signal_vcpu(SENDER, 0x30, 2), NOTIF_OK);

	CHECK_EQUAL(fetch_from(2, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0x37);
}

/* ---- fetching ----------------------------------------------------------------------------------- */

TEST(only_the_bitmaps_that_were_asked_for_are_fetched)
{
	struct notif_fetched fetched;

	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(bind_ids(VM_SENDER, 0x2, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x1), NOTIF_OK);
	CHECK_EQUAL(signal_global(VM_SENDER, 0x2), NOTIF_OK);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_RX_FULL));

	fetched = fetch_from(0, 0);
	CHECK_EQUAL(fetched.of_class[0] | fetched.of_class[1] | fetched.framework, 0);
	fetched = fetch_from(0, NOTIF_FETCH_HYPERVISOR);
	CHECK_EQUAL(fetched.framework, NOTIF_HYPERVISOR_RX_FULL);
	CHECK_EQUAL(fetched.of_class[0] | fetched.of_class[1], 0);
	fetched = fetch_from(0, NOTIF_FETCH_PARTITIONS);
	CHECK_EQUAL(fetched.of_class[NOTIF_FROM_PARTITIONS], 0x1);
	CHECK_EQUAL(fetched.of_class[NOTIF_FROM_VMS] | fetched.framework, 0);
	CHECK(notif_set_wants(&notif_sets[0], 0));
	fetched = fetch_from(0, NOTIF_FETCH_VMS | NOTIF_FETCH_SPMC);
	CHECK_EQUAL(fetched.of_class[NOTIF_FROM_VMS], 0x2);
	CHECK_EQUAL(fetched.framework, NOTIF_SPMC_RX_FULL);
	CHECK(!notif_set_wants(&notif_sets[0], 0));
}

TEST(a_vcpu_that_is_not_there_fetches_nothing)
{
	struct notif_fetched fetched = { .framework = 1 };

	one_receiver();
	bind_two(0);
	pend_global(0);

	CHECK_EQUAL(notif_set_fetch(&notif_sets[0], RECEIVER, VCPU_COUNT, EVERYTHING, &fetched),
		    NOTIF_NO_VCPU);
	CHECK_EQUAL(fetched.framework, 1); /* as it was */
	CHECK_EQUAL(fetched.of_class[0], 0);
	CHECK_EQUAL(fetch_from(0, EVERYTHING).of_class[NOTIF_FROM_PARTITIONS], 0x1);
}

TEST(the_framework_needs_no_binding_and_any_vcpu_fetches_it)
{
	one_receiver();

	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_SPMC_RX_FULL));
	CHECK(notif_set_framework_pends(&notif_sets[0], NOTIF_SPMC_RX_FULL));
	CHECK(notif_set_framework_pends(&notif_sets[0], NOTIF_RX_FULL));
	CHECK(!notif_set_framework_pends(&notif_sets[0], NOTIF_HYPERVISOR_RX_FULL));
	CHECK(notif_set_wants(&notif_sets[0], 6));
	CHECK_EQUAL(fetch_from(6, EVERYTHING).framework, NOTIF_SPMC_RX_FULL);
	CHECK(!notif_set_framework_pends(&notif_sets[0], NOTIF_RX_FULL));
	CHECK(!notif_set_wants(&notif_sets[0], 6));
}
