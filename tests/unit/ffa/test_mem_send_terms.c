/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MEM_SHARE, FFA_MEM_LEND and FFA_MEM_DONATE (DEN0140): who may send what to whom, in the order of the
 * checks, for the normal world and a partition, in each version with a layout of its own.
 */
#include "tests/unit/ffa/sender_fixture.h"

/* ---- flags and parties -------------------------------------------------------------------------- */

/** @flags in a descriptor of @kind whose borrower is not allowed, which comes later. */
static void check_flags(enum transaction_kind kind, uint32_t flags, enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	message.flags = flags;
	message.sender = SP3;
	check_message(kind, &message, status);
}

TEST_OF_EACH_SENDER(flags_that_a_send_does_not_have_are_refused)
{
	check_flags(TRANSACTION_SHARE, 0x4, FFA_INVALID_PARAMETERS);
	check_flags(TRANSACTION_LEND, 0x4, FFA_INVALID_PARAMETERS);
	check_flags(TRANSACTION_SHARE, 0x8, FFA_INVALID_PARAMETERS); /* it says so itself: SHARE */
	check_flags(TRANSACTION_DONATE, 0x20, FFA_INVALID_PARAMETERS);
	check_flags(TRANSACTION_LEND, 0x400, FFA_INVALID_PARAMETERS);
	check_flags(TRANSACTION_LEND, 0x80000000, FFA_INVALID_PARAMETERS);
	check_flags(TRANSACTION_LEND, FFA_MEMORY_FLAG_ZERO, FFA_DENIED);
	check_flags(TRANSACTION_LEND, FFA_MEMORY_FLAG_TIME_SLICE,
		    FFA_DENIED); /* that comes later */
}

TEST_OF_EACH_SENDER(shared_memory_is_not_zeroed)
{
	check_flags(TRANSACTION_SHARE, FFA_MEMORY_FLAG_ZERO, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(a_handle_is_not_the_senders_to_give)
{
	compose_usual(TRANSACTION_SHARE);
	put(HANDLE, 1, 8);
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(memory_is_donated_to_one_only)
{
	struct mem_message message = sender_message(TRANSACTION_DONATE);

	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = VM1 }; /* would be DENIED */
	check_message(TRANSACTION_DONATE, &message, FFA_INVALID_PARAMETERS);
}

/** @kind to SP2 and @id: @status. */
static void check_receiver(enum transaction_kind kind, uint16_t id, enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	if (kind == TRANSACTION_DONATE) {
		message.receivers[0].id = id;
	} else {
		message.receiver_count = 2;
		message.receivers[1] = (struct mem_receiver){ .id = id, .permissions = RW };
		message.attributes = WB;
	}
	check_message(kind, &message, status);
}

TEST_OF_EACH_SENDER(borrowers_exist_and_are_not_the_sender)
{
	check_receiver(TRANSACTION_SHARE, 0x8007, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_LEND, 0xFFFF, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_DONATE, 0x8007, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_SHARE, SPMC, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_SHARE, sent.who, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_LEND, sent.who, FFA_INVALID_PARAMETERS);
	check_receiver(TRANSACTION_DONATE, sent.who, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(a_borrower_that_is_not_there_comes_before_worlds_that_may_not)
{
	struct mem_message message = sender_message(TRANSACTION_LEND);

	message.receiver_count = 2;
	message.receivers[0].id = VM1; /* DENIED: LEND by the normal world, secure memory */
	message.receivers[1] = (struct mem_receiver){ .id = 0x8007, .permissions = RW };
	check_message(TRANSACTION_LEND, &message, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(worlds_deal_with_each_other_as_they_may)
{
	enum ffa_status of_normal_world = sent.who == NW ? FFA_OK : FFA_DENIED;

	check_receiver(TRANSACTION_LEND, VM1, FFA_DENIED);
	check_receiver(TRANSACTION_DONATE, VM1, FFA_DENIED);
	check_receiver(TRANSACTION_SHARE, VM1, of_normal_world);
}

TEST_OF_EACH_SENDER(vms_alone_are_the_hypervisors_business)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.receivers[0].id = VM1;
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
	message.receiver_count = 2;
	message.receivers[1] = (struct mem_receiver){ .id = VM2, .permissions = RO };
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
}

TEST_OF_EACH_SENDER(worlds_that_may_not_come_before_lengths)
{
	struct mem_message message = sender_message(TRANSACTION_DONATE);

	message.receivers[0].id = VM1;
	compose(&message);
	CHECK_EQUAL(send_part(TRANSACTION_DONATE, sent.size - 4, sent.size - 4), FFA_DENIED);
	CHECK_EQUAL(send_part(TRANSACTION_DONATE, sent.size, sent.composite + 8), FFA_DENIED);
}

TEST_OF_EACH_SENDER(the_first_fragment_has_all_before_the_constituents)
{
	compose_usual(TRANSACTION_SHARE);
	put(0, SP3, 2); /* DENIED, but that comes later */
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.composite),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.composite + 12),
		    FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(lengths_are_made_of_whole_records_and_that_comes_before_the_sender)
{
	compose_usual(TRANSACTION_SHARE);
	put(0, SP3, 2);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size + 4, sent.size), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.size - 4), FFA_INVALID_PARAMETERS);
	if (sent.version >= FFA_VERSION_1_1) { /* a composite of 1.0 is aligned to 8 */
		CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size + 8, sent.size + 8),
			    FFA_INVALID_PARAMETERS);
	}
}

TEST_OF_EACH_SENDER(the_sender_is_who_calls)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.sender = SP3;
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
	check_message(TRANSACTION_LEND, &message, FFA_DENIED);
	message.sender = 0x8009;
	check_message(TRANSACTION_SHARE, &message, FFA_DENIED);
	message.sender = VM2; /* a hypervisor speaks for its VMs */
	check_message(TRANSACTION_SHARE, &message, sent.who == NW ? FFA_OK : FFA_DENIED);
}

