/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bits of the system registers that EL2 programs, and the values it gives them (Arm ARM, D19). Where a
 * value depends on features, cpu.c adds to it.
 */
#ifndef ARCH_AARCH64_REGISTERS_H
#define ARCH_AARCH64_REGISTERS_H

#include <stdint.h>

#define REG_BIT(n) (UINT64_C(1) << (n))

/* HCR_EL2 */
#define HCR_VM REG_BIT(0)
#define HCR_SWIO REG_BIT(1) /* invalidate by set/way also cleans */
#define HCR_PTW REG_BIT(2) /* stage-1 walks do not touch devices */
#define HCR_FMO REG_BIT(3)
#define HCR_IMO REG_BIT(4)
#define HCR_AMO REG_BIT(5)
#define HCR_VF REG_BIT(6) /* virtual FIQ pending */
#define HCR_VI REG_BIT(7) /* virtual IRQ pending */
#define HCR_FB REG_BIT(9) /* TLB and instruction cache maintenance reaches all PEs */
#define HCR_BSU_INNER (UINT64_C(1) << 10)
#define HCR_TID1 REG_BIT(16)
#define HCR_TID2 REG_BIT(17)
#define HCR_TID3 REG_BIT(18)
#define HCR_TSC REG_BIT(19)
#define HCR_TIDCP REG_BIT(20)
#define HCR_TACR REG_BIT(21)
#define HCR_TSW REG_BIT(22)
#define HCR_TGE REG_BIT(27)
#define HCR_RW REG_BIT(31)
#define HCR_E2H REG_BIT(34)
#define HCR_TLOR REG_BIT(35)
#define HCR_TERR REG_BIT(36)
#define HCR_APK REG_BIT(40) /* pointer authentication: keys, instructions */
#define HCR_API REG_BIT(41)
#define HCR_FWB REG_BIT(46)
#define HCR_TID4 REG_BIT(49)
#define HCR_TID5 REG_BIT(58)

/* While nothing runs below, or an S-EL1 partition does: FWB, TID2 or TID4 are added by feature. */
#define HCR_S_EL1                                                                             \
	(HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_FB | HCR_BSU_INNER | \
	 HCR_TID1 | HCR_TID3 | HCR_TSC | HCR_TIDCP | HCR_TACR | HCR_TSW | HCR_RW | HCR_E2H |  \
	 HCR_TLOR | HCR_TERR)
/* While an S-EL0 partition runs: interrupts and aborts come to EL2 by TGE. */
#define HCR_S_EL0 (HCR_TGE | HCR_RW | HCR_E2H | HCR_TIDCP)

/* SCTLR_EL2 with HCR_EL2.E2H = 1; the EL0 bits count while TGE is 1. */
#define SCTLR_M REG_BIT(0)
#define SCTLR_A REG_BIT(1)
#define SCTLR_C REG_BIT(2)
#define SCTLR_SA REG_BIT(3)
#define SCTLR_SA0 REG_BIT(4)
#define SCTLR_ITD REG_BIT(7)
#define SCTLR_SED REG_BIT(8)
#define SCTLR_EOS REG_BIT(11)
#define SCTLR_I REG_BIT(12)
#define SCTLR_DZE REG_BIT(14)
#define SCTLR_UCT REG_BIT(15)
#define SCTLR_WXN REG_BIT(19)
#define SCTLR_TSCXT REG_BIT(20)
#define SCTLR_EIS REG_BIT(22)
#define SCTLR_SPAN REG_BIT(23)
#define SCTLR_UCI REG_BIT(26)
#define SCTLR_NTLSMD REG_BIT(28)
#define SCTLR_LSMAOE REG_BIT(29)
#define SCTLR_ENIA REG_BIT(31)
#define SCTLR_BT REG_BIT(36)
#define SCTLR_DSSBS REG_BIT(44)
#define SCTLR_EPAN REG_BIT(57)
#define SCTLR_SPINTMASK REG_BIT(62)
#define SCTLR_TIDCP REG_BIT(63) /* implementation defined registers trapped from EL0 */

