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

`cd '$top' && labs/flat-tree 2a '$folder/solution' && labs/flat-tree --starter 2a '$folder/starter'`;
my $text = `cat \$(find '$tree' -type f -not -path '*/.git/*')`;
my $file = 'kernel/mm/hole_search.c';
my %handed_out = map { $_ => 1 } lines_of("$folder/starter/$file");
my @solution = grep { !$handed_out{$_} } lines_of("$folder/solution/$file");
cmp_ok scalar @solution, '>', 3, 'the solution has lines that the starter has not';
is_deeply [ grep { index($text, $_) >= 0 } @solution ], [], 'none of them is anywhere in the archive';
# What the kernel of this step has in its other files is handed out, and right.
my %step = map { $_ => 1 } map { lines_of($_) } grep { !/hole_search\.c$/ } glob("$folder/solution/kernel/{mm,lib}/*.[ch]");
my @later = grep { !$step{$_} } lines_of("$top/$file");
cmp_ok scalar @later, '>', 15, 'neither are those of the last step,';
my @found = grep { index($text, $_) >= 0 } @later;
is_deeply \@found, [], 'whose lines are not there';
done_testing;
