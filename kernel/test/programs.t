#!/usr/bin/env perl
# Programs in ring 3: each runs on every machine, in little memory and in much; each way to misbehave ends the program
# and not the kernel, and the trace and the console say why.
use strict;
use warnings;
no warnings qw(portable);      # addresses have more than 32 bits
use File::Basename qw(basename dirname);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../tools/trace/test';
use LinuxSpace qw(linux_ranges);
use Machine qw(boot check events slurp);

my $kernel = dirname(dirname(__FILE__));
my $manual = slurp("$kernel/../docs/system-calls.md");
is join(' ', grep { $manual !~ /^\| .*`$_\b.*`.* \|/m } map { basename($_, '.c') } glob "$kernel/user/*.c"), '',
        'the manual has each program';

my $workloads = dirname(__FILE__) . '/../user/workloads';

sub runs {
        my ($machine, $words, @options) = @_;
        my $run = boot($machine, "exec=$words", undef, @options);
        my $what = join ' ', $words, 'on', $machine, @options;
        my $check = check($run->{recording});

        is $run->{status}, 0, "$what: the run succeeds" or diag $run->{said}, slurp($run->{console});
        is $check->{status}, 0, "$what: the recording passes its check" or diag $check->{said};
        is_deeply [ map { /status=(\d+)/ } events($run->{recording}, 'task_exited') ], [0], "$what: exits with 0";
        is scalar(() = events($run->{recording}, 'system_call_begin')),
                scalar(() = events($run->{recording}, 'system_call_end')), "$what: every system call ends";
        return $run;
}

for my $machine (qw(pc q35 microvm)) {
        runs($machine, $_) for qw(maps churn ops:teaching.ops least);
        runs($machine, 'maps', '--memory', $_) for qw(64M 8G);
        runs($machine, 'maps', '--memory', '9M', '--cpus', $_) for 1, 8;
}
runs('pc', 'churn', '--memory', '64M');

# What the program and its script had mapped in the last keyframe, as LinuxSpace writes it.
sub mapped_at_the_end {
        my ($recording) = @_;
        my ($tree) = join('', events($recording, 'space_created')) =~ /space=2 tree=(\d+)/;
        my %protection_of;

        for (events($recording, 'keyframe_node')) {
                my ($base, $end, $read, $write, $execute) =
                        /tree=$tree .* base=(\w+) end=(\w+) protection=([r-])([w-])([x-])/ or next;
                $protection_of{$_} = ($read eq 'r') + 2 * ($write eq 'w') + 4 * ($execute eq 'x')
                        for hex($base) / 4096 .. hex($end) / 4096 - 1;
        }
        return LinuxSpace::ranges(\%protection_of);
}

# The same calls that the kernel makes for run=NAME, here by a program: between its own regions they must lead to the
# same.
for my $capture (glob "$workloads/*.strace") {
        my $script = basename($capture, '.strace') . '.ops';
        my $run = runs('pc', "ops:$script");
        my %there = map { $_ => 1 } mapped_at_the_end($run->{recording});

        is_deeply [ grep { !$there{$_} } linux_ranges($capture) ], [],
                "$script through system calls ends with the ranges and protections it had on Linux";
}

