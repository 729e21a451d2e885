/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers in memory that is not there: the manifest of this system promises a MiB more than the machine has.
 * Every access to it faults at S-EL2, and the call that made it fails, whatever way the machine copies.
 */
#include "normal-world/tests/messages.h"

#define RAM_END 0x80000000U
#define LAST_PAGE (RAM_END - 4096U)

static void map_at(uint64_t tx, uint64_t rx, unsigned pages)
{
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, tx, rx, pages));
}

MESSAGES_TEST(a_message_out_of_memory_that_is_not_there_is_aborted)
{
	map(M_MP, 1);
	map_at(RAM_END, rx_of(OS), 1);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32), FFA_ABORTED);
	CHECK_ERROR(BY(M_MP, FFA_RX_RELEASE_32), FFA_DENIED);
	unmap(OS);
	unmap(M_MP);
}

MESSAGES_TEST(a_message_into_memory_that_is_not_there_is_aborted)
{
	struct letter letter = { .from = M_MP, .to = OS, .size = 100, .seed = 1 };

	map(M_MP, 1);
	map_at(tx_of(OS), RAM_END, 1);
	CHECK_ERROR(send(&letter), FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32), FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
	unmap(OS);
	unmap(M_MP);
}

/* The payload is cut off in its middle, then what is zeroed behind it. */
MESSAGES_TEST(a_message_into_memory_that_ends_within_it_is_aborted)
{
	struct letter letter = { .from = M_MP, .to = OS, .size = 6000, .seed = 2 };

	map(M_MP, 2);
	map_at(tx_of(OS), LAST_PAGE, 2);
	CHECK_ERROR(send(&letter), FFA_ABORTED);
	letter.size = 100;
	CHECK_ERROR(send(&letter), FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
	unmap(OS);
	unmap(M_MP);
}

MESSAGES_TEST(a_message_out_of_memory_that_ends_within_it_is_aborted)
{
	struct ffa_message_header *header = (void *)(uintptr_t)LAST_PAGE;

	map(M_MP, 2);
	map_at(LAST_PAGE, rx_of(OS), 2);
	*header = (struct ffa_message_header){
		.offset = sizeof(*header),
		.endpoints = FFA_ENDPOINTS(OS, M_MP),
		.size = 6000,
	};
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32), FFA_ABORTED);
	CHECK_ERROR(BY(M_MP, FFA_RX_RELEASE_32), FFA_DENIED);
	header->size = 2000;
	CHECK_SUCCESS(FFA(FFA_MSG_SEND2_32));
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, FFA_NOTIFICATION_FROM_HYPERVISOR)),
		      .from_hypervisor = FFA_NOTIFICATION_RX_FULL);
	CHECK_SUCCESS(BY(M_MP, FFA_RX_RELEASE_32));
	unmap(OS);
	unmap(M_MP);
}
