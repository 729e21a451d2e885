/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A partition's manifest ("arm,ffa-manifest-1.0" and "-1.1"; DEN0077A, "Partition manifest"): the
 * table of the root node's properties and the way through the nodes. What the values of the root's
 * properties have to do with each other is in partition_rules.c.
 */
#include "config/partition_parse.h"
#include "lib/string.h"

/*
 * FIELD_LATER: the feature is still missing. Who implements one removes the word here, and the
 * warning is gone. Those behind the gap are known and of no meaning to this SPMC.
 */
static const struct field partition_fields[PARTITION_PROPERTY_COUNT] = {
	[PARTITION_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[PARTITION_DESCRIPTION] = { "description", FIELD_TEXT, 0, 0, 0, 0 },
	[PARTITION_FFA_VERSION] = { "ffa-version", FIELD_NUMBER, FIELD_MANDATORY, 0, UINT32_MAX,
				    0 },
	[PARTITION_UUID] = { "uuid", FIELD_CELLS, 0, 0, 0, 0 },
	[PARTITION_MESSAGING_METHOD] = { "messaging-method", FIELD_CELLS, 0, 0, 0, 0 },
	[PARTITION_ID] = { "id", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
	[PARTITION_CONTEXT_COUNT] = { "execution-ctx-count", FIELD_NUMBER, FIELD_MANDATORY, 1,
				      0xFFFF, 0 },
	[PARTITION_EXCEPTION_LEVEL] = { "exception-level", FIELD_NUMBER, FIELD_MANDATORY, 1, 2, 0 },
	[PARTITION_EXECUTION_STATE] = { "execution-state", FIELD_NUMBER, FIELD_MANDATORY, 0, 0, 0 },
	[PARTITION_LOAD_ADDRESS] = { "load-address", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[PARTITION_ENTRYPOINT_OFFSET] = { "entrypoint-offset", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[PARTITION_XLAT_GRANULE] = { "xlat-granule", FIELD_NUMBER, 0, 0, 0, 0 },
	[PARTITION_BOOT_ORDER] = { "boot-order", FIELD_NUMBER, 0, 0, 0xFFFF,
				   CONFIG_BOOT_ORDER_LAST },
	[PARTITION_GP_REGISTER] = { "gp-register-num", FIELD_NUMBER, 0, 0, 3, CONFIG_NO_REGISTER },
	[PARTITION_NS_INTERRUPTS_ACTION] = { "ns-interrupts-action", FIELD_NUMBER, 0, 0, 2,
					     NS_INTERRUPTS_SIGNALED },
	[PARTITION_MANAGED_EXIT] = { "managed-exit", FIELD_FLAG, 0, 0, 0, 0 },
	[PARTITION_MANAGED_EXIT_VIRQ] = { "managed-exit-virq", FIELD_FLAG, 0, 0, 0, 0 },
	[PARTITION_OTHER_S_INTERRUPTS_ACTION] = { "other-s-interrupts-action", FIELD_NUMBER, 0, 0,
						  1, 1 },
	[PARTITION_SRI_POLICY] = { "sri-interrupts-policy", FIELD_NUMBER, 0, 0, 3, 0 },
	[PARTITION_INTERRUPT_BUDGET] = { "tantalum,interrupt-budget-us", FIELD_NUMBER, 0, 10,
					 60000000, 0 },
	[PARTITION_START_BUDGET] = { "tantalum,start-budget-ms", FIELD_NUMBER, 0, 1, 600000, 0 },
	[PARTITION_NON_SECURE_INTERRUPTS] = { "tantalum,interrupts-may-be-non-secure", FIELD_FLAG,
					      0, 0, 0, 0 },
	[PARTITION_NOTIFICATION_SUPPORT] = { "notification-support", FIELD_FLAG, 0, 0, 0, 0 },
	[PARTITION_POWER_MESSAGES] = { "power-management-messages", FIELD_NUMBER, 0, 0, 7, 0 },
	[PARTITION_VM_MESSAGES] = { "vm-availability-messages", FIELD_NUMBER, 0, 0, 3, 0 },
	[PARTITION_LIFECYCLE_SUPPORT] = { "lifecycle-support", FIELD_FLAG, FIELD_LATER, 0, 0, 0 },
	[PARTITION_ABORT_ACTION] = { "abort-action", FIELD_NUMBER, FIELD_LATER, 0, 3,
				     ABORT_ACTION_ABSENT },
	[PARTITION_LIVE_ACTIVATION] = { "live-activation-support", FIELD_FLAG, FIELD_LATER, 0, 0,
					0 },
	[PARTITION_LIVE_REGISTER] = { "live-activation-register", FIELD_NUMBER, FIELD_LATER, 0, 7,
				      CONFIG_NO_REGISTER },
	[PARTITION_IMAGE_UUID] = { "image-uuid", FIELD_ANY, 0, 0, 0, 0 },
	[PARTITION_STREAM_ENDPOINTS] = { "stream-endpoint-ids", FIELD_CELLS, FIELD_LATER, 0, 0, 0 },
	[PARTITION_SVE] = { "tantalum,sve", FIELD_FLAG, 0, 0, 0, 0 },

	[PARTITION_AUXILIARY_ID] = { "auxiliary-id", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
	[PARTITION_PRIMARY_SCHEDULER] = { "has-primary-scheduler", FIELD_FLAG, 0, 0, 0, 0 },
	[PARTITION_TIME_SLICE_MEM] = { "time-slice-mem", FIELD_FLAG, 0, 0, 0, 0 },
	[PARTITION_IMAGE_SIZE] = { "image-size", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[PARTITION_MEMORY_SIZE] = { "mem-size", FIELD_NUMBER, 0, 0, UINT64_MAX, 0 },
	[PARTITION_RUN_TIME_MODEL] = { "run-time-model", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
	[PARTITION_ELF_FORMAT] = { "elf-format", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
	[PARTITION_ADDRESS_CELLS] = { "#address-cells", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
	[PARTITION_SIZE_CELLS] = { "#size-cells", FIELD_NUMBER, 0, 0, UINT32_MAX, 0 },
};

enum {
	BOOT_INFO_COMPATIBLE,
	BOOT_INFO_MANIFEST,
	BOOT_INFO_HOB_LIST,
	BOOT_INFO_COUNT,
};

static const struct field boot_info_fields[BOOT_INFO_COUNT] = {
	[BOOT_INFO_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[BOOT_INFO_MANIFEST] = { "ffa_manifest", FIELD_FLAG, 0, 0, 0, 0 },
	[BOOT_INFO_HOB_LIST] = { "hob_list", FIELD_FLAG, 0, 0, 0, 0 },
};

/** True and set the first time a kind of node is met. */
static bool first_time(struct partition_parse *parse, bool *met)
{
	if (*met) {
		dt_error(&parse->dt, "node is given twice");
		return false;
	}
	*met = true;
	return true;
}

static bool boot_info_parse(struct partition_parse *parse)
{
	struct field_value values[BOOT_INFO_COUNT];
	struct partition_config *out = parse->out;

	if (!fields_read(&parse->dt, boot_info_fields, BOOT_INFO_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[BOOT_INFO_COMPATIBLE],
				      "arm,ffa-manifest-boot-info")) {
		return false;
	}
	out->boot_info_manifest = values[BOOT_INFO_MANIFEST].number != 0;
	out->boot_info_hob_list = values[BOOT_INFO_HOB_LIST].number != 0;
	if (!out->boot_info_manifest && !out->boot_info_hob_list) {
		dt_warning(&parse->dt, "node asks for nothing: expected ffa_manifest or hob_list");
	}
	if (out->gp_register == CONFIG_NO_REGISTER) {
		dt_warning(&parse->dt,
			   "node has no effect without \"gp-register-num\" in the root node");
	}
	return true;
}

static bool root_parse(struct partition_parse *parse)
{
	struct field_value values[PARTITION_PROPERTY_COUNT];
	const struct field_value *compatible = &values[PARTITION_COMPATIBLE];

	if (!fields_read(&parse->dt, partition_fields, PARTITION_PROPERTY_COUNT, values)) {
		return false;
	}
	parse->binding_1_1 = field_present(compatible) &&
			     field_names(compatible, "arm,ffa-manifest-1.1");
	if (!parse->binding_1_1 &&
	    !fields_expect_compatible(&parse->dt, compatible, "arm,ffa-manifest-1.0")) {
		return false;
	}
	return partition_rules_apply(parse, values);
}

static bool child_parse(struct partition_parse *parse)
{
	const char *name = dt_name(&parse->dt);

	if (strcmp(name, "memory-regions") == 0) {
		return first_time(parse, &parse->has_memory_regions) && memory_regions_parse(parse);
	}
	if (strcmp(name, "device-regions") == 0) {
		return first_time(parse, &parse->has_device_regions) && device_regions_parse(parse);
	}
	if (strcmp(name, "boot-info") == 0) {
		return first_time(parse, &parse->out->boot_info) && boot_info_parse(parse);
	}
	if (strcmp(name, "services") == 0) {
		return first_time(parse, &parse->has_services) && services_parse(parse);
	}
	if (strcmp(name, "rx_tx-info") == 0) {
		return first_time(parse, &parse->has_buffers) && buffers_parse(parse);
	}
	if (strcmp(name, "live-state-buffer-info") == 0) {
		return first_time(parse, &parse->has_live_state) && live_state_parse(parse);
	}
	dt_warning(&parse->dt, "node is unknown and ignored");
	return true;
}

/** Entries of lists that nobody counts are left as they are: boot time counts. */
static void set_defaults(struct partition_config *out, const struct partition_source *source)
{
	memset(out, 0, offsetof(struct partition_config, services));
	memcpy(out->name, source->vm->name, sizeof(out->name));
	out->id = (uint16_t)(FFA_ID_SECURE_BIT + source->vm->number);
	out->vm = *source->vm;
	out->package = *source->package;
	out->rx_region = CONFIG_NO_REGION;
	out->tx_region = CONFIG_NO_REGION;
	out->live_state_region = CONFIG_NO_REGION;
}

/**
 * Reads a partition's manifest and checks it against its vm node, its package and the SPMC
 * manifest.
 *
 * @out  filled completely; nothing in it points into the manifest.
 *
 * False with the reason in report->error: there will be no such partition.
 */
bool partition_manifest_parse(const struct partition_source *source, struct partition_config *out,
			      struct config_report *report)
{
	struct partition_parse parse = { .source = source, .out = out, .report = report };

	config_report_on_partition(report, source->vm->number, source->vm->name);
	set_defaults(out, source);
	if (!dt_open(&parse.dt, source->manifest, source->manifest_size, report) ||
	    !root_parse(&parse)) {
		return false;
	}
	while (dt_enter(&parse.dt)) {
		if (!child_parse(&parse)) {
			return false;
		}
		dt_leave(&parse.dt);
	}
	return dt_close(&parse.dt) && services_check(&parse) && regions_check(&parse) &&
	       buffers_check(&parse);
}
