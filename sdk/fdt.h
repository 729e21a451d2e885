/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading the partition's own manifest: a walker over a flattened device tree that the SPMC has already
 * accepted. Not a general parser; it only makes sure that it never leaves the tree.
 */
#ifndef SDK_FDT_H
#define SDK_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdt {
	const uint8_t *structure;
	const uint8_t *strings;
	uint32_t structure_size;
	uint32_t strings_size;
	uint32_t size; /* of the whole tree */
};

/** Node: offset of the token behind its name; 0 = none. */
typedef uint32_t fdt_node_t;

struct fdt_property {
	const uint8_t *value;
	uint32_t size; /* value is NULL when there is no such property */
};

bool fdt_open(struct fdt *fdt, const void *blob);
fdt_node_t fdt_root(const struct fdt *fdt);
fdt_node_t fdt_first_child(const struct fdt *fdt, fdt_node_t node);
fdt_node_t fdt_next_sibling(const struct fdt *fdt, fdt_node_t node);
/** Name of a node found by one of the three above, without unit address. */
const char *fdt_name(const struct fdt *fdt, fdt_node_t node);
fdt_node_t fdt_child(const struct fdt *fdt, fdt_node_t node, const char *name);
struct fdt_property fdt_property(const struct fdt *fdt, fdt_node_t node, const char *name);
/** A number of one or two cells; @fallback when there is none. */
uint64_t fdt_number(const struct fdt *fdt, fdt_node_t node, const char *name, uint64_t fallback);

#endif
