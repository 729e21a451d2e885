/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What firmware/el3, our own part of BL31 for tests, serves to the normal world by SiP fast calls: its logical
 * partition does at once what the caller asks for. An EL3 without it answers -1.
 */
#ifndef ABI_EL3_SERVICE_H
#define ABI_EL3_SERVICE_H

/* The logical partition as its own descriptor says; it can send direct requests and nothing else. */
#define EL3_PARTITION_ID 0xFFC0U
#define EL3_PARTITION_UUID { 0x7E57FFC0U, 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0AC0U }

/* -> x0 EL3_SERVICE_VERSION */
#define EL3_SERVICE 0xC2005E00U
#define EL3_SERVICE_VERSION 0x00010001U

/* x1 receiver, x2 x3 what becomes w3 w4 of the 32-bit direct request -> x0-x7 of its answer */
#define EL3_DIRECT_REQUEST 0xC2005E01U

/* x1 x2 UUID, x3 first index: FFA_PARTITION_INFO_GET_REGS down to the SPMC -> x0-x17 of its answer */
#define EL3_PARTITION_INFO 0xC2005E02U

/*
 * x1 ticks of the system counter, x2 how often: the Group 0 timer of the calling PE comes after x1 ticks and,
 * so long after each was handled, again. Counts from 0; x2 = 0 stops it. -> x0 0
 */
#define EL3_GROUP0_START 0xC2005E03U

/* -> x0 how often the calling PE's timer has come while the normal world ran, x1 while the secure world did */
#define EL3_GROUP0_COUNT 0xC2005E04U

/* x1 1: from now on the SPMD refuses FFA_EL3_INTR_HANDLE, as it did before FF-A 1.2; 0: no more -> x0 0 */
#define EL3_GROUP0_REFUSE 0xC2005E05U

#endif
