#!/usr/bin/env perl
# Recordings become Perfetto traces: what protoc decodes must be what `regiontrace dump` counts, in tracks that are all
# described, named and closed.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use PerfettoTests;
use PerfettoTrace;
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $teaching = record_script();
system("$build/test/trace/test/test_perfetto", $folder) == 0 or die "recordings cannot be made\n";

# How often a task is woken that sleeps: that it has left its cpu for, and not come back to one since.
sub count_sleeps {
        my (%runs, %asleep);
        my $count = 0;
        for my $event (@_) {
                my ($type, $cpu, $task) = ($event->{type}, $event->{cpu}, $event->{fields}{task});
                if ($type eq 'task_switched') {
                        $asleep{$runs{$cpu}} = 1 if $runs{$cpu};
                        $runs{$cpu} = $task;
                        delete $asleep{$task};
                }
                $count++ if $type eq 'task_woken' && delete $asleep{$task};
        }
        return $count;
}

# What must be in the trace of a whole stream, counted from its events alone.
sub expected_totals {
        my (%count, %linked, %runs);
        for my $event (@_) {
                my ($type, $field) = @$event{qw(type fields)};
                $count{slices}++ if $type =~ /^(tree_begin|space_begin|system_call_begin|script_begin|script_line
                                                |case_begin|keyframe_begin|tree_link|interrupt_begin|lock_wanted
                                                |lock_acquired)$/x;
                $count{instants}++ if $type =~ /^(tree_visit|tree_draw|page_fault|error_raised|panicked|script_mismatch
                                                  |task_exited|task_loaded|task_woken|tlb_shootdown|end)$/x;
                $count{samples}++ if $type =~ /^frame_(allocated|freed)$/;
                $runs{$event->{cpu}} = $field->{task} if $type eq 'task_switched';
                $count{slices}++ if $type eq 'task_switched' && $field->{task};
                $count{slices}++ if $type eq 'task_loaded' && $field->{task} == ($runs{$event->{cpu}} // 0);
                $linked{$field->{region}} = 1 if $type eq 'tree_link';
                delete $linked{$field->{region}} if $type eq 'tree_unlink';
                $count{slices}++ if $type eq 'region_changed' && $linked{$field->{region}} &&
                                    grep { $field->{"old_$_"} ne $field->{$_} } qw(base end protection);
        }
        $count{slices} += count_sleeps(@_);
        return { map { $_ => $count{$_} // 0 } qw(slices instants samples) };
}

# How many regions each tree has after each operation that changed it: a line a tree. Equal neighbours are left out.
sub region_counts {
        my (%kind, %regions, %counts);
        for my $event (@_) {
                my ($type, $field) = @$event{qw(type fields)};
                my $tree = $field->{tree} // 0;
                $kind{$tree} = $field->{kind} if $type eq 'tree_begin';
                $regions{$tree} += { tree_link => 1, tree_unlink => -1 }->{$type} // 0;
                next if $type ne 'tree_end' || $field->{result} ne 'ok' || $kind{$tree} eq 'find';
                push @{$counts{$tree}}, $regions{$tree} if !$counts{$tree} || $counts{$tree}[-1] != $regions{$tree};
        }
        return join '', sort map { "@$_\n" } values %counts;
}

sub sampled_counts {
        my ($trace) = @_;
        my %values;
        push @{$values{$_->{uuid}}}, $_->{value} for grep { $_->{track}{name} eq 'region count' } @{$trace->{events}};
        return join '', sort map { "@$_\n" } values %values;
}

# --- whole streams: slices, instants and samples in equal those out

for my $recording ($teaching, map { "$folder/$_.rtrace" } qw(program everything three-cpus)) {
        my ($name) = $recording =~ m{([^/]+)\.rtrace$};
        my ($trace, $run) = convert($recording, $name);
        my $totals = totals($trace);
        is $run->{status}, 0, "$name: it is converted";
        my @events = dump_events($recording);
        is_deeply $totals, expected_totals(@events), "$name: what is in the stream is in the trace";
        is sampled_counts($trace), region_counts(@events), "$name: the counters show each change";
        is $trace->{losses} + $trace->{counted_losses}, 0, "$name: nothing is lost";
        is_deeply $trace->{root}, { child_ordering => 'EXPLICIT', process_ordering => 'PROCESS_ORDERING_EXPLICIT',
                                    thread_ordering => 'THREAD_ORDERING_EXPLICIT' },
                        "$name: a viewer is to go by ranks";
        my %cpus = map { $_->{cpu} => 1 } @events;
        is $trace->{attributes}{cpus}, keys %cpus, "$name: its cpus are counted";
        my $tracks = keys %{$trace->{tracks}};
        like $run->{stdout} =~ tr/,//dr,
                qr/ as $totals->{slices} slices on $tracks tracks $totals->{instants} instants/,
                "$name: and it says how much that is";
        note "$name:\n", PerfettoTrace::table($trace);
}

# --- what is where

my ($program) = convert("$folder/program.rtrace", 'program');
is PerfettoTrace::table($program), <<'END', 'program: the tracks, what is on them, and how deep';
track machine
  track running on cpu 0: 1 slices
  counter frames in use: 2 samples
  track stream: 1 slices, 1 instants
process maps
  thread maps: 4 slices, 3 instants, depth 2
  track space test
    track tree: 2 slices, 1 instants
    counter region count: 2 samples
    counter tree height: 2 samples
    counter bytes mapped: 2 samples
    counter fragmentation: 1 samples
    counter largest hole: 2 samples
    track regions
      track region: 1 slices
END
is_deeply [ map { "$_->{depth} $_->{name}" } on_track($program, 'maps') ],
        [ '0 mmap', '1 map', '0 page fault: filled', '0 page fault: not_mapped', '0 munmap', '0 exit', '0 exited' ],
        'a task has its system calls, and in them what they do, and page faults between them';
my ($mmap, undef, $fault) = on_track($program, 'maps');
is $mmap->{notes}{result}, 'ok', 'a system call says what came of it';
my ($munmap) = grep { $_->{name} eq 'munmap' } on_track($program, 'maps');
is_deeply { map { $_ => $munmap->{notes}{$_} } qw(address size) }, { address => 0x10000, size => 16384 },
        'and its words by name';
ok !exists $munmap->{notes}{third}, 'and none that it does not have';
is_deeply $fault->{notes},
        { address => 0x10000, access => 'read', verdict => 'filled', region => 'region', frame => 0x600000 },
        'a page fault says where, how, and what became of it';
is_deeply [ map { $_->{value} } on_track($program, 'frames in use') ], [ 1, 0 ], 'frames are counted up and down';
is_deeply [ map { $_->{value} } on_track($program, 'bytes mapped') ], [ 16384, 0 ], 'so are bytes mapped';
is_deeply [ map { $_->{value} } on_track($program, 'fragmentation') ], [ 0 ], 'all that is free is in one piece';
is_deeply [ map { $_->{value} } on_track($program, 'largest hole') ], [ 0x100000 - 16384, 0x100000 ],
        'and the largest hole';
my ($region) = on_track($program, 'region');
is $region->{name}, 'region r-- 16 KiB', 'a region\'s slice says what the region is';
is "$region->{notes}{region} $region->{notes}{region_id}", 'region 1', 'its name, and its id';
is $region->{notes}{range}, '0x10000..0x14000', 'and where';
is $program->{attributes}{verdict}, 'passed', 'the verdict is an attribute of the run';
is $program->{attributes}{build}, 'test', 'so is the build';

my ($everything) = convert("$folder/everything.rtrace", 'everything');
my @errors = on_track($everything, 'errors');
is_deeply [ map { $_->{name} } @errors ], [ qw(overlap no_memory panic) ], 'errors, and a panic';
like $errors[0]{notes}{where}, qr/^\S+\.[ch]:120$/, 'with file and line';
is $errors[1]{notes}{where}, 'file 1073741824:7', 'or what is known of the file';
is_deeply [ map { "$_->{depth} $_->{name}" } on_track($everything, 'script') ],
        [ '0 by-hand.ops', '1 line 2', '1 line 3', '2 mismatch' ], 'a script has its lines';
is_deeply [ map { $_->{name} } on_track($everything, 'tests') ], [ 'a case "with quotes"' ], 'a test case has its name';
is_deeply [ map { $_->{name} } on_track($everything, 'region') ],
        [ map { "region $_" } 'r-- 8 KiB', 'r-- 12 KiB', 'r-x 8 KiB', 'r-- 16 KiB' ],
        'a region has a new slice when its protection changes, and only then';

# A call has as many words here as in the manual: of a cell like
# "process (0: this one), address of two numbers: this, that".
{
        my $root = dirname(__FILE__) . '/../../..';
        my %manual = slurp("$root/docs/system-calls.md") =~ /^\| \d+ \| `(\w+)` \| ([^|]*?) ?\|/mg;
        my $list = slurp("$root/kernel/lib/vocabulary/system_call.h");
        my %word = reverse $list =~ /X\((SYSTEM_\w+), (\w+), /g;
        my $arguments = slurp("$root/tools/trace/perfetto/perfetto_task.c");
        cmp_ok scalar(keys %manual), '>', 20, 'the manual lists the calls';
        for my $call (sort keys %manual) {
                my $words = $manual{$call} =~ s/\(.*?\)//gr =~ s/:.*//r;
                my ($named) = $arguments =~ /\[$word{$call}\] = \{((?:,? "\*?\w+")*) \}/;
                is scalar(() = ($named // '') =~ /"\*?\w+"/g), scalar(split /, /, $words),
                        "$call: its words have names";
        }
}

# Every argument is in the page, but for a call's own words, which are above, and texts beside addresses.
{
        my $page = slurp(dirname(__FILE__) . '/../../../docs/perfetto.md');
        my $list = slurp(dirname(__FILE__) . '/../perfetto/perfetto_task.c');
        my %word = map { $_ => 1 } map { /"\*?(\w+)"/g } $list =~ /^ +\[SYSTEM_\w+\] = (.*)/mg;
        my %shown = map { $_ => 1 } map { keys %{$_->{notes} // {}} } map { @{$_->{events}} } $program, $everything;

        cmp_ok scalar(keys %shown), '>', 20, 'the recordings have arguments';
        is join(' ', grep { !/_text$/ && !$word{$_} && $page !~ /`$_`/ } sort keys %shown), '',
                'docs/perfetto.md has each';
}

# --- several cpus

my ($cpus) = convert("$folder/three-cpus.rtrace", 'three cpus');
is PerfettoTrace::table($cpus), <<'END', 'three cpus: what each does; threads under their process';
track machine
  track running on cpu 0: 1 slices, 1 instants
  track running on cpu 1: 3 slices
  track running on cpu 2: 1 slices
  track interrupts on cpu 0: 1 slices
  track interrupts on cpu 2: 1 slices
  track locks of cpu 1
    track kmalloc: 1 slices
    track pipe: 1 slices
  track locks of cpu 2
    track pipe: 2 slices
  track stream: 1 slices, 1 instants
process kernel
  thread main
process sh
  thread sh: 2 slices, depth 2
  thread maps: 3 instants
END
my ($call) = on_track($cpus, 'sh');
my ($ran, $went_on) = grep { ($_->{notes}{task} // 0) == 2 && $_->{type} eq 'SLICE_BEGIN' } @{$cpus->{events}};
is "$ran->{track}{name}, then $went_on->{track}{name}", 'running on cpu 1, then running on cpu 2',
        'a thread goes on on another cpu';
cmp_ok $call->{end}, '>', $went_on->{time}, 'and its call, which waited meanwhile, ends there';
my ($wakes) = grep { ($_->{name} // '') eq 'wakes' } @{$cpus->{events}};
is_deeply [ $wakes->{within}{name}, $wakes->{arrows} ], [ 'main', $went_on->{arrow_ends} ],
        'an arrow leads from who woke it to where it runs';
is scalar @{$wakes->{arrows}}, 1, 'one';
my ($timer) = on_track($cpus, 'interrupts on cpu 2');
is "$timer->{name} $timer->{notes}{vector}", 'timer 64', 'an interrupt has a name';
is $timer->{end}, $went_on->{end}, 'an interrupt in which another task gets the cpu ends there';
my @held = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{category} eq 'lock' } @{$cpus->{events}};
is_deeply [ map { "$_->{track}{name} $_->{name}" } @held ],
        [ 'pipe held', 'kmalloc held', 'pipe waited for', 'pipe held' ],
        'locks are held and waited for';
cmp_ok $held[1]{end}, '>', $held[0]{end}, 'each until it is given back, in whatever order';
is $held[2]{end}, $held[3]{time}, 'who waits for a lock has it then';

# --- processes and threads

my ($family) = convert("$folder/family.rtrace", 'a family');
my %process = %{$family->{processes}};
my %thread = %{$family->{threads}};
is join(' ', map { "$_:$process{$_}{name}" } sort { $a <=> $b } keys %process), '0:kernel 1:sh 2:cat',
        'a process is named as what it runs now';
is join(' ', map { $process{$_}{parent} } 1, 2), '0 1', 'and is the child of who made it';
is $process{2}{start}, $thread{2}{start}, 'it begins with its first thread';
my ($second) = grep { !$_->{is_main} && ($_->{pid} // 0) == 2 } values %thread;
cmp_ok $thread{2}{end}, '>=', $second->{end}, 'a main thread ends with the last of its process';
is $process{2}{end}, $thread{2}{end}, 'and so does the process';
sub states {
        my ($thread) = @_;
        return join ' ', map { $_->{state} } @{$thread->{states}};
}
is states($thread{1}), 'CREATED RUNNABLE RUNNING INTERRUPTIBLE_SLEEP RUNNABLE RUNNING RUNNABLE RUNNING DESTROYED',
        'a thread that is woken slept, one that is not was ready to run';
is states($thread{2}), 'CREATED RUNNABLE RUNNING DEAD DESTROYED', 'a main thread is dead until the others have ended';
my @idle = grep { $_->{is_idle} } values %thread;
is_deeply [ map { "$_->{pid} " . states($_) } @idle ], [ '0 RUNNING RUNNABLE RUNNING' ],
        'a cpu without a task runs its idle thread, one of the kernel\'s';
my ($sleep) = grep { ($_->{name} // '') eq 'sleeps' } @{$family->{events}};
is "$sleep->{within}{name}: $sleep->{notes}{why}", 'wait: wait', 'who sleeps does so in its call, and why is told';
is $sleep->{time}, $thread{1}{states}[3]{time}, 'from when it left the cpu';
is $sleep->{end}, $thread{1}{states}[4]{time}, 'until it was woken';
is_deeply [ map { $_->{name} } on_track($family, 'running on cpu 0') ], [ qw(sh sh cat cat wakes sh sh) ],
        'what runs has a new name from when another program is loaded';
my ($space) = grep { $_->{name} eq 'space test' } values %{$family->{tracks}};
my $group = $family->{tracks}{$space->{parent}};
is "$family->{tracks}{$group->{parent}}{name}: $group->{name}", 'sh: earlier spaces',
        'a space that its process has left is grouped there';

# --- regions

# At each moment, the tracks that show a region are in the order of addresses: how often two are not.
sub order_violations {
        my ($trace) = @_;
        no warnings 'portable';
        my (%live, $violations);
        for my $event (grep { ($_->{category} // '') eq 'region' || $_->{type} eq 'SLICE_END' } @{$trace->{events}}) {
                delete $live{$event->{uuid}} if $event->{type} eq 'SLICE_END';
                next if $event->{type} ne 'SLICE_BEGIN';
                my ($parent, $rank) = @{$event->{track}}{qw(parent rank)};
                my $base = hex $event->{notes}{range} =~ s/\.\..*//r;
                $violations += grep { $_->[0] == $parent && ($_->[1] <=> $base) != ($_->[2] <=> $rank) } values %live;
                $live{$event->{uuid}} = [ $parent, $base, $rank ];
        }
        return $violations // 0;
}

# The most slices of regions that are open at the same time.
sub most_at_once {
        my ($trace) = @_;
        my (%live, $most);
        for my $event (@{$trace->{events}}) {
                $live{$event->{uuid}} = 1 if ($event->{category} // '') eq 'region';
                delete $live{$event->{uuid}} if $event->{type} eq 'SLICE_END';
                $most = keys %live if keys %live > ($most // 0);
        }
        return $most;
}

my $python = "$folder/python3.rtrace";
system("$build/host/run_script $build/workloads/python3.ops -o $python > /dev/null") == 0
        or die "python3.ops cannot be run\n";
my ($large) = convert($python, 'python3');
my @regions = grep { ($_->{category} // '') eq 'region' } @{$large->{events}};
my %lanes = map { $_->{uuid} => $_->{track} } @regions;
cmp_ok scalar(keys %lanes), '>', 100, 'python3: many regions';
is order_violations($large), 0, 'their tracks are in address order, at each moment';
is keys %{{ map { $_->{rank} => 1 } values %lanes }}, keys %lanes, 'each has a place of its own';
my %shown = map { $_->{notes}{region_id} => 1 } @regions;
cmp_ok scalar(keys %lanes), '<', keys %shown, 'regions that are not there at the same time share a track';
cmp_ok scalar(keys %lanes), '<', 1.1 * most_at_once($large), 'there are hardly more tracks than regions at one time';
my ($moved) = convert("$folder/moved.rtrace", 'a region is cut from below');
is order_violations($moved), 0, 'another comes to lie below it, and is shown there';
my ($lower, $upper) = sort { $a->{rank} <=> $b->{rank} } grep { $_->{name} eq 'region' } values %{$moved->{tracks}};
is "$lower->{slices} $upper->{slices}", '1 3', 'it keeps its track, however it changes';

# --- an operation and its steps

my ($lesson) = convert($teaching, 'teaching');
my @on_tree = on_track($lesson, 'tree');
my ($operation) = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{notes}{visits} > 2 && $_->{notes}{rotations} } @on_tree;
my @steps = grep { $_->{type} eq 'INSTANT' && $_->{within} && $_->{within} == $operation } @on_tree;
is scalar @steps, $operation->{notes}{visits}, 'an operation has as many steps as it says it had visits';
is scalar(grep { $_->{time} <= $operation->{time} || $_->{time} >= $operation->{end} } @steps), 0, 'they lie within it';
my %times = map { $_->{time} => 1 } @steps;
is scalar keys %times, scalar @steps, 'each at a time of its own';
is scalar(grep { !defined $_->{notes}{region} || !defined $_->{notes}{gap} } @steps), 0, 'with region and gap';
my ($refused) = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{notes}{result} eq 'no_memory' } @on_tree;
ok $refused && !exists $refused->{notes}{result_region}, 'a refused request yields no region';
my @depths = map { $_->{depth} } on_track($lesson, 'script');
is_deeply [ sort { $a <=> $b } keys %{{ map { $_ => 1 } @depths }} ], [ 0, 1, 2 ],
        'operations lie in lines, lines in the script';

# --- what cannot be

my $whole = slurp($teaching);
for my $case ([ '', 'empty' ], [ 'no trace at all' x 100, 'no trace' ], [ substr($whole, 0, 900), 'a cut header' ]) {
        my ($bytes, $what) = @$case;
        spew("$folder/bad.rtrace", $bytes);
        unlink "$folder/none.pftrace";
        my $run = regiontrace('perfetto', "$folder/bad.rtrace", '-o', "$folder/none.pftrace");
        is $run->{status}, 2, "$what: cannot be converted";
        like $run->{stderr}, qr/^regiontrace perfetto: .*bad\.rtrace: /, "$what: says why";
        ok !-e "$folder/none.pftrace", "$what: and leaves no file";
}
is regiontrace('perfetto', $teaching)->{status}, 2, 'no output';
is regiontrace('perfetto', '-o', "$folder/none.pftrace")->{status}, 2, 'no file';
like regiontrace('perfetto', $teaching, '-o', "$folder/no/where")->{stderr},
        qr{no/where: cannot be written: No such file}, 'no folder';
SKIP: {
        skip 'there is no /dev/full', 2 if !-e '/dev/full';
        my $run = regiontrace('perfetto', $teaching, '-o', '/dev/full');
        is $run->{status}, 2, 'a full disk';
        like $run->{stderr}, qr{^regiontrace perfetto: /dev/full: No space left}, 'and it says so';
}
is regiontrace({ input => $whole }, 'perfetto', '-', '-o', "$folder/out.pftrace")->{status}, 0, 'standard input';
is regiontrace('perfetto', '--help')->{status}, 0, '--help';
is regiontrace('perfetto', '--frobnicate')->{status}, 2, 'an option that does not exist';
done_testing;
