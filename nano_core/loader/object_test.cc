// SPDX-License-Identifier: MIT
#include "nano_core/loader/object.h"

#include <gtest/gtest.h>

#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "nano_core/loader/testing/elf_builder.h"

namespace {

using theseus::testing::bytes_of;
using theseus::testing::ElfBuilder;
using theseus::testing::Image;
using theseus::testing::sample;
using theseus::testing::sample_manifest;
using theseus::testing::string_of;

constexpr uint64_t kText = 0xffffffff90000000;
constexpr uint64_t kRodata = 0xffffffff90100000;
constexpr uint64_t kStubs = 0xffffffff90200000;
constexpr uint64_t kStubBytes = 64;
constexpr uint64_t kSlots = 0xffffffff90300000;
// Of the sample: two sections of text, three of constants.
constexpr uint64_t kTextBytes = 96 + 20;
constexpr uint64_t kRodataBytes = 48 + 8;
constexpr uint64_t kHelper = kText + 96 + 4;
constexpr uint64_t kSampleGet = kText + 16;
constexpr uint64_t kStrings = kRodata + 48;

class ObjectTest : public ::testing::Test {
 protected:
  status_t parse(const Image &image) {
    file_ = image.bytes();
    return object_parse(bytes_of(file_), &object_, &message_);
  }

  // Parses and places; `spare` bytes more than the object wants.
  status_t place(const Image &image, size_t spare = 0) {
    const status_t status = parse(image);
    EXPECT_TRUE(status_is_ok(status)) << message_.text;
    text_.assign(object_.layout.text_bytes + spare, 0xee);
    rodata_.assign(object_.layout.rodata_bytes + spare, 0xee);
    placement_.text = {text_.data(), text_.size()};
    placement_.rodata = {rodata_.data(), rodata_.size()};
    return object_place(&object_, &placement_, &message_);
  }

  template <typename T>
  static T read(const std::vector<uint8_t> &bytes, size_t offset) {
    T value;
    std::memcpy(&value, &bytes.at(offset), sizeof(value));
    return value;
  }

  uint64_t text32(size_t offset) const {  // a relative field, as the target that it leads to
    return kText + offset + 4 + static_cast<uint64_t>(int64_t{read<int32_t>(text_, offset)});
  }

  std::string file_;
  object_t object_ = {};
  message_t message_ = {};
  std::vector<uint8_t> text_;
  std::vector<uint8_t> rodata_;
  object_placement_t placement_ = {.text = {},
                                   .rodata = {},
                                   .text_address = kText,
                                   .rodata_address = kRodata,
                                   .stubs_address = kStubs,
                                   .stub_bytes = kStubBytes,
                                   .state_slots_address = kSlots};
};

TEST_F(ObjectTest, Parse_Sample_DescribesIt) {
  ASSERT_TRUE(status_is_ok(parse(sample().build()))) << message_.text;
  EXPECT_EQ(object_.layout.text_bytes, kTextBytes);
  EXPECT_EQ(object_.layout.rodata_bytes, kRodataBytes);
  EXPECT_EQ(object_.layout.import_count, 3u);
  EXPECT_EQ(object_.layout.state_count, 1u);
  EXPECT_EQ(object_.layout.export_count, 2u);
  EXPECT_EQ(string_of(object_.manifest.name), "sample");
  EXPECT_EQ(file_.substr(object_.hash_offset, 64), string_of(object_.manifest.hash));
}

TEST_F(ObjectTest, Parse_UnalignedFile_IsTheSame) {
  const std::string file = sample().build().bytes();
  const std::string shifted = "x" + file;
  ASSERT_TRUE(
      status_is_ok(object_parse({bytes_of(shifted).data + 1, file.size()}, &object_, &message_)));
  EXPECT_EQ(object_.layout.text_bytes, kTextBytes);
}

TEST_F(ObjectTest, Parse_TruncatedAtEveryLength_IsBadObject) {
  const std::string file = sample().build().bytes();
  for (size_t length = 0; length < file.size(); length++) {
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[length]);  // a sanitizer sees its end
    std::memcpy(exact.get(), file.data(), length);
    EXPECT_TRUE(
        status_is(object_parse({exact.get(), length}, &object_, &message_), STATUS_BAD_OBJECT))
        << length;
    EXPECT_STRNE(message_.text, "");
  }
}

