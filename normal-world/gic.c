/* SPDX-License-Identifier: BSD-3-Clause */
/* GICv3, non-secure side only. EL3 has set up security, groups and wake-up before we come. */
#include "normal-world/gic.h"

#include "normal-world/machine.h"
#include "normal-world/pe.h"

#define GICD_BASE 0x08000000UL
#define GICR_BASE 0x080A0000UL
#define GICR_STRIDE 0x20000UL
#define GICR_SGI 0x10000UL
#define REG32(address) (*(volatile uint32_t *)(address))
#define REG64(address) (*(volatile uint64_t *)(address))

#define GICD_CTLR REG32(GICD_BASE)
#define GICD_CTLR_GROUP1_ARE 0x12U /* EnableGrp1A, ARE_NS */
#define GICR_TYPER(index) REG64(GICR_BASE + (index) * GICR_STRIDE + 0x08)
#define GICR_TYPER_LAST (1U << 4)
#define GICR_WAKER(index) REG32(GICR_BASE + (index) * GICR_STRIDE + 0x14)
#define GICR_ISENABLER(index) REG32(GICR_BASE + (index) * GICR_STRIDE + GICR_SGI + 0x100)
#define GICR_ICENABLER(index) REG32(GICR_BASE + (index) * GICR_STRIDE + GICR_SGI + 0x180)
#define GICR_ISPENDR(index) REG32(GICR_BASE + (index) * GICR_STRIDE + GICR_SGI + 0x200)
#define GICR_ICPENDR(index) REG32(GICR_BASE + (index) * GICR_STRIDE + GICR_SGI + 0x280)
#define GICR_CTLR(index) REG32(GICR_BASE + (index) * GICR_STRIDE)
#define GICR_CTLR_RWP (1U << 3)
#define GICR_PRIORITY(index, intid) \
	(*(volatile uint8_t *)(GICR_BASE + (index) * GICR_STRIDE + GICR_SGI + 0x400 + (intid)))
#define INTID_SPURIOUS 1020U

#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICC_IAR1_EL1 S3_0_C12_C12_0
#define ICC_EOIR1_EL1 S3_0_C12_C12_1
#define ICC_HPPIR1_EL1 S3_0_C12_C12_2
#define ICC_BPR1_EL1 S3_0_C12_C12_3
#define ICC_SGI1R_EL1 S3_0_C12_C11_5
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
#define READ_ICC(name) READ_SYSREG_INDIRECT(name)
#define READ_SYSREG_INDIRECT(name) READ_SYSREG(name)
#define WRITE_SYSREG_INDIRECT(name, value) WRITE_SYSREG(name, value)

unsigned gic_count_pes(struct pe *table)
{
	unsigned count = 0;
	uint64_t type;

	do {
		type = GICR_TYPER(count);
		table[count].index = count;
		/* Aff3..Aff0 of the register to their places in MPIDR. */
		table[count].mpidr = (type >> 32 & 0xFFFFFF) | (type >> 56) << 32;
		count++;
	} while ((type & GICR_TYPER_LAST) == 0 && count < PE_MAX);
	return count;
}

void gic_init_pe(unsigned index)
{
	if (index == 0) {
		GICD_CTLR = GICD_CTLR_GROUP1_ARE;
	}
	GICR_WAKER(index) = 0;
	GICR_PRIORITY(index, INTID_SGI_WAKE) = 0x80;
	GICR_PRIORITY(index, INTID_SGI_TEST) = 0x80;
	GICR_PRIORITY(index, INTID_TIMER) = 0x80;
	GICR_ICENABLER(index) = 1U << INTID_SRI; /* EL3 leaves it enabled */
	GICR_ISENABLER(index) = 1U << INTID_SGI_WAKE | 1U << INTID_SGI_TEST | 1U << INTID_TIMER;
	WRITE_SYSREG_INDIRECT(ICC_SRE_EL2, 0xF);
	WRITE_SYSREG_INDIRECT(ICC_PMR_EL1, 0xFF);
	WRITE_SYSREG_INDIRECT(ICC_BPR1_EL1, 0);
	WRITE_SYSREG_INDIRECT(ICC_IGRPEN1_EL1, 1);
}

void gic_handle(void)
{
	struct pe *self = pe_self();

	for (;;) {
		uint32_t intid = (uint32_t)READ_ICC(ICC_IAR1_EL1);

		if (intid >= INTID_SPURIOUS) {
			return;
		}
		if (intid == INTID_TIMER) {
			timer_stop();
		}
		if (intid == INTID_SGI_WAKE) {
			self->woken = true;
		} else {
			self->last_interrupt = intid;
			__atomic_fetch_add(&self->interrupts, 1, __ATOMIC_RELEASE);
		}
		WRITE_SYSREG_INDIRECT(ICC_EOIR1_EL1, intid);
	}
}

void gic_enable(uint32_t intid)
{
	GICR_ISENABLER(pe_index()) = 1U << intid;
}

void gic_disable(uint32_t intid)
{
	unsigned index = pe_index();

	GICR_ICENABLER(index) = 1U << intid;
	while ((GICR_CTLR(index) & GICR_CTLR_RWP) != 0) {
		/* in force when this ends */
	}
}

bool gic_is_pending(unsigned index, uint32_t intid)
{
	return (GICR_ISPENDR(index) & 1U << intid) != 0;
}

void gic_clear(unsigned index, uint32_t intid)
{
	GICR_ICPENDR(index) = 1U << intid;
}

void gic_send_sgi(unsigned target, uint32_t intid)
{
	uint64_t mpidr = pes[target].mpidr;
	uint64_t value = (uint64_t)intid << 24 | 1ULL << (mpidr & 0xF) | (mpidr >> 8 & 0xFF) << 16 |
			 (mpidr >> 16 & 0xFF) << 32 | (mpidr >> 32 & 0xFF) << 48;

	__asm__ volatile("dsb sy" ::: "memory");
	WRITE_SYSREG_INDIRECT(ICC_SGI1R_EL1, value);
}

uint32_t gic_pending(void)
{
	return (uint32_t)READ_ICC(ICC_HPPIR1_EL1);
}

void timer_start(uint64_t microseconds)
{
	uint64_t ticks = READ_SYSREG(cntfrq_el0) / 1000000 * microseconds;

	WRITE_SYSREG(cnthp_cval_el2, READ_SYSREG(cntpct_el0) + ticks);
	WRITE_SYSREG(cnthp_ctl_el2, 1);
}

void timer_stop(void)
{
	WRITE_SYSREG(cnthp_ctl_el2, 2);
}
