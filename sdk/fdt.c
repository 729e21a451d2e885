/* SPDX-License-Identifier: BSD-3-Clause */
/* A walker over a flattened device tree (devicetree specification 0.3, chapter 5). */
#include "sdk/fdt.h"

#include "lib/string.h"

enum token {
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROPERTY = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

static uint32_t big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static uint32_t word_at(const struct fdt *fdt, uint32_t offset)
{
	return offset + 4 <= fdt->structure_size ? big_endian(fdt->structure + offset) : TOKEN_END;
}

bool fdt_open(struct fdt *fdt, const void *blob)
{
	const uint8_t *bytes = blob;
	uint32_t structure = big_endian(bytes + 8);
	uint32_t strings = big_endian(bytes + 12);

	if (big_endian(bytes) != 0xD00DFEEDU) {
		return false;
	}
	fdt->size = big_endian(bytes + 4);
	fdt->strings_size = big_endian(bytes + 32);
	fdt->structure_size = big_endian(bytes + 36);
	if (structure > fdt->size || fdt->structure_size > fdt->size - structure ||
	    strings > fdt->size || fdt->strings_size > fdt->size - strings) {
		return false;
	}
	fdt->structure = bytes + structure;
	fdt->strings = bytes + strings;
	return true;
}

/** Offset behind a node's name, @offset being that of its BEGIN_NODE token. */
static fdt_node_t enter(const struct fdt *fdt, uint32_t offset)
{
	offset += 4;
	while (offset < fdt->structure_size && fdt->structure[offset] != 0) {
		offset++;
	}
	return (offset + 4) & ~3U;
}

/** Offset behind the property or NOP at @offset. */
static uint32_t skip(const struct fdt *fdt, uint32_t offset)
{
	if (word_at(fdt, offset) == TOKEN_PROPERTY) {
		uint32_t size = word_at(fdt, offset + 4);

		return size < fdt->structure_size ? (offset + 12 + size + 3) & ~3U
						  : fdt->structure_size;
	}
	return offset + 4;
}

/** First BEGIN_NODE or END_NODE at or behind @offset. */
static uint32_t next_border(const struct fdt *fdt, uint32_t offset)
{
	uint32_t token = word_at(fdt, offset);

	while (token == TOKEN_PROPERTY || token == TOKEN_NOP) {
		offset = skip(fdt, offset);
		token = word_at(fdt, offset);
	}
	return offset;
}

fdt_node_t fdt_root(const struct fdt *fdt)
{
	uint32_t offset = next_border(fdt, 0);

	return word_at(fdt, offset) == TOKEN_BEGIN_NODE ? enter(fdt, offset) : 0;
}

fdt_node_t fdt_first_child(const struct fdt *fdt, fdt_node_t node)
{
	uint32_t offset = next_border(fdt, node);

	return word_at(fdt, offset) == TOKEN_BEGIN_NODE ? enter(fdt, offset) : 0;
}

fdt_node_t fdt_next_sibling(const struct fdt *fdt, fdt_node_t node)
{
	uint32_t offset = next_border(fdt, node);
	unsigned depth = 1;

	for (;;) {
		uint32_t token = word_at(fdt, offset);

		if (token == TOKEN_BEGIN_NODE) {
			if (depth == 0) {
				return enter(fdt, offset);
			}
			depth++;
			offset = next_border(fdt, enter(fdt, offset));
		} else if (token == TOKEN_END_NODE && depth > 0) {
			depth--;
			offset = next_border(fdt, offset + 4);
		} else {
			return 0;
		}
	}
}

const char *fdt_name(const struct fdt *fdt, fdt_node_t node)
{
	uint32_t start = node - 1;

	while (start > 0 && fdt->structure[start] == 0) {
		start--;
	}
	/* Names hold no byte below 0x20, the token BEGIN_NODE before them does. */
	while (start > 0 && fdt->structure[start - 1] >= 0x20) {
		start--;
	}
	return (const char *)fdt->structure + start;
}

static bool same_name(const char *full, const char *name)
{
	size_t length = strlen(name);

	return memcmp(full, name, length) == 0 && (full[length] == '\0' || full[length] == '@');
}

fdt_node_t fdt_child(const struct fdt *fdt, fdt_node_t node, const char *name)
{
	fdt_node_t child = fdt_first_child(fdt, node);

	while (child != 0 && !same_name(fdt_name(fdt, child), name)) {
		child = fdt_next_sibling(fdt, child);
	}
	return child;
}

struct fdt_property fdt_property(const struct fdt *fdt, fdt_node_t node, const char *name)
{
	uint32_t offset = node;

	while (word_at(fdt, offset) == TOKEN_PROPERTY || word_at(fdt, offset) == TOKEN_NOP) {
		uint32_t size = word_at(fdt, offset + 4);
		uint32_t name_offset = word_at(fdt, offset + 8);

		if (word_at(fdt, offset) == TOKEN_PROPERTY && name_offset < fdt->strings_size &&
		    strcmp((const char *)fdt->strings + name_offset, name) == 0 &&
		    offset + 12 + size <= fdt->structure_size) {
			return (struct fdt_property){ fdt->structure + offset + 12, size };
		}
		offset = skip(fdt, offset);
	}
	return (struct fdt_property){ NULL, 0 };
}

uint64_t fdt_number(const struct fdt *fdt, fdt_node_t node, const char *name, uint64_t fallback)
{
	struct fdt_property property = fdt_property(fdt, node, name);

	if (property.size == 4) {
		return big_endian(property.value);
	}
	if (property.size == 8) {
		return (uint64_t)big_endian(property.value) << 32 | big_endian(property.value + 4);
	}
	return fallback;
}
