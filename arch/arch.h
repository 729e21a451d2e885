/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine, as the rest of the SPMC sees it. Everything above this header is hardware-independent C;
 * arch/aarch64 implements it for S-EL2, arch/host for the tests on the developer's machine.
 *
 * Terms: a *PE* is a processing element; a *context* is the saved machine state of an execution context;
 * the *normal world* is a context too: running it means an SMC to the SPMD with x0-x17 of the context,
 * and it stops when EL3 returns with the next request.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch_machine.h" /* struct arch_pe, arch_machine, arch_space_root of this architecture */
#include "core/address.h"

/* ---- contexts ---------------------------------------------------------------------------------- */

enum arch_kind {
	ARCH_KIND_NORMAL_WORLD,
	ARCH_KIND_S_EL1,
	ARCH_KIND_S_EL0,
};

/** Timers of EL1 as a context sees them: emulated, the normal world has those of the machine. */
enum {
	ARCH_TIMER_PHYSICAL, /* CNTP */
	ARCH_TIMER_VIRTUAL, /* CNTV */
	ARCH_TIMER_COUNT,
	ARCH_TIMER_ENABLE = 0x1, /* bits of control, as CNTP_CTL_EL0 has them */
	ARCH_TIMER_MASKED = 0x2,
};

struct arch_timer {
	uint64_t compare; /* counter value at which it fires */
	uint32_t control; /* ENABLE, MASKED */
};

/** Machine state of one execution context. The registers come first: assembly saves them there. */
struct arch_context {
	uint64_t x[31];
	uint64_t pc;
	uint64_t pstate;
	enum arch_kind kind;
	bool migrates; /* may run on another PE next time (UP): nothing of it may linger in this one */
	struct arch_timer timers[ARCH_TIMER_COUNT]; /* off after arch_context_reset() */
	struct arch_machine machine;
};

enum arch_exit_reason {
	ARCH_EXIT_CALL, /* SMC, HVC, SVC of a partition, or the SPMD's return; x0-x17 are in the context */
	ARCH_EXIT_IRQ, /* a secure interrupt is pending */
	ARCH_EXIT_FIQ, /* a non-secure or a Group 0 interrupt is pending */
	ARCH_EXIT_WAIT, /* WFI or WFE of an S-EL0 partition */
	ARCH_EXIT_TIMER, /* the context has written one of its timers */
	ARCH_EXIT_FATAL, /* the context cannot go on: see arch_fatal() */
};

enum arch_conduit {
	ARCH_CONDUIT_SMC,
	ARCH_CONDUIT_HVC,
	ARCH_CONDUIT_SVC,
};

struct arch_exit {
	enum arch_exit_reason reason;
	enum arch_conduit conduit; /* with ARCH_EXIT_CALL */
};

/** Why a context stopped for good. */
struct arch_fatal {
	const char *
		what; /* "data abort", "instruction abort", "undefined instruction", "SError" ... */
	uint64_t syndrome; /* ESR_EL2 */
	uint64_t address; /* FAR_EL2 */
	uint64_t pc;
};

/**
 * Makes @context ready to start at @entry: general registers zero, exceptions masked, MMU off (S-EL1);
 * its EL1 state is the architectural reset state. @vcpu becomes Aff0.. of the VMPIDR the partition reads
 * (@mpidr of the PE it starts on). The context is in no PE's registers.
 */
void arch_context_reset(struct arch_context *context, const struct arch_space_root *space,
			uint64_t entry, uint64_t mpidr);

/**
 * Bytes of memory, 16-aligned, that a context with SVE needs for its vectors; 0: the machine has no SVE. Boot, on
 * the primary PE, for partitions that ask: it takes an instruction of SVE.
 */
size_t arch_context_sve_size(void);

/** Gives @context SVE, and @memory for it. Before its first reset; what it holds is cleared by every reset. */
void arch_context_give_sve(struct arch_context *context, void *memory);

/**
 * Runs @context on this PE until it needs the SPMC. The machine state of another context that this one
 * would disturb is saved first and restored lazily. What the architecture layer serves itself (identity
 * registers, SIMD ownership, reflecting stage-2 aborts and undefined instructions to S-EL1) does not
 * come back here. Interrupts stay masked in the SPMC itself; no lock may be held.
 */
struct arch_exit arch_run(struct arch_pe *pe, struct arch_context *context);

/**
 * Saves whatever of @context is still in this PE's registers, so that any PE may run it next. To be
 * called before a migrating context is offered to others. Nothing to do for one that stays on its PE.
 */
