/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers of FFA_NOTIFICATION_INFO_GET, read as a caller reads them and held against the model. */
#ifndef TESTS_MODEL_NOTIFICATION_LISTS_H
#define TESTS_MODEL_NOTIFICATION_LISTS_H

#include "tests/model/notification_model.h"

/**
 * The normal world has just called FFA_NOTIFICATION_INFO_GET, in the 64-bit form when @wide: the answer is
 * well formed, tells nothing but what the model has not told, leaves nothing out that fits, and says
 * whether there is more. The model has told it then.
 */
void lists_check_answer(struct model *model, bool wide);

#endif
