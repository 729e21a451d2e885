/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications (DEN0077A, "Notifications"): who may have, bind, set and get them, between partitions of all
 * versions and both exception levels, VMs and the OS. What the scheduler is told: notification_info.c, sri.c.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define SOME BIT64(2) | BIT64(32) | BIT64(63)
#define GLOBAL 0U
#define NOBODY 0x8020U
#define LP 0xFFC0U

/* ---- bitmaps of VMs --------------------------------------------------------------------------------- */

MESSAGES_TEST(a_vm_gets_its_bitmaps_once_and_gives_them_up_once)
{
	CHECK_ERROR(FFA(CREATE(0x8001, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(CREATE(0x10001, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(CREATE(1, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(CREATE(1, 0x10001)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(DESTROY(1)), FFA_DENIED);
	CHECK_ERROR(FFA(DESTROY(M_MP)), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_ERROR(FFA(CREATE(1, 1)), FFA_DENIED);
	CHECK_ERROR(FFA(CREATE(1, 2)), FFA_DENIED);
	CHECK_SUCCESS(FFA(CREATE(OS, 8)));
	CHECK_SUCCESS(FFA(CREATE(0x7FFF, 1)));
	CHECK_SUCCESS(FFA(DESTROY(0x7FFF)));
	CHECK_SUCCESS(FFA(DESTROY(OS)));
	CHECK_SUCCESS(FFA(DESTROY(1)));
	CHECK_ERROR(FFA(DESTROY(1)), FFA_DENIED);
}

MESSAGES_TEST(bitmaps_with_something_pending_stay)
{
	CHECK_SUCCESS(FFA(CREATE(1, 2)));
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, GLOBAL, BIT64(0))));
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, FFA_NOTIFICATION_PER_VCPU, BIT64(1))));
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, 1, GLOBAL, BIT64(0))));
	CHECK_ERROR(FFA(DESTROY(1)), FFA_DENIED);
	CHECK_FETCHED(FFA(GET(1, 0, FFA_NOTIFICATION_FROM_PARTITIONS)),
		      .from_partitions = BIT64(0));
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, 1, SET_ON(1), BIT64(1))));
	CHECK_ERROR(FFA(DESTROY(1)), FFA_DENIED);
	CHECK_FETCHED(FFA(GET(1, 1, FFA_NOTIFICATION_FROM_PARTITIONS)),
		      .from_partitions = BIT64(1));
	/* Bindings end with it. */
	CHECK_SUCCESS(FFA(DESTROY(1)));
	CHECK_ERROR(BY(M_MP, SET(M_MP, 1, GLOBAL, BIT64(0))), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_ERROR(BY(M_MP, SET(M_MP, 1, GLOBAL, BIT64(0))), FFA_DENIED);
	CHECK_SUCCESS(FFA(DESTROY(1)));
}

MESSAGES_TEST(partitions_may_not_make_calls_of_the_scheduler)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;

		CHECK_ERROR(BY(id, CREATE(1, 1)), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(id, DESTROY(1)), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(id, FFA_NOTIFICATION_INFO_GET_64), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(id, FFA_NOTIFICATION_INFO_GET_32), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(id, FFA_RX_ACQUIRE_32, 1), FFA_NOT_SUPPORTED);
	}
}

/* ---- the four calls between partitions ---------------------------------------------------------------- */

/** One notification and back, and what may not happen on the way. */
static void check_pair(uint16_t sender, uint16_t receiver)
{
	CHECK_ERROR(BY(sender, SET(sender, receiver, GLOBAL, SOME)), FFA_DENIED);
	CHECK_SUCCESS(BY(receiver, BIND(sender, receiver, GLOBAL, SOME)));
	CHECK_ERROR(BY(receiver, BIND(sender, receiver, GLOBAL, BIT64(32))), FFA_DENIED);
	CHECK_FETCHED(BY(receiver, GET(receiver, 0, FFA_NOTIFICATION_ALL)), 0);
	CHECK_SUCCESS(BY(sender, SET(sender, receiver, GLOBAL, BIT64(63))));
	CHECK_SUCCESS(BY(sender, SET(sender, receiver, FFA_NOTIFICATION_DELAY_SRI, BIT64(2))));
	CHECK_ERROR(BY(sender, SET(sender, receiver, GLOBAL, BIT64(1))), FFA_DENIED);
	CHECK_ERROR(BY(sender, SET(sender, receiver, GLOBAL, SOME | BIT64(1))), FFA_DENIED);
	CHECK_ERROR(BY(receiver, UNBIND(sender, receiver, BIT64(2))), FFA_DENIED);
	CHECK_FETCHED(BY(receiver, GET(receiver, 0, FFA_NOTIFICATION_FROM_VMS)), 0);
	CHECK_FETCHED(BY(receiver, GET(receiver, 0, FFA_NOTIFICATION_FROM_PARTITIONS)),
		      .from_partitions = BIT64(2) | BIT64(63));
	CHECK_FETCHED(BY(receiver, GET(receiver, 0, FFA_NOTIFICATION_ALL)), 0);
	CHECK_ERROR(BY(receiver, UNBIND(sender, receiver, SOME | BIT64(3))), FFA_DENIED);
	CHECK_SUCCESS(BY(receiver, UNBIND(sender, receiver, SOME)));
	CHECK_ERROR(BY(receiver, UNBIND(sender, receiver, SOME)), FFA_DENIED);
	CHECK_ERROR(BY(sender, SET(sender, receiver, GLOBAL, BIT64(2))), FFA_DENIED);
	CHECK_NO_NEWS();
}

