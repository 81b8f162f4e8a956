// SPDX-License-Identifier: MIT
// The judge is judged: it accepts what the loader makes of the sample, and sees each thing that a
// wrong loader could do.
#include "nano_core/loader/testing/placement_oracle.h"

#include <gtest/gtest.h>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/guarded_load.h"

namespace {

using theseus::testing::Image;
using theseus::testing::judge_placement;
using theseus::testing::load_guarded;
using theseus::testing::LoadedObject;
using theseus::testing::OracleAddresses;
using theseus::testing::sample;

constexpr OracleAddresses kAddresses = {.text = 0xffffffff90000000,
                                        .rodata = 0xffffffff91000000,
                                        .stubs = 0xffffffff90800000,
                                        .stub_bytes = 64,
                                        .state_slots = 0xffffffff91800000};

// What the loader makes of the sample.
LoadedObject loaded_sample(const Image &image) {
  const bytes_t file = theseus::testing::bytes_of(image.bytes());
  object_t object = {};
  message_t message = {};
  EXPECT_TRUE(status_is_ok(object_parse(file, &object, &message))) << message.text;
  LoadedObject loaded = {.text = std::string(4096, '\0'),
                         .rodata = std::string(4096, '\0'),
                         .exports = {{"sample_get", 0}, {"sample_initialize", 0}}};
  const object_placement_t placement = {
      .text = {reinterpret_cast<uint8_t *>(loaded.text.data()), 4096},
      .rodata = {reinterpret_cast<uint8_t *>(loaded.rodata.data()), 4096},
      .text_address = kAddresses.text,
      .rodata_address = kAddresses.rodata,
      .stubs_address = kAddresses.stubs,
      .stub_bytes = kAddresses.stub_bytes,
      .state_slots_address = kAddresses.state_slots};
  EXPECT_TRUE(status_is_ok(object_place(&object, &placement, &message))) << message.text;
  for (auto &[name, address] : loaded.exports) {
    EXPECT_TRUE(status_is_ok(
        object_export_address(&object, &placement, theseus::testing::text_of(name), &address)));
  }
  return loaded;
}

class PlacementOracleTest : public ::testing::Test {
 protected:
  std::string Judge() { return judge_placement(image_.bytes(), kAddresses, loaded_); }

  Image image_ = sample().build();
  LoadedObject loaded_ = loaded_sample(image_);
};

TEST_F(PlacementOracleTest, Judge_Sample_IsRight) {
  EXPECT_EQ(Judge(), "");
  EXPECT_TRUE(load_guarded(image_.bytes()).loaded);
  EXPECT_EQ(load_guarded(image_.bytes()).defect, "");
}

TEST_F(PlacementOracleTest, Judge_EachByteOfTheTextChanged_IsSeen) {
  for (char &byte : loaded_.text) {
    byte ^= 1;
    ASSERT_NE(Judge(), "") << &byte - loaded_.text.data();
    byte ^= 1;
  }
}

TEST_F(PlacementOracleTest, Judge_ByteOfTheConstantsChanged_IsSeen) {
  loaded_.rodata[16] ^= 1;
  EXPECT_EQ(Judge(), "rodata differs at 16");
}

TEST_F(PlacementOracleTest, Judge_ExportMovedMissingOrOutside_IsSeen) {
  loaded_.exports["sample_get"] += 1;
  EXPECT_EQ(Judge(), "export sample_get is another function");
  loaded_.exports["sample_get"] = kAddresses.stubs;
  EXPECT_EQ(Judge(), "export sample_get lies outside of the text");
  loaded_.exports.erase("sample_get");
  EXPECT_EQ(Judge(), "exports are missing, or too many");
}

TEST_F(PlacementOracleTest, Judge_WritableSectionAdmitted_IsSeen) {
  image_.edit_section(".rodata", [](elf_section_t &section) { section.flags |= kElfFlagWrite; });
  EXPECT_EQ(Judge(), "a writable section was admitted");
}

TEST_F(PlacementOracleTest, Judge_RelocationOutsideAdmitted_IsSeen) {
  image_.edit_relocation(".text", 0, [](elf_relocation_t &relocation) { relocation.offset = 67; });
  EXPECT_EQ(Judge(), "a relocation outside of its section was taken");
}

TEST_F(PlacementOracleTest, Judge_RelocationOfUnknownTypeAdmitted_IsSeen) {
  image_.edit_relocation(".text", 0, [](elf_relocation_t &relocation) { relocation.info += 40; });
  EXPECT_EQ(Judge(), "an unknown relocation was taken");
}

TEST_F(PlacementOracleTest, Judge_RelocationOutOfReachAdmitted_IsSeen) {
  image_.edit_relocation(
      ".text", 3, [](elf_relocation_t &relocation) { relocation.addend = INT64_C(1) << 40; });
  EXPECT_EQ(Judge(), "a relocation out of reach was taken");
}

}  // namespace
