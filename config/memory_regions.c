/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `memory-regions` of a partition manifest: memory a partition has besides its own, or, when a
 * region lies inside the partition's own memory, the attributes of that part of it.
 */
#include "config/partition_parse.h"
#include "lib/string.h"

enum {
	REGIONS_COMPATIBLE,
	REGIONS_DESCRIPTION,
	REGIONS_COUNT,
};

static const struct field regions_fields[REGIONS_COUNT] = {
	[REGIONS_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[REGIONS_DESCRIPTION] = { "description", FIELD_ANY, 0, 0, 0, 0 },
};

enum {
	REGION_DESCRIPTION,
	REGION_BASE,
	REGION_OFFSET,
	REGION_PAGES,
	REGION_ATTRIBUTES,
	REGION_SMMU,
	REGION_STREAMS,
	REGION_STREAM_PERMISSIONS,
	REGION_PHANDLE,
	REGION_OLD_PHANDLE,
	REGION_LOAD_FLAGS,
	REGION_COUNT,
};

/* pages-count: as many as an address of 52 bits can reach. */
static const struct field region_fields[REGION_COUNT] = {
	[REGION_DESCRIPTION] = { "description", FIELD_TEXT, 0, 0, 0, 0 },
	[REGION_BASE] = { "base-address", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[REGION_OFFSET] = { "load-address-relative-offset", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[REGION_PAGES] = { "pages-count", FIELD_NUMBER, FIELD_MANDATORY, 1, UINT32_MAX, 0 },
	[REGION_ATTRIBUTES] = { "attributes", FIELD_NUMBER, FIELD_MANDATORY, 0, UINT32_MAX, 0 },
	[REGION_SMMU] = { "smmu-id", FIELD_NUMBER, FIELD_LATER, 0, UINT32_MAX, UINT64_MAX },
	[REGION_STREAMS] = { "stream-ids", FIELD_CELLS, FIELD_LATER, 0, 0, 0 },
	[REGION_STREAM_PERMISSIONS] = { "stream-ids-access-permissions", FIELD_CELLS, FIELD_LATER,
					0, 0, 0 },
	[REGION_PHANDLE] = { "phandle", FIELD_NUMBER, 0, 1, UINT32_MAX, 0 },
	[REGION_OLD_PHANDLE] = { "linux,phandle", FIELD_ANY, 0, 0, 0, 0 },
	[REGION_LOAD_FLAGS] = { "load-flags", FIELD_ANY, 0, 0, 0, 0 },
};

static bool attributes_are_legal(struct partition_parse *parse, uint64_t attributes)
{
	const uint64_t access = attributes & (REGION_READ | REGION_WRITE | REGION_EXECUTE);
	const bool known = (attributes & ~(uint64_t)(REGION_READ | REGION_WRITE | REGION_EXECUTE |
						     REGION_NON_SECURE)) == 0;

	if (!known || (access & REGION_READ) == 0) {
		dt_error_number(&parse->dt, "attributes", attributes,
				"R (1), RW (3), RX (5) or RWX (7), plus 8 for non-secure");
		return false;
	}
	if ((access & REGION_WRITE) != 0 && (access & REGION_EXECUTE) != 0 &&
	    parse->out->exception_level == EXCEPTION_LEVEL_S_EL0) {
		dt_error_number(&parse->dt, "attributes", attributes,
				"no RWX for an S-EL0 partition");
		return false;
	}
	return true;
}

/** Finds the region's range from whichever of the two forms of its address is given. */
static bool range_parse(struct partition_parse *parse, const struct field_value *values,
			struct page_range *range)
{
	const bool relative = field_present(&values[REGION_OFFSET]);
	const char *name = relative ? "load-address-relative-offset" : "base-address";
	const uint64_t given = values[relative ? REGION_OFFSET : REGION_BASE].number;
	uint64_t base = given, end;

	if (relative == field_present(&values[REGION_BASE])) {
		dt_error(&parse->dt,
			 "expected either \"base-address\" or \"load-address-relative-offset\"");
		return false;
	}
	if (!page_aligned(given)) {
		dt_error_number(&parse->dt, name, given, "a multiple of 4096");
		return false;
	}
	if ((relative && __builtin_add_overflow(parse->source->vm->memory.base.pa, given, &base)) ||
	    __builtin_add_overflow(base, values[REGION_PAGES].number << PAGE_SHIFT, &end)) {
		dt_error_number(&parse->dt, name, given, "no end beyond the address space");
		return false;
	}
	range->base = paddr(base);
	range->page_count = values[REGION_PAGES].number;
	return true;
}

/** A region lies outside the partition's own memory, or all inside. */
static bool place_region(struct partition_parse *parse, struct memory_region_config *region)
{
	const struct page_range own = parse->source->vm->memory;
	const struct spmc_config *spmc = parse->source->spmc;
	const bool non_secure = (region->attributes & REGION_NON_SECURE) != 0;

	region->inside_partition = page_range_contains(own, region->range);
	if (!memory_ranges_contain(non_secure ? &spmc->ns_memory : &spmc->secure_memory,
				   region->range)) {
		dt_error(&parse->dt,
			 "range 0x%lx to 0x%lx: expected inside a \"%s\" node of the SPMC manifest",
			 (unsigned long)region->range.base.pa,
			 (unsigned long)page_range_end(region->range),
			 non_secure ? "ns-memory" : "memory");
		return false;
	}
	if (!region->inside_partition && page_range_overlaps(own, region->range)) {
		dt_error(
			&parse->dt,
			"range 0x%lx to 0x%lx: expected inside or outside the partition's memory, 0x%lx to 0x%lx",
			(unsigned long)region->range.base.pa,
			(unsigned long)page_range_end(region->range), (unsigned long)own.base.pa,
			(unsigned long)page_range_end(own));
		return false;
	}
	return true;
}

/** Streams of a DMA device that may reach the region: IDs, one value of permissions for all. */
static bool streams_parse(struct partition_parse *parse, const struct field_value *values,
			  struct memory_region_config *region)
{
	const struct field_value *ids = &values[REGION_STREAMS];
	const struct field_value *permissions = &values[REGION_STREAM_PERMISSIONS];

	if (!field_present(ids)) {
		if (field_present(permissions)) {
			dt_error(
				&parse->dt,
				"property \"stream-ids-access-permissions\": expected \"stream-ids\" as well");
		}
		return !field_present(permissions);
	}
	if (!field_present(&values[REGION_SMMU])) {
		dt_error(&parse->dt, "property \"stream-ids\": expected \"smmu-id\" as well");
		return false;
	}
	region->smmu_id = (uint32_t)values[REGION_SMMU].number;
	if (!streams_add(parse, ids, &region->stream_first, &region->stream_count)) {
		return false;
	}
	if (!field_present(permissions)) {
		return true;
	}

	if (field_cell_count(permissions) != region->stream_count) {
		dt_error(
			&parse->dt,
			"property \"stream-ids-access-permissions\" has %u cells: expected as many as \"stream-ids\", %u",
			field_cell_count(permissions), (unsigned)region->stream_count);
		return false;
	}
	region->stream_permissions = field_cell(permissions, 0);
	for (uint32_t i = 0; i < field_cell_count(permissions); i++) {
		const uint32_t value = field_cell(permissions, i);

		if (value == 0 || value > 0xF || value != region->stream_permissions) {
			dt_error_number(&parse->dt, "stream-ids-access-permissions", value,
					"1 to 15, the same for all streams");
			return false;
		}
	}
	return true;
}

static void describe(char description[CONFIG_NAME_MAX], const struct field_value *given,
		     const char *node)
{
	if (field_present(given)) {
		memcpy(description, given->bytes, given->size);
	} else {
		memcpy(description, node, strnlen(node, CONFIG_NAME_MAX - 1));
	}
}

static bool region_parse(struct partition_parse *parse)
{
	struct partition_config *out = parse->out;
	struct memory_region_config *region;
	struct field_value values[REGION_COUNT];

	if (out->memory_region_count == CONFIG_MEMORY_REGION_MAX) {
		dt_error(&parse->dt, "one memory region too many: expected at most %u",
			 (unsigned)CONFIG_MEMORY_REGION_MAX);
		return false;
	}
	region = &out->memory_regions[out->memory_region_count];
	*region = (struct memory_region_config){ 0 };
	if (!fields_read(&parse->dt, region_fields, REGION_COUNT, values) ||
	    !range_parse(parse, values, &region->range) ||
	    !attributes_are_legal(parse, values[REGION_ATTRIBUTES].number)) {
		return false;
	}
	region->attributes = (uint32_t)values[REGION_ATTRIBUTES].number;
	if (!place_region(parse, region) || !streams_parse(parse, values, region)) {
		return false;
	}

	describe(region->description, &values[REGION_DESCRIPTION], dt_name(&parse->dt));
	parse->memory_region_name[out->memory_region_count] = dt_name(&parse->dt);
	parse->memory_region_phandle[out->memory_region_count] =
		(uint32_t)values[REGION_PHANDLE].number;
	out->memory_region_count++;
	return true;
}

/** Reads the current node, `memory-regions`. */
bool memory_regions_parse(struct partition_parse *parse)
{
	struct field_value values[REGIONS_COUNT];

	if (!fields_read(&parse->dt, regions_fields, REGIONS_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[REGIONS_COMPATIBLE],
				      "arm,ffa-manifest-memory-regions")) {
		return false;
	}
	while (dt_enter(&parse->dt)) {
		if (!region_parse(parse)) {
			return false;
		}
		dt_leave(&parse->dt);
	}
	return !parse->dt.faulty;
}