#define SCTLR_EL2_RES1 (SCTLR_EOS | SCTLR_EIS | SCTLR_NTLSMD | SCTLR_LSMAOE | SCTLR_TSCXT)
/* SPAN = 0: PAN is set on exceptions. nTWI, nTWE = 0: WFI and WFE of S-EL0 are trapped. */
#define SCTLR_EL2_VALUE                                                                  \
	(SCTLR_EL2_RES1 | SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_A | SCTLR_SA | SCTLR_SA0 | \
	 SCTLR_ITD | SCTLR_SED | SCTLR_WXN | SCTLR_BT | SCTLR_DZE | SCTLR_UCT | SCTLR_UCI)
/* Reset state of S-EL1: little-endian, MMU and caches off. */
#define SCTLR_EL1_RESET                                                                   \
	(SCTLR_EOS | SCTLR_TSCXT | SCTLR_EIS | SCTLR_SPAN | SCTLR_NTLSMD | SCTLR_LSMAOE | \
	 SCTLR_ITD | SCTLR_SED)

/* TCR_EL2 with HCR_EL2.E2H = 1 */
#define TCR_T0SZ(bits) ((UINT64_C(64) - (bits)) << 0)
#define TCR_CACHED_0 (UINT64_C(0x35) << 8) /* walks: inner shareable, write-back */
#define TCR_T1SZ(bits) ((UINT64_C(64) - (bits)) << 16)
#define TCR_CACHED_1 (UINT64_C(0x35) << 24)
#define TCR_TG1_4K (UINT64_C(2) << 30)
#define TCR_IPS_SHIFT 32U
#define TCR_AS REG_BIT(36)
#define TCR_NFD1 REG_BIT(54)
#define TCR_E0PD1 REG_BIT(56)

/* CPTR_EL2 with HCR_EL2.E2H = 1. Fields at 0 trap: FP, SVE, SME. */
#define CPTR_FPEN (UINT64_C(3) << 20)
#define CPTR_ZEN (UINT64_C(3) << 16)
#define CPTR_SMEN (UINT64_C(3) << 24)
#define CPTR_TTA REG_BIT(28)
#define CPTR_TAM REG_BIT(30)
#define CPTR_TRAP (CPTR_TTA | CPTR_TAM)

/* ZCR_ELx, SMCR_ELx, SVCR. Lengths: of 16 bytes, from 0 on. */
#define ZCR_LEN UINT64_C(0xF)
#define SMCR_LEN UINT64_C(0xF)
#define SMCR_FA64 REG_BIT(31) /* all of A64 in streaming mode */
#define SVCR_SM REG_BIT(0)

/* MDCR_EL2: debug, PMU, trace, profiling trapped. E2PB, E2TB = 0: buffers not the partitions'. */
#define MDCR_TPMCR REG_BIT(5)
#define MDCR_TPM REG_BIT(6)
#define MDCR_TDA REG_BIT(9)
#define MDCR_TDOSA REG_BIT(10)
#define MDCR_TDRA REG_BIT(11)
#define MDCR_TPMS REG_BIT(14)
#define MDCR_TTRF REG_BIT(19)
#define MDCR_HPMN UINT64_C(0x1F)
#define MDCR_VALUE \
	(MDCR_TPMCR | MDCR_TPM | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA | MDCR_TPMS | MDCR_TTRF)

/*
 * CNTHCTL_EL2 with HCR_EL2.E2H = 1: counters may be read; timers are trapped, as EL0PTEN, EL0VTEN (S-EL0) and
 * EL1PTEN (S-EL1) are 0. CNTV of S-EL1 is trapped with FEAT_ECV only.
 */
#define CNTHCTL_EL0PCTEN REG_BIT(0)
#define CNTHCTL_EL0VCTEN REG_BIT(1)
#define CNTHCTL_EL1PCTEN REG_BIT(10)
#define CNTHCTL_EL1TVT REG_BIT(13)
#define CNTHCTL_VALUE (CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL1PCTEN)

