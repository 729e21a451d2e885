/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random sequences of all calls about notifications by several partitions and VMs, against a model that
 * keeps one record for each notification. After every call its result is the model's, what pends is, the
 * lists of FFA_NOTIFICATION_INFO_GET are what the model has to tell, and SRIs and NPIs came when they had
 * to. NOTIFICATION_SEED=N repeats one sequence and shows it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/model/chance.h"
#include "tests/model/notification_lists.h"
#include "tests/model/notification_model.h"
#include "tests/unit/ffa/notification_fixture.h"

enum {
	SEED_COUNT = 150,
	STEP_COUNT = 2000,
	PE_COUNT = 4, /* SP1 has as many contexts */
	TAKE_TURNS = 6, /* one call in so many changes who runs */
	LOOK_AT_ALL = 100, /* one call in so many is followed by a look at all receivers */
};

static const uint16_t vms[] = { 0, 1, 2, 3, VM_LAST };
static const uint16_t partitions[] = { SP1, SP2, SP3, WITHOUT };
/* Nobody has these: no such partition, the SPMC, EL3's, EL3. */
static const uint16_t strangers[] = { 0x8777, SPMC, 0xFFC0, SPMD };

static struct model model;
static bool shown;
static unsigned infrequency; /* 1: often: of fetching and telling; things pile up meanwhile */
static unsigned sri_expected;
static bool sri_delayed;

/* ---- arguments ------------------------------------------------------------------------------------ */

/** Mostly one that has notifications. */
static uint16_t some_vm(void)
{
	uint16_t vm = ONE_OF(vms);

	for (unsigned i = 0; i < 3 && !model_find(&model, vm)->enabled; i++) {
		vm = ONE_OF(vms);
	}
	return vm;
}

static uint16_t some_partition(void)
{
	return ONE_OF(partitions);
}

static uint16_t anybody(void)
{
	switch (below(16)) {
	case 0:
		return ONE_OF(strangers);
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
		return some_vm();
	default:
		return some_partition();
	}
}

/** The caller itself, or a VM that it speaks for; seldom somebody else. */
static uint16_t own_id(uint16_t caller)
{
	if (below(20) == 0) {
		return anybody();
	}
	return caller == NW ? some_vm() : caller;
}

/** Few of few notifications, so that calls meet. */
static uint64_t some_ids(void)
{
	static const uint8_t numbers[] = { 0, 1, 2, 31, 32, 62, 63 };
	uint64_t ids = 0;

	for (unsigned i = below(40) == 0 ? 0 : 1 + below(3); i > 0; i--) {
		ids |= UINT64_C(1) << ONE_OF(numbers);
	}
	return ids;
}

static uint32_t some_vcpu(void)
{
	static const uint16_t numbers[] = { 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 63, 64, 0xFFFF };

	return ONE_OF(numbers);
}

static uint32_t set_flags(uint16_t caller)
{
	uint32_t flags = below(2) == 0 ? 0 : some_vcpu() << 16 | PER_VCPU;

	flags |= below(caller == NW ? 30 : 4) == 0 ? DELAY_SRI : 0;
	flags ^= below(40) == 0 ? 1U << below(32) : 0;
	return flags;
}

/* ---- results -------------------------------------------------------------------------------------- */

static unsigned sri_count(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < PE_COUNT; i++) {
		count += the_spmc()->pes[i].arch.sri_count;
	}
	return count;
}

static void check_result(uint16_t caller, enum ffa_status status)
{
	if (status == FFA_OK) {
		CHECK_SUCCESS(caller);
	} else {
		CHECK_REFUSED(caller, status);
	}
}

static uint64_t pending_globally(const struct model_notification *of)
{
	uint64_t ids = 0;

	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		ids |= of[n].pends ? UINT64_C(1) << n : 0;
	}
	return ids;
}

