// SPDX-License-Identifier: MIT
#include "cells/command_pages/command_pages.h"

#include "nano_core/api/memory.h"
#include "testing/host/command_test.h"

namespace {

uint64_t g_violations;
vaddr_t g_first;
uint64_t g_bytes;

class CommandPagesTest : public CommandTest {};

TEST_F(CommandPagesTest, NoArgument_PrintsViolations) {
  g_violations = 3;
  const CommandAnswer answer = Run(command_pages_step, "pages");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "writable_and_executable 3\n");
}

TEST_F(CommandPagesTest, Range_PrintsMappedPages) {
  const CommandAnswer answer = Run(command_pages_step, "pages 0xffffffffa0001000 8192");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "mapped 2\n");
  EXPECT_EQ(g_first.bytes, 0xffffffffa0001000u);
  EXPECT_EQ(g_bytes, 8192u);
}

TEST_F(CommandPagesTest, BadNumber_IsInvalidArgument) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_pages_step, "pages here 1").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_pages_step, "pages 1").status);
}

TEST_F(CommandPagesTest, RangeThatWraps_IsOutOfRange) {
  EXPECT_STATUS(OUT_OF_RANGE, Run(command_pages_step, "pages 0xffffffffffffffff 2").status);
}

}  // namespace

u64_result_t memory_count_violations(void) { return {.status = {}, .value = g_violations}; }

u64_result_t memory_count_mapped(vaddr_t first, uint64_t bytes) {
  g_first = first;
  g_bytes = bytes;
  return {.status = {}, .value = bytes / 4096};
}
