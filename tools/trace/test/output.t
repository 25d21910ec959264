#!/usr/bin/env perl
# Outputs that cannot be written: each verb says so, with the reason, and removes nothing that is not its own.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

plan skip_all => 'there is no /dev/full' if !-c '/dev/full';
my $stream = record_script();
my $capture = dirname(__FILE__) . '/../../../kernel/user/workloads/dot.strace';
my ($full, $run) = ("$folder/full");
symlink '/dev/full', $full or die "$full: $!\n";

# --- a file on a full disk: a link to a device that is full, so that what is removed by mistake is only the link

for my $case ([ 'cut', $stream ], [ 'perfetto', $stream ], [ 'import', $capture ],
              [ 'script' ], [ 'record', '--from', $stream ]) {
        my ($verb, @rest) = @$case;
        $run = regiontrace($verb, @rest, '-o', $full);
        is $run->{status}, 2, "$verb: a full disk";
        like $run->{stderr}, qr{^regiontrace $verb: \Q$full\E: No space left on device$}m, "$verb: says so";
        ok -l $full && -c '/dev/full', "$verb: what was there is still there";
}

# A part that is not whole is not left behind.
$run = regiontrace('cut', '--from', 999999, $stream, '-o', "$folder/part.rtrace");
is $run->{status}, 2, 'cut: no events';
ok !-e "$folder/part.rtrace", 'cut: and no file is left';

# --- standard output

for my $case ([ 'dump', $stream ], [ 'check', $stream ], [ 'info', $stream ], [ 'stats', $stream ],
              [ 'diff', $stream, $stream ],
              [ 'follow', $stream ], [ 'events' ], [ 'script' ], [ 'import', $capture ], [ 'cut', $stream, '-o', '-' ],
              [ 'perfetto', $stream, '-o', '-' ], [ 'record', '--from', $stream, '-o', "$folder/record.rtrace" ]) {
        my ($verb) = @$case;
        $run = regiontrace({ stdout => '/dev/full' }, @$case);
        is $run->{status}, 2, "$verb: standard output that is full";
        like $run->{stderr}, qr{^regiontrace $verb: standard output: No space left on device$}m, "$verb: says so";
        is $run->{stderr} =~ s/No space left//g, 1, "$verb: once";
}
for my $case ([ '--help' ], map { [ $_, '--help' ] } qw(record ctl dump)) {
        $run = regiontrace({ stdout => '/dev/full' }, @$case);
        is $run->{status}, 2, "@$case: standard output that is full";
        like $run->{stderr}, qr{^regiontrace\b.*: standard output: No space left on device$}m, "@$case: says so";
}
$run = regiontrace({ stdout => "$folder/part.rtrace" }, 'cut', '--to', 200, $stream, '-o', '-');
is regiontrace('check', "$folder/part.rtrace")->{status}, 0, 'cut: to standard output';
regiontrace({ stdout => "$folder/written.pftrace" }, 'perfetto', $stream, '-o', '-');
regiontrace('perfetto', $stream, '-o', "$folder/named.pftrace");
ok slurp("$folder/written.pftrace") eq slurp("$folder/named.pftrace"), 'perfetto: to standard output, as into a file';
$run = regiontrace('record', '--from', $stream, '-o', '-');
is $run->{status}, 2, 'record: not to standard output';
like $run->{stderr}, qr/-o takes the name of a file/, 'record: says so';
done_testing;
