/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the properties of a partition manifest's root node must have to do with each other, with the
 * vm node, the package and the PEs, beyond the range of each that the table in partition_manifest.c
 * checks. Each function takes one group of properties: checks it, then stores it.
 */
#include "config/partition_parse.h"

static bool versions(struct partition_parse *parse, const struct field_value *values)
{
	const uint32_t version = (uint32_t)values[PARTITION_FFA_VERSION].number;

	if (version < FFA_VERSION_1_0 || version > CONFIG_FFA_VERSION_LAST) {
		dt_error(&parse->dt, "property \"ffa-version\" = 0x%x: expected 0x10000 to 0x%x",
			 version, (unsigned)CONFIG_FFA_VERSION_LAST);
		return false;
	}
	parse->out->ffa_version = version;
	return true;
}

/**
 * `id` has its place when it is an ID of a partition; deployed manifests of SPMCs without a
 * hypervisor have others, which mean nothing here.
 */
static bool identity(struct partition_parse *parse, const struct field_value *values)
{
	const uint64_t id = values[PARTITION_ID].number;

	if (!field_present(&values[PARTITION_ID])) {
		return true;
	}
	if (id <= FFA_ID_SECURE_BIT || id > FFA_ID_PARTITION_LAST) {
		dt_warning(&parse->dt,
			   "property \"id\" = 0x%lx: not within 0x8001 to 0xffbf, 0x%x is used",
			   (unsigned long)id, (unsigned)parse->out->id);
	} else {
		parse->out->id = (uint16_t)id;
	}
	return true;
}

static bool contexts(struct partition_parse *parse, const struct field_value *values)
{
	const uint32_t count = (uint32_t)values[PARTITION_CONTEXT_COUNT].number;
	const uint32_t cpu_count = parse->source->spmc->cpu_count,
		       vcpu_count = parse->source->vm->vcpu_count;
	struct partition_config *out = parse->out;

	out->exception_level = (enum exception_level)values[PARTITION_EXCEPTION_LEVEL].number;
	if (out->exception_level == EXCEPTION_LEVEL_S_EL0 && count != 1) {
		dt_error_number(&parse->dt, "execution-ctx-count", count,
				"1 for an S-EL0 partition");
		return false;
	}
	if (count != 1 && count != cpu_count) {
		dt_error(
			&parse->dt,
			"property \"execution-ctx-count\" = %u: expected 1 or the number of PEs, %u",
			count, cpu_count);
		return false;
	}
	if (vcpu_count != 0 && count != vcpu_count) {
		dt_error(
			&parse->dt,
			"property \"execution-ctx-count\" = %u: expected \"vcpu_count\" of the SPMC manifest, %u",
			count, vcpu_count);
		return false;
	}
	out->context_count = (uint16_t)count;
	return true;
}

/** Offsets count from the load address; without `entrypoint-offset` the image's first byte is
 * entered. */
static bool entry(struct partition_parse *parse, const struct field_value *values)
{
	const struct package_layout *package = parse->source->package;
	const uint64_t load_address = values[PARTITION_LOAD_ADDRESS].number;
	uint64_t offset = package->image_offset;

	if (field_present(&values[PARTITION_LOAD_ADDRESS]) &&
	    load_address != parse->source->vm->memory.base.pa) {
		dt_warning(
			&parse->dt,
			"property \"load-address\" = 0x%lx: the SPMC manifest says 0x%lx, which is used",
			(unsigned long)load_address,
			(unsigned long)parse->source->vm->memory.base.pa);
	}
	if (field_present(&values[PARTITION_ENTRYPOINT_OFFSET])) {
		offset = values[PARTITION_ENTRYPOINT_OFFSET].number;
	}
	if (offset < package->image_offset ||
	    offset - package->image_offset >= package->image_size) {
		dt_error(
			&parse->dt,
			"property \"entrypoint-offset\" = 0x%lx: expected inside the image, 0x%lx to 0x%lx",
			(unsigned long)offset, (unsigned long)package->image_offset,
			(unsigned long)(package->image_offset + package->image_size));
		return false;
	}
	if ((offset & 3) != 0) {
		dt_error_number(&parse->dt, "entrypoint-offset", offset, "a multiple of 4");
		return false;
	}
	parse->out->entry_offset = offset;
	parse->out->boot_order = (uint16_t)values[PARTITION_BOOT_ORDER].number;
	parse->out->gp_register = (uint8_t)values[PARTITION_GP_REGISTER].number;
	parse->out->sve = values[PARTITION_SVE].number != 0;
	return true;
}

