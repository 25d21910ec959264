#!/usr/bin/env perl
# Time while the machine stands: it is left out, whatever waits for something meanwhile. In each run the machine stands
# for long, and QEMU's processor works for all of that: a controller asks again and again how it stands.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__) . '/..', dirname(__FILE__) . '/../../../test';
use Controlled qw($build check connect_to finish record said start);
use Processes qw(children_of);

# The events of a recording, each with its time in ms since the first.
sub timed_events {
        my ($recording) = @_;
        my ($per_second, @events) = (0);
        for (qx($build/regiontrace dump --json '$recording')) {
                my ($cpu, $number, $ticks, $type, $fields) =
                        /"cpu":(\d+),"cpu_event":(\d+),.*?"ticks":(\d+),.*?"type":"(\w+)".*?"fields":\{(.*)\}/ or next;
                push @events, { cpu => $cpu, number => $number, ticks => $ticks, type => $type, fields => $fields,
                        ms => ($ticks - (@events ? $events[0]{ticks} : $ticks)) / 1e6 };
        }
        return @events;
}

sub times_of {
        my ($type, $fields, @events) = @_;
        return map { $_->{ms} } grep { $_->{type} eq $type && $_->{fields} =~ $fields } @events;
}

# The processor time that a process has used, in seconds.
sub processor_time {
        my ($pid) = @_;
        open my $file, '<', "/proc/$pid/stat" or return 0;
        my (undef, @fields) = split /.*\) /s, scalar <$file>;
        my @of = split ' ', $fields[0];
        return ($of[11] + $of[12]) / 100;
}

# Keeps a machine that stands at work, until QEMU has used so many seconds of processor time.
sub stand_for {
        my ($run, $controller, $seconds) = @_;
        my ($qemu) = children_of($run->{pid});
        my $until = processor_time($qemu) + $seconds;
        while (processor_time($qemu) < $until) {
                $controller->command('status') eq 'done' or return 0;
        }
        return 1;
}

# Starts a run that pauses somewhere and stands for long. Yields it, and its controller; it stands.
sub stands {
        my ($name, $seconds, @what) = @_;
        my $run = start(@what);
        my $controller = connect_to($run);

        ok $controller->all_stand(60), "$name: it stands" or diag said($run);
        ok stand_for($run, $controller, $seconds), "$name: for long";
        return ($run, $controller);
}

sub ends_well {
        my ($name, $run, $controller) = @_;
        is $controller->command('go'), 'done', "$name: it goes on";
        is finish($run), 0, "$name: it passes" or diag said($run);
        is check($run->{recording}), 'passed', "$name: check passes";
}

