// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nano_core/boot/multiboot2_builder.h"
#include "nano_core/loader/testing/mutation.h"

namespace {

TEST(Multiboot2FuzzTest, Mutations_StayInside) {
  using theseus::testing::Multiboot2Builder;
  theseus::testing::run_mutations(
      {theseus::testing::WholeInformation(),
       Multiboot2Builder().Memory({{0x100000, 0x100000, 1}}).Acpi(false).Build(),
       Multiboot2Builder().Memory({{0x100000, 0x100000, 1}, {0, 1, 2}}, 40).Build()},
      50000);
}

}  // namespace
