// SPDX-License-Identifier: MIT
// The switch between two fibers: what a function must preserve goes to the stack that is left.
  .text
  .globl interleave_switch
  .type interleave_switch, @function
// void interleave_switch(void **left, void *entered)
interleave_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  retq
  .size interleave_switch, . - interleave_switch

  .section .note.GNU-stack, "", @progbits
