#!/usr/bin/env perl
# A machine may be paused anywhere: inside each kind of operation on a tree or a space, with a lock of each class held,
# and where a processor waits for one; on 1, 2 and 4 processors. All stand, a few single steps are done, the run goes
# on, ends, and `check` passes.
#
# Each run is recorded without a pause first, with lock events: that recording has all moments. Under -icount the paused
# run, of the same schedule seed, is the same one up to the pause, times included. So no moment is missed: what happens
# in no run is named here.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Controlled qw($build check connect_to finish record said slurp start total_of);
use Frames qw(bodies);

# From the fastest to the one that does everything.
my @runs = ([ '', '--run', 'teaching.ops' ], [ ' test=in_one_order' ], [ '', '--exec', 'stress:1' ],
            [ '', '--exec', 'storm:1' ]);

# What happens in none of these runs, for 1, 2 and 4 processors.
my $early = 'lock range_allocator';             # only in the labs' early kernels
my %never = (1 => [ 'lock shootdown', $early ], 2 => [ $early ], 4 => [ $early ]);

# The words of an enumeration, as the header of a recording has them.
sub words_of {
        my ($recording, $enumeration) = @_;
        my $header = join '', map { /^H..(.*)/s ? $1 : () } bodies(slurp($recording));

        return $header =~ /^enum \Q$enumeration\E (.*)$/m ? split ' ', $1
                : die "no $enumeration in the header of $recording\n";
}

# The events of a recording, in order: [ cpu, number, type, fields, all of it but its place among those of all cpus ].
sub events_in {
        my ($recording) = @_;
        return map { s/"event":\d+,//r
                        =~ /^(.*"cpu":(\d+),"cpu_event":(\d+),.*?"type":"(\w+)".*?"fields":\{(.*)\}.*)$/ ?
                [ $2, $3, $4, $5, $1 ] : () } qx($build/regiontrace dump --json '$recording');
}

# For each cpu, its events.
sub by_cpu {
        my %events;
        push @{ $events{ $_->[0] } }, $_->[4] for @_;
        return \%events;
}

# The moments of a recording by name, each a list of [ cpu, event ]: an event at which it is so.
sub moments_of {
        my (%moments, %inside);                 # the kind of the operation on a tree, or a space, in which a cpu is
        for (@_) {
                my ($cpu, $number, $type, $fields) = @$_;

                push @{ $moments{"lock $1"} }, [ $cpu, $number ]
                        if $type eq 'lock_acquired' && $fields =~ /"lock":"(\w+)"/;
                push @{ $moments{"waits for $1"} }, [ $cpu, $number ]
                        if $type eq 'lock_wanted' && $fields =~ /"lock":"(\w+)"/;
                my ($of) = $type =~ /^(tree|space)_(?:begin|end)$/;
                $inside{$of}{$cpu} = $fields =~ /"kind":"(\w+)"/ ? $1 : '' if $of;
                push @{ $moments{"$_ $inside{$_}{$cpu}"} }, [ $cpu, $number ]
                        for grep { $inside{$_}{$cpu} } qw(tree space);
        }
        return \%moments;
}

# The first event of a paused run that is not as in the run without a pause. The event of another cpu than that at which
# the pause was wanted may have come after the pause: each stands behind its next one.
sub first_difference {
        my ($stand, $paused_cpu, $unpaused, $paused) = @_;
        for my $cpu (0 .. $#{ $stand->{cpus} }) {
                my $last = $stand->{cpus}[$cpu]{number} - ($cpu != $paused_cpu);

                for my $i (0 .. $last - 1) {
                        my ($theirs, $ours) = map { $_->{$cpu}[$i] // 'nothing' } $unpaused, $paused;
                        return "$theirs | $ours" if $theirs ne $ours;
                }
        }
        return undef;
}

sub pause_at {
        my ($name, $words, $options, $cpu, $number, $unpaused) = @_;
        my $run = start(sprintf('%s pause=%d:%06d', $words, $cpu, $number), @$options);
        my $controller = connect_to($run);
        my $at_pause = $controller->all_stand(60);
        my $stand = $at_pause;

        is $stand && $stand->{cpus}[$cpu]{number}, $number, "$name: all stand" or diag said($run);
        my $is_stepping = 1;
        for (1 .. 3) {
                my $total = $stand ? total_of($stand) : 0;

                $is_stepping &&= $controller->command('step_event', 0) eq 'done'
                        && ($stand = $controller->all_stand(60))
                        && total_of($stand) <= $total + 1;
        }
        ok $is_stepping, "$name: three steps";
        is $controller->command('go'), 'done', "$name: go";
        is finish($run), 0, "$name: the run passes" or diag said($run);
        is check($run->{recording}), 'passed', "$name: check passes";
        is first_difference($at_pause, $cpu, $unpaused, by_cpu(events_in($run->{recording}))), undef,
                "$name: up to the pause, all events are those of the run without a pause" if $at_pause;
}

for my $cpus (1, 2, 4) {
        my (%tried, @wanted);
        for my $i (0 .. $#runs) {
                my ($words, @options) = @{ $runs[$i] };
                my $all = "trace=+lock seed=3 schedule=" . (10 * $cpus + $i) . $words;
                my $recording = record("$all pause=0:999999", '--cpus', $cpus, @options);
                my @events = events_in($recording);
                my ($moments, $unpaused) = (moments_of(@events), by_cpu(@events));

                @wanted = ((map { "lock $_" } words_of($recording, 'lock_class')),
                        (map { "tree $_" } words_of($recording, 'tree_operation')),
                        (map { "space $_" } words_of($recording, 'space_operation'))) unless @wanted;
                for my $name (sort keys %$moments) {
                        next if $tried{$name}++;
                        my @all = @{ $moments->{$name} };
                        my ($cpu, $number) = @{ $all[ @all / 2 ] };

                        pause_at("$cpus cpus, @options$words, event $cpu:$number, $name", $all,
                                [ '--cpus', $cpus, @options ],
                                $cpu, $number, $unpaused);
                }
        }
        is_deeply [ grep { !$tried{$_} } @wanted ], $never{$cpus},
                "$cpus cpus: everything was tried, but for: @{ $never{$cpus} }";
}

done_testing;
