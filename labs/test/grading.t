#!/usr/bin/env perl
# docs/grading.md: each attempt in the table of what a submission may try is tried by a test of that name.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $top = abs_path(dirname(__FILE__) . '/../..');

sub slurp {
        my ($name) = @_;
        open my $file, '<', "$top/$name" or die "$name: $!";
        local $/;
        return scalar <$file>;
}

my ($table) = slurp('docs/grading.md') =~ /^\| attempt \| what happens \| tried as \|\n\|---\|---\|---\|\n(.*?)\n\n/ms;
my @rows = split /\n/, $table // '';
my $tests = join '', map { slurp("labs/grade/test/$_") } qw(attacks.t machine_attacks.t);
cmp_ok scalar @rows, '>=', 20, 'the page has a table of attempts';
for my $row (@rows) {
        my ($attempt, $tried) = (split / *\| */, $row)[1, 3];
        my @names = ($tried // '') =~ /"([^"]+)"/g;
        ok @names, "\"$attempt\" is tried";
        # In the tests a name is a Perl string, in which a quote has a backslash before it; or the beginning of a test's
        # name.
        for my $name (map { s/'/\\'/r } @names) {
                ok $tests =~ /'\Q$name\E[':]/ || $tests =~ /'\Q$name\E is /, "... as $name";
        }
}
done_testing;
