/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory nodes of the SPMC manifest: children of the root with a device_type. They bound what
 * partitions may own (memory, device-memory) and what the normal world may share (ns-memory,
 * ns-device-memory). Ranges are kept sorted; neighbours and overlaps of one kind become one range.
 */
#include "config/fields.h"
#include "config/spmc_parse.h"
#include "lib/string.h"

enum {
	MEMORY_DEVICE_TYPE,
	MEMORY_REG,
	MEMORY_COMPATIBLE,
	MEMORY_PHANDLE,
	MEMORY_STATUS,
	MEMORY_NUMA,
	MEMORY_COUNT,
};

static const struct field memory_fields[MEMORY_COUNT] = {
	[MEMORY_DEVICE_TYPE] = { "device_type", FIELD_TEXT, FIELD_MANDATORY, 0, 0, 0 },
	[MEMORY_REG] = { "reg", FIELD_CELLS, FIELD_MANDATORY, 0, 0, 0 },
	[MEMORY_COMPATIBLE] = { "compatible", FIELD_ANY, 0, 0, 0, 0 },
	[MEMORY_PHANDLE] = { "phandle", FIELD_ANY, 0, 0, 0, 0 },
	[MEMORY_STATUS] = { "status", FIELD_ANY, 0, 0, 0, 0 },
	[MEMORY_NUMA] = { "numa-node-id", FIELD_ANY, 0, 0, 0, 0 },
};

static struct memory_ranges *ranges_of(struct spmc_config *out, const char *device_type)
{
	if (strcmp(device_type, "memory") == 0) {
		return &out->secure_memory;
	}
	if (strcmp(device_type, "ns-memory") == 0) {
		return &out->ns_memory;
	}
	if (strcmp(device_type, "device-memory") == 0) {
		return &out->secure_devices;
	}
	if (strcmp(device_type, "ns-device-memory") == 0) {
		return &out->ns_devices;
	}
	return NULL;
}

static void remove_ranges(struct memory_ranges *ranges, uint32_t first, uint32_t count)
{
	memmove(&ranges->range[first], &ranges->range[first + count],
		(ranges->count - first - count) * sizeof(ranges->range[0]));
	ranges->count = (uint8_t)(ranges->count - count);
}

/**
 * Adds [@base, @end), which are page-aligned, to @ranges and unites it with what it touches.
 *
 * False when there is no room.
 */
static bool add_range(struct memory_ranges *ranges, uint64_t base, uint64_t end)
{
	uint32_t first = 0, last;

	while (first < ranges->count && page_range_end(ranges->range[first]) < base) {
		first++;
	}
	for (last = first; last < ranges->count && ranges->range[last].base.pa <= end; last++) {
		if (ranges->range[last].base.pa < base) {
			base = ranges->range[last].base.pa;
		}
		if (page_range_end(ranges->range[last]) > end) {
			end = page_range_end(ranges->range[last]);
		}
	}
	if (last == first && ranges->count == CONFIG_MEMORY_RANGE_MAX) {
		return false;
	}

	if (last > first) {
		remove_ranges(ranges, first + 1, last - first - 1);
	} else {
		memmove(&ranges->range[first + 1], &ranges->range[first],
			(ranges->count - first) * sizeof(ranges->range[0]));
		ranges->count++;
	}
	ranges->range[first].base = paddr(base);
	ranges->range[first].page_count = (end - base) >> PAGE_SHIFT;
	return true;
}

static uint64_t read_cells(const uint8_t *cells, uint32_t count)
{
	return count == 2 ? dt_u64(cells) : dt_u32(cells);
}

/** One address and size of a `reg`; what is less than a page at either end is left out, with a
 * warning. */
