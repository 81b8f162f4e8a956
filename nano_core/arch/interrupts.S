// SPDX-License-Identifier: MIT
// Entry stubs of all vectors, the common entry, and what switches stacks. What returns here from
// elsewhere stands at fixed offsets of a page of its own, so that a swap of nano_core can rewrite
// the addresses that are saved on stacks.

.equ kVectors, 256
.equ kEntryBytes, 16

.section .text.entries, "ax", @progbits
.balign 4096
.globl interrupt_entries
.type interrupt_entries, @object
interrupt_entries:
.set vector, 0
.rept kVectors
  .balign kEntryBytes
  // The processor pushes an error code for #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP, #VC and #SX.
  .set has_error, vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21
  .if !(has_error || vector == 29 || vector == 30)
    pushq $0
  .endif
  pushq $vector
  jmp interrupt_common
  .set vector, vector + 1
.endr
.balign kEntryBytes
.size interrupt_entries, . - interrupt_entries

.section .text.resume, "ax", @progbits
.balign 4096
resume_page:

.org resume_page + 0x000, 0xcc
.globl interrupt_common
.type interrupt_common, @function
interrupt_common:
  pushq %rax
  pushq %rbx
  pushq %rcx
  pushq %rdx
  pushq %rsi
  pushq %rdi
  pushq %rbp
  pushq %r8
  pushq %r9
  pushq %r10
  pushq %r11
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  // Clears the direction flag and, without asking whether SMAP is there, the access flag. The frame
  // is 22 eightbytes, so the stack is aligned for the call.
  pushq $2
  popfq
  xorl %ebp, %ebp  // a backtrace ends here; the frame tells how it goes on
  movq %rsp, %rdi
  call interrupt_handle
  movq %rsp, %rdi
  jmp interrupt_resume
.size interrupt_common, . - interrupt_common

// Pops from wherever the frame lies: interrupts are off, and exceptions and NMIs have stacks of
// their own, so nothing writes below the frame.
.org resume_page + 0x080, 0xcc
.globl interrupt_resume
.type interrupt_resume, @function
interrupt_resume:
  cli
  movq %rdi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %r11
  popq %r10
  popq %r9
  popq %r8
  popq %rbp
  popq %rdi
  popq %rsi
  popq %rdx
  popq %rcx
  popq %rbx
  popq %rax
  addq $16, %rsp  // vector and error
  iretq
.size interrupt_resume, . - interrupt_resume

.org resume_page + 0x100, 0xcc
.globl stack_call
.type stack_call, @function
stack_call:
  pushq %rbp
  movq %rsp, %rbp
  movq %rdi, %rsp
  movq %rdx, %rdi
  call *%rsi
  movq %rbp, %rsp
  popq %rbp
  ret
.size stack_call, . - stack_call

.org resume_page + 0x140, 0xcc
.globl stack_switch
.type stack_switch, @function
stack_switch:
  movq %rdi, %rsp
  xorl %ebp, %ebp
  call *%rsi
  ud2
.size stack_switch, . - stack_switch

// An NMI that comes at the `hlt` goes on behind it (watchdog.c), so an interrupt that it raises is
// not taken before, and slept over.
.org resume_page + 0x180, 0xcc
.globl interrupts_await, interrupts_await_halt
.type interrupts_await, @function
interrupts_await:
  sti
interrupts_await_halt:
  hlt
  cli
  ret
.size interrupts_await, . - interrupts_await

.org resume_page + 0x1000, 0xcc

.section .note.GNU-stack, "", @progbits
