/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NOTIFICATION_BITMAP_CREATE and DESTROY (DEN0077A, "Notifications"). */
#include "tests/unit/ffa/notification_fixture.h"

#define ALL UINT64_MAX

enum { VCPUS_MAX = 64 };

static const struct vm *vm_of(uint16_t id)
{
	return vm_find(&the_spmc()->vms, id);
}

/** Gives notifications to as many VMs as there are records; returns the first ID that found none. */
static uint16_t create_all(void)
{
	uint16_t vm = VM2;

	create_bitmap(vm, 1);
	while (registers()[0] == FFA_SUCCESS_32) {
		create_bitmap(++vm, 1);
	}
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
	return vm;
}

/* ---- create ------------------------------------------------------------------------------------- */

TEST(create_is_not_for_partitions)
{
	notified_boot(1);
	turn_to(SP1);

	CALL(SP1, FFA_NOTIFICATION_BITMAP_CREATE_32, VM2, 1);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_NOTIFICATION_BITMAP_DESTROY_32, VM1);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}

TEST(create_gives_a_vm_notifications)
{
	notified_boot(1);
	bind_as(VM2, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);

	create_bitmap(VM2, 1);
	CHECK_SUCCESS(NW);
	bind_as(VM2, SP1, 1, 0);
	CHECK_SUCCESS(NW);
}

TEST(create_takes_any_id_of_the_normal_world)
{
	notified_boot(1);

	create_bitmap(0, 8); /* an OS without hypervisor, for itself */
	CHECK_SUCCESS(NW);
	create_bitmap(VM_LAST, 8);
	CHECK_SUCCESS(NW);
	must_bind(0, SP1, 1, 0);
	must_bind(VM_LAST, SP1, 1, 0);
}

TEST(create_refuses_ids_of_the_secure_world_and_reserved_bits)
{
	notified_boot(1);

	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, SP1, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, 0xFFFF, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, 0x10000 | VM2, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, 0x80000000 | VM2, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK(vm_of(VM2) == NULL);
}

TEST(create_takes_1_to_64_vcpus)
{
	notified_boot(1);

	create_bitmap(VM2, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	create_bitmap(VM2, VCPUS_MAX + 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	create_bitmap(VM2, 0x10001);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	create_bitmap(VM2, VCPUS_MAX);
	CHECK_SUCCESS(NW);
	get_as(VM2, VCPUS_MAX - 1, OF_SECURE);
	CHECK_SUCCESS(NW);
	get_as(VM2, VCPUS_MAX, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(create_twice_is_denied)
{
	notified_boot(1);

	create_bitmap(VM1, VM_VCPUS);
	CHECK_REFUSED(NW, FFA_DENIED);
	create_bitmap(VM1, VM_VCPUS + 1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(create_for_more_vms_than_there_are_records_finds_no_memory)
{
	uint16_t last;

	notified_boot(1);
	last = create_all();
	CHECK_EQUAL(last, VM_MAX); /* 0, which is always there, to VM_MAX - 1 */

	create_bitmap(last, 0); /* what is wrong with it comes first */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	create_bitmap(VM1, 1);
	CHECK_REFUSED(NW, FFA_DENIED);
	create_bitmap(0, 1);
	CHECK_SUCCESS(NW);
	destroy_bitmap(VM2);
	CHECK_SUCCESS(NW);
	create_bitmap(last, 1);
	CHECK_SUCCESS(NW);
	create_bitmap(VM2, 1);
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
}

TEST(create_is_for_vms_with_buffers_as_well)
{
	const struct vm *vm;

	notified_boot(1);
	map_hypervisor(1);
	map_vm(VM2, 1);
	vm = vm_of(VM2);

	create_bitmap(VM2, 1);
	CHECK_SUCCESS(NW);
	CHECK(vm_of(VM2) == vm);
	CHECK(vm->endpoint.mailbox.mapped);
}

/* ---- destroy ------------------------------------------------------------------------------------ */

TEST(destroy_takes_the_notifications_away)
{
	notified_boot(1);

	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
	bind_as(VM1, SP1, 1, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	get_as(VM1, 0, OF_SECURE);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK(vm_of(VM1) == NULL);
}

TEST(destroy_refuses_ids_of_the_secure_world_and_reserved_bits)
{
	notified_boot(1);

	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, SP1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, 0x10000 | VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	must_bind(VM1, SP1, 1, 0);
}

TEST(destroy_of_what_was_not_created_is_denied)
{
	notified_boot(1);
	map_hypervisor(1);
	map_vm(VM2, 1);

	destroy_bitmap(VM3); /* not known at all */
	CHECK_REFUSED(NW, FFA_DENIED);
	destroy_bitmap(VM2); /* known by its buffers */
	CHECK_REFUSED(NW, FFA_DENIED);
	destroy_bitmap(0);
	CHECK_REFUSED(NW, FFA_DENIED);
	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
	destroy_bitmap(VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(destroy_with_something_pending_is_denied)
{
	notified_boot(1);
	must_bind(VM1, SP1, 0x1, 0);
	must_bind(VM1, SP1, 0x2, PER_VCPU);

	must_set(SP1, VM1, 0x1, 0);
	destroy_bitmap(VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	check_gets(VM1, 0, 0x1, 0);
	must_set(SP1, VM1, 0x2, SET_FOR_VCPU(VM_VCPUS - 1));
	destroy_bitmap(VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	check_gets(VM1, VM_VCPUS - 1, 0x2, 0);
	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
}

TEST(destroy_with_a_framework_notification_pending_is_denied)
{
	notified_boot(1);
	send_empty(SP1, VM1, 0);

	destroy_bitmap(VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	get_as(VM1, 0, OF_SPMC);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
}

TEST(destroy_unbinds_everything)
{
	notified_boot(1);
	must_bind(VM1, SP1, ALL, PER_VCPU);
	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
	set_as(SP1, VM1, 1, SET_FOR_VCPU(0));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);

	create_bitmap(VM1, 1);
	CHECK_SUCCESS(NW);
	set_as(SP1, VM1, 1, SET_FOR_VCPU(0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	must_bind(VM1, SP2, ALL, 0);
}

TEST(destroy_leaves_a_vm_its_buffers)
{
	notified_boot(1);
	map_hypervisor(1);
	map_vm(VM1, 1);

	destroy_bitmap(VM1);
	CHECK_SUCCESS(NW);
	CHECK(vm_mailbox(VM1)->mapped);
	unmap_vm(VM1);
	CHECK(vm_of(VM1) == NULL);
}

TEST(unmapping_buffers_leaves_a_vm_its_notifications)
{
	notified_boot(1);
	map_hypervisor(1);
	map_vm(VM1, 1);
	must_bind(VM1, SP1, 1, 0);

	unmap_vm(VM1);
	must_set(SP1, VM1, 1, 0);
	check_gets(VM1, 0, 1, 0);
}

TEST(a_vm_that_comes_again_is_another_one)
{
	notified_boot(1);
	must_bind(VM1, SP1, 0x2, PER_VCPU);
	destroy_bitmap(VM1);
	create_bitmap(VM2, VM_VCPUS); /* gets its record */
	CHECK_SUCCESS(NW);
	create_bitmap(VM1, VM_VCPUS);
	CHECK_SUCCESS(NW);

	set_as(SP1, VM2, 0x2, SET_FOR_VCPU(0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	must_bind(VM1, SP1, 0x2, PER_VCPU);
	must_set(SP1, VM1, 0x2, SET_FOR_VCPU(3));
	check_gets(VM2, 3, 0, 0);
	check_gets(VM1, 3, 0x2, 0);
}
