// SPDX-License-Identifier: MIT
/// @file
/// A framebuffer's layout: whether it makes sense, and the pixels that colours make.
#pragma once
#include "cells/font/font.h"
#include "nano_core/api/checked.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/span.h"
#include "nano_core/api/units.h"
#include "patterns/text_cell.h"

enum {
  kLargestSide = 16384,  // pixels
  kPhysicalBits = 52,    // of an address, at most
};

static const uint64_t kLargestSurface = UINT64_C(1) << 28;  // bytes

/// A framebuffer that was checked and mapped.
typedef struct surface {
  byte_span_t pixels;  // whole rows; empty: there is none
  uint32_t pitch;      // bytes from one row of pixels to the next
  uint32_t width;      // pixels
  uint32_t height;     // pixels
  uint32_t pixel_bytes;
  machine_channel_t red;
  machine_channel_t green;
  machine_channel_t blue;
} surface_t;

/// Of 15 to 32 bits; 0: of no depth that this cell knows.
static inline uint32_t surface_pixel_bytes(uint32_t bits_per_pixel) {
  return bits_per_pixel < 15 || bits_per_pixel > 32 ? 0 : (bits_per_pixel + 7) / 8;
}

static inline uint64_t surface_bytes(const machine_framebuffer_t *given) {
  return (uint64_t)given->pitch * given->height;  // of 32 bits each, so it fits
}

static inline bool surface_has_channel(const machine_framebuffer_t *given,
                                       machine_channel_t channel) {
  return channel.bits != 0 && (uint32_t)channel.shift + channel.bits <= given->bits_per_pixel;
}

/// Why what the boot loader handed over cannot be used; empty if it can.
static inline text_t surface_refusal(const machine_framebuffer_t *given) {
  const uint32_t pixel_bytes = surface_pixel_bytes(given->bits_per_pixel);
  const uint64_t limit = UINT64_C(1) << kPhysicalBits;
  if (pixel_bytes == 0) return TEXT("refused: pixels of that many bits are not known");
  if (given->width < kFontWidth || given->height < kFontHeight) {
    return TEXT("refused: it is smaller than one character");
  }
  if (given->width > kLargestSide || given->height > kLargestSide) {
    return TEXT("refused: more than 16384 pixels wide or high");
  }
  if (given->pitch < given->width * pixel_bytes) return TEXT("refused: the pitch is below a row");
  if (surface_bytes(given) > kLargestSurface) return TEXT("refused: more than 256 MiB");
  if (given->start.bytes == 0 || !range_fits(given->start.bytes, surface_bytes(given), limit)) {
    return TEXT("refused: no place in memory");
  }
  if (!surface_has_channel(given, given->red) || !surface_has_channel(given, given->green) ||
      !surface_has_channel(given, given->blue)) {
    return TEXT("refused: a colour lies outside of the pixel");
  }
  return (text_t){};
}

/// The colours of a VGA, as 0xRRGGBB, in the order of enum text_colour.
static const uint32_t kPalette[kTextColours] = {
    0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
    0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
};

/// The bits of one colour with `level` 0 to 255.
static inline uint32_t surface_channel(machine_channel_t channel, uint32_t level) {
  const uint32_t bits = channel.bits;
  const uint32_t value = bits <= 8 ? level >> (8 - bits) : level << (bits - 8);
  return value << channel.shift;
}

/// The pixel of a colour, enum text_colour.
static inline uint32_t surface_pixel(const surface_t *surface, uint32_t colour) {
  const uint32_t value = kPalette[colour % kTextColours];
  return surface_channel(surface->red, value >> 16) |
         surface_channel(surface->green, value >> 8 & 0xff) |
         surface_channel(surface->blue, value & 0xff);
}
