#!/usr/bin/env perl
# A submission with the student's own files of earlier steps is graded on those and on ours; the better counts, and the
# report says which.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Copy qw(copy);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($folder tree slurp spew submission grade);

my $tree = tree('2c', 'solution');
my @files = qw(kernel/mm/address_space_unmap.c kernel/mm/region_tree_split.c);
my $earlier = 'kernel/mm/hole_search.c';
my %solved = map { $_ => slurp("$tree/$_") } @files;
my %stubs = map { $_ => slurp(tree('2c', 'starter') . "/$_") } @files;
my $search = slurp("$tree/$earlier");

# Three cases are enough: two about this step, and one that needs a right search for holes.
mkdir "$folder/cases" or die;
copy("$tree/labs/2-holes/cases/$_.case", "$folder/cases/$_.case") or die "$_: $!"
        for qw(unmap-whole unmap-middle unmap-again);

sub grade_in {
        my ($where, %files) = @_;
        return grade($where, submission(%files), '--step', '2c', '--cases', "$folder/cases");
}

# --- our files of the steps before are right

my $run = grade_in($tree, %solved, $earlier => "/* Mine. */\n$search");
is $run->{json}{score}, 20, 'all points on ours';
is $run->{json}{notes}, undef, '... and then no other grade is needed';

$run = grade_in($tree, %stubs, $earlier => "/* Mine. */\n$search");
is $run->{json}{score}, 0, 'nothing solved';
like $run->{json}{notes},
        qr/^On our solutions of the steps before: 0 points; on your own kernel\/mm\/hole_search\.c: 0\. The better counts\.$/m,
        '... on either: the report says so';

$run = grade_in($tree, %stubs, $earlier => $search);
is $run->{json}{notes}, undef, 'the file that the tree has is not the student\'s own';

$run = grade_in($tree, %stubs, $earlier => "This is no C.\n");
like $run->{json}{notes}, qr/on your own kernel\/mm\/hole_search\.c: 0 \(it does not build with them\)/,
        'an own file that does not build';
is_deeply [ map { $_->{outcome} } @{ $run->{json}{cases} } ], [ ('wrong') x 3 ],
        '... takes nothing from the grade on ours';

$run = grade_in($tree, %stubs, 'kernel/mm/region_tree_find.c' => "This is no C.\n");
is $run->{json}{notes}, undef, 'a file that no earlier step asks for is not looked at';

my $linked = submission(%stubs);
symlink '/etc/passwd', "$linked/hole_search.c" or die;
$run = grade($tree, $linked, '--step', '2c', '--cases', "$folder/cases");
is $run->{json}{notes}, undef, 'nor is a link';

# --- ours have a mistake

my $bad = "$folder/bad";
system('cp', '-a', $tree, $bad) == 0 or die;
spew("$bad/$earlier",
        $search =~ s/uintptr_t begin = tree->range\.base;/uintptr_t begin = tree->range.base + PAGE_SIZE;/r);
isnt slurp("$bad/$earlier"), $search, 'a tree whose search forgets the first page';
{
        local $ENV{CI} = 'true';
        delete local @ENV{qw(MAKEFLAGS MAKELEVEL)};
        my $said = `make --no-print-directory -j2 -C '$bad' BUILD=build gradable 2>&1`;
        is $?, 0, '... is built' or diag $said;
}
$run = grade_in($bad, %solved);
is_deeply { map { $_->{name} => $_->{outcome} } @{ $run->{json}{cases} } },
        { 'unmap-whole' => 'passed', 'unmap-middle' => 'passed', 'unmap-again' => 'wrong' },
        'on it alone a case fails';
$run = grade_in($bad, %solved, 'hole_search.c' => $search);
is $run->{json}{score}, 20, 'with the own search, uploaded without its folders, it passes' or diag $run->{said};
is $run->{json}{notes},
        "On your own kernel/mm/hole_search.c: 20 points; on our solutions of the steps before: 15. The better " .
                "counts.\n", '... and the report says why';
like $run->{said}, qr/^Once more, on your own kernel\/mm\/hole_search\.c:\npassed .*step 2c[^\n]*: 20 of 20 points/ms,
        '... on the terminal, too';
is $run->{status}, 0, '... and the exit status is that of the better';
done_testing;
