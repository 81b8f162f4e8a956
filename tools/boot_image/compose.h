// SPDX-License-Identifier: MIT
/// @file
/// Checks the list of the cells of an image against what the build offers, in both directions.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace boot_image {

struct Image {
  std::vector<std::string> cells;   // in the order of the manifest
  std::string manifest;             // for the archive: a line `OBJECT reason` for each cell
  std::vector<std::string> errors;  // `FILE:LINE:COL: error: image-manifest: reason`
};

/// @param path   of the manifest, for messages
/// @param text   lines `CELL  reason`; `#` begins a comment line; blank lines do not count
/// @param label  of the image, for messages
/// @param cells  what the build offers, each by its name
Image Compose(const std::string &path, const std::string &text, const std::string &label,
              const std::vector<std::string> &cells);

}  // namespace boot_image
