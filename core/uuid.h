/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparing UUIDs. */
#ifndef CORE_UUID_H
#define CORE_UUID_H

#include <stdbool.h>

#include "abi/ffa.h"

static inline bool uuid_is_nil(const struct ffa_uuid *uuid)
{
	return (uuid->word[0] | uuid->word[1] | uuid->word[2] | uuid->word[3]) == 0;
}

static inline bool uuid_equal(const struct ffa_uuid *a, const struct ffa_uuid *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2] &&
	       a->word[3] == b->word[3];
}

/** The UUID of two registers: its first byte is the lowest one of @low. */
static inline struct ffa_uuid uuid_of_registers(uint64_t low, uint64_t high)
{
	return (struct ffa_uuid){ { (uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high,
				    (uint32_t)(high >> 32) } };
}

static inline uint64_t uuid_low(const struct ffa_uuid *uuid)
{
	return (uint64_t)uuid->word[1] << 32 | uuid->word[0];
}

static inline uint64_t uuid_high(const struct ffa_uuid *uuid)
{
	return (uint64_t)uuid->word[3] << 32 | uuid->word[2];
}

#endif
