/* SPDX-License-Identifier: BSD-3-Clause */
/* TEST_VECTORS: what the registers hold from one command to the next. */
#include "partitions/test-image/image.h"
#include "partitions/test-image/vectors.h"

enum { VECTOR_CONTEXTS = 8 };

static struct vectors work[VECTOR_CONTEXTS];

/** To be preempted. */
static void spin_until_stopped(volatile struct test_area *area)
{
	while (area->stop == 0) {
		area->progress = area->progress + 1;
	}
}

uint64_t vectors_command(unsigned context, uint64_t expected, uint64_t next, bool spin)
{
	bool scalable = (next & TEST_VECTORS_SCALABLE) != 0;
	enum vectors_kind kind = scalable ? VECTORS_SCALABLE : VECTORS_SIMD;
	uint64_t different = 0;

	if (scalable) {
		machine_scalable_enable();
		different = machine_vector_length(TEST_VECTORS_LENGTH(expected)) !=
					    TEST_VECTORS_LENGTH(expected)
				    ? TEST_VECTORS_ZCR
				    : 0;
	} else {
		machine_simd_enable();
	}
	different |= vectors_compare(&work[context % VECTOR_CONTEXTS], kind, expected);
	if (scalable) {
		machine_vector_length_set(TEST_VECTORS_LENGTH(next));
	}
	vectors_put(&work[context % VECTOR_CONTEXTS], kind, next);
	if (spin) {
		spin_until_stopped(image_area(context));
		different |= vectors_compare(&work[context % VECTOR_CONTEXTS], kind, next);
	}
	return different;
}
