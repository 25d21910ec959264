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
ok !-e "$tree/$_", "it has no $_"
        for qw(labs/2-holes/mutants labs/2-holes/steps labs/2-holes/predictions labs/flat-tree labs/grade/test
        labs/1-tree build);
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

# What an archive shows, and what drawings are made from. A picture of another page, or one that a command of the page
# draws, would show what the page asks to predict; so a new one is added here by somebody who has looked at the section
# Predict.
my %shown = (
        '1a' => [ qw(bushy.svg pictures/ascending.ops pictures/bushy.ops) ],
        '1b' => [ qw(ascending.svg balanced.svg pictures/ascending.ops) ],
        '1c' => [ qw(1c-film.svg pictures/1c.ops) ],
        '2a' => [ qw(holes.svg search.svg) ],
        '2b' => [ qw(2b.svg pictures/2b.ops) ],
        '2c' => [ qw(2c.svg pictures/2c.ops) ],
        '3a' => [ qw(pictures/split.ops split.svg) ],
        '3b' => [ qw(cycle.svg free.svg pictures/free.ops pictures/kernel-allocator.patch pictures/split.ops) ],
);

# Of each step from lab 1 on: its own archive, by the name of the step. That of lab 0 is in labs/test/watch.t.
my @steps = map { my ($step, $lab, undef, $files) = map { s/^\s+|\s+$//gr } split /\|/;
        { name => $step, lab => $lab, files => [ split ' ', $files ] } }
        grep { /^\w+ *\| *[1-9]-/ } split /^/, slurp("$top/labs/steps");
for my $n (0 .. $#steps) {
        my ($step, $lab, @files) = ($steps[$n]{name}, $steps[$n]{lab}, @{ $steps[$n]{files} });
        my $name = $step eq '2a' ? 'understory-lab-2' : "understory-lab-$step";
        my $said = $step eq '2a' ? '' : `cd '$top' && labs/grade/release $step '$folder' 2>&1`;
        is $?, 0, "$step: release" or diag $said;
        my $page = slurp("$folder/$name/README.md");
        my ($number) = $lab =~ /^(\d+)/;
        like $page, qr/\A# Lab $number, step $step: /, '... its handout is the README';
        like slurp("$folder/$name/answers.txt"), qr/\ALab $number, step $step\./, '... its questions are there';
        is_deeply [ grep { slurp($_) !~ /^step $step$/m } glob "'$folder/$name'/labs/$lab/cases/*.case" ], [],
                '... and no cases of other steps';
        is `find '$folder/$name' -name rubric.md`, '', '... no right answers';
        is_deeply [ sort split /\n/, slurp("$folder/$name/labs/$lab/cases/order") ],
                [ sort map { s{.*/|\.case$}{}gr } glob "'$folder/$name'/labs/$lab/cases/*.case" ],
                '... nor their names';
        my @pictures = map { s{^\Q$folder/$name/\E}{}r } grep { -e }
                glob("'$folder/$name'/*.{svg,png}"), glob("'$folder/$name'/pictures/*"),
                        glob("'$folder/$name'/labs/$lab/*.{svg,png,ops} '$folder/$name'/labs/$lab/pictures");
        is_deeply [ sort @pictures ], $shown{$step}, '... it has the pictures of its page, and no others';
        is_deeply [ grep { !-e "$folder/$name/$_" } $page =~ /\b(pictures\/[\w.-]+\w)/g ], [],
                '... and all that the page draws from';
        my $starter = "$top/labs/$lab/steps/$step";
        next if !-e "$starter/starter" && !-e "$starter/before";         # its code is given

        `cd '$top' && labs/flat-tree $step '$folder/solution-$step' && labs/flat-tree --starter $step '$folder/starter-$step'`;
        my $text = `cat \$(find '$folder/$name' -type f -not -path '*/.git/*')`;
        my %own = map { $_ => 1 } @files;
        # What the kernel of this step has in its other files is handed out, and right.
        my $given = join "\n",
                map { lines_of($_) } (map { "$folder/starter-$step/$_" } grep { -e "$folder/starter-$step/$_" } @files),
                grep {
                        !$own{s{^\Q$folder/solution-$step/\E}{}r} } glob "'$folder/solution-$step'/kernel/{mm,lib}/*.[ch]";
        # So is what the page itself shows.
        my @solution = grep { index($given, $_) < 0 && index($page, $_) < 0 }
                map { lines_of("$folder/solution-$step/$_") } @files;
        cmp_ok scalar @solution, '>', 3, "... the solution has lines that the starter has not;";
        is_deeply [ grep { index($text, $_) >= 0 } @solution ], [], '... none of them is anywhere in the archive,';
        my @later = grep { $_->{lab} eq $lab } @steps[$n + 1 .. $#steps];
        push @later, { name => 'last', files => ['kernel/mm/hole_search.c'] } if $number <= 2;
        for my $later (@later) {
                my $other = $later->{name};
                `cd '$top' && labs/flat-tree $other '$folder/solution-$other'` if $other ne 'last';
                my $from = $other eq 'last' ? $top : "$folder/solution-$other";
                my @lines = grep { index($given, $_) < 0 } map { lines_of("$from/$_") } @{ $later->{files} } or next;
                is_deeply [ grep { index($text, $_) >= 0 } @lines ], [], "... nor are those of step $other";
        }
}

# Step 1c is given: the code that its page reads is there, and in no archive before it.
my $removal = slurp("$top/labs/1-tree/steps/1c/kernel/mm/region_tree_remove.c");
is slurp("$folder/understory-lab-1c/kernel/mm/region_tree_remove.c"), $removal, '1c: the removal is given';
unlike `cat '$folder'/understory-lab-1[ab]/kernel/mm/*.[ch]`, qr/fix_double_black/, '... and in no archive before it';
done_testing;
