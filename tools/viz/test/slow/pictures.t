#!/usr/bin/env perl
# The pictures of docs/ that come from runs of the kernel, of the viewer and of a mistaken kernel, drawn again. Event numbers
# and addresses in them change with the kernel, so what is compared is their structure: what is drawn, in which order, and
# the words without their numbers.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Glob qw(bsd_glob);
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $top = abs_path(dirname(__FILE__) . '/../../../..');
my $folder = tempdir(CLEANUP => 1);

sub slurp { open my $file, '<', $_[0] or return ''; local $/; return scalar(<$file>) // '' }

# The classes of all that is drawn, and the title's words.
sub structure {
        my ($svg) = @_;
        my ($title) = $svg =~ m{<title id="title">(.*?)</title>};
        my %count;
        $count{$_}++ for $svg =~ /class="([^"]+)"/g;
        return join "\n", ($title // '') =~ s/\b[0-9a-f]*[0-9][0-9a-f,]*\b/N/gr, map { "$_: $count{$_}" } sort keys %count;
}

my @kinds = ('mistake-pictures', system('command -v tmux > /dev/null') ? () : 'kernel-pictures');
my $log = `cd '$top' && $make --no-print-directory BUILD='$build' PICTURES='$folder' @kinds 2>&1`;
is $?, 0, 'they are drawn' or diag $log;
my @drawn = map { basename($_) } bsd_glob("$folder/*.svg");
cmp_ok scalar(@drawn), '>=', 2, 'there are some';
is structure(slurp("$top/docs/$_")), structure(slurp("$folder/$_")), "docs/$_ is current: make docs-pictures" for grep { $_ ne 'progress.svg' } @drawn;

# Which schedule loses a count depends on the kernel, and so does how the two threads come there.
is scalar(() = slurp("$folder/progress.svg") =~ /class="node race"/g), 1, 'the race is in the picture of a race' if -e "$folder/progress.svg";
done_testing;
