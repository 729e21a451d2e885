/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Indirect messages as tests write, send and look for them. SP1 sends and SP2 receives unless a test says
 * otherwise; payloads are a pattern, and everything around them in TX and RX is junk before.
 */
#ifndef TESTS_UNIT_FFA_INDIRECT_FIXTURE_H
#define TESTS_UNIT_FFA_INDIRECT_FIXTURE_H

#include "tests/unit/ffa/vm_fixture.h"

#define SEND2 FFA_MSG_SEND2_32
#define DELAY_SRI 0x2

enum {
	HEADER_1_1 = 20,
	HEADER_1_2 = 40,
};

/** A message in its sender's TX buffer. */
struct indirect {
	uint16_t sender, receiver;
	uint32_t header_size; /* of the sender's version */
	uint32_t offset, size; /* of the payload */
	struct ffa_uuid uuid; /* in a header of HEADER_1_2 */
};

/** A message of @size bytes from SP1 to SP2 right behind a header of v1.2. */
struct indirect usual_message(uint32_t size);

/** Buffers of a partition or a VM (NW: the hypervisor), each with room for 16 pages. */
uint64_t message_tx(uint16_t id);
uint64_t message_rx(uint16_t id);

/** Maps @page_count pages each for partition @id, which waits; the normal world runs before and afterwards. */
void give_buffers(uint16_t id, uint32_t page_count);

/** SP1 of @from and SP2 of @to, with buffers of @page_count pages, SP2 with notifications; SP1 runs. */
void two_ends(uint32_t from, uint32_t to, uint32_t page_count);

/** Writes @message into its sender's TX buffer; all else there is junk. */
void compose_message(const struct indirect *message);

/** Fills the RX buffer of @id with junk. */
void spoil_rx(uint16_t id);

/** The sender, or the hypervisor of it, composes and sends; the receiver's RX is junk before. */
void send_message(const struct indirect *message);

/** Checks the receiver's whole RX buffer: header of @header_size, payload at @offset, all else zero. */
void check_received(const struct indirect *message, uint32_t header_size, uint32_t offset);

/** Sends, and checks that it arrives so. */
void deliver_message(const struct indirect *message, uint32_t header_size, uint32_t offset);

/** Sends, and checks that the sender is told @status. */
void refuse_message(const struct indirect *message, enum ffa_status status);

enum rx_state rx_state_of(uint16_t id);

#endif
