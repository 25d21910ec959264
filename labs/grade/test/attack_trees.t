#!/usr/bin/env perl
# Step t of lab 1: scripts of at most 20 operations catch every kind of mutant, and those of the cases do not.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder tree slurp submission grade);

my $tree = tree('1a', 'solution');
my $mutants = "$folder/mutants";
my $said = `cd '$top' && BUILD='$build' CCACHE_DIR='$build/ccache' labs/grade/build-mutants 1 '$mutants' 2>&1`;
is $?, 0, 'the mutants are built' or BAIL_OUT($said);
my %kinds = map { $_ => 1 } grep { $_ } map { (split /\s*\|\s*/)[3] // '' } split /\n/, slurp("$mutants/list");
my @own = qw(deficit-on-the-other-side long-ways other-side-higher-up red-three-levels-up);
ok $kinds{$_}, "$_ is a kind of its own" for @own;

sub attack {
        my (%files) = @_;
        return grade($tree, submission(map { ("attacks/$_.ops" => $files{$_}) } keys %files), '--step', '1a',
                '--attack', '--mutants', $mutants);
}
sub caught {
        my ($run) = @_;
        return sort map { $_->{name} } grep { $_->{outcome} eq 'passed' } @{ $run->{json}{cases} };
}
sub maps { return join '', map { sprintf "map r%d 4K rw- at %#x\n", $_, 0x10000 + 0x4000 * $_ } @_ }
sub unmaps { return join '', map { sprintf "unmap %#x 4K -> ok\n", 0x10000 + 0x4000 * $_ } @_ }

# The scripts of the cases that are short enough.
my %of_cases;
for my $case (qw(above-and-below again goes-up guards-are-no-range inner linked-in-order mirror one-region region-above
        touching)) {
        ($of_cases{$case}) = slurp("$top/labs/1-tree/cases/$case.case") =~ /^script\n(.*)/ms;
}
my @of_cases = caught(my $run = attack(%of_cases));
is $run->{json}{notes}, undef, 'the scripts of ten cases are taken, and both solutions pass them';
is_deeply [grep { my $kind = $_; grep { $_ eq $kind } @own } @of_cases], [], '... but do not catch those kinds';

# A list of ten regions; eighteen in ascending order; one that turns red below a parent on the other side; removals.
my $space = "space 0x10000 0x80000\n";
my %deep = (
        'list' => "${space}find 0x10000 -> not_found\n" . maps(0 .. 9) .
                "find 0x34000 -> 0x34000\nfind 0x12000 -> not_found\n",
        'ascending' => $space . maps(0 .. 17),
        'zigzag' => $space . maps(17, 4, 15, 8, 7, 9, 11, 13),
        'film' => $space . maps(0 .. 9) . unmaps(0, 6, 3, 1, 7),
        'others' => $space . maps(0 .. 9) . unmaps(4, 9, 7, 3, 2),
);
$run = attack(%deep, map { $_ => $of_cases{$_} } qw(above-and-below again guards-are-no-range region-above touching));
is $run->{status}, 0, 'ten scripts catch everything,' or diag $run->{said};
is_deeply [caught($run)], [sort keys %kinds], '... all kinds';

$run = grade($tree, submission('attacks/zigzag.ops' => $deep{zigzag}), '--step', '1a', '--attack');
like $run->{said}, qr/zigzag\.ops: this tree's kernel passes it/, 'a student tries them on their own kernel';
done_testing;
