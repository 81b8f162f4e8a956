// SPDX-License-Identifier: MIT
#include "cells/vga_text/vga_text.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/vga_text/code_page.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

static const uint64_t kPhysicalAddress = 0xb8000;

enum {
  kColumns = 80,
  kRows = 25,
  kCellBytes = 2,
  kMemoryBytes = kColumns * kRows * kCellBytes,
  kBlank = 0x0720,  // a space, light grey on black
};

// Registers behind pairs of an index and a data port (VGA: CRT controller, graphics controller).
enum {
  kCrtIndex = 0x3d4,
  kCrtData = 0x3d5,
  kCrtCursorHigh = 0x0e,
  kCrtCursorLow = 0x0f,
  kGraphicsIndex = 0x3ce,
  kGraphicsData = 0x3cf,
  kGraphicsMiscellaneous = 0x06,
  kGraphicsMode = 1,  // of the miscellaneous register: not text
};

typedef struct vga_text_memory {
  monitor_t monitor;
  byte_span_t characters;  // empty: there is no VGA in text mode
} vga_text_memory_t;

STATE(vga_text_memory_t, vga_text_memory);

static byte_span_t characters(void) {
  monitor_enter(&state_vga_text_memory->monitor);
  const byte_span_t span = state_vga_text_memory->characters;
  monitor_exit(&state_vga_text_memory->monitor);
  return span;
}

static uint8_t read_pair(uint16_t index_port, uint8_t index) {
  port_write8(index_port, index);
  return port_read8((uint16_t)(index_port + 1));
}

// A register that keeps what is written to it; where there is no card, reads give all ones.
static bool keeps(uint8_t value) {
  port_write8(kCrtIndex, kCrtCursorLow);
  port_write8(kCrtData, value);
  return read_pair(kCrtIndex, kCrtCursorLow) == value;
}

// Whether there is a card in text mode. A framebuffer means that it is in another mode, whatever
// its registers say.
static bool is_there(void) {
  machine_framebuffer_t framebuffer;
  if (status_is_ok(machine_framebuffer(&framebuffer))) return false;
  if (!keeps(0x55) || !keeps(0x2a)) return false;
  return (read_pair(kGraphicsIndex, kGraphicsMiscellaneous) & kGraphicsMode) == 0;
}

status_t vga_text_initialize(void) {
  // The memory stays mapped, so who knows where must stay too.
  TRY(blob_retain(TEXT("vga_text_memory")));
  if (characters().length != 0 || !is_there()) return OK;
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){kPhysicalAddress}, kMemoryBytes);
  TRY(memory.status);
  const byte_span_t mapped = {memory.value, kMemoryBytes};
  monitor_enter(&state_vga_text_memory->monitor);
  state_set(&state_vga_text_memory->characters, mapped);
  monitor_exit(&state_vga_text_memory->monitor);
  return OK;
}

status_t vga_text_size(text_size_t *size) {
  if (characters().length == 0) return ERR(UNSUPPORTED);
  *size = (text_size_t){kColumns, kRows};
  return OK;
}

status_t vga_text_clear(void) {
  const byte_span_t memory = characters();
  if (memory.length == 0) return ERR(UNSUPPORTED);
  const uint64_t blanks = kBlank * UINT64_C(0x0001000100010001);
  for (size_t at = 0; at < kMemoryBytes; at += sizeof(blanks)) mmio_write64(memory, at, blanks);
  return OK;
}

// Terminals count red first, the card blue.
static uint32_t card_colour(uint32_t colour) {
  return (colour & 0xa) | (colour & 1) << 2 | (colour >> 2 & 1);
}

static uint16_t card_cell(text_cell_t cell) {
  const uint32_t foreground = card_colour(text_cell_foreground(cell));
  // The highest bit would blink.
  const uint32_t background = card_colour(text_cell_background(cell)) & 7;
  const uint32_t colours = background << 4 | foreground;
  return (uint16_t)(colours << 8 | code_page_of(text_cell_character(cell)));
}

status_t vga_text_draw(uint32_t row, uint32_t column, text_cells_t cells) {
  const byte_span_t memory = characters();
  if (memory.length == 0) return ERR(UNSUPPORTED);
  if (row >= kRows || !range_fits(column, cells.length, kColumns)) return ERR(OUT_OF_RANGE);
  const size_t start = ((size_t)row * kColumns + column) * kCellBytes;
  for (size_t i = 0; i < cells.length; i++) {
    mmio_write16(memory, start + i * kCellBytes, card_cell(*text_cells_at(cells, i)));
  }
  return OK;
}

status_t vga_text_cursor(uint32_t row, uint32_t column) {
  if (characters().length == 0) return ERR(UNSUPPORTED);
  if (row >= kRows || column >= kColumns) return ERR(OUT_OF_RANGE);
  const uint32_t place = row * kColumns + column;
  // The monitor keeps the index with its data.
  monitor_enter(&state_vga_text_memory->monitor);
  port_write8(kCrtIndex, kCrtCursorHigh);
  port_write8(kCrtData, (uint8_t)(place >> 8));
  port_write8(kCrtIndex, kCrtCursorLow);
  port_write8(kCrtData, (uint8_t)(place & 0xff));
  monitor_exit(&state_vga_text_memory->monitor);
  return OK;
}
