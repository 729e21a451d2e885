/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the test partitions serve and the client's tests ask for. A command travels in a direct request:
 * its number in x3, arguments in x4-x7 (REQ2: x4 and x5-x8), results in the same registers; or in the
 * area below, for cycles given by FFA_RUN. Everything large goes through the area: one page of
 * non-secure memory per execution context, a region of the manifest named "area".
 */
#ifndef PARTITIONS_TEST_IMAGE_PROTOCOL_H
#define PARTITIONS_TEST_IMAGE_PROTOCOL_H

#include "sdk/memory.h"

#include <stdint.h>

enum test_command {
	TEST_ECHO = 0x7E570001, /* arguments come back inverted (low 32 bits: both forms agree) */
	TEST_WHO, /* -> id | context << 16, MPIDR (S-EL1), CurrentEL >> 2 (S-EL0: 0), version */
	TEST_CALL, /* issues area.call_in by area.call_conduit, all 31 registers into area.call_out */
	TEST_FORWARD, /* x4 hops (16-bit IDs, first lowest), x5 command at the end, x6 x7 its arguments */
	TEST_SPIN, /* until area.stop; x4 most iterations in 2^20, -> iterations */
	TEST_KEEP, /* x4 seed, x5 enum test_pause: own registers across a pause -> what changed */
	TEST_TOUCH, /* x4 enum test_access, x5 address, x6 how to map -> faulted, value */
	TEST_COPY, /* x4 address, x5 bytes: into area.bulk */
	TEST_STATE, /* enum test_state in x4: into area.bulk */
	TEST_SIMD_LOAD, /* x4 pattern: into v0-v31 */
	TEST_SIMD_CHECK, /* x4 pattern -> which of v0-v31 differ */
	TEST_DIE, /* x4 enum test_death, x5 address */
	TEST_PUT, /* x4 address, x5 bytes: out of area.bulk */
	TEST_FILL, /* x4 address, x5 bytes, x6 seed: a pattern of test_pattern() */
	TEST_MATCH, /* x4 address, x5 bytes, x6 seed -> bytes that differ, the first of them */
	TEST_VIRQS, /* x4: 1 opens this context to virtual interrupts, 0 closes it -> ISR_EL1 (S-EL1) before */
	TEST_PARAVIRT, /* x4-x7 as x0-x3 of a para-virtual call -> x0-x3 */
	TEST_EXCHANGE, /* messages to and from a peer, as area.exchange says; RX and TX are mapped */
	TEST_MEMORY, /* x4 enum test_memory_call, area.bulk: struct test_memory -> status */
	TEST_MASK, /* x4 enum test_mask: tries to mask interrupts -> ICC_IGRPEN1_EL1 before (S-EL1) */
	TEST_WATCH, /* x4 address: reads it until it aborts or area.stop -> aborted, reads */
	TEST_PEND, /* x4 INTID, x5 microseconds until it pends, x6 1: made secure and enabled before, x7 1: -> enum test_gic */
	TEST_STORM, /* x4 INTID: lets it pend all the time until area.stop -> times */
	TEST_SOURCE, /* x4 1: the device of its region "uart" or "gpio" interrupts, 0: no more */
	TEST_TIMER, /* x4 enum timer, x5 period in microseconds, x6 expiries; 0: stop */
	TEST_REGISTER, /* x4 line of system_registers.def, x5 1: write x6 -> faulted, value, ESR_EL1; S-EL0: ends when it faults */
	TEST_DISR, /* x4 next -> DISR_EL1 before (S-EL1 only) */
	TEST_KEYS, /* x4 seed of its keys (0: zeros), x5 of those to come -> what differs; S-EL0: PACGA of x5 */
	TEST_VECTORS, /* x4 seed of what its vector registers hold, x5 of what to put there, x6 1: spins then until
		       * area.stop and looks again -> TEST_VECTORS_* */
};

enum test_result {
	TEST_DONE = 0x600D,
	TEST_REFUSED = 0xBAD1, /* a call the command needed was refused: x4 code, x5 whose call */
	TEST_UNKNOWN = 0xBAD2,
	TEST_LEFT = 0x1EF7, /* a managed exit has ended the command */
};

