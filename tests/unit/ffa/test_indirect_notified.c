/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND2 (DEN0077A, "Indirect messaging"): who is told that an RX buffer is full, when, and that a
 * buffer is not given back before its notification was fetched.
 */
#include "tests/unit/ffa/indirect_fixture.h"

#define GET FFA_NOTIFICATION_GET_32
#define INFO FFA_NOTIFICATION_INFO_GET_64
#define FROM_SPMC 0x4
#define FROM_HYPERVISOR 0x8

/** SP1 runs; it and SP2, which has notifications, have buffers. */
static void usual_ends(void)
{
	two_ends(FFA_VERSION_1_2, FFA_VERSION_1_2, 1);
}

/** As usual_ends(), SP2 without notifications. */
static void ends_without_notifications(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP);
	system_boot(1);
	give_buffers(SP1, 1);
	give_buffers(SP2, 1);
	request(NW, SP1);
}

/** As usual_ends(), the hypervisor and VM1 with buffers too; the normal world runs. */
static void ends_and_vms(void)
{
	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
}

/** @from, SP1 if not a VM, sends five bytes to @to. */
static void send_five(uint16_t from, uint16_t to)
{
	struct indirect message = usual_message(5);

	message.sender = from;
	message.receiver = to;
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

static bool npi_is_on(uint16_t id)
{
	return context_of(id, 0)->arch.machine.irq_line;
}

/* ---- which notification ------------------------------------------------------------------------- */

TEST(a_partitions_message_lets_the_spmcs_notification_pend)
{
	usual_ends();

	send_five(SP1, SP2);
	request(SP1, SP2);
	CALL(SP2, GET, SP2, 0xF);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
	CALL(SP2, GET, SP2, 0xF);
	CHECK_SUCCESS(SP2);
}

TEST(a_vms_message_lets_the_hypervisors_notification_pend)
{
	ends_and_vms();

	send_five(VM1, SP2);
	request(NW, SP2);
	CALL(SP2, GET, SP2, 0xF);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 0, 1);
}

TEST(the_hypervisors_own_message_lets_the_hypervisors_notification_pend)
{
	ends_and_vms();

	send_five(NW, SP2);
	request(NW, SP2);
	CALL(SP2, GET, SP2, FROM_HYPERVISOR);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 0, 1);
}

TEST(a_message_to_a_vm_lets_the_spmcs_notification_pend)
{
	ends_and_vms();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	request(NW, SP1);

	send_five(SP1, VM1);
	respond(SP1, NW);
	CALL(NW, GET, VM1, FROM_SPMC);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
}

TEST(messages_from_both_worlds_pend_apart)
{
	ends_and_vms();

	send_five(VM1, SP2);
	request(NW, SP2);
	CALL(SP2, GET, SP2, FROM_HYPERVISOR);
	CALL(SP2, FFA_RX_RELEASE_32);
	respond(SP2, NW);
	request(NW, SP1);
	send_five(SP1, SP2);
	request(SP1, SP2);
	CALL(SP2, GET, SP2, FROM_HYPERVISOR);
	CHECK_SUCCESS(SP2);
	CALL(SP2, GET, SP2, FROM_SPMC);
	CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
}

/* ---- the scheduler ------------------------------------------------------------------------------ */

TEST(a_message_raises_the_sri_at_once)
{
	usual_ends();

	send_five(SP1, SP2);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
	respond(SP1, NW);
	CALL(NW, INFO);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, SP2);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
}

TEST(a_delayed_sri_comes_when_the_normal_world_runs)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);

	CALL(SP1, SEND2, 0, DELAY_SRI);
	CHECK_SUCCESS(SP1);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
	respond(SP1, NW);
	CALL(NW, INFO);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, SP2);
	CALL(NW, INFO);
	CHECK_REFUSED(NW, FFA_NO_DATA);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
}

TEST(a_vms_message_raises_the_sri_at_once)
{
	ends_and_vms();

	send_five(VM1, SP2);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
	CALL(NW, INFO);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, SP2);
}

TEST(a_message_to_a_vm_with_notifications_raises_the_sri)
{
	ends_and_vms();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	request(NW, SP1);

	send_five(SP1, VM1);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
	respond(SP1, NW);
	CALL(NW, INFO);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, VM1);
}

TEST(a_receiver_without_notifications_gets_its_message_and_nobody_is_told)
{
	ends_without_notifications();

	send_five(SP1, SP2);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
	respond(SP1, NW);
	CALL(NW, INFO);
	CHECK_REFUSED(NW, FFA_NO_DATA);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
}

TEST(a_delayed_sri_is_not_owed_for_a_receiver_without_notifications)
{
	struct indirect message = usual_message(5);

	ends_without_notifications();
	compose_message(&message);

	CALL(SP1, SEND2, 0, DELAY_SRI);
	CHECK_SUCCESS(SP1);
	respond(SP1, NW);
	CALL(NW, FFA_ID_GET_32);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
}

TEST(a_vm_without_notifications_gets_its_message_and_nobody_is_told)
{
	ends_and_vms();
	request(NW, SP1);

	send_five(SP1, VM1);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
}

/* ---- the receiver ------------------------------------------------------------------------------- */

TEST(the_receiver_is_interrupted_when_it_is_run_until_it_has_fetched)
{
	usual_ends();
	send_five(SP1, SP2);
	CHECK(!npi_is_on(SP2));
	respond(SP1, NW);

	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK(npi_is_on(SP2));
	CALL_THROUGH(ARCH_CONDUIT_HVC, 0xFF04);
	CHECK_GOT(SP2, VIRQ_NOTIFICATION);
	CALL(SP2, GET, SP2, FROM_SPMC);
	CHECK(!npi_is_on(SP2));
	CALL(SP2, FFA_MSG_WAIT_32);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK(!npi_is_on(SP2));
}

