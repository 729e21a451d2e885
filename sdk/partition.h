/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a partition author sees. The SDK brings the partition up (registers, relocation, stage-1 MMU at
 * S-EL1, page permissions at S-EL0, secondary contexts), reads its manifest and runs the message loop;
 * the author writes partition_start() and partition_request(). sdk/template is a partition to copy.
 */
#ifndef SDK_PARTITION_H
#define SDK_PARTITION_H

#include "abi/ffa.h"
#include "sdk/boot_info.h"
#include "sdk/ffa.h"
#include "sdk/paravirt.h"

#include <stdbool.h>
#include <stdint.h>

#define PARTITION_MAX_CONTEXTS 32U
#define PARTITION_MAX_REGIONS 16U

/* Attributes of regions, as in the manifest. */
#define REGION_READ 0x1U
#define REGION_WRITE 0x2U
#define REGION_EXECUTE 0x4U
#define REGION_NON_SECURE 0x8U

struct partition_region {
	char name[32]; /* of its node */
	uint64_t base;
	uint64_t page_count;
	uint32_t attributes;
	bool device;
};

/** What the partition knows of itself from its manifest and the SPMC; constant once it has started. */
struct partition {
	uint16_t id;
	uint32_t version; /* ffa-version of the manifest */
	uint32_t context_count;
	uint32_t region_count;
	struct partition_region region[PARTITION_MAX_REGIONS];
	struct boot_info boot_info;
	enum ffa_status secondary_ep; /* what FFA_SECONDARY_EP_REGISTER answered */
};

extern struct partition partition;

/* ---- written by the author ----------------------------------------------------------------------- */

/** Once, in the primary context, before the partition waits for its first message. */
void partition_start(void);

/**
 * Answers a direct request. @message holds x0-x17 as received and on return the answer's payload:
 * x3-x7, or x4-x17 for FFA_MSG_SEND_DIRECT_REQ2, or x3-x17 for a partition of v1.3 and the 64-bit form.
 * The SDK fills in the function and the endpoints.
 */
void partition_request(unsigned context, struct ffa_regs *message);

/* Optional; the SDK has defaults that do nothing. */

/** Once in every context but the primary one. */
void partition_context_start(unsigned context);
/** Cycles given by FFA_RUN. Afterwards the context waits again. */
void partition_run(unsigned context, const struct ffa_regs *message);
/**
 * FFA_INTERRUPT, with which a context that waited was entered. Default: partition_take_interrupts(). Afterwards
 * the context waits again.
 */
void partition_interrupt(unsigned context, const struct ffa_regs *message);
/**
 * Virtual interrupt @id, fetched: of a device of the partition's (quieten it, then it may signal again), or one of
 * PARAVIRT_TIMER and the like. At S-EL1 it is taken as an exception once the context has called
 * partition_virqs_enable(), else, and at S-EL0, out of the message loop. It may make calls that return to it.
 */
void partition_virq(unsigned context, uint32_t id, enum paravirt_pin pin);
/** Before any other FF-A call at S-EL1: negotiates partition.version. */
void partition_negotiate(void);
/** A framework message (w2 bit 31); answer in place, x0 included. Default: PSCI success. */
void partition_framework(unsigned context, struct ffa_regs *message);

struct partition_exception {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t esr;
	uint64_t far;
};

/** An exception of the partition itself (S-EL1). True: go on at @frame->elr. False: the partition dies. */
bool partition_exception(struct partition_exception *frame);

/* ---- offered to the author ------------------------------------------------------------------------ */

/** Printed by FFA_CONSOLE_LOG, one line. Silent before FF-A 1.2. */
void partition_log(const char *text, ...) __attribute__((format(printf, 1, 2)));

/** The memory or device region of this name in the manifest; NULL: there is none. */
const struct partition_region *partition_region(const char *name);

/** Maps memory the manifest does not name (S-EL1), one to one. False: no tables left. Nothing to do at S-EL0. */
bool partition_map(uint64_t base, uint64_t page_count, uint32_t attributes, bool device);

/** Opens this context to virtual interrupts, or closes it: as it starts it is closed. S-EL0 has none. */
void partition_virqs_enable(void);
void partition_virqs_disable(void);

/**
 * Hands what the context was entered for with FFA_INTERRUPT (w2 in @message) to partition_virq(): at S-EL0 that one,
 * at S-EL1 all that pend, unless they were taken as exceptions.
 */
void partition_take_interrupts(unsigned context, const struct ffa_regs *message);

/** Maps a page of the SDK's as RX and one as TX buffer: partition_send() and partition_received() use them. */
enum ffa_status partition_buffers(void);
/** FFA_MSG_SEND2 of @size bytes, up to a page with the header. */
enum ffa_status partition_send(uint16_t receiver, const void *payload, uint32_t size);
/**
 * The payload of a message that has come, asked for by FFA_NOTIFICATION_GET; NULL: none has. It stays
 * until ffa_rx_release(), and nobody can send another one meanwhile.
 */
const void *partition_received(unsigned context, struct ffa_message *message);

/** Ends the partition with a fault that nobody can handle. */
_Noreturn void partition_die(void);

/** State found by the first instruction of each context. */
struct partition_entry {
	uint64_t x[31];
	uint64_t current_el;
	uint64_t sctlr; /* S-EL1 only, as all below */
	uint64_t daif;
	uint64_t stack_select;
	uint64_t mpidr;
	uint64_t vbar;
	uint64_t seen; /* number of entries */
	uint64_t permissions; /* S-EL0 only: of a data page, before it was changed */
	uint64_t reserved[25];
};

_Static_assert(sizeof(struct partition_entry) == 512, "start.S");

extern struct partition_entry partition_entry[PARTITION_MAX_CONTEXTS];

#endif