TEST_F(ObjectTest, Parse_ImportWithoutSymbol_IsAllowed) {
  EXPECT_TRUE(status_is_ok(parse(sample().build())));
  EXPECT_EQ(file_.find("alarm_unused\0", 0, 13), std::string::npos);  // only in the manifest
}

TEST_F(ObjectTest, Parse_RelocationsOfWhatIsNotLoaded_DoNotMatter) {
  EXPECT_TRUE(status_is_ok(parse(sample()
                                     .relocation(".comment", {1000, 10, "helper", 0})
                                     .relocation(".comment", {0, 42, "event_signal", 0})
                                     .build())))
      << message_.text;
}

TEST_F(ObjectTest, Parse_EmptySectionInsideAnother_IsAllowed) {
  Image image = sample().section({.name = ".rodata.none", .flags = kElfFlagAllocate}).build();
  const uint64_t inside = image.section(".text").offset + 1;
  image.edit_section(".rodata.none", [&](elf_section_t &s) { s.offset = inside; });
  EXPECT_TRUE(status_is_ok(parse(image))) << message_.text;
  image.edit_section(".comment", [&](elf_section_t &s) {
    s.offset = inside;
    s.bytes = 0;
  });
  EXPECT_TRUE(status_is_ok(parse(image))) << message_.text;
}

TEST_F(ObjectTest, Parse_WithoutTextAndConstants_IsAllowed) {
  std::string manifest = sample_manifest();
  const size_t from = manifest.find("right mmio");
  manifest.erase(from, manifest.find("end\n") - from);
  EXPECT_TRUE(status_is_ok(place(ElfBuilder()
                                     .manifest(manifest)
                                     .section({.name = ".rodata", .flags = kElfFlagAllocate})
                                     .build())))
      << message_.text;
  EXPECT_EQ(object_.layout.text_bytes, 0u);
}

TEST_F(ObjectTest, Parse_MostSections_OneMoreIsBadObject) {
  ElfBuilder builder = sample();
  while (builder.build().header().section_count < kObjectSections) {
    builder.section({.name = ".comment.more", .data = "x"});
  }
  EXPECT_TRUE(status_is_ok(parse(builder.build()))) << message_.text;
  builder.section({.name = ".comment.more", .data = "x"});
  EXPECT_TRUE(status_is(parse(builder.build()), STATUS_BAD_OBJECT));
  EXPECT_NE(std::string(message_.text).find("or more than 64"), std::string::npos);
}

TEST_F(ObjectTest, Parse_TooLongAFile_IsBadObject) {
  Image image = sample().build();
  image.bytes().resize(kObjectBytes, '\0');
  EXPECT_TRUE(status_is_ok(parse(image))) << message_.text;
  image.bytes().push_back('\0');
  EXPECT_TRUE(status_is(parse(image), STATUS_BAD_OBJECT));
}

TEST_F(ObjectTest, VerifyHash_OfEachAlteredByte_IsBadObjectUnlessParsingRefusesItBefore) {
  const Image image = sample().build();
  ASSERT_TRUE(status_is_ok(parse(image)));
  EXPECT_TRUE(status_is_ok(object_verify_hash(bytes_of(file_), &object_, &message_)));
  for (size_t i = 0; i < image.bytes().size(); i++) {
    for (const char flip : {'\x01', '\x80'}) {
      Image altered = image;
      altered.bytes()[i] ^= flip;
      if (!status_is_ok(parse(altered))) continue;
      EXPECT_TRUE(
          status_is(object_verify_hash(bytes_of(file_), &object_, &message_), STATUS_BAD_OBJECT))
          << i;
      EXPECT_NE(std::string(message_.text).find("was altered"), std::string::npos);
    }
  }
}

