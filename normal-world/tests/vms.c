/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * VMs of the normal world, for which their hypervisor speaks (DEN0077A, "RX/TX buffer management", "Indirect
 * messaging"): forwarded FFA_RXTX_MAP, messages both ways, FFA_RX_ACQUIRE and RELEASE. Many at once: vms_load.c.
 */
#include "normal-world/tests/messages.h"

#include "lib/string.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define RX_FULL FFA_NOTIFICATION_RX_FULL
#define FROM_SPMC FFA_NOTIFICATION_FROM_SPMC
#define SPMC_MEMORY 0x0E100000U

/* ---- buffers -------------------------------------------------------------------------------------------- */

struct described {
	struct ffa_endpoint_rxtx endpoint;
	struct ffa_single_composite rx, tx;
};

/** A descriptor with nothing wrong. */
static struct described good(uint16_t vm)
{
	return (struct described){
		.endpoint = { .endpoint = vm, .rx_offset = 16, .tx_offset = 48 },
		.rx = { .page_count = 1, .range_count = 1, .range = { rx_of(vm), 1, 0 } },
		.tx = { .page_count = 1, .range_count = 1, .range = { tx_of(vm), 1, 0 } },
	};
}

static struct ffa_regs map_described(const struct described *described)
{
	memcpy(os_tx, described, sizeof(*described));
	return FFA(FFA_RXTX_MAP_64);
}

#define CHECK_REFUSED(field, value, status)                      \
	do {                                                     \
		struct described described_ = good(1);           \
		described_.field = value;                        \
		CHECK_ERROR(map_described(&described_), status); \
	} while (0)

MESSAGES_TEST(a_hypervisor_needs_a_buffer_to_describe_those_of_its_vms)
{
	struct described described = good(1);

	CHECK_ERROR(map_described(&described), FFA_INVALID_PARAMETERS);
	map(OS, 1);
	CHECK_SUCCESS(map_described(&described));
	CHECK_SUCCESS(FFA(FFA_RXTX_UNMAP_32, 1U << 16));
	unmap(OS);
}

MESSAGES_TEST(descriptors_that_make_no_sense_are_refused)
{
	struct described described = good(1);

	map(OS, 1);
	CHECK_REFUSED(endpoint.endpoint, OS, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.endpoint, M_MP, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.rx_offset, 8, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.rx_offset, 20, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.rx_offset, 4096 - 24, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.rx_offset, 4096, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.rx_offset, 0xFFFFFFF8, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.tx_offset, 0, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.tx_offset, 52, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(endpoint.tx_offset, 8192, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(rx.range_count, 0, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(tx.range_count, 2, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(rx.page_count, 2, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(rx.range.page_count, 0, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(tx.range.page_count, 0xFFFFFFFF, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(rx.range.address, rx_of(1) + 8, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(tx.range.address, tx_of(1) + 0x800, FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(tx.range.address, rx_of(1), FFA_INVALID_PARAMETERS);
	CHECK_REFUSED(rx.range.address, SPMC_MEMORY, FFA_DENIED);
	CHECK_REFUSED(tx.range.address, 0x0E300000, FFA_DENIED);
	CHECK_REFUSED(tx.range.address, 0x09000000, FFA_DENIED);
	CHECK_REFUSED(rx.range.address, rx_of(OS), FFA_DENIED);
	CHECK_REFUSED(tx.range.address, tx_of(OS), FFA_DENIED);
	/* Both of two pages: the sums have to agree. */
	described.rx.page_count = 2;
	described.rx.range.page_count = 2;
	CHECK_ERROR(map_described(&described), FFA_INVALID_PARAMETERS);

	described = good(1);
	CHECK_SUCCESS(map_described(&described));
	unmap(1);
	unmap(OS);
}

MESSAGES_TEST(buffers_of_a_vm_are_its_own_until_they_are_unmapped)
{
	struct described described;

	map(OS, 1);
	map(1, 1);
	CHECK_ERROR(map_result(1, 1), FFA_DENIED);
	CHECK_REFUSED(endpoint.endpoint, 2, FFA_DENIED); /* the pages of VM 1 */
	described = good(2);
	described.rx.range.address = tx_of(1);
	CHECK_ERROR(map_described(&described), FFA_DENIED);
	map(2, 1);
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, 3U << 16), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, (uint32_t)M_MP << 16), FFA_INVALID_PARAMETERS);
	unmap(1);
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, 1U << 16), FFA_INVALID_PARAMETERS);
	described = good(1);
	described.endpoint.endpoint = 3; /* free again, for whomever */
	CHECK_SUCCESS(map_described(&described));
	unmap(3);
	unmap(2);
	unmap(OS);
}

MESSAGES_TEST(partitions_may_not_map_for_others)
{
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->id != M_PLAIN) {
			CHECK_ERROR(BY(subject->id, FFA_RXTX_MAP_64), FFA_INVALID_PARAMETERS);
		}
		CHECK_ERROR(BY(subject->id, FFA_RXTX_UNMAP_32, 1U << 16), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(BY(subject->id, FFA_RX_RELEASE_32, 1), FFA_INVALID_PARAMETERS);
	}
}

/* ---- messages ------------------------------------------------------------------------------------------- */

static void check_way(uint16_t from, uint16_t to, uint64_t seed)
{
	struct letter letter = {
		.from = from, .to = to, .size = 5 + (uint32_t)(seed % 190), .seed = seed
	};

	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, to == M_PLAIN ? TEST_BUFFER_PAGES : 1);
}

static void check_ways_here(void *unused)
{
	static const uint16_t vms[] = { 1, 2, VMS };

	for (unsigned i = 0; i < MAILED_COUNT; i++) {
		for (unsigned k = 0; k < 3; k++) {
			check_way(vms[k], mailed[i], 1 + i * 10 + k + pe_index() * 1000);
			check_way(mailed[i], vms[k], 500 + i * 10 + k + pe_index() * 1000);
		}
	}
}

MESSAGES_TEST(messages_go_between_vms_and_partitions_of_all_versions_on_every_pe)
{
	static const uint16_t vms[] = { 1, 2, VMS };

	map(OS, 1);
	map_all(mailed, MAILED_COUNT);
	map_all(vms, 3);
	for (unsigned k = 0; k < 3; k++) {
		CHECK_SUCCESS(FFA(CREATE(vms[k], 1)));
	}
	on_each_pe(check_ways_here, NULL);
	CHECK_NO_NEWS();
	for (unsigned k = 0; k < 3; k++) {
		CHECK_SUCCESS(FFA(DESTROY(vms[k])));
	}
	unmap_all(vms, 3);
	unmap_all(mailed, MAILED_COUNT);
	unmap(OS);
}

MESSAGES_TEST(messages_of_a_partition_and_of_a_vm_are_told_apart)
{
	struct letter of_vm = { .from = 1, .to = M_MP, .size = 40, .seed = 11 };
	struct letter of_partition = { .from = M_UP13, .to = M_MP, .size = 40, .seed = 12 };

	map(OS, 1);
	map(1, 1);
	map_all(notified, NOTIFIED_COUNT);
	CHECK_SUCCESS(send(&of_vm));
	NEWS_OF(M_MP);
	CHECK_ERROR(send(&of_partition), FFA_BUSY);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, FROM_SPMC)), 0);
	CHECK_ERROR(BY(M_MP, FFA_RX_RELEASE_32), FFA_DENIED);
	take_letter(&of_vm, 1);
	CHECK_SUCCESS(send(&of_partition));
	NEWS_OF(M_MP);
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, FFA_NOTIFICATION_FROM_HYPERVISOR)), 0);
	take_letter(&of_partition, 1);
	unmap_all(notified, NOTIFIED_COUNT);
	unmap(1);
	unmap(OS);
}

