/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_NOTIFICATION_SET (DEN0077A, "Notifications"): each check, in its order, and what pends then. Who is
 * told of it: test_notification_sri.c and test_notification_npi.c.
 */
#include "tests/unit/ffa/notification_fixture.h"

#define SET FFA_NOTIFICATION_SET_32
#define ALL UINT64_MAX
#define HIGHEST (UINT64_C(1) << 63)

enum { EL3_PARTITION = 0xFFC0, NOBODY = 0x8777 };

/* ---- what pends ---------------------------------------------------------------------------------- */

TEST(set_adds_to_what_pends)
{
	notified_boot(1);
	must_bind(SP1, SP2, ALL, 0);

	must_set(SP2, SP1, 0x3, 0);
	must_set(SP2, SP1, HIGHEST | 0x2, 0);
	check_gets(SP1, 0, HIGHEST | 0x3, 0);
	check_gets(SP1, 0, 0, 0);
}

TEST(set_by_partitions_and_by_vms_pend_apart)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x3, 0);
	must_bind(SP1, VM1, 0x6, 0);

	must_set(SP2, SP1, 0x3, 0);
	must_set(VM1, SP1, 0x4, 0);
	check_gets(SP1, 0, 0x3, 0x4);
}

TEST(set_for_a_vcpu_pends_on_that_vcpu)
{
	notified_boot(2);
	must_bind(SP1, SP2, ALL, PER_VCPU);

	must_set(SP2, SP1, 0x1, SET_FOR_VCPU(0));
	must_set(SP2, SP1, 0x2, SET_FOR_VCPU(1));
	check_gets(SP1, 1, 0x2, 0);
	check_gets(SP1, 1, 0, 0);
	check_gets(SP1, 0, 0x1, 0);
}

TEST(set_by_a_vm_may_be_for_a_vcpu)
{
	notified_boot(2);
	must_bind(SP1, VM_LAST, HIGHEST, PER_VCPU);

	must_set(VM_LAST, SP1, HIGHEST, SET_FOR_VCPU(1));
	check_gets(SP1, 0, 0, 0);
	check_gets(SP1, 1, 0, HIGHEST);
}

TEST(set_for_a_vcpu_of_a_vm_knows_how_many_it_has)
{
	notified_boot(1);
	must_bind(VM1, SP1, 0x1, PER_VCPU);

	must_set(SP1, VM1, 0x1, SET_FOR_VCPU(VM_VCPUS - 1));
	set_as(SP1, VM1, 0x1, SET_FOR_VCPU(VM_VCPUS));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	check_gets(VM1, VM_VCPUS - 1, 0x1, 0);
}

TEST(set_reaches_a_partition_of_one_context_on_whichever_pe)
{
	notified_boot(2);
	must_bind(SP2, SP1, 0x1, 0);
	turn_to(NW);
	on_pe(1);

	must_set(SP1, SP2, 0x1, 0);
	check_gets(SP2, 0, 0x1, 0);
}

TEST(set_by_several_vms_are_of_one_bitmap)
{
	notified_boot(1);
	must_bind(SP1, VM1, 0x1, 0);
	must_bind(SP1, VM_LAST, 0x2, 0);
	must_bind(SP1, 0, 0x4, 0);

	must_set(VM1, SP1, 0x1, 0);
	must_set(VM_LAST, SP1, 0x2, 0);
	must_set(0, SP1, 0x4, 0);
	check_gets(SP1, 0, 0, 0x7);
}

/* ---- check 1: flags ------------------------------------------------------------------------------ */

TEST(set_refuses_reserved_flags)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);
	turn_to(SP2);

	for (unsigned bit = 2; bit < 16; bit++) {
		CALL(SP2, SET, FFA_ENDPOINTS(SP2, SP1), 1U << bit, 1);
		CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	}
	CALL(SP2, SET, FFA_ENDPOINTS(SP2, WITHOUT), 4, 1); /* before DENIED */
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	check_gets(SP1, 0, 0, 0);
}

TEST(set_without_the_flag_names_no_vcpu)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);

	set_as(SP2, SP1, 0x1, 0x10000);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x1, 0x80000000);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x2, 0x10000); /* before what is not bound is denied */
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
}

/* ---- check 2: IDs -------------------------------------------------------------------------------- */

