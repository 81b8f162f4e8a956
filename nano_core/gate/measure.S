// SPDX-License-Identifier: MIT
// The loop that times a call: void measure_calls(uint64_t entry, uint64_t count)

  .text
  .globl measure_calls, measure_nothing
  .type measure_calls, @function
  .type measure_nothing, @function
  .p2align 4
measure_calls:
  pushq %rbx
  pushq %rbp
  subq $8, %rsp
  movq %rdi, %rbx
  movq %rsi, %rbp
1:
  callq *%rbx
  decq %rbp
  jnz 1b
  addq $8, %rsp
  popq %rbp
  popq %rbx
  retq
  .size measure_calls, . - measure_calls

  .p2align 4
measure_nothing:
  xorl %eax, %eax
  retq
  .size measure_nothing, . - measure_nothing

  .section .note.GNU-stack, "", @progbits
