#!/usr/bin/env perl
# The worked examples of docs/teaching.md, command by command: the mistake is caught by the case, and the solution
# passes it; the new step is built, and its starter fails its case.
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
plan skip_all => 'the page says build/, and something else is built here'
        if abs_path($ENV{BUILD} // 'build') ne "$top/build";
tree('2a', 'solution');         # built as other tests build it, so that the example only finds it there
remove_tree('build/example');

open my $page, '<', 'docs/teaching.md' or die "docs/teaching.md: $!";
my $text = do { local $/; <$page> };

# The results of compilers are kept, as Trees.pm keeps them.
local $ENV{CCACHE_DIR} = "$top/build/ccache";
local $ENV{CCACHE_NOHASHDIR} = 1;
local $ENV{PATH} = -d '/usr/lib/ccache' ? "/usr/lib/ccache:$ENV{PATH}" : $ENV{PATH};
local $ENV{CI} = 'true';
delete local @ENV{qw(MAKEFLAGS MAKELEVEL BUILD)};

# Types the commands of a section, and yields what each said.
sub follow {
        my ($title) = @_;
        my ($section) = $text =~ /^### \Q$title\E\n(.*?)(?:^##|\z)/ms;
        my @commands = $section =~ /^    (\S.*)$/mg;
        cmp_ok scalar @commands, '>=', 9, "the page has: $title";
        my @said;
        for my $command (@commands) {
                push @said, scalar `$command 2>&1`;
                is $?, 0, $command or diag $said[-1];
        }
        return @said;
}

my @said = follow('A worked example');
like $said[-2], qr/^wrong +0\/5 +before-15: .*found: +the answer was 0x16000, but it should be 0x10000/ms,
        'the mistake is caught, in words';
like $said[-1], qr/^passed +5\/5 +before-15: /m, 'the solution passes';
remove_tree('build/example');

remove_tree('build/try');
@said = follow('A worked example of a step');
like $said[6], qr/^3c +3-errors +0 +0 +0 +1 +the nearer of two places$/m,
        'the list of steps has the new one: one line to write';
like $said[-3], qr/^wrong +0\/100 +two-places: .*found: +the answer was 0x1b000, but it should be 0x17000/ms,
        'its starter fails, in words';
like $said[-1], qr/^passed +100\/100 +two-places: /m, 'its solution passes';
remove_tree('build/try');
done_testing;
