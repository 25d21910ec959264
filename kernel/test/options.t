#!/usr/bin/env perl
# The kernel's command line: a word that is not understood completely is named, and the run fails. A processor that
# lacks what the kernel needs is told of, too.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build boot events slurp);

# What is wrong with a word, and the word as the console names it. Whatever else is asked for is carried out.
my $long = 'maps:' . 'x' x 59;
my %refused = (
        'tset' => qr/^tset: no such word is known$/m,
        'shedule=1 test=frames' => qr/^shedule=1: no such word is known$/m,
        'seed=abc test=frames' => qr/^seed=abc: its value must be a decimal number below 2\^64$/m,
        'schedule= test=frames' => qr/^schedule=: its value must be a decimal number/m,
        'seed=18446744073709551617 test=frames' =>
                qr/^seed=18446744073709551617: its value must be a decimal number below/m,
        'schedule=18446744073709551616 test=frames' => qr/^schedule=18446744073709551616: its value must be/m,
        "exec=$long test=frames" => qr/^exec=\Q$long\E: its value is longer than 63 bytes$/m,
        'seed=1 seed=2 test=frames' => qr/^seed=2: the same option is given before$/m,
        'trace=+lok test=frames' => qr/^trace=\+lok: its value must be categories of events/m,
        'test=frames ' . 'x' x 1100 => qr/^The command line is longer than 1023 bytes$/m,
);
for my $words (sort keys %refused) {
        my $run = boot('pc', $words);
        my $name = length $words > 60 ? substr($words, 0, 60) . '...' : $words;
        is $run->{status}, 1, "'$name' is refused";
        like slurp($run->{console}), $refused{$words}, 'and the console names the word';
        is scalar(events($run->{recording}, 'case_end')) > 0, $words =~ /frames/ || '',
                'what is understood is carried out';
        is_deeply [ events($run->{recording}, 'task_loaded') ], [], 'no program is run with a part of a word';
}

# As long as a value may be; and the largest number.
my $run = boot('pc', 'exec=echo:' . 'x' x 58 . ' seed=18446744073709551615');
is $run->{status}, 0, 'a value of 63 bytes and the largest number are accepted' or diag slurp($run->{console});
like slurp($run->{console}), qr/^x{58}$/m, 'and the value arrives whole';

# QEMU itself, since `regiontrace record` always takes the best processor there is.
my $folder = tempdir(CLEANUP => 1);
for my $lack (qw(nx lm)) {
        my $status = system 'timeout', '60', qw(qemu-system-x86_64 -machine pc -accel tcg -m 128M -nodefaults),
                qw(-no-user-config -display none -no-reboot -bios qboot.rom -device),
                'isa-debug-exit,iobase=0xf4,iosize=0x04', '-cpu', "max,-$lack",
                '-kernel', "$build/kernel/understory.elf", '-serial', "file:$folder/console";
        is $status >> 8, 35, "a processor without $lack ends the run as failed";
        like slurp("$folder/console"), qr/^This processor lacks long mode or no-execute pages \(NX\)/,
                'and the console says why';
}
done_testing;