static bool ns_interrupts(struct partition_parse *parse, const struct field_value *values)
{
	const struct field_value *action = &values[PARTITION_NS_INTERRUPTS_ACTION];
	const bool managed_exit = values[PARTITION_MANAGED_EXIT].number != 0;
	struct partition_config *out = parse->out;

	out->ns_interrupts_action = (enum ns_interrupts_action)action->number;
	if (managed_exit) {
		if (field_present(action) && action->number != NS_INTERRUPTS_MANAGED_EXIT) {
			dt_warning(
				&parse->dt,
				"property \"managed-exit\" overrules \"ns-interrupts-action\" = %lu",
				(unsigned long)action->number);
		}
		out->ns_interrupts_action = NS_INTERRUPTS_MANAGED_EXIT;
	}
	if (out->ns_interrupts_action == NS_INTERRUPTS_MANAGED_EXIT &&
	    out->exception_level == EXCEPTION_LEVEL_S_EL0) {
		dt_error(&parse->dt,
			 "property \"%s\": expected no managed exit for an S-EL0 partition",
			 managed_exit ? "managed-exit" : "ns-interrupts-action");
		return false;
	}
	out->managed_exit_virq = values[PARTITION_MANAGED_EXIT_VIRQ].number != 0;
	if (out->managed_exit_virq && out->ns_interrupts_action != NS_INTERRUPTS_MANAGED_EXIT) {
		dt_warning(&parse->dt,
			   "property \"managed-exit-virq\" has no effect without managed exit");
		out->managed_exit_virq = false;
	}
	return true;
}

static bool interrupts(struct partition_parse *parse, const struct field_value *values)
{
	struct partition_config *out = parse->out;
	const uint64_t policy = values[PARTITION_SRI_POLICY].number;

	if (!ns_interrupts(parse, values)) {
		return false;
	}
	out->other_s_interrupts_queued = values[PARTITION_OTHER_S_INTERRUPTS_ACTION].number == 0;
	if (out->other_s_interrupts_queued && out->ns_interrupts_action != NS_INTERRUPTS_QUEUED) {
		dt_error_number(&parse->dt, "other-s-interrupts-action", 0,
				"1 unless \"ns-interrupts-action\" is 0");
		return false;
	}
	if (policy != 0 && out->exception_level == EXCEPTION_LEVEL_S_EL0) {
		dt_error_number(&parse->dt, "sri-interrupts-policy", policy,
				"0 for an S-EL0 partition");
		return false;
	}
	out->sri_interrupts_policy = (uint8_t)policy;
	out->interrupts_may_be_non_secure = values[PARTITION_NON_SECURE_INTERRUPTS].number != 0;
	out->interrupt_budget_us = (uint32_t)values[PARTITION_INTERRUPT_BUDGET].number;
	out->start_budget_ms = (uint32_t)values[PARTITION_START_BUDGET].number;
	return true;
}

/** Of the power management messages only CPU_OFF, bit 0, exists; partitions with one context get
 * none. */
