// SPDX-License-Identifier: MIT
// One specimen for each quirk of an ELF file or of a cell's object that is refused. Each is the
// right sample but for one thing, and is stamped, so that nothing but its check can stop it.
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>

#include "nano_core/loader/object.h"
#include "nano_core/loader/testing/elf_builder.h"

namespace {

using theseus::testing::ElfBuilder;
using theseus::testing::Image;
using theseus::testing::note_of;
using theseus::testing::sample;
using theseus::testing::sample_manifest;

constexpr uint64_t kTextFlags = kElfFlagAllocate | kElfFlagExecute;

struct Quirk {
  const char *name;
  const char *message;
  Image (*make)();
};

class ObjectQuirkTest : public ::testing::TestWithParam<Quirk> {};

TEST_P(ObjectQuirkTest, Parse_IsBadObjectAndSaysWhy) {
  Image image = GetParam().make();
  image.stamp();
  const std::string &file = image.bytes();
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[file.size()]);  // a sanitizer sees its end
  std::memcpy(exact.get(), file.data(), file.size());
  object_t object = {};
  message_t message = {};
  EXPECT_TRUE(
      status_is(object_parse({exact.get(), file.size()}, &object, &message), STATUS_BAD_OBJECT));
  EXPECT_NE(std::string(message.text).find(GetParam().message), std::string::npos) << message.text;
}

Image with_header(void (*edit)(elf_header_t &)) {
  Image image = sample().build();
  image.edit_header(edit);
  return image;
}

Image with_section(const char *name, void (*edit)(elf_section_t &)) {
  Image image = sample().build();
  image.edit_section(name, edit);
  return image;
}

Image with_symbol(const char *name, void (*edit)(elf_symbol_t &)) {
  Image image = sample().build();
  image.edit_symbol(name, edit);
  return image;
}

Image with_relocation(const char *section, size_t index, void (*edit)(elf_relocation_t &)) {
  Image image = sample().build();
  image.edit_relocation(section, index, edit);
  return image;
}

Image with_added(const theseus::testing::Section &section) {
  return sample().section(section).build();
}

Image with_note(const std::string &bytes) {
  ElfBuilder builder = sample();
  builder.section_named(".note.theseus").data = bytes;
  return builder.build();
}

Image with_manifest(const std::string &from, const std::string &to) {
  std::string text = sample_manifest();
  return with_note(note_of(text.replace(text.find(from), from.size(), to)));
}

// Section 0 has a name outside of the names, and a damaged symbol is named after it.
Image with_section_zero_named() {
  Image image = sample().build();
  image.edit_symbol("helper", [](elf_symbol_t &s) {
    s.info = kElfBindLocal << 4 | kElfSymbolSection;
    s.section = kElfUndefined;
  });
  image.edit_section("", [](elf_section_t &s) { s.name = 0xffffff; });
  return image;
}

// Symbol 0 has a name outside of the strings, and a damaged relocation names it.
Image with_symbol_zero_named() {
  Image image = sample().build();
  const uint32_t name = 0xffffff;
  std::memcpy(&image.bytes()[image.section(".symtab").offset], &name, sizeof(name));
  image.edit_relocation(".text", 4, [](elf_relocation_t &r) { r.info = 99; });
  return image;
}

void set_type(elf_relocation_t &relocation, uint32_t type) {
  relocation.info = (relocation.info & ~uint64_t{0xffffffff}) | type;
}

