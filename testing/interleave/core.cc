// SPDX-License-Identifier: MIT
// The parts of nano_core that do nothing of interest here: each suite's cells find them.
#include "nano_core/api/memory.h"
#include "nano_core/api/processor.h"
#include "testing/interleave/suite.h"

status_t blob_retain(text_t name) {
  (void)name;
  return OK;
}

u32_result_t processor_self(void) {
  interleave::CallAnywhere("processor_self");
  return {OK, static_cast<uint32_t>(interleave::Self())};
}

u32_result_t processor_count(void) {
  interleave::CallAnywhere("processor_count");
  return {OK, static_cast<uint32_t>(interleave::Processors())};
}