MESSAGES_TEST(messages_of_vms_that_make_no_sense_are_refused)
{
	struct letter letter = { .from = 1, .to = M_MP, .size = 8, .seed = 8 };

	map(OS, 1);
	map(M_MP, 1);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32, 1U << 16), FFA_DENIED); /* not known */
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32, 1U << 16), FFA_DENIED); /* no buffers */
	map(1, 1);
	map(2, 1);
	CHECK_ERROR_EITHER(FFA(FFA_MSG_SEND2_32, (uint32_t)M_MP << 16), FFA_DENIED,
			   FFA_INVALID_PARAMETERS);
	letter.to = 2;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS); /* the hypervisor's business */
	letter.to = OS;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	letter.to = 1;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	letter.to = M_MP;
	letter.flags = FFA_NOTIFICATION_DELAY_SRI;
	CHECK_ERROR(send(&letter), FFA_INVALID_PARAMETERS);
	letter.flags = 0;
	write_letter(&letter);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32, 1U << 16 | 1), FFA_INVALID_PARAMETERS);
	/* VM 2 with what VM 1 has written in its own buffer, and the other way round. */
	memcpy((void *)(uintptr_t)tx_of(2), (const void *)(uintptr_t)tx_of(1), 64);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32, 2U << 16), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND2_32, 0), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(send_written(&letter));
	take_letter(&letter, 1);
	unmap(2);
	unmap(1);
	CHECK_SUCCESS(FFA(DESTROY(1)));
	unmap(M_MP);
	unmap(OS);
}

