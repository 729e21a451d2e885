/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `device-regions` of a partition manifest: the registers of devices a partition drives, their
 * interrupts, and the streams by which they reach memory.
 */
#include "config/partition_parse.h"
#include "lib/string.h"

enum {
	DEVICES_COMPATIBLE,
	DEVICES_DESCRIPTION,
	DEVICES_COUNT,
};

static const struct field devices_fields[DEVICES_COUNT] = {
	[DEVICES_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[DEVICES_DESCRIPTION] = { "description", FIELD_ANY, 0, 0, 0, 0 },
};

enum {
	DEVICE_DESCRIPTION,
	DEVICE_BASE,
	DEVICE_PAGES,
	DEVICE_ATTRIBUTES,
	DEVICE_INTERRUPTS,
	DEVICE_TARGETS,
	DEVICE_SMMU,
	DEVICE_STREAMS,
	DEVICE_EXCLUSIVE,
	DEVICE_PHANDLE,
	DEVICE_OLD_PHANDLE,
	DEVICE_COUNT,
};

static const struct field device_fields[DEVICE_COUNT] = {
	[DEVICE_DESCRIPTION] = { "description", FIELD_TEXT, 0, 0, 0, 0 },
	[DEVICE_BASE] = { "base-address", FIELD_NUMBER, FIELD_MANDATORY, 0, UINT64_MAX, 0 },
	[DEVICE_PAGES] = { "pages-count", FIELD_NUMBER, FIELD_MANDATORY, 1, UINT32_MAX, 0 },
	[DEVICE_ATTRIBUTES] = { "attributes", FIELD_NUMBER, FIELD_MANDATORY, 0, UINT32_MAX, 0 },
	[DEVICE_INTERRUPTS] = { "interrupts", FIELD_CELLS, 0, 0, 0, 0 },
	[DEVICE_TARGETS] = { "interrupts-target", FIELD_CELLS, 0, 0, 0, 0 },
	[DEVICE_SMMU] = { "smmu-id", FIELD_NUMBER, FIELD_LATER, 0, UINT32_MAX, UINT64_MAX },
	[DEVICE_STREAMS] = { "stream-ids", FIELD_CELLS, FIELD_LATER, 0, 0, 0 },
	[DEVICE_EXCLUSIVE] = { "exclusive-access", FIELD_FLAG, 0, 0, 0, 0 },
	[DEVICE_PHANDLE] = { "phandle", FIELD_ANY, 0, 0, 0, 0 },
	[DEVICE_OLD_PHANDLE] = { "linux,phandle", FIELD_ANY, 0, 0, 0, 0 },
};

static bool attributes_parse(struct partition_parse *parse, uint64_t attributes,
			     struct device_region_config *device)
{
	const uint64_t access = attributes & ~(uint64_t)REGION_NON_SECURE;

	if (access != REGION_READ && access != (REGION_READ | REGION_WRITE)) {
		dt_error_number(&parse->dt, "attributes", attributes,
				"R (1) or RW (3), plus 8 for non-secure");
		return false;
	}
	device->attributes = (uint32_t)attributes;
	return true;
}

static bool range_parse(struct partition_parse *parse, const struct field_value *values,
			struct device_region_config *device)
{
	const struct spmc_config *spmc = parse->source->spmc;
	const bool non_secure = (device->attributes & REGION_NON_SECURE) != 0;
	const uint64_t base = values[DEVICE_BASE].number;
	uint64_t end;

	if (!page_aligned(base)) {
		dt_error_number(&parse->dt, "base-address", base, "a multiple of 4096");
		return false;
	}
	if (__builtin_add_overflow(base, values[DEVICE_PAGES].number << PAGE_SHIFT, &end)) {
		dt_error_number(&parse->dt, "base-address", base,
				"no end beyond the address space");
		return false;
	}
	device->range.base = paddr(base);
	device->range.page_count = values[DEVICE_PAGES].number;
	if (!memory_ranges_contain(non_secure ? &spmc->ns_devices : &spmc->secure_devices,
				   device->range)) {
		dt_error(&parse->dt,
			 "range 0x%lx to 0x%lx: expected inside a \"%s\" node of the SPMC manifest",
			 (unsigned long)base, (unsigned long)end,
			 non_secure ? "ns-device-memory" : "device-memory");
		return false;
	}
	return true;
}

static bool device_streams_parse(struct partition_parse *parse, const struct field_value *values,
				 struct device_region_config *device)
{
	device->has_smmu = field_present(&values[DEVICE_SMMU]);
	if (device->has_smmu) {
		device->smmu_id = (uint32_t)values[DEVICE_SMMU].number;
	}
	if (!field_present(&values[DEVICE_STREAMS])) {
		return true;
	}
	if (!device->has_smmu) {
		dt_error(&parse->dt, "property \"stream-ids\": expected \"smmu-id\" as well");
		return false;
	}
	return streams_add(parse, &values[DEVICE_STREAMS], &device->stream_first,
			   &device->stream_count);
}

static void describe(struct device_region_config *device, const struct field_value *given,
		     const char *node)
{
	if (field_present(given)) {
		memcpy(device->description, given->bytes, given->size);
	} else {
		memcpy(device->description, node, strnlen(node, CONFIG_NAME_MAX - 1));
	}
}

static bool device_parse(struct partition_parse *parse)
{
	struct partition_config *out = parse->out;
	struct device_region_config *device;
	struct field_value values[DEVICE_COUNT];

	if (out->device_region_count == CONFIG_DEVICE_REGION_MAX) {
		dt_error(&parse->dt, "one device region too many: expected at most %u",
			 (unsigned)CONFIG_DEVICE_REGION_MAX);
		return false;
	}
	device = &out->device_regions[out->device_region_count];
	*device = (struct device_region_config){ 0 };
	if (!fields_read(&parse->dt, device_fields, DEVICE_COUNT, values) ||
	    !attributes_parse(parse, values[DEVICE_ATTRIBUTES].number, device) ||
	    !range_parse(parse, values, device) || !device_streams_parse(parse, values, device) ||
	    !interrupts_parse(parse, &values[DEVICE_INTERRUPTS], device) ||
	    !interrupt_targets_parse(parse, &values[DEVICE_TARGETS])) {
		return false;
	}

	device->exclusive_access = values[DEVICE_EXCLUSIVE].number != 0;
	describe(device, &values[DEVICE_DESCRIPTION], dt_name(&parse->dt));
	parse->device_region_name[out->device_region_count] = dt_name(&parse->dt);
	out->device_region_count++;
	return true;
}

/** Reads the current node, `device-regions`. */
bool device_regions_parse(struct partition_parse *parse)
{
	struct field_value values[DEVICES_COUNT];

	if (!fields_read(&parse->dt, devices_fields, DEVICES_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[DEVICES_COMPATIBLE],
				      "arm,ffa-manifest-device-regions")) {
		return false;
	}
	while (dt_enter(&parse->dt)) {
		if (!device_parse(parse)) {
			return false;
		}
		dt_leave(&parse->dt);
	}
	return !parse->dt.faulty;
}
