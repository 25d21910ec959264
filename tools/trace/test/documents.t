#!/usr/bin/env perl
# What the pages in docs/ promise: the glossary has one line a term, the tables of events are those of events.def, and
# the examples of the manual print what it says they print. Their numbers need only be near: the kernel changes.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Glob qw(bsd_glob);
use File::Temp qw(tempdir);
use Test::More;

my $top = abs_path(dirname(__FILE__) . '/../../..');
my $build = abs_path($ENV{BUILD} // 'build');

sub page {
        my ($name) = @_;
        open my $file, '<', "$top/$name" or die "$name: $!";
        local $/;
        return scalar <$file>;
}

my (@terms, @others);
for (grep { /\S/ } split /\n/, page('docs/glossary.md') =~ s/\A.*?\n(?=- )//sr) {
        if (/^- \*\*(.+?)\*\*: \S.*\.(?: \(only here\)\.)?$/) { push @terms, lc $1 } else { push @others, $_ }
}
is_deeply \@others, [], 'the glossary has one line a term: "- **term**: what it means."';
is_deeply \@terms, [sort @terms], 'and they are in alphabetical order';
like page($_), qr/\]\((?:docs\/)?glossary\.md\)/, "$_ links to it" for qw(README.md docs/kernel.md);

# --- the tables of events

my ($tables) = page('docs/trace-format.md') =~ /^<!-- The tables below .* -->\n\n(.*)/ms;
is $tables, `'$build/regiontrace' events` =~ s/^#/##/mgr,
        'docs/trace-format.md has every event (else: make event-tables)';

# --- the examples of the manual

my $folder = tempdir(CLEANUP => 1);
mkdir "$folder/build";
symlink "$build/$_", "$folder/build/$_" or die "$_: $!" for qw(kernel initrd.cpio regiontrace);
symlink $_, "$folder/" . s{.*/}{}r or die "$_: $!" for bsd_glob("$top/kernel/user/workloads/*.strace");

# Commands that need what this test does not have: a damaged recording, strace.
my %left_out = map { $_ => 1 }
        'build/regiontrace check broken.rtrace', 'strace -f -e trace=memory,process -o bash.strace bash -c true';

# A line of a page matches what is printed if words are the same and numbers no further off than half.
sub matches {
        my ($expected, $got) = @_;
        my $number = qr/\d[\d,]*(?:\.\d+)?/;
        my @expected = split /($number)/, $expected =~ s/understory-[0-9a-f]+/BUILD/r;
        my @got = split /($number)/, $got =~ s/understory-[0-9a-f]+/BUILD/r;
        return 0 unless @expected == @got;
        for my $i (0 .. $#expected) {
                my ($a, $b) = map { s/,//gr } $expected[$i], $got[$i];
                if ($i % 2) { return 0 if $b > 3 + 1.5 * $a || $b < $a / 1.5 - 3 }
                else { return 0 if $a =~ s/\s+/ /gr ne $b =~ s/\s+/ /gr }
        }
        return 1;
}

# A line "..." stands for any number of lines.
sub agree {
        my ($expected, $got) = @_;
        return !@$got unless @$expected;
        my ($first, @rest) = @$expected;
        return @$got && matches($first, $got->[0]) && agree(\@rest, [ @$got[1 .. $#$got] ]) unless $first eq '...';
        return 1 unless @rest;
        for my $i (0 .. $#$got) { return 1 if agree(\@rest, [ @$got[$i .. $#$got] ]) }
        return 0;
}

my @examples;
for (split /\n/, page('docs/regiontrace.md')) {
        if (/^    \$ (.*)/) { push @examples, { command => $1, output => [] } }
        elsif (/^    (.*)/ && @examples && !$examples[-1]{over}) { push @{$examples[-1]{output}}, $1 }
        elsif (@examples) { $examples[-1]{over} = 1 }
}
cmp_ok scalar @examples, '>=', 8, 'docs/regiontrace.md has examples';
for my $example (grep { !$left_out{$_->{command}} } @examples) {
        my @got = split /\n/, `cd '$folder' && ($example->{command}) 2>&1 < /dev/null`;
        ok agree($example->{output}, \@got), "\$ $example->{command}" or diag join "\n", @got;
}

done_testing;
