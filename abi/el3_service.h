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
#define EL3_SERVICE_VERSION 0x00010000U

/* x1 receiver, x2 x3 what becomes w3 w4 of the 32-bit direct request -> x0-x7 of its answer */
#define EL3_DIRECT_REQUEST 0xC2005E01U

/* x1 x2 UUID, x3 first index: FFA_PARTITION_INFO_GET_REGS down to the SPMC -> x0-x17 of its answer */
#define EL3_PARTITION_INFO 0xC2005E02U

#endif