static bool range_parse(struct spmc_parse *parse, struct memory_ranges *ranges, uint64_t base,
			uint64_t size)
{
	uint64_t end, whole_base, whole_end;

	if (__builtin_add_overflow(base, size, &end) || end > UINT64_MAX - PAGE_MASK) {
		dt_error(
			&parse->dt,
			"property \"reg\" = 0x%lx, size 0x%lx: expected no end beyond the address space",
			(unsigned long)base, (unsigned long)size);
		return false;
	}
	whole_base = (base + PAGE_MASK) & ~PAGE_MASK;
	whole_end = end & ~PAGE_MASK;
	if (whole_base != base || whole_end != end || size == 0) {
		dt_warning(&parse->dt,
			   "property \"reg\" = 0x%lx, size 0x%lx: only whole pages are used",
			   (unsigned long)base, (unsigned long)size);
	}
	if (whole_base >= whole_end) {
		return true;
	}
	if (!add_range(ranges, whole_base, whole_end)) {
		dt_error(&parse->dt,
			 "property \"reg\": one range too many: expected at most %u of a kind",
			 (unsigned)CONFIG_MEMORY_RANGE_MAX);
		return false;
	}
	return true;
}

static bool reg_parse(struct spmc_parse *parse, struct memory_ranges *ranges,
		      const struct field_value *reg)
{
	uint32_t stride = parse->address_cells + parse->size_cells;

	if (field_cell_count(reg) % stride != 0) {
		dt_error(&parse->dt, "property \"reg\" has %u cells: expected a multiple of %u",
			 field_cell_count(reg), stride);
		return false;
	}
	for (uint32_t i = 0; i < field_cell_count(reg); i += stride) {
		const uint8_t *cells = reg->bytes + (size_t)i * 4;
		uint64_t base = read_cells(cells, parse->address_cells);
		uint64_t size = read_cells(cells + (size_t)parse->address_cells * 4,
					   parse->size_cells);

		if (!range_parse(parse, ranges, base, size)) {
			return false;
		}
	}
	return true;
}

/** Looks ahead with a copy of the cursor: a memory node may have any name. */
static bool has_device_type(const struct dt *dt)
{
	struct dt ahead = *dt;
	struct dt_property property;

	while (dt_property(&ahead, &property)) {
		if (strcmp(property.name, "device_type") == 0) {
			return true;
		}
	}
	return false;
}

/** Reads the current node when it is a memory node; names it in a warning when it is none. */
bool memory_node_parse(struct spmc_parse *parse)
{
	struct field_value values[MEMORY_COUNT];
	const struct field_value *type = &values[MEMORY_DEVICE_TYPE], *reg = &values[MEMORY_REG];
	struct memory_ranges *ranges;

	if (!has_device_type(&parse->dt)) {
		dt_warning(&parse->dt, "node is unknown and ignored");
		return true;
	}
	if (!fields_read(&parse->dt, memory_fields, MEMORY_COUNT, values)) {
		return false;
	}
	ranges = ranges_of(parse->out, field_text(type));
	if (ranges == NULL) {
		dt_error(&parse->dt,
			 "property \"device_type\" = \"%s\": expected \"memory\", \"ns-memory\", "
			 "\"device-memory\" or \"ns-device-memory\"",
			 field_text(type));
		return false;
	}
	return reg_parse(parse, ranges, reg);
}

/** Checks the ranges of the whole manifest. */
bool memory_check(struct spmc_parse *parse)
{
	const struct memory_ranges *secure = &parse->out->secure_memory;
	const struct memory_ranges *ns = &parse->out->ns_memory;

	if (secure->count == 0 && ns->count == 0) {
		config_error(parse->report, "/",
			     "no memory node: expected device_type \"memory\" or \"ns-memory\"");
		return false;
	}
	for (uint32_t i = 0; i < secure->count; i++) {
		for (uint32_t j = 0; j < ns->count; j++) {
			if (!page_range_overlaps(secure->range[i], ns->range[j])) {
				continue;
			}
			config_error(parse->report, "/",
				     "memory at 0x%lx is both \"memory\" and \"ns-memory\"",
				     (unsigned long)(secure->range[i].base.pa > ns->range[j].base.pa
							     ? secure->range[i].base.pa
							     : ns->range[j].base.pa));
			return false;
		}
	}
	return true;
}