TEST(a_receiver_that_has_not_fetched_is_interrupted_each_time_it_is_run)
{
	usual_ends();
	send_five(SP1, SP2);
	respond(SP1, NW);

	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CALL_THROUGH(ARCH_CONDUIT_HVC, 0xFF04);
	CHECK_GOT(SP2, VIRQ_NOTIFICATION);
	CALL(SP2, FFA_MSG_WAIT_32);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK(npi_is_on(SP2));
}

TEST(the_receiver_is_interrupted_when_a_request_enters_it)
{
	usual_ends();
	send_five(SP1, SP2);

	request(SP1, SP2);
	CHECK(npi_is_on(SP2));
}

TEST(a_receiver_without_notifications_is_not_interrupted)
{
	ends_without_notifications();
	send_five(SP1, SP2);

	request(SP1, SP2);
	CHECK(!npi_is_on(SP2));
}

TEST(a_buffer_is_not_released_before_its_notification_was_fetched)
{
	usual_ends();
	send_five(SP1, SP2);
	request(SP1, SP2);

	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_REFUSED(SP2, FFA_DENIED);
	CALL(SP2, GET, SP2, FROM_HYPERVISOR); /* another bitmap */
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_REFUSED(SP2, FFA_DENIED);
	CALL(SP2, GET, SP2, FROM_SPMC);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(SP2);
	CHECK_EQUAL(rx_state_of(SP2), RX_EMPTY);
}

TEST(a_buffer_with_a_vms_message_is_not_released_before_its_notification_was_fetched)
{
	ends_and_vms();
	send_five(VM1, SP2);
	request(NW, SP2);

	CALL(SP2, GET, SP2, FROM_SPMC);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_REFUSED(SP2, FFA_DENIED);
	CALL(SP2, GET, SP2, FROM_HYPERVISOR);
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(SP2);
}

TEST(a_receiver_without_notifications_may_release_at_once)
{
	ends_without_notifications();
	send_five(SP1, SP2);
	request(SP1, SP2);

	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(SP2);
}

TEST(a_scheduler_that_was_told_has_not_fetched_for_the_receiver)
{
	usual_ends();
	send_five(SP1, SP2);
	respond(SP1, NW);
	CALL(NW, INFO);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, SP2);

	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CALL(SP2, FFA_RX_RELEASE_32);
	CHECK_REFUSED(SP2, FFA_DENIED);
}

TEST(waiting_leaves_a_buffer_full_whose_notification_was_not_fetched)
{
	struct indirect message = usual_message(5);

	usual_ends();
	send_five(SP1, SP2);
	respond(SP1, NW);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));

	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	check_received(&message, HEADER_1_2, HEADER_1_2);
	request(NW, SP1);
	refuse_message(&message, FFA_BUSY);
}

TEST(waiting_gives_a_buffer_back_whose_notification_was_fetched)
{
	usual_ends();
	send_five(SP1, SP2);
	respond(SP1, NW);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CALL(SP2, GET, SP2, FROM_SPMC);

	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_EQUAL(rx_state_of(SP2), RX_EMPTY);
	request(NW, SP1);
	send_five(SP1, SP2);
}

TEST(messages_may_go_on_for_ever_and_each_is_told_once)
{
	usual_ends();

	for (unsigned i = 1; i <= 50; i++) {
		send_five(SP1, SP2);
		CHECK_EQUAL(this_pe()->arch.sri_count, i);
		respond(SP1, NW);
		CALL(NW, INFO);
		CHECK_GOT(NW, FFA_SUCCESS_64, 0, 0x80, SP2);
		CALL(NW, INFO);
		CHECK_REFUSED(NW, FFA_NO_DATA);
		CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
		CALL(SP2, GET, SP2, FROM_SPMC);
		CHECK_GOT(SP2, FFA_SUCCESS_32, 0, 0, 0, 0, 0, 1);
		CALL(SP2, FFA_MSG_WAIT_32);
		request(NW, SP1);
	}
}

TEST(a_receiver_that_ends_takes_its_notification_with_it)
{
	usual_ends();
	send_five(SP1, SP2);
	request(SP1, SP2);
	fault("data abort", 0);
	respond(SP1, NW);

	CALL(NW, INFO);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}

/* ---- buffers that go ---------------------------------------------------------------------------- */

TEST(a_partition_that_unmaps_a_full_buffer_is_told_of_it_no_more)
{
	usual_ends();
	send_five(SP1, SP2);
	respond(SP1, NW);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK(npi_is_on(SP2));

	CALL(SP2, FFA_RXTX_UNMAP_32);
	CHECK_SUCCESS(SP2);
	CHECK(!npi_is_on(SP2));
	CALL(SP2, GET, SP2, 0xF);
	CHECK_SUCCESS(SP2);
	CALL(SP2, FFA_MSG_WAIT_32);
	CALL(NW, INFO);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}

TEST(a_vm_whose_full_buffer_is_unmapped_has_nothing_pending)
{
	ends_and_vms();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	CHECK_SUCCESS(NW);
	request(NW, SP1);
	send_five(SP1, VM1);
	respond(SP1, NW);

	unmap_vm(VM1);
	CALL(NW, INFO);
	CHECK_REFUSED(NW, FFA_NO_DATA);
	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, VM1);
	CHECK_SUCCESS(NW);
}
