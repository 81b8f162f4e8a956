// SPDX-License-Identifier: MIT
#include "nano_core/loader/manifest.h"

#include "nano_core/api/checked.h"

enum { kFingerprintDigits = 16, kShapeEightbytes = 6, kResultBytes = 16, kStatusBytes = 4 };

// The lines that may be there any number of times, in the order of the file.
typedef enum kind { kRight, kExport, kImport, kClient, kState, kKinds } kind_t;

// What is left to be read, and where it stands.
typedef struct reader {
  text_t text;
  size_t position;  // of the next line
  uint64_t number;  // of the current line, from 1
  text_t line;      // what is left of the current line
  manifest_t *manifest;
  message_t *message;
} reader_t;

static status_t refuse(const reader_t *reader, text_t reason) {
  return message_refuse_number(reader->message, TEXT("manifest line "), reader->number, reason);
}

bool manifest_is_name(text_t text) {
  if (text.length == 0 || text.length > kManifestNameBytes) return false;
  for (size_t i = 0; i < text.length; i++) {
    const char c = text.data[i];
    const bool is_letter = c >= 'a' && c <= 'z';
    const bool is_other = (c >= '0' && c <= '9') || c == '_';
    if (!is_letter && (i == 0 || !is_other)) return false;
  }
  return true;
}

// The printable characters from `position` on.
// Eight characters at once, since every manifest is read several times until the machine is up. Of
// the bytes that are set in an answer the lowest is exact.
enum { kAtOnce = 8 };

static const uint64_t kEachByte = UINT64_C(0x0101010101010101);
static const uint64_t kHighBits = UINT64_C(0x8080808080808080);

static uint64_t characters_at(text_t text, size_t position) {
  uint64_t characters;
  __builtin_memcpy(&characters, text.data + position, sizeof(characters));
  return characters;
}

static uint64_t find_unprintable(uint64_t characters) {
  return ((characters - kEachByte * ' ') | (characters + kEachByte) | characters) & kHighBits;
}

static uint64_t find_blank(uint64_t characters) {
  const uint64_t zeros = characters ^ kEachByte * ' ';
  return (zeros - kEachByte) & ~zeros & kHighBits;
}

static size_t lowest(uint64_t found) { return (size_t)__builtin_ctzll(found) / kAtOnce; }

static text_t line_at(text_t text, size_t position) {
  size_t end = position;
  for (; text.length - end >= kAtOnce; end += kAtOnce) {
    const uint64_t found = find_unprintable(characters_at(text, end));
    if (found != 0) return text_slice(text, position, end + lowest(found) - position);
  }
  while (end < text.length && text.data[end] >= ' ' && text.data[end] <= '~') end++;
  return text_slice(text, position, end - position);
}

static status_t next_line(reader_t *reader) {
  reader->number++;
  reader->line = line_at(reader->text, reader->position);
  const size_t end = reader->position + reader->line.length;
  if (end >= reader->text.length || reader->text.data[end] != '\n') {
    return refuse(reader, TEXT(" does not consist of printable ASCII with a line feed at its end"));
  }
  reader->position = end + 1;
  return OK;
}

static size_t word_length(text_t line) {
  size_t length = 0;
  for (; line.length - length >= kAtOnce; length += kAtOnce) {
    const uint64_t found = find_blank(characters_at(line, length));
    if (found != 0) return length + lowest(found);
  }
  while (length < line.length && line.data[length] != ' ') length++;
  return length;
}

// Takes the word, maybe an empty one, before the first blank.
static bool take_word(text_t *line, text_t *word) {
  const size_t length = word_length(*line);
  if (length == line->length) return false;
  *word = text_slice(*line, 0, length);
  *line = text_slice(*line, length + 1, line->length - length - 1);
  return true;
}

static bool take_key(text_t *line, text_t key) {
  if (line->length <= key.length || line->data[key.length] != ' ') return false;
  if (!text_starts_with(*line, key)) return false;
  *line = text_slice(*line, key.length + 1, line->length - key.length - 1);
  return true;
}

