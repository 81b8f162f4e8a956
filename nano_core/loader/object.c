// SPDX-License-Identifier: MIT
// The header, the sections and the note of an object; what their order in the file is decides
// nothing.
#include "nano_core/loader/object.h"

#include "nano_core/api/checked.h"
#include "nano_core/loader/object_internal.h"

// The sections that the tables of the file are in; 0: not found yet.
typedef struct found {
  uint32_t symbols;
  uint32_t note;
} found_t;

static elf_section_t section_at(const object_t *object, uint64_t index) {
  elf_section_t section;
  object_read(object->file, object->section_table + index * sizeof(section), &section,
              sizeof(section));
  return section;
}

text_t object_string(bytes_t strings, uint64_t index) {
  size_t length = 0;
  const char *first = (const char *)bytes_at(strings, index);
  while (length < kObjectNameBytes && first[length] != '\0') length++;
  return (text_t){first, length};
}

text_t object_section_name(const object_t *object, uint32_t index) {
  const elf_section_t names = section_at(object, object->section_names);
  return object_string(bytes_slice(object->file, names.offset, names.bytes),
                       section_at(object, index).name);
}

static status_t refuse_section(const object_t *object, uint32_t index, text_t reason,
                               message_t *message) {
  return message_refuse(message, TEXT("section "), object_section_name(object, index), reason);
}

static status_t check_identity(const elf_header_t *header, message_t *message) {
  const bool is_elf = header->magic[0] == 0x7f && header->magic[1] == 'E' &&
                      header->magic[2] == 'L' && header->magic[3] == 'F';
  text_t reason = {};
  if (!is_elf) {
    reason = TEXT("is no ELF file");
  } else if (header->file_class != kElfClass64) {
    reason = TEXT("is not a 64-bit object");
  } else if (header->data != kElfLittleEndian) {
    reason = TEXT("is not little-endian");
  } else if (header->machine != kElfMachineX86) {
    reason = TEXT("is for another machine than x86-64");
  } else if (header->type != kElfRelocatable) {
    reason = TEXT("is not relocatable: link it with -r");
  } else if (header->ident_version != kElfVersion || header->version != kElfVersion) {
    reason = TEXT("has an unknown ELF version");
  } else if (header->segment_count != 0 || header->header_bytes != sizeof(elf_header_t) ||
             header->section_bytes != sizeof(elf_section_t)) {
    reason = TEXT("has an ELF header that no relocatable object has");
  }
  return reason.length == 0 ? OK : message_refuse(message, TEXT("the file "), reason, TEXT(""));
}

static status_t check_header(object_t *object, message_t *message) {
  elf_header_t header = {};
  if (object->file.length < sizeof(header) || object->file.length > kObjectBytes) {
    return message_refuse(message, TEXT("the file is too short for an object, or above 16 MiB"),
                          TEXT(""), TEXT(""));
  }
  object_read(object->file, 0, &header, sizeof(header));
  TRY(check_identity(&header, message));
  if (header.section_count == 0 || header.section_count > kObjectSections) {
    return message_refuse_number(message, TEXT("the object has no sections, or more than "),
                                 kObjectSections, TEXT(": compile without -ffunction-sections"));
  }
  if (header.sections_offset % 8 != 0 || header.section_names == 0 ||
      header.section_names >= header.section_count ||
      !range_fits(header.sections_offset, header.section_count * sizeof(elf_section_t),
                  object->file.length)) {
    return message_refuse(message, TEXT("the section table lies outside of the file, or unaligned"),
                          TEXT(""), TEXT(": the file is damaged"));
  }
  if (!object_is_zero(object->file, header.sections_offset, sizeof(elf_section_t))) {
    return message_refuse(message, TEXT("the first section, which stands for none, is not empty"),
                          TEXT(""), TEXT(": the file is damaged"));
  }
  object->section_table = (uint32_t)header.sections_offset;
  object->section_count = header.section_count;
  object->section_names = header.section_names;
  return OK;
}

// Offset, size and alignment; nobody has looked at the name yet, so the message has the number.
static status_t check_extent(object_t *object, uint32_t index, message_t *message) {
  const elf_section_t section = section_at(object, index);
  const bool has_bytes = section.type != kElfSectionNoBytes;
  const uint64_t alignment = section.alignment == 0 ? 1 : section.alignment;
  const bool is_power = (alignment & (alignment - 1)) == 0;
  if (has_bytes && !range_fits(section.offset, section.bytes, object->file.length)) {
    return message_refuse_number(message, TEXT("section number "), index,
                                 TEXT(" lies outside of the file: the file is damaged"));
  }
  if (!is_power || alignment > kObjectAlignment || section.address != 0 ||
      (has_bytes && section.offset % alignment != 0)) {
    return message_refuse_number(message, TEXT("section number "), index,
                                 TEXT(" has an address, or an alignment that it does not keep"));
  }
  if (has_bytes) {
    object->sections[index].offset = (uint32_t)section.offset;
    object->sections[index].bytes = (uint32_t)section.bytes;
  }
  return OK;
}

