// SPDX-License-Identifier: MIT
#include "cells/framebuffer/framebuffer.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/font/font.h"
#include "cells/framebuffer/brush.h"
#include "cells/framebuffer/surface.h"
#include "cells/log/log.h"
#include "nano_core/api/machine.h"

typedef struct framebuffer_surface {
  monitor_t monitor;
  surface_t surface;
} framebuffer_surface_t;

STATE(framebuffer_surface_t, framebuffer_surface);

// Drawing works on a copy, outside of the monitor: it takes long.
static surface_t surface_now(void) {
  monitor_enter(&state_framebuffer_surface->monitor);
  const surface_t surface = state_framebuffer_surface->surface;
  monitor_exit(&state_framebuffer_surface->monitor);
  return surface;
}

static bool is_there(const surface_t *surface) { return surface->pixels.length != 0; }

// No framebuffer is better than one that cannot be trusted.
static status_t refuse(text_t why) {
  status_ignore(log_write(TEXT("framebuffer"), why), "nobody could be told");
  return OK;
}

// Maps whole pages around the framebuffer.
static memory_result_t map(const machine_framebuffer_t *given, uint64_t lead) {
  const owner_result_t owner = owner_self();
  TRY_RESULT(memory_result_t, owner.status);
  const paddr_t start = {given->start.bytes - lead};
  return address_space_mapper_map_device(owner.value, start, surface_bytes(given) + lead);
}

static void install(const machine_framebuffer_t *given, byte_span_t pixels) {
  const surface_t surface = {
      .pixels = pixels,
      .pitch = given->pitch,
      .width = given->width,
      .height = given->height,
      .pixel_bytes = surface_pixel_bytes(given->bits_per_pixel),
      .red = given->red,
      .green = given->green,
      .blue = given->blue,
  };
  monitor_enter(&state_framebuffer_surface->monitor);
  state_copy(&state_framebuffer_surface->surface, &surface, sizeof(surface));
  monitor_exit(&state_framebuffer_surface->monitor);
}

status_t framebuffer_initialize(void) {
  // The framebuffer stays mapped, so who knows where must stay too.
  TRY(blob_retain(TEXT("framebuffer_surface")));
  const surface_t before = surface_now();
  machine_framebuffer_t given;
  if (is_there(&before) || !status_is_ok(machine_framebuffer(&given))) return OK;
  const text_t why = surface_refusal(&given);
  if (why.length != 0) return refuse(why);
  const uint64_t lead = given.start.bytes % kFrameBytes;
  const memory_result_t memory = map(&given, lead);
  if (status_is(memory.status, STATUS_INVALID_ARGUMENT) ||
      status_is(memory.status, STATUS_NO_MEMORY)) {
    return refuse(TEXT("refused: it cannot be mapped"));
  }
  TRY(memory.status);
  const byte_span_t mapped = {memory.value, surface_bytes(&given) + lead};
  install(&given, byte_span_slice(mapped, lead, surface_bytes(&given)));
  return OK;
}

static text_size_t size_of(const surface_t *surface) {
  return (text_size_t){surface->width / kFontWidth, surface->height / kFontHeight};
}

status_t framebuffer_size(text_size_t *size) {
  const surface_t surface = surface_now();
  if (!is_there(&surface)) return ERR(UNSUPPORTED);
  *size = size_of(&surface);
  return OK;
}

status_t framebuffer_clear(void) {
  const surface_t surface = surface_now();
  if (!is_there(&surface)) return ERR(UNSUPPORTED);
  const size_t row_bytes = (size_t)surface.width * surface.pixel_bytes;
  for (size_t row = 0; row < surface.height; row++) {
    brush_clear_row(byte_span_slice(surface.pixels, row * surface.pitch, row_bytes));
  }
  return OK;
}

status_t framebuffer_draw(uint32_t row, uint32_t column, text_cells_t cells) {
  const surface_t surface = surface_now();
  if (!is_there(&surface)) return ERR(UNSUPPORTED);
  const text_size_t size = size_of(&surface);
  if (row >= size.rows || !range_fits(column, cells.length, size.columns)) {
    return ERR(OUT_OF_RANGE);
  }
  size_t offset =
      (size_t)row * kFontHeight * surface.pitch + (size_t)column * kFontWidth * surface.pixel_bytes;
  brush_t brush = {.colours = kNoColours};
  for (size_t i = 0; i < cells.length; i++) {
    const text_cell_t cell = *text_cells_at(cells, i);
    font_glyph_t glyph = {};
    // Most of a screen is blank, and a blank has no pixels to ask for.
    if (text_cell_character(cell) != ' ') TRY(font_glyph(text_cell_character(cell), &glyph));
    brush_dip(&brush, &surface, cell);
    brush_glyph(&brush, &surface, offset, &glyph);
    offset += (size_t)kFontWidth * surface.pixel_bytes;
  }
  return OK;
}