static void check_pairs_here(void *unused)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		for (unsigned k = 0; k < NOTIFIED_COUNT; k++) {
			if (i != k) {
				check_pair(notified[i], notified[k]);
			}
		}
	}
}

MESSAGES_TEST(partitions_of_all_versions_notify_each_other_on_every_pe)
{
	on_each_pe(check_pairs_here, NULL);
}

static void check_senders_here(void *unused)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		uint16_t id = notified[i];

		for (uint16_t vm = 0; vm < 3; vm++) {
			CHECK_SUCCESS(BY(id, BIND(vm, id, GLOBAL, BIT64(vm))));
			CHECK_SUCCESS(FFA(SET(vm, id, GLOBAL, BIT64(vm))));
		}
		CHECK_ERROR(FFA(SET(1, id, GLOBAL, BIT64(2))), FFA_DENIED);
		CHECK_ERROR(FFA(SET(3, id, GLOBAL, BIT64(0))), FFA_DENIED);
		CHECK_FETCHED(BY(id, GET(id, 0, FFA_NOTIFICATION_FROM_PARTITIONS)), 0);
		CHECK_FETCHED(BY(id, GET(id, 0, FFA_NOTIFICATION_FROM_VMS)), .from_vms = 7);
		for (uint16_t vm = 0; vm < 3; vm++) {
			CHECK_SUCCESS(BY(id, UNBIND(vm, id, BIT64(vm))));
		}
	}
}

MESSAGES_TEST(the_normal_world_notifies_partitions_for_its_vms)
{
	on_each_pe(check_senders_here, NULL);
}

static void check_receivers_here(void *unused)
{
	for (uint16_t vm = 0; vm < 3; vm++) {
		CHECK_SUCCESS(FFA(CREATE(vm, 4)));
		for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
			CHECK_SUCCESS(FFA(BIND(notified[i], vm, GLOBAL, BIT64(i + 30))));
		}
		for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
			CHECK_SUCCESS(BY(notified[i], SET(notified[i], vm, GLOBAL, BIT64(i + 30))));
			CHECK_ERROR(BY(notified[i], SET(notified[i], vm, GLOBAL, BIT64(29))),
				    FFA_DENIED);
		}
		CHECK_FETCHED(FFA(GET(vm, 3, FFA_NOTIFICATION_FROM_PARTITIONS)),
			      .from_partitions = (BIT64(NOTIFIED_COUNT) - 1) << 30);
		CHECK_FETCHED(
			FFA(GET(vm, 0,
				FFA_NOTIFICATION_FROM_PARTITIONS | FFA_NOTIFICATION_FROM_SPMC)),
			0);
		CHECK_SUCCESS(FFA(DESTROY(vm)));
	}
}

MESSAGES_TEST(partitions_of_all_versions_notify_vms)
{
	on_each_pe(check_receivers_here, NULL);
}

MESSAGES_TEST(a_partition_without_notifications_signals_those_who_have_them)
{
	CHECK_SUCCESS(BY(M_MP, BIND(M_PLAIN, M_MP, GLOBAL, BIT64(7))));
	CHECK_SUCCESS(BY(M_PLAIN, SET(M_PLAIN, M_MP, GLOBAL, BIT64(7))));
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, FFA_NOTIFICATION_ALL)), .from_partitions = BIT64(7));
	CHECK_SUCCESS(BY(M_MP, UNBIND(M_PLAIN, M_MP, BIT64(7))));
}

