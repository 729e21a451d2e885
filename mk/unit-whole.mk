# SPDX-License-Identifier: BSD-3-Clause
# Memory transactions and interrupts, searched (tests/model/memory, tests/model/interrupts): our sources once more,
# optimized and without sanitizers, because states count here. Objects in $(B)/host/fast/obj. Part of the unit tests;
# `make model-memory` and `make model-interrupts` alone.

FAST := $(UNIT)/fast
FAST_CFLAGS = -std=gnu11 -O2 -g $(WARNINGS_clang) -DBUILD_DEBUG=1 $(UNIT_INCLUDES)
MEMORY_MODEL := $(FAST)/memory_model
MEMORY_MODEL_OBJECTS := $(patsubst %.c,$(FAST)/obj/%.o,$(foreach folder,$(UNIT_LINK_ffa),$(UNIT_SOURCES_$(folder))) \
	$(FFA_FIXTURES) $(wildcard tests/model/memory/*.c))

INTERRUPT_MODEL := $(FAST)/interrupt_model
INTERRUPT_MODEL_OBJECTS := $(patsubst %.c,$(FAST)/obj/%.o,$(foreach folder,$(UNIT_LINK_ffa),$(UNIT_SOURCES_$(folder))) \
	$(FFA_FIXTURES) $(wildcard tests/model/interrupts/*.c))

$(FAST)/obj/%.o: %.c mk/unit-whole.mk
	@mkdir -p $(@D)
	$(CC_HOST) $(FAST_CFLAGS) -MMD -MP -c $< -o $@

$(MEMORY_MODEL): $(MEMORY_MODEL_OBJECTS)
	$(CC_HOST) -o $@ $^ -lcmocka -lpthread

$(INTERRUPT_MODEL): $(INTERRUPT_MODEL_OBJECTS)
	$(CC_HOST) -o $@ $^ -lcmocka -lpthread

# Runs as a test program does: without arguments.
MEMORY_MUTANTS := $(FAST)/memory_mutants
$(MEMORY_MUTANTS): $(MEMORY_MODEL) tests/model/memory/mutants.py tests/model/seeded.py
	@printf '#!/bin/sh\nexec %s --compile "%s" --link "%s" --work %s "$$@" %s\n' tests/model/memory/mutants.py \
		"$(CC_HOST) $(filter-out -Werror,$(FAST_CFLAGS)) -w" "$(CC_HOST)" $(FAST)/mutants "$(MEMORY_MODEL_OBJECTS)" > $@
	@chmod +x $@

INTERRUPT_MUTANTS := $(FAST)/interrupt_mutants
$(INTERRUPT_MUTANTS): $(INTERRUPT_MODEL) tests/model/interrupts/mutants.py tests/model/seeded.py
	@printf '#!/bin/sh\nexec %s --compile "%s" --link "%s" --work %s "$$@" %s\n' tests/model/interrupts/mutants.py \
		"$(CC_HOST) $(filter-out -Werror,$(FAST_CFLAGS)) -w" "$(CC_HOST)" $(FAST)/interrupt-mutants \
		"$(INTERRUPT_MODEL_OBJECTS)" > $@
	@chmod +x $@

-include $(shell find $(FAST)/obj -name '*.d' 2>/dev/null)

.PHONY: model-memory
STATES ?= 100000
model-memory: $(MEMORY_MODEL) ## memory transactions, up to STATES=100000 states of each scope
	$< $(STATES)

.PHONY: model-interrupts
model-interrupts: $(INTERRUPT_MODEL) ## interrupts, up to STATES=100000 states of each scope
	$< $(STATES)

# The same system, fuzzed: `make fuzz-memory FUZZ_SECONDS=600`; a bounded run is one of the unit tests.
FUZZ_MEMORY := $(UNIT)/fuzz/fuzz_memory
FUZZ_MEMORY_SANITIZERS = $(FUZZ_CONFIG_FLAGS)
FUZZ_MEMORY_CFLAGS = -std=gnu11 -O2 -g $(FUZZ_MEMORY_SANITIZERS) $(WARNINGS_clang) -DBUILD_DEBUG=1 $(UNIT_INCLUDES)
FUZZ_MEMORY_OBJECTS := $(patsubst %.c,$(UNIT)/fuzz/obj/%.o,tests/fuzz/fuzz_memory.c tests/model/memory/machine.c \
	tests/model/memory/view.c $(FFA_FIXTURES) $(foreach folder,$(UNIT_LINK_ffa),$(UNIT_SOURCES_$(folder))))

# What inputs reach of the tests themselves and of the host's machine says nothing, and costs most of the time.
$(UNIT)/fuzz/obj/tests/%.o: FUZZ_MEMORY_SANITIZERS = $(UNIT_SANITIZERS)
$(UNIT)/fuzz/obj/arch/%.o: FUZZ_MEMORY_SANITIZERS = $(UNIT_SANITIZERS)

$(UNIT)/fuzz/obj/%.o: %.c mk/unit-whole.mk
	@mkdir -p $(@D)
	$(CC_HOST) $(FUZZ_MEMORY_CFLAGS) -MMD -MP -c $< -o $@

$(FUZZ_MEMORY): $(FUZZ_MEMORY_OBJECTS)
	$(CC_HOST) $(FUZZ_CONFIG_FLAGS) -o $@ $^ -lcmocka -lpthread

$(FUZZ_MEMORY)_bounded: $(FUZZ_MEMORY) tests/fuzz/bounded
	@printf '#!/bin/sh\nexec tests/fuzz/bounded $< fuzz/memory 12000 768\n' > $@
	@chmod +x $@

-include $(shell find $(UNIT)/fuzz/obj -name '*.d' 2>/dev/null)

.PHONY: fuzz-memory
fuzz-memory: $(FUZZ_MEMORY) ## fuzz memory transactions: FUZZ_SECONDS=60
	@mkdir -p $(UNIT)/fuzz/memory-corpus
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=20 -max_len=768 -artifact_prefix=$(UNIT)/fuzz/memory- \
		$(UNIT)/fuzz/memory-corpus
