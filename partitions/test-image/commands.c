/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands of the test partition; protocol.h says what each does. */
#include "abi/boot_info.h"
#include "lib/string.h"
#include "partitions/test-image/image.h"
#include "sdk/arch.h"
#include "sdk/ffa.h"

#define SPIN_UNIT (1ULL << 20)

uint8_t image_data_page[4096] __attribute__((aligned(4096)));
uint8_t image_tx[TEST_BUFFER_PAGES * 4096] __attribute__((aligned(4096)));
uint8_t image_rx[TEST_BUFFER_PAGES * 4096] __attribute__((aligned(4096)));

static void copy_to_area(volatile uint8_t *target, const void *source, size_t size)
{
	const uint8_t *bytes = source;

	for (size_t i = 0; i < size; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): no bytes in words it saw written */
		target[i] = bytes[i];
	}
}

static uint64_t buffer_at(const char *region, const uint8_t *own)
{
	const struct partition_region *fixed = partition_region(region);

	return fixed != NULL ? fixed->base : (uintptr_t)own;
}

uint8_t *image_tx_buffer(void)
{
	return (uint8_t *)(uintptr_t)buffer_at("tx", image_tx);
}

const uint8_t *image_rx_buffer(void)
{
	return (const uint8_t *)(uintptr_t)buffer_at("rx", image_rx);
}

void command_call(volatile struct test_area *area)
{
	struct ffa_all_regs regs;

	for (unsigned i = 0; i < 31; i++) {
		regs.x[i] = area->call_in[i];
	}
	if (area->call_conduit == FFA_CONDUIT_HVC) {
		ffa_call_all_hvc(&regs);
	} else if (area->call_conduit == FFA_CONDUIT_SVC) {
		ffa_call_all_svc(&regs);
	} else {
		ffa_call_all_smc(&regs);
	}
	for (unsigned i = 0; i < 31; i++) {
		area->call_out[i] = regs.x[i];
	}
}

/** FFA_RUN of @target; refused for interrupts of its own that it has not taken: it takes them, and tries again. */
static void go_on_waiting(unsigned context, struct ffa_regs *regs, uint32_t target)
{
	volatile struct test_area *area = image_area(context);

	*regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32, target } };
	ffa_call(regs);
	if (ffa_status_of(regs) == FFA_DENIED && machine_pending() != 0) {
		area->forward_denied++;
		partition_take_interrupts(context, regs);
		*regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32, target } };
		ffa_call(regs);
	}
}

/** Sends the rest of the way on and brings the answer back. */
static uint64_t command_forward(unsigned context, uint32_t function, uint64_t x[4])
{
	volatile struct test_area *area = image_area(context);
	uint16_t receiver = (uint16_t)x[0];
	unsigned first = function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64 ? 4 : 3;
	struct ffa_regs regs = { { function, FFA_ENDPOINTS(partition.id, receiver) } };
	unsigned resumed = 0;

	if (x[0] >> 16 != 0) {
		regs.x[first] = TEST_FORWARD;
		regs.x[first + 1] = x[0] >> 16;
		regs.x[first + 2] = x[1];
		regs.x[first + 3] = x[2];
		regs.x[first + 4] = x[3];
	} else {
		regs.x[first] = x[1];
		regs.x[first + 1] = x[2];
		regs.x[first + 2] = x[3];
	}
	ffa_call(&regs);
	for (unsigned i = 0; i < 8; i++) {
		area->forward[i] = regs.x[i];
	}
	while ((uint32_t)regs.x[0] == (uint32_t)FFA_INTERRUPT_32 ||
	       (uint32_t)regs.x[0] == (uint32_t)FFA_YIELD_32) {
		if (interrupt_asks_to_leave(context)) {
			x[0] = regs.x[1];
			x[3] = resumed;
			return TEST_LEFT;
		}
		/* An interrupt of its own (w1 = 0) took it out of the call: on with whom it called. */
		go_on_waiting(context, &regs,
			      regs.x[1] != 0 ? (uint32_t)regs.x[1] : FFA_TARGET(receiver, 0));
		resumed++;
	}
	if (ffa_is_error(&regs)) {
		x[0] = (uint32_t)regs.x[2];
		x[1] = partition.id;
		x[2] = resumed;
		return TEST_REFUSED;
	}
	x[0] = regs.x[first + 1];
	x[1] = regs.x[first + 2];
	x[2] = regs.x[first + 3];
	x[3] = resumed;
	return regs.x[first];
}

