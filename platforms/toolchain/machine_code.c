// Food for machine_code_test: each function shows one promise of the compiler's flags.

void take(char *bytes);
int answer(int which);
int sum(int a, int b);
int call_last(int a, int b);

// A local array: has a canary. Its bytes are zero, and its index is checked.
int sum(int a, int b) {
  char bytes[16];
  take(bytes);
  return a + b + bytes[a];
}

// Dense cases: would be a jump table.
int answer(int which) {
  switch (which) {
    case 0:
      return 17;
    case 1:
      return 3;
    case 2:
      return 99;
    case 3:
      return 4;
    case 4:
      return 1000;
    case 5:
      return sum(which, 2);
    default:
      return 0;
  }
}

// A call at the end: would be a jump.
int call_last(int a, int b) { return sum(b, a); }
