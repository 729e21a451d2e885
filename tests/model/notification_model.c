/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/notification_model.h"

#include <string.h>

#define PER_VCPU 0x1U
#define DELAYED 0x2U
#define SET_RESERVED 0xFFFCU
#define GET_KNOWN 0xFU
#define GET_BY_THE_NORMAL_WORLD 0x5U /* its own hypervisor keeps the rest */

void model_add(struct model *model, uint16_t id, bool enabled, unsigned vcpu_count)
{
	model->receivers[model->count++] = (struct model_receiver){
		.id = id,
		.enabled = enabled,
		.vcpu_count = vcpu_count,
	};
}

struct model_receiver *model_find(struct model *model, uint16_t id)
{
	for (unsigned i = 0; i < model->count; i++) {
		if (model->receivers[i].id == id) {
			return &model->receivers[i];
		}
	}
	return NULL;
}

static bool is_secure(uint16_t id)
{
	return id >= 0x8000;
}

static bool is_of_el3(uint16_t id)
{
	return id >= 0xFFC0 && id != 0xFFFF;
}

static bool has(uint64_t ids, unsigned n)
{
	return (ids >> n & 1) != 0;
}

static bool any_pends(const struct model_receiver *receiver)
{
	bool any = false;

	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			any = any || receiver->of[c][n].pends || receiver->of[c][n].pends_on != 0;
		}
	}
	return any;
}

/* ---- bitmaps ------------------------------------------------------------------------------------- */

enum ffa_status model_create(struct model *model, uint32_t w1, uint32_t w2)
{
	struct model_receiver *receiver;

	if (w1 >= 0x8000 || w2 == 0 || w2 > MODEL_VCPUS_MAX) {
		return FFA_INVALID_PARAMETERS;
	}
	receiver = model_find(model, (uint16_t)w1);
	if (receiver->enabled) {
		return FFA_DENIED;
	}
	memset(receiver->of, 0, sizeof(receiver->of));
	receiver->vcpu_count = w2;
	receiver->enabled = true;
	return FFA_OK;
}

enum ffa_status model_destroy(struct model *model, uint32_t w1)
{
	struct model_receiver *receiver;

	if (w1 >= 0x8000) {
		return FFA_INVALID_PARAMETERS;
	}
	receiver = model_find(model, (uint16_t)w1);
	if (!receiver->enabled || any_pends(receiver)) {
		return FFA_DENIED;
	}
	receiver->enabled = false;
	return FFA_OK;
}

/* ---- bindings ------------------------------------------------------------------------------------ */

static enum model_class class_of(uint16_t sender)
{
	return is_secure(sender) ? OF_PARTITIONS_CLASS : OF_VMS_CLASS;
}

/** Checks 2 to 6 of BIND and UNBIND. */
static enum ffa_status find_binder(struct model *model, uint16_t caller, uint32_t w1, uint64_t ids,
				   struct model_receiver **receiver)
{
	uint16_t sender = (uint16_t)(w1 >> 16), id = (uint16_t)w1;