static void check_class(const struct model_notification *of, const struct notif_class_state *class,
			unsigned vcpu_count)
{
	CHECK_EQUAL(class->pending, pending_globally(of));
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		CHECK_EQUAL(class->bound >> n & 1, of[n].bound);
		CHECK(!of[n].bound || class->sender[n] == of[n].sender);
		CHECK(!of[n].bound || (class->per_vcpu >> n & 1) == of[n].per_vcpu);
		CHECK_EQUAL(of[n].pends_on & ~class->vcpus, 0);
		for (uint64_t on = class->vcpus; on != 0; on &= on - 1) {
			unsigned vcpu = (unsigned)__builtin_ctzll(on);

			CHECK(vcpu < vcpu_count);
			CHECK_EQUAL(class->vcpu_pending[vcpu] >> n & 1, of[n].pends_on >> vcpu & 1);
		}
	}
}

/** What the SPMC keeps of @id is what the model keeps of it. */
static void check_receiver(uint16_t id)
{
	const struct model_receiver *receiver = model_find(&model, id);
	const struct endpoint *endpoint = spmc_endpoint(the_spmc(), id);
	const struct notif_set *set;

	if (receiver == NULL || endpoint == NULL) {
		CHECK(receiver == NULL || !receiver->enabled);
		return;
	}
	set = &endpoint->notifications;
	CHECK_EQUAL(notif_set_is_enabled(set), receiver->enabled);
	if (!receiver->enabled) {
		return;
	}
	CHECK_EQUAL(set->vcpu_count, receiver->vcpu_count);
	CHECK_EQUAL(set->framework, 0);
	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		check_class(receiver->of[c], &set->classes[c], receiver->vcpu_count);
	}
}

static void check_all_receivers(void)
{
	for (unsigned i = 0; i < model.count; i++) {
		check_receiver(model.receivers[i].id);
	}
}

/* ---- turns ---------------------------------------------------------------------------------------- */

/** The normal world runs for the first time since a delayed SRI was asked for. */
static void take_delayed_sri(void)
{
	if (sri_delayed) {
		CHECK_EQUAL(sri_count(), sri_expected);
		CALL(NW, FFA_ID_GET_32);
		sri_expected++;
		sri_delayed = false;
	}
}

/** An S-EL1 partition is told when it gets cycles, and until it has fetched everything. */
static void check_npi(uint16_t id)
{
	const struct model_receiver *receiver = model_find(&model, id);

	if (id != NW && id != SP3) {
		CHECK_EQUAL(context_of(id, 0)->arch.machine.irq_line, model_wants(receiver, 0));
	}
}

static void let_run(uint16_t who)
{
	if (running() != NW) {
		respond(running(), NW);
	}
	if (who != NW) {
		take_delayed_sri();
		if (below(2) == 0) {
			request(NW, who);
		} else {
			CALL(NW, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(NW, who));
		}
		check_npi(who);
	}
	CHECK_EQUAL(running(), who);
}

/* ---- calls ---------------------------------------------------------------------------------------- */

static void show_call(const char *name, uint16_t caller, uint32_t w1, uint32_t w2, uint64_t ids,
		      enum ffa_status status)
{
	if (shown) {
		print_message("%04x %-7s w1 %08x w2 %08x ids %016llx: %d\n", caller, name, w1, w2,
			      (unsigned long long)ids, status);
	}
}

static void try_create(void)
{
	static const uint8_t vcpu_counts[] = { 1, 1, 2, 5, 8, 64, 0, 65 };
	uint32_t id = below(30) == 0 ? 0x8000U << below(17) : ONE_OF(vms);
	uint32_t vcpu_count = ONE_OF(vcpu_counts);
	enum ffa_status status = model_create(&model, id, vcpu_count);

	show_call("create", NW, id, vcpu_count, 0, status);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, id, vcpu_count);
	check_result(NW, status);
	check_receiver((uint16_t)id);
}

static void try_destroy(void)
{
	uint32_t id = below(30) == 0 ? 0x8000U << below(17) : some_vm();
	enum ffa_status status = model_destroy(&model, id);

	show_call("destroy", NW, id, 0, 0, status);
	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, id);
	check_result(NW, status);
	check_receiver((uint16_t)id);
}

