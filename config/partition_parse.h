/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of the parser of partition manifests, by node. Internal to config/. */
#ifndef CONFIG_PARTITION_PARSE_H
#define CONFIG_PARTITION_PARSE_H

#include "config/config.h"
#include "config/dt.h"
#include "config/fields.h"
#include "config/uuid.h"

#include <stdbool.h>
#include <stdint.h>

/** State between the nodes of one partition manifest. */
struct partition_parse {
	struct dt dt;
	const struct partition_source *source;
	struct partition_config *out;
	struct config_report *report;
	bool binding_1_1; /* compatible arm,ffa-manifest-1.1: UUIDs are text, services have nodes */
	bool has_services, has_memory_regions, has_device_regions, has_buffers, has_live_state;

	/* What refers to something that may stand further on: looked up at the end. */
	const char *memory_region_name[CONFIG_MEMORY_REGION_MAX];
	const char *device_region_name[CONFIG_DEVICE_REGION_MAX];
	uint32_t memory_region_phandle[CONFIG_MEMORY_REGION_MAX]; /* 0: none */
	uint32_t rx_phandle, tx_phandle, live_state_phandle; /* 0: none */
};

/** Indices into the root node's table. */
enum partition_property {
	PARTITION_COMPATIBLE,
	PARTITION_DESCRIPTION,
	PARTITION_FFA_VERSION,
	PARTITION_UUID,
	PARTITION_MESSAGING_METHOD,
	PARTITION_ID,
	PARTITION_CONTEXT_COUNT,
	PARTITION_EXCEPTION_LEVEL,
	PARTITION_EXECUTION_STATE,
	PARTITION_LOAD_ADDRESS,
	PARTITION_ENTRYPOINT_OFFSET,
	PARTITION_XLAT_GRANULE,
	PARTITION_BOOT_ORDER,
	PARTITION_GP_REGISTER,
	PARTITION_NS_INTERRUPTS_ACTION,
	PARTITION_MANAGED_EXIT,
	PARTITION_MANAGED_EXIT_VIRQ,
	PARTITION_OTHER_S_INTERRUPTS_ACTION,
	PARTITION_SRI_POLICY,
	PARTITION_INTERRUPT_BUDGET,
	PARTITION_START_BUDGET,
	PARTITION_NON_SECURE_INTERRUPTS,
	PARTITION_NOTIFICATION_SUPPORT,
	PARTITION_POWER_MESSAGES,
	PARTITION_VM_MESSAGES,
	PARTITION_LIFECYCLE_SUPPORT,
	PARTITION_ABORT_ACTION,
	PARTITION_LIVE_ACTIVATION,
	PARTITION_LIVE_REGISTER,
	PARTITION_IMAGE_UUID,
	PARTITION_STREAM_ENDPOINTS,
	PARTITION_SVE,
	PARTITION_AUXILIARY_ID,
	PARTITION_PRIMARY_SCHEDULER,
	PARTITION_TIME_SLICE_MEM,
	PARTITION_IMAGE_SIZE,
	PARTITION_MEMORY_SIZE,
	PARTITION_RUN_TIME_MODEL,
	PARTITION_ELF_FORMAT,
	PARTITION_ADDRESS_CELLS,
	PARTITION_SIZE_CELLS,
	PARTITION_PROPERTY_COUNT,
};

bool partition_rules_apply(struct partition_parse *parse, const struct field_value *values);

bool services_from_root(struct partition_parse *parse, const struct field_value *uuids,
			const struct field_value *methods);
bool services_parse(struct partition_parse *parse);
bool services_image_uuid(struct partition_parse *parse, const struct field_value *value);
bool services_check(struct partition_parse *parse);

bool memory_regions_parse(struct partition_parse *parse);
bool device_regions_parse(struct partition_parse *parse);
bool interrupts_parse(struct partition_parse *parse, const struct field_value *value,
		      struct device_region_config *device);
bool interrupt_targets_parse(struct partition_parse *parse, const struct field_value *value);
bool streams_add(struct partition_parse *parse, const struct field_value *ids, uint8_t *first,
		 uint8_t *count);
bool regions_check(struct partition_parse *parse);

bool buffers_parse(struct partition_parse *parse);
bool live_state_parse(struct partition_parse *parse);
bool buffers_check(struct partition_parse *parse);

#endif
