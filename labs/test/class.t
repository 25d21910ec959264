#!/usr/bin/env perl
# A class graded by the commands of docs/teaching.md, to the letter: one bad submission does not stop the rest, what is
# missing is not replaced by the solution, and a regrade is identical.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../grade/test';
use Grading qw($top slurp spew tree);

chdir $top or die "$top: $!";
plan skip_all => 'the page says build/, and something else is built here'
        if abs_path($ENV{BUILD} // 'build') ne "$top/build";
my $class = 'build/class';
remove_tree($class);
my ($solution) = map { tree('2a', $_) } qw(solution starter);
          # built as other tests build them: the page only finds them there

my $right = slurp("$solution/kernel/mm/hole_search.c");
spew("$class/secret-lab-2", "a secret of this test\n");
spew("$class/submissions/ada/hole_search.c", $right);
spew("$class/submissions/O'Neil, Pat (late)/kernel/mm/hole_search.c", $right =~ s/>= request->size/> request->size/r);
spew("$class/submissions/carol/hole_search.c", $right =~ s/;/ ==;/r);
spew("$class/submissions/dan/notes.txt", "I did not get round to it.\n");
spew("$class/submissions/erin.zip", "PK\n");

my ($section) = slurp('docs/teaching.md') =~ /^### Grading a class by hand\n(.*?)^## /ms;
my $commands = join '', $section =~ /^    (.*\n)/mg;
like $commands, qr/^for student in submissions.*^done$/ms, 'the page has the commands';
$commands =~ s{(?<![\w/])(submissions|reports|secret-lab-2)(?![\w])}{$class/$1}g;

sub type_commands {
        local $ENV{CCACHE_DIR} = "$top/build/ccache";
        local $ENV{CCACHE_NOHASHDIR} = 1;
        local $ENV{PATH} = -d '/usr/lib/ccache' ? "/usr/lib/ccache:$ENV{PATH}" : $ENV{PATH};
        local $ENV{CI} = 'true';
        delete local @ENV{qw(MAKEFLAGS MAKELEVEL BUILD)};
        spew("$class/commands", $commands);
        return scalar `sh '$class/commands' 2>&1`;
}

sub reports {
        return { map {
                $_ => slurp($_) =~ s/"date": ".*"//r } glob("$class/reports/*.txt $class/reports/*/*.json " .
                        "$class/reports/*/*.ops $class/reports/*/*.svg") };
}

my $said = type_commands();
my %points = $said =~ m{^\Q$class\E/reports/(.*)\.txt:step 2a, .*: (\d+) of 100 points$}mg;
is_deeply \%points, { ada => 100, "O'Neil, Pat (late)" => 30, carol => 0, dan => 5 }, 'everybody has points'
        or diag $said;
like $said, qr/^grade: .*erin\.zip is not a folder$/m, 'what is no folder is named, and is not graded';
like slurp("$class/reports/dan.txt"), qr/hole_search\.c was not handed in: the file that the step began with is graded/,
        'who handed in nothing has the points of the starter';
my $first = reports();
cmp_ok scalar keys %$first, '>', 12, 'there are reports, scripts and pictures';
type_commands();
my $again = reports();
is_deeply [ sort keys %$again ], [ sort keys %$first ], 'a regrade has the same files';
is $again->{$_}, $first->{$_}, "... $_ is the same, byte for byte but for its date" for sort keys %$first;

$said = `'$solution/build/grade' --step 2a --tree '$solution' --submission '$class/submissions/dan' --output '$class/refused' 2>&1`;
is $? >> 8, 2, 'the tree of the solution is no place to grade what was not handed in';
like $said, qr/hole_search\.c was not handed in, and .* has the solution in its place/, '... and the grader says why';
remove_tree($class);
done_testing;