static void try_bind(uint16_t caller)
{
	uint32_t w1 = FFA_ENDPOINTS(anybody(), own_id(caller));
	uint32_t w2 = below(40) == 0 ? 1U << below(32) : below(2);
	uint64_t ids = some_ids();
	enum ffa_status status = model_bind(&model, caller, w1, w2, ids);

	show_call("bind", caller, w1, w2, ids, status);
	CALL(caller, FFA_NOTIFICATION_BIND_32, w1, w2, (uint32_t)ids, ids >> 32);
	check_result(caller, status);
	check_receiver(FFA_RECEIVER(w1));
}

/** A notification of @receiver, mostly one that is bound, from @sender if there is one (0: from anybody). */
static unsigned pick(const struct model_receiver *receiver, enum model_class class, uint16_t sender)
{
	unsigned first = below(MODEL_NOTIFICATIONS);

	for (unsigned i = 0; i < MODEL_NOTIFICATIONS; i++) {
		unsigned n = (first + i) % MODEL_NOTIFICATIONS;
		const struct model_notification *one = &receiver->of[class][n];

		if (one->bound && (sender == 0 || one->sender == sender)) {
			return n;
		}
	}
	return first;
}

static void try_unbind(uint16_t caller)
{
	uint16_t id = own_id(caller);
	const struct model_receiver *receiver = model_find(&model, id);
	uint32_t w1 = FFA_ENDPOINTS(anybody(), id);
	uint32_t w2 = below(40) == 0 ? 1U << below(32) : 0;
	uint64_t ids = some_ids();
	enum ffa_status status;

	if (receiver != NULL && below(4) != 0) { /* one that is bound */
		enum model_class class = caller == NW ? OF_PARTITIONS_CLASS : below(MODEL_CLASSES);
		unsigned n = pick(receiver, class, 0);

		w1 = FFA_ENDPOINTS(receiver->of[class][n].sender, id);
		ids = UINT64_C(1) << n;
	}
	status = model_unbind(&model, caller, w1, w2, ids);
	show_call("unbind", caller, w1, w2, ids, status);
	CALL(caller, FFA_NOTIFICATION_UNBIND_32, w1, w2, (uint32_t)ids, ids >> 32);
	check_result(caller, status);
	check_receiver(FFA_RECEIVER(w1));
}

/** Something that is bound to the caller, as it is bound, for a vCPU that is there. */
static void aim(uint16_t caller, uint32_t *w1, uint32_t *w2, uint64_t *ids)
{
	enum model_class class = caller == NW ? OF_VMS_CLASS : OF_PARTITIONS_CLASS;
	const struct model_receiver *receiver = model_find(&model, caller == NW ? some_partition()
								   : below(2)   ? some_vm()
										: some_partition());
	unsigned n = pick(receiver, class, caller);
	const struct model_notification *one = &receiver->of[class][n];

	if (one->bound) {
		uint32_t vcpu = one->per_vcpu ? below(receiver->vcpu_count) << 16 | PER_VCPU : 0;

		*w1 = FFA_ENDPOINTS(caller == NW ? one->sender : caller, receiver->id);
		*w2 = (*w2 & DELAY_SRI) | vcpu;
		*ids = UINT64_C(1) << n;
	}
}

static void try_set(uint16_t caller)
{
	uint32_t w1 = FFA_ENDPOINTS(own_id(caller), anybody());
	uint32_t w2 = set_flags(caller);
	uint64_t ids = some_ids();
	enum ffa_status status;

	if (below(4) != 0) {
		aim(caller, &w1, &w2, &ids);
	}
	status = model_set(&model, caller, w1, w2, ids);
	show_call("set", caller, w1, w2, ids, status);
	CALL(caller, FFA_NOTIFICATION_SET_32, w1, w2, (uint32_t)ids, ids >> 32);
	check_result(caller, status);
	check_receiver(FFA_RECEIVER(w1));
	if (status == FFA_OK) {
		sri_delayed = sri_delayed || (w2 & DELAY_SRI) != 0;
		sri_expected += (w2 & DELAY_SRI) != 0 ? 0 : 1;
	}
}

