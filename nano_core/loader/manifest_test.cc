// SPDX-License-Identifier: MIT
#include "nano_core/loader/manifest.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "nano_core/loader/testing/elf_builder.h"

namespace {

using theseus::testing::sample_manifest;
using theseus::testing::string_of;
using theseus::testing::text_of;

status_t parse(const std::string &text, message_t *message) {
  const std::unique_ptr<char[]> exact(new char[text.size()]);  // a sanitizer sees its end
  if (!text.empty()) std::memcpy(exact.get(), text.data(), text.size());
  manifest_t manifest = {};
  message_clear(message);
  return manifest_parse({exact.get(), text.size()}, &manifest, message);
}

// The sample with its first `from` replaced.
std::string with(const std::string &from, const std::string &to) {
  std::string text = sample_manifest();
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ManifestTest, Parse_Sample_ReadsEachField) {
  const std::string text = sample_manifest();
  manifest_t manifest = {};
  message_t message = {};
  ASSERT_TRUE(status_is_ok(manifest_parse(text_of(text), &manifest, &message))) << message.text;
  EXPECT_EQ(string_of(manifest.hash), std::string(64, '0'));
  EXPECT_EQ(string_of(manifest.name), "sample");
  EXPECT_EQ(string_of(manifest.implements), "sample");
  EXPECT_EQ(string_of(manifest.summary), "shows each thing that an object may hold");
  EXPECT_EQ(manifest.interface_version, 2u);
  EXPECT_EQ(manifest.version, 3u);
  EXPECT_EQ(manifest.stack_bytes, 4096u);
  EXPECT_FALSE(manifest.eager);
  EXPECT_EQ(manifest.rights.count, 2u);
  EXPECT_EQ(manifest.exports.count, 2u);
  EXPECT_EQ(manifest.imports.count, 3u);
  EXPECT_EQ(manifest.clients.count, 2u);
  EXPECT_EQ(manifest.states.count, 1u);
}

TEST(ManifestTest, Parse_Driver_HasResetAndReadWindow) {
  const std::string stack = "stack 4096\n";
  const std::string window = "read_window 1\n";
  const std::string handler = "export sample_interrupt 0000000000000001 :0@0\n";
  const std::string reset = "export sample_reset 0000000000000001 :0@0\n";
  const auto build = [&](const std::string &extra, const std::string &exports) {
    std::string text = with(stack, stack + extra);
    return text.insert(text.find("import alarm"), exports);
  };
  message_t message = {};
  EXPECT_TRUE(status_is_ok(parse(build(window, handler + reset), &message))) << message.text;
  EXPECT_TRUE(status_is_ok(parse(build(window, reset), &message))) << message.text;
  EXPECT_TRUE(status_is_ok(parse(build("", reset), &message))) << message.text;
  EXPECT_FALSE(status_is_ok(parse(build("", handler + reset), &message)));
  EXPECT_NE(std::string(message.text).find("declares its read_window"), std::string::npos);
  EXPECT_FALSE(status_is_ok(parse(build(window, handler), &message)));
  EXPECT_NE(std::string(message.text).find("INTERFACE_reset"), std::string::npos);
  EXPECT_FALSE(status_is_ok(parse(build(window, ""), &message)));
  EXPECT_FALSE(status_is_ok(parse(build(window + window, reset), &message)));
  EXPECT_TRUE(status_is_ok(parse(build("read_window 65536\n", reset), &message)));
  EXPECT_FALSE(status_is_ok(parse(build("read_window 65537\n", reset), &message)));
  EXPECT_FALSE(status_is_ok(parse(build("read_window x\n", reset), &message)));
  const std::string odd = "export sample_reset 0000000000000001 i:0@0\n";
  EXPECT_FALSE(status_is_ok(parse(build(window, odd), &message)));
  EXPECT_NE(std::string(message.text).find("a reset or a handler takes nothing"),
            std::string::npos);
}

TEST(ManifestTest, Parse_ReadWindow_IsKept) {
  std::string text = with("stack 4096\n", "stack 4096\nread_window 7\n");
  text.insert(text.find("import alarm"), "export sample_reset 0000000000000001 :0@0\n");
  manifest_t manifest = {};
  message_t message = {};
  ASSERT_TRUE(status_is_ok(manifest_parse(text_of(text), &manifest, &message))) << message.text;
  EXPECT_TRUE(manifest.has_read_window);
  EXPECT_EQ(manifest.read_window, 7u);
  ASSERT_TRUE(status_is_ok(manifest_parse(text_of(sample_manifest()), &manifest, &message)));
  EXPECT_FALSE(manifest.has_read_window);
}

class ManifestLinesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(status_is_ok(manifest_parse(text_of(text_), &manifest_, &message_)));
  }
  const std::string text_ = sample_manifest();
  manifest_t manifest_ = {};
  message_t message_ = {};
};