/* ---- who owns RX ---------------------------------------------------------------------------------------- */

MESSAGES_TEST(a_hypervisor_acquires_the_rx_buffer_of_a_vm_and_releases_it)
{
	struct letter letter = { .from = M_EL0, .to = 1, .size = 70, .seed = 13 };

	map(OS, 1);
	map(M_EL0, 1);
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 1), FFA_INVALID_PARAMETERS); /* has none */
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 1), FFA_DENIED);
	map(1, 1);
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, M_EL0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 0x10001), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 1), FFA_DENIED); /* the SPMC's */

	CHECK_SUCCESS(FFA(FFA_RX_ACQUIRE_32, 1));
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 1), FFA_DENIED);
	CHECK_ERROR(send(&letter), FFA_BUSY);
	CHECK_FETCHED(FFA(GET(1, 0, FROM_SPMC)), 0);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32, 1));
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 1), FFA_DENIED);

	CHECK_SUCCESS(send(&letter));
	CHECK_ERROR(FFA(FFA_RX_ACQUIRE_32, 1), FFA_DENIED); /* the VM's */
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 1), FFA_DENIED); /* has not looked */
	take_letter(&letter, 1);
	CHECK_SUCCESS(FFA(FFA_RX_ACQUIRE_32, 1));
	unmap(1); /* whoever owns it */
	map(1, 1);
	CHECK_SUCCESS(send(&letter));
	take_letter(&letter, 1);
	unmap(1);
	CHECK_SUCCESS(FFA(DESTROY(1)));
	unmap(M_EL0);
	unmap(OS);
}

MESSAGES_TEST(each_vm_has_an_rx_buffer_of_its_own)
{
	struct letter first = { .from = M_MP, .to = 1, .size = 70, .seed = 13 };
	struct letter second = { .from = M_UP11, .to = 2, .size = 90, .seed = 14 };

	map(OS, 1);
	map_all(notified, NOTIFIED_COUNT);
	for (uint16_t vm = 1; vm <= 2; vm++) {
		CHECK_SUCCESS(FFA(CREATE(vm, 1)));
		map(vm, 1);
	}
	CHECK_SUCCESS(send(&first));
	CHECK_SUCCESS(send(&second));
	CHECK_NEWS(0x100, 0x00020001);
	take_letter(&second, 1);
	CHECK_ERROR(send(&first), FFA_BUSY);
	take_letter(&first, 1);
	for (uint16_t vm = 1; vm <= 2; vm++) {
		unmap(vm);
		CHECK_SUCCESS(FFA(DESTROY(vm)));
	}
	unmap_all(notified, NOTIFIED_COUNT);
	unmap(OS);
}
