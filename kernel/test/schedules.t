#!/usr/bin/env perl
# A failure that depends on whose turn ends when: `flake` counts the schedules that show it, and each can be shown
# again. `soak` notices a run that fails.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build boot events slurp);

my $here = dirname(__FILE__);

sub said_by {
        my (@command) = @_;
        open my $said, '-|', @command or return ('', -1);
        local $/;
        my $text = scalar(<$said>) // '';
        close $said;
        return ($text, $? >> 8);
}

my ($text, $status);
for my $cpus (1, 2) {
        ($text, $status) = said_by("$here/flake", $build, 'race:once', 12, $cpus);
        my ($failed) = $text =~ /^race:once on $cpus CPUs?: (\d+) of 12 schedules failed$/m;
        my ($seed, $replay) = ($text =~ /^failing seeds: (\d+)/m, $text =~ /^to see one again: (.*)$/m);
        is $status, 0, "counting without a lock, on $cpus: flake has counted";
        ok $failed && $failed < 12, 'some schedules fail, and some do not' or diag $text;

        my @again = map { slurp(boot('pc', "exec=race:once schedule=$seed", undef, '--cpus', $_)->{recording}) }
                $cpus, $cpus;
        ok length $again[0] && $again[0] eq $again[1], "schedule $seed is the same run every time, byte for byte";
        ($text, $status) = said_by('sh', '-c', "$replay -o /dev/null 2>&1");
        is $status, 1, 'and fails again';
        like $text, qr/^race: 3 threads counted to 3 without a lock: [12]$/m, 'by lost counts';
}

# Each schedule has its own order.
sub run_of {
        my ($words) = @_;
        my $run = boot('pc', $words, undef, '--cpus', 2);
        my @order = map { join ' ', /(cpu \d+) .*(task=\d+)/ } events($run->{recording}, 'task_switched');

        is $run->{status}, 0, "$words on 2 processors succeeds" or diag $run->{said}, slurp($run->{console});
        return { bytes => slurp($run->{recording}), order => join(', ', @order) };
}

my @two = map { run_of("exec=stress:4 seed=1 schedule=$_") } 1, 1, 2;
ok $two[0]{bytes} eq $two[1]{bytes}, 'one schedule of stress is one run, byte for byte';
isnt $two[0]{order}, $two[2]{order}, 'another has another order';

($text, $status) = said_by("$here/flake", $build, 'race', 4, 1);
is $status, 0, 'a memory map that is locked is right under every schedule' or diag $text;

# A terminal is told how far flake has come, from the first moment on.
SKIP: {
        my $script = `script --version 2> /dev/null` =~ /util-linux/
                or skip 'no script of util-linux to be a terminal', 3;
        ($text, $status) = said_by('script', '-qec', "$here/flake '$build' least 3 1", '/dev/null');
        my @told = $text =~ /(least: .*?)(?=\r|\n)/g;
        is $status, 0, 'flake on a terminal has counted';
        is shift @told, 'least: 0 of 3 done, 0 failed; how long it takes is not known yet',
                'it says at once what it does';
        like $told[0] // '', qr/^least: [123] of 3 done, 0 failed; about \d+ s left$/, 'and then how long is left';
}

# What does not exist fails under no schedule.
for my $case (qw(nosuch test=nosuch run=nosuch.ops)) {
        ($text, $status) = said_by('sh', '-c', "$here/flake $build $case 3 2 2>&1");
        is $status, 2, "flake with $case: exit status 2";
        like $text, qr/^\Q$case\E: nothing has begun to run$/m, 'and it says so';
}

($text, $status) = said_by("$here/soak", $build, 0, 1, 'nosuch');
is $status, 2, 'soak with a program that does not exist: exit status 2' or diag $text;
for my $case ([ 'spawn:3', 0, 0 ], [ 'misbehave:stack', 1, 1 ]) {
        my ($program, $expected, $count) = @$case;
        ($text, $status) = said_by("$here/soak", $build, 0, 1, $program);
        is $status, $expected, "soak with $program: exit status $expected" or diag $text;
        like $text, qr/^\Q$program\E on 1 CPU: $count of 1 runs failed$/m, 'and it says so';
}
# Without a schedule, too, there is a race to see: that is what the program is for.
for my $cpus (1, 2) {
        my $run = boot('pc', 'exec=race:unlocked', undef, '--cpus', $cpus);
        is $run->{status}, 1, "race unlocked on $cpus fails";
        like slurp($run->{console}), qr/^race: 3 threads counted to 30 without a lock: [12]?\d$/m, 'by lost counts';
}
my $misused = boot('pc', 'exec=race:often');
like slurp($misused->{console}), qr/^race: how many rounds\? As in: race 100, race unlocked 10, or: race once$/m,
        'race says what may be asked';
is_deeply [ map { /status=(\d+)/ } events($misused->{recording}, 'task_exited') ], [2],
        'and ends with the status of wrong use';
done_testing;
