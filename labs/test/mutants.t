#!/usr/bin/env perl
# For each step that a student solves: the starter fails exactly the cases that are about its change (none, in a step
# whose code is given), the solution passes all, and every mutant is caught by the case that its first line names, as a
# mistake of the student's and not of the grader's. Writes a table of mutants and cases to BUILD/mutants.txt. STEPS='3a
# 3b' tests these steps alone.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;
use lib dirname(__FILE__);
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $folder = tempdir(CLEANUP => 1);
chmod 0755, $folder;            # the grader builds and runs as a user of its own
chdir $top or die "$top: $!";

sub slurp {
        my ($name) = @_;
        open my $file, '<', $name or die "$name: $!";
        local $/;
        return scalar <$file>;
}

# With a secret and a name random scripts are the same each time; without them a mutant would pass now and then.
open my $secret, '>', "$folder/secret" or die "$folder/secret: $!";
print $secret "the secret of this test\n";
close $secret;

# Grades folders with the student's files in place, two at a time, each into a report of the folder's name.
sub grade_all {
        my ($step, $tree, @submissions) = @_;
        my $running = 0;
        for my $submission (@submissions) {
                if ($running == 2) { wait; $running-- }
                my $report = "$folder/report/" . basename($submission);
                make_path($report);
                my $child = fork // die "fork: $!";
                if (!$child) {
                        chdir $tree or die "$tree: $!";
                        open STDOUT, '>', "$report/said" and open STDERR, '>&', \*STDOUT or die "$report/said: $!";
                        exec 'build/grade', '--outcomes-only', '--step', $step, '--submission', $submission,
                                '--secret', "$folder/secret", '--student', 'mutant', '--output', $report;
                }
                $running++;
        }
        1 while wait != -1;
}

# The outcome of each case, from a report that grade_all() made; without one, what the grader said is shown.
sub outcomes_of {
        my ($submission) = @_;
        my $report = "$folder/report/" . basename($submission);
        if (!-e "$report/grade.json") { diag slurp("$report/said"); return {} }
        return { map { $_->{name} => $_->{outcome} } @{ decode_json(slurp("$report/grade.json"))->{cases} } };
}

sub submission_of {
        my ($name, $from, @files) = @_;
        for my $file (@files) {
                make_path(dirname("$folder/hand-in/$name/$file"));
                copy("$from/$file", "$folder/hand-in/$name/$file") or die "$from/$file: $!";
        }
        return "$folder/hand-in/$name";
}

sub step_of {
        my ($lab, $patch) = @_;
        my ($case) = slurp($patch) =~ /\Acase: (\S+)/ or return '';
        return slurp("$lab/cases/$case.case") =~ /^step (\S+)$/m ? $1 : '';
}

sub failed { my ($outcomes) = @_; return sort grep { $outcomes->{$_} ne 'passed' } keys %$outcomes }

# `make test-labs' prints this when all tests have ended.
my $build = abs_path($ENV{BUILD} // 'build');
open my $table, '>', "$build/mutants.txt" or die "$build/mutants.txt: $!";
print $table "Each mistake, and what each case says of it. A point: the case passes; w: wrong, c: crashed, h: hung, n: not built.\n",
        "A capital: this is the case that is meant for the mistake.\n";

# Cases are numbered in the order of the handout's table.
sub print_table_head {
        my ($step, $mutants, @columns) = @_;
        my $n = 0;
        print $table "\nstep $step: $mutants mutants\n";
        printf $table "    %2d %s\n", ++$n, $_ for @columns;
        printf $table "    %-30s %s\n", 'mutant', join '', map { sprintf '%3d', $_ } 1 .. $n;
}

sub cell {
        my ($outcome, $is_meant) = @_;
        return '.' if ($outcome // '') eq 'passed';
        my $letter = substr $outcome // '?', 0, 1;
        return $is_meant ? uc $letter : $letter;
}

# Cases that hold at the step before, too: a starter passes them.
my %passed_by_starter =
        ('1a' => ['programs-in-a-tree', 'region-below'], '1b' => ['programs-balanced'], '2a' => ['programs'],
                         '2b' => ['programs-placed'], '2c' => ['programs-unmap'],
                         '3a' => ['programs-with-allocator'], '3b' => ['programs-alone']);

for my $line (grep { !/^#/ } split /\n/, slurp('labs/steps')) {
        my ($step, $lab, undef, $files) = map { s/^\s+|\s+$//gr } split /\|/, $line, -1;
        my @files = split ' ', $files or next;
        next if $ENV{STEPS} && " $ENV{STEPS} " !~ / $step /;
        my $tree = eval { tree($step, 'solution') };
        ok $tree, "$step: the tree of the solution is built" or diag($@), next;
        # The starter is graded in its own tree: where a step deletes, its files do not compile with those of the
        # solution.
        my $starter_tree = eval { tree($step, 'starter') };
        ok $starter_tree, "$step: that of the starter, too" or diag($@), next;

        # A mutant belongs to the step of the case that must catch it.
        my %mutants = map { basename($_, '.patch') => $_ }
                grep { step_of("labs/$lab", $_) eq $step } glob "labs/$lab/mutants/*.patch";
        my $starter = submission_of("$step-starter", $starter_tree, @files);
        my $solution = submission_of("$step-solution", $tree, @files);
        for my $mutant (sort keys %mutants) {
                my $submission = submission_of("$step-$mutant", $tree, @files);
                is system("patch -s -p1 -d '$submission' < $mutants{$mutant}"), 0, "$step: $mutant applies";
        }
        grade_all($step, $starter_tree, $starter);
        grade_all($step, $tree, $solution, map { "$folder/hand-in/$step-$_" } sort keys %mutants);

        my ($with_stubs, $solved) = (outcomes_of($starter), outcomes_of($solution));
        my @cases = sort keys %$solved;
        my $is_given = !-e "labs/$lab/steps/$step/starter" && !-e "labs/$lab/steps/$step/before";
        my %passes = map { $_ => 1 } $is_given ? @cases : @{ $passed_by_starter{$step} };
        cmp_ok scalar @cases, '>', 0, "$step: there are cases";
        is_deeply [failed($with_stubs)], [grep { !$passes{$_} } @cases], "$step: the starter fails exactly its cases";
        for my $case (grep { slurp("labs/$lab/cases/$_.case") =~ /^test /m } failed($with_stubs)) {
                like slurp("$folder/report/$step-starter/said"),
                        qr{\b$case: .*\n(?:    .*\n)*?    found: .* failed\n +kernel/test/test_\w+\.c:\d+: },
                        "$step: $case, a test of the kernel itself, is shown with the line at which it failed";
        }
        is_deeply [failed($solved)], [], "$step: the solution passes every case";

        my @columns = grep { defined $solved->{$_} } split /\n/, slurp("labs/$lab/cases/order");
        print_table_head($step, scalar keys %mutants, @columns);
        for my $mutant (sort keys %mutants) {
                my ($case) = slurp($mutants{$mutant}) =~ /\Acase: (\S+)/;
                my $outcomes = outcomes_of("$folder/hand-in/$step-$mutant");
                like $outcomes->{$case} // 'nothing', qr/^(?:wrong|crashed|hung)$/, "$step: $mutant is caught by $case";
                printf $table "    %-30s %s\n", $mutant,
                        join '', map { sprintf '%3s', cell($outcomes->{$_}, $_ eq $case) } @columns;
        }
}

close $table;
done_testing;
