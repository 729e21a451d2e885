/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_RXTX_MAP and FFA_RXTX_UNMAP of a hypervisor for its VMs (DEN0077A, "RX/TX buffer management"): what
 * the descriptor in its TX buffer may say, whose pages, and how many VMs there may be.
 */
#include "tests/unit/ffa/vm_fixture.h"

#define MAP FFA_RXTX_MAP_64
#define UNMAP FFA_RXTX_UNMAP_32

/** The normal world runs; the hypervisor has buffers of @page_count pages. */
static void hypervisor_with(uint32_t page_count)
{
	system_boot_usual(1);
	map_hypervisor(page_count);
}

static void refuse(const struct vm_descriptor *descriptor, enum ffa_status status)
{
	forward_map(descriptor);
	CHECK_REFUSED(NW, status);
}

static bool is_known(uint16_t vm)
{
	return vm_find(&the_spmc()->vms, vm) != NULL;
}

/* ---- a pair ------------------------------------------------------------------------------------- */

TEST(a_descriptor_as_the_specification_shows_it_maps_the_vms_buffers)
{
	static const uint8_t descriptor[] = {
		0x01, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x10, 0x40, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x40, 0x00, 0x00,
		0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	const struct mailbox *mailbox;

	hypervisor_with(1);

	forward_map_bytes(descriptor, 0, sizeof(descriptor));

	CHECK_SUCCESS(NW);
	mailbox = vm_mailbox(VM1);
	CHECK(mailbox->mapped);
	CHECK_EQUAL(mailbox->owner, VM1);
	CHECK_EQUAL(mailbox->world, WORLD_NON_SECURE);
	CHECK_EQUAL(mailbox->rx_state, RX_EMPTY);
	CHECK_EQUAL(mailbox->rx.base.pa, 0x40101000);
	CHECK_EQUAL(mailbox->tx.base.pa, 0x40100000);
	CHECK_EQUAL(mailbox->rx.page_count, 1);
	CHECK_EQUAL(mailbox->tx.page_count, 1);
}

TEST(pairs_of_several_vms_are_apart)
{
	hypervisor_with(1);

	map_vm(VM1, 1);
	map_vm(VM2, 4);
	map_vm(VM3, 16);
	CHECK_EQUAL(vm_mailbox(VM2)->rx.base.pa, vm_rx(VM2));
	CHECK_EQUAL(vm_mailbox(VM2)->rx.page_count, 4);
	CHECK_EQUAL(vm_mailbox(VM3)->rx.page_count, 16);
	CHECK_EQUAL(vm_mailbox(NW)->tx.base.pa, NS_TX);
}

TEST(any_id_without_bit_15_may_be_a_vms)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);
	descriptor.endpoint.endpoint = 0x7FFF;

	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
	CHECK(vm_mailbox(0x7FFF)->mapped);
}

TEST(a_vm_that_has_notifications_keeps_its_record)
{
	const struct vm *record;

	hypervisor_with(1);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM1, 1);
	record = vm_find(&the_spmc()->vms, VM1);

	map_vm(VM1, 1);
	CHECK(vm_find(&the_spmc()->vms, VM1) == record);
	unmap_vm(VM1);
	CHECK(vm_find(&the_spmc()->vms, VM1) == record);
	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, VM1);
	CHECK_SUCCESS(NW);
	CHECK(!is_known(VM1));
}

TEST(a_hypervisor_of_1_0_maps_for_its_vms)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_0);
	map_hypervisor(1);

	map_vm(VM1, 1);
}

TEST(a_partition_cannot_map_for_others)
{
	hypervisor_with(1);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, MAP);
	CHECK_REFUSED(SP1, FFA_DENIED); /* it has its own */
	respond(SP1, NW);
	request(NW, SP2);

	CALL(SP2, MAP);
	CHECK_REFUSED(SP2, FFA_INVALID_PARAMETERS);
}

/* ---- the hypervisor's TX buffer ----------------------------------------------------------------- */

TEST(without_a_tx_buffer_there_is_no_descriptor)
{
	system_boot_usual(1);

	CALL(NW, MAP);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_tx_buffer_that_vanished_is_aborted)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);
	struct page_range tx = { .base = paddr(NS_TX), .page_count = 1 };

	hypervisor_with(1);
	host_memory_move(tx, WORLD_SECURE);
	refuse(&descriptor, FFA_ABORTED);
	CHECK(!is_known(VM1));

	host_memory_move(tx, WORLD_NON_SECURE);
	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
}

TEST(a_composite_that_vanished_is_aborted)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);
	struct page_range tx = { .base = paddr(NS_TX + PAGE_SIZE), .page_count = 1 };

	hypervisor_with(2);
	descriptor.endpoint.tx_offset = PAGE_SIZE;
	host_memory_move(tx, WORLD_SECURE);

	refuse(&descriptor, FFA_ABORTED);
}

/* ---- offsets ------------------------------------------------------------------------------------ */

