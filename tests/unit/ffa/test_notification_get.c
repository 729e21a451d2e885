/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NOTIFICATION_GET (DEN0077A, "Notifications"): each check, in its order; what is returned and cleared. */
#include "tests/unit/ffa/notification_fixture.h"

#define GET FFA_NOTIFICATION_GET_32
#define ALL UINT64_MAX

enum { EL3_PARTITION = 0xFFC0, NOBODY = 0x8777 };

/** SP1 has something in each of its four bitmaps. */
static void all_bitmaps(void)
{
	notified_boot(2);
	must_bind(SP1, SP2, ALL, 0);
	must_bind(SP1, VM1, ALL, 0);
	must_set(SP2, SP1, 0x1111111122222222, 0);
	must_set(VM1, SP1, 0x3333333344444444, 0);
	send_empty(SP2, SP1, 0);
	(void)notif_set_signal_framework(&partition_of(SP1)->endpoint.notifications, SP1,
					 NOTIF_HYPERVISOR_RX_FULL);
}

/* ---- results ------------------------------------------------------------------------------------- */

TEST(get_without_anything_pending_succeeds_with_zeros)
{
	notified_boot(1);

	get_as(SP1, 0, OF_ALL);
	CHECK_SUCCESS(SP1);
	get_as(VM1, 0, OF_SECURE);
	CHECK_SUCCESS(NW);
}

TEST(get_returns_all_bitmaps_in_their_registers_once)
{
	all_bitmaps();

	get_as(SP1, 0, OF_ALL);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0x22222222, 0x11111111, 0x44444444, 0x33333333, 1, 1);
	get_as(SP1, 0, OF_ALL);
	CHECK_SUCCESS(SP1);
}

TEST(get_leaves_what_was_not_asked_for_as_it_is)
{
	all_bitmaps();

	get_as(SP1, 0, 0);
	CHECK_SUCCESS(SP1);
	get_as(SP1, 0, OF_VMS);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 0x44444444, 0x33333333);
	get_as(SP1, 0, OF_HYPERVISOR);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 0, 1);
	get_as(SP1, 0, OF_PARTITIONS);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0x22222222, 0x11111111);
	get_as(SP1, 0, OF_ALL);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
}

TEST(get_returns_global_ones_and_those_of_the_vcpu_named)
{
	notified_boot(2);
	must_bind(SP1, SP2, 0x1, 0);
	must_bind(SP1, SP2, 0x6, PER_VCPU);
	must_set(SP2, SP1, 0x1, 0);
	must_set(SP2, SP1, 0x2, SET_FOR_VCPU(0));
	must_set(SP2, SP1, 0x4, SET_FOR_VCPU(1));

	check_gets(SP1, 1, 0x5, 0);
	check_gets(SP1, 0, 0x2, 0);
}

TEST(get_by_a_context_may_name_another_vcpu)
{
	notified_boot(2);
	must_bind(SP1, SP2, 0x1, PER_VCPU);
	must_set(SP2, SP1, 0x1, SET_FOR_VCPU(1));

	on_pe(0);
	check_gets(SP1, 1, 0x1, 0);
}

TEST(get_by_a_vm_returns_what_partitions_and_the_spmc_have_for_it)
{
	notified_boot(1);
	must_bind(VM1, SP1, ALL, 0);
	must_set(SP1, VM1, 0x8000000000000001, 0);
	send_empty(SP1, VM1, 0);

	get_as(VM1, 0, OF_SECURE);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1, 0x80000000, 0, 0, 1);
	get_as(VM1, 0, OF_SECURE);
	CHECK_SUCCESS(NW);
}

TEST(get_by_an_s_el0_partition_is_as_any_other)
{
	notified_boot(1);
	must_bind(SP3, VM1, 0x10, 0);
	must_set(VM1, SP3, 0x10, 0);

	check_gets(SP3, 0, 0, 0x10);
}

TEST(get_of_one_receiver_is_nothing_to_another)
{
	notified_boot(1);
	must_bind(SP1, SP3, 0x1, 0);
	must_bind(SP2, SP3, 0x1, 0);
	must_set(SP3, SP1, 0x1, 0);
	must_set(SP3, SP2, 0x1, 0);

	check_gets(SP1, 0, 0x1, 0);
	check_gets(SP2, 0, 0x1, 0);
}

