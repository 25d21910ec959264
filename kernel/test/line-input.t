#!/usr/bin/env perl
# The trace line carries bytes to the kernel, too: what the host writes into the virtio serial port arrives.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use POSIX qw(mkfifo);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build slurp);

my $record = "$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio";

for my $machine (qw(pc q35 microvm)) {
        my $folder = tempdir(CLEANUP => 1);
        my $said = qx($record -v -m $machine -o $folder/echo.rtrace --exec echo 2>&1);
        my ($line) = $said =~ /^(qemu-system-x86_64 .*)$/m or die "no command: $said\n";

        # A pipe in each direction instead of a file, and no monitor.
        $line =~ s{ -monitor \S+}{};
        $line =~ s{exec=echo}{test-line=listen};
        $line =~ s{file,id=port,path=\S+}{pipe,id=port,path=$folder/port} or die "no port: $line\n";
        $line =~ s{file,id=trace,path=\S+}{null,id=trace};
        my %end;
        for my $end (qw(in out)) {
                mkfifo("$folder/port.$end", 0600) or die "$!\n";
                sysopen $end{$end}, "$folder/port.$end", O_RDWR | O_NONBLOCK or die "$!\n";
        }
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$folder/console";
                open STDERR, '>&', \*STDOUT;
                exec "exec $line" or exit 127;
        }
        my $is_told = 0;
        while (waitpid($pid, POSIX::WNOHANG()) == 0) {
                1 while sysread $end{out}, my $ignored, 65536;
                if (!$is_told && slurp("$folder/console") =~ /^listening/m) {
                        syswrite $end{in}, "step one event\n";
                        $is_told = 1;
                }
                select undef, undef, undef, 0.01;
        }
        is $? >> 8, 33, "$machine: the run succeeds" or diag slurp("$folder/console");
        like slurp("$folder/console"), qr/^received step one event$/m, "$machine: the bytes arrive";
}

# Without a trace line of any kind: each port of a UART that is not there reads as 0xff, which would say that there is
# input without end.
for my $machine (qw(pc microvm)) {
        my $folder = tempdir(CLEANUP => 1);
        my $said = qx($record -v -m $machine -o $folder/run.rtrace --run teaching.ops 2>&1);
        my ($line) = $said =~ /^(qemu-system-x86_64 .*)$/m or die "no command: $said\n";

        my $lines = qr/monitor|device (?:isa-serial|virtio-serial|virtserialport)|chardev file,id=(?:trace|port)/;
        $line =~ s{ -(?:$lines)\S*(?: unix:\S+)?}{}g;
        $line =~ s{ -serial chardev:trace}{};
        unlike $line, qr/trace/, "$machine: no trace line";
        system("timeout 60 $line > $folder/console 2>&1 < /dev/null");
        is $? >> 8, 33, "$machine: the run succeeds without one" or diag slurp("$folder/console");
}
done_testing;
