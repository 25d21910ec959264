#!/usr/bin/env perl
# Other ways to build the kernel: without its trace it behaves as with it; clang builds it too.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw($build boot check slurp);

my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};

# A kernel without its trace has only an exit status to tell of itself: 33 is success. One that hangs uses up the
# processor time it is allowed; how long that takes on the clock depends on what else runs here.
sub boots_untraced {
        my ($kernel, $command_line) = @_;
        my $status = system 'sh', '-c', 'ulimit -t 120; exec "$@"', 'sh',
                qw(qemu-system-x86_64 -machine pc -accel tcg -cpu max -m 128M -nodefaults -no-user-config),
                qw(-display none -no-reboot -bios qboot.rom -serial null -serial null),
                '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04', '-icount', 'shift=0,sleep=off',
                '-kernel', $kernel, '-initrd', "$build/initrd.cpio", '-append', $command_line;
        return $status >> 8;
}

is system("$make BUILD=$folder/untraced TRACE=0 kernel > $folder/log 2>&1"), 0, 'TRACE=0 builds'
        or diag slurp("$folder/log");
my $untraced = "$folder/untraced/kernel/understory.elf";
is boots_untraced($untraced, "run=$_.ops"), 33, "without its trace, $_.ops runs as expected" for qw(teaching python3);
is boots_untraced($untraced, 'test'), 33, 'without its trace, the test cases pass';
isnt boots_untraced($untraced, 'run=absent.ops'), 33, 'without its trace, a failure is one still';

SKIP: {
        skip 'clang or lld is not installed', 4
                if system 'command -v clang > /dev/null && command -v ld.lld > /dev/null';
        is system("$make BUILD=$folder/llvm LLVM=1 kernel > $folder/log 2>&1"), 0, 'LLVM=1 builds'
                or diag slurp("$folder/log");
        unlike slurp("$folder/log"), qr/warning:/, 'without a warning';
        my $run = boot('pc', 'run=teaching.ops', "$folder/llvm/kernel/understory.elf");
        is $run->{status}, 0, 'and boots' or diag $run->{said};
        is check($run->{recording})->{status}, 0, 'and its recording passes its check';
}
done_testing;
