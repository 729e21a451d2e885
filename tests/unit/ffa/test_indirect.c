/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND2 (DEN0077A, "Indirect messaging"): each check in the specification's order, with its code.
 * What arrives: test_indirect_delivery.c; who is told: test_indirect_notified.c.
 */
#include "tests/unit/ffa/indirect_fixture.h"

#define UUID_OTHER { { 0xAAAA, 0xBBBB, 0xCCCC, 0xDDDD } }
#define UUID_SP2 { { SP2, 0x11111111, 0x22222222, 0x33333333 } } /* ffa_fixture's */
#define NOBODY 0x8042
#define LP 0xFFC0

static void usual_ends(void)
{
	two_ends(FFA_VERSION_1_2, FFA_VERSION_1_2, 1);
}

/** SP1 and SP2, S-EL1, to be changed before usual_boot(). */
static struct partition_config *config1, *config2;

static void usual_configs(void)
{
	system_reset();
	config1 = system_add(SP1, INSTANCE_S1MP);
	config2 = system_add(SP2, INSTANCE_S1MP);
}

static void usual_boot(void)
{
	system_boot(1);
	give_buffers(SP1, 1);
	give_buffers(SP2, 1);
	request(NW, SP1);
}

/** SP1 sends @message and is told @status; the receiver need not exist. */
static void refuse_blindly(const struct indirect *message, enum ffa_status status)
{
	compose_message(message);
	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, status);
}

/* ---- 1: w1 -------------------------------------------------------------------------------------- */

TEST(a_partition_that_names_a_sender_in_w1_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);

	CALL(SP1, SEND2, (uint64_t)SP1 << 16);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, SEND2, (uint64_t)SP2 << 16);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, SEND2, (uint64_t)VM1 << 16);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(reserved_bits_of_w1_are_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);

	CALL(SP1, SEND2, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, SEND2, SP2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(the_upper_halves_of_x1_and_x2_are_ignored)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);

	CALL(SP1, SEND2, UINT64_C(0xFFFF000100000000), UINT64_C(0x100000000));
	CHECK_SUCCESS(SP1);
}

/* ---- 2: the sender ------------------------------------------------------------------------------ */

TEST(a_sender_without_a_tx_buffer_is_denied_before_flags_are_looked_at)
{
	system_boot_usual(1);
	give_buffers(SP2, 1);
	request(NW, SP1);

	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, SEND2, 0, 0x80000000);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_hypervisor_without_a_tx_buffer_is_denied)
{
	system_boot_usual(1);

	CALL(NW, SEND2);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_vm_that_is_not_known_is_denied)
{
	system_boot_usual(1);
	map_hypervisor(1);

	CALL(NW, SEND2, VM1 << 16);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_vm_without_buffers_is_denied)
{
	system_boot_usual(1);
	map_hypervisor(1);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	CHECK_SUCCESS(NW);

	CALL(NW, SEND2, VM1 << 16);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_vm_whose_buffers_were_unmapped_is_denied)
{
	struct indirect message = usual_message(5);

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	message.sender = VM1;
	compose_message(&message);
	unmap_vm(VM1);

	CALL(NW, SEND2, VM1 << 16);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(the_normal_world_cannot_send_for_a_partition)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);
	respond(SP1, NW);

	CALL(NW, SEND2, (uint64_t)SP1 << 16);
	CHECK_REFUSED(NW, FFA_DENIED);
	CHECK_EQUAL(rx_state_of(SP2), RX_EMPTY);
}

/* ---- 3, 4: IDs in the header -------------------------------------------------------------------- */