void arch_context_park(struct arch_pe *pe, struct arch_context *context);

/** Virtual IRQ and FIQ lines of an S-EL1 @context from its next entry on. The context is this PE's. */
void arch_context_set_lines(struct arch_context *context, bool irq, bool fiq);

/** Details of the ARCH_EXIT_FATAL that @context just came back with. */
struct arch_fatal arch_fatal(const struct arch_context *context);

/** SMC to EL3 on the SPMC's own behalf: x0-x17 in @x, results in @x. */
void arch_smc(uint64_t x[18]);

/* ---- processing elements ----------------------------------------------------------------------- */

/** Affinity fields of the PE this runs on (MPIDR without its flag bits). */
uint64_t arch_mpidr(void);

/** This PE's arch_pe as given to arch_pe_init(). */
struct arch_pe *arch_pe_self(void);

/** This PE's index as given to arch_pe_init(); 0 before. */
unsigned arch_pe_index(void);

/*
 * arch_lock_wait(word, value) of arch_machine.h waits, without disturbing others, until *word reads value
 * (acquire). For core/lock.h.
 */

/** Brings this PE's own state up (traps, timers, interrupt controller interface); once per power-up. */
void arch_pe_init(struct arch_pe *pe, unsigned index);

/** Brings back what of arch_pe_init() an idle state may have lost. */
void arch_pe_resume(struct arch_pe *pe);

/** Physical address to give to FFA_SECONDARY_EP_REGISTER. */
paddr_t arch_secondary_entry(void);

enum {
	ARCH_PE_PAGES = 5
}; /* memory that the architecture layer needs for each PE: stack, vectors */

/**
 * Publishes, before the secondary entry is registered and before any context runs, where each PE's
 * arch_pe lies (@stride bytes apart, @count of them, in the order of @mpidr, this PE's included).
 *
 * @memory  count * ARCH_PE_PAGES pages of the image or permanently mapped; the architecture layer's for good.
 */
void arch_secondary_prepare(struct arch_pe *first, size_t stride, const uint64_t *mpidr,
			    unsigned count, struct page_range memory);

/* ---- memory of EL2 itself ---------------------------------------------------------------------- */

/** The image with its BSS, stacks and tables, in physical addresses. */
struct page_range arch_image(void);

/** Pages inside the image's BSS given to the page pool at boot. */
struct page_range arch_image_pool(void);

/** Maps @range (secure, normal, EL2 data) for good and returns its address; boot only. NULL: no tables left. */
void *arch_map_permanent(struct page_range range);

/** Address at which EL2 sees @address of the image or of permanently mapped memory (not of a stack). */
void *arch_pointer(paddr_t address);
paddr_t arch_address(const void *pointer);

enum { ARCH_WINDOW_PAGES = 8 }; /* most pages of one window */

enum arch_window {
	ARCH_WINDOW_SOURCE,
	ARCH_WINDOW_TARGET,
};

/**
 * Maps up to ARCH_WINDOW_PAGES pages of somebody else's memory for this PE while it copies; close it
 * before the call ends. Each PE has one window of each kind.
 */
void *arch_window_open(struct arch_pe *pe, enum arch_window window, struct page_range range,
		       enum world world);
void arch_window_close(struct arch_pe *pe, enum arch_window window);

/**
 * The only ways to touch memory behind a window: it may vanish under the access. False: it did, and an
 * unknown part was copied; the fault cost nothing else.
 */
bool arch_copy_to(void *window, const void *source, size_t size);
bool arch_copy_from(void *target, const void *window, size_t size);
bool arch_copy_between(void *target_window, const void *source_window, size_t size);
bool arch_fill_zero(void *window, size_t size);

enum { ARCH_BOOT_WINDOW_PAGES = 512 };

/** Boot only: a large window on the primary PE for packages and manifests, up to ARCH_BOOT_WINDOW_PAGES. */
const void *arch_boot_window(struct page_range range, enum world world);

/**
 * Zeroes @range and cleans it to the point of coherency, through the target window. Time is proportional
 * to the size. False: the memory vanished under it.
 */
bool arch_zero(struct arch_pe *pe, struct page_range range, enum world world);

/** Cleans and invalidates [@pointer, @pointer + @size) to the point of coherency. */
void arch_clean(const void *pointer, size_t size);

/* ---- address spaces of partitions ---------------------------------------------------------------
 * Formats and invalidation; core/space.c decides what is mapped. Tables are pages of the page pool. */

