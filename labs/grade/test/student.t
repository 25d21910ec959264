#!/usr/bin/env perl
# What a student types beside `make grade': predict, carry, lab, explain.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../../tools/viz/test';
use Grading qw($top $build $folder tree slurp spew submission grade);
use Terminal;

my $tree = tree('2a', 'solution');
my $right = slurp("$tree/kernel/mm/hole_search.c");

# --- predict

my $hand_in = submission('kernel/mm/hole_search.c' => $right);
sub predict {
        my ($name, $typed) = @_;
        return `cd '$tree' && printf '$typed' | build/grade --step 2a --predict --student '$name' --submission '$hand_in' 2>&1`;
}
my $said = predict('ada', '0x10000\nsomewhere\n0x11000\n');
isnt $?, 0, 'answers that are not complete ...';
like $said, qr/That is neither\..*not all questions are answered, so nothing is kept/s, '... are not kept';
ok !-e "$hand_in/predictions.ops", '... in no file';
unlike $said, qr/are right/, '... and the right ones are not shown';
$said = predict('ada', '0x10000\n0x11000\nno_memory\n0x12000\n');
is $?, 0, 'four answers';
my $kept = slurp("$hand_in/predictions.ops");
like $kept, qr/\A# student ada\n.*^map \w+ \w+ \S+ anywhere -> no_memory\n/ms, '... are kept';
my @answers = $said =~ /^    (map .* -> (?:0x\w+|no_memory))$/mg;
is scalar @answers, 4, '... and then the right ones are shown';
isnt predict('bob', '0x10000\n' x 4), '', 'a second prediction';
is slurp("$hand_in/predictions.ops"), $kept, '... does not replace the first';

sub prediction_of { my ($run) = @_; return (grep { $_->{name} eq 'prediction' } @{ $run->{json}{cases} })[0] }
my $run = grade($tree, $hand_in);
is prediction_of($run)->{score}, 5, 'a prediction that was made gets its points';
like prediction_of($run)->{title}, qr/^made by ada, \d of 4 right$/, '... right or not';
is $run->{json}{score}, 105, '... beyond the hundred';
my $answered = $kept;
for my $answer (@answers) { my ($question) = $answer =~ /^(.*) -> /; $answered =~ s/^\Q$question\E -> .*$/$answer/m }
spew("$hand_in/predictions.ops", $answered);
like prediction_of(grade($tree, $hand_in))->{title}, qr/4 of 4 right/, 'the grader computes the same answers';
spew("$hand_in/predictions.ops", $answered =~ s/student ada/student bob/r);
is prediction_of(grade($tree, $hand_in))->{score}, 0, 'those of another student get none';
spew("$hand_in/predictions.ops", "passed\n" x 1000);
is prediction_of(grade($tree, $hand_in))->{score}, 0, 'nor does any other file';

# --- carry

my ($from, $to) = ("$folder/lab-1", "$folder/lab-2");
spew("$from/labs/step.mk", "STEP := 1b\n");
spew("$from/labs/steps",
        "1b | 1-tree | insertion | kernel/mm/a.c kernel/mm/gone.c kernel/mm/b.c kernel/mm/missing.c\n");
spew("$from/kernel/mm/$_.c", "the student's $_\n") for qw(a b gone);
spew("$to/labs/step.mk", "STEP := 2a\n");
spew("$to/labs/steps", "1b | 1-tree | insertion | kernel/mm/a.c\n2a | 2-holes | holes | kernel/mm/b.c\n");
spew("$to/kernel/mm/$_.c", "ours: $_\n") for qw(a b);
$said = `cd '$to' && '$top/labs/grade/carry' '$from' 2>&1`;
is $?, 0, 'carry';
is slurp("$to/kernel/mm/a.c"), "the student's a\n", 'it brings a file of the lab before';
is slurp("$to/kernel/mm/b.c"), "ours: b\n", '... but not one that is to be written now';
ok !-e "$to/kernel/mm/gone.c", '... nor one that this kernel has not';
like $said, qr/^brought: kernel\/mm\/a\.c, from step 1b\n.*^not brought: kernel\/mm\/b\.c: you write it anew/ms,
        '... and says so';
`cd '$to' && '$top/labs/grade/carry' --undo`;
is slurp("$to/kernel/mm/a.c"), "ours: a\n", 'carry --undo puts the tree\'s own file back';

# A file that was carried into the lab before goes on from there; one that is as it was handed out stays.
my $next = "$folder/lab-3";
spew("$next/labs/step.mk", "STEP := 3a\n");
spew("$next/labs/steps", "3a | 3-errors | errors | kernel/mm/c.c\n");
spew("$next/kernel/mm/$_.c", "newer: $_\n") for qw(a b e);
spew("$to/labs/steps", "1b | 1-tree | insertion | kernel/mm/a.c kernel/mm/e.c\n2a | 2-holes | holes | kernel/mm/b.c\n");
spew("$to/kernel/mm/e.c", "ours: e\n");
`cd '$to' && git init -q . && git add -A && git -c user.name=x -c user.email=x\@x commit -q -m out`;
spew("$to/kernel/mm/a.c", "the student's a\n");
spew("$to/kernel/mm/b.c", "the student's b\n");
$said = `cd '$next' && '$top/labs/grade/carry' '$to' 2>&1`;
is_deeply [ map { slurp("$next/kernel/mm/$_.c") } qw(a b e) ],
        [ "the student's a\n", "the student's b\n", "newer: e\n" ],
        'what was carried before is carried on, and nothing of ours' or diag $said;
like `cd '$to' && '$top/labs/grade/carry' /nowhere 2>&1`, qr/is not the tree of a lab/,
        'a folder that is no lab is refused';

# --- lab, explain

like `cd '$tree' && build/grade --step 2a --about`,
        qr/^Lab 2, step 2a: .*You write:\n    kernel\/mm\/hole_search\.c\n.*12 cases, 100 points/s, 'make lab';
my $replayed = `cd '$tree' && env -u MAKEFLAGS -u MAKELEVEL CI=true make --no-print-directory BUILD=build explain SCRIPT='space 0x10000 0x20000; map a 8K rw- anywhere -> 0x10000' 2>&1`;
like $replayed, qr/map a 8K rw- anywhere: 0x10000.*Address space\n *10000–12000  a rw-/s,
        'make explain SCRIPT replays lines of a report, and draws the tree';

my $wrong = submission('kernel/mm/hole_search.c' => $right =~ s/>= request->size/> request->size/r);
my $view = Terminal->new(columns => 120, rows => 40,
        command => "sh -c \"cd '$tree' && build/grade --step 2a --case exact-fit --open --submission '$wrong' " .
                "--output '$folder/report'\"");
$view->shows(qr/Address space/, 'explain opens the live view of the case');
$view->shows(qr/place_anywhere.*2 pages|place_anywhere.*8 KiB/, '... at the first bad event');
$view->type('q');
$view->shows(qr/ended with 0/, '... which q leaves');

# --- a folder that only its owner may enter, as /root is

SKIP: {
        skip 'only root grades as another user', 2 if $>;
        make_path("$folder/home/report");
        chmod 0700, "$folder/home";
        $run = grade($tree, submission('kernel/mm/hole_search.c' => $right), '--output', "$folder/home/report");
        is $run->{status}, 2, 'root grades in a folder that no other user may enter: an error';
        like $run->{said}, qr/only its owner may enter the folder \Q$folder\E\/home.*chmod o\+x/,
                '... which says what to do';
}
done_testing;
