/* SPDX-License-Identifier: BSD-3-Clause */
/* CPU_OFF as the SPMD relays it, and as partitions answer it. */
#ifndef TESTS_UNIT_FFA_POWER_FIXTURE_H
#define TESTS_UNIT_FFA_POWER_FIXTURE_H

#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define MESSAGE(type) (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_##type)
#define CPU_OFF 0x84000002
#define DENIED_PSCI 0xFFFFFFFD
#define BUDGET_NS UINT64_C(100000000)

/** As system_add(); the partition subscribes to CPU_OFF. */
struct partition_config *subscribe(uint16_t id, enum instance instance);

/** SP1 and SP2, S-EL1 MP, subscribe to CPU_OFF. */
void two_subscribers(unsigned pe_count);

/** The SPMD relays CPU_OFF on this PE. */
void cpu_off(void);

/** The budget of whom this PE waits for has just begun. */
void check_budget_runs(void);

/** @id has just been told; its budget runs, the normal world's interrupts wait. */
void check_told(uint16_t id);

/** @id answers with a PSCI @status. */
void answer(uint16_t id, uint32_t status);

/** The budget of whom the PE waits for is used up. */
void budget_ends(void);

/** The SPMD gets its answer, which is never a refusal; contexts that are pinned to this PE are off. */
void check_off(void);

#endif
