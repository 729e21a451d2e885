/* SPDX-License-Identifier: BSD-3-Clause */
/* Who owns an RX buffer. */
#ifndef FFA_RX_H
#define FFA_RX_H

#include "abi/ffa.h"
#include "core/endpoint.h"

/**
 * Gives the RX buffer of @endpoint, which is @id's, back to the SPMC.
 *
 * FFA_DENIED  there is none, nothing is in it, or the notification of what is in it has not been fetched.
 */
enum ffa_status rx_release(struct endpoint *endpoint, uint16_t id);

#endif
