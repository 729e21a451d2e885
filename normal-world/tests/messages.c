/* SPDX-License-Identifier: BSD-3-Clause */
/* See messages.h. */
#include "normal-world/tests/messages.h"

#include "lib/string.h"

#define METHODS_1_1 \
	(FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_INDIRECT)
#define METHODS_1_2 (METHODS_1_1 | FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E570020U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0A20U + (n) \
		}                                                                      \
	}

/* As the manifests in partitions/m-* and systems/messages.toml say. */
static const struct subject messages_subjects[] = {
	{ M_MP, FFA_VERSION_1_2, 8, true, METHODS_1_2, 0x0E300000, UUID(1) },
	{ M_UP11, FFA_VERSION_1_1, 1, true, METHODS_1_1, 0x0E400000, UUID(2) },
	{ M_UP13, FFA_VERSION_1_3, 1, true, METHODS_1_2, 0x0E500000, { { 0 } } },
	{ M_EL0, FFA_VERSION_1_2, 1, false, METHODS_1_2, 0x0E600000, UUID(4) },
	{ M_OLD, FFA_VERSION_1_0, 1, true, METHODS_1_1, 0x0E700000, UUID(5) },
	{ M_MP11, FFA_VERSION_1_1, 8, true, METHODS_1_1, 0x0E800000, UUID(6) },
	{ M_MP13, FFA_VERSION_1_3, 8, true, METHODS_1_2, 0x0E900000, UUID(7) },
	{ M_PLAIN, FFA_VERSION_1_2, 1, true, METHODS_1_2, 0x0EA00000, UUID(8) },
};

const uint16_t notified[NOTIFIED_COUNT] = { M_MP, M_UP11, M_UP13, M_EL0, M_MP11, M_MP13 };
const uint16_t mailed[MAILED_COUNT] = { M_MP, M_UP11, M_UP13, M_EL0, M_MP11, M_MP13, M_PLAIN };

uint8_t os_tx[TEST_BUFFER_PAGES * 4096] __attribute__((aligned(4096)));
uint8_t os_rx[TEST_BUFFER_PAGES * 4096] __attribute__((aligned(4096)));

struct vm_buffers {
	uint8_t tx[4096], rx[4096];
};

static struct vm_buffers vm_buffers[VMS] __attribute__((aligned(4096)));

static uint32_t normal_world_version = FFA_VERSION_1_2;

static bool is_partition(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0;
}

uint32_t version_of(uint16_t id)
{
	return is_partition(id) ? subject_of(id)->version : normal_world_version;
}

/* ---- before and after ------------------------------------------------------------------------------- */

void messages_prepare(void)
{
	fixture_use(messages_subjects, sizeof(messages_subjects) / sizeof(messages_subjects[0]));
	test_boot_anew_after_failure();
	fixture_prepare();
	FOR_EACH_SUBJECT(subject)
	{
		for (unsigned pe = 0; pe < pe_count; pe++) {
			volatile struct test_area *area = area_on(subject->id, pe);

			area->stop = 0;
			area->virqs = 0;
			area->virq_fetch = 0;
			area->framework_count = 0;
			area->reaction = TEST_REACTION_ANSWER;
		}
	}
}

void messages_prepare_for(uint32_t version)
{
	uint32_t w2, w3;

	CHECK_EQ(ffa_version(version), FFA_VERSION_1_3);
	(void)ffa_features(FFA_FEATURE_SRI, 0, &w2, &w3); /* any call: the version stays */
	normal_world_version = version;
	if (version >= FFA_VERSION_1_3) {
		fixture_expect_wide_direct_messages();
	}
	messages_prepare();
}

/** Nothing is bound to anybody: all can be. */
static void check_unbound(uint16_t id)
{
	uint16_t other = id == M_MP ? M_MP11 : M_MP;

	CHECK_SUCCESS(BY(id, BIND(other, id, 0, UINT64_MAX)));
	CHECK_SUCCESS(BY(id, BIND(1, id, 0, UINT64_MAX)));
	CHECK_SUCCESS(BY(id, UNBIND(other, id, UINT64_MAX)));
	CHECK_SUCCESS(BY(id, UNBIND(1, id, UINT64_MAX)));
}

static void check_nothing_pends(uint16_t id)
{
	for (unsigned vcpu = 0; vcpu < subject_of(id)->context_count; vcpu++) {
		CHECK_FETCHED(BY(id, GET(id, vcpu, FFA_NOTIFICATION_ALL)), 0);
	}
}

void messages_check_clean(void)
{
	CHECK_NO_NEWS();
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		check_nothing_pends(notified[i]);
		check_unbound(notified[i]);
		CHECK_ERROR(BY(notified[i], FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	}
	for (unsigned vm = 0; vm <= VMS; vm++) {
		CHECK_ERROR(FFA(FFA_NOTIFICATION_BITMAP_DESTROY_32, vm), FFA_DENIED);
		CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, vm << 16), FFA_INVALID_PARAMETERS);
	}
	for (unsigned pe = 0; pe < pe_count; pe++) {
		gic_clear(pe, INTID_SRI);
	}
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- calls ------------------------------------------------------------------------------------------ */

