/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes small device trees for tests, right ones and wrong ones. No checks: a test knows what it
 * writes. */
#ifndef TESTS_UNIT_CONFIG_DTB_H
#define TESTS_UNIT_CONFIG_DTB_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	DTB_HEADER_SIZE = 40,
	DTB_ROOM = 4096,
	DTB_TOKEN_BEGIN = 1,
	DTB_TOKEN_END_NODE = 2,
	DTB_TOKEN_PROPERTY = 3,
	DTB_TOKEN_NOP = 4,
	DTB_TOKEN_END = 9,
};

struct dtb {
	uint8_t structure[DTB_ROOM];
	uint8_t strings[DTB_ROOM];
	uint32_t structure_size, strings_size;
};

static inline void dtb_put(uint8_t *at, uint32_t number)
{
	at[0] = (uint8_t)(number >> 24);
	at[1] = (uint8_t)(number >> 16);
	at[2] = (uint8_t)(number >> 8);
	at[3] = (uint8_t)number;
}

static inline void dtb_cell(struct dtb *dtb, uint32_t number)
{
	dtb_put(dtb->structure + dtb->structure_size, number);
	dtb->structure_size += 4;
}

static inline void dtb_bytes(struct dtb *dtb, const void *bytes, size_t size)
{
	memcpy(dtb->structure + dtb->structure_size, bytes, size);
	dtb->structure_size += (uint32_t)(size + 3) & ~3U;
}

static inline void dtb_begin(struct dtb *dtb, const char *name)
{
	dtb_cell(dtb, DTB_TOKEN_BEGIN);
	dtb_bytes(dtb, name, strlen(name) + 1);
}

static inline void dtb_end_node(struct dtb *dtb)
{
	dtb_cell(dtb, DTB_TOKEN_END_NODE);
}

static inline void dtb_property(struct dtb *dtb, const char *name, const void *value, size_t size)
{
	dtb_cell(dtb, DTB_TOKEN_PROPERTY);
	dtb_cell(dtb, (uint32_t)size);
	dtb_cell(dtb, dtb->strings_size);
	if (size > 0) {
		dtb_bytes(dtb, value, size);
	}
	memcpy(dtb->strings + dtb->strings_size, name, strlen(name) + 1);
	dtb->strings_size += (uint32_t)strlen(name) + 1;
}

static inline void dtb_text(struct dtb *dtb, const char *name, const char *text)
{
	dtb_property(dtb, name, text, strlen(text) + 1);
}

static inline void dtb_number(struct dtb *dtb, const char *name, uint32_t number)
{
	uint8_t cell[4];

	dtb_put(cell, number);
	dtb_property(dtb, name, cell, sizeof(cell));
}

/** The blob, in memory of its exact size, to be freed. */
static inline uint8_t *dtb_finish(struct dtb *dtb, size_t *size)
{
	uint8_t *blob;

	dtb_cell(dtb, DTB_TOKEN_END);
	*size = DTB_HEADER_SIZE + 16 + dtb->structure_size + dtb->strings_size;
	blob = calloc(1, *size);
	if (blob == NULL) {
		abort();
	}
	dtb_put(blob, 0xD00DFEEDU);
	dtb_put(blob + 4, (uint32_t)*size);
	dtb_put(blob + 8, DTB_HEADER_SIZE + 16);
	dtb_put(blob + 12, DTB_HEADER_SIZE + 16 + dtb->structure_size);
	dtb_put(blob + 16, DTB_HEADER_SIZE);
	dtb_put(blob + 20, 17);
	dtb_put(blob + 24, 16);
	dtb_put(blob + 32, dtb->strings_size);
	dtb_put(blob + 36, dtb->structure_size);
	memcpy(blob + DTB_HEADER_SIZE + 16, dtb->structure, dtb->structure_size);
	memcpy(blob + DTB_HEADER_SIZE + 16 + dtb->structure_size, dtb->strings, dtb->strings_size);
	return blob;
}

#endif