enum arch_space_kind {
	ARCH_SPACE_STAGE2, /* S-EL1: a secure and a non-secure IPA space */
	ARCH_SPACE_STAGE1, /* S-EL0: one virtual space, non-global, user */
	ARCH_SPACE_RECORD, /* no PE ever walks it: it only remembers (format of stage 2) */
};

/* What a mapping allows; what it is. */
enum arch_map {
	ARCH_MAP_READ = 0x1,
	ARCH_MAP_WRITE = 0x2,
	ARCH_MAP_EXECUTE = 0x4,
	ARCH_MAP_NON_SECURE = 0x8,
	ARCH_MAP_DEVICE = 0x10, /* never executable; Device-nGnRnE without one of the next */
	ARCH_MAP_DEVICE_NGNRE = 0x20,
	ARCH_MAP_DEVICE_NGRE = 0x40,
	ARCH_MAP_DEVICE_GRE = 0x60,
	ARCH_MAP_DEVICE_KIND = 0x60, /* with DEVICE: mask of the three above */
	ARCH_MAP_NON_CACHEABLE = 0x20, /* without DEVICE */

	/* What the hardware does not see. */
	ARCH_MAP_SHARED =
		0x100, /* its owner has given it away in part: it takes part in nothing else */
	ARCH_MAP_BORROWED = 0x200, /* it is somebody else's */
};

/**
 * A leaf of @level (1: 1 GiB, 2: 2 MiB, 3: 4 KiB) for @address with @map (enum arch_map). That of the
 * memory behind it is larger by its size.
 */
uint64_t arch_pte_leaf(enum arch_space_kind kind, unsigned level, paddr_t address, unsigned map);
uint64_t arch_pte_table(paddr_t next);

/** True when @pte, found at @level, points to another table. Inline: walks ask it of every entry. */
static inline bool arch_pte_is_table(uint64_t pte, unsigned level)
{
	return level < 3 && (pte & 0x3) == 0x3;
}

bool arch_pte_is_leaf(uint64_t pte, unsigned level);
paddr_t arch_pte_address(uint64_t pte, unsigned level);
unsigned arch_pte_map(enum arch_space_kind kind, uint64_t pte, unsigned level);

/*
 * Hint in leaves of levels 2 and 3 that one entry of a TLB may stand for all of a group: ARCH_PTE_GROUP
 * neighbours, the first at a multiple of that many, which map memory in one piece, all with the hint and
 * alike but for what the hardware does not see. arch_pte_leaf() makes leaves without it; it comes and goes
 * only while the group's entries are invalid.
 */
#define ARCH_PTE_CONTIGUOUS (UINT64_C(1) << 52)
#define ARCH_PTE_GROUP 16U

/**
 * @pte as the hardware must not see it, without the contiguous hint, and back; an entry of 0 stays 0. For
 * edits only.
 */
uint64_t arch_pte_hide(uint64_t pte);
uint64_t arch_pte_reveal(uint64_t pte);

/** Zeroes a page that EL2 has mapped for good. */
void arch_clear_page(void *page);

/** First level of lookup (0 or 1) of a partition's tables; addresses have 48 or 39 bits with it. */
unsigned arch_space_first_level(void);

/**
 * Brackets an edit of the live tables of @root: a mapped page may be missing for a moment in between
 * (break-before-make). A partition that faults there is not at fault: the architecture layer waits for
 * the end of the edit and lets it try again.
 */
void arch_space_edit_begin(struct arch_space_root *root);
void arch_space_edit_end(struct arch_space_root *root);

/* arch_pte_write(entry, pte) of arch_machine.h writes one entry of a table that may be in use, in one access.
 * Ordered by the two that follow. */

/** Makes what was written to tables visible to the table walks of all PEs before what follows. */
void arch_pte_publish(void);

/**
 * Removes @page_count pages from @address on, and the tables on the way to them, from the TLBs of all
 * PEs, for @root in @world's space. What was written to tables before counts (break-before-make);
 * complete on return.
 */
void arch_tlb_invalidate(const struct arch_space_root *root, ipaddr_t address, uint64_t page_count,
			 enum world world);

/** Fills @root for tables at @secure and @non_secure (stage 1: only @secure) and identifier @id (VMID, ASID). */
void arch_space_root_init(struct arch_space_root *root, enum arch_space_kind kind, paddr_t secure,
			  paddr_t non_secure, uint16_t id);

