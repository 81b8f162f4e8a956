// SPDX-License-Identifier: MIT
// Between the root's stack and those of steps.
#include "nano_core/gate/layout.h"

  .text

  .macro SAVE_ROOT
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, %gs:CPU_ROOT_STACK
  .endm

  .globl context_start
  .type context_start, @function
// uint64_t context_start(uint64_t stack_top)
context_start:
  SAVE_ROOT
  movq %rdi, %rsp
  xorl %ebp, %ebp
  callq step_body
  ud2
  .size context_start, . - context_start

  .globl context_resume
  .type context_resume, @function
// uint64_t context_resume(const interrupt_frame_t *frame)
context_resume:
  SAVE_ROOT
  callq interrupt_resume
  ud2
  .size context_resume, . - context_resume

  .globl root_leave
  .type root_leave, @function
// void root_leave(uint64_t reason), interrupts off
root_leave:
  movq %rdi, %rax
  movq %gs:CPU_ROOT_STACK, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  retq
  .size root_leave, . - root_leave

  .section .note.GNU-stack, "", @progbits
