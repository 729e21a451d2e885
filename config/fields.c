/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the properties of a node by a table; see fields.h. A property that is not in the table is
 * named by a warning (a typing error has no other way of being noticed) and otherwise ignored.
 */
#include "config/fields.h"

#include "core/partition_config.h"
#include "lib/string.h"

static bool same_name(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		a++;
		b++;
	}
	return *a == *b;
}

/** Index of @name in the table, @count when it is not there; @start is looked at first. */
static size_t find_field(const struct field *fields, size_t count, size_t start, const char *name)
{
	for (size_t i = start; i < count; i++) {
		if (same_name(fields[i].name, name)) {
			return i;
		}
	}
	for (size_t i = 0; i < start; i++) {
		if (same_name(fields[i].name, name)) {
			return i;
		}
	}
	return count;
}

static bool number_error(struct dt *dt, const struct field *field, uint64_t number)
{
	char expected[48];

	if (field->min == field->max) {
		config_text(expected, sizeof(expected), "%lu", (unsigned long)field->min);
	} else if (field->max <= CONFIG_DECIMAL_LAST) {
		config_text(expected, sizeof(expected), "%lu to %lu", (unsigned long)field->min,
			    (unsigned long)field->max);
	} else if (number > field->max) {
		config_text(expected, sizeof(expected), "at most 0x%lx", (unsigned long)field->max);
	} else if (field->min <= CONFIG_DECIMAL_LAST) {
		config_text(expected, sizeof(expected), "%lu or more", (unsigned long)field->min);
	} else {
		config_text(expected, sizeof(expected), "0x%lx or more", (unsigned long)field->min);
	}
	dt_error_number(dt, field->name, number, expected);
	return false;
}

static bool read_number(struct dt *dt, const struct field *field, struct field_value *value)
{
	if (value->size == 4) {
		value->number = dt_u32(value->bytes);
	} else if (value->size == 8) {
		value->number = dt_u64(value->bytes);
	} else {
		dt_error(dt, "property \"%s\" has %u bytes: expected one 32- or 64-bit number",
			 field->name, value->size);
		return false;
	}
	if (value->number < field->min || value->number > field->max) {
		return number_error(dt, field, value->number);
	}
	return true;
}

static bool read_text(struct dt *dt, const struct field *field, const struct field_value *value)
{
	if (value->size == 0 || value->bytes[value->size - 1] != '\0') {
		dt_error(dt, "property \"%s\" is no string: expected a NUL at its end",
			 field->name);
		return false;
	}
	if (value->size > CONFIG_NAME_MAX) {
		dt_error(dt, "property \"%s\" has %u characters: expected at most %u", field->name,
			 value->size - 1, (unsigned)CONFIG_NAME_MAX - 1);
		return false;
	}
	for (uint32_t i = 0; i < value->size - 1; i++) {
		if (value->bytes[i] < ' ' || value->bytes[i] > '~') {
			dt_error(dt,
				 "property \"%s\" has bytes that do not print: expected one string",
				 field->name);
			return false;
		}
	}
	return true;
}

static bool read_value(struct dt *dt, const struct field *field, struct field_value *value)
{
	switch (field->kind) {
	case FIELD_FLAG:
		if (value->size != 0) {
			dt_error(dt, "property \"%s\" has a value: expected none", field->name);
			return false;
		}
		value->number = 1;
		return true;
	case FIELD_NUMBER:
		return read_number(dt, field, value);
	case FIELD_TEXT:
		return read_text(dt, field, value);
	case FIELD_NAMES:
		if (value->size == 0 || value->bytes[value->size - 1] != '\0') {
			dt_error(dt, "property \"%s\" is no string: expected a NUL at its end",
				 field->name);
			return false;
		}
		return true;
	case FIELD_CELLS:
		if (value->size == 0 || value->size % 4 != 0) {
			dt_error(dt, "property \"%s\" is no list of 32-bit numbers", field->name);
			return false;
		}
		return true;
	default:
		return true;
	}
}

static bool mandatory_are_there(struct dt *dt, const struct field *fields, size_t count,
				const struct field_value *values)
{
	for (size_t i = 0; i < count; i++) {
		if ((fields[i].flags & FIELD_MANDATORY) != 0 && !field_present(&values[i])) {
			dt_error(dt, "property \"%s\" is missing", fields[i].name);
			return false;
		}
	}
	return true;
}

/**
 * Reads all properties of the current node of @dt.
 *
 * @fields  table of @count entries.
 * @values  as many; the absent ones get their default.
 *
 * False after an error: a kind or a range does not hold, a property is there twice, a mandatory one
 * is missing, the tree is malformed.
 */
bool fields_read(struct dt *dt, const struct field *fields, size_t count,
		 struct field_value *values)
{
	struct dt_property property;
	size_t next = 0;

	for (size_t i = 0; i < count; i++) {
		values[i] = (struct field_value){ .number = fields[i].absent };
	}

	while (dt_property(dt, &property)) {
		size_t i = find_field(fields, count, next, property.name);

		if (i == count) {
			dt_warning(dt, "property \"%s\" is unknown and ignored", property.name);
			continue;
		}
		if (field_present(&values[i])) {
			dt_error(dt, "property \"%s\" is given twice", property.name);
			return false;
		}
		next = i + 1;
		values[i].bytes = property.value;
		values[i].size = property.size;
		if (!read_value(dt, &fields[i], &values[i])) {
			return false;
		}
		if ((fields[i].flags & FIELD_LATER) != 0 &&
		    (fields[i].kind > FIELD_NUMBER || values[i].number != fields[i].absent)) {
			dt_warning(dt, "property \"%s\" is parsed, not honoured yet",
				   property.name);
		}
	}
	return !dt->faulty && mandatory_are_there(dt, fields, count, values);
}

/** True when @value, a FIELD_NAMES, has @name among its strings. */
bool field_names(const struct field_value *value, const char *name)
{
	const char *text = field_text(value);
	const char *end = text + value->size;

	while (text < end) {
		if (same_name(text, name)) {
			return true;
		}
		text += strlen(text) + 1;
	}
	return false;
}

/** Checks that the current node says it is a @name. */
bool fields_expect_compatible(struct dt *dt, const struct field_value *value, const char *name)
{
	if (field_present(value) && field_names(value, name)) {
		return true;
	}

	if (field_present(value)) {
		dt_error(dt, "property \"compatible\" = \"%s\": expected \"%s\"", field_text(value),
			 name);
	} else {
		dt_error(dt, "property \"compatible\" is missing: expected \"%s\"", name);
	}
	return false;
}