TEST(what_was_fetched_may_be_set_again)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x1, 0);

	for (unsigned i = 0; i < 3; i++) {
		must_set(SP2, SP1, 0x1, 0);
		check_gets(SP1, 0, 0x1, 0);
	}
}

/* ---- flags --------------------------------------------------------------------------------------- */

/** All reserved flags of GET by SP1 of @version, which has something pending. */
static void try_reserved_flags(uint32_t version, enum ffa_status expected)
{
	struct partition_config *configs[4];

	notified_add(configs);
	configs[0]->ffa_version = version;
	system_boot(1);
	must_bind(SP1, SP2, 0x1, 0);
	for (unsigned bit = 4; bit < 32; bit++) {
		must_set(SP2, SP1, 0x1, 0);
		get_as(SP1, 0, OF_PARTITIONS | 1U << bit);
		if (expected == FFA_OK) {
			CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 1);
		} else {
			CHECK_REFUSED(SP1, expected);
		}
	}
}

TEST(get_by_callers_of_1_1_has_reserved_flags)
{
	try_reserved_flags(FFA_VERSION_1_1, FFA_INVALID_PARAMETERS);
}

TEST(get_ignores_reserved_flags_of_later_callers)
{
	try_reserved_flags(FFA_VERSION_1_2, FFA_OK);
	try_reserved_flags(FFA_VERSION_1_3, FFA_OK);
}

TEST(get_by_the_normal_world_leaves_the_hypervisors_bitmaps_to_the_hypervisor)
{
	notified_boot(1);
	must_bind(VM1, SP1, 1, 0);
	must_set(SP1, VM1, 1, 0);

	get_as(VM1, 0, OF_VMS);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	get_as(VM1, 0, OF_HYPERVISOR);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	get_as(VM1, 0, OF_ALL);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	check_gets(VM1, 0, 1, 0);
}

/* ---- the receiver --------------------------------------------------------------------------------- */

TEST(get_for_another_is_refused)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);

	CALL(SP2, GET, SP1, OF_ALL);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	CALL(SP2, GET, VM1, OF_PARTITIONS);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	CALL(SP2, GET, NOBODY, OF_ALL);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	turn_to(WITHOUT);
	CALL(WITHOUT, GET, SP1, OF_ALL); /* before NOT_SUPPORTED */
	CHECK_REFUSED(WITHOUT, FFA_INVALID_PARAMETERS);
	turn_to(NW);
	CALL(NW, GET, SP1, OF_PARTITIONS);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, GET, EL3_PARTITION, OF_PARTITIONS);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	check_gets(SP1, 0, 1, 0);
}

TEST(get_for_a_vm_without_notifications_is_refused)
{
	notified_boot(1);

	get_as(VM2, 0, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	get_as(0, 0, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	map_hypervisor(1);
	map_vm(VM2, 1);
	get_as(VM2, 0, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(get_by_a_partition_without_notifications_is_not_supported)
{
	notified_boot(1);

	get_as(WITHOUT, 0, OF_ALL);
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
	get_as(WITHOUT, 99, OF_ALL); /* before the vCPU is looked for */
	CHECK_REFUSED(WITHOUT, FFA_NOT_SUPPORTED);
}

TEST(get_for_a_vcpu_that_is_not_there_is_refused)
{
	notified_boot(2);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);

	get_as(SP1, 2, OF_ALL);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	get_as(SP1, 0xFFFF, OF_ALL);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	get_as(SP2, 1, OF_ALL);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
	get_as(VM1, VM_VCPUS, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	get_as(VM1, VM_VCPUS - 1, OF_SECURE);
	CHECK_SUCCESS(NW);
	check_gets(SP1, 1, 1, 0);
}

/* ---- the rest of the system ------------------------------------------------------------------------ */

TEST(get_by_a_partition_that_has_ended_leaves_nothing_to_the_others)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);
	turn_to(SP1);

	fault("data abort", 0);
	CALL(NW, FFA_NOTIFICATION_INFO_GET_64);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}
