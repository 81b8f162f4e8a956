// SPDX-License-Identifier: MIT
// The way of a processor that is started: real mode, protected mode, long mode, the higher half.
// All but its end is copied to the first frame of the startup area (arch/startup.h), which begins
// at cs:0 then; it is never run where it is linked.

.equ kFrameBytes, 4096
.equ kCodeBytes, 0x180                 // as in startup.c, like the parameters' places
.equ kParameters, 0xf00
.equ kRootTable, kParameters + 0
.equ kStackTop, kParameters + 8
.equ kGs, kParameters + 16
.equ kEntry, kParameters + 24
.equ kApic, kParameters + 32
.equ kClaim, kParameters + 40
.equ kCodeSelector, 0x08               // as in arch/descriptors.h
.equ kDataSelector, 0x10
.equ kCode32Selector, 0x18
.equ kApicNumber, 0xfee00020
.equ kApicNumberShift, 24
.equ kMsrEfer, 0xc0000080
.equ kMsrGsBase, 0xc0000101
.equ kEferLongMode, 1 << 8
.equ kEferNoExecute, 1 << 11
.equ kCr4PhysicalAddressExtension, 1 << 5
.equ kCr0Protected, 1 << 0 | 1 << 4    // caches on: a reset leaves them off
.equ kCr0Paging, 1 << 31

.section .rodata.startup, "a", @progbits
.balign 16
.globl startup_code
startup_code:

.code16
  cli
  cld
  xorl %ebx, %ebx
  movw %cs, %bx
  movw %bx, %ss
  movl $kFrameBytes, %esp
  shll $4, %ebx                        // from here on: the area's address
  leal (segments - startup_code)(%ebx), %eax
  pushl %eax
  pushw $(segments_end - segments - 1)
  movw %sp, %bp
  lgdtl (%bp)
  pushw $kCode32Selector
  leal (protected - startup_code)(%ebx), %eax
  pushl %eax
  movw %sp, %bp
  movl $kCr0Protected, %eax
  movl %eax, %cr0
  ljmpl *(%bp)

.code32
protected:
  movl $kDataSelector, %eax
  movl %eax, %ds
  movl %eax, %es
  movl %eax, %ss
  movl %eax, %fs
  movl %eax, %gs
  leal kFrameBytes(%ebx), %esp
  // The area is for one processor. One that comes when it was given up touches nothing.
  movl kApicNumber, %eax
  shrl $kApicNumberShift, %eax
  cmpl kApic(%ebx), %eax
  jne stray
  xorl %eax, %eax
  xchgl %eax, kClaim(%ebx)
  testl %eax, %eax
  jz stray
  movl $kCr4PhysicalAddressExtension, %eax
  movl %eax, %cr4
  leal kFrameBytes(%ebx), %eax         // the temporary root table
  movl %eax, %cr3
  movl $kMsrEfer, %ecx
  rdmsr
  orl $(kEferLongMode | kEferNoExecute), %eax
  wrmsr
  pushl $kCodeSelector
  leal (long_mode - startup_code)(%ebx), %eax
  pushl %eax
  movl $(kCr0Protected | kCr0Paging), %eax
  movl %eax, %cr0
  ljmpl *(%esp)

stray:
  cli
  hlt
  jmp stray

.code64
long_mode:
  movl %ebx, %ebx                      // clears what the upper half holds
  movq kStackTop(%rbx), %rsp
  movl kGs(%rbx), %eax
  movl kGs + 4(%rbx), %edx
  movl $kMsrGsBase, %ecx
  wrmsr
  movq kRootTable(%rbx), %rdi
  movq kEntry(%rbx), %rbx
  movabsq $startup_finish, %rax
  jmp *%rax

.balign 8
segments:
  .quad 0
  .quad 0x00af9b000000ffff
  .quad 0x00cf93000000ffff
  .quad 0x00cf9b000000ffff
segments_end:
.org startup_code + kCodeBytes, 0       // an error where it is longer

.text
.type startup_finish, @function
startup_finish:
  movq %rdi, %cr3                      // no identity map any more
  xorl %ebp, %ebp
  call cpu_features_enable
  call *%rbx
  ud2
.size startup_finish, . - startup_finish

.section .note.GNU-stack, "", @progbits
