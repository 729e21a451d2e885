# SPDX-License-Identifier: BSD-3-Clause
# Instructions per operation, counted by a QEMU plugin: make bench. What is measured and how:
# bench/README.md. This file is read before those that define NW_CFLAGS, SDK_CFLAGS and so on: they
# can be used in recipes only.

include mk/freestanding.mk

BENCH := $(B)/bench
BENCH_OBJ := $(BENCH)/obj

# The normal-world client without what it does: start-up, exceptions, console, semihosting.
BENCH_NORMAL_WORLD := $(filter-out %/main.c %/demo.c %/test.c, \
	$(wildcard normal-world/*.c normal-world/*.S))
BENCH_CLIENT_SOURCES := $(wildcard bench/client/*.c) bench/vectors.S $(BENCH_NORMAL_WORLD) \
	sdk/ffa.c sdk/ffa_call.S sdk/s-el1/conduit.S $(SDK_LIB)
BENCH_PARTITION_SOURCES := $(wildcard bench/partition/*.c sdk/*.c sdk/*.S) bench/vectors.S $(SDK_LIB)

# $(call bench-compile,FOLDER,VARIABLE with the flags)
define bench-compile
$(BENCH_OBJ)/$1/%.o: %.c mk/bench.mk mk/toolchain.mk
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC_TARGET) $$($2) -c $$< -o $$@
$(BENCH_OBJ)/$1/%.o: %.S mk/bench.mk mk/toolchain.mk
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC_TARGET) $$($2) -c $$< -o $$@
endef
$(eval $(call bench-compile,client,NW_CFLAGS))
$(foreach level,s-el1 s-el0,$(eval $(call bench-compile,$(level),SDK_CFLAGS)))

$(BENCH)/client.elf: $(call objects,$(BENCH_OBJ)/client,$(BENCH_CLIENT_SOURCES)) \
		normal-world/normal-world.ld
	$(call say,LD,$@)
	$(Q)$(LD_TARGET) $(NW_LDFLAGS) $(filter %.o,$^) -o $@

define bench-partition
$(BENCH)/$1.elf: $(call objects,$(BENCH_OBJ)/$1,$(BENCH_PARTITION_SOURCES) \
		$(wildcard sdk/$1/*.c sdk/$1/*.S)) sdk/partition.ld
	$$(call say,LD,$$@)
	$$(Q)$$(LD_TARGET) $$(SDK_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
$(foreach level,s-el1 s-el0,$(eval $(call bench-partition,$(level))))

$(BENCH)/%.bin: $(BENCH)/%.elf
	$(Q)$(OBJCOPY_TARGET) -O binary $< $@

$(BENCH)/count.so: bench/plugin/count.c bench/plugin/qemu_plugin.h bench/mark.h mk/bench.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC_HOST) -std=gnu11 -O2 -Wall -Wextra -Werror -I. -shared -fPIC $< -o $@

BENCH_RUN := bench/bench.py --system $(OUT)/systems/bench --elf $(OUT)/tantalum.elf

.PHONY: bench bench-ready test-bench
bench: ## instructions of each operation beside the reference's; [HOT=operation] profiles one
	@tools/deps build firmware run bench
	@$(MAKE) --no-print-directory bench-ready
	@$(BENCH_RUN) $(if $(HOT),--profile $(HOT))

# All that bench/bench.py runs.
bench-ready:
	@$(MAKE) --no-print-directory $(OUT)/systems/bench/flash.bin $(BENCH)/count.so $(QEMU_STAMP)

test-bench: bench-ready ## instruction counts against bench/limits.csv
	@$(BENCH_RUN) --check

-include $(shell find $(BENCH_OBJ) -name '*.d' 2>/dev/null)
