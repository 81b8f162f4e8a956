// SPDX-License-Identifier: MIT
#include "cells/command_mem/command_mem.h"

#include "cells/frame_allocator/frame_allocator.h"
#include "testing/host/command_test.h"

namespace {

std::vector<frame_usage_t> usage;
status_t allocator = OK;

}  // namespace

status_t frame_allocator_usage(uint64_t index, frame_usage_t *out) {
  if (!status_is_ok(allocator)) return allocator;
  if (index >= usage.size()) return ERR(END);
  if (usage[index].frames == 0) return ERR(NOT_FOUND);
  *out = usage[index];
  return OK;
}

u64_result_t frame_allocator_total_frames(void) { return {allocator, 1000}; }
u64_result_t frame_allocator_free_frames(void) { return {allocator, 400}; }
u64_result_t frame_allocator_cached_frames(void) { return {allocator, 60}; }

namespace {

using CommandMemTest = CommandTest;

TEST_F(CommandMemTest, Mem_Owners_AreRowsAndSumsFollow) {
  usage = {{{3}, 2}, {}, {{99}, 1}};
  const CommandAnswer answer = Run(command_mem_step, "mem");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "OWNER                  FRAMES     BYTES\n"
            "owner3                 2          8192\n"
            "-                      1          4096\n"
            "total 1110 4546560\n"
            "free 410 1679360\n"
            "reserve 10 40960\n"
            "core 100 409600\n"
            "cached 60 245760\n");
}

TEST_F(CommandMemTest, Mem_AllocatorGone_IsUnavailable) {
  allocator = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_mem_step, "mem").status);
  allocator = OK;
}

TEST_F(CommandMemTest, Mem_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_mem_step, "mem x").status);
}

}  // namespace