static bool parse_decimal(text_t digits, uint64_t maximum, uint64_t *value) {
  if (digits.length == 0 || digits.length > 10) return false;
  if (digits.data[0] == '0' && digits.length > 1) return false;
  uint64_t result = 0;
  for (size_t i = 0; i < digits.length; i++) {
    const char c = digits.data[i];
    if (c < '0' || c > '9') return false;
    result = result * 10 + (uint64_t)(c - '0');
  }
  *value = result;
  return result <= maximum;
}

static bool parse_hexadecimal(text_t digits, size_t length, uint64_t *value) {
  if (digits.length != length) return false;
  uint64_t result = 0;
  for (size_t i = 0; i < length; i++) {
    const char c = digits.data[i];
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c < 'a' || c > 'f')) return false;
    result = result << 4 | (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
  }
  *value = result;
  return true;
}

// Whether a gate can carry `shape` (manifest.h).
static bool is_shape(text_t shape) {
  size_t i = 0;
  size_t eightbytes = 0;
  for (; i < shape.length && shape.data[i] != ':'; i++) {
    const char c = shape.data[i];
    if (c != 'i' && c != 'p' && c != '1' && c != '2') return false;
    eightbytes += c == '2' ? 2 : 1;
  }
  if (i == shape.length || eightbytes > kShapeEightbytes) return false;
  const text_t result = text_slice(shape, i + 1, shape.length - i - 1);
  size_t at = 0;
  while (at < result.length && result.data[at] != '@') at++;
  if (at == result.length) return false;
  uint64_t bytes = 0;
  uint64_t offset = 0;
  if (!parse_decimal(text_slice(result, 0, at), kResultBytes, &bytes)) return false;
  if (!parse_decimal(text_slice(result, at + 1, result.length - at - 1), kResultBytes, &offset)) {
    return false;
  }
  if (bytes == 0) return offset == 0;
  return offset >= kStatusBytes && range_fits(offset, bytes, kResultBytes);
}

static bool parse_export(text_t line, manifest_export_t *out) {
  text_t digits = {};
  if (!take_word(&line, &out->function) || !take_word(&line, &digits)) return false;
  out->shape = line;
  return parse_hexadecimal(digits, kFingerprintDigits, &out->fingerprint);
}

static bool parse_import(text_t line, manifest_import_t *out) {
  if (!take_word(&line, &out->provider) || !take_word(&line, &out->function)) return false;
  return parse_hexadecimal(line, kFingerprintDigits, &out->fingerprint);
}

static bool parse_state(text_t line, manifest_state_t *out) {
  text_t digits = {};
  text_t version = {};
  uint64_t number = 0;
  if (!take_word(&line, &out->name) || !take_word(&line, &digits)) return false;
  if (!take_word(&line, &version) || !parse_decimal(version, UINT32_MAX, &number)) return false;
  out->version = (uint32_t)number;
  return parse_hexadecimal(digits, kFingerprintDigits, &out->fingerprint) &&
         parse_decimal(line, kManifestStateBytes, &out->bytes);
}

// Whether `function` is `interface`_something.
static bool is_published_by(text_t function, text_t interface) {
  return manifest_is_name(function) && function.length > interface.length + 1 &&
         text_starts_with(function, interface) && function.data[interface.length] == '_';
}

// Functions that nano_core and others call by convention.
static status_t check_special(const reader_t *reader, const manifest_export_t *line) {
  const size_t prefix = reader->manifest->implements.length;
  const text_t verb = text_slice(line->function, prefix, line->function.length - prefix);
  const bool is_reset = text_equal(verb, TEXT("_reset"));
  const bool is_interrupt = text_equal(verb, TEXT("_interrupt"));
  const bool is_plain = text_equal(line->shape, TEXT(":0@0"));
  if (text_equal(verb, TEXT("_initialize")) && !is_plain) {
    return refuse(reader, TEXT(": the initialisation takes nothing and returns a plain status_t"));
  }
  if ((is_reset || is_interrupt) && !is_plain) {
    return refuse(reader,
                  TEXT(": a reset or a handler takes nothing and returns a plain status_t"));
  }
  if (is_reset) reader->manifest->has_reset = true;
  if (is_interrupt) reader->manifest->has_interrupt = true;
  return OK;
}

