/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts of the test partition: takes them in whatever way they come, keeps account in area.irq, makes its
 * devices interrupt, and any interrupt pend where the manifest gives it the distributor ("gicd").
 */
#include "partitions/test-image/image.h"
#include "sdk/timer.h"

/* PL011. */
#define UART_INTID 40U
#define UART_DATA 0x00U
#define UART_CONTROL 0x30U
#define UART_CONTROL_ON 0x301U
#define UART_MASK 0x38U
#define UART_CLEAR 0x44U
#define UART_TX (1U << 5)

/* PL061: pin 7, which nothing drives, interrupts while it is low. */
#define GPIO_INTID 32U
#define GPIO_SENSE 0x404U
#define GPIO_ENABLE 0x410U
#define GPIO_PIN (1U << 7)

#define GICD_IGROUPR 0x080U
#define GICD_ISENABLER 0x100U
#define GICD_ISPENDR 0x200U
#define GICD_ISACTIVER 0x300U
#define GICD_IPRIORITYR 0x400U
#define PRIORITY_SECURE 0x40U
#define GICD_IGRPMODR 0xD00U

/* How the interrupts that come now are fetched, for each context. */
static bool in_message_loop[PARTITION_MAX_CONTEXTS];

static volatile uint32_t *device(const struct partition_region *region, uint32_t offset)
{
	return (volatile uint32_t *)(uintptr_t)(region->base + offset);
}

/* ---- sources ------------------------------------------------------------------------------------ */

static bool source_set(bool on)
{
	const struct partition_region *uart = partition_region("uart");
	const struct partition_region *gpio = partition_region("gpio");

	if (uart != NULL && on) {
		*device(uart, UART_CONTROL) = UART_CONTROL_ON;
		*device(uart, UART_MASK) = UART_TX;
		*device(uart, UART_DATA) = '.';
	} else if (uart != NULL) {
		*device(uart, UART_CLEAR) = UART_TX;
	} else if (gpio != NULL) {
		*device(gpio, GPIO_SENSE) = GPIO_PIN;
		*device(gpio, GPIO_ENABLE) = on ? GPIO_PIN : 0;
	}
	__asm__ volatile("dsb sy" ::: "memory");
	return uart != NULL || gpio != NULL;
}

static void set_bit(const struct partition_region *gicd, uint32_t table, uint32_t id)
{
	*device(gicd, table + id / 32 * 4) = 1U << (id % 32);
}

static bool pend(uint32_t id)
{
	const struct partition_region *gicd = partition_region("gicd");

	if (gicd == NULL) {
		return false;
	}
	set_bit(gicd, GICD_ISPENDR, id);
	__asm__ volatile("dsb sy\n\tisb" ::: "memory");
	return true;
}

/** Secure Group 1, on: as if it were somebody's. */
static bool make_secure(uint32_t id)
{
	const struct partition_region *gicd = partition_region("gicd");

	if (gicd == NULL) {
		return false;
	}
	*device(gicd, GICD_IGROUPR + id / 32 * 4) &= ~(1U << (id % 32));
	*device(gicd, GICD_IGRPMODR + id / 32 * 4) |= 1U << (id % 32);
	*(volatile uint8_t *)(uintptr_t)(gicd->base + GICD_IPRIORITYR + id) = PRIORITY_SECURE;
	set_bit(gicd, GICD_ISENABLER, id);
	return true;
}

static uint64_t read_bit(const struct partition_region *gicd, uint32_t table, uint32_t id)
{
	return *device(gicd, table + id / 32 * 4) >> (id % 32) & 1;
}

