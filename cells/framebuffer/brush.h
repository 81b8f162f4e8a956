// SPDX-License-Identifier: MIT
/// @file
/// Draws glyphs in two colours by stores of 64 bits. A row of a glyph, eight pixels, is as many
/// such words as a pixel has bytes. What a few pixels look like is worked out once per pair of
/// colours.
#pragma once
#include "cells/font/font.h"
#include "cells/framebuffer/surface.h"
#include "nano_core/api/mmio.h"

/// One pair of colours.
typedef struct brush {
  uint32_t colours;    // foreground, background: 8 bits each; kNoColours: nothing is worked out yet
  uint32_t pixels[2];  // background, foreground
  /// Words of two pixels (32 bits per pixel) or four (16); the leftmost is the index's highest bit
  /// and the word's lowest part.
  uint64_t words[16];
} brush_t;

enum { kNoColours = 0xffff, kNoRow = 0x100 };

static inline uint64_t brush_word(const brush_t *brush, uint32_t index, uint32_t count,
                                  uint32_t pixel_bits) {
  uint64_t word = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t pixel = brush->pixels[index >> (count - 1 - i) & 1];
    word |= pixel << (i * pixel_bits);
  }
  return word;
}

/// Prepares the brush for the colours of `cell`.
static inline void brush_dip(brush_t *brush, const surface_t *surface, text_cell_t cell) {
  const uint32_t foreground = text_cell_foreground(cell);
  const uint32_t background = text_cell_background(cell);
  if (brush->colours == (foreground << 8 | background)) return;
  brush->colours = foreground << 8 | background;
  brush->pixels[0] = surface_pixel(surface, background);
  brush->pixels[1] = surface_pixel(surface, foreground);
  if (surface->pixel_bytes == 3) return;
  const uint32_t count = 8 / surface->pixel_bytes;
  for (uint32_t i = 0; i < (1u << count); i++) {
    brush->words[i] = brush_word(brush, i, count, surface->pixel_bytes * 8);
  }
}

// Each glyph has rows that are alike: what one looks like is kept for the next. The slices have a
// known length, so the compiler needs no check for each store.

static inline void brush_glyph_32(const brush_t *brush, byte_span_t cell, size_t pitch,
                                  const font_glyph_t *glyph) {
  uint64_t first = 0, second = 0, third = 0, fourth = 0;
  uint32_t known = kNoRow;
  for (size_t row = 0; row < kFontHeight; row++) {
    const uint32_t bits = glyph->rows[row];
    if (bits != known) {
      first = brush->words[bits >> 6];
      second = brush->words[bits >> 4 & 3];
      third = brush->words[bits >> 2 & 3];
      fourth = brush->words[bits & 3];
      known = bits;
    }
    const byte_span_t place = byte_span_slice(cell, row * pitch, 32);
    mmio_write64(place, 0, first);
    mmio_write64(place, 8, second);
    mmio_write64(place, 16, third);
    mmio_write64(place, 24, fourth);
  }
}

static inline void brush_glyph_24(const brush_t *brush, byte_span_t cell, size_t pitch,
                                  const font_glyph_t *glyph) {
  for (size_t row = 0; row < kFontHeight; row++) {
    uint64_t pixels[8];
    for (size_t i = 0; i < COUNT_OF(pixels); i++) {
      pixels[i] = brush->pixels[glyph->rows[row] >> (7 - i) & 1];
    }
    const byte_span_t place = byte_span_slice(cell, row * pitch, 24);
    mmio_write64(place, 0, pixels[0] | pixels[1] << 24 | pixels[2] << 48);
    mmio_write64(place, 8, pixels[2] >> 16 | pixels[3] << 8 | pixels[4] << 32 | pixels[5] << 56);
    mmio_write64(place, 16, pixels[5] >> 8 | pixels[6] << 16 | pixels[7] << 40);
  }
}

static inline void brush_glyph_16(const brush_t *brush, byte_span_t cell, size_t pitch,
                                  const font_glyph_t *glyph) {
  for (size_t row = 0; row < kFontHeight; row++) {
    const uint32_t bits = glyph->rows[row];
    const byte_span_t place = byte_span_slice(cell, row * pitch, 16);
    mmio_write64(place, 0, brush->words[bits >> 4]);
    mmio_write64(place, 8, brush->words[bits & 15]);
  }
}

/// Draws a glyph whose upper left pixel stands at byte `offset` of the surface.
static inline void brush_glyph(const brush_t *brush, const surface_t *surface, size_t offset,
                               const font_glyph_t *glyph) {
  const size_t pitch = surface->pitch;
  const size_t bytes = (kFontHeight - 1) * pitch + (size_t)kFontWidth * surface->pixel_bytes;
  const byte_span_t cell = byte_span_slice(surface->pixels, offset, bytes);
  if (surface->pixel_bytes == 4) {
    brush_glyph_32(brush, cell, pitch, glyph);
  } else if (surface->pixel_bytes == 3) {
    brush_glyph_24(brush, cell, pitch, glyph);
  } else {
    brush_glyph_16(brush, cell, pitch, glyph);
  }
}

/// Makes a row of pixels black, which is all zero whatever the depth.
static inline void brush_clear_row(byte_span_t row) {
  enum { kChunk = 64 };
  size_t at = 0;
  for (; row.length - at >= kChunk; at += kChunk) {
    const byte_span_t chunk = byte_span_slice(row, at, kChunk);
    for (size_t i = 0; i < kChunk; i += sizeof(uint64_t)) mmio_write64(chunk, i, 0);
  }
  for (; at < row.length; at++) mmio_write8(row, at, 0);
}
