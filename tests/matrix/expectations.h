/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the specification says about each interface: the second opinion that the matrix holds against
 * abi/ffa_abi.def. Written from DEN0077A's tables ("Interfaces", "FFA_FEATURES", "Partition runtime models"),
 * never from the .def file, or the matrix could not fail.
 */
#ifndef TESTS_MATRIX_EXPECTATIONS_H
#define TESTS_MATRIX_EXPECTATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NEVER = 0xFF, /* no such form in any version known */

	/* Instances, one bit each. */
	AT_NS = 0x1,
	AT_S1UP = 0x2,
	AT_S1MP = 0x4,
	AT_S0 = 0x8,
	AT_S1 = AT_S1UP | AT_S1MP,
	AT_SP = AT_S1 | AT_S0,
	AT_ANY = AT_NS | AT_SP,

	/* Runtime models, one bit each. */
	IN_INIT = 0x1,
	IN_RUN = 0x2,
	IN_DIRECT = 0x4,
	IN_INTERRUPT = 0x8,
	IN_POWER = 0x10, /* handling CPU_OFF: S-EL1 MP only */
	IN_CALLER = 0x20, /* taken out of its call by an interrupt: S-EL1 only */
	IN_USUAL = 0xF,
	IN_ALL = 0x3F,
};

/** What must be there for a call to be served. */
enum preparation {
	NOTHING,
	BUFFERS, /* RX/TX mapped */
	FULL_RX, /* and RX full */
	YIELDED_CALLEE, /* a partition that the caller sent a request to, and that has yielded */
	BITMAP, /* the normal world's notifications created; a partition has them from its manifest */
	BOUND, /* and one of the caller's bound to the helper */
	BOUND_TO_CALLER, /* one of the helper's bound to the caller */
	NEWS, /* and it is pending */
	VM_BUFFERS, /* RX/TX of a VM mapped by its hypervisor */
	MESSAGE, /* a message to the helper in the caller's TX; the helper has an RX */

	/* Of memory (memory.h). */
	DESCRIPTOR, /* what the caller wants to send to the helper, in its TX */
	HALF_SENT, /* a first fragment; the next one in its TX */
	SENT, /* all of it */
	OFFERED, /* what the helper has sent to the caller; the request for it in the caller's TX */
	HALF_RETRIEVED, /* the first fragment of the response */
	RETRIEVED, /* all of it; how it is given back in the caller's TX */
};

/** Who runs after a call that was served. */
enum next {
	CALLER,
	HELPER, /* the partition that was sent to or resumed */
	GIVER, /* whoever gave the caller its cycles; after the start: the normal world */
};

struct expectation {
	const char *name;
	uint8_t number;
	uint8_t since_32, since_64; /* minor version of FF-A 1 */
	uint8_t callers; /* instances at which it exists; NOT_SUPPORTED at all others */
	uint8_t only_32; /* of these: those without an SMC64 form */
	uint8_t denied; /* of these: DENIED whatever the model */
	uint8_t models; /* in which a partition may call it; DENIED in all others */
	uint8_t busy; /* of these others: BUSY, the helper is at work for the caller */
	uint8_t direct_since; /* minor version since which DIRECT is one of them */
	uint8_t ignored; /* of these models: FFA_SUCCESS, and nothing happens */
	uint8_t goes_on; /* of these models: who runs next goes on where an interrupt stopped it */
	/* bit n: xn has bits that must be zero: INVALID_PARAMETERS, before any DENIED */
	uint32_t reserved;
	uint32_t reserved_bit; /* one of them; 0: bit 7 */
	uint8_t reserved_before; /* minor version from which they are ignored; 0: none */
	bool reserved_wide; /* and so are x8-x17 of the SMC64 form from 1.2 on, unless they are payload */

	/* FFA_FEATURES. */
	uint8_t features; /* instances to which it is reported */
	uint16_t method; /* property bit that a partition needs for that; 0: none */
	uint32_t feature_properties; /* w2, from 1.2 on */
	uint32_t feature_input; /* w2 of the call that it needs from 1.1 on; then w2 is this: */
	uint32_t feature_output;

	/* A call that is served. */
	enum preparation preparation;
	enum next next;
	uint32_t answer; /* w0 of who runs next; 0: the form's own identifier */
	bool answer_in_kind; /* in the width of the call */
	uint8_t wide_since; /* minor version from which the SMC64 form is about x0-x17; 0: never */
	/* bit n: xn of who runs next is that of the call; w1 is always a word, x8-x17 as wide_since says */
	uint32_t payload;
	uint32_t outputs; /* bit n: xn of who runs next may be something */
	uint32_t outputs_1_3; /* and these, from 1.3 on */
};

/** All of them, ordered by number. */
extern const struct expectation expectations[];
extern const size_t expectation_count;

/** The expectation for function number @number, or NULL. */
const struct expectation *expectation_numbered(uint32_t number);

#endif