/* VTCR_EL2, VSTCR_EL2. NSA: what the non-secure IPA space reaches is non-secure, always. */
#define VTCR_T0SZ(bits) ((UINT64_C(64) - (bits)) << 0)
#define VTCR_SL0(first_level) ((UINT64_C(2) - (first_level)) << 6)
#define VTCR_CACHED (UINT64_C(0x35) << 8)
#define VTCR_PS_SHIFT 16U
#define VTCR_VS REG_BIT(19)
#define VTCR_NSA REG_BIT(30)
#define VTCR_RES1 REG_BIT(31)

/* ICH_HCR_EL2: the CPU interface is trapped where S-EL1 has a virtual one (QEMU has none). */
#define ICH_HCR_TRAPS \
	(REG_BIT(10) | REG_BIT(11) | REG_BIT(12) | REG_BIT(14)) /* TC, TALL0, TALL1, TDIR */

#define ICC_CTLR_EOIMODE REG_BIT(1)
#define ICC_IAR_INTID UINT32_C(0xFFFFFF)
#define ICC_SRE_ALL UINT64_C(0xF)

/* PSTATE as in SPSR_ELx */
#define PSTATE_MODE UINT64_C(0xF)
#define PSTATE_EL_SHIFT 2U
#define PSTATE_SP_ELX REG_BIT(0)
#define PSTATE_EL1H UINT64_C(0x5)
#define PSTATE_EL0T UINT64_C(0x0)
#define PSTATE_AARCH32 REG_BIT(4)
#define PSTATE_DAIF (UINT64_C(0xF) << 6)
#define PSTATE_BTYPE (UINT64_C(3) << 10)
#define PSTATE_SSBS REG_BIT(12)
#define PSTATE_ALLINT REG_BIT(13)
#define PSTATE_IL REG_BIT(20)
#define PSTATE_SS REG_BIT(21)
#define PSTATE_PAN REG_BIT(22)
#define PSTATE_UAO REG_BIT(23)
#define PSTATE_DIT REG_BIT(24)
#define PSTATE_TCO REG_BIT(25)
#define PSTATE_NZCV (UINT64_C(0xF) << 28)

/* ESR_ELx */
#define ESR_EC_SHIFT 26U
#define ESR_EC(esr) ((unsigned)((esr) >> ESR_EC_SHIFT) & 0x3F)
#define ESR_IL REG_BIT(25)
#define ESR_ISS(esr) ((uint32_t)(esr) & 0x1FFFFFF)
#define ESR_IMM(esr) ((uint32_t)(esr) & 0xFFFF)
#define ESR_OF(ec) ((uint64_t)(ec) << ESR_EC_SHIFT | ESR_IL)
#define ESR_ABORT_WNR REG_BIT(6)
#define ESR_ABORT_CM REG_BIT(8)
#define ESR_ABORT_FSC UINT64_C(0x3F)
#define ESR_FSC_EXTERNAL UINT64_C(0x10)

enum exception_class {
	EC_UNKNOWN = 0x00,
	EC_WFX = 0x01,
	EC_FP = 0x07,
	EC_PAUTH = 0x09,
	EC_SVC64 = 0x15,
	EC_HVC64 = 0x16,
	EC_SMC64 = 0x17,
	EC_SYSREG = 0x18,
	EC_SVE = 0x19,
	EC_SME = 0x1D,
	EC_INSTRUCTION_ABORT_LOWER = 0x20,
	EC_INSTRUCTION_ABORT_SAME = 0x21,
	EC_PC_ALIGNMENT = 0x22,
	EC_DATA_ABORT_LOWER = 0x24,
	EC_DATA_ABORT_SAME = 0x25,
	EC_SP_ALIGNMENT = 0x26,
	EC_SERROR = 0x2F,
	EC_BRK64 = 0x3C,
};

#endif
