/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The properties of a kind of node as a table: name, kind, range, default. One pass over a node's
 * properties checks them against it and leaves their values in an array with the table's indices.
 * Internal to config/.
 */
#ifndef CONFIG_FIELDS_H
#define CONFIG_FIELDS_H

#include "config/dt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_FLAG, /* empty; number = 1 when it is there */
	FIELD_NUMBER, /* one 32- or 64-bit number within min and max */
	FIELD_TEXT, /* one printable string, at most 36 characters; text */
	FIELD_NAMES, /* one or more strings (compatible) */
	FIELD_CELLS, /* one or more 32-bit numbers; cells, count */
	FIELD_ANY, /* known, and of no meaning here */
};

enum field_flag {
	FIELD_MANDATORY = 1,
	FIELD_LATER =
		2, /* parsed and stored, but its feature is still missing: a warning says so */
};

struct field {
	const char *name;
	uint8_t kind; /* enum field_kind */
	uint8_t flags; /* enum field_flag */
	uint64_t min, max; /* of a FIELD_NUMBER */
	uint64_t absent; /* its number when it is not there */
};

struct field_value {
	const uint8_t *bytes; /* in the device tree; null: absent */
	uint32_t size;
	uint64_t number;
};

bool fields_read(struct dt *dt, const struct field *fields, size_t count,
		 struct field_value *values);
bool field_names(const struct field_value *value, const char *name);
bool fields_expect_compatible(struct dt *dt, const struct field_value *value, const char *name);

static inline bool field_present(const struct field_value *value)
{
	return value->bytes != NULL;
}

static inline const char *field_text(const struct field_value *value)
{
	return (const char *)value->bytes;
}

static inline uint32_t field_cell_count(const struct field_value *value)
{
	return value->size / 4;
}

static inline uint32_t field_cell(const struct field_value *value, uint32_t index)
{
	return dt_u32(value->bytes + (size_t)index * 4);
}

#endif
