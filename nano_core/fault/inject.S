// SPDX-License-Identifier: MIT
// Where slots lead while an injection is pending, and the code that fails.
#include "nano_core/gate/layout.h"

  .text
  .globl inject_entry
  .type inject_entry, @function

// The gate has pushed its frame, which names the callee; the arguments are in registers. Goes on at the
// callee's function, or in the callee's pages with r11: the operand, r10: monitor_enter.
inject_entry:
  pushq %rdi
  pushq %rsi
  pushq %rdx
  pushq %rcx
  pushq %r8
  pushq %r9
  subq $8, %rsp
  movq 56(%rsp), %rdi
  movq %gs:CPU_GATE_TOP, %rsi
  subq $FRAME_BYTES, %rsi
  callq inject_pass                        // rax: target; rdx: operand
  movq %rdx, %r11
  leaq monitor_enter(%rip), %r10
  addq $8, %rsp
  popq %r9
  popq %r8
  popq %rcx
  popq %rdx
  popq %rsi
  popq %rdi
  jmpq *%rax
  .size inject_entry, . - inject_entry

// Copied as a whole; position-independent. At each entry the return address is on the stack.
  .section .rodata.inject, "a", @progbits
  .macro CODE name
  .globl inject_\name
inject_\name:
  .endm

CODE codes
CODE read
  movq (%r11), %rax
  ud2                                      // not reached, here and below
CODE write
  movb $0x5a, (%r11)
  ud2
CODE jump
  jmpq *%r11
CODE misaligned
  cmpxchg16b (%r11)
  ud2
CODE execute_stack
  jmpq *%rsp
CODE division
  xorl %edx, %edx
  movl $1, %eax
  xorl %ecx, %ecx
  divl %ecx
  ud2
CODE undefined
  .byte 0x06                               // none in 64-bit mode
CODE floating_point
  .byte 0x66, 0x0f, 0xef, 0xc0             // pxor xmm0, xmm0
  ud2
CODE bounds
  .byte 0x67, 0x0f, 0xb9, 0x40, 0x12       // as the compiler traps
CODE overflow
  .byte 0x67, 0x0f, 0xb9, 0x00
CODE exhaust
1:
  callq 1b
CODE smash_return
  movq %r11, (%rsp)
  retq
CODE smash_canary
  pushq %gs:CPU_CANARY
  notq (%rsp)
  popq %rax
  cmpq %gs:CPU_CANARY, %rax
  je 1f
  .byte 0x67, 0x0f, 0xb9, 0x40, 0x63       // as __stack_chk_fail does
1:
  ud2
CODE loop_interrupts_off
  cli
CODE loop
1:
  pause
  jmp 1b
CODE answer                                // the operand, and garbage for a value
  movq %r11, %rax
  movq $-1, %rdx
  retq
CODE monitor_held
  subq $8, %rsp
  movq %r11, %rdi
  callq *%r10
  addq $8, %rsp
  movl $12, %eax                           // FAULT
  xorl %edx, %edx
  retq
CODE in_monitor
  movq %r11, %rdi
  subq $8, %rsp
  callq *%r10
  xorl %eax, %eax
  movq (%rax), %rax
  ud2
CODE codes_end

  .section .note.GNU-stack, "", @progbits
