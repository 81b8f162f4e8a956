// Prints the names of the functions that a C file defines: the smallest use of libclang.

#include <clang-c/Index.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

CXChildVisitResult print_function(CXCursor cursor, CXCursor, CXClientData) {
  if (clang_getCursorKind(cursor) == CXCursor_FunctionDecl) {
    const CXString name = clang_getCursorSpelling(cursor);
    std::puts(clang_getCString(name));
    clang_disposeString(name);
  }
  return CXChildVisit_Continue;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fputs("usage: list_functions FILE\n", stderr);
    return 2;
  }
  const std::string headers =
      std::string("-resource-dir=") + std::getenv("LLVM_TREE") + "/lib/clang/22";
  const char *const flags[] = {"-std=c23", "-ffreestanding", "-nostdlibinc", headers.c_str()};
  CXIndex index = clang_createIndex(0, 1);
  CXTranslationUnit unit =
      clang_parseTranslationUnit(index, argv[1], flags, 4, nullptr, 0, CXTranslationUnit_None);
  const bool clean = unit != nullptr && clang_getNumDiagnostics(unit) == 0;
  if (clean) clang_visitChildren(clang_getTranslationUnitCursor(unit), print_function, nullptr);
  clang_disposeTranslationUnit(unit);
  clang_disposeIndex(index);
  return clean ? 0 : 1;
}