const Quirk kHeader[] = {
    {"Empty", "too short", [] { return Image(""); }},
    {"HeaderOnly", "the section table lies outside",
     [] { return Image(sample().build().bytes().substr(0, 64)); }},
    {"NoElf", "is no ELF", [] { return with_header([](elf_header_t &h) { h.magic[3] = 'G'; }); }},
    {"FirstByte", "is no ELF", [] { return with_header([](elf_header_t &h) { h.magic[0] = 0; }); }},
    {"SecondByte", "is no ELF",
     [] { return with_header([](elf_header_t &h) { h.magic[1] = 0; }); }},
    {"ThirdByte", "is no ELF", [] { return with_header([](elf_header_t &h) { h.magic[2] = 0; }); }},
    {"Of32Bits", "is not a 64-bit object",
     [] { return with_header([](elf_header_t &h) { h.file_class = 1; }); }},
    {"BigEndian", "is not little-endian",
     [] { return with_header([](elf_header_t &h) { h.data = 2; }); }},
    {"ForeignMachine", "is for another machine",
     [] { return with_header([](elf_header_t &h) { h.machine = 183; }); }},
    {"Executable", "is not relocatable",
     [] { return with_header([](elf_header_t &h) { h.type = 2; }); }},
    {"SharedLibrary", "is not relocatable",
     [] { return with_header([](elf_header_t &h) { h.type = 3; }); }},
    {"IdentVersion", "has an unknown ELF version",
     [] { return with_header([](elf_header_t &h) { h.ident_version = 2; }); }},
    {"Version", "has an unknown ELF version",
     [] { return with_header([](elf_header_t &h) { h.version = 0; }); }},
    {"Segments", "that no relocatable object has",
     [] { return with_header([](elf_header_t &h) { h.segment_count = 1; }); }},
    {"HeaderBytes", "that no relocatable object has",
     [] { return with_header([](elf_header_t &h) { h.header_bytes = 63; }); }},
    {"SectionBytes", "that no relocatable object has",
     [] { return with_header([](elf_header_t &h) { h.section_bytes = 40; }); }},
    {"NoSections", "has no sections",
     [] { return with_header([](elf_header_t &h) { h.section_count = 0; }); }},
    {"SectionCountLarge", "or more than 64",
     [] { return with_header([](elf_header_t &h) { h.section_count = 65; }); }},
    {"SectionTableBehindTheEnd", "the section table lies outside",
     [] { return with_header([](elf_header_t &h) { h.sections_offset += 8; }); }},
    {"SectionTableWraps", "the section table lies outside",
     [] { return with_header([](elf_header_t &h) { h.sections_offset = UINT64_MAX - 7; }); }},
    {"SectionTableUnaligned", "the section table lies outside of the file, or unaligned",
     [] { return with_header([](elf_header_t &h) { h.sections_offset -= 4; }); }},
    {"SectionNamesIndex", "the section table lies outside",
     [] { return with_header([](elf_header_t &h) { h.section_names = h.section_count; }); }},
    {"SectionNamesInNoSection", "the section table lies outside",
     [] { return with_header([](elf_header_t &h) { h.section_names = 0; }); }},
};

