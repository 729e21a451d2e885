/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/chance.h"

uint64_t chance_state;
