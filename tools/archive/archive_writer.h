// SPDX-License-Identifier: MIT
/// @file
/// Boot archives: newc, uncompressed, the same bytes for the same content.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace theseus {

/// Name and content of each file, in the order of the archive.
using Files = std::vector<std::pair<std::string, std::string>>;

/// The name of the first entry.
inline constexpr char kImageManifest[] = "image.manifest";

/// The objects that an image manifest names, in its order: the first word of each line; the reason
/// follows. Blank lines and lines that begin with `#` do not count.
/// @throws Refusal: an object is named twice or malformed, or has no reason
std::vector<std::string> manifest_objects(const std::string &text);

/// The archive of an image: the manifest, then `OBJECT.o` for each of its objects.
/// @param objects  content by object
/// @throws Refusal: an object of the manifest has no content, or one is not in the manifest
Files image_files(const std::string &manifest, const std::map<std::string, std::string> &objects);

/// Adds the file `OBJECT.o`; what is called `OBJECT.debug` keeps its name.
/// @throws Refusal: malformed name, or it is there already
void append_object(Files &files, const std::string &object, const std::string &content);

/// Writes an archive. Times, users and inode numbers tell nothing about where it was made.
std::string write_archive(const Files &files);

/// Reads an archive with the loader's own reader.
/// @param subject  named in refusals
/// @throws Refusal: malformed
Files read_archive(const std::string &subject, const std::string &archive);

}  // namespace theseus
