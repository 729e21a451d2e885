# SPDX-License-Identifier: BSD-3-Clause
# The normal-world client: build/normal-world.elf and .bin, linked and entered at BL33's address.

NW_OBJ := $(OUT)/obj/normal-world
NW_SOURCES := $(wildcard normal-world/*.c normal-world/*.S normal-world/tests/*.c normal-world/tests/*.S) \
	partitions/test-image/vectors.c partitions/test-image/vector_registers.S \
	sdk/ffa.c sdk/memory.c sdk/ffa_call.S sdk/s-el1/conduit.S $(SDK_LIB)
NW_OBJECTS := $(call objects,$(NW_OBJ),$(NW_SOURCES))
NW_CFLAGS := $(CFLAGS_FREESTANDING) $(WARNINGS_TARGET) -O2 -I. -MMD -MP
NW_LDFLAGS := -static -z max-page-size=4096 -T normal-world/normal-world.ld \
	$(if $(filter clang,$(TOOLCHAIN)),,--no-warn-rwx-segments)

$(NW_OBJ)/%.o: %.c mk/normal-world.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC_TARGET) $(NW_CFLAGS) -c $< -o $@
$(NW_OBJ)/%.o: %.S mk/normal-world.mk mk/toolchain.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC_TARGET) $(NW_CFLAGS) -c $< -o $@

$(OUT)/normal-world.elf: $(NW_OBJECTS) normal-world/normal-world.ld
	$(call say,LD,$@)
	$(Q)$(LD_TARGET) $(NW_LDFLAGS) $(NW_OBJECTS) -o $@
$(OUT)/normal-world.bin: $(OUT)/normal-world.elf
	$(Q)$(OBJCOPY_TARGET) -O binary $< $@

.PHONY: normal-world
normal-world: $(OUT)/normal-world.bin ## the normal-world client
	@:

-include $(NW_OBJECTS:.o=.d)
