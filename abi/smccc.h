/* SPDX-License-Identifier: BSD-3-Clause */
/* SMC calling convention and PSCI numbers used at the boundaries (DEN0028, DEN0022, DEN0098). */
#ifndef ABI_SMCCC_H
#define ABI_SMCCC_H

#define SMCCC_UNKNOWN 0xFFFFFFFFFFFFFFFFULL /* x0 of a call nobody serves */
#define SMCCC_VERSION 0x80000000U

/* Entropy of EL3 (DEN0098). */
#define TRNG_VERSION 0x84000050U
#define TRNG_FEATURES 0x84000051U
#define TRNG_RND_64 0xC4000053U /* x1: bits, up to 192; x3 the lowest 64 of them */
#define TRNG_VERSION_1_0 0x10000U

#define PSCI_VERSION 0x84000000U
#define PSCI_CPU_SUSPEND_32 0x84000001U
#define PSCI_CPU_SUSPEND_64 0xC4000001U
#define PSCI_CPU_OFF 0x84000002U
#define PSCI_CPU_ON_64 0xC4000003U
#define PSCI_AFFINITY_INFO_64 0xC4000004U
#define PSCI_SYSTEM_OFF 0x84000008U
#define PSCI_SYSTEM_RESET 0x84000009U
#define PSCI_SUCCESS 0
#define PSCI_NOT_SUPPORTED (-1)

#endif
