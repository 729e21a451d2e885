/* SPDX-License-Identifier: BSD-3-Clause */
/* What the normal world is told of who reaches its memory. */
#ifndef FFA_NS_RES_INFO_H
#define FFA_NS_RES_INFO_H

#include "ffa/call.h"

/** The normal world has taken memory back: a list that says otherwise ends. No lock is held. */
void ns_res_info_outdated(struct spmc *spmc);

#endif