TEST_F(ManifestLinesTest, Words_ByIndex) {
  text_t word = TEXT("untouched");
  ASSERT_TRUE(status_is_ok(manifest_right(&manifest_, 1, &word)));
  EXPECT_EQ(string_of(word), "port_io");
  ASSERT_TRUE(status_is_ok(manifest_client(&manifest_, 0, &word)));
  EXPECT_EQ(string_of(word), "out_of_tree");
  ASSERT_TRUE(status_is_ok(manifest_client(&manifest_, 1, &word)));
  EXPECT_EQ(string_of(word), "shell");
  EXPECT_TRUE(status_is(manifest_client(&manifest_, 2, &word), STATUS_NOT_FOUND));
  EXPECT_TRUE(status_is(manifest_right(&manifest_, 2, &word), STATUS_NOT_FOUND));
  EXPECT_EQ(string_of(word), "shell");
}

TEST_F(ManifestLinesTest, Records_ByIndex) {
  manifest_export_t published = {};
  ASSERT_TRUE(status_is_ok(manifest_export(&manifest_, 0, &published)));
  EXPECT_EQ(string_of(published.function), "sample_get");
  EXPECT_EQ(published.fingerprint, 0x0123456789abcdefu);
  EXPECT_EQ(string_of(published.shape), "ip12:8@8");
  ASSERT_TRUE(status_is_ok(manifest_export(&manifest_, 1, &published)));
  EXPECT_EQ(string_of(published.function), "sample_initialize");
  EXPECT_TRUE(status_is(manifest_export(&manifest_, 2, &published), STATUS_NOT_FOUND));
  manifest_import_t import = {};
  ASSERT_TRUE(status_is_ok(manifest_import(&manifest_, 2, &import)));
  EXPECT_EQ(string_of(import.provider), "nano_core");
  EXPECT_EQ(string_of(import.function), "event_signal");
  EXPECT_EQ(import.fingerprint, 1u);
  EXPECT_TRUE(status_is(manifest_import(&manifest_, 3, &import), STATUS_NOT_FOUND));
  manifest_state_t state = {};
  ASSERT_TRUE(status_is_ok(manifest_state(&manifest_, 0, &state)));
  EXPECT_EQ(string_of(state.name), "sample_queue");
  EXPECT_EQ(state.fingerprint, 0x1111111111111111u);
  EXPECT_EQ(state.version, 1u);
  EXPECT_EQ(state.bytes, 8192u);
  EXPECT_TRUE(status_is(manifest_state(&manifest_, SIZE_MAX, &state), STATUS_NOT_FOUND));
}

TEST_F(ManifestLinesTest, Next_WalksToTheEnd) {
  manifest_import_t import = {};
  manifest_lines_t lines = manifest_.imports;
  std::string names;
  while (status_is_ok(manifest_next_import(&manifest_, &lines, &import))) {
    names += string_of(import.function) + " ";
  }
  EXPECT_EQ(names, "alarm_ring alarm_unused event_signal ");
  EXPECT_TRUE(status_is(manifest_next_import(&manifest_, &lines, &import), STATUS_END));
  text_t client = {};
  lines = manifest_.clients;
  names = "";
  while (status_is_ok(manifest_next_client(&manifest_, &lines, &client))) {
    names += string_of(client) + " ";
  }
  EXPECT_EQ(names, "out_of_tree shell ");
  manifest_export_t published = {};
  manifest_lines_t none = {};
  EXPECT_TRUE(status_is(manifest_next_export(&manifest_, &none, &published), STATUS_END));
}

TEST(ManifestTest, Parse_Eager) {
  const std::string text = with("init lazy", "init eager");
  manifest_t manifest = {};
  message_t message = {};
  ASSERT_TRUE(status_is_ok(manifest_parse(text_of(text), &manifest, &message))) << message.text;
  EXPECT_TRUE(manifest.eager);
}

TEST(ManifestTest, Parse_NameBeforeALongerOne_IsInOrder) {
  message_t message = {};
  EXPECT_TRUE(status_is_ok(parse(with("export sample_get 0123456789abcdef ip12:8@8\n",
                                      "export sample_get 0123456789abcdef ip12:8@8\n"
                                      "export sample_get_all 0123456789abcdef ip12:8@8\n"),
                                 &message)))
      << message.text;
}

