#!/usr/bin/env perl
# The trace of locks, asked for: who has a lock gives it back, on the same processor, before anyone has it again; and
# its turns are counted. Not asked for, there is none.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP;
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../tools/trace/test';
use Frames qw(bodies varint);
use Machine qw($build boot check events slurp);

my $run = boot('pc', 'test=kmalloc exec=churn trace=+lock');
is $run->{status}, 0, 'the run succeeds' or diag $run->{said}, slurp($run->{console});
is check($run->{recording})->{status}, 0, 'the recording passes its check';

# A lock in memory that was given back and allocated again begins anew, at its first turn.
my (%holder, %turn, %since, %longest, @wrong, %acquired);
open my $dump, '-|', "$build/regiontrace", qw(dump --json --category lock), $run->{recording} or die "dump: $!";
while (<$dump>) {
        my $event = decode_json($_);
        my ($lock, $at, $turn) = @{ $event->{fields} }{qw(lock address turn)};

        if ($event->{type} eq 'lock_acquired') {
                push @wrong, "$_ but processor $holder{$at} has it" if defined $holder{$at};
                push @wrong, "$_ after turn $turn{$at}" if $turn != 1 && $turn != ($turn{$at} // 0) + 1;
                ($holder{$at}, $turn{$at}, $since{$at}) = ($event->{cpu}, $turn, $event->{ticks});
                $acquired{$lock}++;
        } elsif ($event->{type} eq 'lock_released') {
                my $holder = delete $holder{$at} // 'none';
                push @wrong, "$_ but processor $holder has it" if $holder ne $event->{cpu};
                push @wrong, "$_ after turn $turn{$at}" if $turn != $turn{$at};
                push @wrong, "$_ but it was acquired at $since{$at}"
                        if $event->{fields}{held} > $event->{ticks} - $since{$at};
                $longest{$lock} = $event->{fields}{held} if $event->{fields}{held} > ($longest{$lock} // 0);
        }
}
close $dump;
is_deeply \@wrong, [], 'every lock is acquired and given back in turn';
is_deeply [ keys %holder ], [], 'and none is kept';
cmp_ok $acquired{$_} // 0, '>', 0, "$_: " . ($acquired{$_} // 0) . ' times'
        for qw(kmalloc frames kernel_memory watched console);

# The kernel measures how long a lock is held, and `info` says which was held longest.
my $info = decode_json(Machine::run("$build/regiontrace", 'info', '--json', $run->{recording})->{said});
is_deeply { map { ($_->{class} => $_->{held_most}) } @{ $info->{locks} } }, \%longest,
        'info says how long each class was held at most';
is $longest{$info->{longest_hold}{class}}, $info->{longest_hold}{ticks}, 'and which one longest';
is $info->{longest_hold}{ticks}, (sort { $b <=> $a } values %longest)[0], 'of all';

# What it takes to emit an event is left out; the case measures that itself.
is boot('pc', 'test=emitting_is_not_time trace=+lock')->{status}, 0, 'time spent on emitting is not time held';

my $quiet = boot('pc', 'test=kmalloc');
is_deeply [ events($quiet->{recording}, undef, 'lock') ], [], 'unasked, the trace has no locks';

# A processor that waits has nothing to tell, but sends a frame without events now and then, so that a reader who merges
# the processors by time can go on. Here nothing but waiting makes it do so.
my $waiting = boot('pc', 'test=sends_the_time');
my $empty = 0;
for my $body (grep { /^E/ } bodies(slurp($waiting->{recording}))) {
        substr $body, 0, 1, '';
        varint(\$body) for qw(cpu first dropped ticks tree);
        $empty++ if $body eq '';
}
is $waiting->{status}, 0, 'a processor waits for a lock' or diag $waiting->{said}, slurp($waiting->{console});
cmp_ok $empty, '>=', 4, "and sends $empty frames meanwhile";
done_testing;
