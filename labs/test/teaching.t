#!/usr/bin/env perl
# The worked example of docs/teaching.md, command by command: the mistake is caught by the case, and the solution passes it.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use Test::More;
use lib dirname(__FILE__);
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
chdir $top or die "$top: $!";
plan skip_all => 'the page says build/, and something else is built here' if abs_path($ENV{BUILD} // 'build') ne "$top/build";
tree('2a', 'solution');         # built as other tests build it, so that the example only finds it there
remove_tree('build/example');

open my $page, '<', 'docs/teaching.md' or die "docs/teaching.md: $!";
my $text = do { local $/; <$page> };
my ($example) = $text =~ /^### A worked example\n(.*?)^## /ms;
my @commands = $example =~ /^    (\S.*)$/mg;
is scalar @commands, 9, 'the page has a worked example';
my @said;
for my $command (@commands) {
        local $ENV{CI} = 'true';
        delete local @ENV{qw(MAKEFLAGS MAKELEVEL)};
        push @said, scalar `$command 2>&1`;
        is $?, 0, $command or diag $said[-1];
}
like $said[-2], qr/^wrong +0\/5 +before-15: .*found: +the answer was 0x16000, but it should be 0x10000/ms, 'the mistake is caught, in words';
like $said[-1], qr/^passed +5\/5 +before-15: /m, 'the solution passes';
remove_tree('build/example');
done_testing;