TEST(a_header_in_anothers_name_is_refused)
{
	struct indirect message = usual_message(5);
	struct ffa_message_header *header;

	usual_ends();
	compose_message(&message);
	header = host_ram(paddr(message_tx(SP1)));

	header->endpoints = FFA_ENDPOINTS(SP3, SP2);
	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	header->endpoints = FFA_ENDPOINTS(NW, SP2);
	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	header->endpoints = FFA_ENDPOINTS(SP2, SP1);
	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_vms_header_in_the_name_of_another_vm_is_refused)
{
	struct indirect message = usual_message(5);
	struct ffa_message_header *header = NULL;

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	map_vm(VM2, 1);
	message.sender = VM1;
	compose_message(&message);
	header = host_ram(paddr(message_tx(VM1)));

	header->endpoints = FFA_ENDPOINTS(VM2, SP2);
	CALL(NW, SEND2, VM1 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	header->endpoints = FFA_ENDPOINTS(NW, SP2);
	CALL(NW, SEND2, VM1 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_message_to_oneself_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	message.receiver = SP1;

	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

/* ---- 5: flags ----------------------------------------------------------------------------------- */

TEST(undefined_flags_are_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	compose_message(&message);

	for (unsigned bit = 0; bit < 32; bit++) {
		if (1U << bit != DELAY_SRI) {
			CALL(SP1, SEND2, 0, 1U << bit);
			CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
			CALL(SP1, SEND2, 0, 1U << bit | DELAY_SRI);
			CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
		}
	}
}

TEST(a_vm_cannot_delay_the_sri)
{
	struct indirect message = usual_message(5);

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	message.sender = VM1;
	compose_message(&message);

	CALL(NW, SEND2, VM1 << 16, DELAY_SRI);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

/* ---- 6: the receiver ---------------------------------------------------------------------------- */

TEST(a_receiver_that_does_not_exist_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();

	message.receiver = NOBODY;
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
	message.receiver = SPMC;
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
	message.receiver = LP;
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
	message.receiver = SPMD;
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
	message.receiver = VM1;
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
	message.receiver = NW; /* has no buffers */
	refuse_blindly(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_receiver_without_an_rx_buffer_is_refused_before_its_methods_are_looked_at)
{
	struct indirect message = usual_message(5);

	usual_configs();
	config2->services[0].messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE;
	system_boot(1);
	give_buffers(SP1, 1);
	request(NW, SP1);

	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_receiver_that_ended_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	request(SP1, SP2);
	fault("data abort", 0);

	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_message_from_vm_to_vm_is_refused)
{
	struct indirect message = usual_message(5);

	system_boot_usual(1);
	map_hypervisor(1);
	map_vm(VM1, 1);
	map_vm(VM2, 1);

	message.sender = VM1;
	message.receiver = VM2;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.receiver = NW;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

/* ---- 7: versions and methods -------------------------------------------------------------------- */

TEST(a_sender_of_1_0_has_no_such_call)
{
	two_ends(FFA_VERSION_1_0, FFA_VERSION_1_2, 1);

	CALL(SP1, SEND2);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}

TEST(a_receiver_of_1_0_is_denied)
{
	struct indirect message = usual_message(5);

	two_ends(FFA_VERSION_1_2, FFA_VERSION_1_0, 1);

	refuse_message(&message, FFA_DENIED);
}

TEST(a_vm_of_1_0_is_denied_as_a_receiver)
{
	struct indirect message = usual_message(5);

	system_boot_usual(1);
	nw_version(FFA_VERSION_1_0);
	map_hypervisor(1);
	map_vm(VM1, 1);
	give_buffers(SP1, 1);
	request(NW, SP1);

	message.receiver = VM1;
	refuse_message(&message, FFA_DENIED);
}

TEST(a_sender_that_declared_no_indirect_messages_is_denied)
{
	struct indirect message = usual_message(5);

	usual_configs();
	config1->services[0].messaging_method = ALL_METHODS & ~FFA_PROPERTY_INDIRECT;
	usual_boot();

	refuse_message(&message, FFA_DENIED);
}

TEST(a_receiver_that_declared_no_indirect_messages_is_denied_before_the_uuid_is_looked_at)
{
	struct indirect message = usual_message(5);

	usual_configs();
	config2->services[0].messaging_method = ALL_METHODS & ~FFA_PROPERTY_INDIRECT;
	usual_boot();

	refuse_message(&message, FFA_DENIED);
	message.uuid = (struct ffa_uuid)UUID_OTHER;
	refuse_message(&message, FFA_DENIED);
}

/* ---- 7a: the UUID ------------------------------------------------------------------------------- */

TEST(a_uuid_that_the_receiver_does_not_serve_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends();
	message.uuid = (struct ffa_uuid)UUID_OTHER;

	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_uuid_that_the_receiver_serves_is_delivered)
{
	struct indirect message = usual_message(5);

	usual_ends();
	message.uuid = (struct ffa_uuid)UUID_SP2;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_uuid_differing_in_any_one_word_is_not_served)
{
	usual_ends();

	for (unsigned i = 0; i < 4; i++) {
		struct indirect message = usual_message(5);

		message.uuid = (struct ffa_uuid)UUID_SP2;
		message.uuid.word[i] ^= 0x80000000;
		refuse_message(&message, FFA_INVALID_PARAMETERS);
	}
}

TEST(a_service_that_takes_no_indirect_messages_is_denied)
{
	struct indirect message = usual_message(5);

	usual_configs();
	config2->services[1] = (struct service_config){
		.uuid = UUID_OTHER, .messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE
	};
	config2->service_count = 2;
	usual_boot();

	message.uuid = (struct ffa_uuid)UUID_OTHER;
	refuse_message(&message, FFA_DENIED);
	message.uuid = (struct ffa_uuid)UUID_SP2;
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(where_a_header_of_1_1_ends_there_is_no_uuid)
{
	struct indirect message = usual_message(40);

	two_ends(FFA_VERSION_1_1, FFA_VERSION_1_1, 1);
	message.header_size = HEADER_1_1;
	message.offset = HEADER_1_1; /* the payload's pattern is where a UUID would be */

	deliver_message(&message, HEADER_1_1, HEADER_1_1);
}

TEST(a_uuid_is_looked_at_before_the_receivers_buffer)
{
	struct indirect message = usual_message(5);

	usual_ends();
	deliver_message(&message, HEADER_1_2, HEADER_1_2);

	message.uuid = (struct ffa_uuid)UUID_OTHER;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

/* ---- 8: the receiver's buffer ------------------------------------------------------------------- */

TEST(a_receiver_that_has_not_released_is_busy)
{
	struct indirect message = usual_message(5);

	usual_ends();
	deliver_message(&message, HEADER_1_2, HEADER_1_2);

	refuse_message(&message, FFA_BUSY);
	check_received(&message, HEADER_1_2, HEADER_1_2); /* the first one */
}

TEST(a_receiver_whose_buffer_holds_something_else_is_busy)
{
	struct indirect message = usual_message(5);

	usual_ends();
	request(SP1, SP2);
	CALL(SP2, FFA_PARTITION_INFO_GET_32);
	respond(SP2, SP1);

	refuse_message(&message, FFA_BUSY);
}

TEST(a_vm_whose_buffer_its_hypervisor_has_acquired_is_busy)
{
	struct indirect message = usual_message(5);

	usual_ends();
	respond(SP1, NW);
	map_hypervisor(1);
	map_vm(VM1, 1);
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_SUCCESS(NW);
	request(NW, SP1);

	message.receiver = VM1;
	refuse_message(&message, FFA_BUSY);
}

TEST(a_full_buffer_is_told_before_the_payload_is_looked_at)
{
	struct indirect message = usual_message(5);

	usual_ends();
	deliver_message(&message, HEADER_1_2, HEADER_1_2);

	message.offset = 3;
	refuse_message(&message, FFA_BUSY);
	message.offset = 0xFFFFFFFF;
	refuse_message(&message, FFA_BUSY);
}
