#!/usr/bin/env perl
# What the pages in docs/ promise about themselves: the glossary has one line a term, in order, and is linked.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;

my $top = dirname(__FILE__) . '/../../..';

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

done_testing;
