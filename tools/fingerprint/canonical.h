// SPDX-License-Identifier: MIT
/// @file
/// The canonical text of a function's or blob's type graph, and its hash. README.md describes it.
#pragma once
#include <clang-c/Index.h>

#include <string>

namespace fingerprint {

/// The canonical text of a published function.
std::string FunctionText(CXCursor function);

/// The canonical text of a type that a blob is made of.
std::string BlobText(CXType type);

/// The first 64 bits of the SHA-256 of `text`, as 16 hexadecimal digits.
std::string Hash(const std::string &text);

/// The name that a struct, union or enum is known by; "unnamed" where it has none.
std::string TagName(CXType type);

}  // namespace fingerprint
