#!/usr/bin/env perl
# make predict, in every step from the student's side: what it asks, what it keeps; and where the tree's own kernel has
# the answers, what that says later.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder tree slurp spew grade);

my %asks = (
        '1a' => [ 'how many regions does this lookup visit\?', '3' ],
        '1b' => [ 'how many rotations does this insertion take\?', '1' ],
        '1c' => [ 'how many rotations does this removal take\?', '0' ],
        '3a' => [ 'does it work, or fail for want of memory\?', 'ok' ],
        '3b' => [ 'does it work, or fail for want of memory\?', 'no_memory' ],
        map { ($_ => [ 'where will this go\?', '0x10000' ]) } qw(2a 2b 2c),
);

sub predict {
        my ($step, $tree, $hand_in, $typed) = @_;
        return `printf '$typed' | '$build/grade' --step $step --tree '$tree' --predict --student ada --submission '$hand_in' 2>&1`;
}

for my $step (sort keys %asks) {
        my ($question, $answer) = @{ $asks{$step} };
        my ($starter, $hand_in) = ("$build/steps/$step/starter", "$folder/hand-in-$step");
        make_path($hand_in);
        `cd '$top' && labs/flat-tree --starter $step '$starter'`;
        is $?, 0, "$step: the tree that a student has";
        like predict($step, $starter, $hand_in, "$answer\nnonsense\n"),
                qr/$question.*not all questions are answered, so nothing is kept/s, "... what is asked";
        my $said = predict($step, $starter, $hand_in, "$answer\n" x 4);
        is $?, 0, "... four answers" or diag $said;
        like $said, qr/Kept in predictions\.ops\./, '... which are kept';
        my $kept = slurp("$hand_in/predictions.ops");
        is scalar(() = $kept =~ /(?: -> |# \w+: )$answer$/mg), 4, '... each behind its line' or diag $kept;
        like slurp("$starter/README.md") . `cat '$starter'/labs/*/*.md`, qr/make predict/,
                '... and the page speaks of it';
}

# --- what the tree's own kernel says later

my $tree = tree('1c', 'starter');          # the step is given, so this has the same files
my $hand_in = "$folder/hand-in-1c";
my $said = predict('1c', $tree, $hand_in, '');
is $?, 0, 'asked again, the tree\'s kernel answers';
my @rotations = $said =~ /^    unmap \S+ 4K +you said 0 +this kernel: (\d)$/mg;
is scalar @rotations, 4, '... each of the four';
like $said, qr/^\d of 4 agree\. The points are for having predicted\.$/m, '... and counts';

# The film of the last removal has as many rotations as were counted.
`'$tree/build/host/run_script' '$hand_in/predictions.ops' -o '$folder/p.rtrace'`;
is $?, 0, 'the predictions are a script that runs';
my @removals = `'$build/regiontrace' dump '$folder/p.rtrace'` =~ /tree_begin +tree=\d+ operation=(\d+) .*?kind=remove/g;
is scalar @removals, 4, '... with four removals';
for my $i (0 .. $#removals) {
        my $film = `'$build/regionviz' film '$folder/p.rtrace' --at op:$removals[$i] --text`;
        is scalar(() = $film =~ /before a rotation/g), $rotations[$i],
                "the film of removal $removals[$i] has $rotations[$i] rotations";
}

my $run = grade($tree, $hand_in, '--step', '1c');
my ($case) = grep { $_->{name} eq 'prediction' } @{ $run->{json}{cases} };
is $case->{score}, 5, 'a prediction that was made gets its points';
is $case->{title}, 'made by ada', '... whatever the answers';
my $kept = slurp("$hand_in/predictions.ops");
spew("$hand_in/predictions.ops", $kept =~ s/rotations: 0$/rotations: many/mr);
($case) = grep { $_->{name} eq 'prediction' } @{ grade($tree, $hand_in, '--step', '1c')->{json}{cases} };
is $case->{score}, 0, '... but what is no answer gets none';
done_testing;
