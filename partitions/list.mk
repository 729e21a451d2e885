# SPDX-License-Identifier: BSD-3-Clause
# The partitions that are built, and where a name has no source of its own, whose source it takes.
# partitions/NAME/ holds NAME.dts and its sources (*.c, *.S; those of one exception level in s-el1/ or s-el0/).

PARTITIONS := hello-mp hello-up hello-el0
SOURCE_hello-mp := hello
SOURCE_hello-up := hello
SOURCE_hello-el0 := hello