const Quirk kSections[] = {
    {"SectionZeroHasAName", "the first section, which stands for none, is not empty",
     with_section_zero_named},
    {"SectionZeroHasStrings", "the first section, which stands for none, is not empty",
     [] { return with_section("", [](elf_section_t &s) { s.type = kElfSectionStrings; }); }},
    {"OffsetBehindTheEnd", "section number 1 lies outside",
     [] { return with_section(".text", [](elf_section_t &s) { s.offset = 1 << 20; }); }},
    {"SizeBehindTheEnd", "section number 1 lies outside",
     [] { return with_section(".text", [](elf_section_t &s) { s.bytes = 1 << 20; }); }},
    {"OffsetAndSizeWrap", "section number 1 lies outside",
     [] {
       return with_section(".text", [](elf_section_t &s) { s.bytes = UINT64_MAX - s.offset + 1; });
     }},
    {"OffsetLargest", "section number 1 lies outside",
     [] { return with_section(".text", [](elf_section_t &s) { s.offset = ~uint64_t{15}; }); }},
    {"OffsetOfANoteBehindTheEnd", "lies outside of the file",
     [] { return with_section(".note.theseus", [](elf_section_t &s) { s.offset = 1 << 20; }); }},
    {"Address", "has an address",
     [] { return with_section(".text", [](elf_section_t &s) { s.address = 16; }); }},
    {"AlignmentNoPower", "or an alignment",
     [] { return with_section(".rodata.str1.1", [](elf_section_t &s) { s.alignment = 3; }); }},
    {"AlignmentTooLarge", "or an alignment",
     [] {
       return with_section(".text", [](elf_section_t &s) {
         s.alignment = 8192;
         s.offset = 0;
         s.bytes = 0;
       });
     }},
    {"AlignmentNotKept", "or an alignment",
     [] { return with_section(".text", [](elf_section_t &s) { s.offset += 4; }); }},
    {"OverlapsAnotherSection", "overlaps another part",
     [] {
       Image image = sample().build();
       const uint64_t offset = image.section(".text").offset;
       image.edit_section(".text.unlikely", [&](elf_section_t &s) { s.offset = offset + 32; });
       return image;
     }},
    {"SectionInsideAnother", "overlaps another part",
     [] {
       Image image = sample().build();
       const uint64_t bytes = image.section(".rodata").offset - image.section(".text").offset;
       image.edit_section(".text", [&](elf_section_t &s) { s.bytes = bytes; });
       return image;
     }},
    {"OverlapsTheHeader", "section number 1 overlaps",
     [] { return with_section(".text", [](elf_section_t &s) { s.offset = 48; }); }},
    {"OverlapsTheSectionTable", "overlaps another part",
     [] {
       Image image = sample().build();
       const uint64_t table = image.header().sections_offset;
       image.edit_section(".comment", [&](elf_section_t &s) { s.offset = table; });
       return image;
     }},
    {"NamesNoStrings", "the names of the sections",
     [] { return with_section(".shstrtab", [](elf_section_t &s) { s.type = kElfSectionBytes; }); }},
    {"BssLargerThanTheFile", "section .bss is writable",
     [] {
       Image image = with_added(
           {.name = ".bss", .type = kElfSectionNoBytes, .flags = kElfFlagAllocate | kElfFlagWrite});
       image.edit_section(".bss", [](elf_section_t &s) {
         s.bytes = 1 << 30;
         s.offset += 4;
         s.alignment = 32;
       });
       return image;
     }},
    {"AlignmentNoPowerThoughKept", "or an alignment",
     [] {
       return with_section(".comment", [](elf_section_t &s) {
         s.alignment = 3;
         s.offset = s.bytes = 0;
       });
     }},
    {"NameOutsideOfTheNames", "the names of the sections",
     [] { return with_section(".text", [](elf_section_t &s) { s.name = 1 << 16; }); }},
    {"NamesWithoutTerminator", "the names of the sections",
     [] {
       Image image = sample().build();
       const elf_section_t names = image.section(".shstrtab");
       image.bytes()[names.offset + names.bytes - 1] = 'x';
       return image;
     }},
    {"NamesEmpty", "the names of the sections",
     [] {
       Image image = sample().build();
       image.edit_section(".shstrtab", [](elf_section_t &s) { s.bytes = 0; });
       return image;
     }},
    {"WritableData", "section .data is writable",
     [] {
       return with_added(
           {.name = ".data", .flags = kElfFlagAllocate | kElfFlagWrite, .data = "1234"});
     }},
    {"WritableEmptyData", "section .data is writable",
     [] { return with_added({.name = ".data", .flags = kElfFlagAllocate | kElfFlagWrite}); }},
    {"WritableRodata", "section .rodata is writable",
     [] { return with_section(".rodata", [](elf_section_t &s) { s.flags |= kElfFlagWrite; }); }},
    {"WritableText", "section .text is writable",
     [] { return with_section(".text", [](elf_section_t &s) { s.flags |= kElfFlagWrite; }); }},
    {"Bss", "section .bss is writable",
     [] {
       return with_added({.name = ".bss",
                          .type = kElfSectionNoBytes,
                          .flags = kElfFlagAllocate | kElfFlagWrite,
                          .data = "1234"});
     }},
    {"ReadOnlyNoBytes", "section .rodata.zero is of a type that is not loaded",
     [] {
       return with_added(
           {.name = ".rodata.zero", .type = kElfSectionNoBytes, .flags = kElfFlagAllocate});
     }},
    {"AllocatedNote", "section .note.gnu.property is of a type that is not loaded",
     [] {
       return with_added(
           {.name = ".note.gnu.property", .type = kElfSectionNote, .flags = kElfFlagAllocate});
     }},
    {"UnwindTables", "section .eh_frame is of a type that is not loaded",
     [] {
       return with_added(
           {.name = ".eh_frame", .type = 0x70000001, .flags = kElfFlagAllocate, .data = "1234"});
     }},
    {"ThreadLocal", "section .tdata is thread-local",
     [] {
       return with_added({.name = ".tdata",
                          .flags = kElfFlagAllocate | kElfFlagWrite | kElfFlagThreadLocal,
                          .data = "1234"});
     }},
    {"InitArrayByType", "section .rodata.x holds constructors",
     [] {
       return with_added({.name = ".rodata.x",
                          .type = kElfSectionInitArray,
                          .flags = kElfFlagAllocate | kElfFlagWrite});
     }},
    {"FiniArrayByType", "holds constructors",
     [] {
       return with_added({.name = ".rodata.x",
                          .type = kElfSectionFiniArray,
                          .flags = kElfFlagAllocate | kElfFlagWrite});
     }},
    {"PreinitArrayByType", "holds constructors",
     [] {
       return with_added({.name = ".rodata.x",
                          .type = kElfSectionPreinitArray,
                          .flags = kElfFlagAllocate | kElfFlagWrite});
     }},
    {"InitArrayByName", "section .init_array.5 holds constructors",
     [] { return with_added({.name = ".init_array.5", .flags = kElfFlagAllocate}); }},
    {"FiniArrayByName", "section .fini_array holds constructors",
     [] { return with_added({.name = ".fini_array", .flags = kElfFlagAllocate}); }},
    {"Ctors", "section .ctors holds constructors",
     [] { return with_added({.name = ".ctors", .flags = kElfFlagAllocate}); }},
    {"Dtors", "section .dtors holds constructors",
     [] { return with_added({.name = ".dtors", .flags = kElfFlagAllocate}); }},
    {"ExecutableOfAnotherName", "section .init is neither",
     [] { return with_added({.name = ".init", .flags = kTextFlags, .data = "\xc3"}); }},
    {"ConstantOfAnotherName", "section .strange is neither",
     [] { return with_added({.name = ".strange", .flags = kElfFlagAllocate, .data = "x"}); }},
    {"TextNotExecutable", "section .text is neither",
     [] { return with_section(".text", [](elf_section_t &s) { s.flags = kElfFlagAllocate; }); }},
    {"RodataExecutable", "section .rodata is neither",
     [] { return with_section(".rodata", [](elf_section_t &s) { s.flags = kTextFlags; }); }},
    {"UnknownFlag", "section .rodata is neither",
     [] { return with_section(".rodata", [](elf_section_t &s) { s.flags |= 0x200; }); }},
    {"Compressed", "section .rodata is compressed",
     [] {
       return with_section(".rodata", [](elf_section_t &s) { s.flags |= kElfFlagCompressed; });
     }},
    {"CompressedDebug", "section .comment is compressed",
     [] {
       return with_section(".comment", [](elf_section_t &s) { s.flags |= kElfFlagCompressed; });
     }},
    {"OldRelocations", "section .rel.text is of a type that x86-64 does not use",
     [] {
       return with_added({.name = ".rel.text", .type = kElfSectionOldRelocations, .info = 1});
     }},
    {"WideIndices", "section .symtab_shndx is of a type that x86-64 does not use",
     [] { return with_added({.name = ".symtab_shndx", .type = kElfSectionWideIndices}); }},
    {"TwoSymbolTables", "is there twice",
     [] {
       return with_added({.name = ".symtab2", .type = kElfSectionSymbols, .entry_bytes = 24});
     }},
    {"NoSymbolTable", "there is no symbol table",
     [] {
       Image image = sample().build();
       image.edit_section(".symtab", [](elf_section_t &s) { s.type = kElfSectionBytes; });
       for (const char *name : {".rela.text", ".rela.text.unlikely", ".rela.rodata"}) {
         image.edit_section(name, [](elf_section_t &s) { s.type = kElfSectionBytes; });
       }
       return image;
     }},
};

