// SPDX-License-Identifier: MIT
#include "nano_core/loader/archive.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "nano_core/loader/testing/archive_builder.h"

namespace {

using theseus::testing::add_entry;
using theseus::testing::archive_of;

// A copy of exactly the right size, so that a sanitizer sees each byte read behind it.
class Exact {
 public:
  explicit Exact(std::string_view text) : bytes_(new uint8_t[text.size()]), length_(text.size()) {
    if (length_ > 0) std::memcpy(bytes_.get(), text.data(), length_);
  }
  bytes_t span() const { return {bytes_.get(), length_}; }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  size_t length_;
};

std::string content(const archive_entry_t &entry) {
  return std::string(reinterpret_cast<const char *>(entry.content.data), entry.content.length);
}

// Reads the whole archive; the status is that of the call that ended it.
status_t read_all(std::string_view archive, std::string *names = nullptr) {
  const Exact exact(archive);
  archive_entry_t entry = {};
  for (uint64_t cursor = 0;;) {
    const uint64_t before = cursor;
    const status_t status = archive_next(exact.span(), &cursor, &entry);
    if (!status_is_ok(status)) {
      EXPECT_EQ(cursor, before);
      return status;
    }
    EXPECT_GT(cursor, before);
    if (names != nullptr) names->append(entry.name.data, entry.name.length).append(" ");
  }
}

const std::string kThree =
    archive_of({{"image.manifest", "a\n"}, {"a.o", "1234"}, {"empty.o", ""}});

TEST(ArchiveTest, Next_ReadsNamesAndContentsInOrder) {
  const Exact archive(kThree);
  archive_entry_t entry = {};
  uint64_t cursor = 0;
  ASSERT_TRUE(status_is_ok(archive_next(archive.span(), &cursor, &entry)));
  EXPECT_EQ(std::string(entry.name.data, entry.name.length), "image.manifest");
  EXPECT_EQ(content(entry), "a\n");
  ASSERT_TRUE(status_is_ok(archive_next(archive.span(), &cursor, &entry)));
  EXPECT_EQ(content(entry), "1234");
  EXPECT_EQ((entry.content.data - archive.span().data) % 4, 0);
  ASSERT_TRUE(status_is_ok(archive_next(archive.span(), &cursor, &entry)));
  EXPECT_EQ(std::string(entry.name.data, entry.name.length), "empty.o");
  EXPECT_EQ(content(entry), "");
  EXPECT_TRUE(status_is(archive_next(archive.span(), &cursor, &entry), STATUS_END));
  EXPECT_TRUE(status_is(archive_next(archive.span(), &cursor, &entry), STATUS_END));
}

TEST(ArchiveTest, Next_TruncatedAtEveryLength_IsBadObject) {
  // The padding behind the trailer's name may be missing.
  const size_t end = kThree.find("TRAILER!!!") + std::strlen("TRAILER!!!") + 1;
  for (size_t length = 0; length < end; length++) {
    EXPECT_TRUE(status_is(read_all(kThree.substr(0, length)), STATUS_BAD_OBJECT)) << length;
  }
  for (size_t length = end; length <= kThree.size(); length++) {
    EXPECT_TRUE(status_is(read_all(kThree.substr(0, length)), STATUS_END)) << length;
  }
}

TEST(ArchiveTest, Next_BytesBehindTheTrailer_AreNotRead) {
  EXPECT_TRUE(status_is(read_all(kThree + std::string(512, 'x')), STATUS_END));
}

TEST(ArchiveTest, Next_ChecksumFormat_IsAccepted) {
  std::string archive = kThree;
  archive[5] = '2';
  EXPECT_TRUE(status_is(read_all(archive), STATUS_END));
}

TEST(ArchiveTest, Next_UpperCaseDigits_AreAccepted) {
  std::string archive;
  add_entry(archive, "a.o", std::string(0xab, 'x'));
  archive.replace(6 + 6 * 8, 8, "000000AB");
  std::string names;
  EXPECT_TRUE(status_is(read_all(archive + archive_of({}), &names), STATUS_END));
  EXPECT_EQ(names, "a.o ");
}

struct Malformed {
  const char *what;
  size_t offset;
  const char *bytes;
};

class ArchiveMalformedTest : public ::testing::TestWithParam<Malformed> {};

TEST_P(ArchiveMalformedTest, Next_IsBadObject) {
  std::string archive = kThree;
  archive.replace(GetParam().offset, std::strlen(GetParam().bytes), GetParam().bytes);
  EXPECT_TRUE(status_is(read_all(archive), STATUS_BAD_OBJECT));
}

constexpr size_t kFileSize = 6 + 6 * 8;
constexpr size_t kNameSize = 6 + 11 * 8;

INSTANTIATE_TEST_SUITE_P(
    All, ArchiveMalformedTest,
    ::testing::Values(Malformed{"Magic", 0, "070707"}, Malformed{"OldMagic", 0, "\xc7\x71"},
                      Malformed{"SizeNotHexadecimal", kFileSize, "0000000g"},
                      Malformed{"SizeWithBlank", kFileSize, "       2"},
                      Malformed{"SizeBehindTheEnd", kFileSize, "00010000"},
                      Malformed{"SizeLargest", kFileSize, "ffffffff"},
                      Malformed{"NameSizeNotHexadecimal", kNameSize, "0000000/"},
                      Malformed{"NameSizeZero", kNameSize, "00000000"},
                      Malformed{"NameSizeOfTerminatorOnly", kNameSize, "00000001"},
                      Malformed{"NameSizeTooSmall", kNameSize, "0000000e"},
                      Malformed{"NameSizeTooLarge", kNameSize, "00000010"},
                      Malformed{"NameSizeLargest", kNameSize, "ffffffff"}),
    [](const auto &parameter) { return parameter.param.what; });

TEST(ArchiveTest, Next_DigitsBeyondSixteen_AreBadObject) {
  // Were `g` a digit, and `/` one less than `0`, these would be the right sizes.
  for (const auto &[digits, bytes] : {std::pair("0000000g", 16), std::pair("0000001/", 15)}) {
    std::string archive = archive_of({{"a.o", std::string(static_cast<size_t>(bytes), 'x')}});
    EXPECT_TRUE(status_is(read_all(archive), STATUS_END));
    archive.replace(6 + 6 * 8, 8, digits);
    EXPECT_TRUE(status_is(read_all(archive), STATUS_BAD_OBJECT)) << digits;
  }
}

TEST(ArchiveTest, Next_LongestName_IsAccepted_OneMoreIsBadObject) {
  std::string names;
  const std::string longest(kArchiveNameBytes, 'n');
  EXPECT_TRUE(status_is(read_all(archive_of({{longest, "x"}}), &names), STATUS_END));
  EXPECT_EQ(names, longest + " ");
  EXPECT_TRUE(status_is(read_all(archive_of({{longest + "n", "x"}})), STATUS_BAD_OBJECT));
}

TEST(ArchiveTest, Next_CursorBehindTheEnd_IsBadObject) {
  const Exact archive(kThree);
  archive_entry_t entry = {};
  for (uint64_t start : {uint64_t{kThree.size()}, uint64_t{kThree.size() + 1}, UINT64_MAX}) {
    uint64_t cursor = start;
    EXPECT_TRUE(status_is(archive_next(archive.span(), &cursor, &entry), STATUS_BAD_OBJECT));
    EXPECT_EQ(cursor, start);
  }
}

TEST(ArchiveTest, Find_ByWholeName) {
  const Exact archive(kThree);
  archive_entry_t entry = {};
  ASSERT_TRUE(status_is_ok(archive_find(archive.span(), TEXT("a.o"), &entry)));
  EXPECT_EQ(content(entry), "1234");
  EXPECT_TRUE(status_is(archive_find(archive.span(), TEXT("a"), &entry), STATUS_NOT_FOUND));
  EXPECT_TRUE(
      status_is(archive_find(archive.span(), TEXT("TRAILER!!!"), &entry), STATUS_NOT_FOUND));
  EXPECT_EQ(content(entry), "1234");
}

TEST(ArchiveTest, Find_OfTwoTheFirst) {
  const std::string twice = archive_of({{"a.o", "1"}, {"a.o", "2"}});
  archive_entry_t entry = {};
  ASSERT_TRUE(status_is_ok(archive_find(theseus::testing::as_bytes(twice), TEXT("a.o"), &entry)));
  EXPECT_EQ(content(entry), "1");
}

TEST(ArchiveTest, Find_MalformedBeforeTheFile_IsBadObject) {
  std::string archive = kThree;
  archive[0] = 'x';
  archive_entry_t entry = {};
  EXPECT_TRUE(status_is(archive_find(theseus::testing::as_bytes(archive), TEXT("a.o"), &entry),
                        STATUS_BAD_OBJECT));
}

}  // namespace
