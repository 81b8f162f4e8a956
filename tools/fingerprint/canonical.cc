// SPDX-License-Identifier: MIT
#include "tools/fingerprint/canonical.h"

#include <mbedtls/sha256.h>

#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include "tools/cell_ast/ast.h"

namespace fingerprint {
namespace {

using cell_ast::Children;
using cell_ast::IsAnnotated;
using cell_ast::Name;

// The words of nano_core/api/ownership.h, in the order in which they are printed.
constexpr std::array<std::string_view, 4> kWords = {"lent", "out", "owned", "takes"};

// The compiler describes what has no name in words, with the place in parentheses.
std::string NameOrUnnamed(CXCursor cursor) {
  const std::string name = Name(cursor);
  return name.empty() || name.find('(') != std::string::npos ? "unnamed" : name;
}

std::string Words(CXCursor cursor) {
  std::string words;
  for (const std::string_view word : kWords) {
    if (IsAnnotated(cursor, word)) words += std::string(word) + " ";
  }
  return words;
}

std::vector<CXCursor> Fields(CXType record) {
  std::vector<CXCursor> fields;
  clang_Type_visitFields(
      record,
      [](CXCursor field, CXClientData data) {
        static_cast<std::vector<CXCursor> *>(data)->push_back(field);
        return CXVisit_Continue;
      },
      &fields);
  return fields;
}

// The text of one type graph. Types with a tag are numbered in the order in which they are first
// named, and described in that order; naming one again is a reference to its number.
class Graph {
 public:
  void Line(const std::string &line) { text_ += line + "\n"; }

  std::string Reference(CXType type) {
    const CXType canonical = clang_getCanonicalType(type);
    const std::string qualifiers =
        std::string(clang_isConstQualifiedType(canonical) ? "const " : "") +
        (clang_isVolatileQualifiedType(canonical) ? "volatile " : "");
    return qualifiers + Unqualified(canonical);
  }

  std::string Finish() {
    for (size_t i = 0; i < types_.size(); i++) Describe(i);  // types_ grows meanwhile
    return text_;
  }

 private:
  std::string Unqualified(CXType type) {
    switch (type.kind) {
      case CXType_Pointer:
        return "pointer to " + Reference(clang_getPointeeType(type));
      case CXType_ConstantArray:
        return "array " + std::to_string(clang_getArraySize(type)) + " of " +
               Reference(clang_getArrayElementType(type));
      case CXType_IncompleteArray:
        return "array of " + Reference(clang_getArrayElementType(type));
      case CXType_Record:
      case CXType_Enum:
        return "type " + std::to_string(NumberOf(type));
      case CXType_FunctionProto:
      case CXType_FunctionNoProto:
        return Signature(type);
      default:
        return Scalar(type);
    }
  }

  static std::string Scalar(CXType type) {
    const std::string bits = std::to_string(clang_Type_getSizeOf(type) * 8);
    switch (type.kind) {
      case CXType_Void:
        return "void";
      case CXType_Bool:
        return "bool";
      case CXType_Char_S:
      case CXType_Char_U:
        return "char";
      case CXType_SChar:
      case CXType_Short:
      case CXType_Int:
      case CXType_Long:
      case CXType_LongLong:
        return "s" + bits;
      case CXType_UChar:
      case CXType_UShort:
      case CXType_UInt:
      case CXType_ULong:
      case CXType_ULongLong:
        return "u" + bits;
      default:
        return cell_ast::ToString(clang_getTypeSpelling(type));
    }
  }

  std::string Signature(CXType type) {
    std::string text = "function (";
    for (int i = 0; i < clang_getNumArgTypes(type); i++) {
      text += (i == 0 ? "" : ", ") + Reference(clang_getArgType(type, static_cast<unsigned>(i)));
    }
    return text + ") to " + Reference(clang_getResultType(type));
  }

  size_t NumberOf(CXType type) {
    const CXType plain = clang_getUnqualifiedType(type);
    for (size_t i = 0; i < types_.size(); i++) {
      if (clang_equalTypes(types_[i], plain)) return i + 1;
    }
    types_.push_back(plain);
    return types_.size();
  }