const Quirk kNotes[] = {
    {"NoNote", "there is no section .note.theseus",
     [] {
       ElfBuilder builder = sample();
       builder.section_named(".note.theseus").name = ".note.other";
       return builder.build();
     }},
    {"TwoNotes", "section .note.theseus is there twice",
     [] { return sample().note(".note.theseus", note_of(sample_manifest())).build(); }},
    {"EmptyNote", "is not exactly one note", [] { return with_note(""); }},
    {"NoteNoNoteType", "is not exactly one note",
     [] {
       return with_section(".note.theseus", [](elf_section_t &s) { s.type = kElfSectionBytes; });
     }},
    {"NoteOtherName", "is not exactly one note",
     [] {
       std::string note = note_of(sample_manifest());
       return with_note(note.replace(12, 7, "Theseuz"));
     }},
    {"NoteNameBytes", "is not exactly one note",
     [] {
       Image image = sample().build();
       image.edit_note([](elf_note_t &n) { n.name_bytes = 7; });
       return image;
     }},
    {"NoteType", "is not exactly one note",
     [] {
       Image image = sample().build();
       image.edit_note([](elf_note_t &n) { n.type = 2; });
       return image;
     }},
    {"DescriptorTooLong", "is not exactly one note",
     [] {
       Image image = sample().build();
       image.edit_note([](elf_note_t &n) { n.descriptor_bytes += 8; });
       return image;
     }},
    {"DescriptorTooShort", "is not exactly one note",
     [] {
       Image image = sample().build();
       image.edit_note([](elf_note_t &n) { n.descriptor_bytes -= 8; });
       return image;
     }},
    {"DescriptorLargest", "is not exactly one note",
     [] {
       Image image = sample().build();
       image.edit_note([](elf_note_t &n) { n.descriptor_bytes = UINT32_MAX; });
       return image;
     }},
    {"TwoNotesInOneSection", "is not exactly one note",
     [] { return with_note(note_of(sample_manifest()) + note_of(sample_manifest())); }},
    {"ManifestTooLong", "the manifest has more than 65536 bytes",
     [] { return with_note(note_of(sample_manifest() + std::string(kManifestBytes, '\n'))); }},
    {"ManifestMalformed", "manifest line 8: init is lazy or eager",
     [] { return with_manifest("init lazy", "init later"); }},
};

