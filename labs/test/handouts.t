#!/usr/bin/env perl
# What the handouts of all steps say: the points are those of the cases, the files that they name are there, the
# predictions are right, and the make targets exist.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use Test::More;

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $make = $ENV{MAKE} // 'make';
chdir $top or die "$top: $!";

sub slurp {
        my ($name) = @_;
        open my $file, '<', $name or die "$name: $!";
        local $/;
        return scalar <$file>;
}

my (%steps, @steps);
for (grep { !/^#/ } split /\n/, slurp('labs/steps')) {
        my ($step, $lab, undef, $files) = map { s/^\s+|\s+$//gr } split /\|/, $_, -1;
        next if !$files;
        push @steps, { name => $step, lab => "labs/$lab", first => !$steps{$lab}++ };
}

my $targets = `'$make' --no-print-directory help`;

# The first step of a lab has README.md, each later one a page of its own name.
for my $step (@steps) {
        my ($name, $lab) = @{$step}{qw(name lab)};
        my $page = $step->{first} ? "$lab/README.md" : "$lab/$name.md";
        my @cases = grep { slurp($_) =~ /^step $name$/m } glob "$lab/cases/*.case";
        my %is_case = map { basename($_, '.case') => 1 } @cases;
        ok -e $page, "$page, the handout of step $name" or next;
        my $handout = slurp($page);
        my %said = $handout =~ /^\| `([a-z-]+)` \| (\d+) \|/mg;
        my %given = map { basename($_, '.case') => slurp($_) =~ /^points (\d+)$/m } @cases;
        my $sum = 0;

        is_deeply \%said, \%given, "$page: the table of points is that of the cases";
        is_deeply [ $handout =~ /^\| `([a-z-]+)` \| \d+ \|/mg ],
                [ grep { $is_case{$_} } split /\n/, slurp("$lab/cases/order") ],
                '... in the order in which they are graded';
        $sum += $_ for values %given;
        is $sum, 100, '... a hundred points in all';
        is scalar(() = slurp($_) =~ /^hint /mg), 3, "$_ has three hints" for @cases;

        my $tree = "$build/steps/$name/starter";
        is system('labs/flat-tree', '--starter', $name, $tree), 0, "the starter of $name";
        # NAME.ops may be a captured history, which the build makes of NAME.strace.
        ok -e "$tree/$_" || -e "$lab/$_" || -e "kernel/user/workloads/" . s/ops$/strace/r,
                "... $_, of which the page speaks, is there"
                for grep {
                        !/^build|^my\.|^predictions\.ops/ } $handout =~ /[`(]([\w\/.-]+\.(?:c|h|md|svg|txt|ops|patch))[`)]/g;
        ok $targets =~ /^make \Q$_\E /m, "... make $_" for grep { $_ ne 'it' } $handout =~ /^    make (\w+)/mg;

        # Every mutant of the step applies to its solution.
        my $solution = "$build/steps/$name/solution";
        is system('labs/flat-tree', $name, $solution), 0, "the solution of $name";
        for my $patch (glob "$lab/mutants/*.patch") {
                my ($case) = slurp($patch) =~ /\Acase: ([a-z-]+)\n\S/;
                next if $case && !$given{$case} && -e "$lab/cases/$case.case";
                ok $case && $given{$case}, basename($patch) . ': its first line names a case, its second the mistake';
                is system("patch --dry-run -s -p1 -d '$solution' < $patch > /dev/null"), 0,
                        '... and it applies to the solution';
        }
}

# In lab 0 nothing is written. Its archive and its commands are tested in watch.t.
my $watched = slurp('labs/0-watch/README.md');
my $sum = 0;
$sum += $_ for $watched =~ /^\| `[a-z]+` \| (\d+) \|/mg;
is $sum, 100, 'labs/0-watch/README.md: a hundred points in all';
ok -e "labs/0-watch/$_", "... $_, which it shows, is there" for $watched =~ /^!\[.*?\]\((\S+)\)$/mg;
ok -e "labs/0-watch/pictures/$_", "... scripts/$_ is there" for $watched =~ /`scripts\/(\w+\.ops)`/g;
is scalar(() = slurp('labs/0-watch/answers.txt') =~ /^\d\. /mg), 2, '... and answers.txt asks two questions';
my $script = `'$build/host/run_script' labs/0-watch/pictures/watch.ops`;
is $?, 0, '... the kernel does what watch.ops says' or diag $script;

# A rubric has a row for each question that the steps ask.
sub questions { my ($file) = @_; return scalar(() = slurp($file) =~ /^\d\. /mg) }
for my $lab (glob 'labs/[0-9]-*') {
        my $asked = 0;
        $asked += questions($_) for glob "$lab/answers*.txt";
        is scalar(() = slurp("$lab/rubric.md") =~ /^\| \d[ :]/mg), $asked, "$lab/rubric.md: an answer to each question";
}

for my $lab (map { "labs/$_" } sort keys %steps) {
        cmp_ok scalar(() = glob "$lab/mutants/*.patch"), '>=', 8, "$lab: at least eight mutants";
        for my $script (glob "$lab/predictions/*.ops") {
                my $said = `'$build/host/run_script' $script`;
                is $?, 0, "$script: the answers are those of the kernel" or diag $said;
        }
}

done_testing;