  void Describe(size_t index) {
    const CXType type = types_[index];
    const CXCursor declaration = clang_getTypeDeclaration(type);
    const std::string head = "type " + std::to_string(index + 1) + " ";
    if (IsAnnotated(declaration, "sealed")) {
      Line(head + "sealed " + TagName(type) + " capacity " + std::to_string(Capacity(type)));
    } else if (type.kind == CXType_Enum) {
      DescribeEnum(head, type, declaration);
    } else {
      DescribeRecord(head, type, declaration);
    }
  }

  static long long Capacity(CXType type) {
    for (const CXCursor field : Fields(type)) {
      if (Name(field) == "opaque") return clang_Type_getSizeOf(clang_getCursorType(field));
    }
    return clang_Type_getSizeOf(type);
  }

  void DescribeEnum(const std::string &head, CXType type, CXCursor declaration) {
    Line(head + "enum " + TagName(type) + " " +
         Reference(clang_getEnumDeclIntegerType(declaration)));
    for (const CXCursor child : Children(declaration)) {
      if (clang_getCursorKind(child) != CXCursor_EnumConstantDecl) continue;
      Line("  value " + Name(child) + " " + std::to_string(clang_getEnumConstantDeclValue(child)));
    }
  }

  void DescribeRecord(const std::string &head, CXType type, CXCursor declaration) {
    const std::string kind =
        clang_getCursorKind(declaration) == CXCursor_UnionDecl ? "union " : "struct ";
    const long long bytes = clang_Type_getSizeOf(type);
    if (bytes < 0) return Line(head + kind + TagName(type) + " incomplete");
    Line(head + kind + TagName(type) + " bytes " + std::to_string(bytes) + " align " +
         std::to_string(clang_Type_getAlignOf(type)));
    for (const CXCursor field : Fields(type)) DescribeField(field);
  }

  void DescribeField(CXCursor field) {
    const std::string width =
        clang_Cursor_isBitField(field)
            ? "width " + std::to_string(clang_getFieldDeclBitWidth(field)) + " "
            : "";
    Line("  field " + NameOrUnnamed(field) + " at " +
         std::to_string(clang_Cursor_getOffsetOfField(field)) + " " + width + Words(field) +
         Reference(clang_getCursorType(field)));
  }

  std::string text_;
  std::vector<CXType> types_;
};

}  // namespace

std::string FunctionText(CXCursor function) {
  Graph graph;
  graph.Line("function " + Words(function) + Name(function));
  graph.Line("result " + graph.Reference(clang_getCursorResultType(function)));
  // The function's type, unlike its parameters, says what travels: an array is a pointer there, and
  // a parameter that the callee itself does not change is no promise to the caller.
  const CXType type = clang_getCanonicalType(clang_getCursorType(function));
  for (int i = 0; i < clang_getNumArgTypes(type); i++) {
    const unsigned index = static_cast<unsigned>(i);
    graph.Line("parameter " + Words(clang_Cursor_getArgument(function, index)) +
               graph.Reference(clang_getArgType(type, index)));
  }
  return graph.Finish();
}

std::string BlobText(CXType type) {
  Graph graph;
  graph.Line("blob " + graph.Reference(clang_getUnqualifiedType(clang_getCanonicalType(type))));
  return graph.Finish();
}

std::string Hash(const std::string &text) {
  std::array<unsigned char, 32> digest = {};
  mbedtls_sha256_ret(reinterpret_cast<const unsigned char *>(text.data()), text.size(),
                     digest.data(), /*is224=*/0);
  std::string hexadecimal;
  for (size_t i = 0; i < 8; i++) {
    char digits[3];
    snprintf(digits, sizeof(digits), "%02x", digest[i]);
    hexadecimal += digits;
  }
  return hexadecimal;
}

std::string TagName(CXType type) { return NameOrUnnamed(clang_getTypeDeclaration(type)); }

}  // namespace fingerprint