const Quirk kSymbols[] = {
    {"TableEntryBytes", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.entry_bytes = 16; }); }},
    {"TableOddSize", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.bytes -= 8; }); }},
    {"TableFirstGlobalZero", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.info = 0; }); }},
    {"TableFirstGlobalBehindTheEnd", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.info = 1000; }); }},
    {"SymbolZeroHasAName", "the symbol table or its strings", with_symbol_zero_named},
    {"StringsIndex", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.link = 1000; }); }},
    {"StringsInNoSection", "the symbol table or its strings",
     [] { return with_section(".symtab", [](elf_section_t &s) { s.link = 0; }); }},
    {"StringsNoStrings", "the symbol table or its strings",
     [] { return with_section(".strtab", [](elf_section_t &s) { s.type = kElfSectionBytes; }); }},
    {"StringsEmpty", "the symbol table or its strings",
     [] { return with_section(".strtab", [](elf_section_t &s) { s.bytes = 0; }); }},
    {"StringsWithoutTerminator", "the symbol table or its strings",
     [] {
       Image image = sample().build();
       const elf_section_t strings = image.section(".strtab");
       image.bytes()[strings.offset + strings.bytes - 1] = 'x';
       return image;
     }},
    {"NameOutsideOfTheStrings", "lies outside of the strings",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.name = 1 << 20; }); }},
    {"ThreadLocal", "symbol helper is thread-local",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.info = kElfSymbolThreadLocal; }); }},
    {"IndirectFunction", "symbol helper is an indirect function",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.info = kElfSymbolIndirect; }); }},
    {"CommonByType", "symbol helper is a common symbol",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.info = kElfSymbolCommon; }); }},
    {"CommonBySection", "symbol event_signal is a common symbol",
     [] { return with_symbol("event_signal", [](elf_symbol_t &s) { s.section = kElfCommon; }); }},
    {"UnknownType", "symbol helper is of an unknown type",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.info = 11; }); }},
    {"WeakUndefined", "symbol event_signal is weak",
     [] {
       return with_symbol("event_signal", [](elf_symbol_t &s) { s.info = kElfBindWeak << 4; });
     }},
    {"WeakDefined", "symbol sample_get is weak",
     [] {
       return with_symbol("sample_get",
                          [](elf_symbol_t &s) { s.info = kElfBindWeak << 4 | kElfSymbolFunction; });
     }},
    {"UniqueBinding", "symbol sample_get is neither local nor global",
     [] {
       return with_symbol("sample_get",
                          [](elf_symbol_t &s) { s.info = 10 << 4 | kElfSymbolFunction; });
     }},
    {"GlobalAmongLocals", "symbol helper is neither local nor global",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.info |= kElfBindGlobal << 4; }); }},
    {"LocalAmongGlobals", "symbol sample_get is neither local nor global",
     [] {
       return with_symbol("sample_get", [](elf_symbol_t &s) { s.info = kElfSymbolFunction; });
     }},
    {"LocalUndefined", "symbol helper is local and yet undefined",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.section = kElfUndefined; }); }},
    {"SectionIndex", "symbol helper is in no section",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.section = 40; }); }},
    {"ReservedSection", "symbol helper is in no section",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.section = 0xffff; }); }},
    {"FileInNoSection", "symbol helper is in no section",
     [] {
       return with_symbol("helper", [](elf_symbol_t &s) {
         s.info = kElfSymbolFile;
         s.section = 40;
       });
     }},
    {"FileAbsoluteGlobal", "symbol sample_get is global, but no export",
     [] {
       return sample()
           .symbol({.name = "sample_get", .type = kElfSymbolFile, .section = "*ABS*"})
           .build();
     }},
    {"AbsoluteLocal", "symbol helper is in no section",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.section = kElfAbsolute; }); }},
    {"AbsoluteGlobal", "symbol sample_get is in no section",
     [] { return with_symbol("sample_get", [](elf_symbol_t &s) { s.section = kElfAbsolute; }); }},
    {"ValueOutsideOfTheSection", "symbol helper lies outside",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.value = 21; }); }},
    {"SizeOutsideOfTheSection", "symbol sample_get lies outside",
     [] { return with_symbol("sample_get", [](elf_symbol_t &s) { s.bytes = 55; }); }},
    {"ValueAndSizeWrap", "symbol helper lies outside",
     [] { return with_symbol("helper", [](elf_symbol_t &s) { s.bytes = UINT64_MAX; }); }},
    {"UndeclaredImport", "symbol printf is an undeclared import: add the cell",
     [] { return sample().symbol({.name = "printf"}).build(); }},
    {"UndeclaredState", "symbol state_other is an undeclared import",
     [] { return sample().symbol({.name = "state_other"}).build(); }},
    {"HashOfAnImport", "symbol alarm_ihansaob is an undeclared import",
     [] {
       ElfBuilder builder = sample();
       std::string text = sample_manifest();
       text.replace(text.find("alarm_unused"), 12, "alarm_yecqadbf");  // same FNV-1a
       builder.section_named(".note.theseus").data = note_of(text);
       return builder.symbol({.name = "alarm_ihansaob"}).build();
     }},
    {"HashOfAState", "symbol qcvmjjgyu is an undeclared import",
     [] {
       ElfBuilder builder = sample();
       std::string text = sample_manifest();
       text.insert(text.find("state sample"), "state aljdbkoy 1111111111111111 1 16\n");  // same
       builder.section_named(".note.theseus").data = note_of(text);
       return builder.symbol({.name = "qcvmjjgyu"}).build();
     }},
    {"ImportTwiceInTheTable", "symbol event_signal is an undeclared import",
     [] { return sample().symbol({.name = "event_signal"}).build(); }},
    {"ExportMissing", "export sample_set is not in the object",
     [] { return with_manifest("export sample_initialize", "export sample_set"); }},
    {"ExportUndefined", "export sample_get is not in the object",
     [] { return with_symbol("sample_get", [](elf_symbol_t &s) { s.section = kElfUndefined; }); }},
    {"ExportInConstants", "export sample_get is no function in .text",
     [] {
       Image image = sample().build();
       const uint16_t rodata = image.index(".rodata");
       image.edit_symbol("sample_get", [&](elf_symbol_t &s) {
         s.section = rodata;
         s.value = s.bytes = 0;
       });
       return image;
     }},
    {"ExportNotLoaded", "export sample_get is no function in .text",
     [] {
       Image image = sample().build();
       const uint16_t comment = image.index(".comment");
       image.edit_symbol("sample_get", [&](elf_symbol_t &s) { s.section = comment; });
       return image;
     }},
    {"ExportAtTheEndOfItsSection", "export sample_get begins where its section ends",
     [] {
       return with_symbol("sample_get", [](elf_symbol_t &s) {
         s.value = 70;
         s.bytes = 0;
       });
     }},
    {"ExportNoFunction", "export sample_get is no function in .text",
     [] {
       return with_symbol("sample_get",
                          [](elf_symbol_t &s) { s.info = kElfBindGlobal << 4 | kElfSymbolData; });
     }},
    {"ImportDefinedHere", "symbol event_signal is global, but no export",
     [] {
       return with_symbol("event_signal", [](elf_symbol_t &s) {
         s.info = kElfBindGlobal << 4 | kElfSymbolFunction;
         s.section = 1;
       });
     }},
    {"GlobalNoExport", "symbol sample_extra is global, but no export",
     [] {
       return sample()
           .symbol({.name = "sample_extra", .type = kElfSymbolFunction, .section = ".text"})
           .build();
     }},
    {"ExportTwiceInTheTable", "symbol sample_get is global, but no export",
     [] {
       return sample()
           .symbol({.name = "sample_get", .type = kElfSymbolFunction, .section = ".text"})
           .build();
     }},
    {"ExportTwiceInTheManifest", "says what the line before says",
     [] {
       return with_manifest("export sample_initialize 00000000000000ff :0@0",
                            "export sample_get 00000000000000ff :0@0");
     }},
    {"TooManyGlobals", "there are more global symbols than 544",
     [] {
       ElfBuilder builder = sample();
       for (int i = 0; i < kObjectGlobals; i++) builder.symbol({.name = "x"});
       return builder.build();
     }},
};

