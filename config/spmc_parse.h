/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of the parser of the SPMC manifest, by node. Internal to config/. */
#ifndef CONFIG_SPMC_PARSE_H
#define CONFIG_SPMC_PARSE_H

#include "config/dt.h"
#include "core/partition_config.h"

#include <stdbool.h>
#include <stdint.h>

/** State between the nodes of one SPMC manifest. */
struct spmc_parse {
	struct dt dt;
	struct spmc_config *out;
	struct config_report *report;
	uint32_t address_cells, size_cells; /* of the root node */
	bool has_attribute, has_cpus, has_hypervisor;
	bool refused_vm; /* a vm node was there, but wrong */
};

bool cpus_parse(struct spmc_parse *parse);
bool hypervisor_parse(struct spmc_parse *parse);
void hypervisor_check_vms(struct spmc_parse *parse);
bool memory_node_parse(struct spmc_parse *parse);
bool memory_check(struct spmc_parse *parse);

#endif
