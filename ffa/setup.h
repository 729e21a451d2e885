/* SPDX-License-Identifier: BSD-3-Clause */
/* Version negotiation, also used for the normal world's request that the SPMD relays. */
#ifndef FFA_SETUP_H
#define FFA_SETUP_H

#include "core/endpoint.h"

uint32_t setup_negotiate_version(struct endpoint *endpoint, uint32_t requested);

/** FFA_VERSION with its @flags (v1.3): negotiates, or only tells. */
uint32_t setup_answer_version(struct endpoint *endpoint, uint32_t requested, uint32_t flags);

#endif
