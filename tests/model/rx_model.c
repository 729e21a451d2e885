/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/rx_model.h"

bool rx_is_secure(enum rx_endpoint endpoint)
{
	return endpoint >= S_EL1;
}

bool rx_step_exists(const struct rx_step *step)
{
	switch (step->action) {
	case DISCOVER:
	case COUNT_ONLY:
		return step->subject != VM; /* the hypervisor answers it */
	case WAIT:
	case WAIT_RETAINING:
	case WAIT_DENIED:
		return rx_is_secure(step->subject);
	case CREATE:
	case DESTROY:
		return !rx_is_secure(step->subject);
	case SEND_TO:
		return step->from != step->subject;
	default:
		return true;
	}
}

/** A VM is known to the SPMC by its buffers or its notifications. */
static bool is_known(const struct rx_model *model, enum rx_endpoint endpoint)
{
	const struct rx_state_of_endpoint *state = &model->of[endpoint];

	return endpoint != VM || state->owner != UNMAPPED || state->notified;
}

static enum ffa_status map(struct rx_model *model, enum rx_endpoint subject)
{
	if (subject == VM && model->of[HYPERVISOR].owner == UNMAPPED) {
		return FFA_INVALID_PARAMETERS; /* nowhere to describe the buffers */
	}
	if (model->of[subject].owner != UNMAPPED) {
		return FFA_DENIED;
	}
	model->of[subject].owner = EMPTY;
	return FFA_OK;
}

/** Whatever is in it is lost, and a notification of it with it. */
static enum ffa_status unmap(struct rx_state_of_endpoint *state)
{
	if (state->owner == UNMAPPED) {
		return FFA_INVALID_PARAMETERS;
	}
	state->owner = UNMAPPED;
	state->unread = 0;
	return FFA_OK;
}

/** A full buffer whose notification nobody has read is kept. */
static bool may_be_released(const struct rx_state_of_endpoint *state)
{
	return state->owner == ACQUIRED || (state->owner == FULL && state->unread == 0);
}

static enum ffa_status release(struct rx_model *model, enum rx_endpoint subject)
{
	if (!is_known(model, subject)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!may_be_released(&model->of[subject])) {
		return FFA_DENIED;
	}
	model->of[subject].owner = EMPTY;
	return FFA_OK;
}

static enum ffa_status acquire(struct rx_model *model, enum rx_endpoint subject)
{
	if (subject != VM || model->of[VM].owner == UNMAPPED) {
		return FFA_INVALID_PARAMETERS;
	}
	if (model->of[VM].owner != EMPTY) {
		return FFA_DENIED;
	}
	model->of[VM].owner = ACQUIRED;
	return FFA_OK;
}

static enum ffa_status discover(struct rx_state_of_endpoint *state)
{
	if (state->owner != EMPTY) {
		return FFA_BUSY;
	}
	state->owner = FULL;
	return FFA_OK;
}

static enum ffa_status send(struct rx_model *model, enum rx_endpoint from, enum rx_endpoint to)
{
	struct rx_state_of_endpoint *receiver = &model->of[to];

	if (model->of[from].owner == UNMAPPED) {
		return FFA_DENIED;
	}
	if (!rx_is_secure(from) && !rx_is_secure(to)) {
		return FFA_INVALID_PARAMETERS; /* the hypervisor's business */
	}
	if (receiver->owner == UNMAPPED) {
		return FFA_INVALID_PARAMETERS;
	}
	if (receiver->owner != EMPTY) {
		return FFA_BUSY;
	}
	receiver->owner = FULL;
	if (receiver->notified) {
		receiver->unread |= rx_is_secure(from) ? UNREAD_OF_SPMC : UNREAD_OF_HYPERVISOR;
	}
	return FFA_OK;
}

static enum ffa_status fetch(struct rx_state_of_endpoint *state, enum rx_endpoint subject,
			     unsigned what, unsigned *fetched)
{
	if (!rx_is_secure(subject) && (what & UNREAD_OF_HYPERVISOR) != 0) {
		return FFA_INVALID_PARAMETERS; /* that bitmap is the hypervisor's */
	}
	if (!state->notified) {
		return rx_is_secure(subject) ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS;
	}
	*fetched = state->unread & what;
	state->unread &= ~what;
	return FFA_OK;
}

static enum ffa_status wait(struct rx_state_of_endpoint *state)
{
	if (state->owner == FULL && may_be_released(state)) {
		state->owner = EMPTY;
	}
	return FFA_OK;
}

static enum ffa_status set_notified(struct rx_state_of_endpoint *state, bool notified)
{
	if (state->notified == notified || state->unread != 0) {
		return FFA_DENIED;
	}
	state->notified = notified;
	return FFA_OK;
}

struct rx_outcome rx_take_step(struct rx_model *model, const struct rx_step *step)
{
	struct rx_state_of_endpoint *state = &model->of[step->subject];
	struct rx_outcome outcome = { .status = FFA_OK };

	switch (step->action) {
	case MAP:
		outcome.status = map(model, step->subject);
		break;
	case UNMAP:
		outcome.status = unmap(state);
		break;
	case RELEASE:
		outcome.status = release(model, step->subject);
		break;
	case ACQUIRE:
		outcome.status = acquire(model, step->subject);
		break;
	case DISCOVER:
		outcome.status = discover(state);
		outcome.written = outcome.status == FFA_OK;
		break;
	case SEND_TO:
		outcome.status = send(model, step->from, step->subject);
		outcome.written = outcome.status == FFA_OK;
		break;
	case FETCH_OF_SPMC:
		outcome.status = fetch(state, step->subject, UNREAD_OF_SPMC, &outcome.fetched);
		break;
	case FETCH_OF_HYPERVISOR:
		outcome.status = fetch(state, step->subject, UNREAD_OF_HYPERVISOR,
				       &outcome.fetched);
		break;
	case FETCH_BOTH:
		outcome.status = fetch(state, step->subject, UNREAD_OF_SPMC | UNREAD_OF_HYPERVISOR,
				       &outcome.fetched);
		break;
	case WAIT:
		outcome.status = wait(state);
		break;
	case WAIT_DENIED:
		outcome.status = FFA_DENIED;
		break;
	case CREATE:
		outcome.status = set_notified(state, true);
		break;
	case DESTROY:
		outcome.status = set_notified(state, false);
		break;
	case COUNT_ONLY:
	case WAIT_RETAINING:
	case ACTION_COUNT:
		break;
	}
	return outcome;
}