static status_t check_export(const reader_t *reader, text_t *key) {
  manifest_export_t line = {};
  if (!parse_export(reader->line, &line) || !is_shape(line.shape)) {
    return refuse(reader, TEXT(" is not `export FUNCTION FINGERPRINT SHAPE`"));
  }
  const text_t implements = reader->manifest->implements;
  if (!is_published_by(line.function, implements)) {
    return refuse(reader, TEXT(": an export is named after the interface: INTERFACE_VERB..."));
  }
  *key = line.function;
  return check_special(reader, &line);
}

static status_t check_import(const reader_t *reader, text_t *key) {
  manifest_import_t line = {};
  if (!parse_import(reader->line, &line) || !manifest_is_name(line.provider)) {
    return refuse(reader, TEXT(" is not `import INTERFACE FUNCTION FINGERPRINT`"));
  }
  const bool is_named_well = text_equal(line.provider, TEXT("nano_core"))
                                 ? manifest_is_name(line.function)
                                 : is_published_by(line.function, line.provider);
  if (!is_named_well) {
    return refuse(reader, TEXT(": an import is named after its provider: INTERFACE_VERB..."));
  }
  if (text_equal(line.provider, reader->manifest->implements)) {
    return refuse(reader, TEXT(": a cell does not import the interface that it implements"));
  }
  *key = line.function;
  return OK;
}

static status_t check_state(const reader_t *reader, text_t *key) {
  enum { kMonitorBytes = 16 };  // each blob begins with its monitor
  manifest_state_t line = {};
  if (!parse_state(reader->line, &line) || !manifest_is_name(line.name)) {
    return refuse(reader, TEXT(" is not `state NAME FINGERPRINT VERSION BYTES`, at most 16 MiB"));
  }
  if (line.bytes < kMonitorBytes) return refuse(reader, TEXT(": a blob begins with a monitor_t"));
  *key = line.name;
  return OK;
}

static status_t check_right(const reader_t *reader, text_t *key) {
  const text_t rights[] = {TEXT("cycle_counter"), TEXT("interrupts"), TEXT("mmio"), TEXT("msr"),
                           TEXT("port_io")};
  *key = reader->line;
  for (size_t i = 0; i < COUNT_OF(rights); i++) {
    if (text_equal(reader->line, rights[i])) return OK;
  }
  return refuse(reader, TEXT(" names no right: port_io, mmio, interrupts, cycle_counter or msr"));
}

static status_t check_client(const reader_t *reader, text_t *key) {
  *key = reader->line;
  if (manifest_is_name(reader->line)) return OK;
  return refuse(reader, TEXT(" is not `client INTERFACE`"));
}

static status_t check_line(const reader_t *reader, kind_t kind, text_t *key) {
  if (kind == kRight) return check_right(reader, key);
  if (kind == kExport) return check_export(reader, key);
  if (kind == kImport) return check_import(reader, key);
  if (kind == kClient) return check_client(reader, key);
  return check_state(reader, key);
}

static bool is_before(text_t a, text_t b) {
  size_t i = 0;
  while (i < a.length && i < b.length && a.data[i] == b.data[i]) i++;
  if (i == a.length || i == b.length) return a.length < b.length;
  return a.data[i] < b.data[i];
}

// Reads all lines of one kind; then `reader` is at the first line that is none. Lines ascend by
// name: one form for each content, and no line twice, found without comparing each with each.
static status_t read_lines(reader_t *reader, kind_t kind, manifest_lines_t *lines) {
  const text_t keys[kKinds] = {TEXT("right"), TEXT("export"), TEXT("import"), TEXT("client"),
                               TEXT("state")};
  const uint32_t limits[kKinds] = {kManifestRights, kManifestExports, kManifestImports,
                                   kManifestClients, kManifestStates};
  text_t last = {};
  text_t name = {};
  lines->offset = (uint32_t)(reader->position - reader->line.length - 1);
  while (take_key(&reader->line, keys[kind])) {
    if (lines->count == limits[kind]) return refuse(reader, TEXT(": too many lines of its kind"));
    TRY(check_line(reader, kind, &name));
    if (!is_before(last, name)) {
      return refuse(reader, text_equal(last, name)
                                ? TEXT(" says what the line before says: leave it out")
                                : TEXT(" is out of order: lines of a kind ascend by name"));
    }
    last = name;
    lines->count++;
    TRY(next_line(reader));
  }
  return OK;
}

