#!/usr/bin/env perl
# A running kernel under control: by `regiontrace ctl`, and by a second controller that is written from
# docs/trace-format.md alone (Controller.pm).
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__);
use Controlled qw($build $folder check connect_to ctl events_of finish record said slurp start total_of);
use Controller qw(%ANSWER);
use Frames qw(bodies frame);

# --- regiontrace ctl

my $unpaused = start('pause=0:99999', '--run', 'teaching.ops');
is finish($unpaused), 0, 'a run under control that no command reaches';
my $plain = record('pause=0:99999', '--run', 'teaching.ops');
ok slurp($plain) eq slurp($unpaused->{recording}), 'is recorded as without control, byte for byte';
ok !-e $unpaused->{folder}, 'its folder is removed';

my $run = start('pause=0:00100', '--run', 'teaching.ops');
like ctl($run, 'wait')->{said}, qr/^cpu 0: event 100, right after its newest event$/, 'ctl wait: pause= has stopped it';
like ctl($run, 'step')->{said}, qr/^cpu 0: event 101,/, 'ctl step';
is ctl($run, '--cpu=0', 'step')->{status}, 0, 'ctl --cpu=0 step';
is ctl($run, '--cpu=1', 'step')->{status}, 1, 'ctl --cpu=1 step: there is none';
like ctl($run, 'run-to', 'error')->{said}, qr/^cpu 0: event \d+,/, 'ctl run-to error';
like qx($build/regiontrace dump '$run->{recording}' 2>&1), qr/error_raised\s+code=\S+ .*\n\z/,
        'the recording ends with the error meanwhile';
like ctl($run, 'run-to', '0:20')->{said}, qr/refuses/, 'ctl run-to: an event that is past is refused';
like ctl($run, 'categories', '+nothing')->{said}, qr/refuses/, 'ctl categories: one that there is not';
is ctl($run, 'jump')->{status}, 2, 'ctl jump: no command';
my $first = connect_to($run);
$first->poll(1);
like ctl($run, 'status')->{said}, qr/another controller is connected/, 'ctl: there is one controller at a time';
close $first->{to};
my ($went, $until_free) = (ctl($run, 'go'), time + 60);
$went = ctl($run, 'go') while $went->{said} =~ /another controller/ && time < $until_free;
is $went->{status}, 0, 'ctl go, when the first controller has left';
is finish($run), 0, 'the run passes';
is check($run->{recording}), 'passed', 'and check does, too';
is_deeply events_of($run->{recording}), events_of($plain), 'a script on one cpu has the same events as without a pause';
is ctl({ folder => "$folder/none" }, 'status')->{status}, 2, 'ctl: no recorder';

# The session in docs/regiontrace.md, as it is there.
$run = start('pause=0:100', '--run', 'teaching.ops');
my ($section) = slurp(dirname(__FILE__) . '/../../../docs/regiontrace.md') =~ /^## ctl$(.*?)^\| command/ms;
my @session = $section =~ /^    \$ build\/regiontrace ctl live (.*\n(?:    [^\$].*\n)*)/mg;
for (@session) {
        my ($command, $shown) = /^(.*)\n((?:.*\n)*)/;
        is ctl($run, split ' ', $command)->{said}, $shown =~ s/^    //mgr, "the manual's session: ctl $command";
}
is @session, 4, 'all of it';
is finish($run), 0, 'and its run passes';

# Categories that change in mid-run are in the recording: what is not sent is not missed.
$run = start('pause=0:02000', '--exec', 'churn');
ctl($run, 'wait');
is ctl($run, $_)->{status}, 0, "ctl $_" for qw(header keyframe);
is ctl($run, 'categories', @$_[0])->{status}, 0, "ctl categories @$_[0]" and ctl($run, 'run-to', "0:@$_[1]")
        for [ q('-visit'), 4000 ], [ '+visit,+lock', 6000 ], [ q('-tree'), 8000 ], [ '+tree,-lock,-memory', 9000 ];
