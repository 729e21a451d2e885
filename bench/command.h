/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the bench client and the bench partitions agree on: who is who (as in bench/manifests), and
 * x3 of a direct request. FFA_MSG_SEND_DIRECT_REQ2 is always COMMAND_ECHO.
 */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#define BENCH_SP1 0x8001U /* S-EL1, an execution context for each PE */
#define BENCH_SP2 0x8002U /* the same */
#define BENCH_SP3_UP 0x8003U /* S-EL1, one execution context */
#define BENCH_EL0 0x8004U /* S-EL0 */

#define BENCH_VM_LAST 63U /* VMs with notifications: 0 to this */

#define BENCH_TIMER_US 100U

/* bench/vectors.S */
void vectors_use_simd(void);
void vectors_use_sve(void);
void vectors_open_to_el1(void);

enum bench_command {
	COMMAND_ECHO, /* answer at once */
	COMMAND_REPEAT, /* x4: enum bench_repeat, x5: how often, x6: peer */
	COMMAND_MAP, /* map RX and TX */
	COMMAND_BIND, /* bind all notifications from x4 */
	COMMAND_TAKE, /* fetch all notifications, release RX */
	COMMAND_RETRIEVE, /* memory, between marks: x4: handle, x5: kind (flags of descriptors) */
	COMMAND_RELINQUISH, /* memory, between marks: x4: handle */
	COMMAND_TIMER, /* x4: that many timer interrupts, BENCH_TIMER_US apart; 0: are they handled? */
	COMMAND_OPEN_VECTORS, /* at S-EL1: open vector registers to itself */
	COMMAND_SIMD, /* use SIMD registers */
	COMMAND_NOTIFY, /* set notification 0 of VMs 0..x4, the normal world's interrupt delayed */
};

/** What a partition repeats between marks. Its answer: x3 = 0, or 1 + an unexpected function. */
enum bench_repeat {
	REPEAT_NOTHING,
	REPEAT_ID_GET,
	REPEAT_FEATURES,
	REPEAT_DIRECT,
	REPEAT_DIRECT2,
	REPEAT_NOTIFICATION_SET, /* another notification each time */
	REPEAT_NOTIFICATION_GET,
};

#endif