/* ---- interrupts ---------------------------------------------------------------------------------
 * Secure interrupts (Group 1 Secure). Software-generated and private ones (INTID below 32, extended 1056 to
 * 1119) belong to one PE; @pe says whose. It is ignored for shared ones. */

enum {
	ARCH_INTERRUPT_SRI = 8, /* SGI to the normal world: look for what is to be scheduled */
	ARCH_INTERRUPT_KICK = 9, /* SGI among the SPMC's PEs: arch_interrupt_kick() */
	ARCH_INTERRUPT_TIMER = 20, /* of arch_timer_set() */
	ARCH_INTERRUPT_NONE = 1023,
};

/** How an interrupt is to be. */
struct arch_interrupt {
	uint32_t intid;
	uint8_t priority; /* lower is more urgent; 0: the default. Kept within what is the secure world's */
	bool level; /* triggered by level, else by edge */
	bool secure; /* else the normal world's: it is not acknowledged here */
	uint64_t mpidr; /* of a shared one: the PE that takes it */
};

/** Boot, once: the distributor's secure side. @distributor, @redistributor 0: the platform's. */
void arch_interrupt_init(uint64_t distributor, uint64_t redistributor);

/** True when the machine has @intid. */
bool arch_interrupt_exists(uint32_t intid);

/**
 * Makes @interrupt what it says: disabled, neither pending nor active. Read-modify-write: one PE at a time, as
 * the caller's lock has it; so are arch_interrupt_assign() and arch_interrupt_route().
 */
void arch_interrupt_configure(const struct arch_pe *pe, const struct arch_interrupt *interrupt);
void arch_interrupt_assign(const struct arch_pe *pe, uint32_t intid, bool secure);
void arch_interrupt_route(uint32_t intid, uint64_t mpidr);

/** From its return on @intid comes, or comes no more. Waits, within bounds, for the distributor. */
void arch_interrupt_enable(const struct arch_pe *pe, uint32_t intid);
void arch_interrupt_disable(const struct arch_pe *pe, uint32_t intid);

/**
 * Acknowledges the most urgent pending secure interrupt of this PE: it is active, others may follow, it does
 * not come again before arch_interrupt_deactivate(). ARCH_INTERRUPT_NONE when there is none (spurious).
 */
uint32_t arch_interrupt_acknowledge(void);

/** The active @intid, acknowledged on @pe, may come again. */
void arch_interrupt_deactivate(const struct arch_pe *pe, uint32_t intid);

/** Makes @intid pend as if its source had signalled. */
void arch_interrupt_pend(const struct arch_pe *pe, uint32_t intid);

/** ARCH_INTERRUPT_KICK to the PE with @mpidr, after what was written before. */
void arch_interrupt_kick(uint64_t mpidr);

/** Schedule Receiver Interrupt to the normal world on this PE; taken when the secure world leaves or is left. */
void arch_interrupt_raise_sri(void);

/** The Group 0 interrupt that is pending, or ARCH_INTERRUPT_NONE (then a FIQ was a non-secure one). */
uint32_t arch_interrupt_group0_pending(void);

/** While set, non-secure interrupts do not disturb what runs on this PE. Returns the previous mask. */
uint32_t arch_interrupt_mask_normal_world(void);

/** Group 0 interrupts do not disturb what runs on this PE either, until arch_interrupt_mask_restore(). */
void arch_interrupt_mask_group0(void);
void arch_interrupt_mask_restore(uint32_t mask);

/* ---- time --------------------------------------------------------------------------------------- */

#define ARCH_NEVER UINT64_MAX

/** The system counter; never goes back. */
uint64_t arch_counter(void);

/** @ns nanoseconds in ticks of the counter, rounded up; at most ARCH_NEVER / 2. */
uint64_t arch_ticks(uint64_t ns);

/**
 * This PE's secure timer: ARCH_INTERRUPT_TIMER is asserted while the counter is at or past @at. ARCH_NEVER
 * stops it.
 */
void arch_timer_set(uint64_t at);

/* ---- the rest ----------------------------------------------------------------------------------- */

void arch_console_write(const char *text, size_t size);
uint64_t arch_random(void); /* RNDR, or the best the machine has */
uint64_t arch_time_ns(void); /* since some fixed moment, never goes back */

/** What the machine has, for the boot log: "VHE E0PD PAuth MTE2 RNDR ...". */
const char *arch_features(void);

/** Says @why on the console, stops this PE for good. For our own broken invariants only. */
_Noreturn void arch_stop(const char *why);

#endif
