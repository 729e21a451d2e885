/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What memory and device regions of one partition have to do with each other: overlaps, and
 * streams, which a device region owns and a memory region refers to.
 */
#include "config/partition_parse.h"

/** Adds the stream IDs of the current node to the partition's list; where they went is @first,
 * @count. */
bool streams_add(struct partition_parse *parse, const struct field_value *ids, uint8_t *first,
		 uint8_t *count)
{
	struct partition_config *out = parse->out;
	const uint32_t added = field_cell_count(ids);

	if (added > CONFIG_STREAM_MAX - (uint32_t)out->stream_count) {
		dt_error(
			&parse->dt,
			"property \"stream-ids\" has %u cells: too many, expected at most %u in a partition",
			added, (unsigned)CONFIG_STREAM_MAX);
		return false;
	}
	*first = out->stream_count;
	*count = (uint8_t)added;
	for (uint32_t i = 0; i < added; i++) {
		out->streams[out->stream_count++] = field_cell(ids, i);
	}
	return true;
}

/** The streams of a node, in short. */
struct dma_reference {
	uint32_t smmu_id;
	uint32_t count;
};

/** How many device regions have stream @id of SMMU @smmu_id. */
static uint32_t owners_of_stream(const struct partition_config *out, uint32_t smmu_id, uint32_t id)
{
	uint32_t owners = 0;

	for (uint32_t i = 0; i < out->device_region_count; i++) {
		const struct device_region_config *device = &out->device_regions[i];

		for (uint32_t j = 0; j < device->stream_count && device->smmu_id == smmu_id; j++) {
			if (out->streams[device->stream_first + j] == id) {
				owners++;
			}
		}
	}
	return owners;
}

static bool streams_have_one_owner(struct partition_parse *parse, const char *kind,
				   const char *node, const uint32_t *ids,
				   struct dma_reference reference)
{
	for (uint32_t i = 0; i < reference.count; i++) {
		char path[DT_PATH_MAX];

		if (owners_of_stream(parse->out, reference.smmu_id, ids[i]) == 1) {
			continue;
		}
		config_text(path, sizeof(path), "/%s/%s", kind, node);
		config_error_number(parse->report, path, "stream-ids", ids[i],
				    "a stream of exactly one device region with this smmu-id");
		return false;
	}
	return true;
}

static bool streams_check(struct partition_parse *parse)
{
	const struct partition_config *out = parse->out;

	for (uint32_t i = 0; i < out->device_region_count; i++) {
		const struct device_region_config *device = &out->device_regions[i];

		if (!streams_have_one_owner(parse, "device-regions", parse->device_region_name[i],
					    &out->streams[device->stream_first],
					    (struct dma_reference){ device->smmu_id,
								    device->stream_count })) {
			return false;
		}
	}
	for (uint32_t i = 0; i < out->memory_region_count; i++) {
		const struct memory_region_config *region = &out->memory_regions[i];

		if (!streams_have_one_owner(parse, "memory-regions", parse->memory_region_name[i],
					    &out->streams[region->stream_first],
					    (struct dma_reference){ region->smmu_id,
								    region->stream_count })) {
			return false;
		}
	}
	return true;
}

/** Range number @i of all regions of the partition, memory first. */
static struct page_range region_range(const struct partition_config *out, uint32_t i)
{
	if (i < out->memory_region_count) {
		return out->memory_regions[i].range;
	}
	return out->device_regions[i - out->memory_region_count].range;
}

static void region_path(const struct partition_parse *parse, uint32_t i, char path[DT_PATH_MAX])
{
	const uint32_t memory_count = parse->out->memory_region_count;

	if (i < memory_count) {
		config_text(path, DT_PATH_MAX, "/memory-regions/%s", parse->memory_region_name[i]);
	} else {
		config_text(path, DT_PATH_MAX, "/device-regions/%s",
			    parse->device_region_name[i - memory_count]);
	}
}

static bool overlap_error(struct partition_parse *parse, uint32_t i, uint32_t other)
{
	const struct page_range range = region_range(parse->out, i);
	char path[DT_PATH_MAX], other_path[DT_PATH_MAX];

	region_path(parse, i, path);
	region_path(parse, other, other_path);
	config_error(parse->report, path, "range 0x%lx to 0x%lx overlaps %s",
		     (unsigned long)range.base.pa, (unsigned long)page_range_end(range),
		     other_path);
	return false;
}

static bool overlaps_check(struct partition_parse *parse)
{
	const struct partition_config *out = parse->out;
	const uint32_t count = (uint32_t)out->memory_region_count + out->device_region_count;

	for (uint32_t i = 0; i < count; i++) {
		const struct page_range range = region_range(out, i);

		for (uint32_t j = 0; j < i; j++) {
			if (page_range_overlaps(range, region_range(out, j))) {
				return overlap_error(parse, i, j);
			}
		}
		if (i >= out->memory_region_count && page_range_overlaps(range, out->vm.memory)) {
			char path[DT_PATH_MAX];

			region_path(parse, i, path);
			config_error(parse->report, path,
				     "range 0x%lx to 0x%lx overlaps the partition's memory",
				     (unsigned long)range.base.pa,
				     (unsigned long)page_range_end(range));
			return false;
		}
	}
	return true;
}

/** Checks the regions against each other, when all are read. */
bool regions_check(struct partition_parse *parse)
{
	return overlaps_check(parse) && streams_check(parse);
}
