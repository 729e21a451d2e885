# SPDX-License-Identifier: BSD-3-Clause
# Memory transactions, searched (tests/model/memory): our sources once more, optimized and without sanitizers,
# because states count here. Objects in $(B)/host/fast/obj. Part of the unit tests; `make model-memory` alone.

FAST := $(UNIT)/fast
FAST_CFLAGS = -std=gnu11 -O2 -g $(WARNINGS_clang) -DBUILD_DEBUG=1 $(UNIT_INCLUDES)
MEMORY_MODEL := $(FAST)/memory_model
MEMORY_MODEL_OBJECTS := $(patsubst %.c,$(FAST)/obj/%.o,$(foreach folder,$(UNIT_LINK_ffa),$(UNIT_SOURCES_$(folder))) \
	$(FFA_FIXTURES) $(wildcard tests/model/memory/*.c))

$(FAST)/obj/%.o: %.c mk/unit-whole.mk
	@mkdir -p $(@D)
	$(CC_HOST) $(FAST_CFLAGS) -MMD -MP -c $< -o $@

$(MEMORY_MODEL): $(MEMORY_MODEL_OBJECTS)
	$(CC_HOST) -o $@ $^ -lcmocka -lpthread

# Runs as a test program does: without arguments.
MEMORY_MUTANTS := $(FAST)/memory_mutants
$(MEMORY_MUTANTS): $(MEMORY_MODEL) tests/model/memory/mutants.py
	@printf '#!/bin/sh\nexec %s --compile "%s" --link "%s" --work %s "$$@" %s\n' tests/model/memory/mutants.py \
		"$(CC_HOST) $(filter-out -Werror,$(FAST_CFLAGS)) -w" "$(CC_HOST)" $(FAST)/mutants "$(MEMORY_MODEL_OBJECTS)" > $@
	@chmod +x $@

-include $(shell find $(FAST)/obj -name '*.d' 2>/dev/null)

.PHONY: model-memory
STATES ?= 100000
model-memory: $(MEMORY_MODEL) ## memory transactions, up to STATES=100000 states of each scope
	$< $(STATES)