TEST(ManifestTest, Parse_TruncatedAtEveryLength_IsBadObject) {
  const std::string text = sample_manifest();
  for (size_t length = 0; length < text.size(); length++) {
    message_t message = {};
    EXPECT_TRUE(status_is(parse(text.substr(0, length), &message), STATUS_BAD_OBJECT)) << length;
    EXPECT_STRNE(message.text, "");
  }
}

TEST(ManifestTest, Parse_WithoutAnyOptionalLine_IsRight) {
  std::string text = sample_manifest();
  const size_t from = text.find("right mmio");
  text.erase(from, text.find("end\n") - from);
  message_t message = {};
  EXPECT_TRUE(status_is_ok(parse(text, &message))) << message.text;
}

TEST(ManifestTest, Parse_WithoutAnyOfItsLines_IsBadObject) {
  const std::string text = sample_manifest();
  size_t required = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start) + 1;
    std::string less = text;
    less.erase(start, end - start);
    message_t message = {};
    if (!status_is_ok(parse(less, &message))) required++;
    start = end;
  }
  EXPECT_EQ(required, 10u);  // nine of the head, and the end
}

TEST(ManifestTest, Parse_EachShape) {
  message_t message = {};
  for (const char *shape : {":0@0", ":1@4", ":4@4", ":8@4", ":12@4", ":8@8", "iiiiii:0@0",
                            "222:0@0", "p1i2p:8@8", ":1@15"}) {
    EXPECT_TRUE(status_is_ok(parse(with("ip12:8@8", shape), &message))) << shape << message.text;
  }
  for (const char *shape :
       {"",       ":",      "0@0",     "i0@0",          "iiiiiii:0@0", "2222:0@0", "x:0@0",
        "i :0@0", "i:",     "i:8",     "i:8@",          "i:@8",        "i:8@8 ",   "i:9@8",
        "i:13@4", "i:8@0",  "i:8@3",   "i:16@16",       "i:17@0",      "i:0@4",    "i:08@8",
        "i:8@08", "i::0@0", "i:0@0@0", "i:4294967300@4"}) {
    EXPECT_TRUE(status_is(parse(with("ip12:8@8", shape), &message), STATUS_BAD_OBJECT)) << shape;
    EXPECT_STREQ(message.text, "manifest line 12 is not `export FUNCTION FINGERPRINT SHAPE`")
        << shape;
  }
}

