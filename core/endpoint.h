/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all endpoints have, partitions and the normal world alike: an ID, a negotiated version, an
 * RX/TX pair, notifications.
 */
#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/mailbox.h"
#include "core/notif_set.h"

/** Which instance of the interface an endpoint calls at: one bit each, as the table of ABIs uses them. */
enum instance {
	INSTANCE_NS = 0x1,
	INSTANCE_S1UP = 0x2,
	INSTANCE_S1MP = 0x4,
	INSTANCE_S0 = 0x8,
};

#define VERSION_LOCKED 0x80000000U

struct endpoint {
	uint16_t id; /* immutable */
	uint8_t instance; /* immutable; enum instance */

	/* Negotiated version; VERSION_LOCKED once any other FF-A call was made. */
	_Atomic uint32_t version;

	/* It has said with FFA_FEATURES that it understands the NS bit, which v1.0 does not tell. */
	_Atomic bool knows_ns_bit;

	struct mailbox mailbox;
	struct notif_set notifications;
};

static inline uint32_t endpoint_version(const struct endpoint *endpoint)
{
	return atomic_load_explicit(&endpoint->version, memory_order_relaxed) & ~VERSION_LOCKED;
}

#endif
