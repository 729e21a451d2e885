/* SPDX-License-Identifier: BSD-3-Clause */
/* Indirect messages of a partition: a page as TX, a page as RX, one message at a time. */
#include "lib/string.h"
#include "sdk/ffa.h"
#include "sdk/partition.h"

static uint8_t tx[FFA_PAGE_SIZE] __attribute__((aligned(FFA_PAGE_SIZE)));
static uint8_t rx[FFA_PAGE_SIZE] __attribute__((aligned(FFA_PAGE_SIZE)));

enum ffa_status partition_buffers(void)
{
	return ffa_rxtx_map((uintptr_t)tx, (uintptr_t)rx, 1);
}

enum ffa_status partition_send(uint16_t receiver, const void *payload, uint32_t size)
{
	struct ffa_message message = {
		.sender = partition.id,
		.receiver = receiver,
		.size = size,
	};

	if (size > sizeof(tx) - ffa_message_header_size(partition.version)) {
		return FFA_INVALID_PARAMETERS;
	}
	memcpy(ffa_message_write(tx, partition.version, &message), payload, size);
	return ffa_msg_send2(0, 0);
}

const void *partition_received(unsigned context, struct ffa_message *message)
{
	struct ffa_notifications fetched;
	enum ffa_status status = ffa_notification_get(
		partition.id, (uint16_t)context,
		FFA_NOTIFICATION_FROM_SPMC | FFA_NOTIFICATION_FROM_HYPERVISOR, &fetched);

	if (status != FFA_OK ||
	    ((fetched.from_spmc | fetched.from_hypervisor) & FFA_NOTIFICATION_RX_FULL) == 0) {
		return NULL;
	}
	*message = ffa_message_read(rx, partition.version);
	return rx + message->offset;
}
