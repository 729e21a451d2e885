/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/notification_lists.h"

#include "tests/unit/ffa/ffa_fixture.h"

enum { LISTS_MAX = 20 };

/** FFA_NOTIFICATION_INFO_GET as a caller reads it. */
struct answer {
	bool more;
	unsigned list_count, id_count;
	unsigned vcpu_counts[LISTS_MAX];
	uint16_t ids[LISTS_MAX];
};

static struct answer read_answer(bool wide)
{
	const uint64_t *x = registers();
	unsigned per_register = wide ? 4 : 2;
	struct answer answer = {
		.more = (x[2] & 1) != 0,
		.list_count = (unsigned)(x[2] >> 7 & 0x1F),
	};

	CHECK_EQUAL(x[0], wide ? FFA_SUCCESS_64 : FFA_SUCCESS_32);
	CHECK_EQUAL(x[1] | (x[2] & 0x7E), 0);
	CHECK(answer.list_count > 0 && answer.list_count <= 5 * per_register);
	for (unsigned i = 0; i < 5 * per_register; i++) {
		answer.ids[i] = (uint16_t)(x[3 + i / per_register] >> 16 * (i % per_register));
	}
	for (unsigned i = 0; i < answer.list_count; i++) {
		answer.vcpu_counts[i] = (unsigned)(x[2] >> (12 + 2 * i) & 3);
		answer.id_count += 1 + answer.vcpu_counts[i];
	}
	CHECK_EQUAL(x[2] >> 12 >> 2 * answer.list_count, 0);
	CHECK(answer.id_count <= 5 * per_register);
	for (unsigned i = answer.id_count; i < 5 * per_register; i++) {
		CHECK_EQUAL(answer.ids[i], 0);
	}
	return answer;
}

/** Everything in a list is news; a list without vCPUs is of something global, which others may be as well. */
static void take_list(struct model *model, const uint16_t *ids, unsigned vcpu_count)
{
	struct model_receiver *receiver = model_find(model, ids[0]);

	CHECK(receiver != NULL);
	if (receiver == NULL) {
		return;
	}
	CHECK(vcpu_count > 0 || model_global_is_news(receiver));
	model_tell_global(receiver);
	for (unsigned i = 1; i <= vcpu_count; i++) {
		CHECK(model_vcpu_is_news(receiver, ids[i]));
		model_tell_vcpu(receiver, ids[i]);
	}
}

void lists_check_answer(struct model *model, bool wide)
{
	struct answer answer;
	unsigned at = 0;

	if (!model_has_news(model)) {
		CHECK_REFUSED(NW, FFA_NO_DATA);
		return;
	}
	answer = read_answer(wide);
	for (unsigned i = 0; i < answer.list_count; i++) {
		take_list(model, &answer.ids[at], answer.vcpu_counts[i]);
		at += 1 + answer.vcpu_counts[i];
	}
	CHECK_EQUAL(answer.more, model_has_news(model));
	/* A list of a vCPU needs two places: as long as there are any, the page is not full. */
	CHECK(!answer.more || answer.id_count + 2 > (wide ? 20U : 10U));
}
