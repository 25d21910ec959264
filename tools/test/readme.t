#!/usr/bin/env perl
# The commands that README.md and the tour tell to type, typed: those that need no terminal, in a folder of their own.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $build = abs_path($ENV{BUILD} // 'build');
my $top = abs_path(dirname(__FILE__) . '/../..');
my $folder = tempdir(CLEANUP => 1);

# A build folder as `make` leaves it, in which nothing has been recorded.
mkdir "$folder/build";
symlink "$build/$_", "$folder/build/$_" or die "$_: $!" for qw(kernel initrd.cpio regiontrace regionviz);

sub run {
        my ($command) = @_;
        my $said = `cd '$folder' && $command 2>&1 < /dev/null`;
        return ($? >> 8, $said);
}

sub is_fine {
        my ($command) = @_;
        my ($status, $said) = run($command);
        is $status, 0, $command or diag $said;
        return $said;
}

# What a page tells to type, without the pager, which is for a terminal.
sub commands {
        my ($page) = @_;
        open my $file, '<', "$top/$page" or die "$page: $!";
        return map { m{^    (build/.*?)(?: \| less)?$} ? $1 : () } <$file>;
}

my %said;
is_fine("'$top/tools/demo' build");
for my $page (qw(README.md docs/kernel.md)) {
        my @commands = commands($page);
        cmp_ok scalar @commands, '>=', 2, "$page tells to type something";
        $said{$_} = is_fine($_) for @commands;
}

my ($then) = grep { /^build\/regionviz tree .* --at 2000 / } sort keys %said;
like $said{$then // ''}, qr/ tree \d+ \(python3\.ops\) at event 2,000, /, 'the tree drawn is the busiest of those there are by then';
like is_fine('build/regionviz tree build/demo/run.rtrace -o now.svg'), qr/ \(churn\) at event /, 'at the end it is another';
done_testing;
