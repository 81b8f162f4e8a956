// SPDX-License-Identifier: MIT
#include "nano_core/api/processor.h"

#include "nano_core/core/core.h"

u32_result_t processor_self(void) {
  const uint64_t flags = cpu_flags_save();
  const uint32_t number = cpu_current()->number;
  cpu_flags_restore(flags);
  return (u32_result_t){.value = number};
}

u32_result_t processor_count(void) { return (u32_result_t){.value = 1}; }

u32_result_t processor_prepare(uint32_t apic) {
  (void)apic;
  return (u32_result_t){.status = ERR(UNSUPPORTED)};
}

status_t processor_start(uint32_t number) {
  (void)number;
  return ERR(NOT_FOUND);
}

status_t processor_abandon(uint32_t number) {
  (void)number;
  return ERR(NOT_FOUND);
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  if (number >= kProcessors) return ERR(OUT_OF_RANGE);
  if (number > 0) return ERR(NOT_FOUND);
  *info = (processor_info_t){.status = kProcessorOnline};
  return OK;
}
