#!/usr/bin/env perl
# The grader waits for all that its runs leave behind. A process that has ended counts against the limit of the
# student's user until then; with too many of them no script could be run, and a right submission would fail. A case may
# have many scripts.
use strict;
use warnings;
use File::Basename qw(dirname);
use POSIX qw(:sys_wait_h);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($folder tree slurp spew submission grade);

use constant { PRCTL => qx(uname -m) =~ /^x86_64/ ? 157 : 167, SET_CHILD_SUBREAPER => 36 };    # 167: arm64

my $tree = tree('2a', 'solution');
my $right = slurp("$tree/kernel/mm/hole_search.c");
my $wrong = $right =~ s/>= request->size/> request->size/r;

# What the grader leaves behind becomes a child of this process.
syscall(PRCTL, SET_CHILD_SUBREAPER, 1, 0, 0) == 0 or BAIL_OUT("prctl: $!");
my $run = grade($tree, submission('kernel/mm/hole_search.c' => $wrong), '--case', 'random-exact');
is $run->{status}, 1, 'a script that fails is shrunk, which takes many runs' or diag $run->{said};
my $left = 0;
$left++ while waitpid(-1, WNOHANG) > 0;
cmp_ok $left, '<=', 2, 'no processes are left behind but those of the last run';

my $cases = "$folder/cases";
system("cp -r '$tree/labs/2-holes/cases' $cases") == 0 or BAIL_OUT('the cases cannot be copied');
my $case = slurp("$cases/random-exact.case");
spew("$cases/random-exact.case", $case =~ s/^random \d+/random 200/mr);
$run = grade($tree, submission('kernel/mm/hole_search.c' => $right), '--cases', $cases, '--case', 'random-exact');
is $run->{status}, 0, 'a case may have two hundred scripts' or diag $run->{said};
done_testing;