struct ffa_regs messages_call_by(uint16_t id, struct ffa_regs regs, const char *file, int line)
{
	if (!is_partition(id)) {
		return fixture_call(regs, file, line);
	}
	return fixture_call_by(id, subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC, regs,
			       file, line);
}

void messages_check_fetched(struct ffa_regs regs, struct ffa_notifications expected,
			    const char *file, int line)
{
	uint64_t partitions = regs.x[2] | regs.x[3] << 32;
	uint64_t vms = regs.x[4] | regs.x[5] << 32;

	if (regs.x[0] != (uint32_t)FFA_SUCCESS_32 || regs.x[1] != 0) {
		test_fail(file, line, "FFA_NOTIFICATION_GET", regs.x[0] << 32 | (uint32_t)regs.x[2],
			  (uint64_t)(uint32_t)FFA_SUCCESS_32 << 32);
	}
	if (partitions != expected.from_partitions) {
		test_fail(file, line, "from partitions", partitions, expected.from_partitions);
	}
	if (vms != expected.from_vms) {
		test_fail(file, line, "from VMs", vms, expected.from_vms);
	}
	if (regs.x[6] != expected.from_spmc || regs.x[7] != expected.from_hypervisor) {
		test_fail(file, line, "of the framework", regs.x[7] << 32 | regs.x[6],
			  (uint64_t)expected.from_hypervisor << 32 | expected.from_spmc);
	}
}

void run_with(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	volatile struct test_area *area = area_of(id);
	uint64_t before = area->run_count;
	struct ffa_regs regs;

	area->run_command[1] = a;
	area->run_command[2] = b;
	area->run_command[3] = c;
	area->run_command[4] = d;
	area->run_command[0] = command;
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	fixture_check_zero(&regs, 1, __FILE__, __LINE__);
	CHECK_EQ(area->run_count, before + 1);
	if (command != 0) {
		CHECK_EQ(area->run_result[0], TEST_DONE);
	}
}

/* ---- buffers ---------------------------------------------------------------------------------------- */

/** Of a partition: asked for once. */
static const struct test_boot_state *boot_state(uint16_t id)
{
	static struct test_boot_state states[16];
	struct test_boot_state *state = &states[id & 15];

	if (state->tx == 0) {
		(void)COMMAND(id, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
		state->rx = STATE(test_boot_state, id)->rx;
		state->tx = STATE(test_boot_state, id)->tx;
	}
	return state;
}

uint64_t tx_of(uint16_t id)
{
	if (is_partition(id)) {
		return boot_state(id)->tx;
	}
	return id == OS ? (uintptr_t)os_tx : (uintptr_t)vm_buffers[id - 1].tx;
}

uint64_t rx_of(uint16_t id)
{
	if (is_partition(id)) {
		return boot_state(id)->rx;
	}
	return id == OS ? (uintptr_t)os_rx : (uintptr_t)vm_buffers[id - 1].rx;
}

/** Puts the descriptor of a VM's buffers into the OS's TX. */
static void describe_buffers(uint16_t vm)
{
	struct {
		struct ffa_endpoint_rxtx endpoint;
		struct ffa_single_composite rx, tx;
	} described = {
		.endpoint = { .endpoint = vm, .rx_offset = 16, .tx_offset = 48 },
		.rx = { .page_count = 1, .range_count = 1, .range = { rx_of(vm), 1, 0 } },
		.tx = { .page_count = 1, .range_count = 1, .range = { tx_of(vm), 1, 0 } },
	};

	memcpy(os_tx, &described, sizeof(described));
}

struct ffa_regs map_result(uint16_t id, unsigned pages)
{
	if (is_partition(id) || id == OS) {
		return AS(id, FFA_RXTX_MAP_64, tx_of(id), rx_of(id), pages);
	}
	describe_buffers(id);
	return FFA(FFA_RXTX_MAP_64);
}

void map(uint16_t id, unsigned pages)
{
	CHECK_SUCCESS(map_result(id, pages));
}

void unmap(uint16_t id)
{
	CHECK_SUCCESS(AS(id, FFA_RXTX_UNMAP_32, is_partition(id) ? 0 : (uint32_t)id << 16));
}

void map_all(const uint16_t *ids, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (ids[i] != M_PLAIN) {
			map(ids[i], 1);
		}
	}
}

void unmap_all(const uint16_t *ids, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (ids[i] != M_PLAIN) {
			unmap(ids[i]);
		}
	}
}

/* ---- messages --------------------------------------------------------------------------------------- */

static uint32_t offset_of(const struct letter *letter)
{
	return letter->offset != 0 ? letter->offset
				   : ffa_message_header_size(version_of(letter->from));
}

