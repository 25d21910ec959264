#!/usr/bin/env perl
# The score of lab 2 on captured memory histories: its formula, the report, Gradescope's leaderboard, and the table for
# a teacher.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder tree slurp spew submission grade);

my $tree = tree('2a', 'solution');
my $right = slurp("$tree/kernel/mm/hole_search.c");
sub hand_in { return submission('kernel/mm/hole_search.c' => $_[0]) }

my $run = grade($tree, hand_in($right), '--results', "$folder/results.json");
is $run->{json}{score}, 100, 'a solution that passes every case';
my $scored = $run->{json}{histories};
is_deeply [ map { $_->{name} } @{ $scored->{of} } ], [qw(bash python3 dot)], '... is measured on the histories';
my $sum = 0;
for (@{ $scored->{of} }) {
        my $formula =
                60 * 64 / (64 + $_->{visits}) + 10 / (1 + $_->{rotations}) + 20 * (1 - $_->{fragmentation}) + 10 * $_->{largest_hole};
        cmp_ok abs($formula - $_->{score}), '<', 1e-6, "$_->{name}: the score is what the formula says";
        $sum += $_->{score};
}
cmp_ok abs($sum / 3 - $scored->{score}), '<', 1e-6, 'that of the step is the mean';
like $run->{said}, qr/^score on captured histories: \d+\.\d of 100 .*gives no points\)\n +history .*\n +bash .*\n +python3 .*\n +dot /m, 'the report shows it';
like slurp("$top/docs/grading.md"), qr{\Q60 * 64 / (64 + V) + 10 / (1 + R) + 20 * (1 - F) + 10 * L\E},
        'the manual has the formula';
my $board = decode_json(slurp("$folder/results.json"))->{leaderboard};
is_deeply [ map { $_->{name} } @$board ], [ 'score', 'visits per operation', 'rotations per operation' ],
        'Gradescope gets a leaderboard';
is_deeply [ map { $_->{order} // 'desc' } @$board ], [qw(desc asc asc)], '... in which fewer visits are better';

my $again = grade($tree, hand_in($right));
is_deeply $again->{json}{histories}, $scored, 'a regrade gives the same score';
spew("$folder/reports/ada/grade.json", slurp("$run->{report}/grade.json"));

# --- code that is not right has none; code that is right and slower has a lower one

my $wrong = grade($tree, hand_in($right =~ s/>= request->size/> request->size/r));
is $wrong->{json}{histories}, undef, 'where a case fails there is no score';
unlike $wrong->{said}, qr/captured histories/, '... and no word of it';
spew("$folder/reports/eve/grade.json", slurp("$wrong->{report}/grade.json"));

my $alone = grade($tree, hand_in($right), '--score');
is $alone->{status}, 0, 'make score: the histories alone';
my ($shown) = $run->{said} =~ /^(score on captured.*dot [^\n]*)/ms;
like $alone->{said}, qr/\Q$shown\E/, '... give the same';
is_deeply $alone->{json}{cases}, [], '... and no points';
like grade($tree, hand_in("#error no\n"), '--score')->{said}, qr/It does not compile/, '... and say why there are none';
my $forgetful = $right =~ s/(bool hole_search\(.*?\n\{\n)/$1        if (request->size == 8192)\n                return false;\n/sr;
like grade($tree, hand_in($forgetful), '--score')->{said}, qr/^no score: \w+ is not run right: map .*: /m,
        '... or that an answer is wrong';

my $solved = tree('2c', 'solution');
my @files = qw(kernel/mm/address_space_unmap.c kernel/mm/region_tree_split.c);
my $later = grade($solved, submission(map { $_ => slurp("$solved/$_") } @files), '--step', '2c', '--score')->{json}{histories};
cmp_ok $later->{of}[1]{visits}, '<', $scored->{of}[1]{visits},
        'unmapping by regions takes fewer visits than page by page';
cmp_ok $later->{score}, '>', $scored->{score}, '... which the score shows';

# --- a class

spew("$folder/reports/bob/grade.json", slurp("$folder/reports/ada/grade.json"));
spew("$folder/reports/zoe/grade.json",
        slurp("$folder/reports/ada/grade.json") =~ s/("score": )$scored->{score}/${1}99.5/r);
my $table = `cd '$top' && make --no-print-directory leaderboard REPORTS='$folder/reports' 2>&1`;
is $?, 0, 'make leaderboard' or diag $table;
like $table, qr/^place.*\n +1  zoe .* 99\.5 .*\n +2  ada .*\n +2  bob .*\nno score, since not every case passed: eve\n\z/m, '... the best first, equals together';
isnt system("cd '$top' && labs/grade/leaderboard '$folder/nothing' 2> /dev/null"), 0,
        'a folder without reports is refused';
done_testing;
