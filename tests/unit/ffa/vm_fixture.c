/* SPDX-License-Identifier: BSD-3-Clause */
/* What a hypervisor writes and calls to map the buffers of its VMs. */
#include "tests/unit/ffa/vm_fixture.h"

#define VM_STRIDE UINT64_C(0x20000)
#define RX_OFFSET UINT64_C(0x10000)

uint64_t vm_tx(uint16_t vm)
{
	return NS_BASE + vm * VM_STRIDE;
}

uint64_t vm_rx(uint16_t vm)
{
	return vm_tx(vm) + RX_OFFSET;
}

struct mailbox *vm_mailbox(uint16_t vm)
{
	struct vm *record = vm_find(&the_spmc()->vms, vm);

	CHECK(record != NULL);
	return &record->endpoint.mailbox;
}

static struct ffa_single_composite composite(uint64_t address, uint32_t page_count)
{
	return (struct ffa_single_composite){
		.page_count = page_count,
		.range_count = 1,
		.range = { .address = address, .page_count = page_count },
	};
}

struct vm_descriptor describe_vm(uint16_t vm, uint32_t page_count)
{
	return (struct vm_descriptor){
		.endpoint = { .endpoint = vm,
			      .rx_offset = offsetof(struct vm_descriptor, rx),
			      .tx_offset = offsetof(struct vm_descriptor, tx) },
		.rx = composite(vm_rx(vm), page_count),
		.tx = composite(vm_tx(vm), page_count),
	};
}

void forward_map_bytes(const void *bytes, size_t offset, size_t size)
{
	memcpy((uint8_t *)host_ram(paddr(NS_TX)) + offset, bytes, size);
	CALL(NW, FFA_RXTX_MAP_64);
}

void forward_map(const struct vm_descriptor *descriptor)
{
	forward_map_bytes(descriptor, 0, sizeof(*descriptor));
}

void map_hypervisor(uint32_t page_count)
{
	CALL(NW, FFA_RXTX_MAP_64, vm_tx(NW), vm_rx(NW), page_count);
	CHECK_SUCCESS(NW);
}

void map_vm(uint16_t vm, uint32_t page_count)
{
	struct vm_descriptor descriptor = describe_vm(vm, page_count);

	forward_map(&descriptor);
	CHECK_SUCCESS(NW);
}

void unmap_vm(uint16_t vm)
{
	CALL(NW, FFA_RXTX_UNMAP_32, (uint64_t)vm << 16);
	CHECK_SUCCESS(NW);
}
