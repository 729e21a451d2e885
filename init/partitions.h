/* SPDX-License-Identifier: BSD-3-Clause */
/* From the SPMC manifest's vm nodes to partitions that are ready to start. Boot only. */
#ifndef INIT_PARTITIONS_H
#define INIT_PARTITIONS_H

#include "config/report.h"
#include "core/spmc.h"

/** The configurations that were accepted, in the order of the manifest. */
struct accepted {
	const struct partition_config *config[CONFIG_PARTITION_MAX];
	size_t count;
};

/** Reads every package and manifest; what is wrong costs that partition, with a sentence in the log. */
void partitions_read(struct spmc *spmc, struct pe *pe, struct accepted *accepted,
		     struct config_report *report);

/** Builds the accepted partitions with their contexts, from the arena. */
void partitions_create(struct spmc *spmc, const struct accepted *accepted,
		       struct config_report *report);

/** Prepares the partitions' memory and address spaces; one that finds no room for its tables is aborted. */
void partitions_prepare(struct spmc *spmc, struct pe *pe, struct config_report *report);

#endif
