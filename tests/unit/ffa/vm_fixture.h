/* SPDX-License-Identifier: BSD-3-Clause */
/* VMs of the normal world: buffers that their hypervisor maps for them. */
#ifndef TESTS_UNIT_FFA_VM_FIXTURE_H
#define TESTS_UNIT_FFA_VM_FIXTURE_H

#include "tests/unit/ffa/ffa_fixture.h"

enum {
	VM1 = 1,
	VM2 = 2,
	VM3 = 3,
	BUFFER_PAGES_MAX = 16,
};

/** Where the buffers of VM @vm (up to 15; NW: the hypervisor's own) lie, each with room for 16 pages. */
uint64_t vm_tx(uint16_t vm);
uint64_t vm_rx(uint16_t vm);

/** The mailbox of a VM that is known (NW: the hypervisor's). */
struct mailbox *vm_mailbox(uint16_t vm);

/** An endpoint RX/TX descriptor with its two composites, one behind the other. */
struct vm_descriptor {
	struct ffa_endpoint_rxtx endpoint;
	struct ffa_single_composite rx, tx;
};

/** The descriptor of VM @vm's usual buffers. */
struct vm_descriptor describe_vm(uint16_t vm, uint32_t page_count);

/** The hypervisor, which runs, puts @descriptor into its TX buffer and calls FFA_RXTX_MAP for the VM. */
void forward_map(const struct vm_descriptor *descriptor);

/** As forward_map(), @size bytes from @offset of the TX buffer on. */
void forward_map_bytes(const void *bytes, size_t offset, size_t size);

/** The hypervisor maps its own buffers, @vm's; that works. */
void map_hypervisor(uint32_t page_count);
void map_vm(uint16_t vm, uint32_t page_count);
void unmap_vm(uint16_t vm);

#endif
