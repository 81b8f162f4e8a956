// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "tools/cell_check/rules.h"

namespace cell_check {
namespace {

using cell_ast::Place;

// Attributes that change neither where things lie nor what is checked.
constexpr std::array<std::string_view, 13> kAttributes = {
    "aligned", "packed", "unused",     "maybe_unused", "nodiscard",     "noreturn", "fallthrough",
    "cold",    "pure",   "deprecated", "noinline",     "always_inline", "const",
};

struct Token {
  std::string text;
  Place place;
};

std::vector<Token> TokensOf(CXTranslationUnit unit, CXFile file) {
  size_t size = 0;
  clang_getFileContents(unit, file, &size);
  const CXSourceRange range =
      clang_getRange(clang_getLocationForOffset(unit, file, 0),
                     clang_getLocationForOffset(unit, file, static_cast<unsigned>(size)));
  CXToken *raw = nullptr;
  unsigned count = 0;
  clang_tokenize(unit, range, &raw, &count);
  std::vector<Token> tokens;
  for (unsigned i = 0; i < count; i++) {
    const CXTokenKind kind = clang_getTokenKind(raw[i]);
    if (kind == CXToken_Comment || kind == CXToken_Literal) continue;
    tokens.push_back({cell_ast::ToString(clang_getTokenSpelling(unit, raw[i])),
                      cell_ast::SpellingPlace(clang_getTokenLocation(unit, raw[i]))});
  }
  clang_disposeTokens(unit, raw, count);
  return tokens;
}

class Reader {
 public:
  Reader(std::vector<Token> tokens, Findings *findings)
      : tokens_(std::move(tokens)), findings_(findings) {}

  void Check() {
    for (size_t i = 0; i < tokens_.size(); i++) {
      const std::string &text = tokens_[i].text;
      if (text == "asm" || text == "__asm" || text == "__asm__") {
        Add(i, "inline-assembly", "only the intrinsics of nano_core/api touch the machine");
      } else if (IsPragma(i)) {
        Add(i, "pragma", "the compiler's checks are the same for every cell");
      } else if (text == "__attribute__" || text == "__attribute") {
        CheckAttributes(i + 1, "(", ")");
      } else if (text == "[" && At(i + 1) == "[") {
        CheckAttributes(i, "[", "]");
      }
    }
  }

 private:
  const std::string &At(size_t i) const {
    static const std::string none;
    return i < tokens_.size() ? tokens_[i].text : none;
  }

  void Add(size_t i, const std::string &rule, const std::string &reason) {
    findings_->Add(tokens_[i].place, rule, reason);
  }

  bool IsPragma(size_t i) const {
    if (At(i) == "_Pragma" || At(i) == "__pragma") return true;
    return At(i) == "#" && At(i + 1) == "pragma" && At(i + 2) != "once";
  }

  // The names between two opening and two closing brackets; arguments are skipped.
  void CheckAttributes(size_t i, std::string_view open, std::string_view close) {
    int depth = 0;
    for (; i < tokens_.size(); i++) {
      const std::string &text = tokens_[i].text;
      if (text == open || text == "(") depth++;
      if (text == close || text == ")") depth--;
      if (depth == 0) return;
      const bool is_word =
          text != open && text != close && text != "," && text != "(" && text != ")";
      if (depth == 2 && is_word && !IsAllowed(text)) {
        Add(i, "attribute", "'" + text + "' changes what is checked, or where things lie");
      }
    }
  }

  static bool IsAllowed(std::string_view name) {
    if (name.starts_with("__") && name.ends_with("__") && name.size() > 4) {
      name = name.substr(2, name.size() - 4);
    }
    return std::find(kAttributes.begin(), kAttributes.end(), name) != kAttributes.end();
  }

  std::vector<Token> tokens_;
  Findings *findings_;
};

}  // namespace

void CheckTokens(const cell_ast::Unit &unit, Findings *findings) {
  std::set<CXFile> files = {clang_getFile(unit.handle(), unit.path().c_str())};
  clang_getInclusions(
      unit.handle(),
      [](CXFile file, CXSourceLocation *, unsigned, CXClientData data) {
        static_cast<std::set<CXFile> *>(data)->insert(file);
      },
      &files);
  for (const CXFile file : files) {
    if (!findings->scope().Covers(cell_ast::ToString(clang_getFileName(file)))) continue;
    Reader(TokensOf(unit.handle(), file), findings).Check();
  }
}

}  // namespace cell_check