# What went wrong before, each on 1, 2 and 4 processors.
my @cases = slurp("$kernel/user/cases.c") =~ /^ +\{ "([a-z-]+)", /mg;
cmp_ok scalar(@cases), '>=', 4, 'there are cases';
for my $case (@cases) {
        for my $cpus (1, 2, 4) {
                my $run = boot('pc', "exec=cases:$case schedule=$cpus", undef, '--cpus', $cpus, '--memory', '24M');

                is $run->{status}, 0, "cases $case on $cpus" or diag $run->{said}, slurp($run->{console});
                is check($run->{recording})->{status}, 0, "cases $case on $cpus: the recording passes its check";
        }
}

# Two groups are ended at the same time: the second call begins before the first has ended. All of both are killed, each
# for that reason, and nothing else is.
for my $cpus (2, 4) {
        my $run = boot('pc', 'exec=cases:groups-at-once schedule=5', undef, '--cpus', $cpus, '--memory', '24M');
        my @calls = map { /system_call_(begin|end) .*call=kill/ ? $1 : () } events($run->{recording}, undef, 'task');
        my @ended = map { /call=kill result=ok value=(0x\w+)/ ? hex $1 : () }
                events($run->{recording}, 'system_call_end');
        my @killed = grep { / status=137\b/ } events($run->{recording}, 'task_exited');

        is $run->{status}, 0, "two groups at once on $cpus: the run succeeds"
                or diag $run->{said}, slurp($run->{console});
        is "@calls", 'begin begin end end', '... and their ends overlap';
        is @killed, ($ended[0] // 0) + ($ended[1] // 0), '... in all, ' . @killed . ' processes are killed';
        is check($run->{recording})->{status}, 0, '... and the recording passes its check';

        # Or the kernel ends both, since they take all memory: console and trace name the same processes.
        $run = boot('pc', 'exec=cases:group-memory schedule=5', undef, '--cpus', $cpus, '--memory', '24M');
        my $named = join ' ', slurp($run->{console}) =~ /^No memory is free: cases \(process (\d+)\) is ended/mg;
        my @of_trace = map { /process=(\d+)/ } events($run->{recording}, 'memory_out');

        cmp_ok scalar(@of_trace), '>=', 2,
                "two groups without memory on $cpus: one process of each at least is the largest";
        is $named, "@of_trace", '... and the console names each';
        is scalar(keys %{ { map { $_ => 1 } @of_trace } }), @of_trace, '... once';
}

# While a group is ended no process begins. One may between the beginning of the call and that of the ending, but rarely.
my $begun = 0;
for my $seed (11 .. 24) {
        my $run = boot('pc', "exec=cases:group-grows schedule=$seed", undef, '--cpus', 4, '--memory', '24M');
        my ($during_kill) = join('', events($run->{recording}, undef, 'task')) =~ /_begin [^\n]* call=kill (.*?) call=kill /s;

        is $run->{status}, 0, "a group that grows, schedule $seed: the run succeeds" or diag $run->{said};
        $begun += () = ($during_kill // '') =~ / task_created /g;
}
cmp_ok $begun, '<=', 2, "$begun processes have begun while 14 groups were ended";

# The set that grows is ended as fast as it can, and the run ends with its program.
for my $cpus (1, 2, 4) {
        my $run = boot('pc', 'exec=outrun', undef, '--cpus', $cpus);

        is $run->{status}, 0, "outrun on $cpus: the run ends" or diag $run->{said}, slurp($run->{console});
        like slurp($run->{console}), qr/^outrun \(process \d+\) was left behind, and is ended$/m,
                'and says what was left';
        is check($run->{recording})->{status}, 0, 'its recording passes its check';
}

# Or it is waited for.
for my $words ('', ' wait-all') {
        my $run = boot('pc', "exec=cases:left-behind$words");
        my $said = slurp($run->{console});

        is $run->{status}, 0, "a child is left behind$words: the run succeeds" or diag $run->{said}, $said;
        is !!($said =~ /^the child has ended by itself$/m), !!$words, 'and does or does not wait for it';
        is !!($said =~ /^cases \(process 2\) was left behind, and is ended$/m), !$words, 'and says if it is ended';
}

# In host time: with icount a long call takes no time to speak of.
is boot('pc', 'exec=flood', undef, '--no-icount')->{status}, 0, 'during a long write the clock goes on';

my $maps = runs('pc', 'maps');
my $table = slurp($maps->{console});
like $table, qr/^ 10000000000-\w+ +\S+ +r-xp .* text$/m, 'maps shows its own code';
like $table, qr/^7[01]\w{10}-7[01]\w{10} +64K +rw-p .* stack$/m, 'and its stack, somewhere in the window of stacks';
unlike $table, qr/^.{80}/m, 'and no line is too long for a terminal of 80 columns';

my %fault_of = (
        'write-null' => qr/address=0x0 access=write verdict=not_mapped/,
        'write-text' => qr/access=write verdict=not_allowed/,
        'stack' => qr/access=write verdict=guard/,
        'run-data' => qr/access=execute verdict=not_allowed/,
        'pass-kernel' => qr/address=0xf\w+ access=read verdict=not_mapped/,
);
for my $way (sort keys %fault_of, qw(invalid privileged port local-descriptor far-return)) {
        my $run = boot('pc', "exec=misbehave:$way");

        is $run->{status}, 1, "misbehave $way: the run fails";
        like slurp($run->{console}), qr/^misbehave: killed at 0x\w+: /m, "misbehave $way: the console says why";
        like((events($run->{recording}, 'task_exited'))[-1], qr/status=1[2-5]\d\b/, "misbehave $way: it is killed");
        like((events($run->{recording}, 'end'))[-1], qr/verdict=failed/,
                "misbehave $way: the kernel goes on to the end");
        is_deeply [ events($run->{recording}, 'panicked') ], [], "misbehave $way: without a panic";
        unlike slurp($run->{console}), qr/another thread/, "misbehave $way: which has one thread";
        like((events($run->{recording}, 'page_fault'))[-1], $fault_of{$way}, "misbehave $way: its last fault")
                if $fault_of{$way};
}

my $absent = boot('pc', 'exec=absent');
is $absent->{status}, 1, 'a program that is not there: the run fails';
like slurp($absent->{console}), qr/^  churn$/m, 'and the console lists those there are';
done_testing;
