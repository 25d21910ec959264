#!/usr/bin/env perl
# Recordings become Perfetto traces: what protoc decodes must be what `regiontrace dump' counts, in tracks that are all
# described, named and closed; also when the recording is cut, damaged or lies.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use PerfettoTrace;
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $teaching = record_script();
system("$build/test/trace/test/test_perfetto", $folder) == 0 or die "recordings cannot be made\n";

# Converts a recording; the trace must have no faults. Yields it, and how regiontrace ended.
sub convert {
        my ($recording, $what) = @_;
        my $run = regiontrace('perfetto', $recording, '-o', "$folder/out.pftrace");
        my $trace = PerfettoTrace::read_trace("$folder/out.pftrace");
        is_deeply $trace->{faults}, [], "$what: every track is described, every name told, every slice closed";
        return ($trace, $run);
}

sub dump_events {
        my ($recording) = @_;
        return map { decode_json($_) } split /\n/, regiontrace('dump', '--json', $recording)->{stdout};
}

# What must be in the trace of a whole stream, counted from its events alone.
sub expected_totals {
        my (%count, %kind, %linked);
        for my $event (@_) {
                my ($type, $field) = @$event{qw(type fields)};
                $count{slices}++ if $type =~ /^(tree_begin|space_begin|system_call_begin|script_begin|script_line|case_begin
                                                |keyframe_begin|tree_link|interrupt_begin|lock_wanted|lock_acquired)$/x;
                $count{instants}++ if $type =~ /^(tree_visit|tree_draw|page_fault|error_raised|panicked|script_mismatch
                                                  |task_exited|task_loaded|task_woken|tlb_shootdown|end)$/x;
                $count{samples}++ if $type =~ /^frame_(allocated|freed)$/;
                $count{slices}++ if $type eq 'task_switched' && $field->{task};
                $linked{$field->{region}} = 1 if $type eq 'tree_link';
                delete $linked{$field->{region}} if $type eq 'tree_unlink';
                $count{slices}++ if $type eq 'region_changed' && $linked{$field->{region}} &&
                                    grep { $field->{"old_$_"} ne $field->{$_} } qw(base end protection);
                $kind{$field->{tree}} = $field->{kind} if $type eq 'tree_begin';
                $count{samples} += 5 if $type eq 'tree_end' && $field->{result} eq 'ok' && $kind{$field->{tree}} ne 'find';
        }
        return { map { $_ => $count{$_} // 0 } qw(slices instants samples) };
}

sub totals {
        my ($trace) = @_;
        my %type = (SLICE_BEGIN => 'slices', INSTANT => 'instants', COUNTER => 'samples');
        my %count = map { $_ => 0 } values %type;
        $count{$type{$_->{type}} // 'ends'}++ for @{$trace->{events}};
        is delete $count{ends}, $count{slices}, 'as many slices end as begin';
        return \%count;
}

sub on_track {
        my ($trace, $name) = @_;
        return grep { $_->{track}{name} eq $name && $_->{type} ne 'SLICE_END' } @{$trace->{events}};
}

# --- whole streams: slices, instants and samples in equal those out

for my $recording ($teaching, map { "$folder/$_.rtrace" } qw(program everything three-cpus)) {
        my ($name) = $recording =~ m{([^/]+)\.rtrace$};
        my ($trace, $run) = convert($recording, $name);
        my $totals = totals($trace);
        is $run->{status}, 0, "$name: it is converted";
        is_deeply $totals, expected_totals(dump_events($recording)), "$name: what is in the stream is in the trace";
        is $trace->{losses}, 0, "$name: nothing is lost";
        my $tracks = keys %{$trace->{tracks}};
        like $run->{stdout} =~ tr/,//dr, qr/ as $totals->{slices} slices on $tracks tracks $totals->{instants} instants/,
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
  counter largest hole: 2 samples
  counter free bytes: 2 samples
  track regions
    track region: 1 slices
END
is_deeply [ map { "$_->{depth} $_->{name}" } on_track($program, 'maps') ],
        [ '0 mmap', '1 map', '0 page fault: filled', '0 page fault: not_mapped', '0 munmap', '0 exit', '0 exit' ],
        'a task has its system calls, and in them what they do, and page faults between them';
my ($mmap, undef, $fault) = on_track($program, 'maps');
is $mmap->{notes}{result}, 'ok', 'a system call says what came of it';
is_deeply $fault->{notes}, { address => 0x10000, access => 'read', verdict => 'filled', region => 'region', frame => 0x600000 },
        'a page fault says where, how, and what became of it';
is_deeply [ map { $_->{value} } on_track($program, 'frames in use') ], [ 1, 0 ], 'frames are counted up and down';
is_deeply [ map { $_->{value} } on_track($program, 'bytes mapped') ], [ 16384, 0 ], 'so are bytes mapped';
is_deeply [ map { $_->{value} } on_track($program, 'free bytes') ], [ 0x100000 - 16384, 0x100000 ], 'and free bytes';
is_deeply [ map { $_->{value} } on_track($program, 'largest hole') ], [ 0x100000 - 16384, 0x100000 ], 'and the largest hole';
my ($region) = on_track($program, 'region');
is $region->{name}, 'r-- 16 KiB', 'a region\'s slice says what the region is';
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
is_deeply [ map { $_->{name} } on_track($everything, 'region') ], [ 'r-- 8 KiB', 'r-- 12 KiB', 'r-x 8 KiB', 'r-- 16 KiB' ],
        'a region has a new slice when its protection changes, and only then';

# --- several cpus

my ($cpus) = convert("$folder/three-cpus.rtrace", 'three cpus');
is PerfettoTrace::table($cpus), <<'END', 'three cpus: what each does; threads under their process';
track machine
  track running on cpu 0: 1 slices, 1 instants
  track running on cpu 1: 2 slices
  track running on cpu 2: 1 slices
  track interrupts on cpu 0: 1 slices
  track interrupts on cpu 2: 1 slices
  track locks of cpu 1
    track kmalloc: 1 slices
    track pipe: 1 slices
  track locks of cpu 2
    track pipe: 2 slices
  track stream: 1 slices, 1 instants
track kernel threads
  track main
process sh
  thread sh: 1 slices
  thread sh: 3 instants
track space test
END
my ($call) = on_track($cpus, 'sh');
my ($ran, $went_on) = grep { ($_->{notes}{task} // 0) == 2 && $_->{type} eq 'SLICE_BEGIN' } @{$cpus->{events}};
is "$ran->{track}{name}, then $went_on->{track}{name}", 'running on cpu 1, then running on cpu 2', 'a thread goes on on another cpu';
cmp_ok $call->{end}, '>', $went_on->{time}, 'and its call, which waited meanwhile, ends there';
my ($wakes) = grep { ($_->{name} // '') eq 'wakes' } @{$cpus->{events}};
is_deeply [ $wakes->{within}{name}, $wakes->{arrows} ], [ 'main', $went_on->{arrow_ends} ], 'an arrow leads from who woke it to where it runs';
is scalar @{$wakes->{arrows}}, 1, 'one';
my ($timer) = on_track($cpus, 'interrupts on cpu 2');
is $timer->{end}, $went_on->{end}, 'an interrupt in which another task gets the cpu ends there';
my @held = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{category} eq 'lock' } @{$cpus->{events}};
is_deeply [ map { "$_->{track}{name} $_->{name}" } @held ], [ 'pipe held', 'kmalloc held', 'pipe waited for', 'pipe held' ],
        'locks are held and waited for';
cmp_ok $held[1]{end}, '>', $held[0]{end}, 'each until it is given back, in whatever order';
is $held[2]{end}, $held[3]{time}, 'who waits for a lock has it then';

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
is_deeply [ sort { $a <=> $b } keys %{{ map { $_ => 1 } @depths }} ], [ 0, 1, 2 ], 'operations lie in lines, lines in the script';

# --- what is not whole

my $whole = slurp($teaching);
for my $length (length($whole) - 30, int(length($whole) / 2), 8000) {
        spew("$folder/cut.rtrace", substr $whole, 0, $length);
        my ($trace, $run) = convert("$folder/cut.rtrace", "cut at $length");
        is $run->{status}, 1, "cut at $length: its end is missing";
        like $run->{stderr}, qr/cut\.rtrace: the stream was cut short: after [\d,]+ events? there is no end event/, 'and it says so';
        is $trace->{attributes}{verdict}, 'none: cut short', 'and so do the attributes';
        totals($trace);
}

my ($flipped, $lossy) = (0, 0);
for (my $at = 7500; $at < length $whole; $at += int(length($whole) / 12)) {
        my $damaged = $whole;
        substr($damaged, $at, 1) = chr(ord(substr $damaged, $at, 1) ^ 0x41);
        spew("$folder/flipped.rtrace", $damaged);
        my ($trace, $run) = convert("$folder/flipped.rtrace", "flipped at $at");
        my $losses = grep { $_->{missing} } dump_events("$folder/flipped.rtrace");
        is $run->{status}, 1, "flipped at $at: damage is told by the exit status";
        like $run->{stderr}, qr/flipped\.rtrace: frame \d+ \(byte [\d,]+\): /, 'and in words';
        is $trace->{losses}, $losses, 'a loss in the stream is a loss in the trace';
        is scalar(grep { $_->{name} eq 'events missing' } on_track($trace, 'stream')), $losses, 'and a slice until all is known again';
        totals($trace);
        $flipped++;
        $lossy += $losses;
}
cmp_ok $lossy, '>', $flipped / 2, 'events were missing in most of them';

for my $recording (glob "$folder/hostile-*.rtrace") {
        my ($trace, $run) = convert($recording, $recording =~ s{.*/}{}r);
        like $run->{status}, qr/^[01]$/, 'it is converted, right or not' or diag $run->{stderr};
        totals($trace);
}

# --- what cannot be

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
like regiontrace('perfetto', $teaching, '-o', "$folder/no/where")->{stderr}, qr{no/where: cannot be written: No such file}, 'no folder';
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
