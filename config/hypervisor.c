/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The `hypervisor` node of the SPMC manifest: one vmN node for each partition, in the form deployed
 * today. N gives the partition its ID and its place in every list; a refused or missing vm node
 * shifts nobody. An error inside a vm node costs that partition alone.
 */
#include "config/fields.h"
#include "config/spmc_parse.h"
#include "lib/string.h"

enum {
	HYPERVISOR_COMPATIBLE,
	HYPERVISOR_TEE,
	HYPERVISOR_COUNT,
};

static const struct field hypervisor_fields[HYPERVISOR_COUNT] = {
	[HYPERVISOR_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[HYPERVISOR_TEE] = { "ffa_tee_enabled", FIELD_ANY, 0, 0, 0, 0 },
};

enum {
	VM_IS_PARTITION,
	VM_NAME,
	VM_LOAD_ADDRESS,
	VM_VCPU_COUNT,
	VM_MEMORY_SIZE,
	VM_SMC,
	VM_SMC_PERMISSIVE,
	VM_HYP_LOADED,
	VM_FDT,
	VM_KERNEL,
	VM_RAMDISK,
	VM_BOOT_ADDRESS,
	VM_EXCEPTION_LEVEL,
	VM_BOOT_ORDER,
	VM_COUNT,
};

/* The last six mean something to a normal-world hypervisor only. */
static const struct field vm_fields[VM_COUNT] = {
	[VM_IS_PARTITION] = { "is_ffa_partition", FIELD_FLAG, 0, 0, 0, 0 },
	[VM_NAME] = { "debug_name", FIELD_TEXT, FIELD_MANDATORY, 0, 0, 0 },
	[VM_LOAD_ADDRESS] = { "load_address", FIELD_NUMBER, 0, 1, UINT64_MAX, 0 },
	[VM_VCPU_COUNT] = { "vcpu_count", FIELD_NUMBER, 0, 1, 0xFFFF, 0 },
	[VM_MEMORY_SIZE] = { "mem_size", FIELD_NUMBER, 0, 1, UINT64_MAX, 0 },
	[VM_SMC] = { "smc_whitelist", FIELD_CELLS, 0, 0, 0, 0 },
	[VM_SMC_PERMISSIVE] = { "smc_whitelist_permissive", FIELD_FLAG, 0, 0, 0, 0 },
	[VM_HYP_LOADED] = { "hyp_loaded", FIELD_ANY, 0, 0, 0, 0 },
	[VM_FDT] = { "fdt_filename", FIELD_ANY, 0, 0, 0, 0 },
	[VM_KERNEL] = { "kernel_filename", FIELD_ANY, 0, 0, 0, 0 },
	[VM_RAMDISK] = { "ramdisk_filename", FIELD_ANY, 0, 0, 0, 0 },
	[VM_BOOT_ADDRESS] = { "boot_address", FIELD_ANY, 0, 0, 0, 0 },
	[VM_EXCEPTION_LEVEL] = { "exception-level", FIELD_ANY, 0, 0, 0, 0 },
	[VM_BOOT_ORDER] = { "boot-order", FIELD_ANY, 0, 0, 0, 0 },
};

/** N of a node named vmN (no leading zero); UINT32_MAX when the name has another form. */
static uint32_t vm_number(const char *name)
{
	uint32_t number = 0;

	if (name[0] != 'v' || name[1] != 'm' || name[2] == '\0' ||
	    (name[2] == '0' && name[3] != '\0')) {
		return UINT32_MAX;
	}
	for (const char *c = name + 2; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || number > 0xFFFF) {
			return UINT32_MAX;
		}
		number = number * 10 + (uint32_t)(*c - '0');
	}
	return number;
}

static bool number_is_right(struct spmc_parse *parse, uint32_t number)
{
	if (number == 0) {
		dt_error(&parse->dt, "number 0 is the SPMC's own: expected vm1 or above");
		return false;
	}
	if (number > FFA_ID_PARTITION_LAST - FFA_ID_SECURE_BIT) {
		dt_error(&parse->dt, "number too large: expected at most %u",
			 FFA_ID_PARTITION_LAST - FFA_ID_SECURE_BIT);
		return false;
	}
	return true;
}

static bool memory_is_right(struct spmc_parse *parse, const struct field_value *values)
{
	const uint64_t base = values[VM_LOAD_ADDRESS].number, size = values[VM_MEMORY_SIZE].number;
	uint64_t end;

	if (!field_present(&values[VM_LOAD_ADDRESS])) {
		dt_error(&parse->dt, "property \"load_address\" is missing");
		return false;
	}
	if (!field_present(&values[VM_MEMORY_SIZE])) {
		dt_error(&parse->dt, "property \"mem_size\" is missing");
		return false;
	}
	if (!page_aligned(base)) {
		dt_error_number(&parse->dt, "load_address", base, "a multiple of 4096");
		return false;
	}
	if (!page_aligned(size)) {
		dt_error_number(&parse->dt, "mem_size", size, "a multiple of 4096");
		return false;
	}
	if (__builtin_add_overflow(base, size, &end)) {
		dt_error_number(&parse->dt, "mem_size", size, "no end beyond the address space");
		return false;
	}
	return true;
}

static bool smc_list_is_right(struct spmc_parse *parse, const struct field_value *list)
{
	if (field_present(list) && field_cell_count(list) > CONFIG_SMC_MAX) {
		dt_error(&parse->dt,
			 "property \"smc_whitelist\" has %u entries: expected at most %u",
			 field_cell_count(list), (unsigned)CONFIG_SMC_MAX);
		return false;
	}
	return true;
}