MESSAGES_TEST(who_has_no_notifications_gets_none)
{
	CHECK_ERROR(BY(M_PLAIN, BIND(M_MP, M_PLAIN, GLOBAL, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_PLAIN, UNBIND(M_MP, M_PLAIN, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_PLAIN, GET(M_PLAIN, 0, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_MP, SET(M_MP, M_PLAIN, GLOBAL, 1)), FFA_DENIED);
	CHECK_ERROR(FFA(SET(1, M_PLAIN, GLOBAL, 1)), FFA_DENIED);
	/* Of 1.0, whatever its manifest says. */
	CHECK_ERROR(BY(M_OLD, BIND(M_MP, M_OLD, GLOBAL, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_OLD, UNBIND(M_MP, M_OLD, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_OLD, SET(M_OLD, M_MP, GLOBAL, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_OLD, GET(M_OLD, 0, 1)), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(M_MP, SET(M_MP, M_OLD, GLOBAL, 1)), FFA_DENIED);
	CHECK_ERROR(FFA(SET(1, M_OLD, GLOBAL, 1)), FFA_DENIED);
	/* VMs without bitmaps are not known. */
	CHECK_ERROR(FFA(BIND(M_MP, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(UNBIND(M_MP, 1, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(1, 0, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(M_MP, SET(M_MP, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(OS, 0, 1)), FFA_INVALID_PARAMETERS);
}

/* ---- what makes no sense -------------------------------------------------------------------------------- */

static void check_binding_errors(uint16_t id)
{
	uint16_t other = id == M_MP ? M_UP11 : M_MP;

	CHECK_ERROR(BY(id, BIND(other, id, 2, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(other, id, GLOBAL, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(id, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(id, other, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(other, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(NOBODY, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(SPMC_ID, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, BIND(LP, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_NOTIFICATION_UNBIND_32, FFA_ENDPOINTS(other, id), 1, 1),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, UNBIND(other, id, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, UNBIND(id, other, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, UNBIND(LP, id, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, UNBIND(other, id, 1)), FFA_DENIED);
}

static void check_other_errors(uint16_t id)
{
	uint16_t other = id == M_MP ? M_UP11 : M_MP;
	unsigned contexts = subject_of(id)->context_count;

	CHECK_ERROR(BY(id, SET(id, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(other, id, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, other, GLOBAL, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, other, 4, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, other, 0x8000, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, other, FFA_NOTIFICATION_VCPU(1), 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, NOBODY, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, 5, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, SET(id, LP, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, GET(other, 0, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, GET(1, 0, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, GET(id, contexts, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, GET(id, 0xFFFF, 1)), FFA_INVALID_PARAMETERS);
	CHECK_FETCHED(BY(id, GET(id, contexts - 1, 0)), 0);
	if (subject_of(id)->version < FFA_VERSION_1_2) {
		CHECK_ERROR(BY(id, GET(id, 0, 0x11)), FFA_INVALID_PARAMETERS);
	} else {
		CHECK_FETCHED(BY(id, GET(id, 0, 0x11)), 0); /* ignored in later texts */
	}
}

MESSAGES_TEST(partitions_are_refused_what_makes_no_sense)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		check_binding_errors(notified[i]);
		check_other_errors(notified[i]);
	}
}

MESSAGES_TEST(the_normal_world_is_refused_what_makes_no_sense)
{
	CHECK_SUCCESS(FFA(CREATE(1, 2)));
	CHECK_SUCCESS(FFA(CREATE(2, 2)));
	CHECK_ERROR(FFA(BIND(M_MP, 1, 2, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(BIND(M_MP, 1, GLOBAL, 0)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(BIND(2, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS); /* VM to VM */
	CHECK_ERROR(FFA(BIND(M_MP, M_UP11, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(BIND(1, M_MP, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(BIND(NOBODY, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(BIND(LP, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_UNBIND_32, FFA_ENDPOINTS(M_MP, 1), 1, 1),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(UNBIND(M_MP, 1, 1)), FFA_DENIED);
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, GLOBAL, 1)));
	CHECK_ERROR(FFA(BIND(M_UP11, 1, GLOBAL, 1)), FFA_DENIED);
	CHECK_ERROR(FFA(BIND(M_MP, 1, GLOBAL, 3)), FFA_DENIED);
	CHECK_ERROR(FFA(UNBIND(M_UP11, 1, 1)), FFA_DENIED);
	CHECK_ERROR(FFA(SET(M_MP, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(SET(2, 1, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(SET(M_UP11, M_MP, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(SET(1, M_MP, FFA_NOTIFICATION_DELAY_SRI, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(SET(1, NOBODY, GLOBAL, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(M_MP, 0, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(1, 2, 1)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(1, 0, FFA_NOTIFICATION_FROM_VMS)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(GET(1, 0, FFA_NOTIFICATION_FROM_HYPERVISOR)), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(DESTROY(1)));
	CHECK_SUCCESS(FFA(DESTROY(2)));
}

/* ---- kinds and classes ---------------------------------------------------------------------------------- */

MESSAGES_TEST(notifications_of_a_vcpu_are_fetched_for_it_alone)
{
	CHECK_SUCCESS(BY(M_MP, BIND(M_UP11, M_MP, FFA_NOTIFICATION_PER_VCPU, 0xF0)));
	CHECK_SUCCESS(BY(M_MP, BIND(M_UP11, M_MP, GLOBAL, 0x0F)));
	CHECK_SUCCESS(BY(M_UP11, SET(M_UP11, M_MP, SET_ON(0), 0x10)));
	CHECK_SUCCESS(BY(M_UP11, SET(M_UP11, M_MP, SET_ON(3), 0x30)));
	CHECK_SUCCESS(BY(M_UP11, SET(M_UP11, M_MP, SET_ON(7), 0x80)));
	CHECK_SUCCESS(BY(M_UP11, SET(M_UP11, M_MP, GLOBAL, 0x02)));
	CHECK_ERROR(BY(M_UP11, SET(M_UP11, M_MP, SET_ON(8), 0x80)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(M_UP11, SET(M_UP11, M_MP, SET_ON(0), 0x01)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(M_UP11, SET(M_UP11, M_MP, GLOBAL, 0x10)), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(M_MP, UNBIND(M_UP11, M_MP, 0x20)), FFA_DENIED);
	/* Any of its contexts may ask for any of them. */
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 3, 1)), .from_partitions = 0x32);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 3, 1)), 0);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 1, 1)), 0);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, 1)), .from_partitions = 0x10);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 7, 1)), .from_partitions = 0x80);
	CHECK_SUCCESS(BY(M_MP, UNBIND(M_UP11, M_MP, 0xFF)));
}

MESSAGES_TEST(notifications_of_a_vms_vcpu_are_fetched_for_it_alone)
{
	CHECK_SUCCESS(FFA(CREATE(9, 3)));
	CHECK_SUCCESS(FFA(BIND(M_EL0, 9, FFA_NOTIFICATION_PER_VCPU, 6)));
	CHECK_SUCCESS(BY(M_EL0, SET(M_EL0, 9, SET_ON(2), 4)));
	CHECK_SUCCESS(BY(M_EL0, SET(M_EL0, 9, SET_ON(0), 2)));
	CHECK_ERROR(BY(M_EL0, SET(M_EL0, 9, SET_ON(3), 2)), FFA_INVALID_PARAMETERS);
	CHECK_FETCHED(FFA(GET(9, 1, 1)), 0);
	CHECK_FETCHED(FFA(GET(9, 2, 1)), .from_partitions = 4);
	CHECK_FETCHED(FFA(GET(9, 0, 1)), .from_partitions = 2);
	CHECK_SUCCESS(FFA(DESTROY(9)));
}

MESSAGES_TEST(the_same_number_is_another_notification_in_each_class)
{
	CHECK_SUCCESS(BY(M_UP13, BIND(M_MP, M_UP13, GLOBAL, 1)));
	CHECK_SUCCESS(BY(M_UP13, BIND(4, M_UP13, FFA_NOTIFICATION_PER_VCPU, 1)));
	CHECK_SUCCESS(FFA(SET(4, M_UP13, SET_ON(0), 1)));
	CHECK_SUCCESS(BY(M_UP13, UNBIND(M_MP, M_UP13, 1)));
	CHECK_SUCCESS(BY(M_UP13, BIND(M_MP, M_UP13, GLOBAL, 1)));
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_UP13, GLOBAL, 1)));
	CHECK_FETCHED(BY(M_UP13, GET(M_UP13, 0, FFA_NOTIFICATION_FROM_VMS)), .from_vms = 1);
	CHECK_FETCHED(BY(M_UP13, GET(M_UP13, 0, FFA_NOTIFICATION_ALL)), .from_partitions = 1);
	CHECK_SUCCESS(BY(M_UP13, UNBIND(4, M_UP13, 1)));
	CHECK_SUCCESS(BY(M_UP13, UNBIND(M_MP, M_UP13, 1)));
}

MESSAGES_TEST(all_sixty_four_notifications_of_both_classes_pend_at_once)
{
	CHECK_SUCCESS(BY(M_MP11, BIND(M_MP, M_MP11, GLOBAL, UINT64_MAX)));
	CHECK_SUCCESS(BY(M_MP11, BIND(0x7FFF, M_MP11, GLOBAL, UINT64_MAX)));
	for (unsigned i = 0; i < 64; i++) {
		CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_MP11, GLOBAL, BIT64(i))));
		CHECK_SUCCESS(FFA(SET(0x7FFF, M_MP11, GLOBAL, BIT64(i))));
	}
	CHECK_FETCHED(BY(M_MP11, GET(M_MP11, 0, FFA_NOTIFICATION_ALL)),
		      .from_partitions = UINT64_MAX, .from_vms = UINT64_MAX);
	CHECK_SUCCESS(BY(M_MP11, UNBIND(M_MP, M_MP11, UINT64_MAX)));
	CHECK_SUCCESS(BY(M_MP11, UNBIND(0x7FFF, M_MP11, UINT64_MAX)));
}
