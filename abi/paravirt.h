/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls, as Hafnium's partitions know them: HVC #0 at S-EL1, SVC #0 at S-EL0, the function
 * in x0, arguments in x1-x3, the result in x0. They are not of FF-A.
 */
#ifndef ABI_PARAVIRT_H
#define ABI_PARAVIRT_H

/* Function numbers, x0. */
#define PARAVIRT_INTERRUPT_ENABLE 0xFF03U /* x1 ID, x2 1 or 0, x3 enum paravirt_pin */
#define PARAVIRT_INTERRUPT_GET 0xFF04U /* -> ID or PARAVIRT_NONE */
#define PARAVIRT_INTERRUPT_DEACTIVATE 0xFF08U /* x1 and x2: ID */
#define PARAVIRT_INTERRUPT_RECONFIGURE 0xFF09U /* x1 ID, x2 enum paravirt_reconfigure, x3 value */
#define PARAVIRT_INTERRUPT_SEND_IPI 0xFF0AU /* x1 vCPU */

/* Virtual interrupts that the SPMC raises itself. */
#define PARAVIRT_TIMER 3U /* a timer of the context has expired */
#define PARAVIRT_MANAGED_EXIT 4U /* the normal world wants its PE back */
#define PARAVIRT_NOTIFICATION_PENDING 5U /* NPI: FFA_NOTIFICATION_GET would return something */
#define PARAVIRT_IPI 9U /* from another context of the partition */
#define PARAVIRT_NONE 0xFFFFFFFFU

/** How a virtual interrupt comes. */
enum paravirt_pin {
	PARAVIRT_IRQ,
	PARAVIRT_FIQ,
};

/** What PARAVIRT_INTERRUPT_RECONFIGURE changes. */
enum paravirt_reconfigure {
	PARAVIRT_TARGET, /* value: index of the PE that takes it */
	PARAVIRT_SECURITY, /* value: 1 secure, 0 the normal world's */
	PARAVIRT_ENABLED, /* value: 1 or 0 */
};

#endif
