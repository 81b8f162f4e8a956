// SPDX-License-Identifier: MIT
// The gate, as it is copied to stub pages, and as nano_core itself passes through it.
#include "nano_core/gate/layout.h"

  .section .rodata.gate, "a", @progbits
  .globl gate_template, gate_template_instance, gate_template_entry, gate_template_popped
  .globl gate_template_published, gate_template_end

// At entry: the return address on the stack, arguments in registers, rax r10 r11 free. The two
// displacements are patched. 18 instructions beyond the caller's call and the callee's ret.
gate_template:
  movq %gs:CPU_GATE_TOP, %r11
  movq 0x11111111(%rip), %rax             // the entry first: whoever binds stores it last
gate_template_entry:
  movq 0x11111111(%rip), %r10
gate_template_instance:
  movq %r10, FRAME_INSTANCE(%r11)
  movq %rbx, FRAME_RBX(%r11)
  movq %rbp, FRAME_RBP(%r11)
  movq %r12, FRAME_R12(%r11)
  movq %r13, FRAME_R13(%r11)
  movq %r14, FRAME_R14(%r11)
  movq %r15, FRAME_R15(%r11)
  popq FRAME_RETURN(%r11)                 // also aligns the stack for the callee
gate_template_popped:
  movq %rsp, FRAME_STACK(%r11)
  addq $FRAME_BYTES, %gs:CPU_GATE_TOP     // publishes
gate_template_published:
  callq *%rax
  movq %gs:CPU_GATE_TOP, %r11
  pushq (FRAME_RETURN - FRAME_BYTES)(%r11)  // from here, not from a stack that may be smashed
  subq $FRAME_BYTES, %gs:CPU_GATE_TOP
  retq
gate_template_end:

  .globl gate_direct_template, gate_direct_template_entry, gate_direct_template_end
gate_direct_template:
  jmpq *0x11111111(%rip)
gate_direct_template_entry:
gate_direct_template_end:

  .text

// Fills the frame of a call from nano_core itself through the slot in rbx, which comes back at
// `done`, a fault of the callee included, and publishes it. r10: the entry.
  .macro PUBLISH_FRAME done
  movq %gs:CPU_GATE_TOP, %r11
  movq SLOT_ENTRY(%rbx), %r10
  movq SLOT_INSTANCE(%rbx), %rax
  movq %rax, FRAME_INSTANCE(%r11)
  movq %rbx, FRAME_RBX(%r11)
  movq %rbp, FRAME_RBP(%r11)
  movq %r12, FRAME_R12(%r11)
  movq %r13, FRAME_R13(%r11)
  movq %r14, FRAME_R14(%r11)
  movq %r15, FRAME_R15(%r11)
  leaq \done(%rip), %rax
  movq %rax, FRAME_RETURN(%r11)
  movq %rsp, FRAME_STACK(%r11)
  addq $FRAME_BYTES, %gs:CPU_GATE_TOP     // publishes
  .endm

  .globl gate_pass, gate_pass_start, gate_pass_published, gate_pass_return
  .type gate_pass, @function

// gate_result_t gate_pass(uint64_t a, uint64_t b, uint64_t c, const gate_slot_t *slot)
gate_pass:
  pushq %rbx                              // also aligns the stack
  movq %rcx, %rbx
gate_pass_start:
  PUBLISH_FRAME gate_pass_done
gate_pass_published:
  callq *%r10
gate_pass_return:
  subq $FRAME_BYTES, %gs:CPU_GATE_TOP
gate_pass_done:
  popq %rbx
  retq
  .size gate_pass, . - gate_pass

  .globl gate_invoke, gate_invoke_start, gate_invoke_published, gate_invoke_return
  .type gate_invoke, @function

// void gate_invoke(const gate_slot_t *slot, const uint64_t arguments[6], gate_result_t *result)
gate_invoke:
  pushq %rbp
  movq %rsp, %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  pushq %rdx
  movq %rdi, %rbx
  movq %rsi, %r12
gate_invoke_start:
  movq 0(%r12), %rdi
  movq 8(%r12), %rsi
  movq 16(%r12), %rdx
  movq 24(%r12), %rcx
  movq 32(%r12), %r8
  movq 40(%r12), %r9
  PUBLISH_FRAME gate_invoke_done
gate_invoke_published:
  callq *%r10
gate_invoke_return:
  subq $FRAME_BYTES, %gs:CPU_GATE_TOP
gate_invoke_done:                          // a fault of the callee comes back here
  popq %rcx
  movq %rax, 0(%rcx)
  movq %rdx, 8(%rcx)
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  retq
  .size gate_invoke, . - gate_invoke

  .globl resolver_entry
  .type resolver_entry, @function

// An unbound slot leads here with the arguments still in registers and the gate's frame pushed. The
// return address on the stack tells which gate it was. Once the slot is bound, the gate starts anew.
resolver_entry:
  pushq %rdi
  pushq %rsi
  pushq %rdx
  pushq %rcx
  pushq %r8
  pushq %r9
  subq $8, %rsp
  movq 56(%rsp), %rdi                      // where the gate's call returns to
  movq %gs:CPU_GATE_TOP, %rsi
  subq $FRAME_BYTES, %rsi
  callq resolver_resolve                   // eax: status; rdx: where to start anew
  addq $8, %rsp
  testl %eax, %eax
  jnz 1f
  movq %rdx, %r10
  popq %r9
  popq %r8
  popq %rcx
  popq %rdx
  popq %rsi
  popq %rdi
  addq $8, %rsp                            // drops the gate's call
  subq $FRAME_BYTES, %gs:CPU_GATE_TOP
  leaq gate_invoke_start(%rip), %rax
  cmpq %rax, %r10
  je 2f
  leaq gate_pass_start(%rip), %rax
  cmpq %rax, %r10
  je 2f
  movq %gs:CPU_GATE_TOP, %r11
  pushq FRAME_RETURN(%r11)                 // a stub begins with its return address on the stack
2:
  jmpq *%r10
1:
  addq $48, %rsp
  movl %eax, %eax                          // a result's value may share rax with the status
  xorl %edx, %edx
  retq
  .size resolver_entry, . - resolver_entry

  .section .note.GNU-stack, "", @progbits
