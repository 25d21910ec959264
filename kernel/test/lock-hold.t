#!/usr/bin/env perl
# No lock is held for long: the kernel measures each hold without the time spent on emitting events, in ticks, which
# under -icount are instructions. On one processor the number is the same in every run, and judged. On four it includes
# waiting for other locks and for other processors, and is only printed.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build boot events slurp);

my $most = 100_000;

for my $cpus (1, 4) {
        for my $program (qw(storm stress)) {
                my $run = boot('pc', "exec=$program seed=1 trace=+lock", undef, '--cpus', $cpus);
                my $what = "$program on $cpus CPU" . ($cpus > 1 ? 's' : '');
                is $run->{status}, 0, "$what succeeds" or diag $run->{said}, slurp($run->{console});

                my $info = Machine::run("$build/regiontrace", 'info', '--json', $run->{recording})->{said};
                my $hold = decode_json($info)->{longest_hold};
                my $longest = "longest hold: $hold->{ticks} ticks, a lock of class $hold->{class}, "
                        . "released at event $hold->{event}";
                cmp_ok $hold->{ticks}, '>', 0, "$what: $longest";
                cmp_ok $hold->{ticks}, '<', $most, "$what: no lock is held for $most instructions" if $cpus == 1;
        }
}

# Nor for longer when there is much to do: a space of 10,000 regions is made, shown by a keyframe, copied and taken
# away. Only the locks are traced, so that it does not take long.
my $categories = '+lock,-tree,-visit,-region,-memory,-space';
my $run = boot('pc', "exec=spaces:fork-many seed=1 trace=$categories", undef, '--memory', '256M');
is $run->{status}, 0, 'a large space is forked' or diag $run->{said}, slurp($run->{console});
my $hold = decode_json(Machine::run("$build/regiontrace", 'info', '--json', $run->{recording})->{said})->{longest_hold};
cmp_ok $hold->{ticks}, '<', $most,
        "... and no lock is held for $most instructions: $hold->{ticks} ticks, a lock of class $hold->{class}";
my ($shown) = sort { $b <=> $a } map { tr/,//dr =~ /nodes=(\d+)/ } events($run->{recording}, 'keyframe_end');
cmp_ok $shown, '>', 2_000, "... while a keyframe shows $shown regions";

# A tick is an instruction: the kernel counts both.
$run = boot('pc', 'test=the_clock_goes_on');
my ($ticks) = slurp($run->{console}) =~ /# 2000000 instructions took (\d+) ticks/;
cmp_ok abs($ticks - 2_000_000), '<', 1000, "2,000,000 instructions take $ticks ticks";
done_testing;