// Reads the next line, `KEY VALUE`.
static status_t read_value(reader_t *reader, text_t key, text_t *value) {
  TRY(next_line(reader));
  if (!take_key(&reader->line, key)) {
    const status_t refused = refuse(reader, TEXT(" does not begin with the word "));
    message_text(reader->message, key);
    return refused;
  }
  *value = reader->line;
  return OK;
}

static status_t read_name(reader_t *reader, text_t key, text_t *name) {
  TRY(read_value(reader, key, name));
  if (manifest_is_name(*name)) return OK;
  return refuse(reader, TEXT(": a name is [a-z][a-z0-9_]*, at most 63 characters"));
}

static status_t read_number(reader_t *reader, text_t key, uint64_t maximum, uint64_t *number) {
  text_t digits = {};
  TRY(read_value(reader, key, &digits));
  if (parse_decimal(digits, maximum, number)) return OK;
  return refuse(reader, TEXT(": the number is malformed or too large"));
}

static status_t read_hash(reader_t *reader, text_t *hash) {
  uint64_t quarter = 0;
  TRY(read_value(reader, TEXT("hash"), hash));
  bool is_hash = hash->length == kManifestHashDigits;
  for (size_t i = 0; is_hash && i < kManifestHashDigits; i += kFingerprintDigits) {
    is_hash =
        parse_hexadecimal(text_slice(*hash, i, kFingerprintDigits), kFingerprintDigits, &quarter);
  }
  return is_hash ? OK : refuse(reader, TEXT(": the hash is not 64 lower-case hexadecimal digits"));
}

// The lines that are there exactly once.
static status_t read_head(reader_t *reader, manifest_t *manifest) {
  text_t word = {};
  uint64_t interface_version = 0;
  uint64_t version = 0;
  TRY(read_value(reader, TEXT("theseus"), &word));
  if (!text_equal(word, TEXT("1"))) {
    return refuse(reader,
                  TEXT(": only format 1 is known: build the object with this tree's tools"));
  }
  TRY(read_hash(reader, &manifest->hash));
  TRY(read_name(reader, TEXT("name"), &manifest->name));
  TRY(read_name(reader, TEXT("implements"), &manifest->implements));
  TRY(read_number(reader, TEXT("interface"), UINT32_MAX, &interface_version));
  TRY(read_number(reader, TEXT("version"), UINT32_MAX, &version));
  TRY(read_value(reader, TEXT("summary"), &manifest->summary));
  if (manifest->summary.length == 0 || manifest->summary.length > kManifestSummaryBytes) {
    return refuse(reader, TEXT(": a summary has 1 to 120 characters"));
  }
  TRY(read_value(reader, TEXT("init"), &word));
  manifest->eager = text_equal(word, TEXT("eager"));
  if (!manifest->eager && !text_equal(word, TEXT("lazy"))) {
    return refuse(reader, TEXT(": init is lazy or eager"));
  }
  TRY(read_number(reader, TEXT("stack"), kManifestStackBytes, &manifest->stack_bytes));
  manifest->interface_version = (uint32_t)interface_version;
  manifest->version = (uint32_t)version;
  return OK;
}

// The line that only drivers have. Afterwards the reader is at the line behind it.
static status_t read_window(reader_t *reader, manifest_t *manifest) {
  TRY(next_line(reader));
  if (!take_key(&reader->line, TEXT("read_window"))) return OK;
  if (!parse_decimal(reader->line, kManifestReadWindow, &manifest->read_window)) {
    return refuse(reader, TEXT(": the number is malformed or too large"));
  }
  manifest->has_read_window = true;
  return next_line(reader);
}

// A driver that fails must be able to begin anew, and its clients must know what that can cost.
static status_t check_driver(const reader_t *reader, const manifest_t *manifest) {
  const bool is_driver = manifest->has_interrupt || manifest->has_read_window;
  if (is_driver && !manifest->has_reset) {
    return refuse(reader, TEXT(": a cell with a handler of interrupts or a read window exports "
                               "INTERFACE_reset, too"));
  }
  if (manifest->has_interrupt && !manifest->has_read_window) {
    return refuse(reader, TEXT(": a cell with a handler of interrupts declares its read_window"));
  }
  return OK;
}