void write_letter(const struct letter *letter)
{
	uint32_t version = version_of(letter->from);
	uint64_t tx = tx_of(letter->from);
	struct ffa_message message = {
		.sender = letter->from,
		.receiver = letter->to,
		.uuid = letter->uuid,
		.offset = offset_of(letter),
		.size = letter->size,
	};
	uint8_t header[sizeof(struct ffa_message_header)];

	(void)ffa_message_write(header, version, &message);
	if (!is_partition(letter->from)) {
		uint8_t *bytes = (uint8_t *)(uintptr_t)tx;

		memcpy(bytes, header, ffa_message_header_size(version));
		for (uint32_t i = 0; i < letter->size; i++) {
			bytes[message.offset + i] = test_pattern(letter->seed, i);
		}
		return;
	}
	for (unsigned i = 0; i < sizeof(header); i++) {
		area_of(letter->from)->bulk[i] = header[i];
	}
	(void)COMMAND(letter->from, TEST_PUT, tx, ffa_message_header_size(version), 0, 0);
	(void)COMMAND(letter->from, TEST_FILL, tx + message.offset, letter->size, letter->seed, 0);
}

struct ffa_regs send_written(const struct letter *letter)
{
	uint64_t sender = is_partition(letter->from) ? 0 : letter->from;

	return AS(letter->from, FFA_MSG_SEND2_32, sender << 16, letter->flags);
}

struct ffa_regs send(const struct letter *letter)
{
	write_letter(letter);
	return send_written(letter);
}

/** Bytes of [@address, @address + @size) of endpoint @id that are not the pattern. */
static uint64_t mismatches(uint16_t id, uint64_t address, uint64_t size, uint64_t seed)
{
	const uint8_t *bytes = (const uint8_t *)(uintptr_t)address;
	uint64_t count = 0;

	if (is_partition(id)) {
		struct ffa_regs regs = COMMAND(id, TEST_MATCH, address, size, seed, 0);

		if (regs.x[4] != 0) {
			test_note("%lx bytes differ, the first at offset %lx", regs.x[4],
				  regs.x[5]);
		}
		return regs.x[4];
	}
	for (uint64_t i = 0; i < size; i++) {
		count += bytes[i] != test_pattern(seed, i);
	}
	return count;
}

/** The first bytes of RX of endpoint @id. */
static void read_header(uint16_t id, uint8_t header[sizeof(struct ffa_message_header)])
{
	const volatile uint8_t *source = (const volatile uint8_t *)(uintptr_t)rx_of(id);

	if (is_partition(id)) {
		(void)COMMAND(id, TEST_COPY, rx_of(id), sizeof(struct ffa_message_header), 0, 0);
		source = area_of(id)->bulk;
	}
	for (unsigned i = 0; i < sizeof(struct ffa_message_header); i++) {
		header[i] = source[i];
	}
}

void check_letter(const struct letter *letter, unsigned pages)
{
	uint32_t version = version_of(letter->to);
	uint32_t header_size = ffa_message_header_size(version);
	uint8_t header[sizeof(struct ffa_message_header)];
	struct ffa_message message;
	uint64_t rx = rx_of(letter->to), end;

	read_header(letter->to, header);
	message = ffa_message_read(header, version);
	end = (uint64_t)message.offset + message.size;
	CHECK_EQ(message.sender, letter->from);
	CHECK_EQ(message.receiver, letter->to);
	CHECK_EQ(message.size, letter->size);
	CHECK(message.offset >= header_size && end <= pages * 4096U);
	if (version >= FFA_VERSION_1_2 && version_of(letter->from) >= FFA_VERSION_1_2) {
		CHECK_EQ(memcmp(&message.uuid, &letter->uuid, sizeof(letter->uuid)), 0);
	}
	CHECK_EQ(mismatches(letter->to, rx + header_size, message.offset - header_size, 0), 0);
	CHECK_EQ(mismatches(letter->to, rx + message.offset, letter->size, letter->seed), 0);
	CHECK_EQ(mismatches(letter->to, rx + end, pages * 4096U - end, 0), 0);
}

void take_letter(const struct letter *letter, unsigned pages)
{
	uint16_t to = letter->to;
	uint32_t bit = FFA_NOTIFICATION_RX_FULL;

	if (to != M_PLAIN && is_partition(letter->from)) {
		CHECK_FETCHED(AS(to, GET(to, 0, FFA_NOTIFICATION_FROM_SPMC)), .from_spmc = bit);
	} else if (to != M_PLAIN) {
		CHECK_FETCHED(AS(to, GET(to, 0, FFA_NOTIFICATION_FROM_HYPERVISOR)),
			      .from_hypervisor = bit);
	}
	check_letter(letter, pages);
	CHECK_SUCCESS(AS(to, FFA_RX_RELEASE_32, is_partition(to) ? 0U : to));
}
