#!/usr/bin/env perl
# What a controller requests, a keyframe or the header, is sent at the next safe point, by whichever processor comes to
# one first: at a tick, before it halts, on the way back to ring 3, between the lines of an op script.
#
# Each run is recorded twice: first without a pause, to find an event before such a point. Then it is paused there, the
# keyframe is requested, and the run goes on. The recording shows where the keyframe was sent.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__);
use Controlled qw($build check connect_to ctl finish record said slurp start);
use Frames qw(bodies);

# The events of a recording, in order: their cpu, number, type and fields, and whether the cpu was in a system call.
sub all_events {
        my ($recording) = @_;
        my (@events, %in_call);
        for (qx($build/regiontrace dump --json '$recording')) {
                my ($cpu, $number, $type, $fields) =
                        /"cpu":(\d+),"cpu_event":(\d+),.*?"type":"(\w+)".*?"fields":(\{.*\})/ or next;

                push @events, { cpu => $cpu, number => $number, type => $type,
                                text => "$type $fields", in_call => $in_call{$cpu} };
                $in_call{$cpu} = $type eq 'system_call_begin'
                        if $type =~ /^(?:system_call_begin|system_call_end|task_switched)$/;
        }
        return @events;
}

# On the cpu that shows the second keyframe (the first is of the start): the event before it, and the one behind.
sub around_keyframe {
        my ($recording) = @_;
        my ($keyframes, $cpu, %before, $is_over) = (0);
        for my $event (all_events($recording)) {
                return { cpu => $cpu, before => $before{$cpu}, behind => $event->{text} }
                        if $is_over && $event->{cpu} == $cpu;
                $cpu = $event->{cpu} if $event->{type} eq 'keyframe_begin' && ++$keyframes == 2;
                $is_over = 1 if defined $cpu && $event->{type} eq 'keyframe_end' && $event->{cpu} == $cpu;
                $before{ $event->{cpu} } = $event->{text}
                        unless $event->{type} =~ /^(keyframe_begin|categories_chosen)$/
                        || defined $cpu;
        }
        return { cpu => -1, before => '', behind => '' };
}

# [ what is shown, what runs, the event to pause at, the event before the keyframe, the one behind, what check says ]
for my $case ([ 'between the lines of a script', '--run teaching.ops', qr/^tree_begin.*"cause":6\b/, qr/^space_end/,
                qr/^script_line/, qr/^passed$/ ],
              [ 'on the way back to ring 3', '--exec spawn:2', qr/^system_call_begin.*"memory"/,
                qr/^system_call_end.*"memory"/, qr/^system_call_begin/, qr/^passed$/ ],
              [ 'before a processor halts', '--exec sh', qr/^system_call_begin.*"read","first":"0x0"/,
                qr/^task_switched.*"task":0/, qr/^interrupt_begin/, qr/verdict is timed_out\n/ ],
              [ 'at a tick', '--exec stress:20', qr/^interrupt_begin.*"vector":64/,
                qr/^interrupt_end.*"vector":64/, qr/^\w/,
                qr/^passed$/ ]) {
        my ($name, $what, $at, $before, $behind, $checked) = @$case;
        my @options = ('--deadline', 2, split ' ', $what);
        my $plain = record('seed=1 pause=0:99999', @options);
        my ($event) = grep { $_->{number} > 70 && !$_->{in_call} && $_->{text} =~ $at } all_events($plain);

        ok $event, "a keyframe $name: there is an event before that" or next;
        my $run = start(sprintf('seed=1 pause=0:%05d', $event->{number}), @options);
        my $controller = connect_to($run);
        my $stand = $controller->all_stand;
        is $stand && $stand->{cpus}[0]{number}, $event->{number}, "a keyframe $name: paused before it";
        is $controller->command('keyframe'), 'done', "a keyframe $name: requested";
        is $controller->command('go'), 'done', "a keyframe $name: and on";
        finish($run);
        my $place = around_keyframe($run->{recording});
        like $place->{before}, $before, "a keyframe $name: what comes before";
        like $place->{behind}, $behind, "a keyframe $name: what comes behind";
        like check($run->{recording}), $checked, "a keyframe $name: check";
}

# Events of trees or of regions are switched off while a processor is inside a tree operation, whose end is not sent
# then. Its clock, which stands still within the operation, goes on.
for my $category (qw(tree region)) {
        my @options = qw(--deadline 2 --exec spawn:2);
        my ($event) = grep { $_->{number} > 200 && $_->{text} =~ /^tree_begin.*"kind":"place_anywhere"/ }
                all_events(record('seed=1', @options));
        my $run = start(sprintf('seed=1 pause=0:%05d', $event->{number} + 1), @options);
        my $controller = connect_to($run);
        $controller->all_stand;
        is $controller->command('categories', "-$category"), 'done', "-$category inside an operation";
        is $controller->command('go'), 'done', 'and on';
        finish($run);
        my %ticks = map { $_ => 1 } map { /"cpu_event":(\d+),"ticks":(\d+)/ && $1 > $event->{number} + 2 ? $2 : () }
                qx($build/regiontrace dump --json '$run->{recording}');
        cmp_ok scalar(keys %ticks), '>', 50, 'its events have times of their own';
        is check($run->{recording}), 'passed', 'check';
}

# How many frames of a kind a recording has so far, and by which processors its keyframes were sent.
sub headers {
        my ($run) = @_;
        return scalar grep { /^H\0/ } bodies(slurp($run->{recording}));
}

sub senders {
        my ($recording) = @_;
        return map { /cpu (\d+)/ ? $1 : () } qx($build/regiontrace dump -e keyframe_begin '$recording' 2>/dev/null);
}

# A machine that runs. First an idle one, then one on whose processors programs work all the time.
for my $case ([ 'idle', 2, '--exec', 'sh' ], [ 'at work', 4, '--exec', 'stress:3000' ]) {
        my ($name, $cpus, @what) = @$case;
        my $run = start('seed=1', '--no-icount', '--cpus', $cpus, @what);
        my $controller = connect_to($run);
        my ($sent, $until) = (0, time + 60);

        sleep 0.02 until time > $until || senders($run->{recording});
        for my $request (1 .. 8) {
                $controller->command($_) eq 'done' and $sent++ for qw(keyframe header);
                sleep 0.02 until time > $until || headers($run) > $request;
                sleep 0.02 until time > $until || senders($run->{recording}) > $request;
        }
        is $sent, 16, "a machine $name: 8 keyframes and headers were requested";
        cmp_ok headers($run), '>=', 9, "a machine $name: the headers were sent";
        my %by = map { $_ => 1 } senders($run->{recording});
        cmp_ok scalar senders($run->{recording}), '>=', 9, "a machine $name: the keyframes were sent";
        cmp_ok scalar keys %by, '>=', 2, "a machine $name: by cpus " . join ' ', sort keys %by;
        kill TERM => $run->{pid};
        finish($run);
        unlike check($run->{recording}), qr/violated|differ|changed unseen/,
                "a machine $name: check finds the keyframes right";
}

done_testing;