/* In register halves and registers that are no part of a 32-bit answer. */
#define TEST_SECRET 0x5EC4E7ULL

enum test_mask {
	TEST_MASK_PRIORITY = 1, /* by ICC_PMR_EL1 */
	TEST_MASK_GROUP = 2, /* by ICC_IGRPEN1_EL1 */
};

enum test_pause {
	TEST_PAUSE_YIELD,
	TEST_PAUSE_SPIN, /* until area.stop, to be preempted */
};

enum test_access {
	TEST_READ,
	TEST_WRITE,
	TEST_EXECUTE,
};

/* x6 of TEST_TOUCH: REGION_* of sdk/partition.h, and: */
#define TEST_MAP_DEVICE 0x100U
#define TEST_MAP_NOT 0x200U

/* Size of its RX and TX buffers: what FFA_FEATURES reports. */
#define TEST_BUFFER_PAGES 16U

/** Byte @i of the pattern made of @seed; 0: zeros. */
static inline uint8_t test_pattern(uint64_t seed, uint64_t i)
{
	return seed == 0 ? 0 : (uint8_t)((seed + i / 8) * 0x9E3779B97F4A7C15ULL >> (i % 8 * 8));
}

/** What it does when a framework message comes, until area.reaction is changed. */
enum test_reaction {
	TEST_REACTION_ANSWER,
	TEST_REACTION_REFUSE, /* with area.reaction_status */
	TEST_REACTION_CALL, /* issues area.call_in, then answers */
	TEST_REACTION_HANG,
	TEST_REACTION_HANG_CALLING, /* making calls all the time */
	TEST_REACTION_DIE,
};

/**
 * TEST_EXCHANGE: sends @count messages to @peer and takes as many from it, as it comes, unless area.stop ends
 * it. Each has a number, words made of it and of the sender, and a sum; sizes vary up to @size_max bytes.
 */
struct test_exchange {
	uint64_t peer;
	uint64_t count;
	uint64_t size_max; /* a power of two, 32 or more */
	uint64_t flags; /* of FFA_MSG_SEND2 */

	uint64_t sent, received;
	uint64_t busy; /* FFA_MSG_SEND2 came back with it */
	uint64_t empty; /* nothing was there to be taken */
	uint64_t failed; /* 0, or why it gave up: enum test_exchange_failure */
	uint64_t status; /* of the call that failed, or what was wrong */
	uint64_t expected;
};

enum test_exchange_failure {
	TEST_EXCHANGE_SEND = 1,
	TEST_EXCHANGE_GET,
	TEST_EXCHANGE_RELEASE,
	TEST_EXCHANGE_SENDER, /* a message of somebody else */
	TEST_EXCHANGE_NUMBER, /* one is missing or came twice */
	TEST_EXCHANGE_SIZE,
	TEST_EXCHANGE_TORN, /* its words are not those that were sent */
};

/* What it does with every interrupt: bits of test_interrupts.action. Its device is made quiet last. */
#define TEST_ON_LOUD 0x1U /* it is not */
#define TEST_ON_DEACTIVATE 0x2U
#define TEST_ON_CALL 0x4U /* issues area.call_in */
#define TEST_ON_SPIN 0x8U /* for test_interrupts.spin microseconds */
#define TEST_ON_HANG 0x10U
#define TEST_ON_DIE 0x20U
#define TEST_ON_STAY 0x40U /* takes no notice of managed exits */

/** What the distributor says of an interrupt, as bits. */
enum test_gic {
	TEST_GIC_PENDING = 0x1,
	TEST_GIC_ENABLED = 0x2,
	TEST_GIC_ACTIVE = 0x4,
	TEST_GIC_SECURE = 0x8, /* Group 1 */
};

/* Timers of a partition with a region "clock", in microseconds: in its own start, and while others start. */
#define TEST_CLOCK_SOON 5000U
#define TEST_CLOCK_LATER 100000U

/** How an interrupt came. */
enum test_how {
	TEST_HOW_IRQ = 1, /* as an exception */
	TEST_HOW_FIQ,
	TEST_HOW_CALL, /* fetched after FFA_INTERRUPT, exceptions closed; S-EL0: told by it */
};

