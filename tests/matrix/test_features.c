/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The matrix of FFA_FEATURES: every function number in both widths x instance x version of the caller,
 * against expectations that are not made from abi/ffa_abi.def; which messaging methods a partition needs;
 * and the features that are no functions.
 */
#include "tests/matrix/situation.h"

enum { FEATURE_ID_LAST = 0xFF };

static unsigned asked, wrong;

/** What the specification says about @fid: w2 of FFA_SUCCESS, or *@reported = false. */
static uint32_t properties_of(const struct situation *situation, uint32_t fid, bool *reported)
{
	const struct expectation *e = expectation_numbered(FFA_FID_NUMBER(fid));

	*reported = e != NULL && (e->features & situation->instance) != 0 &&
		    situation->minor >= (fid & FFA_FID_SMC64 ? e->since_64 : e->since_32);
	if (*reported && situation->minor >= 1 && e->feature_input != 0) {
		return e->feature_output;
	}
	return *reported && situation->minor >= 2 ? e->feature_properties : 0;
}

/** What the caller must say in w2 to be told of @fid. */
static uint32_t input_of(const struct situation *situation, uint32_t fid)
{
	const struct expectation *e = expectation_numbered(FFA_FID_NUMBER(fid));

	return e != NULL && situation->minor >= 1 ? e->feature_input : 0;
}

/** Asks for @id; the answer must be FFA_SUCCESS with @properties, or FFA_ERROR NOT_SUPPORTED. */
static void ask_with(const struct situation *situation, uint32_t id, uint32_t input, bool reported,
		     uint32_t properties)
{
	uint64_t w0 = reported ? FFA_SUCCESS_32 : FFA_ERROR_32;
	uint64_t w2 = reported ? properties : CODE(FFA_NOT_SUPPORTED);
	const uint64_t *x = registers();

	asked++;
	CALL(situation_caller(situation), FFA_FEATURES_32, id, input);
	if (x[0] != w0 || x[2] != w2) {
		wrong++;
		print_error("%s, about 0x%x: w0 0x%llx w2 0x%llx, expected 0x%llx 0x%llx\n",
			    situation_text(situation), id, (unsigned long long)x[0],
			    (unsigned long long)x[2], (unsigned long long)w0,
			    (unsigned long long)w2);
	}
	CHECK_EQUAL(x[1] | x[3] | x[4] | x[5] | x[6] | x[7], 0);
}

static void ask(const struct situation *situation, uint32_t id, bool reported, uint32_t properties)
{
	ask_with(situation, id, 0, reported, properties);
}

/** @fid with what must be said for it, and without. */
static void ask_about(const struct situation *situation, uint32_t fid, bool reported,
		      uint32_t properties)
{
	uint32_t input = input_of(situation, fid);

	ask_with(situation, fid, input, reported, properties);
	if (input != 0) {
		ask(situation, fid, false, 0);
	}
}

static void ask_about_functions(const struct situation *situation)
{
	for (uint32_t number = FFA_NUMBER_FIRST; number <= FFA_NUMBER_LAST; number++) {
		const uint32_t forms[] = { FFA_FID32(number), FFA_FID64(number) };

		for (unsigned i = 0; i < 2; i++) {
			bool reported;
			uint32_t properties = properties_of(situation, forms[i], &reported);

			ask_about(situation, forms[i], reported, properties);
		}
	}
}

/* Features that are no functions: FFA_FEATURES, "feature identifiers". */
enum {
	FEATURE_NPI = 1, /* interrupt of S-EL1 partitions: notifications are pending */
	FEATURE_SRI = 2, /* interrupt of the normal world: there is something to schedule */
	FEATURE_MEI = 3, /* interrupt of S-EL1 partitions: managed exit */
	FEATURE_NOTIFICATIONS = 4, /* which of them there are none of */
	NPI_INTID = 5,
	MEI_INTID = 4,
	SRI_INTID = 8,
};

/** What the specification says about feature @id. */
static uint32_t properties_of_feature(const struct situation *situation, uint32_t id,
				      bool *reported)
{
	switch (id) {
	case FEATURE_NPI:
		*reported = situation->minor >= 1 && (situation->instance & AT_S1) != 0;
		return NPI_INTID;
	case FEATURE_SRI:
		*reported = situation->minor >= 1 && situation->instance == AT_NS;
		return SRI_INTID;
	case FEATURE_MEI:
		*reported = situation->minor >= 1 && (situation->instance & AT_S1) != 0;
		return MEI_INTID;
	case FEATURE_NOTIFICATIONS:
		*reported = situation->minor >= 3;
		return 0; /* per vCPU from partitions and from VMs: all there */
	default:
		*reported = false;
		return 0;
	}
}

/** All identifiers, and those with a reserved bit beside them. */
static void ask_about_features(const struct situation *situation)
{
	for (uint32_t id = 0; id <= FEATURE_ID_LAST; id++) {
		bool reported;
		uint32_t properties = properties_of_feature(situation, id, &reported);

		ask(situation, id, reported, properties);
	}
	for (uint32_t id = 0; id <= FEATURE_NOTIFICATIONS; id++) {
		ask(situation, 0x100 | id, false, 0);
		ask(situation, 0x40000000 | id, false, 0);
	}
}

static void in_all_situations(void (*body)(const struct situation *situation))
{
	struct situation situation = { .fid = FFA_FEATURES_32,
				       .expectation = expectation_numbered(0x64) };

	while (situation_next(&situation)) {
		situation_reach(&situation);
		body(&situation);
	}
	print_message("%u calls\n", asked);
	CHECK(asked > 0);
	CHECK_EQUAL(wrong, 0);
}

TEST(features_reports_functions_as_instance_and_version_have_them)
{
	in_all_situations(ask_about_functions);
}

TEST(features_reports_interrupts_and_kinds_of_notifications_to_those_who_have_them)
{
	in_all_situations(ask_about_features);
}

/** SP1 of @instance with just the messaging method @method, in its start. */
static void begin_with_method(enum instance instance, uint16_t method)
{
	system_reset();
	system_add(SP1, instance)->services[0].messaging_method = method;
	system_build(1);
	system_begin();
	CHECK_EQUAL(running(), SP1);
}

static void ask_with_method(uint8_t instance, uint16_t method)
{
	const struct situation situation = {
		.instance = instance, .minor = 2, .model = IN_INIT, .fid = FFA_FEATURES_32
	};

	for (size_t i = 0; i < expectation_count * 2; i++) {
		const struct expectation *e = &expectations[i / 2];
		uint32_t fid = i % 2 == 0 ? FFA_FID32(e->number) : FFA_FID64(e->number);
		bool reported;
		uint32_t properties = properties_of(&situation, fid, &reported);

		if (e->method != 0 && (e->method & method) == 0) {
			reported = false;
		}
		ask_about(&situation, fid, reported, properties);
	}
}

TEST(features_reports_messages_to_partitions_as_their_methods_are)
{
	for (unsigned bit = 0; bit <= 11; bit++) {
		uint16_t method = bit == 11 ? 0 : (uint16_t)(1U << bit); /* at last: none */

		begin_with_method(INSTANCE_S1UP, method);
		ask_with_method(AT_S1UP, method);
		begin_with_method(INSTANCE_S1MP, method);
		ask_with_method(AT_S1MP, method);
		begin_with_method(INSTANCE_S0, method);
		ask_with_method(AT_S0, method);
	}
	CHECK(asked > 0);
	CHECK_EQUAL(wrong, 0);
}
