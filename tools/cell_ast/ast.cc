// SPDX-License-Identifier: MIT
#include "tools/cell_ast/ast.h"

#include <algorithm>
#include <cstdlib>

namespace cell_ast {
namespace {

constexpr char kHeaderUser[] = "cell_ast_header_user.c";

CXIndex Index() {
  static const CXIndex index = clang_createIndex(/*excludeDeclarationsFromPCH=*/0,
                                                 /*displayDiagnostics=*/0);
  return index;
}

using Locator = void (*)(CXSourceLocation, CXFile *, unsigned *, unsigned *, unsigned *);

Place PlaceBy(Locator locate, CXSourceLocation location) {
  CXFile file = nullptr;
  Place place;
  locate(location, &file, &place.line, &place.column, nullptr);
  if (file != nullptr) place.file = ToString(clang_getFileName(file));
  if (place.file.starts_with("./")) place.file.erase(0, 2);
  return place;
}

void CollectErrors(CXTranslationUnit unit, std::vector<Violation> *violations) {
  for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
    const CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
    if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
      violations->push_back({ExpansionPlace(clang_getDiagnosticLocation(diagnostic)), "compile",
                             ToString(clang_getDiagnosticSpelling(diagnostic))});
    }
    clang_disposeDiagnostic(diagnostic);
  }
}

}  // namespace

std::string BuiltinHeaders() {
  const char *tree = std::getenv("LLVM_TREE");
  return std::string(tree == nullptr ? "external/llvm" : tree) + "/lib/clang/22/include";
}

std::string ToString(const Violation &violation) {
  const Place &place = violation.place;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
         ": error: " + violation.rule + ": " + violation.reason;
}

Unit Unit::Parse(const std::string &path, const std::vector<std::string> &flags,
                 CXUnsavedFile *unsaved, std::vector<Violation> *violations) {
  std::vector<const char *> arguments;
  for (const std::string &flag : flags) arguments.push_back(flag.c_str());
  const std::string headers = BuiltinHeaders();
  arguments.push_back("-DCELL_AST");  // nano_core/api/ownership.h: the words are for tools
  arguments.push_back("-isystem");
  arguments.push_back(headers.c_str());
  CXTranslationUnit unit = nullptr;
  const char *main = unsaved != nullptr ? unsaved->Filename : path.c_str();
  const CXErrorCode error = clang_parseTranslationUnit2(
      Index(), main, arguments.data(), static_cast<int>(arguments.size()), unsaved,
      unsaved != nullptr ? 1 : 0,
      CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_KeepGoing, &unit);
  if (error != CXError_Success || unit == nullptr) {
    violations->push_back({{path, 1, 1}, "compile", "the file cannot be read, or a flag is wrong"});
    return Unit(path, nullptr);
  }
  CollectErrors(unit, violations);
  return Unit(path, Handle(unit));
}

Unit Unit::ParseSource(const std::string &path, const std::vector<std::string> &flags,
                       std::vector<Violation> *violations) {
  return Parse(path, flags, nullptr, violations);
}

Unit Unit::ParseHeader(const std::string &path, const std::vector<std::string> &flags,
                       std::vector<Violation> *violations) {
  const std::string content = "#include \"" + path + "\"\n";
  CXUnsavedFile user = {kHeaderUser, content.c_str(), content.size()};
  return Parse(path, flags, &user, violations);
}

std::string ToString(CXString text) {
  const char *characters = clang_getCString(text);
  std::string result = characters == nullptr ? "" : characters;
  clang_disposeString(text);
  return result;
}

std::string Name(CXCursor cursor) { return ToString(clang_getCursorSpelling(cursor)); }

Place SpellingPlace(CXSourceLocation location) {
  return PlaceBy(clang_getSpellingLocation, location);
}

Place SpellingPlace(CXCursor cursor) { return SpellingPlace(clang_getCursorLocation(cursor)); }

Place ExpansionPlace(CXSourceLocation location) {
  return PlaceBy(clang_getExpansionLocation, location);
}

Place ExpansionPlace(CXCursor cursor) { return ExpansionPlace(clang_getCursorLocation(cursor)); }

std::vector<CXCursor> Children(CXCursor cursor) {
  std::vector<CXCursor> children;
  clang_visitChildren(
      cursor,
      [](CXCursor child, CXCursor, CXClientData data) {
        static_cast<std::vector<CXCursor> *>(data)->push_back(child);
        return CXChildVisit_Continue;
      },
      &children);
  return children;
}

std::vector<CXType> FieldTypes(CXType record) {
  std::vector<CXType> types;
  clang_Type_visitFields(
      record,
      [](CXCursor field, CXClientData data) {
        static_cast<std::vector<CXType> *>(data)->push_back(clang_getCursorType(field));
        return CXVisit_Continue;
      },
      &types);
  return types;
}

bool IsAnnotated(CXCursor cursor, std::string_view word) {
  const std::vector<CXCursor> children = Children(cursor);
  return std::any_of(children.begin(), children.end(), [word](CXCursor child) {
    return clang_getCursorKind(child) == CXCursor_AnnotateAttr && Name(child) == word;
  });
}

bool HasAttribute(CXCursor cursor, CXCursorKind kind) {
  const std::vector<CXCursor> children = Children(cursor);
  return std::any_of(children.begin(), children.end(),
                     [kind](CXCursor child) { return clang_getCursorKind(child) == kind; });
}

}  // namespace cell_ast
