/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading flattened device trees: a cursor on top of libfdt that only moves forward, so that a tree is
 * read once, whatever is in it. Internal to config/.
 *
 *   dt_open(&dt, ...);                          the cursor is in the root node
 *   while (dt_property(&dt, &property)) ...     first all properties of a node,
 *   while (dt_enter(&dt)) {                     then its subnodes, one after the other
 *           ... dt_name(&dt) ...
 *           dt_leave(&dt);                      skips what was not read
 *   }
 *   dt_close(&dt);
 *
 * The tree may be hostile: libfdt checks each access where it is made. A malformed one ends all loops
 * and leaves an error in the report.
 */
#ifndef CONFIG_DT_H
#define CONFIG_DT_H

#include "config/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DT_DEPTH_MAX = 6, /* nodes that are entered; what is skipped may be deeper */
	DT_PATH_MAX = 128,
};

struct dt {
	const void *blob;
	int offset; /* of the next token in the structure block */
	uint32_t depth; /* of the current node; the root has 1; 0: left, or faulty */
	const char *name[DT_DEPTH_MAX];
	bool faulty;
	struct config_report *report;
};

struct dt_property {
	const char *name;
	const uint8_t *value;
	uint32_t size;
};

bool dt_open(struct dt *dt, const void *blob, size_t size, struct config_report *report);
bool dt_property(struct dt *dt, struct dt_property *property);
bool dt_enter(struct dt *dt);
void dt_leave(struct dt *dt);
bool dt_close(struct dt *dt);

const char *dt_name(const struct dt *dt);
void dt_path(const struct dt *dt, char path[DT_PATH_MAX]);

/* Complaints about the current node; see report.h. */
void dt_error(struct dt *dt, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dt_error_number(struct dt *dt, const char *property, uint64_t value, const char *expected);
void dt_warning(struct dt *dt, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Big-endian number at @value; values of properties start at multiples of 4. */
static inline uint32_t dt_u32(const uint8_t *value)
{
	uint32_t number;

	__builtin_memcpy(&number, __builtin_assume_aligned(value, 4), sizeof(number));
	return __builtin_bswap32(number);
}

static inline uint64_t dt_u64(const uint8_t *value)
{
	return (uint64_t)dt_u32(value) << 32 | dt_u32(value + 4);
}

#endif