TEST_F(ObjectTest, Place_CopiesAndFillsTheRest) {
  ASSERT_TRUE(status_is_ok(place(sample().build(), 5))) << message_.text;
  EXPECT_EQ(text_[44], 0x90);  // code that nothing relocates
  for (size_t i = 70; i < 96; i++) EXPECT_EQ(text_[i], 0xcc) << i;
  for (size_t i = kTextBytes; i < kTextBytes + 5; i++) EXPECT_EQ(text_[i], 0xcc) << i;
  EXPECT_EQ(std::string(rodata_.begin() + 32, rodata_.begin() + 48), std::string(16, 'c'));
  EXPECT_EQ(std::string(rodata_.begin() + 48, rodata_.begin() + 56), std::string("one\0two\0", 8));
  for (size_t i = 24; i < 32; i++) EXPECT_EQ(rodata_[i], 0) << i;
  for (size_t i = kRodataBytes; i < kRodataBytes + 5; i++) EXPECT_EQ(rodata_[i], 0) << i;
}

TEST_F(ObjectTest, Place_AppliesEachKindOfRelocation) {
  ASSERT_TRUE(status_is_ok(place(sample().build()))) << message_.text;
  EXPECT_EQ(text32(0), kSlots);                   // PC32 to the slot of state 0
  EXPECT_EQ(text32(4), kStubs + 2 * kStubBytes);  // PLT32 to the stub of import 2
  EXPECT_EQ(text32(8), kStubs);                   // PC32 to the stub of import 0
  EXPECT_EQ(uint64_t(int64_t{read<int32_t>(text_, 12)}), kRodata + 8);  // 32S
  EXPECT_EQ(text32(16), kHelper);                                       // PLT32, local
  EXPECT_EQ(read<uint64_t>(text_, 24), kHelper + 1);                    // 64
  EXPECT_EQ(kText + 32 + read<uint64_t>(text_, 32), kStrings + 4);      // PC64
  EXPECT_EQ(read<uint64_t>(text_, 40), 0x9090909090909090u);            // NONE
  EXPECT_EQ(text32(66), kSampleGet);                                    // the last four bytes
  EXPECT_EQ(uint64_t(int64_t{read<int32_t>(text_, 96)}), kSlots);
  EXPECT_EQ(read<uint64_t>(rodata_, 0), kStrings + 4);
  EXPECT_EQ(read<uint64_t>(rodata_, 16), kSampleGet);
}

TEST_F(ObjectTest, Place_SecondState_HasTheNextSlot) {
  ElfBuilder builder = sample();
  std::string manifest = sample_manifest();
  manifest.insert(manifest.find("end\n"), "state zebra 1111111111111111 1 64\n");
  builder.section_named(".note.theseus").data = theseus::testing::note_of(manifest);
  builder.symbol({.name = "state_zebra"});
  builder.relocation(".text", {44, kElfRelocationPc32, "state_zebra", -4});
  ASSERT_TRUE(status_is_ok(place(builder.build()))) << message_.text;
  EXPECT_EQ(text32(44), kSlots + 8);
  EXPECT_EQ(text32(0), kSlots);
}

TEST_F(ObjectTest, Exports_HaveTheirAddresses) {
  ASSERT_TRUE(status_is_ok(place(sample().build())));
  uint64_t address = 1;
  ASSERT_TRUE(status_is_ok(
      object_export_address(&object_, &placement_, TEXT("sample_initialize"), &address)));
  EXPECT_EQ(address, kText + 48);
  ASSERT_TRUE(status_is_ok(object_export_entry(&object_, &placement_, 0, &address)));
  EXPECT_EQ(address, kSampleGet);
  EXPECT_TRUE(status_is(object_export_entry(&object_, &placement_, 2, &address), STATUS_NOT_FOUND));
  EXPECT_TRUE(status_is(object_export_address(&object_, &placement_, TEXT("sample"), &address),
                        STATUS_NOT_FOUND));
  EXPECT_TRUE(status_is(object_export_address(&object_, &placement_, TEXT("helper"), &address),
                        STATUS_NOT_FOUND));
  EXPECT_EQ(address, kSampleGet);
}

