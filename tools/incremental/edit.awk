# Prints a C file with one statement more, first in the body of its first function. The store is
# volatile, so it is in the object code. Exit status 1 if there is no function.

function is_body(line) { return line ~ /\) \{$/ }

# A declarator begins in the first column; preprocessor lines and comments do not count.
/^[A-Za-z_].*\(/ { declarator = 1 }
{ print }
declarator && !done && is_body($0) {
  print "  [[maybe_unused]] volatile int incremental_edit = 1;"
  done = 1
}
/[;}]$/ { declarator = 0 }
END { exit !done }
