/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND2 (DEN0077A, "Indirect messaging"): where the payload may be, what the receiver finds in its
 * RX buffer whatever the versions of the two are, sizes, and buffers that vanish. The other checks:
 * test_indirect.c.
 */
#include "tests/unit/ffa/indirect_fixture.h"

#define SERVICE_OF_SP2 { { SP2, 0x11111111, 0x22222222, 0x33333333 } } /* ffa_fixture's */

static void usual_ends(uint32_t page_count)
{
	two_ends(FFA_VERSION_1_2, FFA_VERSION_1_2, page_count);
}

/* ---- headers ------------------------------------------------------------------------------------ */

TEST(a_message_arrives_as_the_specification_shows_it)
{
	static const uint8_t sent[] = {
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x28, 0x00, 0x00, 0x00,
		0x02, 0x80, 0x01, 0x80, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x00, 0x00, 0x00,
	};

	usual_ends(1);
	memcpy(host_ram(paddr(message_tx(SP1))), sent, sizeof(sent));
	spoil_rx(SP2);

	CALL(SP1, SEND2);

	CHECK_SUCCESS(SP1);
	CHECK_BYTES(host_ram(paddr(message_rx(SP2))), sent, sizeof(sent));
}

/** SP1 of @from sends SP2 of @to 100 bytes right behind its header; they arrive at @offset. */
static void deliver_between(uint32_t from, uint32_t to, uint32_t header_size, uint32_t offset)
{
	struct indirect message = usual_message(100);

	two_ends(from, to, 1);
	if (from == FFA_VERSION_1_1) {
		message.header_size = HEADER_1_1;
		message.offset = HEADER_1_1;
	} else {
		message.uuid = (struct ffa_uuid)SERVICE_OF_SP2;
	}
	deliver_message(&message, header_size, offset);
}

TEST(a_message_between_1_1_has_the_short_header)
{
	deliver_between(FFA_VERSION_1_1, FFA_VERSION_1_1, 20, 20);
}

TEST(a_message_from_1_1_to_1_2_moves_behind_the_longer_header)
{
	deliver_between(FFA_VERSION_1_1, FFA_VERSION_1_2, 40, 44);
}

TEST(a_message_from_1_1_to_1_3_moves_behind_the_longer_header)
{
	deliver_between(FFA_VERSION_1_1, FFA_VERSION_1_3, 40, 44);
}

TEST(a_message_from_1_2_to_1_1_stays_with_nothing_where_its_header_was_longer)
{
	deliver_between(FFA_VERSION_1_2, FFA_VERSION_1_1, 20, 40);
}

TEST(a_message_between_1_2_keeps_its_uuid)
{
	deliver_between(FFA_VERSION_1_2, FFA_VERSION_1_2, 40, 40);
}

TEST(a_message_from_1_2_to_1_3_keeps_its_uuid)
{
	deliver_between(FFA_VERSION_1_2, FFA_VERSION_1_3, 40, 40);
}

TEST(a_message_from_1_3_to_1_1_stays_with_nothing_where_its_header_was_longer)
{
	deliver_between(FFA_VERSION_1_3, FFA_VERSION_1_1, 20, 40);
}

TEST(a_message_from_1_3_to_1_2_keeps_its_uuid)
{
	deliver_between(FFA_VERSION_1_3, FFA_VERSION_1_2, 40, 40);
}

TEST(a_message_between_1_3_keeps_its_uuid)
{
	deliver_between(FFA_VERSION_1_3, FFA_VERSION_1_3, 40, 40);
}

TEST(a_payload_that_moves_keeps_its_alignment)
{
	struct indirect message = usual_message(9);

	two_ends(FFA_VERSION_1_1, FFA_VERSION_1_2, 1);
	message.header_size = HEADER_1_1;

	for (uint32_t offset = HEADER_1_1; offset < HEADER_1_2; offset++) {
		uint32_t moved = offset % 8 + HEADER_1_2; /* 40 is a multiple of 8 */

		message.offset = offset;
		deliver_message(&message, HEADER_1_2, moved);
		request(SP1, SP2);
		CALL(SP2, FFA_NOTIFICATION_GET_32, SP2, 0x4);
		CALL(SP2, FFA_RX_RELEASE_32);
		respond(SP2, SP1);
	}
}

