/* SPDX-License-Identifier: BSD-3-Clause */
/* What a source under test did to the machine, in order. */
#ifndef TESTS_UNIT_AARCH64_FAKE_RECORD_H
#define TESTS_UNIT_AARCH64_FAKE_RECORD_H

#include <assert.h>
#include <stdint.h>

enum { RECORD_MAX = 256 };

struct record {
	const char *what;
	uint64_t operand;
};

static struct record records[RECORD_MAX];
static unsigned record_count;

static inline void record(const char *what, uint64_t operand)
{
	assert(record_count < RECORD_MAX);
	records[record_count++] = (struct record){ .what = what, .operand = operand };
}

#endif