static void smc_list_copy(struct vm_config *vm, const struct field_value *list)
{
	vm->smc_count = field_present(list) ? (uint8_t)field_cell_count(list) : 0;
	for (uint32_t i = 0; i < vm->smc_count; i++) {
		vm->smc[i] = field_cell(list, i);
	}
}

/** Room for vm @number in the list, which is ordered by number; null when there is none. */
static struct vm_config *vm_place(struct spmc_parse *parse, uint32_t number)
{
	struct spmc_config *out = parse->out;
	uint32_t i = out->vm_count;

	if (i == CONFIG_PARTITION_MAX) {
		dt_error(&parse->dt, "one partition too many: expected at most %u",
			 (unsigned)CONFIG_PARTITION_MAX);
		return NULL;
	}
	while (i > 0 && out->vms[i - 1].number > number) {
		i--;
	}
	if (i > 0 && out->vms[i - 1].number == number) {
		dt_error(&parse->dt, "node is given twice");
		return NULL;
	}
	memmove(&out->vms[i + 1], &out->vms[i], (out->vm_count - i) * sizeof(out->vms[0]));
	out->vm_count++;
	memset(&out->vms[i], 0, sizeof(out->vms[i]));
	return &out->vms[i];
}

static void forget_vm(struct spmc_config *out, uint32_t index)
{
	memmove(&out->vms[index], &out->vms[index + 1],
		(out->vm_count - index - 1U) * sizeof(out->vms[0]));
	out->vm_count--;
}

static bool vm_parse(struct spmc_parse *parse, uint32_t number)
{
	struct field_value values[VM_COUNT];
	struct vm_config *vm;

	if (!number_is_right(parse, number)) {
		return false;
	}
	config_report_on_partition(parse->report, (uint16_t)number, "");
	if (!fields_read(&parse->dt, vm_fields, VM_COUNT, values)) {
		return false;
	}
	config_report_on_partition(parse->report, (uint16_t)number, field_text(&values[VM_NAME]));
	if (values[VM_IS_PARTITION].number == 0) {
		dt_warning(&parse->dt,
			   "property \"is_ffa_partition\" is missing: the node is ignored");
		return true;
	}
	if (!memory_is_right(parse, values) || !smc_list_is_right(parse, &values[VM_SMC])) {
		return false;
	}
	vm = vm_place(parse, number);
	if (vm == NULL) {
		return false;
	}

	memcpy(vm->name, values[VM_NAME].bytes, values[VM_NAME].size);
	vm->number = (uint16_t)number;
	vm->memory.base = paddr(values[VM_LOAD_ADDRESS].number);
	vm->memory.page_count = values[VM_MEMORY_SIZE].number >> PAGE_SHIFT;
	vm->vcpu_count = (uint16_t)values[VM_VCPU_COUNT].number;
	vm->smc_permissive = values[VM_SMC_PERMISSIVE].number != 0;
	smc_list_copy(vm, &values[VM_SMC]);
	return true;
}

/** Reads the subnodes; false only when the tree is malformed. */
static bool vms_parse(struct spmc_parse *parse)
{
	while (dt_enter(&parse->dt)) {
		const uint32_t number = vm_number(dt_name(&parse->dt));

		if (number == UINT32_MAX) {
			dt_warning(&parse->dt,
				   "node is unknown and ignored: expected vm1, vm2, ...");
		} else if (!vm_parse(parse, number)) {
			if (parse->dt.faulty) {
				return false;
			}
			config_report_refused(parse->report);
			parse->refused_vm = true;
		}
		config_report_on_spmc(parse->report);
		dt_leave(&parse->dt);
	}
	return !parse->dt.faulty;
}

/** Reads the current node, `hypervisor`. */
bool hypervisor_parse(struct spmc_parse *parse)
{
	struct field_value values[HYPERVISOR_COUNT];

	if (parse->has_hypervisor) {
		config_error(parse->report, "/hypervisor", "node is given twice");
		return false;
	}
	parse->has_hypervisor = true;
	return fields_read(&parse->dt, hypervisor_fields, HYPERVISOR_COUNT, values) &&
	       fields_expect_compatible(&parse->dt, &values[HYPERVISOR_COMPATIBLE],
					"hafnium,hafnium") &&
	       vms_parse(parse);
}

static bool vm_fits(struct spmc_parse *parse, const struct vm_config *vm)
{
	char path[DT_PATH_MAX];

	config_text(path, sizeof(path), "/hypervisor/vm%u", (unsigned)vm->number);
	if (!memory_ranges_contain(&parse->out->secure_memory, vm->memory)) {
		config_error_number(parse->report, path, "load_address", vm->memory.base.pa,
				    "load_address and mem_size inside a \"memory\" node");
		return false;
	}
	if (vm->vcpu_count > 1 && vm->vcpu_count != parse->out->cpu_count) {
		config_error(parse->report, path,
			     "property \"vcpu_count\" = %u: expected 1 or the number of PEs, %u",
			     (unsigned)vm->vcpu_count, (unsigned)parse->out->cpu_count);
		return false;
	}
	return true;
}

/** What can be said about the vm nodes only when the whole manifest is read. */
void hypervisor_check_vms(struct spmc_parse *parse)
{
	struct spmc_config *out = parse->out;
	uint32_t i = 0, expected = 1;

	while (i < out->vm_count) {
		const struct vm_config *vm = &out->vms[i];

		if (vm->number != expected && !parse->refused_vm) {
			config_warning(parse->report, "/hypervisor", "no vm%u in front of vm%u",
				       expected, (unsigned)vm->number);
		}
		expected = vm->number + 1U;
		config_report_on_partition(parse->report, vm->number, vm->name);
		if (vm_fits(parse, vm)) {
			i++;
		} else {
			config_report_refused(parse->report);
			forget_vm(out, i);
		}
		config_report_on_spmc(parse->report);
	}
}
