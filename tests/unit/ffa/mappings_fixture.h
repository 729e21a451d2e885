/* SPDX-License-Identifier: BSD-3-Clause */
/* Translation tables as one number. */
#ifndef TESTS_UNIT_FFA_MAPPINGS_FIXTURE_H
#define TESTS_UNIT_FFA_MAPPINGS_FIXTURE_H

#include "core/space.h"

struct mappings {
	uint64_t sum; /* of what is mapped, how, and what is hidden */
	uint32_t tables; /* that say so */
};

struct mappings mappings_of(const struct space *space);

#endif
