#!/usr/bin/env perl
# The pictures in docs/ are those that the tools draw now; each has a recipe, and is shown on a page.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Glob qw(bsd_glob);
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $top = abs_path(dirname(__FILE__) . '/../../..');
my $folder = tempdir(CLEANUP => 1);

sub slurp { open my $file, '<', $_[0] or return ''; local $/; return scalar(<$file>) // '' }

my $log = `cd '$top' && $make --no-print-directory BUILD='$build' PICTURES='$folder' script-pictures 2>&1`;
is $?, 0, 'the pictures of op scripts are drawn' or BAIL_OUT($log);
my @drawn = map { basename($_) } bsd_glob("$folder/*.svg");
cmp_ok scalar(@drawn), '>=', 6, 'there are some';
ok slurp("$top/docs/$_") eq slurp("$folder/$_"), "docs/$_ is current: make docs-pictures" for @drawn;

# Every picture of the pages has a recipe, and is on a page; but for those that are measured, or are part of a report.
my $recipes = slurp("$top/tools/viz/pictures.mk");
my $pages = join '', map { slurp($_) } bsd_glob("$top/docs/*.md"), "$top/README.md";
for my $picture (map { basename($_) } bsd_glob("$top/docs/*.svg")) {
        like $recipes, qr/\$\(PICTURES\)\/\Q$picture\E/,
                "$picture has a recipe" if $picture !~ /^(?:performance|lab-2a)-/;
        like $pages, qr/\(\Q$picture\E\)|docs\/\Q$picture\E/, "$picture is on a page";
}
my @missing = grep { !-e "$top/docs/$_" } $pages =~ /!\[[^\]]*\]\((?:docs\/)?([\w.-]+\.svg)\)/g;
is_deeply \@missing, [], 'no page shows a picture that is not there';
done_testing;
