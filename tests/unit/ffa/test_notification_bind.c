/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NOTIFICATION_BIND (DEN0077A, "Notifications"): each check, in its order. */
#include "tests/unit/ffa/notification_fixture.h"

#define BIND FFA_NOTIFICATION_BIND_32
#define ALL UINT64_MAX
#define HIGHEST (UINT64_C(1) << 63)

enum { EL3_PARTITION = 0xFFC0, NOBODY = 0x8777 };

TEST(bind_by_a_partition_lets_the_sender_signal)
{
	notified_boot(1);

	must_bind(SP1, SP2, HIGHEST | 1, 0);
	must_set(SP2, SP1, HIGHEST | 1, 0);
	check_gets(SP1, 0, HIGHEST | 1, 0);
}

TEST(bind_by_a_partition_to_a_vm_needs_not_know_the_vm)
{
	notified_boot(1);

	must_bind(SP1, VM_LAST, 0x6, 0);
	must_bind(SP1, 0, 0x8, 0);
	must_set(VM_LAST, SP1, 0x6, 0);
	must_set(0, SP1, 0x8, 0);
	check_gets(SP1, 0, 0, 0xE);
}

TEST(bind_by_the_normal_world_is_for_its_vms)
{
	notified_boot(1);

	must_bind(VM1, SP1, ALL, 0);
	must_set(SP1, VM1, ALL, 0);
	check_gets(VM1, 0, ALL, 0);
}

TEST(bind_by_an_s_el0_partition_is_as_any_other)
{
	notified_boot(1);

	must_bind(SP3, SP1, 0x4, 0);
	must_set(SP1, SP3, 0x4, 0);
	check_gets(SP3, 0, 0x4, 0);
}

/* ---- check 1: flags ------------------------------------------------------------------------------ */

TEST(bind_refuses_reserved_flags)
{
	notified_boot(1);
	turn_to(SP1);

	for (unsigned bit = 1; bit < 32; bit++) {
		CALL(SP1, BIND, FFA_ENDPOINTS(SP2, SP1), 1U << bit, 1);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
	must_bind(SP1, SP2, 1, 0);
}

TEST(bind_refuses_reserved_flags_before_anything_else)
{
	notified_boot(1);
	turn_to(WITHOUT);

	CALL(WITHOUT, BIND, FFA_ENDPOINTS(SP2, WITHOUT), 2, 1);
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS); /* not NOT_SUPPORTED */
	must_bind(SP1, SP2, 1, 0);
	bind_as(SP1, SP2, 1, 2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS); /* not DENIED */
}

/* ---- check 2: IDs -------------------------------------------------------------------------------- */

TEST(bind_to_oneself_is_refused)
{
	notified_boot(1);

	bind_as(SP1, SP1, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(VM1, VM1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	bind_as(WITHOUT, WITHOUT, 1, 0);
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS);
}

TEST(bind_to_a_partition_of_el3_is_refused)
{
	notified_boot(1);

	bind_as(SP1, EL3_PARTITION, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(SP1, 0xFFFE, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(VM1, EL3_PARTITION, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(bind_for_another_receiver_is_refused)
{
	notified_boot(1);
	turn_to(SP1);

	CALL(SP1, BIND, FFA_ENDPOINTS(SP3, SP2), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, BIND, FFA_ENDPOINTS(SP1, SP2), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, BIND, FFA_ENDPOINTS(SP1, VM1), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, BIND, FFA_ENDPOINTS(SP2, 0), 0, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(bind_by_the_normal_world_is_of_a_vm_to_a_partition)
{
	notified_boot(1);

	CALL(NW, BIND, FFA_ENDPOINTS(SP2, SP1), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, BIND, FFA_ENDPOINTS(VM1, SP1), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, BIND, FFA_ENDPOINTS(VM2, VM1), 0, 1); /* the hypervisor's business */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

/* ---- check 3: which ------------------------------------------------------------------------------ */

TEST(bind_of_nothing_is_refused)
{
	notified_boot(1);

	bind_as(SP1, SP2, 0, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(WITHOUT, SP2, 0, 0); /* before NOT_SUPPORTED */
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS);
}

/* ---- checks 4 to 6: who is there ------------------------------------------------------------------ */

TEST(bind_for_a_vm_without_notifications_is_refused)
{
	notified_boot(1);

	bind_as(VM2, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	map_hypervisor(1);
	map_vm(VM2, 1);
	bind_as(VM2, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	bind_as(0, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(bind_by_a_partition_without_notifications_is_not_supported)
{
	notified_boot(1);

	bind_as(WITHOUT, SP1, 1, 0);
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
	bind_as(WITHOUT, NOBODY, 1, 0); /* before the sender is looked for */
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
}

TEST(bind_by_a_partition_of_1_0_is_not_supported)
{
	struct partition_config *configs[4];

	notified_add(configs);
	configs[1]->ffa_version = FFA_VERSION_1_0;
	system_boot(1);

	bind_as(SP2, SP1, 1, 0);
	CHECK_REFUSED(SP2, FFA_NOT_SUPPORTED);
}

TEST(bind_to_a_partition_that_is_not_there_is_refused)
{
	notified_boot(1);

	bind_as(SP1, NOBODY, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(SP1, SPMC, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(SP1, SPMD, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	bind_as(VM1, NOBODY, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(bind_to_who_is_not_there_is_refused_before_what_is_bound_is_denied)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);

	bind_as(SP1, NOBODY, 1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(bind_to_a_partition_without_notifications_is_served)
{
	notified_boot(1);

	must_bind(SP1, WITHOUT, 1, 0);
	must_set(WITHOUT, SP1, 1, 0);
}

/* ---- check 7: what is bound ----------------------------------------------------------------------- */

TEST(bind_of_what_is_bound_is_denied_to_whomever)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x6, 0);

	bind_as(SP1, SP2, 0x6, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	bind_as(SP1, SP3, 0x4, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	bind_as(SP1, SP3, ALL, PER_VCPU);
	CHECK_REFUSED(SP1, FFA_DENIED);
	must_bind(SP1, SP3, ALL & ~(uint64_t)0x6, PER_VCPU); /* nothing of that was done */
}

TEST(bind_to_vms_and_to_partitions_are_apart)
{
	notified_boot(1);

	must_bind(SP1, SP2, ALL, 0);
	must_bind(SP1, VM1, ALL, PER_VCPU);
	bind_as(SP1, VM2, 1, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(bind_of_what_pends_is_denied)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);

	bind_as(SP1, SP2, 1, 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	check_gets(SP1, 0, 1, 0);
}

/* ---- what it costs the caller --------------------------------------------------------------------- */

TEST(bind_uses_low_halves_only)
{
	notified_boot(1);
	turn_to(SP1);

	CALL(SP1, BIND, 0xFFFFFFFF00000000 | FFA_ENDPOINTS(SP2, SP1), UINT64_C(1) << 32,
	     0xFFFFFFFF00000001, 0xFFFFFFFF00000000);
	CHECK_SUCCESS(SP1);
	must_bind(SP1, SP3, ALL & ~(uint64_t)1, 0);
}

TEST(bind_is_nothing_that_the_scheduler_is_told)
{
	notified_boot(1);

	must_bind(SP1, SP2, 1, 0);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
	turn_to(NW);
	CALL(NW, FFA_NOTIFICATION_INFO_GET_64);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}
