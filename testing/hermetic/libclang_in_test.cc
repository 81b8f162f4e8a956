// libclang as a library of a test program.

#include <clang-c/Index.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

TEST(LibclangTest, Parse_OfACFile_HasNoDiagnostics) {
  const std::string headers =
      std::string("-resource-dir=") + std::getenv("LLVM_TREE") + "/lib/clang/22";
  const char *const flags[] = {"-std=c23", "-ffreestanding", "-nostdlibinc", headers.c_str()};
  CXIndex index = clang_createIndex(0, 1);
  CXTranslationUnit unit = clang_parseTranslationUnit(index, "testing/hermetic/two_functions.c",
                                                      flags, 4, nullptr, 0, CXTranslationUnit_None);
  ASSERT_NE(unit, nullptr);
  EXPECT_EQ(clang_getNumDiagnostics(unit), 0u);
  clang_disposeTranslationUnit(unit);
  clang_disposeIndex(index);
}
