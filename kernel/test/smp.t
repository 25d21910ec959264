#!/usr/bin/env perl
# Several processors: on each machine all that there are start, and the kernel's own test cases pass; those for every
# machine and number of processors are in slow/smp.t.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check events slurp);

sub passes {
        my ($machine, $cpus, $started, $words, @options) = @_;
        my $run = boot($machine, $words, undef, '--cpus', $cpus, @options);
        my $what = join ' ', "$machine, $cpus cpus:", $words, @options;
        my @ended = events($run->{recording}, 'case_end');
        my %others = map { / cpu ([1-9]\d*) / ? ($1 => 1) : () } events($run->{recording}, undef, 'task');

        is $run->{status}, 0, "$what: the run succeeds" or diag $run->{said}, slurp($run->{console});
        cmp_ok @ended, '>', 5, "$what: " . @ended . ' cases ran';
        is_deeply [ grep { !/verdict=passed/ } @ended ], [], "$what: and passed";
        is join(' ', sort keys %others), join(' ', 1 .. $started - 1), "$what: each other processor sends events";
        is check($run->{recording})->{status}, 0, "$what: the recording passes its check";
        return $run;
}

for my $machine (qw(pc q35 microvm)) {
        passes($machine, $_, $_, 'test=processor') for 1, 2, 4, 8;
        my $run = passes("$machine,acpi=off", 4, 1, 'test=processor');
        like slurp($run->{console}), qr/^ACPI lists no processor; only the one that booted is used$/m,
                "$machine, acpi=off: the console says why there is only one";
}
passes('pc', 4, 4, 'test');
passes('pc', 4, 4, 'test=processor', '--no-icount');

my $told = join '', events(passes('pc', 4, 4, 'test=processor schedule=1')->{recording}, 'tlb_shootdown');
like $told, qr/told=3\b/, 'a shootdown of the kernel tells all others';
like $told, qr/told=1\b/, 'and one of a space those that use it';

for my $words ('test=processor', 'exec=churn schedule=5') {
        my @run = map { slurp(boot('pc', $words, undef, '--cpus', 2)->{recording}) } 1, 2;

        ok length $run[0] && $run[0] eq $run[1], "$words on two processors: two runs are alike, byte for byte";
}

# Whoever panics first ends the run, for all.
my %cpu_of = ('other-cpu' => 3, 'all-cpus' => '\d');
for my $way (sort keys %cpu_of) {
        for my $speed ([], ['--no-icount']) {
                my $run = boot('pc', "test-panic=$way", undef, '--cpus', 4, @$speed);
                my @said = events($run->{recording}, 'panicked');
                my @panics = grep { / panicked / } @said;       # and not that a frame broke off

                my ($when) = "@panics" =~ /([0-9.]+) ms/;
                my @later = grep { /([0-9.]+) ms/ && $1 > $when } events($run->{recording}, 'error_raised');

                is $run->{status}, 1, "$way @$speed: the run fails";
                is_deeply \@later, [], "$way @$speed: the others stop";
                is @panics, 1, "$way @$speed: one processor panics";
                like "@panics", qr/on purpose, on cpu $cpu_of{$way}/, "$way @$speed: and says why";
                like join('', events($run->{recording}, 'end')), qr/verdict=failed/,
                        "$way @$speed: the trace has its end";
                is(() = slurp($run->{console}) =~ /PANIC/g, 1, "$way @$speed: so does the console");
        }
}
done_testing;
