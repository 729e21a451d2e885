# SPDX-License-Identifier: BSD-3-Clause
# The SPMC itself: $(OUT)/tantalum.elf and tantalum.bin, the raw image that TF-A loads as BL32.
#
# PLAT: a folder of plat/. DEBUG=1: slow checks and debug lines. Sources are what lies in the folders.

PLAT ?= qemu-virt
DEBUG ?= 0

SPMC_OBJ := $(OUT)/obj/spmc$(if $(filter-out 0,$(DEBUG)),-debug)
SPMC_ELF := $(OUT)/tantalum.elf
SPMC_BIN := $(OUT)/tantalum.bin
SPMC_DIRS ?= lib core config ffa init
SPMC_SRC := $(filter-out arch/aarch64/asm_offsets.c arch/aarch64/spmc.ld.S,$(wildcard \
	$(SPMC_DIRS:=/*.c) arch/aarch64/*.c arch/aarch64/*.S plat/$(PLAT)/*.c))
SPMC_OBJECTS := $(call objects,$(SPMC_OBJ),$(SPMC_SRC)) $(LIBFDT_FILES:%=$(SPMC_OBJ)/libfdt/%.o)

SPMC_CFLAGS := $(CFLAGS_FREESTANDING) $(WARNINGS_TARGET) -O2 -march=armv8.4-a -mbranch-protection=standard \
	-fstack-protector-strong -I. -Iarch/aarch64 -Iplat/$(PLAT) -I$(SPMC_OBJ) \
	$(if $(filter-out 0,$(DEBUG)),-DBUILD_DEBUG=1 -DBUILD_LOG_DEBUG=1) -MMD -MP
SPMC_LDFLAGS := -static --gc-sections --fatal-warnings -z max-page-size=4096 -z noexecstack
SPMC_LDFLAGS += $(if $(filter clang,$(TOOLCHAIN)),--no-rosegment)

# Before canary and keys exist, these cannot use them.
SPMC_CFLAGS_boot := -fno-stack-protector -mbranch-protection=bti

$(SPMC_OBJ)/config/dt.o: | $(TFA_SRC_STAMP)
$(SPMC_OBJ)/config/dt.o: SPMC_CFLAGS += $(LIBFDT_CFLAGS)

# A library as it is: our warnings are not its.
$(SPMC_OBJ)/libfdt/%.o: $(TFA_SRC_STAMP) mk/spmc.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC_TARGET) $(filter-out -W%,$(SPMC_CFLAGS)) $(LIBFDT_CFLAGS) -c $(LIBFDT)/$*.c -o $@

$(SPMC_OBJ)/%.o: %.c mk/spmc.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC_TARGET) $(SPMC_CFLAGS) $(if $(filter arch/aarch64/boot_%,$<),$(SPMC_CFLAGS_boot)) -c $< -o $@

$(SPMC_OBJ)/%.o: %.S $(SPMC_OBJ)/asm_offsets.h mk/spmc.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC_TARGET) $(SPMC_CFLAGS) -c $< -o $@

# Layout of C structures and values of C constants for assembly: `.ascii "@NAME #VALUE"` in the output.
$(SPMC_OBJ)/asm_offsets.h: arch/aarch64/asm_offsets.c mk/spmc.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(CC_TARGET) $(SPMC_CFLAGS) -MF $(@:.h=.d) -MT $@ -g0 -S $< -o $(@:.h=.s)
	$(Q)sed -n 's/.*"@\([A-Z0-9_a-z]*\) [#$$]*\(-*[0-9]*\)".*/#define \1 \2/p' $(@:.h=.s) > $@

$(SPMC_OBJ)/spmc.ld: arch/aarch64/spmc.ld.S mk/spmc.mk
	@mkdir -p $(@D)
	$(Q)$(CC_TARGET) -E -P -x assembler-with-cpp -I. -Iplat/$(PLAT) -MMD -MF $@.d -MT $@ $< -o $@

$(SPMC_OBJ)/tantalum.elf: $(SPMC_OBJECTS) $(SPMC_OBJ)/spmc.ld tools/image-size
	$(call say,LD,$(SPMC_ELF))
	$(Q)$(LD_TARGET) $(SPMC_LDFLAGS) -Map=$(@:.elf=.map) -T $(SPMC_OBJ)/spmc.ld $(SPMC_OBJECTS) -o $@
	@tools/image-size $@

# The public ones are those of the last build, whichever options it had; untouched when nothing changed.
$(SPMC_ELF): $(SPMC_OBJ)/tantalum.elf FORCE
	@cmp -s $< $@ || cp $< $@

$(SPMC_BIN): $(SPMC_ELF)
	$(Q)$(OBJCOPY_TARGET) -O binary $< $@

.PHONY: spmc spmc-now FORCE
spmc: ## the SPMC alone: build/tantalum.bin, .elf; [PLAT=qemu-virt] [TOOLCHAIN=gcc] [DEBUG=1]
	@tools/deps build
	@$(MAKE) --no-print-directory spmc-now

spmc-now: $(SPMC_BIN)
	@:

-include $(SPMC_OBJECTS:.o=.d) $(SPMC_OBJ)/asm_offsets.d $(SPMC_OBJ)/spmc.ld.d