static bool is_apart(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes) {
  return a_bytes == 0 || b_bytes == 0 || a + a_bytes <= b || b + b_bytes <= a;
}

// Where two parts of the file overlap, changing one changes the other behind the checks' back.
static status_t check_apart(const object_t *object, uint32_t index, message_t *message) {
  const object_section_t *section = &object->sections[index];
  bool apart = is_apart(section->offset, section->bytes, 0, sizeof(elf_header_t)) &&
               is_apart(section->offset, section->bytes, object->section_table,
                        object->section_count * sizeof(elf_section_t));
  for (uint32_t i = 1; i < index && apart; i++) {
    apart = is_apart(section->offset, section->bytes, object->sections[i].offset,
                     object->sections[i].bytes);
  }
  if (apart) return OK;
  return message_refuse_number(message, TEXT("section number "), index,
                               TEXT(" overlaps another part of the file: the file is damaged"));
}

static status_t check_names(const object_t *object, message_t *message) {
  const elf_section_t names = section_at(object, object->section_names);
  bool is_right = names.type == kElfSectionStrings && names.bytes > 0 &&
                  *bytes_at(object->file, names.offset + names.bytes - 1) == '\0';
  for (uint32_t i = 1; i < object->section_count && is_right; i++) {
    is_right = section_at(object, i).name < names.bytes;
  }
  if (is_right) return OK;
  return message_refuse(message, TEXT("the names of the sections are malformed"), TEXT(""),
                        TEXT(": the file is damaged"));
}

static bool is_constructor(const elf_section_t *section, text_t name) {
  const bool has_type = section->type == kElfSectionInitArray ||
                        section->type == kElfSectionFiniArray ||
                        section->type == kElfSectionPreinitArray;
  return has_type || text_starts_with(name, TEXT(".init_array")) ||
         text_starts_with(name, TEXT(".fini_array")) || text_starts_with(name, TEXT(".ctors")) ||
         text_starts_with(name, TEXT(".dtors"));
}

// Why a section that is to be in memory may not; empty where it may.
static text_t reason_against(const elf_section_t *section, text_t name) {
  const uint64_t executable = kElfFlagAllocate | kElfFlagExecute;
  const uint64_t constant = kElfFlagAllocate | kElfFlagMerge | kElfFlagStrings;
  if (is_constructor(section, name)) {
    return TEXT(" holds constructors: use an exported INTERFACE_initialize instead");
  }
  if ((section->flags & kElfFlagThreadLocal) != 0) {
    return TEXT(" is thread-local: keep it with the client, or declare state");
  }
  if ((section->flags & kElfFlagWrite) != 0) {
    return TEXT(" is writable: make it constant, keep it with the client, or declare state");
  }
  if (section->type != kElfSectionBytes) return TEXT(" is of a type that is not loaded");
  const bool is_text = section->flags == executable && text_starts_with(name, TEXT(".text"));
  const bool is_rodata =
      (section->flags & ~constant) == 0 && text_starts_with(name, TEXT(".rodata"));
  if (is_text || is_rodata) return TEXT("");
  return TEXT(" is neither .text nor .rodata with their flags: build it with theseus_cell");
}

static void lay_out(object_t *object, uint32_t index, const elf_section_t *section) {
  const bool is_text = (section->flags & kElfFlagExecute) != 0;
  uint64_t *total = is_text ? &object->layout.text_bytes : &object->layout.rodata_bytes;
  const uint64_t alignment = section->alignment == 0 ? 1 : section->alignment;
  const uint64_t place = (*total + alignment - 1) & ~(alignment - 1);
  object->sections[index].kind = is_text ? kSectionText : kSectionRodata;
  object->sections[index].place = (uint32_t)place;
  *total = place + section->bytes;
}