TEST(ManifestTest, Parse_Limits_AreExact) {
  const std::string name63 = "s" + std::string(62, 'a');
  const std::string summary120(120, 's');
  const std::string old_summary = "shows each thing that an object may hold";
  message_t message = {};
  EXPECT_TRUE(status_is_ok(parse(with("name sample", "name " + name63), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("name sample", "name " + name63 + "a"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with(old_summary, summary120), &message)));
  EXPECT_FALSE(status_is_ok(parse(with(old_summary, summary120 + "s"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with("interface 2", "interface 4294967295"), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("interface 2", "interface 4294967296"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with("version 3", "version 4294967295"), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("version 3", "version 4294967296"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with("stack 4096", "stack 1048576"), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("stack 4096", "stack 1048577"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with("1 8192", "4294967295 16777216"), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("1 8192", "4294967296 8192"), &message)));
  EXPECT_FALSE(status_is_ok(parse(with("1 8192", "1 16777217"), &message)));
  EXPECT_TRUE(status_is_ok(parse(with("1 8192", "1 16"), &message)));
}

std::string numbered(const char *before, const char *after, int count) {
  std::string lines;
  for (int i = 0; i < count; i++) {
    char line[128];
    std::snprintf(line, sizeof(line), "%s%03d%s\n", before, i, after);
    lines += line;
  }
  return lines;
}

TEST(ManifestTest, Parse_TooManyLinesOfAKind_IsBadObject) {
  struct Kind {
    const char *old_line, *before, *after;
    int limit;
  };
  const Kind kinds[] = {
      {"export sample_get 0123456789abcdef ip12:8@8\n", "export sample_a", " 0123456789abcdef :0@0",
       kManifestExports - 1},
      {"import alarm alarm_ring fedcba9876543210\n", "import alarm alarm_a", " 0123456789abcdef",
       kManifestImports - 2},
      {"client out_of_tree\n", "client a", "", kManifestClients - 1},
      {"state sample_queue 1111111111111111 1 8192\n", "state a", " 1111111111111111 1 8192",
       kManifestStates},
  };
  for (const Kind &kind : kinds) {
    message_t message = {};
    const auto text = [&](int count) {
      return with(kind.old_line, numbered(kind.before, kind.after, count));
    };
    EXPECT_TRUE(status_is_ok(parse(text(kind.limit), &message))) << kind.before << message.text;
    EXPECT_TRUE(status_is(parse(text(kind.limit + 1), &message), STATUS_BAD_OBJECT));
    EXPECT_NE(std::string(message.text).find("too many lines"), std::string::npos) << message.text;
  }
}

TEST(ManifestTest, Parse_TooLong_IsBadObject) {
  message_t message = {};
  const std::string long_text(kManifestBytes + 1, 'x');
  EXPECT_TRUE(status_is(parse(long_text, &message), STATUS_BAD_OBJECT));
  EXPECT_NE(std::string(message.text).find("more than 65536 bytes"), std::string::npos);
}

struct Malformed {
  const char *what;
  const char *from;
  const char *to;
  const char *message;
};

class ManifestMalformedTest : public ::testing::TestWithParam<Malformed> {};

TEST_P(ManifestMalformedTest, Parse_IsBadObjectAndSaysWhy) {
  message_t message = {};
  EXPECT_TRUE(status_is(parse(with(GetParam().from, GetParam().to), &message), STATUS_BAD_OBJECT));
  EXPECT_NE(std::string(message.text).find(GetParam().message), std::string::npos) << message.text;
}

const Malformed kMalformed[] = {
    {"OtherFormat", "theseus 1", "theseus 2", "line 1: only format 1"},
    {"NoFormat", "theseus 1", "manifest 1", "line 1 does not begin with the word theseus"},
    {"CarriageReturn", "theseus 1\n", "theseus 1\r\n", "line 1 does not consist of printable"},
    {"Tab", "name sample", "name\tsample", "line 3 does not consist of printable"},
    {"NotAscii", "shows", "sh\xc3\xb6ws", "line 7 does not consist of printable"},
    {"Control", "shows", "\x01hows", "line 7 does not consist of printable"},
    {"Delete", "shows", "sho\x7fs", "line 7 does not consist of printable"},
    {"EmptyLine", "name sample", "\nname sample", "line 3 does not begin with the word name"},
    {"TwoBlanks", "name sample", "name  sample", "line 3: a name is"},
    {"TrailingBlank", "name sample", "name sample ", "line 3: a name is"},
    {"NoValue", "name sample", "name", "line 3 does not begin with the word name"},
    {"EmptyValue", "name sample", "name ", "line 3: a name is"},
    {"LongerWord", "name sample", "names sample", "line 3 does not begin with the word name"},
    {"HashShort", "hash 0", "hash ", "line 2: the hash is not 64"},
    {"HashLong", "hash 0", "hash 00", "line 2: the hash is not 64"},
    {"HashUpperCase", "hash 0", "hash A", "line 2: the hash is not 64"},
    {"HashBelowZero", "hash 0", "hash /", "line 2: the hash is not 64"},
    {"HashNotHexadecimal", "hash 0", "hash g", "line 2: the hash is not 64"},
    {"NameUpperCase", "name sample", "name Sample", "line 3: a name is"},
    {"NameDigitFirst", "name sample", "name 1sample", "line 3: a name is"},
    {"NameDash", "name sample", "name sam-ple", "line 3: a name is"},
    {"NameBeyondZ", "name sample", "name sampl{", "line 3: a name is"},
    {"NameUnderscoreFirst", "name sample", "name _sample", "line 3: a name is"},
    {"ImplementsMalformed", "implements sample", "implements sample.o", "line 4: a name is"},
    {"InterfaceNegative", "interface 2", "interface -2", "line 5: the number"},
    {"InterfaceLeadingZero", "interface 2", "interface 02", "line 5: the number"},
    {"VersionBelowZero", "version 3", "version 1/", "line 6: the number"},
    {"VersionBeyondNine", "version 3", "version 1:", "line 6: the number"},
    {"VersionEmpty", "version 3", "version ", "line 6: the number"},
    {"VersionHexadecimal", "version 3", "version 0x3", "line 6: the number"},
    {"VersionLong", "version 3", "version 18446744073709551619", "line 6: the number"},
    {"SummaryEmpty", "summary shows each thing that an object may hold", "summary ",
     "line 7: a summary has"},
    {"InitUnknown", "init lazy", "init never", "line 8: init is lazy or eager"},
    {"StackMalformed", "stack 4096", "stack 4k", "line 9: the number"},
    {"RightUnknown", "right mmio", "right dma", "line 10 names no right"},
    {"RightTwice", "right mmio", "right port_io", "line 11 says what the line before says"},
    {"RightsOutOfOrder", "right mmio\nright port_io", "right port_io\nright mmio",
     "line 11 is out of order"},
    {"ExportOfAnotherInterface", "export sample_get", "export example_get",
     "line 12: an export is"},
    {"ExportOfOneOfTheSameLength", "export sample_get", "export simple_get",
     "line 12: an export is"},
    {"ExportOfTheInterfaceItself", "export sample_get", "export sample_", "line 12: an export is"},
    {"ExportWithoutUnderscore", "export sample_get", "export samples_get", "line 12: an export is"},
    {"ExportUpperCase", "export sample_get", "export sample_Get", "line 12: an export is"},
    {"ExportNoShape", "abcdef ip12:8@8", "abcdef", "line 12 is not `export"},
    {"ExportShortFingerprint", "0123456789abcdef ip", "0123456789abcde ip",
     "line 12 is not `export"},
    {"ExportUpperCaseFingerprint", "0123456789abcdef ip", "0123456789ABCDEF ip",
     "line 12 is not `export"},
    {"ExportTwice", "export sample_get 0123456789abcdef ip12:8@8",
     "export sample_get 0123456789abcdef :0@0\nexport sample_get 0123456789abcdef ip12:8@8",
     "line 13 says what the line before says"},
    {"ExportTwiceWithFingerprintsAscending", "export sample_get 0123456789abcdef ip12:8@8",
     "export sample_get 0123456789abcdee :0@0\nexport sample_get 0123456789abcdef ip12:8@8",
     "line 13 says what the line before says"},
    {"LongerNameBeforeItsBeginning", "export sample_get 0123456789abcdef ip12:8@8",
     "export sample_get_all 0123456789abcdef :0@0\nexport sample_get 0123456789abcdef ip12:8@8",
     "line 13 is out of order"},
    {"ExportsOutOfOrder", "export sample_get", "export sample_set", "line 13 is out of order"},
    {"InitializeWithParameter", "00000000000000ff :0@0", "00000000000000ff i:0@0",
     "line 13: the initialisation takes nothing"},
    {"ImportNoFingerprint", "alarm_ring fedcba9876543210", "alarm_ring", "line 14 is not `import"},
    {"ImportLongFingerprint", "fedcba9876543210", "fedcba98765432100", "line 14 is not `import"},
    {"ImportProviderUpperCase", "import alarm alarm_ring", "import Alarm Alarm_ring",
     "line 14 is not `import"},
    {"ImportOfAnotherInterface", "import alarm alarm_ring", "import alarm bell_ring",
     "line 14: an import is"},
    {"ImportOfCoreMalformed", "import nano_core event_signal", "import nano_core event.signal",
     "line 16: an import is"},
    {"ImportOfItself", "import alarm alarm_ring", "import sample sample_a",
     "line 14: a cell does not import"},
    {"ImportTwice", "import alarm alarm_unused", "import alarm alarm_ring",
     "line 15 says what the line before says"},
    {"ImportsOutOfOrder", "import alarm alarm_ring", "import alarm alarm_zzz",
     "line 15 is out of order"},
    {"ClientMalformed", "client shell", "client //cells/shell", "line 18 is not `client"},
    {"ClientTwice", "client out_of_tree", "client shell", "line 18 says what the line before says"},
    {"StateNameMalformed", "state sample_queue", "state Sample", "line 19 is not `state"},
    {"StateNoBytes", "1 8192", "1", "line 19 is not `state"},
    {"StateShortFingerprint", "1111111111111111", "111", "line 19 is not `state"},
    {"StateWithoutMonitor", "1 8192", "1 15", "line 19: a blob begins with a monitor_t"},
    {"StateTwice", "end\n", "state sample_queue 1111111111111111 1 8192\nend\n",
     "line 20 says what the line before says"},
    {"UnknownKind", "client shell", "friend shell", "line 18 is of no known kind"},
    {"KindsOutOfOrder", "end\n", "client zebra\nend\n", "line 20 is of no known kind"},
    {"NoEnd", "end\n", "", "line 20 does not consist"},
    {"EndWithBlank", "end\n", "end \n", "line 20 is of no known kind"},
    {"MoreAfterTheEnd", "end\n", "end\nend\n", "line 20 is `end`, but more follows"},
    {"ByteAfterTheEnd", "end\n", "end\n\x01", "line 20 is `end`, but more follows"},
};

INSTANTIATE_TEST_SUITE_P(All, ManifestMalformedTest, ::testing::ValuesIn(kMalformed),
                         [](const auto &parameter) { return parameter.param.what; });

}  // namespace
