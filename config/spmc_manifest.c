/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SPMC manifest ("arm,ffa-core-manifest-1.0" as deployed with TF-A): the root node, `attribute`
 * and the interrupt controller. `cpus` is read by cpus.c, memory nodes by memory_ranges.c,
 * `hypervisor` by hypervisor.c. An error in a vm node costs that partition; any other error costs
 * the manifest.
 */
#include "config/config.h"
#include "config/fields.h"
#include "config/spmc_parse.h"
#include "lib/string.h"

enum {
	ROOT_COMPATIBLE,
	ROOT_ADDRESS_CELLS,
	ROOT_SIZE_CELLS,
	ROOT_MODEL,
	ROOT_DESCRIPTION,
	ROOT_COUNT,
};

/* Two cells each are what deployed manifests mean when they do not say. */
static const struct field root_fields[ROOT_COUNT] = {
	[ROOT_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[ROOT_ADDRESS_CELLS] = { "#address-cells", FIELD_NUMBER, 0, 1, 2, 2 },
	[ROOT_SIZE_CELLS] = { "#size-cells", FIELD_NUMBER, 0, 1, 2, 2 },
	[ROOT_MODEL] = { "model", FIELD_ANY, 0, 0, 0, 0 },
	[ROOT_DESCRIPTION] = { "description", FIELD_ANY, 0, 0, 0, 0 },
};

enum {
	ATTRIBUTE_SPMC_ID,
	ATTRIBUTE_MAJOR,
	ATTRIBUTE_MINOR,
	ATTRIBUTE_EXECUTION_STATE,
	ATTRIBUTE_LOAD_ADDRESS,
	ATTRIBUTE_ENTRYPOINT,
	ATTRIBUTE_BINARY_SIZE,
	ATTRIBUTE_COUNT,
};

/* The SPMD reads them too: `load_address` and `binary_size` bound the entry point of secondary PEs.
 */
static const struct field attribute_fields[ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_SPMC_ID] = { "spmc_id", FIELD_NUMBER, FIELD_MANDATORY, 0x8000, 0xFFFF, 0 },
	[ATTRIBUTE_MAJOR] = { "maj_ver", FIELD_NUMBER, FIELD_MANDATORY, 1, 1, 0 },
	[ATTRIBUTE_MINOR] = { "min_ver", FIELD_NUMBER, FIELD_MANDATORY, 0, 0xFFFF, 0 },
	[ATTRIBUTE_EXECUTION_STATE] = { "exec_state", FIELD_NUMBER, 0, 0, 0, 0 },
	[ATTRIBUTE_LOAD_ADDRESS] = { "load_address", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[ATTRIBUTE_ENTRYPOINT] = { "entrypoint", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[ATTRIBUTE_BINARY_SIZE] = { "binary_size", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
};

enum {
	GIC_REG,
	GIC_COMPATIBLE,
	GIC_CONTROLLER,
	GIC_CELLS,
	GIC_ADDRESS_CELLS,
	GIC_SIZE_CELLS,
	GIC_RANGES,
	GIC_DISTRIBUTORS,
	GIC_REDISTRIBUTORS,
	GIC_SPIS,
	GIC_INTERRUPTS,
	GIC_PHANDLE,
	GIC_COUNT,
};

static const struct field gic_fields[GIC_COUNT] = {
	[GIC_REG] = { "reg", FIELD_CELLS, FIELD_MANDATORY, 0, 0, 0 },
	[GIC_COMPATIBLE] = { "compatible", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_CONTROLLER] = { "interrupt-controller", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_CELLS] = { "#interrupt-cells", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_ADDRESS_CELLS] = { "#address-cells", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_SIZE_CELLS] = { "#size-cells", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_RANGES] = { "ranges", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_DISTRIBUTORS] = { "#distributor-regions", FIELD_NUMBER, 0, 1, 1, 1 },
	[GIC_REDISTRIBUTORS] = { "#redistributor-regions", FIELD_NUMBER, 0, 1, 1, 1 },
	[GIC_SPIS] = { "#spi-regions", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_INTERRUPTS] = { "interrupts", FIELD_ANY, 0, 0, 0, 0 },
	[GIC_PHANDLE] = { "phandle", FIELD_ANY, 0, 0, 0, 0 },
};

static bool root_parse(struct spmc_parse *parse)
{
	struct field_value values[ROOT_COUNT];

	if (!fields_read(&parse->dt, root_fields, ROOT_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[ROOT_COMPATIBLE],
				      "arm,ffa-core-manifest-1.0")) {
		return false;
	}
	parse->address_cells = (uint32_t)values[ROOT_ADDRESS_CELLS].number;
	parse->size_cells = (uint32_t)values[ROOT_SIZE_CELLS].number;
	return true;
}

static bool attribute_parse(struct spmc_parse *parse)
{
	struct field_value values[ATTRIBUTE_COUNT];
	uint32_t minor;

	if (parse->has_attribute) {
		config_error(parse->report, "/attribute", "node is given twice");
		return false;
	}
	if (!fields_read(&parse->dt, attribute_fields, ATTRIBUTE_COUNT, values)) {
		return false;
	}

	minor = (uint32_t)values[ATTRIBUTE_MINOR].number;
	if (FFA_VERSION_OF(1, minor) > CONFIG_FFA_VERSION_LAST) {
		config_warning(parse->report, "/attribute",
			       "property \"min_ver\" = %u: above 1.%u, which is served", minor,
			       (unsigned)CONFIG_FFA_VERSION_LAST & 0xFFFFU);
	}
	if (!page_aligned(values[ATTRIBUTE_BINARY_SIZE].number)) {
		config_warning(parse->report, "/attribute",
			       "property \"binary_size\" = 0x%lx: expected a multiple of 4096",
			       (unsigned long)values[ATTRIBUTE_BINARY_SIZE].number);
	}
	parse->out->spmc_id = (uint16_t)values[ATTRIBUTE_SPMC_ID].number;
	parse->out->ffa_version = FFA_VERSION_OF(1, minor);
	parse->out->load_address = values[ATTRIBUTE_LOAD_ADDRESS].number;
	parse->out->binary_size = (uint32_t)values[ATTRIBUTE_BINARY_SIZE].number;
	parse->has_attribute = true;
	return true;
}

static uint64_t cells_number(const struct field_value *value, uint32_t index, uint32_t cells)
{
	return cells == 2 ? (uint64_t)field_cell(value, index) << 32 | field_cell(value, index + 1)
			  : field_cell(value, index);
}

/** `reg` names the distributor, then the redistributors. */
static bool gic_parse(struct spmc_parse *parse)
{
	struct field_value values[GIC_COUNT];
	uint32_t stride = parse->address_cells + parse->size_cells;

	if (!fields_read(&parse->dt, gic_fields, GIC_COUNT, values)) {
		return false;
	}
	if (field_cell_count(&values[GIC_REG]) < 2 * stride) {
		dt_error(
			&parse->dt,
			"property \"reg\" has %u cells: expected those of distributor and redistributors, %u",
			field_cell_count(&values[GIC_REG]), 2 * stride);
		return false;
	}
	parse->out->gic.distributor = cells_number(&values[GIC_REG], 0, parse->address_cells);
	parse->out->gic.redistributor = cells_number(&values[GIC_REG], stride,
						     parse->address_cells);
	return true;
}

/** True when the node's name without its unit address is @name. */
static bool node_is(const struct dt *dt, const char *name)
{
	const char *node = dt_name(dt);
	size_t size = strlen(name);

	return strncmp(node, name, size) == 0 && (node[size] == '\0' || node[size] == '@');
}

static bool child_parse(struct spmc_parse *parse)
{
	if (node_is(&parse->dt, "attribute")) {
		return attribute_parse(parse);
	}
	if (node_is(&parse->dt, "hypervisor")) {
		return hypervisor_parse(parse);
	}
	if (node_is(&parse->dt, "cpus")) {
		return cpus_parse(parse);
	}
	if (node_is(&parse->dt, "interrupt-controller") || node_is(&parse->dt, "gic")) {
		return gic_parse(parse);
	}
	return memory_node_parse(parse);
}

static bool nodes_are_there(const struct spmc_parse *parse)
{
	if (!parse->has_attribute) {
		config_error(parse->report, "/attribute", "node is missing");
	} else if (!parse->has_cpus) {
		config_error(parse->report, "/cpus", "node is missing");
	}
	if (!parse->has_hypervisor) {
		config_warning(parse->report, "/hypervisor",
			       "node is missing: there will be no partitions");
	}
	return parse->has_attribute && parse->has_cpus;
}

/** An empty configuration; entries of lists that nobody counts are left as they are: boot time counts. */
static void set_empty(struct spmc_config *out)
{
	memset(out, 0, offsetof(struct spmc_config, secure_memory));
	out->secure_memory.count = 0;
	out->ns_memory.count = 0;
	out->secure_devices.count = 0;
	out->ns_devices.count = 0;
}

/**
 * Reads the SPMC manifest.
 *
 * @manifest  device tree at a multiple of 4, with room for @size bytes.
 * @out       filled; vms[] holds the partitions whose vm node is right, in order of their numbers.
 *
 * False with the reason in report->error when the SPMC cannot run with it. A vm node with an error
 * is named as CONFIG_REFUSED and left out.
 */
bool spmc_manifest_parse(const void *manifest, size_t size, struct spmc_config *out,
			 struct config_report *report)
{
	struct spmc_parse parse = { .out = out, .report = report };

	set_empty(out);
	config_report_on_spmc(report);
	if (!dt_open(&parse.dt, manifest, size, report) || !root_parse(&parse)) {
		return false;
	}
	while (dt_enter(&parse.dt)) {
		if (!child_parse(&parse)) {
			return false;
		}
		dt_leave(&parse.dt);
	}
	if (!dt_close(&parse.dt) || !nodes_are_there(&parse) || !memory_check(&parse)) {
		return false;
	}
	hypervisor_check_vms(&parse);
	return true;
}
