// SPDX-License-Identifier: MIT
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/emergency_console.h"
#include "nano_core/arch/interrupts.h"
#include "nano_core/core/core.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/reference.h"

enum { kExitPort = 0xf4, kExitPanic = 0x7f };

text_t message_view(const message_t *message) {
  size_t length = 0;
  while (length < kMessageBytes && message->text[length] != 0) length++;
  return (text_t){message->text, length};
}

text_t status_name(status_t status) {
  switch (status.code) {
#define STATUS_CASE(name, number, meaning) \
  case number:                             \
    return TEXT(#name);
    STATUS_LIST(STATUS_CASE)
#undef STATUS_CASE
    default:
      return TEXT("an unknown status");
  }
}

static void emergency_line(text_t line) {
  emergency_console_write(TEXT("[nano_core] "));
  emergency_console_write(line);
  emergency_console_write(TEXT("\n"));
}

void core_log(text_t a, text_t b, text_t c) {
  core_t *core = core_current();
  message_t line = {};
  message_text(&line, a);
  message_text(&line, b);
  if (c.length > 0) message_text(&line, TEXT(": "));
  message_text(&line, c);
  if (!core->running) return emergency_line(message_view(&line));
  const uint64_t flags = leaf_lock(&core->log_lock);
  core->log_lines[core->logged % kLogLines] = line;
  __atomic_store_n(&core->logged, core->logged + 1, __ATOMIC_RELEASE);
  leaf_unlock(&core->log_lock, flags);
}

static void print(const core_t *core, text_t line) {
  const text_t source = TEXT("nano_core");
  const uint64_t arguments[kGateArguments] = {(uint64_t)(uintptr_t)source.data, source.length,
                                              (uint64_t)(uintptr_t)line.data, line.length};
  gate_result_t result;
  if (core->upcalls.log_write == nullptr) return emergency_line(line);
  gate_invoke(&core->upcalls.log_write->slot, arguments, &result);
  if ((uint32_t)result.rax != STATUS_OK) emergency_line(line);
}

void core_log_flush(void) {
  core_t *core = core_current();
  if (__atomic_exchange_n(&core->flushing, true, __ATOMIC_ACQUIRE)) return;
  // Printing may log in turn; that is for the next time.
  const uint64_t end = core->logged;
  while (core->log_flushed < end) {
    if (end - core->log_flushed > kLogLines) core->log_flushed = end - kLogLines;
    const uint64_t flags = leaf_lock(&core->log_lock);
    const message_t line = core->log_lines[core->log_flushed++ % kLogLines];
    leaf_unlock(&core->log_lock, flags);
    print(core, message_view(&line));
  }
  __atomic_store_n(&core->flushing, false, __ATOMIC_RELEASE);
}

static void panic_number(text_t name, uint64_t value) {
  message_t line = {};
  message_text(&line, name);
  message_hexadecimal(&line, value);
  emergency_line(message_view(&line));
}

// Who comes second, by the first one's NMI or by a fault of its own, says nothing. An INIT would
// have the processor that booted begin anew.
static void stop_others(const cpu_t *self) {
  core_t *core = self->core;
  uint32_t nobody = 0;
  if (!__atomic_compare_exchange_n(&core->panicked, &nobody, self->number + 1, false,
                                   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
    for (;;) cpu_halt();
  }
  for (size_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = core->cpus[i];
    if ((core->online >> i & 1) != 0 && cpu != self) apic_send_nmi(core->apic, cpu->apic);
  }
}

void core_panic(text_t reason, const interrupt_frame_t *frame) {
  cpu_interrupts_disable();
  if (cpu_current() != nullptr) stop_others(cpu_current());
  emergency_line(reason);
  if (frame != nullptr) {
    panic_number(TEXT("vector "), frame->vector);
    panic_number(TEXT("error code "), frame->error);
    panic_number(TEXT("instruction "), frame->rip);
    panic_number(TEXT("stack "), frame->rsp);
    panic_number(TEXT("address "), cpu_fault_address());
  }
  emergency_line(TEXT("the machine stops"));
  __asm__ volatile("outb %0, %1" : : "a"((uint8_t)kExitPanic), "Nd"((uint16_t)kExitPort));
  for (;;) cpu_halt();
}
