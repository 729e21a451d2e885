# SPDX-License-Identifier: BSD-3-Clause
# For a machine that `make debug` has stopped at reset. Symbols come from symbols.gdb of the system.
set pagination off
set confirm off
set print pretty on
set architecture aarch64

define pes
	info threads
end
document pes
Where every PE is. `thread N` goes to one.
end

define physical
	maintenance packet Qqemu.PhyMemMode:1
end
document physical
Read memory by physical address from now on, as the normal world sees it (secure memory reads as
zero); `virtual` goes back.
end

define virtual
	maintenance packet Qqemu.PhyMemMode:0
end
document virtual
Read memory through the MMU of the current exception level.
end

define el
	printf "EL%d, ESR_EL2 %#lx, ELR_EL2 %#lx, FAR_EL2 %#lx, HPFAR_EL2 %#lx\n", \
		($cpsr >> 2) & 3, (long)$ESR_EL2, (long)$ELR_EL2, (long)$FAR_EL2, (long)$HPFAR_EL2
end
document el
The exception level, and the last exception taken to S-EL2 on this PE.
end

define log
	set $log_size = sizeof(log_ring.text)
	set $log_next = *(unsigned *)&log_ring.next
	set $log_text = (char *)log_ring.text
	if $log_next <= $log_size
		dump binary memory build/run/log.txt $log_text $log_text+$log_next
	else
		set $log_oldest = $log_next % $log_size
		dump binary memory build/run/log.txt $log_text+$log_oldest $log_text+$log_size
		append binary memory build/run/log.txt $log_text $log_text+$log_oldest
	end
	shell cat build/run/log.txt
end
document log
The end of the SPMC's log, 16 KiB, with the lines that partitions' quotas keep from the console; also in
build/run/log.txt. Only while the PE is at S-EL2, where its memory is mapped: `hbreak arch_run`.
end

target remote build/run/gdb.sock
echo Stopped at reset. `hbreak NAME` and `continue`; help user-defined lists pes, el, log, physical, virtual.\n