status_t manifest_parse(text_t text, manifest_t *manifest, message_t *message) {
  *manifest = (manifest_t){.text = text};
  reader_t reader = {.text = text, .manifest = manifest, .message = message};
  if (text.length > kManifestBytes) {
    return message_refuse_number(message, TEXT("the manifest has more than "), kManifestBytes,
                                 TEXT(" bytes: split the cell"));
  }
  TRY(read_head(&reader, manifest));
  TRY(read_window(&reader, manifest));
  TRY(read_lines(&reader, kRight, &manifest->rights));
  TRY(read_lines(&reader, kExport, &manifest->exports));
  TRY(read_lines(&reader, kImport, &manifest->imports));
  TRY(read_lines(&reader, kClient, &manifest->clients));
  TRY(read_lines(&reader, kState, &manifest->states));
  if (!text_equal(reader.line, TEXT("end"))) {
    return refuse(&reader, TEXT(" is of no known kind, or out of order: right, export, import, "
                                "client, state, end"));
  }
  TRY(check_driver(&reader, manifest));
  if (reader.position != text.length) return refuse(&reader, TEXT(" is `end`, but more follows"));
  return OK;
}

// The line that `lines` begins with, less its key; then `lines` is the rest. The lines were checked
// when the manifest was parsed.
static status_t take_line(const manifest_t *manifest, manifest_lines_t *lines, text_t *line) {
  text_t key = {};
  if (lines->count == 0) return ERR(END);
  *line = line_at(manifest->text, lines->offset);
  lines->offset += (uint32_t)line->length + 1;
  lines->count--;
  return take_word(line, &key) ? OK : ERR(INTERNAL);
}

status_t manifest_next_export(const manifest_t *manifest, manifest_lines_t *lines,
                              manifest_export_t *out) {
  text_t line = {};
  TRY(take_line(manifest, lines, &line));
  return parse_export(line, out) ? OK : ERR(INTERNAL);
}

status_t manifest_next_client(const manifest_t *manifest, manifest_lines_t *lines, text_t *client) {
  return take_line(manifest, lines, client);
}

status_t manifest_next_import(const manifest_t *manifest, manifest_lines_t *lines,
                              manifest_import_t *out) {
  text_t line = {};
  TRY(take_line(manifest, lines, &line));
  return parse_import(line, out) ? OK : ERR(INTERNAL);
}

status_t manifest_next_state(const manifest_t *manifest, manifest_lines_t *lines,
                             manifest_state_t *out) {
  text_t line = {};
  TRY(take_line(manifest, lines, &line));
  return parse_state(line, out) ? OK : ERR(INTERNAL);
}

// The lines from number `index` on.
static status_t skip_lines(const manifest_t *manifest, size_t index, manifest_lines_t *lines) {
  text_t line = {};
  if (index >= lines->count) return ERR(NOT_FOUND);
  for (size_t i = 0; i < index; i++) TRY(take_line(manifest, lines, &line));
  return OK;
}

static status_t word_line(const manifest_t *manifest, size_t index, manifest_lines_t lines,
                          text_t *word) {
  TRY(skip_lines(manifest, index, &lines));
  return take_line(manifest, &lines, word);
}

status_t manifest_right(const manifest_t *manifest, size_t index, text_t *right) {
  return word_line(manifest, index, manifest->rights, right);
}

status_t manifest_client(const manifest_t *manifest, size_t index, text_t *client) {
  return word_line(manifest, index, manifest->clients, client);
}

status_t manifest_export(const manifest_t *manifest, size_t index, manifest_export_t *out) {
  manifest_lines_t lines = manifest->exports;
  TRY(skip_lines(manifest, index, &lines));
  return manifest_next_export(manifest, &lines, out);
}

status_t manifest_import(const manifest_t *manifest, size_t index, manifest_import_t *out) {
  manifest_lines_t lines = manifest->imports;
  TRY(skip_lines(manifest, index, &lines));
  return manifest_next_import(manifest, &lines, out);
}

status_t manifest_state(const manifest_t *manifest, size_t index, manifest_state_t *out) {
  manifest_lines_t lines = manifest->states;
  TRY(skip_lines(manifest, index, &lines));
  return manifest_next_state(manifest, &lines, out);
}
