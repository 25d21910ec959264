#!/usr/bin/env perl
# docs/lab-2a-transcript.md: each of its tries is made again, and the grader says what the page says.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/../grade/test';
use Grading qw($top tree slurp submission grade);

my $file = 'kernel/mm/hole_search.c';
my $number = qr/(?:event|--at|--to) \K\d+/;
my $tree = tree('2a', 'starter');
my @sections = split /^## \d\. /m, slurp("$top/docs/lab-2a-transcript.md") =~ s/^## What.*//msr;
shift @sections;
is scalar @sections, 6, 'the page has six tries';

# --- the student's file at each try

# The blocks of code on the page: the loop, then what ends it.
my ($loop, $nothing) = $sections[1] =~ /^(    for .*?^    }\n)    (return false;)$/ms;
my ($any) = $sections[2] =~ /\A[^\n]*\n\n(    tell_visit.*?)\n\n/s;
my ($test) = $sections[3] =~ /With `(if [^`]+)`/;
ok $loop && $nothing && $any && $test, 'it shows the code of the tries';

my $refuse = "$test {\n tell_visit(tree, NULL, TOO_SMALL);\n return false;\n }\n$any";
my $exact = $loop =~ s/> request->size/>= request->size/r;
my $guards = $exact =~ s/region_range\(region\)\.end/region->end/r;
my @bodies = (undef, $loop . $nothing, $loop . $any, $loop . $refuse, $exact . $refuse, $guards . $refuse);

sub file_with {
        my ($body) = @_;
        return slurp("$tree/$file") if !$body;
        return <<END;
#include "mm/hole_search.h"

bool hole_search_serves(const struct region_tree *tree, const struct placement *request)
{
        return request->alignment == PAGE_SIZE && !request->guard_before && !request->guard_after &&
               vrange_equals(request->window, tree->range);
}

bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base)
{
        const struct region *region;
        uintptr_t end = tree->range.base;

$body
}
END
}

# --- what the page says the grader says

my @points = map { /step 2a, [^\n]*: (\d+) of 100/ ? $1 : undef } @sections;
@points[2, 3, 4] = map { /(\d+) points/ ? $1 : undef } @sections[2, 3, 4];
is_deeply \@points, [ 5, 5, 20, 30, 90, 100 ], 'the page says how many points there are after each try';

for my $i (0 .. $#sections) {
        my ($says) = $sections[$i] =~ /^    wrong +\S+ +([a-z-]+): /m;
        my $submission = submission($file => file_with($bodies[$i]));
        my $all = grade($tree, $submission, '--outcomes-only');
        my $name = 'try ' . ($i + 1);

        is $all->{json}{score}, $points[$i], "$name: $points[$i] points" or diag $all->{said};
        if (!$says) {
                my ($passed) = $sections[$i] =~ /^((?:    passed [^\n]*\n)+)/m;
                is join('', map { "    $_\n" } $all->{said} =~ /^(passed [^\n]*)$/mg), $passed,
                        "$name: the cases, in order";
                next;
        }
        my ($block) = $sections[$i] =~ /^(    wrong.*?make hint CASE=[a-z-]+\n)/ms;
        my $one = grade($tree, $submission, '--case', $says);
        my $said = $one->{said} =~ s/^/    /mgr =~ s/\Q$one->{report}\E/build\/grade-report/gr;
        # The picture of the starter's case is on no line of the page.
        $said =~ s/^        picture: [^\n]*\n//mg if $block !~ /picture:/;
        my ($got) = $said =~ /^(    wrong.*?make hint CASE=[a-z-]+\n)/ms;
        # The numbers of events move with each event that a kernel learns to emit.
        is $got =~ s/$number/N/gr, $block =~ s/$number/N/gr, "$name: what the grader says of $says"
                or diag $one->{said};

        my ($check, $found) = $sections[$i] =~ /^    \$ build\/(regiontrace check \S+)\n +([^\n]+)\n/m or next;
        my ($recording) = $check =~ /([^\/]+\.rtrace)/;
        my $checked = `cd '$tree' && build/regiontrace check '$one->{report}/$recording' 2>&1`;
        my $words = $found =~ s/$number/N/gr;
        like $checked =~ s/\Q$one->{report}\E/build\/grade-report/gr =~ s/$number/N/gr, qr/^ *\Q$words\E/m,
                "$name: ... and what check finds";
}

# The hints that the page shows.
my ($asked, $hints) = $sections[1] =~ /^    \$ make hint CASE=(\S+) HINTS=3\n((?:    hint [^\n]*\n)+)/m;
is `cd '$tree' && build/grade --step 2a --case $asked --hint 3` =~ s/^/    /mgr, $hints, "the three hints of $asked";
done_testing;