TEST(a_payload_behind_the_receivers_header_stays_where_it_was)
{
	struct indirect message = usual_message(9);

	two_ends(FFA_VERSION_1_1, FFA_VERSION_1_2, 1);
	message.header_size = HEADER_1_1;
	message.offset = HEADER_1_2;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(between_header_and_payload_the_receiver_finds_nothing)
{
	struct indirect message = usual_message(9);

	usual_ends(1);
	message.offset = 1001;

	deliver_message(&message, HEADER_1_2, 1001);
}

TEST(flags_and_reserved_words_of_the_header_are_not_passed_on)
{
	struct indirect message = usual_message(9);
	struct ffa_message_header *header;

	usual_ends(1);
	compose_message(&message);
	header = host_ram(paddr(message_tx(SP1)));
	header->flags = 0x12345678;
	header->reserved = 0xDEADBEEF;
	header->reserved2 = 0xFEEDBEEF;
	spoil_rx(SP2);

	CALL(SP1, SEND2);
	CHECK_SUCCESS(SP1);
	check_received(&message, HEADER_1_2, HEADER_1_2);
}

/* ---- who sends to whom -------------------------------------------------------------------------- */

/** SP1, SP2, the hypervisor and VM1 with buffers; the normal world, of @version, runs. */
static void partitions_and_vms(uint32_t version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP);
	system_boot(1);
	nw_version(version);
	give_buffers(SP1, 1);
	give_buffers(SP2, 1);
	map_hypervisor(1);
	map_vm(VM1, 1);
}

TEST(a_vm_sends_to_a_partition)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_2);
	message.sender = VM1;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_hypervisor_sends_to_a_partition)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_2);
	message.sender = NW;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_vm_of_1_1_sends_with_the_short_header)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_1);
	message.sender = VM1;
	message.header_size = HEADER_1_1;
	message.offset = HEADER_1_1;

	deliver_message(&message, HEADER_1_2, 44);
}

TEST(a_partition_sends_to_a_vm_whatever_the_uuid)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_2);
	request(NW, SP1);
	message.receiver = VM1;
	message.uuid =
		(struct ffa_uuid){ { 1, 2, 3, 4 } }; /* of which services it has nobody knows */

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_partition_sends_to_a_vm_of_1_1_with_the_short_header)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_1);
	request(NW, SP1);
	message.receiver = VM1;

	deliver_message(&message, HEADER_1_1, HEADER_1_2);
}

