// SPDX-License-Identifier: MIT
/// @file
/// The blobs of the cells under test, which both kinds of processors put back between schedules.
#pragma once
#include <cstddef>
#include <string>

namespace interleave {

/// Remembers what all blobs hold now; later calls put that back, or compare with it.
void BlobsRemember();
void BlobsRestore();

/// The name of a blob that is not as it was, or a null pointer.
const char *BlobsChanged();

/// "heap_pools+0x40" for an address in a blob; the bare address elsewhere.
std::string BlobsPlace(const void *place);

}  // namespace interleave
