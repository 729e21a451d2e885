/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NOTIFICATION_UNBIND (DEN0077A, "Notifications"): each check, in its order. */
#include "tests/unit/ffa/notification_fixture.h"

#define UNBIND FFA_NOTIFICATION_UNBIND_32
#define ALL UINT64_MAX

enum { EL3_PARTITION = 0xFFC0, NOBODY = 0x8777 };

TEST(unbind_frees_a_notification_for_others)
{
	notified_boot(1);
	must_bind(SP1, SP2, ALL, 0);

	unbind_as(SP1, SP2, 0x3);
	CHECK_SUCCESS(SP1);
	must_bind(SP1, SP3, 0x3, PER_VCPU);
	set_as(SP2, SP1, 0x1, 0);
	CHECK_REFUSED(SP2, FFA_DENIED);
	must_set(SP2, SP1, 0x4, 0);
}

TEST(unbind_by_the_normal_world_is_for_its_vms)
{
	notified_boot(1);
	must_bind(VM1, SP1, ALL, 0);

	unbind_as(VM1, SP1, ALL);
	CHECK_SUCCESS(NW);
	must_bind(VM1, SP2, ALL, 0);
}

TEST(unbind_is_of_one_class_of_senders)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_bind(SP1, 0, 1, 0);

	unbind_as(SP1, 0, 1);
	CHECK_SUCCESS(SP1);
	must_set(SP2, SP1, 1, 0);
	set_as(0, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_DENIED);
}

/* ---- check 1: flags ------------------------------------------------------------------------------ */

TEST(unbind_refuses_any_flag)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, PER_VCPU);

	for (unsigned bit = 0; bit < 32; bit++) {
		CALL(SP1, UNBIND, FFA_ENDPOINTS(SP2, SP1), 1U << bit, 1);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
	CALL(SP1, UNBIND, FFA_ENDPOINTS(SP2, SP1), 1, 2); /* before DENIED */
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	turn_to(WITHOUT);
	CALL(WITHOUT, UNBIND, FFA_ENDPOINTS(SP2, WITHOUT), 1, 1); /* before NOT_SUPPORTED */
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS);
}

/* ---- checks 2 and 3: IDs, which ------------------------------------------------------------------- */

TEST(unbind_refuses_ids_as_bind_does)
{
	notified_boot(1);

	unbind_as(SP1, SP1, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	unbind_as(SP1, EL3_PARTITION, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, UNBIND, FFA_ENDPOINTS(SP3, SP2), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, UNBIND, FFA_ENDPOINTS(SP1, VM1), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);

	turn_to(NW);
	CALL(NW, UNBIND, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	unbind_as(VM1, VM2, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	unbind_as(VM1, EL3_PARTITION, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unbind_of_nothing_is_refused)
{
	notified_boot(1);

	unbind_as(SP1, SP2, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	unbind_as(WITHOUT, SP2, 0);
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS);
}

/* ---- checks 4 to 6: who is there ------------------------------------------------------------------ */

TEST(unbind_for_a_vm_without_notifications_is_refused)
{
	notified_boot(1);

	unbind_as(VM2, SP1, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	map_hypervisor(1);
	map_vm(VM2, 1);
	unbind_as(VM2, SP1, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unbind_by_a_partition_without_notifications_is_not_supported)
{
	notified_boot(1);

	unbind_as(WITHOUT, SP1, 1);
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
	unbind_as(WITHOUT, NOBODY, 1);
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
}

TEST(unbind_from_a_partition_that_is_not_there_is_refused)
{
	notified_boot(1);

	unbind_as(SP1, NOBODY, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	unbind_as(VM1, NOBODY, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

/* ---- checks 7 and 8: what is bound, what pends ---------------------------------------------------- */

TEST(unbind_of_what_is_not_bound_is_denied)
{
	notified_boot(1);

	unbind_as(SP1, SP2, 1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	unbind_as(VM1, SP2, 1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(unbind_from_another_sender_is_denied_and_nothing_is_unbound)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x3, 0);
	must_bind(SP1, SP3, 0x4, 0);

	unbind_as(SP1, SP3, 0x1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	unbind_as(SP1, SP2, 0x7);
	CHECK_REFUSED(SP1, FFA_DENIED);
	unbind_as(SP1, SP2, 0xB);
	CHECK_REFUSED(SP1, FFA_DENIED);
	unbind_as(SP1, 0, 0x1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	must_set(SP2, SP1, 0x3, 0);
	must_set(SP3, SP1, 0x4, 0);
}

TEST(unbind_of_what_pends_is_denied_until_it_was_fetched)
{
	notified_boot(2);
	must_bind(SP1, SP2, 0x1, 0);
	must_bind(SP1, SP2, 0x2, PER_VCPU);
	must_set(SP2, SP1, 0x1, 0);
	must_set(SP2, SP1, 0x2, SET_FOR_VCPU(1));

	unbind_as(SP1, SP2, 0x1);
	CHECK_REFUSED(SP1, FFA_DENIED);
	unbind_as(SP1, SP2, 0x2);
	CHECK_REFUSED(SP1, FFA_DENIED);
	check_gets(SP1, 0, 0x1, 0);
	unbind_as(SP1, SP2, 0x1);
	CHECK_SUCCESS(SP1);
	unbind_as(SP1, SP2, 0x2);
	CHECK_REFUSED(SP1, FFA_DENIED);
	check_gets(SP1, 1, 0x2, 0); /* any vCPU may fetch for another */
	unbind_as(SP1, SP2, 0x2);
	CHECK_SUCCESS(SP1);
}

TEST(unbind_of_what_the_scheduler_was_told_is_denied)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);
	turn_to(NW);
	CALL(NW, FFA_NOTIFICATION_INFO_GET_64);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_64);

	unbind_as(SP1, SP2, 1);
	CHECK_REFUSED(SP1, FFA_DENIED);
}