TEST(a_partition_sends_to_a_vm_of_1_3)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_3);
	request(NW, SP1);
	message.receiver = VM1;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_partition_sends_to_the_hypervisor)
{
	struct indirect message = usual_message(333);

	partitions_and_vms(FFA_VERSION_1_2);
	request(NW, SP1);
	message.receiver = NW;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

/** SP4, S-EL0, starts with its buffers; SP1 and the normal world have theirs, SP4 runs. */
static void sp4_runs_with_buffers(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->boot_order = 1;
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();
	CALL(SP1, FFA_RXTX_MAP_64, message_tx(SP1), message_rx(SP1), 1);
	CHECK_SUCCESS(SP1);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(SP4, FFA_MEM_PERM_SET_64, message_tx(SP4), 1, FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
	CHECK_SUCCESS(SP4);
	CALL(SP4, FFA_RXTX_MAP_64, message_tx(SP4), message_rx(SP4), 1);
	CHECK_SUCCESS(SP4);
}

TEST(an_s_el0_partition_sends_while_it_starts)
{
	struct indirect message = usual_message(77);

	sp4_runs_with_buffers();
	message.sender = SP4;
	message.receiver = SP1;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(an_s_el0_partition_receives_into_its_read_only_buffer)
{
	struct indirect message = usual_message(77);

	sp4_runs_with_buffers();
	system_finish_start();
	request(NW, SP1);
	message.receiver = SP4;

	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

/* ---- where the payload is ----------------------------------------------------------------------- */

TEST(a_payload_that_begins_in_the_header_is_refused)
{
	struct indirect message = usual_message(5);

	usual_ends(1);

	message.offset = 39;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 20;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 0;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_payload_that_begins_in_the_header_of_1_1_is_refused)
{
	struct indirect message = usual_message(5);

	two_ends(FFA_VERSION_1_1, FFA_VERSION_1_1, 1);
	message.header_size = HEADER_1_1;

	message.offset = 19;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_payload_that_ends_behind_the_buffer_is_refused)
{
	struct indirect message = usual_message(4096 - 40 + 1);

	usual_ends(1);

	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 4096;
	message.size = 1;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 4097;
	message.size = 0;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

TEST(a_payload_whose_end_overflows_is_refused)
{
	struct indirect message = usual_message(0);

	usual_ends(16);

	message.size = 0xFFFFFFFF;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.size = 0xFFFFFFFF - 39; /* with the offset: 0 in 32 bits */
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 0xFFFFFFFF;
	message.size = 1;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
	message.offset = 0x80000000;
	message.size = 0x80000000;
	refuse_message(&message, FFA_INVALID_PARAMETERS);
}

/* ---- sizes -------------------------------------------------------------------------------------- */

/** @size bytes at @offset, in buffers of @page_count pages. */
static void deliver_at(uint32_t page_count, uint32_t offset, uint32_t size)
{
	struct indirect message = usual_message(size);

	usual_ends(page_count);
	message.offset = offset;
	deliver_message(&message, HEADER_1_2, offset);
}

TEST(a_message_of_no_bytes_is_delivered)
{
	deliver_at(1, 40, 0);
}

TEST(a_message_of_no_bytes_at_the_buffers_end_is_delivered)
{
	deliver_at(1, 4096, 0);
	deliver_at(16, 16 * 4096, 0);
	deliver_at(16, 8 * 4096, 0);
}

TEST(a_message_of_one_byte_is_delivered)
{
	deliver_at(1, 40, 1);
	deliver_at(16, 16 * 4096 - 1, 1);
}

TEST(a_message_of_an_odd_size_at_an_odd_offset_is_delivered)
{
	deliver_at(1, 1003, 1027);
}

TEST(a_message_that_fills_a_page_is_delivered)
{
	deliver_at(1, 40, 4096 - 40);
}

TEST(a_message_of_a_page_and_a_byte_is_delivered)
{
	deliver_at(16, 40, 4097);
}

TEST(a_message_across_the_middle_of_large_buffers_is_delivered)
{
	deliver_at(16, 8 * 4096 - 3, 7);
	deliver_at(16, 7 * 4096 + 1, 2 * 4096);
	deliver_at(9, 40, 9 * 4096 - 40);
}

TEST(a_message_far_behind_its_header_is_delivered)
{
	deliver_at(16, 13 * 4096 + 5, 4099);
}

TEST(the_longest_message_fills_the_largest_buffers)
{
	deliver_at(16, 40, 16 * 4096 - 40);
}

TEST(a_payload_that_moves_does_so_across_large_buffers)
{
	struct indirect message = usual_message(10 * 4096 + 1);

	two_ends(FFA_VERSION_1_1, FFA_VERSION_1_2, 16);
	message.header_size = HEADER_1_1;
	message.offset = 21;

	deliver_message(&message, HEADER_1_2, 45);
}

/* ---- buffers of different sizes ----------------------------------------------------------------- */

/** SP1 with @from_pages, SP2 with @to_pages; SP1 runs. */
static void uneven_ends(uint32_t version, uint32_t from_pages, uint32_t to_pages)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = version;
	system_add(SP2, INSTANCE_S1MP);
	system_boot(1);
	give_buffers(SP1, from_pages);
	give_buffers(SP2, to_pages);
	request(NW, SP1);
}

TEST(a_larger_receiver_gets_the_rest_of_its_buffer_zeroed)
{
	struct indirect message = usual_message(4096 - 40);

	uneven_ends(FFA_VERSION_1_2, 1, 16);
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_smaller_receiver_takes_what_fits)
{
	struct indirect message = usual_message(2 * 4096 - 40);

	uneven_ends(FFA_VERSION_1_2, 16, 2);
	deliver_message(&message, HEADER_1_2, HEADER_1_2);
}

TEST(a_message_longer_than_the_receivers_buffer_is_no_memory)
{
	struct indirect message = usual_message(2 * 4096 - 40 + 1);

	uneven_ends(FFA_VERSION_1_2, 16, 2);

	refuse_message(&message, FFA_NO_MEMORY);
	message.offset = 2 * 4096;
	message.size = 1;
	refuse_message(&message, FFA_NO_MEMORY);
	message.offset = 2 * 4096 + 1;
	message.size = 0;
	refuse_message(&message, FFA_NO_MEMORY);
}

TEST(a_message_that_no_longer_fits_behind_the_longer_header_is_no_memory)
{
	struct indirect message = usual_message(4096 - 40 + 1);

	uneven_ends(FFA_VERSION_1_1, 1, 1);
	message.header_size = HEADER_1_1;
	message.offset = HEADER_1_1;

	refuse_message(&message, FFA_NO_MEMORY);
	message.size--;
	deliver_message(&message, HEADER_1_2, 40); /* no room for the sender's alignment */
}

TEST(a_message_keeps_its_alignment_where_there_is_room_for_it)
{
	struct indirect message = usual_message(4096 - 44);

	uneven_ends(FFA_VERSION_1_1, 1, 1);
	message.header_size = HEADER_1_1;
	message.offset = HEADER_1_1;
	deliver_message(&message, HEADER_1_2, 44);
}
