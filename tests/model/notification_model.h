/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications as the specification tells of them (DEN0077A, "Notifications"), in the simplest way: one
 * record for each notification of each receiver, with a mark when the scheduler was told. Calls take the
 * registers of a caller and say what it must get. Nothing here is the SPMC's.
 */
#ifndef TESTS_MODEL_NOTIFICATION_MODEL_H
#define TESTS_MODEL_NOTIFICATION_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/ffa.h"

enum {
	MODEL_RECEIVERS_MAX = 10,
	MODEL_NOTIFICATIONS = 64,
	MODEL_VCPUS_MAX = 64,
};

enum model_class {
	OF_PARTITIONS_CLASS,
	OF_VMS_CLASS,
	MODEL_CLASSES,
};

struct model_notification {
	bool bound, per_vcpu;
	uint16_t sender;
	bool pends; /* a global one */
	bool told;
	uint64_t pends_on; /* vCPUs, of one per vCPU */
	uint64_t told_on; /* of these */
};

struct model_receiver {
	uint16_t id;
	bool enabled;
	unsigned vcpu_count;
	struct model_notification of[MODEL_CLASSES][MODEL_NOTIFICATIONS];
};

struct model {
	unsigned count;
	struct model_receiver receivers[MODEL_RECEIVERS_MAX];
};

/** A receiver that may exist; VMs (secure bit clear) are @enabled by FFA_NOTIFICATION_BITMAP_CREATE. */
void model_add(struct model *model, uint16_t id, bool enabled, unsigned vcpu_count);

/** The receiver with @id, or NULL. */
struct model_receiver *model_find(struct model *model, uint16_t id);

/* The calls, by the normal world (@caller 0) or a partition. */
enum ffa_status model_create(struct model *model, uint32_t w1, uint32_t w2);
enum ffa_status model_destroy(struct model *model, uint32_t w1);
enum ffa_status model_bind(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			   uint64_t ids);
enum ffa_status model_unbind(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			     uint64_t ids);
enum ffa_status model_set(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			  uint64_t ids);
/** *@got: the bitmaps. */
enum ffa_status model_get(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			  uint64_t got[MODEL_CLASSES]);

/** Something global of @receiver, or something of its @vcpu, pends that the scheduler was not told of. */
bool model_global_is_news(const struct model_receiver *receiver);
bool model_vcpu_is_news(const struct model_receiver *receiver, unsigned vcpu);

/** True when there is anything to tell. */
bool model_has_news(const struct model *model);

/** The scheduler is told. */
void model_tell_global(struct model_receiver *receiver);
void model_tell_vcpu(struct model_receiver *receiver, unsigned vcpu);

/** True when @vcpu of @receiver would get something. */
bool model_wants(const struct model_receiver *receiver, unsigned vcpu);

#endif