static uint64_t command_spin(unsigned context, uint64_t x[4])
{
	volatile struct test_area *area = image_area(context);
	uint64_t limit = x[0] * SPIN_UNIT;
	uint64_t rounds = 0;

	while (area->stop == 0 && rounds < limit && !interrupt_asks_to_leave(context)) {
		rounds++;
		area->progress = rounds;
	}
	x[0] = rounds;
	return interrupt_asks_to_leave(context) ? TEST_LEFT : TEST_DONE;
}

static uint64_t command_keep(volatile struct test_area *area, uint64_t seed, uint64_t pause)
{
	uint64_t changed;

	machine_system_load(seed);
	if (pause == TEST_PAUSE_YIELD) {
		struct ffa_regs regs = { { (uint32_t)FFA_YIELD_32 } };

		ffa_call(&regs);
		changed = ffa_is_error(&regs) ? 1 : 0;
	} else {
		changed = image_keep_registers(&area->stop, 64 * SPIN_UNIT);
	}
	changed |= machine_system_check(seed) << 32;
	machine_system_restore();
	return changed;
}

static void command_state(unsigned context, volatile struct test_area *area, uint64_t what)
{
	const struct boot_info *info = &partition.boot_info;
	struct test_boot_state state = { 0 };

	if (what == TEST_STATE_ENTRY) {
		copy_to_area(area->bulk, &partition_entry[context], sizeof(partition_entry[0]));
		return;
	}
	if (what == TEST_STATE_INIT) {
		copy_to_area(area->bulk, init_state(), sizeof(*init_state()));
		return;
	}
	state.form = info->form;
	state.address = info->address;
	state.blob_size = info->blob_size;
	state.count = info->count;
	state.manifest = info->manifest;
	state.manifest_size = info->manifest_size;
	state.hob_list = info->hob_list;
	state.hob_list_size = info->hob_list_size;
	if (info->manifest != 0) {
		const uint8_t *fdt = (const uint8_t *)(uintptr_t)info->manifest;

		for (unsigned i = 0; i < 4; i++) {
			state.manifest_magic = state.manifest_magic << 8 | fdt[i];
			state.manifest_total_size = state.manifest_total_size << 8 | fdt[4 + i];
		}
	}
	if (info->form != 0) {
		memcpy(state.header, (const void *)(uintptr_t)info->address, sizeof(state.header));
	}
	state.image_base = arch_image_base();
	state.tx = (uintptr_t)image_tx_buffer();
	state.rx = (uintptr_t)image_rx_buffer();
	state.data = (uintptr_t)image_data_page;
	state.started_at = init_started_at();
	state.secondary_ep = (uint32_t)partition.secondary_ep;
	copy_to_area(area->bulk, &state, sizeof(state));
}

static uint64_t command_touch(unsigned context, uint64_t x[4])
{
	uint64_t value = 0x70C4ED0000000000ULL | partition.id;
	uint32_t map = (uint32_t)x[2];
	bool faulted;

	if ((map & TEST_MAP_NOT) == 0 &&
	    !partition_map(x[1] & ~0xFFFULL, 1, map & 0xF, (map & TEST_MAP_DEVICE) != 0)) {
		return TEST_UNKNOWN;
	}
	faulted = machine_touch(context, (enum test_access)x[0], x[1], &value);
	x[0] = faulted;
	x[1] = value;
	return TEST_DONE;
}

static void command_put(const volatile struct test_area *area, uint64_t address, uint64_t size)
{
	uint8_t *target = (uint8_t *)(uintptr_t)address;

	for (uint64_t i = 0; i < size && i < sizeof(area->bulk); i++) {
		target[i] = area->bulk[i];
	}
}

static void command_fill(uint64_t address, uint64_t size, uint64_t seed)
{
	uint8_t *target = (uint8_t *)(uintptr_t)address;

	for (uint64_t i = 0; i < size; i++) {
		target[i] = test_pattern(seed, i);
	}
}

static void command_match(uint64_t x[4])
{
	const uint8_t *bytes = (const uint8_t *)(uintptr_t)x[0];
	uint64_t different = 0;
	uint64_t first = x[1];

	for (uint64_t i = x[1]; i > 0; i--) {
		if (bytes[i - 1] != test_pattern(x[2], i - 1)) {
			different++;
			first = i - 1;
		}
	}
	x[0] = different;
	x[1] = first;
}

