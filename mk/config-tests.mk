# SPDX-License-Identifier: BSD-3-Clause
# Host tests of config/: unit tests, the corpus of manifests, the fuzzer. Objects in $(B)/host/.

CONFIG_CFLAGS := -std=gnu11 -g -O1 -I. $(WARNINGS_clang) -MMD -MP
CONFIG_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CONFIG_SOURCES := $(wildcard config/*.c) core/partition_config.c lib/format.c
CONFIG_OBJECTS := $(CONFIG_SOURCES:%.c=$(B)/host/config-tests/%.o) \
	$(LIBFDT_FILES:%=$(B)/host/config-tests/libfdt/%.o)
CONFIG_UNIT_TESTS := $(patsubst tests/unit/config/%.c,$(B)/host/config-tests/%,\
	$(wildcard tests/unit/config/test_*.c))

$(B)/host/config-tests/%.o: %.c
	@mkdir -p $(@D)
	@$(CC_HOST) $(CONFIG_CFLAGS) $(CONFIG_SANITIZE) -c $< -o $@

$(B)/host/config-tests/config/dt.o: CONFIG_CFLAGS += -isystem $(TFA_SRC)/include/lib/libfdt
$(B)/host/config-tests/config/dt.o: | $(TFA_SRC_STAMP)
$(B)/host/config-tests/libfdt/%.o: $(TFA_SRC_STAMP)
	@mkdir -p $(@D)
	@$(CC_HOST) -std=gnu11 -g -O1 -isystem $(TFA_SRC)/include/lib/libfdt $(CONFIG_SANITIZE) -c $(LIBFDT)/$*.c -o $@

$(B)/host/manifest-check: $(B)/host/config-tests/tools/manifest-check.o $(CONFIG_OBJECTS)
	@$(CC_HOST) $(CONFIG_SANITIZE) $^ -o $@

$(B)/host/config-tests/test_%: $(B)/host/config-tests/tests/unit/config/test_%.o $(CONFIG_OBJECTS)
	@$(CC_HOST) $(CONFIG_SANITIZE) $^ -lcmocka -o $@

.SECONDARY: $(CONFIG_UNIT_TESTS:$(B)/host/config-tests/%=$(B)/host/config-tests/tests/unit/config/%.o)

.PHONY: manifest-check test-config fuzz-config
manifest-check: $(B)/host/manifest-check ## the SPMC's manifest parser as a program for the host

test-config: $(B)/host/manifest-check $(CONFIG_UNIT_TESTS) ## host tests of manifests and packages
	@/usr/bin/python3 tests/manifests/run.py --check $(B)/host/manifest-check \
		--work $(B)/host/manifests $(CONFIG_UNIT_TESTS)

# Bounded: make fuzz-config FUZZ_SECONDS=600.
FUZZ_SECONDS ?= 60
FUZZ_CONFIG_FLAGS := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

$(B)/host/fuzz_config: tests/fuzz/fuzz_config.c $(CONFIG_SOURCES) $(wildcard config/*.h)
	@mkdir -p $(@D)
	@$(MAKE) --no-print-directory $(TFA_SRC_STAMP)
	$(CC_HOST) -std=gnu11 -g -O1 -I. -I$(TFA_SRC)/include/lib/libfdt $(FUZZ_CONFIG_FLAGS) \
		tests/fuzz/fuzz_config.c $(CONFIG_SOURCES) $(LIBFDT_FILES:%=$(LIBFDT)/%.c) -o $@

fuzz-config: $(B)/host/fuzz_config $(B)/host/manifest-check
	@/usr/bin/python3 tests/manifests/run.py --check $(B)/host/manifest-check \
		--work $(B)/host/manifests --seeds $(B)/host/fuzz-seeds
	@mkdir -p $(B)/host/fuzz-corpus
	$(B)/host/fuzz_config -max_total_time=$(FUZZ_SECONDS) -timeout=5 -max_len=16384 \
		-artifact_prefix=$(B)/host/fuzz- $(B)/host/fuzz-corpus $(B)/host/fuzz-seeds

-include $(CONFIG_OBJECTS:.o=.d) $(wildcard $(B)/host/config-tests/tests/unit/config/*.d) \
	$(B)/host/config-tests/tools/manifest-check.d