	if (sender == id || is_of_el3(sender) || is_of_el3(id)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (caller != 0 ? id != caller : is_secure(id) || !is_secure(sender)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (ids == 0) {
		return FFA_INVALID_PARAMETERS;
	}
	*receiver = model_find(model, id);
	if (!(*receiver)->enabled) {
		return is_secure(id) ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS;
	}
	return !is_secure(sender) || model_find(model, sender) != NULL ? FFA_OK
								       : FFA_INVALID_PARAMETERS;
}

enum ffa_status model_bind(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			   uint64_t ids)
{
	uint16_t sender = (uint16_t)(w1 >> 16);
	struct model_receiver *receiver;
	enum ffa_status status;

	if ((w2 & ~PER_VCPU) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	status = find_binder(model, caller, w1, ids, &receiver);
	if (status != FFA_OK) {
		return status;
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (has(ids, n) && receiver->of[class_of(sender)][n].bound) {
			return FFA_DENIED;
		}
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (has(ids, n)) {
			receiver->of[class_of(sender)][n] = (struct model_notification){
				.bound = true,
				.sender = sender,
				.per_vcpu = (w2 & PER_VCPU) != 0,
			};
		}
	}
	return FFA_OK;
}

static bool is_bound_to(const struct model_notification *notification, uint16_t sender)
{
	return notification->bound && notification->sender == sender;
}

enum ffa_status model_unbind(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			     uint64_t ids)
{
	uint16_t sender = (uint16_t)(w1 >> 16);
	struct model_receiver *receiver;
	enum ffa_status status;

	if (w2 != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	status = find_binder(model, caller, w1, ids, &receiver);
	if (status != FFA_OK) {
		return status;
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		const struct model_notification *one = &receiver->of[class_of(sender)][n];

		if (has(ids, n) &&
		    (!is_bound_to(one, sender) || one->pends || one->pends_on != 0)) {
			return FFA_DENIED;
		}
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (has(ids, n)) {
			receiver->of[class_of(sender)][n].bound = false;
		}
	}
	return FFA_OK;
}

/* ---- signals ------------------------------------------------------------------------------------- */

/** Checks 1 to 5. */
static enum ffa_status find_signalled(struct model *model, uint16_t caller, uint32_t w1,
				      uint32_t w2, uint64_t ids, struct model_receiver **receiver)
{
	uint16_t sender = (uint16_t)(w1 >> 16), id = (uint16_t)w1;

	if ((w2 & SET_RESERVED) != 0 || ((w2 & PER_VCPU) == 0 && w2 >> 16 != 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (sender == id || is_of_el3(sender) || is_of_el3(id) ||
	    (caller != 0 ? sender != caller : is_secure(sender) || !is_secure(id))) {
		return FFA_INVALID_PARAMETERS;
	}
	if (ids == 0 || (caller == 0 && (w2 & DELAYED) != 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	*receiver = model_find(model, id);
	if (*receiver == NULL || (!is_secure(id) && !(*receiver)->enabled)) {
		return FFA_INVALID_PARAMETERS;
	}
	return FFA_OK;
}

/** Checks 6 to 8. */
static enum ffa_status check_signal(struct model_receiver *receiver, uint16_t sender, uint32_t w2,
				    uint64_t ids)
{
	const struct model_notification *of = receiver->of[class_of(sender)];
	bool per_vcpu = (w2 & PER_VCPU) != 0;

	if (!receiver->enabled) {
		return FFA_DENIED;
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (has(ids, n) && !is_bound_to(&of[n], sender)) {
			return FFA_DENIED;
		}
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (has(ids, n) && of[n].per_vcpu != per_vcpu) {
			return FFA_INVALID_PARAMETERS;
		}
	}
	return per_vcpu && w2 >> 16 >= receiver->vcpu_count ? FFA_INVALID_PARAMETERS : FFA_OK;
}

/** "Already told" is cleared for what did not pend before. */
static void pend(struct model_notification *one, uint32_t w2)
{
	if ((w2 & PER_VCPU) != 0) {
		uint64_t vcpu = UINT64_C(1) << (w2 >> 16);

		one->told_on &= one->pends_on & vcpu ? UINT64_MAX : ~vcpu;
		one->pends_on |= vcpu;
	} else {
		one->told = one->pends && one->told;
		one->pends = true;
	}
}

enum ffa_status model_set(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			  uint64_t ids)
{
	uint16_t sender = (uint16_t)(w1 >> 16);
	struct model_receiver *receiver;
	enum ffa_status status = find_signalled(model, caller, w1, w2, ids, &receiver);

	if (status == FFA_OK) {
		status = check_signal(receiver, sender, w2, ids);
	}
	for (unsigned n = 0; n < MODEL_NOTIFICATIONS && status == FFA_OK; n++) {
		if (has(ids, n)) {
			pend(&receiver->of[class_of(sender)][n], w2);
		}
	}
	return status;
}

/* ---- fetching ------------------------------------------------------------------------------------ */

static uint64_t fetch(struct model_notification *of, unsigned vcpu)
{
	uint64_t got = 0;

	for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
		if (of[n].pends || has(of[n].pends_on, vcpu)) {
			got |= UINT64_C(1) << n;
		}
		of[n].pends = false;
		of[n].pends_on &= ~(UINT64_C(1) << vcpu);
	}
	return got;
}

enum ffa_status model_get(struct model *model, uint16_t caller, uint32_t w1, uint32_t w2,
			  uint64_t got[MODEL_CLASSES])
{
	uint16_t id = (uint16_t)w1;
	uint32_t what = w2 & GET_KNOWN; /* callers are of 1.2: others are ignored */
	struct model_receiver *receiver;

	got[OF_PARTITIONS_CLASS] = 0;
	got[OF_VMS_CLASS] = 0;
	if (caller != 0 ? id != caller : is_secure(id) || (what & ~GET_BY_THE_NORMAL_WORLD) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	receiver = model_find(model, id);
	if (!receiver->enabled) {
		return is_secure(id) ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS;
	}
	if (w1 >> 16 >= receiver->vcpu_count) {
		return FFA_INVALID_PARAMETERS;
	}
	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		if (has(what, c)) {
			got[c] = fetch(receiver->of[c], w1 >> 16);
		}
	}
	return FFA_OK;
}

/* ---- telling ------------------------------------------------------------------------------------- */

bool model_global_is_news(const struct model_receiver *receiver)
{
	bool news = false;

	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			news = news || (receiver->of[c][n].pends && !receiver->of[c][n].told);
		}
	}
	return receiver->enabled && news;
}

static uint64_t vcpus_with_news(const struct model_receiver *receiver)
{
	uint64_t news = 0;

	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			news |= receiver->of[c][n].pends_on & ~receiver->of[c][n].told_on;
		}
	}
	return receiver->enabled ? news : 0;
}

bool model_vcpu_is_news(const struct model_receiver *receiver, unsigned vcpu)
{
	return vcpu < MODEL_VCPUS_MAX && has(vcpus_with_news(receiver), vcpu);
}

bool model_has_news(const struct model *model)
{
	bool news = false;

	for (unsigned i = 0; i < model->count; i++) {
		const struct model_receiver *receiver = &model->receivers[i];

		news = news || model_global_is_news(receiver) || vcpus_with_news(receiver) != 0;
	}
	return news;
}

void model_tell_global(struct model_receiver *receiver)
{
	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			receiver->of[c][n].told = receiver->of[c][n].pends;
		}
	}
}

void model_tell_vcpu(struct model_receiver *receiver, unsigned vcpu)
{
	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			receiver->of[c][n].told_on |= UINT64_C(1) << vcpu;
		}
	}
}

bool model_wants(const struct model_receiver *receiver, unsigned vcpu)
{
	bool wants = false;

	for (unsigned c = 0; c < MODEL_CLASSES; c++) {
		for (unsigned n = 0; n < MODEL_NOTIFICATIONS; n++) {
			const struct model_notification *one = &receiver->of[c][n];

			wants = wants || one->pends || has(one->pends_on, vcpu);
		}
	}
	return receiver->enabled && wants;
}
