/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the manifests say, checked and in our own terms: filled by config/, read-only after boot. One
 * spmc_config for the machine, one partition_config for each partition that was accepted.
 * Nothing here points into a device tree: strings and lists are copies.
 */
#ifndef CORE_PARTITION_CONFIG_H
#define CORE_PARTITION_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/ffa.h"
#include "core/address.h"

enum {
	CONFIG_FFA_VERSION_LAST = 0x10003, /* the newest FF-A version a partition may ask for */
	CONFIG_NAME_MAX = 37, /* bytes with the NUL: deployed manifests are checked against this */
	CONFIG_CPU_MAX = 32, /* PEs; TF-A's limit on the platforms at hand */
	CONFIG_PARTITION_MAX = 64,
	CONFIG_MEMORY_RANGE_MAX = 64, /* per kind of memory node, all nodes together */
	CONFIG_SERVICE_MAX = 16, /* UUIDs of a partition */
	CONFIG_MEMORY_REGION_MAX = 32, /* per partition */
	CONFIG_DEVICE_REGION_MAX = 32, /* per partition */
	CONFIG_INTERRUPT_MAX = 60, /* per partition, all its devices together: bits of a virq_set */
	CONFIG_STREAM_MAX = 64, /* per partition, all its devices together */
	CONFIG_SMC_MAX = 64, /* allow-listed SMCs of a partition */
	CONFIG_BOOT_ORDER_LAST = 0xFFFF, /* the default: after everyone with an order */
	CONFIG_NO_REGISTER = 0xFF, /* gp-register-num, live-activation-register: not given */
	CONFIG_NO_REGION = 0xFF, /* rx/tx/live-state buffer: not given */
};

enum exception_level {
	EXCEPTION_LEVEL_S_EL0 = 1, /* values of the manifest property */
	EXCEPTION_LEVEL_S_EL1 = 2,
};

/* Attributes of memory and device regions: the bits of the manifest property. */
enum region_attributes {
	REGION_READ = 0x1,
	REGION_WRITE = 0x2,
	REGION_EXECUTE = 0x4,
	REGION_NON_SECURE = 0x8,
};

enum ns_interrupts_action {
	NS_INTERRUPTS_QUEUED = 0,
	NS_INTERRUPTS_MANAGED_EXIT = 1,
	NS_INTERRUPTS_SIGNALED = 2,
};

enum abort_action {
	ABORT_ACTION_STOP = 0,
	ABORT_ACTION_DESTROY = 1,
	ABORT_ACTION_RESTART = 2,
	ABORT_ACTION_PROPAGATE = 3,
	ABORT_ACTION_ABSENT = 4,
};

struct service_config {
	struct ffa_uuid uuid;
	uint32_t messaging_method; /* bits 0, 1, 2, 9, 10 as in the partition properties */
};

struct memory_region_config {
	char description[CONFIG_NAME_MAX];
	struct page_range range; /* absolute */
	uint32_t attributes; /* enum region_attributes */
	uint32_t smmu_id;
	uint32_t
		stream_permissions; /* stream-ids-access-permissions, one value for all; 0: none given */
	uint8_t stream_first, stream_count; /* into streams[] */
	bool inside_partition; /* sets the attributes of a part of the partition's own memory */
};

struct device_region_config {
	char description[CONFIG_NAME_MAX];
	struct page_range range;
	uint32_t attributes; /* READ, WRITE, NON_SECURE */
	uint32_t smmu_id;
	uint8_t stream_first, stream_count; /* into streams[] */
	uint8_t interrupt_first, interrupt_count; /* into interrupts[] */
	bool has_smmu;
	bool exclusive_access;
};

struct interrupt_config {
	uint32_t id; /* INTID */
	uint8_t priority; /* 0: default */
	uint8_t type; /* 0 SGI, 1 PPI, 2 SPI */
	bool secure;
	bool level;
	bool has_target;
	uint64_t target_mpidr; /* interrupts-target */
};