static uint64_t command_virqs(bool enable)
{
	uint64_t pending = machine_pending();

	if (enable) {
		partition_virqs_enable();
	} else {
		partition_virqs_disable();
	}
	return pending;
}

/** Nothing but reads, so that nothing but an invalidation makes a mapping vanish that this PE has cached. */
static void command_watch(unsigned context, volatile struct test_area *area, uint64_t x[4])
{
	uint64_t address = x[0], reads = 0, value;
	bool aborted = false;

	while (!aborted && area->stop == 0) {
		aborted = machine_touch(context, TEST_READ, address, &value);
		area->progress = ++reads;
	}
	x[0] = aborted;
	x[1] = reads;
}

static void command_paravirt(uint64_t x[4])
{
	struct ffa_regs regs = { { x[0], x[1], x[2], x[3] } };

	paravirt_call(&regs);
	for (unsigned i = 0; i < 4; i++) {
		x[i] = regs.x[i];
	}
}

static void command_die(uint64_t how, uint64_t address)
{
	if (how == TEST_DEATH_READ) {
		(void)image_read(address);
	} else if (how == TEST_DEATH_WRITE) {
		image_write(address, 0xDEAD);
	} else if (how == TEST_DEATH_EXECUTE) {
		image_execute(address);
	} else if (how == TEST_DEATH_UNDEFINED) {
		image_undefined();
	}
	partition_die();
}

/** The commands for messages and what comes with them. */
static uint64_t run_messaging(unsigned context, uint64_t command, uint64_t x[4])
{
	volatile struct test_area *area = image_area(context);

	switch ((enum test_command)command) {
	case TEST_PUT:
		command_put(area, x[0], x[1]);
		break;
	case TEST_FILL:
		command_fill(x[0], x[1], x[2]);
		break;
	case TEST_MATCH:
		command_match(x);
		break;
	case TEST_VIRQS:
		x[0] = command_virqs(x[0] != 0);
		break;
	case TEST_MASK:
		x[0] = machine_mask(x[0]);
		break;
	case TEST_PARAVIRT:
		command_paravirt(x);
		break;
	case TEST_EXCHANGE:
		exchange_messages(context, area);
		break;
	case TEST_WATCH:
		command_watch(context, area, x);
		break;
	case TEST_MEMORY:
		x[0] = (uint32_t)memory_command(area, x[0]);
		break;
	case TEST_REGISTER:
		x[0] = machine_register(context, x[0], x[1] != 0, &x[2]);
		x[1] = x[2];
		x[2] = area->fault_esr;
		break;
	case TEST_DISR:
		x[0] = machine_disr_swap(x[0]);
		break;
	case TEST_KEYS:
		x[0] = machine_keys(context, x[0], x[1]);
		break;
	case TEST_VECTORS:
		x[0] = vectors_command(context, x[0], x[1], x[2] != 0);
		break;
	default:
		return interrupt_command(context, command, x);
	}
	return TEST_DONE;
}

uint64_t commands_run(unsigned context, uint32_t function, uint64_t command, uint64_t x[4])
{
	volatile struct test_area *area = image_area(context);

	switch ((enum test_command)command) {
	case TEST_ECHO:
		for (unsigned i = 0; i < 4; i++) {
			x[i] = ~x[i];
		}
		break;
	case TEST_WHO:
		x[0] = partition.id | (uint64_t)context << 16;
		x[1] = machine_mpidr();
		x[2] = machine_is_el1() ? 1 : 0;
		x[3] = partition.version;
		break;
	case TEST_CALL:
		command_call(area);
		break;
	case TEST_FORWARD:
		return command_forward(context, function, x);
	case TEST_SPIN:
		return command_spin(context, x);
	case TEST_KEEP:
		x[0] = command_keep(area, x[0], x[1]);
		break;
	case TEST_TOUCH:
		return command_touch(context, x);
	case TEST_COPY:
		copy_to_area(area->bulk, (const void *)(uintptr_t)x[0],
			     x[1] < sizeof(area->bulk) ? x[1] : sizeof(area->bulk));
		break;
	case TEST_STATE:
		command_state(context, area, x[0]);
		break;
	case TEST_SIMD_LOAD:
		machine_simd_enable();
		image_simd_load(x[0]);
		break;
	case TEST_SIMD_CHECK:
		machine_simd_enable();
		x[0] = image_simd_check(x[0]);
		break;
	case TEST_DIE:
		command_die(x[0], x[1]);
		break;
	default:
		return run_messaging(context, command, x);
	}
	return TEST_DONE;
}
