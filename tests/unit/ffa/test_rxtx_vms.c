/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers of many VMs (DEN0077A, "RX/TX buffer management"): whose pages they may be, FFA_RXTX_UNMAP of a
 * hypervisor, and what happens when there are more VMs than records. The descriptor itself:
 * test_rxtx_forwarded.c.
 */
#include "tests/unit/ffa/vm_fixture.h"

#define MAP FFA_RXTX_MAP_64
#define UNMAP FFA_RXTX_UNMAP_32
#define BEHIND_NS (NS_BASE + NS_PAGES * PAGE_SIZE)

/** The normal world runs; the hypervisor and VM1 have buffers of two pages. */
static void vm1_has_buffers(void)
{
	system_boot_usual(1);
	map_hypervisor(2);
	map_vm(VM1, 2);
}

/** VM2 asks for one page each. */
static void vm2_is_refused(uint64_t tx, uint64_t rx, enum ffa_status status)
{
	struct vm_descriptor descriptor = describe_vm(VM2, 1);

	descriptor.tx.range.address = tx;
	descriptor.rx.range.address = rx;
	forward_map(&descriptor);
	CHECK_REFUSED(NW, status);
	CHECK(vm_find(&the_spmc()->vms, VM2) == NULL);
}

/* ---- whose pages -------------------------------------------------------------------------------- */

TEST(pages_of_the_hypervisors_own_buffers_are_denied)
{
	vm1_has_buffers();

	vm2_is_refused(vm_tx(NW), vm_rx(VM2), FFA_DENIED);
	vm2_is_refused(vm_tx(VM2), vm_tx(NW), FFA_DENIED);
	vm2_is_refused(vm_rx(NW), vm_rx(VM2), FFA_DENIED);
	vm2_is_refused(vm_tx(VM2), vm_rx(NW) + PAGE_SIZE, FFA_DENIED);
}

TEST(pages_of_another_vms_buffers_are_denied)
{
	vm1_has_buffers();

	vm2_is_refused(vm_tx(VM1), vm_rx(VM1), FFA_DENIED);
	vm2_is_refused(vm_rx(VM1), vm_tx(VM1), FFA_DENIED);
	vm2_is_refused(vm_tx(VM1) + PAGE_SIZE, vm_rx(VM2), FFA_DENIED);
	vm2_is_refused(vm_tx(VM2), vm_rx(VM1) + PAGE_SIZE, FFA_DENIED);
}

TEST(pages_around_another_vms_buffers_are_denied)
{
	struct vm_descriptor descriptor = describe_vm(VM2, 16);

	vm1_has_buffers();

	descriptor.rx.range.address = vm_tx(VM1) - 15 * PAGE_SIZE;
	forward_map(&descriptor);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(pages_next_to_another_vms_buffers_are_free)
{
	struct vm_descriptor descriptor = describe_vm(VM2, 2);

	vm1_has_buffers();

	descriptor.tx.range.address = vm_tx(VM1) + 2 * PAGE_SIZE;
	descriptor.rx.range.address = vm_tx(VM1) - 2 * PAGE_SIZE;
	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
}

TEST(pages_that_are_not_the_normal_worlds_are_denied)
{
	vm1_has_buffers();

	vm2_is_refused(base_of(SP1), base_of(SP1) + PAGE_SIZE, FFA_DENIED);
	vm2_is_refused(vm_tx(VM2), rx_of(SP1), FFA_DENIED);
	vm2_is_refused(HOST_IMAGE_BASE, vm_rx(VM2), FFA_DENIED);
	vm2_is_refused(0, vm_rx(VM2), FFA_DENIED); /* nothing is there */
	vm2_is_refused(BEHIND_NS, vm_rx(VM2), FFA_DENIED);
	vm2_is_refused(NS_BASE - PAGE_SIZE, vm_rx(VM2), FFA_DENIED);
}

TEST(pages_that_reach_out_of_the_normal_worlds_memory_are_denied)
{
	struct vm_descriptor descriptor = describe_vm(VM2, 2);

	vm1_has_buffers();

	descriptor.tx.range.address = BEHIND_NS - PAGE_SIZE;
	forward_map(&descriptor);
	CHECK_REFUSED(NW, FFA_DENIED);
	descriptor.tx.range.address = NS_BASE - PAGE_SIZE;
	forward_map(&descriptor);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_hypervisor_cannot_take_a_vms_pages_for_itself)
{
	vm1_has_buffers();
	CALL(NW, UNMAP);
	CHECK_SUCCESS(NW);

	CALL(NW, MAP, vm_tx(VM1), vm_rx(NW), 1);
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, MAP, vm_tx(NW), vm_rx(VM1), 1);
	CHECK_REFUSED(NW, FFA_DENIED);
	map_hypervisor(1);
}

/* ---- unmap -------------------------------------------------------------------------------------- */

TEST(unmap_forgets_a_vm_that_has_nothing_else)
{
	vm1_has_buffers();

	CALL(NW, UNMAP, VM1 << 16);
	CHECK_SUCCESS(NW);
	CHECK(vm_find(&the_spmc()->vms, VM1) == NULL);
	CALL(NW, UNMAP, VM1 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unmap_frees_the_pages_for_others)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 2);

	vm1_has_buffers();
	unmap_vm(VM1);

	descriptor.endpoint.endpoint = VM2;
	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
}

TEST(unmap_of_a_vm_leaves_all_others_alone)
{
	vm1_has_buffers();
	map_vm(VM2, 1);

	unmap_vm(VM1);
	CHECK(vm_mailbox(VM2)->mapped);
	CHECK(vm_mailbox(NW)->mapped);
}

