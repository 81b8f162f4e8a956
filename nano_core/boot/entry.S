// SPDX-License-Identifier: MIT
// The entry, of PVH and multiboot2 loaders alike: 32-bit protected mode with flat segments, paging
// off, ebx the physical address of what the loader says, eax the magic of a multiboot2 loader. Goes
// to boot_main in the higher half.

.equ kImageBase, 0xffffffff80000000    // arch/paging.h
.equ kBootStackBytes, 16384
.equ kPresentWritable, 0x003
.equ kPresentWritableLarge, 0x083
.equ kCodeSelector, 0x08               // as in arch/descriptors.h
.equ kDataSelector, 0x10
.equ kMsrEfer, 0xc0000080
.equ kMsrGsBase, 0xc0000101
.equ kEferLongMode, 1 << 8
.equ kEferNoExecute, 1 << 11
.equ kCr4PhysicalAddressExtension, 1 << 5
.equ kCr0Paging, 1 << 31
.equ kNeeded, 1 << 29 | 1 << 20        // edx of leaf 0x80000001: long mode, no-execute

.equ kMultiboot2Header, 0xe85250d6
.equ kTagInformationRequest, 1         // in the header; those of the information are others
.equ kTagEntry, 3
.equ kTagFramebuffer, 5
.equ kTagModuleAlignment, 6
.equ kTagOptional, 1
.equ kInformationMemory, 6

// Among the first 32 KiB of the file.
.section .text.multiboot2, "ax", @progbits
.balign 8
multiboot2_header:
  .long kMultiboot2Header, 0, multiboot2_header_end - multiboot2_header
  .long -(kMultiboot2Header + multiboot2_header_end - multiboot2_header)
  .short kTagInformationRequest, 0
  .long 12, kInformationMemory
  .balign 8
  .short kTagEntry, 0
  .long 12, boot_entry - kImageBase
  .balign 8
  .short kTagFramebuffer, kTagOptional
  .long 20, 1024, 768, 32              // what the console likes best
  .balign 8
  .short kTagModuleAlignment, 0
  .long 8
  .short 0, 0                          // the end
  .long 8
multiboot2_header_end:

.section .note.pvh, "a", @note
.balign 4
  .long 4, 8, 18                       // bytes of name, bytes of entry, XEN_ELFNOTE_PHYS32_ENTRY
  .asciz "Xen"
  .quad boot_entry - kImageBase        // QEMU reads eight bytes

.section .text.boot, "ax", @progbits
.code32
.globl boot_entry
.type boot_entry, @function
boot_entry:
  cli
  cld
  movl %ebx, %ebp
  movl %eax, %edi
  movl $0x80000000, %eax
  cpuid
  cmpl $0x80000001, %eax
  jb unsuitable
  movl $0x80000001, %eax
  cpuid
  andl $kNeeded, %edx
  cmpl $kNeeded, %edx
  jne unsuitable
  movl %cr4, %eax
  orl $kCr4PhysicalAddressExtension, %eax
  movl %eax, %cr4
  movl $(early_root - kImageBase), %eax
  movl %eax, %cr3
  movl $kMsrEfer, %ecx
  rdmsr
  orl $(kEferLongMode | kEferNoExecute), %eax
  wrmsr
  movl %cr0, %eax
  orl $kCr0Paging, %eax
  movl %eax, %cr0
  lgdt early_gdt_low - kImageBase
  ljmpl $kCodeSelector, $(boot_entry_long - kImageBase)

// One line on COM1 and on the screen, then the end. edi walks the screen, esi the line.
unsuitable:
  movl $(unsuitable_line - kImageBase), %esi
  movl $0xb8000, %edi
1:
  movzbl (%esi), %ebx
  testl %ebx, %ebx
  jz 4f
  movl $100000, %ecx
2:
  movl $0x3fd, %edx
  inb %dx, %al
  testb $0x20, %al
  jnz 3f
  loop 2b
3:
  movl $0x3f8, %edx
  movb %bl, %al
  outb %al, %dx
  movb %bl, (%edi)
  movb $0x4f, 1(%edi)
  addl $2, %edi
  incl %esi
  jmp 1b
4:
  movl $0xf4, %edx                     // isa-debug-exit, where there is one
  movb $0x7f, %al
  outb %al, %dx
5:
  cli
  hlt
  jmp 5b
.size boot_entry, . - boot_entry

.code64
boot_entry_long:
  movq $higher_half, %rax
  jmp *%rax
higher_half:
  lgdt early_gdt_high(%rip)
  movl $kDataSelector, %eax
  movl %eax, %ds
  movl %eax, %es
  movl %eax, %ss
  movl %eax, %fs
  movl %eax, %gs
  leaq image_boot_stack_end(%rip), %rsp
  leaq early_per_cpu(%rip), %rax
  movq %rax, %rdx
  shrq $32, %rdx
  movl $kMsrGsBase, %ecx
  wrmsr
  movl %edi, %esi                      // also clears what the upper halves hold
  movl %ebp, %edi
  xorl %ebp, %ebp
  call boot_main
  ud2

.section .rodata.boot, "a", @progbits
unsuitable_line:
  .asciz "boot: Theseus needs a 64-bit processor with no-execute pages\n"
.balign 64
early_per_cpu:                         // a stack canary of zero at 0x28
  .skip 64
.balign 8
early_gdt:
  .quad 0
  .quad 0x00af9b000000ffff
  .quad 0x00cf93000000ffff
early_gdt_end:
early_gdt_low:
  .word early_gdt_end - early_gdt - 1
  .long early_gdt - kImageBase
early_gdt_high:
  .word early_gdt_end - early_gdt - 1
  .quad early_gdt

// The first GiB, three times: at 0, in the physical map, and at kImageBase. For boot alone.
.section .boot_tables, "aw", @progbits
.balign 4096
early_root:
  .quad early_low - kImageBase + kPresentWritable
  .skip 255 * 8
  .quad early_low - kImageBase + kPresentWritable
  .skip 254 * 8
  .quad early_high - kImageBase + kPresentWritable
early_low:
  .quad early_gigabyte - kImageBase + kPresentWritable
  .skip 511 * 8
early_high:
  .skip 510 * 8
  .quad early_gigabyte - kImageBase + kPresentWritable
  .skip 8
early_gigabyte:
.set page, 0
.rept 512
  .quad page * 0x200000 + kPresentWritableLarge
  .set page, page + 1
.endr

.section .boot_stack, "aw", @nobits
.balign 4096
  .skip kBootStackBytes

.section .note.GNU-stack, "", @progbits