TEST_F(ObjectTest, Place_WhereItDoesNotFit_IsInvalidArgumentAndWritesNothing) {
  ASSERT_TRUE(status_is_ok(place(sample().build())));
  const std::vector<uint8_t> before = text_;
  const object_placement_t good = placement_;
  object_placement_t bad[] = {good, good, good, good};
  bad[0].text.length = kTextBytes - 1;
  bad[1].rodata.length = kRodataBytes - 1;
  bad[2].text_address += 16;
  bad[3].rodata_address += 2048;
  text_.assign(text_.size(), 0xee);
  for (const object_placement_t &placement : bad) {
    EXPECT_TRUE(status_is(object_place(&object_, &placement, &message_), STATUS_INVALID_ARGUMENT));
    EXPECT_NE(std::string(message_.text).find("the place for the object"), std::string::npos);
  }
  EXPECT_EQ(text_, std::vector<uint8_t>(text_.size(), 0xee));
  EXPECT_TRUE(status_is_ok(object_place(&object_, &good, &message_)));
  EXPECT_EQ(text_, before);
}

TEST_F(ObjectTest, Place_OutOfReach_IsBadObjectAndNamesTheSymbol) {
  ASSERT_TRUE(status_is_ok(place(sample().build())));
  const object_placement_t good = placement_;
  object_placement_t bad[] = {good, good, good};
  bad[0].stubs_address = kText + (uint64_t{1} << 32);
  bad[1].state_slots_address = kText + (uint64_t{1} << 32);
  bad[2].rodata_address = 0x80000000;  // does not fit a signed number of 32 bits
  const char *names[] = {"event_signal", "state_sample_queue", ".rodata"};
  for (size_t i = 0; i < 3; i++) {
    EXPECT_TRUE(status_is(object_place(&object_, &bad[i], &message_), STATUS_BAD_OBJECT));
    EXPECT_EQ(std::string(message_.text)
                  .find("a reference to " + std::string(names[i]) + " is out of reach"),
              0u)
        << message_.text;
  }
}

TEST_F(ObjectTest, Place_ReachIsExact) {
  ASSERT_TRUE(status_is_ok(place(sample().build())));
  placement_.stubs_address = kText + 8 + (uint64_t{1} << 31) - 1 - 2 * kStubBytes;
  EXPECT_TRUE(status_is_ok(object_place(&object_, &placement_, &message_))) << message_.text;
  EXPECT_EQ(read<int32_t>(text_, 4), INT32_MAX);
  placement_.stubs_address += 1;
  EXPECT_FALSE(status_is_ok(object_place(&object_, &placement_, &message_)));
  placement_.stubs_address = kText + 12 - (uint64_t{1} << 31);
  EXPECT_TRUE(status_is_ok(object_place(&object_, &placement_, &message_))) << message_.text;
  EXPECT_EQ(read<int32_t>(text_, 8), INT32_MIN);
  placement_.stubs_address -= 1;
  EXPECT_FALSE(status_is_ok(object_place(&object_, &placement_, &message_)));
}

// Each of 500 global symbols is named by the whole of a string table of eight megabytes. Reading
// all of them through takes seconds here and minutes in the machine, which does nothing else
// meanwhile.
TEST_F(ObjectTest, Parse_NamesOfMegabytes_IsRefusedSoon) {
  ElfBuilder builder = sample();
  for (int i = 0; i < 500; i++) builder.symbol({.name = "x"});
  Image image = builder.build();
  const size_t names = image.bytes().size();
  image.edit_section(".strtab", [&](elf_section_t &section) {
    section.offset = names;
    section.bytes = 8 << 20;
  });
  image.bytes().append((8 << 20) - 1, 'x').push_back('\0');
  const std::clock_t start = std::clock();
  EXPECT_TRUE(status_is(parse(image), STATUS_BAD_OBJECT));
  EXPECT_LT(std::clock() - start, CLOCKS_PER_SEC);
}

}  // namespace
