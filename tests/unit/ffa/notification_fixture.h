/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of notifications share: a system whose partitions have them, and calls made by whoever
 * speaks for an endpoint: a partition for itself, the normal world for its VMs.
 */
#ifndef TESTS_UNIT_FFA_NOTIFICATION_FIXTURE_H
#define TESTS_UNIT_FFA_NOTIFICATION_FIXTURE_H

#include "tests/unit/ffa/indirect_fixture.h"

enum {
	VM_LAST = 0x7FFF,
	VM_VCPUS = 4, /* of VMs that notified_boot() creates */
	WITHOUT = SP4, /* the partition without notifications */

	PER_VCPU = 0x1, /* flag of BIND and SET; DELAY_SRI is one of SET */
	OF_PARTITIONS = 0x1, /* flags of GET */
	OF_VMS = 0x2,
	OF_SPMC = 0x4,
	OF_HYPERVISOR = 0x8,
	OF_ALL = 0xF,
	OF_SECURE = OF_PARTITIONS | OF_SPMC, /* all that the normal world may ask for */
};

#define SET_FOR_VCPU(vcpu) ((uint32_t)(vcpu) << 16 | PER_VCPU)

/**
 * SP1: S-EL1 MP, SP2: S-EL1 UP, SP3: S-EL0, all with notifications; SP4: S-EL1 UP without. VM1 has
 * notifications, VM2 has not.
 */
void notified_boot(unsigned pe_count);

/** The partitions of notified_boot(), not yet built: their configurations may be changed. */
void notified_add(struct partition_config *configs[4]);

/** Who makes the calls of endpoint @id. */
uint16_t speaker(uint16_t id);

/** @who runs on this PE afterwards; whoever ran answers its request first. */
void turn_to(uint16_t who);

/* Calls by who speaks for the first endpoint named; nothing is checked. */
void create_bitmap(uint16_t vm, uint32_t vcpu_count);
void destroy_bitmap(uint16_t vm);
void bind_as(uint16_t receiver, uint16_t sender, uint64_t ids, uint32_t flags);
void unbind_as(uint16_t receiver, uint16_t sender, uint64_t ids);
void set_as(uint16_t sender, uint16_t receiver, uint64_t ids, uint32_t flags);
void get_as(uint16_t receiver, uint16_t vcpu, uint32_t flags);

/* What they get. */
#define CHECK_DONE(id) CHECK_SUCCESS(speaker(id))
#define CHECK_NOT_DONE(id, status) CHECK_REFUSED(speaker(id), status)

/** As bind_as() and set_as(), which succeed. */
void must_bind(uint16_t receiver, uint16_t sender, uint64_t ids, uint32_t flags);
void must_set(uint16_t sender, uint16_t receiver, uint64_t ids, uint32_t flags);

/** @receiver gets exactly these bitmaps with an FFA_NOTIFICATION_GET of all that it may ask for. */
void check_gets(uint16_t receiver, uint16_t vcpu, uint64_t of_partitions, uint64_t of_vms);

/** Framework notification: @from sends an empty message to @to; both have buffers then. */
void send_empty(uint16_t from, uint16_t to, uint32_t flags);

#endif
