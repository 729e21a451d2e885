/* SPDX-License-Identifier: BSD-3-Clause */
/* What the normal world is told of who reaches its memory. */
#ifndef FFA_NS_RES_INFO_H
#define FFA_NS_RES_INFO_H

#include "ffa/call.h"

/** Ends the list that the normal world is fetching, if any: it is no longer true. No lock is held. */
void ns_res_info_end(struct spmc *spmc);

#endif
