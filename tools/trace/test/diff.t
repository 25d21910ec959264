#!/usr/bin/env perl
# regiontrace diff: two recordings, operation by operation.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace slurp spew);

# The lines of three scripts: what is placed, and in which order.
my @lines = map { "map page$_ 4K rw- anywhere\n" } 1 .. 12;
my $front = "space 0x10000 0x90000\nseed 1\n";

sub recording {
        my ($name, @text) = @_;
        spew("$folder/base.ops", join '', $front, @text);       # which is the space's name, too
        system("$build/host/run_script $folder/base.ops -o $folder/$name.rtrace > /dev/null") == 0
                or die "$name cannot be run\n";
        return "$folder/$name.rtrace";
}

my $base = recording('base', @lines);
my $same = recording('same', @lines);
my $run = regiontrace('diff', $base, $same);
is $run->{status}, 0, 'the same script twice: alike';
like $run->{stdout}, qr/^diff: alike: 12 operations on 1 tree compared, 12 alike$/, 'and it says how much was compared';

# A region that keeps others away from the lowest address: the same request, another place.
my $moved = recording('moved', "map first 4K r-- at 0x10000\n", @lines);
$run = regiontrace('diff', '--all', 2, $base, $moved);
is $run->{status}, 1, 'an operation more: they differ';
my $only_there = qr/^tree 1 \(space "base\.ops"\), operation 1: only B has it$/m;
like $run->{stdout}, qr/$only_there\n\s+place_specifically 4 KiB "first", address 0x10000/,
        'the operation that only one has is named';
my $of_a = qr/  A  ok, at 0x10000, after .*/;
my $of_b = qr/  B  ok, at 0x11000, after .*event \d+\)/;
like $run->{stdout}, qr/operation 1: the result\n\s+place_anywhere 4 KiB "page1".*\n$of_a\n$of_b$/m,
        'and the comparison goes on behind it: the same request has another result';
my $counts = qr/the result: 12; an operation that only B has: 1/;
like $run->{stdout}, qr/^diff: DIFFERENT: 13 operations on 1 tree compared, 0 alike; .*$counts$/m,
        'with counts of each difference';

my $json = decode_json(regiontrace('diff', '--json', $base, $moved)->{stdout});
is $json->{alike}, JSON::PP::false, '--json: not alike';
is_deeply [ @{$json->{differences}[0]}{qw(space difference)} ], [ 'base.ops', 'an operation that only B has' ],
        '--json: the first difference';
is $json->{differences}[0]{b}{begin} > 0, 1, '--json: where it is';

# Two that place the same regions at the same addresses, but in another order: the results are alike, the trees are not.
sub at { return map { sprintf "map r%02d 4K r-- at 0x%x\n", $_, 0x10000 + 0x2000 * $_ } @_ }
my $up = recording('up', at(1 .. 6), "map late 4K r-- at 0x40000\n");
my $across = recording('across', at(1, 2, 4, 3, 5, 6), "map late 4K r-- at 0x40000\n");
$run = regiontrace('diff', '-a', 99, $up, $across);
is $run->{status}, 1, 'another order differs';
like $run->{stdout}, qr/^tree 1 .*operation 3: only A has it$/m, 'where the order first differs';

# A recording that was cut short lacks operations, which is no difference between the two runs.
my $whole = slurp($base);
spew("$folder/short.rtrace", substr $whole, 0, -1000);
$run = regiontrace('diff', $base, "$folder/short.rtrace");
is $run->{status}, 1, 'a recording that was cut short differs from the whole one';
like $run->{stderr}, qr/^\S*short\.rtrace: the stream was cut short: operations after its last event are missing$/,
        'and a warning says why';
is regiontrace('diff', $base, $same)->{stderr}, '', 'there is no warning about whole recordings';

# --- usage

is regiontrace('diff', $base)->{status}, 2, 'one file is wrong usage';
like regiontrace('diff', $base)->{stderr}, qr/takes two FILEs/, 'and the error says so';
like regiontrace('diff', $base, "$folder/none.rtrace")->{stderr}, qr/none\.rtrace: .*No such file/,
        'a file that does not exist is named';
like regiontrace('diff', '--help')->{stdout}, qr/^usage: regiontrace diff/, '--help';
done_testing;
