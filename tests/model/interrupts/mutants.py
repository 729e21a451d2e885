#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Bugs seeded into interrupts, for the model to find: ../seeded.py."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import seeded  # noqa: E402  pylint: disable=wrong-import-position

# name, source, what is there, what the mutant has instead
MUTANTS = [
    ("an interrupt of who waits is forgotten", "ffa/interrupt.c",
     "\tif (!may_interrupt(pe)) {\n\t\tpostpone(pe, ctx);\n\t\treturn;\n\t}\n\tif (hold_back",
     "\tif (!may_interrupt(pe)) {\n\t\treturn;\n\t}\n\tif (hold_back"),
    ("an interrupt of a caller is forgotten", "ffa/interrupt.c",
     "\tif (!may_interrupt(pe)) {\n\t\tpostpone(pe, ctx);\n\t} else if (waits_in_chain",
     "\tif (!may_interrupt(pe)) {\n\t} else if (waits_in_chain"),
    ("handlers are interrupted", "ffa/interrupt.c", "pe->duty == DUTY_NONE && pe->timed == NULL &&",
     "pe->duty == DUTY_NONE &&"),
    ("CPU_OFF is interrupted", "ffa/interrupt.c", "return pe->duty == DUTY_NONE && pe->timed == NULL &&",
     "return (pe->duty == DUTY_STOP || pe->timed == NULL) &&"),
    ("who queues is interrupted", "ffa/interrupt.c", "(pe->current->modes & CTX_QUEUES_OTHERS) == 0;",
     "pe->current != NULL;"),
    ("a handler's time is not counted", "ffa/interrupt.c",
     "\tbudget_begin(pe, ctx, ctx->partition->interrupt_budget);\n", ""),
    ("non-secure interrupts come while one is handled", "ffa/interrupt.c",
     "\tctx->modes |= CTX_MASKS_NS;\n\tpe_mask_ns(pe, true);\n\tbudget_begin", "\tbudget_begin"),
    ("a caller forgets what it may do", "ffa/interrupt.c", "\tctx->modes = ctx->modes_before;\n", ""),
    ("a caller goes on in another model", "ffa/interrupt.c", "\tctx->model = ctx->model_before;\n", ""),
    ("who waits is entered by its S-EL0 twice", "ffa/interrupt.c",
     "\t\t(void)virq_acknowledge(&ctx->virqs, &ctx->arch, &bit);\n", ""),
    ("a waiting context keeps what it handled", "ffa/interrupt.c",
     "\tinterrupt_let_go_handled(pe, ctx);\n\tpe_rest(pe, ctx, CTX_WAITING);", "\tpe_rest(pe, ctx, CTX_WAITING);"),
    ("who waits with something pending sleeps on", "ffa/interrupt.c",
     "\tpe_rest(pe, ctx, CTX_WAITING);\n\twake(pe, ctx, POLICY_SRI_BEFORE_WAITING);", "\tpe_rest(pe, ctx, CTX_WAITING);"),
    ("the other PE is not kicked", "ffa/interrupt.c", "\tarch_interrupt_kick(spmc->config->cpu_mpidr[pe_index]);\n", ""),
    ("a kick says nothing", "ffa/interrupt_serve.c",
     "\tpe->undelivered |= atomic_exchange_explicit(&pe->attention, 0, memory_order_acquire);",
     "\tatomic_exchange_explicit(&pe->attention, 0, memory_order_acquire);"),
    ("the kick stays active", "ffa/interrupt_serve.c", "\tarch_interrupt_deactivate(&pe->arch, ARCH_INTERRUPT_KICK);\n", ""),
    ("what pends is not held", "ffa/interrupt_serve.c", "\tvirq_hold(&ctx->virqs, bit, pe->index);\n", ""),
    ("an abandoned callee stays blocked", "ffa/interrupt.c", "\t\tpe_rest(pe, callee, CTX_PREEMPTED);\n", ""),
    ("a hung handler goes on", "ffa/interrupt_serve.c", "if (now >= pe->budget_at && pe->current->partition != NULL)",
     "if (now >= pe->budget_at && pe->current->partition == NULL)"),
    ("a managed exit never ends", "ffa/interrupt_serve.c", "\tpe_mask_ns(pe, queues != NULL);\n", ""),
    ("the scheduler is not told of IPIs", "ffa/interrupt.c",
     "\tnotif_set_want_cycles(&ctx->endpoint->notifications, ctx->index);\n", ""),
    ("what was postponed waits for the next interrupt", "ffa/run_loop.c",
     "\tinterrupt_deliver_waiting(pe);\n", ""),
    ("a handler that is done forgets the others", "ffa/run_loop.c",
     "\tpe->errands = false;\n", "\tpe->errands = false;\n\tpe->undelivered = 0;\n"),
    ("who handles its interrupt waits for the normal world", "ffa/cycles.c",
     "\tinterrupt_leave(pe, ctx);\n\texec_ctx_forget_request(ctx);", "\texec_ctx_forget_request(ctx);"),
    ("a caller goes on with something pending", "ffa/cycles.c", "if (virq_asserted(&call->ctx->virqs) != 0) {",
     "if (virq_asserted(&call->ctx->virqs) == 0) {"),
    ("what is let go stays active", "core/interrupt.c",
     "\t\t\tarch_interrupt_deactivate(&spmc->pes[__builtin_ctz(pes)].arch, intid);\n", "\t\t\t(void)intid;\n"),
    ("what a PE had in hand is lost with it", "core/interrupt.c",
     "\t\tif (is_shared(interrupt)) {\n\t\t\tarch_interrupt_pend(NULL, interrupt->config->id);\n\t\t}\n", "\t\t(void)interrupt;\n"),
    ("timers are lost with their PE", "core/interrupt.c", "\ttimer_queue_empty(&pe->timers, &other->timers);\n", ""),
]


if __name__ == "__main__":
    sys.exit(seeded.main("model/interrupt_mutants", MUTANTS, "5000"))