/** Bits of enum test_gic. */
static uint64_t state_of(uint32_t id)
{
	const struct partition_region *gicd = partition_region("gicd");
	uint64_t group_1 = read_bit(gicd, GICD_IGROUPR, id);
	uint64_t modifier = read_bit(gicd, GICD_IGRPMODR, id);

	return (read_bit(gicd, GICD_ISPENDR, id) != 0 ? TEST_GIC_PENDING : 0) |
	       (read_bit(gicd, GICD_ISENABLER, id) != 0 ? TEST_GIC_ENABLED : 0) |
	       (read_bit(gicd, GICD_ISACTIVER, id) != 0 ? TEST_GIC_ACTIVE : 0) |
	       (group_1 == 0 && modifier != 0 ? TEST_GIC_SECURE : 0);
}

static void spin(uint64_t microseconds)
{
	uint64_t until = timer_now(TIMER_VIRTUAL) + timer_ticks(microseconds);

	while (timer_now(TIMER_VIRTUAL) < until) {
		/* time passes */
	}
}

/* ---- timers ------------------------------------------------------------------------------------- */

/** True when @which has fired: it is counted, and starts again or stops. */
static bool take_timer(volatile struct test_timer *timer, enum timer which)
{
	uint64_t control = timer_control(which);
	uint64_t at = timer_compare(which);
	uint64_t now = timer_now(which); /* after it was seen to have fired */

	if ((control & (TIMER_ENABLE | TIMER_FIRED)) != (TIMER_ENABLE | TIMER_FIRED)) {
		return false;
	}
	timer->expiries++;
	if (now < at) {
		timer->early++;
	} else if (now - at > timer->late_max) {
		timer->late_max = now - at;
	}
	if (timer->remaining > 0 && --timer->remaining > 0) {
		timer_set(which, at + timer->period);
	} else {
		timer_stop(which);
	}
	return true;
}

static void take_timers(volatile struct test_interrupts *irq)
{
	bool any = false;

	for (unsigned i = 0; i < TIMER_COUNT; i++) {
		any = take_timer(&irq->timer[i], (enum timer)i) || any;
	}
	if (!any) {
		irq->timer[0].spurious++;
	}
}

static void command_timer(volatile struct test_interrupts *irq, const uint64_t x[4])
{
	enum timer which = x[0] == 0 ? TIMER_PHYSICAL : TIMER_VIRTUAL;
	volatile struct test_timer *timer = &irq->timer[which];

	if (x[2] == 0) {
		timer_stop(which);
		return;
	}
	timer->period = timer_ticks(x[1]);
	timer->remaining = x[2];
	timer->expiries = 0;
	timer->early = 0;
	timer->late_max = 0;
	timer->spurious = 0;
	timer_set(which, timer_now(which) + timer->period);
}

/* ---- interrupts --------------------------------------------------------------------------------- */

static void record(volatile struct test_interrupts *irq, uint32_t id, enum test_how how)
{
	unsigned i = 0;

	while (i < TEST_SEEN_MAX - 1 && irq->seen[i].id != 0 && irq->seen[i].id != id) {
		i++;
	}
	irq->seen[i].id = id;
	irq->seen[i].count++;
	irq->seen[i].how = how;
	irq->seen[i].at = timer_now(TIMER_PHYSICAL);
}

static void act(volatile struct test_area *area, uint32_t id)
{
	uint64_t action = area->irq.action;

	if ((action & TEST_ON_CALL) != 0) {
		command_call(area);
	}
	if ((action & TEST_ON_SPIN) != 0) {
		spin(area->irq.spin);
	}
	if ((action & TEST_ON_HANG) != 0) {
		for (;;) {
			__asm__ volatile("" ::: "memory"); /* a loop that has a meaning */
		}
	}
	if ((action & TEST_ON_DIE) != 0) {
		partition_die();
	}
	if ((action & TEST_ON_LOUD) == 0 && (id == UART_INTID || id == GPIO_INTID)) {
		(void)source_set(false);
	}
	if ((action & TEST_ON_DEACTIVATE) != 0) {
		paravirt_interrupt_deactivate(id);
	}
}