const Quirk kRelocations[] = {
    {"TableTargetIndex", "section .rela.text relocates no section",
     [] { return with_section(".rela.text", [](elf_section_t &s) { s.info = 1000; }); }},
    {"TableSymbolsIndex", "section .rela.text is malformed",
     [] { return with_section(".rela.text", [](elf_section_t &s) { s.link = 1; }); }},
    {"TableEntryBytes", "section .rela.text is malformed",
     [] { return with_section(".rela.text", [](elf_section_t &s) { s.entry_bytes = 16; }); }},
    {"TableOddSize", "section .rela.text is malformed",
     [] { return with_section(".rela.text", [](elf_section_t &s) { s.bytes -= 8; }); }},
    {"TwoTablesForOneSection", "section .rela.text.unlikely is malformed",
     [] { return with_section(".rela.text.unlikely", [](elf_section_t &s) { s.info = 1; }); }},
    {"SymbolIndex", "a relocation names symbol number 1000",
     [] {
       return with_relocation(".text", 0, [](elf_relocation_t &r) {
         r.info = uint64_t{1000} << 32 | kElfRelocationPc32;
       });
     }},
    {"NoneWithSymbolIndex", "a relocation names symbol number 1000",
     [] {
       return with_relocation(".text", 7, [](elf_relocation_t &r) {
         r.info = uint64_t{1000} << 32 | kElfRelocationNone;
       });
     }},
    {"OutOfTheSection", "a reference to sample_get lies outside of its section",
     [] { return with_relocation(".text", 8, [](elf_relocation_t &r) { r.offset = 67; }); }},
    {"WideOutOfTheSection", "a reference to sample_get lies outside of its section",
     [] { return with_relocation(".rodata", 1, [](elf_relocation_t &r) { r.offset = 17; }); }},
    {"OffsetWraps", "a reference to sample_get lies outside of its section",
     [] {
       return with_relocation(".text", 8, [](elf_relocation_t &r) { r.offset = UINT64_MAX - 1; });
     }},
    {"Type32", "a reference to helper has an unknown relocation type",
     [] { return with_relocation(".text", 4, [](elf_relocation_t &r) { set_type(r, 10); }); }},
    {"TypeGlobalOffsetTable", "a reference to helper has an unknown relocation type",
     [] { return with_relocation(".text", 4, [](elf_relocation_t &r) { set_type(r, 42); }); }},
    {"TypeThreadLocal", "a reference to helper has an unknown relocation type",
     [] { return with_relocation(".text", 4, [](elf_relocation_t &r) { set_type(r, 23); }); }},
    {"TypeLargest", "a reference to helper has an unknown relocation type",
     [] {
       return with_relocation(".text", 4, [](elf_relocation_t &r) { set_type(r, UINT32_MAX); });
     }},
    {"NullSymbol", "leads to what is not loaded",
     [] {
       return with_relocation(".text", 4, [](elf_relocation_t &r) { r.info = kElfRelocationPc32; });
     }},
    {"FileSymbol", "a reference to sample.c leads to what is not loaded",
     [] { return sample().relocation(".text", {44, kElfRelocationPc32, "sample.c", 0}).build(); }},
    {"SymbolNotLoaded", "a reference to .comment leads to what is not loaded",
     [] { return sample().relocation(".text", {44, kElfRelocationPc32, ".comment", 0}).build(); }},
    {"AddressOfImport64", "a reference to alarm_ring takes the address of an import",
     [] { return sample().relocation(".text", {48, kElfRelocation64, "alarm_ring", -4}).build(); }},
    {"AddressOfImport32S", "a reference to alarm_ring takes the address of an import",
     [] {
       return sample().relocation(".text", {48, kElfRelocation32S, "alarm_ring", -4}).build();
     }},
    {"AddressOfImportPc64", "a reference to alarm_ring takes the address of an import",
     [] {
       return sample().relocation(".text", {48, kElfRelocationPc64, "alarm_ring", -4}).build();
     }},
    {"AddressOfImportInConstants", "a reference to alarm_ring takes the address of an import",
     [] {
       return sample().relocation(".rodata", {8, kElfRelocationPc32, "alarm_ring", -4}).build();
     }},
    {"CallIntoAStub", "a reference to alarm_ring takes the address of an import",
     [] {
       return sample().relocation(".text", {48, kElfRelocationPlt32, "alarm_ring", 4}).build();
     }},
    {"StateSlotInConstants", "a reference to state_sample_queue stores the address",
     [] {
       return sample()
           .relocation(".rodata", {8, kElfRelocation64, "state_sample_queue", 0})
           .build();
     }},
    {"NextStateSlot", "a reference to state_sample_queue stores the address",
     [] { return with_relocation(".text", 0, [](elf_relocation_t &r) { r.addend = 4; }); }},
    {"StateSlotBefore", "a reference to state_sample_queue stores the address",
     [] { return with_relocation(".text", 0, [](elf_relocation_t &r) { r.addend = -12; }); }},
};

std::string name_of(const ::testing::TestParamInfo<Quirk> &parameter) {
  return parameter.param.name;
}

INSTANTIATE_TEST_SUITE_P(Header, ObjectQuirkTest, ::testing::ValuesIn(kHeader), name_of);
INSTANTIATE_TEST_SUITE_P(Sections, ObjectQuirkTest, ::testing::ValuesIn(kSections), name_of);
INSTANTIATE_TEST_SUITE_P(Notes, ObjectQuirkTest, ::testing::ValuesIn(kNotes), name_of);
INSTANTIATE_TEST_SUITE_P(Symbols, ObjectQuirkTest, ::testing::ValuesIn(kSymbols), name_of);
INSTANTIATE_TEST_SUITE_P(Relocations, ObjectQuirkTest, ::testing::ValuesIn(kRelocations), name_of);

}  // namespace
