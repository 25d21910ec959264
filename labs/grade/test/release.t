#!/usr/bin/env perl
# The archive of a lab: it is complete, its commit is the same each time, and it solves nothing.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder slurp);

my $made = `cd '$top' && labs/grade/release 2 '$folder' 2>&1`;
is $?, 0, 'release' or diag $made;
my $archive = "$folder/understory-lab-2.tar.gz";
ok -s $archive, 'there is an archive';
my $tree = "$folder/understory-lab-2";
ok -s "$tree/$_", "it has $_" for qw(README.md Makefile labs/steps labs/step.mk labs/grade/build labs/grade/version
        compile_commands.json .vscode/settings.json docs/op-scripts.md kernel/mm/hole_search.c);
ok !-e "$tree/$_", "it has no $_" for qw(labs/2-holes/mutants labs/2-holes/steps labs/flat-tree labs/grade/test labs/1-tree build);
is `git -C '$tree' rev-list --count HEAD`, "1\n", 'its repository has one commit';
is `git -C '$tree' status --porcelain`, '', 'and nothing changed since';
unlike slurp("$tree/compile_commands.json"), qr/\Q$folder\E/, 'compile_commands.json names no folder of this machine';

my $first = `git -C '$tree' rev-parse HEAD`;
`cd '$top' && labs/grade/release 2 '$folder' 2>&1`;
is `git -C '$tree' rev-parse HEAD`, $first, 'the same sources make the same commit';

# --- it solves nothing

# The lines of code of a file, without those too short to tell anything.
sub lines_of {
        my ($path) = @_;
        return grep { length > 30 && !m{^(/?\*|//|#include)} } map { s/^\s+|\s+$//gr } split /\n/, slurp($path);
}

# Of each step of the lab: its own archive, by the name of the step.
my @steps = map { my ($step, undef, undef, $files) = map { s/^\s+|\s+$//gr } split /\|/; [ $step, split ' ', $files ] }
        grep { /^\w+ *\| *2-/ } split /^/, slurp("$top/labs/steps");
for my $n (0 .. $#steps) {
        my ($step, @files) = @{ $steps[$n] } or next;
        next if !@files;
        my $name = $n ? "understory-lab-$step" : 'understory-lab-2';
        my $said = $n ? `cd '$top' && labs/grade/release $step '$folder' 2>&1` : '';
        is $?, 0, "$step: release" or diag $said;
        like slurp("$folder/$name/README.md"), qr/\A# Lab 2, step $step: /, '... its handout is the README';
        like slurp("$folder/$name/answers.txt"), qr/\ALab 2, step $step\./, '... its questions are there';
        is_deeply [ grep { slurp($_) !~ /^step $step$/m } glob "'$folder/$name'/labs/2-holes/cases/*" ], [], '... and no cases of other steps';

        `cd '$top' && labs/flat-tree $step '$folder/solution-$step' && labs/flat-tree --starter $step '$folder/starter-$step'`;
        my $text = `cat \$(find '$folder/$name' -type f -not -path '*/.git/*')`;
        my %own = map { $_ => 1 } @files;
        # What the kernel of this step has in its other files is handed out, and right.
        my $given = join "\n", map { lines_of($_) } (map { "$folder/starter-$step/$_" } @files),
                grep { !$own{s{^\Q$folder/solution-$step/\E}{}r} } glob "'$folder/solution-$step'/kernel/{mm,lib}/*.[ch]";
        my @solution = grep { index($given, $_) < 0 } map { lines_of("$folder/solution-$step/$_") } @files;
        cmp_ok scalar @solution, '>', 3, "... the solution has lines that the starter has not;";
        is_deeply [ grep { index($text, $_) >= 0 } @solution ], [], '... none of them is anywhere in the archive,';
        for my $later (@steps[$n + 1 .. $#steps], [ 'last', 'kernel/mm/hole_search.c' ]) {
                my ($other, @others) = @$later;
                `cd '$top' && labs/flat-tree $other '$folder/solution-$other'` if $other ne 'last';
                my $from = $other eq 'last' ? $top : "$folder/solution-$other";
                my @later = grep { index($given, $_) < 0 } map { lines_of("$from/$_") } @others or next;
                is_deeply [ grep { index($text, $_) >= 0 } @later ], [], "... nor are those of step $other";
        }
}
done_testing;