static void try_info_get(void)
{
	bool wide = below(2) == 0;

	show_call("info", NW, wide, 0, 0, FFA_OK);
	CALL(NW, wide ? FFA_NOTIFICATION_INFO_GET_64 : FFA_NOTIFICATION_INFO_GET_32);
	lists_check_answer(&model, wide);
}

static void try_get(uint16_t caller)
{
	uint16_t id = own_id(caller);
	const struct model_receiver *receiver = model_find(&model, id);
	bool aimed = receiver != NULL && receiver->enabled && below(4) != 0;
	uint32_t w1 = (aimed ? below(receiver->vcpu_count) : some_vcpu()) << 16 | id;
	uint32_t w2 = below(0x10) & (caller == NW && below(8) != 0 ? OF_SECURE : OF_ALL);
	bool announced = this_pe()->current->arch.machine.irq_line;
	uint64_t got[MODEL_CLASSES];
	enum ffa_status status;

	w2 |= below(40) == 0 ? 1U << below(32) : 0;
	status = model_get(&model, caller, w1, w2, got);
	show_call("get", caller, w1, w2, 0, status);
	CALL(caller, FFA_NOTIFICATION_GET_32, w1, w2);
	if (status == FFA_OK) {
		CHECK_GOT(caller, FFA_SUCCESS_32, 0, (uint32_t)got[0], got[0] >> 32,
			  (uint32_t)got[1], got[1] >> 32);
	} else {
		check_result(caller, status);
	}
	check_receiver(FFA_RECEIVER(w1));
	if (announced) { /* over when nothing is left */
		check_npi(caller);
	} else {
		CHECK(!this_pe()->current->arch.machine.irq_line);
	}
}

/* ---- sequences ------------------------------------------------------------------------------------ */

static void call_of_normal_world(void)
{
	take_delayed_sri();
	switch (below(10)) {
	case 0:
		try_create();
		break;
	case 1:
		try_destroy();
		break;
	case 2:
		if (below(infrequency) == 0) {
			try_info_get();
		}
		break;
	case 3:
		try_unbind(NW);
		break;
	case 4:
	case 5:
		try_bind(NW);
		break;
	case 6:
	case 7:
	case 8:
		try_set(NW);
		break;
	default:
		if (below(infrequency) == 0) {
			try_get(NW);
		}
	}
}

static void call_of_partition(uint16_t caller)
{
	switch (below(8)) {
	case 0:
	case 1:
		try_bind(caller);
		break;
	case 2:
		try_unbind(caller);
		break;
	case 3:
		if (below(infrequency) == 0) {
			try_get(caller);
		}
		break;
	default:
		try_set(caller);
	}
}

static void begin(uint64_t seed)
{
	struct partition_config *configs[4];

	chance_state = seed;
	infrequency = seed % 3 == 0 ? 12 : 1;
	sri_expected = 0;
	sri_delayed = false;
	notified_add(configs);
	system_boot(PE_COUNT);
	memset(&model, 0, sizeof(model));
	model_add(&model, SP1, true, PE_COUNT);
	model_add(&model, SP2, true, 1);
	model_add(&model, SP3, true, 1);
	model_add(&model, WITHOUT, false, 0);
	for (unsigned i = 0; i < COUNT(vms); i++) {
		model_add(&model, vms[i], false, 0);
	}
}

static void run_sequence(uint64_t seed)
{
	begin(seed);
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		if (below(TAKE_TURNS) == 0) {
			let_run(below(3) == 0 ? NW : some_partition());
		}
		if (running() == NW) {
			call_of_normal_world();
		} else {
			call_of_partition(running());
		}
		CHECK_EQUAL(sri_count(), sri_expected);
		if (i % LOOK_AT_ALL == 0) {
			check_all_receivers();
		}
	}
	check_all_receivers();
}

TEST(random_calls_about_notifications_are_what_the_model_says)
{
	const char *wanted = getenv("NOTIFICATION_SEED");

	shown = wanted != NULL;
	if (shown) {
		run_sequence(strtoull(wanted, NULL, 0));
		return;
	}
	for (unsigned seed = 1; seed <= SEED_COUNT; seed++) {
		print_message("NOTIFICATION_SEED=%u\n", seed);
		run_sequence(seed);
	}
}
