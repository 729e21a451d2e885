/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The `cpus` node of the SPMC manifest. Deployed manifests list the boot PE first and the others in
 * descending order; here any order will do: the linear index of a PE is its rank by affinity, which
 * is TF-A's core position on the platforms at hand.
 */
#include "config/fields.h"
#include "config/spmc_parse.h"
#include "lib/string.h"

/* Aff3 and Aff2..Aff0: all that a `reg` may have. */
static const uint64_t mpidr_affinity = 0xFF00FFFFFFULL;

enum {
	CPUS_ADDRESS_CELLS,
	CPUS_SIZE_CELLS,
	CPUS_COUNT,
};

static const struct field cpus_fields[CPUS_COUNT] = {
	[CPUS_ADDRESS_CELLS] = { "#address-cells", FIELD_NUMBER, 0, 1, 2, 2 },
	[CPUS_SIZE_CELLS] = { "#size-cells", FIELD_NUMBER, 0, 0, 0, 0 },
};

enum {
	CPU_DEVICE_TYPE,
	CPU_REG,
	CPU_COMPATIBLE,
	CPU_ENABLE_METHOD,
	CPU_PHANDLE,
	CPU_IDLE_STATES,
	CPU_NEXT_CACHE,
	CPU_NUMA,
	CPU_STATUS,
	CPU_COUNT,
};

static const struct field cpu_fields[CPU_COUNT] = {
	[CPU_DEVICE_TYPE] = { "device_type", FIELD_TEXT, 0, 0, 0, 0 },
	[CPU_REG] = { "reg", FIELD_CELLS, FIELD_MANDATORY, 0, 0, 0 },
	[CPU_COMPATIBLE] = { "compatible", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_ENABLE_METHOD] = { "enable-method", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_PHANDLE] = { "phandle", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_IDLE_STATES] = { "cpu-idle-states", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_NEXT_CACHE] = { "next-level-cache", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_NUMA] = { "numa-node-id", FIELD_ANY, 0, 0, 0, 0 },
	[CPU_STATUS] = { "status", FIELD_ANY, 0, 0, 0, 0 },
};

/** Puts @mpidr into its place among the PEs. */
static bool insert(struct spmc_parse *parse, uint64_t mpidr)
{
	struct spmc_config *out = parse->out;
	uint32_t i = out->cpu_count;

	if (i == CONFIG_CPU_MAX) {
		dt_error(&parse->dt, "one PE too many: expected at most %u",
			 (unsigned)CONFIG_CPU_MAX);
		return false;
	}
	while (i > 0 && out->cpu_mpidr[i - 1] > mpidr) {
		i--;
	}
	if (i > 0 && out->cpu_mpidr[i - 1] == mpidr) {
		dt_error_number(&parse->dt, "reg", mpidr,
				"another affinity than that of any other PE");
		return false;
	}

	memmove(&out->cpu_mpidr[i + 1], &out->cpu_mpidr[i],
		(out->cpu_count - i) * sizeof(out->cpu_mpidr[0]));
	out->cpu_mpidr[i] = mpidr;
	out->cpu_count++;
	return true;
}

static bool cpu_parse(struct spmc_parse *parse, uint32_t address_cells)
{
	struct field_value values[CPU_COUNT];
	const struct field_value *reg = &values[CPU_REG];
	uint64_t mpidr;

	if (!fields_read(&parse->dt, cpu_fields, CPU_COUNT, values)) {
		return false;
	}
	if (field_present(&values[CPU_DEVICE_TYPE]) &&
	    strcmp(field_text(&values[CPU_DEVICE_TYPE]), "cpu") != 0) {
		return true;
	}
	if (field_cell_count(reg) != address_cells) {
		dt_error(&parse->dt,
			 "property \"reg\" has %u cells: expected %u, as #address-cells says",
			 field_cell_count(reg), address_cells);
		return false;
	}
	mpidr = address_cells == 2 ? dt_u64(reg->bytes) : dt_u32(reg->bytes);
	if ((mpidr & ~mpidr_affinity) != 0) {
		dt_error_number(&parse->dt, "reg", mpidr, "the affinity fields of MPIDR_EL1 only");
		return false;
	}
	return insert(parse, mpidr);
}

/** Reads the current node, `cpus`. */
bool cpus_parse(struct spmc_parse *parse)
{
	struct field_value values[CPUS_COUNT];

	if (parse->has_cpus) {
		config_error(parse->report, "/cpus", "node is given twice");
		return false;
	}
	if (!fields_read(&parse->dt, cpus_fields, CPUS_COUNT, values)) {
		return false;
	}
	while (dt_enter(&parse->dt)) {
		if (strncmp(dt_name(&parse->dt), "cpu@", 4) == 0 &&
		    !cpu_parse(parse, (uint32_t)values[CPUS_ADDRESS_CELLS].number)) {
			return false;
		}
		dt_leave(&parse->dt);
	}
	if (parse->dt.faulty) {
		return false;
	}
	if (parse->out->cpu_count == 0) {
		config_error(parse->report, "/cpus", "no cpu@ node: expected one for each PE");
		return false;
	}
	parse->has_cpus = true;
	return true;
}
