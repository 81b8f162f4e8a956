#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Writes a medium that boots by BIOS and UEFI, as a CD and as a disk: the same bytes each time.
# usage: make_iso.sh GRUB_TREE NANO_CORE ARCHIVE OUTPUT TIMEOUT COMMAND_LINE
#   GRUB_TREE     the folder of @grub
#   ARCHIVE       empty: none
#   TIMEOUT       seconds that the menu waits
#   COMMAND_LINE  nano_core's, for the first entry of the menu
set -euo pipefail
export LC_ALL=C TZ=UTC
# 1980-01-01: FAT knows no earlier date. mtools and xorriso go by the variable.
export SOURCE_DATE_EPOCH=315532800
readonly DATE=1980010100000000

fail() {
  printf 'make_iso.sh: %s\n' "$*" >&2
  exit 1
}

[ $# -eq 6 ] || fail "usage: make_iso.sh GRUB_TREE NANO_CORE ARCHIVE OUTPUT TIMEOUT COMMAND_LINE"
grub=$1 nano_core=$2 archive=$3 output=$4 timeout=$5 command_line=$6
case $command_line in
  *[!a-zA-Z0-9_=.,:/\ -]*)
    fail "command line '$command_line': only letters, digits, blanks and _ = . , : / - go through GRUB" ;;
esac

work=$(mktemp -d "${output}.XXXXXX")
trap 'rm -rf "$work"' EXIT
files=$work/files

# multiboot2 sets the mode that nano_core asks for; what is set after it counts. A machine without
# long mode gets text mode, in which nano_core's refusal can be read. An emulator can give words for
# the kernel, which come first: as the SMBIOS system's SKU number, behind "theseus:".
menu() {
  local module=''
  [ -z "$archive" ] || module='module2 /boot/cells.cpio'
  cat <<END
set timeout=$timeout
set default=0
smbios --type 1 --get-string 25 --set sku
regexp --set 1:given '^theseus:(.*)' "\$sku"
menuentry 'Theseus' {
  multiboot2 /boot/nano_core.elf \$given $command_line
  if ! cpuid -l; then set gfxpayload=text; fi
  $module
}
menuentry 'Theseus, console on the first serial line' {
  multiboot2 /boot/nano_core.elf console=serial terminal=ansi
  set gfxpayload=text
  $module
}
END
}

# GRUB finds its medium, wherever it is plugged in, by a file that no other medium has.
identity() {
  find "$files" -type f -exec sha256sum {} + | sed 's,  .*/,  ,' | sort | sha256sum | head -c 32
}

# image FORMAT OUTPUT MODULE...: GRUB as one program, with all modules that it needs.
image() {
  local format=$1 to=$2
  shift 2
  "$grub/bin/grub-mkimage" -d "$grub/usr/lib/grub/${format%-eltorito}" -O "$format" \
    -p /boot/grub -c "$work/early.cfg" -o "$to" \
    iso9660 part_msdos part_gpt fat search search_fs_file normal configfile \
    multiboot2 cpuid smbios regexp boot echo test all_video "$@"
}

# What UEFI firmware looks for: a FAT file system with \EFI\BOOT\BOOTX64.EFI.
system_partition() {
  image x86_64-efi "$work/BOOTX64.EFI"
  touch -d "@$SOURCE_DATE_EPOCH" "$work/BOOTX64.EFI"
  truncate -s 1440K "$files/boot/grub/efi.img"
  "$grub/bin/mformat" -i "$files/boot/grub/efi.img" -f 1440 -N 54485345 -v THESEUS ::
  "$grub/bin/mmd" -i "$files/boot/grub/efi.img" ::/EFI ::/EFI/BOOT
  "$grub/bin/mcopy" -i "$files/boot/grub/efi.img" -m "$work/BOOTX64.EFI" ::/EFI/BOOT/BOOTX64.EFI
}

mkdir -p "$files/boot/grub"
cp "$nano_core" "$files/boot/nano_core.elf"
[ -z "$archive" ] || cp "$archive" "$files/boot/cells.cpio"
menu >"$files/boot/grub/grub.cfg"
mark=/boot/$(identity).id
: >"$files$mark"
printf 'search --file --set=root %s\nset prefix=($root)/boot/grub\n' "$mark" >"$work/early.cfg"
image i386-pc-eltorito "$files/boot/grub/bios.img" biosdisk
system_partition
chmod -R u+w,go-w,a+rX "$files"
find "$files" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

# xorriso greets everybody; what it says matters when it fails.
write() {
  "$grub/bin/xorriso" -no_rc -report_about warning -as mkisofs -o "$output" -V THESEUS -r \
    --modification-date="$DATE" --set_all_file_dates "$DATE" \
    -b boot/grub/bios.img -no-emul-boot -boot-load-size 4 -boot-info-table \
    --grub2-boot-info --grub2-mbr "$grub/usr/lib/grub/i386-pc/boot_hybrid.img" \
    -eltorito-alt-boot -e boot/grub/efi.img -no-emul-boot -isohybrid-gpt-basdat "$files"
}
write 2>"$work/said" || { cat "$work/said" >&2; fail "xorriso cannot write $output"; }
