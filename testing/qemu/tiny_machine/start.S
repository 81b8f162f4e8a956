// SPDX-License-Identifier: MIT
// PVH entry: QEMU starts here in 32-bit mode without paging. Maps the first GiB onto itself and goes
// on in 64-bit mode.

.section .note.Xen, "a", @note
.balign 4
.long 4, 8, 18                  // sizes of name and address; 18: 32-bit entry
.asciz "Xen"
.quad _start

.section .text
.code32
.globl _start
_start:
  mov $stack_top, %esp
  mov $page_tables, %edi
  lea 0x1003(%edi), %eax        // level 4 to level 3; 3: present, writable
  mov %eax, (%edi)
  movl $0x83, 0x1000(%edi)      // level 3: one page of 1 GiB at 0
  mov %edi, %cr3
  mov %cr4, %eax
  or $0x20, %eax                // PAE
  mov %eax, %cr4
  mov $0xc0000080, %ecx         // EFER
  rdmsr
  or $0x100, %eax               // LME
  wrmsr
  mov %cr0, %eax
  or $0x80000000, %eax          // PG
  mov %eax, %cr0
  lgdt descriptors_pointer
  ljmp $8, $in_64_bits
.code64
in_64_bits:
  xor %ebp, %ebp
  call tiny_machine

.section .rodata
.balign 8
descriptors:
  .quad 0
  .quad 0x00209a0000000000      // 64-bit code
descriptors_pointer:
  .word . - descriptors - 1
  .long descriptors

.section .bss
.balign 4096
page_tables:
  .skip 2 * 4096
  .skip 4096
stack_top:

.section .note.GNU-stack, "", @progbits
