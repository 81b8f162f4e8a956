# Breakpoints on functions of cells that are not loaded yet; then one cell is replaced by another.
set pagination off
set confirm off
tbreak command_state_step
continue
echo stop at a cell of the boot:\n
info symbol $pc
frame 0
backtrace 2
echo gates:\n
gates
echo cells:\n
cells
tbreak command_cells_step
continue
echo after the swap:\n
info symbol keymap_translate
info line keymap_translate
kill
