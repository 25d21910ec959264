#!/usr/bin/env perl
# regiontrace stats: its sums are those of the events that dump prints.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $stream = record_script();
my @events = map { decode_json($_) } split /\n/, regiontrace('dump', '--json', $stream)->{stdout};

# What the operations of each kind did, counted here.
my @counts = qw(count failed visits rotations recolourings most_visits);
my (%expected, $current);
for my $event (@events) {
        my ($type, $field) = @$event{qw(type fields)};
        if ($type eq 'tree_begin') {
                $current = $expected{$field->{kind}} //= { map { $_ => 0 } @counts };
                $current->{now} = 0;
        }
        $current->{visits}++, $current->{now}++ if $type eq 'tree_visit';
        $current->{rotations}++ if $type eq 'tree_rotate';
        $current->{recolourings}++ if $type eq 'tree_colour';
        if ($type eq 'tree_end') {
                $current->{count}++;
                $current->{failed}++ if $field->{result} ne 'ok';
                $current->{most_visits} = $current->{now} if $current->{now} > $current->{most_visits};
        }
}
delete $_->{now} for values %expected;

my $run = regiontrace('stats', '--json', $stream);
is $run->{status}, 0, 'stats --json' or diag $run->{stderr};
my $stats = decode_json($run->{stdout});
cmp_ok scalar(keys %expected), '>', 4, 'the script has operations of several kinds';
is_deeply $stats->{trees}, \%expected, 'counts, visits and changes of each kind of operation';
my %spaces;
$spaces{$_->{fields}{kind}}++ for grep { $_->{type} eq 'space_begin' } @events;
is_deeply { map { $_ => $stats->{spaces}{$_}{ns}{count} } keys %{$stats->{spaces}} }, \%spaces, 'operations on spaces';

# --- memory over time

my @samples = @{$stats->{samples}};
cmp_ok scalar(@samples), '>=', 12, 'samples';
cmp_ok scalar(@samples), '<', 32, 'of which there is a bounded number';
my %apart = map { $samples[$_]{operation} - $samples[$_ - 1]{operation} => 1 } 1 .. $#samples;
is scalar(keys %apart), 1, 'evenly spread';
is scalar(grep { my $event = $_->{event}; $events[$event - 1]{type} ne 'tree_end' } @samples), 0, 'after operations';
is $samples[-1]{fragmentation}, 0 + sprintf('%.9f', 1 - $samples[-1]{largest_hole} / $samples[-1]{free}),
        'fragmentation';
is decode_json(regiontrace('stats', '--json', '--tree', 9, $stream)->{stdout})->{tree}, 9, '--tree';
like regiontrace('stats', '--tree', 9, $stream)->{stderr}, qr/: it has no operation on a tree 9$/,
        '--tree: and says that there is none';

# --- the table

$run = regiontrace('stats', $stream);
like $run->{stdout}, qr/^operation on a tree +count +failed +visits +most +rotations +recolourings$/m,
        'a table of operations';
like $run->{stdout}, qr/^  place_anywhere +$expected{place_anywhere}{count} +$expected{place_anywhere}{failed} /m,
        'with a row for each kind';
like $run->{stdout}, qr/^memory of tree 1 .*\n(  operation .*%\n)+/m, 'and memory over time';
like $run->{stdout}, qr/^lock +acquired +waited /m, 'a table of locks, which a program of the host always traces';
is regiontrace('stats')->{status}, 2, 'no file is wrong usage';
is regiontrace('stats', '--tree', 'x', $stream)->{status}, 2, 'a tree is a number';
like regiontrace('stats', '--help')->{stdout}, qr/^usage: regiontrace stats/, '--help';
done_testing;