/* ---- lengths and terms -------------------------------------------------------------------------- */

TEST_OF_EACH_SENDER(a_sender_that_does_not_call_comes_before_the_composite)
{
	compose_usual(TRANSACTION_SHARE);
	put(0, SP3, 2);
	put(sent.composite + 4, 7, 4);
	CHECK_SENT(FFA_DENIED);
}

TEST_OF_EACH_SENDER(the_composite_is_aligned)
{
	compose_usual(TRANSACTION_SHARE);
	memmove(sent.bytes + sent.composite + 4, sent.bytes + sent.composite, 32);
	put(sent.access + 4, sent.composite + 4, 4);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size, sent.size), FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size + 16, sent.size + 16),
		    FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(the_length_is_that_of_the_constituents)
{
	compose_usual(TRANSACTION_SHARE);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size + 16, sent.size),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size + 16, sent.size + 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size - 16, sent.size - 16),
		    FFA_INVALID_PARAMETERS);
	put(sent.composite + 4, 0, 4);
	CHECK_EQUAL(send_part(TRANSACTION_SHARE, sent.size - 16, sent.size - 16),
		    FFA_INVALID_PARAMETERS);
	put(sent.composite + 4, 0x10000001, 4); /* times 16: 16 in 32 bits */
	CHECK_SENT(FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(nothing_is_sliced)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.flags = FFA_MEMORY_FLAG_TIME_SLICE;
	message.attributes = 0x21; /* DENIED, but that comes later */
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(borrowers_are_listed_once)
{
	struct mem_message message = sender_message(TRANSACTION_SHARE);

	message.attributes = 0x21;
	message.receiver_count = 3;
	message.receivers[1] = (struct mem_receiver){ .id = SP3, .permissions = RO };
	message.receivers[2] = (struct mem_receiver){ .id = SP2, .permissions = RO };
	check_message(TRANSACTION_SHARE, &message, FFA_INVALID_PARAMETERS);
}

static void check_permissions(enum transaction_kind kind, uint8_t permissions,
			      enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	message.receivers[0].permissions = permissions;
	message.attributes = kind == TRANSACTION_SHARE ? 0x21 : 0; /* SHARE: DENIED, but later */
	check_message(kind, &message, status);
}

TEST_OF_EACH_SENDER(a_sender_of_shared_memory_says_how_its_data_is_accessed)
{
	check_permissions(TRANSACTION_SHARE, 0, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, FFA_MEMORY_DATA_RESERVED, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RW | NX, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RO | FFA_MEMORY_INSTRUCTION_X, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RW | 0xC, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RW | 0x10, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RW | 0x80, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_SHARE, RW, FFA_DENIED);
	check_permissions(TRANSACTION_SHARE, RO, FFA_DENIED);
}

TEST_OF_EACH_SENDER(a_sender_of_lent_memory_says_how_its_data_is_accessed)
{
	check_permissions(TRANSACTION_LEND, 0, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_LEND, FFA_MEMORY_DATA_RESERVED, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_LEND, RW | NX, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_LEND, RO | FFA_MEMORY_INSTRUCTION_X, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_LEND, RO, FFA_OK);
}

TEST_OF_EACH_SENDER(a_sender_of_donated_memory_says_nothing_of_access)
{
	check_permissions(TRANSACTION_DONATE, RO, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_DONATE, RW, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_DONATE, FFA_MEMORY_DATA_RESERVED, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_DONATE, NX, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_DONATE, 0x10, FFA_INVALID_PARAMETERS);
	check_permissions(TRANSACTION_DONATE, 0, FFA_OK);
}

static void check_attributes(enum transaction_kind kind, uint16_t attributes,
			     enum ffa_status status)
{
	struct mem_message message = sender_message(kind);

	message.attributes = attributes;
	check_message(kind, &message, status);
}

TEST_OF_EACH_SENDER(the_ns_bit_is_not_the_senders_to_set)
{
	check_attributes(TRANSACTION_SHARE, WB | FFA_MEMORY_NON_SECURE, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_SHARE, 0x21 | FFA_MEMORY_NON_SECURE, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_LEND, FFA_MEMORY_NON_SECURE, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_SHARE, WB | 0x80, FFA_INVALID_PARAMETERS);
	if (sent.version >= FFA_VERSION_1_1) {
		check_attributes(TRANSACTION_SHARE, WB | 0x8000, FFA_INVALID_PARAMETERS);
	}
}

TEST_OF_EACH_SENDER(the_type_of_exclusive_memory_is_left_to_its_borrower)
{
	check_attributes(TRANSACTION_LEND, WB, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_LEND, FFA_MEMORY_TYPE_DEVICE, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_LEND, FFA_MEMORY_TYPE_RESERVED, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_DONATE, WB, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_DONATE, FFA_MEMORY_TYPE_RESERVED, FFA_INVALID_PARAMETERS);
	check_attributes(TRANSACTION_SHARE, 0, FFA_INVALID_PARAMETERS);
}

TEST_OF_EACH_SENDER(reserved_encodings_of_attributes_are_denied)
{
	check_attributes(TRANSACTION_SHARE, FFA_MEMORY_TYPE_RESERVED | 0xF, FFA_DENIED);
	check_attributes(TRANSACTION_SHARE, 0x2D, FFA_DENIED); /* shareability */
	check_attributes(TRANSACTION_SHARE, 0x23, FFA_DENIED); /* cacheability */
	check_attributes(TRANSACTION_SHARE, 0x2B, FFA_DENIED);
	check_attributes(TRANSACTION_SHARE, 0x11, FFA_DENIED);
}
