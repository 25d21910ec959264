#!/usr/bin/env perl
# The verbs that look at a recording, as they are used: what they print, and their exit statuses.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Frames qw(uncobs);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $stream = record_script();
my $good = slurp($stream);
my $run;

# --- check

$run = regiontrace('check', $stream);
is $run->{status}, 0, 'check: a good recording passes' or diag $run->{stdout};
like $run->{stdout}, qr/^check: passed: [\d,]+ events, \d+ operations on 1 tree, 1 keyframe, lost: 0, 1 script$/,
        'check: in one line';
is decode_json(regiontrace('check', '--json', $stream)->{stdout})->{passed}, JSON::PP::true, 'check --json';
is regiontrace({ input => $good }, 'check', '-')->{status}, 0, 'check: standard input';

$run = regiontrace({ input => substr $good, 0, 9500 }, 'check', '-');
is $run->{status}, 1, 'check: a recording that was cut short fails';
like $run->{stdout}, qr/^-: the stream was cut short.*^check: FAILED/ms, 'check: and it says so';

my $damaged = $good;
substr($damaged, 9000, 1) = chr(ord(substr $damaged, 9000, 1) ^ 0x55);
spew("$folder/damaged.rtrace", $damaged);
$run = regiontrace('check', '--all', 9, "$folder/damaged.rtrace");
is $run->{status}, 1, 'check: a damaged recording fails';
like $run->{stdout},
        qr/damaged\.rtrace: event [\d,]+: \d+ events? missing; unknown from there until the keyframe at event [\d,]+$/m,
        'check: what is missing is unknown';
like $run->{stdout}, qr/thrown away; the first: frame \d+ \(byte [\d,]+\): /, 'check: where it was damaged';
my $json = decode_json(regiontrace('check', '--json', '--all', 9, "$folder/damaged.rtrace")->{stdout});
cmp_ok $json->{not_judged}, '>', 0, 'check --json: how many operations could not be judged';
like $run->{stdout}, qr/; unknown: $json->{not_judged} operations?\b/m, 'check: and in words';
$run = regiontrace('check', '--memory', 0, $stream);
is $run->{status}, 2, 'check --memory: a recording that takes more is refused';
like $run->{stderr},
        qr/^regiontrace check: what the recording shows takes more than 0 bytes of memory; --memory MIB allows more$/,
        'check --memory: and how to allow more';
is regiontrace('check', '--memory', 16, $stream)->{status}, 0, 'check --memory: enough';
is $json->{passed}, JSON::PP::false, 'check --json: not passed';
cmp_ok $json->{lost}, '>', 0, 'check --json: lost';
cmp_ok scalar @{$json->{findings}}, '>=', 2, 'check --json: findings';

# --- memory

# Twenty thousand trees, spaces, tasks and locks, which no kernel has. Under sanitizers memory is not bounded.
{
        my $story = join '', map { <<"END" } 1 .. 20000;
0 region_created $_ r
0 tree_created $_ 0x10000 0x200000 gaps
0 space_created $_ $_ s
0 task_created $_ $_ $_ t
0 task_switched $_
0 tree_begin $_ 1 0 find 0 0 4096 0 0 0x10000 0x200000 0x11000
0 tree_end $_ 1 not_found 0 0
0 lock_acquired scheduler $_ 1
END
        $story .= "0 end 1 0 passed\n";
        spew("$folder/story", $story);
        my $hostile = "$folder/hostile.rtrace";
        system("$build/test/trace/test/write_events < $folder/story > $hostile") == 0
                or die "the story cannot be written\n";
        for my $verb ("info $hostile", "stats $hostile", "diff $hostile $hostile",
                      "perfetto -o $folder/hostile.pftrace $hostile") {
                my ($name, $rest) = split ' ', $verb, 2;
                my $said = qx($build/regiontrace $name --memory 1 $rest 2>&1 > $folder/hostile.said);
                is $? >> 8, 2, "$name --memory: a recording that takes more is refused" or diag $said;
                like $said, qr/takes more memory than it may; --memory MIB allows more$/,
                        "$name --memory: and how to allow more";
        }
        is system("$build/regiontrace $_ --memory 1 $hostile > $folder/hostile.said 2>&1") >> 8, 0,
                "$_ --memory: it keeps nothing"
                for 'dump', 'follow --quiet 1 --event tree_created';
}