#define TEST_SEEN_MAX 6U

/** Interrupts of a context. Times are values of the physical counter. */
struct test_interrupts {
	uint64_t action;
	uint64_t spin;
	uint64_t left; /* 1: a managed exit has come and the command has yet to answer */
	struct test_seen {
		uint64_t id; /* 0: none yet */
		uint64_t count;
		uint64_t how; /* enum test_how, of the last */
		uint64_t at; /* the last was taken */
	} seen[TEST_SEEN_MAX];
	struct test_timer {
		uint64_t period; /* ticks */
		uint64_t remaining; /* expiries to come */
		uint64_t expiries;
		uint64_t early; /* taken before their time */
		uint64_t late_max; /* ticks */
		uint64_t
			spurious; /* PARAVIRT_TIMER came, neither had fired; of the first timer only */
	} timer[2];
};

enum test_memory_call {
	TEST_MEMORY_SEND, /* by test_memory.function */
	TEST_MEMORY_RETRIEVE, /* and map as the response says */
	TEST_MEMORY_RELINQUISH,
	TEST_MEMORY_RECLAIM,
};

/** Ranges of @page_count pages each, @stride bytes apart. */
struct test_ranges {
	uint64_t base;
	uint64_t page_count;
	uint64_t stride;
	uint64_t count; /* up to TEST_RANGES_MAX */
};

#define TEST_RANGES_MAX 1024U

/** TEST_MEMORY: what to do, and, in the same fields, what came of it. */
struct test_memory {
	uint64_t function; /* FFA_MEM_SHARE, LEND, DONATE */
	uint64_t flags; /* of FFA_MEM_RELINQUISH and RECLAIM */
	struct test_ranges ranges; /* sent, or expected in the response */
	uint64_t mismatches; /* ranges of the response that are not these */
	struct memory_transaction transaction; /* request; of a retrieval then the response */
};

/*
 * TEST_VECTORS: seeds are 0 (registers of zeros) or as vectors.h takes them. Scalable: what SVE has, with vectors
 * of seed bits 7-4 plus one times 128 bits, as far as there are (S-EL1).
 */
#define TEST_VECTORS_SCALABLE 1U /* bit of both seeds: SVE, of a partition that asks for it */
#define TEST_VECTORS_LENGTH(seed) ((seed) >> 4 & 0xF)
#define TEST_VECTORS_ZCR 0x40000U /* with the result of vectors_compare(): ZCR_EL1 has changed */

enum test_death {
	TEST_DEATH_UNHANDLED, /* a stage-2 abort whose vector cannot be fetched either */
	TEST_DEATH_READ, /* a read of x5 that nobody steps over */
	TEST_DEATH_WRITE,
	TEST_DEATH_EXECUTE,
	TEST_DEATH_UNDEFINED, /* an instruction that does not exist */
};

enum test_state {
	TEST_STATE_ENTRY, /* struct partition_entry of this context */
	TEST_STATE_BOOT, /* struct test_boot_state */
	TEST_STATE_INIT, /* struct test_init_state */
};

struct test_boot_state {
	uint64_t form; /* struct boot_info of the SDK */
	uint64_t address;
	uint64_t blob_size;
	uint64_t count;
	uint64_t manifest;
	uint64_t manifest_size;
	uint64_t hob_list;
	uint64_t hob_list_size;
	uint64_t manifest_magic;
	uint64_t manifest_total_size;
	uint64_t image_base;
	uint64_t tx; /* buffers to be mapped by whoever tests that */
	uint64_t rx;
	uint64_t data; /* a page of its own memory to play with */
	uint64_t started_at; /* CNTVCT_EL0 (S-EL1) */
	uint64_t bss_was_clear;
	uint64_t header[4]; /* first 32 bytes of the blob */
	uint64_t secondary_ep;
};

