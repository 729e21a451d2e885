# SPDX-License-Identifier: BSD-3-Clause
# The partitions that are built, and where a name has no source of its own, whose source it takes.
# partitions/NAME/ holds NAME.dts and its sources (*.c, *.S; those of one exception level in s-el1/ or s-el0/).

# What `make run` shows.
PARTITIONS := hello-mp hello-up hello-el0
SOURCE_hello-mp := hello
SOURCE_hello-up := hello
SOURCE_hello-el0 := hello

# What the target tests use.
PARTITIONS += t-mp1 t-mp2 t-up t-up0 t-el0 t-el0b t-crash-start t-crash-el0 t-error-start
SOURCE_t-mp1 := test-image
SOURCE_t-mp2 := test-image
SOURCE_t-up := test-image
SOURCE_t-up0 := test-image
SOURCE_t-el0 := test-image
SOURCE_t-el0b := test-image
SOURCE_t-crash-el0 := t-crash-start
PARTITIONS += v-register v-el0-1-0 v-mute v-services v-offset
SOURCE_v-register := test-image
SOURCE_v-el0-1-0 := test-image
SOURCE_v-mute := test-image
SOURCE_v-services := test-image
SOURCE_v-offset := hello

# Those of systems/messages.toml.
PARTITIONS += m-mp m-up11 m-up13 m-el0 m-old m-mp11 m-mp13 m-plain
SOURCE_m-mp := test-image
SOURCE_m-up11 := test-image
SOURCE_m-up13 := test-image
SOURCE_m-el0 := test-image
SOURCE_m-old := test-image
SOURCE_m-mp11 := test-image
SOURCE_m-mp13 := test-image
SOURCE_m-plain := test-image

# Those of systems/memory.toml.
PARTITIONS += mem-mp mem-up11 mem-old mem-el0 mem-mp2
SOURCE_mem-mp := test-image
SOURCE_mem-up11 := test-image
SOURCE_mem-old := test-image
SOURCE_mem-el0 := test-image
SOURCE_mem-mp2 := test-image

# Those of systems/interrupts.toml.
PARTITIONS += i-hand i-mp i-up i-el0 i-exit i-exit-irq i-queue i-sri
SOURCE_i-hand := test-image
SOURCE_i-mp := test-image
SOURCE_i-up := test-image
SOURCE_i-el0 := test-image
SOURCE_i-exit := test-image
SOURCE_i-exit-irq := test-image
SOURCE_i-queue := test-image
SOURCE_i-sri := test-image

# Those of systems/simd.toml.
PARTITIONS += s-simd s-sve s-simd-up s-sve-up s-simd-el0 s-sve-el0
SOURCE_s-simd := test-image
SOURCE_s-sve := test-image
SOURCE_s-simd-up := test-image
SOURCE_s-sve-up := test-image
SOURCE_s-simd-el0 := test-image
SOURCE_s-sve-el0 := test-image
