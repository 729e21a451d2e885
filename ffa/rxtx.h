/* SPDX-License-Identifier: BSD-3-Clause */
/* RX/TX buffers of the normal world's endpoints, by themselves or through their hypervisor. */
#ifndef FFA_RXTX_H
#define FFA_RXTX_H

#include "ffa/call.h"

/** Buffers as a caller names them. */
struct rxtx_pair {
	struct page_range tx, rx;
};

/** False: no pair of buffers of equal size, aligned and apart. */
bool rxtx_make_pair(uint64_t tx, uint64_t rx, uint32_t page_count, struct rxtx_pair *pair);

/**
 * Maps @pair for @vm.
 *
 * FFA_DENIED     these are not in the normal world's memory, or others' buffers, or given away.
 * FFA_NO_MEMORY  no tables to record them.
 */
enum ffa_status rxtx_map_normal_world(struct spmc *spmc, struct vm *vm,
				      const struct rxtx_pair *pair) REQUIRES(spmc -> vms.lock);

/** FFA_RXTX_MAP of a hypervisor for one of its VMs: the buffers are described in its TX buffer. */
enum ffa_status rxtx_map_forwarded(struct call *call);

#endif