ctl($run, 'go');
is finish($run), 0, 'a run whose categories change passes';
like qx($build/regiontrace check $run->{recording}), qr/passed.*, not sent: memory tree visit$/,
        'and so does its recording';
my $chosen = qx($build/regiontrace dump -e categories_chosen $run->{recording});
cmp_ok scalar(() = $chosen =~ /categories=stream,test/g), '>=', 8,
        'each change is said twice: what both choices have, then the new one';

# Byte for byte up to the pause, if no command comes before it: what the paused machine has sent is how the other
# recording begins, but for the frame that the pause has closed early.
$run = start('pause=0:00700', '--run', 'teaching.ops');
ctl($run, 'wait');
my @paused = grep { /^[HE]/ } bodies(slurp($run->{recording}));
my @whole = grep { /^[HE]/ } bodies(slurp($plain));
my $same = 0;
$same++ while $same < @paused && $paused[$same] eq $whole[$same];
cmp_ok $same, '>=', @paused - 1, 'up to the pause all frames are those of the unpaused run: ' . @paused;
ok index($whole[-1 + @paused], $paused[-1]) == 0, 'and the last one is how one of them begins';
ctl($run, 'go');
finish($run);

system("timeout 60 $build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio "
        . "--silence 1 --append pause=0:5 -o $folder/alone.rtrace > $folder/alone.said 2>&1");
like slurp("$folder/alone.said"), qr/pause= has stopped it.*--control FOLDER/,
        'pause= without a controller: what to do is said';

# --- the second controller: bytes that are no commands

$run = start('pause=0:200', '--run', 'teaching.ops');
my $controller = connect_to($run);
my $stand = $controller->all_stand;
is $stand->{cpus}[0]{number}, 200, 'a second controller: all stand';
is $controller->command('status'), 'done', 'status';
my $before = slurp($run->{recording});
srand 14;
my ($sent, $frames) = (0, 0);
while ($sent < 20000) {
        my $bytes = join '', map { chr 1 + int rand 255 } 1 .. 1 + int rand 60;
        if (rand() < 0.5) {
                $bytes = frame(Controller::body(1 + int rand 1e6, int rand 13, int rand 9));
                substr($bytes, 1 + int rand(length($bytes) - 2), 1) = chr 1 + int rand 255;
                $bytes =~ s/\0//g;
        }
        $controller->write_bytes("\0$bytes\0");
        $frames++;
        $sent += length $bytes;
}
my $answer = $controller->answer_to($controller->send_command('status'), 60);
ok $answer, 'hostile bytes: the kernel answers after them';
is $answer->{carried_out}, 2, 'hostile bytes: none was carried out';
is $answer->{damaged} + $answer->{refused}, $frames, "hostile bytes: all $frames frames are counted";
is_deeply $controller->all_stand, $stand, 'hostile bytes: all stand as before';
is join('', grep { /^E/ } bodies(slurp($run->{recording}))), join('', grep { /^E/ } bodies($before)),
        'hostile bytes: nothing was emitted';
$controller->write_bytes(frame(Controller::body($controller->{number}, 8)));
is $controller->answer_to($controller->{number})->{answer}, $ANSWER{repeated}, 'a command that comes twice is refused';
$controller->write_bytes(frame(Controller::body($controller->{number} + 1, 99)));
is $controller->answer_to($controller->{number} + 1)->{answer}, $ANSWER{unknown}, 'an unknown command is refused';
is $controller->command('go'), 'done', 'go';
is finish($run), 0, 'the run passes';
is check($run->{recording}), 'passed', 'and check does, too';

# --- a machine that stands takes no processor time of the host

