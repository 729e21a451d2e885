/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The few functions of QEMU's plugin interface, version 4, that counting needs. Written here
 * because Debian packages no header for them; QEMU 10.0 accepts versions 2 to 4.
 */
#ifndef BENCH_PLUGIN_QEMU_PLUGIN_H
#define BENCH_PLUGIN_QEMU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_API 4
#define QEMU_PLUGIN_EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_info; /* what runs, for plugins that care */
struct qemu_plugin_tb; /* a translated block, during its translation */
struct qemu_plugin_insn; /* one instruction of it */

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS, /* the callback touches no guest register */
};

typedef void (*qemu_plugin_translated)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*qemu_plugin_executed)(unsigned vcpu, void *argument);

/* Looked up by QEMU when it loads the plugin. */
extern int qemu_plugin_version;
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_translated callback);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_executed callback,
					    enum qemu_plugin_cb_flags flags, void *argument);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *target, size_t size);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

#endif
