// SPDX-License-Identifier: MIT
#include "tools/run_target/run_target.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

TEST(RunTargetTest, UserPath_Relative_StartsInTheUsersFolder) {
  setenv("BUILD_WORKING_DIRECTORY", "/somewhere", 1);
  EXPECT_EQ(user_path("a/b"), "/somewhere/a/b");
  EXPECT_EQ(user_path("/a/b"), "/a/b");
  unsetenv("BUILD_WORKING_DIRECTORY");
  EXPECT_EQ(user_path("a/b"), "a/b");
}

TEST(RunTargetTest, WorkspaceFolder_OutsideOfRun_IsRefusedWithTheRemedy) {
  unsetenv("BUILD_WORKSPACE_DIRECTORY");
  try {
    workspace_folder();
    FAIL();
  } catch (const Refusal &refusal) {
    EXPECT_NE(std::string(refusal.what()).find("tools/bazel run"), std::string::npos);
  }
  setenv("BUILD_WORKSPACE_DIRECTORY", "/clone", 1);
  EXPECT_EQ(workspace_folder(), "/clone");
}

TEST(RunTargetTest, OutputOf_Program_IsWhatItPrintsInItsFolder) {
  EXPECT_EQ(output_of("/", {"/bin/sh", "-c", "pwd; echo \"$1\"", "sh", "a b"}), "/\na b\n");
}

TEST(RunTargetTest, OutputOf_Failure_IsRefused) {
  EXPECT_THROW(output_of("/", {"/no/such/program"}), Refusal);
  EXPECT_THROW(output_of("/no/such/folder", {"/bin/sh", "-c", "true"}), Refusal);
  EXPECT_THROW(output_of("/", {"/bin/sh", "-c", "exit 3"}), Refusal);
  EXPECT_THROW(output_of("/", {"/bin/sh", "-c", "kill $$"}), Refusal);
}

}  // namespace
}  // namespace theseus