/* Calls made in the start of the partition, in this order. */
enum test_init_call {
	/* Before any other call, S-EL1 only. */
	INIT_VERSION_BIT31,
	INIT_VERSION_MAJOR_2,
	INIT_VERSION_MAJOR_0,
	INIT_VERSION_MINOR_HIGH,
	INIT_VERSION_1_0,
	INIT_VERSION_1_1,
	INIT_VERSION_OWN,
	/* After it is locked. */
	INIT_VERSION_OWN_AGAIN,
	INIT_VERSION_CHANGED,
	INIT_VERSION_LOCKED_BIT31,
	INIT_MSG_WAIT_BAD,
	INIT_YIELD,
	INIT_RUN,
	INIT_RESP,
	INIT_RESP2,
	INIT_INTERRUPT,
	INIT_REQ_SELF,
	INIT_REQ_EARLIER, /* to 0x8001, which started before */
	INIT_REQ_LATER, /* to 0x8008, which did not */
	INIT_SECONDARY_EP_OUTSIDE,
	INIT_SECONDARY_EP,
	INIT_PERM_GET_TEXT,
	INIT_PERM_GET_DATA,
	INIT_PERM_GET_UNALIGNED,
	INIT_PERM_GET_UNMAPPED,
	INIT_PERM_SET_RW_X,
	INIT_PERM_SET_NONE,
	INIT_PERM_SET_RESERVED,
	INIT_PERM_SET_HIGH_BITS,
	INIT_PERM_SET_NO_PAGES,
	INIT_PERM_SET_UNALIGNED,
	INIT_PERM_SET_OVERFLOW,
	INIT_PERM_SET_UNMAPPED,
	INIT_PERM_SET_RO,
	INIT_PERM_GET_RO,
	INIT_PERM_SET_RW,
	INIT_PERM_GET_RW,
	INIT_CALLS,
};

struct test_init_result {
	uint64_t made; /* 0: not applicable to this partition */
	uint64_t x[5]; /* x0-x3, and x4-x7 ORed */
};

struct test_init_state {
	struct test_init_result result[INIT_CALLS];
};

struct test_area {
	uint64_t stop; /* written by the client */
	uint64_t progress; /* of TEST_SPIN, in iterations */
	uint64_t interrupts; /* taken by this context */
	uint64_t interrupt[8]; /* x0-x7 of the last FFA_INTERRUPT it was entered with */
	uint64_t run_count; /* times entered by FFA_RUN */
	uint64_t run[8]; /* x0-x7 it was entered with */
	uint64_t run_command[5]; /* what to do then: x3-x7; 0: nothing */
	uint64_t run_result[5];
	uint64_t request[18]; /* x0-x17 of the last direct request */
	uint64_t forward[8]; /* x0-x7 a forwarded request first came back with */
	uint64_t forward_denied; /* times FFA_RUN was, for interrupts it had not taken */
	uint64_t call_conduit; /* enum ffa_conduit */
	uint64_t call_in[31];
	uint64_t call_out[31];
	uint64_t fault_count;
	uint64_t fault_esr;
	uint64_t fault_far;
	uint64_t fault_elr;
	uint64_t fault_spsr;
	uint64_t fault_expected_elr; /* where the access was */
	uint64_t virqs; /* taken by this context as exceptions */
	uint64_t virq_id; /* the last */
	uint64_t virq_pin; /* enum paravirt_pin */
	uint64_t virq_fetch; /* flags of FFA_NOTIFICATION_GET, made when NPI comes; 0: none */
	uint64_t virq_fetched[4]; /* struct ffa_notifications */
	uint64_t framework_count; /* framework messages */
	uint64_t framework[8]; /* x0-x7 of the last */
	uint64_t framework_at; /* CNTVCT_EL0 then (S-EL1) */
	uint64_t reaction; /* enum test_reaction */
	uint64_t reaction_status;
	struct test_exchange exchange;
	struct test_interrupts irq;
	uint64_t reserved[8];
	uint8_t bulk[2304];
};

_Static_assert(sizeof(struct test_area) <= 4096, "an area is a page");
_Static_assert(sizeof(struct test_memory) <= sizeof(((struct test_area *)0)->bulk),
	       "fits the area");
_Static_assert(sizeof(struct test_init_state) <= sizeof(((struct test_area *)0)->bulk),
	       "fits the area");

#endif