static void take_notifications(unsigned context, volatile struct test_area *area)
{
	struct ffa_notifications fetched;

	(void)ffa_notification_get(partition.id, (uint16_t)context, (uint32_t)area->virq_fetch,
				   &fetched);
	area->virq_fetched[0] = fetched.from_partitions;
	area->virq_fetched[1] = fetched.from_vms;
	area->virq_fetched[2] = fetched.from_spmc;
	area->virq_fetched[3] = fetched.from_hypervisor;
}

void partition_virq(unsigned context, uint32_t id, enum paravirt_pin pin)
{
	volatile struct test_area *area = image_area(context);

	area->virqs++;
	area->virq_id = id;
	area->virq_pin = pin;
	record(&area->irq, id,
	       in_message_loop[context] ? TEST_HOW_CALL
	       : pin == PARAVIRT_FIQ    ? TEST_HOW_FIQ
					: TEST_HOW_IRQ);
	if (id == PARAVIRT_NOTIFICATION_PENDING) {
		if (area->virq_fetch != 0) {
			take_notifications(context, area);
		}
		return;
	}
	if (id == PARAVIRT_TIMER) {
		take_timers(&area->irq);
	}
	if (id == PARAVIRT_MANAGED_EXIT && (area->irq.action & TEST_ON_STAY) == 0) {
		area->irq.left = 1;
	}
	act(area, id);
}

void partition_interrupt(unsigned context, const struct ffa_regs *message)
{
	volatile struct test_area *area = image_area(context);

	area->interrupts++;
	for (unsigned i = 0; i < 8; i++) {
		area->interrupt[i] = message->x[i];
	}
	in_message_loop[context] = true;
	partition_take_interrupts(context, message);
	in_message_loop[context] = false;
}

bool interrupt_asks_to_leave(unsigned context)
{
	return image_area(context)->irq.left != 0;
}

void interrupts_at_start(void)
{
	volatile struct test_interrupts *irq = &image_area(0)->irq;

	if (partition_region("clock") == NULL) {
		return;
	}
	(void)paravirt_interrupt_enable(PARAVIRT_TIMER, PARAVIRT_IRQ);
	partition_virqs_enable();
	command_timer(irq, (uint64_t[4]){ TIMER_PHYSICAL, TEST_CLOCK_SOON, 1 });
	for (unsigned i = 0;
	     i < 100 && (i < 3 || (machine_is_el1() && irq->timer[0].expiries == 0)); i++) {
		spin(TEST_CLOCK_SOON);
	}
	command_timer(irq, (uint64_t[4]){ TIMER_VIRTUAL, TEST_CLOCK_LATER, 1 });
}

static uint64_t storm(volatile struct test_area *area, uint32_t id)
{
	uint64_t times = 0;

	/* With a moment between, or QEMU's other PEs do not get at its devices at all. */
	while (area->stop == 0 && pend(id)) {
		area->progress = ++times;
		spin(10);
	}
	return times;
}

uint64_t interrupt_command(unsigned context, uint64_t command, uint64_t x[4])
{
	volatile struct test_area *area = image_area(context);
	uint32_t id = (uint32_t)x[0];

	switch ((enum test_command)command) {
	case TEST_PEND:
		if (x[2] != 0 && !make_secure(id)) {
			return TEST_UNKNOWN;
		}
		spin(x[1]);
		if (!pend(id)) {
			return TEST_UNKNOWN;
		}
		if (x[3] != 0) {
			spin(1000); /* taken, if it is */
			x[0] = state_of(id);
		}
		return TEST_DONE;
	case TEST_STORM:
		x[0] = storm(area, id);
		return TEST_DONE;
	case TEST_SOURCE:
		return source_set(x[0] != 0) ? TEST_DONE : TEST_UNKNOWN;
	case TEST_TIMER:
		command_timer(&area->irq, x);
		return TEST_DONE;
	default:
		return TEST_UNKNOWN;
	}
}
