/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_RX_ACQUIRE (DEN0077A, "RX/TX buffer management"): a hypervisor takes the right to write a VM's RX
 * buffer and gives it back with FFA_RX_RELEASE.
 */
#include "tests/unit/ffa/indirect_fixture.h"

/** SP1, the hypervisor and VM1 have buffers; the normal world runs. */
static void vm1_has_buffers(void)
{
	system_boot_usual(1);
	map_hypervisor(1);
	map_vm(VM1, 1);
	give_buffers(SP1, 1);
}

/** SP1 sends VM1 a message; the normal world runs before and afterwards. */
static void vm1_gets_a_message(void)
{
	struct indirect message = usual_message(5);

	request(NW, SP1);
	message.receiver = VM1;
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
	respond(SP1, NW);
}

/* ---- ownership ---------------------------------------------------------------------------------- */

TEST(an_empty_buffer_is_acquired)
{
	vm1_has_buffers();

	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(VM1), RX_ACQUIRED);
}

TEST(a_buffer_is_acquired_once)
{
	vm1_has_buffers();
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);

	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_full_buffer_is_denied)
{
	vm1_has_buffers();
	vm1_gets_a_message();

	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_SUCCESS(NW);
}

TEST(what_was_acquired_is_released_once_and_the_spmc_may_write_again)
{
	vm1_has_buffers();
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(VM1), RX_EMPTY);
	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	vm1_gets_a_message();
}

TEST(one_vms_buffer_is_acquired_apart_from_anothers)
{
	vm1_has_buffers();
	map_vm(VM2, 1);

	CALL(NW, FFA_RX_ACQUIRE_32, VM2);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(VM1), RX_EMPTY);
	vm1_gets_a_message();
}

TEST(an_acquired_buffer_is_no_hindrance_to_what_its_vm_sends)
{
	struct indirect message = usual_message(5);

	vm1_has_buffers();
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);

	message.sender = VM1;
	message.receiver = SP1;
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(what_was_acquired_is_released_although_an_old_notification_pends)
{
	vm1_has_buffers();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	vm1_gets_a_message();
	unmap_vm(VM1); /* its content is lost, its notification stays */
	map_vm(VM1, 1);
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_SUCCESS(NW);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_SUCCESS(NW);
}

/* ---- whose buffer ------------------------------------------------------------------------------- */

TEST(a_vm_that_is_not_known_is_refused)
{
	vm1_has_buffers();

	CALL(NW, FFA_RX_ACQUIRE_32, VM2);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_ACQUIRE_32, 0x7FFF);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_vm_without_buffers_is_refused)
{
	vm1_has_buffers();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM2, 1);

	CALL(NW, FFA_RX_ACQUIRE_32, VM2);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(the_hypervisors_own_buffer_is_refused)
{
	vm1_has_buffers();

	CALL(NW, FFA_RX_ACQUIRE_32);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_ACQUIRE_32, NW);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_partitions_buffer_is_refused)
{
	vm1_has_buffers();

	CALL(NW, FFA_RX_ACQUIRE_32, SP1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(rx_state_of(SP1), RX_EMPTY);
}

TEST(reserved_bits_are_refused)
{
	vm1_has_buffers();

	CALL(NW, FFA_RX_ACQUIRE_32, 0x10000 | VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_ACQUIRE_32, 0x80000000 | VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

/* ---- who may ------------------------------------------------------------------------------------ */

TEST(partitions_have_no_such_call)
{
	vm1_has_buffers();

	request(NW, SP1);
	CALL(SP1, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	respond(SP1, NW);
	request(NW, SP3);
	CALL(SP3, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(SP3, FFA_NOT_SUPPORTED);
	respond(SP3, NW);
	request(NW, SP4);
	CALL(SP4, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(SP4, FFA_NOT_SUPPORTED);
}

TEST(a_hypervisor_of_1_0_has_no_such_call)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_0);
	map_hypervisor(1);
	map_vm(VM1, 1);

	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}