TEST(set_for_oneself_is_refused)
{
	notified_boot(1);

	set_as(SP1, SP1, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(VM1, VM1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(set_for_a_partition_of_el3_is_refused)
{
	notified_boot(1);

	set_as(SP1, EL3_PARTITION, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(VM1, EL3_PARTITION, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(set_in_the_name_of_another_is_refused)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_bind(SP1, VM1, 1, 0);
	must_bind(VM1, SP2, 1, 0);
	turn_to(SP3);

	CALL(SP3, SET, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_REFUSED(SP3, FFA_INVALID_PARAMETERS);
	CALL(SP3, SET, FFA_ENDPOINTS(VM1, SP1), 0, 1);
	CHECK_REFUSED(SP3, FFA_INVALID_PARAMETERS);
	turn_to(NW);
	CALL(NW, SET, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, SET, FFA_ENDPOINTS(SP2, VM1), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, SET, FFA_ENDPOINTS(EL3_PARTITION, SP1), 0, 1); /* EL3's partitions have none */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	check_gets(SP1, 0, 0, 0);
	check_gets(VM1, 0, 0, 0);
}

TEST(set_from_vm_to_vm_is_the_hypervisors_business)
{
	notified_boot(1);

	set_as(VM2, VM1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	set_as(0, VM1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

/* ---- checks 3 and 4: which, and when the scheduler is told ------------------------------------------ */

TEST(set_of_nothing_is_refused)
{
	notified_boot(1);

	set_as(SP2, SP1, 0, 0);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, WITHOUT, 0, 0);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
}

TEST(set_by_a_vm_is_not_delayed)
{
	notified_boot(1);
	must_bind(SP1, VM1, 0x1, 0);

	set_as(VM1, SP1, 0x1, DELAY_SRI);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	set_as(VM1, SP1, 0x2, DELAY_SRI); /* before what is not bound is denied */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	set_as(VM1, WITHOUT, 0x1, DELAY_SRI);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	check_gets(SP1, 0, 0, 0);
}

/* ---- checks 5 and 6: the receiver ------------------------------------------------------------------ */

TEST(set_for_who_is_not_there_is_refused)
{
	notified_boot(1);

	set_as(SP1, NOBODY, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(SP1, SPMC, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(SP1, SPMD, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(SP1, VM2, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(SP1, 0, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(VM1, NOBODY, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(set_for_a_partition_without_notifications_is_denied)
{
	notified_boot(1);

	set_as(SP1, WITHOUT, 1, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	set_as(VM1, WITHOUT, 1, 0);
	CHECK_REFUSED(NW, FFA_DENIED);
	set_as(SP1, WITHOUT, 1, SET_FOR_VCPU(99)); /* before the vCPU is looked for */
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(set_for_a_partition_that_has_ended_is_denied)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	turn_to(SP1);
	fault("data abort", 0);

	set_as(SP2, SP1, 1, 0);
	CHECK_REFUSED(SP2, FFA_DENIED);
}

/* ---- checks 7 and 8: the notification -------------------------------------------------------------- */

TEST(set_of_what_is_not_bound_to_the_sender_is_denied)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x3, 0);
	must_bind(SP1, SP3, 0x4, 0);
	must_bind(SP1, VM1, 0x8, 0);

	set_as(SP2, SP1, 0x8, 0);
	CHECK_REFUSED(SP2, FFA_DENIED);
	set_as(SP2, SP1, 0x7, 0);
	CHECK_REFUSED(SP2, FFA_DENIED);
	set_as(VM2, SP1, 0x8, 0);
	CHECK_REFUSED(NW, FFA_DENIED);
	set_as(VM1, SP1, 0x1, 0);
	CHECK_REFUSED(NW, FFA_DENIED);
	check_gets(SP1, 0, 0, 0);
}

TEST(set_of_another_kind_than_it_was_bound_as_is_refused)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);
	must_bind(SP1, SP2, 0x2, PER_VCPU);

	set_as(SP2, SP1, 0x1, SET_FOR_VCPU(0));
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x2, 0);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x3, 0);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x7, 0); /* one is not bound: that comes first */
	CHECK_REFUSED(SP2, FFA_DENIED);
	check_gets(SP1, 0, 0, 0);
}

TEST(set_for_a_vcpu_that_is_not_there_is_refused)
{
	notified_boot(1); /* partitions with a context for each PE have two all the same */
	must_bind(SP1, SP2, 0x1, PER_VCPU);
	must_bind(SP2, SP1, 0x1, PER_VCPU);

	set_as(SP2, SP1, 0x1, SET_FOR_VCPU(2));
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x1, SET_FOR_VCPU(0xFFFF));
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	set_as(SP1, SP2, 0x1, SET_FOR_VCPU(1));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	set_as(SP2, SP1, 0x2, SET_FOR_VCPU(2)); /* not bound: that comes first */
	CHECK_REFUSED(SP2, FFA_DENIED);
	must_set(SP2, SP1, 0x1, SET_FOR_VCPU(1));
	must_set(SP1, SP2, 0x1, SET_FOR_VCPU(0));
}

TEST(set_uses_low_halves_only)
{
	notified_boot(1);
	must_bind(SP1, SP2, ALL, 0);
	turn_to(SP2);

	CALL(SP2, SET, 0xFFFFFFFF00000000 | FFA_ENDPOINTS(SP2, SP1), UINT64_C(1) << 40,
	     0xFFFFFFFF00000004, 0xFFFFFFFF00000008);
	CHECK_SUCCESS(SP2);
	check_gets(SP1, 0, UINT64_C(0x800000004), 0);
}