TEST(composites_may_lie_anywhere_behind_the_header)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(16);
	descriptor.endpoint.rx_offset = 16 * PAGE_SIZE - sizeof(descriptor.rx); /* at the end */
	descriptor.endpoint.tx_offset = 8 * PAGE_SIZE - 16; /* across a window's end */
	memcpy((uint8_t *)host_ram(paddr(NS_TX)) + descriptor.endpoint.rx_offset, &descriptor.rx,
	       sizeof(descriptor.rx));
	memcpy((uint8_t *)host_ram(paddr(NS_TX)) + descriptor.endpoint.tx_offset, &descriptor.tx,
	       sizeof(descriptor.tx));

	forward_map_bytes(&descriptor.endpoint, 0, sizeof(descriptor.endpoint));
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(vm_mailbox(VM1)->tx.base.pa, vm_tx(VM1));
	CHECK_EQUAL(vm_mailbox(VM1)->rx.base.pa, vm_rx(VM1));
}

TEST(a_composite_in_the_header_is_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	descriptor.endpoint.rx_offset = 8;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.endpoint.rx_offset = 0;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 1);
	descriptor.endpoint.tx_offset = 8;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

/** The composite of VM1's RX lies at @offset of the TX buffer, which forward_map() writes behind it. */
static void place_rx_at(struct vm_descriptor *descriptor, uint32_t offset)
{
	descriptor->endpoint.rx_offset = offset;
	memcpy((uint8_t *)host_ram(paddr(NS_TX)) + offset, &descriptor->rx, sizeof(descriptor->rx));
}

TEST(a_composite_that_is_not_aligned_is_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	for (uint32_t offset = 201; offset < 208; offset++) {
		place_rx_at(&descriptor, offset);
		refuse(&descriptor, FFA_INVALID_PARAMETERS);
	}
	place_rx_at(&descriptor, 208);
	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
}

TEST(a_composite_that_is_not_all_in_the_buffer_is_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	descriptor.endpoint.rx_offset = PAGE_SIZE - 24;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.endpoint.rx_offset = PAGE_SIZE;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.endpoint.rx_offset = 0x80000000;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.endpoint.rx_offset = 0xFFFFFFF8;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 1);
	descriptor.endpoint.tx_offset = 0xFFFFFFF8;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(composites_that_overlap_make_buffers_that_do)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);
	descriptor.endpoint.tx_offset = descriptor.endpoint.rx_offset;

	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

/* ---- composites --------------------------------------------------------------------------------- */

TEST(a_composite_of_other_than_one_range_is_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	descriptor.rx.range_count = 0;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.rx.range_count = 2;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 1);
	descriptor.tx.range_count = 0xFFFFFFFF;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(a_composite_whose_pages_are_not_those_of_its_range_is_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 2);

	hypervisor_with(1);

	descriptor.rx.page_count = 1;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 2);
	descriptor.tx.range.page_count = 1;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(buffers_of_different_sizes_are_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 2);

	hypervisor_with(1);
	descriptor.tx = describe_vm(VM1, 1).tx;

	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(buffers_have_1_to_16_pages)
{
	struct vm_descriptor descriptor;

	hypervisor_with(1);

	for (uint32_t pages = 1; pages <= BUFFER_PAGES_MAX; pages++) {
		map_vm(VM1, pages);
		CHECK_EQUAL(vm_mailbox(VM1)->tx.page_count, pages);
		unmap_vm(VM1);
	}
	descriptor = describe_vm(VM1, 0);
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 17);
	descriptor.rx.range.address = vm_rx(VM2); /* apart from TX */
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 0xFFFFFFFF);
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(buffers_that_are_not_aligned_are_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	descriptor.rx.range.address += 8;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor = describe_vm(VM1, 1);
	descriptor.tx.range.address += 0x800;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(buffers_that_overlap_each_other_are_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 2);

	hypervisor_with(1);

	descriptor.rx.range.address = vm_tx(VM1);
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.rx.range.address = vm_tx(VM1) + PAGE_SIZE;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(addresses_that_do_not_exist_are_refused)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	hypervisor_with(1);

	descriptor.rx.range.address = UINT64_C(0xFFFFFFFFFFFFF000);
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
	descriptor.rx.range.address = UINT64_C(0x1000000000000);
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

/* ---- IDs ---------------------------------------------------------------------------------------- */

/** Maps the usual buffers in the name of @id. */
static void refuse_id(uint16_t id)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	descriptor.endpoint.endpoint = id;
	refuse(&descriptor, FFA_INVALID_PARAMETERS);
}

TEST(ids_that_are_no_vms_are_refused)
{
	hypervisor_with(1);

	refuse_id(NW); /* the hypervisor itself */
	refuse_id(SP1);
	refuse_id(SPMC);
	refuse_id(0x8042);
	refuse_id(0xFFC0);
	refuse_id(SPMD);
}

TEST(a_vm_that_has_buffers_is_denied_whatever_the_new_ones_are)
{
	struct vm_descriptor descriptor = describe_vm(VM2, 1);

	hypervisor_with(1);
	map_vm(VM1, 1);
	descriptor.endpoint.endpoint = VM1;

	refuse(&descriptor, FFA_DENIED);
	descriptor.rx.range.address += 8;
	refuse(&descriptor, FFA_DENIED);
	CHECK_EQUAL(vm_mailbox(VM1)->rx.base.pa, vm_rx(VM1));
}