/** Ranges, in bytes from the package's load address, found by config/package.c. */
struct package_layout {
	uint64_t manifest_offset, manifest_size;
	uint64_t image_offset, image_size;
	uint64_t hob_offset, hob_size; /* 0: none */
	uint64_t boot_info_size; /* bytes from the load address free for the boot information */
	uint64_t total_size; /* what the loader put into memory */
};

/** A vmN node of the SPMC manifest: where a partition is and what it may use. */
struct vm_config {
	char name[CONFIG_NAME_MAX]; /* debug_name */
	uint16_t
		number; /* N of vmN: the partition's ID is 0x8000 + N unless its manifest has `id` */
	struct page_range memory; /* load_address, mem_size */
	uint16_t vcpu_count; /* 0: not given */
	uint32_t smc[CONFIG_SMC_MAX]; /* smc_whitelist */
	uint8_t smc_count;
	bool smc_permissive;
};

struct partition_config {
	char name[CONFIG_NAME_MAX];
	uint16_t id;
	uint32_t ffa_version;
	struct vm_config vm;
	struct package_layout package;

	uint8_t service_count;
	uint32_t messaging_method; /* of all services together */
	bool has_image_uuid;
	struct ffa_uuid image_uuid;

	enum exception_level exception_level;
	uint16_t context_count; /* 1: UP, else one for each PE of the manifest */
	uint64_t entry_offset; /* from the load address */
	uint16_t boot_order;
	uint8_t gp_register; /* CONFIG_NO_REGISTER or 0-3 */

	uint8_t memory_region_count, device_region_count, interrupt_count, stream_count;
	uint8_t rx_region, tx_region; /* index of a memory region or CONFIG_NO_REGION */
	uint8_t live_state_region;

	bool boot_info; /* a boot-info node is there */
	bool boot_info_manifest, boot_info_hob_list;

	enum ns_interrupts_action ns_interrupts_action;
	bool managed_exit_virq;
	bool other_s_interrupts_queued; /* other-s-interrupts-action = 0 */
	uint8_t sri_interrupts_policy;
	bool interrupts_may_be_non_secure; /* it may give its interrupts to the normal world */
	uint32_t interrupt_budget_us; /* to handle an interrupt; 0: not given */
	uint32_t start_budget_ms; /* to start; 0: not given */
	bool notification_support;
	uint8_t power_management_messages; /* bit 0: CPU_OFF */
	uint8_t vm_availability_messages; /* bit 0 created, bit 1 destroyed */
	bool sve; /* tantalum,sve: it uses SVE where the machine has it */
	bool lifecycle_support, live_activation_support;
	uint8_t live_activation_register;
	enum abort_action abort_action;

	/* Only as many entries as the counts above say are written. */
	struct service_config services[CONFIG_SERVICE_MAX];
	struct memory_region_config memory_regions[CONFIG_MEMORY_REGION_MAX];
	struct device_region_config device_regions[CONFIG_DEVICE_REGION_MAX];
	struct interrupt_config interrupts[CONFIG_INTERRUPT_MAX];
	uint32_t streams[CONFIG_STREAM_MAX];
};

struct memory_ranges {
	uint8_t count;
	struct page_range range[CONFIG_MEMORY_RANGE_MAX]; /* sorted by address, no overlaps */
};

/** The SPMC manifest. */
struct spmc_config {
	uint16_t spmc_id;
	uint32_t ffa_version; /* maj_ver, min_ver */
	uint64_t load_address; /* 0: not given */
	uint32_t binary_size; /* 0: not given */

	uint64_t cpu_mpidr
		[CONFIG_CPU_MAX]; /* affinity fields, ascending: the index is the linear PE index */
	uint8_t cpu_count;

	uint8_t vm_count;

	struct {
		uint64_t distributor, redistributor; /* 0: the platform's own */
	} gic;

	/* Only as many entries as the counts say are written. */
	struct memory_ranges secure_memory, ns_memory, secure_devices, ns_devices;
	struct vm_config vms[CONFIG_PARTITION_MAX]; /* is_ffa_partition ones, in order of N */
};

/** True when @inner lies in one of @ranges (neighbouring ranges count as one). */
bool memory_ranges_contain(const struct memory_ranges *ranges, struct page_range inner);

#endif