static status_t classify(object_t *object, uint32_t index, found_t *found, message_t *message) {
  const elf_section_t section = section_at(object, index);
  const text_t name = object_section_name(object, index);
  if ((section.flags & kElfFlagCompressed) != 0) {
    return refuse_section(object, index, TEXT(" is compressed: do not compress sections"), message);
  }
  if ((section.flags & kElfFlagAllocate) != 0) {
    const text_t reason = reason_against(&section, name);
    if (reason.length > 0) return refuse_section(object, index, reason, message);
    lay_out(object, index, &section);
  } else if (section.type == kElfSectionOldRelocations || section.type == kElfSectionWideIndices) {
    return refuse_section(object, index, TEXT(" is of a type that x86-64 does not use"), message);
  } else if (section.type == kElfSectionSymbols) {
    if (found->symbols != 0) return refuse_section(object, index, TEXT(" is there twice"), message);
    found->symbols = index;
  } else if (text_equal(name, TEXT(".note.theseus"))) {
    if (found->note != 0) return refuse_section(object, index, TEXT(" is there twice"), message);
    found->note = index;
  }
  return OK;
}

static status_t attach_relocations(object_t *object, uint32_t index, const found_t *found,
                                   message_t *message) {
  const elf_section_t section = section_at(object, index);
  if (section.type != kElfSectionRelocations) return OK;
  if (section.info >= object->section_count) {
    return refuse_section(object, index, TEXT(" relocates no section of the file"), message);
  }
  object_section_t *target = &object->sections[section.info];
  if (target->kind == kSectionNotLoaded) return OK;
  if (section.link != found->symbols || section.entry_bytes != sizeof(elf_relocation_t) ||
      section.bytes % sizeof(elf_relocation_t) != 0 || target->relocation_count != 0) {
    return refuse_section(object, index, TEXT(" is malformed: the file is damaged"), message);
  }
  target->relocations = (uint32_t)section.offset;
  target->relocation_count = (uint32_t)(section.bytes / sizeof(elf_relocation_t));
  return OK;
}

static status_t read_note(object_t *object, const found_t *found, message_t *message) {
  static const char kName[8] = "Theseus";
  elf_note_t note = {};
  if (found->note == 0) {
    return message_refuse(message, TEXT("there is no section .note.theseus"), TEXT(""),
                          TEXT(": stamp the object with tools/cell_object"));
  }
  const elf_section_t section = section_at(object, found->note);
  const bytes_t bytes = section.type == kElfSectionNote
                            ? bytes_slice(object->file, section.offset, section.bytes)
                            : (bytes_t){};
  const size_t head = sizeof(note) + sizeof(kName);
  if (bytes.length >= head) object_read(bytes, 0, &note, sizeof(note));
  if (note.name_bytes != sizeof(kName) || note.type != 1 ||
      bytes.length - head != ((uint64_t)note.descriptor_bytes + 3) / 4 * 4 ||
      !text_equal((text_t){(const char *)bytes_at(bytes, sizeof(note)), sizeof(kName)},
                  SPAN_OF(text, kName))) {
    return refuse_section(object, found->note,
                          TEXT(" is not exactly one note `Theseus` of type 1: stamp it anew"),
                          message);
  }
  const bytes_t manifest = bytes_slice(bytes, head, note.descriptor_bytes);
  TRY(manifest_parse((text_t){(const char *)manifest.data, manifest.length}, &object->manifest,
                     message));
  object->hash_offset = (uint64_t)(object->manifest.hash.data - (const char *)object->file.data);
  object->layout.export_count = object->manifest.exports.count;
  object->layout.import_count = object->manifest.imports.count;
  object->layout.state_count = object->manifest.states.count;
  return OK;
}

static status_t parse_sections(object_t *object, found_t *found, message_t *message) {
  TRY(check_header(object, message));
  for (uint32_t i = 1; i < object->section_count; i++) TRY(check_extent(object, i, message));
  for (uint32_t i = 1; i < object->section_count; i++) TRY(check_apart(object, i, message));
  TRY(check_names(object, message));
  for (uint32_t i = 1; i < object->section_count; i++) TRY(classify(object, i, found, message));
  for (uint32_t i = 1; i < object->section_count; i++) {
    TRY(attach_relocations(object, i, found, message));
  }
  return OK;
}

status_t object_parse(bytes_t file, object_t *object, message_t *message) {
  found_t found = {};
  __builtin_memset(object, 0, sizeof(*object));
  object->file = file;
  TRY(parse_sections(object, &found, message));
  TRY(read_note(object, &found, message));
  if (found.symbols == 0) {
    return message_refuse(message, TEXT("there is no symbol table"), TEXT(""),
                          TEXT(": do not strip all symbols"));
  }
  const elf_section_t symbols = section_at(object, found.symbols);
  const elf_section_t strings = symbols.link != 0 && symbols.link < object->section_count
                                    ? section_at(object, symbols.link)
                                    : (elf_section_t){};  // section 0 is none, and was not checked
  TRY(object_parse_symbols(object, &symbols, &strings, message));
  return object_check_relocations(object, message);
}
