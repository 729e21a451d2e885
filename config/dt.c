/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reader of flattened device trees; see dt.h. It is not libfdt because boot time is counted: libfdt
 * finds each property and each node by walking from the start of its parent, and calls a function
 * for each character of a name. tests/fuzz/fuzz_config.c holds the two against each other. Limits:
 * format version 17 only (what dtc writes); a property behind a subnode is a fault, as the
 * specification says; nodes are entered at most DT_DEPTH_MAX deep.
 */
#include "config/dt.h"

#include "lib/string.h"

enum token {
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROPERTY = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

static const uint32_t header_magic = 0xD00DFEEDU;
static const uint32_t header_version = 17;
static const uint32_t header_size = 40;
static const uint32_t token_size = 4;
static const uint32_t property_head_size = 12; /* token, size of the value, offset of the name */

/** Fields of the header, in order. */
enum header_field {
	HEADER_MAGIC,
	HEADER_TOTAL_SIZE,
	HEADER_STRUCTURE_OFFSET,
	HEADER_STRINGS_OFFSET,
	HEADER_RESERVATIONS_OFFSET,
	HEADER_VERSION,
	HEADER_COMPATIBLE_VERSION,
	HEADER_BOOT_CPU,
	HEADER_STRINGS_SIZE,
	HEADER_STRUCTURE_SIZE,
};

static uint32_t header_field(const uint8_t *blob, enum header_field field)
{
	return dt_u32(blob + (size_t)field * 4);
}

static void fault(struct dt *dt, const char *what)
{
	dt_error(dt, "malformed device tree at offset 0x%x: %s", dt->position, what);
	dt->faulty = true;
	dt->depth = 0;
}

static bool block_fits(uint32_t offset, uint32_t size, uint32_t total_size)
{
	return offset >= header_size && offset <= total_size && size <= total_size - offset;
}

/** What is wrong with the header of @blob, or null. */
static const char *header_complaint(const uint8_t *blob, size_t size)
{
	uint32_t total_size;

	if (((uintptr_t)blob & 3) != 0) {
		return "expected at an address that is a multiple of 4";
	}
	if (size < header_size) {
		return "too short";
	}
	if (header_field(blob, HEADER_MAGIC) != header_magic) {
		return "expected magic 0xd00dfeed";
	}
	if (header_field(blob, HEADER_VERSION) < header_version ||
	    header_field(blob, HEADER_COMPATIBLE_VERSION) > header_version) {
		return "expected format version 17";
	}

	total_size = header_field(blob, HEADER_TOTAL_SIZE);
	if (total_size > size || total_size > INT32_MAX) {
		return "larger than the memory that holds it";
	}
	if (!block_fits(header_field(blob, HEADER_STRUCTURE_OFFSET),
			header_field(blob, HEADER_STRUCTURE_SIZE), total_size) ||
	    (header_field(blob, HEADER_STRUCTURE_OFFSET) & 3) != 0) {
		return "structure block outside";
	}
	if (!block_fits(header_field(blob, HEADER_STRINGS_OFFSET),
			header_field(blob, HEADER_STRINGS_SIZE), total_size)) {
		return "strings block outside";
	}
	if (!block_fits(header_field(blob, HEADER_RESERVATIONS_OFFSET), 0, total_size)) {
		return "memory reservations outside";
	}
	return NULL;
}

/** The next token that is not a NOP, the cursor in front of it; TOKEN_END when there is none. */
static uint32_t next_token(struct dt *dt)
{
	while (!dt->faulty) {
		uint32_t token;

		if (dt->structure_size - dt->position < token_size) {
			fault(dt, "the tree does not end");
			break;
		}
		token = dt_u32(dt->structure + dt->position);
		if (token != TOKEN_NOP) {
			return token;
		}
		dt->position += token_size;
	}
	return TOKEN_END;
}

/** Moves over @size bytes and the padding behind them; @size bytes are there. */
static void skip(struct dt *dt, uint32_t size)
{
	uint32_t left = dt->structure_size - dt->position;
	uint32_t padded = (size + 3) & ~3U;

	dt->position += padded <= left ? padded : left;
}

/** Reads the name of the node behind a BEGIN_NODE token and moves behind it; null after a fault. */
static const char *node_name(struct dt *dt)
{
	const char *name = (const char *)dt->structure + dt->position + token_size;
	uint32_t left = dt->structure_size - dt->position - token_size;
	uint32_t size = 0;

	while (size < left && name[size] != '\0') {
		size++;
	}
	if (size == left) {
		fault(dt, "the name of a node does not end");
		return NULL;
	}
	dt->position += token_size;
	skip(dt, size + 1);
	return name;
}

/**
 * Starts to read the tree in @blob, which has room for @size bytes; it must stay there until the
 * end. The cursor is in the root node.
 */
bool dt_open(struct dt *dt, const void *blob, size_t size, struct config_report *report)
{
	const uint8_t *bytes = blob;
	const char *complaint = header_complaint(bytes, size);

	memset(dt, 0, sizeof(*dt));
	dt->report = report;
	if (complaint != NULL) {
		fault(dt, complaint);
		return false;
	}

	dt->structure = bytes + header_field(bytes, HEADER_STRUCTURE_OFFSET);
	dt->structure_size = header_field(bytes, HEADER_STRUCTURE_SIZE);
	dt->strings = (const char *)bytes + header_field(bytes, HEADER_STRINGS_OFFSET);
	dt->strings_size = header_field(bytes, HEADER_STRINGS_SIZE);
	if (dt->strings_size > 0 && dt->strings[dt->strings_size - 1] != '\0') {
		fault(dt, "the last name of a property does not end");
		return false;
	}
	if (!dt_enter(dt) && !dt->faulty) {
		fault(dt, "expected a root node");
	}
	return !dt->faulty;
}

/** The next property of the current node; false when there is none left. */
bool dt_property(struct dt *dt, struct dt_property *property)
{
	const uint8_t *head;
	uint32_t left, name_offset;

	if (next_token(dt) != TOKEN_PROPERTY) {
		return false;
	}

	left = dt->structure_size - dt->position;
	if (left < property_head_size) {
		fault(dt, "a property does not end");
		return false;
	}
	head = dt->structure + dt->position;
	property->size = dt_u32(head + 4);
	name_offset = dt_u32(head + 8);
	if (property->size > left - property_head_size) {
		fault(dt, "a property does not end");
		return false;
	}
	if (name_offset >= dt->strings_size) {
		fault(dt, "the name of a property is outside");
		return false;
	}
	property->name = dt->strings + name_offset;
	property->value = head + property_head_size;
	dt->position += property_head_size;
	skip(dt, property->size);
	return true;
}

/** Enters the next subnode of the current node; false when there is none left. */
bool dt_enter(struct dt *dt)
{
	uint32_t token = next_token(dt);
	const char *name;

	if (token == TOKEN_PROPERTY) {
		fault(dt, "a property behind a subnode");
	}
	if (token != TOKEN_BEGIN_NODE) {
		return false;
	}
	if (dt->depth == DT_DEPTH_MAX) {
		fault(dt, "nodes nested too deep");
		return false;
	}

	name = node_name(dt);
	if (name == NULL) {
		return false;
	}
	dt->name[dt->depth++] = name;
	return true;
}

/** Leaves the current node, with all that was not read of it. */
void dt_leave(struct dt *dt)
{
	struct dt_property property;
	uint32_t nesting = 1;

	while (nesting > 0 && !dt->faulty) {
		switch (next_token(dt)) {
		case TOKEN_PROPERTY:
			dt_property(dt, &property);
			break;
		case TOKEN_BEGIN_NODE:
			node_name(dt);
			nesting++;
			break;
		case TOKEN_END_NODE:
			dt->position += token_size;
			nesting--;
			break;
		default:
			if (!dt->faulty) {
				fault(dt, "expected the end of a node");
			}
		}
	}
	if (!dt->faulty) {
		dt->depth--;
	}
}

/** Leaves the root node. True when the whole tree was sound. */
bool dt_close(struct dt *dt)
{
	if (!dt->faulty) {
		dt_leave(dt);
	}
	if (next_token(dt) != TOKEN_END) {
		fault(dt, "expected the end of the tree");
	}
	return !dt->faulty;
}

/** Name of the current node with its unit address. */
const char *dt_name(const struct dt *dt)
{
	return dt->depth > 0 ? dt->name[dt->depth - 1] : "";
}

/** Writes the path of the current node; a long one is cut. */
void dt_path(const struct dt *dt, char path[DT_PATH_MAX])
{
	size_t used = 0;

	path[used++] = '/';
	for (uint32_t level = 1; level < dt->depth; level++) {
		size_t room = DT_PATH_MAX - 1 - used;
		size_t size = strnlen(dt->name[level], room);

		if (level > 1 && room > 0) {
			path[used++] = '/';
			size = strnlen(dt->name[level], room - 1);
		}
		memcpy(path + used, dt->name[level], size);
		used += size;
	}
	path[used] = '\0';
}

void dt_error(struct dt *dt, const char *text, ...)
{
	char path[DT_PATH_MAX];
	va_list arguments;

	dt_path(dt, path);
	va_start(arguments, text);
	config_error_list(dt->report, path, text, arguments);
	va_end(arguments);
}

void dt_error_number(struct dt *dt, const char *property, uint64_t value, const char *expected)
{
	char path[DT_PATH_MAX];

	dt_path(dt, path);
	config_error_number(dt->report, path, property, value, expected);
}

void dt_warning(struct dt *dt, const char *text, ...)
{
	char path[DT_PATH_MAX];
	va_list arguments;

	dt_path(dt, path);
	va_start(arguments, text);
	config_warning_list(dt->report, path, text, arguments);
	va_end(arguments);
}
