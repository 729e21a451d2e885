/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts of a partition's devices: `interrupts` and `interrupts-target` of a device region. */
#include "config/partition_parse.h"

/* Fields of the second cell of an interrupt. */
enum {
	ATTRIBUTE_PRIORITY = 0xFF,
	ATTRIBUTE_SECURE = 0x100,
	ATTRIBUTE_LEVEL = 0x200,
	ATTRIBUTE_TYPE_SHIFT = 10, /* and nothing above the two bits of the type */
};

enum { FIRST_FREE_SGI = 10 };

enum {
	TYPE_SGI,
	TYPE_PPI,
	TYPE_SPI,
	TYPE_NONE,
};

/** Type of interrupt @id by the ranges of GICv3, with its extended PPIs and SPIs. */
static uint32_t type_of(uint32_t id)
{
	if (id < 16) {
		return TYPE_SGI;
	}
	if (id < 32 || (id >= 1056 && id < 1120)) {
		return TYPE_PPI;
	}
	if (id < 1020 || (id >= 4096 && id < 5120)) {
		return TYPE_SPI;
	}
	return TYPE_NONE;
}

static struct interrupt_config *find_interrupt(struct partition_config *out, uint32_t id)
{
	for (uint32_t i = 0; i < out->interrupt_count; i++) {
		if (out->interrupts[i].id == id) {
			return &out->interrupts[i];
		}
	}
	return NULL;
}

static bool interrupt_is_right(struct partition_parse *parse, uint32_t id, uint32_t attributes)
{
	static const char *const type_name[] = { "SGI", "PPI", "SPI" };
	const uint32_t type = type_of(id);

	if (type == TYPE_NONE) {
		dt_error_number(&parse->dt, "interrupts", id, "the ID of an SGI, PPI or SPI");
		return false;
	}
	if (id < FIRST_FREE_SGI) {
		dt_error_number(
			&parse->dt, "interrupts", id,
			"an ID from 10 on: the others are the normal world's and the SPMC's");
		return false;
	}
	if (attributes >> ATTRIBUTE_TYPE_SHIFT != type) {
		dt_error(
			&parse->dt,
			"property \"interrupts\" has attributes 0x%x for interrupt %u: expected bits [31:10] = %u, %s",
			attributes, id, type, type_name[type]);
		return false;
	}
	if (find_interrupt(parse->out, id) != NULL) {
		dt_error(&parse->dt,
			 "property \"interrupts\" = %u: the partition has this interrupt already",
			 id);
		return false;
	}
	if (parse->out->interrupt_count == CONFIG_INTERRUPT_MAX) {
		dt_error(
			&parse->dt,
			"property \"interrupts\" = %u: one too many, expected at most %u in a partition",
			id, (unsigned)CONFIG_INTERRUPT_MAX);
		return false;
	}
	return true;
}

/** Reads pairs of ID and attributes. */
bool interrupts_parse(struct partition_parse *parse, const struct field_value *value,
		      struct device_region_config *device)
{
	struct partition_config *out = parse->out;

	device->interrupt_first = out->interrupt_count;
	if (!field_present(value)) {
		return true;
	}
	if (field_cell_count(value) % 2 != 0) {
		dt_error(
			&parse->dt,
			"property \"interrupts\" has %u cells: expected pairs of ID and attributes",
			field_cell_count(value));
		return false;
	}
	for (uint32_t i = 0; i < field_cell_count(value); i += 2) {
		const uint32_t id = field_cell(value, i), attributes = field_cell(value, i + 1);

		if (!interrupt_is_right(parse, id, attributes)) {
			return false;
		}
		out->interrupts[out->interrupt_count++] = (struct interrupt_config){
			.id = id,
			.priority = (uint8_t)(attributes & ATTRIBUTE_PRIORITY),
			.type = (uint8_t)(attributes >> ATTRIBUTE_TYPE_SHIFT),
			.secure = (attributes & ATTRIBUTE_SECURE) != 0,
			.level = (attributes & ATTRIBUTE_LEVEL) != 0,
		};
		device->interrupt_count++;
	}
	return true;
}

static bool is_cpu(const struct spmc_config *spmc, uint64_t mpidr)
{
	for (uint32_t i = 0; i < spmc->cpu_count; i++) {
		if (spmc->cpu_mpidr[i] == mpidr) {
			return true;
		}
	}
	return false;
}

static bool target_parse(struct partition_parse *parse, uint32_t id, uint64_t mpidr)
{
	struct interrupt_config *interrupt = find_interrupt(parse->out, id);

	if (interrupt == NULL) {
		dt_error_number(&parse->dt, "interrupts-target", id,
				"an ID of \"interrupts\" in this or an earlier device region");
		return false;
	}
	if (interrupt->type != TYPE_SPI || interrupt->has_target) {
		dt_error_number(&parse->dt, "interrupts-target", id,
				"an SPI without another target");
		return false;
	}
	if (!is_cpu(parse->source->spmc, mpidr)) {
		dt_error(
			&parse->dt,
			"property \"interrupts-target\" sends interrupt %u to PE 0x%lx: expected one of the SPMC manifest's cpus",
			id, (unsigned long)mpidr);
		return false;
	}
	interrupt->has_target = true;
	interrupt->target_mpidr = mpidr;
	return true;
}

/** Reads triples of ID and both halves of an MPIDR. */
bool interrupt_targets_parse(struct partition_parse *parse, const struct field_value *value)
{
	const uint32_t count = field_present(value) ? field_cell_count(value) : 0;

	if (count % 3 != 0) {
		dt_error(
			&parse->dt,
			"property \"interrupts-target\" has %u cells: expected triples of ID and MPIDR",
			count);
		return false;
	}
	for (uint32_t i = 0; i < count; i += 3) {
		const uint64_t mpidr = (uint64_t)field_cell(value, i + 1) << 32 |
				       field_cell(value, i + 2);

		if (!target_parse(parse, field_cell(value, i), mpidr)) {
			return false;
		}
	}
	return true;
}
