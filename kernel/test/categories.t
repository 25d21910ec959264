#!/usr/bin/env perl
# The categories that are chosen change what is sent, not the run: a coin is tossed at each event, sent or not. Under
# one schedule seed the events that two choices have in common are the same, one by one, on each processor.
#
# That holds until a timer's tick comes at another place. Under -icount a tick comes after so many instructions, and an
# event that is sent takes more of them than one that is not.
use strict;
use warnings;
use File::Basename qw(dirname);
use List::Util qw(min);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build boot);

my @choices = ('', 'trace=+lock', 'trace=-visit,-memory,-region', 'trace=+lock,-visit,-memory');
my %differs = map { $_ => 1 } qw(stream lock visit memory region);
my $timer = 64;                                 # TRAP_TIMER of kernel/arch/traps.h

# What a run sends of the categories that all choices have: the events of each processor, as texts, and its ticks. Each
# tick has its place, and how many events each processor had sent before it.
sub common_events {
        my ($recording, $cpus) = @_;
        my @events = map { [] } 1 .. $cpus;
        my @ticks;
        for (qx($build/regiontrace dump --json '$recording')) {
                my ($cpu, $type, $category, $fields) = /"cpu":(\d+),.*?"type":"(\w+)","category":"(\w+)",(.*)/ or next;

                push @ticks,
                        { place => "cpu $cpu, event " . @{ $events[$cpu] }, before => [ map { scalar @$_ } @events ] }
                        if $type eq 'interrupt_begin' && $fields =~ /"vector":$timer\b/;
                push @{ $events[$cpu] }, "$type $fields" unless $differs{$category};
        }
        return { events => \@events, ticks => \@ticks };
}

# How many events of each processor two runs must have in common: those before the first tick that is not at the same
# place in both. If there is none, undefined: all.
sub promised {
        my ($one, $other) = @_;
        my ($tick) = grep { ($one->{ticks}[$_]{place} // '') ne ($other->{ticks}[$_]{place} // '') }
                0 .. $#{ $one->{ticks} }, 0 .. $#{ $other->{ticks} };

        return undef unless defined $tick;
        my @before = map { $_->{ticks}[$tick] ? $_->{ticks}[$tick]{before} : [ map { scalar @$_ } @{ $_->{events} } ] }
                $one, $other;
        return [ map { min($before[0][$_], $before[1][$_]) } 0 .. $#{ $before[0] } ];
}

sub run_of {
        my ($cpus, $seed, $choice, @what) = @_;
        my $run = boot('pc', "seed=1 schedule=$seed $choice", undef, '--cpus', $cpus, @what);

        is $run->{status}, 0, "@what, $cpus cpus, schedule $seed, '$choice' succeeds" or diag $run->{said};
        return common_events($run->{recording}, $cpus);
}

sub compare {
        my ($name, $one, $other) = @_;
        my ($promised, $compared) = (promised($one, $other), 0);

        for my $cpu (0 .. $#{ $one->{events} }) {
                my @lists = map { $_->{events}[$cpu] } $one, $other;

                @lists = map { [ @$_[ 0 .. $promised->[$cpu] - 1 ] ] } @lists if $promised;
                is_deeply $lists[1], $lists[0], "$name: cpu $cpu has the same events";
                $compared += @{ $lists[0] };
        }
        cmp_ok $compared, '>', 500, "$name: $compared events were compared";
}

# Processors, and what runs.
for my $case ([ 1, '--run', 'teaching.ops' ], [ 1, '--exec', 'churn' ], [ 2, '--exec', 'stress:2' ],
              [ 2, '--exec', 'spawn:3' ], [ 4, '--exec', 'stress:2' ]) {
        my ($cpus, @what) = @$case;

        for my $seed (5, 6) {
                my ($first, @others) = map { run_of($cpus, $seed, $_, @what) } @choices;

                compare("@what, $cpus cpus, schedule $seed, '$choices[$_ + 1]'", $first, $others[$_]) for 0 .. $#others;
        }
}

done_testing;