static bool messages(struct partition_parse *parse, const struct field_value *values)
{
	struct partition_config *out = parse->out;
	const uint64_t power = values[PARTITION_POWER_MESSAGES].number;

	out->notification_support = values[PARTITION_NOTIFICATION_SUPPORT].number != 0;
	out->vm_availability_messages = (uint8_t)values[PARTITION_VM_MESSAGES].number;
	if (power > 1) {
		dt_warning(&parse->dt,
			   "property \"power-management-messages\" = %lu: only bit 0 has an effect",
			   (unsigned long)power);
	}
	if (power != 0 && out->context_count == 1) {
		dt_warning(
			&parse->dt,
			"property \"power-management-messages\" = %lu: none for a partition with one context",
			(unsigned long)power);
	}
	out->power_management_messages = out->context_count == 1 ? 0 : (uint8_t)(power & 1);
	return true;
}

static bool lifecycle(struct partition_parse *parse, const struct field_value *values)
{
	struct partition_config *out = parse->out;

	out->lifecycle_support = values[PARTITION_LIFECYCLE_SUPPORT].number != 0;
	out->abort_action = (enum abort_action)values[PARTITION_ABORT_ACTION].number;
	if (out->lifecycle_support && out->context_count > 1) {
		dt_error(
			&parse->dt,
			"property \"lifecycle-support\": expected \"execution-ctx-count\" 1, not %u",
			(unsigned)out->context_count);
		return false;
	}
	if (out->abort_action != ABORT_ACTION_ABSENT && !out->lifecycle_support) {
		dt_error_number(&parse->dt, "abort-action", out->abort_action,
				"it only with \"lifecycle-support\"");
		return false;
	}
	return true;
}

/** Live activation needs `lifecycle-support`, `image-uuid`, a register that is free, a state
 * buffer. */
static bool live_activation(struct partition_parse *parse, const struct field_value *values)
{
	struct partition_config *out = parse->out;
	const struct field_value *number = &values[PARTITION_LIVE_REGISTER];

	out->live_activation_support = values[PARTITION_LIVE_ACTIVATION].number != 0;
	out->live_activation_register = (uint8_t)number->number;
	if (!out->live_activation_support) {
		if (field_present(number)) {
			dt_warning(
				&parse->dt,
				"property \"live-activation-register\" has no effect without \"live-activation-support\"");
		}
		return true;
	}
	if (!out->lifecycle_support || !out->has_image_uuid || !field_present(number)) {
		dt_error(&parse->dt,
			 "property \"live-activation-support\": expected \"%s\" as well",
			 !out->lifecycle_support ? "lifecycle-support"
			 : !out->has_image_uuid  ? "image-uuid"
						 : "live-activation-register");
		return false;
	}
	if (number->number == 4 || number->number == out->gp_register) {
		dt_error_number(&parse->dt, "live-activation-register", number->number,
				"neither 4 nor \"gp-register-num\"");
		return false;
	}
	return true;
}

/** Where the UUIDs are depends on the binding. */
static bool services(struct partition_parse *parse, const struct field_value *values)
{
	if (!services_image_uuid(parse, &values[PARTITION_IMAGE_UUID])) {
		return false;
	}
	if (!parse->binding_1_1) {
		return services_from_root(parse, &values[PARTITION_UUID],
					  &values[PARTITION_MESSAGING_METHOD]);
	}
	if (field_present(&values[PARTITION_UUID]) ||
	    field_present(&values[PARTITION_MESSAGING_METHOD])) {
		dt_error(
			&parse->dt,
			"property \"%s\" belongs to \"arm,ffa-manifest-1.0\": expected a services node",
			field_present(&values[PARTITION_UUID]) ? "uuid" : "messaging-method");
		return false;
	}
	return true;
}

/** Checks and stores the root node's @values, an array with the indices of enum partition_property.
 */
bool partition_rules_apply(struct partition_parse *parse, const struct field_value *values)
{
	return versions(parse, values) && identity(parse, values) && contexts(parse, values) &&
	       entry(parse, values) && services(parse, values) && interrupts(parse, values) &&
	       messages(parse, values) && lifecycle(parse, values) &&
	       live_activation(parse, values);
}
