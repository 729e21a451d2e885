# SPDX-License-Identifier: BSD-3-Clause
# Partitions: build/partitions/NAME.elf, .bin and .dtb for every name in partitions/list.mk, made with
# the SDK only. One image is built per source folder and exception level and copied to its names.

include partitions/list.mk

SDK_OBJ := $(OUT)/obj/sdk
PARTITION_OBJ := $(OUT)/obj/partitions
PARTITION_OUT := $(OUT)/partitions

SDK_CFLAGS := $(CFLAGS_FREESTANDING) $(WARNINGS_TARGET) -O2 -fpie -fvisibility=hidden -I. -MMD -MP
SDK_LDFLAGS := -pie --no-dynamic-linker -z text -z max-page-size=4096 -T sdk/partition.ld
SDK_LDFLAGS += $(if $(filter clang,$(TOOLCHAIN)),-z rodynamic,--no-warn-rwx-segments)

# $(call sdk-sources,FOLDER,LEVEL): the sources of FOLDER for an exception level
sdk-sources = $(wildcard $1/*.c $1/*.S $1/$2/*.c $1/$2/*.S)

define sdk-rules
$(SDK_OBJ)/$1/%.o: %.c mk/partitions.mk mk/toolchain.mk
	@mkdir -p $$(@D)
	$(call say,CC,$$@)
	$(Q)$(CC_TARGET) $(SDK_CFLAGS) -c $$< -o $$@
$(SDK_OBJ)/$1/%.o: %.S mk/partitions.mk mk/toolchain.mk
	@mkdir -p $$(@D)
	$(call say,CC,$$@)
	$(Q)$(CC_TARGET) $(SDK_CFLAGS) -c $$< -o $$@
endef
$(foreach level,s-el1 s-el0,$(eval $(call sdk-rules,$(level))))

# An image: source folder $1 at exception level $2.
define image-rules
$(PARTITION_OBJ)/$1-$2.elf: $(call objects,$(SDK_OBJ)/$2,$(SDK_LIB) $(call sdk-sources,sdk,$2) $(call sdk-sources,$3,$2)) sdk/partition.ld
	@mkdir -p $$(@D)
	$(call say,LD,$$@)
	$(Q)$(LD_TARGET) $(SDK_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef

# The manifest decides about the exception level.
level-of = $(if $(shell grep -l 'exception-level = <1>' $1),s-el0,s-el1)
source-of = $(or $(SOURCE_$1),$1)
folder-of = $(if $(filter template,$1),sdk/template,partitions/$1)

define partition-rules
PARTITION_IMAGES += $(call source-of,$1)@$2
$(PARTITION_OUT)/$1.elf: $(PARTITION_OBJ)/$(call source-of,$1)-$2.elf
	@mkdir -p $$(@D)
	$(Q)cp $$< $$@
$(PARTITION_OUT)/$1.bin: $(PARTITION_OUT)/$1.elf
	$(Q)$(OBJCOPY_TARGET) -O binary $$< $$@
$(PARTITION_OUT)/$1.dtb: $(call folder-of,$1)/$1.dts
	@mkdir -p $$(@D)
	$(call say,DTC,$$@)
	$(Q)dtc -q -I dts -O dtb -o $$@ $$<
endef
$(foreach p,$(PARTITIONS) template,$(eval $(call partition-rules,$(p),$(call level-of,$(call folder-of,$(p))/$(p).dts))))
$(foreach i,$(sort $(PARTITION_IMAGES)),$(eval $(call image-rules,$(word 1,$(subst @, ,$(i))),$(word 2,$(subst @, ,$(i))),$(call folder-of,$(word 1,$(subst @, ,$(i)))))))

.PHONY: partitions
partitions: $(foreach p,$(PARTITIONS) template,$(PARTITION_OUT)/$(p).bin $(PARTITION_OUT)/$(p).dtb) ## demo and test partitions
	@:

-include $(shell find $(SDK_OBJ) -name '*.d' 2>/dev/null)