sub are_close {
        my ($ours, $theirs, $most, $what) = @_;
        my @far = grep { abs($ours->[$_] - $theirs->[$_]) > $most } 0 .. ($#$ours < $#$theirs ? $#$ours : $#$theirs);

        is @$ours, @$theirs, "$what: as many";
        is_deeply [ map { "$ours->[$_] ms, not $theirs->[$_]" } @far ], [],
                "$what: when they would have come without the pause";
}

# --- timers go on with what was left of their period; the run ends no later

my $name = 'a program with ticks';
my @plain = timed_events(record('seed=1 pause=0:99999', '--exec', 'stress:20'));
my @ticks = times_of('interrupt_begin', qr/"vector":64\b/, @plain);
my ($run, $controller) = stands($name, 0.5, 'seed=1 pause=0:15000', '--exec', 'stress:20');
ends_well($name, $run, $controller);
my @paused = timed_events($run->{recording});
cmp_ok scalar @ticks, '>', 2, "$name: " . @ticks . ' ticks';
are_close([ times_of('interrupt_begin', qr/"vector":64\b/, @paused) ], \@ticks, 1, "$name: its ticks");
cmp_ok abs($paused[-1]{ms} - $plain[-1]{ms}), '<', 2,
        "$name: it ends at $plain[-1]{ms} ms, with the pause at $paused[-1]{ms}";

# --- threads that sleep sleep on

$name = 'programs that sleep';
@plain = timed_events(record('seed=1 pause=0:99999', '--exec', 'storm:1'));
my ($asleep) = grep { $_->{type} eq 'system_call_begin' && $_->{fields} =~ /"sleep","first":"0x1b"/ } @plain;
($run, $controller) = stands($name, 0.5, sprintf('seed=1 pause=0:%05d', $asleep->{number}), '--exec', 'storm:1');
ends_well($name, $run, $controller);
@paused = timed_events($run->{recording});
my ($task) = $asleep->{fields} =~ /"task":(\d+)/;
my ($woken) = grep { $_->{type} eq 'system_call_end' && $_->{ms} > $asleep->{ms}
               && $_->{fields} =~ /"task":$task,"call":"sleep"/ } @paused;
my $slept = $woken ? $woken->{ms} - $asleep->{ms} : 0;
cmp_ok $slept, '>=', 27, "$name: 27 ms are not over before that: it woke after $slept";
cmp_ok $slept, '<=', 40, "$name: nor much later";

# --- who waits for another to stop, or for a lock, waits on

$name = 'a processor waits for the other to stop, at the end';
@plain = timed_events(record('seed=1 pause=1:99999', '--exec', 'spawn:2', '--cpus', 2));
my ($called) = grep { $_->{cpu} == 1 && $_->{type} eq 'interrupt_begin' } reverse @plain;
($run, $controller) = stands($name, 4, sprintf('seed=1 pause=1:%05d', $called->{number}),
                      '--exec', 'spawn:2', '--cpus', 2);
ends_well($name, $run, $controller);

$name = 'a processor waits for a lock';
my $words = 'trace=+lock seed=3 schedule=5';
@plain = timed_events(record("$words pause=0:99999", '--exec', 'storm:1', '--cpus', 2));

# The lock must be held, and its holder must have an event more before it releases the lock: there the pause stops it.
my ($is_held, $waits) = 0;
for my $i (0 .. $#plain) {
        next unless $plain[$i]{fields} =~ /"lock":"scheduler"/;
        my ($next) = grep { $_->{cpu} != $plain[$i]{cpu} } @plain[$i + 1 .. $#plain];
        $waits //= $plain[$i]
                if $plain[$i]{type} eq 'lock_wanted' && $is_held && $next && $next->{type} ne 'lock_released';
        $is_held = $plain[$i]{type} eq 'lock_acquired' if $plain[$i]{type} ne 'lock_wanted';
}
($run, $controller) = stands($name, 4, sprintf("$words pause=%d:%05d", $waits->{cpu}, $waits->{number}),
                      '--exec', 'storm:1', '--cpus', 2);
is $controller->command('step_event', $waits->{cpu} + 1), 'done', "$name: a step of the one that waits";
my $stand = $controller->all_stand(60);
is $stand && $stand->{cpus}[ $waits->{cpu} ]{stand}, 3, "$name: it waits still";
ok stand_for($run, $controller, 4), "$name: for long";
ends_well($name, $run, $controller);

# --- in steps, time is one counter of all processors

$name = 'steps on two processors';
($run, $controller) = stands($name, 0.2, "$words pause=0:03000", '--exec', 'storm:1', '--cpus', 2);
$controller->command('status');
$stand = $controller->all_stand(60);
my @stepped;
for my $step (1 .. 40) {
        my @before = map { $_->{number} } @{ $stand->{cpus} };

        $controller->command('step_event', $step % 2 + 1);
        $stand = $controller->all_stand(60) or last;
        push @stepped, map { $stand->{cpus}[$_]{number} > $before[$_] ? [ $_, $stand->{cpus}[$_]{number} ] : () } 0, 1;
}
ends_well($name, $run, $controller);

# Within an operation on a tree all events have the time at which it began.
my (%ticks, %in_operation);
for my $event (timed_events($run->{recording})) {
        $ticks{"$event->{cpu}:$event->{number}"} = $event->{ticks} unless $in_operation{ $event->{cpu} };
        $in_operation{ $event->{cpu} } = 1 if $event->{type} eq 'tree_begin';
        $in_operation{ $event->{cpu} } = 0 if $event->{type} eq 'tree_end';
}
@stepped = grep { exists $ticks{"$_->[0]:$_->[1]"} } @stepped;
my @ticks_of = map { $ticks{"$_->[0]:$_->[1]"} } @stepped;
my %seen = map { $_->[0] => 1 } @stepped;
is_deeply [ sort keys %seen ], [ 0, 1 ], "$name: both have stepped, " . @stepped . ' events in all';
# An empty frame takes a tick, too.
my @back = grep { $ticks_of[$_] <= $ticks_of[ $_ - 1 ] } 1 .. $#ticks_of;
is_deeply [ map { "@{ $stepped[$_] }" } @back ], [],
        "$name: each event is later than the one of the other processor before it";
cmp_ok $ticks_of[-1] - $ticks_of[0], '<', 2 * @stepped, "$name: by a tick";
done_testing;
