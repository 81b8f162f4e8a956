# Commands for what gdb cannot know: the gates between cells, and which cells are loaded.

define gates
  set $cpu = (cpu_t *)$gs_base
  set $top = $cpu->gate_top
  set $base = $cpu->root_gates
  if $cpu->task != 0
    set $base = $cpu->spare->gates.start.bytes
  end
  while $top > $base
    set $top = $top - sizeof(gate_frame_t)
    info symbol ((gate_frame_t *)$top)->return_address
  end
end
document gates
Where each call that is under way in the current task left its cell, the innermost first.
A backtrace ends at the gate through which a cell was called; this goes on across gates.
end

define cells
  set $core = ((cpu_t *)$gs_base)->core
  set $i = 0
  while $i < sizeof($core->instances) / sizeof($core->instances[0])
    set $instance = &$core->instances[$i]
    if $instance->used && !$instance->is_core
      printf "%p ", $instance->text.start.bytes
      output/s *$instance->object_name.data@$instance->object_name.length
      printf "\n"
    end
    set $i = $i + 1
  end
end
document cells
The instances that are loaded: address of the code, object.
end