# --- info

$run = regiontrace('info', $stream);
is $run->{status}, 0, 'info';
like $run->{stdout}, qr/^mode         lossless, 1 cpu$/m, 'info: mode';
like $run->{stdout}, qr/^missing      0: 0 dropped by the kernel, 0 lost on the line$/m, 'info: missing';
like $run->{stdout},
        qr/^tree 1       of space 1 "teaching\.ops": \d+ regions, height \d+, \d+ operations, largest hole /m,
        'info: tree';

# Two cpus, of one of which nothing arrives: its frames begin with E and 1.
my $two = join '', map { my $cpu = $_ % 2; "$cpu region_created $_ r$_\n" } 1 .. 6;
spew("$folder/two.events", $two . "0 end 7 0 passed\n");
system("$build/test/trace/test/write_events < $folder/two.events > $folder/two.rtrace") == 0 or die "no two cpus\n";
like regiontrace('info', "$folder/two.rtrace")->{stdout}, qr/^missing      0: /m, 'info: two cpus';
spew("$folder/one.rtrace", join "\0",
        grep { (uncobs($_) // '') !~ /^E\x01/ } split /\0/, slurp("$folder/two.rtrace"), -1);
like regiontrace('info', "$folder/one.rtrace")->{stdout},
        qr/^missing      3: 0 dropped by the kernel, 0 lost on the line, 3 the last of a cpu, or all that it sent$/m,
        'info: nothing arrives of a cpu';
is decode_json(regiontrace('info', '--json', "$folder/one.rtrace")->{stdout})->{missing_at_end}, 3,
        'info --json: that, too';
is decode_json(regiontrace('check', '--json', "$folder/one.rtrace")->{stdout})->{missing_at_end}, 3,
        'check --json: that, too';
like regiontrace('check', "$folder/one.rtrace")->{stdout}, qr/, lost: 3$/m, 'check: counts what only the end counts';
like regiontrace('diff', "$folder/two.rtrace", "$folder/one.rtrace")->{stderr},
        qr/^\S*one\.rtrace: 3 events missing: differences may come from that$/, 'diff: warns of it';
like regiontrace('check', "$folder/one.rtrace")->{stdout},
        qr/3 events missing, the last of a cpu, or all that it sent: the end counts 7, but their numbers go up to 4$/m,
        'check: nothing arrives of a cpu';
$run = regiontrace('info', $stream);
like $run->{stdout}, qr/^script       teaching\.ops: \d+ operations, 0 mismatched lines, passed$/m, 'info: script';
like $run->{stdout}, qr/^end          yes, verdict passed$/m, 'info: end';
like regiontrace({ input => substr $good, 0, 9500 }, 'info', '-')->{stdout},
        qr/^end          no: the stream was cut short$/m, 'info: no end';
$json = decode_json(regiontrace('info', '--json', $stream)->{stdout});
is $json->{trees}[0]{name}, 'teaching.ops', 'info --json: tree';
is $json->{verdict}, 'passed', 'info --json: verdict';

# --- several cpus

system("$build/test/trace/test/test_perfetto", $folder) == 0 or die "recordings cannot be made\n";
my $cpus = "$folder/three-cpus.rtrace";
is regiontrace('check', $cpus)->{status}, 0, 'check: a recording of three cpus passes';
$run = regiontrace('info', $cpus);
like $run->{stdout}, qr/^mode         lossless, 3 cpus of at most 4$/m, 'info: how many cpus sent';
like $run->{stdout}, qr/^cpu 1        11 events, 3 task switches, 0 interrupts$/m, 'info: what each did';
like $run->{stdout}, qr/^task 2       of process 5 "sh": does not run$/m, 'info: a task';
like $run->{stdout}, qr/^task 3       of process 5 "maps": exited with 0$/m,
        'info: a task that runs another program, and exits';
like $run->{stdout}, qr/^lock         pipe: acquired 2 times, waited for 1 time$/m, 'info: a lock that two wanted';
like $run->{stdout},
        qr/^longest hold 700 ticks without the trace's own: a lock of class pipe, released at event \d+ of cpu \d$/m,
        'info: which lock was held longest';
my $told = decode_json(regiontrace('info', '--json', $cpus)->{stdout});
is_deeply [ map { $_->{events} } @{$told->{by_cpu}} ], [ 15, 11, 8 ], 'info --json: events of each cpu';
is $told->{locks}[1]{wanted}, 1, 'info --json: locks';
is_deeply [ map { $_->{held_most} } @{$told->{locks}} ], [ 50, 700 ],
        'info --json: how long a lock of each class was held at most';
is $told->{longest_hold}{ticks}, 700, 'info --json: and of all';
is $told->{tasks}[1]{process}, 5, 'info --json: tasks';
my @all = map { decode_json($_) } split /\n/, regiontrace('dump', '--json', $cpus)->{stdout};
is_deeply [ map { $_->{event} } @all ], [ 1 .. 34 ], 'dump: events are numbered in one order';
is_deeply [ sort { $a <=> $b } map { $_->{ticks} } @all ], [ map { $_->{ticks} } @all ], 'dump: of time';
my @one = map { decode_json($_) } split /\n/, regiontrace('dump', '--json', '--cpu', 1, $cpus)->{stdout};
is_deeply [ map { $_->{cpu_event} } @one ], [ 1 .. 11 ], 'dump --cpu: and on each cpu';
like regiontrace('dump', '--cpu', 2, $cpus)->{stdout}, qr/^ +13 +\d+\.\d{3} ms  cpu 2 #1 +task_switched +task=2$/m,
        'dump: a line says both';

# --- dump

my @lines = split /\n/, regiontrace('dump', $stream)->{stdout};
is scalar @lines, $json->{events}, 'dump: a line an event';
like $lines[1], qr/^ {9}2 +\d+\.\d{3} ms  tree_created       tree=1 base=0x10000 end=0x90000 promises=gaps$/,
        'dump: a line';
@lines = split /\n/, regiontrace('dump', '--event', 'tree_rotate', $stream)->{stdout};
is scalar @lines, $json->{events_by_type}{tree_rotate}, 'dump --event';
is scalar(grep { !/ tree_rotate / } @lines), 0, 'dump --event: nothing else';
@lines = split /\n/, regiontrace('dump', '--from', 20, '--to', 29, $stream)->{stdout};
is scalar @lines, 10, 'dump --from --to';
is regiontrace('dump', '--tree', 2, $stream)->{stdout}, '', 'dump --tree: none of that tree';
my @events = map { decode_json($_) } split /\n/, regiontrace('dump', '--json', '--category', 'tree', $stream)->{stdout};
is scalar(grep { $_->{category} ne 'tree' } @events), 0, 'dump --json --category';
is_deeply $events[0]{fields}, { tree => 1, base => '0x10000', end => '0x90000', promises => 'gaps' },
        'dump --json: fields';
$run = regiontrace('dump', "$folder/damaged.rtrace");
is $run->{status}, 1, 'dump: damage is told by the exit status';
like $run->{stderr}, qr/damaged\.rtrace: frame \d+ \(byte [\d,]+\): /, 'dump: and in words';
like $run->{stdout}, qr/^ +\d+ events missing$/m, 'dump: and where events are missing';
$run = regiontrace('dump', '--category', 'trees', $stream);
is $run->{status}, 2, 'dump: a category that does not exist';
like $run->{stderr}, qr/no category "trees"/, 'dump: says so';

$run = regiontrace('follow', '--quiet', 1, '--event', 'tree_rotates', $stream);
is $run->{status}, 2, 'follow: an event that does not exist';
like $run->{stderr}, qr/no event "tree_rotates"/, 'follow: says so';
is regiontrace({ input => $good }, 'follow', '--category', 'trees', '-')->{status}, 2,
        'follow: nor a category, of a pipe';

# --- events

$run = regiontrace('events');
is $run->{status}, 0, 'events';
like $run->{stdout}, qr/^\| `tree_link` \| `tree` tree, `region` region, `parent` region, `side` side \| A red node/m,
        'events: a row';
like $run->{stdout}, qr/^\| `too_small` \| /m, 'events: a word';

# --- an output that is the input

spew("$folder/capture.strace", "brk(NULL) = 0x555555559000\n");
for my $case ([ 'record', '--from', $stream, '-o', $stream ], [ 'perfetto', $stream, '-o', $stream ],
              [ 'import', "$folder/capture.strace", '-o', "$folder/capture.strace" ]) {
        my ($verb) = @$case;
        my $file = $case->[-1];
        my $before = slurp($file);
        $run = regiontrace(@$case);
        is $run->{status}, 2, "$verb: an output that is the input is refused";
        like $run->{stderr}, qr/is the file that is read; name another one for the output/, "$verb: says so";
        is slurp($file), $before, "$verb: leaves it as it was";
}

# --- all

# The manual has a section for each verb.
my %manual = slurp(dirname(__FILE__) . '/../../../docs/regiontrace.md') =~ /^## (\w+)\n(.*?)(?=^## |\z)/msg;
my @verbs = regiontrace('--help')->{stdout} =~ /^  ([a-z]+) +\w/mg;
is scalar @verbs, 13, '--help lists the verbs';
for my $verb (@verbs) {
        $run = regiontrace($verb, '--help');
        is $run->{status}, 0, "$verb --help";
        like $run->{stdout}, qr/^usage: regiontrace $verb/, "$verb --help: on standard output";
        is $run->{stderr}, '', "$verb --help: and nothing else";

        # The options that the help names are those that the verb takes, and each is described there.
        my %takes = map { $_ => 1 } $run->{stdout} =~ /^  (?:-\w, |    )--([a-z-]+)/mg;
        for my $option (sort keys %takes) {
                my $said = regiontrace($verb, "--$option=", '--frobnicate')->{stderr};
                unlike $said, qr/unrecognized option '--$option/, "$verb --$option: is an option";
        }
        is_deeply [ grep { $manual{$verb} !~ /--$_\b/ } sort keys %takes ], [ 'help' ],
                "$verb: the manual has each option";
        $run = regiontrace($verb, '--frobnicate');
        is $run->{status}, 2, "$verb: an option that does not exist";
        is $run->{stderr}, "regiontrace $verb: unrecognized option '--frobnicate'\n" .
                "Try `regiontrace $verb --help'.\n", "$verb: says so";
}
for my $verb (qw(info dump check)) {
        is regiontrace($verb)->{status}, 2, "$verb: no file";
        $run = regiontrace($verb, "$folder/nowhere");
        is $run->{status}, 2, "$verb: a file that does not exist";
        like $run->{stderr}, qr/^regiontrace $verb: .*nowhere: cannot be opened: No such file/, "$verb: says so";
        $run = regiontrace($verb, $0);
        is $run->{status}, 2, "$verb: a file that is no recording";
        like $run->{stderr}, qr/commands\.t: there is no complete header in it/, "$verb: says so";
}
is regiontrace('--help')->{status}, 0, '--help';
is regiontrace()->{status}, 2, 'no verb';
like regiontrace('frobnicate')->{stderr}, qr/there is no verb "frobnicate"/, 'a verb that does not exist';
done_testing;