TEST(unmap_of_the_hypervisor_leaves_its_vms_alone)
{
	vm1_has_buffers();

	CALL(NW, UNMAP);
	CHECK_SUCCESS(NW);
	CHECK(vm_mailbox(VM1)->mapped);
	unmap_vm(VM1);
}

TEST(unmap_of_a_vm_that_is_not_known_is_refused)
{
	vm1_has_buffers();

	CALL(NW, UNMAP, VM2 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, UNMAP, 0x7FFF0000);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unmap_of_a_vm_that_has_notifications_alone_is_refused)
{
	vm1_has_buffers();
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, VM2, 1);
	CHECK_SUCCESS(NW);

	CALL(NW, UNMAP, VM2 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unmap_of_a_partition_by_the_normal_world_is_refused)
{
	vm1_has_buffers();
	request(NW, SP1);
	map_rxtx(SP1);
	respond(SP1, NW);

	CALL(NW, UNMAP, (uint64_t)SP1 << 16);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, UNMAP, UINT64_C(0xFFFF0000));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK(partition_of(SP1)->endpoint.mailbox.mapped);
}

TEST(unmap_of_a_vm_by_a_partition_is_refused)
{
	vm1_has_buffers();
	request(NW, SP1);
	map_rxtx(SP1);

	CALL(SP1, UNMAP, VM1 << 16);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CHECK(vm_mailbox(VM1)->mapped);
}

TEST(unmap_for_a_vm_with_reserved_bits_is_refused)
{
	vm1_has_buffers();

	CALL(NW, UNMAP, VM1 << 16 | 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, UNMAP, VM1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(unmap_of_an_acquired_buffer_is_allowed_and_the_next_pair_is_empty)
{
	vm1_has_buffers();
	CALL(NW, FFA_RX_ACQUIRE_32, VM1);
	CHECK_SUCCESS(NW);

	unmap_vm(VM1);
	map_vm(VM1, 1);
	CHECK_EQUAL(vm_mailbox(VM1)->rx_state, RX_EMPTY);
}

/* ---- many VMs ----------------------------------------------------------------------------------- */

/** The normal world's memory is large enough for buffers of every VM that there may be. */
static void every_vm_fits(void)
{
	static struct spmc_config config;
	struct page_range more = { .base = paddr(BEHIND_NS), .page_count = 4 * VM_MAX };

	system_boot_usual(1);
	config = *the_spmc()->config;
	host_memory_add(more, WORLD_NON_SECURE);
	config.ns_memory.range[config.ns_memory.count++] = more;
	the_spmc()->config = &config;
	map_hypervisor(1);
}

/** The descriptor of VM @id, the @n-th of them. */
static struct vm_descriptor nth_vm(unsigned n, uint16_t id)
{
	struct vm_descriptor descriptor = describe_vm(VM1, 1);

	descriptor.endpoint.endpoint = id;
	descriptor.tx.range.address = BEHIND_NS + 2 * n * PAGE_SIZE;
	descriptor.rx.range.address = BEHIND_NS + (2 * n + 1) * PAGE_SIZE;
	return descriptor;
}

/** Ids that are not next to one another. */
static uint16_t nth_id(unsigned n)
{
	return (uint16_t)(1 + n * 251 % 0x7FFF);
}

/** Maps buffers for as many VMs as there are records; @n of them. */
static unsigned fill_records(void)
{
	unsigned n = 0;

	for (;; n++) {
		struct vm_descriptor descriptor = nth_vm(n, nth_id(n));

		forward_map(&descriptor);
		if (registers()[0] == FFA_ERROR_32) {
			return n;
		}
		CHECK_SUCCESS(NW);
	}
}

TEST(vms_beyond_the_records_are_no_memory)
{
	unsigned count;

	every_vm_fits();

	count = fill_records();
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
	CHECK_EQUAL(count, the_spmc()->vms.count - 1); /* and ID 0 */
	CHECK(vm_find(&the_spmc()->vms, nth_id(count)) == NULL);
	for (unsigned i = 0; i < count; i++) {
		CHECK_EQUAL(vm_mailbox(nth_id(i))->owner, nth_id(i));
	}
}

TEST(a_record_is_used_again_after_unmap)
{
	struct vm_descriptor descriptor;
	unsigned count;

	every_vm_fits();
	count = fill_records();

	unmap_vm(nth_id(count / 2));
	descriptor = nth_vm(count, nth_id(count));
	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
	descriptor = nth_vm(count / 2, nth_id(count / 2));
	forward_map(&descriptor);
	CHECK_REFUSED(NW, FFA_NO_MEMORY);
}

TEST(a_refused_pair_uses_no_record_up)
{
	struct vm_descriptor descriptor = nth_vm(0, VM1);

	every_vm_fits();
	descriptor.rx.range.address = NS_TX; /* the hypervisor's */
	for (unsigned i = 0; i < 2 * VM_MAX; i++) {
		descriptor.endpoint.endpoint = nth_id(i);
		forward_map(&descriptor);
		CHECK_REFUSED(NW, FFA_DENIED);
	}

	CHECK_EQUAL(fill_records(), the_spmc()->vms.count - 1);
}

TEST(vms_may_come_and_go_for_ever)
{
	every_vm_fits();

	for (unsigned i = 0; i < 500; i++) {
		struct vm_descriptor descriptor = nth_vm(i % VM_MAX, nth_id(i));

		forward_map(&descriptor);
		CHECK_SUCCESS(NW);
		if (i >= 10) {
			unmap_vm(nth_id(i - 10));
		}
	}
}
