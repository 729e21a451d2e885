/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A forward cursor on libfdt (read-only part, from TF-A's source); see dt.h. libfdt finds a property or
 * a node by walking from the start of its parent: the cursor asks it for token after token instead, so
 * that a manifest costs one walk. Limits: format version 17 (what dtc writes); a property behind a
 * subnode is a fault, as the specification says; nodes are entered at most DT_DEPTH_MAX deep.
 */
#include "config/dt.h"

#include "lib/string.h"

#include <libfdt.h>

static const uint32_t format_version = 17;

static void fault(struct dt *dt, const char *what)
{
	dt_error(dt, "malformed device tree at offset 0x%x: %s", (unsigned)dt->offset, what);
	dt->faulty = true;
	dt->depth = 0;
}

/** What is wrong with the header of @blob, or null. */
static const char *header_complaint(const void *blob, size_t size)
{
	int error;

	if (((uintptr_t)blob & 7) != 0) {
		return "expected at an address that is a multiple of 8";
	}
	if (size < sizeof(struct fdt_header)) {
		return "too short";
	}
	error = fdt_check_header(blob);
	if (error != 0) {
		return fdt_strerror(error);
	}
	if (fdt_version(blob) < format_version) {
		return "expected format version 17";
	}
	if (fdt_totalsize(blob) > size) {
		return "larger than the memory that holds it";
	}
	if ((fdt_off_dt_struct(blob) & 3) != 0) {
		return "expected a structure block at a multiple of 4"; /* libfdt reads words there */
	}
	return NULL;
}

/** The next token that is not a NOP, and where the one behind it is; the cursor stays in front of it. */
static uint32_t next_token(struct dt *dt, int *behind)
{
	while (!dt->faulty) {
		uint32_t token = fdt_next_tag(dt->blob, dt->offset, behind);

		if (*behind < 0 && !(token == FDT_END && *behind == -FDT_ERR_NOTFOUND)) {
			fault(dt, fdt_strerror(*behind));
		} else if (token != FDT_NOP) {
			return token;
		} else {
			dt->offset = *behind;
		}
	}
	return FDT_END;
}

/**
 * Starts to read the tree in @blob, which has room for @size bytes; it must stay there until the
 * end. The cursor is in the root node.
 */
bool dt_open(struct dt *dt, const void *blob, size_t size, struct config_report *report)
{
	const char *complaint = header_complaint(blob, size);

	memset(dt, 0, sizeof(*dt));
	dt->report = report;
	dt->blob = blob;
	if (complaint != NULL) {
		fault(dt, complaint);
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
	int behind, size;

	if (next_token(dt, &behind) != FDT_PROP) {
		return false;
	}
	property->value = fdt_getprop_by_offset(dt->blob, dt->offset, &property->name, &size);
	if (property->value == NULL || property->name == NULL) {
		fault(dt, fdt_strerror(size));
		return false;
	}
	property->size = (uint32_t)size;
	dt->offset = behind;
	return true;
}

/** Enters the next subnode of the current node; false when there is none left. */
bool dt_enter(struct dt *dt)
{
	int behind;
	uint32_t token = next_token(dt, &behind);

	if (token == FDT_PROP) {
		fault(dt, "a property behind a subnode");
	}
	if (token != FDT_BEGIN_NODE || dt->faulty) {
		return false;
	}
	if (dt->depth == DT_DEPTH_MAX) {
		fault(dt, "nodes nested too deep");
		return false;
	}

	/* The name is behind the token; fdt_next_tag() has found its end. */
	dt->name[dt->depth++] = fdt_offset_ptr(dt->blob, dt->offset + (int)FDT_TAGSIZE, 1);
	dt->offset = behind;
	return true;
}

/** Leaves the current node, with all that was not read of it. */
void dt_leave(struct dt *dt)
{
	uint32_t nesting = 1;
	int behind;

	while (nesting > 0 && !dt->faulty) {
		uint32_t token = next_token(dt, &behind);

		if (token == FDT_END) {
			if (!dt->faulty) {
				fault(dt, "expected the end of a node");
			}
			return;
		}
		nesting += token == FDT_BEGIN_NODE ? 1U : 0U;
		nesting -= token == FDT_END_NODE ? 1U : 0U;
		dt->offset = behind;
	}
	if (!dt->faulty) {
		dt->depth--;
	}
}

/** Leaves the root node. True when the whole tree was sound. */
bool dt_close(struct dt *dt)
{
	int behind;

	if (!dt->faulty) {
		dt_leave(dt);
	}
	if (next_token(dt, &behind) != FDT_END) {
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
