/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of interrupts share: partitions with one shared interrupt each, which enable it, their timer
 * and their IPI when they start; interrupts that come; and partitions that play fair until all is done.
 */
#ifndef TESTS_UNIT_FFA_INTERRUPT_FIXTURE_H
#define TESTS_UNIT_FFA_INTERRUPT_FIXTURE_H

#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define SPI_OF(id) (40U + (unsigned)(id) - SP1)
#define LP 0xFFC0 /* a partition of EL3 */
#define PSCI_CPU_OFF 0x84000002
#define MS UINT64_C(1000000) /* ns, and ticks of the host's counter */
#define US UINT64_C(1000)
#define BUDGET (500 * MS) /* for interrupts, by default */

/* Para-virtual calls. */
enum {
	INTERRUPT_ENABLE = 0xFF03,
	INTERRUPT_GET = 0xFF04,
	INTERRUPT_DEACTIVATE = 0xFF08,
	INTERRUPT_RECONFIGURE = 0xFF09,
	INTERRUPT_SEND_IPI = 0xFF0A,
};

/** As system_add(); the partition has SPI_OF(@id), triggered by edge, on PE 0. */
struct partition_config *interrupts_add(uint16_t id, enum instance instance);

/** SP1 of kind @instance, SP2: S-EL1 MP, SP3: S-EL1 UP, SP4: S-EL0; not yet built. */
void interrupts_add_usual(enum instance instance);

/** Who starts on this PE, one after the other, enables what it has and waits; until the normal world runs. */
void interrupts_finish_start(void);

/** As interrupts_finish_start(), up to where @id runs its start-up code. */
void interrupts_start_until(uint16_t id);

/** What a partition does when it starts: enables all that it has. */
void interrupts_enable(void);

/** Builds the system, and starts all PEs; on PE 0. */
void interrupts_boot(unsigned pe_count);

/** PE @pe comes up. */
void interrupts_power_on(unsigned pe);

/** A para-virtual call of who runs, through its conduit; returns x0. */
uint64_t paravirt(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3);

/** Who runs fetches an interrupt; VIRQ_NONE: there is none. */
uint32_t fetch(void);

/** An interrupt is taken on this PE: who runs, be it the normal world, is stopped. */
void take_interrupt(void);

/** @intid signals, and this PE takes it. */
void interrupt_comes(uint32_t intid);

/** @ns pass; the timer of this PE has fired then, and is taken. */
void time_comes(uint64_t ns);

/** The SPMC's timer of this PE fires. */
void timer_comes(void);

/** @id, which runs here in SPMC-scheduled mode, was entered for @intid. */
#define CHECK_ENTERED(id, intid) CHECK_GOT(id, FFA_INTERRUPT_32, 0, intid)

bool irq_line(uint16_t id, unsigned pe);
bool fiq_line(uint16_t id, unsigned pe);

/** True while the interrupt controller has @intid active. */
bool is_active(uint32_t intid);

/** Non-secure interrupts wait on this PE. */
bool is_masked(void);

/** SRIs of this PE so far. */
unsigned sri_count(void);

/** FFA_NOTIFICATION_INFO_GET names @id, of the partition's vCPU @vcpu, alone. */
void check_told_of(uint16_t id, unsigned vcpu);

/** There is nothing for the scheduler. */
void check_nothing_told(void);

/** The normal world lets @id go on, or begin, on this PE. */
void run(uint16_t id);

/* ---- fair play ---------------------------------------------------------------------------------- */

/** How often each partition has got its interrupt: S-EL1 by fetching it, S-EL0 with FFA_INTERRUPT. */
struct fetched {
	unsigned of[8]; /* by id - SP1: SPI_OF(id) */
	unsigned others; /* IDs of the SPMC's own */
};

/** Who runs, a partition, does what it has to: fetches what pends, else answers, waits, or goes on. */
void play_fair(struct fetched *fetched);

/** All partitions play fair on this PE until the normal world, which resumes everybody, has nothing to resume. */
void settle(struct fetched *fetched);

#endif
