/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all endpoints have, partitions and the normal world alike: an ID, a negotiated version, an
 * RX/TX pair.
 */
#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"
#include "core/lock.h"

/** Which instance of the interface an endpoint calls at: one bit each, as the table of ABIs uses them. */
enum instance {
	INSTANCE_NS = 0x1,
	INSTANCE_S1UP = 0x2,
	INSTANCE_S1MP = 0x4,
	INSTANCE_S0 = 0x8,
};

/** RX/TX pair. Addresses are physical; the memory stays the endpoint's. */
struct mailbox {
	struct lock lock; /* RANK_MAILBOX; guards all below */
	bool mapped;
	bool fixed; /* given by the manifest */
	bool rx_full; /* the endpoint owns RX until FFA_RX_RELEASE */
	enum world world;
	unsigned map_before; /* S-EL0: how RX was mapped before (enum arch_map) */
	struct page_range tx;
	struct page_range rx;
};

#define VERSION_LOCKED 0x80000000U

struct endpoint {
	uint16_t id; /* immutable */
	uint8_t instance; /* immutable; enum instance */

	/* Negotiated version; VERSION_LOCKED once any other FF-A call was made. */
	_Atomic uint32_t version;

	struct mailbox mailbox;
};

static inline uint32_t endpoint_version(const struct endpoint *endpoint)
{
	return atomic_load_explicit(&endpoint->version, memory_order_relaxed) & ~VERSION_LOCKED;
}

#endif
