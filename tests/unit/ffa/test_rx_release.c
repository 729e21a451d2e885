/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_RX_RELEASE (DEN0077A, "RX/TX buffer management"), by endpoints for themselves and by a hypervisor for
 * its VMs. That a message's notification is to be fetched first: test_indirect_notified.c.
 */
#include "tests/unit/ffa/indirect_fixture.h"

static const struct mailbox *mailbox_of(uint16_t id)
{
	return id == NW ? &the_spmc()->normal_world->mailbox : &partition_of(id)->endpoint.mailbox;
}

/* ---- one's own ---------------------------------------------------------------------------------- */

TEST(release_without_buffers_is_denied)
{
	system_boot_usual(1);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_of_an_empty_buffer_is_denied)
{
	system_boot_usual(1);
	map_rxtx(NW);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_of_a_full_buffer_empties_it_once)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(NW);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_for_another_endpoint_is_refused)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, SP1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, 0x10000);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(buffers_of_one_endpoint_are_nothing_to_another)
{
	system_boot_usual(1);
	map_rxtx(NW);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);
	CHECK_EQUAL(mailbox_of(SP1)->rx_state, RX_FULL);
	CHECK_EQUAL(mailbox_of(NW)->rx_state, RX_EMPTY);

	respond(SP1, NW);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
	CHECK_EQUAL(mailbox_of(SP1)->rx_state, RX_FULL);
}

TEST(a_partition_releases_by_itself_without_naming_anybody)
{
	system_boot_usual(1);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);

	CALL(SP1, FFA_RX_RELEASE_32, SP1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RX_RELEASE_32, VM1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_RX_RELEASE_32, UINT64_C(0xFFFF00000000)); /* the upper half is ignored */
	CHECK_SUCCESS(SP1);
}

TEST(an_s_el0_partition_releases)
{
	system_reset();
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();
	CALL(SP4, FFA_MEM_PERM_SET_64, tx_of(SP4), 2, FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
	map_rxtx(SP4);
	CALL(SP4, FFA_PARTITION_INFO_GET_32);

	CALL(SP4, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(SP4);
}

/* ---- for a VM ----------------------------------------------------------------------------------- */

/** SP1 and VM1 have buffers, VM1's holds a message of SP1's; the normal world runs. */
static void vm1_has_a_message(bool notifications)
{
	struct indirect message = usual_message(5);

	system_boot_usual(1);
	map_hypervisor(1);
	map_vm(VM1, 1);
	if (notifications) {
		CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
		CHECK_SUCCESS(NW);
	}
	give_buffers(SP1, 1);
	request(NW, SP1);
	message.receiver = VM1;
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
	respond(SP1, NW);
}

TEST(a_hypervisor_releases_what_a_vm_has_read)
{
	vm1_has_a_message(false);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(VM1), RX_EMPTY);
	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_vms_buffer_is_not_released_before_its_notification_was_fetched)
{
	vm1_has_a_message(true);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_NOTIFICATION_GET_32, VM1, 0x4);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_SUCCESS(NW);
}

TEST(release_of_the_hypervisors_own_buffer_leaves_its_vms_alone)
{
	vm1_has_a_message(false);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(VM1), RX_FULL);
}

TEST(release_for_a_vm_leaves_the_hypervisors_own_buffer_alone)
{
	vm1_has_a_message(false);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(rx_state_of(NW), RX_FULL);
}

TEST(release_for_a_vm_that_is_not_known_is_refused)
{
	vm1_has_a_message(false);

	CALL(NW, FFA_RX_RELEASE_32, VM2);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, 0x10000 | VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, 0x8000 | VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(release_for_a_vm_without_buffers_is_denied)
{
	vm1_has_a_message(true);
	unmap_vm(VM1);

	CALL(NW, FFA_RX_RELEASE_32, VM1);
	CHECK_REFUSED(NW, FFA_DENIED);
}