$run = start('pause=0:200', '--run', 'teaching.ops');
$controller = connect_to($run);
ok $controller->all_stand, 'a machine stands';
my ($qemu) = split ' ', slurp("/proc/$run->{pid}/task/$run->{pid}/children");
my $state_of_qemu = sub { (split ' ', slurp("/proc/$qemu/stat") =~ s/.*\) //sr)[0] };
my $patience = time + 60;
sleep 0.02 until $state_of_qemu->() eq 'T' || time > $patience;
is $state_of_qemu->(), 'T', 'soon QEMU is stopped';
is $controller->command('step_event', 0), 'done', 'a command wakes it';
is $controller->all_stand->{cpus}[0]{number}, 201, 'and is carried out';
$controller->command('go');
is finish($run), 0, 'the run passes';

# By a UART that takes longer than the machine may look for commands in vain.
$run = start('pause=0:200', '--transport', 'uart', '--run', 'teaching.ops');
$controller = connect_to($run);
ok $controller->all_stand, 'a machine with a UART stands';
$controller->write_bytes("\0" . 'x' x 30000 . "\0" . frame(Controller::body(++$controller->{number}, 0)));
ok $controller->answer_to($controller->{number}, 60),
        'QEMU is not stopped before it has read a command behind much else';
$controller->command('go');
is finish($run), 0, 'the run passes';

# --- pausing anywhere: a script has the same events as if it had not been paused

for my $at (map { 150 + 83 * $_ } 0 .. 14) {
        $run = start("pause=0:$at", '--run', 'teaching.ops');
        $controller = connect_to($run);
        ok $controller->all_stand, "paused behind event $at";
        $controller->command($_, 0) and $controller->all_stand for qw(step_event step_tree step_space);
        $controller->command('go');
        finish($run);
        is_deeply events_of($run->{recording}), events_of($plain), "paused behind event $at: the same events";
}

# --- pausing anywhere, on 1, 2 and 4 cpus, with locks traced

for my $cpus (1, 2, 4) {
        for my $at ((map { '0:' . (60 + 97 * $_) } 1 .. 6), $cpus > 1 ? map { '1:' . (5 + 40 * $_) } 0 .. 2 : ()) {
                $run = start("trace=+lock seed=3 schedule=5 pause=$at", '--exec', 'spawn:2', '--cpus', $cpus);
                $controller = connect_to($run);
                my $name = "$cpus cpus, paused behind event $at";
                $stand = $controller->all_stand(60);
                ok $stand, "$name: all stand" or diag said($run);
                my $stepped = 1;
                for (1 .. 12) {
                        my $numbers = total_of($stand);
                        $controller->command('step_event', 0) eq 'done' or $stepped = 0;
                        $stand = $controller->all_stand(60) or last;
                        $stepped = 0 if total_of($stand) > $numbers + 1;
                }
                ok $stand && $stepped, "$name: a step is one event of all cpus at most";
                is $controller->command('step_tree', 0), 'done', "$name: step tree";
                ok $controller->all_stand(60), "$name: all stand after it";
                is $controller->command('go'), 'done', "$name: go";
                is finish($run), 0, "$name: the run passes" or diag said($run);
                is check($run->{recording}), 'passed', "$name: check passes";
        }
}
# --- a reader that attaches late

$run = start('pause=0:700', '--run', 'teaching.ops');
$controller = connect_to($run);
$controller->all_stand;
my $missed = length slurp($run->{recording});
is $controller->command('header'), 'done', 'header';
my $until = time + 20;
sleep 0.02 until time > $until || grep { /^H.\x01/s } bodies(substr slurp($run->{recording}), $missed);
$controller->command('go');
close $controller->{to};
is finish($run), 0, 'a run whose header was sent twice';
is check($run->{recording}), 'passed', 'check reads it';
my $late = "$folder/late.rtrace";
open my $file, '>:raw', $late or die "$late: $!";
print $file substr slurp($run->{recording}), $missed;
close $file;
like qx($build/regiontrace dump --json '$late' 2>&1), qr/^\{"event":701,"cpu":0,"cpu_event":701,.*"missing":700,/,
        'what follows the second header is a recording by itself';

done_testing;
